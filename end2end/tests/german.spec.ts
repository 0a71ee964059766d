import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { SettingsDialog } from '../pages/settings';
import { bring } from '../wick/bring.mjs';
import * as broken from '../wick/broken';

type Words = Record<string, Record<string, string | Record<string, string>>>;

const words = (tag: string): Words =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../words/${tag}.json`), 'utf8'));

test.use({ locale: 'de-DE' });

const message = (page: Page) => page.getByRole('textbox', { name: 'Nachricht', exact: true });
const open = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const dialog = (page: Page) => page.getByRole('dialog');

test('a browser that prefers German is answered in German', async ({ page }) => {
  await page.goto('/');
  await message(page).fill('Hello');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');

  await new SettingsDialog(page).limitTo(8);
  await page.getByRole('button', { name: 'Senden', exact: true }).click();

  const answer = page.getByRole('log', { name: 'Unterhaltung' }).getByRole('article').last();
  await expect(answer).toHaveAttribute('aria-busy', 'false', { timeout: 45_000 });
  await expect(answer).toContainText(/\d Tokens?, \d+,\d pro Sekunde, erstes nach \d+,\d\d s · \d+ Tokens? behalten/);
});

test('the language is chosen in the settings, for good', async ({ page }) => {
  await page.goto('/');
  await open(page, 'Einstellungen');
  // The page is loaded again before it could be seen to be checked.
  await dialog(page).getByRole('radio', { name: 'English' }).click();

  await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toBeEditable();
  await page.reload();
  await open(page, 'Settings');
  await expect(dialog(page).getByRole('radio', { name: 'English' })).toBeChecked();
  await dialog(page).getByRole('radio', { name: 'Automatic' }).click();
  await expect(message(page)).toBeEditable();
});

test('what the server says of a model is German too', async ({ page, wick }) => {
  broken.noGguf(join(wick.models, 'letter.gguf'));
  broken.truncated(join(wick.models, 'half.gguf'));
  await page.goto('/');
  await page.getByRole('button', { name: /^Modell: / }).click();
  await open(page, 'Noch einmal suchen');

  const line = (name: string) => dialog(page).locator('label').filter({ hasText: name });
  await expect(line('letter')).toContainText('Das ist keine GGUF-Datei');
  await expect(line('half')).toContainText(/abgeschnitten: [\d.]+ von mindestens [\d.]+ Bytes sind da/);
});

test('nothing that Wick says is left in English', async ({ page, wick }) => {
  await bring(wick, { Gezeiten: ['Warum?', 'Wegen des Mondes.\n\n```js\nlet x = 1;\n```'] });
  await page.goto('/');
  await page.getByRole('link', { name: 'Gezeiten' }).click();
  await expect(page.getByText('Wegen des Mondes.')).toBeVisible();
  const english = strangers();
  expect(english.size).toBeGreaterThan(150);
  const seen: string[] = [];
  const look = async () => seen.push(...(await spoken(page)).filter((text) => english.has(text)));

  await look();
  for (const name of ['Einstellungen', 'Engine', 'Optionen für Gezeiten', 'Mehr zu dieser Antwort']) {
    await page.getByRole('button', { name, exact: true }).first().press('Enter');
    await expect(dialog(page)).toBeVisible();
    await expect(dialog(page).getByRole('button', { name: 'Schließen' }).first()).toBeVisible();
    await look();
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toHaveCount(0);
  }
  await open(page, 'Einstellungen');
  await open(page, 'Browser und Programme');
  await dialog(page).getByLabel('Name', { exact: true }).fill('Editor');
  await open(page, 'Schlüssel erstellen');
  await expect(dialog(page).getByText('Kopiere den Schlüssel jetzt.')).toBeVisible();
  await look();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await page.getByRole('button', { name: /^Modell: / }).click();
  await expect(dialog(page).getByRole('button', { name: 'Noch einmal suchen' })).toBeVisible();
  await look();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  for (const action of ['Anweisungen dieses Chats', 'Den genauen Prompt zeigen', 'In diesem Chat suchen', 'Zwei Modelle oder Einstellungen', 'Tasten']) {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').fill(action);
    await look();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Schließen' }).first()).toBeVisible();
    await look();
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toHaveCount(0);
  }
  expect(seen).toEqual([]);
});

/** Texts that are English and not German. */
function strangers(): Set<string> {
  const [english, german] = [words('en'), words('de')];
  const leaves = (words: Words) => Object.values(words).flatMap((part) => Object.values(part));
  const texts = (words: Words) => leaves(words).filter((it) => typeof it === 'string' && !it.includes('{'));
  const known = new Set(texts(german));
  return new Set(texts(english).filter((it) => !known.has(it)) as string[]);
}

/** All that is written or said aloud in the page. */
const spoken = (page: Page) =>
  page.evaluate(() => {
    const said: (string | null)[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode as Text;
      if (!parentElement!.closest('script, noscript')) said.push(data);
    }
    for (const element of document.querySelectorAll('*')) {
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) said.push(element.getAttribute(name));
    }
    return said.map((it) => it?.trim() ?? '').filter((it) => it);
  });
