/** Meetings on the road: the manifest. */
import { randomUUID } from 'node:crypto';
import { localDate } from '../core/calendar.ts';
import type { Command } from '../core/message.ts';
import type { Module, Moment, Tx } from '../core/module.ts';
import { nextNumber } from '../core/number.ts';
import { decide, type Facts } from './decide.ts';
import { effects } from './effects.ts';
import { evolve } from './evolve.ts';
import { Args, type Meeting, type MeetingEvent, type MeetingsWorld } from './model.ts';
import { lockMeeting, occurrenceExists, saveMeeting } from './store.ts';

export const meetings: Module<MeetingsWorld, Meeting, MeetingEvent, Facts> = {
  name: 'meetings',
  load: lockMeeting,
  gather,
  decide,
  evolve,
  subjectOf: (meeting) => meeting.number,
  save: (tx, _before, after, events) => saveMeeting(tx, after, events),
  effects: (before, after, events, _facts, moment) => effects(before, after, events, moment),
};

async function gather(
  tx: Tx,
  meeting: Meeting | undefined,
  command: Command,
  moment: Moment<MeetingsWorld>,
): Promise<Facts> {
  switch (command.name) {
    case 'meetings.schedule':
      return gatherScheduling(tx, command, moment);
    case 'meetings.add-topic':
      return { topic: randomUUID() };
    case 'meetings.file-minutes':
      return meeting ? gatherMinutes(tx, meeting, command, moment) : {};
    default:
      return {};
  }
}

async function gatherScheduling(tx: Tx, command: Command, moment: Moment<MeetingsWorld>): Promise<Facts> {
  const args = Args.schedule.safeParse(command.args);
  if (!args.success) return {};
  const { series, day } = args.data;
  const exists = series !== undefined && day !== undefined && (await occurrenceExists(tx, series, day));
  const facts = { exists, number: 'MT-0000-0000' };
  if ('refusal' in decide(undefined, command, facts, moment)) return facts;
  return { exists, number: await nextNumber(tx, 'MT', yearOf(moment)) };
}

/** Numbers are drawn only for minutes that will be taken. */
async function gatherMinutes(
  tx: Tx,
  meeting: Meeting,
  command: Command,
  moment: Moment<MeetingsWorld>,
): Promise<Facts> {
  const args = Args['file-minutes'].safeParse(command.args);
  if (!args.success) return {};
  const fresh = args.data.decisions.filter((line) => line.number === undefined);
  const numbers = fresh.map(() => 'DM-0000-0000');
  if ('refusal' in decide(meeting, command, { numbers }, moment)) return { numbers };
  const drawn: string[] = [];
  for (const _line of fresh) drawn.push(await nextNumber(tx, 'DM', yearOf(moment)));
  return { numbers: drawn };
}

const yearOf = ({ at, world }: Moment<MeetingsWorld>): number =>
  Number(localDate(at, world.directory.company.timezone).slice(0, 4));
