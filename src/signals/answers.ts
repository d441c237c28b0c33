/** What somebody is told who reported something or judged a signal. Pure. */
import type { Outcome } from '../core/handle.ts';
import type { Command } from '../core/message.ts';
import { isolate } from '../core/text.ts';
import { sayDuration } from '../words/calendar.ts';
import { signalWords } from '../words/signals.ts';
import { nameOf, namesOf, type Shown } from './cards.ts';
import { watchedText } from './lookup.ts';
import type { Signal } from './model.ts';
import { indicatorOf } from './window.ts';

export interface Said {
  tone: 'good' | 'bad';
  text: string;
}

export function answerText(outcome: Outcome, command: Command, shown: Shown): Said {
  return outcome.kind === 'done' ? { tone: 'good', text: doneText(outcome, command, shown) } : refused(outcome, shown);
}

function doneText(outcome: Extract<Outcome, { kind: 'done' }>, command: Command, shown: Shown): string {
  const { said } = signalWords(shown.language);
  const signal = outcome.after as Signal;
  if (command.name === 'signals.confirm') return said.confirmed(signal.number);
  if (command.name === 'signals.dismiss') return said.dismissed(signal.number);
  return outcome.before === undefined
    ? said.raised(signal.number, namesOf(signal.told, shown))
    : said.joined(signal.number, signal.count);
}

function refused({ refusal, subject, state }: Extract<Outcome, { kind: 'refused' }>, shown: Shown): Said {
  const w = signalWords(shown.language);
  const r = w.refusals;
  const { code, facts } = refusal;
  const bad = (text: string): Said => ({ tone: 'bad', text });
  switch (code) {
    // no signal came of it, and the report stands all the same
    case 'counted':
      return { tone: 'good', text: countedText(facts, shown) };
    case 'repeated':
      return { tone: 'good', text: r.repeated };
    case 'unknown-signal':
      return bad(r['unknown-signal'](subject ?? ''));
    case 'only-judges':
      return bad(r['only-judges'](namesOf(facts.people as string[], shown)));
    case 'decided': {
      const who = nameOf(String(facts.by), shown.directory);
      const { crisis } = (state ?? {}) as Partial<Signal>;
      return bad(crisis ? r.decidedCrisis(who, crisis) : r.decided(who, w.states[facts.state as Signal['state']]));
    }
    case 'unknown-indicator':
      return bad(
        r['unknown-indicator'](
          String(facts.indicator),
          (shown.crisis?.indicators ?? []).map(({ id }) => id).join(' · '),
        ),
      );
    case 'unreadable':
      return bad(r.unreadable);
    default:
      return bad(r.other);
  }
}

function countedText(facts: Record<string, unknown>, { crisis, language }: Shown): string {
  const indicator = indicatorOf(crisis, String(facts.indicator));
  const { said } = signalWords(language);
  if (!indicator) throw new Error(`no indicator ${String(facts.indicator)} has been counted`);
  const what = isolate(watchedText({ title: indicator.title, key: String(facts.key) }, language));
  return said.counted(what, Number(facts.counted), indicator.count, sayDuration(indicator.within, language));
}
