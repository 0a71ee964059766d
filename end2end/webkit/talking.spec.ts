import { expect, test } from '@playwright/test';
import { By, until, type WebDriver } from 'selenium-webdriver';
import { LONG } from '../tests/words';
import { STARTER } from '../wick/places.mjs';
import { CHOSEN } from '../wick/prepared';
import { Wick } from '../wick/wick';
import { WebKit } from './browser';

const PATIENCE = 15_000;
const FIELD = By.css('textarea[aria-label=Message]:enabled');
const ANSWER = By.css('[role=log] article:not([aria-label=You])');

let wick: Wick;
let webkit: WebKit;

test.beforeEach(async () => {
  wick = await Wick.start({ modelFiles: [STARTER], database: process.env[CHOSEN] });
  webkit = await WebKit.start();
});

test.afterEach(async () => {
  await webkit?.end();
  await wick?.remove();
});

test('an answer streams in, stops when it is stopped, and is there after a reload', async () => {
  const { driver } = webkit;
  await driver.get(wick.link());
  const field = await driver.wait(until.elementLocated(FIELD), PATIENCE);
  await driver.executeScript(noteLengths);
  await field.sendKeys(LONG);
  await button(driver, 'Send').then((it) => it.click());

  await driver.wait(async () => (await lengths(driver)).length > 10, PATIENCE);
  await button(driver, 'Stop').then((it) => it.click());
  await driver.wait(until.elementLocated(By.css('article[aria-busy=false]')), PATIENCE);
  const text = await driver.findElement(ANSWER).getText();
  expect(text.length).toBeGreaterThan(40);

  await driver.navigate().refresh();
  await driver.wait(until.elementLocated(FIELD), PATIENCE);
  const again = await driver.wait(until.elementLocated(ANSWER), PATIENCE);
  expect(await again.getText()).toBe(text);
});

function button(driver: WebDriver, name: string) {
  return driver.wait(until.elementLocated(By.css(`button[aria-label="${name}"]:enabled`)), PATIENCE);
}

/** The lengths that the answer had, each once. */
function lengths(driver: WebDriver): Promise<number[]> {
  return driver.executeScript('return window.lengths');
}

function noteLengths(): void {
  const seen: number[] = [];
  Object.assign(window, { lengths: seen });
  new MutationObserver(() => {
    const length = document.querySelector('.markdown')?.textContent?.length ?? 0;
    if (length && !seen.includes(length)) seen.push(length);
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}
