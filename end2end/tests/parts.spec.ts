// What comes after the page itself: the code of its dialogs.

import { CONNECTION_LOST, expect, test } from '../fixtures';

test.describe('when the server is gone', () => {
  test.use({ mayComplain: CONNECTION_LOST });

  test('dialogs open all the same', async ({ page, wick }) => {
    const fetched = page.waitForResponse(/more-.*\.wasm/);
    await page.goto(wick.url);
    await (await fetched).finished();
    await wick.kill();
    await expect(page.getByText('Not connected to Wick')).toBeVisible();
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { name: 'Answers' })).toBeVisible();
  });
});

test.describe('when their code does not come', () => {
  test.use({ mayComplain: /net::ERR_FAILED|Failed to fetch/ });

  test('a dialog says so, and opens the next time', async ({ page, chat: _, wick }) => {
    await page.route(/more-.*\.wasm/, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed');
    await page.goto(`${wick.url}/?again`);
    await failed;
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByText('This could not be loaded from Wick.')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.unroute(/more-.*\.wasm/);
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { name: 'Answers' })).toBeVisible();
  });
});
