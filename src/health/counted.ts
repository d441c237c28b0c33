/** Figures that this process counts itself: presses, deliveries, requests. Every label has few values, whatever is sent to us. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { DeliveryError, Platform } from '../core/chat.ts';
import type { Caller } from './noticed.ts';

const QUICK = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10];
/** An adapter's word that its own bucket is empty. */
const OWN_LIMIT = 'own-rate-limit';
/** A platform that invents a code for every call must not fill our memory. */
const CODES = 200;

export function createCounted(register: Registry) {
  const registers = [register];
  const acts = new Counter({
    name: 'countersign_acts_total',
    help: 'Presses, forms and typed commands, by what became of them; repeated: the same delivery came again and got its first answer. Of this process',
    labelNames: ['platform', 'outcome'],
    registers,
  });
  const events = new Counter({
    name: 'countersign_events_total',
    help: 'What happened, by type of ledger entry. Of this process',
    labelNames: ['type'],
    registers,
  });
  const presses = new Histogram({
    name: 'countersign_press_seconds',
    help: 'From an act as it was received until it is committed, and until its answer has been handed to the platform (HTTP only). Of this process',
    labelNames: ['platform', 'until'],
    buckets: QUICK,
    registers,
  });
  const errors = new Counter({
    name: 'countersign_delivery_errors_total',
    help: 'Deliveries that a platform refused, by its own code. Of this process',
    labelNames: ['platform', 'problem', 'code'],
    registers,
  });
  const delivered = new Histogram({
    name: 'countersign_delivery_seconds',
    help: 'From a change to the card that shows it. Of this process',
    labelNames: ['platform'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 3, 10, 60, 600],
    registers,
  });
  const attempts = new Counter({
    name: 'countersign_delivery_attempts_total',
    help: 'Tries to make a message true: first, again (after a failure), failed. Of this process',
    labelNames: ['platform', 'outcome'],
    registers,
  });
  const waits = new Counter({
    name: 'countersign_own_limit_waits_total',
    help: "Deliveries put off because our own reckoning of the platform's rate limit was used up. Of this process",
    labelNames: ['platform'],
    registers,
  });
  const buried = new Counter({
    name: 'countersign_buried_total',
    help: 'Messages that were given up; the administrators were told. Of this process',
    labelNames: ['platform'],
    registers,
  });
  const refused = new Counter({
    name: 'countersign_refused_requests_total',
    help: 'Requests that were not let in: wrong, missing or old signatures, other tenants. Of this process',
    labelNames: ['platform', 'why'],
    registers,
  });
  const runs = new Counter({
    name: 'countersign_cron_runs_total',
    help: 'What is due by the calendar (seal, renew, drills, sweep), by how it ended. Of this process',
    labelNames: ['job', 'outcome'],
    registers,
  });
  const requests = new Histogram({
    name: 'countersign_http_request_seconds',
    help: 'HTTP requests by route and status, until the answer begins. Of this process',
    labelNames: ['method', 'route', 'status'],
    buckets: QUICK,
    registers,
  });
  const codes = new Set<string>();
  const bounded = (code: string): string => {
    if (codes.size < CODES) codes.add(code);
    return codes.has(code) ? code : 'other';
  };
  return {
    act: (platform: Platform, outcome: string) => acts.inc({ platform, outcome }),
    event: (type: string) => events.inc({ type }),
    press: (platform: Platform, until: 'committed' | 'answered', ms: number) =>
      presses.observe({ platform, until }, ms / 1000),
    delivered: (platform: Platform, lagMs: number, tries: number): void => {
      delivered.observe({ platform }, lagMs / 1000);
      attempts.inc({ platform, outcome: tries > 0 ? 'again' : 'first' });
    },
    failed: ({ platform, problem, code }: DeliveryError): void => {
      if (code === OWN_LIMIT) {
        waits.inc({ platform });
        return;
      }
      errors.inc({ platform, problem, code: bounded(code) });
      attempts.inc({ platform, outcome: 'failed' });
    },
    buried: (platform: Platform) => buried.inc({ platform }),
    refused: (platform: Caller, why: string) => refused.inc({ platform, why }),
    ran: (job: string, well: boolean) => runs.inc({ job, outcome: well ? 'done' : 'failed' }),
    request: (method: string, route: string, status: number, ms: number) =>
      requests.observe({ method, route, status }, ms / 1000),
  };
}
