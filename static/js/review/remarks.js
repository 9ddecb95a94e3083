// Remarks on places in the work, while the page holds <fieldset id="placed"> (templates/reviews/_placing.html) with its rows:
//   words selected in [data-words]  (the text, or a document that is shown as text) a button below them takes them into a row; so does the key m
//                                   (js/keys.js)
//   a drag over .preview-sheet      takes an area of the page; with a finger after the page's own button was pressed, since else it scrolls
// A row without words is free. What is taken is shown in the work at once; the server draws it when the page is shown anew.

const SMALLEST = 100, WHOLE = 10000;
const box = () => document.getElementById("placed");
const rows = () => [...box().querySelectorAll(".placed-row")];
const part = (row, name) => row.querySelector(`[name$="_${name}"]`);
const length = (words) => [...words].length;
const isFree = (row) => part(row, "text").value.trim() === "";
const ranges = new Map();

// --- rows

const newKey = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const clone = () => {
  const all = rows();
  const last = all.at(-1);
  if (!last || all.length >= Number(box().dataset.most)) return null;
  const index = Math.max(...all.map((row) => Number(row.dataset.row))) + 1;
  const row = last.cloneNode(true);
  row.dataset.row = index;
  for (const one of row.querySelectorAll("*")) {
    for (const name of ["name", "id", "for", "aria-describedby", "data-bank", "data-for", "data-key", "value"]) {
      if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace(/placed_\d+/, `placed_${index}`));
    }
  }
  for (const bank of row.querySelectorAll("details.bank")) bank.open = false;
  row.querySelector("[name=remove_placed]")?.parentElement.remove();
  part(row, "key").value = newKey();
  for (const name of ["text", "due", "number", "exact", "quote"]) part(row, name).value = "";
  part(row, "item").checked = false;
  last.after(row);
  return row;
};

const take = (where, number, exact = "", quote = "", says = "") => {
  const row = rows().find(isFree) || clone();
  if (!row) return null;
  part(row, "where").value = where;
  part(row, "number").value = number;
  part(row, "exact").value = exact;
  part(row, "quote").value = quote;
  const line = row.querySelector("[data-quote]");
  line.textContent = quote.length > 160 ? `${quote.slice(0, 157)}…` : quote;
  line.hidden = !quote;
  row.querySelector("[data-summary]").textContent = says;
  row.open = true;
  row.closest(".tab-panel")?.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
  part(row, "text").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  unmark(row.dataset.row);
  return row;
};

const unmark = (index) => {
  for (const area of document.querySelectorAll(`.area-new[data-row="${index}"]`)) area.remove();
  ranges.delete(index);
  paint();
};
const paint = () => { if (window.CSS?.highlights) CSS.highlights.set("placing", new Highlight(...ranges.values())); };

document.addEventListener("change", (event) => {
  const row = event.target.closest?.(".placed-row");
  if (!row || !event.isTrusted || ![part(row, "where"), part(row, "number")].includes(event.target)) return;
  part(row, "exact").value = part(row, "quote").value = "";
  row.querySelector("[data-quote]").hidden = true;
  unmark(row.dataset.row);
});

// --- words

const nodes = (root) => {
  const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("[data-aside]")) found.push(walker.currentNode);
  return found;
};

// How many characters of the text stand before a point of the page.
const before = (holder, node, offset) => {
  const point = document.createRange();
  point.setStart(node, offset);
  let count = 0;
  for (const one of nodes(holder)) {
    if (one === node) return count + length(one.data.slice(0, offset));
    if (point.comparePoint(one, 0) >= 0) return count;
    count += length(one.data);
  }
  return count;
};

const selected = () => {
  const chosen = getSelection();
  if (!box() || !chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0), node = range.commonAncestorContainer;
  const holder = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("#work [data-words]");
  return holder ? { range: range.cloneRange(), holder } : null;
};

const takeWords = () => {
  const { range, holder } = selected() || {};
  if (!range) return false;
  const all = [...nodes(holder).map((node) => node.data).join("")];
  let start = before(holder, range.startContainer, range.startOffset), stop = before(holder, range.endContainer, range.endOffset);
  while (start < stop && !all[start].trim()) start += 1;
  while (stop > start && !all[stop - 1].trim()) stop -= 1;
  if (start === stop) return false;
  const number = [...holder.querySelectorAll("[data-start]")].filter((one) => Number(one.dataset.start) <= start).at(-1)?.textContent || "1";
  const where = holder.dataset.words, file = where === "text" ? null : where.split("-")[1];
  const says = (file ? box().dataset.wordParagraphOf : box().dataset.wordParagraph).replace("{page}", number).replace("{name}", nameOf(holder));
  const row = take(where, number, `${file ? `d:${file}` : "t"}:${start}-${stop}`, all.slice(start, Math.min(stop, start + 500)).join(""), says);
  if (row) { ranges.set(row.dataset.row, range); paint(); }
  getSelection().removeAllRanges();
  return true;
};

let button = null;
const offer = () => {
  const { range, holder } = selected() || {};
  if (!range) { button?.remove(); return; }
  if (!button?.isConnected) {
    button = Object.assign(document.createElement("button"), { type: "button", className: "button button-primary button-small take", textContent: box().dataset.wordWords });
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => { takeWords(); button.remove(); });
  }
  if (button.previousElementSibling !== holder) holder.after(button);
  const spots = range.getClientRects(), last = spots[spots.length - 1], pane = button.offsetParent?.getBoundingClientRect();
  if (!last || !pane) return;
  button.style.top = `${last.bottom - pane.top + button.offsetParent.scrollTop + 6}px`;
  button.style.left = `${Math.max(0, Math.min(last.right - pane.left - button.offsetWidth, pane.width - button.offsetWidth))}px`;
};
document.addEventListener("selectionchange", offer);

// --- pages

const nameOf = (sheet) => sheet.closest(".file")?.querySelector(".file-name").textContent.trim() || "";
const wordsFor = (sheet, word) => box().dataset[word].replace("{page}", sheet.dataset.page).replace("{name}", nameOf(sheet));
const takePage = (sheet) => take(`file-${sheet.dataset.file}`, sheet.dataset.page, "", "", wordsFor(sheet, "wordWhole"));
const stopDrawing = (sheet) => {
  sheet.removeAttribute("data-drawing");
  sheet.parentElement.querySelector("[aria-pressed]")?.setAttribute("aria-pressed", "false");
};

const tool = (word, act, more = {}) => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button button-tertiary button-small", textContent: box().dataset[word] });
  for (const [name, value] of Object.entries(more)) made.setAttribute(name, value);
  made.addEventListener("click", act);
  return made;
};

const equip = () => {
  document.getElementById("work")?.toggleAttribute("data-placing", Boolean(box()));
  if (!box()) return;
  for (const sheet of document.querySelectorAll("#work .preview-sheet:not([data-ready])")) {
    sheet.dataset.ready = "";
    const tools = Object.assign(document.createElement("span"), { className: "page-tools" });
    tools.append(tool("wordPage", () => takePage(sheet)));
    if (matchMedia("(any-pointer: coarse)").matches) {
      const draw = tool("wordArea", () => {
        const on = sheet.toggleAttribute("data-drawing");
        draw.setAttribute("aria-pressed", String(on));
        if (on) { document.getElementById("said").textContent = box().dataset.wordDrawing; sheet.scrollIntoView({ block: "nearest" }); }
      }, { "aria-pressed": "false" });
      tools.append(draw);
    }
    sheet.parentElement.querySelector("figcaption").append(tools);
  }
};

let drawing = null;
const corner = (sheet, event) => {
  const page = sheet.getBoundingClientRect(), within = (value) => Math.round(Math.min(1, Math.max(0, value)) * WHOLE);
  return [within((event.clientX - page.left) / page.width), within((event.clientY - page.top) / page.height)];
};
const between = ([x, y], [toX, toY]) => [Math.min(x, toX), Math.min(y, toY), Math.abs(toX - x), Math.abs(toY - y)];
const draw = (shape, area) => { for (const [place, side] of ["left", "top", "width", "height"].entries()) shape.style[side] = `${area[place] / (WHOLE / 100)}%`; };
const drop = () => { drawing?.shape.remove(); drawing = null; };

document.addEventListener("pointerdown", (event) => {
  const sheet = event.target.closest?.("[data-placing] .preview-sheet");
  if (!sheet || event.button !== 0 || event.target.closest("a")) return;
  if (event.pointerType !== "mouse" && !sheet.matches("[data-drawing]")) return;
  event.preventDefault();
  const shape = Object.assign(document.createElement("span"), { className: "area-new" });
  sheet.append(shape);
  drawing = { sheet, shape, from: corner(sheet, event), pointer: event.pointerId };
  sheet.setPointerCapture(event.pointerId);
  draw(shape, between(drawing.from, drawing.from));
});
document.addEventListener("pointermove", (event) => {
  if (drawing?.pointer === event.pointerId) draw(drawing.shape, between(drawing.from, corner(drawing.sheet, event)));
});
document.addEventListener("pointerup", (event) => {
  if (drawing?.pointer !== event.pointerId) return;
  const { sheet, shape, from } = drawing, area = between(from, corner(sheet, event));
  const row = area[2] < SMALLEST || area[3] < SMALLEST ? null
    : take(`file-${sheet.dataset.file}`, sheet.dataset.page, `f:${sheet.dataset.file}:${sheet.dataset.page}:${area.join(",")}`, "", wordsFor(sheet, "wordPart"));
  if (!row) return drop();
  shape.dataset.row = row.dataset.row;
  drawing = null;
  stopDrawing(sheet);
});
document.addEventListener("pointercancel", drop);
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-placing] .preview-sheet")) event.preventDefault(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  drop();
  for (const sheet of document.querySelectorAll("[data-drawing]")) stopDrawing(sheet);
});

const start = (event) => {
  if (event?.target.id === "workspace") { ranges.clear(); paint(); }
  equip();
  const here = box();
  if (!here || here.dataset.ready !== undefined) return;
  here.dataset.ready = "";
  here.addEventListener("remark", () => {
    if (takeWords()) return;
    const row = rows().find(isFree) || clone();
    if (!row) return;
    row.open = true;
    row.closest(".tab-panel")?.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
    part(row, "text").focus();
  });
};
document.addEventListener("htmx:load", start);
start();
