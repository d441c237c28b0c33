/** What contradicts itself in a well-formed rule book, and what does not: rule by rule. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lint } from '../../src/handbook/lint.ts';
import type { Finding, Saying } from '../../src/handbook/model.ts';
import { nearest } from '../../src/handbook/nearest.ts';
import type { Values } from '../../src/processes/conditions.ts';
import { weigh } from '../../src/processes/conditions.ts';
import { commandWords, findCommand } from '../../src/processes/lookup.ts';
import { Process } from '../../src/processes/model.ts';
import { say } from '../../src/words/handbook-rules.ts';
import { directory, type Given } from '../support/company.ts';

const title = { zh: '试', en: 'Try' };
const amount = { id: 'amount', type: 'money', label: { zh: '金额', en: 'Amount' } };
const kind = {
  id: 'kind',
  type: 'choice',
  label: { zh: '类别', en: 'Kind' },
  options: ['media', 'event', 'gift'].map((value) => ({ value, label: title })),
};
const days = { id: 'days', type: 'number', label: { zh: '天数', en: 'Days' } };
const due = { id: 'due', type: 'date', label: { zh: '日期', en: 'Date' } };
const note = { id: 'note', type: 'text', label: { zh: '备注', en: 'Note' } };
const per = { id: 'per', type: 'decision', label: { zh: '依据', en: 'Per' } };
const asked = { id: 'asked', type: 'person', label: { zh: '人', en: 'Person' } };
const form = [amount, kind, days, due, note, asked, per];

/** A process as its file would say it. */
function process(more: Record<string, unknown> = {}): Process {
  const steps = [step('one')];
  return Process.parse({ id: 'test', command: 'test', number: 'TE', title, form, steps, ...more });
}
const step = (id: string, more: Record<string, unknown> = {}) => ({ id, title, who: { role: 'finance' }, ...more });
const banded = (...whens: (Record<string, unknown> | undefined)[]) =>
  process({ steps: whens.map((when, i) => step(`s${i}`, when ? { when } : {})) });

function findings(processes: Process[], company: Given = {}): Finding[] {
  const { company: value } = directory(company);
  const people = value.people;
  return lint({
    company: { file: 'company.yaml', value, removed: [] },
    processes: processes.map((one) => ({ file: `processes/${one.id}.yaml`, value: one, removed: [] })),
    known: {
      people: new Set(people.map((person) => person.id)),
      roles: new Set(people.flatMap((person) => person.roles)),
      channels: new Set(Object.keys(value.channels)),
      fieldsOf: (file) => new Set(processes.find((one) => file.includes(one.id))?.form.map((field) => field.id)),
      fields: new Set(processes.flatMap((one) => one.form.map((field) => field.id))),
      kinds: new Set(),
    },
    lineOf: () => 1,
    today: '2026-12-03',
  });
}
const faults = (processes: Process[], company: Given = {}) => findings(processes, company).filter((one) => !one.notice);
const sayings = (found: Finding[]): Saying[] => found.map((finding) => finding.saying);
const codes = (found: Finding[]) => found.map((finding) => finding.saying.code);
/** The only fault, as its place and what it says. */
function onlyFault(processes: Process[], company: Given = {}) {
  const all = faults(processes, company);
  expect(codes(all)).toHaveLength(1);
  return { at: all[0]?.path.join('.'), saying: all[0]?.saying };
}

describe('people', () => {
  const company = (given: Given) => onlyFault([process()], given);
  it('D2: two people with one id, account or e-mail address', () => {
    const li = { accounts: { slack: 'U01WANG' } };
    expect(company({ but: { li } })).toMatchObject({
      at: 'people.1.accounts.slack',
      saying: { what: 'account', first: 'wang' },
    });
    const mails: Given = { but: { li: { email: 'A@example.com' }, sun: { email: 'a@example.com' } } };
    expect(company(mails)).toMatchObject({
      at: 'people.5.email',
      saying: { code: 'twice', what: 'email', first: 'li' },
    });
    const twice = [...directory().people.values(), { id: 'wang', name: '另一位', manager: 'li' }];
    expect(company({ people: twice })).toMatchObject({ at: 'people.6.id', saying: { what: 'person' } });
  });
  it('the same id on the two platforms is two accounts', () => {
    expect(
      faults([process()], { but: { wang: { accounts: { slack: 'X1' } }, li: { accounts: { feishu: 'X1' } } } }),
    ).toEqual([]);
  });
  it('one name for two is only worth a notice; one phone for two is a fault: a call would not know whom it reached', () => {
    const found = findings([process()], { but: { li: { name: '赵敏', phone: '+861' }, sun: { phone: '+861' } } });
    expect(codes(found).filter((code) => code === 'same-name' || code === 'twice')).toHaveLength(2);
    expect(codes(found.filter((finding) => !finding.notice))).toEqual(['twice']);
  });
  it('D1: a manager who is unknown or has left', () => {
    expect(company({ but: { wang: { manager: 'zhoa' } } })).toMatchObject({
      at: 'people.0.manager',
      saying: { code: 'manager-unknown', near: 'zhao' },
    });
    expect(company({ but: { li: { active: false } } })).toMatchObject({
      saying: { code: 'manager-inactive', manager: '李娜' },
    });
  });
  it('whoever has left may have reported to somebody who has left', () => {
    expect(faults([process()], { but: { li: { active: false }, wang: { active: false } } })).toEqual([]);
  });
  it('D1: a circle in the reporting line is named once, with everybody in it', () => {
    expect(company({ but: { chen: { manager: 'li' } } }).saying).toEqual({
      code: 'reporting-cycle',
      names: ['李娜', '赵敏', '陈卫东', '李娜'],
    });
    expect(company({ but: { sun: { manager: 'sun' } } }).saying).toMatchObject({ names: ['孙律', '孙律'] });
  });
  it('cards wanted where there is no account; no account at all is a notice', () => {
    expect(company({ but: { zhao: { prefer: ['slack'] } } }).saying).toMatchObject({
      code: 'prefer-without-account',
      platform: 'slack',
    });
    expect(codes(findings([process()], { but: { sun: { accounts: {} } } }))).toContain('no-account');
  });
});

describe('words of a process', () => {
  it('the numbers of meetings, decisions, absences, crises, drills, statements and signals, and their Chinese words', () => {
    for (const number of ['MT', 'DM', 'MS', 'AW', 'CR', 'DR', 'ST', 'SG']) {
      expect(onlyFault([process({ number })])).toMatchObject({
        at: 'number',
        saying: { code: 'reserved-number', number },
      });
    }
    for (const alias of ['会议', '纪要', '决议', '危机', '事实', '声明', '信号']) {
      expect(onlyFault([process({ aliases: [alias] })]).saying).toMatchObject({
        code: 'reserved-command',
        word: alias,
      });
    }
  });
  it('the product’s own words, a word too long for Slack, an alias of two words', () => {
    for (const command of [
      'pr',
      'crisis',
      'meeting',
      'minutes',
      'decision',
      'decisions',
      'fact',
      'statement',
      'signal',
    ]) {
      expect(onlyFault([process({ command })]).saying).toMatchObject({ code: 'reserved-command' });
    }
    expect(onlyFault([process({ aliases: ['ＰＲ'] })])).toMatchObject({ at: 'aliases.0' });
    expect(onlyFault([process({ command: 'a'.repeat(32) })]).saying).toMatchObject({
      code: 'slack-command',
      limit: 32,
    });
    expect(faults([process({ command: 'a'.repeat(31) })])).toEqual([]);
    expect(onlyFault([process({ aliases: ['费 用'] })]).saying).toMatchObject({ code: 'alias-form' });
    expect(codes(findings([process({ command: 'remind' })]))).toContain('slack-builtin');
  });
  it('two processes never share an id, a command, an alias or a number', () => {
    const other = { id: 'other', command: 'other', number: 'OT' };
    const first = process({ aliases: ['费用'] });
    for (const [more, what] of [
      [{ number: 'TE' }, 'number'],
      [{ command: 'test' }, 'command'],
      [{ aliases: ['TEST'] }, 'command'],
      [{ aliases: ['费用'] }, 'command'],
    ] as const) {
      expect(onlyFault([first, process({ ...other, ...more })]).saying).toMatchObject({ code: 'process-twice', what });
    }
    expect(onlyFault([process({ aliases: ['test'] })]).at).toBe('aliases.0');
  });
  it('is found by command or alias, in capitals and full width, with or without its slash', () => {
    const all = [process(), process({ id: 'spend', command: 'spend', aliases: ['费用', 'Kosten'] })];
    for (const word of ['spend', '/spend', 'SPEND', '／ｓｐｅｎｄ', '费用', '/费用', 'kosten']) {
      expect(findCommand(all, word)?.id).toBe('spend');
    }
    for (const word of ['', '/', 'spen', '费']) expect(findCommand(all, word)).toBeUndefined();
    expect(commandWords(all)).toEqual(['test', 'spend', '费用', 'Kosten']);
  });
  it('a channel that the company does not have', () => {
    expect(onlyFault([process({ channel: 'pr' })])).toMatchObject({
      at: 'channel',
      saying: { code: 'unknown-channel' },
    });
  });
});

describe('fields', () => {
  it('two of one id; two steps, two options', () => {
    const twice = { ...kind, options: [...kind.options, { value: 'gift', label: title }] };
    expect(onlyFault([process({ form: [amount, amount] })]).at).toBe('form.1.id');
    expect(onlyFault([process({ form: [twice] })]).at).toBe('form.0.options.3.value');
    expect(onlyFault([process({ steps: [step('a'), step('a')] })]).at).toBe('steps.1.id');
  });
  it('quick names fields, words last, files never', () => {
    expect(onlyFault([process({ quick: ['amuont'] })]).saying).toEqual({
      code: 'quick-unknown',
      field: 'amuont',
      near: 'amount',
    });
    expect(onlyFault([process({ quick: ['note', 'amount'] })]).saying).toMatchObject({ code: 'quick-not-last' });
    expect(
      onlyFault([process({ form: [{ id: 'f', type: 'file', label: title }], quick: ['f'] })]).saying,
    ).toMatchObject({ code: 'quick-file' });
    expect(faults([process({ quick: ['amount', 'kind', 'note'] })])).toEqual([]);
  });
});

describe('signers', () => {
  const signer = (who: unknown, company: Given = {}) => onlyFault([process({ steps: [step('a', { who })] })], company);
  it('a role that nobody holds, with the nearest one that somebody does', () => {
    expect(signer({ line: 'suprvisor' })).toEqual({
      at: 'steps.0.who.line',
      saying: { code: 'role-unknown', role: 'suprvisor', near: 'supervisor' },
    });
    expect(signer([{ role: 'finance' }, { role: 'hr' }]).at).toBe('steps.0.who.1.role');
  });
  it('a role that only people hold who have left', () => {
    expect(signer({ role: 'legal' }, { but: { sun: { active: false } } }).saying).toEqual({
      code: 'role-unstaffed',
      role: 'legal',
      left: ['孙律'],
    });
  });
  it('a person who is unknown; one who has left is a notice', () => {
    expect(signer({ person: 'chan' }).saying).toMatchObject({ code: 'person-unknown', near: 'chen' });
    const gone = process({ steps: [step('a', { who: { person: 'sun' } })] });
    expect(faults([gone], { but: { sun: { active: false } } })).toEqual([]);
  });
  it('copies are checked the same', () => {
    expect(onlyFault([process({ copy: [{ role: 'finance' }, { role: 'finanse' }] })]).at).toBe('copy.1.role');
  });
  it('of several rules, need stands at the step', () => {
    const who = [{ role: 'finance', need: 'all' }, { role: 'legal' }];
    expect(signer(who).saying).toEqual({ code: 'need-in-list' });
    expect(
      codes(findings([process({ steps: [step('a', { who: [{ role: 'finance' }, { role: 'legal' }] })] })])),
    ).toContain('several-rules');
  });
});

describe('conditions', () => {
  const always = undefined;
  const one = (when: Record<string, unknown>) => onlyFault([banded(always, when)]);
  it('5万, 50,000, ¥5w and 伍万元整 are limits; 5个, -1 and another currency are none', () => {
    for (const limit of ['5万', '50,000', '¥5w', '伍万元整', 50000])
      expect(faults([banded(always, { amount: { atLeast: limit } })])).toEqual([]);
    for (const limit of ['5个', '-1', '0', 'USD 5', '1.000,00'])
      expect(one({ amount: { atLeast: limit } }).saying).toMatchObject({ code: 'when-limit' });
  });
  it('a field that is not in the form, one that may stay blank', () => {
    expect(one({ amuont: { below: '5万' } })).toMatchObject({ at: 'steps.1.when.amuont', saying: { near: 'amount' } });
    const optional = process({
      form: [{ ...amount, required: false }],
      steps: [step('a'), step('b', { when: { amount: { below: '5' } } })],
    });
    expect(onlyFault([optional]).saying).toEqual({ code: 'when-optional', field: 'amount' });
  });
  it('a test that its type cannot stand', () => {
    expect(one({ kind: { atLeast: 'media' } }).saying).toMatchObject({ code: 'when-op', possible: ['is', 'in'] });
    expect(one({ note: { is: 'x' } }).saying).toMatchObject({ code: 'when-op', possible: [] });
    expect(one({ per: { is: 'DM-2026-0012' } }).saying).toMatchObject({ code: 'when-op', possible: [] });
    expect(one({ days: { below: 'three' } }).saying).toMatchObject({ code: 'when-limit', type: 'number' });
    expect(one({ due: { below: '2026-02-30' } }).saying).toMatchObject({ code: 'when-limit', type: 'date' });
  });
  it('an option or a person that does not exist', () => {
    expect(one({ kind: { in: ['media', 'gifts'] } })).toMatchObject({
      at: 'steps.1.when.kind.in.1',
      saying: { near: 'gift' },
    });
    expect(one({ asked: { is: 'lii' } }).saying).toMatchObject({ code: 'person-unknown', near: 'li' });
  });
  it('a step that can never apply', () => {
    expect(one({ amount: { atLeast: '5万', below: '5万' } }).saying).toMatchObject({ code: 'when-never' });
    expect(faults([banded(always, { amount: { atLeast: '5万', below: '50,000.01' } })])).toEqual([]);
  });
});

describe('bands', () => {
  const gap = (...whens: Record<string, unknown>[]) => {
    const found = onlyFault([banded(...whens)]).saying;
    return found?.code === 'gap' ? found.where.map(({ label: _label, ...where }) => where) : found;
  };
  it('a gap between two bands: nobody signs between ¥50,000.00 and ¥60,000.00', () => {
    expect(gap({ amount: { below: '5万' } }, { amount: { atLeast: '6万' } })).toEqual([
      { field: 'amount', from: '¥50,000.00', below: '¥60,000.00' },
    ]);
    const [finding] = faults([banded({ amount: { below: '5万' } }, { amount: { atLeast: '6万' } })]);
    expect(finding && say(finding.saying, 'en').what).toBe(
      'nobody signs: Amount between ¥50,000.00 and ¥60,000.00 (not included)',
    );
  });
  it('a gap of one fen, one below the lowest band, one above the highest', () => {
    expect(gap({ amount: { below: '5万' } }, { amount: { atLeast: '50000.01' } })).toEqual([
      { field: 'amount', from: '¥50,000.00', below: '¥50,000.01' },
    ]);
    expect(gap({ amount: { atLeast: '1000' } })).toEqual([{ field: 'amount', below: '¥1,000.00' }]);
    expect(gap({ amount: { below: '5万' } })).toEqual([{ field: 'amount', from: '¥50,000.00' }]);
    expect(faults([banded({ amount: { atLeast: '0.01' } })])).toEqual([]);
  });
  it('bands that meet, tiers that add up, and a step for everything are in order', () => {
    for (const whens of [
      [{ amount: { below: '5万' } }, { amount: { atLeast: '5万' } }],
      [undefined, { amount: { atLeast: '5万' } }, { amount: { atLeast: '50万' } }],
      [undefined, { amount: { below: '1千' } }],
      [{ amount: { below: '50万' } }, { amount: { atLeast: '5万' } }, { amount: { atLeast: '50万' } }],
      [{ amount: { below: '5万' } }, { amount: { atLeast: '5万', below: '50万' } }, { amount: { atLeast: '50万' } }],
      [{ amount: { below: '50万' } }, { amount: { atLeast: '1万', below: '5万' } }, { amount: { atLeast: '50万' } }],
    ]) {
      expect(sayings(faults([banded(...whens)]))).toEqual([]);
    }
  });
  it('bands that overlap: both would sign between ¥50,000.00 and ¥60,000.00', () => {
    const found = onlyFault([banded({ amount: { below: '6万' } }, { amount: { atLeast: '5万' } })]);
    expect(found).toMatchObject({
      at: 'steps.1.when',
      saying: { code: 'overlap', first: 's0', second: 's1', where: { from: '¥50,000.00', below: '¥60,000.00' } },
    });
  });
  it('a gap that only a combination of fields shows, with the fields that matter and no others', () => {
    expect(
      gap(
        { amount: { atLeast: '5万' } },
        { kind: { in: ['media', 'event'] } },
        { days: { atLeast: 3 }, amount: { atLeast: '9万' } },
      ),
    ).toEqual([
      { field: 'amount', below: '¥50,000.00' },
      { field: 'kind', is: 'gift' },
    ]);
  });
  it('gaps in choices, people, numbers and dates', () => {
    expect(gap({ kind: { is: 'media' } }, { kind: { is: 'gift' } })).toEqual([{ field: 'kind', is: 'event' }]);
    expect(gap({ asked: { is: 'li' } })).toEqual([{ field: 'asked', otherwise: true }]);
    expect(gap({ days: { below: '2.5' } }, { days: { atLeast: 3 } })).toEqual([
      { field: 'days', from: '2.5', below: '3.0' },
    ]);
    expect(gap({ due: { below: '2026-10-01' } }, { due: { atLeast: '2026-10-08' } })).toEqual([
      { field: 'due', from: '2026-10-01', below: '2026-10-08' },
    ]);
  });
  it('more combinations than can be looked at: it is said that nobody looked', () => {
    const many = Array.from({ length: 8 }, (_, i) => ({ ...kind, id: `k${i}` }));
    const steps = many.flatMap(({ id }, i) => [
      step(`a${i}`, { when: { [id]: { is: 'media' }, amount: { atLeast: i + 1 } } }),
    ]);
    expect(codes(findings([process({ form: [amount, ...many], steps })]))).toContain('too-many-cases');
  });

  const limit = fc.integer({ min: 1, max: 6 });
  const when = fc.record(
    {
      amount: fc
        .record({ atLeast: limit, below: limit }, { requiredKeys: [] })
        .filter((test) => Object.keys(test).length > 0),
      kind: fc.record({ in: fc.subarray(['media', 'event', 'gift'], { minLength: 1 }) }),
    },
    { requiredKeys: [] },
  );
  it('finds a gap exactly where trying every value finds one', () => {
    fc.assert(
      fc.property(fc.array(when, { minLength: 1, maxLength: 4 }), (whens) => {
        const tried = banded(...whens);
        const all = faults([tried]);
        if (all.some((finding) => finding.saying.code === 'when-never')) return;
        const applies = (values: Values) =>
          tried.steps.some((one) => weigh(one.when, tried, values, 'CNY').every(({ holds }) => holds));
        const amounts = Array.from({ length: 70 }, (_, i) => BigInt(1 + i * 10)).concat([
          1n,
          99n,
          100n,
          599n,
          600n,
          10_000n,
        ]);
        const open = amounts.some((minor) =>
          ['media', 'event', 'gift'].some((value) => !applies({ amount: minor, kind: value })),
        );
        expect(codes(all).includes('gap')).toBe(open);
      }),
      { numRuns: 300 },
    );
  });
});

describe('whether anybody gets through', () => {
  it('a team of one could only sign for itself: refused when the handbook is read', () => {
    const people = [{ id: 'solo', roles: ['finance'] }];
    expect(onlyFault([process()], { people })).toMatchObject({
      at: 'steps.0.who',
      saying: { code: 'nobody-could-pass', people: 1 },
    });
  });
  it('whoever has left does not make a team of two', () => {
    const people = [
      { id: 'solo', roles: ['finance'] },
      { id: 'gone', active: false, manager: 'solo' },
    ];
    expect(onlyFault([process()], { people }).saying).toMatchObject({ code: 'nobody-could-pass' });
  });
  it('a band above which there is nobody for anybody', () => {
    const people = [
      { id: 'boss', roles: ['supervisor'] },
      { id: 'a', manager: 'boss' },
      { id: 'b', manager: 'boss' },
      { id: 'far', roles: ['director'] },
    ];
    const tiered = process({
      steps: [
        step('s', { who: { line: 'supervisor' } }),
        step('d', { who: { line: 'director' }, when: { amount: { atLeast: '5万' } } }),
      ],
    });
    expect(onlyFault([tiered], { people })).toMatchObject({
      at: 'steps.1.who',
      saying: { code: 'nobody-could-pass', step: 'd', where: { from: '¥50,000.00' } },
    });
  });
  it('the CEO, above whom there is nobody, is only worth a notice', () => {
    const lined = process({ steps: [step('s', { who: { line: 'supervisor' } })] });
    expect(findings([lined])).toMatchObject([
      { notice: true, saying: { code: 'some-cannot-pass', names: ['陈卫东'] } },
    ]);
  });
});

describe('did you mean', () => {
  it('a letter wrong, missing, doubled or swapped; not another word', () => {
    const known = ['supervisor', 'director', 'finance', 'li'];
    for (const wrong of ['supervisr', 'suprevisor', 'SUPERVISOR', 'supervissor'])
      expect(nearest(wrong, known)).toBe('supervisor');
    for (const wrong of ['legal', 'x', '', 'zhao']) expect(nearest(wrong, known)).toBeUndefined();
  });
  it('is never further than a third of the word', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 5 }), (wrong, known) => {
        const near = nearest(wrong, known);
        if (near !== undefined) expect(known).toContain(near);
        if (known.includes(wrong.normalize('NFKC').toLowerCase())) expect(near).toBeDefined();
      }),
    );
  });
});

it('everything that lint can say is said in both languages, with a mend', () => {
  const found = [
    ...findings([process({ command: 'pr', channel: 'x', quick: ['x'], steps: [step('a', { who: { role: 'x' } })] })]),
    ...findings([process()], { people: [{ id: 'solo', roles: ['finance'], manager: 'solo' }] }),
    ...findings([banded({ amount: { below: '6万' } }, { amount: { atLeast: '7万' } })]),
  ];
  for (const { saying } of found) {
    const [zh, en] = [say(saying, 'zh'), say(saying, 'en')];
    for (const text of [zh.what, zh.mend, en.what, en.mend]) expect(text).toMatch(/\S{2}/);
    expect(en.mend).not.toMatch(/undefined|\[object/);
    expect(zh.what).not.toBe(en.what);
  }
});
