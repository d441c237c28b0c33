/** What a signal is after an event. Pure. */
import { byOf } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { SAMPLES, type Signal, type SignalEvent } from './model.ts';

type M = Pick<Moment<unknown>, 'actor' | 'at'>;

export function evolve(signal: Signal | undefined, event: SignalEvent, moment: M): Signal {
  if (event.type === 'signal-raised') {
    const { to: told, heard: _heard, ...data } = event.data;
    return { ...data, state: 'open', raisedAt: moment.at.toISOString(), told, chases: 0, revision: 1 };
  }
  if (signal === undefined) throw new Error(`${event.type} before signal-raised`);
  return { ...changed(signal, event, moment), revision: signal.revision + 1 };
}

function changed(signal: Signal, event: Exclude<SignalEvent, { type: 'signal-raised' }>, { actor, at }: M): Signal {
  const decided = (reason: string) => ({ decided: { by: byOf(actor), at: at.toISOString(), reason } });
  switch (event.type) {
    case 'signal-grew': {
      const { count, firstAt, lastAt, samples } = event.data;
      return { ...signal, count, firstAt, lastAt, samples: [...signal.samples, ...samples].slice(-SAMPLES) };
    }
    case 'signal-chased':
      return { ...signal, told: event.data.to, chases: signal.chases + 1 };
    case 'signal-confirmed': {
      const { reason, affected } = event.data;
      return { ...signal, state: 'confirmed', affected, ...decided(reason) };
    }
    case 'signal-dismissed':
      return { ...signal, state: 'dismissed', ...decided(event.data.reason) };
    case 'signal-linked':
      return { ...signal, crisis: event.data.crisis };
    default:
      return event satisfies never;
  }
}
