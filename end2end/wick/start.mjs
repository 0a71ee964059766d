// Starting the real executable and waiting until it is ready.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { bin, realModels } from './places.mjs';
import { signIn } from './signed.mjs';

/**
 * A running `wick serve`.
 * @typedef {object} Started
 * @property {import('node:child_process').ChildProcess} process
 * @property {string} url Where it is, without a slash at the end.
 * @property {Promise<number | null>} exit Its exit code, once it has ended.
 */

/**
 * Starts it with these arguments; resolves when it says where it is.
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv | undefined, log?: (line: string) => void }} [choices]
 *     More environment variables, and who hears what it logs.
 * @returns {Promise<Started>}
 */
export function start(args, { env = {}, log = () => {} } = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('WICK_'));
  const child = spawn(bin, ['serve', '--no-open', ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface(child.stderr).on('line', log);
  /** @type {Promise<number | null>} */
  const exit = new Promise((done) => child.on('exit', done));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`wick ended with ${code} before it was ready`)));
    createInterface(child.stdout).on('line', (line) => {
      const url = /^Wick is at (http:\/\/localhost:\d+)$/.exec(line)?.[1];
      if (url) resolve({ process: child, url, exit });
      else reject(new Error(`wick said "${line}" on stdout`));
    });
  });
}

/**
 * Starts it on a data folder with all real models, and signs a browser in.
 * @param {string} data
 * @returns {Promise<Started & import('./signed.mjs').Signed>}
 */
export async function startSigned(data) {
  const started = await start(['--port', '0', '--data-dir', data, '--models', realModels]);
  return { ...started, ...(await signIn(started.url, data)) };
}
