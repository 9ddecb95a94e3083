// <form data-autosave action="…" method="post"> saves itself while the person types. It holds
//   <input type="hidden" name="revision" value="n">  the draft revision the text is based on
//   save_state() of ui/editor.html                    the line that tells what is saved
// It posts the whole form to its own action with «Accept: application/json» and expects
//   200 {"revision": n, "saved_at": iso, "saved_text": "10:42"}   stored; only then the line says so
//   409   changed elsewhere: saving stops; the plain Save button shows both texts
//   400 {"error": "token", "token": …}   an old token: taken over, sent again at once
//   401   signed out; 4xx refused: the plain Save button keeps the text and tells why; anything else is tried again, ever more slowly.
// <form data-after-autosave>: sent only once everything typed is stored (hand in, release, preview).
// <input name="revision" data-revision-of="form id">: follows the revision in another form.
// The event «store» on such a form saves what is not saved yet, and tells by detail.done(true or false, answer) whether all is stored, and what
// was answered if something had to be sent; fields in detail.ask go with it.
// After each save the form tells what was answered: the event «stored».
// The field being typed in is never touched.

const PAUSE = 1500, LONGEST = 12000, SLOWEST = 60000;
const savers = [];

class Saver {
  constructor(form, isLater) {
    this.form = form;
    this.line = form.querySelector("[data-save-state]") || document.querySelector(`[data-save-state="${form.id}"]`);
    if (isLater) requestAnimationFrame(() => setTimeout(() => this.begin()));
    else this.begin();
    this.failures = 0;
    this.running = null;
    this.stopped = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("store", (event) => { event.preventDefault(); this.store(event.detail.ask).then((isStored) => event.detail.done(isStored, this.answered)); });
  }

  // What stands in the form is what is stored. To read it takes the browser a while: where the form was put into a page it is drawn first.
  begin() { if (this.sent === undefined) this.sent = this.typed(); }

  typed() {
    const data = new FormData(this.form);
    for (const name of ["csrf_token", "revision"]) data.delete(name);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return new URLSearchParams(data).toString();
  }

  get isDirty() { return !this.leaving && this.sent !== undefined && this.typed() !== this.sent; }

  say(state, time) {
    if (!this.line) return;
    this.line.dataset.state = state;
    const word = this.line.dataset[{ saved: "wordSaved", saving: "wordSaving", typing: "wordTyping", failed: "wordFailed", "signed-out": "wordSignedOut", "signed-out-lost": "wordSignedOutLost", refused: "wordRefused", conflict: "wordConflict" }[state]];
    const text = word.replace("{time}", time || "");
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  changed() {
    this.sent ??= null; // typed before it was read: not stored
    if (this.stopped || !this.isDirty) return;
    if (this.failures === 0 && !this.running) this.say("typing");
    this.since ||= Date.now();
    clearTimeout(this.timer);
    const wait = Math.min(PAUSE, Math.max(0, LONGEST - (Date.now() - this.since)));
    this.timer = setTimeout(() => this.save(), this.failures ? Math.max(wait, this.backOff()) : wait);
  }

  backOff() { return Math.min(SLOWEST, 1000 * 2 ** this.failures); }

  save(options = {}) {
    clearTimeout(this.timer);
    this.running ||= this.post(options).finally(() => {
      this.running = null;
      if (this.isDirty && !this.stopped && this.typed() !== this.refused) {
        this.timer = setTimeout(() => this.save(), this.failures ? this.backOff() : PAUSE);
      }
    });
    return this.running;
  }

  // Twice, since somebody may go on typing while the first is on its way.
  async store(ask) {
    await this.running;
    this.answered = null;
    for (let turn = 0; turn < 2 && this.isDirty && !this.stopped; turn += 1) await this.save({ ask });
    return !this.isDirty;
  }

  async post({ keepalive = false, again = true, ask = {} } = {}) {
    const sending = this.typed();
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    for (const [name, value] of Object.entries(ask)) body.set(name, value);
    this.since = null;
    if (this.failures === 0) this.say("saving");
    let answer, said = {};
    try {
      answer = await fetch(this.form.getAttribute("action"), { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual", keepalive });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) said = await answer.json();
    } catch {
      return this.failed();
    }
    if (answer.status === 400 && said.token && again) {
      for (const field of document.querySelectorAll("input[name='csrf_token']")) field.value = said.token;
      return this.post({ keepalive, again: false, ask });
    }
    if (answer.ok && "revision" in said) return this.saved(sending, said);
    if (answer.status === 409) return this.stop("conflict");
    if (answer.status === 401) return this.stop(said.kept === false ? "signed-out-lost" : "signed-out");
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) return this.stop("refused", sending);
    return this.failed();
  }

  saved(sending, said) {
    this.sent = sending;
    this.answered = said;
    this.failures = 0;
    const others = this.form.id ? document.querySelectorAll(`[data-revision-of="${this.form.id}"]`) : [];
    for (const field of [...this.form.querySelectorAll("input[name='revision']"), ...others]) field.value = said.revision;
    this.form.dataset.revision = said.revision;
    this.say("saved", said.saved_text);
    this.form.dispatchEvent(new CustomEvent("stored", { bubbles: true, detail: said }));
    return true;
  }

  failed() { this.failures += 1; this.say("failed"); return false; }

  // A refused text is not sent again as it is, but still guarded; after a conflict or an ended sign-in only the plain button helps.
  stop(state, text) {
    this.stopped = state !== "refused";
    this.refused = text;
    this.failures = 0;
    this.say(state);
    return false;
  }

  // A save on its way would make the plain one look like a second writer: wait for it.
  submitted(event) {
    if (this.running && !event.defaultPrevented) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const by = event.submitter;
      this.running.finally(() => this.form.requestSubmit(by));
      return;
    }
    // The line is gone: the browser's own error page would take the place of what was typed.
    if (this.failures && this.isDirty && !event.defaultPrevented) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const by = event.submitter;
      this.save().then((isStored) => { if (isStored) this.form.requestSubmit(by); else this.line?.scrollIntoView({ block: "center" }); });
      return;
    }
    clearTimeout(this.timer);
    this.leaving = true;
  }
}

const start = (event) => {
  for (let place = savers.length - 1; place >= 0; place -= 1) if (!savers[place].form.isConnected) { clearTimeout(savers[place].timer); savers.splice(place, 1); }
  for (const form of document.querySelectorAll("form[data-autosave]")) if (!savers.some((saver) => saver.form === form)) savers.push(new Saver(form, Boolean(event)));
};
document.addEventListener("htmx:load", start);
start();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-after-autosave]")) return;
  const waiting = savers.filter((saver) => saver.isDirty || saver.running);
  if (!waiting.length) { savers.forEach((saver) => { saver.leaving = true; }); return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  const by = event.submitter;
  for (const saver of waiting) { await saver.running; if (saver.isDirty) await saver.save(); }
  if (waiting.every((saver) => !saver.isDirty)) form.requestSubmit(by);
  else waiting[0].line?.scrollIntoView({ block: "center" });
}, true);

window.addEventListener("beforeunload", (event) => { if (savers.some((saver) => saver.isDirty)) event.preventDefault(); });
window.addEventListener("pageshow", () => savers.forEach((saver) => { saver.leaving = false; }));
window.addEventListener("online", () => savers.forEach((saver) => { if (saver.isDirty && !saver.stopped) saver.save(); }));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const saver of savers) if (saver.isDirty && !saver.stopped && !saver.running) saver.save({ keepalive: saver.typed().length < 60000 });
});
