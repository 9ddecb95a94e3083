// What htmx could not fetch is told in the one visible region #page-error of base.html; never silently.

const region = document.getElementById("page-error");
const tell = (word) => {
  if (!region) return;
  region.querySelector("p").textContent = region.dataset[word];
  region.hidden = false;
  region.scrollIntoView({ block: "nearest" });
};
const words = { 403: "wordForbidden", 404: "wordGone", 410: "wordGone" };

document.addEventListener("htmx:responseError", (event) => tell(words[event.detail.xhr.status] || "wordFailed"));
document.addEventListener("htmx:sendError", () => tell("wordOffline"));
document.addEventListener("htmx:timeout", () => tell("wordOffline"));
document.addEventListener("htmx:beforeRequest", () => { if (region) region.hidden = true; });
