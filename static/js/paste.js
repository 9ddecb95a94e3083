// Paste into a [data-editor] textarea: headings, lists, bold, italic, links and tables that come from Word, Google Docs or a web page
// arrive as Markdown; plain text stays as it is. The pasted HTML is only read (an inert document), never shown.

const WORTH = "h1,h2,h3,h4,h5,h6,li,b,strong,i,em,a[href],table,blockquote,[style*='mso-list'],[style*='font-weight:'],[role='heading']";

const escape = (text) => text.replace(/([\\`*_[\]])/g, "\\$1");

const inline = (node) => {
  if (node.nodeType === 3) return escape(node.nodeValue.replace(/[\s\u00a0]+/g, " "));
  if (node.nodeType !== 1 || node.matches("style,script,meta,title,o\\:p")) return "";
  const style = node.getAttribute("style") || "";
  if (/mso-list:\s*ignore/i.test(style)) return "";
  if (node.tagName === "BR") return "\n";
  const text = [...node.childNodes].map(inline).join("");
  const [, before, core, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  if (!core) return text;
  const isBold = node.matches("b,strong") ? !/font-weight:\s*(normal|400)/i.test(style) : /font-weight:\s*(bold|[6-9]00)/i.test(style);
  const isItalic = node.matches("i,em") || /font-style:\s*italic/i.test(style);
  if (node.matches("a[href]") && /^(https?:|mailto:)/i.test(node.getAttribute("href"))) return `${before}[${core}](${node.getAttribute("href")})${after}`;
  if (isBold && !core.startsWith("**")) return `${before}**${core}**${after}`;
  if (isItalic && !core.startsWith("*")) return `${before}*${core}*${after}`;
  return text;
};

const tidy = (text) => text.replace(/[ \t]+\n/g, "\n").replace(/\*\*\s*\*\*/g, "").trim();

const list = (node, depth) => {
  let number = Number(node.getAttribute("start") || 1);
  const done = [];
  for (const item of node.children) {
    if (item.matches("ul,ol")) { done.push(list(item, depth + 1)); continue; }
    const own = [...item.childNodes].filter((child) => !(child.nodeType === 1 && child.matches("ul,ol")));
    const sign = node.tagName === "OL" ? `${number++}. ` : "- ";
    done.push("   ".repeat(depth) + sign + tidy(own.map(inline).join("")));
    for (const inner of item.children) if (inner.matches("ul,ol")) done.push(list(inner, depth + 1));
  }
  return done.join("\n");
};

const table = (node) => {
  const rows = [...node.rows].map((row) => [...row.cells].map((cell) => tidy([...cell.childNodes].map(inline).join("")).replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|")));
  if (!rows.length) return "";
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n");
};

const blocks = (parent, out) => {
  let loose = "";
  const flush = () => { if (tidy(loose)) out.push(["text", tidy(loose)]); loose = ""; };
  for (const node of parent.childNodes) {
    if (node.nodeType !== 1 || !node.matches("p,div,section,article,main,h1,h2,h3,h4,h5,h6,ul,ol,table,blockquote,pre,hr,body,b[style*='normal'],span:has(p)")) { loose += inline(node); continue; }
    flush();
    const style = node.getAttribute("style") || "";
    const word = /mso-list:\s*l\d+\s+level(\d)/i.exec(style);
    const level = /^H[1-6]$/.test(node.tagName) ? Number(node.tagName[1]) : Number(node.getAttribute("role") === "heading" && node.getAttribute("aria-level"));
    const text = () => tidy([...node.childNodes].map(inline).join(""));
    if (word) {
      const sign = node.querySelector("[style*='gnore']")?.textContent.trim() || "";
      out.push(["item", "   ".repeat(word[1] - 1) + (/^[\da-z]+[.)]/i.test(sign) ? "1. " : "- ") + text()]);
    } else if (level) { if (text()) out.push(["text", `${"#".repeat(Math.min(4, level + 1))} ${text().replace(/\*\*/g, "").replace(/\n/g, " ")}`]); }
    else if (node.matches("ul,ol")) out.push(["text", list(node, 0)]);
    else if (node.matches("table")) out.push(["text", table(node)]);
    else if (node.matches("blockquote")) { const inner = []; blocks(node, inner); out.push(["text", joined(inner).replace(/^/gm, "> ")]); }
    else if (node.matches("hr")) out.push(["text", "---"]);
    else if (node.querySelector("p,div,h1,h2,h3,h4,ul,ol,table")) blocks(node, out);
    else if (text()) out.push(["text", text()]);
  }
  flush();
};

const joined = (out) => out.map(([kind, text], index) => (index ? (kind === "item" && out[index - 1][0] === "item" ? "\n" : "\n\n") : "") + text).join("");

document.addEventListener("paste", (event) => {
  const area = event.target.closest?.("[data-editor] textarea");
  const html = area && event.clipboardData.getData("text/html");
  if (!html) return;
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.body.querySelector(WORTH)) return;
  const out = [];
  blocks(page.body, out);
  const text = joined(out);
  if (!text) return;
  event.preventDefault();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
