// What axe finds.

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Wider than a phone, in pixels. */
const WIDE = 600;

/** Everything in the light theme, and the colours in the dark one, once for all sizes: nothing else differs. */
export async function checkWithAxe(page: Page, state: string): Promise<void> {
  expect(await foundByAxe(page), `what axe finds in the state "${state}"`).toEqual([]);
  if (page.viewportSize()!.width < WIDE) return;
  await page.emulateMedia({ colorScheme: 'dark' });
  const found = await foundByAxe(page, (axe) => axe.withRules(['color-contrast', 'link-in-text-block']));
  expect(found, `what axe finds in the state "${state}", dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** What it finds, where it may be told to look at less. */
export async function foundByAxe(
  page: Page,
  narrowed: (axe: AxeBuilder) => AxeBuilder = (axe) => axe,
): Promise<string[]> {
  await page.evaluate(() => {
    // A colour that is on its way to another one has no contrast that counts.
    const ends = (it: Animation) => Number.isFinite(it.effect?.getComputedTiming().endTime);
    return Promise.all(document.getAnimations().filter(ends).map((it) => it.finished.catch(() => {})));
  });
  // Half a megabyte, which would be sent three times for each look.
  const isThere = await page.evaluate(() => 'axe' in window);
  const axe = new AxeBuilder({ page, ...(isThere && { axeSource: '0' }) })
    // It would open another page for its result each time, for the sake of frames, of which there are none.
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  const { violations } = await narrowed(axe).analyze();
  return violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(' | ')}`);
}
