/** What a statement is after an event. Pure. */
import type { Moment } from '../core/module.ts';
import { type Comment, linesOf, type Statement, type StatementEvent } from './model.ts';

type Drafted = Extract<StatementEvent, { type: 'statement-drafted' }>;

export function evolve(
  statement: Statement | undefined,
  event: StatementEvent,
  { at }: Pick<Moment<unknown>, 'at'>,
): Statement {
  const now = at.toISOString();
  if (event.type === 'statement-drafted') return drafted(event, now);
  if (statement === undefined) throw new Error(`${event.type} before statement-drafted`);
  const next = changed(statement, event, now);
  return { ...next, parties: [...new Set(next.parties)], revision: statement.revision + 1 };
}

function drafted({ data }: Drafted, at: string): Statement {
  const { person, ...rest } = data;
  return {
    ...rest,
    state: 'draft',
    author: person,
    draftedAt: at,
    version: 1,
    versionBy: person,
    versionAt: at,
    writers: [person],
    comments: [],
    steps: [],
    clearances: [],
    parties: [person],
    revision: 1,
  };
}

function changed(statement: Statement, event: Exclude<StatementEvent, Drafted>, at: string): Statement {
  const withParties = (people: readonly string[]) => [...statement.parties, ...people];
  switch (event.type) {
    case 'statement-edited':
      return edited(statement, event.data, at);
    case 'statement-commented': {
      const { person, version, line, text } = event.data;
      const comment: Comment = { version, line, text, by: person, at, now: line };
      return { ...statement, comments: [...statement.comments, comment], parties: withParties([person]) };
    }
    case 'clearance-asked': {
      const { returned: _mended, ...rest } = statement;
      const { steps, asked } = event.data;
      return { ...rest, state: 'clearing', steps, clearances: [], parties: withParties(asked) };
    }
    case 'clearance-given': {
      const { asked, ...given } = event.data;
      return {
        ...statement,
        clearances: [...statement.clearances, { ...given, at }],
        parties: withParties([given.person, ...asked]),
      };
    }
    case 'statement-cleared':
      return { ...statement, state: 'cleared', parties: withParties(event.data.releasers) };
    case 'statement-returned': {
      const { person: by, reason, version } = event.data;
      return { ...redrafted(statement), returned: { reason, by, at, version } };
    }
    case 'clearances-voided':
      return { ...statement, clearances: [] };
    case 'clearance-chased': {
      const { step, raised } = event.data;
      if (raised === undefined) return statement;
      const steps = statement.steps.map((one) => (one.id === step ? { ...one, raised } : one));
      return { ...statement, steps, parties: withParties([raised]) };
    }
    case 'statement-handed':
      return { ...statement, parties: withParties(event.data.to) };
    case 'statement-released': {
      const { person: by, where, releasedAt, link } = event.data;
      const released = { where, at: releasedAt, notedAt: at, by, ...(link ? { link } : {}) };
      return { ...statement, state: 'released', released, parties: withParties([by]) };
    }
    case 'statement-superseded':
      return { ...statement, replacedBy: event.data.by };
    case 'statement-withdrawn': {
      const { person: by, reason } = event.data;
      return { ...redrafted(statement), state: 'withdrawn', withdrawn: { reason, by, at } };
    }
    default:
      return event satisfies never;
  }
}

const redrafted = (statement: Statement): Statement => ({ ...statement, state: 'draft', steps: [], clearances: [] });

function edited(
  statement: Statement,
  { person, version, text, hash }: Extract<StatementEvent, { type: 'statement-edited' }>['data'],
  at: string,
): Statement {
  // what the handbook had ready is something else with one word changed
  const { prepared: _changed, ...rest } = redrafted(statement);
  return {
    ...rest,
    text,
    version,
    hash,
    versionBy: person,
    versionAt: at,
    writers: [...new Set([...statement.writers, person])],
    comments: followed(statement, text),
    parties: [...statement.parties, person],
  };
}

/** A comment goes with its line wherever the next version has it; where the line is changed, it stays with the version it was written on. */
function followed({ comments, text: before }: Statement, after: string): Comment[] {
  const [old, lines] = [linesOf(before), linesOf(after)];
  return comments.map((comment) => {
    const { now, ...rest } = comment;
    if (now === undefined) return comment;
    const same = lines.flatMap((line, i) => (line === old[now - 1] ? [i + 1] : []));
    const nearest = same.sort((a, b) => Math.abs(a - now) - Math.abs(b - now))[0];
    return nearest === undefined ? rest : { ...rest, now: nearest };
  });
}
