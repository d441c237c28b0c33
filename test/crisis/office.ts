/**
 * The pure core of the crisis desk as one office: a company, its crisis book, the crises and the clock's promises. For stories and properties
 * that need no database.
 *
 *     const office = openOffice({ at: '2026-11-22T03:00:00+08:00' });
 *     const number = office.raises('wang');
 *     office.does('zhao', 'grade', number, { grade: 'critical', reason: '有人受伤' });
 *     office.passes(5);          // minutes; what is due happens
 */
import { localDate } from '../../src/core/calendar.ts';
import type { Platform } from '../../src/core/chat.ts';
import type { Actor, Command, JsonObject } from '../../src/core/message.ts';
import type { Effect, Line, Moment } from '../../src/core/module.ts';
import { CrisisBook } from '../../src/crisis/book.ts';
import { decide } from '../../src/crisis/decide.ts';
import { effects } from '../../src/crisis/effects.ts';
import { evolve } from '../../src/crisis/evolve.ts';
import type { Crisis, CrisisEvent, CrisisWorld, Facts } from '../../src/crisis/model.ts';
import type { Directory } from '../../src/directory/model.ts';
import { directory } from '../support/company.ts';

export function book(of: Record<string, unknown> = {}): CrisisBook {
  const named = (id: string, zh: string, en: string) => ({ id, title: { zh, en } });
  const plan = (grade: string, more: object) => ({
    ...named(grade, grade, grade),
    grade,
    ladder: ['feishu-app', 'sms', 'phone'],
    clear: [{ role: 'legal' }],
    ...more,
  });
  return CrisisBook.parse({
    channel: 'crisis',
    kinds: [named('product', '产品', 'Product'), named('data-leak', '数据泄露', 'Data leak')],
    assess: { who: [{ role: 'supervisor' }, { role: 'director' }], ladder: ['feishu-app', 'sms', 'phone'] },
    plans: [
      plan('general', { team: [{ role: 'supervisor' }] }),
      plan('major', {
        team: [{ role: 'director' }, { role: 'legal' }],
        freeze: true,
        spending: { each: '10万', total: '15万' },
      }),
      plan('critical', {
        team: [{ role: 'director', standIn: { role: 'supervisor' } }, { role: 'legal' }, { role: 'executive' }],
        freeze: true,
        spending: { each: '20万' },
      }),
      { ...plan('critical', { team: [{ role: 'legal' }] }), id: 'leak', kinds: ['data-leak'] },
    ],
    drills: {
      scenarios: [{ ...named('fire', '直播间起火', 'Fire'), kind: 'product', grade: 'critical', text: '起火' }],
    },
    ...of,
  });
}

export const PHONES = Object.fromEntries(
  ['wang', 'li', 'zhao', 'chen', 'qian', 'sun'].map((id, i) => [id, { phone: `+861380000000${i + 1}` }]),
);

interface Given {
  at?: string;
  book?: CrisisBook;
  directory?: Directory;
  running?: Platform[];
}

type Promised = Extract<Effect, { kind: 'timer' }>;

export function openOffice(given: Given = {}) {
  const office = {
    at: new Date(given.at ?? '2026-11-22T03:00:00+08:00'),
    book: given.book ?? book(),
    directory: given.directory ?? directory({ but: PHONES }),
    running: given.running ?? (['slack', 'feishu', 'sms', 'phone'] as Platform[]),
    crises: new Map<string, Crisis>(),
    timers: new Map<string, Promised & { subject: string }>(),
    told: [] as Effect[],
    /** every page and ring that was ever sent: `03:05 zhao sms` */
    rung: [] as string[],
    /** the key of each ring */
    ringKeys: [] as string[],
    events: [] as (CrisisEvent & { by: string; at: Date })[],
    facts: {} as Facts,
    world: (): CrisisWorld => ({
      directory: { ...office.directory, today: localDate(office.at, 'Asia/Shanghai') },
      processes: [],
      meetings: [],
      pinned: async () => undefined,
      crisis: office.book,
      running: office.running,
    }),
    crisis: (number: string): Crisis => {
      const found = office.crises.get(number);
      if (!found) throw new Error(`no ${number}`);
      return found;
    },
    clockTime: (): string => office.at.toLocaleTimeString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 5),
    carries: (command: Command, actor: Actor): string => {
      const before = command.subject === undefined ? undefined : office.crises.get(command.subject);
      const moment: Moment<CrisisWorld> = { actor, at: office.at, world: office.world() };
      const letters = command.args.drill === undefined ? 'CR' : 'DR';
      const number = `${letters}-2026-${String(office.crises.size + 1).padStart(4, '0')}`;
      const decision = decide(before, command, { number, decision: 'DM-2026-0001', ...office.facts }, moment);
      if ('refusal' in decision) return decision.refusal.code;
      if (decision.events.length === 0) return 'nothing-to-do';
      const after = decision.events.reduce<Crisis | undefined>((state, event) => evolve(state, event, moment), before);
      if (!after) throw new Error('nothing came of it');
      const by = actor.kind === 'person' ? actor.id : 'clock';
      office.events.push(...decision.events.map((event) => ({ ...event, by, at: office.at })));
      office.told = effects(before, after, decision.events, moment);
      // as it comes back from where it is kept
      office.crises.set(after.number, JSON.parse(JSON.stringify(after)) as Crisis);
      for (const effect of office.told) {
        if (effect.kind === 'timer') office.timers.set(effect.key, { ...effect, subject: after.number });
        if (effect.kind === 'cancel') office.timers.delete(effect.key);
        if (effect.kind === 'page') office.rung.push(`${office.clockTime()} ${effect.to.person} chat`);
        if (effect.kind === 'ring') office.ringKeys.push(effect.key);
        if (effect.kind === 'ring') office.rung.push(`${office.clockTime()} ${effect.to.person} ${effect.line}`);
      }
      return 'done';
    },
    does: (person: string, act: string, subject: string | undefined, args: JsonObject = {}): string =>
      office.carries({ name: `crisis.${act}`, subject, args }, { kind: 'person', id: person, platform: 'slack' }),
    clock: (act: string, subject: string, args: JsonObject): string =>
      office.carries({ name: `crisis.${act}`, subject, args }, { kind: 'clock' }),
    raises: (person: string, args: JsonObject = {}): string => {
      const said = office.does(person, 'raise', undefined, {
        text: '直播间有顾客投诉产品起火',
        kind: 'product',
        ...args,
      });
      if (said !== 'done') throw new Error(said);
      return [...office.crises.keys()].at(-1) ?? '';
    },
    /** the platform says what became of a ring */
    reports: (number: string, call: string, person: string, line: Line | 'chat', outcome: string): string =>
      office.clock('report', number, { call, person, line, outcome }),
    passes: (minutes: number): void => {
      const until = new Date(office.at.getTime() + minutes * 60_000);
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
    callOf: (number: string, seat: string) => {
      const call = office.crisis(number).calls.findLast((one) => one.seat === seat);
      if (!call) throw new Error(`nobody called ${seat}`);
      return call;
    },
    /** who was rung since: and forgets it */
    newlyRung: (): string[] => office.rung.splice(0),
  };
  return office;
}
export type Office = ReturnType<typeof openOffice>;
