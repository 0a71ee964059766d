import { join } from 'node:path';
import { expect, test } from '../fixtures';

test.use({ modelFiles: [] });

const GET = /Get the starter model \(93 MB\)/;

test('without a model the page says where it looked and offers one', async ({ chat, wick, page }) => {
  await expect(chat.models.opener).toHaveAccessibleName('Model: none');
  await expect(page.getByRole('button', { name: GET })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(wick.models);
  await expect(page.getByRole('main')).toContainText(join(wick.data, 'models'));
});

test('the starter model is fetched by the button, and answers', async ({ chat, page }) => {
  test.setTimeout(180_000);
  await chat.settings.limitTo(5);

  await page.getByRole('button', { name: GET }).click();

  await expect(page.getByRole('main')).toContainText(/\d+ of 93 MB/);
  await expect(chat.models.opener).toHaveAccessibleName(/smollm2/i, { timeout: 150_000 });
  await chat.ask('Hello');
  await expect(chat.answer).toContainText(/\d tokens?, /);
});

test.describe('where nothing can be fetched', () => {
  test.use({ env: { PATH: '/no/programs/are/here' } });

  test('the page says why, and offers it again', async ({ page, chat: _ }) => {
    await page.getByRole('button', { name: GET }).click();

    await expect(page.getByRole('main')).toContainText(/python|pip/i);
    await expect(page.getByRole('button', { name: GET })).toBeEnabled();
  });
});
