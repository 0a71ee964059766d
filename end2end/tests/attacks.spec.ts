// Pages of others, in a real browser, beside a Wick that runs.

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { Attacker, ATTACK } from '../wick/attacker';
import { contents } from '../wick/database';
import { openSeeded } from './seeded';

declare global {
  /** In `hostile/attack.js`. */
  function attack(target: string): Promise<Record<string, number>>;
}

/** Opens a page that attacks, in a frame of no origin if that is said. */
type Opens = (page: Page, attacker: Attacker, wick: string) => Promise<unknown>;

/** From where pages of others attack. */
const PLACES: Record<string, Opens> = {
  'another port': (page, attacker) => page.goto(attacker.page('localhost')),
  'another host': (page, attacker) => page.goto(attacker.page('evil.test')),
  'a file without an origin': async (page, attacker) => {
    await page.goto(attacker.page('localhost'));
    await page.evaluate((srcdoc) => {
      const frame = Object.assign(document.createElement('iframe'), { srcdoc });
      frame.setAttribute('sandbox', 'allow-scripts allow-forms allow-popups');
      return new Promise((done) => {
        frame.onload = done;
        document.body.append(frame);
      });
    }, ATTACK);
  },
  // The name stood for the other server when the page came, and stands for Wick now.
  'a name that was bound anew': async (page, _, wick) => {
    const rebound = `http://evil.test:${new URL(wick).port}/page`;
    await page.route(rebound, (route) => route.fulfill({ contentType: 'text/html', body: ATTACK }));
    await page.goto(rebound);
  },
};

test.describe('pages of others', () => {
  test('read nothing and change nothing', async ({ browser, chat, wick }) => {
    await openSeeded(chat, wick, { Secrets: 'The key lies under the mat.' });
    const before = contents(wick.data);
    const attacker = await Attacker.start();
    const attacks = Object.entries(PLACES).map(async ([place, open]) => {
      const page = await browser.newPage({ storageState: wick.browser });
      await open(page, attacker, wick.url);
      const isOwn = new URL(page.url()).port === new URL(wick.url).port;
      const target = isOwn ? new URL(page.url()).origin : wick.url;
      const read = await page.frames().at(-1)!.evaluate((target) => attack(target), target);
      const something = Object.entries(read).filter(([, n_bytes]) => n_bytes !== 0);
      expect(something, `from ${place}`).toEqual([]);
      await page.close();
    });
    await Promise.all(attacks);
    attacker.end();
    expect(await chat.health()).toMatchObject({ engine: 'off' });
    expect(contents(wick.data)).toBe(before);
  });

  test('would read and change something that nobody guards', async ({ browser, wick: _ }) => {
    const attacks = Object.entries(PLACES).slice(0, 3).map(async ([place, open]) => {
      const page = await browser.newPage();
      const attacker = await Attacker.start();
      await open(page, attacker, attacker.victim);
      const read = await page.frames().at(-1)!.evaluate((target) => attack(target), attacker.victim);
      for (const way of ['/health', '/export/all.json', 'json /events', 'socket', 'events']) {
        expect(read[way], `${way} from ${place}`).toBeGreaterThan(0);
      }
      for (const path of ['/import', '/v1/chat/completions', '/events?connection=0123456789abcdef0123456789abcdef']) {
        expect(attacker.heard, `from ${place}`).toContain(`POST ${path}`);
      }
      attacker.end();
      await page.close();
    });
    await Promise.all(attacks);
  });

  test('lead a person who follows a link to the page under its own name', async ({ browser, wick }) => {
    const page = await browser.newPage({ storageState: wick.browser });
    // A browser that is signed in under the one name is led there from the others of this computer, too.
    for (const host of ['evil.test', '127.0.0.1']) {
      await page.goto(`http://${host}:${new URL(wick.url).port}/`);
      await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toBeEditable();
      expect(new URL(page.url()).origin).toBe(wick.url);
    }
    await page.close();
  });
});
