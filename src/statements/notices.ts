/** What is told of a statement once, to those whom it concerns, with the way to its card. Pure. */
import type { Block, Card, Tone } from '../core/card.ts';
import type { JsonObject } from '../core/message.ts';
import { isolate } from '../core/text.ts';
import { statementAnswerWords } from '../words/statement-answers.ts';
import { statementWords } from '../words/statements.ts';
import { headlineOf, nameOf, namesOf, type Reading } from './cards.ts';
import { isOpen, stepNow } from './model.ts';
import { clearersOf, mayClear, mayRelease } from './turns.ts';

const TONES: Record<string, Tone> = {
  asked: 'warn',
  'to-release': 'warn',
  chased: 'bad',
  raised: 'bad',
  returned: 'warn',
  voided: 'warn',
  cleared: 'good',
  released: 'good',
  withdrawn: 'muted',
};

/** Undefined: it has become untrue while it waited, and is not said any more. */
export function noticeCard(reading: Reading, about: string, data: JsonObject, reader: string): Card | undefined {
  const { statement, language } = reading;
  if (isUntrue(reading, about, data, reader)) return undefined;
  const w = statementWords(language);
  const text = `${statement.drill ? w.drill : ''}${sentence(reading, about, data)}`;
  const reason: Block[] = typeof data.reason === 'string' ? [{ kind: 'quote', text: isolate(data.reason) }] : [];
  const action = { command: 'statements.show', subject: statement.number };
  return {
    headline: headlineOf(statement, language),
    tone: TONES[about] ?? 'open',
    summary: text,
    blocks: [
      { kind: 'text', text },
      ...reason,
      { kind: 'buttons', buttons: [{ label: w.buttons.show(statement.number), action }] },
    ],
  };
}

function isUntrue({ statement, crisis, world }: Reading, about: string, data: JsonObject, reader: string): boolean {
  const changed = statement.version !== data.version;
  const step = stepNow(statement);
  switch (about) {
    case 'asked':
    case 'chased':
    case 'raised':
      return (
        changed || step === undefined || step.id !== data.step || !mayClear(step, statement, reader, world.directory)
      );
    case 'to-release':
      return changed || statement.state !== 'cleared' || !mayRelease(statement.author, crisis, reader, world.directory);
    case 'cleared':
      return changed || statement.state !== 'cleared';
    case 'returned':
      return changed || statement.returned === undefined;
    case 'edited':
      return changed || !isOpen(statement);
    default:
      return false;
  }
}

function sentence(reading: Reading, about: string, data: JsonObject): string {
  const { statement, world, language } = reading;
  const n = statementAnswerWords(language).notices;
  const { number, version, drill, released } = statement;
  const who = nameOf(String(data.by ?? ''), reading);
  switch (about) {
    case 'asked':
      return n.asked(number, version);
    case 'edited':
      return n.edited(number, who, version);
    case 'commented':
      return n.commented(number, who, Number(data.line));
    case 'returned':
    case 'withdrawn':
      return n[about](number, who);
    case 'voided':
      return n.voided[data.why as keyof typeof n.voided](number, who);
    case 'cleared':
    case 'to-release':
      return n[about](number);
    case 'chased':
      return n.chased(number, Number(data.count));
    case 'raised': {
      const step = stepNow(statement);
      const asked = step ? clearersOf({ called: step.called }, statement, world.directory) : [];
      return n.raised(number, namesOf(asked, reading));
    }
    case 'released':
      return (drill ? n.drillReleased : n.released)(number, isolate(released?.where ?? ''));
    default:
      throw new Error(`no sentence for the notice ${about}`);
  }
}
