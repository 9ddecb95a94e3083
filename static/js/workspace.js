// The review pages exchange <div id="workspace"> instead of loading anew (templates/reviews/_flow.html):
//   a[rel=next], a[rel=prev]       the next submission is fetched ahead, kept here and shown at once; it is then asked for again, which is
//                                  when it counts as seen, and shown anew if somebody changed it meanwhile
//   form[data-onwards]             is sent by itself and told the address of what comes next, which is shown at once where it was fetched ahead
//   form[data-preview="address"]   its button «next=release» stores the form, then shows the preview in the same place
// Nothing leaves the page before what was typed is stored (js/autosave.js answers to «store»).

const KEEP = 600000;
const ahead = new Map();
const here = () => document.getElementById("workspace");
const swapped = (text) => window.htmx.swap("#workspace", text, { swapStyle: "outerHTML", show: "top", showTarget: "window", swapDelay: 0, settleDelay: 0 }, { select: "#workspace", selectOOB: "#notices:innerHTML" });

const fetchAhead = () => {
  const link = here()?.querySelector("a[rel=next]");
  if (!window.htmx || !link) return;
  const address = link.getAttribute("href");
  for (const [known, copy] of ahead) if (known !== address || Date.now() - copy.at > KEEP) ahead.delete(known);
  if (ahead.has(address)) return;
  const copy = { at: Date.now(), text: null };
  ahead.set(address, copy);
  fetch(address, { headers: { Accept: "text/html", "HX-Preloaded": "true" }, credentials: "same-origin", redirect: "error" })
    .then(async (answer) => { if (answer.ok) copy.text = await answer.text(); else ahead.delete(address); })
    .catch(() => ahead.delete(address));
};

// What was shown from the copy is asked for in earnest; the answer replaces it only where it tells something else. What it has to say is said.
const makeSure = async (address) => {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" });
    if (!answer.ok || location.pathname !== address) return;
    const text = await answer.text();
    const whole = new DOMParser().parseFromString(text, "text/html"), fresh = whole.getElementById("workspace"), notices = whole.getElementById("notices");
    if (notices?.childElementCount) document.getElementById("notices").replaceChildren(...notices.childNodes);
    const isTouched = here().querySelector("form[data-autosave]")?.matches("[data-touched]");
    if (fresh && fresh.dataset.state !== here().dataset.state && !isTouched) swapped(text);
  } catch { /* the page stands; whatever is saved from it is checked against what is there */ }
};

const stored = (form) => new Promise((done) => {
  if (!form || form.dispatchEvent(new CustomEvent("store", { cancelable: true, detail: { done } }))) done(true);
});

const show = (address, text) => {
  history.replaceState({ htmx: true }, "");
  swapped(text);
  history.pushState({ htmx: true }, "", address);
  makeSure(address);
};

const fresh = (address) => {
  const copy = ahead.get(address);
  ahead.delete(address);
  return copy?.text && Date.now() - copy.at < KEEP ? copy.text : null;
};

// Sent once more as a plain form where it was refused, so that the answer is shown: released twice is released once.
const onwards = async (form, plainly) => {
  if (form.matches("[data-showing]")) return;
  form.dataset.showing = "";
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });
    const { next } = answer.ok ? await answer.json() : {};
    if (next) {
      const text = fresh(next);
      if (text) show(next, text);
      else location.assign(next);
      return;
    }
  } catch { /* as without scripts */ }
  delete form.dataset.showing;
  plainly();
};

document.addEventListener("htmx:confirm", async (event) => {
  if (event.target.matches?.("#workspace form[data-onwards]")) { event.preventDefault(); onwards(event.target, () => event.detail.issueRequest(true)); return; }
  const link = event.target;
  if (!link.matches?.("#workspace a[hx-get]")) return;
  event.preventDefault();
  if (!(await stored(here().querySelector("form[data-autosave]")))) {
    const said = document.getElementById("said");
    said.textContent = said.dataset.wordUnsaved;
    return;
  }
  const address = link.getAttribute("href");
  const text = fresh(address);
  if (text) show(address, text);
  else event.detail.issueRequest(true);
});

document.addEventListener("submit", async (event) => {
  const form = event.target, by = event.submitter;
  if (!window.htmx || !form.dataset.preview || by?.name !== "next" || form.matches("[data-plainly]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.matches("[data-showing]")) return;
  form.dataset.showing = "";
  if (await stored(form)) {
    const address = form.dataset.preview;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" });
      if (answer.ok) {
        const text = await answer.text();
        history.replaceState({ htmx: true }, "");
        swapped(text);
        history.pushState({ htmx: true }, "", address);
        return;
      }
    } catch { /* as without scripts */ }
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
  if (!line || !window.htmx || String(event.detail.holder) === line.dataset.holder) return;
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
  fetchAhead();
};
document.addEventListener("htmx:load", (event) => arrived(event.target));
if (here()) setTimeout(fetchAhead, 300);
