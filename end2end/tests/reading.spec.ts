// What answers say beside words and code: formulas and notes, and how code is shown.

import { expect, test } from '../fixtures';
import { foundByAxe } from '../pages/axe';
import { Instead, speakInstead } from '../pages/instead';
import { openSeeded } from './seeded';

const FORMULAS = [
  'The roots are $x_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}$, and it costs $5.',
  '\\[\n\\sum_{k=0}^{n} \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}\n\\]',
  'Nobody knows $\\nosuchcommand{x}$.',
].join('\n\n');

test('formulas are set', { tag: '@firefox' }, async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Formulas: FORMULAS });
  await expect(chat.answer.locator('math mfrac msqrt')).toHaveCount(1);
  await expect(chat.answer.locator('math[display=block] mtable mtr')).toHaveCount(2);
  // One that cannot be set is shown as it was written.
  await expect(chat.answer.locator('code.formula')).toHaveText('\\nosuchcommand{x}');
  await expect(chat.answer).toContainText('and it costs $5.');
  expect(await foundByAxe(page, (axe) => axe.include('article.model'))).toEqual([]);
});

test('formulas that would take the page down stay as they were written', async ({ chat, wick }) => {
  const nested = (begin: string, end: string, n: number) => `$$${begin.repeat(n)}x${end.repeat(n)}$$`;
  const deep = [nested('{', '}', 9_000), nested('\\frac{1}{', '}', 1_500), nested('\\sqrt', '', 3_000), nested('\\left(', '\\right)', 1_200)];
  const fine = [nested('\\sqrt', '', 390), nested('\\left(', '\\right)', 190), nested('{', '}', 49)];
  await openSeeded(chat, wick, { Deep: [...deep, ...fine].join('\n\n') });
  await expect(chat.answer.locator('.formula, math')).toHaveCount(deep.length + fine.length);
  await expect(chat.answer.locator('math').last()).toBeVisible();
  await chat.settings.show();
});

test('a mark leads to its note', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Notes: 'So it is[^1].\n\n[^1]: As *somebody* said.' });
  await chat.answer.getByRole('button', { name: 'Note 1' }).click();
  const note = chat.answer.locator('.note-mark');
  await expect(note).toBeFocused();
  await expect(chat.answer.locator('p').last()).toHaveText('1As somebody said.');
});

test('code can be wrapped and have numbers', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Code: `\`\`\`\nlet a = "${'long '.repeat(60)}";\nlet b;\n\`\`\`` });
  const code = chat.answer.locator('pre');
  const isWider = () => code.evaluate((it) => it.clientWidth < it.scrollWidth);
  expect(await isWider()).toBe(true);
  const wrap = chat.answer.getByRole('button', { name: 'Wrap' });
  await wrap.click();
  await expect(wrap).toHaveAttribute('aria-pressed', 'true');
  expect(await isWider()).toBe(false);
  await wrap.click();

  const numbers = () => code.evaluate((it) => getComputedStyle(it, '::before').content);
  expect(await numbers()).toBe('none');
  await chat.settings.show();
  await page.getByLabel('Number the lines of code').check();
  expect(await numbers()).toMatch(/1\D+2\D/);
  await chat.reload();
  await expect.poll(numbers).toMatch(/1\D+2\D/);
});

test('all that is known of an answer, and its text without marks', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Other: 'A **strong** word.' });
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void (document.title = text);
  });
  await chat.press(chat.answer, 'More about this answer');
  const dialog = page.getByRole('dialog', { name: 'This answer' });
  await dialog.getByRole('button', { name: 'Copy as text' }).click();
  await expect(page).toHaveTitle('A strong word.');
  await dialog.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page).toHaveTitle('A **strong** word.');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await chat.settings.limitTo(5);
  await chat.ask('Hello');
  await chat.press(chat.answer, 'More about this answer');
  await expect(dialog).toContainText(/Memory then\s*\d+ MB/);
  await expect(dialog).toContainText(/temperature 0, top-k 40/);
  expect(await foundByAxe(page)).toEqual([]);
});

test('a long answer is shown whole, in whatever pieces it comes', async ({ chat, page, wick }) => {
  await speakInstead(page);
  await openSeeded(chat, wick, { Long: 'Yes.' });
  const lines = Array.from({ length: 1_500 }, (_, n) => `Line ${n} ends with ä, ✓ and 🕯.`);

  const answer = await Instead.begin(page);
  await answer.says(...lines.join('\n\n').match(/.{1,31}/gsu)!);
  await answer.ends();

  expect(await chat.answer.locator('.markdown > .blocks > p').allTextContents()).toEqual(lines);

  // What is out of sight is not laid out any more, and as high as it was.
  await expect(chat.answer.locator('.blocks').first()).toHaveClass('blocks past');
  const [left, laidOut] = await chat.answer.locator('.markdown').evaluate((all) => {
    const height = all.clientHeight;
    for (const blocks of all.querySelectorAll('.past')) blocks.className = 'blocks';
    return [height, all.clientHeight];
  });
  expect(left).toBe(laidOut);
});
