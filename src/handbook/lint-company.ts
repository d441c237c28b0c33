/** People, roles, accounts, reporting lines, currencies and channels: what contradicts itself. Pure. */
import { currencyCodes, isCurrency } from '../core/money-currencies.ts';
import type { Company, Person } from '../directory/model.ts';
import type { Checked, Finding, LintInput, Path, Saying } from './model.ts';
import { nearest } from './nearest.ts';

const PLATFORMS = ['slack', 'feishu'] as const;
/** Where somebody or a group has an account: chats, and where things are sent to. */
const REACHED_ON = [...PLATFORMS, 'wecom'] as const;

export function lintCompany(checked: Checked<Company>, input: LintInput): Finding[] {
  const { file, value: company } = checked;
  const at = (path: Path, saying: Saying, more: Partial<Finding> = {}): Finding => ({ file, path, saying, ...more });
  return [
    ...identities(company, at, (path) => input.lineOf(file, path)),
    ...lines(company, input, at),
    ...platforms(company, at),
    ...currencies(checked, at),
  ];
}

type At = (path: Path, saying: Saying, more?: Partial<Finding>) => Finding;

/** D2: one person is one identity; what identifies somebody stands with one person only. */
function identities({ people, channels }: Company, at: At, lineAt: (path: Path) => number): Finding[] {
  const seen = new Map<string, { path: Path; id: string }>();
  type What = Extract<Saying, { code: 'twice' }>['what'];
  const once = (what: What, value: string | undefined, path: Path, id: string, scope = ''): Finding[] => {
    const key = `${what} ${scope} ${what === 'email' ? value?.toLowerCase() : value}`;
    const first = seen.get(key);
    if (value === undefined) return [];
    if (!first) seen.set(key, { path, id });
    if (!first) return [];
    // a call has to know whom it reached: one number, one person
    const notice = what === 'channel';
    const line = lineAt(first.path);
    return [at(path, { code: 'twice', what, value, first: first.id, line }, notice ? { notice } : {})];
  };
  return [
    ...people.flatMap((person, i) => [
      ...once('person', person.id, ['people', i, 'id'], person.id),
      ...once('email', person.email, ['people', i, 'email'], person.id),
      ...once('phone', person.phone, ['people', i, 'phone'], person.id),
      ...REACHED_ON.flatMap((on) => once('account', person.accounts[on], ['people', i, 'accounts', on], person.id, on)),
    ]),
    ...sameNames(people, at),
    ...Object.entries(channels).flatMap(([id, channel]) =>
      REACHED_ON.flatMap((on) => once('channel', channel[on], ['channels', id, on], id, on)),
    ),
  ];
}

function sameNames(people: readonly Person[], at: At): Finding[] {
  return people.flatMap((person, i) => {
    const first = people.slice(0, i).find((one) => one.name === person.name && one.active && person.active);
    const path = ['people', i, 'name'];
    return first ? [at(path, { code: 'same-name', name: person.name, first: first.id }, { notice: true })] : [];
  });
}

/** D1: every manager is somebody who is here, and no line runs in a circle. */
function lines({ people }: Company, { known }: LintInput, at: At): Finding[] {
  // where an id stands twice, the first counts
  const byId = new Map(people.toReversed().map((person) => [person.id, person]));
  const inCycle = new Set<string>();
  return people.flatMap((person, i) => {
    const { manager } = person;
    if (manager === undefined) return [];
    const path = ['people', i, 'manager'];
    const above = byId.get(manager);
    if (!above) {
      if (known.people.has(manager)) return [];
      return [at(path, { code: 'manager-unknown', manager, near: nearest(manager, known.people) })];
    }
    const cycle = inCycle.has(person.id) ? [] : cycleFrom(person, byId);
    for (const one of cycle) inCycle.add(one.id);
    if (cycle.length > 0) return [at(path, { code: 'reporting-cycle', names: [...cycle, person].map((p) => p.name) })];
    if (person.active && !above.active) return [at(path, { code: 'manager-inactive', manager: above.name })];
    return [];
  });
}

/** The circle that begins and ends with this person, if they stand in one. */
function cycleFrom(person: Person, byId: ReadonlyMap<string, Person>): Person[] {
  const walked: Person[] = [];
  let next: Person | undefined = person;
  while (next && !walked.includes(next)) {
    walked.push(next);
    next = next.manager === undefined ? undefined : byId.get(next.manager);
  }
  return next === person ? walked : [];
}

function platforms({ people, channels }: Company, at: At): Finding[] {
  return [
    ...people.flatMap((person, i) => {
      if (!person.active) return [];
      const missing = (person.prefer ?? []).filter((platform) => person.accounts[platform] === undefined);
      const none = PLATFORMS.every((platform) => person.accounts[platform] === undefined);
      return [
        ...missing.map((platform) =>
          at(['people', i, 'prefer'], { code: 'prefer-without-account', person: person.name, platform }),
        ),
        ...(none ? [at(['people', i], { code: 'no-account', person: person.name }, { notice: true })] : []),
      ];
    }),
    ...Object.entries(channels).flatMap(([id, channel]) =>
      REACHED_ON.every((on) => channel[on] === undefined)
        ? [at(['channels', id], { code: 'empty-channel', channel: id }, { notice: true, onKey: true })]
        : [],
    ),
  ];
}

function currencies({ value: { currency, rates }, removed }: Checked<Company>, at: At): Finding[] {
  const unknown = (code: string, path: Path, onKey: boolean) =>
    isCurrency(code)
      ? []
      : [at(path, { code: 'unknown-currency', currency: code, near: nearest(code, currencyCodes) }, { onKey })];
  const own = removed.some(([key]) => key === 'currency') ? [] : unknown(currency, ['currency'], false);
  return [
    ...own,
    ...Object.entries(rates).flatMap(([code, rate]) => [
      ...unknown(code, ['rates', code], true),
      ...(code === currency
        ? [at(['rates', code], { code: 'rate-of-own-currency', currency: code }, { onKey: true })]
        : []),
      ...(/^[0.]+$/.test(rate) ? [at(['rates', code], { code: 'rate-zero', currency: code })] : []),
    ]),
  ];
}
