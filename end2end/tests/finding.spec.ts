import { expect, test } from '../fixtures';
import { openSeeded } from './seeded';

const TIDES = 'Tides follow the **moon**.\n\n- A tide rises\n- and falls\n\n```text\ntide\n```';

test('words are found in the open chat, marked, and walked through @phone', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Sea: TIDES });
  await page.keyboard.press('ControlOrMeta+f');
  const field = page.getByRole('searchbox', { name: 'Find in this chat' });
  await expect(field).toBeFocused();
  const marked = (name: string) =>
    page.evaluate((name) => [...(CSS.highlights.get(name) ?? [])].map(String), name);

  await field.fill('TIDE');
  const bar = page.locator('.finding');
  await expect(bar.getByRole('status')).toHaveText('1 of 3');
  expect(await marked('found-here')).toEqual(['Tide']);
  expect(await marked('found')).toEqual(['tide', 'tide']);

  await field.press('Shift+Enter');
  await expect(bar.getByRole('status')).toHaveText('3 of 3');
  await bar.getByRole('button', { name: 'Go to the next' }).click();
  await expect(bar.getByRole('status')).toHaveText('1 of 3');
  await bar.getByRole('button', { name: 'Go to the one before' }).click();
  await expect(bar.getByRole('status')).toHaveText('3 of 3');

  // Words may be set in several ways, and end with their paragraph.
  await field.fill('the moon.');
  await expect(bar.getByRole('status')).toHaveText('1 of 1');
  await field.fill('moon.a');
  await expect(bar.getByRole('status')).toHaveText('Not in this chat');

  await field.press('Escape');
  await expect(bar).toHaveCount(0);
  expect(await marked('found-here')).toEqual([]);
});

test('what is found far up in a long chat comes into sight', async ({ chat, page, wick }) => {
  const filler = Array.from({ length: 60 }, (_, n) => `Paragraph ${n}.`).join('\n\n');
  await openSeeded(chat, wick, { Long: `A needle.\n\n${filler}` });
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('find in');
  await page.keyboard.press('Enter');

  await page.getByRole('searchbox', { name: 'Find in this chat' }).fill('needle');

  await expect(page.locator('.finding').getByRole('status')).toHaveText('1 of 1');
  await expect(page.getByText('A needle.')).toBeInViewport();
});
