// Somebody else's servers on this computer: one with a page that attacks, and one that believes
// everybody, to show that the attacks work where nothing stops them.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';

/** The page that attacks. */
export const ATTACK = `<!doctype html><title>A page</title><body><script>${readFileSync(
  resolve(import.meta.dirname, '../hostile/attack.js'),
  'utf8',
)}</script>`;

/** What the server that believes everybody tells everybody. */
const SECRET = '{"status": "a secret"}';

/** RFC 6455, 1.3. */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export class Attacker {
  private constructor(
    private readonly pages: Server,
    private readonly believer: Server,
    /** What came to the server that believes everybody. */
    readonly heard: string[],
  ) {}

  static async start(): Promise<Attacker> {
    const heard: string[] = [];
    const pages = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end(ATTACK);
    });
    const believer = createServer((request, response) => answer(request, response, heard));
    believer.on('upgrade', (request, socket) => {
      const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${ACCEPT}`).digest('base64');
      const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade';
      socket.write(`${head}\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
      socket.write(Buffer.concat([Buffer.from([0x81, SECRET.length]), Buffer.from(SECRET)]));
    });
    for (const server of [pages, believer]) {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    }
    return new Attacker(pages, believer, heard);
  }

  /** The page that attacks, under a name of this computer. */
  page(host: string): string {
    return `http://${host}:${port(this.pages)}/`;
  }

  /** Where the server is that believes everybody. */
  get victim(): string {
    return `http://localhost:${port(this.believer)}`;
  }

  end(): void {
    for (const server of [this.pages, this.believer]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

function answer(request: IncomingMessage, response: ServerResponse, heard: string[]): void {
  heard.push(`${request.method} ${request.url}`);
  request.resume();
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', '*');
  const isEvents = request.url?.startsWith('/events') && request.method === 'GET';
  response.setHeader('content-type', isEvents ? 'text/event-stream' : 'application/json');
  response.end(isEvents ? `data: ${SECRET}\n\n` : SECRET);
}

function port(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
