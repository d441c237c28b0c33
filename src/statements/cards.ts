/** What a person sees of a statement: what to do next, the numbered lines with what was said to them, who clears, and the buttons that are theirs. Pure. */
import { showDate, showTime } from '../core/calendar.ts';
import type { ActionRef, Block, Button, Card, PathLine, Tone } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import type { Called } from '../crisis/book.ts';
import type { Crisis, CrisisWorld } from '../crisis/model.ts';
import { requestWords } from '../words/requests.ts';
import { statementWords } from '../words/statements.ts';
import { mayWork } from './lookup.ts';
import { type Comment, isOpen, linesOf, type Statement, type Step, shortHash, stepNow } from './model.ts';
import { clearersOf, isOutgrown, mayClear, mayRelease, releasersOf } from './turns.ts';

export interface Reading {
  statement: Statement;
  crisis: Crisis | undefined;
  world: CrisisWorld;
  language: Language;
}

/**
 * `plain`: after a platform refused all of it, without the text, and so without what only its reader may press; `to-read`: where a platform
 * may cut it, with nothing to press.
 */
type Manner = 'whole' | 'plain' | 'to-read';

export function statementCard(reading: Reading, viewer: Audience, manner: Manner = 'whole'): Card {
  const { statement, language } = reading;
  const w = statementWords(language);
  const drill: Block[] = statement.drill ? [{ kind: 'note', text: w.drillNote }] : [];
  return {
    headline: headlineOf(statement, language),
    tone: toneOf(reading),
    summary: summaryOf(statement, language),
    blocks: [
      {
        kind: 'text',
        text: manner === 'whole' ? nextStep(reading, viewer) : w.next[manner](statement.number),
        strong: true,
      },
      ...drill,
      { kind: 'divider' },
      ...(manner === 'plain' ? [] : [...numbered(reading), { kind: 'divider' as const }]),
      { kind: 'facts', facts: factsOf(reading) },
      ...pathOf(reading),
      ...linkOf(statement, language),
      { kind: 'note', text: w.hashNote, drop: 2 },
      ...(manner === 'to-read' ? [] : buttons(reading, viewer, manner === 'plain')),
    ],
  };
}

export function headlineOf({ number, drill }: Statement, language: Language): string {
  const w = statementWords(language);
  return `${drill ? w.drill : ''}${w.headline(number)}`;
}

const TONES: Record<Statement['state'], Tone> = {
  draft: 'open',
  clearing: 'open',
  cleared: 'warn',
  released: 'good',
  withdrawn: 'muted',
};
const toneOf = (reading: Reading): Tone => (isExpired(reading) ? 'bad' : TONES[reading.statement.state]);

export const nameOf = (id: string, { world }: Pick<Reading, 'world'>): string =>
  world.directory.people.get(id)?.name ?? id;

export const namesOf = (ids: readonly string[], reading: Pick<Reading, 'world' | 'language'>): string =>
  ids.map((id) => nameOf(id, reading)).join(statementWords(reading.language).or);

/** A role in the department's words, or a person's name. */
export function calledText(called: Called, reading: Pick<Reading, 'world' | 'language'>): string {
  return 'role' in called ? requestWords(reading.language).roles(called.role) : nameOf(called.person, reading);
}

export function stateText({ state, drill }: Statement, language: Language): string {
  const w = statementWords(language);
  return drill && state === 'released' ? w.drillReleased : w.states[state];
}

/** Its first words, by which people know it. */
export function startOf({ text }: Pick<Statement, 'text'>): string {
  const points = [...text.replaceAll('\n', ' ')];
  return isolate(points.length > 40 ? `${points.slice(0, 40).join('')}…` : points.join(''));
}

export function summaryOf(statement: Statement, language: Language): string {
  const w = statementWords(language);
  const text = w.summary(statement.number, startOf(statement), stateText(statement, language));
  return statement.drill ? `${w.drill}${text}` : text;
}

const isExpired = ({ statement, world }: Pick<Reading, 'statement' | 'world'>): boolean =>
  statement.prepared !== undefined && isOpen(statement) && world.directory.today > statement.prepared.expires;

const timeOf = (at: string, { world, language }: Reading): string =>
  showTime(new Date(at), world.directory.company.timezone, language);

/** One plain sentence for whoever looks at it. */
function nextStep(reading: Reading, viewer: Audience): string {
  const { statement, crisis, world, language } = reading;
  const w = statementWords(language).next;
  const { state, released, withdrawn, returned, replacedBy } = statement;
  if (withdrawn) return w.withdrawn(nameOf(withdrawn.by, reading), isolate(withdrawn.reason));
  if (released) return replacedBy ? w.replaced(replacedBy) : w.released;
  if (isExpired(reading)) return w.expired(showDate(statement.prepared?.expires ?? '', language));
  if (isOutgrown(statement, crisis, world)) return w.outgrown;
  const step = stepNow(statement);
  if (step) {
    const asked = clearersOf(step, statement, world.directory);
    if (asked.length === 0) return w.nobody;
    const theirs = 'person' in viewer && mayClear(step, statement, viewer.person, world.directory);
    return theirs ? w.yours : w.clearing(namesOf(asked, reading));
  }
  if (state === 'cleared') {
    const theirs = 'person' in viewer && mayRelease(statement.author, crisis, viewer.person, world.directory);
    return theirs ? w.release : w.cleared(namesOf(releasersOf(statement.author, crisis, world.directory), reading));
  }
  return returned?.version === statement.version
    ? w.returned(nameOf(returned.by, reading), isolate(returned.reason))
    : w.draft;
}

// --- the text ---

/** One block holds less than any platform cuts. */
const BLOCK_LENGTH = 2000;
const SHOWN_COMMENTS = 15;
const COMMENT_LENGTH = 160;

function numbered(reading: Reading): Block[] {
  const { statement, language } = reading;
  const w = statementWords(language);
  const shown = statement.comments.slice(-SHOWN_COMMENTS);
  const blocks: Block[] = [];
  let run = '';
  const flush = () => {
    if (run.trim() !== '') blocks.push({ kind: 'text', text: run.replace(/\n$/, '') });
    run = '';
  };
  linesOf(statement.text).forEach((line, i) => {
    if (run.length + line.length > BLOCK_LENGTH) flush();
    run += line === '' ? '\n' : `${w.line(i + 1, isolate(line))}\n`;
    const said = shown.filter((comment) => comment.now === i + 1);
    if (said.length > 0) flush();
    for (const comment of said) blocks.push({ kind: 'note', text: commentText(comment, reading), drop: 3 });
  });
  flush();
  const old = shown.filter((comment) => comment.now === undefined);
  const more = statement.comments.length - shown.length;
  return [
    ...blocks,
    ...old.map((one): Block => ({ kind: 'note', text: commentText(one, reading), drop: 3 })),
    ...(more > 0 ? [{ kind: 'note' as const, text: w.moreComments(more), drop: 2 as const }] : []),
  ];
}

function commentText({ now, version, line, by, text }: Comment, reading: Reading): string {
  const w = statementWords(reading.language);
  const points = [...text];
  const said = isolate(points.length > COMMENT_LENGTH ? `${points.slice(0, COMMENT_LENGTH).join('')}…` : text);
  const who = nameOf(by, reading);
  return now === undefined ? w.oldComment(version, line, who, said) : w.comment(who, said);
}

// --- what is known of it ---

function factsOf(reading: Reading) {
  const { statement, crisis, language } = reading;
  const w = statementWords(language);
  const { version, versionBy, versionAt, prepared, released, replaces } = statement;
  const fact = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }]);
  return [
    ...fact(w.state, stateText(statement, language)),
    ...fact(w.version, w.versionBy(version, nameOf(versionBy, reading), timeOf(versionAt, reading))),
    ...fact(w.hash, shortHash(statement.hash)),
    ...fact(w.author, nameOf(statement.author, reading)),
    ...fact(w.crisis, crisis?.number),
    ...fact(w.prepared, prepared && w.preparedUntil(prepared.title[language], showDate(prepared.expires, language))),
    ...fact(w.corrects, replaces),
    ...fact(w.where, released && isolate(released.where)),
    ...fact(
      w.when,
      released &&
        w.whenNoted(timeOf(released.at, reading), timeOf(released.notedAt, reading), nameOf(released.by, reading)),
    ),
  ];
}

const linkOf = ({ released }: Statement, language: Language): Block[] =>
  released?.link ? [{ kind: 'link', label: statementWords(language).link, url: released.link }] : [];

function pathOf(reading: Reading): Block[] {
  const { statement, language } = reading;
  if (statement.steps.length === 0) return [];
  const lines = statement.steps.map((step) => lineOf(step, reading));
  return [{ kind: 'path', title: statementWords(language).path, lines }];
}

function lineOf(step: Step, reading: Reading): PathLine {
  const { statement, world, language } = reading;
  const w = statementWords(language);
  const given = statement.clearances.find((one) => one.step === step.id);
  const role = calledText(step.called, reading);
  if (given)
    return { mark: 'done', text: w.done(nameOf(given.person, reading), timeOf(given.at, reading)), detail: [role] };
  const who = namesOf(clearersOf(step, statement, world.directory), reading);
  const now = stepNow(statement)?.id === step.id;
  const raised = now && step.raised ? [w.raised(nameOf(step.raised, reading))] : [];
  return { mark: now ? 'now' : 'next', text: now ? w.now(role, who) : w.later(role, who), detail: raised };
}

// --- what can be done ---

/** In a room everybody has the same buttons; whoever presses what is not theirs is told whose it is. */
function buttons(reading: Reading, viewer: Audience, plain: boolean): Block[] {
  const { statement, crisis, world, language } = reading;
  if ('channel' in viewer) return [];
  const w = statementWords(language).buttons;
  const step = stepNow(statement);
  const person = 'person' in viewer ? viewer.person : undefined;
  const may = (right: (person: string) => boolean): boolean => person === undefined || right(person);
  const works = may((one) => mayWork(statement, crisis, one, world));
  const clears = step !== undefined && may((one) => mayClear(step, statement, one, world.directory));
  const releases = may((one) => mayRelease(statement.author, crisis, one, world.directory));
  const outgrown = isOutgrown(statement, crisis, world);
  const gave = statement.clearances.some((one) => one.person === person);
  const button = (label: string, name: string, style?: Button['style']): Button => {
    const action: ActionRef = { command: `statements.${name}`, subject: statement.number, seen: statement.version };
    const at = name === 'clear' && step ? { step: step.id } : {};
    return { label, action: { ...action, ...at }, ...(style ? { style } : {}) };
  };
  const { state } = statement;
  const read = [
    ...(clears && !outgrown ? [button(w.clear, 'clear', 'primary')] : []),
    ...(state === 'cleared' && releases && !outgrown
      ? [button(statement.drill ? w.releaseDrill : w.release, 'release', 'primary')]
      : []),
  ];
  const own = [
    ...((state === 'draft' || outgrown) && works && !isExpired(reading) ? [button(w.ask, 'ask', 'primary')] : []),
    ...(plain ? [] : read),
    ...(clears ? [button(w.return, 'return', 'danger')] : []),
    ...(gave && !clears && isOpen(statement) ? [button(w.takeBack, 'return', 'danger')] : []),
  ];
  const rest = [
    ...(isOpen(statement) ? [button(w.comment, 'comment')] : []),
    ...(isOpen(statement) && works ? [button(w.edit, 'edit'), button(w.withdraw, 'withdraw')] : []),
    ...(state === 'released' && works && !statement.replacedBy ? [button(w.correct, 'correct')] : []),
  ];
  // what may be dropped goes before any text is cut: nobody clears what they cannot read to its end
  const first: Block = { kind: 'buttons', buttons: own, ...(read.length > 0 && !plain ? { drop: 1 } : {}) };
  const rows: Block[] = [first, { kind: 'buttons', buttons: rest }];
  return rows.filter((row) => row.kind === 'buttons' && row.buttons.length > 0);
}
