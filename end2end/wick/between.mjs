// Stands between the page and Wick and passes on what both say. Through it a measurement speaks to the
// page over its own socket, from another process: neither the browser's driver nor a model is in the way.

import { connect, createServer } from 'node:net';

/**
 * Where it is, and how to use it.
 * @typedef {object} Between
 * @property {number} port
 * @property {(message: object) => void} say The page hears this in place of Wick. Wick must be silent.
 * @property {() => void} close
 */

/**
 * Begins to listen.
 * @param {string} url Where Wick is.
 * @returns {Promise<Between>}
 */
export function standBetween(url) {
  /** @type {import('node:net').Socket | undefined} */
  let page;
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((client) => {
    const wick = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, wick]) {
      sockets.add(socket.setNoDelay(true));
      // The one side has gone; the other one hears of it by the end.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => {
      if (data.toString('latin1').startsWith('GET /ws ')) page = client;
    });
    client.pipe(wick);
    wick.pipe(client);
  });
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      done({ port, close, say: (message) => page?.write(frame(JSON.stringify(message))) });
    });
  });
}

/**
 * A WebSocket's frame with this text (RFC 6455, 5.2).
 * @param {string} text
 */
function frame(text) {
  const payload = Buffer.from(text);
  const { length } = payload;
  if (0xffff < length) throw new Error(`${length} bytes are too many for a frame of this kind`);
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}
