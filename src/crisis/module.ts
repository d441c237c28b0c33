/** Crises on the road: the manifest. */
import { localDate } from '../core/calendar.ts';
import { byOf, type Command } from '../core/message.ts';
import type { Module, Moment, Tx } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import type { FileOwner } from '../files/model.ts';
import { fileCount, gatherFiles, saveFiles } from '../files/store.ts';
import { decide } from './decide.ts';
import { figuresNow } from './drills.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import { mayDrill, maySee } from './lookup.ts';
import {
  CRISIS,
  type Crisis,
  type CrisisEvent,
  type CrisisWorld,
  DRILL,
  type Facts,
  isDrill,
  MOST_ALARMS,
} from './model.ts';
import { wantRooms } from './rooms.ts';
import { alarmsOf, drillGoingOn, lockCrisis, lockDrills, pagesOnTheWay, readCrisis, saveCrisis } from './store.ts';

type M = Moment<CrisisWorld>;

/** Where rooms of their own can stand. */
const HOUSES = ['slack', 'feishu', 'desk'] as const;

export const crises: Module<CrisisWorld, Crisis, CrisisEvent, Facts> = {
  name: 'crisis',
  load: lockCrisis,
  gather,
  decide,
  evolve,
  subjectOf: (crisis) => crisis.number,
  save: async (tx, before, after, events, moment) => {
    const houses = HOUSES.filter((platform) => moment.world.running.includes(platform));
    await Promise.all([
      saveCrisis(tx, after),
      saveFiles(tx, after.number, events, moment),
      changesRooms(before, after, events) ? wantRooms(tx, after.number, houses, moment.at) : undefined,
    ]);
  },
  effects: (before, after, events, _facts, moment) => effects(before, after, events, moment),
};

/** A room is opened with the first grade; who joins later, or could not be brought in, is brought in. */
function changesRooms(before: Crisis | undefined, after: Crisis, events: CrisisEvent[]): boolean {
  if (after.state !== 'open') return false;
  const more = after.team.length !== before?.team.length || events.some(({ type }) => type === 'rooms-asked');
  return before?.state !== 'open' || more;
}

async function gather(tx: Tx, crisis: Crisis | undefined, command: Command, moment: M): Promise<Facts> {
  const act = command.name.slice('crisis.'.length);
  const year = Number(localDate(moment.at, moment.world.directory.company.timezone).slice(0, 4));
  if (crisis === undefined) return act === 'raise' ? gatherAlarm(tx, command, year, moment) : {};
  switch (act) {
    case 'aftercare':
    case 'spend-refused':
      // numbers have no gaps: none is drawn for what will be refused
      if (act === 'aftercare' ? crisis.state !== 'over' : !waits(crisis, command)) return {};
      return { decision: await nextNumber(tx, 'DM', year) };
    case 'report':
      return { pages: await pagesOnTheWay(tx, crisis.number, String(command.args.person ?? '')) };
    case 'stand-down':
      return isDrill(crisis) ? { figures: await figuresNow(tx, crisis, moment.at) } : {};
    case 'fact':
      return Array.isArray(command.args.files) ? { files: await fileCount(tx, crisis.number) } : {};
    default:
      return (await gatherFiles(tx, crisis.number, command)) ?? {};
  }
}

const waits = ({ spent }: Crisis, { args }: Command): boolean =>
  spent.some((one) => one.request === args.request && one.state === 'open');

/** A number is drawn only where it will be used: they have no gaps. */
async function gatherAlarm(tx: Tx, { args }: Command, year: number, { actor, world }: M): Promise<Facts> {
  const known = world.crisis?.kinds.some((kind) => kind.id === args.kind);
  if (!known || typeof args.text !== 'string' || args.text === '') return { number: 'unknown' };
  if (args.drill === undefined) {
    const alarms = actor.kind === 'person' ? await alarmsOf(tx, actor.id) : 0;
    return alarms >= MOST_ALARMS ? { number: 'unknown', alarms } : { number: await nextNumber(tx, CRISIS, year) };
  }
  await lockDrills(tx);
  const drilling = await drillGoingOn(tx);
  const scenario = world.crisis?.drills.scenarios.some((one) => one.id === args.drill);
  if (drilling || !scenario || !mayDrill(byOf(actor), world))
    return { number: 'unknown', ...(drilling ? { drilling } : {}) };
  return { number: await nextNumber(tx, DRILL, year) };
}

export const crisisFiles: FileOwner = {
  module: 'crisis',
  maySee: async (sql, subject, person, world) => {
    const crisis = await readCrisis(sql, subject);
    return crisis !== undefined && maySee(crisis, person, world as CrisisWorld);
  },
};
