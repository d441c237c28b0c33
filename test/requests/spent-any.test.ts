/** A3, whatever is spent by whomever: no cap is ever passed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/message.ts';
import type { Plan } from '../../src/crisis/book.ts';
import { spendVerdict } from '../../src/crisis/lookup.ts';
import type { Crisis, Spent } from '../../src/crisis/model.ts';
import { CRISIS, carryOut, openOffice, person, spend } from './office.ts';

describe('whatever is spent by whomever in whatever order', () => {
  const team = ['wang', 'li', 'zhao'].map((one) => ({ person: one }));
  const plan = { team, spending: { each: '10万', total: '15万' } } as unknown as Plan;
  const ratify = { amount: 24, unit: 'hours', working: true } as const;
  const TEAM = ['wang', 'li', 'zhao'];
  const SUMS = [
    ['1', 100n],
    ['49999.99', 4_999_999n],
    ['5万', 5_000_000n],
    ['10万', 10_000_000n],
    ['100000.01', 10_000_001n],
    ['15万', 15_000_000n],
  ] as const;
  const act = fc.record({
    who: fc.constantFrom('wang', 'li', 'zhao', 'qian'),
    sum: fc.constantFrom(...SUMS),
    fate: fc.constantFrom('open', 'open', 'ratified', 'refused', 'cleared'),
  });

  it('no member’s open or ratified spend is ever above their cap, nor all of it above the team’s; who is outside or suspended spends nothing', () => {
    let [executed, urgent] = [0, 0];
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), (acts) => {
        const office = openOffice();
        let spent: Spent[] = [];
        for (const [
          nth,
          {
            who,
            sum: [amount, base],
            fate,
          },
        ] of acts.entries()) {
          const crisis = {
            state: 'open',
            plan: { ...plan, spending: { ...plan.spending, ratify } },
            team: TEAM.map((one) => ({ person: one, why: { plan: true } })),
            spent,
          } as unknown as Crisis;
          const moment = office.moment(person(who));
          const values: JsonObject = { amount, title: '赔付' };
          const verdict = spendVerdict(crisis, who, base, moment.world);
          const carried = carryOut(
            undefined,
            { name: 'requests.submit', subject: undefined, args: { process: 'spend', values, crisis: CRISIS } },
            moment,
            [spend],
            0,
            { spend: { crisis: CRISIS, base: `${base}`, verdict } },
          );
          if ('refusal' in carried) throw new Error(carried.refusal.code);
          const event = carried.events.find((one) => one.type === 'request-executed');
          const before = spent.some((one) => one.person === who && one.state === 'refused' && !one.cleared);
          if (event === undefined) {
            urgent += 1;
            expect(carried.after.urgent).toBeDefined();
            continue;
          }
          executed += 1;
          expect(TEAM).toContain(who);
          expect(before).toBe(false);
          expect(event.data).toMatchObject({ person: who, base: `${base}` });
          const state = fate === 'cleared' ? 'refused' : fate;
          const { data } = event;
          spent = [
            ...spent,
            {
              request: `SP-2026-${nth}`,
              person: who,
              base: data.base,
              at: '',
              due: data.due,
              state,
              ...(fate === 'cleared' ? { cleared: '2026-12-03T02:00:00Z' } : {}),
            },
          ];
          const sum = (some: Spent[]) => some.reduce((all, one) => all + BigInt(one.base), 0n);
          const counted = spent.filter((one) => one.state !== 'refused');
          expect(sum(counted.filter((one) => one.person === who))).toBeLessThanOrEqual(10000000n);
          expect(sum(counted)).toBeLessThanOrEqual(15000000n);
        }
      }),
      { numRuns: 300 },
    );
    expect(executed).toBeGreaterThan(100);
    expect(urgent).toBeGreaterThan(100);
  });
});
