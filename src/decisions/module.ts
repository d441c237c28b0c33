/** Decisions on the road: the manifest. */
import type { Command } from '../core/message.ts';
import type { Module } from '../core/module.ts';
import type { FileFacts, FileOwner } from '../files/model.ts';
import { fileCount, gatherFiles, saveFiles } from '../files/store.ts';
import type { World } from '../processes/model.ts';
import { maySee } from './cards.ts';
import { decide } from './decide.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import type { DecisionEvent, DecisionTaken } from './model.ts';
import { lockDecision, readDecision, saveDecision, shownBy } from './store.ts';

interface Facts extends FileFacts {
  /** the subjects on whose cards it stands */
  elsewhere: string[];
}

export const decisions: Module<World, DecisionTaken, DecisionEvent, Facts> = {
  name: 'decisions',
  load: lockDecision,
  gather: async (tx, decision, command) => {
    // a new one has no number in the state yet, nor does anything cite it
    const elsewhere = await shownBy(
      tx,
      decision ?? { number: '', meeting: String(command.args.meeting ?? ''), ...seriesIn(command) },
    );
    if (!decision) return { elsewhere };
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

const seriesIn = ({ args }: Command) => (typeof args.series === 'string' ? { series: args.series } : {});

export const decisionFiles: FileOwner = {
  module: 'decisions',
  maySee: async (sql, subject, person, world) => {
    const decision = await readDecision(sql, subject);
    return decision !== undefined && maySee(decision, person, world);
  },
};
