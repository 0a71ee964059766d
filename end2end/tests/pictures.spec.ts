// Pictures at messages: shown, seen by a model that can, kept.

import { expect, test } from '../fixtures';
import { checkWithAxe } from '../pages/axe';
import { pngFile } from '../pages/pictures';
import { EYES, STARTER } from '../wick/places.mjs';

test.use({ modelFiles: [STARTER, EYES] });

test('a picture is shown before it is sent, seen by the model, and there again later', { tag: ['@phone', '@firefox'] }, async ({ chat, page }) => {
  await chat.settings.limitTo(12);
  await chat.files.choose(pngFile('sky.png', [0, 0, 255], 1600, 1200));
  await expect(chat.files.all).toHaveText([/sky\.png\s*1182 × 886, about 300 tokens/]);
  await expect(chat.files.list.getByRole('img', { name: 'sky.png' })).toBeVisible();
  await checkWithAxe(page, 'a picture is attached');

  await chat.ask('Name the color.');

  await expect(chat.answer).toContainText(/blue/i);
  expect(await chat.textOf(chat.said)).toBe('Name the color.');
  const picture = chat.said.getByRole('img', { name: 'sky.png' });
  await checkWithAxe(page, 'a picture was sent');
  const width = async () => (await picture.boundingBox())?.width ?? 0;
  const small = await width();
  await picture.click();
  await expect.poll(width).toBeGreaterThan(small);

  await chat.reload();
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((it) => it instanceof HTMLImageElement && it.naturalWidth)).toBe(1182);
});
