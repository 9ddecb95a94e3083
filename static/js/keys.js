// Reviewing by keyboard, while the page holds #workspace; the map stands in templates/reviews/_flow.html.
// A key fires only where nobody is typing, never with Ctrl, Alt or Meta, and not at all when it was switched off on this device.

const here = () => document.getElementById("workspace");
const said = (text) => { const line = document.getElementById("said"); if (line) line.textContent = text; };
const word = (name) => document.getElementById("said")?.dataset[name] || "";
const isOn = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
const isTyping = (spot) => Boolean(spot?.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])"));

const parts = () => [...document.querySelectorAll("#review-form fieldset.criterion, #review-form fieldset#decision")];
const choices = (part) => [...part.querySelectorAll("input[type=radio]")].filter((one) => one.value !== "");
const current = () => parts().find((part) => part.matches("[data-current]")) || parts()[0];
const titleOf = (part) => part.querySelector("legend").firstChild.textContent.trim();

const mark = (part) => { for (const one of parts()) one.toggleAttribute("data-current", one === part); };
const go = (part) => {
  mark(part);
  part.closest(".tab-panel")?.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
  const spot = choices(part).find((one) => one.checked) || choices(part)[0] || part.querySelector("textarea, input");
  spot?.focus({ preventScroll: true });
  part.scrollIntoView({ block: "nearest" });
};
const onwards = (from) => {
  const all = parts(), next = all[all.indexOf(from) + 1];
  if (next?.matches(".criterion")) return go(next);
  const feedback = document.getElementById("feedback");
  feedback?.focus();
};

const row = () => document.activeElement?.closest?.(".placed-row");
const ask = (what, part = row() || current()) => part?.dispatchEvent(new CustomEvent(what, { bubbles: true }));
const choose = (digit, withComment) => {
  const part = current();
  const level = part && choices(part)[digit - 1];
  if (!level) return;
  const wasJudged = choices(part).some((one) => one.checked);
  if (!level.checked) {
    level.checked = true;
    level.dispatchEvent(new Event("input", { bubbles: true }));
    level.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (withComment) ask("offer", part);
  const name = level.closest("label").querySelector(".level-head > span") || level.nextElementSibling;
  said(`${titleOf(part)}: ${name.textContent.trim()}`);
  const number = part.querySelector("input[inputmode=decimal]");
  const day = level.value === "revise" && document.getElementById("revise_by");
  if (number && !number.value && level.matches("[data-ranged]")) { mark(part); number.focus(); }
  else if (day && !day.value) { mark(part); day.focus(); }
  else if (wasJudged || !part.matches(".criterion")) go(part);
  else onwards(part);
};

// Accepted, where nothing was decided: the preview that follows says so before anything is released.
const accept = () => {
  const part = document.getElementById("decision"), all = part ? choices(part) : [];
  if (!all.length || all.some((one) => one.checked)) return;
  all[0].checked = true;
  all[0].dispatchEvent(new Event("input", { bubbles: true }));
  all[0].dispatchEvent(new Event("change", { bubbles: true }));
};

// The map lies over the page, which stays where it was; closed, it gives the focus back.
let cameFrom = null;
const map = () => document.getElementById("keys");
const closeMap = () => {
  map().open = false;
  (cameFrom?.isConnected ? cameFrom : map().querySelector("summary")).focus({ preventScroll: true });
  cameFrom = null;
};
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && cameFrom) closeMap(); });
document.addEventListener("click", (event) => { if (event.target.closest("[data-close-map]")) closeMap(); });

const press = (link, none) => link ? link.click() : said(word(none));
const acts = {
  j: () => { const all = parts(), next = all[all.indexOf(current()) + 1]; if (next) go(next); },
  k: () => { const all = parts(), before = all[all.indexOf(current()) - 1]; if (before) go(before); },
  n: () => press(here().querySelector("a[rel=next]"), "wordLast"),
  p: () => press(here().querySelector("a[rel=prev]"), "wordFirst"),
  c: () => ask("bank"),
  b: () => ask("keep"),
  s: () => document.getElementById("review-form")?.dispatchEvent(new CustomEvent("store", { cancelable: true, detail: { done() {} } })),
  r: () => { const form = document.getElementById("review-form"); if (form) form.requestSubmit(form.querySelector("button[name=next]")); else here().querySelector("[data-focus]")?.focus(); },
  f: () => document.getElementById("feedback")?.focus(),
  w: () => { const work = document.getElementById("work"); work?.dispatchEvent(new CustomEvent("reveal", { bubbles: true })); work?.focus({ preventScroll: true }); },
  m: () => document.getElementById("placed")?.dispatchEvent(new CustomEvent("remark")),
  a: () => { accept(); acts.r(); },
  "?": () => { const keys = map(); if (keys?.open) closeMap(); else if (keys) { cameFrom = document.activeElement; keys.open = true; keys.querySelector(".keys-map").focus({ preventScroll: true }); } },
};

document.addEventListener("keydown", (event) => {
  if (!here() || event.isComposing || !isOn()) return;
  const spot = event.target, form = document.getElementById("review-form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.contains(spot)) { event.preventDefault(); acts.a(); return; }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(spot)) {
    if (event.key === "Escape" && spot.closest(".placed-row")) spot.closest(".placed-row").querySelector("summary").focus();
    else if (event.key === "Escape") {
      const part = spot.closest("fieldset.criterion") || current();
      spot.blur();
      if (part) { mark(part); choices(part).find((one) => one.checked)?.focus({ preventScroll: true }); }
    } else if (event.key === "Enter" && spot.matches("fieldset.criterion input[inputmode=decimal]")) { event.preventDefault(); onwards(spot.closest("fieldset.criterion")); }
    return;
  }
  if (/^[1-9]$/.test(event.key) && form) { event.preventDefault(); choose(Number(event.key)); return; }
  const shifted = event.shiftKey && /^Digit[1-9]$/.test(event.code) && Number(event.code.at(-1));
  if (shifted && form) { event.preventDefault(); choose(shifted, true); return; }
  const act = acts[event.key];
  if (act && !event.repeat) { event.preventDefault(); act(); }
});

document.addEventListener("focusin", (event) => { const part = event.target.closest?.("#review-form fieldset.criterion, #review-form fieldset#decision"); if (part) mark(part); });
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys]")) return;
  try { localStorage.setItem("keys", event.target.checked ? "on" : "off"); } catch { return; }
  said(word(event.target.checked ? "wordOn" : "wordOff"));
});

const start = () => {
  for (const box of document.querySelectorAll("[data-keys]")) box.checked = isOn();
  const first = parts().find((part) => part.matches(".criterion") && !choices(part).some((one) => one.checked));
  const focused = parts().find((part) => part.contains(document.activeElement));
  if (here() && isOn() && parts().length) mark(focused || first || parts()[0]);
};
// What the preview found missing leads to its part.
const wanted = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.closest("#review-form")) return;
  if (parts().includes(target)) go(target);
  else if (target.matches("input, textarea")) target.focus();
};
document.addEventListener("htmx:load", start);
start();
if (here()) setTimeout(wanted);
