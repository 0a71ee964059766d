import { expect, test } from '../fixtures';
import { messages } from '../wick/database';
import { LONG } from './words';

test('a reload in mid-answer shows all of it and goes on', { tag: '@firefox' }, async ({ chat, wick }) => {
  await chat.say(LONG);
  await chat.isWriting(60);
  const before = await chat.textOf(chat.answer);

  await chat.reload();

  await chat.isWriting(before.length);
  const after = await chat.textOf(chat.answer);
  expect(after.slice(0, before.trimEnd().length)).toBe(before.trimEnd());
  await chat.isWriting(after.length + 40);
  await chat.stopButton.click();
  await chat.hasAnswered();
  expect(messages(wick.data)).toHaveLength(2);
});

test('an answer goes on when every tab is closed', async ({ chat, context, wick }) => {
  await chat.settings.limitTo(60);
  await chat.say(LONG);
  await chat.isWriting();
  const url = chat.page.url();
  await chat.page.close();

  await expect.poll(() => messages(wick.data).at(-1)!.state, { timeout: 30_000 }).toContain('finished');

  const page = await context.newPage();
  await page.goto(url);
  await expect(page.getByRole('log')).toContainText('60 tokens');
});

test('a second tab sees the same answer, and can stop what the first one asked for', async ({ chat }) => {
  await chat.settings.limitTo(80);
  await chat.say(LONG);
  await chat.isWriting();

  const second = await chat.anotherTab();

  await second.isWriting();
  await Promise.all([chat.hasAnswered(), second.hasAnswered()]);
  expect(await second.textOf(second.answer)).toBe(await chat.textOf(chat.answer));
  await expect(second.answer).toContainText('80 tokens');

  await chat.say(LONG);
  await expect(chat.answers).toHaveCount(2);
  await chat.isWriting();
  await second.stopButton.click();

  await Promise.all([chat.hasAnswered(), second.hasAnswered()]);
  await expect(chat.answer).toContainText('Stopped.');
  await expect(chat.continueButton).toBeVisible();
});

test('a draft is not lost by an answer in another chat', async ({ chat }) => {
  await chat.say(LONG);
  await chat.isWriting();
  await chat.sidebar.newChat.click();
  await chat.message.fill('A draft');

  await expect(chat.answers).toHaveCount(0);
  await expect(chat.message).toHaveValue('A draft');
  await expect(chat.sendButton).toBeVisible();

  await chat.page.goBack();
  await expect(chat.answer).toBeVisible();
  await chat.stopButton.click();
  await chat.hasAnswered();
});
