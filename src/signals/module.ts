/** Signals on the road: the manifest. */
import { localDate } from '../core/calendar.ts';
import type { Command } from '../core/message.ts';
import type { Module, Moment, Tx } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { decide } from './decide.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import { Args, type Facts, SIGNAL, type Signal, type SignalEvent } from './model.ts';
import { claim, countedSince, highest, keepObservations, lockSignal, saveSignal } from './store.ts';
import { indicatorOf, widthOf } from './window.ts';

export const signals: Module<CrisisWorld, Signal, SignalEvent, Facts> = {
  name: 'signals',
  load: lockSignal,
  gather: async (tx, signal, command, moment) =>
    command.name === 'signals.observe' ? gatherReports(tx, signal, command, moment) : {},
  decide,
  evolve,
  subjectOf: (signal) => signal.number,
  save: async (tx, before, after) => {
    await Promise.all([saveSignal(tx, after), before ? undefined : claim(tx, after)]);
  },
  effects: (_before, after, events, _facts, moment) => effects(after, events, moment),
};

/** What is reported is kept here, whatever is decided upon it: most of it only counts. */
async function gatherReports(
  tx: Tx,
  signal: Signal | undefined,
  command: Command,
  { at, world }: Moment<CrisisWorld>,
): Promise<Facts> {
  const args = Args.observe.safeParse(command.args);
  const indicator = args.success ? indicatorOf(world.crisis, args.data.indicator) : undefined;
  if (!args.success || !indicator) return {};
  const { key, observations } = args.data;
  const watch = { indicator: indicator.id, key };
  const { fresh, free } = await keepObservations(tx, watch, observations, signal?.number);
  if (signal || free.length === 0) return { fresh };
  const { hours, timezone } = world.directory.company;
  const { total, from } = await highest(tx, watch, free, widthOf(indicator, at, hours));
  if (total < indicator.count) return { fresh, counted: total };
  const found = await countedSince(tx, watch, from);
  const year = Number(localDate(at, timezone).slice(0, 4));
  return { fresh, counted: total, reached: { ...found, number: await nextNumber(tx, SIGNAL, year) } };
}
