// A long chat on a slow computer: what the page does while an answer streams in, as rows of a Markdown
// table. The browser's own trace says it, and the browser slows the page down itself.
//
// The answer comes from this process. The page has less to do with a real engine, whose tokens leave at
// most once in 16 ms.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { standBetween } from './wick/between.mjs';
import { bring } from './wick/bring.mjs';
import { open } from './wick/open.mjs';
import { median, middle, percentile, print } from './wick/figures.mjs';
import { Growing, PACE, SAMPLE } from './wick/growing.mjs';
import { chromium as executablePath } from './wick/places.mjs';
import { startSigned } from './wick/start.mjs';
import { giveWay, traced } from './wick/trace.mjs';

const SLOWER = 4;
const MESSAGES = 500;
const SECONDS = 15;
/** All is measured so often, each time in a page of its own: the machine has more to do at some times than at others. */
const ROUNDS = 3;
const OPENINGS = 5;
/** So many samples, of some 200 tokens each, are an answer of 20,000 tokens. */
const SAMPLES = 100;
/** What between.mjs sends at once, in characters. */
const PIECE = 40_000;
/** Characters of a token, and of one of a text that is long enough for its memory to be told from other things. */
const TOKEN = 5;
const LARGE = 100;
/** How an answer arrives while the page is traced. */
const ORDINARY = { seconds: SECONDS, token: TOKEN };
/** Keys are pressed at this pace, in milliseconds: some 90 words a minute. */
const KEY_EVERY = 130;

const folder = mkdtempSync(join(tmpdir(), 'wick-bench-'));
const wick = await startSigned(folder);
const between = await standBetween(wick.url);
const args = [`--host-resolver-rules=MAP ${new URL(wick.url).host} 127.0.0.1:${between.port}`];
if (process.getuid?.() === 0) args.push('--no-sandbox');
const browser = await chromium.launch({ executablePath, args });
giveWay();
try {
  await bring(wick, { Long: Array.from({ length: MESSAGES }, () => 'A line of what was said. '.repeat(16)) });
  /** @type {Round[]} */
  const rounds = [];
  for (let idx = 0; idx < ROUNDS; idx++) rounds.push(await measure());
  /** @param {(round: Round) => number} of */
  const each = (of) => rounds.map(of);

  print(`A chat of ${MESSAGES} messages, processor ${SLOWER} times slower`, 'measured', 'budget');
  print('---', '---:', '---:');
  print('its end is shown and painted within', `${median(rounds.flatMap((it) => it.ends))} ms`, '500 ms');
  print('all of it is there within', `${median(rounds.flatMap((it) => it.wholes))} ms`, '');
  print(`longest task while ${PACE} tokens a second come`, `${median(each((it) => it.longest))} ms`, '≤ 50 ms');
  print('longest without what a task waited for a processor', `${median(each((it) => it.computed))} ms`, '');
  print('99 of 100 tasks are shorter than', `${median(each((it) => it.p99))} ms`, '');
  print('frames a second meanwhile', middle(each((it) => it.frames)).toFixed(1), '≥ 55');
  print(
    `the same at the end of an answer of ${(SAMPLES * 200).toLocaleString('en')} tokens, by that at its start`,
    middle(each((it) => it.share)).toFixed(2),
    '≥ 0.90',
  );
  print('layout shift meanwhile', Math.max(...each((it) => it.shift)).toFixed(3), '0');
  const large = (SECONDS * PACE * LARGE) / 1000;
  print(`memory that grew with a text of ${large} kB, by the text`, middle(each((it) => it.growth)).toFixed(1), '≤ 2');
  print('a key pressed meanwhile is painted within, 95 of 100', `${median(each((it) => it.key))} ms`, '≤ 50 ms');
  /** @param {(round: Round) => number} of @param {number} digits */
  const all = (of, digits = 0) => each((round) => of(round)).map((it) => it.toFixed(digits)).join(', ');
  console.log(`
Medians of ${ROUNDS} rounds in Chromium ${browser.version()}. In each: longest task ${all((it) => it.longest)} ms, without waiting
${all((it) => it.computed)} ms; frames ${all((it) => it.frames, 1)}, share ${all((it) => it.share, 2)}; memory ${all((it) => it.growth, 1)}; a key ${all((it) => it.key)} ms.`);
} finally {
  await browser.close();
  between.close();
  wick.process.kill('SIGTERM');
  await wick.exit;
  rmSync(folder, { recursive: true });
}

/**
 * What one round measured: times in milliseconds, frames a second.
 * @typedef {Awaited<ReturnType<typeof measure>>} Round
 */

/** One round. */
async function measure() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, storageState: wick.state });
  const tools = await page.context().newCDPSession(page);
  await showWhole(tools);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const opened = [];
  for (let idx = 0; idx < OPENINGS; idx++) opened.push(await open(page, wick.url, 'Long', MESSAGES));

  // The first answer brings what comes later, such as the colours of code.
  await stream(page, { seconds: 3, token: TOKEN });
  await page.evaluate(watch);
  const ordinary = await Growing.begin(page, between);
  const trace = await traced(browser, page, () => ordinary.growToItsEnd(ORDINARY));
  const delays = await type(page);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const held = await heap(page, tools);
  const n_large = await stream(page, { seconds: SECONDS, token: LARGE });
  const grown = (await heap(page, tools)) - held;
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });

  // Without that answer in the way.
  const shift = await page.evaluate(shiftUntilNow);
  await open(page, wick.url, 'Long', MESSAGES);
  await stream(page, { seconds: 3, token: TOKEN });
  await page.evaluate(watch);
  const long = await Growing.begin(page, between);
  const start = await traced(browser, page, () => long.grow(ORDINARY));
  const rest = SAMPLE.repeat(SAMPLES);
  for (let at = 0; at < rest.length; at += PIECE) long.say(rest.slice(at, at + PIECE));
  // What came at once has its colours before more comes, as what comes slowly has.
  await page.waitForFunction(
    ([id, n]) => {
      const code = [...(document.getElementById(String(id))?.querySelectorAll('pre > code') ?? [])];
      return code.length >= Number(n) && code.every((it) => it.firstElementChild);
    },
    [long.id, SAMPLES],
  );
  const later = await traced(browser, page, () => long.growToItsEnd(ORDINARY));
  const shifts = shift + (await page.evaluate(shiftUntilNow));
  await page.close();
  const traces = [trace, start, later];
  return {
    ends: opened.map((it) => it.end),
    wholes: opened.map((it) => it.all),
    longest: Math.max(...traces.map((it) => it.longest)),
    computed: Math.max(...traces.map((it) => it.computed)),
    p99: trace.p99,
    frames: trace.n_frames / SECONDS,
    share: later.n_frames / start.n_frames,
    shift: shifts,
    growth: grown / n_large,
    key: percentile(delays, 0.95),
  };
}

/**
 * Makes the window higher than the page. Playwright makes it as high, but the browser's bars are in it,
 * too: what changes below its edge, such as the field, would be painted only with what changes above.
 * @param {import('@playwright/test').CDPSession} tools
 */
async function showWhole(tools) {
  const { targetInfo } = await tools.send('Target.getTargetInfo');
  const windows = await browser.newBrowserCDPSession();
  const { windowId } = await windows.send('Browser.getWindowForTarget', { targetId: targetInfo.targetId });
  await windows.send('Browser.setWindowBounds', { windowId, bounds: { width: 1400, height: 1000 } });
}

/**
 * Lets an answer arrive for so many seconds, in tokens of so many characters; tells its length in bytes.
 * @param {import('@playwright/test').Page} page
 * @param {{ seconds: number, token: number }} how
 */
async function stream(page, how) {
  const answer = await Growing.begin(page, between);
  await answer.growToItsEnd(how);
  return answer.bytes;
}

/**
 * Bytes of objects that are used, after those that are not are gone: JavaScript's and the page's own.
 * @param {import('@playwright/test').Page} page
 * @param {import('@playwright/test').CDPSession} tools
 */
async function heap(page, tools) {
  // What only waited to be told that something is gone goes with the second.
  for (let idx = 0; idx < 2; idx++) await tools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await tools.send('Runtime.getHeapUsage');
  return usedSize + (await page.evaluate(wasmMemory));
}

/** What the page's module has of memory, in bytes. */
async function wasmMemory() {
  const code = performance.getEntriesByType('resource').find((it) => /\/app-\w+\.js$/.test(it.name));
  const { default: init } = await import(code?.name ?? '');
  const memory = Object.values(await init()).find((it) => it instanceof WebAssembly.Memory);
  if (!memory) throw new Error('The module has no memory');
  return memory.buffer.byteLength;
}

/**
 * Writes a message while an answer streams in; tells how long each key took to be painted.
 * @param {import('@playwright/test').Page} page
 */
async function type(page) {
  await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
  const words = 'Which lighthouse was the tallest of all, and who built it? And when did it fall?';
  const streamed = stream(page, { seconds: (words.length * KEY_EVERY) / 1000, token: TOKEN });
  for (const key of words) {
    const next = new Promise((done) => setTimeout(done, KEY_EVERY));
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await next;
  }
  await streamed;
  /** @type {number[]} */
  const delays = await page.evaluate(() => [.../** @type {any} */ (window).noted.presses.values()]);
  // Quicker ones are not told.
  while (delays.length < words.length) delays.push(16);
  return delays;
}

/** How much was shifted that nobody caused. */
function shiftUntilNow() {
  return /** @type {any} */ (window).noted.shift;
}

/** Notes layout shifts that nobody caused, and how long keys take. */
function watch() {
  /** @type {Map<number, number>} */
  const presses = new Map();
  const noted = { shift: 0, presses };
  Object.assign(window, { noted });
  /** @param {(it: any) => void} note */
  const observer = (note) => new PerformanceObserver((list) => list.getEntries().forEach(note));
  observer((it) => {
    if (!it.hadRecentInput) noted.shift += it.value;
  }).observe({ type: 'layout-shift' });
  // A key that is pressed and let go is one interaction of several events.
  observer(({ interactionId, duration }) => {
    if (interactionId) presses.set(interactionId, Math.max(duration, presses.get(interactionId) ?? 0));
  }).observe(/** @type {any} */ ({ type: 'event', durationThreshold: 16 }));
}
