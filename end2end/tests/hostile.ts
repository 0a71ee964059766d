// Markdown that tries to run something, to load something, or to break the layout.

const MARK = 'document.documentElement.dataset.pwned=1';

/** Each would set a mark on the page, or ask another host for something. */
export const HOSTILE = [
  `<script>${MARK}</script>`,
  `<img src=x onerror="${MARK}">`,
  `<svg onload="${MARK}"><a xlink:href="javascript:${MARK}">x</a></svg>`,
  `<iframe srcdoc="<script>parent.${MARK}</script>"></iframe>`,
  `<details open ontoggle="${MARK}">x</details>`,
  `<style>@import url(http://evil.test/a.css); body { background: url(http://evil.test/b) }</style>`,
  `<link rel=stylesheet href=http://evil.test/c.css><link rel=prefetch href=http://evil.test/d>`,
  `<meta http-equiv=refresh content="0; url=http://evil.test/e"><base href=http://evil.test/>`,
  `<form action=http://evil.test/f><input autofocus onfocus="${MARK}"></form>`,
  `![a picture](http://evil.test/g.png "its title") and ![x](data:image/svg+xml,<svg/onload=${MARK}>)`,
  `![x][picture]\n\n[picture]: http://evil.test/h.png`,
  `[a link](javascript:${MARK}) [another](JaVaScRiPt:${MARK}) [third](java\nscript:${MARK})`,
  `[data](data:text/html,<script>${MARK}</script>) [vb](vbscript:${MARK}) [file](file:///etc/passwd)`,
  `[tab](&#x6A;avascript:${MARK}) <javascript:${MARK}> [control](\u0001javascript:${MARK})`,
  `[blob](blob:http://localhost/x) [protocol-relative](//evil.test/i)`,
  '```html\n<script>' + MARK + '</script>\n```',
  '`<b onmouseover=' + MARK + '>` **<i>bold</i>**',
  '| a | <img src=http://evil.test/j onerror=' + MARK + '> |\n|---|---|\n| x | <script>1</script> |',
  '> <object data=http://evil.test/k></object><embed src=http://evil.test/l><video src=http://evil.test/m>',
  '</article></main></body><h1 id="escaped">outside</h1>',
  '[^1]\n\n[^1]: <img src=http://evil.test/n>',
  '$$<img src=http://evil.test/o>$$ <math href="javascript:' + MARK + '">CLICK</math>',
].join('\n\n');

/** Words, code and tables wider than any screen. */
export const WIDE = [
  `A word: ${'Donaudampfschifffahrt'.repeat(20)}`,
  `Code: \`${'x'.repeat(400)}\``,
  '```\n' + 'let wide = '.repeat(60) + '\n```',
  `https://example.com/${'path/'.repeat(100)}`,
  `| ${'heading | '.repeat(30)}\n|${'---|'.repeat(30)}\n| ${'cell | '.repeat(30)}`,
  `- ${'deep'.repeat(100)}\n  - ${'deeper'.repeat(100)}\n    - ${'deepest'.repeat(100)}`,
  `# ${'Heading'.repeat(60)}`,
].join('\n\n');
