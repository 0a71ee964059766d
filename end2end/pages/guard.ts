// Whether everything that comes into the page is what an answer may be made of.

import type { Page } from '@playwright/test';

/** Elements that an answer is made of, each with the attributes that it may have. */
const ELEMENTS: Record<string, string> = {
  a: 'href title target rel',
  article: 'class id aria-label aria-busy',
  blockquote: '',
  br: '',
  button: 'type class aria-label aria-pressed',
  code: 'class dir',
  del: '',
  details: 'class hidden open',
  col: 'width',
  colgroup: '',
  div: 'class role aria-label tabindex',
  em: '',
  h2: 'class',
  h3: 'class dir',
  h4: 'class dir',
  h5: 'class dir',
  h6: 'class dir',
  hr: '',
  li: 'class',
  ol: 'dir start',
  p: 'class dir',
  path: 'd',
  pre: 'dir role aria-label tabindex data-language data-numbers',
  span: 'class aria-hidden',
  strong: '',
  summary: '',
  sup: 'class tabindex',
  svg: 'class viewBox aria-hidden',
  table: '',
  tbody: '',
  td: 'class dir',
  th: 'class dir scope',
  thead: '',
  tr: '',
  ul: 'dir',
};

const CLASSES = new RegExp(
  '^(author|blocks|centre|code|code-(head|word|string|comment|number|name|type|attribute|deletion)|copy|display|end|formula|icon|mark|markdown|message|model|note-mark|past|person|picture|' +
    'quiet|deeds|(copies|edits|asks|forks|tells|deletes)|rank-[1-6]|round|said|set|stretch|table|task|thought|to-end|tools|visually-hidden|wrap|writing)$',
);

/** What formulas are made of, and the attributes that these may have. */
const MATHEMATICS =
  'math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup munder mover ' +
  'munderover mmultiscripts mprescripts mtable mtr mtd';
const OF_MATHEMATICS =
  'accent accentunder columnspan depth display displaystyle fence form height largeop linethickness lspace mathvariant ' +
  'maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy style symmetric voffset width';
for (const name of MATHEMATICS.split(' ')) ELEMENTS[name] = OF_MATHEMATICS;

export interface Guard {
  /** What should not be there. */
  complaints: string[];
  /** Elements that were looked at. */
  n_elements: number;
  /** Changes since this was set to 0. */
  n_changes: number;
  /** Looks at an element and all that is in it. */
  look(root: Element): void;
}

declare global {
  interface Window {
    guard: Guard;
  }
}

/** From now on everything that is added anywhere in the page, and every attribute that changes, is looked at. */
export async function startGuarding(page: Page): Promise<void> {
  await page.evaluate(
    ({ elements, classes }) => {
      const allowed = new Map(Object.entries(elements).map(([name, its]) => [name, new Set(its.split(' '))]));
      const known = new RegExp(classes);
      const guard: Guard = { complaints: [], n_elements: 0, n_changes: 0, look };
      window.guard = guard;

      function look(root: Element): void {
        for (const element of [root, ...root.querySelectorAll('*')]) {
          guard.n_elements++;
          for (const { name } of element.attributes) lookAt(element, name);
          if (!allowed.has(element.localName)) complain(element, 'is no part of an answer');
        }
      }

      function lookAt(element: Element, name: string): void {
        const value = element.getAttribute(name);
        if (value === null) return;
        // The shell says so when the browser keeps the page.
        if (element === document.documentElement && name === 'data-kept') return;
        if (!allowed.get(element.localName)?.has(name)) complain(element, `has ${name}`);
        if (name === 'href' && !isHarmless(value)) complain(element, 'leads there');
        if (name === 'class' && ![...element.classList].every((it) => known.test(it))) complain(element, 'is styled');
        if (name === 'id' && !/^m\d+$/.test(value)) complain(element, 'has a name');
      }

      // What is no address, such as one whose port is a word, leads nowhere.
      function isHarmless(address: string): boolean {
        const protocol = URL.parse(address)?.protocol ?? 'http:';
        return /^(https?:\/\/|mailto:)/i.test(address) && ['http:', 'https:', 'mailto:'].includes(protocol);
      }

      function complain(element: Element, what: string): void {
        const tag = element.cloneNode(false) as Element;
        guard.complaints.push(`${tag.outerHTML} ${what}`);
      }

      new MutationObserver((records) => {
        guard.n_changes += records.length;
        for (const { target, attributeName, addedNodes } of records) {
          // Where a person writes there is Stop while an answer is written.
          if (target instanceof Element && target.closest('.composer')) continue;
          if (attributeName && target instanceof Element) lookAt(target, attributeName);
          for (const node of addedNodes) if (node instanceof Element) look(node);
        }
      }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
    },
    { elements: ELEMENTS, classes: CLASSES.source },
  );
}
