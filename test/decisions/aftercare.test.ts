/** What is done after a crisis goes the same way as what a meeting decides: an owner, a date, an end; whoever led is in the chair (C7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database as Client, openDatabase } from '../../db/client.ts';
import type { Actor, Command, JsonObject } from '../../src/core/message.ts';
import type { Moment } from '../../src/core/module.ts';
import { decisionCard, noticeCard } from '../../src/decisions/cards.ts';
import { decide } from '../../src/decisions/decide.ts';
import { evolve } from '../../src/decisions/evolve.ts';
import { askForm } from '../../src/decisions/forms.ts';
import { letterCard } from '../../src/decisions/letters.ts';
import { takenAfter, takenAt } from '../../src/decisions/listing.ts';
import { citedText } from '../../src/decisions/lookup.ts';
import type { DecisionTaken } from '../../src/decisions/model.ts';
import { decisions } from '../../src/decisions/module.ts';
import { shownBy } from '../../src/decisions/store.ts';
import type { World } from '../../src/processes/model.ts';
import { directory } from '../support/company.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const at = new Date('2026-12-01T10:00:00+08:00');
const world = { directory: directory(), processes: [], pinned: async () => undefined } as World;
const moment = (actor: Actor = { kind: 'clock' }): Moment<World> => ({ actor, at, world });
const by = (id: string): Moment<World> => moment({ kind: 'person', id, platform: 'slack' });
const ORDERED: JsonObject = {
  text: '核算下架损失',
  owner: 'qian',
  due: '2026-12-04',
  chair: 'zhao',
  crisis: 'CR-2026-0003',
  meetingTitle: { zh: '直播间起火', en: 'Fire on air' },
  aftercare: 'loss',
  parties: ['zhao', 'sun'],
};
const take = (args: JsonObject): Command => ({ name: 'decisions.take', subject: undefined, args });

function taken(args: JsonObject = {}, ordered: JsonObject = ORDERED): DecisionTaken {
  const verdict = decide(undefined, take({ ...ordered, number: 'DM-2026-0001', ...args }), {}, moment());
  if ('refusal' in verdict) throw new Error(verdict.refusal.code);
  const state = verdict.events.reduce<DecisionTaken | undefined>(
    (now, event) => evolve(now, event, moment()),
    undefined,
  );
  return state as DecisionTaken;
}
const reading = (decision: DecisionTaken, language: 'zh' | 'en' = 'zh') => ({
  decision,
  directory: directory(),
  language,
  at,
  files: [],
});
const shown = (decision: DecisionTaken, person: string) => JSON.stringify(decisionCard(reading(decision), { person }));

describe('where it comes from', () => {
  const { crisis: _crisis, ...nowhere } = ORDERED;
  const { meetingTitle: _title, ...untitled } = ORDERED;
  const met = { meeting: 'MT-2026-0001' };
  test.each<[string, JsonObject, string | undefined]>([
    ['a crisis', ORDERED, undefined],
    ['a meeting', { ...nowhere, ...met }, undefined],
    ['both', { ...ORDERED, ...met }, 'unreadable'],
    ['neither', nowhere, 'unreadable'],
    ['a crisis without a title', untitled, 'unreadable'],
  ])('%s', (_name, args, code) => {
    const verdict = decide(undefined, take({ ...args, number: 'DM-2026-0001' }), {}, moment());
    expect('refusal' in verdict ? verdict.refusal.code : undefined).toBe(code);
  });
  test('one that brings no number gets the next; without any it is not taken', () => {
    const verdict = decide(undefined, take(ORDERED), { number: 'DM-2026-0009' }, moment());
    expect(verdict).toMatchObject({ events: [{ type: 'decision-taken', data: { number: 'DM-2026-0009' } }] });
    expect(decide(undefined, take(ORDERED), {}, moment())).toMatchObject({ refusal: { code: 'unreadable' } });
  });
});

describe('what its owner sees', () => {
  test('the crisis, what it is for, and who led; nothing of meetings', () => {
    const card = shown(taken(), 'qian');
    for (const part of ['来自危机', '直播间起火 CR-2026-0003', '善后事项', '损失评估', '总指挥', '赵敏'])
      expect(card).toContain(part);
    expect(card).not.toMatch(/会议|主持人/);
  });
  test('what brings money back names the request', () => {
    const { aftercare: _kind, ...plain } = ORDERED;
    const card = shown(taken({ recovers: 'SP-2026-0007' }, plain), 'qian');
    expect(card).toContain('追回 SP-2026-0007 的支出');
  });
  test('of a drill every card, notice and letter is marked', () => {
    const drill = taken({ crisis: 'DR-2026-0001' });
    expect(decisionCard(reading(drill), { person: 'qian' }).headline).toBe('【演练】决议 DM-2026-0001');
    expect(noticeCard(reading(drill), 'due-before', { day: '2026-12-04' }, 'qian')).toMatchObject({
      headline: '【演练】决议 DM-2026-0001',
      summary: expect.stringMatching(/^【演练】/),
    });
    expect(letterCard(reading(drill), 'taken', {}, 'qian')?.letter?.subject).toBe(
      '【演练】危机善后：直播间起火 DR-2026-0001',
    );
    expect(decisionCard(reading(taken()), { person: 'qian' }).headline).not.toContain('演练');
  });
  test('letters of one crisis are one conversation', () => {
    const letter = letterCard(reading(taken(), 'en'), 'taken', {}, 'qian')?.letter;
    expect(letter).toMatchObject({ thread: 'CR-2026-0003', subject: 'After the crisis: Fire on air CR-2026-0003' });
  });
  test('forms and states speak of whoever led', () => {
    const form = askForm('decline', taken(), { command: 'decisions.decline' }, 'zh');
    expect(JSON.stringify(form.intro)).toContain('总指挥会收到你的理由');
    const declined = { ...taken(), state: 'declined' as const };
    expect(citedText(declined.number, declined, '钱多', 'zh')).toContain('已拒绝，待总指挥另派');
  });
});

test('whoever led gives more time and another owner, and those above; nobody else', () => {
  const later = (person: string) => {
    const command = { name: 'decisions.extend', subject: 'DM-2026-0001', args: { to: '2026-12-08', reason: '等报价' } };
    const verdict = decide(taken(), command, {}, by(person));
    return 'refusal' in verdict ? verdict.refusal.code : 'extended';
  };
  expect(['zhao', 'chen', 'qian', 'li'].map(later)).toEqual(['extended', 'extended', 'only-chair', 'only-chair']);
});

describe('in the books', () => {
  let fresh: FreshDatabase;
  let database: Client;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = openDatabase(fresh.url, { max: 2 });
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });
  /** As the road does. */
  const carried = (args: JsonObject) =>
    database.sql.begin(async (tx) => {
      const command = take(args);
      const facts = await decisions.gather(tx, undefined, command, moment());
      const verdict = decisions.decide(undefined, command, facts, moment());
      if ('refusal' in verdict) return { code: verdict.refusal.code };
      const after = verdict.events.reduce<DecisionTaken | undefined>(
        (state, event) => decisions.evolve(state, event, moment()),
        undefined,
      ) as DecisionTaken;
      await decisions.save(tx, undefined, after, verdict.events, moment());
      return { number: after.number, stale: facts.elsewhere };
    });

  test('numbered without gaps beside those of minutes, found by their crisis, standing on its card', async () => {
    expect(await carried(ORDERED)).toEqual({ number: 'DM-2026-0001', stale: ['CR-2026-0003'] });
    // what is not taken draws no number
    expect(await carried({ ...ORDERED, owner: '' })).toEqual({ code: 'unreadable' });
    expect(await carried({ ...ORDERED, aftercare: 'lessons' })).toMatchObject({ number: 'DM-2026-0002' });
    const found = await takenAfter(database.sql, 'CR-2026-0003');
    expect(found.map(({ number, aftercare }) => `${number} ${aftercare}`)).toEqual([
      'DM-2026-0001 loss',
      'DM-2026-0002 lessons',
    ]);
    expect(await takenAfter(database.sql, 'CR-2026-0004')).toEqual([]);
    expect(await takenAt(database.sql, 'CR-2026-0003')).toEqual([]);
    expect(await shownBy(database.sql, found[0] as DecisionTaken)).toEqual(['CR-2026-0003']);
  });
});
