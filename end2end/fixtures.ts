// What every test starts from: a Wick of its own and a page that may not complain. For a test with the
// tag "@unread" no model has read anything before.

import { test as base, expect } from '@playwright/test';
import { ChatPage } from './pages/chat';
import { STARTER } from './wick/places.mjs';
import { CHOSEN, READ } from './wick/prepared';
import { Wick } from './wick/wick';

interface Options {
  /** Model files that are there. */
  modelFiles: string[];
  /** More environment variables for Wick. */
  env: NodeJS.ProcessEnv;
  /** Whether tokens are chosen as a newcomer's are: by chance. */
  byChance: boolean;
  /** Where Wick keeps things, when not in a fresh folder. */
  data: string | undefined;
  /**
   * What the browser may say in its console, such as that a connection was refused. One
   * expression: Playwright takes an array whose second entry is an object for [value, settings].
   */
  mayComplain: RegExp;
}

interface Fixtures {
  /** The executable, running. */
  wick: Wick;
  /** The page, open and ready. */
  chat: ChatPage;
  /** What a browser that is signed in keeps. */
  secret: void;
  /** Fails a test whose page logged an error, broke its own policy or left its origin. */
  noComplaints: void;
}

/** Matches no text. */
const NOTHING = /(?!)/;

export const test = base.extend<Options & Fixtures>({
  modelFiles: [[STARTER], { option: true }],
  env: [{}, { option: true }],
  byChance: [false, { option: true }],
  data: [undefined, { option: true }],
  mayComplain: [NOTHING, { option: true }],

  wick: async ({ modelFiles, env, data, byChance }, use, info) => {
    const database = byChance ? undefined : process.env[CHOSEN];
    const read = info.tags.includes('@unread') ? undefined : process.env[READ];
    const wick = await Wick.start({ modelFiles, env, data, database, read });
    try {
      await use(wick);
      if (info.errors.length) await info.attach('wick.log', { body: wick.log });
    } finally {
      await wick.remove();
    }
  },

  baseURL: async ({ wick }, use) => use(wick.url),

  // Every browser of a test is signed in, unless the test says otherwise.
  storageState: async ({ wick }, use) => use({ cookies: wick.browser.cookies, origins: [] }),

  // The other half of it. As part of the state above it would cost a page of its own, before each test.
  secret: [
    async ({ context, storageState, wick }, use) => {
      const isSigned = typeof storageState === 'object' && 0 < storageState.cookies.length;
      for (const { origin, localStorage } of isSigned ? wick.browser.origins : []) {
        await context.addInitScript(giveOnce, { origin, kept: localStorage });
      }
      await use();
    },
    { auto: true },
  ],

  noComplaints: [
    async ({ context, wick, mayComplain }, use) => {
      const complaints: string[] = [];
      const origin = wick.url;
      context.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      context.on('weberror', (error) => complaints.push(String(error.error())));
      context.on('request', (request) => {
        const url = request.url();
        if (new URL(url).origin !== origin) complaints.push(`The page asked for ${url}`);
      });
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`The policy stopped ${event.effectiveDirective} ${event.blockedURI}`);
        });
      });
      await use();
      expect(complaints.filter((it) => !mayComplain.test(it))).toEqual([]);
    },
    { auto: true },
  ],

  chat: async ({ page, noComplaints: _ }, use) => {
    const chat = new ChatPage(page);
    await chat.open();
    await use(chat);
  },
});

/**
 * Runs in each page of a test: what is kept is there before the first one looks, and what they do with it
 * stays as they did it.
 */
function giveOnce({ origin, kept }: { origin: string; kept: { name: string; value: string }[] }): void {
  if (location.origin !== origin || localStorage.getItem('given')) return;
  localStorage.setItem('given', 'yes');
  for (const { name, value } of kept) localStorage.setItem(name, value);
}

/** What browsers say of a server that is not there. */
export const CONNECTION_LOST = new RegExp(
  [
    "WebSocket connection to 'ws:.*' failed",
    "can.t establish a connection to the server at ws:",
    'The connection to ws:.* was interrupted',
    'net::ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|CONNECTION_RESET)',
  ].join('|'),
);

export { expect };
