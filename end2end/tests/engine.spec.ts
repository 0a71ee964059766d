import { expect, test } from '../fixtures';
import { LONG, LONG_TO_READ } from './words';

test('nothing runs before the first message', async ({ chat, wick }) => {
  await expect(chat.engine).toContainText('Engine: off, 0 MB');
  await chat.message.fill('Not sent');
  await chat.models.show();
  await chat.models.close();
  await chat.reload();

  await expect(chat.engine).toContainText('Engine: off, 0 MB');
  expect(wick.engines()).toEqual([]);
  expect(await chat.health()).toMatchObject({ status: 'ok', engine: 'off' });
});

test('the footer says what the engine holds, weights apart, and Rest now gives everything back', async ({ chat, wick }) => {
  await expect(chat.restButton).toHaveCount(0);
  await chat.settings.limitTo(5);
  await chat.ask('Hello');

  const megabytes = async () => {
    const said = /Engine: ([\d,]+) MB: weights ([\d,]+) MB, context and the rest ([\d,]+) MB/.exec(
      await chat.engine.innerText(),
    );
    return said?.slice(1).map((it) => Number(it.replaceAll(',', ''))) ?? [];
  };
  await expect.poll(async () => (await megabytes()).length).toBe(3);
  const held = wick.engineMemory() / 1e6;
  await expect.poll(async () => Math.abs((await megabytes())[0]! - held)).toBeLessThan(0.15 * held);
  const [total, weights, rest] = (await megabytes()) as [number, number, number];
  expect(Math.abs(total - weights - rest)).toBeLessThanOrEqual(1);
  expect(weights).toBeGreaterThan(60);
  expect(rest).toBeGreaterThan(5);

  await chat.restButton.click();

  await expect(chat.engine).toContainText('Engine: off, 0 MB. Gave back');
  await expect.poll(() => wick.engines()).toEqual([]);
  await expect(chat.restButton).toHaveCount(0);
  const said = /Gave back ([\d,]+) MB; coming back takes about [\d.]+ m?s\./;
  const gaveBack = Number(said.exec(await chat.engine.innerText())?.[1]?.replaceAll(',', ''));
  expect(Math.abs(gaveBack - held), 'MB between what was held and what was given back').toBeLessThan(0.15 * held);

  await chat.ask('Hello again');
  await expect(chat.engine).not.toContainText('Gave back');
  await expect(chat.restButton).toBeVisible();
});

test('reading a long message is shown in tokens, and can be stopped', async ({ chat }) => {
  const seen = await chat.watch();

  await chat.say(LONG_TO_READ);

  await expect.poll(async () => (await seen()).reading.length, 'numbers of tokens read').toBeGreaterThan(3);
  await chat.stopButton.click();
  await chat.hasAnswered();
  const { reading } = await seen();
  for (const { done, total } of reading) {
    expect(total).toBeGreaterThan(1500);
    expect(done).toBeLessThanOrEqual(total);
  }
  const done = reading.map((it) => it.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
});

test('two chats are answered one after the other and both are right', async ({ chat }) => {
  await chat.settings.limitTo(60);
  await chat.say(LONG);
  await chat.isWriting(20);
  const second = await chat.anotherTab();
  await second.sidebar.newChat.click();
  await second.settings.limitTo(5);

  await second.say('Hello');

  await expect(second.answer).toBeVisible();
  await Promise.all([chat.hasAnswered(), second.hasAnswered()]);
  await expect(chat.answers).toHaveCount(1);
  await expect(second.answers).toHaveCount(1);
  await expect(chat.answer).toContainText('60 tokens');
  await expect(second.answer).toContainText(/\d+ tokens?,/);
});

test('the engine can rest when nothing is being written', async ({ chat }) => {
  await chat.say(LONG);
  await chat.isWriting();
  await expect(chat.restButton).toHaveCount(0);
  const second = await chat.anotherTab();
  await second.sidebar.newChat.click();

  // This page does not see the answer of the other chat.
  await second.restButton.click();

  await expect(second.page.getByText('An answer is being written.')).toBeVisible();
  await chat.stopButton.click();
  await chat.hasAnswered();
  await expect(chat.restButton).toBeVisible();
});

test('the engine starts again after it was given back', async ({ chat, wick }) => {
  await chat.settings.limitTo(5);
  await chat.ask('Hello');
  wick.killEngine();

  await expect(chat.engine).toContainText('Engine: off, 0 MB');
  await chat.ask('Hello again');
  await expect(chat.answer).toContainText(/\d tokens?, /);
});
