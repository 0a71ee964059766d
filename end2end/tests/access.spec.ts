// Who may use Wick: browsers that are signed in, programs with a key, and nobody else.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { AccessDialog } from '../pages/access';
import { checkWithAxe } from '../pages/axe';
import { ChatPage } from '../pages/chat';
import { openSeeded } from './seeded';

const NOBODY = { cookies: [], origins: [] };
const REFUSED = /status of 40[13]|ERR_CONNECTION_REFUSED|WebSocket connection to .* failed|can.t establish a connection/;

/** What the page says in place of itself. */
const says = (page: Page) => page.locator('#shell-says');

test.describe('a browser that is not signed in', () => {
  test.use({ storageState: NOBODY, mayComplain: REFUSED });

  test('is told how, and signed in by a link, once', { tag: '@firefox' }, async ({ browser, page, wick, noComplaints: _ }) => {
    await page.goto('/');
    await expect(says(page)).toContainText('This browser is not signed in');
    await expect(says(page)).toContainText('wick link');
    await expect(page.getByRole('textbox')).toHaveCount(0);
    await checkWithAxe(page, 'not signed in');

    // In the tab that is there, the address only changes.
    const link = wick.link();
    await page.goto(link);
    const chat = new ChatPage(page);
    await chat.isReady();
    expect(page.url()).toBe(`${wick.url}/`);
    await chat.reload();

    const other = await browser.newContext({ storageState: NOBODY, baseURL: wick.url });
    const late = await other.newPage();
    await late.goto(link);
    await expect(says(late)).toContainText('This browser is not signed in');
    expect(late.url()).toBe(`${wick.url}/`);
    await other.close();
  });

  test('reads nothing with the cookie alone, which every server of this host is sent', async ({ page, context, wick, noComplaints: _ }) => {
    const sent: string[] = [];
    const spy = createServer((request, response) => {
      sent.push(request.headers.cookie ?? '');
      response.setHeader('content-type', 'text/html').end('<title>Another server</title>');
    });
    await new Promise<void>((done) => spy.listen(0, '127.0.0.1', done));
    await page.goto(wick.link());
    await new ChatPage(page).isReady();
    const elsewhere = await context.newPage();
    await elsewhere.route('**/favicon.ico', (route) => route.abort());
    const answer = await elsewhere.request.get(`http://localhost:${(spy.address() as AddressInfo).port}/`);
    expect(answer.ok()).toBe(true);
    spy.close();

    const cookie = sent[0]!;
    expect(cookie).toMatch(/^wick-\d+=[0-9a-f]{64}$/);
    for (const path of ['/export/all.json', '/engine.svg', '/v1/models', '/events?connection=00112233445566778899aabbccddeeff']) {
      const answer = await fetch(`${wick.url}${path}`, { headers: { cookie } });
      expect(answer.status, path).toBe(401);
    }
    // What it lacks is the page's, and no page of another port can read that.
    expect(await page.evaluate(() => localStorage.getItem('wick-secret'))).toMatch(/^[0-9a-f]{64}$/);
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });
});

test.describe('browsers', () => {
  test.use({ mayComplain: REFUSED });

  test('are named and signed out, on every page at once', { tag: '@phone' }, async ({ chat, browser, wick }) => {
    const access = new AccessDialog(chat.page);
    await access.show();
    await expect(access.rows()).toHaveCount(1);
    await expect(access.rows()).toContainText('This browser');

    const other = await browser.newContext({ storageState: NOBODY, baseURL: wick.url });
    const page = await other.newPage();
    await page.goto(wick.link());
    await new ChatPage(page).isReady();
    await expect(access.rows()).toHaveCount(2);
    const row = access.rows().filter({ hasNotText: 'This browser' });
    await expect(row).toContainText(/, Linux|, Android/);
    await expect(row).toContainText('127.0.0.1');
    await row.getByRole('button', { name: 'Rename' }).click();
    await row.getByLabel('New name').fill('The kitchen');
    await row.getByRole('button', { name: 'Rename' }).click();
    await expect(access.row('The kitchen')).toBeVisible();
    await checkWithAxe(chat.page, 'who may use Wick');

    await access.row('The kitchen').getByRole('button', { name: 'Sign out' }).click();

    await expect(access.rows()).toHaveCount(1);
    await expect(says(page)).toContainText('This browser is not signed in');
    await expect(page.getByRole('textbox')).toHaveCount(0);
    await other.close();
    await access.close.click();
    await chat.message.fill('Still here');
  });
});

test('a key is shown once, works, and ends when it is revoked', async ({ chat, wick }) => {
  const access = new AccessDialog(chat.page);
  await access.show();
  const key = await access.makeKey('Editor');
  expect(key).toMatch(/^wick-[0-9a-f]{64}$/);
  await expect(access.row('Editor')).toContainText('use models · all models · never used');
  const ask = () => fetch(`${wick.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  await access.close.click();

  await access.show();
  await expect(access.made).toHaveCount(0);
  await expect(access.row('Editor')).toContainText(/use models · all models · used \d/);
  await access.row('Editor').getByRole('button', { name: 'Revoke' }).click();
  await expect(access.row('Editor')).toHaveCount(0);
  expect((await ask()).status).toBe(401);
});

test('a key can be for one model, and for listing only', async ({ chat, wick }) => {
  const access = new AccessDialog(chat.page);
  await access.show();
  await access.dialog.getByRole('radio', { name: 'list models' }).check();
  await access.dialog.getByRole('checkbox', { name: 'SmolLM2-135M-Instruct' }).check();
  const key = await access.makeKey('Lister');
  await expect(access.row('Lister')).toContainText('list models · SmolLM2-135M-Instruct');
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] });
  const answer = await fetch(`${wick.url}/v1/chat/completions`, { method: 'POST', headers, body });
  expect(answer.status).toBe(403);
});

test('programs on this computer need no key where that was set', async ({ chat, wick }) => {
  const access = new AccessDialog(chat.page);
  await access.show();
  const ask = async () => (await fetch(`${wick.url}/v1/models`)).status;
  expect(await ask()).toBe(401);
  await access.keyless.check();
  await expect.poll(ask).toBe(200);
  await chat.reload();
  await access.show();
  await expect(access.keyless).toBeChecked();
});

test.describe('without signing in', () => {
  test.use({ env: { WICK_NO_AUTH: '1' }, storageState: NOBODY });

  test('everybody is let in, and the page says so', async ({ chat, wick }) => {
    await openSeeded(chat, wick, { Tides: 'The moon does it.' });
    const access = new AccessDialog(chat.page);
    await access.show();
    await expect(access.dialog).toContainText('Nobody has to sign in: Wick was started with --no-auth.');
    await expect(access.rows()).toHaveCount(0);
  });
});
