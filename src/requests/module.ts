/** Requests on the road: the manifest. */
import { localDate } from '../core/calendar.ts';
import type { Command } from '../core/message.ts';
import { byOf } from '../core/message.ts';
import type { Module, Moment, Tx } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import { citedDecision } from '../decisions/listing.ts';
import { citationOf } from '../decisions/lookup.ts';
import type { FileOwner } from '../files/model.ts';
import { fileCount, gatherFiles, saveFiles } from '../files/store.ts';
import type { PinnedProcess, Process, World } from '../processes/model.ts';
import { type Plan, planPath } from '../processes/path.ts';
import { maySee } from './cards.ts';
import { type CheckedSubmission, checkSubmission, citedIn, pathInput } from './content.ts';
import { decide, type Facts } from './decide.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import { Args, type Request, type RequestEvent } from './model.ts';
import { lockRequest, readRequest, saveRequest } from './store.ts';

export interface RequestFacts extends Facts {
  /** the pinned process, or for a submission today's */
  process: Process;
}

export const requests: Module<World, Request, RequestEvent, RequestFacts> = {
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
  moment: Moment<World>,
): Promise<RequestFacts> {
  if (command.name === 'requests.submit') return gatherSubmission(tx, command, moment);
  if (request === undefined) return { process: nothing };
  const { world } = moment;
  if (command.name === 'requests.resubmit') {
    const today = world.processes.find((p) => p.process.id === request.process);
    const args = Args.resubmit.safeParse(command.args);
    if (!today || !args.success) return { process: await pinned(request, world) };
    const files = args.data.files?.length ? await fileCount(tx, request.number) : 0;
    return {
      process: today.process,
      files,
      checked: await check(tx, today, args.data.values, request.requester, world),
    };
  }
  const process = await pinned(request, world);
  const files = await gatherFiles(tx, request.number, command);
  if (files) return { process, ...files };
  const plan = planPath(pathInput(process, request.values, request.requester, world.directory));
  return 'refusal' in plan ? { process } : { process, plan: plan satisfies Plan };
}

/** A request that does not exist is refused before its process matters. */
const nothing = { id: 'none', form: [], steps: [], copy: [], quick: [], aliases: [] } as unknown as Process;

async function gatherSubmission(tx: Tx, command: Command, moment: Moment<World>): Promise<RequestFacts> {
  const args = Args.submit.safeParse(command.args);
  const today: PinnedProcess | undefined = args.success
    ? moment.world.processes.find((p) => p.process.id === args.data.process)
    : undefined;
  if (!args.success || !today) return { process: nothing };
  const checked = await check(tx, today, args.data.values, byOf(moment.actor), moment.world);
  if (!('values' in checked)) return { process: today.process, checked };
  const year = Number(localDate(moment.at, moment.world.directory.company.timezone).slice(0, 4));
  return { process: today.process, checked, number: await nextNumber(tx, today.process.number, year) };
}

async function check(
  tx: Tx,
  pinned: PinnedProcess,
  values: Record<string, string>,
  requester: string,
  world: World,
): Promise<CheckedSubmission> {
  const cited = citedIn(pinned.process, values).map(
    async (number) => [number, citationOf(await citedDecision(tx, number), requester, world)] as const,
  );
  return checkSubmission(pinned, values, requester, world, new Map(await Promise.all(cited)));
}

async function pinned(request: Request, world: World): Promise<Process> {
  const process = await world.pinned(request.process, request.version);
  if (!process) throw new Error(`version ${request.version} of the process ${request.process} is not in the database`);
  return process;
}
