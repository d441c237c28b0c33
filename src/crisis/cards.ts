/** The situation card: what happened, what we know and say, who does what, who was reached, and what to do next. Pure. */
import type { Block, Card, Tone } from '../core/card.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisCardWords } from '../words/crisis-cards.ts';
import {
  afterButtons,
  clearButtons,
  emptySeats,
  gradeButtons,
  naming,
  rightsOf,
  rowOf,
  seatButtons,
  taskButtons,
  workButtons,
} from './buttons.ts';
import { AFTERCARE, type Aftercare, answeredBy, type Crisis, isOpen, SEATS } from './model.ts';
import { moneyBlocks, roomBlocks, scoreBlocks } from './outcome-cards.ts';
import { briefOf, clockOf, headlineOf, isFalseAlarm, kindTitle, nameOf, type Reading, wholeTime } from './reading.ts';
import { releasedText, saidOutside } from './said.ts';
import { missingNow, rungNow, teamBlocks } from './team-cards.ts';

const FACTS_SHOWN = 6;
const TASKS_SHOWN = 8;

export function crisisCard(reading: Reading, viewer: Audience): Card {
  const { crisis, language } = reading;
  const w = crisisCardWords(language);
  if ('channel' in viewer && crisis.state !== 'alarm') return standingCard(reading, viewer);
  return {
    headline: headlineOf(crisis, language),
    tone: toneOf(crisis),
    summary: briefOf(crisis, reading),
    blocks: [
      { kind: 'text', text: isolate(crisis.text), strong: true },
      { kind: 'text', text: w.next(nextStep(reading, viewer)) },
      { kind: 'facts', facts: mainFacts(reading) },
      ...stateBlocks(reading, viewer),
    ],
  };
}

/** In the channel that hears of every crisis, once it has a room of its own: that it is, how grave, who leads; the rest is the team's. */
function standingCard(reading: Reading, viewer: Audience): Card {
  const { crisis, language } = reading;
  const w = crisisCardWords(language);
  const headline = headlineOf(crisis, language);
  const lead = crisis.seats.lead;
  const { buttons, seats } = crisisWords(language);
  const facts = [
    { label: w.kind, value: kindTitle(crisis.kind, reading.world.crisis, language) },
    ...(lead ? [{ label: seats.lead, value: nameOf(lead.person, reading) }] : []),
  ];
  return {
    headline,
    tone: toneOf(crisis),
    summary: headline,
    blocks: [
      { kind: 'text', text: w.next(nextStep(reading, viewer)) },
      { kind: 'facts', facts },
      { kind: 'buttons', buttons: [naming(crisis)(buttons.show, 'show')] },
    ],
  };
}

function toneOf(crisis: Crisis): Tone {
  if (crisis.state === 'over') return isFalseAlarm(crisis) ? 'muted' : 'good';
  // a drill must not look like the real thing
  if (crisis.drill) return 'open';
  return crisis.state === 'alarm' || crisis.grade === 'general' ? 'warn' : 'bad';
}

function stateBlocks(reading: Reading, viewer: Audience): Block[] {
  switch (reading.crisis.state) {
    case 'alarm':
      return alarmBlocks(reading, viewer);
    case 'open':
      return openBlocks(reading, viewer);
    case 'over':
      return overBlocks(reading, viewer);
    default:
      return reading.crisis.state satisfies never;
  }
}

function alarmBlocks(reading: Reading, viewer: Audience): Block[] {
  const { crisis, world } = reading;
  const may = rightsOf(crisis, viewer, world);
  // whoever raised it by mistake takes it back without asking anybody
  const own = 'person' in viewer && viewer.person === crisis.raisedBy;
  const buttons = gradeButtons(reading);
  return [
    ...(may.grade ? questionBlocks(reading) : []),
    ...rowOf(may.grade ? buttons : own ? buttons.slice(-1) : []),
    ...teamBlocks(reading),
    ...factBlocks(reading),
    ...workRow(reading, viewer),
  ];
}

/** Facts do not wait for the grade. */
function workRow(reading: Reading, viewer: Audience): Block[] {
  const { crisis, world, language } = reading;
  const w = crisisWords(language).buttons;
  return rightsOf(crisis, viewer, world).report ? rowOf([naming(crisis)(w.fact, 'fact')]) : [];
}

/** The handbook's questions beside the grades. */
export function questionBlocks({ world, language }: Pick<Reading, 'world' | 'language'>): Block[] {
  const w = crisisCardWords(language);
  const { grades } = crisisWords(language);
  const lines = world.crisis?.questions.map((one) => w.question(grades[one.grade], isolate(one[language]))) ?? [];
  return lines.length > 0 ? [{ kind: 'quote', text: [w.questions, ...lines].join('\n') }] : [];
}

function openBlocks(reading: Reading, viewer: Audience): Block[] {
  const { crisis, world, language } = reading;
  const may = rightsOf(crisis, viewer, world);
  return [
    ...situationBlocks(reading),
    ...factBlocks(reading),
    ...seatBlocks(reading),
    ...rowOf(may.act ? seatButtons(crisis, language) : []),
    ...taskBlocks(reading, viewer),
    ...teamBlocks(reading),
    ...roomBlocks(reading),
    ...moneyBlocks(reading, viewer),
    ...workButtons(reading, viewer),
  ];
}

function overBlocks(reading: Reading, viewer: Audience): Block[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language);
  const { aftercare: kinds } = crisisWords(language);
  const ordered = crisis.aftercare.map(({ kind, decision }) => w.aftercare(kinds[kind], decision));
  return [
    ...scoreBlocks(reading),
    ...(ordered.length > 0 ? [{ kind: 'text' as const, text: ordered.join('\n') }] : []),
    ...(crisis.update ? situationBlocks(reading) : []),
    ...factBlocks(reading),
    ...taskBlocks(reading, viewer),
    ...moneyBlocks(reading, viewer),
    ...rowOf(clearButtons(reading, viewer)),
    ...afterButtons(reading, viewer),
  ];
}

// --- what to do next ---

/** One plain sentence: the most urgent thing first. */
export function nextStep(reading: Reading, viewer: Audience): string {
  const { crisis } = reading;
  if (crisis.state === 'alarm') return alarmStep(reading, viewer);
  return crisis.state === 'over' ? afterStep(reading) : openStep(reading);
}

/** Absent or empty: none is asked for. */
const isLate = (due: string | undefined, at: Date): boolean => Boolean(due) && at.toISOString() > String(due);

/** Whoever cannot grade it reads who is on the way. */
function alarmStep(reading: Reading, viewer: Audience): string {
  const { crisis, world, language } = reading;
  const w = crisisCardWords(language).nexts;
  const { names } = crisisWords(language);
  if (rightsOf(crisis, viewer, world).grade) return w.grade;
  const named = (people: string[]) => names(people.map((id) => nameOf(id, reading)));
  const there = crisis.calls.flatMap((call) => answeredBy(call)?.person ?? []);
  if (there.length > 0) return w.graderComes(named([...new Set(there)]));
  const rung = rungNow(crisis);
  return rung.length > 0 ? w.wait(named(rung)) : w.waitNobody;
}

function openStep(reading: Reading): string {
  const { crisis, language, at } = reading;
  const w = crisisCardWords(language).nexts;
  const { seats: titles, names } = crisisWords(language);
  const due = crisis.updateDue;
  if (due && isLate(due, at)) return w.late(clockOf(due, reading));
  if (!crisis.seats.lead) return w.lead;
  const missing = missingNow(crisis);
  if (missing.length > 0) return w.unanswered(names(missing.map((id) => nameOf(id, reading))));
  const empty = emptySeats(crisis);
  if (empty.length > 0) return w.seats(names(empty.map((seat) => titles[seat])));
  return due ? w.update(clockOf(due, reading)) : crisis.drill ? w.goDrill : w.go;
}

const missingAftercare = ({ aftercare }: Pick<Crisis, 'aftercare'>): Aftercare[] =>
  AFTERCARE.filter((kind) => !aftercare.some((one) => one.kind === kind));

function afterStep({ crisis, language }: Reading): string {
  const w = crisisCardWords(language).nexts;
  const { names, aftercare } = crisisWords(language);
  if (isFalseAlarm(crisis)) return crisis.drill ? w.drillStopped : w.falseAlarm;
  if (crisis.drill) return w.drillOver;
  const missing = missingAftercare(crisis);
  return missing.length > 0 ? w.aftercare(names(missing.map((kind) => aftercare[kind]))) : w.over;
}

// --- what it is ---

function mainFacts(reading: Reading) {
  const { crisis, world, language } = reading;
  const w = crisisCardWords(language);
  const raised = w.raisedBy(nameOf(crisis.raisedBy, reading), wholeTime(crisis.raisedAt, reading));
  const facts: { label: string; value: string; wide?: boolean }[] = [
    { label: w.kind, value: kindTitle(crisis.kind, world.crisis, language) },
    { label: w.affected, value: crisis.affected === '' ? w.notSaid : isolate(crisis.affected) },
    { label: w.raised, value: raised, wide: true },
  ];
  const scenario = world.crisis?.drills.scenarios.find((one) => one.id === crisis.drill?.scenario);
  if (crisis.drill) facts.push({ label: w.scenario, value: scenario?.title[language] ?? crisis.drill.scenario });
  if (crisis.signal) facts.push({ label: w.signal, value: crisis.signal });
  const graded = crisis.grades.at(-1);
  if (graded) facts.push({ label: w.grade, value: gradedText(graded, reading), wide: true });
  if (crisis.ended) facts.push({ label: w.ended, value: endedText(crisis.ended, reading), wide: true });
  return facts;
}

function gradedText({ grade, by, at, reason }: Crisis['grades'][number], reading: Reading): string {
  const { grades } = crisisWords(reading.language);
  const w = crisisCardWords(reading.language);
  return w.graded(grades[grade], nameOf(by, reading), clockOf(at, reading), isolate(reason));
}

function endedText({ how, by, at, reason }: NonNullable<Crisis['ended']>, reading: Reading): string {
  const w = crisisCardWords(reading.language);
  return w.endedBy(crisisWords(reading.language).how[how], nameOf(by, reading), clockOf(at, reading), isolate(reason));
}

// --- what we know, what we say ---

function situationBlocks(reading: Reading): Block[] {
  const { crisis, language, at } = reading;
  const w = crisisCardWords(language).situation;
  const { update, updateDue } = crisis;
  const { labelled } = crisisWords(language);
  const late = isLate(updateDue, at);
  const due = updateDue && isOpen(crisis) ? [(late ? w.late : w.due)(clockOf(updateDue, reading))] : [];
  const released = releasedText(reading);
  if (!update) {
    const told = released === undefined ? [] : [labelled(w.said, released)];
    return [{ kind: 'text', text: [w.none, ...told, ...due].join('\n') }];
  }
  const lines = [
    labelled(w.known, isolate(update.known)),
    labelled(w.said, saidOutside(update.said, reading)),
    ...(update.next === '' ? [] : [labelled(w.next, isolate(update.next))]),
    ...due,
  ];
  return [
    { kind: 'text', text: w.title(clockOf(update.at, reading), nameOf(update.by, reading)), strong: true },
    { kind: 'text', text: lines.join('\n') },
  ];
}

function factBlocks(reading: Reading): Block[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).facts;
  // as it happened: what is noted late stands where it belongs
  const order = crisis.facts.toSorted((one, other) => Date.parse(one.happenedAt) - Date.parse(other.happenedAt));
  const lines = order.slice(-FACTS_SHOWN).map((fact) => factLine(fact, reading));
  if (lines.length === 0) return [];
  return [
    { kind: 'text', text: w.title(crisis.factCount), strong: true, drop: 2 },
    { kind: 'text', text: lines.join('\n'), drop: 2 },
  ];
}

/** Noted so much later than it happened that both times are worth saying. */
const LATE_MS = 2 * 60_000;

function factLine(fact: Crisis['facts'][number], reading: Pick<Reading, 'crisis' | 'world' | 'language'>): string {
  const w = crisisCardWords(reading.language).facts;
  const text = fact.said ? w.quoted(isolate(fact.text), isolate(fact.said.by)) : isolate(fact.text);
  const [happened, noted] = [clockOf(fact.happenedAt, reading), clockOf(fact.notedAt, reading)];
  const by = nameOf(fact.by, reading);
  const late = Date.parse(fact.notedAt) - Date.parse(fact.happenedAt) > LATE_MS;
  return late ? w.late(happened, text, noted, by) : w.line(happened, text, by);
}

// --- who does what ---

function seatBlocks(reading: Reading): Block[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).seats;
  const { seats, labelled } = crisisWords(language);
  const lines = SEATS.map((seat) => {
    const who = crisis.seats[seat];
    return labelled(seats[seat], who ? nameOf(who.person, reading) : w.empty);
  });
  return [
    { kind: 'text', text: w.title, strong: true },
    { kind: 'text', text: lines.join('\n') },
  ];
}

function taskBlocks(reading: Reading, viewer: Audience): Block[] {
  const { crisis, world, language } = reading;
  const w = crisisCardWords(language).tasks;
  const open = crisis.tasks.filter((task) => task.doneAt === undefined);
  if (crisis.tasks.length === 0) return [];
  const shown = open.slice(0, TASKS_SHOWN);
  const may = rightsOf(crisis, viewer, world).act;
  const own = shown.filter((task) => may || ('person' in viewer && viewer.person === task.owner));
  const lines = shown.map((task) => w.line(isolate(task.text), nameOf(task.owner, reading)));
  return [
    { kind: 'text', text: w.title(open.length, crisis.tasks.length - open.length), strong: true },
    ...(lines.length > 0 ? [{ kind: 'text' as const, text: lines.join('\n') }] : []),
    ...(open.length > shown.length ? [{ kind: 'note' as const, text: w.more(open.length - shown.length) }] : []),
    ...rowOf(taskButtons(reading, own), 2),
  ];
}
