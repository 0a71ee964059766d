// Instructions for the model, presets, and the exact prompt.

import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures';
import { checkWithAxe } from '../pages/axe';
import { openSeeded } from './seeded';

const BRIEF = 'You are brief, and you answer in one word.';

test('a new chat takes its instructions along with the first message, and later chats do not', async ({ chat }) => {
  await chat.settings.limitTo(8);
  await chat.page.getByRole('button', { name: 'Instructions', exact: true }).click();
  await chat.instructions.field.fill(BRIEF);
  await chat.instructions.save.click();
  await expect(chat.page.getByRole('button', { name: 'Instructions are set' })).toBeVisible();
  await chat.reload();
  await chat.ask('Does a ship float?');

  await chat.sidebar.choose('Does a ship float?', 'Instructions');
  await expect(chat.instructions.field).toHaveValue(BRIEF);
  await chat.instructions.close.click();
  await chat.sidebar.newChat.click();
  await expect(chat.page.getByRole('button', { name: 'Instructions', exact: true })).toBeVisible();
  await chat.instructions.show();
  await expect(chat.instructions.field).toHaveValue('');
});

test('instructions are seen on another page at once, unless something is written there', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Ships: 'They float.' });
  const other = await chat.anotherTab();
  await other.instructions.show();
  await chat.instructions.set(BRIEF);
  await expect(other.instructions.field).toHaveValue(BRIEF);
  await other.instructions.field.fill('Something else');
  await chat.instructions.set('Rhyme.');
  await chat.instructions.show();
  await expect(chat.instructions.field).toHaveValue('Rhyme.');
  await expect(other.instructions.field).toHaveValue('Something else');
  await other.instructions.save.click();
  await expect(chat.instructions.field).toHaveValue('Something else');

  await chat.instructions.field.fill('x'.repeat(32 * 1024 + 1));
  await chat.instructions.save.click();
  await expect(chat.instructions.dialog).toContainText('These are 32,769 bytes long; up to 32,768 can be kept.');
});

test('the exact prompt has all that is said and written, and nothing is loaded for it', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Ships: 'They float.' });
  await chat.message.fill('All of them?');
  await chat.instructions.show();
  await chat.instructions.field.fill(BRIEF);
  await chat.instructions.showPrompt.click();
  const { prompt, promptText } = chat.instructions;
  const text = [
    `<|im_start|>system\n${BRIEF}<|im_end|>`,
    '<|im_start|>user\nWell?<|im_end|>',
    '<|im_start|>assistant\nThey float.<|im_end|>',
    '<|im_start|>user\nAll of them?<|im_end|>',
    '<|im_start|>assistant\n',
  ].join('\n');
  await expect.poll(() => promptText.textContent()).toBe(text);
  await expect(prompt).toContainText(`these ${text.length} characters`);
  expect((await chat.health()).engine).toBe('off');

  await prompt.getByRole('button', { name: 'Close', exact: true }).click();
  await chat.message.fill('');
  await chat.instructions.openPrompt();
  await expect(prompt).toContainText('The next message comes between');
});

test('a preset is used in a chat and for new chats, renamed and deleted', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Ships: 'They float.' });
  const { instructions } = chat;
  await chat.settings.set({ Temperature: '0.3' });
  await instructions.show();
  await instructions.field.fill(BRIEF);
  await instructions.saveAsPreset('Brief');
  await expect(instructions.preset('Brief')).toContainText('Temperature 0.3, SmolLM2-135M-Instruct');
  await instructions.close.click();
  await chat.settings.set({ Temperature: '0' });

  await instructions.show();
  await expect(instructions.field, 'it was not saved to the chat').toHaveValue('');
  await instructions.press('Brief', 'Use');
  await expect(instructions.field).toHaveValue(BRIEF);
  await instructions.press('Brief', 'Rename');
  const name = instructions.preset('Brief').getByRole('textbox', { name: 'New name' });
  await name.fill('Terse');
  await name.press('Enter');
  await instructions.forNewChats('Terse').check();
  await instructions.close.click();
  await chat.settings.show();
  await expect(chat.settings.field('Temperature')).toHaveValue('0.3');
  await chat.settings.close.click();

  const other = await chat.anotherTab();
  await other.sidebar.newChat.click();
  await other.instructions.show();
  await expect(other.instructions.field).toHaveValue(BRIEF);
  await other.instructions.press('Terse', 'Delete');
  await expect(other.instructions.presets).toHaveCount(0);
  await expect(other.instructions.field, 'new chats begin without').toHaveValue('');
  await instructions.show();
  await expect(instructions.field, 'what was chosen stays').toHaveValue(BRIEF);
  await expect(instructions.presets).toHaveCount(0);
});

test('instructions of a temporary chat are never written anywhere', async ({ chat, wick }) => {
  await chat.settings.limitTo(8);
  await chat.temporary.check();
  await chat.page.getByRole('button', { name: 'Instructions', exact: true }).click();
  await chat.instructions.field.fill('The secret is xyzzyplugh.');
  await chat.instructions.save.click();
  await chat.ask('What is it?');
  await chat.settings.show();
  await chat.settings.dialog.getByRole('button', { name: 'Show the exact prompt' }).click();
  await expect(chat.instructions.promptText).toContainText('xyzzyplugh');
  for (const file of ['wick.db', 'wick.db-wal']) {
    expect(readFileSync(`${wick.data}/${file}`).includes('xyzzyplugh'), file).toBe(false);
  }
});

test('everybody can use instructions, presets and the prompt', { tag: '@phone' }, async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Ships: 'They float. '.repeat(400) });
  await chat.instructions.show();
  await chat.instructions.field.fill(BRIEF);
  await chat.instructions.saveAsPreset('Brief');
  await chat.instructions.saveAsPreset('Verbose');
  await checkWithAxe(page, 'instructions');
  await chat.instructions.press('Brief', 'Rename');
  const name = chat.instructions.preset('Brief').getByRole('textbox', { name: 'New name' });
  await name.fill('Verbose');
  await name.press('Enter');
  await expect(chat.instructions.dialog).toContainText('Another preset is called so.');
  await checkWithAxe(page, 'a preset that is renamed');
  await chat.instructions.showPrompt.click();
  await expect(chat.instructions.promptText).toBeVisible();
  await checkWithAxe(page, 'the exact prompt');
});
