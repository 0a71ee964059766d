// What Wick does while nobody looks, and while it is off.

import type { BrowserContext } from '@playwright/test';
import { CONNECTION_LOST, expect, test } from '../fixtures';
import { LONG } from './words';

test('the screen stays on while an answer is written', async ({ chat, page }) => {
  await page.evaluate(() => {
    const held: string[] = [];
    const request = async (kind: string) => {
      held.push(kind);
      return { release: async () => void held.push('released') };
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request } });
    Object.assign(window, { held });
  });
  const held = () => page.evaluate(() => (window as unknown as { held: string[] }).held);
  await chat.settings.limitTo(8);
  // What watches for it comes after the page.
  await chat.settings.show();
  await chat.settings.close.click();
  await chat.ask('Hello');
  await expect.poll(held).toEqual(['screen', 'released']);
});

test('a long answer that is done unseen is told, to who wants it', async ({ chat, context, page }) => {
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  await playTime(context);
  await chat.open();
  await chat.settings.limitTo(12);
  await chat.ask(LONG);
  await page.getByRole('button', { name: 'Tell me' }).click();
  await chat.ask(LONG);
  await expect.poll(told).toEqual(['The answer is done']);
  await expect(page.getByRole('button', { name: 'Tell me' })).toHaveCount(0);
});

test.describe('while Wick is off', () => {
  test.use({ serviceWorkers: 'allow', mayComplain: CONNECTION_LOST });

  test('the page opens and says so', async ({ chat, page, wick }) => {
    const kept = () => page.evaluate(async () => (await caches.keys()).length);
    await expect.poll(kept).toBe(1);
    const answers = () => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).active));
    expect(await answers()).toBe(true);
    await wick.stop();
    await page.reload();
    await expect(chat.notConnected).toBeVisible();
    await wick.startAgain();
    await expect(chat.notConnected).toBeHidden();
    await chat.settings.limitTo(5);
    await chat.ask('Hello');
  });
});

/** A page that nobody sees, whose clock goes a thousand times as fast, in a browser that may be asked. */
async function playTime(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const told: string[] = [];
    const now = Date.now.bind(Date);
    const start = now();
    Date.now = () => start + (now() - start) * 1000;
    class Notification {
      static permission = 'default';
      static async requestPermission(): Promise<void> {
        Notification.permission = 'granted';
      }
      constructor(title: string) {
        told.push(title);
      }
    }
    Object.defineProperty(document, 'hidden', { get: () => true });
    Object.assign(window, { Notification, told });
  });
}

test('screen readers hear an answer by the sentence', async ({ chat, page }) => {
  await expect(chat.conversation).toHaveAttribute('aria-live', 'off');
  const region = page.getByRole('status', { name: 'Answer' });
  await expect(region).toBeAttached();
  await region.evaluate((element) => {
    const heard: string[] = [];
    new MutationObserver(() => heard.push(element.textContent!)).observe(element, { childList: true });
    Object.assign(window, { heard });
  });
  await chat.settings.limitTo(40);
  await chat.ask('Write three short sentences about the sea.');
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  const words = (text: string) => text.replace(/[*`#>\s]/g, '');
  await expect.poll(async () => words((await heard()).join(' '))).toBe(words(await chat.textOf(chat.answer)));
  const [n_pieces, n_signs] = [(await heard()).length, (await chat.textOf(chat.answer)).length];
  expect(n_pieces).toBeLessThan(n_signs / 15);
});
