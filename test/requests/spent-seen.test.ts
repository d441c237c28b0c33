/** What is spent first stays before the eyes of those who watch: on its card, in their list, on the card of its crisis. */
import { describe, expect, it } from 'vitest';
import type { Spent } from '../../src/crisis/model.ts';
import { moneyBlocks } from '../../src/crisis/outcome-cards.ts';
import type { Reading as CrisisReading } from '../../src/crisis/reading.ts';
import { maySee, requestCard } from '../../src/requests/cards.ts';
import { CRISIS, openOffice } from './office.ts';
import { DUE, payout, reading, said, spentFirst } from './spent.ts';

describe('who sees it', () => {
  it('whoever is new in the role that watches may look at what waits to be ratified, and no longer', () => {
    const office = spentFirst();
    office.changes({ sun: { roles: ['finance'] } });
    expect(maySee(office.request, 'sun', office.world())).toBe(true);
    expect(maySee(office.request, 'chen', office.world())).toBe(false);
    office.changes({ sun: { roles: ['finance'], active: false } });
    expect(maySee(office.request, 'sun', office.world())).toBe(false);
    office.changes({ sun: { roles: ['finance'], active: true } });
    office.does('li', 'reject');
    expect(maySee(office.request, 'sun', office.world())).toBe(false);
    const plain = openOffice();
    plain.submits('wang', payout);
    expect(maySee(plain.request, 'qian', plain.world())).toBe(false);
  });
  it('the card of the crisis has both times of what was spent', () => {
    const spent: Spent = {
      request: 'SP-2026-0001',
      person: 'wang',
      base: '8000000',
      at: '2026-12-03T02:00:00.000Z',
      due: DUE,
      state: 'open',
    };
    const said = (one: Spent, language: 'zh' | 'en') => {
      const crisis = {
        number: CRISIS,
        raisedAt: '2026-12-03T01:00:00.000Z',
        state: 'over',
        spent: [one],
        team: [],
        calls: [],
      };
      const shown = { crisis, world: openOffice().world(), language, held: [], statements: [], files: [] };
      return JSON.stringify(moneyBlocks(shown as unknown as CrisisReading, { person: 'zhao' }));
    };
    expect(said(spent, 'zh')).toContain('；10:00 支出"');
    const endedAt = '2026-12-04T04:00:00.000Z';
    expect(said({ ...spent, state: 'ratified', endedAt }, 'zh')).toContain('；10:00 支出，12-04 12:00 补批"');
    expect(said({ ...spent, state: 'refused', endedAt }, 'zh')).toContain('；10:00 支出，12-04 12:00 拒绝补批"');
    expect(said({ ...spent, state: 'ratified', endedAt }, 'en')).toContain('; spent 10:00, ratified 12-04 12:00"');
    // from before the second time was kept
    expect(said({ ...spent, state: 'ratified' }, 'en')).toContain('; spent 10:00"');
  });
  it('whoever ratifies one of many sees what all of them come to', () => {
    const office = spentFirst();
    const shown = (count: number) =>
      said(requestCard({ ...reading(office), together: { base: 9_500_000n, count } }, { person: 'li' }));
    expect(shown(3)).toContain('共 ¥95,000.00（3 笔，含本笔）');
    expect(shown(1)).not.toContain('含本笔');
  });
});
