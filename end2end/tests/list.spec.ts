import { expect, test } from '../fixtures';
import { seedChats } from '../wick/database';
import { openSeeded } from './seeded';

const SEA = { Tides: 'The moon does it.', Salt: 'Rivers carry it.', Ships: 'They float on water.' };

test('chats are pinned, archived and put into folders', { tag: '@phone' }, async ({ chat, wick }) => {
  await openSeeded(chat, wick, SEA);
  const { sidebar } = chat;

  await sidebar.choose('Tides', 'Pin');
  await sidebar.closeOptions();
  await expect(sidebar.links).toHaveText([/Tides/, /Ships/, /Salt/]);

  await sidebar.choose('Ships', 'Archive');
  await expect(sidebar.link('Ships')).toBeHidden();
  await sidebar.folder('Archive').click();
  await expect(sidebar.link('Ships')).toBeVisible();

  await sidebar.showOptions('Salt');
  await sidebar.options.getByRole('textbox', { name: 'New folder' }).fill('Chemistry');
  await sidebar.options.getByRole('button', { name: 'Make' }).click();
  await expect(sidebar.options.getByRole('radio', { name: 'Chemistry' })).toBeChecked();
  await sidebar.closeOptions();
  await sidebar.folder('Chemistry').click();
  await expect(sidebar.link('Salt')).toBeHidden();
  await sidebar.folder('Chemistry').click();
  await expect(sidebar.link('Salt')).toBeVisible();

  await chat.reload();
  await sidebar.show();
  await expect(sidebar.links).toHaveText([/Tides/, /Salt/]);
  await sidebar.folder('Chemistry').hover();
  await sidebar.folder('Options of the folder Chemistry').click();
  await sidebar.options.getByRole('button', { name: /Delete the folder/ }).click();
  await expect(sidebar.folder('Chemistry')).toBeHidden();
  await expect(sidebar.link('Salt')).toBeVisible();
});

test('words are found in all chats, and the hit is shown in its message', { tag: '@phone' }, async ({ chat, wick }) => {
  const long = [...'abcdefghijkl'].map((it) => ({ said: `${it} `.repeat(200), answer: 'Yes. '.repeat(100) }));
  const answers = { Tides: [{ said: 'Why?', answer: 'The MOON does it.' }, ...long], Salt: 'Rivers.' };
  await openSeeded(chat, wick, answers);
  const { sidebar } = chat;
  await sidebar.show();

  await sidebar.search.fill('moo');

  await expect(sidebar.hits).toHaveText([/Tides.*The MOON does it/]);
  await expect(sidebar.hits.locator('mark')).toHaveText('MOON');
  await sidebar.hits.click();
  const found = chat.answers.filter({ hasText: 'MOON' });
  await expect(found).toBeInViewport();
  await sidebar.show();
  await sidebar.search.fill('nowhere to be found');
  await expect(sidebar.navigation).toContainText('Nothing was found.');
  await sidebar.search.fill('');
  await expect(sidebar.links).toHaveText([/Salt/, /Tides/]);
});

test('of thousands of chats only those in sight are made', async ({ chat, page, wick }) => {
  await page.goto('about:blank');
  await wick.stop();
  seedChats(wick.data, ['The first one', ...Array.from({ length: 3000 }, (_, n) => `Chat ${n}`)]);
  await wick.startAgain();
  await chat.open();

  const { sidebar } = chat;
  await expect(sidebar.links.first()).toBeVisible();
  expect(await sidebar.links.count()).toBeLessThan(60);
  await sidebar.navigation.locator('.chats').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await expect(sidebar.link('The first one')).toBeVisible();
  expect(await sidebar.links.count()).toBeLessThan(60);
  await sidebar.link('The first one').click();
  await expect(chat.said).toHaveText(/Well\?/);
});

test.describe('when the model names chats', () => {
  test.use({ env: { WICK_TITLES: 'model' } });

  test('a chat gets a title after its first answer, and keeps what was read', async ({ chat }) => {
    await chat.settings.limitTo(12);
    await chat.ask('Why is the sea salty?');
    await expect(chat.sidebar.current).not.toHaveText('Why is the sea salty?');
    await expect(chat.sidebar.current).toHaveText(/\S/);

    await chat.ask('And lakes?');
    const [, kept, read] = / · (\d+) tokens? kept, (\d+) read/.exec(await chat.answer.innerText()) ?? [];
    expect(Number(kept), 'tokens of the chat that the title did not disturb').toBeGreaterThan(30);
    expect(Number(read)).toBeLessThan(30);
    await chat.sidebar.rename((await chat.sidebar.current.innerText()).trim(), 'Salt');
    await chat.ask('And rivers?');
    await expect(chat.sidebar.current).toHaveText('Salt');
  });
});
