// A phone in the network: scanned, let in, and sent away again. An address of this computer that nobody
// else has stands for one in a network.

import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { AccessDialog } from '../pages/access';
import { textFile } from '../pages/attachments';
import { checkWithAxe } from '../pages/axe';
import { ChatPage } from '../pages/chat';
import { messages } from '../wick/database';
import { headless, NETWORK } from '../wick/places.mjs';
import { LONG } from './words';

test.use({ env: { WICK_NETWORK: NETWORK } });

/** A phone's browser, whose person goes on where it warns of a certificate that it does not know. */
async function phone(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    ignoreHTTPSErrors: true,
    viewport: { width: 390, height: 844 },
    userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 7) Chrome/142.0.0.0 Mobile Safari/537.36',
  });
  return context.newPage();
}

const says = (page: Page) => page.locator('#shell-says');

test('a phone that is let in shows the same, until it is signed out', { tag: '@firefox' }, async ({ chat, browser, browserName }) => {
  const access = new AccessDialog(chat.page);
  const invited = await access.invite();
  expect(invited).toMatch(/^https:\/\/127\.0\.0\.2:\d+\/#pair=[0-9a-f]{32}$/);
  await expect(access.code).toBeVisible();
  if (browserName === 'chromium') await checkWithAxe(chat.page, 'open on phone');

  const page = await phone(browser);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(invited);
  await expect(says(page)).toHaveText(/^Let this phone in on the computer\. It has to show there: (\w+ ){3}\w+\.$/);
  const words = /: (.+)\.$/.exec(await says(page).innerText())![1]!;
  await expect(access.phoneWantsIn).toContainText('Let “Chrome, Android” in?');
  await expect(access.phoneWantsIn).toContainText(`“${words}”`);
  await access.phoneWantsIn.getByRole('button', { name: 'Let it in' }).click();

  const there = new ChatPage(page);
  await there.isReady();
  await expect(access.phoneWantsIn).toBeHidden();
  expect(new URL(page.url()).hash).toBe('');
  await access.close.click();
  await there.say(LONG);
  await expect(chat.sidebar.links).toHaveCount(1);
  await chat.sidebar.links.first().click();
  await chat.isWriting(20);
  await chat.stopButton.click();
  await there.hasAnswered();
  expect(await there.textOf(there.answer)).toBe(await chat.textOf(chat.answer));
  await there.reload();
  expect(errors).toEqual([]);

  await access.show();
  await access.row('Chrome, Android').getByRole('button', { name: 'Sign out' }).click();
  await expect(says(page)).toContainText('This phone is not let in.');
  await page.context().close();
});

test('a phone that is sent away sees nothing, and its code is used up', async ({ chat, browser }) => {
  const access = new AccessDialog(chat.page);
  const invited = await access.invite();
  const page = await phone(browser);
  await page.goto(invited);
  await access.phoneWantsIn.getByRole('button', { name: 'Send it away' }).click();
  await expect(says(page)).toContainText('This phone is not let in.');

  await page.goto(invited);
  await expect(says(page)).toContainText('This phone is not let in.');
  await expect(access.phoneWantsIn).toBeHidden();
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await page.context().close();
});

test('what was opened to phones is closed again', async ({ chat, browser }) => {
  const access = new AccessDialog(chat.page);
  const invited = await access.invite();
  const page = await phone(browser);
  await page.goto(invited);
  await access.phoneWantsIn.getByRole('button', { name: 'Let it in' }).click();
  const there = new ChatPage(page);
  await there.isReady();
  await access.dialog.getByRole('button', { name: 'Close to phones' }).click();
  await expect(access.openOnPhone).toBeVisible();
  await expect(there.notConnected).toBeVisible();

  // The phone is known: when it is opened again, it goes on by itself.
  await access.openOnPhone.click();
  await expect(there.notConnected).toBeHidden();
  await page.context().close();
});

test('without encryption a phone is let in too, and both read what that means', async ({ chat, browser }) => {
  const access = new AccessDialog(chat.page);
  await access.show();
  await access.plain.check();
  await access.openOnPhone.click();
  const invited = await access.invited.innerText();
  expect(invited).toMatch(/^http:\/\/127\.0\.0\.2:/);
  await expect(access.dialog.getByText('Nothing is encrypted')).toBeVisible();

  const page = await phone(browser);
  await page.goto(invited);
  await expect(says(page)).toHaveText('Let this phone in on the computer.');
  await access.phoneWantsIn.getByRole('button', { name: 'Let it in' }).click();
  const there = new ChatPage(page);
  await there.isReady();
  const other = new AccessDialog(page);
  await other.show();
  await expect(other.dialog.getByText('Nothing is encrypted')).toBeVisible();
  await expect(other.app).toHaveCount(0);
  await page.context().close();
});

test('from the settings it takes three taps to let a phone in, and it gets what makes it trust Wick', async ({ chat, browser }) => {
  const access = new AccessDialog(chat.page);
  await chat.page.getByRole('button', { name: 'Settings', exact: true }).click();
  await chat.page.getByRole('button', { name: 'Open on phone' }).click();
  const invited = await access.invited.innerText();
  await expect(access.app).toHaveCount(0);
  const page = await phone(browser);
  await page.goto(invited);
  await access.phoneWantsIn.getByRole('button', { name: 'Let it in' }).click();
  await new ChatPage(page).isReady();
  const there = new AccessDialog(page);
  await there.show();
  await expect(there.app).toBeVisible();
  await expect(there.dialog.getByText('search for “CA certificate”')).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    there.dialog.getByRole('link', { name: 'Save the certificate' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('wick-authority.crt');
  expect(readFileSync((await file.path())!, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  await page.context().close();
});

test('a phone that trusts Wick reads how it becomes an app', async ({ chat, wick }, info) => {
  const access = new AccessDialog(chat.page);
  const invited = await access.invite();
  // As if the authority was installed; our address of a phone is none that it speaks for.
  const authority = new X509Certificate(readFileSync(join(wick.data, 'tls/authority.pem')));
  const key = authority.publicKey.export({ type: 'spki', format: 'der' });
  const trusted = createHash('sha256').update(key).digest('base64');
  const context = await chromium.launchPersistentContext(info.outputPath('phone'), {
    executablePath: headless,
    args: [...info.project.use.launchOptions!.args!, `--ignore-certificate-errors-spki-list=${trusted}`],
  });
  const page = await context.newPage();
  await page.goto(invited);
  await access.phoneWantsIn.getByRole('button', { name: 'Let it in' }).click();
  await new ChatPage(page).isReady();
  const there = new AccessDialog(page);
  await there.show();
  await expect(there.dialog.getByText('This phone trusts Wick.')).toBeVisible();
  await expect(there.dialog.getByRole('link', { name: 'Save the certificate' })).toBeHidden();
  await context.close();
});

test.describe('where a browser holds nothing to be safe', () => {
  test.use({ env: { WICK_NETWORK: NETWORK, WICK_ALLOW_HOST: 'phone.test' } });

  test('everything works on a phone but what browsers keep from such pages', async ({ chat, browser, wick }) => {
    const access = new AccessDialog(chat.page);
    await access.show();
    await access.plain.check();
    await access.openOnPhone.click();
    const invited = new URL(await access.invited.innerText());
    // Our address of a phone counts as safe; a name does not.
    invited.hostname = 'phone.test';
    const page = await phone(browser);
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(invited.href);
    await access.phoneWantsIn.getByRole('button', { name: 'Let it in' }).click();
    const there = new ChatPage(page);
    await there.isReady();
    expect(await page.evaluate(() => [isSecureContext, 'serviceWorker' in navigator])).toEqual([false, false]);

    await there.files.choose(textFile('keys.txt', 'The key lies under the mat.'));
    await there.ask('Where is the key?');
    await page.evaluate(() => {
      document.addEventListener('copy', () => {
        document.body.dataset['copied'] = (document.activeElement as HTMLTextAreaElement).value;
      });
    });
    await there.press(there.answer, 'Copy message');
    await expect(page.locator('body')).toHaveAttribute('data-copied', messages(wick.data).at(-1)!.text);
    await there.say(LONG);
    await there.isWriting();
    await there.reload();
    await there.stopButton.click();
    await there.hasAnswered();
    expect(messages(wick.data)).toHaveLength(4);
    await there.settings.show();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      there.settings.dialog.getByRole('link', { name: 'JSON' }).click(),
    ]);
    expect(readFileSync((await file.path())!, 'utf8')).toContain('Where is the key?');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
