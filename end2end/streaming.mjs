// A long chat on a slow computer: what the page does while an answer streams in, as rows of a Markdown
// table. The browser's own trace says it, and the browser slows the page down itself.
//
// The answer comes over the page's own socket, from this process, a token at a time. The page has less
// to do with a real engine, whose tokens leave at most once in 16 ms.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { standBetween } from './wick/between.mjs';
import { bring } from './wick/bring.mjs';
import { open } from './wick/open.mjs';
import { median, percentile, print } from './wick/figures.mjs';
import { chromium as executablePath } from './wick/places.mjs';
import { startSigned } from './wick/start.mjs';

const SLOWER = 4;
const MESSAGES = 500;
const TOKENS_A_SECOND = 100;
const SECONDS = 15;
const OPENINGS = 9;
/** So many samples, of some 200 tokens each, are an answer of 20,000 tokens. */
const SAMPLES = 100;
/** What between.mjs sends at once, in characters. */
const PIECE = 40_000;
/** Characters of a token, and of one of a text that is long enough for its memory to be told from other things. */
const TOKEN = 5;
const LARGE = 100;
/** Keys are pressed at this pace, in milliseconds: some 90 words a minute. */
const KEY_EVERY = 130;

const PARAGRAPH = `A lighthouse warns ships with **light**, and in fog with *sound*. The keeper lights the lamp when the sun
sets, and a lens gathers its light into beams that turn, so that each lighthouse has a \`rhythm\` of its own.`;
const SAMPLE = `${`${PARAGRAPH}\n\n`.repeat(3)}
1. The lamp burns oil, **gas** or nothing at all.
2. The lens is made of *rings* of glass.

| Name | Built | Height |
|------|------:|-------:|
| Pharos | 280 BC | 103 m |
| Eddystone | 1882 | 49 m |

\`\`\`js
function isVisible(height, distance) {
  return distance < 3.57 * Math.sqrt(height);
}
\`\`\`

`;

const folder = mkdtempSync(join(tmpdir(), 'wick-bench-'));
const wick = await startSigned(folder);
const between = await standBetween(wick.url);
const args = [`--host-resolver-rules=MAP ${new URL(wick.url).host} 127.0.0.1:${between.port}`];
if (process.getuid?.() === 0) args.push('--no-sandbox');
const browser = await chromium.launch({ executablePath, args });
try {
  await bring(wick, { Long: Array.from({ length: MESSAGES }, () => 'A line of what was said. '.repeat(16)) });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, storageState: wick.state });
  const tools = await page.context().newCDPSession(page);
  await showWhole(tools);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const opened = [];
  for (let idx = 0; idx < OPENINGS; idx++) opened.push(await open(page, wick.url, 'Long', MESSAGES));

  // The first answer brings what comes later, such as the colours of code.
  await stream(page, { seconds: 3, token: TOKEN });
  await page.evaluate(watch);
  const ordinary = await begin(page);
  const trace = await traced(page, () => grownToItsEnd(page, ordinary));
  const { keys, delays } = await type(page);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const held = await heap(page, tools);
  const n_large = await stream(page, { seconds: SECONDS, token: LARGE });
  const growth = (await heap(page, tools)) - held;
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });

  // Without that answer in the way.
  const shift = await page.evaluate(shiftUntilNow);
  await open(page, wick.url, 'Long', MESSAGES);
  await stream(page, { seconds: 3, token: TOKEN });
  await page.evaluate(watch);
  const long = await begin(page);
  const start = await traced(page, () => grow(long, { seconds: SECONDS, token: TOKEN }));
  const rest = SAMPLE.repeat(SAMPLES);
  for (let at = 0; at < rest.length; at += PIECE) say(long, rest.slice(at, at + PIECE));
  // What came at once has its colours before more comes, as what comes slowly has.
  await page.waitForFunction(
    ([id, n]) => {
      const code = [...(document.getElementById(String(id))?.querySelectorAll('pre > code') ?? [])];
      return code.length >= Number(n) && code.every((it) => it.firstElementChild);
    },
    [long.id, SAMPLES],
  );
  const later = await traced(page, () => grownToItsEnd(page, long));
  const shifts = shift + (await page.evaluate(shiftUntilNow));

  print(`A chat of ${MESSAGES} messages, processor ${SLOWER} times slower`, 'measured', 'budget');
  print('---', '---:', '---:');
  print('its end is shown and painted within', `${median(opened.map((it) => it.end))} ms`, '500 ms');
  print('all of it is there within', `${median(opened.map((it) => it.all))} ms`, '');
  const [longest, computed] = /** @type {const} */ (['longest', 'computed']).map((of) =>
    Math.max(...[trace, start, later].map((it) => it[of])),
  );
  print(`longest task while ${TOKENS_A_SECOND} tokens a second come`, `${longest?.toFixed(0)} ms`, '≤ 50 ms');
  print('longest without what a task waited for a processor', `${computed?.toFixed(0)} ms`, '');
  print('99 of 100 tasks are shorter than', `${trace.p99.toFixed(1)} ms`, '');
  print('frames a second meanwhile', `${(trace.n_frames / SECONDS).toFixed(1)}`, '≥ 55');
  print(
    `the same at the end of an answer of ${(SAMPLES * 200).toLocaleString('en')} tokens, by that at its start`,
    (later.n_frames / start.n_frames).toFixed(2),
    '≥ 0.90',
  );
  print('layout shift meanwhile', shifts.toFixed(3), '0');
  print(`memory that grew with a text of ${(n_large / 1000).toFixed(0)} kB, by the text`, (growth / n_large).toFixed(1), '≤ 2');
  print('a key pressed meanwhile is painted within, 95 of 100', `${percentile(delays, 0.95)} ms`, '≤ 50 ms');
  console.log(`\n${SECONDS} s of streaming, ${ordinary.at} bytes; ${keys} keys; in Chromium ${browser.version()}.`);
} finally {
  await browser.close();
  between.close();
  wick.process.kill('SIGTERM');
  await wick.exit;
  rmSync(folder, { recursive: true });
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
 * An answer that is being written: the id of its element, its number, and the bytes that were sent of it.
 * @typedef {{ id: string, message: number, at: number }} Growing
 */

/**
 * Lets an answer arrive for so many seconds, in tokens of so many characters; tells its length in bytes.
 * @param {import('@playwright/test').Page} page
 * @param {{ seconds: number, token: number }} how
 */
async function stream(page, how) {
  const answer = await begin(page);
  await grow(answer, how);
  await end(page, answer);
  return answer.at;
}

/**
 * Lets an answer grow at the pace that is measured, and end.
 * @param {import('@playwright/test').Page} page
 * @param {Growing} answer
 */
async function grownToItsEnd(page, answer) {
  await grow(answer, { seconds: SECONDS, token: TOKEN });
  await end(page, answer);
}

/**
 * Begins an answer at the end of the chat.
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<Growing>}
 */
async function begin(page) {
  const { chat, after } = await page.evaluate(() => ({
    chat: Number(location.hash.slice(1)),
    after: Number([...document.querySelectorAll('article')].at(-1)?.id.slice(1)),
  }));
  const message = after + 1;
  const author = { model: { name: 'A model', state: 'writing', stats: null } };
  between.say({ thread_changed: { chat, after, messages: [{ id: message, chat, author, text: '' }], forks: [] } });
  return { id: `m${message}`, message, at: 0 };
}

/**
 * @param {Growing} answer
 * @param {string} text
 */
function say(answer, text) {
  between.say({ delta: { message: answer.message, at: answer.at, text } });
  answer.at += Buffer.byteLength(text);
}

/**
 * @param {Growing} answer
 * @param {{ seconds: number, token: number }} how
 */
async function grow(answer, { seconds, token }) {
  let n_sent = 0;
  const began = performance.now();
  await new Promise((done) => {
    const timer = setInterval(() => {
      const due = Math.min((performance.now() - began) / 1000, seconds) * TOKENS_A_SECOND;
      for (; n_sent < due; n_sent++) say(answer, SAMPLE.repeat(2).slice((n_sent * token) % SAMPLE.length).slice(0, token));
      if (n_sent < seconds * TOKENS_A_SECOND) return;
      clearInterval(timer);
      done(undefined);
    }, 1000 / TOKENS_A_SECOND);
  });
}

/**
 * Ends the answer.
 * @param {import('@playwright/test').Page} page
 * @param {Growing} answer
 */
async function end(page, { id, message }) {
  between.say({ state_changed: { message, state: { finished: { why: 'end_of_turn' } } } });
  // A locator looks at every element, for which a browser keeps something that is not of the page.
  await page.waitForFunction((id) => document.getElementById(id)?.ariaBusy === 'false', id);
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
 * What the page's main thread does during something. The categories of the trace are few: with that of
 * the developer tools' own tasks the browser looks at each node of the page in each frame.
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<void>} something
 */
async function traced(page, something) {
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'devtools.timeline', 'devtools.timeline.frame'] });
  await something();
  /** @type {{ traceEvents: TraceEvent[] }} */
  const { traceEvents: events } = JSON.parse((await browser.stopTracing()).toString());
  const mains = events.filter((it) => it.name === 'thread_name' && it.args?.name === 'CrRendererMain');
  const threads = mains.map(({ pid, tid }) => ({ pid, tasks: tasksOf(events.filter((it) => it.pid === pid && it.tid === tid)) }));
  /** @param {{ tasks: Task[] }} thread */
  const busy = ({ tasks }) => tasks.reduce((sum, it) => sum + it.took, 0);
  // Other pages that wait to be needed do next to nothing.
  const [main] = threads.toSorted((a, b) => busy(b) - busy(a));
  if (!main || !busy(main)) throw new Error('The trace knows no page');
  return {
    n_frames: events.filter((it) => it.name === 'AnimationFrame::Presentation' && it.pid === main.pid).length,
    longest: Math.max(...main.tasks.map((it) => it.took)),
    computed: Math.max(...main.tasks.map((it) => it.computed)),
    p99: percentile(main.tasks.map((it) => it.took), 0.99),
  };
}

/**
 * The tasks of a thread, each with what it promised to do at its end.
 * @param {TraceEvent[]} events Of this thread.
 */
function tasksOf(events) {
  /** @type {Task[]} */
  const tasks = [];
  let began = 0;
  let ended = 0;
  for (const { name, ts, dur = 0, tdur = 0 } of events.toSorted((a, b) => a.ts - b.ts)) {
    const isWithin = ts < ended;
    const last = tasks.at(-1);
    if (name === 'ThreadControllerImpl::RunTask' && !isWithin) {
      tasks.push({ took: dur / 1000, computed: tdur / 1000 });
      [began, ended] = [ts, ts + dur];
    } else if (name === 'BlinkScheduler_PerformMicrotaskCheckpoint' && !isWithin && last) {
      ended = ts + dur;
      last.took = (ended - began) / 1000;
      last.computed += tdur / 1000;
    }
  }
  return tasks;
}

/**
 * How long a task took, and how long of that it had a processor, in milliseconds.
 * @typedef {{ took: number, computed: number }} Task
 */

/**
 * An event of Chromium's trace; times are in microseconds, `tdur` is that of a processor.
 * @typedef {{ name: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args?: { name?: string } }} TraceEvent
 */

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
  return { keys: words.length, delays };
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
