import { expect, test } from '../fixtures';
import { openSeeded } from './seeded';

test.beforeEach(async ({ chat }) => {
  await chat.settings.limitTo(4);
});

test('a chat is named by its first message and opened by its link', { tag: '@phone' }, async ({ chat }) => {
  await chat.ask('Tides and the moon');
  await expect(chat.page).toHaveURL(/#\d+$/);
  const first = chat.page.url();
  await chat.sidebar.show();
  await expect(chat.sidebar.current).toHaveAccessibleName('Tides and the moon');
  await chat.sidebar.newChat.click();
  await expect(chat.page).not.toHaveURL(/#\d/);
  await expect(chat.message).toBeFocused();
  await expect(chat.said).toHaveCount(0);

  await chat.ask('Salt in the sea');
  await chat.sidebar.show();
  await expect(chat.sidebar.links).toHaveText([/Salt in the sea/, /Tides and the moon/]);
  await chat.sidebar.link('Tides and the moon').click();

  await expect(chat.page).toHaveURL(first);
  await expect(chat.said).toHaveText(/Tides and the moon/);
  await chat.page.goBack();
  await expect(chat.said).toHaveText(/Salt in the sea/);
  await chat.page.goForward();
  await expect(chat.said).toHaveText(/Tides and the moon/);
});

test('a chat is renamed, also for other tabs and after a reload, unless by Escape', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: 'The moon does it.' });
  await chat.sidebar.showOptions('Tides');
  await chat.sidebar.titleBox.fill('Something else');
  await chat.sidebar.titleBox.press('Escape');
  await expect(chat.sidebar.link('Tides')).toBeVisible();
  await chat.reload();
  await expect(chat.sidebar.link('Tides')).toBeVisible();
  const second = await chat.anotherTab();

  await chat.sidebar.rename('Tides', 'The moon');

  await chat.sidebar.show();
  await expect(chat.sidebar.link('The moon')).toBeVisible();
  await second.sidebar.show();
  await expect(second.sidebar.link('The moon')).toBeVisible();
  await second.reload();
  await second.sidebar.show();
  await expect(second.sidebar.links).toHaveText([/The moon/]);
});

test('a deleted chat is gone, and Undo brings it back', { tag: '@phone' }, async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: 'The moon does it.' });
  const url = chat.page.url();

  await chat.sidebar.delete('Tides');

  await expect(chat.sidebar.link('Tides')).toBeHidden();
  await expect(chat.said).toHaveCount(0);
  await expect(chat.sidebar.deleted).toContainText('Tides');
  await chat.sidebar.undo.click();

  await chat.sidebar.show();
  await expect(chat.sidebar.link('Tides')).toBeVisible();
  await chat.page.goto(url);
  await expect(chat.said).toHaveText(/Well\?/);
  await expect(chat.answers).toHaveCount(1);
});

test('a deleted chat stays gone after a reload and a restart', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: 'The moon does it.', Salt: 'Rivers carry it.' });
  await chat.sidebar.delete('Tides');
  await expect(chat.sidebar.link('Tides')).toBeHidden();

  await chat.reload();
  await expect(chat.sidebar.links).toHaveText([/Salt/]);
  await chat.page.goto('about:blank');
  await wick.stop();
  await wick.startAgain();
  await chat.open();
  await expect(chat.sidebar.links).toHaveText([/Salt/]);
});

test('a link to a chat that does not exist shows an empty one', async ({ chat }) => {
  await chat.open('#4711');

  await expect(chat.said).toHaveCount(0);
  await chat.ask('Hello');
  await expect(chat.said).toHaveCount(1);
  await expect(chat.page).toHaveURL(/#\d+$/);
});
