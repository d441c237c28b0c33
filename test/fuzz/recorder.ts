/** Stands between the platforms and the program, hands everything on, and keeps what went by: real traffic to begin from. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  method: string;
  /** with the query */
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export async function startRecorder(target: () => string) {
  const recorded: Recorded[] = [];

  function handOn(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
    const { method = 'GET', url = '/', headers } = incoming;
    recorded.push({ method, path: url, headers: headers as Record<string, string>, body });
    const onward = request(`${target()}${url}`, { method, headers: { ...headers, connection: 'close' } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    onward.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.once('end', () => handOn(incoming, outgoing, Buffer.concat(parts)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    recorded,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
