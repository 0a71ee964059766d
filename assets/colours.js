// Colours code and numbers its lines. This comes when the first code is shown.
//
// While code grows its text stays one piece, as the page wrote it: the colours are ranges in it
// (`::highlight()` in the styles), which a browser without them leaves out. A browser looks after all
// ranges with each change of the page, so what is in code that is still becomes elements instead.
import highlight from "/{highlight.js}";

// Longer code would hold the page up.
const LONGEST = 40_000;

// What highlight.js calls a piece, by how it begins, and what the styles call its colour.
const COLOURS = [
  ["keyword", "word"],
  ["literal", "word"],
  ["variable.language", "word"],
  ["selector-tag", "word"],
  ["name", "word"],
  ["string", "string"],
  ["regexp", "string"],
  ["addition", "string"],
  ["comment", "comment"],
  ["quote", "comment"],
  ["number", "number"],
  ["symbol", "number"],
  ["bullet", "number"],
  ["deletion", "deletion"],
  ["title.class", "type"],
  ["title", "name"],
  ["section", "name"],
  ["type", "type"],
  ["class", "type"],
  ["built_in", "type"],
  ["attr", "attribute"],
  ["property", "attribute"],
  ["meta", "attribute"],
  ["selector", "attribute"],
];

// Code that has not grown for so long is still, in milliseconds.
const STILL_AFTER = 1_000;

const highlights = new Map();
if (CSS.highlights) {
  for (const [, colour] of COLOURS) {
    if (highlights.has(colour)) continue;
    highlights.set(colour, new Highlight());
    CSS.highlights.set(`code-${colour}`, highlights.get(colour));
  }
}

// What of the code that grows is known: its text, the pieces of that, the ranges, and when it is looked at again.
const growing = new Map();

function colour([pre, language]) {
  for (const other of [...growing.keys()]) if (other !== pre) settle(other);
  forget(pre);
  const code = pre.firstElementChild;
  const text = code.textContent;
  // Text for the styles, which show it where somebody wants numbers.
  pre.dataset.numbers = text.split("\n").map((_, idx) => idx + 1).join("\n");
  const name = language.toLowerCase();
  if (LONGEST < text.length || !highlight.getLanguage(name)) return;
  const pieces = [];
  const walk = (node, colour) => {
    if (typeof node === "string") return void pieces.push([node, colour]);
    const scope = node.scope ?? "";
    const own = COLOURS.find(([begin]) => scope.startsWith(begin))?.[1];
    // Code inside a string has no colour but that of what is in it.
    for (const child of node.children) walk(child, scope === "subst" ? "" : (own ?? colour));
  };
  walk(highlight.highlight(text, { language: name, ignoreIllegals: true })._emitter.rootNode, "");
  if (pre.closest("[aria-busy=true]")) mark(pre, code.firstChild, pieces);
  else paint(code, pieces);
}

// Colours it by ranges, until it is still.
function mark(pre, text, pieces) {
  const places = [];
  let at = 0;
  for (const [{ length }, colour] of pieces) {
    const [startOffset, endOffset] = [at, (at += length)];
    if (!length || !highlights.has(colour)) continue;
    // It stays where it is when the text behind it grows.
    const range = new StaticRange({ startContainer: text, startOffset, endContainer: text, endOffset });
    highlights.get(colour).add(range);
    places.push([highlights.get(colour), range]);
  }
  growing.set(pre, { text: text.data, pieces, places, timer: setTimeout(settle, STILL_AFTER, pre) });
}

// Colours it by elements. Who selected words in it keeps them selected.
function settle(pre) {
  const it = growing.get(pre);
  const code = pre.firstElementChild;
  if (pre.isConnected && (getSelection().containsNode(pre, true) || code.textContent !== it.text)) {
    clearTimeout(it.timer);
    it.timer = setTimeout(settle, STILL_AFTER, pre);
    return;
  }
  forget(pre);
  paint(code, it.pieces);
}

function forget(pre) {
  const it = growing.get(pre);
  clearTimeout(it?.timer);
  for (const [highlight, range] of it?.places ?? []) highlight.delete(range);
  growing.delete(pre);
}

function paint(code, pieces) {
  const made = pieces.map(([text, colour]) => {
    if (!colour) return text;
    const span = document.createElement("span");
    span.className = `code-${colour}`;
    span.textContent = text;
    return span;
  });
  // A browser keeps something for each element that a script made, as long as it is shown. For a copy it doesn't.
  const all = document.createDocumentFragment();
  all.append(...made);
  code.replaceChildren(all.cloneNode(true));
}

const waiting = window.wickCode.splice(0);
window.wickCode.push = colour;
// One at a time, so that the page is never held up.
for (const pair of waiting) setTimeout(() => colour(pair));
