/** Absences on the road: the manifest. */
import { localDate } from '../core/calendar.ts';
import type { Module } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import { type AbsenceEvent, type AbsenceState, absenceEffects, decideAbsence, evolveAbsence } from './decide.ts';
import type { Directory } from './model.ts';
import { lockAbsence, saveAbsence } from './store.ts';

export const directory: Module<{ directory: Directory }, AbsenceState, AbsenceEvent, { id?: string }> = {
  name: 'directory',
  changesWorld: true,
  load: lockAbsence,
  gather: async (tx, _absence, command, moment) => {
    if (command.name !== 'directory.leave') return {};
    const facts = { id: 'AW-0000-0000' };
    if ('refusal' in decideAbsence(undefined, command, facts, moment)) return facts;
    const year = Number(localDate(moment.at, moment.world.directory.company.timezone).slice(0, 4));
    return { id: await nextNumber(tx, 'AW', year) };
  },
  decide: decideAbsence,
  evolve: evolveAbsence,
  subjectOf: (absence) => absence.id,
  save: (tx, _before, after, _events, moment) => saveAbsence(tx, after, moment.at),
  effects: (_before, after, events, _facts, moment) => absenceEffects(after, events, moment),
};
