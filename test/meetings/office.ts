/**
 * The pure core of meetings as one office: a company, its rules, the books and the timers by their keys. For stories and properties that
 * need no database.
 *
 *     const office = openOffice([rule({ every: 'monday 10:00' })], { at: '2026-12-03T10:00:00+08:00' });
 *     office.follows();                               // the books follow the rules
 *     office.does('zhao', 'move', 'MT-0001', { start: '2026-12-08T02:00:00.000Z' });
 *     office.passesTo('2026-12-08T10:00:00+08:00');   // what is due happens
 */
import { localDate } from '../../src/core/calendar.ts';
import type { Actor, Command, JsonObject } from '../../src/core/message.ts';
import type { Effect, Moment } from '../../src/core/module.ts';
import type { Directory } from '../../src/directory/model.ts';
import { decide } from '../../src/meetings/decide.ts';
import { effects } from '../../src/meetings/effects.ts';
import { evolve } from '../../src/meetings/evolve.ts';
import { dayHeld, type Meeting, type MeetingEvent, type MeetingsWorld } from '../../src/meetings/model.ts';
import { dropped, plan } from '../../src/meetings/planning.ts';
import { MeetingRule } from '../../src/meetings/rule.ts';
import { directory } from '../support/company.ts';

export function rule(of: Record<string, unknown> = {}): MeetingRule {
  return MeetingRule.parse({
    id: 'weekly',
    title: { zh: '部门例会', en: 'Weekly meeting' },
    every: 'monday 10:00',
    who: [{ person: 'wang' }, { person: 'li' }],
    chair: { person: 'zhao' },
    minutes: { by: { person: 'wang' } },
    channel: 'pr',
    ...of,
  });
}

type Promised = Extract<Effect, { kind: 'timer' }>;

export function openOffice(rules: MeetingRule[], given: { at: string; directory?: Directory }) {
  const office = {
    rules,
    at: new Date(given.at),
    directory: given.directory ?? directory(),
    books: new Map<string, Meeting>(),
    timers: new Map<string, Promised & { subject: string }>(),
    told: [] as Effect[],
    events: [] as (MeetingEvent & { by: string })[],
    moment: (actor: Actor): Moment<MeetingsWorld> => ({ actor, at: office.at, world: office.world() }),
    world: (): MeetingsWorld => {
      const today = localDate(office.at, office.directory.company.timezone);
      return {
        directory: { ...office.directory, today },
        processes: [],
        meetings: office.rules,
      } as unknown as MeetingsWorld;
    },
    meeting: (number: string): Meeting => {
      const found = office.books.get(number);
      if (!found) throw new Error(`no ${number}`);
      return found;
    },
    /** `done`, or the code of the refusal */
    carries: (command: Command, actor: Actor): string => {
      const before = command.subject === undefined ? undefined : office.books.get(command.subject);
      const exists = [...office.books.values()].some(
        (one) =>
          one.series === command.args.series && dayHeld(one) === command.args.day && command.args.day !== undefined,
      );
      const number = `MT-2026-${String(office.books.size + 1).padStart(4, '0')}`;
      const moment = office.moment(actor);
      const decision = decide(before, command, { number, exists, topic: 't', numbers: [] }, moment);
      if ('refusal' in decision) return decision.refusal.code;
      if (decision.events.length === 0) return 'nothing-to-do';
      const after = decision.events.reduce<Meeting | undefined>((state, event) => evolve(state, event, moment), before);
      if (!after) throw new Error('nothing came of it');
      office.events.push(
        ...decision.events.map((event) => ({ ...event, by: actor.kind === 'person' ? actor.id : 'clock' })),
      );
      office.told = effects(before, after, decision.events, moment);
      office.books.set(after.number, after);
      for (const effect of office.told) {
        if (effect.kind === 'timer') office.timers.set(effect.key, { ...effect, subject: after.number });
        if (effect.kind === 'cancel') office.timers.delete(effect.key);
      }
      return 'done';
    },
    does: (person: string, act: string, subject: string | undefined, args: JsonObject): string =>
      office.carries({ name: `meetings.${act}`, subject, args }, { kind: 'person', id: person, platform: 'slack' }),
    clock: (act: string, subject: string, args: JsonObject): string =>
      office.carries({ name: `meetings.${act}`, subject, args }, { kind: 'clock' }),
    /** what the rules ask for and the books do not have */
    wanted: (): Command[] => {
      const all = office.rules.map((one) => ({ id: one.id, rule: one }));
      // as they come back from where they are kept
      const kept = JSON.parse(JSON.stringify([...office.books.values()])) as Meeting[];
      const planned = kept.filter((one) => one.state === 'planned' && one.series !== undefined);
      const taken = kept.flatMap((one) => {
        const day = dayHeld(one);
        return one.series !== undefined && day !== undefined ? [{ series: one.series, day }] : [];
      });
      return [
        ...dropped(planned, all, office.at),
        ...plan(all, { planned, taken }, office.at, office.directory.company.hours),
      ];
    },
    follows: (): string[] => office.wanted().map((command) => office.carries(command, { kind: 'clock' })),
    passesTo: (moment: string): void => {
      const until = new Date(moment);
      for (;;) {
        const [next] = [...office.timers].sort(([, a], [, b]) => a.due.getTime() - b.due.getTime());
        if (!next || next[1].due > until) break;
        const [key, timer] = next;
        office.timers.delete(key);
        office.at = new Date(Math.max(office.at.getTime(), timer.due.getTime()));
        office.carries({ name: timer.command, subject: timer.subject, args: timer.args }, { kind: 'clock' });
      }
      office.at = until;
    },
    /** what is promised of a meeting: `invite 2026-12-04 10:00` in the company's time */
    promised: (number: string): string[] =>
      [...office.timers.values()]
        .filter((timer) => timer.subject === number)
        .sort((a, b) => a.due.getTime() - b.due.getTime())
        .map(({ command, due }) => `${command.slice('meetings.'.length)} ${office.local(due)}`),
    local: (at: Date | string): string => {
      const zone = office.directory.company.timezone;
      return new Date(at).toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16);
    },
    /** who is told what: `moved li`, `letter moved li` */
    said: (): string[] =>
      office.told.flatMap((effect) => {
        if (effect.kind !== 'notice' && effect.kind !== 'letter') return [];
        const to = 'person' in effect.to ? effect.to.person : 'channel' in effect.to ? `#${effect.to.channel}` : 'room';
        return [`${effect.kind === 'letter' ? 'letter ' : ''}${effect.about} ${to}`];
      }),
  };
  return office;
}
