/** How the forms of a statement are opened and come back: what would be refused is said before anybody writes, and at the field that is to blame. */
import { randomUUID } from 'node:crypto';
import type { ActionRef, Form } from '../core/card.ts';
import type { Scene, Understood } from '../core/intake.ts';
import type { JsonObject, Refusal } from '../core/message.ts';
import { cleanLine, cleanParagraph, foldWidth } from '../core/text.ts';
import { readCrisis } from '../crisis/listing.ts';
import type { Crisis, CrisisWorld } from '../crisis/model.ts';
import { statementWords } from '../words/statements.ts';
import { refusalText } from './answers.ts';
import { nameOf, type Reading } from './cards.ts';
import { decide, type Facts } from './decide.ts';
import { type Ask, askForm, checkForm, newForm, OWN, withFaults } from './forms.ts';
import { Args, isOpen, type Statement } from './model.ts';
import { readReleaseTime } from './release-time.ts';
import { readStatement } from './store.ts';

type S = Scene<CrisisWorld>;
type Values = Record<string, string>;
type Faults = Record<string, string>;

const formsOf = ({ language }: S) => statementWords(language).forms;
const opened = (form: Form, scene: S): Understood => ({
  kind: 'answer',
  reply: { kind: 'form', form, say: formsOf(scene).sent },
});
const withWrong = (form: Form, values: Values, faults: Faults, scene: S): Understood => ({
  kind: 'answer',
  reply: { kind: 'faults', form: withFaults(form, values, faults), say: formsOf(scene).check },
});
const refused = (refusal: Refusal, scene: S): Understood => ({
  kind: 'answer',
  reply: { kind: 'said', tone: 'bad', text: refusalText(refusal, scene) },
});

/** What would be said to it now; undefined: it would be done. */
function refusalOf(name: string, state: Statement | undefined, args: JsonObject, facts: Facts, scene: S) {
  const { person, inbound, at, world } = scene;
  const actor = { kind: 'person' as const, id: person, platform: inbound.platform };
  const command = { name: `statements.${name}`, subject: state?.number, args };
  const verdict = decide(state, command, facts, { actor, at, world });
  return 'refusal' in verdict ? verdict.refusal : undefined;
}

/** The field at which a refusal is said. */
const FIELDS: Record<string, string> = {
  'no-text': 'text',
  'too-long': 'text',
  'too-many-lines': 'text',
  'same-text': 'text',
  'no-such-prepared': 'prepared',
  'prepared-expired': 'prepared',
  'no-such-line': 'line',
  'in-future': 'when',
  'before-cleared': 'when',
};

function faultOf(refusal: Refusal | undefined, fields: readonly { id: string }[], scene: S): Faults {
  const field = refusal && FIELDS[refusal.code];
  return refusal && field && fields.some(({ id }) => id === field) ? { [field]: refusalText(refusal, scene) } : {};
}

const hasFaults = (faults: Faults): boolean => Object.keys(faults).length > 0;

// --- drafting ---

interface Beginning {
  facts: Facts;
  crisis: Crisis | undefined;
  args: JsonObject;
}

async function beginning(scene: S, within: string | undefined, replaces: string | undefined): Promise<Beginning> {
  const crisis = within === undefined ? undefined : await readCrisis(scene.sql, within);
  const replaced = replaces === undefined ? undefined : await readStatement(scene.sql, replaces);
  const args = {
    ...(within === undefined ? {} : { crisis: within }),
    ...(replaces === undefined ? {} : { replaces }),
  };
  return { facts: { crisis, replaced }, crisis, args };
}

export async function openNew(scene: S, within: string | undefined, corrected?: Statement): Promise<Understood> {
  const { facts, crisis, args } = await beginning(scene, within, corrected?.number);
  const no = refusalOf('draft', undefined, { ...args, text: '…' }, facts, scene);
  if (no) return refused(no, scene);
  const action: ActionRef = {
    command: 'statements.new',
    with: { ...(args as Record<string, string>), once: randomUUID() },
  };
  return opened(newForm(crisis, corrected, action, scene), scene);
}

export async function fillNew(scene: S, action: ActionRef, values: Values): Promise<Understood> {
  const { crisis: within, replaces, once } = action.with ?? {};
  const { facts, crisis, args } = await beginning(scene, within, replaces);
  const chosen = values.prepared !== undefined && values.prepared !== OWN ? values.prepared : undefined;
  const text = values.text ?? '';
  const given: JsonObject = { ...args, ...(chosen === undefined ? { text } : { prepared: chosen }) };
  const form = newForm(crisis, facts.replaced, action, scene);
  const w = formsOf(scene);
  const both = chosen !== undefined && text.trim() !== '' ? { prepared: w.either } : {};
  const empty = chosen === undefined && text.trim() === '' ? { text: w.empty } : {};
  const no = refusalOf(
    'draft',
    undefined,
    { ...given, ...(text === '' && !chosen ? { text: '…' } : {}) },
    facts,
    scene,
  );
  const faults = { ...faultOf(no, form.fields, scene), ...both, ...empty };
  return hasFaults(faults) ? withWrong(form, values, faults, scene) : run('draft', undefined, given, once);
}

const run = (name: string, subject: string | undefined, args: JsonObject, once: string | undefined): Understood => ({
  kind: 'do',
  command: { name: `statements.${name}`, subject, args },
  ...(once === undefined ? {} : { once }),
});

// --- everything else ---

export function openForm(scene: S, ask: Ask, reading: Reading): Understood {
  const { statement, crisis } = reading;
  const no = refusalOf(ask, statement, sampleOf(ask, statement, scene), { crisis }, scene);
  if (no) return refused(no, scene);
  const { number: subject, version: seen } = statement;
  const action: ActionRef = { command: `statements.${ask}`, subject, seen, with: { once: randomUUID() } };
  return opened(askForm(ask, statement, action, scene), scene);
}

/** What nobody could object to but for who asks, and when. */
function sampleOf(ask: Ask, statement: Statement, { at }: S): JsonObject {
  const seen = statement.version;
  switch (ask) {
    case 'edit':
      return { text: statement.text === '…' ? '……' : '…', seen };
    case 'comment':
      return { line: 1, text: '…', seen };
    case 'return':
    case 'withdraw':
      return { reason: '…', seen };
    case 'release':
      return { where: '…', at: at.toISOString(), seen };
    default:
      return ask satisfies never;
  }
}

export function fillIn(scene: S, ask: Ask, reading: Reading, action: ActionRef, values: Values): Understood {
  const { statement } = reading;
  const form = askForm(ask, statement, action, scene);
  const late = overtaken(ask, reading, action, scene);
  // what was typed is not lost: it is sent once more, on top of what is there now
  if (late) return withWrong({ ...form, action: { ...action, seen: statement.version } }, values, late, scene);
  const read = readValues(ask, values, scene);
  const faults = 'faults' in read ? read.faults : faultsOf(ask, read.args, reading, form, scene);
  if ('faults' in read || hasFaults(faults)) return withWrong(form, values, faults, scene);
  return run(ask, statement.number, { ...read.args, seen: action.seen ?? 0 }, action.with?.once);
}

function faultsOf(ask: Ask, args: JsonObject, { statement, crisis }: Reading, form: Form, scene: S): Faults {
  const no = refusalOf(ask, statement, { ...args, seen: statement.version }, { crisis }, scene);
  return faultOf(no, form.fields, scene);
}

/** Somebody else has written a version while this form stood open. */
function overtaken(ask: Ask, { statement }: Reading, { seen }: ActionRef, scene: S): Faults | undefined {
  if (seen === statement.version || !isOpen(statement) || (ask !== 'edit' && ask !== 'comment')) return undefined;
  const said = formsOf(scene).overtaken(nameOf(statement.versionBy, scene), statement.version);
  return { [ask === 'edit' ? 'text' : 'line']: said };
}

function readValues(ask: Ask, values: Values, scene: S): { args: JsonObject } | { faults: Faults } {
  const w = formsOf(scene);
  switch (ask) {
    case 'edit':
      return values.text?.trim() ? { args: { text: values.text } } : { faults: { text: w.empty } };
    case 'return':
    case 'withdraw': {
      const reason = cleanParagraph(values.reason ?? '', 1000);
      return reason === '' ? { faults: { reason: w.empty } } : { args: { reason } };
    }
    case 'comment':
      return readComment(values, scene);
    case 'release':
      return readRelease(values, scene);
    default:
      return ask satisfies never;
  }
}

function readComment(values: Values, scene: S): { args: JsonObject } | { faults: Faults } {
  const w = formsOf(scene);
  const line = /^\d{1,4}$/.exec(foldWidth(values.line ?? '').trim())?.[0];
  const text = cleanLine(values.comment ?? '', 500);
  const faults = {
    ...(line === undefined || line === '0' ? { line: w.noLine } : {}),
    ...(text === '' ? { comment: w.empty } : {}),
  };
  return hasFaults(faults) ? { faults } : { args: { line: Number(line), text } };
}

function readRelease(values: Values, scene: S): { args: JsonObject } | { faults: Faults } {
  const w = formsOf(scene);
  const where = cleanLine(values.where ?? '', 500);
  const at = readReleaseTime(values.when ?? '', scene.at, scene.world.directory.company.timezone);
  const typed = (values.link ?? '').trim();
  const link = typed === '' ? undefined : Args.release.shape.link.safeParse(typed);
  const faults = {
    ...(where === '' ? { where: w.empty } : {}),
    ...(at === undefined ? { when: w.badTime } : {}),
    ...(link && !link.success ? { link: w.badLink } : {}),
  };
  if (hasFaults(faults) || at === undefined) return { faults };
  return { args: { where, at: at.toISOString(), ...(link ? { link: typed } : {}) } };
}

// --- checking ---

export function openCheck(scene: S): Understood {
  return opened(checkForm({ command: 'statements.check' }, scene.language), scene);
}

/** Undefined: there is something to check. */
export function fillCheck(scene: S, action: ActionRef, values: Values): Understood | undefined {
  if (values.text?.trim()) return undefined;
  return withWrong(checkForm(action, scene.language), values, { text: formsOf(scene).empty }, scene);
}
