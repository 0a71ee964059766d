import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { HOSTILE } from './hostile';
import { openSeeded } from './seeded';

const isPwned = (page: Page) => page.evaluate(() => 'pwned' in document.documentElement.dataset);

// That no request leaves the origin is checked in every test.
test('an answer can run nothing and load nothing', { tag: '@firefox' }, async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Hostile: HOSTILE });

  await expect(chat.answer).toContainText('onerror');
  await expect(chat.answer).toContainText('outside');
  const inAnswer = await chat.answer.evaluate((article) => ({
    elements: article.querySelectorAll(
      'script, style, img, svg image, iframe, object, embed, video, audio, form, input, link, meta, base, math',
    ).length,
    handlers: [...article.querySelectorAll('*')]
      .flatMap((it) => [...it.attributes])
      .filter((it) => it.name.startsWith('on') || it.name === 'style' || it.name === 'srcdoc').length,
    links: [...article.querySelectorAll('a[href]')].map((it) => (it as HTMLAnchorElement).protocol),
  }));
  expect(inAnswer.elements, 'elements that load or run something').toBe(0);
  expect(inAnswer.handlers, 'attributes that run something').toBe(0);
  for (const protocol of inAnswer.links) expect(protocol).toMatch(/^(https?|mailto):$/);
  await expect(page.locator('#escaped')).toHaveCount(0);
  expect(await isPwned(page)).toBe(false);
});

test('links open elsewhere and tell the other side nothing', async ({ chat, wick }) => {
  await openSeeded(chat, wick, { Links: 'See [the book](https://example.com/book).' });

  const link = chat.answer.getByRole('link');
  await expect(link).toHaveAttribute('href', 'https://example.com/book');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(link).toHaveAttribute('rel', /noreferrer/);
  await expect(link).toHaveAttribute('target', '_blank');
});

test('what a person writes is shown as it was written', async ({ chat, page }) => {
  await chat.settings.set({ 'Longest answer': '3' });
  const text = '<img src=x onerror="document.documentElement.dataset.pwned=1"> **not bold** [no](link)';

  await chat.ask(text);

  await expect(chat.said).toContainText(text);
  await expect(chat.said.locator('img, strong, a')).toHaveCount(0);
  await chat.sidebar.show();
  await expect(chat.sidebar.links.first()).toContainText('<img src=x');
  expect(await isPwned(page)).toBe(false);
});
