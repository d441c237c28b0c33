/** What a person sees of a request: the whole truth as of now, in their language, with the buttons that are theirs. */
import { showTime } from '../core/calendar.ts';
import type { ActionRef, Block, Button, Card, PathLine, Tone } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { Audience } from '../core/module.ts';
import { capitals, showMoney } from '../core/money.ts';
import { isolate } from '../core/text.ts';
import { citedText } from '../decisions/lookup.ts';
import type { DecisionTaken } from '../decisions/model.ts';
import type { Directory } from '../directory/model.ts';
import type { FormField, Process } from '../processes/model.ts';
import { fileWords } from '../words/files.ts';
import { ratifyWords } from '../words/ratify.ts';
import { requestWords } from '../words/requests.ts';
import { amountOf, moneyOf, purposeOf } from './content.ts';
import { buttonWords, crisisFacts, stateLine, tagsOf } from './emergency.ts';
import {
  awaitsRatification,
  openStep,
  pendingOf,
  type Request,
  type RequestState,
  type Signer,
  type StepState,
  type Value,
} from './model.ts';
import { isWatching, offersRefusal } from './ratify.ts';
import { conditionLine, reasonsOf } from './reasons.ts';

export interface Reading {
  request: Request;
  process: Process;
  directory: Directory;
  language: Language;
  files: { name: string; state: 'fetching' | 'kept' | 'refused' }[];
  /** the decisions that it rests upon, as they stand now, by their numbers */
  cited: ReadonlyMap<string, DecisionTaken>;
  /** of what was spent first: all that its requester has spent first in that crisis so far */
  together?: { base: bigint; count: number };
}

const TONES: Record<RequestState, Tone> = {
  open: 'open',
  approved: 'good',
  rejected: 'bad',
  returned: 'warn',
  withdrawn: 'muted',
};
const NOTES_SHOWN = 5;

export function requestCard(reading: Reading, viewer: Audience, plain = false): Card {
  const { request } = reading;
  const state = stateLine(reading);
  const blocks: Block[] = [
    { kind: 'facts', facts: mainFacts(reading, state) },
    ...crisisBlocks(reading),
    ...otherFields(reading),
    pathBlock(reading, plain),
    ...(plain ? [] : sideBlocks(reading)),
    ...buttons(reading, viewer),
  ];
  return {
    headline: headlineOf(reading),
    tone: toneOf(request),
    summary: summaryOf(reading, state),
    blocks,
  };
}

/** What is spent and not ratified stays before everybody's eyes; what is held asks nobody for anything. */
function toneOf(request: Request): Tone {
  if (awaitsRatification(request)) return request.executed?.overdue ? 'bad' : 'warn';
  return request.held ? 'muted' : TONES[request.state];
}

export function headlineOf({ request, process, language }: Pick<Reading, 'request' | 'process' | 'language'>): string {
  const line = requestWords(language).headline(request.number, process.title[language]);
  return [line, ...tagsOf(request, language)].join(' · ');
}

function crisisBlocks(reading: Reading): Block[] {
  const facts = crisisFacts(reading);
  return facts.length > 0 ? [{ kind: 'facts', facts }] : [];
}

export function nameOf(directory: Directory, id: string): string {
  return directory.people.get(id)?.name ?? id;
}

export function amountText(reading: Pick<Reading, 'request' | 'process'>): string {
  const amount = amountOf(reading.process, reading.request.values);
  return amount ? showMoney(moneyOf(amount.value)) : '';
}

function summaryOf(reading: Reading, state: string): string {
  const { request, process, directory, language } = reading;
  const w = requestWords(language);
  const purpose = isolate(purposeOf(process, request.values));
  return w.summary(
    process.title[language],
    request.number,
    nameOf(directory, request.requester),
    amountText(reading),
    purpose,
    state,
  );
}

function mainFacts(reading: Reading, state: string) {
  const { request, process, directory, language } = reading;
  const w = requestWords(language);
  const person = directory.people.get(request.requester);
  const asked = person ? `${person.name}${person.title ? ` · ${person.title}` : ''}` : request.requester;
  const facts = [
    { label: w.requester, value: asked },
    { label: w.status, value: state },
  ];
  const amount = amountOf(process, request.values);
  if (amount) facts.push(...moneyFacts(amount.field, amount.value, reading));
  const purpose = process.form.find((f) => f.type === 'text' && request.values[f.id] !== undefined);
  const rest = purpose
    ? [{ label: purpose.label[language], value: show(purpose, request.values[purpose.id], reading), wide: true }]
    : [];
  return [...facts, ...rest];
}

function moneyFacts(field: FormField, value: Exclude<Value, string>, { directory, language }: Reading) {
  const w = requestWords(language);
  const money = moneyOf(value);
  const inWords = capitals(money);
  const facts: { label: string; value: string; wide?: boolean }[] = [
    { label: field.label[language], value: showMoney(money) },
  ];
  if (inWords) facts.push({ label: w.capitals, value: inWords });
  if (value.rate) {
    const base = { minor: BigInt(value.base), currency: directory.company.currency };
    const rate = w.rate(value.rate, value.currency, base.currency);
    facts.push({ label: w.inBase, value: `${showMoney(base)} · ${rate}`, wide: true });
  }
  return facts;
}

/** The fields that the head of the card does not show already. */
function otherFields(reading: Reading): Block[] {
  const { request, process, language } = reading;
  const shown = new Set([
    amountOf(process, request.values)?.field.id,
    process.form.find((f) => f.type === 'text' && request.values[f.id] !== undefined)?.id,
  ]);
  return process.form
    .filter((field) => request.values[field.id] !== undefined && !shown.has(field.id))
    .map(
      (field): Block =>
        field.type === 'paragraph'
          ? {
              kind: 'quote',
              text: `${field.label[language]}\n${show(field, request.values[field.id], reading)}`,
              drop: 1,
            }
          : {
              kind: 'facts',
              facts: [
                {
                  label: field.label[language],
                  value: show(field, request.values[field.id], reading),
                  ...(field.type === 'decision' ? { wide: true } : {}),
                },
              ],
            },
    );
}

/** One value as people read it; what people typed is kept from turning its surroundings around. */
export function show(
  field: FormField,
  value: Value | undefined,
  { directory, language, cited }: Pick<Reading, 'directory' | 'language' | 'cited'>,
): string {
  if (value === undefined) return '';
  if (typeof value === 'object') return showMoney(moneyOf(value));
  if (field.type === 'person') return nameOf(directory, value);
  if (field.type === 'choice') return field.options.find((o) => o.value === value)?.label[language] ?? value;
  if (field.type === 'decision') {
    const decision = cited.get(value);
    return citedText(value, decision, decision ? nameOf(directory, decision.owner) : '', language);
  }
  return isolate(value);
}

function pathBlock(reading: Reading, plain: boolean): Block {
  const { request, language } = reading;
  return {
    kind: 'path',
    title: requestWords(language).path,
    lines: request.steps.filter((step) => step.state !== 'skipped').map((step) => pathLine(step, reading, plain)),
  };
}

const MARKS: Record<StepState['state'], PathLine['mark']> = {
  waiting: 'next',
  open: 'now',
  approved: 'done',
  covered: 'done',
  rejected: 'refused',
  returned: 'refused',
  skipped: 'skipped',
  void: 'skipped',
};

function pathLine(step: StepState, reading: Reading, plain: boolean): PathLine {
  const { directory, language } = reading;
  const w = requestWords(language);
  const names = w.names(step.signers.map((signer) => nameOf(directory, signer.person)));
  const signed = step.signers.flatMap((signer) => signedLines(signer, reading, plain));
  const off = step.state === 'void' ? [w.step.void] : [];
  const reasons = plain || step.state === 'void' ? [] : whyLines(step, reading);
  return {
    mark: MARKS[step.state],
    text: w.step.line(
      stepTitle(step, language),
      step.signers.length > 1 ? w.step.need(names, w.need[step.need]) : names,
    ),
    detail: [...signed, ...off, ...reasons],
  };
}

function stepTitle(step: StepState, language: Language): string {
  const title = step.title[language];
  return step.addedBy === undefined ? title : requestWords(language).step.added(title);
}

function signedLines(signer: Signer, { request, directory, language }: Reading, plain: boolean): string[] {
  const w = requestWords(language);
  const who = nameOf(directory, signer.person);
  if (signer.counted) {
    const step = request.steps.find((s) => s.id === signer.counted?.step);
    return [w.step.counted(who, step?.title[language] ?? signer.counted.step)];
  }
  if (!signer.signature) return [];
  const { kind, at, comment } = signer.signature;
  const verbs = request.executed ? { ...w.step, ...ratifyWords(language).signed } : w.step;
  const line = verbs[kind](who, showTime(new Date(at), directory.company.timezone, language));
  // why it was refused or returned stands below the path, in full size
  const said = comment && (kind === 'approved' || plain);
  return said ? [line, w.step.comment(isolate(comment))] : [line];
}

/** On the card in one or two lines a step; `/pr why` has it all. */
function whyLines(step: StepState, reading: Reading): string[] {
  const conditions = step.conditions.map((condition) => conditionLine(condition, reading));
  return [...conditions, ...step.signers.flatMap((signer) => reasonsOf(signer, reading))];
}

function sideBlocks(reading: Reading): Block[] {
  const { request, directory, language, files } = reading;
  const w = requestWords(language);
  const time = (at: string) => showTime(new Date(at), directory.company.timezone, language);
  const notes = request.notes
    .slice(-NOTES_SHOWN)
    .map((n) => w.note(nameOf(directory, n.by), time(n.at), isolate(n.text)));
  const kept = files.filter((file) => file.state !== 'refused');
  const blocks: Block[] = [];
  if (request.ended?.comment) blocks.push({ kind: 'quote', text: w.why.reason(isolate(request.ended.comment)) });
  if (kept.length > 0) {
    const f = fileWords(language);
    const names = kept.map((file) => (file.state === 'kept' ? file.name : f.fetching(file.name)));
    blocks.push({ kind: 'note', text: f.line(w.names(names)), drop: 2 });
  }
  if (notes.length > 0) blocks.push({ kind: 'quote', text: [w.notes, ...notes].join('\n'), drop: 3 });
  const small = [`${w.submitted} ${time(request.submittedAt)}`];
  if (request.copies.length > 0)
    small.push(`${w.copies} ${w.names(request.copies.map((id) => nameOf(directory, id)))}`);
  blocks.push({ kind: 'note', text: small.join(' · '), drop: 3 });
  return blocks;
}

function buttons(reading: Reading, viewer: Audience): Block[] {
  const { request, directory, language } = reading;
  const w = requestWords(language);
  const step = openStep(request);
  const action = (name: string): ActionRef => ({
    command: `requests.${name}`,
    subject: request.number,
    ...(step ? { step: step.id } : {}),
    seen: request.submission,
  });
  const labels = buttonWords(request, language);
  const button = (name: keyof typeof labels): Button => ({ label: labels[name], action: action(name) });
  const refusing: Button[] = [{ ...button('reject'), style: 'danger' }, button('return')];
  const deciding: Button[] = request.held ? refusing : [{ ...button('approve'), style: 'primary' }, ...refusing];
  const alone = 'person' in viewer && offersRefusal(request, viewer.person, directory) ? refusing.slice(0, 1) : [];
  const own = rowsFor(request, viewer, deciding, button, { ...button('withdraw'), confirm: w.withdrawSure });
  const rows = [alone, ...own];
  return rows.filter((row) => row.length > 0).map((row): Block => ({ kind: 'buttons', buttons: row }));
}

type Named = (name: 'hand-over' | 'add-signer' | 'comment' | 'urge' | 'resubmit' | 'copy' | 'why' | 'files') => Button;

function rowsFor(request: Request, viewer: Audience, deciding: Button[], button: Named, withdraw: Button): Button[][] {
  const step = openStep(request);
  if (!('person' in viewer)) return [step ? deciding : [], [button('why')]];
  const person = viewer.person;
  if (!request.parties.includes(person)) return [[button('files'), button('why')]];
  const always = [button('comment'), button('copy'), button('files'), button('why')];
  if (step && pendingOf(step).some((signer) => signer.person === person)) {
    return [deciding, request.held ? always : [button('hand-over'), button('add-signer'), ...always]];
  }
  if (person === request.requester) {
    // what is spent cannot be taken back
    const back = request.executed ? [] : [withdraw];
    if (request.state === 'returned') return [[button('resubmit'), ...back], always];
    if (request.state === 'open') return [[...(request.held ? [] : [button('urge')]), ...back], always];
  }
  return [always];
}

/** Auditors may look at everything (A4), whoever watches at what is spent and not ratified (A3), all others at what concerns them, whoever has left at nothing. */
export function maySee(request: Request, id: string, world: { directory: Directory }): boolean {
  const person = world.directory.people.get(id);
  if (person?.active !== true) return false;
  const watches = awaitsRatification(request) && isWatching(person.roles);
  return request.parties.includes(id) || person.roles.includes('auditor') || watches;
}
