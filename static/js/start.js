// First of the files that are joined into one module (portal/web/assets.py); each stands in a block of its own and none imports another:
// they meet only in the page. Everything here makes quicker what works without it.
//
// html[data-js]                      set here; .js-only and .no-js-only in utilities.css follow it
// [data-focus]                       takes the focus when the page opens (the error summary)
// <button data-print class="js-only">            prints the page
// <button data-copy="text" data-word-copied="…" class="js-only">   copies the text and says so
// <input type="checkbox" data-shows="id">        shows what is typed in the password field with that id
// <details data-open-from="1024">    stands open from that width on (a list at the side; folded on phones)
// <details data-menu>                closes by Escape and by a click elsewhere

const root = document.documentElement;
root.dataset.js = "";

for (const fold of document.querySelectorAll("details[data-open-from]")) {
  if (window.matchMedia(`(min-width: ${Number(fold.dataset.openFrom)}px)`).matches) fold.open = true;
}

for (const current of document.querySelectorAll(".place-links [aria-current]")) {
  const list = current.closest("ul");
  list.scrollLeft = current.offsetLeft - list.offsetLeft - 32;
}

const reveal = (target) => {
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") part.open = true;
    if (part.hidden && part.matches(".tab-panel")) part.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
  }
};
const followHash = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) { reveal(target); target.scrollIntoView(); }
};
window.addEventListener("hashchange", followHash);
// After the other files have run, so that a panel that is not shown can be brought forward.
queueMicrotask(() => { followHash(); document.querySelector("[data-focus]")?.focus(); });

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link) {
    const field = document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (field) { reveal(field); if (field.matches("input, textarea, select")) { event.preventDefault(); field.focus(); } }
  }
  if (event.target.closest("[data-print]")) window.print();
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    const said = copy.lastChild.textContent;
    copy.lastChild.textContent = copy.dataset.wordCopied;
    setTimeout(() => { copy.lastChild.textContent = said; }, 3000);
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus({ preventScroll: true });
  }
});

document.addEventListener("change", (event) => {
  const shown = event.target.dataset.shows && document.getElementById(event.target.dataset.shows);
  if (shown) shown.type = event.target.checked ? "text" : "password";
});
