import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '../fixtures';
import { openSeeded } from './seeded';

const samples = resolve(import.meta.dirname, '../../archive/samples');

test('chats are saved as files and brought in again', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Tides: 'The **moon** does it.' });
  await chat.sidebar.showOptions('Tides');
  const files: Record<string, string> = {};
  for (const name of ['Markdown', 'Web page', 'JSON']) {
    const coming = page.waitForEvent('download');
    await chat.sidebar.options.getByRole('link', { name }).click();
    const file = await coming;
    files[file.suggestedFilename().split('.').at(-1)!] = await file.path();
  }
  expect(readFileSync(files['md']!, 'utf8')).toContain('The **moon** does it.');
  expect(readFileSync(files['html']!, 'utf8')).toContain('<strong>moon</strong>');
  await chat.sidebar.closeOptions();
  await chat.settings.show();
  const field = chat.settings.dialog.getByLabel('Bring in chats from a file');

  await field.setInputFiles(files['json']!);

  await expect(page.getByRole('status').filter({ hasText: '1 chat was brought in.' })).toBeVisible();
  await chat.settings.close.click();
  await expect(chat.sidebar.links).toHaveText([/Tides/, /Tides/]);
});

test.describe('a file of another program', () => {
  // The last file is refused.
  test.use({ mayComplain: /status of 422/ });

  test('brings its chats in', async ({ chat, page }) => {
    await chat.settings.show();
    const field = chat.settings.dialog.getByLabel('Bring in chats from a file');
    for (const sample of ['chatgpt.json', 'open-webui.json', 'lm-studio.conversation.json', 'llama-server.jsonl']) {
      await field.setInputFiles(join(samples, sample));
      await expect(page.getByRole('status').filter({ hasText: /brought in/ }), sample).toBeVisible();
      // The same sentence is not said twice.
      await chat.reload();
      await chat.settings.show();
    }
    await field.setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"a": 1}') });
    await expect(page.getByRole('status').filter({ hasText: /ChatGPT/ })).toBeVisible();
    await chat.settings.close.click();
    await chat.sidebar.links.first().click();
    await expect(chat.said.first()).toBeVisible();
  });
});
