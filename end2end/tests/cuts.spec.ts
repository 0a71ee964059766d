// Cuts at random moments of answers, in a real browser. `cargo xtask soak` makes a thousand.

import { appendFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { CONNECTION_LOST, expect, test } from '../fixtures';
import { ChatPage } from '../pages/chat';
import { messages } from '../wick/database';
import { LONG } from './words';

/** How many are made. */
const N_CUTS = Number(process.env['WICK_CUTS'] ?? 7);

/** The engine is killed no more often, in milliseconds: one that dies three times a minute stays off. */
const KILLED_EVERY = 31_000;

/** A file for rows of a table. */
const TABLE = process.env['WICK_CUTS_TABLE'];

/** A short run makes one cut of each kind, of shorter answers. */
const IS_SHORT = N_CUTS <= 7;
const [TOKENS, BETWEEN, MISSED] = IS_SHORT ? [90, 30, 30] : [160, 80, 120];

const KINDS = ['socket', 'reload', 'offline', 'freeze', 'tab', 'engine', 'server'] as const;

test.use({ mayComplain: new RegExp(`${CONNECTION_LOST.source}|ERR_INTERNET_DISCONNECTED`) });

test('no cut loses a word', async ({ chat, context, wick }) => {
  test.setTimeout(60_000 + N_CUTS * 10_000);
  await chat.settings.limitTo(TOKENS);
  await chat.ask(LONG);
  const whole = await copied(chat);
  const dice = new Dice(0x5eed);
  const caughtUp: number[] = [];
  const reloaded: number[] = [];
  const asked: number[] = [];
  let engineKilled = 0;
  for (let n_cuts = 0; n_cuts < N_CUTS; ) {
    let cutable = await Cutable.open(await context.newPage(), wick.url);
    let cut = cutable.chat;
    await cut.say(LONG);
    // It may be over by the time that the browser is asked again.
    await expect(cut.answers).toHaveCount(1);
    await reaches(cut, 10);
    const other = await cut.anotherTab();
    let isWhole = true;
    while (n_cuts < N_CUTS && (await isBusy(other))) {
      await grows(other, dice.below(BETWEEN));
      const kind = KINDS[IS_SHORT ? n_cuts : dice.below(KINDS.length)]!;
      n_cuts += 1;
      if (kind === 'server' || (kind === 'engine' && Date.now() - engineKilled > KILLED_EVERY)) {
        isWhole = false;
        if (!(await isBusy(other))) break;
        if (kind === 'server') {
          await wick.kill();
          await wick.startAgain();
        } else if (wick.engines().length === 1) {
          engineKilled = Date.now();
          wick.killEngine();
        }
        await goesOn(cut, other);
        continue;
      }
      const missed = dice.below(MISSED);
      if (kind === 'tab') {
        const url = cut.page.url();
        await cut.page.close();
        await grows(other, missed);
        cutable = await Cutable.open(await context.newPage(), url);
        cut = cutable.chat;
      } else {
        const back = await away(cutable, kind === 'engine' ? 'socket' : kind, cut.page);
        await grows(other, missed);
        const length = (await other.textOf(other.answer)).length;
        const began = await back();
        await reaches(cut, length);
        const reached = await cutable.reached(length, began);
        // One that was back by itself is not counted.
        if (began < reached) (kind === 'reload' ? reloaded : caughtUp).push(reached - began);
        if (kind === 'reload') asked.push(Math.max(0, reached - (await cutable.asked())));
      }
      if (n_cuts % 100 === 0) console.log(`${n_cuts} cuts`);
    }
    await cut.hasAnswered();
    await other.hasAnswered();
    const text = await copied(cut);
    expect(await copied(other), 'both pages have the same').toBe(text);
    expect(messages(wick.data).at(-1)!.text, 'the database has what the page has').toBe(text);
    if (isWhole) expect(text, 'it is what is written when nothing is cut').toBe(whole);
    await cut.page.close();
    await other.page.close();
  }
  if (!TABLE) return;
  const row = (...cells: string[]) => appendFileSync(TABLE, `| ${cells.join(' | ')} |\n`);
  const late = (times: number[]) =>
    `${times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]?.toFixed(0)} ms`;
  row('cuts in a browser, texts all the same afterwards', N_CUTS.toLocaleString('en'), '1,000');
  row('it has all when it comes back, 99 of 100 within', late(caughtUp), '≤ 150 ms');
  row('it has all when it was loaded again and asks, 99 of 100 within', late(asked), '≤ 150 ms');
  row('and from when loading begins', late(reloaded), '');
});

/** A page whose socket can be closed and that notes what it shows. */
class Cutable {
  private constructor(readonly chat: ChatPage) {}

  static async open(page: Page, url: string): Promise<Cutable> {
    const cutable = new Cutable(new ChatPage(page));
    await page.addInitScript(watchItself);
    await page.goto(url);
    await cutable.chat.isReady();
    return cutable;
  }

  async cutSocket(): Promise<void> {
    await this.chat.page.evaluate(() => (window as unknown as Watched).socket?.close());
  }

  /** When it began to connect, the first time. */
  async asked(): Promise<number> {
    return this.chat.page.evaluate(() => (window as unknown as Watched).noted.asked);
  }

  /** When its answer had so many characters or ended, not before it was back. */
  async reached(length: number, back: number): Promise<number> {
    const { lengths } = await this.chat.page.evaluate(() => (window as unknown as Watched).noted);
    const reached = lengths.find((it) => length <= it.length) ?? lengths.at(-1)!;
    return Math.max(back, reached.at);
  }
}

/** What a page knows of itself. */
interface Watched {
  socket?: WebSocket;
  /**
   * When its answer had how many characters, since when it can reach the network again, and when it began to
   * connect, the first time.
   */
  noted: { lengths: { at: number; length: number }[]; online: number; asked: number };
}

/**
 * Runs in the page: asking through the driver takes longer than what is measured, and so does a
 * socket that goes through it.
 */
function watchItself(): void {
  const noted: Watched['noted'] = { lengths: [], online: 0, asked: 0 };
  const now = () => performance.timeOrigin + performance.now();
  window.addEventListener('offline', () => (noted.online = 0));
  window.addEventListener('online', () => (noted.online = now()));
  const note = () => {
    const answer = [...document.querySelectorAll('article.model .markdown')].at(-1);
    noted.lengths.push({ at: now(), length: answer?.textContent?.length ?? 0 });
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
  const watched = Object.assign(window, { noted }) as Watched;
  window.WebSocket = class extends WebSocket {
    constructor(...how: ConstructorParameters<typeof WebSocket>) {
      super(...how);
      watched.socket = this;
      noted.asked ||= now();
    }
  };
}

/** Takes a page away; what it gives brings it back, and says when the page heard that. */
async function away(
  cutable: Cutable,
  kind: 'socket' | 'reload' | 'offline' | 'freeze',
  page: Page,
): Promise<() => Promise<number>> {
  switch (kind) {
    case 'socket':
      await cutable.cutSocket();
      return () =>
        page.evaluate(() => {
          const now = performance.timeOrigin + performance.now();
          window.dispatchEvent(new Event('online'));
          return now;
        });
    case 'reload':
      return async () => {
        await page.reload();
        return page.evaluate(() => performance.timeOrigin);
      };
    case 'offline': {
      // Of this page only.
      const session = await page.context().newCDPSession(page);
      const reach = (offline: boolean) =>
        session.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
      await reach(true);
      await cutable.cutSocket();
      return async () => {
        await reach(false);
        const online = await page.waitForFunction(() => (window as unknown as Watched).noted.online);
        return online.jsonValue();
      };
    }
    case 'freeze': {
      // As a browser does it to a tab that nobody looks at, with nothing that is heard meanwhile.
      const session = await page.context().newCDPSession(page);
      const paused = new Promise((done) => session.once('Debugger.paused', done));
      await session.send('Debugger.enable');
      await session.send('Debugger.pause');
      // It stands still at what runs next.
      const next = session.send('Runtime.evaluate', { expression: '0' });
      await paused;
      return async () => {
        // It knows of nothing that happens to it.
        const now = Date.now();
        await session.send('Debugger.resume');
        await next;
        await session.detach();
        return now;
      };
    }
  }
}

/** Both pages hear that the answer was interrupted; one goes on with it. */
async function goesOn(cut: ChatPage, other: ChatPage): Promise<void> {
  const ended = cut.continueButton.or(cut.sendButton).first();
  await expect(ended).toBeVisible();
  await expect(other.notConnected).toBeHidden();
  await expect(other.continueButton.or(other.sendButton).first()).toBeVisible();
  if (!(await cut.continueButton.isVisible())) return;
  await cut.continueButton.click();
  await expect(other.continueButton).toBeHidden();
}

async function isBusy(chat: ChatPage): Promise<boolean> {
  return (await chat.answer.getAttribute('aria-busy')) === 'true';
}

/** Waits until the answer has grown by so many characters, or has ended. */
async function grows(chat: ChatPage, n_more: number): Promise<void> {
  await reaches(chat, (await chat.textOf(chat.answer)).length + n_more);
}

/** Waits until the answer has so many characters, or has ended. */
async function reaches(chat: ChatPage, length: number): Promise<void> {
  const reached = async () =>
    length <= (await chat.textOf(chat.answer)).length || !(await isBusy(chat));
  await expect.poll(reached, { intervals: [50] }).toBe(true);
}

/** What Copy message gives: the text as the model wrote it. */
async function copied(chat: ChatPage): Promise<string> {
  await chat.page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void document.body.setAttribute('data-copied', text);
  });
  await chat.press(chat.answer, 'Copy message');
  await expect(chat.page.locator('body')).toHaveAttribute('data-copied', /./);
  return (await chat.page.locator('body').getAttribute('data-copied')) ?? '';
}

/** Numbers that look random and are the same in every run (xorshift32, Marsaglia 2003). */
class Dice {
  constructor(private seed: number) {}

  below(n: number): number {
    this.seed ^= this.seed << 13;
    this.seed ^= this.seed >>> 17;
    this.seed ^= this.seed << 5;
    return (this.seed >>> 0) % n;
  }
}
