// Sizes of the page as it is served, and times of its cold loads, as rows of a Markdown table.
// Ends with 1 when a size is over its budget; times depend on the machine and are only told.

import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { bring } from './wick/bring.mjs';
import { median, print } from './wick/figures.mjs';
import { chromium as executablePath } from './wick/places.mjs';
import { open } from './wick/open.mjs';
import { startSigned } from './wick/start.mjs';

const LOADS = 15;
const folder = mkdtempSync(join(tmpdir(), 'wick-bench-'));
const wick = await startSigned(folder);
const browser = await chromium.launch({
  executablePath,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const loads = [];
  // The first load also starts the browser's own processes.
  await load();
  for (let idx = 0; idx < LOADS; idx++) loads.push(await load());

  const html = await textOf(`${wick.url}/`);
  const code = [/app-\w+\.wasm/, /app-\w+\.js/].map((it) => `${wick.url}/${named(html, it)}`);
  let bytes = 0;
  for (const name of code) bytes += await sizeOf(name);

  print('Page', 'measured', 'budget');
  print('---', '---:', '---:');
  print('wasm and JavaScript, brotli', `${(bytes / 1000).toFixed(1)} kB`, '180 kB');
  const shell = await sizeOf(`${wick.url}/`);
  print('all before the first answer, styles and HTML included, brotli', `${((bytes + shell) / 1000).toFixed(1)} kB`, '200 kB');
  let all = bytes + shell;
  const app = await textOf(code.find((it) => it.endsWith('.js')) ?? '');
  const [colours, find] = [/colours-\w+\.js/, /find-\w+\.js/].map((it) => named(html, it));
  const later = [named(app, /more-\w+\.wasm/), find, colours, named(await textOf(`${wick.url}/${colours}`), /highlight-\w+\.js/)];
  for (const name of later) all += await sizeOf(`${wick.url}/${name}`);
  print('all there is, what comes later included, brotli', `${(all / 1000).toFixed(1)} kB`, '350 kB');
  // A browser fetches one language; German is the longer one.
  const words = await sizeOf(`${wick.url}/${named(html, /words-de-\w+\.txt/)}`);
  print('its words in German, brotli', `${(words / 1000).toFixed(1)} kB`, '');
  print('shell painted, cold', `${median(loads.map((it) => it.painted))} ms`, '150 ms');
  print('ready to write, cold', `${median(loads.map((it) => it.ready))} ms`, '400 ms');
  print('without a socket, ready for a first message within', `${await withoutSocket()} ms`, '2,000 ms');
  const { end, all: whole } = await openLong();
  print('the end of a chat of 500 messages (200 kB) is shown within', `${end} ms`, '300 ms');
  print('all of it is there within', `${whole} ms`, '');
  console.log(`\nMedians of ${LOADS} loads with an empty cache, in Chromium ${browser.version()}.`);
  if (bytes > 180_000 || bytes + shell > 200_000 || all > 350_000) process.exitCode = 1;
} finally {
  await browser.close();
  wick.process.kill('SIGTERM');
  await wick.exit;
  rmSync(folder, { recursive: true });
}

/** One load with an empty cache: when it was painted and ready. */
async function load() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState: wick.state });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const look = () => {
      // The shell has none: with the field everything is there that makes it work.
      if (!document.querySelector('textarea:enabled')) return;
      observer.disconnect();
      performance.mark('ready');
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, attributes: true, subtree: true });
  });
  await page.goto(wick.url);
  const handle = await page.waitForFunction(() => {
    const at = (/** @type {string} */ name) => performance.getEntriesByName(name)[0]?.startTime;
    const painted = at('first-contentful-paint');
    const ready = at('ready');
    return painted && ready && { painted, ready };
  });
  const value = await handle.jsonValue();
  await context.close();
  if (!value) throw new Error('The page was never ready');
  return value;
}

/** From the start of a load, where sockets open and are silent, to a connection in another way. */
async function withoutSocket() {
  const times = [];
  for (let idx = 0; idx < LOADS; idx++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, storageState: wick.state });
    await page.routeWebSocket('**/ws', () => {});
    await page.goto(wick.url);
    await page.getByRole('heading', { name: 'Ask something' }).waitFor();
    times.push(await page.evaluate(() => performance.now()));
    await page.close();
  }
  return median(times);
}

/** A long chat, from pressing its link on, in milliseconds. */
async function openLong() {
  const text = 'A line of what was said. '.repeat(16);
  await bring(wick, { Long: Array.from({ length: 500 }, () => text) });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, storageState: wick.state });
  const times = [];
  for (let idx = 0; idx < LOADS; idx++) {
    times.push(await open(page, wick.url, 'Long', 500));
  }
  await page.close();
  return { end: median(times.map((it) => it.end)), all: median(times.map((it) => it.all)) };
}

/** @param {string} url */
async function textOf(url) {
  return (await fetch(url)).text();
}

/**
 * The name in a text that looks like this.
 * @param {string} text
 * @param {RegExp} name
 */
function named(text, name) {
  const found = text.match(name);
  if (!found) throw new Error(`Nothing is called ${name}`);
  return found[0];
}

/**
 * What travels when a browser asks for this, in bytes.
 * @param {string} url
 * @returns {Promise<number>}
 */
function sizeOf(url) {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, (response) => {
      let bytes = 0;
      if (response.statusCode !== 200) reject(new Error(`${url} is answered ${response.statusCode}`));
      response.on('data', (chunk) => (bytes += chunk.length));
      response.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}
