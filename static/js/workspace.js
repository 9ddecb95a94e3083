// The review pages exchange <div id="workspace"> instead of loading anew (templates/reviews/_flow.html):
//   a[rel=next], a[rel=prev]       the next submission is fetched ahead, kept here and shown at once; it is then asked for again, which is
//                                  when it counts as seen, and shown anew if somebody changed it meanwhile
//   form[data-onwards="address"]   is sent by itself; what comes next is shown at once where it was fetched ahead, while the answer is on its
//                                  way: what became of it is said by its <template data-when="sending", "done", "failed">, and a failure stays
//                                  above whatever is shown until somebody follows its link
//   form[data-preview="address"]   its button «next=release» stores the form; the answer holds the preview, which is shown in the same place
// Nothing leaves the page before what was typed is stored (js/autosave.js answers to «store»).

const KEEP = 600000;
const ahead = new Map();
const here = () => document.getElementById("workspace");
const once = (act) => requestAnimationFrame(() => setTimeout(act)); // when what was just put there has been drawn

// What is exchanged of a page. A copy is taken apart as soon as it is here, while nobody waits for it.
const partsOf = (text) => {
  const whole = new DOMParser().parseFromString(text, "text/html");
  return { title: whole.title, part: whole.getElementById("workspace"), notices: whole.getElementById("notices") };
};

// All of it stands before the first focus makes the browser lay it out.
const put = ({ title, part, notices }, ...lines) => {
  document.title = title;
  here().replaceWith(part);
  document.getElementById("notices").replaceChildren(...(notices?.childNodes || []), ...lines);
  window.htmx.process(part);
  window.scrollTo({ top: 0, behavior: "instant" });
  part.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
};

const fetchAhead = () => {
  const address = here()?.querySelector("form[data-onwards]")?.dataset.onwards || here()?.querySelector("a[rel=next]")?.getAttribute("href");
  if (!window.htmx || !address) return;
  for (const [known, copy] of ahead) if (known !== address || Date.now() - copy.at > KEEP) ahead.delete(known);
  if (ahead.has(address)) return;
  const copy = { at: Date.now() };
  ahead.set(address, copy);
  fetch(address, { headers: { Accept: "text/html", "HX-Preloaded": "true" }, credentials: "same-origin", redirect: "error" })
    .then(async (answer) => { if (answer.ok) Object.assign(copy, partsOf(await answer.text())); if (!copy.part) ahead.delete(address); })
    .catch(() => ahead.delete(address));
};

// What was shown from the copy is asked for in earnest; the answer replaces it only where it tells something else. What it has to say is said.
const makeSure = async (address) => {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" });
    if (!answer.ok || location.pathname !== address) return;
    const fresh = partsOf(await answer.text());
    const isTouched = here().querySelector("form[data-autosave]")?.matches("[data-touched]");
    if (fresh.part && fresh.part.dataset.state !== here().dataset.state && !isTouched) put(fresh);
    else if (fresh.notices?.childElementCount) document.getElementById("notices").replaceChildren(...fresh.notices.childNodes);
  } catch { /* the page stands; whatever is saved from it is checked against what is there */ }
};

const pageAt = async (address) => {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" });
    return answer.ok ? await answer.text() : null;
  } catch { return null; /* as without scripts */ }
};

const stored = (form, ask) => new Promise((resolve) => {
  const done = (isStored, answer) => resolve({ isStored, answer });
  if (!form || form.dispatchEvent(new CustomEvent("store", { cancelable: true, detail: { done, ask } }))) done(true);
});

const show = (address, copy, ...lines) => {
  if (!history.state?.htmx) history.replaceState({ htmx: true }, "");
  history.pushState({ htmx: true }, "", address);
  put(copy, ...lines);
};

const fresh = (address) => {
  const copy = ahead.get(address);
  ahead.delete(address);
  return copy?.part && Date.now() - copy.at < KEEP ? copy : null;
};

// The answer as {isDone, said, why}: why not in a sentence, where there is one. A fresh token is taken where the old one was refused.
const send = async (form, more = {}, again = true) => {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error", keepalive: true });
    const said = await answer.json();
    if (answer.status === 400 && said.token && again) {
      for (const field of [form.elements.csrf_token, ...document.querySelectorAll("input[name='csrf_token']")]) field.value = said.token;
      return send(form, more, false);
    }
    return { isDone: answer.ok, said, why: answer.status === 400 || answer.status === 401 ? "" : said.error };
  } catch { return { isDone: false, said: {} }; }
};

const underWay = new Set();
window.addEventListener("beforeunload", (event) => { if (underWay.size) event.preventDefault(); });

const showWhileSending = async (form, next, copy) => {
  const words = (name) => form.querySelector(`template[data-when="${name}"]`).content.cloneNode(true);
  const line = document.createElement("div");
  const say = (name) => { line.replaceChildren(words(name)); if (!line.isConnected) document.getElementById("notices").append(line); };
  const sent = send(form, { shown: next });
  underWay.add(form);
  line.append(words("sending"));
  show(next, copy, line);
  const { isDone, why } = await sent;
  underWay.delete(form);
  if (isDone) { say("done"); makeSure(next); return; }
  line.remove();
  const alert = Object.assign(document.createElement("div"), { role: "alert" });
  alert.append(words("failed"));
  if (why) alert.querySelector("[data-reason]").textContent = why;
  here().before(alert);
  if (!here().querySelector("form[data-touched]")) alert.querySelector("a").focus();
};

// Sent once more as a plain form where it was refused, so that the answer is shown: released twice is released once.
const onwards = async (form, plainly) => {
  if (form.matches("[data-showing]")) return;
  form.dataset.showing = "";
  const known = form.dataset.onwards, copy = known && fresh(known);
  if (copy) { showWhileSending(form, known, copy); return; }
  const { isDone, said } = await send(form);
  if (isDone && said.next) { location.assign(said.next); return; }
  delete form.dataset.showing;
  plainly();
};

document.addEventListener("htmx:confirm", async (event) => {
  if (event.target.matches?.("#workspace form[data-onwards]")) { event.preventDefault(); onwards(event.target, () => event.detail.issueRequest(true)); return; }
  const link = event.target;
  if (!link.matches?.("#workspace a[hx-get]")) return;
  event.preventDefault();
  if (!(await stored(here().querySelector("form[data-autosave]"))).isStored) {
    const said = document.getElementById("said");
    said.textContent = said.dataset.wordUnsaved;
    return;
  }
  const address = link.getAttribute("href");
  const copy = fresh(address);
  if (copy) { show(address, copy); makeSure(address); }
  else event.detail.issueRequest(true);
});

document.addEventListener("submit", async (event) => {
  const form = event.target, by = event.submitter;
  if (!window.htmx || !form.dataset.preview || by?.name !== "next" || form.matches("[data-plainly]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.matches("[data-showing]")) return;
  form.dataset.showing = "";
  const { isStored, answer } = await stored(form, { next: "release" });
  if (isStored) {
    const address = form.dataset.preview, text = answer?.page || await pageAt(address);
    const found = text && partsOf(text);
    if (found?.part) { show(address, found); return; }
  }
  delete form.dataset.showing;
  form.dataset.plainly = "";
  form.requestSubmit(by);
  delete form.dataset.plainly;
}, true);

document.addEventListener("input", (event) => { const form = event.target.closest?.("form[data-autosave]"); if (form) form.dataset.touched = ""; });

// A save says who is at work on it now; where that is somebody else than the page says, its line is drawn anew.
document.addEventListener("stored", async (event) => {
  const line = document.getElementById("claim"), address = location.pathname;
  if (!line || !window.htmx || event.detail.page || String(event.detail.holder) === line.dataset.holder) return;
  line.dataset.holder = event.detail.holder;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html", "HX-Preloaded": "true" }, credentials: "same-origin", redirect: "error" });
    const text = answer.ok && await answer.text();
    if (text && line.isConnected) window.htmx.swap("#claim", text, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0, ignoreTitle: true }, { select: "#claim" });
  } catch { /* told at the next save */ }
});

const arrived = (part) => {
  if (part.id !== "workspace") return;
  (part.querySelector("[data-focus]") || part.querySelector("h1")).focus({ preventScroll: true });
  once(fetchAhead);
};
document.addEventListener("htmx:load", (event) => arrived(event.target));
if (here()) setTimeout(fetchAhead, 300);
