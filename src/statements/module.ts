/** Statements on the road: the manifest. */
import { localDate } from '../core/calendar.ts';
import type { Command } from '../core/message.ts';
import type { Module, Moment, Tx } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import { readCrisis } from '../crisis/listing.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { decide, type Facts } from './decide.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import { STATEMENT, type Statement, type StatementEvent } from './model.ts';
import { lockStatement, readStatement, saveStatement } from './store.ts';

export const statements: Module<CrisisWorld, Statement, StatementEvent, Facts> = {
  name: 'statements',
  load: lockStatement,
  gather: async (tx, statement, command, moment) => {
    if (command.name === 'statements.draft') return gatherNew(tx, command, moment);
    const crisis = statement?.crisis ? await readCrisis(tx, statement.crisis) : undefined;
    // held: two corrections of one text are not released side by side
    const corrects = command.name === 'statements.release' ? statement?.replaces : undefined;
    return { crisis, replaced: corrects === undefined ? undefined : await lockStatement(tx, corrects) };
  },
  decide,
  evolve,
  subjectOf: (statement) => statement.number,
  save: (tx, _before, after, events) => saveStatement(tx, after, events),
  effects: (before, after, events, facts, moment) => effects(before, after, events, facts.crisis, moment),
};

/** A number is drawn only for what will be: there are no gaps. */
async function gatherNew(tx: Tx, command: Command, moment: Moment<CrisisWorld>): Promise<Facts> {
  const { crisis: within, replaces } = command.args;
  const facts: Facts = {
    number: `${STATEMENT}-0000-0000`,
    crisis: typeof within === 'string' ? await readCrisis(tx, within) : undefined,
    replaced: typeof replaces === 'string' ? await readStatement(tx, replaces) : undefined,
  };
  if ('refusal' in decide(undefined, command, facts, moment)) return facts;
  const year = Number(localDate(moment.at, moment.world.directory.company.timezone).slice(0, 4));
  return { ...facts, number: await nextNumber(tx, STATEMENT, year) };
}
