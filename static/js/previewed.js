// <form data-shows-before="id">   shows what the form with that id would write, which holds the values that were shown
// <p data-stale hidden>           in that form: says to look anew, as long as something else stands in the first one
//
// Without JavaScript that form writes what was shown, which stands above its button.

const isChanged = (field) =>
  field.matches("[type=checkbox], [type=radio]") ? field.checked !== field.defaultChecked
  : field.matches("select") ? [...field.options].some((one) => one.selected !== one.defaultSelected)
  : field.matches("input, textarea") && field.type !== "hidden" && field.value !== field.defaultValue;

const check = (form) => {
  const writes = document.getElementById(form.dataset.showsBefore);
  if (!writes) return;
  const isStale = [...form.elements].some(isChanged);
  writes.querySelector("[data-stale]").hidden = !isStale;
  for (const button of writes.querySelectorAll("button")) button.disabled = isStale;
};

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-shows-before]");
  if (form) check(form);
});
window.addEventListener("pageshow", () => document.querySelectorAll("[data-shows-before]").forEach(check));
