// What every test begins with: a Wick that was used before.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython, PYTHON, seedSetting } from './database';
import { realModels } from './places.mjs';
import { signIn } from './signed.mjs';
import { start } from './start.mjs';

/**
 * The likeliest token is always taken, so that the starter model writes on for as long as a test needs. By
 * chance it would sometimes end at once.
 */
const LIKELIEST = {
  temperature: 0,
  top_k: 40,
  top_p: 0.95,
  min_p: 0.05,
  repeat_penalty: 1,
  seed: null,
  max_tokens: null,
  stop: [],
};

/** Where a database is, for the tests, in which that is chosen. */
export const CHOSEN = 'WICK_TEST_CHOSEN';

/** Where a folder is with what the starter model reads before every first message, so that no engine has to. */
export const READ = 'WICK_TEST_READ';

export default async function prepare(): Promise<() => void> {
  process.env[PYTHON] = findPython();
  const folder = mkdtempSync(join(tmpdir(), 'wick-prepared-'));
  const [chosen, read] = [join(folder, 'chosen'), join(folder, 'read')];
  await run(chosen);
  seedSetting(chosen, 'sampling', LIKELIEST);
  await run(read, async (url) => {
    const { headers } = await signIn(url, read);
    const messages = [{ role: 'user', content: 'Well?' }];
    const body = JSON.stringify({ model: 'SmolLM2-135M-Instruct', messages, max_tokens: 1 });
    const asked = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
    const answer = await fetch(`${url}/v1/chat/completions`, asked);
    if (!answer.ok) throw new Error(await answer.text());
  });
  process.env[CHOSEN] = join(chosen, 'wick.db');
  process.env[READ] = join(read, 'parked');
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Runs a Wick on a data folder while something is done with it. */
async function run(data: string, use: (url: string) => Promise<void> = async () => {}): Promise<void> {
  const wick = await start(['--port', '0', '--data-dir', data, '--models', realModels]);
  try {
    await use(wick.url);
  } finally {
    wick.process.kill('SIGTERM');
    await wick.exit;
  }
}
