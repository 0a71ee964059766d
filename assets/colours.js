// Colours code and numbers its lines. This comes when the first code is shown.
//
// The text stays one piece, as the page wrote it: the colours are ranges in it (`::highlight()` in the
// styles), which a browser without them leaves out.
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

// Code that has colours. The places of the last one are kept: it may grow and get others. Those of the
// others are only in the highlights, where they take half of the memory.
const coloured = new Set();
let last = { code: null, places: [] };
const highlights = new Map();
if (CSS.highlights) {
  for (const [, colour] of COLOURS) {
    if (highlights.has(colour)) continue;
    highlights.set(colour, new Highlight());
    CSS.highlights.set(`code-${colour}`, highlights.get(colour));
  }
}

function forget(code) {
  if (code === last.code) {
    for (let at = 0; at < last.places.length; at += 2) last.places[at].delete(last.places[at + 1]);
    last = { code: null, places: [] };
  } else if (coloured.has(code)) {
    forgetAll((node) => code.contains(node));
  }
  coloured.delete(code);
}

function forgetAll(isGone) {
  for (const highlight of highlights.values()) {
    for (const place of highlight) if (isGone(place.startContainer)) highlight.delete(place);
  }
}

function colour([code, language]) {
  const gone = [...coloured].filter((it) => !it.isConnected);
  if (gone.length) forgetAll((node) => !node.isConnected);
  for (const code of gone) coloured.delete(code);
  const name = language.toLowerCase();
  const text = [...code.firstElementChild.childNodes].find((it) => it.nodeType === Node.TEXT_NODE);
  if (!text) return;
  // Text for the styles, which show it where somebody wants numbers.
  code.dataset.numbers = text.data.split("\n").map((_, idx) => idx + 1).join("\n");
  if (LONGEST < text.length || !CSS.highlights || !highlight.getLanguage(name)) return;
  const { rootNode } = highlight.highlight(text.data, { language: name, ignoreIllegals: true })._emitter;
  forget(code);
  const places = [];
  let at = 0;
  const walk = (node, colour) => {
    if (typeof node === "string") {
      const [startOffset, endOffset] = [at, (at += node.length)];
      if (!colour || startOffset === endOffset) return;
      // It stays where it is when the text behind it grows.
      const range = new StaticRange({ startContainer: text, startOffset, endContainer: text, endOffset });
      highlights.get(colour).add(range);
      places.push(highlights.get(colour), range);
    } else {
      const scope = node.scope ?? "";
      const own = COLOURS.find(([begin]) => scope.startsWith(begin))?.[1];
      // Code inside a string has no colour but that of what is in it.
      for (const child of node.children) walk(child, scope === "subst" ? "" : (own ?? colour));
    }
  };
  walk(rootNode, "");
  coloured.add(code);
  last = { code, places };
}

const waiting = window.wickCode.splice(0);
window.wickCode.push = colour;
// One at a time, so that the page is never held up.
for (const pair of waiting) setTimeout(() => colour(pair));
