/** A person's own call: the page that stands in their chats and stays true, and what rings, is spoken or sent by SMS for it. Pure. */
import type { Block, Button, Card, Tone } from '../core/card.ts';
import { cleanLine, isolate } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisCardWords } from '../words/crisis-cards.ts';
import { gradeButtons, naming, rowOf, seatButtons } from './buttons.ts';
import { questionBlocks } from './cards.ts';
import { answeredBy, type Call, isOpen, SEATS } from './model.ts';
import { clockOf, kindTitle, markOf, nameOf, platformName, type Reading, wholeTime } from './reading.ts';
import { releasedText, saidOutside } from './said.ts';
import { answeredLines, isExcused, nextRing, rungFor } from './team-cards.ts';

/** How it stands with this person's call. */
type Standing = 'calling' | 'excused' | 'answered' | 'other' | 'ended' | 'settled';

function standingOf({ crisis }: Reading, call: Call, person: string): Standing {
  if (!isOpen(crisis)) return 'ended';
  if (call.answers.some((answer) => answer.person === person && answer.backAt === undefined)) return 'answered';
  if (call.state === 'calling') return isExcused(call, person) ? 'excused' : 'calling';
  return call.state === 'answered' ? 'other' : 'settled';
}

const TONES: Record<Standing, Tone> = {
  calling: 'bad',
  excused: 'muted',
  answered: 'good',
  other: 'muted',
  ended: 'muted',
  settled: 'muted',
};

/** Undefined: nobody was called by this name. */
export function pageCard(reading: Reading, callId: string, person: string): Card | undefined {
  const { crisis, language } = reading;
  const call = crisis.calls.find((one) => one.id === callId);
  if (!call) return undefined;
  const standing = standingOf(reading, call, person);
  const w = crisisCardWords(language).page;
  const heads = {
    calling: w.calling,
    excused: w.excused,
    answered: w.answered,
    other: w.other,
    ended: w.over,
    settled: w.over,
  };
  const headline = markOf(crisis, language) + heads[standing](crisis.number);
  return {
    headline,
    tone: standing === 'calling' && crisis.drill ? 'open' : TONES[standing],
    summary: summaryOf(standing, headline, reading),
    blocks: [{ kind: 'text', text: isolate(crisis.text), strong: true }, ...blocksOf(standing, reading, call, person)],
  };
}

function summaryOf(standing: Standing, headline: string, { crisis, language }: Reading): string {
  const text = isolate(crisis.text);
  if (standing !== 'calling') return crisisWords(language).labelled(headline, text);
  return markOf(crisis, language) + crisisCardWords(language).page.summary(crisis.number, text);
}

function blocksOf(standing: Standing, reading: Reading, call: Call, person: string): Block[] {
  switch (standing) {
    case 'calling':
      return callingBlocks(reading, call, person);
    case 'excused':
      return excusedBlocks(reading, call, person);
    case 'answered':
      return answeredBlocks(reading, call, person);
    case 'other':
      return [{ kind: 'text', text: otherText(reading, call) }, ...rowOf([showButton(reading)])];
    case 'ended':
      return [{ kind: 'text', text: endedText(reading) }, ...rowOf([showButton(reading)])];
    case 'settled':
      return [{ kind: 'text', text: settledText(reading, call) }, ...rowOf([showButton(reading)])];
    default:
      return standing satisfies never;
  }
}

const showButton = ({ crisis, language }: Reading): Button =>
  naming(crisis)(crisisWords(language).buttons.show, 'show');

function callingBlocks(reading: Reading, call: Call, person: string): Block[] {
  const { crisis, language } = reading;
  const { page: w, next } = crisisCardWords(language);
  const { buttons, names } = crisisWords(language);
  const named = naming(crisis);
  const others = answeredLines(reading, person);
  const why = whyYou(reading, call, person);
  return [
    { kind: 'text', text: next(w.next) },
    { kind: 'facts', facts: briefFacts(reading) },
    { kind: 'text', text: [...why, others.length > 0 ? w.others(names(others)) : w.nobody].join('\n') },
    ...rowOf([
      named(buttons.answer, 'answer', { call: call.id }, 'primary'),
      named(buttons.cannot, 'take-back', { call: call.id }, 'danger'),
    ]),
    ...notesOf(nextText(reading, call, person)),
  ];
}

/** Quiet: somebody else is being found; but whoever changes their mind is still welcome. */
function excusedBlocks(reading: Reading, call: Call, person: string): Block[] {
  const { crisis, language } = reading;
  const { buttons, names } = crisisWords(language);
  const w = crisisCardWords(language).page;
  const rung = rungFor(call)
    .filter((one) => !isExcused(call, one))
    .map((one) => nameOf(one, reading));
  const back = call.answers.some((answer) => answer.person === person);
  const text = (back ? w.tookBack : w.cannot)(names(rung));
  return [{ kind: 'text', text }, ...rowOf([naming(crisis)(buttons.answer, 'answer', { call: call.id })])];
}

const notesOf = (texts: string[]): Block[] => texts.map((text) => ({ kind: 'note', text, drop: 2 }));

function briefFacts(reading: Reading) {
  const { crisis, world, language } = reading;
  const w = crisisCardWords(language);
  const { grades, states } = crisisWords(language);
  return [
    { label: w.grade, value: crisis.grade ? grades[crisis.grade] : states.alarm },
    { label: w.kind, value: kindTitle(crisis.kind, world.crisis, language) },
    { label: w.affected, value: crisis.affected === '' ? w.notSaid : isolate(crisis.affected) },
    { label: w.raised, value: w.raisedBy(nameOf(crisis.raisedBy, reading), wholeTime(crisis.raisedAt, reading)) },
  ];
}

/** Why it is they who are called, where that is not plain. */
function whyYou(reading: Reading, call: Call, person: string): string[] {
  const w = crisisCardWords(reading.language).page;
  const back = call.answers.findLast((answer) => answer.backAt !== undefined);
  const before = call.chain[call.chain.indexOf(person) - 1];
  const [name, current] = [(id: string) => nameOf(id, reading), call.chain.at(-1)];
  if (back && back.person === person) return [w.takenBackSelf];
  const passed = call.chain.includes(person) && call.round === 1;
  if (current !== undefined && current !== person && passed) return [w.movedOn(name(current))];
  if (back) return [w.takenBack(name(back.person))];
  if (call.why === 'idle') return [w.idle];
  if (before !== undefined) return [(call.declined.includes(before) ? w.insteadOf : w.standIn)(name(before))];
  if (person !== call.seat && call.chain[0] === person) return [w.forAway(name(call.seat))];
  return call.why === 'assess' ? [w.assess] : [];
}

/** What rings next for this person; whoever was passed over is not rung any more. */
function nextText(reading: Reading, call: Call, person: string): string[] {
  const w = crisisCardWords(reading.language).page;
  const next = nextRing(call, reading);
  if (!next || (call.chain.at(-1) !== person && !next.again)) return [];
  if (next.again) return [w.nextAgain(next.at)];
  return [
    next.person === person ? w.nextTime(next.at, next.ways) : w.nextPerson(next.at, nameOf(next.person, reading)),
  ];
}

function answeredBlocks(reading: Reading, call: Call, person: string): Block[] {
  const { crisis, language } = reading;
  const { next } = crisisCardWords(language);
  const w = crisisWords(language);
  const back: Button = {
    ...naming(crisis)(w.buttons.takeBack, 'take-back', { call: call.id }),
    confirm: w.confirm.takeBack,
  };
  const grading = call.why === 'assess' && crisis.state === 'alarm';
  return [
    { kind: 'text', text: next(answeredStep(reading, call, person)) },
    { kind: 'facts', facts: briefFacts(reading) },
    ...situationInBrief(reading),
    ...(grading ? questionBlocks(reading) : []),
    ...rowOf(grading ? gradeButtons(reading) : hasSeat(reading, person) ? [] : seatButtons(crisis, language)),
    // an assessor's answer ends with the grade: there is nothing left to give back
    ...rowOf([showButton(reading), ...(call.state === 'over' ? [] : [back])]),
  ];
}

const hasSeat = ({ crisis }: Reading, person: string): boolean =>
  SEATS.some((seat) => crisis.seats[seat]?.person === person);

function answeredStep({ crisis, language }: Reading, call: Call, person: string): string {
  const w = crisisCardWords(language).page.answeredNext;
  const { seats, names } = crisisWords(language);
  if (crisis.state === 'alarm') return w.assess;
  const seat = SEATS.find((one) => crisis.seats[one]?.person === person);
  if (seat) return w.seated(seats[seat]);
  if (call.why === 'assess') return w.graded;
  const rooms = crisis.rooms.filter((room) => room.id !== undefined && !room.out.some((one) => one.person === person));
  if (rooms.length === 0) return w.noRoom;
  return w.room(names(rooms.map((room) => platformName(room.platform, language))), crisis.number);
}

function situationInBrief(reading: Reading): Block[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).situation;
  const { labelled } = crisisWords(language);
  const { update } = crisis;
  const released = releasedText(reading);
  const lines = update
    ? [labelled(w.known, isolate(update.known)), labelled(w.said, saidOutside(update.said, reading))]
    : released === undefined
      ? []
      : [labelled(w.said, released)];
  return lines.length > 0 ? [{ kind: 'text', text: lines.join('\n'), drop: 1 }] : [];
}

function otherText(reading: Reading, call: Call): string {
  const w = crisisCardWords(reading.language).page;
  const answer = answeredBy(call);
  return answer ? w.byOther(nameOf(answer.person, reading), clockOf(answer.at, reading)) : w.callOver;
}

function endedText(reading: Reading): string {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).page;
  if (crisis.drill && crisis.ended) return w.drillEnded(isolate(crisis.ended.reason));
  return crisis.ended ? w.ended(crisisWords(language).how[crisis.ended.how], isolate(crisis.ended.reason)) : w.callOver;
}

function settledText({ crisis, language }: Reading, call: Call): string {
  const w = crisisCardWords(language).page;
  if (!crisis.grade) return w.callOver;
  // nobody is let go but by a grade whose plan does not need them
  return (call.why === 'assess' ? w.settled : w.letGo)(crisisWords(language).grades[crisis.grade]);
}

// --- what is spoken and sent by SMS ---

/** One SMS in Chinese holds 70 characters, of which the way to answer takes some: https://www.twilio.com/docs/glossary/what-sms-character-limit */
const SPOKEN = 60;

/** Undefined: it no longer rings for this person, or this ring is of a round that is over. The first button is the answer. */
export function ringCard(
  reading: Reading,
  of: { call: string; round: number },
  person: string,
  line: string,
): Card | undefined {
  const { crisis, language } = reading;
  const call = crisis.calls.find((one) => one.id === of.call);
  if (!call || call.round !== of.round || !ringsFor(reading, call, person)) return undefined;
  const text = spoken(reading, line);
  const answer = naming(crisis)(crisisWords(language).buttons.answer, 'answer', { call: call.id }, 'primary');
  return {
    headline: markOf(crisis, language) + crisisCardWords(language).page.calling(crisis.number),
    tone: crisis.drill ? 'open' : 'bad',
    summary: text,
    blocks: [{ kind: 'text', text }, ...rowOf([answer])],
  };
}

/** In the second round everybody is rung again who has not said that they cannot. */
function ringsFor({ crisis }: Reading, call: Call, person: string): boolean {
  if (!isOpen(crisis) || call.state !== 'calling') return false;
  return rungFor(call).includes(person) && !isExcused(call, person);
}

function spoken({ crisis, language }: Reading, line: string): string {
  const w = crisisCardWords(language).ring;
  const { grades } = crisisWords(language);
  // a voice would read 2026 as a sum of money
  const number = line === 'phone' ? [...crisis.number.replace(/-/g, '')].join(' ') : crisis.number;
  const mark = crisis.drill ? w.drill : '';
  const say = (text: string) =>
    mark + (crisis.grade ? w.graded(grades[crisis.grade], number, text) : w.alarm(number, text));
  const room = Math.max(8, SPOKEN - [...say('')].length);
  // no address that anybody typed goes out in our name
  const text = cleanLine(crisis.text.replace(/\b(?:https?:\/\/|www\.)\S+/gi, '…'), SPOKEN);
  return say([...text].length <= room ? text : `${cleanLine(text, room - 1)}…`);
}
