// One message, answered by two models or in two ways, side by side.

import { expect, test } from '../fixtures';
import { checkWithAxe } from '../pages/axe';
import { ComparingDialog } from '../pages/comparing';
import { GEMMA, STARTER } from '../wick/places.mjs';
import { LONG } from './words';

test.describe('with two models', () => {
  test.use({ modelFiles: [STARTER, GEMMA] });

  test('a message goes to both, and their answers are written side by side', { tag: '@phone' }, async ({ chat, page }) => {
    const comparing = new ComparingDialog(page);
    await chat.models.choose(/SmolLM2/);
    await chat.settings.limitTo(60);
    await chat.message.fill('Name a colour.');
    await chat.models.show();
    await chat.models.dialog.getByRole('button', { name: 'Compare two' }).click();
    await expect(comparing.model.getByRole('radio', { name: /gemma/i })).toBeChecked();
    await checkWithAxe(page, 'comparing');

    await comparing.dialog.getByRole('button', { name: 'Send to both' }).click();

    await expect(comparing.columns).toHaveCount(2);
    await expect(comparing.columns.first()).toContainText('SmolLM2');
    await expect(comparing.columns.last()).toContainText(/gemma/i);
    for (const column of [comparing.columns.first(), comparing.columns.last()]) {
      await expect(column.locator('.soft')).toContainText(/\d+ tokens/, { timeout: 45_000 });
    }
    await comparing.columns.first().getByRole('button', { name: 'Show this one' }).click();
    await expect(chat.said).toHaveText([/Name a colour/]);
    await expect(chat.answer).toContainText('1 / 2');
    await expect(chat.models.opener).toContainText('SmolLM2');
  });
});

test('an answer is written beside itself with other settings, and stopped there', async ({ chat, page }) => {
  const comparing = new ComparingDialog(page);
  await comparing.open();
  await expect(comparing.dialog).toContainText('There is nothing to answer yet.');
  await expect(comparing.dialog.getByRole('button', { name: 'Send to both' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(comparing.dialog).toBeHidden();
  await chat.settings.limitTo(6);
  await chat.ask(LONG);
  await chat.press(chat.answer, 'More about this answer');
  await page.getByRole('button', { name: 'Compare with another model' }).click();
  await expect(comparing.dialog).toContainText('Two settings of this one can be compared.');
  await comparing.setting('Temperature').fill('9');
  await comparing.setting('Longest answer').fill('');
  await comparing.write.click();
  await expect(comparing.dialog).toContainText('Temperature is 9; it goes from 0 to 5.');

  await comparing.setting('Temperature').fill('0.1');
  await comparing.write.click();

  const other = comparing.columns.last();
  await expect.poll(async () => (await other.locator('.markdown').textContent())?.length).toBeGreaterThan(40);
  await other.getByRole('button', { name: 'Stop' }).click();
  await expect(other.getByRole('button', { name: 'Stop' })).toBeHidden();
  await expect(comparing.columns.first().locator('.soft')).toHaveText(/6 tokens.*temperature 0$/);
  await other.getByRole('button', { name: 'Show this one' }).click();
  await expect(chat.answer).toContainText('Stopped.');
});
