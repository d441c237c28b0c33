/**
 * `POST /signals`: what monitoring tools have seen (rule C1), signed by a secret that they share with us.
 *
 *     body='{"id":"weibo-8812","indicator":"complaints","key":"起火","text":"顾客说充电时冒烟"}'
 *     ts=$(date +%s)
 *     sig=$(printf '%s.%s' "$ts" "$body" | openssl dgst -sha256 -hmac "$SIGNALS_SECRET" | awk '{print $NF}')
 *     curl -sS "$PUBLIC_URL/signals" -H 'content-type: application/json' \
 *       -H "X-Signal-Timestamp: $ts" -H "X-Signal-Signature: v1=$sig" --data-binary "$body"
 *
 * 202 `{"accepted":1,"repeated":0}`; the same id again counts once, so whoever got no answer sends the same again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Language, Watch } from '../core/chat.ts';
import { handle, type Outcome, type Road } from '../core/handle.ts';
import { type Database, isPassing } from '../core/intake.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { signalWords } from '../words/signals.ts';
import { observing, type SignalEvent, watchText } from './model.ts';
import { type Heard, readReports } from './reports.ts';
import { type Refused, refuse } from './signature.ts';
import { indicatorOf } from './window.ts';

export interface SignalIntake {
  /** undefined: nobody may report, and there is no such route */
  secret: string | undefined;
  sql: Database;
  road: Road<CrisisWorld>;
  worldAt(sql: Database, at: Date): Promise<CrisisWorld>;
  clock: () => Date;
  log: Logger;
  watch?: Watch;
  /** in which a tool is answered: the company's */
  language(): Language;
}

const MOST_BYTES = 64 * 1024;
const TRIES = 5;
const TELL_AGAIN_MS = 10_000;

export function addSignalRoutes(app: Hono, deps: SignalIntake): void {
  const { secret, clock, log } = deps;
  if (secret === undefined) return;
  const noteRefusal = refusalLog(log, clock);
  app.post('/signals', async (c) => {
    const w = signalWords(deps.language()).http;
    const body = await readBody(c.req.raw);
    if (!body) return c.json({ error: w.tooLarge }, 413, { connection: 'close' }); // the rest of it is not read
    const headers = { timestamp: c.req.header('x-signal-timestamp'), signature: c.req.header('x-signal-signature') };
    const refused = refuse(secret, headers, body, clock());
    if (refused) {
      deps.watch?.refused(refused);
      noteRefusal(refused);
      return c.json({ error: w.unsigned }, 401);
    }
    const read = readReports(body, clock(), deps.language());
    if ('fault' in read) return c.json({ error: read.fault }, 400);
    try {
      return await take(c, deps, read.heard);
    } catch (err) {
      log.error({ err, reports: read.heard.length }, 'reports of a monitoring tool could not be kept');
      c.header('retry-after', '5');
      return c.json({ error: w.away }, 503);
    }
  });
}

async function take(c: Context, deps: SignalIntake, heard: Heard[]): Promise<Response> {
  const w = signalWords(deps.language()).http;
  const { crisis } = await patiently(() => deps.worldAt(deps.sql, deps.clock()));
  const known = crisis?.indicators.map(({ id }) => id) ?? [];
  const strange = [...new Set(heard.map(({ watch }) => watch.indicator))].filter((id) => !indicatorOf(crisis, id));
  if (known.length === 0) return c.json({ error: w.noIndicators, indicators: known }, 422);
  if (strange.length > 0)
    return c.json(
      { error: w.unknownIndicator(strange.slice(0, 5).join(', '), known.join(', ')), indicators: known },
      422,
    );
  let accepted = 0;
  for (const group of grouped(heard)) accepted += await patiently(() => keep(deps, group));
  deps.road.ring();
  return c.json({ accepted, repeated: heard.length - accepted }, 202);
}

/** Reports of one watch go together: one lock, one entry in the ledger. */
function grouped(heard: Heard[]): Heard[][] {
  const groups = new Map<string, Heard[]>();
  for (const one of heard) {
    const name = watchText(one.watch);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
}

/** How many of them were new. */
async function keep({ sql, road, clock }: SignalIntake, group: Heard[]): Promise<number> {
  const [first] = group;
  if (!first) return 0;
  const command = observing(
    first.watch,
    group.map(({ observation }) => observation),
  );
  const outcome = await sql.begin((tx) => handle(road, tx, command, { actor: { kind: 'clock' }, at: clock() }));
  return heardIn(outcome as Outcome);
}

function heardIn(outcome: Outcome): number {
  if (outcome.kind === 'refused') {
    const { code, facts } = outcome.refusal;
    if (code === 'counted') return Number(facts.heard);
    if (code === 'repeated') return 0;
    // the handbook has just changed under it: told to come again, it learns why
    throw new Error(`a report was refused: ${code}`);
  }
  const [event] = outcome.events as SignalEvent[];
  return event && 'heard' in event.data ? event.data.heard : 0;
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRIES || !isPassing(error)) throw error;
      await pause(15 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** undefined: longer than we take */
async function readBody(request: Request): Promise<Buffer | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A flood of forgeries must not flood the log: one line in ten seconds, which says how many there were. */
function refusalLog(log: Logger, clock: () => Date): (why: Refused) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (why) => {
    untold += 1;
    const now = clock().getTime();
    if (now - toldAt < TELL_AGAIN_MS) return;
    log.warn({ why, requests: untold }, 'a signal was refused');
    toldAt = now;
    untold = 0;
  };
}
