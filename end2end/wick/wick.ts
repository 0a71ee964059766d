// One running Wick, with a data folder and a models folder of its own.

import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { realModels } from './places.mjs';
import { linkTo, type Signed, signIn } from './signed.mjs';
import { start, type Started } from './start.mjs';

/** A Wick that has not ended so many milliseconds after it was asked to is stuck. */
const LONGEST_END = 10_000;

export interface Choices {
  /** Model files that are there, by their names in the folder of real models. */
  modelFiles: string[];
  /** More environment variables. */
  env?: NodeJS.ProcessEnv;
  /** Where it keeps things, when not in its own folder. */
  data?: string | undefined;
  /** A database that it begins with. */
  database?: string | undefined;
  /** A folder with what models have read, which it begins with. */
  read?: string | undefined;
}

export class Wick {
  readonly data: string;
  readonly models: string;
  private started: Started | undefined;
  private signed: Signed | undefined;
  private lines: string[] = [];
  private port = '0';

  private constructor(
    private readonly folder: string,
    private readonly choices: Choices,
  ) {
    this.data = choices.data ?? join(folder, 'data');
    this.models = join(folder, 'models');
  }

  /** Starts one in a fresh folder. */
  static async start(choices: Choices): Promise<Wick> {
    const wick = new Wick(mkdtempSync(join(tmpdir(), 'wick-test-')), choices);
    mkdirSync(wick.models);
    for (const file of choices.modelFiles) {
      symlinkSync(join(realModels, file), join(wick.models, file));
    }
    if (choices.database) {
      mkdirSync(wick.data, { recursive: true });
      copyFileSync(choices.database, join(wick.data, 'wick.db'));
    }
    if (choices.read) cpSync(choices.read, join(wick.data, 'parked'), { recursive: true });
    await wick.startAgain();
    return wick;
  }

  /** Starts it on the same data, and from the second time on at the same port. */
  async startAgain(): Promise<void> {
    const args = ['--port', this.port, '--data-dir', this.data, '--models', this.models];
    // Two tests run at once; engines that share cores would mostly wait for each other.
    args.push('--threads', '1');
    // What the model is asked besides would be in the way of what is watched.
    const env = { WICK_TITLES: 'beginning', ...this.choices.env };
    this.started = await start(args, { env, log: (line) => this.lines.push(line) });
    this.port = new URL(this.url).port;
    this.signed ??= await signIn(this.url, this.data);
  }

  /** What a browser has that is signed in, as Playwright gives it to one. */
  get browser(): Signed['state'] {
    return this.signed?.state ?? { cookies: [], origins: [] };
  }

  /** What it shows with each request. */
  get headers(): Record<string, string> {
    return this.signed?.headers ?? {};
  }

  /** A link that signs another browser in, once. */
  link(): string {
    return linkTo(this.data);
  }

  get url(): string {
    return this.running.url;
  }

  /** What it logged. */
  get log(): string {
    return this.lines.join('\n');
  }

  /** Ends it as a person would, which must succeed. */
  async stop(): Promise<void> {
    const { process, exit } = this.running;
    process.kill('SIGTERM');
    const overdue = setTimeout(() => process.kill('SIGKILL'), LONGEST_END);
    const code = await exit;
    clearTimeout(overdue);
    this.started = undefined;
    expect(code, `exit code after SIGTERM, null if it had to be killed; it logged:\n${this.log}`).toBe(0);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const { process, exit } = this.running;
    process.kill('SIGKILL');
    await exit;
    this.started = undefined;
  }

  /** The process ids of its engines. */
  engines(): number[] {
    const server = this.running.process.pid;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const stat = processFile(pid, 'stat');
        // The name, in brackets, may hold anything; state and parent come after it.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(parent) === server && state !== 'Z';
      });
  }

  /** Ends the engine as the system does when memory runs out. */
  killEngine(): void {
    const engines = this.engines();
    expect(engines, 'engines').toHaveLength(1);
    process.kill(engines[0]!, 'SIGKILL');
  }

  /** Resident bytes of the engine, as the system counts them. */
  engineMemory(): number {
    const engines = this.engines();
    expect(engines, 'engines').toHaveLength(1);
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(processFile(engines[0]!, 'status'))?.[1];
    return Number(kib) * 1024;
  }

  /** The files in which is what models have read. */
  parked(): string[] {
    const files = readdirSync(this.data, { recursive: true, encoding: 'utf8' });
    return files.filter((it) => /^parked\/.+\.parked$/.test(it));
  }

  /** Ends it, if a test has not, and removes its folder. */
  async remove(): Promise<void> {
    try {
      if (this.started) await this.stop();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private get running(): Started {
    if (!this.started) throw new Error('Wick is not running');
    return this.started;
  }
}

/** What the system says of a process; nothing when it has ended meanwhile. */
function processFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
