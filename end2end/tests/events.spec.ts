// Where no WebSocket can be had: the page finds another way by itself.

import type { WebSocketRoute } from '@playwright/test';
import { expect, test } from '../fixtures';
import { ChatPage } from '../pages/chat';
import { messages } from '../wick/database';
import { LONG } from './words';

/** What may be in the way of a socket. */
const BARRIERS: Record<string, (socket: WebSocketRoute) => Promise<void> | void> = {
  'neither opens nor answers': () => new Promise<void>(() => {}),
  'opens and is silent': () => {},
  'is closed at once': (socket) => socket.close(),
};

for (const [whatItDoes, barrier] of Object.entries(BARRIERS)) {
  test(`a page whose socket ${whatItDoes} talks all the same`, async ({ page, wick, noComplaints: _ }) => {
    await page.routeWebSocket('**/ws', barrier);
    const chat = new ChatPage(page);
    const invitation = page.getByRole('heading', { name: 'Ask something' });

    await page.goto('/');
    await expect(invitation).toBeVisible();

    await chat.say(LONG);
    await chat.isWriting(60);
    const before = await chat.textOf(chat.answer);
    await page.reload();
    await expect(chat.answer).toContainText(/\w/);
    await chat.isWriting(before.length);
    const after = await chat.textOf(chat.answer);
    expect(after.slice(0, before.trimEnd().length)).toBe(before.trimEnd());
    await expect(chat.notConnected).toBeHidden();
    await chat.stopButton.click();
    await chat.hasAnswered();
    expect(messages(wick.data)).toHaveLength(2);
  });
}

test('a socket is tried first, and once more in five connections', async ({ page, noComplaints: _ }) => {
  const ways: string[] = [];
  await page.routeWebSocket('**/ws', (socket) => {
    ways.push('socket');
    void socket.close();
  });
  await page.route('/events?*', async (route) => {
    if (route.request().method() === 'GET') ways.push('stream');
    await route.fulfill({ body: '' });
  });

  await page.goto('/');

  const stream = 'stream';
  const expected = ['socket', 'socket', stream, stream, stream, stream, 'socket', stream];
  await expect.poll(() => ways.slice(0, expected.length)).toEqual(expected);
});

test('two tabs without sockets see the same answer', { tag: '@firefox' }, async ({ context, page, wick: _wick, noComplaints: _ }) => {
  await context.routeWebSocket('**/ws', (socket) => socket.close());
  const chat = new ChatPage(page);
  await chat.open();
  await chat.settings.set({ 'Longest answer': '50' });
  await chat.say(LONG);
  await chat.isWriting();

  const second = await chat.anotherTab();

  await Promise.all([chat.hasAnswered(), second.hasAnswered()]);
  await expect(second.answer).toContainText('50 tokens');
  expect(await second.textOf(second.answer)).toBe(await chat.textOf(chat.answer));
});
