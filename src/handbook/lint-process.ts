/** One process: its words, fields, conditions and signers, each against the form and the company. Pure. */

import { isCurrency } from '../core/money-currencies.ts';
import type { Company } from '../directory/model.ts';
import { comparePoints, OPS_OF, type Point, readLimit, testsIn } from '../processes/conditions.ts';
import { foldWord } from '../processes/lookup.ts';
import type { FormField, Process, When, Who } from '../processes/model.ts';
import { type At, channelThere, NOTICE, roleStaffed } from './lint-names.ts';
import type { Checked, Finding, LintInput, Path, Saying } from './model.ts';
import { nearest } from './nearest.ts';

/** The product's own words: they never start a process. */
const RESERVED: readonly string[] =
  'pr crisis meeting meetings minutes decision decisions fact statement signal 会议 纪要 决议 危机 事实 记录 声明 预警 信号'.split(
    ' ',
  );
/** Numbers of meetings, decisions, meetings that recur, and of absences; of crises, drills, statements and signals. */
const RESERVED_NUMBERS: readonly string[] = ['MT', 'DM', 'MS', 'AW', 'CR', 'DR', 'ST', 'SG'];
/** With its slash, small letters, no spaces: https://docs.slack.dev/reference/app-manifest (features.slash_commands[].command). */
const SLACK_COMMAND_MAX = 32;
/** Slack's own commands: an app's command of the same name is not reached everywhere. */
const SLACK_BUILTIN = new Set(
  `apps archive away call collapse dm dnd expand feed feedback giphy help huddle invite invite_people join keys kick leave me
   msg mute open part prefs remind remove rename search shortcuts shrug star status topic who`.split(/\s+/),
);

/** In which limits are read. Where the company's own currency is none, that is a fault of its own. */
export function currencyOf(company: Checked<Company> | undefined): string {
  return company && isCurrency(company.value.currency) ? company.value.currency : 'CNY';
}

export function lintProcess(checked: Checked<Process>, input: LintInput): Finding[] {
  const { file, value: process, removed } = checked;
  const at: At = (path, saying, more = {}) => ({ file, path, saying, ...more });
  const lost = (key: string) => removed.some((path) => path[0] === key);
  const currency = currencyOf(input.company);
  const fields = input.known.fieldsOf(file);
  return [
    ...words(process, at, lost),
    ...(lost('id') || file === `processes/${process.id}.yaml`
      ? []
      : [at(['id'], { code: 'file-name', id: process.id }, NOTICE)]),
    ...channelThere(process.channel, ['channel'], input, at),
    ...twice(process, at),
    ...quick(process, fields, at),
    ...process.steps.flatMap((step, i) => [
      ...conditions(process, step.when, ['steps', i, 'when'], { at, currency, fields, input }),
      ...step.who.flatMap((who, j) => rule(who, ruleAt(['steps', i, 'who'], step.who, j), input, at)),
      ...together(step, i, at),
    ]),
    ...process.copy.flatMap((who, i) => rule(who, ['copy', i], input, at)),
  ];
}

/** A single rule may stand without a list. A path with one index too many points at the same place. */
function ruleAt(path: Path, rules: readonly Who[], index: number): Path {
  return rules.length === 1 ? path : [...path, index];
}

function words(process: Process, at: At, lost: (key: string) => boolean): Finding[] {
  const reserved = (word: string, path: Path) =>
    RESERVED.includes(foldWord(word)) ? [at(path, { code: 'reserved-command', word })] : [];
  const { command, number } = process;
  const slack = (): Finding[] => {
    if (command.length + 1 > SLACK_COMMAND_MAX) {
      return [at(['command'], { code: 'slack-command', word: command, limit: SLACK_COMMAND_MAX })];
    }
    return SLACK_BUILTIN.has(command) ? [at(['command'], { code: 'slack-builtin', word: command }, NOTICE)] : [];
  };
  return [
    ...(lost('number') || !RESERVED_NUMBERS.includes(number)
      ? []
      : [at(['number'], { code: 'reserved-number', number })]),
    ...(lost('command') ? [] : [...reserved(command, ['command']), ...slack()]),
    ...process.aliases.flatMap((alias, i) => [
      ...reserved(alias, ['aliases', i]),
      ...(/[\s/<>@]/u.test(foldWord(alias)) || foldWord(alias) === ''
        ? [at(['aliases', i], { code: 'alias-form', word: alias })]
        : []),
    ]),
  ];
}

function twice(process: Process, at: At): Finding[] {
  type What = Extract<Saying, { code: 'id-twice' }>['what'];
  const repeated = (what: What, ids: readonly string[], path: (i: number) => Path) =>
    ids.flatMap((id, i) => (ids.indexOf(id) < i ? [at(path(i), { code: 'id-twice', what, id })] : []));
  return [
    ...repeated(
      'field',
      process.form.map((field) => field.id),
      (i) => ['form', i, 'id'],
    ),
    ...repeated(
      'step',
      process.steps.map((step) => step.id),
      (i) => ['steps', i, 'id'],
    ),
    ...repeated('quick', process.quick, (i) => ['quick', i]),
    ...process.form.flatMap((field, f) => {
      if (field.type !== 'choice') return [];
      return repeated(
        'option',
        field.options.map((option) => option.value),
        (i) => ['form', f, 'options', i, 'value'],
      );
    }),
  ];
}

/** What is typed behind the command is read word by word; only the last field may be of several words. */
function quick(process: Process, known: ReadonlySet<string>, at: At): Finding[] {
  return process.quick.flatMap((id, i) => {
    const field = process.form.find((one) => one.id === id);
    if (!field)
      return known.has(id) ? [] : [at(['quick', i], { code: 'quick-unknown', field: id, near: nearest(id, known) })];
    if (field.type === 'file') return [at(['quick', i], { code: 'quick-file', field: id })];
    const wordy = field.type === 'text' || field.type === 'paragraph';
    if (wordy && i < process.quick.length - 1)
      return [at(['quick', i], { code: 'quick-not-last', field: id, type: field.type })];
    return [];
  });
}

interface Context {
  at: At;
  currency: string;
  fields: ReadonlySet<string>;
  input: LintInput;
}

function conditions(process: Process, when: When | undefined, path: Path, context: Context): Finding[] {
  const { at, fields } = context;
  return Object.keys(when ?? {}).flatMap((id) => {
    const field = process.form.find((one) => one.id === id);
    const here = [...path, id];
    if (!field) {
      if (fields.has(id)) return [];
      return [at(here, { code: 'when-unknown-field', field: id, near: nearest(id, fields) }, { onKey: true })];
    }
    const tests = testsIn({ [id]: when?.[id] ?? {} });
    const optional = field.required ? [] : [at(here, { code: 'when-optional', field: id }, { onKey: true })];
    const wrong = tests.flatMap(({ op, limits }) => {
      const possible = OPS_OF[field.type];
      if (!possible.includes(op)) {
        return [
          at(
            [...here, op],
            { code: 'when-op', field: id, type: field.type, op, possible: [...possible] },
            { onKey: true },
          ),
        ];
      }
      return limits.flatMap((limit, i) => {
        const saying = limitFault(field, limit, context);
        return saying ? [at(op === 'in' ? [...here, op, i] : [...here, op], saying)] : [];
      });
    });
    return [...optional, ...wrong, ...(wrong.length === 0 ? never(field, tests, here, context) : [])];
  });
}

function limitFault(field: FormField, limit: string, { currency, input }: Context): Saying | undefined {
  if (field.type === 'choice') {
    const options = field.options.map((option) => option.value);
    if (options.includes(limit)) return undefined;
    return { code: 'when-option', field: field.id, option: limit, near: nearest(limit, options), options };
  }
  if (field.type === 'person') {
    if (!input.company || input.known.people.has(limit)) return undefined;
    return { code: 'person-unknown', person: limit, near: nearest(limit, input.known.people) };
  }
  if (readLimit(field.type, limit, currency)) return undefined;
  return { code: 'when-limit', field: field.id, type: field.type, limit, currency };
}

/** `atLeast` at or above `below`: no value ever passes both. */
function never(field: FormField, tests: ReturnType<typeof testsIn>, path: Path, { at, currency }: Context): Finding[] {
  const limit = (op: string) => tests.find((test) => test.op === op)?.limits[0];
  const [from, below] = [limit('atLeast'), limit('below')];
  if (from === undefined || below === undefined) return [];
  const [low, high]: (Point | undefined)[] = [
    readLimit(field.type, from, currency),
    readLimit(field.type, below, currency),
  ];
  const order = low && high ? comparePoints(low, high) : undefined;
  if (order === undefined || order < 0) return [];
  return [at(path, { code: 'when-never', field: field.id, from, below }, { onKey: true })];
}

/** A signer whom nobody could ever find. */
function rule(who: Who, path: Path, input: LintInput, at: At): Finding[] {
  const { company, known } = input;
  if (!company) return [];
  const { people } = company.value;
  if ('person' in who) {
    const person = people.find((one) => one.id === who.person);
    if (person?.active === false) {
      return [at([...path, 'person'], { code: 'person-inactive', person: person.name }, NOTICE)];
    }
    if (person || known.people.has(who.person)) return [];
    return [
      at([...path, 'person'], { code: 'person-unknown', person: who.person, near: nearest(who.person, known.people) }),
    ];
  }
  const [key, role] = 'line' in who ? (['line', who.line] as const) : (['role', who.role] as const);
  return roleStaffed(role, [...path, key], input, at);
}

/** Of several rules in one step, only the step itself can say whether one signature is enough. */
function together(step: Process['steps'][number], i: number, at: At): Finding[] {
  if (step.who.length < 2) return [];
  const inRules = step.who.flatMap((who, j) =>
    who.need === undefined ? [] : [at(['steps', i, 'who', j, 'need'], { code: 'need-in-list' }, { onKey: true })],
  );
  if (inRules.length > 0 || step.need !== undefined) return inRules;
  return [at(['steps', i, 'who'], { code: 'several-rules', step: step.id }, { onKey: true, ...NOTICE })];
}
