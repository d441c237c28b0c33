/** What can be pressed on the screens of a crisis, by whom. In rooms and channels everybody presses: who may is decided afterwards. Pure. */
import type { Block, Button } from '../core/card.ts';
import type { Audience } from '../core/module.ts';
import { cleanLine } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import { GRADES } from './book.ts';
import { isSuspended, mayAct, mayGrade, mayLead, mayReport } from './lookup.ts';
import { type Crisis, type CrisisWorld, isDrill, SEATS, type Seat } from './model.ts';
import { isFalseAlarm, nameOf, type Reading } from './reading.ts';

type Named = (label: string, act: string, given?: Record<string, string>, style?: Button['style']) => Button;

export const naming =
  ({ number }: Pick<Crisis, 'number'>): Named =>
  (label, act, given, style) => ({
    label,
    action: { command: `crisis.${act}`, subject: number, ...(given ? { with: given } : {}) },
    ...(style ? { style } : {}),
  });

export const rowOf = (buttons: Button[], drop?: 1 | 2 | 3): Block[] =>
  buttons.length > 0 ? [{ kind: 'buttons', buttons, ...(drop ? { drop } : {}) }] : [];

interface Rights {
  /** may say what they know */
  report: boolean;
  grade: boolean;
  act: boolean;
  lead: boolean;
}

export function rightsOf(crisis: Crisis, viewer: Audience, world: CrisisWorld): Rights {
  if (!('person' in viewer)) return { report: true, grade: true, act: true, lead: true };
  const { person } = viewer;
  return {
    report: mayReport(crisis, person, world),
    grade: mayGrade(crisis, person, world),
    act: mayAct(crisis, person, world),
    lead: mayLead(crisis, person, world),
  };
}

/** The first grade, on the card of an alarm: the grades side by side, and the way back. */
export function gradeButtons({ crisis, language }: Pick<Reading, 'crisis' | 'language'>): Button[] {
  const w = crisisWords(language);
  const named = naming(crisis);
  const grades = GRADES.map((grade) => named(w.buttons.grade(w.grades[grade]), 'grade', { grade, seen: '' }));
  const end = isDrill(crisis) ? w.buttons.endDrill : w.buttons.falseAlarm;
  return [...grades, named(end, 'stand-down', { how: 'false-alarm' })];
}

export function seatButtons(crisis: Crisis, language: Reading['language']): Button[] {
  const w = crisisWords(language);
  return emptySeats(crisis).map((seat) => naming(crisis)(w.buttons.seat(w.seats[seat]), 'take-seat', { seat }));
}

export const emptySeats = ({ seats }: Pick<Crisis, 'seats'>): Seat[] => SEATS.filter((seat) => !seats[seat]);

const LABEL_LENGTH = 16;

export function taskButtons(reading: Reading, tasks: readonly Crisis['tasks'][number][]): Button[] {
  const w = crisisWords(reading.language);
  return tasks.map(({ id, text }) =>
    naming(reading.crisis)(w.buttons.done(cleanLine(text, LABEL_LENGTH)), 'task-done', { task: id }),
  );
}

/** The working row of an open crisis: what everybody of the team does, and what ends it. */
export function workButtons(reading: Reading, viewer: Audience): Block[] {
  const { crisis, world, language } = reading;
  const w = crisisWords(language).buttons;
  const named = naming(crisis);
  const may = rightsOf(crisis, viewer, world);
  const statement: Button = {
    label: w.statement,
    action: { command: 'statements.new', with: { crisis: crisis.number } },
  };
  const acting = may.act
    ? [
        named(w.update, 'update', undefined, 'primary'),
        named(w.fact, 'fact'),
        named(w.task, 'task'),
        named(w.contact, 'contact'),
        named(w.add, 'add'),
        statement,
      ]
    : may.report
      ? [named(w.fact, 'fact'), named(w.contact, 'contact')]
      : [];
  const leading = [
    ...(may.lead ? [named(w.giveSeat, 'give-seat')] : []),
    ...(may.grade ? [named(w.regrade, 'grade', { seen: crisis.grade ?? '' })] : []),
    ...(may.lead ? [named(isDrill(crisis) ? w.endDrill : w.standDown, 'stand-down', undefined, 'danger')] : []),
  ];
  return [...rowOf(acting), ...rowOf([...leading, ...filesButton(reading)])];
}

/** What is left to be done when it is over. */
export function afterButtons(reading: Reading, viewer: Audience): Block[] {
  const { crisis, world, language } = reading;
  const w = crisisWords(language).buttons;
  const named = naming(crisis);
  const may = rightsOf(crisis, viewer, world);
  const aftercare =
    (may.act || may.lead) && !isFalseAlarm(crisis)
      ? [named(w.aftercare, 'aftercare', undefined, isDrill(crisis) ? undefined : 'primary')]
      : [];
  return rowOf([...aftercare, named(w.debrief, 'debrief'), ...filesButton(reading)]);
}

function filesButton({ crisis, files, language }: Reading): Button[] {
  return files.length > 0 ? [naming(crisis)(crisisWords(language).buttons.files, 'files')] : [];
}

/** Whose cap is suspended; nobody clears their own. */
export function clearButtons(reading: Reading, viewer: Audience): Button[] {
  const { crisis, world, language } = reading;
  if (!rightsOf(crisis, viewer, world).lead || isDrill(crisis)) return [];
  const w = crisisWords(language).buttons;
  const suspended = [...new Set(crisis.spent.map((one) => one.person))].filter((person) => isSuspended(crisis, person));
  return suspended
    .filter((person) => !('person' in viewer) || viewer.person !== person)
    .map((person) => naming(crisis)(w.clear(nameOf(person, reading)), 'clear', { person }));
}
