// What axe finds.

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Fails where something on the page can't be used by everybody. */
export async function checkWithAxe(page: Page, state: string): Promise<void> {
  // A colour that is on its way to another one has no contrast that counts.
  await page.evaluate(() => {
    const ends = (it: Animation) => Number.isFinite(it.effect?.getComputedTiming().endTime);
    return Promise.all(document.getAnimations().filter(ends).map((it) => it.finished.catch(() => {})));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(' | ')}`);
  expect(found, `what axe finds in the state "${state}"`).toEqual([]);
}
