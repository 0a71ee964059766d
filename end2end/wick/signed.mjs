// A browser that is signed in, as the real one is: by a link that Wick printed.

import { execFileSync } from 'node:child_process';
import { bin } from './places.mjs';

/**
 * What it has, and shows with each request.
 * @typedef {object} Signed
 * @property {Record<string, string>} headers
 * @property {{ cookies: import('@playwright/test').Cookie[], origins: { origin: string, localStorage: { name: string, value: string }[] }[] }} state
 *     As Playwright gives it to a browser.
 */

/**
 * A link that signs a browser in, once.
 * @param {string} data The data folder of the Wick that runs.
 */
export function linkTo(data) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WICK_')));
  return execFileSync(bin, ['link', '--data-dir', data], { env, encoding: 'utf8' }).trim();
}

/**
 * Signs a browser in.
 * @param {string} url Where Wick is.
 * @param {string} data Its data folder.
 * @returns {Promise<Signed>}
 */
export async function signIn(url, data) {
  const code = linkTo(data).split('#key=')[1];
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/sign-in`, { method: 'POST', headers, body: JSON.stringify({ code }) });
  if (answer.status === 204) return { headers: {}, state: { cookies: [], origins: [] } };
  if (!answer.ok) throw new Error(await answer.text());
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const [name = '', value = ''] = cookie.split('=');
  const { secret } = await answer.json();
  return {
    headers: { cookie, 'wick-secret': secret },
    state: {
      cookies: [
        { name, value, domain: 'localhost', path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' },
      ],
      origins: [{ origin: url, localStorage: [{ name: 'wick-secret', value: secret }] }],
    },
  };
}
