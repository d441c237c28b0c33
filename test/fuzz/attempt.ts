/** One attempt: a real request, changed by its steps, sealed, put on the wire. The same recipe makes the same attempt. */
import { diceOf } from './dice.ts';
import { changeBytes, changeValue, changeWire, type Outgoing, type Step, spelledOut } from './mutations.ts';
import type { Sealing, Seed } from './seeds.ts';

export interface Recipe {
  seed: Seed;
  how: Sealing;
  steps: readonly Step[];
}

export function outgoingOf({ seed, how, steps }: Recipe, port: number): Outgoing {
  const of = (where: Step['where']) => steps.filter((step) => step.where === where);
  let value = freshened(seed.value);
  for (const step of of('value')) value = changeValue(value, step, diceOf(step.roll));
  let body = value === undefined ? Buffer.alloc(0) : seed.encode(spelledOut(JSON.stringify(value) ?? ''));
  for (const step of of('bytes')) body = changeBytes(body, step, diceOf(step.roll), seed);
  const sealed = seed.seal(body, how, seed.path);
  let out: Outgoing = {
    method: seed.method,
    path: sealed.path,
    version: '1.1',
    headers: [['host', `127.0.0.1:${port}`], ...Object.entries(sealed.headers), ['connection', 'close']],
    body: sealed.body,
    cuts: [],
    chunked: false,
  };
  for (const step of of('wire')) out = changeWire(out, step, diceOf(step.roll));
  return out;
}

const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join('');

/** By these a delivery is known again: with those of the recording it would be answered as before, and nothing behind the inbox would be reached. */
const IDS: Record<string, () => string> = {
  trigger_id: () => `${digits(11)}.${digits(9)}`,
  action_ts: () => `${digits(10)}.${digits(6)}`,
  event_id: () => digits(32),
  message_id: () => `om_${digits(30)}`,
  act: () => crypto.randomUUID(),
  MessageSid: () => `SM${digits(32)}`,
  CallSid: () => `CA${digits(32)}`,
};

/** A copy that has not been sent before. */
function freshened(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => freshened(one));
  if (typeof value === 'object' && value !== null) {
    const ofTool = 'indicator' in value ? { id: `tool-${digits(12)}` } : {};
    return {
      ...Object.fromEntries(Object.entries(value).map(([name, one]) => [name, freshened(one, name)])),
      ...ofTool,
    };
  }
  if (typeof value !== 'string') return value;
  if (value.startsWith('<xml>')) return value.replace(/<MsgId>\d+</, `<MsgId>${digits(18)}<`);
  return IDS[key]?.() ?? value;
}

/** Short enough to be read, exact enough to be made again. */
export function told({ seed, how, steps }: Recipe, out: Outgoing): string {
  const what = steps.map(({ where, what: name, roll }) => `${where}/${name}#${roll}`).join(' + ') || 'as recorded';
  const head = `${out.method} ${out.path.slice(0, 120)}${out.path.length > 120 ? '…' : ''} HTTP/${out.version}`;
  const body = out.body.toString('latin1');
  return `${seed.edge} ${how}: ${what}\n  ${head}, ${out.body.length} bytes${body === '' ? '' : `: ${JSON.stringify(body.slice(0, 300))}`}`;
}
