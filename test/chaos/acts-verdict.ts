/** People against the ledger: whoever was told that an act was carried out finds it there once, and nothing is there that nobody did. */
import type { Finding } from './finding.ts';
import { type Act, type Attempt, doneIn, type Journal, meaningOf } from './journal.ts';
import type { Entry, Kept } from './kept.ts';

/** The entries that record an act of a person's; a step's last signature closes it, in 会签 the others are signatures. */
const RECORDS: Record<Exclude<Act, 'submit'>, readonly string[]> = {
  approve: ['step-approved', 'signature-given'],
  reject: ['step-rejected'],
  return: ['step-returned'],
  resubmit: ['request-resubmitted'],
  withdraw: ['request-withdrawn'],
  comment: ['request-commented'],
  urge: ['request-urged'],
};
const ACTS = Object.keys(RECORDS) as Exclude<Act, 'submit'>[];

interface Case {
  act: Act;
  person: string;
  number: string;
  attempts: Attempt[];
  entries: Entry[];
}

export function judgeActs(journal: Journal, kept: Kept): Finding[] {
  const cases = casesOf(journal, kept);
  return [
    ...submissions(journal, kept),
    acknowledged(cases),
    pressed(cases),
    notRecorded(cases),
    toldOtherwise(journal, cases, kept),
    signedOnce(kept),
    decidedOnce(kept),
  ];
}

const keyOf = (act: Act, person: string, number: string): string => `${act}|${person}|${number}`;

/** What one person did with one request in one way: all attempts, all entries. */
function casesOf(journal: Journal, { entries }: Kept): Map<string, Case> {
  const cases = new Map<string, Case>();
  const caseOf = (act: Act, person: string, number: string): Case => {
    const key = keyOf(act, person, number);
    const found = cases.get(key) ?? { act, person, number, attempts: [], entries: [] };
    cases.set(key, found);
    return found;
  };
  for (const attempt of journal.attempts)
    if (attempt.number !== undefined) caseOf(attempt.act, attempt.person, attempt.number).attempts.push(attempt);
  for (const entry of entries) {
    const act = ACTS.find((one) => RECORDS[one].includes(entry.type));
    if (act && entry.by !== 'clock') caseOf(act, entry.by, entry.subject).entries.push(entry);
  }
  return cases;
}

const isDone = ({ act, answers }: Attempt): boolean => answers.some((text) => meaningOf(text, act) === 'done');
/** The last word to it was that it was not recorded, or that it could not be done. */
const isRefused = ({ act, answers }: Attempt): boolean =>
  answers.length > 0 && answers.every((text) => ['refused', 'not recorded'].includes(meaningOf(text, act)));
const isNotRecorded = ({ act, answers }: Attempt): boolean =>
  answers.length > 0 && answers.every((text) => meaningOf(text, act) === 'not recorded');

/** A comment, a reason and a purpose carry a word of their own: one attempt is one entry. */
function entriesOf(attempt: Attempt, { entries }: Case): Entry[] {
  const { token } = attempt;
  return token === undefined ? entries : entries.filter(({ data }) => JSON.stringify(data).includes(token));
}

function submissions({ attempts }: Journal, { requests, entries }: Kept): Finding[] {
  const byToken = new Map<string, string[]>();
  for (const { type, subject, data } of entries) {
    const token = type === 'request-submitted' ? /#\d+\.\d+#/.exec(JSON.stringify(data))?.[0] : undefined;
    if (token) byToken.set(token, [...(byToken.get(token) ?? []), subject]);
  }
  const asked = attempts.filter(({ act }) => act === 'submit');
  const faults: string[] = [];
  const unheard: string[] = [];
  let acknowledgedOnes = 0;
  for (const { token = '', answers, person } of asked) {
    const made = byToken.get(token) ?? [];
    byToken.delete(token);
    if (made.length > 1) faults.push(`${token} of ${person} became ${made.join(' and ')}`);
    const number = answers.map((text) => doneIn(text, 'submit')).find((one) => one !== undefined);
    if (number !== undefined) {
      acknowledgedOnes += 1;
      if (made[0] !== number || requests.get(number)?.requester !== person)
        faults.push(`${person} was told that ${token} is ${number}, the ledger has ${made[0] ?? 'nothing'}`);
    } else if (
      made.length > 0 &&
      answers.length > 0 &&
      answers.every((text) => meaningOf(text, 'submit') === 'not recorded')
    )
      unheard.push(`${person} was told that ${token} was not recorded, and it is ${made.join()}`);
  }
  faults.push(...[...byToken].map(([token, made]) => `nobody asked for ${made.join()} ${token}`));
  return [
    {
      asked: 'every request was asked for, and stands once; whoever got its number finds it',
      compared: `${asked.length} asked, ${acknowledgedOnes} acknowledged at once, ${requests.size} requests`,
      faults,
    },
    {
      asked: 'no request stands of which its requester was told that it was not recorded',
      compared: `${asked.length} asked`,
      faults: unheard,
    },
  ];
}

function acknowledged(cases: Map<string, Case>): Finding {
  const faults: string[] = [];
  let count = 0;
  for (const one of cases.values()) {
    const done = one.attempts.filter(isDone);
    count += done.length;
    const { act, person, number, entries } = one;
    for (const attempt of done.filter(({ token }) => token !== undefined)) {
      const found = entriesOf(attempt, one).length;
      if (found !== 1)
        faults.push(`${person} was told that ${act} ${attempt.token} of ${number} was done; entries: ${found}`);
    }
    if (done.length > entries.length)
      faults.push(
        `${person} was told ${done.length} times that ${act} of ${number} was done; entries: ${entries.length}`,
      );
  }
  return { asked: 'every acknowledged act is in the ledger exactly once', compared: `${count} acknowledged`, faults };
}

function pressed(cases: Map<string, Case>): Finding {
  const faults: string[] = [];
  let count = 0;
  for (const one of cases.values()) {
    const { act, person, number, attempts, entries } = one;
    count += entries.length;
    if (entries.length > attempts.length)
      faults.push(`${number}: ${entries.length} × ${act} by ${person}, who tried it ${attempts.length} times`);
    for (const attempt of attempts.filter(({ token }) => token !== undefined)) {
      const found = entriesOf(attempt, one).length;
      if (found > 1) faults.push(`${number}: ${act} ${attempt.token} by ${person} was carried out ${found} times`);
    }
  }
  return { asked: 'nothing was carried out that nobody did', compared: `${count} acts in the ledger`, faults };
}

function notRecorded(cases: Map<string, Case>): Finding {
  const faults: string[] = [];
  let count = 0;
  for (const one of cases.values()) {
    const { act, person, number, attempts, entries } = one;
    const told = attempts.filter(isNotRecorded);
    count += told.length;
    for (const attempt of told.filter(({ token }) => token !== undefined))
      if (entriesOf(attempt, one).length > 0)
        faults.push(`${person} was told that ${act} ${attempt.token} of ${number} was not recorded, and it is`);
    const may = attempts.length - attempts.filter(isRefused).length;
    if (entries.length > may)
      faults.push(
        `${number}: ${entries.length} × ${act} by ${person}, but only ${may} of ${attempts.length} tries were not told no: ${[...new Set(attempts.flatMap(({ answers }) => answers))].join(' | ')}`,
      );
  }
  return {
    asked: 'nothing was carried out of which its doer was told that it was not',
    compared: `${count} told so`,
    faults,
  };
}

/** What says that something is so, to whomever and by whatever way. */
const SAID: readonly { says: RegExp; type: string }[] = [
  { says: /(\w+-\d+-\d+) [^\n]*已获批准。/, type: 'request-approved' },
  { says: /(\w+-\d+-\d+) [^\n]* 被 \S+ 驳回。/, type: 'request-rejected' },
  { says: /(\w+-\d+-\d+) [^\n]* 被 \S+ 退回修改。/, type: 'request-returned' },
  { says: /撤回了 (\w+-\d+-\d+)/, type: 'request-withdrawn' },
];

function toldOtherwise({ told }: Journal, cases: Map<string, Case>, { entries, requests }: Kept): Finding {
  const have = new Set(entries.map(({ subject, type }) => `${type} ${subject}`));
  const faults = new Set<string>();
  for (const { person, text } of told) {
    for (const act of ACTS) {
      const number = doneIn(text, act);
      if (act === 'resubmit' || number === undefined || number === '') continue;
      if ((cases.get(keyOf(act, person, number))?.entries.length ?? 0) === 0)
        faults.add(`${person} read "${text}", and the ledger has no ${act} of theirs`);
    }
    const submitted = doneIn(text, 'submit');
    if (submitted && requests.get(submitted)?.requester !== person) faults.add(`${person} read "${text}"`);
    for (const { says, type } of SAID) {
      const number = says.exec(text)?.[1];
      if (number && !have.has(`${type} ${number}`)) faults.add(`${person} read "${text}", and there is no ${type}`);
    }
  }
  return {
    asked: 'nobody was told something that is not so',
    compared: `${told.length} sentences`,
    faults: [...faults],
  };
}

function signedOnce({ entries }: Kept): Finding {
  const signed = entries.filter(({ type }) => RECORDS.approve.includes(type));
  const submissions = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { subject, type, by, data } of entries) {
    if (type === 'request-resubmitted') submissions.set(subject, (submissions.get(subject) ?? 1) + 1);
    if (!RECORDS.approve.includes(type)) continue;
    const key = `${subject} ${String(data.step)} (submission ${submissions.get(subject) ?? 1}) by ${by}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const faults = [...counts].filter(([, count]) => count > 1).map(([key, count]) => `${key}: ${count} times`);
  return { asked: 'no step was signed twice by one person', compared: `${signed.length} signatures`, faults };
}

const ENDS: Record<string, string> = {
  'request-approved': 'approved',
  'request-rejected': 'rejected',
  'request-withdrawn': 'withdrawn',
  'request-returned': 'returned',
};

/** Replayed from the ledger alone: after an end there is no other, unless it was returned and asked for anew. */
function decidedOnce({ entries, requests }: Kept): Finding {
  const states = new Map<string, string>();
  const faults: string[] = [];
  let decided = 0;
  for (const { subject, type } of entries) {
    const before = states.get(subject);
    if (type === 'request-submitted' || type === 'request-resubmitted') states.set(subject, 'open');
    const end = ENDS[type];
    if (end === undefined) continue;
    decided += 1;
    if (before !== 'open' && !(before === 'returned' && end === 'withdrawn'))
      faults.push(`${subject} was ${before} already when it was ${end}`);
    states.set(subject, end);
  }
  for (const { number, state } of requests.values())
    if (states.get(number) !== state) faults.push(`${number} is ${state}, by the ledger ${states.get(number)}`);
  return {
    asked: 'no request was decided twice, and each is what its ledger says',
    compared: `${decided} ends`,
    faults,
  };
}
