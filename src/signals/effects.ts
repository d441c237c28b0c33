/** Who must see a signal and who is called again: at any hour, since it may be the beginning of a crisis. Pure. */
import { addDuration, type Duration } from '../core/calendar.ts';
import { byOf } from '../core/message.ts';
import { type Audience, type Effect, LANE, type Moment } from '../core/module.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import type { Signal, SignalEvent } from './model.ts';

type M = Moment<CrisisWorld>;

/** Nobody has said what it is for so long: all are told again, and the next one up as well. */
export const UNHANDLED: Duration = { amount: 15, unit: 'minutes', working: false };

export function effects(after: Signal, events: SignalEvent[], moment: M): Effect[] {
  const all = events.flatMap((event) => following(after, event, moment));
  return [...all, { kind: 'homes', people: after.told }];
}

function following(signal: Signal, event: SignalEvent, moment: M): Effect[] {
  switch (event.type) {
    case 'signal-raised': {
      const { channel } = moment.world.crisis ?? {};
      const everywhere: Audience[] = [
        ...event.data.to.map((person) => ({ person })),
        ...(channel ? [{ channel }] : []),
      ];
      return [...everywhere.map(card), chase(signal, moment)];
    }
    case 'signal-chased': {
      const { to, joined } = event.data;
      const again = to.filter((person) => !joined.includes(person));
      const key = `${signal.number}|chase|${signal.chases}`;
      return [
        ...joined.map((person) => card({ person })),
        ...again.map((person): Effect => ({ ...notice(person, key), about: 'signal-chased', lane: LANE.page })),
        chase(signal, moment),
      ];
    }
    case 'signal-confirmed':
      // whoever it concerns is called by the crisis itself
      return [settled(signal)];
    case 'signal-dismissed': {
      const others = signal.told.filter((person) => person !== byOf(moment.actor));
      const key = `${signal.number}|dismissed`;
      const said = { about: 'signal-dismissed', lane: LANE.decision, soon: true };
      return [settled(signal), ...others.map((person): Effect => ({ ...notice(person, key), ...said }))];
    }
    case 'signal-grew':
    case 'signal-linked':
      return [];
    default:
      return event satisfies never;
  }
}

const card = (to: Audience): Effect => ({ kind: 'card', to, lane: LANE.page });
const notice = (person: string, key: string) => ({ kind: 'notice' as const, to: { person }, data: {}, key });
const chaseKey = ({ number }: Signal): string => `${number}|chase`;
const settled = (signal: Signal): Effect => ({ kind: 'cancel', key: chaseKey(signal) });

function chase(signal: Signal, { at, world }: M): Effect {
  const due = addDuration(at, UNHANDLED, world.directory.company.hours);
  return { kind: 'timer', key: chaseKey(signal), command: 'signals.chase', args: {}, due, urgent: true };
}
