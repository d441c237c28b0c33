/** Bytes to the program and what comes back, over a bare socket: no client that would mend what is sent. */
import { connect, type Socket } from 'node:net';
import type { Outgoing } from './mutations.ts';

export interface Answer {
  /** the status of each answer on this connection */
  statuses: number[];
  /** everything that came back, the first of it */
  text: string;
  ms: number;
  /** neither answered nor hung up within the time */
  hung: boolean;
  closed: boolean;
}

const KEPT = 40_000;

export function bytesOf({ method, path, version, headers, body, cuts, chunked, declared }: Outgoing): Buffer[] {
  const framing: [string, string][] = chunked
    ? [['transfer-encoding', 'chunked']]
    : body.length > 0 || method === 'POST'
      ? [['content-length', String(declared ?? body.length)]]
      : [];
  const lines = [...headers, ...framing].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/${version}\r\n${lines.join('')}\r\n`, 'latin1');
  const edges = [0, ...cuts, body.length];
  const pieces = edges
    .slice(1)
    .map((end, i) => body.subarray(edges[i], end))
    .filter((piece) => piece.length > 0);
  if (!chunked) return [head, ...pieces];
  const chunks = pieces.flatMap((piece) => [
    Buffer.from(`${piece.length.toString(16)}\r\n`),
    piece,
    Buffer.from('\r\n'),
  ]);
  return [head, ...chunks, Buffer.from('0\r\n\r\n')];
}

export interface Sending {
  port: number;
  pieces: readonly Buffer[];
  /** between two pieces */
  pauseMs?: number;
  /** after the last piece: our half of the line is closed, or all of it */
  after?: 'wait' | 'half-close' | 'cut';
  withinMs?: number;
  /** enough is heard when so many answers have come */
  answers?: number;
}

export function send(sending: Sending): Promise<Answer> {
  const { port, pieces, pauseMs = 0, after = 'wait', withinMs = 15_000, answers = 1 } = sending;
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let over = false;
    const end = (hung: boolean, closed: boolean): void => {
      if (over) return;
      over = true;
      clearTimeout(late);
      socket.destroy();
      resolve({ statuses: statusesIn(text), text, ms: performance.now() - began, hung, closed });
    };
    const late = setTimeout(() => end(statusesIn(text).length === 0, false), withinMs);
    socket.setNoDelay(true);
    socket.on('error', () => end(false, true));
    socket.on('close', () => end(false, true));
    socket.on('data', (bytes: Buffer) => {
      if (text.length < KEPT) text += bytes.toString('latin1');
      if (isWhole(text, answers)) end(false, false);
    });
    void feed(socket, pieces, pauseMs, () => over).then(() => {
      if (over) return;
      if (after === 'half-close') socket.end();
      if (after === 'cut') end(false, true);
    });
  });
}

async function feed(socket: Socket, pieces: readonly Buffer[], pauseMs: number, over: () => boolean): Promise<void> {
  for (const piece of pieces) {
    if (over()) return;
    if (!socket.write(piece))
      await new Promise<void>((resolve) => void socket.once('drain', resolve).once('close', resolve));
    // so that the pieces arrive as pieces
    else if (pieces.length > 2) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.[01] (\d{3})\b/g)].map(([, status]) => Number(status)).filter((status) => status !== 100);

/** As many answers, the last of them with all of its body: nobody waits for a connection that is kept open. */
function isWhole(text: string, answers: number): boolean {
  const starts = [...text.matchAll(/HTTP\/1\.[01] (?!100)\d{3}/g)];
  const last = starts.length >= answers ? starts.at(-1) : undefined;
  if (last === undefined) return false;
  const answer = text.slice(last.index);
  const head = answer.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /^content-length: *(\d+)/im.exec(answer.slice(0, head))?.[1];
  if (/^HTTP\/1\.[01] (204|304)/.test(answer)) return true;
  if (/^content-type: *text\/event-stream/im.test(answer.slice(0, head))) return true;
  if (length !== undefined) return answer.length - head - 4 >= Number(length) || answer.length > KEPT;
  return answer.endsWith('0\r\n\r\n') || text.length >= KEPT;
}
