/** Who has a statement’s card, who is told and at what hour, when its clearers are reminded and who is asked besides (C5, N2). */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/core/module.ts';
import { LANE } from '../../src/core/module.ts';
import { cleared, crisis, drafted, type Life } from './office.ts';

const FIRE = crisis();
const within = { crisis: FIRE };
const timer = (life: Life) =>
  life.effects.find((one): one is Extract<Effect, { kind: 'timer' }> => one.kind === 'timer');
const minutesFrom = (life: Life, at: string): number => ((timer(life)?.due.getTime() ?? 0) - Date.parse(at)) / 60_000;
const at = (time: string) => `2026-11-23T${time}:00+08:00`;

describe('who has its card', () => {
  test('the rooms that stand, the author, and whoever has to act', () => {
    expect(drafted(within).cards()).toEqual(['room C0ROOM', 'li']);
    expect(
      drafted(within)
        .act('ask', { seen: 1 }, { ...within, by: 'li' })
        .cards(),
    ).toEqual(['room C0ROOM', 'li', 'sun']);
  });
  test('once it is cleared whoever releases it', () => {
    const spoken = { crisis: crisis({ seats: { spokesperson: { person: 'wang', at: at('22:00') } } }) };
    expect(cleared(spoken).cards()).toEqual(['room C0ROOM', 'li', 'sun', 'zhao', 'chen', 'wang']);
  });
  test('in an open crisis nothing waits for the morning; outside of one, and after it, it does', () => {
    const lanes = (life: Life) => new Set(life.effects.flatMap((one) => ('lane' in one ? [one.lane] : [])));
    expect(lanes(cleared(within))).toEqual(new Set([LANE.page]));
    expect(lanes(cleared({ crisis: crisis({ state: 'over' }) }))).toEqual(new Set([LANE.card, LANE.decision]));
    expect(lanes(cleared({}))).toEqual(new Set([LANE.card, LANE.decision]));
  });
});

describe('who is told', () => {
  test('a first card rings by itself; whoever is asked once more is told', () => {
    const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
    expect(life.told()).toEqual([]);
    life.act('edit', { text: '另一份', seen: 1 }, { ...within, by: 'li' });
    life.act('ask', { seen: 2 }, { ...within, by: 'li' });
    expect(life.told()).toEqual(['asked sun']);
  });
  test('the author of what is cleared and released; never whoever did it', () => {
    const life = cleared(within);
    expect(life.told()).toEqual(['to-release zhao', 'cleared li']);
    const out = { where: '官网', at: new Date(at('22:00')).toISOString(), seen: 1 };
    expect(life.act('release', out, { ...within, by: 'zhao' }).told()).toEqual([
      'released li',
      'released sun',
      'released chen',
    ]);
  });
});

describe('reminders', () => {
  const asked = (of = {}) =>
    drafted({ ...within, ...of, at: at('22:00') }).act(
      'ask',
      { seen: 1 },
      { ...within, ...of, by: 'li', at: at('22:00') },
    );
  const chase = (life: Life, time: string, of = {}) =>
    life.act('remind', timer(life)?.args ?? {}, { ...within, ...of, at: at(time) });

  test('in a crisis every ten minutes by the clock on the wall, ahead of all else, at any hour', () => {
    const life = asked();
    expect([minutesFrom(life, at('22:00')), timer(life)?.urgent]).toEqual([10, true]);
    expect(chase(life, '22:10').told()).toEqual(['chased sun']);
    expect([minutesFrom(life, at('22:10')), timer(life)?.args]).toEqual([10, { step: 's1', version: 1, count: 2 }]);
  });
  test('after half an hour the next one up is asked as well, and may clear it', () => {
    const life = asked();
    chase(life, '22:10');
    expect(chase(life, '22:20').told()).toEqual(['chased sun']);
    expect(chase(life, '22:30').told()).toEqual(['chased sun', 'raised chen']);
    expect(life.cards()).toContain('chen');
    expect(chase(life, '22:40').told()).toEqual(['chased sun', 'chased chen']);
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'chen' }).code).toBeUndefined();
  });
  test('who wrote it is not asked because nobody answers', () => {
    const byBoss = { crisis: FIRE, but: { sun: { manager: 'zhao' } } };
    const life = asked(byBoss).act('edit', { text: '总监改过', seen: 1 }, { ...byBoss, by: 'zhao' });
    life.act('ask', { seen: 2 }, { ...byBoss, by: 'li' });
    chase(life, '22:10', byBoss);
    chase(life, '22:20', byBoss);
    expect(chase(life, '22:30', byBoss).told()).toEqual(['chased sun', 'raised chen']);
  });
  test('outside of a crisis after four hours of work', () => {
    const calm = { by: 'qian', at: at('16:30') };
    const life = drafted(calm).act('ask', { seen: 1 }, calm);
    expect(timer(life)?.due.toISOString()).toBe(new Date('2026-11-24T11:30:00+08:00').toISOString());
    expect(timer(life)?.urgent).toBeUndefined();
  });
  test('the next clearer has a clock of their own; with the last one it stops', () => {
    const life = asked();
    life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'sun', at: at('22:07') });
    expect([minutesFrom(life, at('22:07')), timer(life)?.args]).toEqual([10, { step: 's2', version: 1, count: 1 }]);
    expect(cleared(within).effects).toContainEqual({ kind: 'cancel', key: 'ST-2026-0001|clear' });
  });
  test('a reminder that comes late says nothing that is not true any more', () => {
    const life = asked();
    const { args = {} } = timer(life) ?? {};
    life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'sun' });
    expect(life.act('remind', args, within).code).toBe('over');
  });
  test('what is sent back or changed reminds nobody', () => {
    const stop = { kind: 'cancel', key: 'ST-2026-0001|clear' };
    expect(asked().act('return', { reason: '改', seen: 1 }, { ...within, by: 'sun' }).effects).toContainEqual(stop);
    expect(asked().act('edit', { text: '改', seen: 1 }, { ...within, by: 'li' }).effects).toContainEqual(stop);
  });
});
