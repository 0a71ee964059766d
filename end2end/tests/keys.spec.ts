// Keys that work from everywhere, and the palette.

import { expect, test } from '../fixtures';
import { openSeeded } from './seeded';

test('the palette goes to a chat, opens a dialog and begins a chat', { tag: '@firefox' }, async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { 'Tides of the sea': 'The moon does it.', Bread: 'Flour and water.' });
  const field = page.getByRole('combobox', { name: 'A chat, a model or something to do' });
  const entries = page.getByRole('listbox', { name: 'Found' }).getByRole('option');

  await page.keyboard.press('ControlOrMeta+k');
  await expect(field).toBeFocused();
  await page.keyboard.type('sea');
  await expect(entries).toHaveText([/Tides of the sea/]);
  await page.keyboard.press('Enter');
  await expect(field).toBeHidden();
  await chat.answersWith('The moon does it.');

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('e');
  await expect(entries.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await expect(entries.last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(entries.first()).toHaveAttribute('aria-selected', 'true');
  await field.fill('nothing has this');
  await expect(page.getByText('Nothing has these words.')).toBeVisible();
  await field.fill('settings');
  await page.keyboard.press('Enter');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();

  await page.keyboard.press('ControlOrMeta+Shift+o');
  await expect(chat.said).toHaveCount(0);
  await expect(chat.message).toBeFocused();
});

test('the palette shows what the arrows come to, and its field stays where it is', async ({ chat: _, page }) => {
  await page.setViewportSize({ width: 1280, height: 400 });
  await page.keyboard.press('ControlOrMeta+k');
  const field = page.getByRole('combobox', { name: 'A chat, a model or something to do' });
  const last = page.getByRole('option').last();
  await expect(last).toHaveText('Keys');
  await expect(last).not.toBeInViewport();
  await page.keyboard.press('ArrowUp');
  await expect(last).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('ArrowDown');
  await expect(field).toBeInViewport({ ratio: 1 });

  const before = await field.boundingBox();
  await page.keyboard.type('keys');
  await expect(page.getByRole('option')).toHaveText(['Keys']);
  expect(await field.boundingBox(), 'fewer entries do not move it').toEqual(before);
});

test('what is written nowhere is a message, but not on a dialog', { tag: '@firefox' }, async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Bread: 'Flour and water.' });
  await page.keyboard.press('Space');
  await page.keyboard.press('ControlOrMeta+a');
  await expect(chat.message).not.toBeFocused();
  await page.keyboard.type('Oil, ');
  await expect(chat.message).toBeFocused();
  await chat.answer.click();
  await page.keyboard.type('too?');
  await expect(chat.message).toHaveValue('Oil, too?');

  await chat.message.blur();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys).toBeVisible();
  await page.keyboard.press('x');
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await expect(chat.message).toHaveValue('Oil, too?');
});

test('a question mark lists the keys, but not while something is written', async ({ chat, page }) => {
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await chat.message.press('?');
  await expect(chat.message).toHaveValue('?');
  await expect(keys).toBeHidden();
  await chat.message.fill('');
  await chat.message.blur();
  await page.keyboard.press('?');
  await expect(keys.getByText('Send the message')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(keys, 'one dialog at a time').toBeHidden();
});

test('the arrow up edits what was said last', async ({ chat, page, wick }) => {
  const exchanges = [{ said: 'One?', answer: 'Yes.' }, { said: 'Two?', answer: 'No.' }];
  await openSeeded(chat, wick, { Numbers: exchanges });
  await chat.message.fill('x');
  await page.keyboard.press('ArrowUp');
  await expect(chat.editor).toHaveCount(0);
  await chat.message.fill('');
  await page.keyboard.press('ArrowUp');
  await expect(chat.editor).toBeFocused();
  await expect(chat.editor).toHaveValue('Two?');
});

test('a dialog that is wanted again before the browser said that it was closed comes back', async ({ chat: _, page }) => {
  const field = page.getByRole('combobox', { name: 'A chat, a model or something to do' });
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field).toBeVisible();
  await page.evaluate(async () => {
    const dialog = document.querySelector<HTMLDialogElement>('dialog[open]')!;
    const told = new Promise((done) => dialog.addEventListener('close', done, { once: true }));
    const press = () => dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
    press();
    for (let turn = 0; dialog.open && turn < 100; turn++) await Promise.resolve();
    press();
    await told;
  });
  await expect(field).toBeVisible();
});
