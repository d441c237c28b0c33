/** Decisions on the road: the manifest. */
import type { Module } from '../core/module.ts';
import type { FileFacts, FileOwner } from '../files/model.ts';
import { fileCount, gatherFiles, saveFiles } from '../files/store.ts';
import type { World } from '../processes/model.ts';
import { maySee } from './cards.ts';
import { decide } from './decide.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import type { DecisionEvent, DecisionTaken } from './model.ts';
import { lockDecision, meetingsListing, readDecision, saveDecision } from './store.ts';

interface Facts extends FileFacts {
  /** the meetings on whose cards it stands */
  meetings: string[];
}

export const decisions: Module<World, DecisionTaken, DecisionEvent, Facts> = {
  name: 'decisions',
  load: lockDecision,
  gather: async (tx, decision, command) => {
    const { meeting, series } = decision ?? (command.args as { meeting?: string; series?: string });
    const meetings = await meetingsListing(tx, meeting ?? '', series);
    if (!decision) return { meetings };
    const files =
      command.name === 'decisions.done'
        ? { files: await fileCount(tx, decision.number) }
        : await gatherFiles(tx, decision.number, command);
    return { meetings, ...files };
  },
  decide,
  evolve,
  subjectOf: (decision) => decision.number,
  save: async (tx, _before, after, events, moment) => {
    await Promise.all([saveDecision(tx, after), saveFiles(tx, after.number, events, moment)]);
  },
  effects: (before, after, events, facts, moment) => effects(before, after, events, facts.meetings, moment),
};

export const decisionFiles: FileOwner = {
  module: 'decisions',
  maySee: async (sql, subject, person, world) => {
    const decision = await readDecision(sql, subject);
    return decision !== undefined && maySee(decision, person, world);
  },
};
