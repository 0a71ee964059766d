// WebKit, driven over WebDriver, on a screen that nobody sees.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Builder, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../wick/port.mjs';

export class WebKit {
  private constructor(
    readonly driver: WebDriver,
    private readonly processes: ChildProcess[],
  ) {}

  static async start(): Promise<WebKit> {
    const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [display] = await once(createInterface(screen.stdio[3] as Readable), 'line');
    const port = await freePort();
    const env = { ...process.env, DISPLAY: `:${display}` };
    const server = spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' });
    const address = `http://127.0.0.1:${port}`;
    await answers(`${address}/status`);
    const driver = await new Builder()
      .usingServer(address)
      .withCapabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { args: ['--automation'] } })
      .build();
    return new WebKit(driver, [server, screen]);
  }

  async end(): Promise<void> {
    await this.driver.quit();
    for (const it of this.processes) it.kill();
  }
}

/** Waits until somebody answers at an address, for ten seconds. */
async function answers(address: string): Promise<void> {
  const until = Date.now() + 10_000;
  for (;;) {
    try {
      await fetch(address);
      return;
    } catch (error) {
      if (until < Date.now()) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
