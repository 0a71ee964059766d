// A port for a program that can't choose one itself.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** One at which nobody listens. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('A server without a port');
  return address.port;
}
