import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { checkWithAxe as check } from '../pages/axe';
import { openSeeded } from './seeded';
import { CONTEXT_FREED, tellOfEngine } from './told';
import { LONG, LONG_CHAT } from './words';

test('everybody can use the page', { tag: '@phone' }, async ({ chat, page, wick }) => {
  await check(page, 'empty');
  await chat.models.show();
  await check(page, 'models');
  await chat.models.close();
  await chat.settings.show();
  await check(page, 'settings');
  await chat.settings.field('Temperature').fill('9');
  await chat.settings.save.click();
  await check(page, 'a value out of range');
  await chat.settings.close.click();
  await chat.say(LONG);
  await chat.isWriting();
  await check(page, 'writing');
  wick.killEngine();
  await expect(chat.continueButton).toBeVisible();
  await check(page, 'interrupted');
  await chat.enginePanel.show();
  await chat.enginePanel.isShown();
  await check(page, 'engine');
  await chat.enginePanel.close.click();
  await chat.sidebar.show();
  await check(page, 'chats');
});

test('everybody can use the page with a long chat', { tag: '@phone' }, async ({ chat, page, wick }) => {
  await tellOfEngine(page, CONTEXT_FREED);
  await openSeeded(chat, wick, { 'The Pharos': LONG_CHAT });
  await expect(chat.endOfLeftOut).toBeVisible();
  await expect(chat.restButton).toBeVisible();
  await check(page, 'a long chat');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('option').first()).toBeVisible();
  await check(page, 'palette');
  await page.keyboard.press('Escape');
  // It gives the focus back when it closes.
  await expect(page.getByRole('option')).toHaveCount(0);
  await chat.message.blur();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await check(page, 'keys');
});

test('everybody can use the page in the contrast theme', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { 'The Pharos': LONG_CHAT });
  await chat.settings.show();
  await chat.settings.theme('Contrast').check();
  await check(page, 'settings with contrast');
  await chat.settings.close.click();
  await chat.reload();
  const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(ground).toBe('rgb(0, 0, 0)');
  await check(page, 'a long chat with contrast');
});

test.describe('without a model', () => {
  test.use({ modelFiles: [] });

  test('everybody can use the page', async ({ chat: _, page }) => {
    await check(page, 'no model');
  });
});

test('everything can be done with the keyboard', async ({ chat, page }) => {
  await tabTo(page, chat.message);
  await page.keyboard.type('Hello');
  await page.keyboard.press('Enter');
  await expect(chat.stopButton).toBeVisible();
  await tabTo(page, chat.stopButton);
  await page.keyboard.press('Enter');
  await chat.hasAnswered();

  await tabTo(page, chat.settings.opener);
  await page.keyboard.press('Enter');
  await expect(chat.settings.dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(chat.settings.dialog).toBeHidden();
  await expect(chat.settings.opener).toBeFocused();

  await tabTo(page, page.getByRole('button', { name: 'Options of Hello' }));
  await page.keyboard.press('Enter');
  await expect(chat.sidebar.titleBox).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Greeting');
  await page.keyboard.press('Enter');
  await expect(chat.sidebar.link('Greeting')).toBeVisible();
});

/** Presses Tab until this is focused; more than 60 times means that it can't be reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target}`);
}

test('nothing moves for those who do not want it', async ({ chat, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await chat.settings.show();
  await chat.settings.close.click();

  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving).toBe(0);
});
