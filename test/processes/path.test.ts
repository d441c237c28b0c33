/** Who signs, in which order and why: rules A1, A2, D1–D4 as stories, and what must hold in any company. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAway, lineUp } from '../../src/directory/lookup.ts';
import type { Values } from '../../src/processes/conditions.ts';
import type { FormField, Process, Step } from '../../src/processes/model.ts';
import { copiesOf, type Plan, type PlannedStep, planPath, signersOf } from '../../src/processes/path.ts';
import { tiers, whatWouldChange } from '../../src/processes/whatif.ts';
import { directory, type Given } from '../support/company.ts';

const title = { zh: '审批', en: 'Approval' };
const amount: FormField = { id: 'amount', type: 'money', label: title, required: true };
const category: FormField = {
  id: 'category',
  type: 'choice',
  label: title,
  required: true,
  options: ['media', 'event', 'gift'].map((value) => ({ value, label: title })) as [
    { value: string; label: typeof title },
  ],
};
const days: FormField = { id: 'days', type: 'number', label: title, required: true };
const due: FormField = { id: 'due', type: 'date', label: title, required: true };

const step = (id: string, who: Step['who'], more: Partial<Step> = {}): Step => ({ id, title, who, ...more });
const spend = {
  form: [amount, category, days, due] as Process['form'],
  steps: [
    step('supervisor', [{ line: 'supervisor' }]),
    step('director', [{ line: 'director' }], { when: { amount: { atLeast: '5万' } } }),
  ] as Process['steps'],
};
const purchase = {
  form: [amount] as Process['form'],
  steps: [
    step('department', [{ line: 'department-head' }]),
    step('finance', [{ role: 'finance' }]),
    step('ceo', [{ role: 'ceo' }]),
  ] as Process['steps'],
};
const steps = (...all: [Step, ...Step[]]): Pick<Process, 'form' | 'steps'> => ({ form: spend.form, steps: all });

interface Ask extends Given {
  process?: Pick<Process, 'form' | 'steps'>;
  by?: string;
  values?: Values;
}
const input = ({ process = spend, by = 'wang', values = { amount: 3_200_000n }, ...company }: Ask) => ({
  process,
  requester: by,
  values,
  directory: directory(company),
});
function path(ask: Ask): Plan {
  const plan = planPath(input(ask));
  if ('refusal' in plan) throw new Error(`refused at ${plan.refusal.step}`);
  return plan;
}
const signs = (plan: Plan) =>
  plan.steps.filter((one) => one.applies).map((one) => `${one.id}: ${one.signers.map((s) => s.person).join('+')}`);
const at = (plan: Plan, id: string): PlannedStep => {
  const found = plan.steps.find((one) => one.id === id);
  if (!found) throw new Error(`no step ${id}`);
  return found;
};

describe('A1: spend is tiered by amount', () => {
  it('¥32,000.00 by 王晓文 needs only the supervisor', () => {
    const plan = path({});
    expect(signs(plan)).toEqual(['supervisor: li']);
    expect(at(plan, 'director')).toMatchObject({ applies: false, signers: [] });
  });
  it('the limit belongs to the stricter tier: ¥50,000.00 needs the director, ¥49,999.99 does not', () => {
    expect(signs(path({ values: { amount: 5_000_000n } }))).toEqual(['supervisor: li', 'director: zhao']);
    expect(signs(path({ values: { amount: 4_999_999n } }))).toEqual(['supervisor: li']);
  });
  it('keeps the comparison: what was compared with what, and that it held', () => {
    expect(at(path({ values: { amount: 5_200_000n } }), 'director').conditions).toEqual([
      { field: 'amount', type: 'money', op: 'atLeast', limit: '5000000', value: '5200000', holds: true },
    ]);
  });
  it('a blank never lets a step be passed by', () => {
    const plan = path({ values: {} });
    expect(signs(plan)).toEqual(['supervisor: li', 'director: zhao']);
    expect(at(plan, 'director').conditions[0]).not.toHaveProperty('value');
  });
  it('what would change it: ¥2,000.01 less would need only 李娜', () => {
    expect(whatWouldChange(input({ values: { amount: 5_200_000n } }))).toEqual([
      { field: 'amount', type: 'money', direction: 'less', by: 200_001n, digits: 0, signers: ['li'] },
    ]);
    expect(whatWouldChange(input({ values: { amount: 4_900_000n } }))).toEqual([
      { field: 'amount', type: 'money', direction: 'more', by: 100_000n, digits: 0, signers: ['li', 'zhao'] },
    ]);
  });
  it('no change of amount is offered where the same person signs either way', () => {
    expect(whatWouldChange(input({ by: 'li', values: { amount: 5_200_000n } }))).toEqual([]);
  });
  it('in general, before an amount is known: two bands with their signers', () => {
    const bands = tiers(input({}));
    expect(bands.map(({ from, below }) => [from, below])).toEqual([
      [undefined, 5_000_000n],
      [5_000_000n, undefined],
    ]);
    expect(bands.map(({ plan }) => ('refusal' in plan ? [] : signersOf(plan)))).toEqual([['li'], ['li', 'zhao']]);
    expect(tiers(input({ process: purchase }))).toMatchObject([
      { field: undefined, from: undefined, below: undefined },
    ]);
  });
});

describe('A2: purchases go to department head, finance and CEO, strictly in that order', () => {
  it('by 王晓文', () => {
    expect(signs(path({ process: purchase }))).toEqual(['department: zhao', 'finance: qian', 'ceo: chen']);
  });
  it('by 钱多: no department head above her and finance is herself, so the CEO signs, once', () => {
    const plan = path({ process: purchase, by: 'qian' });
    expect(signs(plan)).toEqual(['department: chen', 'finance: chen', 'ceo: chen']);
    expect(at(plan, 'department').signers[0]?.how).toEqual([
      { kind: 'climbed', from: { role: 'department-head' }, because: 'unstaffed', via: 'qian' },
    ]);
    expect(at(plan, 'finance').signers[0]?.how).toMatchObject([{ because: 'own-request', via: 'qian' }]);
    expect(at(plan, 'ceo').coveredBy).toEqual([{ person: 'chen', step: 'department' }]);
  });
  it('by the CEO: nobody is above, the request is refused with the step and the reason', () => {
    expect(planPath(input({ process: purchase, by: 'chen' }))).toEqual({
      refusal: { step: 'department', reason: 'nobody-above', rule: { line: 'department-head' } },
    });
  });
});

describe('D1: one line of report', () => {
  it('the nearest holder up the line signs, not a holder elsewhere', () => {
    const company: Ask = { but: { sun: { roles: ['supervisor'] } } };
    expect(signs(path(company))).toEqual(['supervisor: li']);
  });
  it('an unstaffed role climbs above whoever already signs, and says so', () => {
    const plan = path({ but: { zhao: { roles: [] } }, values: { amount: 6_000_000n } });
    expect(signs(plan)).toEqual(['supervisor: li', 'director: zhao']);
    expect(at(plan, 'director').signers[0]?.how).toEqual([
      { kind: 'climbed', from: { role: 'director' }, because: 'unstaffed', via: 'wang' },
    ]);
  });
  it('whoever has left is passed over on the way up', () => {
    const plan = path({ but: { zhao: { active: false } }, values: { amount: 6_000_000n } });
    expect(signs(plan)).toEqual(['supervisor: li', 'director: chen']);
  });
  it('the holder of a lower role at the top is never taken for a higher one', () => {
    const refused = planPath(input({ but: { li: { manager: undefined as never } }, values: { amount: 6_000_000n } }));
    expect(refused).toMatchObject({ refusal: { step: 'director', reason: 'nobody-above' } });
  });
  it('whoever is at the top of the line anyway signs in place of each unstaffed role, once', () => {
    const plan = path({ by: 'sun', values: { amount: 6_000_000n } });
    expect(signs(plan)).toEqual(['supervisor: chen', 'director: chen']);
    expect(at(plan, 'director').coveredBy).toEqual([{ person: 'chen', step: 'supervisor' }]);
  });
});

describe('D2: a signer who stands twice in the path signs once', () => {
  it('the later step counts the earlier signature', () => {
    const plan = path({ by: 'li', values: { amount: 6_000_000n } });
    expect(signs(plan)).toEqual(['supervisor: zhao', 'director: zhao']);
    expect(at(plan, 'supervisor').coveredBy).toBeUndefined();
    expect(at(plan, 'director').coveredBy).toEqual([{ person: 'zhao', step: 'supervisor' }]);
  });
  it('of all who must sign a step, only the one who has signed before is covered', () => {
    const both = steps(
      step('first', [{ line: 'supervisor' }]),
      step('second', [{ line: 'supervisor' }, { role: 'finance' }], { need: 'all' }),
    );
    const second = at(path({ process: both }), 'second');
    expect(second.signers.map((s) => s.person)).toEqual(['li', 'qian']);
    expect(second.coveredBy).toEqual([{ person: 'li', step: 'first' }]);
  });
  it('two rules that mean one person are one signature', () => {
    const twice = steps(step('both', [{ line: 'director' }, { line: 'department-head' }], { need: 'all' }));
    expect(signs(path({ process: twice }))).toEqual(['both: zhao']);
  });
});

describe('D3: nobody signs their own request', () => {
  it("the supervisor's own goes to her manager, and says why", () => {
    const plan = path({ by: 'li' });
    expect(signs(plan)).toEqual(['supervisor: zhao']);
    expect(at(plan, 'supervisor').signers[0]?.how).toEqual([
      { kind: 'climbed', from: { person: 'li' }, because: 'own-request', via: 'li' },
    ]);
  });
  const finance = (need: 'any' | 'all') => steps(step('finance', [{ role: 'finance', need }]));
  const twoInFinance: Given = { but: { sun: { roles: ['finance'] } } };
  it('或签 among several: the others remain', () => {
    expect(signs(path({ ...twoInFinance, process: finance('any'), by: 'qian' }))).toEqual(['finance: sun']);
  });
  it("会签 of all: the requester's share climbs to their manager", () => {
    expect(signs(path({ ...twoInFinance, process: finance('all'), by: 'qian' }))).toEqual(['finance: sun+chen']);
  });
  it('one named person who asks, or who has left, gives way to the next one up', () => {
    const named = steps(step('legal', [{ person: 'sun' }]));
    expect(signs(path({ process: named }))).toEqual(['legal: sun']);
    expect(signs(path({ process: named, by: 'sun' }))).toEqual(['legal: chen']);
    const gone = path({ process: named, but: { sun: { active: false } } });
    expect(at(gone, 'legal').signers[0]?.how).toMatchObject([{ because: 'inactive', from: { person: 'sun' } }]);
    expect(planPath(input({ process: named, by: 'chen', but: { sun: { active: false } } }))).toHaveProperty('refusal');
  });
});

describe('D4: while a signer is away', () => {
  it('the deputy signs and both names are kept', () => {
    const plan = path({ away: [{ person: 'li', deputy: 'zhao' }] });
    expect(at(plan, 'supervisor').signers).toEqual([
      {
        person: 'zhao',
        rule: { line: 'supervisor' },
        standsInFor: 'li',
        how: [
          { kind: 'rule' },
          { kind: 'stands-in', for: 'li', chain: [{ absent: 'li', deputy: 'zhao', how: 'deputy' }] },
        ],
      },
    ]);
  });
  it('the requester who is the deputy does not sign: it climbs', () => {
    const plan = path({ away: [{ person: 'li', deputy: 'wang' }] });
    expect(signs(plan)).toEqual(['supervisor: zhao']);
    expect(at(plan, 'supervisor').signers[0]?.how).toMatchObject([
      { kind: 'rule' },
      { kind: 'climbed', from: { person: 'li' }, because: 'away-circle', via: 'li' },
      { kind: 'stands-in', for: 'li' },
    ]);
  });
  it("a deputy's signature for somebody else counts for the deputy's own step too", () => {
    const plan = path({ away: [{ person: 'li', deputy: 'zhao' }], values: { amount: 6_000_000n } });
    expect(signs(plan)).toEqual(['supervisor: zhao', 'director: zhao']);
    expect(at(plan, 'director').coveredBy).toEqual([{ person: 'zhao', step: 'supervisor' }]);
  });
  it('the only one at the top is away with the requester as deputy: refused, not approved', () => {
    const refused = planPath(input({ by: 'zhao', away: [{ person: 'chen', deputy: 'zhao' }] }));
    expect(refused).toMatchObject({ refusal: { reason: 'nobody-above' } });
  });
});

describe('conditions on other fields', () => {
  const when = (test: Step['when']) =>
    steps(step('one', [{ line: 'supervisor' }]), step('two', [{ role: 'legal' }], { when: test ?? {} }));
  const second = (test: Step['when'], values: Values) => at(path({ process: when(test), values }), 'two').applies;
  it('a choice is or is in', () => {
    expect(second({ category: { is: 'gift' } }, { category: 'gift' })).toBe(true);
    expect(second({ category: { is: 'gift' } }, { category: 'media' })).toBe(false);
    expect(second({ category: { in: ['gift', 'event'] } }, { category: 'event' })).toBe(true);
  });
  it('numbers compare as decimals, not as floats', () => {
    expect(second({ days: { atLeast: '0.3' } }, { days: '0.29999999999999999999' })).toBe(false);
    expect(second({ days: { atLeast: '0.30' } }, { days: 0.3 })).toBe(true);
    expect(second({ days: { below: '-1' } }, { days: '-1.5' })).toBe(true);
  });
  it('dates compare as days; all conditions of a step must hold', () => {
    const test = { due: { atLeast: '2026-10-01', below: '2026-10-08' } };
    expect(second(test, { due: '2026-10-01' })).toBe(true);
    expect(second(test, { due: '2026-10-08' })).toBe(false);
  });
  it('what would change a number is told in its own decimals', () => {
    const process = when({ days: { atLeast: '2.5' } });
    expect(whatWouldChange(input({ process, values: { days: '3' } }))).toEqual([
      { field: 'days', type: 'number', direction: 'less', by: 6n, digits: 1, signers: ['li'] },
    ]);
  });
  it('if no step applies, nothing is approved: it is refused', () => {
    const process = steps(step('only', [{ line: 'supervisor' }], { when: { category: { is: 'gift' } } }));
    expect(planPath(input({ process, values: { category: 'media' } }))).toMatchObject({
      refusal: { step: 'only', reason: 'no-step-applies' },
    });
  });
});

describe('copies', () => {
  it('go to whom the rules name, once, never to the requester', () => {
    const rules = [
      { line: 'director' },
      { role: 'legal' },
      { person: 'zhao' },
      { role: 'nobody' },
      { line: 'specialist' },
    ];
    expect(copiesOf(rules, 'wang', directory())).toEqual(['zhao', 'sun']);
    expect(copiesOf([{ person: 'sun' }], 'wang', directory({ but: { sun: { active: false } } }))).toEqual([]);
  });
});

describe('in any company, with any steps and absences', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
  const roles = ['r', 's', 't'] as const;
  const id = fc.constantFrom(...ids);
  const need = fc.option(fc.constantFrom('any' as const, 'all' as const), { nil: undefined });
  const who = fc.oneof(
    fc.record({ line: fc.constantFrom(...roles) }),
    fc.record({ role: fc.constantFrom(...roles) }),
    fc.record({ person: id }),
  );
  const limit = fc.integer({ min: 1, max: 9 });
  const anyStep = fc.record({
    who: fc.array(who, { minLength: 1, maxLength: 3 }),
    need,
    limit: fc.option(limit, { nil: undefined }),
  });
  const anyAsk = fc.record({
    managers: fc.array(fc.option(id, { nil: undefined }), { minLength: 7, maxLength: 7 }),
    roles: fc.array(fc.subarray([...roles]), { minLength: 7, maxLength: 7 }),
    active: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    away: fc.array(fc.record({ person: id, deputy: id }), { maxLength: 8 }),
    steps: fc.array(anyStep, { minLength: 1, maxLength: 4 }),
    by: id,
    amount: fc.bigInt({ min: 1n, max: 1_000n }),
  });
  const build = (ask: typeof anyAsk extends fc.Arbitrary<infer T> ? T : never): Ask => ({
    people: ids.map((one, i) => ({
      id: one,
      roles: ask.roles[i] ?? [],
      active: ask.active[i] ?? true,
      ...(ask.managers[i] === undefined ? {} : { manager: ask.managers[i] }),
    })),
    away: ask.away,
    by: ask.by,
    values: { amount: ask.amount },
    process: {
      form: spend.form,
      steps: ask.steps.map((one, i) =>
        step(`s${i}`, one.who as Step['who'], {
          ...(one.need ? { need: one.need } : {}),
          ...(one.limit === undefined ? {} : { when: { amount: { atLeast: `${one.limit}` } } }),
        }),
      ) as Process['steps'],
    },
  });

  it('the requester never signs, every step that applies has a signer who is here, and it always ends', () => {
    fc.assert(
      fc.property(anyAsk, (given) => {
        const ask = input(build(given));
        const plan = planPath(ask);
        if ('refusal' in plan) return;
        expect(signersOf(plan)).not.toContain(given.by);
        expect(plan.steps.some((one) => one.applies)).toBe(true);
        for (const one of plan.steps) {
          expect(one.signers.length > 0).toBe(one.applies);
          expect(new Set(one.signers.map((s) => s.person)).size).toBe(one.signers.length);
        }
        for (const one of signersOf(plan)) {
          expect(ask.directory.people.get(one)?.active).toBe(true);
          expect(isAway(ask.directory, one)).toBe(false);
        }
        for (const { id: covered, coveredBy = [] } of plan.steps) {
          for (const { person, step: earlier } of coveredBy) {
            expect(at(plan, earlier).signers.map((s) => s.person)).toContain(person);
            expect(plan.steps.findIndex((s) => s.id === earlier)).toBeLessThan(
              plan.steps.findIndex((s) => s.id === covered),
            );
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
  it('the same question has the same answer, and the answer is plain JSON', () => {
    fc.assert(
      fc.property(anyAsk, (given) => {
        const plan = planPath(input(build(given)));
        expect(planPath(input(build(given)))).toEqual(plan);
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
    );
  });
  it('more money never spares a step, nor ends lower in the reporting line', () => {
    fc.assert(
      fc.property(anyAsk, fc.bigInt({ min: 0n, max: 1_000n }), (given, more) => {
        const here = { ...given, away: [] };
        const [less, much] = [here, { ...here, amount: here.amount + more }].map((one) => planPath(input(build(one))));
        if (!less || !much || 'refusal' in much) return;
        if ('refusal' in less) {
          expect(less.refusal.reason).toBe('no-step-applies');
          return;
        }
        for (const one of less.steps) if (one.applies) expect(at(much, one.id).applies).toBe(true);
        const line = lineUp(directory(build(given)), given.by).map((p) => p.id);
        const highest = (plan: Plan) =>
          Math.max(
            ...plan.steps.flatMap((s) => s.signers.filter((x) => 'line' in x.rule).map((x) => line.indexOf(x.person))),
          );
        expect(highest(much)).toBeGreaterThanOrEqual(highest(less));
      }),
      { numRuns: 1000 },
    );
  });
});
