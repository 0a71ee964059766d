// What an answer shows, noted at every change, so that nothing has to be caught in time.

import type { Page } from '@playwright/test';

export interface Seen {
  /** The lengths that its text had, each once, in order. */
  lengths: number[];
  /** The percentages that were shown while the model was loaded. */
  loading: number[];
  /** The tokens that were read, and of how many. */
  reading: { done: number; total: number }[];
}

declare global {
  interface Window {
    seen: Seen;
  }
}

/** Starts noting; the returned function says what was seen so far. */
export async function startWatching(page: Page): Promise<() => Promise<Seen>> {
  await page.evaluate(() => {
    const seen: Seen = { lengths: [], loading: [], reading: [] };
    window.seen = seen;
    const number = (digits: string | undefined) => Number(digits?.replaceAll(',', ''));
    const look = () => {
      const answer = [...document.querySelectorAll('[role=log] article:not([aria-label=You])')].at(-1);
      const text = answer?.textContent ?? '';
      const loading = /Loading the model: (\d+) %/.exec(text);
      if (loading && seen.loading.at(-1) !== number(loading[1])) {
        seen.loading.push(number(loading[1]));
      }
      const reading = /Reading: ([\d,]+) of ([\d,]+) tokens/.exec(text);
      if (reading && seen.reading.at(-1)?.done !== number(reading[1])) {
        seen.reading.push({ done: number(reading[1]), total: number(reading[2]) });
      }
      const { length } = answer?.querySelector('.markdown')?.textContent ?? '';
      if (length && !seen.lengths.includes(length)) seen.lengths.push(length);
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  return () => page.evaluate(() => window.seen);
}
