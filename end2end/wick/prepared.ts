// What every test begins with: a database in which the likeliest token is always taken, so that the
// starter model writes on for as long as a test needs. By chance it would sometimes end at once.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython, PYTHON, seedSetting } from './database';
import { start } from './start.mjs';

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

/** Where it is, for the tests. */
export const PREPARED = 'WICK_TEST_DATABASE';

export default async function prepare(): Promise<() => void> {
  process.env[PYTHON] = findPython();
  const folder = mkdtempSync(join(tmpdir(), 'wick-prepared-'));
  const data = join(folder, 'data');
  const wick = await start(['--port', '0', '--data-dir', data]);
  wick.process.kill('SIGTERM');
  await wick.exit;
  seedSetting(data, 'sampling', LIKELIEST);
  copyFileSync(join(data, 'wick.db'), join(folder, 'wick.db'));
  process.env[PREPARED] = join(folder, 'wick.db');
  return () => rmSync(folder, { recursive: true, force: true });
}
