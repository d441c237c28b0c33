/** Meetings that come again, set up in a chat: laid down, and ended. The manifest with its rules. */
import { localDate } from '../core/calendar.ts';
import { byOf, type Command, type Decision, refuse } from '../core/message.ts';
import type { Module, Moment } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import { lineUp } from '../directory/lookup.ts';
import { callFor } from './calling.ts';
import type { MeetingsWorld } from './model.ts';
import { MeetingRule } from './rule.ts';
import { nextSlot, scheduleOf } from './schedule.ts';
import { lockSeries, saveSeries } from './store.ts';

export interface SeriesState {
  id: string;
  rule: MeetingRule;
  by: string;
  ended: boolean;
}
type SeriesEvent =
  | { type: 'series-set'; data: { id: string; rule: MeetingRule; by: string } }
  | { type: 'series-ended'; data: { reason: string } };
type M = Moment<MeetingsWorld>;

export const series: Module<MeetingsWorld, SeriesState, SeriesEvent, { id?: string }> = {
  name: 'series',
  load: lockSeries,
  gather: async (tx, state, command, moment) => {
    if (command.name !== 'series.set') return {};
    const facts = { id: 'MS-0000-0000' };
    if ('refusal' in decide(state, command, facts, moment)) return facts;
    const year = Number(localDate(moment.at, moment.world.directory.company.timezone).slice(0, 4));
    return { id: await nextNumber(tx, 'MS', year) };
  },
  decide,
  evolve: (state, event) => {
    if (event.type === 'series-set') return { ...event.data, ended: false };
    if (state === undefined) throw new Error('series-ended before series-set');
    return { ...state, ended: true };
  },
  subjectOf: (state) => state.id,
  save: (tx, _before, after, _events, moment) => saveSeries(tx, after, moment.at),
  effects: () => [],
};

function decide(
  state: SeriesState | undefined,
  command: Command,
  facts: { id?: string },
  moment: M,
): Decision<SeriesEvent> {
  return command.name === 'series.set' ? set(command, facts.id ?? '', moment) : end(state, command, moment);
}

function set({ args }: Command, id: string, moment: M): Decision<SeriesEvent> {
  const rule = MeetingRule.safeParse(args.rule);
  if (!rule.success) return refuse('unreadable');
  const { directory } = moment.world;
  const today = localDate(moment.at, directory.company.timezone);
  const schedule = scheduleOf(rule.data, today);
  if (!schedule || !nextSlot(schedule, moment.at, directory.company.hours)) return refuse('never');
  if (!callFor(rule.data, directory, today)) return refuse('nobody-leads');
  return { events: [{ type: 'series-set', data: { id, rule: rule.data, by: byOf(moment.actor) } }] };
}

/** Whoever set it up, and those above them. */
function end(state: SeriesState | undefined, command: Command, { actor, world }: M): Decision<SeriesEvent> {
  if (!state || state.ended) return refuse('unknown-meeting', { number: command.subject ?? '' });
  const person = byOf(actor);
  const may = person === state.by || lineUp(world.directory, state.by).some((one) => one.id === person);
  if (!may) return refuse('only-chair', { chair: state.by });
  return { events: [{ type: 'series-ended', data: { reason: String(command.args.reason ?? '') } }] };
}
