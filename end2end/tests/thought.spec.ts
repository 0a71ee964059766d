// What a model thinks before it answers.

import { expect, test } from '../fixtures';
import { Instead, speakInstead } from '../pages/instead';
import { openSeeded } from './seeded';

const THOUGHT = '<think>\nThe moon pulls at the **sea**.\n</think>\n\nThe moon does it.';

test('a thought is folded, and no part of what is copied', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: THOUGHT });
  await chat.answersWith('The moon does it.');
  const thought = chat.answer.getByText('The moon pulls at');
  await expect(thought).toHaveCount(0);
  const line = chat.answer.locator('summary');
  await expect(line).toHaveText('Thought');
  await line.press('Enter');
  await expect(thought).toBeVisible();
  await expect(chat.answer.locator('strong')).toHaveText('sea');

  await chat.page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void (document.title = text);
  });
  await chat.press(chat.answer, 'Copy message');
  await expect(chat.page).toHaveTitle('The moon does it.');
});

test('a thought is seen while it is thought, and how long that took', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: 'The moon does it.' });
  await chat.settings.limitTo(60);
  // The model goes on where somebody begins a thought for it.
  await chat.edit(chat.answer, '<think>\nThe moon');
  await chat.continueButton.click();
  await expect(chat.answer.getByText('Thinking…')).toBeVisible();
  await chat.answer.locator('summary').click();
  await expect(chat.answer.locator('.thought .markdown')).toContainText(/The moon .{20}/);
  await chat.hasAnswered();
  await expect(chat.answer.locator('summary')).toHaveText('Was cut off while it thought');
  await chat.edit(chat.answer, '<think>\nThe moon.\n</think>\n\nIt is');
  await expect(chat.answer.locator('summary')).toHaveText(/^Thought/);
  await chat.answersWith('It is');
});

test('how long a thought took is said as soon as it is over, where its beginning was seen', async ({ chat, page, wick }) => {
  await speakInstead(page);
  await openSeeded(chat, wick, { Tides: 'The moon does it.' });
  const answer = await Instead.begin(page);
  const line = chat.answer.locator('summary');
  await answer.says('<think>\nThe sea', ' moves.\n');
  await expect(line).toHaveText('Thinking…');
  await answer.says('</think>\n\nThe', ' moon');
  await expect(line).toHaveText(/^Thought for \d/);
  await expect(chat.answer).toHaveAttribute('aria-busy', 'true');
  const said = await line.textContent();
  await answer.ends();
  await expect(chat.answer).toHaveAttribute('aria-busy', 'false');
  await expect(line).toHaveText(said!);
});

test('a model that thinks can be asked to answer now', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: 'The moon does it.' });
  await chat.settings.limitTo(150);
  // A model that counts goes on for long.
  await chat.edit(chat.answer, '<think>\nI count the waves: 1, 2, 3, 4,');
  await chat.continueButton.click();
  await expect(chat.answer.locator('summary')).toHaveText('Thinking…');
  // Only then has it thought for some time.
  await chat.answer.locator('summary').click();
  await expect(chat.answer.locator('.thought .markdown')).toContainText(/4, .{5}/);
  await chat.answer.getByRole('button', { name: 'Answer now' }).click();
  await chat.hasAnswered();
  await expect(chat.answer.locator('summary')).toHaveText(/^Thought for/);
  const said = chat.answer.locator('.markdown').last();
  await expect(said).toContainText(/.{5}/);
  await expect(said).not.toContainText(/<\/?think|think>/);
});
