import { expect, test } from '../fixtures';
import { openSeeded } from './seeded';
import { LONG, LONG_CHAT } from './words';

test('a person writes and the answer streams in', { tag: ['@phone', '@firefox', '@unread'] }, async ({ chat }) => {
  await chat.settings.limitTo(40);
  const seen = await chat.watch();

  await chat.say('Why is the sky blue?');

  await expect(chat.said).toHaveText(/Why is the sky blue\?/);
  await expect(chat.message).toHaveValue('');
  await chat.hasAnswered();
  const { lengths } = await seen();
  expect(lengths.length, 'distinct lengths of the answer').toBeGreaterThan(10);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  await expect(chat.answer).toHaveAccessibleName(/smollm2/i);
  await expect(chat.answer).toContainText(
    /\d+ tokens?, \d+\.\d a second, first after \d+\.\d\d s · \d+ tokens? kept, \d+ read/,
  );
});

test('the next turn says what was kept', async ({ chat }) => {
  await chat.settings.limitTo(12);

  await chat.ask('My name is Ada.');
  await chat.ask('What is my name?');

  await expect(chat.said).toHaveCount(2);
  await expect(chat.answers).toHaveCount(2);
  const [, kept, read] = / · (\d+) tokens? kept, (\d+) read/.exec(await chat.answer.innerText()) ?? [];
  expect(Number(kept), 'tokens of the first turn that were not read again').toBeGreaterThan(20);
  expect(Number(read), 'tokens that were new').toBeLessThan(Number(kept));
});

test('a line stands where the model no longer sees', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { 'The Pharos': LONG_CHAT });

  await expect(chat.endOfLeftOut).toBeVisible();
  const parts = chat.conversation.getByRole('article').or(chat.endOfLeftOut);
  await expect(parts).toHaveText([
    /How tall/,
    /100 metres/,
    /no longer sees/,
    /who built/,
    /Sostratus/,
    /When did/,
    /earthquakes/,
  ]);
  await expect(chat.answer).toContainText(
    '1,204 tokens kept (1,000 parked on disk, 204 shared), 1,031 read in 4.2 s: ' +
      'the oldest messages left the prompt',
  );

  await chat.settings.limitTo(3);
  await chat.ask('And now?');
  await expect(chat.endOfLeftOut, 'all of it fits again').toHaveCount(0);
});

test('Stop keeps what was written and Continue goes on', { tag: ['@phone', '@firefox'] }, async ({ chat }) => {
  await chat.say(LONG);
  await chat.isWriting();

  await chat.stopButton.click();

  await chat.hasAnswered();
  const kept = await chat.textOf(chat.answer);
  expect(kept.length).toBeGreaterThan(40);
  await chat.reload();
  await chat.answersWith(kept);

  await chat.continueButton.click();

  await chat.isWriting(kept.length + 20);
  expect(await chat.textOf(chat.answer)).toContain(kept.trimEnd());
  await expect(chat.answers).toHaveCount(1);
  await chat.stopButton.click();
  await chat.hasAnswered();
});

test('Enter sends what there is to send, and Shift+Enter breaks the line', { tag: '@firefox' }, async ({ chat }) => {
  await chat.settings.limitTo(3);
  await chat.message.press('Enter');
  await chat.message.fill('   ');
  await chat.message.press('Enter');
  await chat.message.fill('');

  await chat.message.pressSequentially('One');
  await chat.message.press('Shift+Enter');
  await chat.message.pressSequentially('Two');
  await expect(chat.message).toHaveValue('One\nTwo');
  await expect(chat.said).toHaveCount(0);
  await chat.message.press('Enter');

  await expect(chat.said).toHaveText(/One\s*Two/);
  await expect(chat.message).toHaveValue('');
  await expect(chat.message).toBeFocused();
  await chat.hasAnswered();
  await expect(chat.said).toHaveCount(1);
});

test('the composer grows with its text, up to a limit', { tag: '@phone' }, async ({ chat }) => {
  const height = async () => (await chat.message.boundingBox())!.height;
  const empty = await height();

  await chat.message.fill('One\nTwo\nThree\nFour');
  await expect.poll(height).toBeGreaterThan(empty + 40);
  await chat.message.fill('Line\n'.repeat(200));
  const limit = 0.45 * chat.page.viewportSize()!.height;
  await expect.poll(height).toBeLessThan(limit);
  await expect(chat.sendButton).toBeInViewport();

  await chat.message.fill('');
  await expect.poll(height).toBe(empty);

  await chat.settings.limitTo(1);
  await chat.say('Line\n'.repeat(20));
  await expect(chat.said).toHaveCount(1);
  await expect.poll(height).toBe(empty);
});

test('the thread follows the end only while the reader is there', async ({ chat }) => {
  await chat.say(`${'A line of mine.\n'.repeat(40)}${LONG}`);
  await chat.isWriting();
  await expect.poll(() => chat.isAtEnd()).toBe(true);

  await chat.conversation.hover();
  await chat.page.mouse.wheel(0, -600);
  const toTheEnd = chat.page.getByRole('button', { name: 'Go to the end' });
  await expect(toTheEnd).toBeVisible();
  const length = (await chat.textOf(chat.answer)).length;
  await chat.isWriting(length + 40);
  expect(await chat.isAtEnd()).toBe(false);

  await toTheEnd.click();
  await expect.poll(() => chat.isAtEnd()).toBe(true);
  await expect(toTheEnd).toBeHidden();
  await chat.stopButton.click();
  await chat.hasAnswered();
});
