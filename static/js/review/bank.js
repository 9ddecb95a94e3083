// The comment bank beneath the remarks of a review (templates/reviews/_bank.html): the buttons put a snippet in at once instead of by the form.
//   <textarea data-bank="id of the details">   while somebody types, what fits the sentence at the cursor is offered beneath; arrow down reaches it
//   <details class="bank" data-for="id of the field">   opened by hand it shows all
// The event «offer» on a criterion puts its first offer in; «bank» opens its offers; «keep» keeps its remark (js/keys.js).

const MOST = 5;
const say = (text) => { const line = document.getElementById("said"); if (line) line.textContent = text; };
const bankOf = (area) => document.getElementById(area?.dataset?.bank ?? "");
const areaOf = (bank) => document.getElementById(bank.dataset.for);
const offersIn = (bank) => [...bank.querySelectorAll(".bank-offer")];
const shown = (bank) => offersIn(bank).filter((one) => !one.parentElement.hidden);
const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const token = () => document.querySelector("#review-form input[name='csrf_token']").value;

// The sentence being typed: from the last end of one to the cursor.
const sentence = (area) => {
  const before = area.value.slice(0, area.selectionStart);
  const from = Math.max(before.lastIndexOf("\n"), ...[". ", "! ", "? "].map((end) => { const at = before.lastIndexOf(end); return at < 0 ? -1 : at + 1; })) + 1;
  return { from, text: before.slice(from) };
};
// Three letters fit anywhere in a word, since Indonesian words begin with their affixes: «ukur» finds «terukur».
const fits = (offer, typed) => { const said = words(offer.textContent); return typed.every((part) => said.some((word) => (part.length > 2 ? word.includes(part) : word.startsWith(part)))); };

// What was kept under the level chosen now stands first; the server knew only what was saved.
const sort = (bank) => {
  const level = bank.closest("fieldset")?.querySelector(".levels input:checked")?.value || "";
  const rank = (one) => (!one.dataset.level ? 1 : one.dataset.level === level ? 0 : 2);
  const offers = offersIn(bank);
  offers.forEach((one, place) => { one.dataset.place ??= place; });
  const sorted = [...offers].sort((one, other) => rank(one) - rank(other) || one.dataset.place - other.dataset.place);
  // Moved only where the order changes: what is moved loses the focus.
  if (sorted.some((one, place) => one !== offers[place])) bank.querySelector(".bank-offers").append(...sorted.map((one) => one.parentElement));
};

const close = (bank) => { bank.removeAttribute("data-offering"); bank.open = false; for (const one of offersIn(bank)) one.parentElement.hidden = false; };
const offer = (area) => {
  const bank = bankOf(area);
  if (!bank || (bank.open && !bank.matches("[data-offering]"))) return;
  const typed = words(sentence(area).text);
  sort(bank);
  const fitting = typed.join("").length < 2 ? [] : offersIn(bank).filter((one) => fits(one, typed) && !area.value.includes(one.textContent)).slice(0, MOST);
  if (!fitting.length) { if (bank.matches("[data-offering]")) close(bank); return; }
  for (const one of offersIn(bank)) one.parentElement.hidden = !fitting.includes(one);
  bank.dataset.offering = "";
  bank.open = true;
  say(bank.dataset.wordOffered.replace("{count}", fitting.length));
};

const put = (bank, one) => {
  const area = areaOf(bank), text = one.textContent;
  const { from, text: typed } = sentence(area);
  const begun = bank.matches("[data-offering]") && fits(one, words(typed));
  const start = begun ? from : area.value.length, end = begun ? area.selectionStart : start;
  const before = area.value.slice(0, start), after = area.value.slice(end);
  const gap = before && !/\s$/.test(before) ? " " : "";
  if (!area.value.includes(text)) area.setRangeText(gap + text + (after && !/^\s/.test(after) ? " " : ""), start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  close(bank);
  say(bank.dataset.wordPut);
  fetch(bank.dataset.uses.replace("/0/", `/${one.value.split("-")[1]}/`), { method: "POST", body: new URLSearchParams({ csrf_token: token() }), headers: { Accept: "application/json" }, credentials: "same-origin", keepalive: true }).catch(() => {});
  return area;
};

const keep = async (bank) => {
  const area = areaOf(bank);
  if (!area.value.trim()) return say(bank.dataset.wordEmpty);
  const level = bank.closest("fieldset")?.querySelector(".levels input:checked")?.value || "";
  try {
    const answer = await fetch(area.form.dataset.keptAt, { method: "POST", body: new URLSearchParams({ csrf_token: token(), keep: bank.dataset.key, text: area.value, level }), headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });
    const said = await answer.json();
    if (!answer.ok) return say(said.error || bank.dataset.wordFailed);
    const value = `${bank.dataset.key}-${said.id}`;
    if (!offersIn(bank).some((one) => one.value === value)) {
      const row = document.createElement("li"), made = document.createElement("button");
      Object.assign(made, { className: "bank-offer", name: "insert", value, textContent: said.text });
      if (level) made.dataset.level = level;
      row.append(made);
      bank.querySelector(".bank-offers").prepend(row);
    }
    const button = bank.querySelector("button[name=keep]");
    button.lastChild.textContent = bank.dataset.wordKept;
    return say(bank.dataset.wordKept);
  } catch { return say(bank.dataset.wordFailed); }
};

document.addEventListener("input", (event) => { if (event.target.matches?.("textarea[data-bank]") && event.isTrusted) offer(event.target); });
document.addEventListener("focusout", (event) => {
  const bank = event.target.matches?.("textarea[data-bank]") ? bankOf(event.target) : event.target.closest?.("details.bank");
  if (!bank?.matches("[data-offering]") || event.relatedTarget === areaOf(bank) || bank.contains(event.relatedTarget)) return;
  setTimeout(() => { if (!bank.contains(document.activeElement) && document.activeElement !== areaOf(bank)) close(bank); }, 150);
});
document.addEventListener("toggle", (event) => { if (event.target.matches?.("details.bank") && event.target.open) sort(event.target); }, true);

document.addEventListener("click", (event) => {
  const one = event.target.closest?.("button.bank-offer, details.bank button[name=keep]");
  if (!one) return;
  event.preventDefault();
  const bank = one.closest("details.bank");
  if (one.name === "keep") keep(bank);
  else put(bank, one).focus();
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const spot = event.target, bank = spot.matches?.("textarea[data-bank]") ? bankOf(spot) : spot.closest?.("details.bank");
  if (!bank) return;
  const isField = spot.matches("textarea");
  if (isField && event.key === "b" && (event.ctrlKey || event.metaKey) && !event.altKey && !spot.closest("[data-editor]")) { event.preventDefault(); keep(bank); return; }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const list = shown(bank), at = list.indexOf(spot);
  if (event.key === "ArrowDown" && isField && bank.open && spot.selectionEnd === spot.value.length) { event.preventDefault(); list[0]?.focus(); }
  else if (event.key === "ArrowDown" && at >= 0) { event.preventDefault(); list[at + 1]?.focus(); }
  else if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (list[at - 1] || areaOf(bank)).focus(); }
  else if (event.key === "Escape" && bank.open) { event.preventDefault(); event.stopImmediatePropagation(); close(bank); areaOf(bank).focus(); }
}, true);

const ofPart = (event, act) => { const bank = event.target.querySelector?.("details.bank"); if (bank) act(bank); };
document.addEventListener("offer", (event) => ofPart(event, (bank) => {
  sort(bank);
  const level = event.target.querySelector(".levels input:checked")?.value;
  const first = offersIn(bank).find((one) => !one.dataset.level || one.dataset.level === level);
  if (first) put(bank, first);
}));
document.addEventListener("bank", (event) => ofPart(event, (bank) => { sort(bank); bank.removeAttribute("data-offering"); bank.open = true; (shown(bank)[0] || bank.querySelector("summary")).focus(); }));
document.addEventListener("keep", (event) => ofPart(event, keep));
