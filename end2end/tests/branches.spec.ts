import { expect, test } from '../fixtures';
import { checkWithAxe } from '../pages/axe';
import { openSeeded } from './seeded';
import { LONG } from './words';

const NUMBERS = [{ said: 'One.', answer: 'Yes.' }, { said: 'Two.', answer: 'No.' }];

test.beforeEach(async ({ chat }) => {
  await chat.settings.limitTo(6);
});

test('an answer is written again, and arrows walk between the versions', { tag: '@phone' }, async ({ chat }) => {
  await chat.ask('Name a colour.');
  await chat.settings.set({ Temperature: '1.5', Seed: '3' });
  const first = await chat.textOf(chat.answer);

  await chat.press(chat.answer, 'Write again');

  await expect(chat.answer).toContainText('2 / 2');
  await chat.hasAnswered();
  const second = await chat.textOf(chat.answer);
  expect(second).not.toBe(first);
  await expect(chat.answers).toHaveCount(1);
  await expect(chat.answer, 'the question was not read again').toContainText(/kept \(all shared\), 1 read/);

  await chat.press(chat.answer, 'Version before');
  await expect(chat.answer).toContainText('1 / 2');
  await chat.answersWith(first);
  await chat.reload();
  await chat.answersWith(first);
  await chat.press(chat.answer, 'Next version');
  await chat.answersWith(second);
});

test('several versions are written at once, and one is picked', async ({ chat, page }) => {
  await chat.settings.limitTo(20);
  await chat.ask(LONG);
  await chat.settings.set({ Temperature: '1.5', Seed: '', 'Longest answer': '40' });
  await chat.press(chat.answer, 'More about this answer');
  await page.getByRole('button', { name: 'Write three more versions' }).click();

  await expect(chat.answer).toContainText('4 / 4');
  await chat.isWriting(10);
  // Nobody has to wait for the end of one to look at another.
  await chat.answer.getByRole('button', { name: 'Version before' }).click();
  await expect(chat.answer).toContainText('3 / 4');
  await chat.hasAnswered();
  const third = await chat.textOf(chat.answer);
  await chat.press(chat.answer, 'Next version');
  await expect(chat.answer).toContainText('4 / 4');
  await chat.hasAnswered();
  expect(await chat.textOf(chat.answer)).not.toBe(third);
  await chat.press(chat.answer, 'Version before');
  await chat.answersWith(third);
  await chat.settings.limitTo(6);
  await chat.ask('Another one.');
  await chat.reload();
  await expect(chat.answers.first()).toContainText('3 / 4');

  await chat.press(chat.answers.first(), 'More about this answer');
  await page.getByRole('button', { name: 'Compare the versions' }).click();
  const compared = page.getByRole('dialog', { name: 'Versions' });
  await expect(compared.getByRole('heading', { level: 3 })).toHaveText(['1 / 4', '2 / 4', '3 / 4', '4 / 4']);
  await expect(compared.locator('section').nth(2)).toContainText(/SmolLM2-135M-Instruct, \d+ tokens.*temperature 1\.5/);
  await expect.poll(() => compared.locator('.markdown').nth(2).textContent()).toBe(third);
  await checkWithAxe(page, 'versions');
  await compared.getByRole('button', { name: 'Show this one' }).first().click();
  await expect(compared).toBeHidden();
  await expect(chat.answers.first()).toContainText('1 / 4');
});

test('an edited message begins another branch, and the old one goes on as it was', async ({ chat }) => {
  await chat.ask('Name a colour.');
  await chat.ask('Another one.');
  const said = chat.said.first();

  await chat.edit(said, 'Name an animal.');

  await expect(chat.said).toHaveText([/Name an animal\./]);
  await expect(said).toContainText('2 / 2');
  await chat.hasAnswered();
  await chat.ask('And a plant.');
  await expect(chat.said).toHaveText([/animal/, /plant/]);

  await chat.press(said, 'Version before');
  await expect(chat.said).toHaveText([/colour/, /Another one/]);
  await expect(chat.answers).toHaveCount(2);
  await chat.press(said, 'Next version');
  await expect(chat.said).toHaveText([/animal/, /plant/]);
});

test('an edited answer is what the model goes on from, and Escape leaves a message as it was', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Colours: [{ said: 'Name a colour.', answer: 'Red.' }] });
  await chat.press(chat.said, 'Edit message');
  await expect(chat.editor).toBeFocused();
  await chat.editor.fill('Something else');
  await chat.editor.press('Escape');
  await expect(chat.said).toHaveText(/Name a colour\./);
  await expect(chat.answers).toHaveCount(1);

  await chat.edit(chat.answer, 'My answer is');

  await chat.answersWith('My answer is');
  await expect(chat.answer).toContainText('Edited.');
  await chat.goOn();
  expect((await chat.textOf(chat.answer)).startsWith('My answer is')).toBe(true);
});

test('a deleted message goes with what follows, and Undo brings it back', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Numbers: NUMBERS });
  await chat.press(chat.answers.first(), 'Delete message');

  await expect(chat.said).toHaveText([/One/]);
  await expect(chat.answers).toHaveCount(0);
  await chat.sidebar.undo.click();

  await expect(chat.said).toHaveText([/One/, /Two/]);
  await expect(chat.answers).toHaveCount(2);
});

test('a chat is continued in a new one, and the old one stays', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Numbers: NUMBERS });
  const old = chat.page.url();

  await chat.press(chat.answers.first(), 'Continue in a new chat');

  await expect(chat.said).toHaveText([/One/]);
  expect(chat.page.url()).not.toBe(old);
  await chat.ask('Three.');
  await expect(chat.said).toHaveText([/One/, /Three/]);
  await chat.page.goto(old);
  await expect(chat.said).toHaveText([/One/, /Two/]);
});

test('every page walks along', async ({ chat }) => {
  await chat.ask('Name a colour.');
  const second = await chat.anotherTab();
  await second.edit(second.said, 'Name an animal.');

  await expect(chat.said).toHaveText(/animal/);
  await chat.hasAnswered();
  await second.hasAnswered();
  await chat.press(chat.said, 'Version before');
  await expect(second.said).toHaveText(/colour/);
});

test('an answer that is being written can be asked for again', async ({ chat }) => {
  await chat.settings.limitTo(null);
  await chat.say(LONG);
  await chat.isWriting();
  const said = chat.said.first();

  await chat.edit(said, 'Something shorter, please.');

  await expect(chat.said).toHaveText([/shorter/]);
  await chat.isWriting();
  await chat.stopButton.click();
  await chat.hasAnswered();
  await chat.press(said, 'Version before');
  await expect(chat.answer).toContainText('Stopped.');
});
