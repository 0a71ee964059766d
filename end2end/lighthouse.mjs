// What Lighthouse says of the page on a desktop and on a phone, as rows of a Markdown table.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse, { desktopConfig } from 'lighthouse';
import { median, print } from './wick/figures.mjs';
import { chromium as executablePath } from './wick/places.mjs';
import { freePort } from './wick/port.mjs';
import { linkTo } from './wick/signed.mjs';
import { startSigned } from './wick/start.mjs';

const RUNS = 3;
/** Categories, and the least that they have to be of 100. */
const BUDGETS = { performance: 95, accessibility: 100, 'best-practices': 100 };
const PLACES = { desktop: desktopConfig, phone: undefined };

const folder = mkdtempSync(join(tmpdir(), 'wick-bench-'));
const wick = await startSigned(folder);
const port = await freePort();
const args = [`--remote-debugging-port=${port}`];
if (process.getuid?.() === 0) args.push('--no-sandbox');
const browser = await chromium.launch({ executablePath, args });
try {
  // Lighthouse opens its pages beside this one, in the same browser.
  const driven = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = await driven.contexts()[0]?.newPage();
  await page?.goto(linkTo(folder));
  await page?.getByRole('heading', { name: 'Ask something' }).waitFor();
  await driven.close();
  print('Lighthouse, of 100', 'measured', 'budget');
  print('---', '---:', '---:');
  const found = new Set();
  for (const [place, config] of Object.entries(PLACES)) {
    /** @type {Map<string, number[]>} */
    const scores = new Map();
    for (let run = 0; run < RUNS; run++) {
      const flags = { port, onlyCategories: Object.keys(BUDGETS), logLevel: /** @type {const} */ ('silent') };
      const result = await lighthouse(wick.url, flags, config);
      if (!result) throw new Error('Lighthouse says nothing');
      const { categories, audits } = result.lhr;
      for (const [name, { score, auditRefs }] of Object.entries(categories)) {
        scores.set(name, [...(scores.get(name) ?? []), Math.round((score ?? 0) * 100)]);
        for (const { id, weight } of auditRefs) {
          const { score, title, displayValue = '' } = audits[id] ?? {};
          if (weight && typeof score === 'number' && score < 0.9) found.add(`${place}, ${name}: ${title} ${displayValue}`);
        }
      }
    }
    for (const [name, budget] of Object.entries(BUDGETS)) {
      print(`${name.replace('-', ' ')}, ${place}`, `${median(scores.get(name) ?? [])}`, `≥ ${budget}`);
    }
  }
  for (const it of found) console.error(it);
} finally {
  await browser.close();
  wick.process.kill('SIGTERM');
  await wick.exit;
  rmSync(folder, { recursive: true });
}
