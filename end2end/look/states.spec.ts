import { join, resolve } from 'node:path';
import { expect, test } from '../fixtures';
import { AccessDialog } from '../pages/access';
import { pdfFile, textFile } from '../pages/attachments';
import { openSeeded } from '../tests/seeded';
import { CONTEXT_FREED, tellOfEngine } from '../tests/told';
import { LONG, LONG_CHAT, LONG_TO_READ } from '../tests/words';
import * as broken from '../wick/broken';
import { GEMMA, STARTER } from '../wick/places.mjs';

const folder = resolve(process.env['WICK_LOOK'] ?? '../target/look');

const ANSWER = `A lighthouse warns ships with **light**, and in fog with *sound*.

1. The keeper lights the lamp.
2. A lens gathers the light into beams:
   - fixed, or
   - turning, so that each lighthouse has a rhythm of its own.

> At night one counts the seconds between two flashes.

\`\`\`rust
fn is_visible(height: f64, distance: f64) -> bool {
    distance < 3.57 * height.sqrt()
}
\`\`\`

| Name | Built | Height |
|------|------:|-------:|
| Pharos | 280 BC | 103 m |
| Eddystone | 1882 | 49 m |

The book *[The Lighthouse Stevensons](https://example.com/stevensons)* tells more, and \`height\` is in metres.`;

let shoot: (state: string) => Promise<void>;

test.beforeEach(async ({ page }, info) => {
  shoot = async (state) => {
    await page.screenshot({ path: `${folder}/${state}-${info.project.name}.png` });
  };
});

test('empty', async ({ chat: _ }) => shoot('empty'));

test('reading', async ({ chat }) => {
  await chat.say(LONG_TO_READ);
  await expect(chat.answer).toContainText(/Reading: [1-9]/);
  await shoot('reading');
});

test('streaming', async ({ chat }) => {
  await chat.say(LONG);
  await chat.isWriting(300);
  await shoot('streaming');
});

test('finished', async ({ chat, wick }) => {
  await openSeeded(chat, wick, {
    'Tides and the moon': 'Yes.',
    'Salt in the sea': 'Yes.',
    'What is a fathom?': 'Yes.',
    'How do lighthouses work?': ANSWER,
  });
  await expect(chat.answer).toContainText('in metres');
  await shoot('finished');
  await chat.settings.set({ 'Longest answer': '48' });
  await chat.ask('And how far can one see it?');
  await shoot('finished-with-numbers');
  await chat.sidebar.show();
  await shoot('chats');
  await chat.sidebar.delete('Salt in the sea');
  await expect(chat.sidebar.undo).toBeVisible();
  await shoot('deleted');
});

test('thought, palette and keys', async ({ chat, page, wick }) => {
  const thought = 'They ask how it works. The lamp, the lens, the **rhythm**.\n\n1. What is it for?\n2. Who keeps it?';
  await openSeeded(chat, wick, {
    'Tides and the moon': 'Yes.',
    'A chat whose title is so long that it can only be shown in part, however wide it is': 'Yes.',
    'How do lighthouses work?': `<think>\n${thought}\n</think>\n\n${ANSWER}`,
  });
  await chat.answer.locator('summary').click();
  await shoot('thought');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('option').first()).toBeVisible();
  await shoot('palette');
  await page.keyboard.press('Escape');
  await chat.message.blur();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await shoot('keys');
});

test('contrast', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { 'How do lighthouses work?': ANSWER });
  await chat.settings.show();
  await chat.settings.theme('Contrast').check();
  await shoot('contrast-settings');
  await chat.settings.close.click();
  await shoot('contrast');
});

test('settings', async ({ chat }) => {
  await chat.settings.show();
  await shoot('settings');
  await chat.settings.field('Temperature').fill('9');
  await chat.settings.save.click();
  await expect(chat.settings.dialog).toContainText('Temperature is 9');
  await shoot('settings-out-of-range');
});

test('resting', async ({ chat }) => {
  await chat.settings.set({ 'Longest answer': '12' });
  await chat.ask('Hello');
  await expect(chat.restButton).toBeVisible();
  await shoot('before-rest');
  await chat.restButton.click();
  await expect(chat.engine).toContainText('Gave back');
  await shoot('after-rest');
});

test('engine', async ({ chat }) => {
  await chat.settings.set({ 'Longest answer': '60' });
  await chat.enginePanel.show();
  await chat.enginePanel.isShown();
  await shoot('engine-empty');
  await chat.enginePanel.close.click();
  await chat.ask('Hello');
  await chat.sidebar.show();
  await chat.sidebar.newChat.click();
  await chat.ask(LONG_TO_READ.slice(0, 2_000));
  await chat.sidebar.show();
  await chat.sidebar.newChat.click();
  await chat.ask('Hello again');
  await chat.enginePanel.show();
  await chat.enginePanel.isShown();
  await shoot('engine');
  await chat.enginePanel.rest.click();
  await expect(chat.enginePanel.dialog).toContainText('Nothing is loaded');
  await chat.enginePanel.showsNew();
  await shoot('engine-rested');
});

test('context freed', async ({ chat, page }) => {
  await tellOfEngine(page, CONTEXT_FREED);
  await chat.reload();
  await expect(chat.engine).toContainText('Context freed');
  await shoot('context-freed');
});

test('left out', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { 'The Pharos': LONG_CHAT });
  await expect(chat.endOfLeftOut).toBeVisible();
  await shoot('left-out');
});

test('too big', async ({ chat, wick }) => {
  broken.hungry(join(wick.models, 'hungry.gguf'));
  await chat.models.choose(/^hungry /);
  await chat.say('Hello');
  await expect(chat.page.getByRole('button', { name: 'Load anyway' })).toBeVisible();
  await shoot('too-big');
  await chat.models.show();
  await shoot('models-too-big');
});

test('interrupted', async ({ chat, wick }) => {
  await chat.say(LONG);
  await chat.isWriting(200);
  wick.killEngine();
  await expect(chat.continueButton).toBeVisible();
  await shoot('interrupted');
});

test.describe('with two models', () => {
  test.use({ modelFiles: [STARTER, GEMMA] });

  test('loading', async ({ chat }) => {
    await chat.models.choose(/gemma/i);
    await chat.say('Hello');
    await expect(chat.answer).toContainText(/Loading the model/);
    await shoot('loading');
  });

  test('models', async ({ chat }) => {
    await chat.models.show();
    await shoot('models');
  });
});

test.describe('without a server', () => {
  test.use({ mayComplain: /./ });

  test('not connected', async ({ chat, wick }) => {
    await wick.kill();
    await expect(chat.notConnected).toBeVisible();
    await chat.say('Are you there?');
    await shoot('not-connected');
  });
});

test.describe('without a model', () => {
  test.use({ modelFiles: [] });

  test('no model', async ({ chat: _ }) => shoot('no-model'));
});

test('versions, and a message that is edited', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { 'How do lighthouses work?': ANSWER });
  await chat.settings.set({ 'Longest answer': '40' });
  await chat.press(chat.answer, 'Write again');
  await chat.hasAnswered();
  await shoot('versions');
  await chat.press(chat.answer, 'More about this answer');
  await chat.page.getByRole('button', { name: 'Write three more versions' }).click();
  await expect(chat.answer).toContainText('5 / 5');
  await chat.hasAnswered();
  await chat.press(chat.answer, 'More about this answer');
  await expect(chat.page.getByRole('button', { name: 'Compare the versions' })).toBeVisible();
  await shoot('facts-with-versions');
  await chat.page.getByRole('button', { name: 'Compare the versions' }).click();
  await expect(chat.page.getByRole('heading', { level: 3 })).toHaveCount(5);
  await shoot('compared');
  await chat.page.getByRole('button', { name: 'Show this one' }).nth(1).click();
  await chat.press(chat.said, 'Edit message');
  await shoot('edited');
});

test('what waits', async ({ chat }) => {
  await chat.say(LONG);
  await chat.isWriting(200);
  await chat.message.fill('And a shorter one, please, with a very-long-word-that-does-not-end-anywhere-at-all.');
  await shoot('about-to-wait');
  await chat.queueButton.click();
  await expect(chat.waiting).toBeVisible();
  await chat.message.fill('And what becomes of the keeper?');
  await chat.queueButton.click();
  await expect(chat.waiting).toHaveCount(2);
  await shoot('waiting');
  await chat.stopButton.click();
  await chat.hasAnswered();
  await shoot('waiting-stopped');
});

test('the list with folders, search, options', async ({ chat, wick }) => {
  const titles = ['Tides', 'Salt in the sea', 'A title that is much longer than the list is wide', 'Ships', 'Fathoms'];
  await openSeeded(chat, wick, Object.fromEntries(titles.map((it) => [it, 'The moon, and **water**.'])));
  const { sidebar } = chat;
  await sidebar.choose('Tides', 'Pin');
  await sidebar.closeOptions();
  await sidebar.choose('Ships', 'Archive');
  await sidebar.showOptions('Salt in the sea');
  await sidebar.options.getByRole('textbox', { name: 'New folder' }).fill('Chemistry');
  await sidebar.options.getByRole('button', { name: 'Make' }).click();
  await expect(sidebar.options.getByRole('radio', { name: 'Chemistry' })).toBeChecked();
  await shoot('options');
  await sidebar.closeOptions();
  await shoot('list');
  await sidebar.search.fill('water');
  await expect(sidebar.hits).toHaveCount(5);
  await shoot('search');
});

test('a temporary chat', async ({ chat }) => {
  await chat.temporary.check();
  await shoot('temporary-empty');
  await chat.settings.set({ 'Longest answer': '20' });
  await chat.ask('A secret?');
  await shoot('temporary');
});

const FORMULAS = `The roots of $ax^2 + bx + c = 0$ are[^1]

\\[
x_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}
\\]

and with matrices, $$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}^{-1} = \\frac{1}{ad - bc} \\begin{pmatrix} d & -b \\\\ -c & a \\end{pmatrix}$$

\`\`\`python
def roots(a, b, c):
    root = (b * b - 4 * a * c) ** 0.5
    return (-b + root) / (2 * a), (-b - root) / (2 * a)
\`\`\`

A prize of $5 or $10 stays a prize.

[^1]: Where $a \\neq 0$.`;

test('formulas', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Formulas: FORMULAS });
  await expect(page.locator('math').first()).toBeVisible();
  await page.evaluate(() => (document.documentElement.dataset['numbers'] = ''));
  await shoot('formulas');
  await chat.press(chat.answer, 'More about this answer');
  await expect(page.getByRole('dialog', { name: 'This answer' })).toBeVisible();
  await shoot('facts');
});

test('files', async ({ chat }) => {
  await chat.settings.set({ 'Longest answer': '20' });
  const letGo = await chat.files.holdOver('keeper.rs', 'fn main() {\n    println!("The lamp is lit.");\n}\n');
  await expect(chat.files.dropPlace).toBeVisible();
  await shoot('drop');
  await letGo();
  await chat.files.choose(
    pdfFile('The Pharos of Alexandria.pdf', 'The Pharos was more than 100 metres tall.'),
    textFile('a-name-that-is-much-longer-than-a-phone-is-wide-and-then-some-more.csv', 'year,height\n'.repeat(20)),
  );
  await expect(chat.files.all).toHaveCount(3);
  await chat.files.paste(chat.message, 'A line of a log file.\n'.repeat(200));
  await chat.message.fill('What do these have in common?');
  await shoot('files');
  await chat.files.choose(textFile('too-much.txt', 'word '.repeat(20_000)));
  await expect(chat.files.beyond).toBeVisible();
  await chat.files.choose({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]) });
  await expect(chat.files.trouble).toBeVisible();
  await shoot('files-too-much');
  await chat.files.remove('too-much.txt');
  await chat.files.remove('Pasted text');
  await chat.ask('What do these have in common?');
  await shoot('files-sent');
  await chat.said.locator('summary').first().click();
  await expect(chat.said.getByRole('group', { name: 'keeper.rs' })).toBeVisible();
  await chat.conversation.evaluate((log) => log.scrollTo(0, 0));
  await shoot('files-opened');
});

test('instructions, presets and the exact prompt', async ({ chat, wick }) => {
  await chat.page.getByRole('button', { name: 'Instructions', exact: true }).click();
  await expect(chat.instructions.dialog).toBeVisible();
  await shoot('instructions-empty');
  await chat.instructions.field.fill('You keep a lighthouse.');
  await chat.instructions.save.click();
  await shoot('empty-with-instructions');
  await openSeeded(chat, wick, { 'How do lighthouses work?': ANSWER });
  await chat.instructions.show();
  const { field } = chat.instructions;
  await field.fill('You are a proofreader. Answer with the corrected text only, and keep its language.');
  await chat.instructions.saveAsPreset('Proofreader');
  await field.fill('You keep a lighthouse on a rock in the sea. You are brief, and you never forget the lamp, the lens, the clockwork, the fog horn and the boat. When somebody asks for the weather, you look out of the window first.\n\nYou write down every ship that passes.');
  await chat.instructions.saveAsPreset('Keeper of the lighthouse');
  await chat.instructions.forNewChats('Keeper of the lighthouse').check();
  await expect(chat.instructions.forNewChats('Keeper of the lighthouse')).toBeChecked();
  await field.scrollIntoViewIfNeeded();
  await shoot('instructions');
  await chat.instructions.presets.last().scrollIntoViewIfNeeded();
  await shoot('presets');
  await chat.instructions.press('Proofreader', 'Rename');
  await shoot('preset-renamed');
  await chat.instructions.showPrompt.click();
  await expect(chat.instructions.promptText).toBeVisible();
  await shoot('prompt');
  await chat.instructions.closePrompt();
  await chat.settings.show();
  await shoot('settings-this-chat');
});

test.describe('a browser that is not signed in', () => {
  test.use({ storageState: { cookies: [], origins: [] }, mayComplain: /status of 401/ });

  test('not signed in', async ({ page, noComplaints: _ }) => {
    await page.goto('/');
    await expect(page.getByText('This browser is not signed in')).toBeVisible();
    await shoot('not-signed-in');
  });
});

test('access', async ({ chat, wick, browser }) => {
  const other = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  await (await other.newPage()).goto(wick.link());
  const access = new AccessDialog(chat.page);
  await access.show();
  await access.makeKey('Editor');
  await expect(access.rows()).toHaveCount(3);
  await shoot('access');
  await access.made.scrollIntoViewIfNeeded();
  await shoot('access-key');
  await other.close();
});

test.describe('in a network', () => {
  test.use({ env: { WICK_NETWORK: '127.0.0.2' } });

  test('phone', async ({ chat, browser }, info) => {
    const access = new AccessDialog(chat.page);
    await access.show();
    await shoot('phone-closed');
    await access.openOnPhone.click();
    const invited = await access.invited.innerText();
    await shoot('phone-code');
    const other = await browser.newContext({ storageState: { cookies: [], origins: [] }, ignoreHTTPSErrors: true });
    const page = await other.newPage();
    await page.goto(invited);
    await expect(access.phoneWantsIn.getByRole('button', { name: 'Let it in' })).toBeVisible();
    await shoot('phone-wants-in');
    await page.screenshot({ path: `${folder}/phone-waits-${info.project.name}.png` });
    await access.phoneWantsIn.getByRole('button', { name: 'Send it away' }).click();
    await expect(page.locator('#shell-says')).toContainText('not let in');
    await other.close();
  });

  test('a phone as an app', async ({ chat, browser, viewport, colorScheme }, info) => {
    const access = new AccessDialog(chat.page);
    const invited = await access.invite();
    const other = await browser.newContext({
      storageState: { cookies: [], origins: [] },
      ignoreHTTPSErrors: true,
      viewport,
      colorScheme,
      userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 7) Chrome/142.0.0.0 Mobile Safari/537.36',
    });
    const page = await other.newPage();
    await page.goto(invited);
    await access.phoneWantsIn.getByRole('button', { name: 'Let it in' }).click();
    const there = new AccessDialog(page);
    await there.show();
    await there.app.scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${folder}/phone-app-${info.project.name}.png` });
    await other.close();
  });

  test('a phone without encryption', async ({ chat }) => {
    const access = new AccessDialog(chat.page);
    await access.show();
    await access.plain.check();
    await access.openOnPhone.click();
    await expect(access.code).toBeVisible();
    await shoot('phone-plain');
  });
});
