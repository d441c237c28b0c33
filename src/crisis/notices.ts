/** What rooms and people are told of a crisis: one sentence, with the button by which its reader goes on. Pure. */
import { showDate } from '../core/calendar.ts';
import type { Block, Button, Card, Tone } from '../core/card.ts';
import type { JsonObject } from '../core/message.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisNoticeWords } from '../words/crisis-notices.ts';
import { fileWords } from '../words/files.ts';
import { naming, rowOf } from './buttons.ts';
import { type CrisisEvent, isOpen, type Score, type Seat } from './model.ts';
import { scoreLines } from './outcome-cards.ts';
import { clockOf, headlineOf, markOf, moneyOf, nameOf, platformName, type Reading } from './reading.ts';
import { saidOutside } from './said.ts';

/** An event as it was kept, with who did it, and on which platform. */
type Told = CrisisEvent extends infer E
  ? E extends { type: string; data: object }
    ? { type: E['type']; data: E['data'] & { by: string; via?: string } }
    : never
  : never;

/** Undefined: it has become untrue while it waited, or is nothing that is told. */
export function noticeCard(reading: Reading, about: string, data: JsonObject, to: Audience): Card | undefined {
  const told = { type: about, data } as unknown as Told;
  if (isUntrue(reading, told)) return undefined;
  const text = said(reading, told, to);
  if (text === undefined) return undefined;
  const { crisis, language } = reading;
  return {
    headline: headlineOf(crisis, language),
    tone: crisis.drill ? 'open' : (TONES[told.type] ?? 'open'),
    summary: markOf(crisis, language) + text.replaceAll('\n', ' '),
    blocks: [{ kind: 'text', text }, ...detailOf(reading, told), ...rowOf(buttonsOf(reading, told, to))],
  };
}

const TONES: Partial<Record<Told['type'], Tone>> = {
  'crisis-graded': 'bad',
  'answer-taken-back': 'warn',
  'rung-climbed': 'bad',
  'room-settled': 'warn',
  'seats-asked': 'warn',
  'update-chased': 'warn',
  'spend-refused': 'bad',
  'freeze-began': 'warn',
  'page-answered': 'good',
  'task-done': 'good',
  'spend-ratified': 'good',
  'crisis-stood-down': 'good',
  'file-refused': 'bad',
};

/** What was asked for meanwhile is not asked for again. */
function isUntrue({ crisis }: Reading, { type, data }: Told): boolean {
  switch (type) {
    case 'update-chased':
      return !isOpen(crisis) || crisis.updateDue !== data.due;
    case 'seats-asked':
      return !isOpen(crisis) || data.seats.every((seat) => crisis.seats[seat]);
    case 'rung-climbed':
      return !isOpen(crisis) || crisis.calls.find((call) => call.id === data.call)?.state !== 'calling';
    default:
      return false;
  }
}

// --- sentences ---

/** A room stands on one platform: what was said on another one is marked with where. */
function said(reading: Reading, told: Told, to: Audience): string | undefined {
  const { by, via } = told.data;
  const name = nameOf(by, reading);
  if (via === undefined || !('room' in to) || via === to.room.platform) return sentence(reading, told, to, name);
  const who = crisisNoticeWords(reading.language).via(name, platformName(via, reading.language));
  // no space after a Chinese bracket
  return sentence(reading, told, to, who)?.replace(`${who} `, () => (who.endsWith('）') ? who : `${who} `));
}

function sentence(reading: Reading, told: Told, to: Audience, by: string): string | undefined {
  const { crisis, language } = reading;
  const n = crisisNoticeWords(language);
  const w = crisisWords(language);
  const name = (id: string): string => nameOf(id, reading);
  const time = (at: string): string => clockOf(at, reading);
  const { type, data } = told;
  switch (type) {
    case 'crisis-graded': {
      const [grade, reason] = [w.grades[data.grade], isolate(data.reason)];
      if (data.before === undefined) return n['crisis-graded'](by, grade, reason);
      const same = data.before === data.grade;
      return same ? n.changed(by, grade, reason) : n.regraded(by, w.grades[data.before], grade, reason);
    }
    case 'member-joined':
      return joinedText(reading, data, by);
    case 'page-answered': {
      const seat = crisis.calls.find((call) => call.id === data.call)?.seat ?? data.person;
      return seat === data.person ? n['page-answered'](by) : n['page-answered-for'](by, name(seat));
    }
    case 'answer-taken-back': {
      const call = crisis.calls.find((one) => one.id === data.call);
      return call?.state === 'answered'
        ? n['taken-back-covered'](by)
        : n['answer-taken-back'](by, isolate(data.reason ?? ''));
    }
    case 'rung-climbed':
      return n['rung-climbed'];
    case 'room-settled':
      return roomText(reading, data);
    case 'seat-taken':
      return seatText(reading, data, by);
    case 'seats-asked': {
      const empty = data.seats.filter((seat) => !crisis.seats[seat]);
      return n['seats-asked'](w.names(empty.map((seat) => w.seats[seat])));
    }
    case 'fact-noted':
      return data.said
        ? n['fact-quoted'](by, time(data.happenedAt), isolate(data.text), isolate(data.said.by))
        : n['fact-noted'](by, time(data.happenedAt), isolate(data.text));
    case 'task-added':
      return 'person' in to && to.person === data.owner
        ? n['task-yours'](by, isolate(data.text))
        : n['task-added'](by, isolate(data.text), name(data.owner));
    case 'task-done':
      return n['task-done'](by, isolate(crisis.tasks.find((task) => task.id === data.id)?.text ?? data.id));
    case 'contact-noted': {
      const { party, whom, text, contactedAt } = data;
      return n['contact-noted'](by, w.parties[party], isolate(whom), time(contactedAt), isolate(text));
    }
    case 'situation-updated':
      return n['situation-updated'](by, isolate(data.known), saidOutside(data.said, reading), isolate(data.next));
    case 'update-chased':
      return n['update-chased'](time(data.due));
    case 'statement-noted':
      return n['statement-noted'](name(data.person), w.said[data.what], data.statement);
    case 'crisis-stood-down': {
      const reason = isolate(data.reason);
      if (crisis.drill) return n['drill-over'](by, reason);
      return n[data.how === 'false-alarm' ? 'alarm-false' : 'crisis-stood-down'](by, reason);
    }
    case 'aftercare-ordered': {
      const due = showDate(data.dueOn, language);
      const [kind, text] = [w.aftercare[data.kind], isolate(data.text)];
      return n['aftercare-ordered'](by, kind, text, name(data.owner), due, data.decision);
    }
    case 'drill-scored':
      return scoredText(data, reading);
    case 'file-refused': {
      const f = fileWords(language);
      return f.refused(crisis.number, data.name, f.faults(data.why));
    }
    case 'spend-executed':
    case 'spend-ratified':
    case 'spend-refused':
    case 'cap-restored':
    case 'freeze-began':
    case 'freeze-verdict':
      return moneyText(reading, told, by);
    case 'crisis-raised':
    case 'person-called':
    case 'ring-reported':
    case 'rooms-asked':
    case 'file-attached':
    case 'file-kept':
      return undefined;
    default:
      return type satisfies never;
  }
}

function joinedText(reading: Reading, { person, why, by }: DataOf<'member-joined'>, who: string): string {
  const n = crisisNoticeWords(reading.language);
  const name = nameOf(person, reading);
  if ('standIn' in why) return n['member-stands-in'](name, nameOf(why.standIn, reading));
  if (person === by) return n['member-here'](name);
  return 'added' in why ? n['member-joined'](name, who) : n['member-called'](name);
}

type DataOf<T extends Told['type']> = Extract<Told, { type: T }>['data'];

function roomText(reading: Reading, { platform, id, code, out }: DataOf<'room-settled'>): string | undefined {
  const { language } = reading;
  const n = crisisNoticeWords(language);
  const name = platformName(platform, language);
  if (id === undefined) return n['room-failed'](name, code ?? '');
  const w = crisisWords(language);
  const names = out.map((one) => w.aside(nameOf(one.person, reading), one.code));
  return names.length > 0 ? n['room-out'](name, w.names(names)) : undefined;
}

function seatText(reading: Reading, { seat, person, from, by }: DataOf<'seat-taken'>, who: string): string {
  const n = crisisNoticeWords(reading.language);
  const title = crisisWords(reading.language).seats[seat as Seat];
  if (person !== by) return n['seat-given'](who, title, nameOf(person, reading));
  return from ? n['seat-changed'](who, title, nameOf(from, reading)) : n['seat-taken'](who, title);
}

function scoredText({ lines }: Pick<Score, 'lines'>, { language }: Reading): string {
  const n = crisisNoticeWords(language);
  if (lines.length === 0) return n['drill-unscored'];
  return n['drill-scored'](lines.filter((line) => line.met).length, lines.length);
}

type Money = 'spend-executed' | 'spend-ratified' | 'spend-refused' | 'cap-restored' | 'freeze-began' | 'freeze-verdict';

function moneyText(reading: Reading, { type, data }: Extract<Told, { type: Money }>, by: string): string {
  const n = crisisNoticeWords(reading.language);
  const name = (id: string): string => nameOf(id, reading);
  switch (type) {
    case 'spend-executed': {
      const { request, person, base, due } = data;
      return n['spend-executed'](name(person), request, moneyOf(base, reading), clockOf(due, reading));
    }
    case 'spend-ratified': {
      const spent = spentOf(reading, data.request);
      return n['spend-ratified'](data.request, spent.name, spent.amount);
    }
    case 'spend-refused': {
      const { name: who, amount } = spentOf(reading, data.request);
      const refused = n['spend-refused'](data.request, who, amount, isolate(data.reason), name(data.refusedBy));
      return `${refused}\n${n['spend-refused-then'](who, data.decision, showDate(data.dueOn, reading.language))}`;
    }
    case 'cap-restored':
      return n['cap-restored'](by, name(data.person), isolate(data.reason));
    case 'freeze-began':
      return n['freeze-began'](isolate(data.affected));
    case 'freeze-verdict':
      return (data.go ? n['freeze-go'] : n['freeze-no-go'])(by, isolate(data.reason));
    default:
      return type satisfies never;
  }
}

function spentOf(reading: Reading, request: string): { name: string; amount: string } {
  const spent = reading.crisis.spent.find((one) => one.request === request);
  return { name: nameOf(spent?.person ?? '', reading), amount: moneyOf(spent?.base ?? '0', reading) };
}

// --- what goes with it ---

function detailOf({ language }: Reading, { type, data }: Told): Block[] {
  if (type !== 'drill-scored') return [];
  const lines = scoreLines(data, language);
  return lines.length > 0 ? [{ kind: 'text', text: lines.join('\n') }] : [];
}

function buttonsOf({ crisis, language }: Reading, { type, data }: Told, to: Audience): Button[] {
  const w = crisisWords(language);
  const named = naming(crisis);
  const show = 'person' in to ? [named(w.buttons.show, 'show')] : [];
  switch (type) {
    case 'seats-asked': {
      const empty = data.seats.filter((seat) => !crisis.seats[seat]);
      return [...empty.map((seat) => named(w.buttons.seat(w.seats[seat]), 'take-seat', { seat })), ...show];
    }
    case 'update-chased':
      return [named(w.buttons.update, 'update', undefined, 'primary'), ...show];
    case 'rung-climbed': {
      const call = { call: data.call };
      return [named(w.buttons.answer, 'answer', call, 'primary'), named(w.buttons.cannot, 'take-back', call, 'danger')];
    }
    case 'room-settled':
      return [named(w.buttons.mend, 'mend-rooms'), ...show];
    case 'task-added': {
      const open = crisis.tasks.some((task) => task.id === data.id && task.doneAt === undefined);
      return [...(open ? [named(w.buttons.done(''), 'task-done', { task: data.id })] : []), ...show];
    }
    case 'crisis-stood-down': {
      const after = data.how === 'controlled' && !crisis.drill && !('person' in to);
      return [...(after ? [named(w.buttons.aftercare, 'aftercare')] : []), ...show];
    }
    default:
      return show;
  }
}
