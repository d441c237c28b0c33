/**
 * The wire of the long connection, written anew so that the product's library does not test itself: `pbbp2.Frame` in
 * protobuf, and as much of a WebSocket server (RFC 6455) as the client needs.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Frame {
  seq: number;
  log: number;
  service: number;
  /** 0 control, 1 data */
  method: number;
  headers: Record<string, string>;
  payload: Buffer;
}

export function encodeFrame(frame: Frame): Buffer {
  const headers = Object.entries(frame.headers).map(([key, value]) =>
    bytesField(5, Buffer.concat([bytesField(1, Buffer.from(key)), bytesField(2, Buffer.from(value))])),
  );
  return Buffer.concat([
    ...[frame.seq, frame.log, frame.service, frame.method].flatMap((n, i) => [varint((i + 1) << 3), varint(n)]),
    ...headers,
    bytesField(8, frame.payload),
  ]);
}

export function decodeFrame(bytes: Buffer): Frame {
  const frame: Frame = { seq: 0, log: 0, service: 0, method: 0, headers: {}, payload: Buffer.alloc(0) };
  for (const { field, number, data } of fields(bytes)) {
    if (field === 1) frame.seq = number;
    else if (field === 2) frame.log = number;
    else if (field === 3) frame.service = number;
    else if (field === 4) frame.method = number;
    else if (field === 5) {
      const parts = fields(data);
      const text = (wanted: number) => parts.find((part) => part.field === wanted)?.data.toString() ?? '';
      frame.headers[text(1)] = text(2);
    } else if (field === 8) frame.payload = data;
  }
  return frame;
}

function fields(bytes: Buffer): { field: number; number: number; data: Buffer }[] {
  const found: { field: number; number: number; data: Buffer }[] = [];
  let at = 0;
  const read = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = read();
    const isBytes = (tag & 7) === 2;
    const number = read();
    const data = isBytes ? bytes.subarray(at, at + number) : Buffer.alloc(0);
    if (isBytes) at += number;
    found.push({ field: tag >>> 3, number, data });
  }
  return found;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

const bytesField = (field: number, data: Buffer): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(data.length), data]);

export interface Line {
  send(data: Buffer): void;
  close(): void;
}

/** Takes over an upgraded connection; `onData` gets each binary message whole. */
export function acceptSocket(
  request: IncomingMessage,
  socket: Duplex,
  on: { data: (data: Buffer) => void; closed: () => void },
): Line {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let waiting = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const message = takeMessage(waiting);
      if (message === undefined) return;
      waiting = Buffer.from(waiting.subarray(message.used));
      if (message.opcode === 8) socket.end();
      else if (message.opcode === 9) socket.write(wrap(10, message.data));
      else if (message.opcode === 2) on.data(message.data);
    }
  });
  // whoever was killed says no goodbye, and its half of the line must not stay open
  socket.on('end', () => socket.end());
  socket.on('close', on.closed);
  socket.on('error', on.closed);
  return { send: (data) => socket.write(wrap(2, data)), close: () => socket.destroy() };
}

function takeMessage(bytes: Buffer): { opcode: number; data: Buffer; used: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extra + 4) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const start = 2 + extra + 4; // a client's frames are always masked
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const data = Buffer.from(bytes.subarray(start, start + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
  return { opcode: (bytes[0] ?? 0) & 0x0f, data, used: start + length };
}

function wrap(opcode: number, data: Buffer): Buffer {
  const head =
    data.length < 126
      ? Buffer.from([0x80 | opcode, data.length])
      : data.length < 65_536
        ? Buffer.from([0x80 | opcode, 126, data.length >> 8, data.length & 0xff])
        : Buffer.concat([Buffer.from([0x80 | opcode, 127]), bigLength(data.length)]);
  return Buffer.concat([head, data]);
}

function bigLength(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}
