/** The figures behind `/metrics`, in Prometheus' words. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DeliveryError, Platform } from './core/chat.ts';
import type { Database } from './core/intake.ts';

export function createMetrics(sql: Database, clock: () => Date) {
  const registry = new Registry();
  const registers = [registry];
  const acts = new Counter({
    name: 'countersign_acts_total',
    help: 'Presses, forms and typed commands, by what became of them',
    labelNames: ['platform', 'outcome'],
    registers,
  });
  const decisions = new Counter({
    name: 'countersign_events_total',
    help: 'What happened, by type of ledger entry',
    labelNames: ['type'],
    registers,
  });
  const errors = new Counter({
    name: 'countersign_delivery_errors_total',
    help: 'Deliveries that a platform refused, by its own code',
    labelNames: ['platform', 'problem', 'code'],
    registers,
  });
  const delivered = new Histogram({
    name: 'countersign_delivery_seconds',
    help: 'From a change to the card that shows it',
    labelNames: ['platform'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 3, 10, 60, 600],
    registers,
  });
  const lag = new Gauge({
    name: 'countersign_outbox_lag_seconds',
    help: 'Age of the oldest card that is not true yet',
    registers,
  });
  const dead = new Gauge({ name: 'countersign_dead_letters', help: 'Messages that were given up', registers });
  const timers = new Gauge({ name: 'countersign_timers_overdue', help: 'Timers that should have fired', registers });
  const gather = async (): Promise<void> => {
    const now = clock();
    const [row] = await sql<{ oldest: Date | null; dead: number; overdue: number }[]>`
      select (select min(stale_since) from message where state = 'live' and wanted > shown) as oldest,
        (select count(*)::int from message where state = 'dead') as dead,
        (select count(*)::int from timer where urgent and due_at <= ${now})
          + (select count(*)::int from timer where not urgent and due_at <= ${now}) as overdue`;
    lag.set(row?.oldest ? Math.max(0, (now.getTime() - row.oldest.getTime()) / 1000) : 0);
    dead.set(row?.dead ?? 0);
    timers.set(row?.overdue ?? 0);
  };
  return {
    act: (platform: Platform, outcome: string) => acts.inc({ platform, outcome }),
    event: (type: string) => decisions.inc({ type }),
    delivered: (platform: Platform, ms: number) => delivered.observe({ platform }, ms / 1000),
    failed: (error: DeliveryError) =>
      errors.inc({ platform: error.platform, problem: error.problem, code: error.code }),
    text: async (): Promise<string> => {
      await gather();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
