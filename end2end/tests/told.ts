import type { Page } from '@playwright/test';

/** What the server says of an engine of 124 MB whose context was freed. */
export const CONTEXT_FREED = {
  running: [{ model: 'a', stage: 'resting', memory: { total: 124_000_000, weights: 118_000_000 } }],
  receipt: { step: 'context_freed', before: 178_000_000, after: 124_000_000, back_ms: 110 },
};

/** From the next load on, the page hears this of the engine, whatever the engine does. */
export async function tellOfEngine(page: Page, engine: object): Promise<void> {
  await page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      const message = JSON.parse(String(text));
      if (message.welcome) message.welcome.engine = engine;
      if (!message.engine_changed) socket.send(JSON.stringify(message));
    });
  });
}
