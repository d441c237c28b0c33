/** Who is meant, who is above, who acts for whom. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDuration, WorkHours } from '../../src/core/calendar.ts';
import {
  accountsOf,
  administrators,
  calendarsKept,
  holders,
  hoursOf,
  isAway,
  languageOf,
  lineUp,
  nextUp,
  personByAccount,
  personByName,
  standInFor,
} from '../../src/directory/lookup.ts';
import { directory, person } from '../support/company.ts';

const ids = (people: { id: string }[]) => people.map((one) => one.id);

describe('who is meant', () => {
  const company = directory();
  it('李娜 is found by name, by @ and name, by id, in full-width letters and by a mention', () => {
    for (const text of ['李娜', ' @李娜 ', 'li', 'LI', '＠ｌｉ'])
      expect(ids(personByName(company, text))).toEqual(['li']);
    expect(ids(personByName(company, '<@U02LI>', 'slack'))).toEqual(['li']);
    expect(ids(personByName(company, '<@U02LI|li.na>', 'slack'))).toEqual(['li']);
    expect(ids(personByName(company, '<@ou_li>', 'feishu'))).toEqual(['li']);
    expect(ids(personByName(company, '<@li>', 'desk'))).toEqual(['li']);
  });
  it('a mention from another platform, an empty text and a stranger are nobody', () => {
    for (const text of ['<@U02LI>', '', '@', '李', '<@U999>'])
      expect(personByName(company, text, 'feishu')).toEqual([]);
    expect(personByName(company, '<@U02LI>')).toEqual([]);
  });
  it('two people of one name are both offered; the one who has left is not, while the other is here', () => {
    const two = directory({ but: { sun: { name: '李娜' } } });
    expect(ids(personByName(two, '李娜'))).toEqual(['li', 'sun']);
    const left = directory({ but: { sun: { name: '李娜', active: false } } });
    expect(ids(personByName(left, '李娜'))).toEqual(['li']);
    expect(ids(personByName(directory({ but: { li: { active: false } } }), '李娜'))).toEqual(['li']);
  });
  it('D2: one person is one identity on every platform', () => {
    expect(personByAccount(company, 'slack', 'U01WANG')).toBe(personByAccount(company, 'feishu', 'ou_wang'));
    expect(personByAccount(company, 'desk', 'wang')?.id).toBe('wang');
    expect(personByAccount(company, 'slack', 'ou_wang')).toBeUndefined();
  });
});

describe('who is above', () => {
  it('D1: the line goes from the specialist to the executive', () => {
    expect(ids(lineUp(directory(), 'wang'))).toEqual(['li', 'zhao', 'chen']);
    expect(nextUp(directory(), 'chen')).toBeUndefined();
  });
  it('whoever has left stays in the line but is not the next one up', () => {
    const company = directory({ but: { li: { active: false } } });
    expect(ids(lineUp(company, 'wang'))).toEqual(['li', 'zhao', 'chen']);
    expect(nextUp(company, 'wang')?.id).toBe('zhao');
  });
  it('a circle in the line is walked once', () => {
    const company = directory({ but: { chen: { manager: 'li' } } });
    expect(ids(lineUp(company, 'li'))).toEqual(['zhao', 'chen']);
  });
  it('a role is held by those who are here', () => {
    expect(ids(holders(directory({ but: { li: { roles: ['finance'] } } }), 'finance'))).toEqual(['li', 'qian']);
    expect(holders(directory({ but: { qian: { active: false } } }), 'finance')).toEqual([]);
  });
  it('administrators are the holders of admin, else whoever has nobody above', () => {
    expect(ids(administrators(directory()))).toEqual(['chen']);
    expect(ids(administrators(directory({ but: { qian: { roles: ['admin'] } } })))).toEqual(['qian']);
    expect(ids(administrators(directory({ but: { chen: { active: false } } })))).toEqual(['zhao', 'qian', 'sun']);
  });
});

describe('where and in which language', () => {
  const wang = person({ id: 'wang', accounts: { slack: 'U01WANG', feishu: 'ou_wang' } });
  it('on each platform where they have an account and which runs', () => {
    expect(accountsOf(wang)).toEqual([
      { platform: 'slack', account: 'U01WANG' },
      { platform: 'feishu', account: 'ou_wang' },
    ]);
    expect(accountsOf(wang, ['desk'])).toEqual([{ platform: 'desk', account: 'wang' }]);
  });
  it('prefer narrows it, but never to nothing', () => {
    expect(accountsOf({ ...wang, prefer: ['feishu'] })).toEqual([{ platform: 'feishu', account: 'ou_wang' }]);
    expect(accountsOf({ ...wang, prefer: ['feishu'] }, ['slack'])).toEqual([{ platform: 'slack', account: 'U01WANG' }]);
    expect(accountsOf({ ...wang, prefer: ['feishu'] }, ['desk', 'slack', 'feishu'])).toEqual([
      { platform: 'desk', account: 'wang' },
      { platform: 'feishu', account: 'ou_wang' },
    ]);
  });
  it("their own language, else the company's", () => {
    expect(languageOf(directory({ but: { li: { language: 'en' } } }), 'li')).toBe('en');
    expect(languageOf(directory(), 'wang')).toBe('zh');
    expect(languageOf(directory({ language: 'en-GB' }), 'stranger')).toBe('en');
  });
});

describe('D4: who acts for somebody who is away', () => {
  it('nobody needs to while they are here: before the first day and after the last', () => {
    const away = [{ person: 'zhao', deputy: 'li' }];
    for (const today of ['2026-11-30', '2026-12-08']) {
      expect(standInFor(directory({ away, today }), 'zhao')).toEqual({ person: 'zhao', chain: [] });
    }
    for (const today of ['2026-12-01', '2026-12-07']) expect(isAway(directory({ away, today }), 'zhao')).toBe(true);
  });
  it('the deputy, and the deputy of the deputy', () => {
    const one = directory({ away: [{ person: 'zhao', deputy: 'li' }] });
    expect(standInFor(one, 'zhao')).toEqual({ person: 'li', chain: [{ absent: 'zhao', deputy: 'li', how: 'deputy' }] });
    const two = directory({ away: [...one.absences, { person: 'li', deputy: 'qian' }] });
    expect(standInFor(two, 'zhao')).toEqual({
      person: 'qian',
      chain: [
        { absent: 'zhao', deputy: 'li', how: 'deputy' },
        { absent: 'li', deputy: 'qian', how: 'deputy' },
      ],
    });
  });
  it('a circle of stand-ins ends with the next one up', () => {
    const company = directory({
      away: [
        { person: 'li', deputy: 'wang' },
        { person: 'wang', deputy: 'li' },
      ],
    });
    expect(standInFor(company, 'li')).toEqual({
      person: 'zhao',
      chain: [{ absent: 'li', deputy: 'zhao', how: 'climbed' }],
    });
  });
  it('nobody becomes their own approver by it, nor chooses who is', () => {
    const company = directory({
      away: [
        { person: 'li', deputy: 'wang' },
        { person: 'wang', deputy: 'sun' },
      ],
    });
    expect(standInFor(company, 'li', ['wang'])).toMatchObject({ person: 'zhao' });
  });
  it('a deputy who has left is passed over, and a second absence that names another deputy counts', () => {
    const company = directory({
      but: { qian: { active: false } },
      away: [
        { person: 'zhao', deputy: 'qian' },
        { person: 'zhao', deputy: 'sun' },
      ],
    });
    expect(standInFor(company, 'zhao')).toMatchObject({ person: 'sun' });
  });
  it('when nobody is above the absent one, nobody is', () => {
    const company = directory({ away: [{ person: 'chen', deputy: 'wang' }] });
    expect(standInFor(company, 'chen', ['wang'])).toEqual({ nobody: 'nobody-above' });
  });

  const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
  const anyCompany = fc.record({
    managers: fc.array(fc.option(fc.constantFrom(...names), { nil: undefined }), { minLength: 6, maxLength: 6 }),
    active: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    away: fc.array(fc.record({ person: fc.constantFrom(...names), deputy: fc.constantFrom(...names) }), {
      maxLength: 12,
    }),
    not: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
  });
  it('on any reporting line and any absences it ends, and never with somebody excluded, away or gone', () => {
    fc.assert(
      fc.property(anyCompany, fc.constantFrom(...names), ({ managers, active, away, not }, who) => {
        const people = names.map((id, i) => ({
          id,
          active: active[i] ?? true,
          ...(managers[i] === undefined ? {} : { manager: managers[i] }),
        }));
        const company = directory({ people, away });
        const found = standInFor(company, who, not);
        if ('nobody' in found) return;
        expect(not).not.toContain(found.person);
        expect(company.people.get(found.person)?.active).toBe(true);
        expect(isAway(company, found.person)).toBe(false);
        expect(found.chain.map((link) => link.absent)).toEqual(
          [who, ...found.chain.map((link) => link.deputy)].slice(0, -1),
        );
        if (found.chain.length === 0) expect(found.person).toBe(who);
      }),
      { numRuns: 500 },
    );
  });
});

describe('when somebody works', () => {
  const american = WorkHours.parse({ timezone: 'America/New_York', from: '09:00', to: '17:00', calendar: 'US' });
  const abroad = { but: { sun: { hours: american } } };

  it('as the company does, or by hours of their own', () => {
    const company = directory(abroad);
    expect(hoursOf(company, 'wang')).toBe(company.company.hours);
    expect(hoursOf(company, 'nobody')).toBe(company.company.hours);
    expect(hoursOf(company, 'sun')).toBe(american);
  });
  it('not on the days on which they are away, whatever the calendar says; others are not away', () => {
    const away = [{ person: 'sun', deputy: 'chen', from: '2026-12-03', to: '2026-12-04' }];
    const own = { ...american, exceptions: { '2026-12-03': 'work', '2026-12-24': 'off' } } as const;
    const company = directory({ but: { sun: { hours: own } }, away });
    expect(hoursOf(company, 'sun').exceptions).toEqual({
      '2026-12-03': 'off',
      '2026-12-04': 'off',
      '2026-12-24': 'off',
    });
    expect(own.exceptions['2026-12-03']).toBe('work');
    expect(hoursOf(company, 'li')).toBe(company.company.hours);
    // Thursday and Friday are theirs, so that what was asked on Wednesday at noon is due on Monday
    const asked = new Date('2026-12-02T12:00:00-05:00');
    const due = addDuration(asked, { amount: 8, unit: 'hours', working: true }, hoursOf(company, 'sun'));
    expect(due).toEqual(new Date('2026-12-07T12:00:00-05:00'));
  });
  it('somebody who is away for years stops no deadline for good', () => {
    const away = Array.from({ length: 9 }, (_, n) => ({
      person: 'li',
      deputy: 'qian',
      from: `${2026 + n}-01-01`,
      to: `${2026 + n}-12-31`,
    }));
    const company = directory({ away });
    const due = addDuration(
      new Date('2026-12-03T02:00Z'),
      { amount: 2, unit: 'days', working: true },
      hoursOf(company, 'li'),
    );
    expect(due.getUTCFullYear()).toBe(2027);
  });
  it('each calendar that somebody keeps is known once, the company’s first', () => {
    const people = { sun: { hours: american }, qian: { hours: { ...american, from: '10:00' } } };
    expect(calendarsKept(directory({ but: people }).company).map(({ calendar }) => calendar)).toEqual(['CN', 'US']);
    expect(calendarsKept(directory().company)).toEqual([directory().company.hours]);
  });
});
