import { expect, test } from '../fixtures';
import { pdfFile, textFile } from '../pages/attachments';
import { foundByAxe } from '../pages/axe';
import { messages } from '../wick/database';
import { LONG } from './words';

const LONG_NAME = 'a-name-that-is-much-longer-than-a-phone-is-wide-and-then-some-more.txt';
const KEYS = textFile('keys.md', '# Keys\n\nThe brass key opens the lamp room.');

test.beforeEach(async ({ chat }) => {
  await chat.settings.limitTo(4);
});

test('a file is sent with a message, folded, and there after a reload', { tag: '@firefox' }, async ({ chat, wick }) => {
  await chat.files.choose(KEYS);
  await expect(chat.files.all).toHaveText([/keys\.md\s*\d+ bytes, about \d+ tokens/]);

  await chat.ask('Which key?');

  await expect(chat.files.list).toHaveCount(0);
  for (const load of [async () => {}, () => chat.reload()]) {
    await load();
    const file = chat.said.locator('summary');
    await expect(file).toHaveText(/keys\.md\s*\d+ bytes/);
    expect(await chat.textOf(chat.said)).toBe('Which key?');
    await expect(chat.said.getByText('brass key')).toHaveCount(0);
    await file.press('Enter');
    await expect(chat.said.getByRole('group', { name: 'keys.md' })).toHaveText(/The brass key opens the lamp room\./);
  }
  const [said] = messages(wick.data);
  expect(said!.text).toContain('The brass key opens the lamp room.');
  await chat.sidebar.show();
  await expect(chat.sidebar.links).toHaveText([/Which key\?/]);
});

test('a PDF is read on the server, and the model gets its text', async ({ chat, wick }) => {
  await chat.files.choose(pdfFile('lamp.pdf', 'The lamp burns colza oil.'));
  await expect(chat.files.all).toHaveText([/lamp\.pdf\s*1 page, 25 bytes of text, about \d+ tokens/]);

  // Without a word of one's own.
  await chat.sendButton.click();

  await chat.hasAnswered();
  await expect(chat.said.locator('summary')).toHaveText(/lamp\.pdf\s*1 page/);
  expect(messages(wick.data)[0]!.text).toContain('The lamp burns colza oil.');
  await chat.sidebar.show();
  await expect(chat.sidebar.links).toHaveText([/lamp\.pdf/]);
});

test('files are dropped onto the page', async ({ chat }) => {
  const letGo = await chat.files.holdOver('a.csv', 'a,b\n1,2');
  await expect(chat.files.dropPlace).toBeVisible();

  await letGo();

  await expect(chat.files.dropPlace).toHaveCount(0);
  await expect(chat.files.all).toHaveText([/a\.csv/]);
  const another = await chat.files.holdOver('b.csv', 'c');
  await another();
  await expect(chat.files.all).toHaveText([/a\.csv/, /b\.csv/]);
  await chat.files.remove('a.csv');
  await expect(chat.files.all).toHaveText([/b\.csv/]);
});

test('a long text that is pasted becomes a file, and goes into the message if one likes', async ({ chat }) => {
  await chat.message.fill('Look:');
  await chat.files.paste(chat.message, ' short');
  await expect(chat.message).toHaveValue('Look: short');
  const long = 'A line of a log file.\n'.repeat(200).trim();

  await chat.files.paste(chat.message, long);

  await expect(chat.files.all).toHaveText([/Pasted text/]);
  await expect(chat.message).toHaveValue('Look: short');
  await chat.files.list.getByRole('button', { name: 'Put into the message' }).click();
  await expect(chat.files.list).toHaveCount(0);
  await expect(chat.message).toHaveValue(`Look: short\n\n${long}`);
});

test.describe('what can not be attached', () => {
  // The server refuses a file.
  test.use({ mayComplain: /status of 422/ });

  test('is said before anything is sent', async ({ chat }) => {
    const file = (name: string, mimeType: string, bytes: number[]) => ({ name, mimeType, buffer: Buffer.from(bytes) });
    for (const [chosen, says] of [
      [file('a.png', 'image/png', [0x89, 0x50, 0x4e, 0x47, 0]), /a\.png is a picture, and SmolLM2.* can't see pictures/],
      [file('a.zip', 'application/zip', [0x50, 0x4b, 3, 4, 0]), /a\.zip is neither a picture nor a PDF nor text/],
      [textFile('empty.txt', ''), /empty\.txt is empty/],
      [textFile('broken.pdf', '%PDF-1.4'), /broken\.pdf was not attached\. The file is damaged/],
      [textFile('long.txt', 'x'.repeat(600_000)), /long\.txt has 600,000 bytes of text; up to 524,288 can be sent/],
    ] as const) {
      await chat.files.choose(chosen);
      await expect(chat.files.trouble).toHaveText(says);
      await expect(chat.files.list).toHaveCount(0);
      await expect(chat.sendButton).toBeDisabled();
    }
    await chat.message.fill('x');
    await expect(chat.files.trouble).toHaveCount(0);
  });
});

test('what is too much for the model or for a message is said in numbers', async ({ chat }) => {
  await chat.files.choose(textFile('a.txt', 'word '.repeat(10_000)));
  await expect(chat.files.beyond).toHaveText(
    /about 10,\d00 tokens, and SmolLM2.* holds 8,192 of them, its answer included\. Of these 50 kB about 3\d kB would fit/,
  );
  await expect(chat.sendButton).toBeEnabled();

  await chat.files.choose(textFile('b.txt', 'x'.repeat(500_000)));

  await expect(chat.files.trouble).toHaveText(/With its files this message is 550,\d{3} bytes long; up to 524,288 can be sent/);
  await expect(chat.sendButton).toBeDisabled();
  await chat.files.remove('a.txt');
  await chat.files.remove('b.txt');
  await expect(chat.files.beyond).toHaveCount(0);
});

test('what is attached stays when the page is loaded again or another chat is shown', async ({ chat }) => {
  await chat.files.choose(KEYS);
  await chat.message.fill('Which key?');

  await chat.reload();

  await expect(chat.files.all).toHaveText([/keys\.md/]);
  await expect(chat.message).toHaveValue('Which key?');
  await chat.ask('Which key?');
  await chat.files.choose(textFile('for-this-chat.txt', 'x'));
  await expect(chat.files.all).toHaveText([/for-this-chat/]);
  await chat.sidebar.newChat.click();
  await expect(chat.files.list).toHaveCount(0);
  await chat.sidebar.link('Which key?').click();
  await expect(chat.files.all).toHaveText([/for-this-chat/]);
});

test('an edited message keeps its files', async ({ chat }) => {
  await chat.files.choose(KEYS);
  await chat.ask('Which key?');
  await chat.press(chat.said, 'Edit message');
  await expect(chat.editor).toHaveValue('Which key?');
  await chat.editor.fill('And which lamp?');
  await chat.editor.press('Control+Enter');
  await expect(chat.said.getByText('2 / 2')).toBeVisible();
  await chat.hasAnswered();

  expect(await chat.textOf(chat.said)).toBe('And which lamp?');
  await expect(chat.said.locator('summary')).toHaveText(/keys\.md/);
});

test('a message with a file waits for its turn', async ({ chat }) => {
  await chat.settings.limitTo(60);
  await chat.say(LONG);
  await chat.isWriting();
  await chat.files.choose(KEYS);
  await chat.message.fill('Which key?');

  await chat.queueButton.click();

  await expect(chat.waiting).toContainText('keys.md');
  await expect(chat.waiting).toContainText('Which key?');
  await expect(chat.waiting).not.toContainText('brass');
  await chat.settings.limitTo(3);
  await expect(chat.waiting).toHaveCount(0);
  await expect(chat.said.last().locator('summary')).toHaveText(/keys\.md/);
  await chat.hasAnswered();
});

test('everybody can attach files', { tag: '@phone' }, async ({ chat, page }) => {
  const check = async (state: string) => expect(await foundByAxe(page), state).toEqual([]);
  await chat.files.choose(KEYS, textFile(LONG_NAME, 'word '.repeat(10_000)));
  await expect(chat.files.all).toHaveCount(2);
  await check('attached');
  const small = await chat.files.list.getByRole('button').evaluateAll((all) =>
    all.filter((it) => Math.min(it.clientWidth, it.clientHeight) < 42).map((it) => it.ariaLabel),
  );
  expect(small).toEqual([]);
  await chat.files.remove(LONG_NAME);
  await chat.ask('Which key?');
  await chat.said.locator('summary').click();
  await expect(chat.said.getByRole('group', { name: 'keys.md' })).toBeVisible();
  await check('sent');
});
