import { expect, test } from '../fixtures';
import { WIDE } from './hostile';
import { openSeeded } from './seeded';
import { CONTEXT_FREED, tellOfEngine } from './told';
import { ARABIC } from './words';

test('nothing is wider than the screen', { tag: '@phone' }, async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { ['Wide'.repeat(60)]: WIDE });
  await expect(chat.answer).toContainText('deepest');
  const { width } = page.viewportSize()!;

  // Code and tables may scroll in themselves; nothing else reaches beyond the screen.
  const reaching = await page.evaluate((width) => {
    const scrolls = (it: Element): boolean =>
      ['auto', 'scroll'].includes(getComputedStyle(it).overflowX) && it.clientWidth < it.scrollWidth;
    const isInScroller = (it: Element | null): boolean =>
      it !== null && it.getAttribute('role') !== 'log' && (scrolls(it) || isInScroller(it.parentElement));
    return [...document.querySelectorAll('main *')]
      .filter((it) => it.getBoundingClientRect().right > width + 1 && !isInScroller(it.parentElement))
      .map((it) => it.tagName);
  }, width);
  expect(reaching).toEqual([]);
  for (const element of ['html', 'body', '[role=log]']) {
    const over = await page.locator(element).evaluate((it) => it.scrollWidth - it.clientWidth);
    expect(over, `overflow of ${element}`).toBeLessThanOrEqual(0);
  }
  await expect(chat.message).toBeInViewport({ ratio: 1 });
  await expect(chat.sendButton).toBeInViewport({ ratio: 1 });

  await chat.settings.show();
  const over = await chat.settings.dialog.evaluate((it) => it.scrollWidth - it.clientWidth);
  expect(over, 'overflow of the settings').toBeLessThanOrEqual(0);
});

test('what is at the side stays at the side, with no chats and with some', { tag: '@phone' }, async ({ chat, page, wick }) => {
  const reachOut = () =>
    chat.sidebar.navigation.evaluate((side) => {
      const { left, right } = side.getBoundingClientRect();
      const inside = [...side.querySelectorAll(':scope > :not(dialog)')];
      return inside
        .map((it) => it.getBoundingClientRect())
        .filter((it) => Math.abs(it.left - left) > 20 || Math.abs(it.right - right) > 20).length;
    });
  await chat.sidebar.show();
  await expect(page.getByText('Chats appear here')).toBeVisible();
  expect(await reachOut()).toBe(0);
  await openSeeded(chat, wick, { Tides: 'The moon does it.' });
  await chat.sidebar.show();
  expect(await reachOut()).toBe(0);
});

test('each block has the direction of its words', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Tides: [{ said: 'ما الذي يجذب البحر؟', answer: ARABIC }] });
  const directionOf = (selector: string) =>
    chat.conversation.locator(selector).last().evaluate((it) => getComputedStyle(it).direction);
  expect(await directionOf('.said')).toBe('rtl');
  expect(await directionOf('.markdown p:first-child')).toBe('rtl');
  expect(await directionOf('.markdown ul')).toBe('rtl');
  expect(await directionOf('.markdown pre')).toBe('ltr');
  expect(await directionOf('.markdown p:last-child')).toBe('ltr');
});

test('the footer says what was given back, on a wide screen in one line', { tag: '@phone' }, async ({ chat, page }) => {
  await tellOfEngine(page, CONTEXT_FREED);
  await chat.reload();

  await expect(chat.engine).toContainText(
    'resting. Context freed: 178 MB before, 124 MB now; coming back takes about 0.1 s.',
  );
  await expect(chat.restButton).toBeInViewport({ ratio: 1 });
  const over = await chat.engine.evaluate((it) => it.scrollWidth - it.clientWidth);
  expect(over, 'overflow of the footer').toBeLessThanOrEqual(0);
  const { height } = (await chat.engine.getByText(/resting/).boundingBox())!;
  const isWide = page.viewportSize()!.width === 1280;
  expect(height, 'height of what it says').toBeLessThan(isWide ? 24 : 100);
});

test('everything that is pressed is large enough for a thumb', { tag: '@only-phone' }, async ({ chat }) => {
  await chat.settings.limitTo(3);
  await chat.ask('Hello');
  const states: Record<string, () => Promise<void>> = {
    conversation: async () => {},
    drawer: () => chat.sidebar.show(),
    models: async () => {
      await chat.page.keyboard.press('Escape');
      await chat.models.show();
    },
    settings: async () => {
      await chat.models.close();
      await chat.settings.show();
    },
    engine: async () => {
      await chat.settings.close.click();
      await chat.enginePanel.show();
    },
  };
  for (const [state, show] of Object.entries(states)) {
    await show();
    const small = await chat.page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], input, textarea, [role=radio]')]
        .filter((it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        .map((it) => {
          const target = it.matches('input[type=radio], input[type=checkbox]') ? (it.closest('label') ?? it) : it;
          const { width, height } = target.getBoundingClientRect();
          const name = it.getAttribute('aria-label') ?? it.textContent?.trim() ?? '';
          return { name: `${it.tagName} ${name}`, width, height };
        })
        // A drawer that is still sliding makes 43.99998 of 44.
        .filter(({ width, height }) => width > 0 && Math.min(width, height) < 43.99),
    );
    expect(small, `too small in the state "${state}"`).toEqual([]);
  }
});

test('fields do not make a phone zoom in', { tag: '@only-phone' }, async ({ chat, page }) => {
  await chat.settings.show();

  const sizes = await page.evaluate(() =>
    [...document.querySelectorAll('input:not([type=radio]), textarea, select')].map((it) =>
      parseFloat(getComputedStyle(it).fontSize),
    ),
  );
  expect(sizes.length).toBeGreaterThan(5);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16);
});

test('the list of chats is a drawer', { tag: '@only-phone' }, async ({ chat, page, wick }) => {
  const { sidebar } = chat;
  await openSeeded(chat, wick, { Hello: 'Good day.' });
  await expect(sidebar.navigation).toBeHidden();
  await expect(sidebar.opener).toHaveAttribute('aria-expanded', 'false');

  await sidebar.opener.tap();
  await expect(sidebar.navigation).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sidebar.navigation).toBeHidden();
  await expect(sidebar.opener).toBeFocused();

  await sidebar.opener.tap();
  await expect(sidebar.opener).toHaveAttribute('aria-expanded', 'true');
  await page.touchscreen.tap(380, 400);
  await expect(sidebar.navigation).toBeHidden();

  await sidebar.opener.tap();
  await sidebar.link('Hello').tap();
  await expect(sidebar.navigation).toBeHidden();
  await expect(chat.said).toHaveText(/Well\?/);
});

test('the composer stays in view on a low screen', { tag: '@only-phone' }, async ({ chat, page }) => {
  await page.setViewportSize({ width: 390, height: 420 });

  await chat.message.fill('One\nTwo\nThree\nFour\nFive');

  await expect(chat.message).toBeInViewport({ ratio: 1 });
  await expect(chat.sendButton).toBeInViewport({ ratio: 1 });
});
