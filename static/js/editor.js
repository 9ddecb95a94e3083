// <div data-editor data-preview="address" data-word-…> around a textarea (ui/editor.html): a toolbar that inserts Markdown and a preview.
// The preview posts the text as «text» to the address and shows the fragment the server answers.
// Paste (paste.js) turns what comes from Word or a web page into Markdown.

const icons = document.querySelector("use[href*='icons']")?.getAttribute("href").split("#")[0];
const TOOLS = [
  ["wordHeading", "h-2", (area) => lines(area, (line) => line.startsWith("## ") ? line.slice(3) : `## ${line}`)],
  ["wordBold", "bold", (area) => around(area, "**")],
  ["wordItalic", "italic", (area) => around(area, "*")],
  ["wordList", "list", (area) => lines(area, (line) => line.startsWith("- ") ? line.slice(2) : `- ${line}`)],
  ["wordNumbers", "list-numbers", (area) => lines(area, (line, index) => /^\d+\. /.test(line) ? line.replace(/^\d+\. /, "") : `${index + 1}. ${line}`)],
  ["wordQuote", "quote", (area) => lines(area, (line) => line.startsWith("> ") ? line.slice(2) : `> ${line}`)],
  ["wordLink", "link", (area) => link(area)],
];

// Through the browser's own editing, so that undo knows it.
const put = (area, text, start, end) => {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

function around(area, sign) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  put(area, `${sign}${chosen}${sign}`, start, end);
  area.setSelectionRange(start + sign.length, start + sign.length + chosen.length);
}

function lines(area, change) {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const next = value.indexOf("\n", area.selectionEnd);
  const end = next < 0 ? value.length : next;
  const text = value.slice(start, end).split("\n").map(change).join("\n");
  put(area, text, start, end);
  area.setSelectionRange(start + text.length, start + text.length);
}

function link(area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  put(area, isAddress ? `[](${chosen})` : `[${chosen}](https://)`, start, end);
  const place = isAddress ? start + 1 : start + chosen.length + 11;
  area.setSelectionRange(place, place);
}

const button = (label, icon) => {
  const made = document.createElement("button");
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  if (icon && icons) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${icons}#${icon}`);
    picture.append(use);
    made.append(picture);
  } else made.textContent = label;
  return made;
};

const start = (box) => {
  const area = box.querySelector("textarea");
  if (!area || area.readOnly) return;
  const bar = document.createElement("div");
  bar.className = "editor-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", box.dataset.wordToolbar);
  bar.setAttribute("aria-controls", area.id);
  for (const [word, icon, act] of TOOLS) {
    const made = button(box.dataset[word], icon);
    made.addEventListener("click", () => act(area));
    bar.append(made);
  }
  if (box.dataset.preview) bar.append(preview(box, area));
  area.before(bar);
  const stops = [...bar.children];
  stops.forEach((stop, index) => { stop.tabIndex = index ? -1 : 0; });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const here = stops.indexOf(document.activeElement);
    const next = stops[(here + step + stops.length) % stops.length];
    stops.forEach((stop) => { stop.tabIndex = stop === next ? 0 : -1; });
    next.focus();
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const act = { b: 1, i: 2 }[event.key];
    if (act) { event.preventDefault(); TOOLS[act][2](area); }
  });
};

const preview = (box, area) => {
  const made = button(box.dataset.wordPreview);
  made.className = "editor-view";
  made.setAttribute("aria-pressed", "false");
  const shown = document.createElement("div");
  shown.className = "editor-preview prose";
  shown.hidden = true;
  shown.setAttribute("aria-live", "polite");
  made.addEventListener("click", async () => {
    const on = made.getAttribute("aria-pressed") === "false";
    made.setAttribute("aria-pressed", String(on));
    if (on) {
      area.after(shown);
      shown.textContent = "…";
      const token = box.closest("form")?.querySelector("input[name='csrf_token']")?.value || document.querySelector("input[name='csrf_token']")?.value;
      try {
        const answer = await fetch(box.dataset.preview, { method: "POST", body: new URLSearchParams({ text: area.value, csrf_token: token }), headers: { Accept: "text/html" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const text = await answer.text();
        // The server's own rendering, made safe there; a whole page (a sign-in) is not put inside this one.
        if (/<html[\s>]/i.test(text)) throw new Error("a page");
        shown.innerHTML = text;
      } catch {
        shown.textContent = box.dataset.wordFailed;
      }
    }
    shown.hidden = !on;
    area.hidden = on;
    if (!on) area.focus();
  });
  return made;
};

const begin = () => {
  for (const box of document.querySelectorAll("[data-editor]:not([data-begun])")) { box.dataset.begun = ""; start(box); }
  for (const line of document.querySelectorAll("[data-counts]:not([data-begun])")) {
    const area = document.getElementById(line.dataset.counts);
    if (!area) continue;
    line.dataset.begun = "";
    const count = () => { line.textContent = line.dataset.word.replace("{length}", [...area.value].length.toLocaleString(document.documentElement.lang)); };
    area.addEventListener("input", count);
    count();
  }
};
document.addEventListener("htmx:load", begin);
begin();
