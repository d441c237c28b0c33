/** What people see of the crisis in a request: spent first and when, to be ratified until when, urgent and why, held and by what. Pure. */
import { showTime } from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import { showMoney } from '../core/money.ts';
import type { Directory } from '../directory/model.ts';
import { ratifyWords } from '../words/ratify.ts';
import { requestWords } from '../words/requests.ts';
import { awaitsRatification, isLive, namesOf, openStep, pendingOf, type Request, type Urgent } from './model.ts';

interface Shown {
  request: Request;
  directory: Directory;
  language: Language;
  /** what its requester has spent first in that crisis so far, this among it: minor units of the company's currency */
  together?: { base: bigint; count: number };
}

/** Beside the number: what nobody may overlook. */
export function tagsOf(request: Request, language: Language): string[] {
  const { tags } = ratifyWords(language);
  const { executed, urgent, held, state } = request;
  const ended = state === 'approved' ? [tags.ratified] : [tags.refused];
  return [
    ...(executed ? (isLive(request) ? [tags.awaits] : ended) : []),
    ...(urgent && isLive(request) ? [tags.urgent] : []),
    ...(held ? [tags.held] : []),
  ];
}

export function stateText(request: Request, language: Language): string {
  const { state, executed } = request;
  if (executed && state !== 'withdrawn') return ratifyWords(language).states[state];
  return requestWords(language).states[state];
}

/** Where it stands, in a few words. */
export function stateLine({ request, directory, language }: Shown): string {
  const w = requestWords(language);
  const step = openStep(request);
  const { state, held, executed } = request;
  if (held && isLive(request)) return ratifyWords(language).heldState(held.crisis);
  if (state !== 'open' || !step) return stateText(request, language);
  const names = w.names(namesOf(pendingOf(step)).map((id) => directory.people.get(id)?.name ?? id));
  return executed ? ratifyWords(language).waitsFor(names) : w.waitsFor(names);
}

/** Both times of what was spent first, always: of the act and of the approval. */
export function crisisFacts({ request, directory, language, together }: Shown) {
  const w = ratifyWords(language);
  const time = (at: string) => showTime(new Date(at), directory.company.timezone, language);
  const fact = (label: string, value: string) => ({ label, value, wide: true });
  const { executed, urgent, held, endedAt, state } = request;
  const facts: { label: string; value: string; wide: boolean }[] = [];
  if (executed) {
    const late = awaitsRatification(request) && executed.overdue > 0;
    facts.push(fact(w.executed, w.executedAt(time(executed.at), executed.crisis)));
    facts.push(fact(w.due, late ? w.late(time(executed.due), executed.overdue) : w.dueBy(time(executed.due))));
    // one small sum after the other comes before nobody's eyes as one
    if (together && together.count > 1) {
      const all = showMoney({ minor: together.base, currency: directory.company.currency });
      facts.push(fact(w.together, w.togetherOf(all, together.count)));
    }
    if (endedAt) facts.push(fact(state === 'approved' ? w.ratifiedAt : w.refusedAt, time(endedAt)));
  }
  if (urgent) facts.push(fact(w.urgent, w.urgentFor(urgent.crisis, whyUrgent(urgent, directory, language))));
  if (held) facts.push(fact(w.held, w.heldBy(held.crisis, time(held.since))));
  return facts;
}

export function whyUrgent({ why, left }: Urgent, directory: Directory, language: Language): string {
  const { currency } = directory.company;
  return ratifyWords(language).why[why](left === undefined ? '' : showMoney({ minor: BigInt(left), currency }));
}

/** Approving what is spent is ratifying it: the buttons say so. */
export function buttonWords({ executed }: Request, language: Language) {
  const { buttons } = requestWords(language);
  return executed ? { ...buttons, ...ratifyWords(language).buttons } : buttons;
}

/** As people say a stretch of time: `2 天 3 小时`. */
export function spanText(ms: number, language: Language): string {
  const minutes = Math.floor(ms / 60_000);
  return ratifyWords(language).span(Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60);
}
