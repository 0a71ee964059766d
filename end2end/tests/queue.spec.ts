import { expect, test } from '../fixtures';
import { LONG } from './words';

test('a message that is sent during an answer waits for its end', async ({ chat }) => {
  await chat.settings.limitTo(60);
  await chat.say(LONG);
  await chat.isWriting();

  await chat.message.fill('Next');
  await chat.message.press('Enter');

  await expect(chat.waiting).toContainText('Next');
  await chat.settings.limitTo(3);
  await expect(chat.message).toHaveValue('');
  await expect(chat.said).toHaveCount(1);
  await expect(chat.said).toHaveText([/lighthouse/, /Next/]);
  await expect(chat.waiting).toHaveCount(0);
  await expect(chat.answers).toHaveCount(2);
  await chat.hasAnswered();
});

test('what waits is edited and taken back, and a second page sees it', async ({ chat }) => {
  await chat.say(LONG);
  await chat.isWriting();
  for (const text of ['One', 'Two']) {
    await chat.message.fill(text);
    await chat.queueButton.click();
  }
  const second = await chat.anotherTab();
  await expect(second.waiting).toHaveCount(2);

  await second.waiting.first().getByRole('button', { name: 'Edit' }).click();
  const editor = second.conversation.getByRole('textbox', { name: 'Waiting message' });
  await editor.fill('Three');
  await editor.press('Control+Enter');
  await expect(chat.waiting).toHaveText([/Three/, /Two/]);
  await chat.waiting.last().getByRole('button', { name: 'Take back' }).click();
  await expect(second.waiting).toHaveText([/Three/]);

  await chat.stopButton.click();
  await chat.hasAnswered();
  await expect(chat.waiting, 'who stops an answer wants to look at it first').toHaveCount(1);
  await chat.settings.limitTo(3);
  await chat.page.getByRole('button', { name: 'Send now' }).click();
  await expect(chat.said).toHaveText([/lighthouse/, /Three/]);
  await chat.hasAnswered();
});

test('what waits is still there after a restart', async ({ chat, wick }) => {
  await chat.say(LONG);
  await chat.isWriting();
  await chat.message.fill('Later');
  await chat.queueButton.click();
  await expect(chat.waiting).toHaveCount(1);
  const url = chat.page.url();
  await chat.page.goto('about:blank');
  await wick.stop();
  await wick.startAgain();
  await chat.page.goto(url);
  await expect(chat.waiting).toContainText('Later');
});
