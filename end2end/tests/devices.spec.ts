import { readFileSync } from 'node:fs';
import { CONNECTION_LOST, expect, test } from '../fixtures';
import { messages } from '../wick/database';
import { openSeeded } from './seeded';
import { LONG } from './words';

test('what is written on one page is there on the others, and after a restart', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: 'The moon does it.' });
  const second = await chat.anotherTab();
  await chat.message.fill('Half a thought');
  await expect(second.message).toHaveValue('Half a thought');
  await second.message.fill('Half a thought, and the rest');
  await expect(chat.message).toHaveValue('Half a thought, and the rest');

  const url = chat.page.url();
  await second.page.close();
  await chat.page.goto('about:blank');
  await wick.stop();
  await wick.startAgain();
  await chat.page.goto(url);
  await expect(chat.message).toHaveValue('Half a thought, and the rest');
});

test.describe('a page that was away', () => {
  test.use({ mayComplain: CONNECTION_LOST });

  test('gets what it missed and nothing else', async ({ chat, page }) => {
    await chat.settings.limitTo(80);
    const sockets: { close: () => Promise<void> }[] = [];
    const heard: string[] = [];
    let isCut = false;
    await page.routeWebSocket('**/ws', (socket) => {
      if (isCut) return void socket.close();
      const server = socket.connectToServer();
      server.onMessage((text) => {
        heard.push(String(text));
        socket.send(text);
      });
      sockets.push(socket);
    });
    // Nor is there anything to be had in another way.
    await page.route(/\/(events|sign-in)/, (route) =>
      isCut ? route.abort('connectionrefused') : route.continue(),
    );
    await chat.reload();
    const other = await chat.anotherTab();
    await chat.say(LONG);
    await chat.isWriting();
    await other.page.goto(chat.page.url());

    isCut = true;
    await sockets.at(-1)!.close();
    await expect(chat.notConnected).toBeVisible();
    await other.sidebar.rename('Write a very long story about a lighthouse, with many…', 'Renamed meanwhile');
    await expect(other.sidebar.link('Renamed meanwhile')).toBeVisible();
    await other.hasAnswered();
    heard.length = 0;
    isCut = false;
    await chat.page.evaluate(() => window.dispatchEvent(new Event('online')));

    await expect(chat.notConnected).toBeHidden();
    await expect(chat.sidebar.link('Renamed meanwhile')).toBeVisible();
    await chat.answersWith(await other.textOf(other.answer));
    const kinds = heard.map((text) => Object.keys(JSON.parse(text))[0]);
    expect(kinds[0]).toBe('resumed');
    expect(kinds, 'neither all chats nor the whole thread came again').not.toContain('welcome');
    expect(kinds).not.toContain('thread');
  });
});

test('a temporary chat is never written anywhere and gone when it is closed', { tag: '@unread' }, async ({ chat, wick }) => {
  await chat.settings.limitTo(8);
  await chat.temporary.check();
  await chat.ask('The secret is xyzzyplugh.');
  await chat.ask('What was the secret?');
  await expect(chat.answer, 'it is remembered').toContainText(/\d+ tokens kept/);
  const url = chat.page.url();
  await chat.reload();
  await expect(chat.said).toHaveCount(2);
  await chat.sidebar.show();
  await expect(chat.sidebar.links).toHaveCount(0);

  expect(messages(wick.data)).toHaveLength(0);
  for (const file of ['wick.db', 'wick.db-wal']) {
    expect(readFileSync(`${wick.data}/${file}`).includes('xyzzyplugh'), file).toBe(false);
  }
  expect(wick.log).not.toContain('xyzzyplugh');
  await chat.page.goto('about:blank');
  await wick.stop();
  expect(wick.parked(), 'files with what the model has read').toEqual([]);
  await wick.startAgain();
  await chat.page.goto(url);
  await chat.isReady();
  await expect(chat.said).toHaveCount(0);
});
