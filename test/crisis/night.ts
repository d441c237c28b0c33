/** One night's crisis from the alarm to what is done afterwards, as the office lives it; and its entries as the ledger keeps them. */
import type { JsonObject } from '../../src/core/message.ts';
import type { Entry } from '../../src/crisis/figures.ts';
import { book, openOffice } from './office.ts';

const targets = { grade: '5m', answer: '5m', team: '10m', statement: '1h', control: '3h' };

/** The plans with targets: what a drill is scored against. */
function bookWithTargets() {
  const plain = book();
  return book({ plans: plain.plans.map((plan) => ({ ...plan, targets })) as unknown as JsonObject[] });
}

export function openNight(at = '2026-11-22T03:00:00+08:00') {
  return openOffice({ at, book: bookWithTargets() });
}
export type Night = ReturnType<typeof openNight>;

/** As the ledger keeps them: plain JSON, with where a person acted. */
export function entriesIn({ events }: Night): Entry[] {
  return events.map(({ type, data, by, at }) => {
    const via = by === 'clock' ? {} : { via: 'slack' };
    return { type, by, at: at.toISOString(), data: JSON.parse(JSON.stringify({ ...data, ...via })) as JsonObject };
  });
}

export const HOSTILE = '顾客说 *不* [合同](http://evil.example) | <b>粗</b> `x` _y_ ~~z~~ #1 שלום 🔥 @所有人';
export const RELEASED = '我们已经关注到直播间的情况。\n产品已全部下架，正在调查。';

/** 03:00 raised · 03:02 graded · 03:02 and 03:07 answered · … · 05:40 under control. @param drill the same as a drill */
export function toldNight({ drill = false }: { drill?: boolean } = {}): { office: Night; number: string } {
  const office = openNight();
  const number = office.raises(drill ? 'li' : 'wang', { affected: '暖手宝', ...(drill ? { drill: 'fire' } : {}) });
  const must = (said: string) => {
    if (said !== 'done') throw new Error(said);
  };
  const does = (who: string, act: string, args: JsonObject) => must(office.does(who, act, number, args));
  office.passes(2);
  does('zhao', 'grade', { grade: 'major', reason: '有人受伤' });
  does('zhao', 'take-seat', { seat: 'lead' });
  office.passes(5);
  does('sun', 'answer', {});
  does('sun', 'fact', { text: HOSTILE, happenedAt: '2026-11-21T18:40:00.000Z' });
  does('zhao', 'fact', {
    text: '冒烟了',
    said: { by: '主播小林', platform: 'slack', link: 'https://slack.example/archives/C1/p1' },
  });
  does('zhao', 'task', { text: '下架产品', owner: 'li' });
  does('li', 'task-done', { task: 't1' });
  does('zhao', 'task', { text: '联系受伤的顾客', owner: 'wang' });
  does('sun', 'contact', { party: 'regulator', whom: '市场监管局', text: '已报告', at: '2026-11-21T19:00:00.000Z' });
  does('zhao', 'update', { known: '五起同类投诉', said: '正在调查', next: '下架' });
  if (!drill) {
    must(
      office.clock('spend', number, {
        request: 'SP-2026-0007',
        person: 'zhao',
        base: '8000000',
        due: '2026-11-25T07:30:00.000Z',
      }),
    );
    must(
      office.clock('spend', number, {
        request: 'SP-2026-0008',
        person: 'sun',
        base: '500000',
        due: '2026-11-25T07:30:00.000Z',
      }),
    );
    must(office.clock('ratified', number, { request: 'SP-2026-0007' }));
  }
  office.passes(25);
  must(office.clock('statement', number, { statement: 'ST-2026-0001', what: 'released', by: 'zhao' }));
  office.passes(128);
  if (office.crisis(number).freeze) does('zhao', 'resume', { go: true, reason: '已下架' });
  office.facts = drill ? { figures: { graded: 120, answers: [] } } : {};
  does('zhao', 'stand-down', { how: 'controlled', reason: '全部下架，顾客已安置' });
  does('zhao', 'aftercare', { kind: 'loss', text: '核算损失', owner: 'qian', due: '2026-12-04' });
  return { office, number };
}
