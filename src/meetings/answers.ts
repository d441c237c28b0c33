/** What people are told when what they asked of a meeting is done or refused: one sentence, and the card as it is now. */
import { localDate, showTime } from '../core/calendar.ts';
import type { Platform, Reply } from '../core/chat.ts';
import type { Outcome } from '../core/handle.ts';
import type { Scene } from '../core/intake.ts';
import type { Command, JsonObject } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { sayWithCard } from '../core/pressed.ts';
import { companyLanguage } from '../directory/lookup.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { meetingWords } from '../words/meetings.ts';
import { sayRecurrence } from '../words/schedule.ts';
import { maySee, timeOf } from './cards.ts';
import { drawMeetings } from './drawer.ts';
import { faultText } from './forms.ts';
import type { LineFault } from './minutes.ts';
import type { Meeting, MeetingsWorld } from './model.ts';
import { readRecurrence } from './schedule.ts';
import type { SeriesState } from './series.ts';

type S = Scene<MeetingsWorld>;
export type PlaceOf = (world: MeetingsWorld, person: string, platform: Platform) => Place | undefined;

export async function replyTo(outcome: Outcome, command: Command, scene: S, placeOf: PlaceOf): Promise<Reply> {
  if (outcome.kind === 'refused')
    return withCard('bad', refusalText(outcome, command, scene), outcome.state as Meeting | undefined, scene, placeOf);
  if (command.name.startsWith('series.'))
    return { kind: 'said', tone: 'good', text: seriesText(command, outcome.after as SeriesState, scene) };
  const meeting = outcome.after as Meeting;
  return withCard('good', saidText(command, meeting, scene), meeting, scene, placeOf);
}

async function withCard(
  tone: 'good' | 'bad',
  text: string,
  meeting: Meeting | undefined,
  scene: S,
  placeOf: PlaceOf,
): Promise<Reply> {
  const { world, person, inbound } = scene;
  if (!meeting?.parties || !maySee(meeting, person, world)) return { kind: 'said', tone, text };
  const draw = drawMeetings(
    scene.sql,
    async () => world,
    () => scene.at,
  );
  const channelLanguage = companyLanguage(world.directory.company);
  return sayWithCard({ tone, text }, meeting.number, scene, {
    draw,
    place: placeOf(world, person, inbound.platform),
    channelLanguage,
  });
}

function seriesText(command: Command, series: SeriesState, { language, world, at }: S): string {
  const { said } = meetingAnswerWords(language);
  if (command.name === 'series.end') return said.seriesEnded(series.id);
  const recurrence = readRecurrence(series.rule.every ?? '', localDate(at, world.directory.company.timezone));
  return said.series(series.id, recurrence ? sayRecurrence(recurrence, language) : (series.rule.every ?? ''));
}

function saidText(command: Command, meeting: Meeting, scene: S): string {
  const { said } = meetingAnswerWords(scene.language);
  const { number } = meeting;
  switch (command.name.slice('meetings.'.length)) {
    case 'schedule':
      return said.scheduled(number, timeOf(meeting, scene));
    case 'answer':
      return answered(command, scene);
    case 'add-topic':
      return said.topic;
    case 'drop-topic':
      return said.dropped;
    case 'move':
      return said.moved(timeOf(meeting, scene));
    case 'cancel':
      return said.cancelled(number);
    case 'file-minutes': {
      const { version = 1, decisions = [] } = meeting.minutes ?? {};
      return version > 1 ? said.corrected(number, version) : said.filed(number, decisions.length);
    }
    default:
      return said.shown(number);
  }
}

function answered({ args }: Command, scene: S): string {
  const { said } = meetingAnswerWords(scene.language);
  if (args.answer === 'deputy') return said.deputy(nameOf(args.deputy, scene));
  return args.answer === 'yes' ? said.yes : said.no;
}

const nameOf = (id: unknown, { world }: S): string => world.directory.people.get(String(id))?.name ?? String(id ?? '');

function refusalText({ refusal, subject }: Extract<Outcome, { kind: 'refused' }>, command: Command, scene: S): string {
  const w = meetingWords(scene.language);
  const r = meetingAnswerWords(scene.language).refusals;
  const { code, facts } = refusal;
  const time = (at: unknown) => showTime(new Date(String(at)), scene.world.directory.company.timezone, scene.language);
  switch (code) {
    case 'unknown-meeting':
      return r['unknown-meeting'](subject ?? '');
    case 'meeting-over':
      return r['meeting-over'](w.states[facts.state as Meeting['state']] ?? w.states.ended);
    case 'deputy-called':
      return r['deputy-called'](nameOf(facts.person, scene));
    case 'only-chair':
      return r['only-chair'](nameOf(facts.chair, scene));
    case 'too-many-topics':
      return r['too-many-topics'](Number(facts.most));
    case 'not-minute-taker':
      return r['not-minute-taker'](nameOf(facts.taker, scene));
    case 'not-yet-held':
      return r['not-yet-held'](time(facts.start));
    case 'minutes-changed':
      return r['minutes-changed'](nameOf(facts.by, scene));
    case 'minutes-incomplete':
      return [r.incomplete, ...linesOf(facts, command, scene)].join('\n');
    case 'not-yours':
    case 'not-called':
    case 'answered-so':
    case 'moved-since':
    case 'nothing-changed':
    case 'deputy-self':
    case 'unknown-person':
    case 'no-topic':
    case 'same-time':
    case 'in-the-past':
    case 'bad-length':
    case 'nobody-leads':
    case 'never':
    case 'no-topics':
    case 'nobody-present':
    case 'unreadable':
    case 'exists':
      return r[code];
    default:
      return r.other;
  }
}

/** Each line by its own words. */
function linesOf(facts: JsonObject, command: Command, { language }: S): string[] {
  const decisions = (command.args.decisions ?? []) as { text: string }[];
  const lines = (facts.lines ?? []) as { index: number; fault: LineFault }[];
  const w = meetingAnswerWords(language).faults;
  return lines.map(({ index, fault }) => w.line(decisions[index]?.text ?? '', faultText(fault, language)));
}
