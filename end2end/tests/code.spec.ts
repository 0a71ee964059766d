// Code in answers has colours.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { openSeeded } from './seeded';

const CODE = 'fn main() {\n    let x = "a"; // <b>why</b>\n}';

test('code has colours and says what it said', { tag: '@firefox' }, async ({ chat, page, wick }) => {
  const other = '```nosuchlanguage\nlet y;\n```\n\n```\nlet z;\n```';
  await openSeeded(chat, wick, { Code: `\`\`\`Rust\n${CODE}\n\`\`\`\n\n${other}`, Other: 'Yes.' });
  await chat.sidebar.link('Code').click();
  await expect.poll(() => coloured(page, 'word')).toEqual(['fn', 'let']);
  expect(await coloured(page, 'string')).toEqual(['"a"']);
  expect(await coloured(page, 'comment')).toEqual(['// <b>why</b>']);
  const code = chat.answer.locator('pre code');
  await expect(code).toHaveCount(3);
  expect(await code.first().textContent()).toBe(CODE);

  // Nothing is kept of what is not shown any more.
  await chat.sidebar.link('Other').click();
  await chat.answersWith('Yes.');
  await chat.edit(chat.answer, '```js\nlet a;\n```');
  await expect.poll(() => coloured(page, 'word')).toEqual(['let']);
});

test('code that grows has all of its text, and its colours', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Code: 'Yes.' });
  await chat.settings.limitTo(12);
  await chat.edit(chat.answer, '```rust\nfn main() {\n    let x = 1;\n    let');
  await chat.goOn();
  const code = chat.answer.locator('pre code').first();
  expect(await code.textContent()).toMatch(/^fn main\(\) \{\n {4}let x = 1;\n {4}let/);
  await expect.poll(async () => (await coloured(page, 'word')).slice(0, 3)).toEqual(['fn', 'let', 'let']);
});

test.describe('when the colours do not come', () => {
  test.use({ mayComplain: /net::ERR_FAILED/ });

  test('code is there without', async ({ chat, page, wick }) => {
    await page.route(/colours-.*\.js/, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed');
    await openSeeded(chat, wick, { Code: `\`\`\`rust\n${CODE}\n\`\`\`` });
    await failed;
    expect(await chat.answer.locator('pre code').textContent()).toBe(CODE);
  });
});

/** The texts that have this colour: first those of code that is still, then those of code that grows. */
function coloured(page: Page, colour: string): Promise<string[]> {
  return page.evaluate((colour) => {
    const still = [...document.querySelectorAll(`.code-${colour}`)].map((it) => it.textContent!);
    const ranges = [...(CSS.highlights.get(`code-${colour}`) ?? [])];
    const growing = ranges.map((it) => it.startContainer.textContent!.slice(it.startOffset, it.endOffset));
    return [...still, ...growing];
  }, colour);
}
