import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { speakInstead } from '../pages/instead';
import { pngFile } from '../pages/pictures';
import { openSeeded } from '../tests/seeded';
import * as broken from '../wick/broken';
import { EYES, STARTER } from '../wick/places.mjs';

const LIGHTHOUSE = `A lighthouse warns ships with **light**, and in fog with *sound*.

1. The keeper lights the lamp.
2. A lens gathers the light into beams:
   - fixed, or
   - turning.

> At night one counts the seconds between two flashes.

| Name | Built | Height |
|------|------:|-------:|
| Pharos | 280 BC | 103 m |
| Eddystone | 1882 | 49 m |

The range is $d = 3.57\\sqrt{h}$; [the book](https://example.com/book) tells more.`;

const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3);

const LONG_WORDS = `${LONG_WORD}

| ${LONG_WORD.slice(0, 90)} | b |
|---|---|
| c | https://example.com/${'path/'.repeat(30)} |

\`${LONG_WORD}\``;

const ARABIC = `المنارة تحذّر السفن بالضوء.

- في النهار **بالعلم**
- وفي الليل بالمصباح

> لا تنسَ \`lamp = true\` أبدًا.

| الاسم | بُني | الارتفاع |
|------|------:|-------:|
| فاروس | 280 | 103 |

And an English paragraph below.`;

const CODE = `\`\`\`rust
${Array.from({ length: 60 }, (_, n) => `let beam_${n} = Beam { angle: ${n * 6}.0, colour: "white" }; // ${n}`).join('\n')}
\`\`\``;

/** Once all is here: what a first answer does not need comes a moment later. */
async function looksLike(page: Page, name: string, options: { mask?: Locator[] } = {}): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.field [aria-label="Attach files"]'));
  await expect(page).toHaveScreenshot(name, options);
}

test.beforeEach(async ({ page }, info) => {
  const { theme } = info.project.metadata as { theme: string };
  await page.addInitScript((theme) => {
    // An empty page keeps nothing.
    if (theme === 'contrast' && location.protocol !== 'about:') localStorage.setItem('wick-theme', theme);
  }, theme);
});

test('empty', async ({ chat: _, page }) => {
  await looksLike(page, 'empty.png');
});

test('an answer', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { 'Tides and the moon': 'Yes.', 'How do lighthouses work?': LIGHTHOUSE });
  await expect(page.locator('math')).toBeVisible();
  // Which fonts formulas have is the machine's: here they have that of the text, and no slanted letters of it.
  await page.evaluate(() => {
    const style = new CSSStyleSheet();
    style.replaceSync('math, mi { font-family: inherit; text-transform: none; }');
    document.adoptedStyleSheets.push(style);
  });
  await looksLike(page, 'answer.png');
});

test('long words', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { [LONG_WORD.slice(0, 120)]: [{ said: LONG_WORD, answer: LONG_WORDS }] });
  await looksLike(page, 'long-words.png');
});

test('Arabic', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { المنارة: [{ said: 'كيف تعمل المنارة؟', answer: ARABIC }] });
  await looksLike(page, 'arabic.png');
});

test('sixty lines of code', async ({ chat, page, wick }) => {
  await openSeeded(chat, wick, { Beams: CODE });
  await expect(page.locator('.code-word').first()).toBeVisible();
  await looksLike(page, 'code.png');
});

test('two hundred chats', async ({ chat, page, wick }) => {
  const titles = Array.from({ length: 200 }, (_, n) => `Chat ${n + 1} about ${n % 7 ? 'ships' : 'a light that is seen from very far away'}`);
  await openSeeded(chat, wick, Object.fromEntries(titles.map((it) => [it, 'Yes.'])));
  await chat.sidebar.show();
  await looksLike(page, 'chats.png');
});

test('settings', async ({ chat, page }) => {
  await chat.settings.show();
  await looksLike(page, 'settings.png');
});

test('models, of which two are damaged', async ({ chat, page, wick }) => {
  broken.noGguf(join(wick.models, 'letter.gguf'));
  broken.truncated(join(wick.models, 'half.gguf'));
  await chat.models.show();
  await chat.models.lookAgain.click();
  await expect(chat.models.radios).toHaveCount(3);
  // Folders and free memory are those of the machine.
  const mask = [chat.models.dialog.locator('code'), chat.models.dialog.getByText(/are free\s*$/)];
  await looksLike(page, 'models.png', { mask });
});

test('a model that is loaded, and an answer that was interrupted', async ({ chat, page, wick }) => {
  await speakInstead(page);
  await openSeeded(chat, wick, { 'How do lighthouses work?': 'With light.' });
  const answers = async (state: object, text: string) => {
    await page.evaluate(
      ([state, text]) => {
        const author = { model: { name: 'A model', state, stats: null } };
        const messages = [{ id: 1_000_000, chat: Number(location.hash.slice(1)), author, text }];
        return window.hear({ thread_changed: { chat: messages[0]!.chat, after: null, messages, forks: [] } });
      },
      [state, text] as const,
    );
  };
  await answers({ loading: { percent: 43 } }, '');
  await expect(chat.answer).toContainText('Loading the model: 43 %');
  await looksLike(page, 'loading.png');
  const reason = 'The engine was ended from outside (signal 9), as the system does when memory runs out. What was written so far is kept';
  await answers({ interrupted: { reason, offer: null } }, 'A lighthouse warns ships with');
  await expect(chat.continueButton).toBeVisible();
  await looksLike(page, 'interrupted.png');
});

test.describe('with a model that sees', () => {
  test.use({ modelFiles: [STARTER, EYES] });

  test('pictures that are attached and sent', async ({ chat, page, wick }) => {
    const high = pngFile(`${'a-picture-with-a-long-name-'.repeat(3)}.png`, [200, 90, 20], 300, 700);
    await chat.files.choose(pngFile('sky.png', [40, 90, 200], 800, 600), high);
    const shown = chat.files.list.getByRole('img');
    await expect(shown).toHaveCount(2);
    const sources = await shown.evaluateAll((all) => all.map((it) => it.getAttribute('src')!.split(',')[1]!));
    const said = sources.map((it, idx) => `Attached: ${idx}.png (800 × 600 pixels, ${it.length} bytes)\n\`\`\`\n${it}\n\`\`\``);
    await openSeeded(chat, wick, { Colours: [{ said: `What is it?\n\n${said.join('\n\n')}`, answer: 'A blue one and an orange one.' }] });
    // What is attached stays when the page is loaded again.
    await expect(shown).toHaveCount(2);
    await expect(chat.said.getByRole('img')).toHaveCount(2);
    await looksLike(page, 'pictures.png');
  });
});

test.describe('without a model', () => {
  test.use({ modelFiles: [] });

  test('no model', async ({ chat: _, page }) => {
    await looksLike(page, 'no-model.png', { mask: [page.locator('.empty code')] });
  });
});
