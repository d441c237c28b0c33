/**
 * The pure core as one office: gather, decide, evolve and effects of one request, with a clock, a company that can change under it and the
 * timer table by its keys. For stories and properties that need no database.
 *
 *     const office = openOffice({ process: spend });
 *     office.submits('wang', { amount: '6万', title: '展台' });
 *     expect(office.does('li', 'approve')).toBe('done');
 *     expect(office.waitsFor()).toEqual(['zhao']);
 */
import type { Actor, Command, JsonObject, Refusal } from '../../src/core/message.ts';
import type { Effect, Moment } from '../../src/core/module.ts';
import { readMoney } from '../../src/core/money.ts';
import type { Absence, Directory, Person } from '../../src/directory/model.ts';
import { Process, type World } from '../../src/processes/model.ts';
import { planPath } from '../../src/processes/path.ts';
import { checkSubmission, pathInput } from '../../src/requests/content.ts';
import { decide } from '../../src/requests/decide.ts';
import { effects } from '../../src/requests/effects.ts';
import { evolve } from '../../src/requests/evolve.ts';
import {
  type Act,
  Args,
  openStep,
  pendingOf,
  type Request,
  type RequestEvent,
  type StepState,
} from '../../src/requests/model.ts';
import type { Spend } from '../../src/requests/ratify.ts';
import type { Facts } from '../../src/requests/submission.ts';
import { directory, type Given } from '../support/company.ts';

type Form = Process['form'][number];
const title = (text: string) => ({ zh: text, en: text });
export const FORM = [
  { id: 'amount', type: 'money', label: title('金额') },
  { id: 'title', type: 'text', label: title('事由') },
  {
    id: 'kind',
    type: 'choice',
    label: title('类别'),
    required: false,
    options: [
      { value: 'goods', label: title('物料') },
      { value: 'media', label: title('媒体') },
    ],
  },
] as unknown as Form[];

export function process(steps: Record<string, unknown>[], more: Record<string, unknown> = {}): Process {
  return Process.parse({
    id: 'spend',
    command: 'spend',
    number: 'SP',
    title: title('费用申请'),
    form: FORM,
    quick: ['amount', 'title'],
    steps: steps.map((step, i) => ({ id: `s${i + 1}`, title: title(`第${i + 1}步`), ...step })),
    remind: { after: '4 working hours', every: '8 working hours' },
    escalate: { after: '2 working days' },
    channel: 'pr',
    ...more,
  });
}

/** The example company's own: 主管, from ¥50,000.00 the 总监 as well. */
export const spend = process([
  { id: 'supervisor', title: title('主管审批'), who: { line: 'supervisor' } },
  { id: 'director', title: title('总监审批'), who: { line: 'director' }, when: { amount: { atLeast: '5万' } } },
]);

export type Carried =
  | { refusal: Refusal }
  | { events: RequestEvent[]; after: Request; effects: Effect[]; between: Request[] };

/** What the road does with one command, without a database: facts, decision, bookkeeping, effects. */
export function carryOut(
  before: Request | undefined,
  command: Command,
  moment: Moment<World>,
  versions: readonly Process[],
  files: number,
  /** what the crises say to it */
  more: Pick<Facts, 'spend' | 'frozen'> = {},
): Carried {
  const today = versions.at(-1);
  if (!today) throw new Error('no process');
  const facts = { ...factsOf(before, command, moment, versions, files), ...more };
  const decision = decide(before, command, facts, moment);
  if ('refusal' in decision) return decision;
  const between: Request[] = [];
  let state = before;
  for (const event of decision.events) {
    state = evolve(state, event, moment);
    between.push(state);
  }
  if (!state) throw new Error('nothing happened');
  const told = effects(before, state, decision.events, versions[state.version - 1] ?? today, moment);
  return { events: decision.events, after: state, effects: told, between };
}

function factsOf(
  request: Request | undefined,
  { name, args }: Command,
  { actor, world }: Moment<World>,
  versions: readonly Process[],
  files: number,
): Facts {
  const [today] = world.processes;
  const values = (args.values ?? {}) as Record<string, string>;
  if (!today) return {};
  if (name === 'requests.submit') {
    const by = actor.kind === 'person' ? actor.id : 'clock';
    return { process: today.process, checked: checkSubmission(today, values, by, world), number: 'SP-2026-0001' };
  }
  if (!request) return {};
  if (name === 'requests.resubmit') {
    return { process: today.process, files, checked: checkSubmission(today, values, request.requester, world) };
  }
  const pinned = versions[request.version - 1] ?? today.process;
  if (name === 'requests.attach') return { process: pinned, files };
  const plan = planPath(pathInput(pinned, request.values, request.requester, world.directory));
  return 'refusal' in plan ? {} : { plan };
}

export interface Promised {
  command: string;
  args: JsonObject;
  due: Date;
}

/** The timer table: a cancelled key goes, a promised one replaces what stood under it. */
export function keepTimers(timers: Map<string, Promised>, told: readonly Effect[]): void {
  for (const effect of told) if (effect.kind === 'cancel') timers.delete(effect.key);
  for (const effect of told) {
    if (effect.kind === 'timer') timers.set(effect.key, { ...effect });
  }
}

const CLOCKS: readonly Act[] = ['remind', 'escalate', 'reassign', 'ratify-due', 'hold', 'release'];
export const CRISIS = 'CR-2026-0003';
export const CLOCK: Actor = { kind: 'clock' };
export const person = (id: string): Actor => ({ kind: 'person', id, platform: 'slack' });

export interface Entry {
  event: RequestEvent;
  actor: Actor;
  at: Date;
}

export function openOffice(given: Given & { process?: Process; at?: string } = {}) {
  let company = { ...given };
  const versions: Process[] = [given.process ?? spend];
  let at = new Date(given.at ?? '2026-12-03T10:00:00+08:00');
  let request: Request | undefined;
  let told: Effect[] = [];
  let why: JsonObject = {};
  let files = 0;
  let more: Pick<Facts, 'spend' | 'frozen'> = {};
  const record: Entry[] = [];
  const timers = new Map<string, Promised>();
  const directoryNow = (): Directory => directory(company);
  const world = (): World => ({
    directory: directoryNow(),
    processes: [{ version: versions.length, process: versions.at(-1) ?? spend }],
    pinned: async (_id, version) => versions[version - 1],
  });
  const moment = (actor: Actor): Moment<World> => ({ actor, at, world: world() });
  const open = (): StepState => {
    const step = request && openStep(request);
    if (!step) throw new Error('no step is open');
    return step;
  };

  /** 'done', or the code of the refusal */
  const run = (actor: Actor, act: string, args: JsonObject): string => {
    const command: Command = { name: `requests.${act}`, subject: request?.number, args };
    const carried = carryOut(request, command, moment(actor), versions, files, more);
    if ('refusal' in carried) {
      told = [];
      why = carried.refusal.facts;
      return carried.refusal.code;
    }
    request = carried.after;
    told = carried.effects;
    files += carried.events.filter((event) => event.type === 'file-attached').length;
    record.push(...carried.events.map((event) => ({ event, actor, at })));
    keepTimers(timers, told);
    return 'done';
  };
  /** As their card would have it: the open step and the content of now. */
  const drawn = (act: string): JsonObject => {
    const step = request && openStep(request);
    const asks = act === 'reject' || act === 'return' ? { reason: '请补充报价' } : {};
    if (!(act in Args) || !request) return asks;
    return { ...(step ? { step: step.id } : {}), seen: request.submission, ...asks };
  };

  return {
    get request(): Request {
      if (!request) throw new Error('nothing was submitted');
      return request;
    },
    record,
    timers,
    world,
    moment,
    types: () => record.map(({ event }) => event.type),
    told: () => told,
    /** the facts of the last refusal */
    why: () => why,
    /** with just these arguments, whatever a card would carry */
    forges: (who: string, act: string, args: JsonObject): string => run(person(who), act, args),
    submits: (who: string, values: Record<string, string>): string =>
      run(person(who), 'submit', { process: 'spend', values }),
    /** for a crisis that says so; `undefined`: there is none of that number */
    spends: (who: string, values: Record<string, string>, verdict: Spend['verdict'] | undefined): string => {
      const read = readMoney(values.amount ?? '', 'CNY');
      const base = 'ok' in read ? `${read.ok.minor}` : '0';
      more = { ...more, ...(verdict ? { spend: { crisis: CRISIS, base, verdict } } : {}) };
      return run(person(who), 'submit', { process: 'spend', values, crisis: CRISIS });
    },
    /** whose freeze concerns what is submitted or released from now on */
    freezes: (crisis: string | undefined): void => {
      const { frozen: _before, ...rest } = more;
      more = crisis ? { ...rest, frozen: crisis } : rest;
    },
    does: (who: string, act: string, args: JsonObject = {}): string =>
      run(person(who), act, { ...drawn(act), ...args }),
    clock: (act: string, args: JsonObject = {}): string => {
      if (!CLOCKS.includes(act as Act)) throw new Error(`${act} is not the clock's`);
      const ofStep = act === 'remind' || act === 'escalate';
      const where = ofStep ? { step: open().id, submission: request?.submission ?? 0 } : {};
      return run(CLOCK, act, { ...where, ...args });
    },
    /** somebody goes away (or comes back): the pending step is looked at again, as the policies do */
    away: (...absences: (Pick<Absence, 'person' | 'deputy'> & Partial<Absence>)[]): string => {
      company = { ...company, away: absences };
      return request && openStep(request) ? run(CLOCK, 'reassign', {}) : 'nothing-to-do';
    },
    changes: (but: Record<string, Partial<Person>>): string => {
      company = { ...company, but: { ...company.but, ...but } };
      return request && openStep(request) ? run(CLOCK, 'reassign', {}) : 'nothing-to-do';
    },
    newPolicy: (next: Process): void => {
      versions.push(next);
    },
    later: (hours: number): void => {
      at = new Date(at.getTime() + hours * 3_600_000);
    },
    open,
    waitsFor: (): string[] => pendingOf(open()).map((signer) => signer.person),
    signer: (id: string) => open().signers.find((signer) => signer.person === id),
    step: (id: string): StepState => {
      const step = request?.steps.find((one) => one.id === id);
      if (!step) throw new Error(`no step ${id}`);
      return step;
    },
  };
}
