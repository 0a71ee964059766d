import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '../fixtures';
import { messages } from '../wick/database';
import { LONG } from './words';

/** Wick keeps its things on a disk of 4 MB, where such a disk may be made. */
const test = base.extend<{ disk: string | undefined }>({
  disk: async ({}, use) => {
    const disk = mkdtempSync(join(tmpdir(), 'wick-disk-'));
    const isMounted = mounts(disk);
    await use(isMounted ? disk : undefined);
    if (isMounted) execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  },
  data: async ({ disk }, use) => use(disk && join(disk, 'data')),
});

test('a full disk is said, the answer goes on, and is saved once there is room', { tag: '@unread' }, async ({ chat, disk, page, wick }) => {
  if (!disk) return console.log('Not tested: this person may not mount a small disk.');
  await chat.say(LONG);
  await chat.isWriting();
  const filler = join(disk, 'filler');
  fill(filler);

  await expect(page.getByRole('alert')).toContainText(/disk|full|saved/i);
  const length = (await chat.textOf(chat.answer)).length;
  await chat.isWriting(length + 40);
  rmSync(filler);

  await expect(page.getByRole('alert')).toBeHidden();
  await chat.stopButton.click();
  await chat.hasAnswered();
  const text = await chat.textOf(chat.answer);
  await chat.reload();
  await chat.answersWith(text);
  expect(messages(wick.data)).toHaveLength(2);
});

function mounts(disk: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', disk], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Writes a file until the disk takes no more. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  for (const size of [65_536, 4096, 512, 1]) {
    const piece = Buffer.alloc(size);
    try {
      for (;;) writeSync(descriptor, piece);
    } catch {
      // Full for pieces of this size.
    }
  }
  closeSync(descriptor);
}
