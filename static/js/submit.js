// A form is sent once, however often its button is pressed. The button stays enabled (its name and value travel),
// and comes to life again when the person returns to the page or after ten seconds (a download leaves the page standing).

const release = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || form.matches("[data-upload]")) return;
  if ("sending" in form.dataset) { event.preventDefault(); return; }
  form.dataset.sending = "";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(release, 10000, form);
});

// A key that is held down presses a button once: else it would press that of the next page as well.
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.closest?.("button")) event.preventDefault();
});

const releaseAll = () => document.querySelectorAll("form[data-sending]").forEach(release);
window.addEventListener("pageshow", releaseAll);
document.addEventListener("htmx:afterRequest", releaseAll);
