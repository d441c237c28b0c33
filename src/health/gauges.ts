/** Figures of the moment at which somebody asks: what the database says is owed, and how this process and its platforms are. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ChatAdapter, Platform } from '../core/chat.ts';
import { LANE } from '../core/module.ts';
import type { Gathered } from './gathered.ts';

const LANES = Object.entries(LANE);
const laneName = (lane: number): string => LANES.find(([, number]) => number === lane)?.[0] ?? 'other';
const seconds = (from: Date | null | undefined, to: Date): number =>
  from ? Math.max(0, (to.getTime() - from.getTime()) / 1000) : 0;

/** The same on each process: take the largest, not the sum. */
export function createDatabaseGauges(register: Registry) {
  const registers = [register];
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge<Label>({ name, help: `${help}. Of the database`, labelNames, registers });
  const lag = gauge('countersign_outbox_lag_seconds', 'Age of the oldest card or message that is not true yet', [
    'platform',
    'lane',
  ]);
  const owed = gauge(
    'countersign_outbox_waiting',
    'Cards and messages that are not true yet, with those that quiet hours keep back',
    ['platform', 'lane'],
  );
  const dead = gauge('countersign_dead_letters', 'Messages of the last thirty days that were given up', ['platform']);
  const overdue = gauge('countersign_timers_overdue', 'Timers that should have fired', ['urgent']);
  const late = gauge('countersign_timers_lag_seconds', 'How late the oldest of them is', ['urgent']);
  const queued = gauge('countersign_queue_waiting', 'Jobs that no worker has taken yet', ['queue']);
  const oldest = gauge('countersign_queue_oldest_seconds', 'How long the oldest of them has been waiting', ['queue']);
  const ringing = gauge(
    'countersign_crisis_calls_ringing',
    'People who are called in a crisis and have not answered',
    [],
  );
  const rung = gauge(
    'countersign_crisis_call_oldest_seconds',
    'How long the oldest of these calls has been ringing',
    [],
  );
  const sealed = gauge('countersign_last_seal_timestamp_seconds', 'When the ledger was last sealed; 0: never', []);
  const unsealed = gauge('countersign_unsealed_seconds', 'Age of the oldest entry that no seal covers', []);
  const all = [lag, owed, dead, overdue, late, queued, oldest, ringing, rung, sealed, unsealed];

  return {
    /** Nothing is better than what was true once. */
    forget: (): void => {
      for (const one of all) one.reset();
      for (const one of [ringing, rung, sealed, unsealed]) one.set(Number.NaN);
    },
    show: (found: Gathered, platforms: Iterable<Platform>, at: Date): void => {
      for (const one of all) one.reset();
      for (const platform of platforms) {
        dead.set({ platform }, 0);
        for (const [lane] of LANES) lag.set({ platform, lane }, 0);
        for (const [lane] of LANES) owed.set({ platform, lane }, 0);
      }
      for (const row of found.owed) {
        const labels = { platform: row.platform, lane: laneName(row.lane) };
        lag.set(labels, seconds(row.oldest, at));
        owed.set(labels, row.waiting);
      }
      for (const row of found.dead) dead.set({ platform: row.platform }, row.given);
      for (const urgent of [true, false]) {
        const row = found.timers.find((one) => one.urgent === urgent);
        overdue.set({ urgent: String(urgent) }, row?.overdue ?? 0);
        late.set({ urgent: String(urgent) }, seconds(row?.oldest, at));
      }
      for (const row of found.backlogs) {
        queued.set({ queue: row.queue }, row.waiting);
        oldest.set({ queue: row.queue }, seconds(row.oldest, found.now));
      }
      ringing.set(found.calls.ringing);
      rung.set(seconds(found.calls.oldest, at));
      sealed.set((found.seal.last?.getTime() ?? 0) / 1000);
      unsealed.set(seconds(found.seal.unsealedSince, at));
    },
  };
}

/** As `db/lines.ts` tells it. */
export type Pools = Readonly<
  Record<string, () => { open: number; busy: number; waiting: number; waits: number; waitedMs: number }>
>;

export function createProcessGauges(register: Registry, pools: Pools) {
  const registers = [register];
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge<Label>({ name, help: `${help}. Of this process`, labelNames, registers });
  const ready = gauge('countersign_ready', '1: /healthz answers 200; 0: it answers 503', []);
  const reachable = gauge('countersign_database_reachable', '1: the database answered when this page was made', []);
  const sockets = gauge('countersign_socket_up', '1: the long connection to the platform stands', ['platform']);
  const well = gauge('countersign_platform_well', '1: nothing is known to be wrong with the platform', ['platform']);
  const skew = gauge('countersign_clock_skew_seconds', 'How far our clock is ahead, by the last answer heard', [
    'against',
  ]);
  const connections = gauge('countersign_pool_connections', 'Connections of the pool: open, and in use', [
    'pool',
    'state',
  ]);
  const waiting = gauge('countersign_pool_waiting', 'Who waits for a connection of the pool', ['pool']);
  const waits = new Counter({
    name: 'countersign_pool_waits_total',
    help: 'How often somebody had to wait for a connection of the pool. Of this process',
    labelNames: ['pool'],
    registers,
  });
  const waited = new Counter({
    name: 'countersign_pool_wait_seconds_total',
    help: 'How long they have waited, all together. Of this process',
    labelNames: ['pool'],
    registers,
  });

  return {
    show: (adapters: Iterable<ChatAdapter>, isReady: boolean): void => {
      ready.set(isReady ? 1 : 0);
      for (const adapter of adapters) {
        const { platform } = adapter;
        const { socketUp, skewMs } = adapter.vitals?.() ?? {};
        well.set({ platform }, adapter.trouble() === undefined ? 1 : 0);
        if (socketUp !== undefined) sockets.set({ platform }, socketUp ? 1 : 0);
        if (skewMs !== undefined) skew.set({ against: platform }, skewMs / 1000);
      }
      waits.reset();
      waited.reset();
      for (const [pool, stateOf] of Object.entries(pools)) {
        const state = stateOf();
        connections.set({ pool, state: 'open' }, state.open);
        connections.set({ pool, state: 'busy' }, state.busy);
        waiting.set({ pool }, state.waiting);
        waits.inc({ pool }, state.waits);
        waited.inc({ pool }, state.waitedMs / 1000);
      }
    },
    database: (is: boolean, aheadMs: number | undefined): void => {
      reachable.set(is ? 1 : 0);
      if (aheadMs !== undefined) skew.set({ against: 'database' }, aheadMs / 1000);
    },
  };
}
