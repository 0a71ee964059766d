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
