// Where the executable, the models and the browsers are.

import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');

/** The executable that is tested. */
export const bin = resolve(process.env['WICK_BIN'] ?? join(repository, 'target/release/wick'));

/** A folder with both real models, never written to. */
export const realModels = resolve(
  process.env['WICK_TEST_MODELS'] ?? join(repository, 'target/tests/models'),
);

/** The starter model. */
export const STARTER = 'SmolLM2-135M-Instruct.Q4_1.gguf';

/** What sees for it: it knows red, green and blue. */
export const EYES = 'mmproj-SmolLM2-135M-Instruct.gguf';

/** A larger base model without a chat template. */
export const GEMMA = 'gemma-3-270m-q4_k_m.gguf';

/** An address of this computer that nobody else has, which stands for one in a network. */
export const NETWORK = '127.0.0.2';

/** @type {string} */
export const chromium = find('chromium', 'chromium-browser', 'google-chrome');

/**
 * The same without windows, where it is here.
 * @type {string}
 */
export const headless = find('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome');

/** @type {string} */
export const firefox = find('firefox-esr', 'firefox');

/**
 * The first of these programs that is here.
 * @param {string[]} names
 */
function find(...names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error(`None of ${names.join(', ')} is here. "cargo xtask test" installs them.`);
}
