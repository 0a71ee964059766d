import { CONNECTION_LOST, expect, test } from '../fixtures';
import { messages } from '../wick/database';
import { LONG } from './words';

test('an engine that is killed in mid-answer loses nothing', async ({ chat, wick }) => {
  await chat.say(LONG);
  await chat.isWriting(60);
  const before = await chat.textOf(chat.answer);

  wick.killEngine();

  await expect(chat.continueButton).toBeVisible();
  await expect(chat.answer).toContainText(/engine|model/i);
  expect((await chat.textOf(chat.answer)).startsWith(before.trimEnd())).toBe(true);
  expect(await chat.health()).toMatchObject({ status: 'ok' });
  const kept = await chat.textOf(chat.answer);
  await chat.reload();
  await chat.answersWith(kept);

  await chat.continueButton.click();

  await chat.isWriting(kept.length + 40);
  await chat.stopButton.click();
  await chat.hasAnswered();
  expect(await chat.textOf(chat.answer)).toContain(kept.trimEnd());
});

test('a message longer than the context is said to be, and is not lost', async ({ chat, wick }) => {
  const text = 'The keeper climbs the stairs. '.repeat(2000).trim();

  await chat.say(text);

  const tooLong = chat.page.getByText(/[\d,]+ tokens.*[\d,]+|[\d,]+.*[\d,]+ tokens/);
  await expect(tooLong.first()).toBeVisible();
  const inComposer = (await chat.message.inputValue()) === text;
  const inThread = messages(wick.data).some((it) => it.text === text);
  expect(inComposer || inThread, 'the message is in the composer or in the thread').toBe(true);

  await chat.settings.limitTo(4);
  await chat.sidebar.newChat.click();
  await chat.ask('A short one');
  await expect(chat.answer).toContainText(/\d tokens?, /);
});

test.describe('when the server is gone', () => {
  test.use({ mayComplain: CONNECTION_LOST });

  test('a server that is killed in mid-answer loses nothing', async ({ chat, wick }) => {
    await chat.say(LONG);
    await chat.isWriting(150);
    const before = await chat.textOf(chat.answer);

    await wick.kill();
    await expect(chat.notConnected).toBeVisible();
    await wick.startAgain();

    await expect(chat.notConnected).toBeHidden();
    await expect(chat.continueButton).toBeVisible();
    const kept = await chat.textOf(chat.answer);
    // What was written in the last 50 ms may be gone: a few words.
    expect(kept.length).toBeGreaterThan(before.length - 60);
    expect(before.startsWith(kept.slice(0, before.length).trimEnd())).toBe(true);
    await chat.continueButton.click();
    await chat.isWriting(kept.length + 20);
    await chat.stopButton.click();
    await chat.hasAnswered();
  });

  test('a message written meanwhile arrives exactly once', { tag: '@firefox' }, async ({ chat, wick }) => {
    await chat.settings.limitTo(5);
    await chat.ask('Before');
    await wick.kill();
    await expect(chat.notConnected).toBeVisible();

    await chat.say('Meanwhile');
    await wick.startAgain();

    await expect(chat.notConnected).toBeHidden();
    await expect(chat.answers).toHaveCount(2);
    await chat.hasAnswered();
    await expect(chat.said).toHaveText([/Before/, /Meanwhile/]);
    await chat.reload();
    await expect(chat.said).toHaveText([/Before/, /Meanwhile/]);
  });
});

test.describe('when the connection is cut', () => {
  test('nothing of the answer is missing afterwards', async ({ chat, page }) => {
    await chat.settings.limitTo(100);
    const cuts: (() => Promise<void>)[] = [];
    await page.routeWebSocket('**/ws', (socket) => {
      socket.connectToServer();
      cuts.push(() => socket.close());
    });
    await chat.reload();
    const uncut = await chat.anotherTab();
    await chat.say(LONG);
    await chat.isWriting(50);
    await uncut.page.goto(chat.page.url());

    await cuts.at(-1)!();
    await expect.poll(() => cuts.length, 'connections').toBeGreaterThan(1);

    await Promise.all([chat.hasAnswered(), uncut.hasAnswered()]);
    await expect(chat.answer).toContainText('100 tokens');
    expect(await chat.textOf(chat.answer)).toBe(await uncut.textOf(uncut.answer));
  });

  test('a message whose receipt was lost is not said twice', async ({ chat, page, wick }) => {
    await chat.settings.limitTo(5);
    let said = 0;
    await page.routeWebSocket('**/ws', (socket) => {
      const server = socket.connectToServer();
      let isCut = false;
      socket.onMessage((text) => {
        server.send(text);
        const isSay = String(text).includes('"say"');
        if (isSay && ++said === 1) {
          isCut = true;
          // Once the server answers it has heard the message; the page never hears of it.
        }
      });
      server.onMessage((text) => {
        if (isCut) void socket.close();
        else socket.send(text);
      });
    });
    await chat.reload();

    await chat.say('Only once');

    await expect.poll(() => said, 'times that the page sent it').toBe(2);
    await expect(chat.answers).toHaveCount(1);
    await chat.hasAnswered();
    await expect(chat.said).toHaveText([/Only once/]);
    expect(messages(wick.data).map((it) => it.author)).toHaveLength(2);
    await chat.sidebar.show();
    await expect(chat.sidebar.links).toHaveCount(1);
  });
});
