// What a server says, said by a test within the page: as fast as the page can take it.

import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** The page hears this from its server, and all that comes of it has happened when this resolves. */
    hear(message: object): Promise<void>;
  }
}

/** From the next load on there is `window.hear`, beside what the server itself says. */
export async function speakInstead(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // Behind everything that is done at once, and before anything that waits for a clock.
    const { port1, port2 } = new MessageChannel();
    window.WebSocket = class extends WebSocket {
      constructor(...how: ConstructorParameters<typeof WebSocket>) {
        super(...how);
        window.hear = (message) => {
          this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
          return new Promise((done) => {
            port1.onmessage = () => done();
            port2.postMessage(null);
          });
        };
      }
    };
  });
}

/** An answer of no server, at the end of the chat that is shown. */
export class Instead {
  /** Bytes that it has. */
  private at = 0;

  private constructor(private readonly page: Page) {}

  /** It begins, with no word yet. */
  static async begin(page: Page): Promise<Instead> {
    await page.evaluate(async (message) => {
      const chat = Number(location.hash.slice(1));
      const author = { model: { name: 'A model', state: 'writing', stats: null } };
      const messages = [{ id: message, chat, author, text: '' }];
      await window.hear({ thread_changed: { chat, after: null, messages, forks: [] } });
    }, NUMBER);
    return new Instead(page);
  }

  /** More of its text arrives, in these pieces. */
  async says(...pieces: string[]): Promise<void> {
    const say = async ({ message, at, pieces }: { message: number; at: number; pieces: string[] }) => {
      const bytes = new TextEncoder();
      for (const text of pieces) {
        await window.hear({ delta: { message, at, text } });
        at += bytes.encode(text).length;
      }
      return at;
    };
    this.at = await this.page.evaluate(say, { message: NUMBER, at: this.at, pieces });
  }

  /** It ends as the model wants it. */
  async ends(): Promise<void> {
    const state = { finished: { why: 'end_of_turn' } };
    const end = (it: object) => window.hear({ state_changed: it });
    await this.page.evaluate(end, { message: NUMBER, state });
  }
}

/** No message of a server has it. */
const NUMBER = 1_000_000;
