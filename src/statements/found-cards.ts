/** What a check found: in one sentence first, then where it differs. Pure. */
import { showTime } from '../core/calendar.ts';
import type { Block, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { isolate } from '../core/text.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { statementWords } from '../words/statements.ts';
import { stateText } from './cards.ts';
import type { Difference, Found } from './check.ts';
import { type Statement, shortHash } from './model.ts';

interface Shown {
  world: CrisisWorld;
  language: Language;
}

interface Checked {
  hash: string;
  /** behind a link that whoever asks may not be allowed to open: nothing of it is shown, nor its hash, by which guesses could be tried */
  linked: boolean;
  /** it reads otherwise than it compares */
  unseen: boolean;
}

export function foundCard(found: Found, checked: Checked, shown: Shown): Card {
  const w = statementWords(shown.language);
  const statement = statementIn(found);
  const [text, ...details] = linesFound(found, checked, shown);
  const said = `${statement?.drill ? w.drill : ''}${text}`;
  const same = (found.kind === 'released' || found.kind === 'cleared') && !checked.unseen;
  return {
    headline: w.found.title,
    tone: same && !statement?.drill ? 'good' : 'bad',
    summary: said,
    blocks: [
      { kind: 'text', text: said, strong: true },
      ...(checked.unseen && statement ? [{ kind: 'text' as const, text: w.found.unseen }] : []),
      ...(statement?.drill ? [{ kind: 'text' as const, text: w.found.drill, strong: true }] : []),
      ...details.map((one): Block => ({ kind: 'quote', text: one })),
      { kind: 'note', text: checked.linked ? w.found.linked : w.found.hash(shortHash(checked.hash)) },
      { kind: 'note', text: w.found.rule },
    ],
  };
}

function statementIn(found: Found): Statement | undefined {
  if ('exact' in found) return found.exact.statement;
  return 'statement' in found ? found.statement : undefined;
}

function linesFound(found: Found, { linked, unseen }: Checked, { world, language }: Shown): string[] {
  const w = statementWords(language).found;
  switch (found.kind) {
    case 'none':
      return [w.none];
    case 'contains': {
      const { number } = found.statement;
      const state = stateText(found.statement, language);
      return [unseen ? w.containsUnseen(number, state) : w.contains(number, state)];
    }
    case 'differs': {
      const { statement, difference } = found;
      const state = stateText(statement, language);
      if (linked) return [w.differsSomewhere(statement.number, state)];
      const first = w.differs(statement.number, state, difference.line);
      return [first, w.kept(sideOf(difference, 'kept', w.ends)), w.given(sideOf(difference, 'given', w.ends))];
    }
    case 'released':
    case 'cleared': {
      const { statement, version } = found.exact;
      if (unseen) return [w.sameUnseen(statement.number, stateText(statement, language))];
      return [sentenceOf(found.kind, statement, version, { world, language })];
    }
    default: {
      const { statement, version } = found.exact;
      return [sentenceOf(found.kind, statement, version, { world, language })];
    }
  }
}

function sentenceOf(
  kind: Exclude<Found['kind'], 'none' | 'contains' | 'differs'>,
  statement: Statement,
  version: number,
  { world, language }: Shown,
): string {
  const w = statementWords(language).found;
  const { number, released, replacedBy } = statement;
  switch (kind) {
    case 'released': {
      const time = showTime(new Date(released?.at ?? ''), world.directory.company.timezone, language);
      return w.released(number, time, isolate(released?.where ?? ''));
    }
    case 'replaced':
      return w.replaced(number, replacedBy ?? '');
    case 'cleared':
    case 'withdrawn':
      return w[kind](number);
    case 'uncleared':
      return w.uncleared(number, version);
    case 'older':
      return w.older(number, version, statement.version);
    default:
      return kind satisfies never;
  }
}

/** `…将在 24 小时内【全】额退款…`: what differs stands in brackets, a line's end is shown. */
function sideOf({ before, ...sides }: Difference, side: 'kept' | 'given', ends: string): string {
  const { at, after } = sides[side];
  const text = at === '' ? `…${before}【${ends}】` : `…${before}【${at}】${after}…`;
  return isolate(text.replaceAll('\n', '⏎'));
}
