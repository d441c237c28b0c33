/** What may happen to a statement now: who wrote it clears none of it, one changed character voids every clearance, only the cleared text is released. Pure. */
import { byOf, type Command, type Decision, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { cleanLine } from '../core/text.ts';
import { mayAct, namedBy } from '../crisis/lookup.ts';
import { type Crisis, type CrisisWorld, isDrill } from '../crisis/model.ts';
import { maySee, mayWork } from './lookup.ts';
import {
  type Act,
  Args,
  type ArgsOf,
  exactText,
  FOLLOWING,
  hashOf,
  isOpen,
  isWhollyCleared,
  linesOf,
  MAX_COMMENTS,
  MAX_LINES,
  MAX_TEXT,
  type Prepared,
  type Statement,
  type StatementEvent,
  stepNow,
  type Voiding,
} from './model.ts';
import { clearersOf, emptyStep, isOutgrown, mayClear, mayRelease, raisedTo, releasersOf, stepsFor } from './turns.ts';

export interface Facts {
  /** of a new one */
  number?: string;
  crisis?: Crisis | undefined;
  /** the released one that this one puts right */
  replaced?: Statement | undefined;
}
type M = Moment<CrisisWorld>;
type Verdict = Decision<StatementEvent>;
type No = ReturnType<typeof refuse>;
type On<A extends Act> = (statement: Statement, args: ArgsOf<A>, moment: M, facts: Facts) => Verdict;

/** After so many reminders the next one up is asked as well. */
const RAISED_AFTER = 3;

const rules: { [A in Exclude<Act, 'draft'>]: On<A> } = {
  edit: (statement, args, moment, facts) => {
    const no = notWorking(statement, moment, facts) ?? textFault(args.text);
    if (no) return no;
    const [person, text] = [byOf(moment.actor), exactText(args.text)];
    const hash = hashOf(text);
    if (hash === statement.hash) return refuse('same-text');
    const written = { author: statement.author, writers: [...statement.writers, person] };
    const blocked = blockedBy(written, undefined, moment, facts);
    if (blocked) return blocked;
    const edited = { person, version: statement.version + 1, text, hash };
    return { events: [{ type: 'statement-edited', data: edited }, ...voided(statement, 'edited', person)] };
  },
  comment: (statement, { line, text }, moment, facts) => {
    const person = byOf(moment.actor);
    if (!maySee(statement, facts.crisis, person, moment.world)) return refuse('not-yours');
    if (!isOpen(statement)) return over(statement);
    if (!linesOf(statement.text)[line - 1]) return refuse('no-such-line');
    if (statement.comments.length >= MAX_COMMENTS) return refuse('too-many-comments');
    const said = cleanLine(text, 500);
    if (said === '') return refuse('unreadable');
    const data = { person, version: statement.version, line, text: said };
    return { events: [{ type: 'statement-commented', data }] };
  },
  ask: (statement, _args, moment, facts) => {
    const no = notWorking(statement, moment, facts);
    if (no) return no;
    if (statement.state !== 'draft' && !isOutgrown(statement, facts.crisis, moment.world))
      return refuse('asked-already');
    const no2 = expired(statement.prepared, moment) ?? blockedBy(statement, statement.prepared, moment, facts);
    if (no2) return no2;
    const steps = stepsFor(statement.prepared, facts.crisis, moment.world);
    const asked = steps[0] ? clearersOf(steps[0], statement, moment.world.directory) : [];
    const { version, hash } = statement;
    const anew = voided(statement, 'regraded', byOf(moment.actor));
    return { events: [...anew, { type: 'clearance-asked', data: { version, hash, steps, asked } }] };
  },
  clear: (statement, args, moment, facts) => {
    const person = byOf(moment.actor);
    if (statement.clearances.some((one) => one.step === args.step && one.person === person))
      return refuse('cleared-by-you');
    const no = notClearing(statement, person, moment) ?? expired(statement.prepared, moment);
    if (no) return no;
    if (stepNow(statement)?.id !== args.step) return refuse('stale');
    return { events: given(statement, args.step, person, moment, facts) };
  },
  return: (statement, args, moment) => {
    const person = byOf(moment.actor);
    if (!isOpen(statement)) return over(statement);
    // whoever has cleared it may take that back as long as it is not out
    const cleared = statement.clearances.some((one) => one.person === person);
    const no = cleared ? undefined : notClearing(statement, person, moment);
    if (no) return no;
    const data = { person, version: statement.version, reason: args.reason };
    return { events: [{ type: 'statement-returned', data }, ...voided(statement, 'returned', person)] };
  },
  release: (statement, args, moment, { crisis, replaced }) => {
    const person = byOf(moment.actor);
    const { directory } = moment.world;
    if (!isOpen(statement)) return over(statement);
    if (!mayRelease(statement.author, crisis, person, directory))
      return refuse('only-releaser', { who: releasersOf(statement.author, crisis, directory) });
    if (statement.state !== 'cleared' || !isWhollyCleared(statement)) return refuse('not-cleared');
    if (isOutgrown(statement, crisis, moment.world)) return refuse('outgrown');
    if (replaced?.replacedBy) return refuse('replaced-already', { by: replaced.replacedBy });
    return (
      expired(statement.prepared, moment) ?? wrongTime(statement, args.at, moment) ?? released(statement, args, person)
    );
  },
  withdraw: (statement, args, moment, facts) => {
    const no = notWorking(statement, moment, facts);
    if (no) return no;
    const person = byOf(moment.actor);
    const data = { person, reason: args.reason };
    return { events: [{ type: 'statement-withdrawn', data }, ...voided(statement, 'withdrawn', person)] };
  },
  remind: (statement, { step, version, count }, { world }) => {
    const now = stepNow(statement);
    if (now?.id !== step || statement.version !== version) return refuse('over');
    const up = count >= RAISED_AFTER && !now.raised ? raisedTo(now, statement, world.directory) : undefined;
    const raised = up === undefined ? {} : { raised: up };
    const to = clearersOf({ ...now, ...raised }, statement, world.directory);
    return { events: [{ type: 'clearance-chased', data: { step, version, count, to, ...raised } }] };
  },
  hand: (statement, { shown }, { world }, { crisis }) => {
    if (shown && isOpen(statement)) return { events: [{ type: 'statement-handed', data: { to: [] } }] };
    if (statement.state !== 'clearing' && statement.state !== 'cleared') return refuse('nothing-to-do');
    const step = stepNow(statement);
    const now = step
      ? clearersOf(step, statement, world.directory)
      : releasersOf(statement.author, crisis, world.directory);
    const to = now.filter((person) => !statement.parties.includes(person));
    // its cards may have something else to say: it may be the turn of somebody who has had to do with it all along
    const turned = step === undefined || now.some((person) => !namedBy(step.called, world.directory).includes(person));
    return to.length > 0 || turned || isOutgrown(statement, crisis, world)
      ? { events: [{ type: 'statement-handed', data: { to } }] }
      : refuse('nothing-to-do');
  },
  supersede: (statement, { by }) =>
    statement.state === 'released' && statement.replacedBy === undefined
      ? { events: [{ type: 'statement-superseded', data: { by } }] }
      : refuse('nothing-to-do'),
};

export function decide(statement: Statement | undefined, command: Command, facts: Facts, moment: M): Verdict {
  const act = command.name.slice('statements.'.length) as Act;
  if (!Object.hasOwn(Args, act)) return refuse('unknown-command');
  const args = Args[act].safeParse(command.args);
  if (!args.success) return refuse('unreadable');
  if (FOLLOWING.has(act) && moment.actor.kind !== 'clock') return refuse('unknown-command');
  if (act === 'draft') return statement ? refuse('exists') : draft(args.data as ArgsOf<'draft'>, moment, facts);
  if (statement === undefined) return refuse('unknown-statement', { number: command.subject ?? '' });
  // it was another text when its reader looked at it: shown again, not carried out
  const { seen } = args.data as { seen?: number };
  if (seen !== undefined && seen !== statement.version) return refuse('stale');
  return (rules[act] as On<typeof act>)(statement, args.data as never, moment, facts);
}

// --- drafting ---

function draft(args: ArgsOf<'draft'>, moment: M, facts: Facts): Verdict {
  const person = byOf(moment.actor);
  const { crisis, replaced } = facts;
  if (args.crisis !== undefined && !crisis) return refuse('unknown-crisis', { number: args.crisis });
  if (crisis && !mayAct(crisis, person, moment.world)) return refuse('not-team', { number: crisis.number });
  const wrong = args.replaces === undefined ? undefined : cannotReplace(args, moment, facts);
  if (wrong) return wrong;
  const found = args.prepared === undefined ? { text: args.text ?? '' } : preparedFor(args.prepared, moment, crisis);
  if ('refusal' in found) return found;
  const no = textFault(found.text) ?? blockedBy({ author: person, writers: [person] }, found.prepared, moment, facts);
  if (no) return no;
  const text = exactText(found.text);
  const data = {
    number: facts.number ?? '',
    drill: crisis !== undefined && isDrill(crisis),
    person,
    text,
    hash: hashOf(text),
    ...within(crisis?.number),
    ...(found.prepared ? { prepared: found.prepared } : {}),
    ...(replaced ? { replaces: replaced.number } : {}),
  };
  return { events: [{ type: 'statement-drafted', data }] };
}

function cannotReplace(args: ArgsOf<'draft'>, moment: M, { crisis, replaced }: Facts): No | undefined {
  if (!replaced) return refuse('unknown-statement', { number: args.replaces ?? '' });
  if (!mayWork(replaced, crisis, byOf(moment.actor), moment.world)) return refuse('not-yours');
  if (replaced.state !== 'released' || replaced.crisis !== args.crisis) return refuse('not-released');
  return replaced.replacedBy ? refuse('replaced-already', { by: replaced.replacedBy }) : undefined;
}

type Found = { text: string; prepared?: Prepared };

function preparedFor(id: string, moment: M, crisis: Crisis | undefined): Found | No {
  const { crisis: book } = moment.world;
  const one = book?.holding.find((holding) => holding.id === id);
  const fits = one && (one.kinds === undefined || (crisis !== undefined && one.kinds.includes(crisis.kind)));
  if (!one || !fits) return refuse('no-such-prepared');
  const prepared = { id: one.id, title: one.title, expires: one.expires };
  return expired(prepared, moment) ?? { text: one.text, prepared };
}

function textFault(raw: string): No | undefined {
  const text = exactText(raw);
  if (text === '') return refuse('no-text');
  if ([...text].length > MAX_TEXT) return refuse('too-long', { max: MAX_TEXT });
  return linesOf(text).length > MAX_LINES ? refuse('too-many-lines', { max: MAX_LINES }) : undefined;
}

// --- what stands in the way ---

const expired = (prepared: Prepared | undefined, { world }: M): No | undefined =>
  prepared && world.directory.today > prepared.expires
    ? refuse('prepared-expired', { zh: prepared.title.zh, en: prepared.title.en, expires: prepared.expires })
    : undefined;

function notWorking(statement: Statement, moment: M, { crisis }: Facts): No | undefined {
  if (!mayWork(statement, crisis, byOf(moment.actor), moment.world)) return refuse('not-yours');
  return isOpen(statement) ? undefined : over(statement);
}

/** A statement that some people have written must still have somebody to clear it. */
function blockedBy(
  written: Pick<Statement, 'author' | 'writers'>,
  prepared: Prepared | undefined,
  { world }: M,
  { crisis }: Facts,
): No | undefined {
  const empty = emptyStep(stepsFor(prepared, crisis, world), written, world.directory);
  return empty && refuse('nobody-clears', { ...empty.called });
}

function notClearing(statement: Statement, person: string, { world: { directory } }: M): No | undefined {
  if (!isOpen(statement)) return over(statement);
  const step = stepNow(statement);
  if (!step) return refuse(statement.state === 'cleared' ? 'all-cleared' : 'not-asked');
  if (mayClear(step, statement, person, directory)) return undefined;
  if (statement.writers.includes(person)) return refuse('own-text', { who: clearersOf(step, statement, directory) });
  return refuse('not-your-turn', { who: clearersOf(step, statement, directory) });
}

const over = ({ state, number }: Statement): No =>
  refuse(state === 'released' ? 'read-only' : 'withdrawn-already', { number });

const MINUTE = 60_000;

/** Times are told by the minute: what went out in the minute in which it was cleared went out after. */
function wrongTime({ clearances }: Statement, released: string, { at }: M): No | undefined {
  const last = clearances.at(-1)?.at ?? at.toISOString();
  if (Date.parse(released) > at.getTime()) return refuse('in-future');
  const early = Math.floor(Date.parse(released) / MINUTE) < Math.floor(Date.parse(last) / MINUTE);
  return early ? refuse('before-cleared', { at: last }) : undefined;
}

// --- what follows ---

const within = (crisis: string | undefined) => (crisis === undefined ? {} : { crisis });

function voided(statement: Statement, why: Voiding, person: string): StatementEvent[] {
  const of = [...new Set(statement.clearances.map((one) => one.person))];
  const data = { ...within(statement.crisis), person, version: statement.version, of, why };
  return of.length > 0 ? [{ type: 'clearances-voided', data }] : [];
}

function given(statement: Statement, step: string, person: string, { world }: M, { crisis }: Facts): StatementEvent[] {
  const { version, hash, steps, clearances } = statement;
  const next = steps[clearances.length + 1];
  const asked = next ? clearersOf(next, statement, world.directory) : [];
  const one: StatementEvent = { type: 'clearance-given', data: { step, person, version, hash, asked } };
  if (next) return [one];
  const releasers = releasersOf(statement.author, crisis, world.directory);
  const data = { ...within(statement.crisis), person, version, hash, releasers };
  return [one, { type: 'statement-cleared', data }];
}

function released(statement: Statement, args: ArgsOf<'release'>, person: string): Verdict {
  const { version, hash, drill, replaces, crisis } = statement;
  const where = cleanLine(args.where, 500);
  if (where === '') return refuse('unreadable');
  const data = {
    ...within(crisis),
    person,
    version,
    hash,
    where,
    releasedAt: args.at,
    ...(args.link ? { link: args.link } : {}),
    drill,
    ...(replaces ? { replaces } : {}),
  };
  return { events: [{ type: 'statement-released', data }] };
}
