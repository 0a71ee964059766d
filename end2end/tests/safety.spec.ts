import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { startGuarding } from '../pages/guard';
import { speakInstead } from '../pages/instead';
import { bring } from '../wick/bring.mjs';
import { HOSTILE } from './hostile';
import { openSeeded } from './seeded';

const CODE = '```js\nlet x = 1;\n```';

/** Waits for what colours code, which is a script that comes with the first code that is shown. */
const hasColours = (page: Page) => page.waitForFunction(() => document.querySelector('.code-word'));
const isPwned = (page: Page) => page.evaluate(() => 'pwned' in window || 'pwned' in document.documentElement.dataset);

// That no request leaves the origin is checked in every test.
test('an answer can run nothing and load nothing', { tag: '@firefox' }, async ({ chat, page, wick }) => {
  await bring(wick, { Hostile: HOSTILE.flatMap((answer) => ['Well?', answer]), Code: ['Well?', CODE] });
  await chat.sidebar.link('Code').click();
  await hasColours(page);
  await chat.sidebar.link('Hostile').click();
  await expect(chat.answers).toHaveCount(HOSTILE.length);
  await startGuarding(page);

  const complaints = await chat.answers.evaluateAll((answers) => {
    // What else still comes into the page is no part of an answer.
    window.guard.complaints = [];
    answers.forEach((it) => window.guard.look(it));
    return window.guard.complaints;
  });
  expect(complaints).toEqual([]);
  expect(await isPwned(page)).toBe(false);
});

test.describe('without a policy that would stop it', () => {
  test.use({ bypassCSP: true });

  test('an answer can run nothing and load nothing wherever it is cut while it arrives', async ({ chat, page, wick }) => {
    await openSeeded(chat, wick, { Code: CODE });
    await speakInstead(page);
    await chat.reload();
    await hasColours(page);
    const pages: string[] = [];
    page.on('framenavigated', (frame) => pages.push(frame.url()));
    page.context().on('page', (opened) => pages.push(opened.url()));
    await startGuarding(page);

    const { n_cuts, n_shown, others } = await page.evaluate(stream, HOSTILE);

    expect(await page.evaluate(() => window.guard.complaints)).toEqual([]);
    expect(await isPwned(page)).toBe(false);
    expect(pages, 'pages that it led to').toEqual([]);
    expect(n_cuts).toBeGreaterThan(30_000);
    expect(n_shown / n_cuts, 'of the cuts, seen in the page').toBeGreaterThan(0.9);
    expect(others, 'that look otherwise when they come as a whole').toEqual([]);
  });
});

/** Writes each of the answers into the open chat, a character at a time, and then as a whole. */
async function stream(answers: string[]): Promise<{ n_cuts: number; n_shown: number; others: string[] }> {
  const shown = () => document.querySelector('article:last-of-type > .markdown')?.innerHTML.replace(/ data-numbers="[^"]*"|<span class="code-\w+">|<\/span>/g, '');
  // What nobody sees is drawn at once, and not with the next frame.
  Object.defineProperty(document, 'hidden', { get: () => true });
  const others: string[] = [];
  const chat = Number(location.hash.slice(1));
  const author = { model: { name: 'A model', state: 'writing', stats: null } };
  const bytes = new TextEncoder();
  let [n_cuts, n_shown] = [0, 0];
  for (const [idx, answer] of answers.entries()) {
    const message = 1_000_000 + idx;
    const messages = [{ id: message, chat, author, text: '' }];
    await window.hear({ thread_changed: { chat, after: null, messages, forks: [] } });
    let at = 0;
    for (const text of answer) {
      window.guard.n_changes = 0;
      await window.hear({ delta: { message, at, text } });
      at += bytes.encode(text).length;
      n_cuts++;
      if (window.guard.n_changes) n_shown++;
      // What was thought is only there when somebody looks at it.
      document.querySelector<HTMLElement>('.thought:not([open]) summary')?.click();
    }
    const grown = shown();
    const whole = [{ id: message + 500_000, chat, author, text: answer }];
    await window.hear({ thread_changed: { chat, after: null, messages: whole, forks: [] } });
    if (shown() !== grown) others.push(answer);
  }
  return { n_cuts, n_shown, others };
}

test('what looks for foreign elements finds them', async ({ page }) => {
  // Our page would go on coming in meanwhile.
  await page.setContent('<main role="log"></main>');
  await startGuarding(page);

  const found = await page.evaluate(async () => {
    const log = document.querySelector('[role=log]')!;
    const plant = (name: string, attribute: string, value: string) => {
      const element = document.createElement(name);
      element.setAttribute(attribute, value);
      log.append(element);
      return element;
    };
    const link = plant('a', 'href', 'https://a.test');
    plant('b', 'class', 'soft');
    plant('p', 'ping', '');
    plant('a', 'href', 'java\nscript:0');
    await new Promise((done) => setTimeout(done));
    link.setAttribute('href', '//a.test');
    await new Promise((done) => setTimeout(done));
    return window.guard.complaints.map((it) => it.replace(/^.*> /s, ''));
  });
  expect(found).toEqual(['has class', 'is styled', 'is no part of an answer', 'has ping', 'leads there', 'leads there']);
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
  await chat.settings.limitTo(3);
  const text = '<img src=x onerror="document.documentElement.dataset.pwned=1"> **not bold** [no](link)';

  await chat.ask(text);

  await expect(chat.said).toContainText(text);
  await expect(chat.said.locator('img, strong, a')).toHaveCount(0);
  await chat.sidebar.show();
  await expect(chat.sidebar.links.first()).toContainText('<img src=x');
  expect(await isPwned(page)).toBe(false);
});
