// What axe finds.

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Everything in the light theme, and the colours in the dark one: nothing else differs. */
export async function checkWithAxe(page: Page, state: string): Promise<void> {
  expect(await found(page, new AxeBuilder({ page })), `what axe finds in the state "${state}"`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  const colours = new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']);
  expect(await found(page, colours), `what axe finds in the state "${state}", dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function found(page: Page, axe: AxeBuilder): Promise<string[]> {
  // A colour that is on its way to another one has no contrast that counts.
  await page.evaluate(() => {
    const ends = (it: Animation) => Number.isFinite(it.effect?.getComputedTiming().endTime);
    return Promise.all(document.getAnimations().filter(ends).map((it) => it.finished.catch(() => {})));
  });
  const { violations } = await axe.analyze();
  return violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(' | ')}`);
}
