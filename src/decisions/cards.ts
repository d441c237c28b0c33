/** What a person sees of a decision: what, who, by when, how it stands; with the buttons that are theirs. Pure. */
import { showDate, showTime } from '../core/calendar.ts';
import type { ActionRef, Block, Button, Card, Tone } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import { lineUp } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import { decisionWords, wordsOf } from '../words/decisions.ts';
import { fileWords } from '../words/files.ts';
import { actsFor, mayChair, mayOwn, ownersDay } from './decide.ts';
import { type DecisionTaken, isOfDrill, isOpen, originOf } from './model.ts';

export interface Reading {
  decision: DecisionTaken;
  directory: Directory;
  language: Language;
  at: Date;
  files: { name: string; state: 'fetching' | 'kept' | 'refused' }[];
}

type Shown = Pick<Reading, 'directory' | 'language' | 'at'>;

export function decisionCard(reading: Reading, viewer: Audience): Card {
  const { decision, language } = reading;
  return {
    headline: headlineOf(decision, language),
    tone: toneOf(decision, overdue(decision, reading)),
    summary: summaryOf(decision, reading),
    blocks: [
      { kind: 'text', text: isolate(decision.text), strong: true },
      { kind: 'facts', facts: factsOf(reading) },
      ...historyOf(reading),
      ...buttons(reading, viewer),
    ],
  };
}

function headlineOf(decision: DecisionTaken, language: Language): string {
  return marked(decision, decisionWords(language).headline(decision.number), language);
}

export const marked = (decision: DecisionTaken, text: string, language: Language): string =>
  isOfDrill(decision) ? decisionWords(language).drill(text) : text;

const TONES: Record<DecisionTaken['state'], Tone> = {
  proposed: 'open',
  accepted: 'open',
  declined: 'warn',
  done: 'good',
  void: 'muted',
};
const toneOf = (decision: DecisionTaken, days: number): Tone =>
  days > 0 && isOpen(decision) ? 'bad' : TONES[decision.state];

const nameOf = (id: string, directory: Directory): string => directory.people.get(id)?.name ?? id;

/** How many days after its day it is now; 0 for what is not open. */
export function overdue(decision: DecisionTaken, { directory, at }: Shown): number {
  if (!isOpen(decision)) return 0;
  const today = ownersDay(decision, directory, at);
  return Math.max(0, Math.round((Date.parse(today) - Date.parse(decision.due)) / 86_400_000));
}

export function stateText(decision: DecisionTaken, shown: Shown): string {
  const w = wordsOf(decision, shown.language);
  const days = overdue(decision, shown);
  return days > 0 ? `${w.states[decision.state]} · ${w.late(days)}` : w.states[decision.state];
}

export function summaryOf(decision: DecisionTaken, shown: Shown): string {
  const w = decisionWords(shown.language);
  const owner = nameOf(decision.owner, shown.directory);
  const due = showDate(decision.due, shown.language);
  const text = w.summary(decision.number, isolate(decision.text), owner, due, stateText(decision, shown));
  return marked(decision, text, shown.language);
}

function factsOf(reading: Reading) {
  const { decision, directory, language } = reading;
  const w = wordsOf(decision, language);
  const origin = originOf(decision);
  const acting = actsFor(decision, directory);
  const owner = nameOf(decision.owner, directory);
  return [
    { label: w.owner, value: acting === decision.owner ? owner : w.acting(owner, nameOf(acting, directory)) },
    { label: w.due, value: showDate(decision.due, language) },
    { label: w.status, value: stateText(decision, reading) },
    { label: w.chair, value: nameOf(decision.chair, directory) },
    ...purposeOf(decision, language),
    { label: w.from[origin.kind], value: `${isolate(origin.title[language])} ${origin.number}`, wide: true },
  ];
}

/** What it is for, of what follows a crisis. */
function purposeOf({ aftercare, recovers }: DecisionTaken, language: Language) {
  const w = decisionWords(language);
  if (aftercare) return [{ label: w.what, value: w.aftercare[aftercare] }];
  return recovers ? [{ label: w.what, value: w.recovers(recovers) }] : [];
}

function historyOf(reading: Reading): Block[] {
  const { decision, directory, language } = reading;
  const w = decisionWords(language);
  const day = (text: string) => showDate(text, language);
  const blocks: Block[] = decision.extensions.map(({ from, to, reason }) => ({
    kind: 'note',
    text: w.extended(day(from), day(to), isolate(reason)),
    drop: 2,
  }));
  if (decision.declined)
    blocks.push({
      kind: 'quote',
      text: w.declinedWhy(
        nameOf(decision.owner, directory),
        decision.declined.reason && isolate(decision.declined.reason),
      ),
    });
  if (decision.asked)
    blocks.push({ kind: 'quote', text: w.asked(day(decision.asked.to), isolate(decision.asked.reason)) });
  if (decision.done) {
    const { at, word, late } = decision.done;
    const time = showTime(new Date(at), directory.company.timezone, language);
    blocks.push({ kind: 'quote', text: w.done(time, word && isolate(word)) });
    if (late) blocks.push({ kind: 'note', text: w.doneLate(late.days) });
  }
  const files = reading.files.filter((file) => file.state !== 'refused');
  const f = fileWords(language);
  const names = files.map(({ name, state }) => (state === 'kept' ? name : f.fetching(name)));
  if (names.length > 0) blocks.push({ kind: 'note', text: f.line(names.join('、')), drop: 2 });
  return blocks;
}

function buttons({ decision, directory, language, files }: Reading, viewer: Audience): Block[] {
  if (!('person' in viewer)) return [];
  const w = decisionWords(language).buttons;
  const button = (label: string, name: string, style?: Button['style']): Button => {
    const action: ActionRef = { command: `decisions.${name}`, subject: decision.number, seen: decision.version };
    return { label, action, ...(style ? { style } : {}) };
  };
  const owns = mayOwn(decision, viewer.person, directory) && isOpen(decision);
  const chairs = mayChair(decision, viewer.person, directory);
  const proposed = decision.state === 'proposed';
  const own = owns
    ? [
        ...(proposed ? [button(w.accept, 'accept', 'primary'), button(w.decline, 'decline', 'danger')] : []),
        ...(decision.state === 'declined' ? [] : [button(w.done, 'done'), button(w.ask, 'ask-extension')]),
      ]
    : [];
  const lead = chairs
    ? isOpen(decision)
      ? [button(w.extend, 'extend'), button(w.assign, 'assign')]
      : decision.state === 'done'
        ? [button(w.reopen, 'reopen')]
        : []
    : [];
  const rest = files.length > 0 ? [button(w.files, 'files')] : [];
  return [own, [...lead, ...rest]]
    .filter((row) => row.length > 0)
    .map((row): Block => ({ kind: 'buttons', buttons: row }));
}

// --- notices and letters ---

const NOTICE_TONES: Record<string, Tone> = {
  declined: 'warn',
  orphaned: 'warn',
  relieved: 'muted',
  voided: 'muted',
  done: 'good',
  'due-before': 'warn',
  'due-due': 'warn',
  'due-after': 'bad',
  'file-refused': 'bad',
};

/** Undefined: it has become untrue while it waited, and is not said any more. */
export function noticeCard(reading: Reading, about: string, data: JsonObject, reader: string): Card | undefined {
  const { decision, language } = reading;
  if (isUntrue(reading, about, data, reader)) return undefined;
  const w = decisionWords(language);
  const text = marked(decision, sentence(reading, about, data), language);
  const said = typeof data.reason === 'string' ? data.reason : typeof data.word === 'string' ? data.word : '';
  const action = { command: 'decisions.show', subject: decision.number };
  return {
    headline: headlineOf(decision, language),
    tone: NOTICE_TONES[about] ?? 'open',
    summary: text,
    blocks: [
      { kind: 'text', text },
      ...(said ? [{ kind: 'quote' as const, text: isolate(said) }] : []),
      { kind: 'buttons', buttons: [{ label: w.buttons.show(decision.number), action }] },
    ],
  };
}

function isUntrue({ decision, directory, at }: Reading, about: string, data: JsonObject, reader: string): boolean {
  const { state, due } = decision;
  const open = isOpen(decision);
  const day = ownersDay(decision, directory, at);
  switch (about) {
    case 'taken':
    case 'amended':
    case 'handed':
      return !open || !mayOwn(decision, reader, directory);
    case 'relieved':
      return mayOwn(decision, reader, directory);
    case 'declined':
    case 'orphaned':
      return state !== 'declined';
    case 'extension-asked':
      return !open || decision.asked === undefined;
    case 'extended':
      return !open || due !== data.to;
    case 'done':
      return state !== 'done';
    case 'reopened':
      return !open;
    case 'due-before':
      return !open || data.day !== due || day > due;
    case 'due-due':
      return !open || data.day !== due || day !== due;
    case 'due-after':
      return !open || data.day !== due;
    default:
      return false;
  }
}

function sentence({ decision, directory, language }: Reading, about: string, data: JsonObject): string {
  const n = decisionWords(language).notices;
  const { number } = decision;
  const text = isolate(decision.text);
  const owner = nameOf(decision.owner, directory);
  const due = showDate(decision.due, language);
  switch (about) {
    case 'taken':
    case 'amended':
      return decision.state === 'proposed' ? n[about](number, text, due) : n.yours(number, text, due);
    case 'due-before':
      return n[about](number, text, due);
    case 'handed':
      return n.handed(number, text, due, owner);
    case 'relieved':
      return n.relieved(number, text, owner);
    case 'voided':
    case 'reopened':
    case 'due-due':
      return n[about](number, text);
    case 'declined':
    case 'orphaned':
    case 'done':
      return n[about](number, text, owner);
    case 'extension-asked':
      return n['extension-asked'](number, text, owner, showDate(String(data.to), language));
    case 'extended':
      return n.extended(number, text, due);
    case 'due-after':
      return n['due-after'](number, text, due, owner);
    case 'file-refused': {
      const f = fileWords(language);
      return f.refused(number, String(data.name), f.faults(String(data.why)));
    }
    default:
      throw new Error(`no sentence for the notice ${about}`);
  }
}

/** Those concerned, those above owner and chair, and auditors (A4). */
export function maySee(decision: DecisionTaken, id: string, { directory }: { directory: Directory }): boolean {
  const person = directory.people.get(id);
  if (person?.active !== true) return false;
  if (decision.parties.includes(id) || person.roles.includes('auditor')) return true;
  const above = lineUp(directory, decision.owner).some((one) => one.id === id);
  return above || mayOwn(decision, id, directory) || mayChair(decision, id, directory);
}
