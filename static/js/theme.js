// <button data-theme-switch data-word-light="…" data-word-dark="…">: the reader's own choice, kept a year in a cookie
// that base.html reads, so that no page flashes. Without a choice the device decides.

const page = document.documentElement;
const device = window.matchMedia("(prefers-color-scheme: dark)");
const isDark = () => page.dataset.theme === "dark" || (page.dataset.theme !== "light" && device.matches);

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const name = () => { button.textContent = isDark() ? button.dataset.wordLight : button.dataset.wordDark; };
  button.addEventListener("click", () => {
    page.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `theme=${page.dataset.theme}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    name();
  });
  device.addEventListener("change", name);
  name();
}
