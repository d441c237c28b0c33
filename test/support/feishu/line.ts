/**
 * The platform's end of the long connections: sends an event in two parts, waits for its answer, answers pings. There may be several, up to
 * 50 of one app; each event goes to one of them, at random ("集群模式"):
 * https://open.larkoffice.com/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/request-url-configuration-case.md
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isJson } from './card-rules.ts';
import { acceptSocket, decodeFrame, encodeFrame, type Line } from './frames.ts';
import type { Json } from './platform.ts';

export interface Answered {
  status: number;
  answer: Json;
}
const SERVICE = 33554678;

export class LongLine {
  /** how many connections there have been */
  count = 0;
  readonly #changed: () => void;
  readonly #waiting = new Map<string, (answered: Answered) => void>();
  readonly #lines = new Set<Line>();
  /** which of so many gets the next event */
  pick = (count: number): number => Math.floor(Math.random() * count);

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** how many stand now */
  get open(): number {
    return this.#lines.size;
  }

  accept(request: IncomingMessage, socket: Duplex): void {
    const line: Line = acceptSocket(request, socket, {
      data: (bytes) => this.#heard(line, bytes),
      closed: () => this.#lost(line),
    });
    this.#lines.add(line);
    this.count += 1;
    this.#changed();
  }

  cut(): void {
    for (const line of this.#lines) line.close();
  }

  /** In two parts, as the platform does with large events; the cut may fall inside a character. */
  async send(envelope: Json): Promise<Answered> {
    const line = [...this.#lines][this.pick(this.#lines.size)];
    if (line === undefined) throw new Error('nobody is connected, and deliverTo was not called');
    const id = randomUUID();
    const bytes = Buffer.from(JSON.stringify(envelope));
    const half = Math.floor(bytes.length / 2);
    const answered = this.#answerTo(id);
    for (const [seq, payload] of [bytes.subarray(0, half), bytes.subarray(half)].entries()) {
      const headers = { type: 'event', message_id: id, sum: '2', seq: String(seq), trace_id: id };
      line.send(encodeFrame({ seq: 1, log: 1, service: SERVICE, method: 1, headers, payload }));
    }
    return answered;
  }

  #answerTo(id: string): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the app did not answer over the long connection')), 10_000);
      this.#waiting.set(id, (answered) => {
        clearTimeout(late);
        this.#waiting.delete(id);
        resolve(answered);
      });
    });
  }

  #heard(line: Line, bytes: Buffer): void {
    const frame = decodeFrame(bytes);
    if (frame.method === 0) {
      line.send(encodeFrame({ ...frame, headers: { type: 'pong' }, payload: Buffer.alloc(0) }));
      return;
    }
    const payload: unknown = JSON.parse(frame.payload.toString());
    const { code, data } = isJson(payload) ? payload : {};
    const answer: unknown = typeof data === 'string' ? JSON.parse(Buffer.from(data, 'base64').toString()) : {};
    this.#waiting.get(frame.headers.message_id ?? '')?.({ status: Number(code), answer: isJson(answer) ? answer : {} });
  }

  #lost(line: Line): void {
    this.#lines.delete(line);
    this.#changed();
  }
}
