// Model files that can't be used.

import { closeSync, copyFileSync, openSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { realModels, STARTER } from './places.mjs';

const real = join(realModels, STARTER);

/** Something else by the name of a model. */
export function noGguf(file: string): void {
  writeFileSync(file, 'Dear reader, this is a letter.\n'.repeat(100));
}

/** The first half of a model. */
export function truncated(file: string): void {
  copyFileSync(real, file);
  truncateSync(file, 50_000_000);
}

/** A model that works and says that it knows 4,294,967,295 tokens, so it seems to need 860 GB. */
export function hungry(file: string): void {
  copyFileSync(real, file);
  const opened = openSync(file, 'r+');
  const header = Buffer.alloc(4096);
  readSync(opened, header);
  const key = header.indexOf('llama.vocab_size') + 'llama.vocab_size'.length;
  // Between the key and the value stands the kind of the value.
  writeSync(opened, Buffer.alloc(4, 0xff), 0, 4, key + 4);
  closeSync(opened);
}

/** A model of 900 GB, of which nearly nothing is on the disk. */
export function tooBig(file: string): void {
  const header = Buffer.alloc(8_000_000);
  const source = openSync(real, 'r');
  readSync(source, header);
  closeSync(source);
  writeFileSync(file, header);
  truncateSync(file, 900_000_000_000);
}
