/** The chapters of a debrief that list what was done: calls, facts, files, contacts, tasks, money, statements, what follows. Pure. */
import { localDate, showDate } from '../core/calendar.ts';
import type { Part } from '../core/document.ts';
import type { DecisionTaken } from '../decisions/model.ts';
import type { Statement, Step } from '../statements/model.ts';
import { crisisWords, sayElapsed } from '../words/crisis.ts';
import { debriefWords } from '../words/debrief.ts';
import { decisionWords, wordsOf } from '../words/decisions.ts';
import { requestWords } from '../words/requests.ts';
import { timelineWords } from '../words/timeline.ts';
import type { Clearing, DebriefFacts } from './debrief-facts.ts';
import { type DataOf, type Entry, saidBy } from './figures.ts';
import type { Call, Crisis, CrisisEvent, Ring, Spent } from './model.ts';
import { minuteOf, moneyOf, nameOf, platformOf, type Telling, timelineLines, timeOf } from './timeline.ts';

type Chapter = (facts: DebriefFacts, telling: Telling) => Part[];
type Column = keyof ReturnType<typeof debriefWords>['columns'];

/** Nothing to list is said, not passed over. */
function tableOf(columns: [Column, number][], rows: string[][], { language }: Telling): Part[] {
  const w = debriefWords(language);
  if (rows.length === 0) return [{ kind: 'paragraph', text: w.none }];
  return [{ kind: 'table', columns: columns.map(([id, share]) => ({ title: w.columns[id], share })), rows }];
}

function listOf(items: string[], { language }: Telling): Part[] {
  return items.length > 0 ? [{ kind: 'list', items }] : [{ kind: 'paragraph', text: debriefWords(language).none }];
}

type Noted<T extends CrisisEvent['type']> = { entry: Entry; said: DataOf<T> };
function all<T extends CrisisEvent['type']>(entries: readonly Entry[], type: T): Noted<T>[] {
  return entries.flatMap((entry) => {
    const said = saidBy(entry, type);
    return said ? [{ entry, said }] : [];
  });
}

/** When it was noted; and when it happened where that was earlier. */
function bothTimes(noted: string, happened: string | undefined, telling: Telling): string {
  const time = timeOf(noted, telling);
  return happened === undefined ? time : debriefWords(telling.language).time(time, minuteOf(happened, telling));
}

const apart = (noted: string, happened: string): string | undefined =>
  Math.abs(Date.parse(noted) - Date.parse(happened)) >= 60_000 ? happened : undefined;

export const reachedParts: Chapter = ({ crisis }, telling) => {
  const { language } = telling;
  const w = debriefWords(language);
  if (crisis.calls.length === 0) return [{ kind: 'paragraph', text: w.none }];
  const columns = [
    { title: w.reached.who, share: 1.2 },
    { title: w.reached.why, share: 1 },
    { title: w.reached.rings, share: 4.2 },
    { title: w.reached.answer, share: 3 },
  ];
  const rows = crisis.calls.map((call) => [
    nameOf(call.seat, telling),
    timelineWords(language).why[call.why],
    call.rings.map((ring) => ringText(ring, telling)).join('\n'),
    answerText(call, crisis.grade !== undefined, telling),
  ]);
  return [{ kind: 'table', columns, rows }];
};

function ringText({ person, line, at, outcome, code }: Ring, telling: Telling): string {
  const said = outcome ? timelineWords(telling.language).outcomes[outcome] : '';
  const why = said && code ? crisisWords(telling.language).aside(said, code) : said;
  const way = crisisWords(telling.language).lines[line];
  return debriefWords(telling.language).reached.ring(clockOf(at, telling), way, nameOf(person, telling), why);
}

function answerText(call: Call, graded: boolean, telling: Telling): string {
  const w = debriefWords(telling.language).reached;
  const declined = call.declined
    .filter((person) => !call.answers.some((one) => one.person === person))
    .map((person) => timelineWords(telling.language).declined(nameOf(person, telling), ''));
  if (call.answers.length === 0) return [...declined, call.why === 'assess' && graded ? w.graded : w.nobody].join('\n');
  const answered = call.answers.flatMap(({ person, at, via, backAt }) => {
    const took = sayElapsed((Date.parse(at) - Date.parse(call.since)) / 1000, telling.language);
    const who = nameOf(person, telling);
    const said = w.said(who, clockOf(at, telling), platformOf(via, telling.language), took);
    return backAt === undefined ? [said] : [said, w.back(who, clockOf(backAt, telling))];
  });
  return [...declined, ...answered].join('\n');
}

/** The time of day alone: the day stands in the timeline. */
const clockOf = (at: string, telling: Telling): string => timeOf(at, telling).split(' ').at(-1) ?? '';

/** In the order in which they happened, however late they were noted. */
export const factParts: Chapter = ({ entries }, telling) => {
  const happened = ({ said }: Noted<'fact-noted'>) => Date.parse(said.happenedAt);
  const facts = all(entries, 'fact-noted').toSorted((one, other) => happened(one) - happened(other));
  const rows = facts.map(({ entry, said: { text, happenedAt, said } }) => [
    bothTimes(entry.at, apart(entry.at, happenedAt), telling),
    nameOf(entry.by, telling),
    text,
    said
      ? debriefWords(telling.language).quoted(said.by, platformOf(said.platform, telling.language), said.link ?? '')
      : '',
  ]);
  const columns: [Column, number][] = [
    ['noted', 2.3],
    ['by', 1.1],
    ['what', 4.4],
    ['source', 1.8],
  ];
  return tableOf(columns, rows, telling);
};

export const fileParts: Chapter = ({ files }, telling) => {
  const w = debriefWords(telling.language);
  const rows = files.map(({ name, by, at, state, sha256 }) => [
    name,
    nameOf(by, telling),
    timeOf(at.toISOString(), telling),
    state === 'kept' ? (sha256 ?? w.not) : w.file[state],
  ]);
  return tableOf(
    [
      ['name', 2.8],
      ['by', 1.1],
      ['noted', 2.1],
      ['hash', 4],
    ],
    rows,
    telling,
  );
};

export const contactParts: Chapter = ({ entries }, telling) => {
  const { parties } = crisisWords(telling.language);
  const rows = all(entries, 'contact-noted').map(({ entry, said: { party, whom, text, contactedAt } }) => [
    bothTimes(entry.at, apart(entry.at, contactedAt), telling),
    nameOf(entry.by, telling),
    parties[party],
    whom,
    text,
  ]);
  const columns: [Column, number][] = [
    ['noted', 2.3],
    ['by', 1.1],
    ['kind', 1.1],
    ['whom', 1.6],
    ['what', 3.6],
  ];
  return tableOf(columns, rows, telling);
};

export const taskParts: Chapter = ({ crisis }, telling) => {
  const w = debriefWords(telling.language).task;
  const rows = crisis.tasks.map(({ text, owner, at, doneAt, doneBy }) => [
    timeOf(at, telling),
    text,
    nameOf(owner, telling),
    doneAt ? w.done(nameOf(doneBy ?? owner, telling), minuteOf(doneAt, telling)) : w.open,
  ]);
  return tableOf(
    [
      ['noted', 2.1],
      ['what', 4],
      ['owner', 1.1],
      ['state', 2.2],
    ],
    rows,
    telling,
  );
};

export const updateParts: Chapter = ({ entries }, telling) => {
  const { situation } = timelineWords(telling.language);
  const rows = all(entries, 'situation-updated').map(({ entry, said: { known, said, next } }) => [
    timeOf(entry.at, telling),
    nameOf(entry.by, telling),
    situation(known, said, next),
  ]);
  return tableOf(
    [
      ['noted', 2.1],
      ['by', 1.1],
      ['what', 6],
    ],
    rows,
    telling,
  );
};

/** Both times of each, of the act and of what followed: nothing is back-dated (A3). */
export const moneyParts: Chapter = (facts, telling) => {
  const { spent } = facts.crisis;
  const { directory } = telling.world;
  const rows = spent.map((one) => [
    one.request,
    nameOf(one.person, telling),
    moneyOf(one.base, directory),
    minuteOf(one.at, telling),
    ratifiedText(one, facts, telling),
  ]);
  const columns: [Column, number][] = [
    ['number', 1.7],
    ['by', 1.1],
    ['amount', 1.6],
    ['executed', 2],
    ['ratified', 3.6],
  ];
  const sum = (some: readonly Spent[]) => String(some.reduce((total, { base }) => total + BigInt(base), 0n));
  const open = spent.filter(({ state }) => state === 'open');
  const total = debriefWords(telling.language).money.total(
    moneyOf(sum(spent), directory),
    moneyOf(sum(open), directory),
  );
  return [
    ...tableOf(columns, rows, telling),
    ...(spent.length > 0 ? [{ kind: 'paragraph' as const, text: total }] : []),
  ];
};

function ratifiedText(spent: Spent, { entries, signatures, at }: DebriefFacts, telling: Telling): string {
  const w = debriefWords(telling.language).money;
  const own = ({ said }: { said: { request: string } }) => said.request === spent.request;
  const ratified = all(entries, 'spend-ratified').find(own)?.entry.at;
  const refused = all(entries, 'spend-refused').find(own)?.entry.at;
  const ended = ratified ?? refused;
  const late = Date.parse(ended ?? at.toISOString()) > Date.parse(spent.due);
  const signed = signatures.filter(({ request }) => request === spent.request);
  return [
    ratified ? w.ratified(minuteOf(ratified, telling)) : refused ? w.refused(minuteOf(refused, telling)) : w.open,
    w.due(minuteOf(spent.due, telling)),
    late ? (ended ? w.late : w.overdue) : '',
    ...signed.map(({ person, at: when, agreed }) =>
      (agreed ? w.signed : w.against)(nameOf(person, telling), minuteOf(when, telling)),
    ),
    spent.recovery ? w.recovery(spent.recovery) : '',
    spent.cleared ? w.restored(minuteOf(spent.cleared, telling)) : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

export const statementParts: Chapter = ({ statements, clearing }, telling) =>
  statements.length > 0
    ? statements.flatMap((statement) => {
        const own = clearing.filter((one) => one.statement === statement.number);
        return oneStatement(statement, own, telling);
      })
    : [{ kind: 'paragraph', text: debriefWords(telling.language).none }];

function oneStatement(statement: Statement, clearing: readonly Clearing[], telling: Telling): Part[] {
  const w = debriefWords(telling.language).statements;
  const { number, version, state, drill, text, hash, clearances, released, replaces } = statement;
  const shown = state === 'released' && drill ? w.drillReleased : w.states[state];
  const clear = clearances.map(({ step, person, at }) =>
    w.who(placeIn(statement, step, telling), nameOf(person, telling), minuteOf(at, telling)),
  );
  const noted = released && minuteOf(released.notedAt, telling);
  const items = [
    w.hash(hash),
    ...clearing.map((one) => clearingText(one, telling)),
    clear.length > 0 ? w.cleared(crisisWords(telling.language).names(clear)) : '',
    released
      ? w.released(released.where, minuteOf(released.at, telling), nameOf(released.by, telling), noted ?? '')
      : '',
    released?.link ? w.link(released.link) : '',
    replaces ? w.replaces(replaces) : '',
  ].filter((item) => item !== '');
  return [
    { kind: 'paragraph', text: w.head(number, version, shown) },
    { kind: 'quote', text },
    { kind: 'list', items },
  ];
}

/** In the order of those who clear: the role for which somebody stands. */
const placeText = (called: Step['called'], telling: Telling): string =>
  'role' in called ? requestWords(telling.language).roles(called.role) : nameOf(called.person, telling);

/** Empty where the place is the person. */
function placeIn({ steps }: Statement, id: string, telling: Telling): string {
  const called = steps.find((step) => step.id === id)?.called;
  return called && 'role' in called ? placeText(called, telling) : '';
}

function clearingText({ by, at, event }: Clearing, telling: Telling): string {
  const w = debriefWords(telling.language).statements;
  const { names } = crisisWords(telling.language);
  const time = minuteOf(at, telling);
  if (event.type === 'clearance-asked') {
    const places = event.data.steps.map(({ called }) => placeText(called, telling));
    return w.asked(nameOf(by, telling), time, event.data.version, names(places));
  }
  const { of, why, person } = event.data;
  return w.voided(names(of.map((one) => nameOf(one, telling))), time, w.why[why], nameOf(person, telling));
}

export const freezeParts: Chapter = ({ crisis, entries }, telling) => {
  const w = debriefWords(telling.language).freeze;
  const items = entries.flatMap((entry) => {
    const began = saidBy(entry, 'freeze-began');
    if (began) return [w.since(began.affected, minuteOf(entry.at, telling))];
    const verdict = saidBy(entry, 'freeze-verdict');
    if (!verdict) return [];
    const [who, time] = [nameOf(entry.by, telling), minuteOf(entry.at, telling)];
    return [verdict.go ? w.go(who, time, verdict.reason) : w.noGo(who, time, verdict.reason)];
  });
  return listOf(crisis.freeze?.state === 'on' ? [...items, w.on] : items, telling);
};

export const aftercareParts: Chapter = ({ crisis, decisions, at }, telling) => {
  const rows = decisions.map((decision) => [
    decision.number,
    `${purposeOf(crisis, decision.number, telling)}\n${decision.text}`.trim(),
    nameOf(decision.owner, telling),
    showDate(decision.due, telling.language),
    stateOf(decision, at, telling),
  ]);
  return tableOf(
    [
      ['number', 1.7],
      ['what', 3.9],
      ['owner', 1.1],
      ['due', 1.7],
      ['state', 2],
    ],
    rows,
    telling,
  );
};

/** What the crisis says that it is for. */
function purposeOf({ aftercare, spent }: Crisis, number: string, { language }: Telling): string {
  const kind = aftercare.find(({ decision }) => decision === number)?.kind;
  if (kind) return crisisWords(language).aftercare[kind];
  const recovered = spent.find(({ recovery }) => recovery === number);
  return recovered ? debriefWords(language).aftercare.recovers(recovered.request) : '';
}

function stateOf(decision: DecisionTaken, at: Date, telling: Telling): string {
  const { language, world } = telling;
  const state = wordsOf(decision, language).states[decision.state];
  const { done } = decision;
  if (done) {
    const late = done.late ? debriefWords(language).aftercare.late(done.late.days) : '';
    return [state, minuteOf(done.at, telling), late, done.word].filter(Boolean).join('\n');
  }
  const today = localDate(at, world.directory.company.timezone);
  const days = Math.round((Date.parse(today) - Date.parse(decision.due)) / 86_400_000);
  return days > 0 && decision.state !== 'void' ? `${state}\n${decisionWords(language).late(days)}` : state;
}

export const timelineParts: Chapter = ({ entries }, telling) => {
  const rows = timelineLines(entries, telling).map(({ at, happenedAt, who, text }) => [
    bothTimes(at, happenedAt, telling),
    who,
    text,
  ]);
  return tableOf(
    [
      ['noted', 2.3],
      ['by', 1.1],
      ['what', 6.2],
    ],
    rows,
    telling,
  );
};
