/** What a person sees of a signal: what was observed, how often, who must judge it; with what to do next. Pure. */
import { showTime } from '../core/calendar.ts';
import type { Block, Button, Card, Tone } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import type { CrisisBook } from '../crisis/book.ts';
import type { Directory } from '../directory/model.ts';
import { sayDuration } from '../words/calendar.ts';
import { signalWords } from '../words/signals.ts';
import { mayJudge } from './decide.ts';
import { reachedText, watchedText } from './lookup.ts';
import { type Indicator, reporterOf, type Signal } from './model.ts';
import type { Running } from './store.ts';

export interface Shown {
  directory: Directory;
  crisis: CrisisBook | undefined;
  language: Language;
}

const TONES: Record<Signal['state'], Tone> = { open: 'bad', confirmed: 'warn', dismissed: 'muted' };

export const nameOf = (id: string, directory: Directory): string => directory.people.get(id)?.name ?? id;

export const namesOf = (people: string[], { directory, language }: Pick<Shown, 'directory' | 'language'>): string =>
  people.map((id) => nameOf(id, directory)).join(language === 'zh' ? '、' : ', ');

export function signalCard(signal: Signal, viewer: Audience, shown: Shown): Card {
  const w = signalWords(shown.language);
  return {
    headline: w.headline(signal.number),
    tone: TONES[signal.state],
    summary: summaryOf(signal, shown.language),
    blocks: [
      { kind: 'text', text: isolate(reachedText(signal, shown.language)), strong: true },
      ...nextOf(signal, shown),
      ...buttonsOf(signal, viewer, shown),
      { kind: 'facts', facts: factsOf(signal, shown) },
      ...samplesOf(signal, shown),
    ],
  };
}

export function summaryOf(signal: Signal, language: Language): string {
  const w = signalWords(language);
  return w.summary(signal.number, isolate(reachedText(signal, language)), w.states[signal.state]);
}

/** What is to be done now, or what became of it and where it goes on. */
function nextOf(signal: Signal, { directory, language }: Shown): Block[] {
  const w = signalWords(language);
  if (signal.state === 'open' || !signal.decided) return [{ kind: 'note', text: w.next }];
  const { by, at, reason } = signal.decided;
  const said = signal.state === 'confirmed' ? w.confirmedBy : w.dismissedBy;
  const time = showTime(new Date(at), directory.company.timezone, language);
  const after = signal.state === 'dismissed' ? w.nothingMore : signal.crisis ? w.goOn(signal.crisis) : w.raising;
  return [
    { kind: 'quote', text: said(nameOf(by, directory), time, isolate(reason)) },
    { kind: 'note', text: after },
  ];
}

function factsOf(signal: Signal, shown: Shown) {
  const { directory, crisis, language } = shown;
  const w = signalWords(language);
  const time = (at: string) => showTime(new Date(at), directory.company.timezone, language);
  const kind = crisis?.kinds.find((one) => one.id === signal.kind)?.title[language] ?? signal.kind;
  return [
    { label: w.indicator, value: isolate(watchedText(signal, language)) },
    { label: w.count, value: String(signal.count) },
    { label: w.since, value: time(signal.firstAt) },
    { label: w.until, value: time(signal.lastAt) },
    { label: w.kind, value: kind },
    { label: w.status, value: w.states[signal.state] },
    { label: w.called, value: namesOf(signal.told, shown), wide: true },
  ];
}

function samplesOf({ samples }: Signal, { directory, language }: Shown): Block[] {
  const w = signalWords(language);
  const lines = samples.toReversed().map(({ id, text, at }) => {
    const reporter = reporterOf(id);
    const time = showTime(new Date(at), directory.company.timezone, language);
    return w.sample(time, reporter ? nameOf(reporter, directory) : '', isolate(text));
  });
  return [
    { kind: 'note', text: w.observed(samples.length), drop: 2 },
    { kind: 'quote', text: lines.join('\n'), drop: 2 },
  ];
}

/** In a channel everybody sees the buttons; who may not judge is told who may. */
function buttonsOf(signal: Signal, viewer: Audience, shown: Shown): Block[] {
  if (signal.state !== 'open') return [];
  return 'person' in viewer && !mayJudge(signal, viewer.person, shown) ? [] : [judging(signal, shown.language)];
}

function judging({ number }: Signal, language: Language): Block {
  const w = signalWords(language).buttons;
  const button = (label: string, act: string, style: Button['style']): Button => ({
    label,
    action: { command: `signals.${act}`, subject: number },
    ...(style ? { style } : {}),
  });
  const buttons = [button(w.confirm, 'confirm', 'primary'), button(w.dismiss, 'dismiss', 'danger')];
  return { kind: 'buttons', buttons };
}

/** Undefined: it has become untrue while it waited, and is not said any more. */
export function noticeCard(signal: Signal, about: string, shown: Shown): Card | undefined {
  const w = signalWords(shown.language);
  const card = (text: string, tone: Tone, block: Block): Card => ({
    headline: w.headline(signal.number),
    tone,
    summary: text,
    blocks: [{ kind: 'text', text }, block],
  });
  if (about === 'signal-chased') {
    if (signal.state !== 'open') return undefined;
    const reached = isolate(reachedText(signal, shown.language));
    return card(w.notices.chased(signal.number, reached), 'bad', judging(signal, shown.language));
  }
  if (about !== 'signal-dismissed') throw new Error(`no sentence for the notice ${about}`);
  if (signal.state !== 'dismissed' || !signal.decided) return undefined;
  const who = nameOf(signal.decided.by, shown.directory);
  const what = isolate(watchedText(signal, shown.language));
  const text = w.notices.dismissed(signal.number, what, who, isolate(signal.decided.reason));
  return card(text, 'muted', showing(signal, shown.language));
}

function showing({ number }: Signal, language: Language, drop?: 1): Block {
  const label = signalWords(language).buttons.show(number);
  const buttons: Button[] = [{ label, action: { command: 'signals.show', subject: number } }];
  return { kind: 'buttons', buttons, ...(drop ? { drop } : {}) };
}

/** One line of a list, with the way to its card. */
export function itemBlocks(signal: Signal, language: Language): Block[] {
  return [{ kind: 'text', text: summaryOf(signal, language) }, showing(signal, language, 1)];
}

/** What an indicator has heard lately, by what it is counted. */
export function indicatorBlocks(indicator: Indicator, running: Running[], language: Language): Block[] {
  const w = signalWords(language);
  const rule = w.rule(sayDuration(indicator.within, language), indicator.count);
  const lines = running.map(({ key, total }) =>
    w.list.line(key === '' ? w.list.plain : isolate(key), total, indicator.count),
  );
  const action = { command: 'signals.report', with: { indicator: indicator.id } };
  return [
    { kind: 'text', text: w.list.rule(indicator.title[language], indicator.id, rule), strong: true },
    { kind: 'note', text: lines.length > 0 ? lines.join('\n') : w.list.none },
    { kind: 'buttons', buttons: [{ label: w.buttons.report, action }], drop: 1 },
  ];
}

/** Whoever judges it, and auditors (A4); it is no secret to those whom it calls. */
export function maySee(signal: Signal, id: string, shown: Pick<Shown, 'directory' | 'crisis'>): boolean {
  const person = shown.directory.people.get(id);
  return person?.active === true && (person.roles.includes('auditor') || mayJudge(signal, id, shown));
}
