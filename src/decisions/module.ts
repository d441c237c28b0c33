/** Decisions on the road: the manifest. */
import { localDate } from '../core/calendar.ts';
import type { Command } from '../core/message.ts';
import type { Module, Moment, Tx } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import type { FileOwner } from '../files/model.ts';
import { fileCount, gatherFiles, saveFiles } from '../files/store.ts';
import type { World } from '../processes/model.ts';
import { maySee } from './cards.ts';
import { type Facts as DecideFacts, decide } from './decide.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import { Args, type DecisionEvent, type DecisionTaken } from './model.ts';
import { lockDecision, readDecision, saveDecision, shownBy } from './store.ts';

interface Facts extends DecideFacts {
  /** the subjects on whose cards it stands */
  elsewhere: string[];
}

export const decisions: Module<World, DecisionTaken, DecisionEvent, Facts> = {
  name: 'decisions',
  load: lockDecision,
  gather: async (tx, decision, command, moment) => {
    if (!decision) return gatherNew(tx, command, moment);
    const elsewhere = await shownBy(tx, decision);
    const files =
      command.name === 'decisions.done'
        ? { files: await fileCount(tx, decision.number) }
        : await gatherFiles(tx, decision.number, command);
    return { elsewhere, ...files };
  },
  decide,
  evolve,
  subjectOf: (decision) => decision.number,
  save: async (tx, _before, after, events, moment) => {
    await Promise.all([saveDecision(tx, after), saveFiles(tx, after.number, events, moment)]);
  },
  effects: (before, after, events, facts, moment) => effects(before, after, events, facts.elsewhere, moment),
};

/** It has no number in the state yet, nor does anything cite it; minutes have drawn its number, what follows a crisis draws one here. */
async function gatherNew(tx: Tx, command: Command, moment: Moment<World>): Promise<Facts> {
  const args = Args.take.safeParse(command.args);
  if (command.name !== 'decisions.take' || !args.success) return { elsewhere: [] };
  const elsewhere = await shownBy(tx, { ...args.data, number: '' });
  if (args.data.number !== undefined) return { elsewhere };
  if ('refusal' in decide(undefined, command, { number: 'DM-0000-0000' }, moment)) return { elsewhere };
  const year = Number(localDate(moment.at, moment.world.directory.company.timezone).slice(0, 4));
  return { elsewhere, number: await nextNumber(tx, 'DM', year) };
}

export const decisionFiles: FileOwner = {
  module: 'decisions',
  maySee: async (sql, subject, person, world) => {
    const decision = await readDecision(sql, subject);
    return decision !== undefined && maySee(decision, person, world);
  },
};
