// Finds words in the open chat, marks them, and leads from one to the next. This comes when somebody
// looks for the first words.

const SAID = ".log .said, .log .markdown";

// What is in one of these does not go on in the next.
const APART = ".said, p, li, td, th, pre, h3, h4, h5, h6";

// Nobody walks through more.
const MOST = 1000;

const marks = ["found", "found-here"].map((name) => {
  const mark = CSS.highlights && new Highlight();
  if (mark) CSS.highlights.set(name, mark);
  return mark;
});

let [looked, found, here] = ["", [], 0];

const folded = (text) => {
  const small = text.toLowerCase();
  return small.length === text.length ? small : text;
};

/** The places of the words in something that was said. */
function within(said, words) {
  const nodes = [];
  let [text, before] = ["", null];
  const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("button, .code-head")) continue;
    const apart = node.parentElement.closest(APART);
    if (apart !== before) text += "\n";
    before = apart;
    nodes.push([text.length, node]);
    text += folded(node.data);
  }
  const ranges = [];
  const place = (at) => {
    const [begins, node] = nodes.findLast(([begins]) => begins <= at);
    return [node, at - begins];
  };
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
    const range = new Range();
    range.setStart(...place(at));
    const [node, last] = place(at + words.length - 1);
    range.setEnd(node, last + 1);
    ranges.push(range);
  }
  return ranges;
}

function look(words) {
  found = [];
  if (!words) return;
  for (const said of document.querySelectorAll(SAID)) {
    found.push(...within(said, words));
    if (MOST <= found.length) break;
  }
  found.length = Math.min(found.length, MOST);
}

/** The first that is in sight or below, or the last one. */
function nearest() {
  const { top } = document.querySelector(".log").getBoundingClientRect();
  const isAbove = (range) => range.startContainer.parentElement.getBoundingClientRect().bottom < top;
  const above = found.findLastIndex(isAbove);
  return Math.min(above + 1, Math.max(found.length - 1, 0));
}

function show(range) {
  const element = range.startContainer.parentElement;
  for (let it = element.closest("details"); it; it = it.parentElement.closest("details")) it.open = true;
  element.scrollIntoView({ block: "nearest" });
  const log = element.closest(".log");
  const [place, sight] = [range.getBoundingClientRect(), log.getBoundingClientRect()];
  log.scrollBy(0, place.top - sight.top - sight.height / 3);
}

/** Looks for words, or goes so many places on where they are those that were looked for. */
function find([wanted, step]) {
  const words = folded(wanted);
  const isGone = found.some((range) => !range.startContainer.isConnected || range.collapsed);
  if (words !== looked || isGone || !found.length) {
    look(words);
    here = words === looked && found.length ? here + step : nearest();
    looked = words;
  } else {
    here += step;
  }
  here = found.length && (here + found.length) % found.length;
  marks[0]?.clear();
  marks[1]?.clear();
  for (const range of found) marks[range === found[here] ? 1 : 0]?.add(range);
  if (found[here]) show(found[here]);
  window.wickFound?.(found.length, here);
}

const waiting = window.wickFind.splice(0);
window.wickFind.push = find;
waiting.forEach(find);
