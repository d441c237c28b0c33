/** Any company, any process, and anything that people, the clock and the company may do to a request. */
import fc from 'fast-check';

export const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const roles = ['r', 's', 't'] as const;
const anyone = fc.constantFrom(...ids);
const who = fc.oneof(
  fc.record({ line: fc.constantFrom(...roles) }),
  fc.record({ role: fc.constantFrom(...roles) }),
  fc.record({ person: anyone }),
);
const when = fc.oneof(
  fc.record({ amount: fc.record({ atLeast: fc.constantFrom('1', '5', '9') }) }),
  fc.record({ amount: fc.record({ below: fc.constantFrom('5', '9') }) }),
  fc.record({ kind: fc.record({ is: fc.constantFrom('goods', 'media') }) }),
);
const anyStep = fc.record(
  {
    who: fc.array(who, { minLength: 1, maxLength: 3 }),
    need: fc.constantFrom('any', 'all'),
    when: fc.option(when, { nil: undefined, freq: 3 }),
  },
  { requiredKeys: ['who'] },
);
/** 会签 of several, where absences, escalations and hand-overs meet */
const joint = fc.record({
  need: fc.constant('all' as const),
  who: fc.uniqueArray(anyone, { minLength: 2, maxLength: 4 }).map((all) => all.map((one) => ({ person: one }))),
});
const anySteps = fc.oneof(
  fc.array(anyStep, { minLength: 1, maxLength: 5 }),
  fc.array(fc.oneof(joint, anyStep), { minLength: 1, maxLength: 3 }),
);
const values = fc.record(
  {
    amount: fc.constantFrom('3', '5', '12'),
    title: fc.constantFrom('展台', '物料'),
    kind: fc.constantFrom('goods', 'media'),
  },
  { requiredKeys: ['amount', 'title'] },
);
const absences = fc.array(
  fc.record({ person: anyone, deputy: anyone }).filter((one) => one.person !== one.deputy),
  { maxLength: 3 },
);
/** The tree's root is `a`; whoever comes later in the alphabet reports to somebody before them. */
const anyCompany = fc.record({
  managers: fc.array(fc.nat(6), { minLength: 7, maxLength: 7 }),
  roles: fc.array(fc.subarray([...roles]), { minLength: 7, maxLength: 7 }),
  left: fc.array(anyone, { maxLength: 1 }),
  away: absences,
});

/** `mine`: mostly somebody whose turn it is; else anybody */
const press = fc.record({
  mine: fc.integer({ min: 0, max: 4 }),
  who: fc.nat(6),
  to: anyone,
  before: fc.boolean(),
  stale: fc.constantFrom('no', 'no', 'no', 'no', 'no', 'content', 'step', 'nothing'),
  values,
});
const acts = {
  approve: 9,
  'hand-over': 3,
  'add-signer': 3,
  return: 2,
  resubmit: 4,
  reject: 1,
  withdraw: 1,
  comment: 1,
  copy: 1,
  urge: 1,
  attach: 1,
} as const;
const anyAct = fc.record({
  hours: fc.constantFrom(0, 1, 5, 30, 90),
  what: fc.oneof(
    ...Object.entries(acts).map(([act, weight]) => ({
      weight,
      arbitrary: press.map((given) => ({ kind: 'press' as const, act, ...given })),
    })),
    { weight: 8, arbitrary: fc.constant({ kind: 'clock' as const }) },
    { weight: 4, arbitrary: absences.map((away) => ({ kind: 'away' as const, away })) },
    { weight: 1, arbitrary: anyone.map((one) => ({ kind: 'leaves' as const, one })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'everybody-back' as const }) },
    { weight: 1, arbitrary: anySteps.map((steps) => ({ kind: 'policy' as const, steps })) },
    { weight: 3, arbitrary: fc.boolean().map((on) => ({ kind: 'freeze' as const, on })) },
  ),
});
export type AnyAct = typeof anyAct extends fc.Arbitrary<infer T> ? T : never;

export const story = fc.record({
  company: anyCompany,
  steps: anySteps,
  by: fc.constantFrom(...ids.slice(1)),
  values,
  /** for no crisis, spent first in one, or urgent for one */
  means: fc.constantFrom('own', 'own', 'spent', 'urgent'),
  acts: fc.array(anyAct, { minLength: 10, maxLength: 30 }),
});
export type AnyCompany = typeof anyCompany extends fc.Arbitrary<infer T> ? T : never;
