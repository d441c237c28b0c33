/** Requests on the road: the manifest. */
import { localDate } from '../core/calendar.ts';
import type { Command } from '../core/message.ts';
import { byOf } from '../core/message.ts';
import type { Module, Moment, Tx } from '../core/module.ts';
import { nextNumber, readNumber } from '../core/number.ts';
import { frozenBy, isSuspendedAnywhere, lockForSpend } from '../crisis/listing.ts';
import { isAffected, spendVerdict } from '../crisis/lookup.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { citedDecision } from '../decisions/listing.ts';
import { citationOf } from '../decisions/lookup.ts';
import type { FileOwner } from '../files/model.ts';
import { fileCount, gatherFiles, saveFiles } from '../files/store.ts';
import type { PinnedProcess, Process } from '../processes/model.ts';
import { type Plan, planPath } from '../processes/path.ts';
import { maySee } from './cards.ts';
import { amountOf, type CheckedSubmission, checkSubmission, citedIn, pathInput, textsOf } from './content.ts';
import { decide } from './decide.ts';
import { editionFor } from './edition.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import { Args, isOfTheTeam, isSpared, type Request, type RequestEvent, type Values } from './model.ts';
import { atItsRates, type Spend } from './ratify.ts';
import { beforeFreezes, lockRequest, readRequest, saveRequest } from './store.ts';
import type { Facts } from './submission.ts';

export interface RequestFacts extends Facts {
  /** the pinned process, or for a submission today's */
  process: Process;
}

export const requests: Module<CrisisWorld, Request, RequestEvent, RequestFacts> = {
  name: 'requests',
  load: lockRequest,
  gather,
  decide,
  evolve,
  subjectOf: (request) => request.number,
  save: async (tx, _before, after, events, moment) => {
    await Promise.all([saveRequest(tx, after), saveFiles(tx, after.number, events, moment)]);
  },
  effects: (before, after, events, facts, moment) => [
    ...effects(before, after, events, facts.process, moment),
    { kind: 'homes', people: [...new Set([...(before?.parties ?? []), ...after.parties])] },
  ],
};

export const requestFiles: FileOwner = {
  module: 'requests',
  maySee: async (sql, number, person, world) => {
    const request = await readRequest(sql, number);
    return request !== undefined && maySee(request, person, world);
  },
};

async function gather(
  tx: Tx,
  request: Request | undefined,
  command: Command,
  moment: Moment<CrisisWorld>,
): Promise<RequestFacts> {
  if (command.name === 'requests.submit') return gatherSubmission(tx, command, moment);
  if (request === undefined) return { process: nothing };
  const { world } = moment;
  if (command.name === 'requests.resubmit') return gatherChanges(tx, request, command, world);
  const process = await pinned(request, world);
  if (command.name === 'requests.release') {
    const lifted = Args.release.safeParse(command.args).data?.crisis;
    const freezes = isSpared(request) ? {} : await frozenFor(tx, process, request.values, world, { but: lifted });
    return { process, ...freezes };
  }
  const files = await gatherFiles(tx, request.number, command);
  if (files) return { process, ...files };
  const plan = planPath(pathInput(process, request.values, request.requester, world.directory));
  return 'refusal' in plan ? { process } : { process, plan: plan satisfies Plan };
}

/** A request that does not exist is refused before its process matters. */
const nothing = { id: 'none', form: [], steps: [], copy: [], quick: [], aliases: [] } as unknown as Process;

async function gatherChanges(tx: Tx, request: Request, command: Command, world: CrisisWorld): Promise<RequestFacts> {
  const edition = await editionFor(request, world);
  const args = Args.resubmit.safeParse(command.args);
  if (!edition || !args.success) return { process: await pinned(request, world) };
  const { process } = edition;
  const files = args.data.files?.length ? await fileCount(tx, request.number) : 0;
  const checked = await check(tx, edition, args.data.values, request.requester, atItsRates(request, world));
  if (!('values' in checked) || isSpared(request)) return { process, files, checked };
  const first = { first: request.held?.crisis };
  return { process, files, checked, ...(await frozenFor(tx, process, checked.values, world, first)) };
}

async function gatherSubmission(tx: Tx, command: Command, moment: Moment<CrisisWorld>): Promise<RequestFacts> {
  const args = Args.submit.safeParse(command.args);
  const today: PinnedProcess | undefined = args.success
    ? moment.world.processes.find((p) => p.process.id === args.data.process)
    : undefined;
  if (!args.success || !today) return { process: nothing };
  const checked = await check(tx, today, args.data.values, byOf(moment.actor), moment.world);
  if (!('values' in checked)) return { process: today.process, checked };
  const { process } = today;
  const { crisis } = args.data;
  const base = amountOf(process, checked.values)?.value.base;
  const spend = crisis === undefined ? undefined : await spendFor(tx, crisis, base, moment);
  // a number is taken for good: not for what will be refused
  if (crisis !== undefined && !isRecorded(spend)) return { process, checked, ...(spend ? { spend } : {}) };
  const spared = spend !== undefined && (spend.verdict.execute || isOfTheTeam(spend.verdict.why));
  const frozen = spared ? {} : await frozenFor(tx, process, checked.values, moment.world);
  const year = Number(localDate(moment.at, moment.world.directory.company.timezone).slice(0, 4));
  const number = await nextNumber(tx, process.number, year);
  return { process, checked, number, ...(spend ? { spend } : {}), ...frozen };
}

/** The crisis stays locked until this is kept: two at once cannot both pass under one cap. */
async function spendFor(
  tx: Tx,
  typed: string,
  base: string | undefined,
  { actor, world }: Moment<CrisisWorld>,
): Promise<Spend | undefined> {
  const number = readNumber(typed);
  const crisis = number && (await lockForSpend(tx, number));
  if (!crisis) return undefined;
  const here = spendVerdict(crisis, byOf(actor), BigInt(base ?? 0), world);
  const suspended = here.execute && (await isSuspendedAnywhere(tx, byOf(actor)));
  const verdict = suspended ? { execute: false as const, why: 'suspended' as const } : here;
  const nothing = base === undefined && (verdict.execute || verdict.why !== 'drill');
  return { crisis: number, base: base ?? '0', verdict: nothing ? { execute: false, why: 'no-amount' } : verdict };
}

const isRecorded = (spend: Spend | undefined): boolean =>
  spend !== undefined && (spend.verdict.execute || spend.verdict.why !== 'drill');

/** Whose freeze concerns this content: never `but`, before all others `first`. What costs nothing is not held. */
async function frozenFor(
  tx: Tx,
  process: Process,
  values: Values,
  { crisis }: CrisisWorld,
  { but, first }: { but?: string | undefined; first?: string | undefined } = {},
): Promise<{ frozen?: string }> {
  if (!crisis || !amountOf(process, values)) return {};
  const texts = textsOf(process, values, crisis.freeze.fields);
  const [, on] = await Promise.all([beforeFreezes(tx), frozenBy(tx)]);
  const naming = on.filter(({ number, affected }) => number !== but && isAffected(affected, texts));
  const held = naming.find(({ number }) => number === first) ?? naming[0];
  return held ? { frozen: held.number } : {};
}

async function check(
  tx: Tx,
  pinned: PinnedProcess,
  values: Record<string, string>,
  requester: string,
  world: CrisisWorld,
): Promise<CheckedSubmission> {
  const cited = citedIn(pinned.process, values).map(
    async (number) => [number, citationOf(await citedDecision(tx, number), requester, world)] as const,
  );
  return checkSubmission(pinned, values, requester, world, new Map(await Promise.all(cited)));
}

async function pinned(request: Request, world: CrisisWorld): Promise<Process> {
  const process = await world.pinned(request.process, request.version);
  if (!process) throw new Error(`version ${request.version} of the process ${request.process} is not in the database`);
  return process;
}
