/** Spending and freezing on the real database, with the crisis that allows the one and orders the other; and whatever happens at the same moment. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { handle } from '../../src/core/handle.ts';
import type { Command, JsonObject } from '../../src/core/message.ts';
import { readCrisis } from '../../src/crisis/store.ts';
import { requestCard } from '../../src/requests/cards.ts';
import { ratificationBlocks, readingOf } from '../../src/requests/drawer.ts';
import { openStep, pendingOf, type Request } from '../../src/requests/model.ts';
import { heldBy, openMoneyRequests, openRatifications, readRequest, saveRequest } from '../../src/requests/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { openRoad, sentence, type TestRoad } from '../support/road.ts';
import { CLOCK, person } from './office.ts';

const SLACK = { wang: 'U01WANG', li: 'U02LI', chen: 'U04CHEN', qian: 'U05QIAN' };
const HOUR = 3_600_000;
let database: FreshDatabase;
let road: TestRoad;
let at = Date.parse('2026-11-23T02:00:00Z'); // a Monday, 10:00 in Shanghai

beforeAll(async () => {
  database = await freshDatabase();
  road = await openRoad(database.url, { clock: () => new Date(at) });
});
afterAll(async () => {
  await road.close();
  await database.drop();
});

const carryOut = async (by: string, command: Command): Promise<string> => {
  const actor = by === 'clock' ? CLOCK : person(by);
  const outcome = await road.sql.begin((tx) => handle(road.road, tx, command, { actor, at: new Date(at) }));
  if (outcome.kind === 'refused') throw new Error(`${command.name}: ${outcome.refusal.code}`);
  return outcome.subject;
};
const does = (by: string, name: string, subject: string | undefined, args: JsonObject) =>
  carryOut(by, { name, subject, args });

/** Graded 重大, with 赵敏, 孙律 and 李娜 in its team: each may spend ¥100,000.00 first. */
async function openCrisis(affected = ''): Promise<string> {
  const number = await does('wang', 'crisis.raise', undefined, {
    text: '直播间起火',
    kind: 'product-safety',
    affected,
  });
  await does('zhao', 'crisis.grade', number, { grade: 'major', reason: '有人受伤' });
  return number;
}
const numberIn = (text: string): string => /SP-2026-\d{4}/.exec(text)?.[0] ?? `no number in ${text}`;
const says = async (who: keyof typeof SLACK, text: string) => sentence(await road.say(SLACK[who], text));
const request = async (number: string): Promise<Request> => {
  const found = await readRequest(road.sql, number);
  if (!found) throw new Error(`no ${number}`);
  return found;
};
const signers = (one: Request): string[] => {
  const step = openStep(one);
  return step ? pendingOf(step).map((signer) => signer.person) : [];
};
const approves = async (who: keyof typeof SLACK, number: string) => {
  const { submission, steps } = await request(number);
  const step = steps.find((one) => one.state === 'open')?.id ?? '';
  return sentence(await road.press(SLACK[who], 'approve', number, { step, seen: submission }));
};
const timers = async (number: string) =>
  (await road.sql<{ key: string }[]>`select key from timer where subject = ${number} order by key`).map(
    ({ key }) => key,
  );
const ledger = async (subject: string) =>
  (await road.sql<{ type: string }[]>`select type from ledger where subject = ${subject} order by seq`).map(
    ({ type }) => type,
  );
const textsOf = (blocks: Card['blocks']) => blocks.flatMap((block) => ('text' in block ? [block.text] : []));

describe('spent first, ratified after', () => {
  it('within the cap it is spent at once: on record here and in the crisis, with the time until which it is to be ratified', async () => {
    const number = await openCrisis();
    const said = await says('li', `/spend 8万 下架赔付 --crisis ${number}`);
    for (const words of ['已记为先行执行，金额 ¥80,000.00', number, '赵敏 须在 2026-11-26 周四 11:30 之前补批'])
      expect(said).toContain(words);
    const spent = await request(numberIn(said));
    expect(spent.executed).toMatchObject({ crisis: number, at: new Date(at).toISOString(), overdue: 0 });
    expect((await readCrisis(road.sql, number))?.spent).toMatchObject([
      { request: spent.number, person: 'li', base: '8000000', state: 'open', due: spent.executed?.due },
    ]);
    expect(await timers(spent.number)).toContain(`${spent.number}|ratify`);
    at += HOUR;
    await does('zhao', 'requests.approve', spent.number, { step: openStep(spent)?.id ?? '', seen: 1 });
    expect((await request(spent.number)).state).toBe('approved');
    expect((await readCrisis(road.sql, number))?.spent).toMatchObject([{ state: 'ratified' }]);
    expect(await timers(spent.number)).toEqual([]);
    expect(await ledger(spent.number)).toEqual([
      'request-submitted',
      'request-executed',
      'step-opened',
      'step-approved',
      'step-covered',
      'request-approved',
    ]);
  });

  it('two spends at the same moment: only one of them passes under the cap, the other is an urgent request', async () => {
    const number = await openCrisis();
    const both = await Promise.all([1, 2].map((n) => says('li', `/spend 6万 赔付${n} --crisis ${number}`)));
    const all = await Promise.all(both.map((said) => request(numberIn(said))));
    expect(all.filter((one) => one.executed)).toHaveLength(1);
    expect(all.find((one) => !one.executed)?.urgent).toEqual({ crisis: number, why: 'over-cap', left: '4000000' });
    expect(both.join()).toContain('还剩 ¥40,000.00。批准之前请不要支出');
    expect((await readCrisis(road.sql, number))?.spent).toHaveLength(1);
  });

  it('refused: the cap is suspended, and the next spend has to be approved first', async () => {
    const number = await openCrisis();
    const spent = numberIn(await says('li', `/spend 1万 赔付 #${number}`));
    await does('zhao', 'requests.reject', spent, {
      step: openStep(await request(spent))?.id ?? '',
      seen: 1,
      reason: '没有合同',
    });
    expect((await readCrisis(road.sql, number))?.spent).toMatchObject([{ state: 'refused' }]);
    const said = await says('li', `/spend 100 车费 #${number}`);
    expect(said).toContain('额度已暂停');
    expect((await request(numberIn(said))).executed).toBeUndefined();
    await does('zhao', 'crisis.clear', number, { person: 'li', reason: '已追回' });
  });

  it('returned for papers and never sent again: the director ends it, the crisis has it as refused, and no clock runs on', async () => {
    const number = await openCrisis();
    const spent = numberIn(await says('li', `/spend 8万 赔付 #${number}`));
    const step = openStep(await request(spent))?.id ?? '';
    await does('zhao', 'requests.return', spent, { step, seen: 1, reason: '请附收据' });
    const less = { values: { amount: '4.9万', title: '赔付' }, seen: 1 };
    await expect(does('li', 'requests.resubmit', spent, less)).rejects.toThrow('spent-amount');
    await does('clock', 'requests.ratify-due', spent, { times: 1 });
    const form = await road.press(SLACK.chen, 'reject', spent, { seen: 1 });
    expect(form?.kind).toBe('form');
    await does('chen', 'requests.reject', spent, { seen: 1, reason: '一直没有收据' });
    expect((await request(spent)).state).toBe('rejected');
    expect(await timers(spent)).toEqual([]);
    expect((await readCrisis(road.sql, number))?.spent).toMatchObject([{ state: 'refused' }]);
    await does('zhao', 'crisis.clear', number, { person: 'li', reason: '已追回' });
  });

  it('one small sum after the other: the card of each says what all of them come to in this crisis', async () => {
    const number = await openCrisis();
    const first = numberIn(await says('li', `/spend 4万 赔付一 #${number}`));
    const second = numberIn(await says('li', `/spend 4.5万 赔付二 #${number}`));
    const world = await road.office.worldAt(road.sql, new Date(at));
    for (const one of [first, second]) {
      const reading = await readingOf(road.sql, await request(one), world, 'zh');
      expect(JSON.stringify(requestCard(reading, { person: 'zhao' }))).toContain('共 ¥85,000.00（2 笔，含本笔）');
    }
  });

  it('whoever is not of the team, a crisis that is none and a drill spend nothing; no number is lost to what was refused', async () => {
    const number = await openCrisis();
    const outside = await says('wang', `/spend 100 车费 --crisis ${number}`);
    expect(outside).toContain('你不在这起危机的团队里');
    const last = Number(numberIn(outside).slice(-4));
    expect(await says('li', '/spend 8万 赔付 --crisis CR-2026-0999')).toContain('没有「CR-2026-0999」这起危机');
    expect(await says('li', '/spend 8万 赔付 --crisis')).toContain('没有写是哪场危机');
    const drill = await does('zhao', 'crisis.raise', undefined, {
      text: '演练',
      kind: 'product-safety',
      drill: road.office.now().crisis?.drills.scenarios[0]?.id ?? '',
    });
    expect(await says('li', `/spend 8万 赔付 --crisis ${drill}`)).toContain(`${drill} 是演练：演练里不动钱`);
    const next = numberIn(await says('li', `/spend 100 车费 --crisis ${number}`));
    expect(Number(next.slice(-4))).toBe(last + 1);
  });

  it('what is open stands in the list of those who watch and of those whom it concerns, due first and with how late it is', async () => {
    const number = await openCrisis();
    at = Date.parse('2026-11-24T02:00:00Z'); // until Friday, 11:30
    const spent = numberIn(await says('li', `/spend 2万 仓储 #${number}`));
    expect(await openRatifications(road.sql)).toContain(spent);
    expect(await openRatifications(road.sql, 'li')).toContain(spent);
    expect(await openRatifications(road.sql, 'wang')).not.toContain(spent);
    const listed = async (who: string, later: number) => {
      const world = await road.office.worldAt(road.sql, new Date(at));
      const blocks = await ratificationBlocks(road.sql, who, { world, language: 'zh', at: new Date(at + later) });
      const texts = textsOf(blocks);
      return texts[texts.findIndex((text) => text.includes(spent)) + 1] ?? '';
    };
    expect(await listed('qian', 0)).toBe('待补批，等待 赵敏 · 还剩 3 天 1 小时');
    expect(await listed('zhao', 4 * 24 * HOUR)).toBe('待补批，等待 赵敏 · 已逾期 22 小时 30 分钟');
    expect(await listed('wang', 0)).toBe('');
  });

  it('the time is over: it is told, goes up, and is told again', async () => {
    const number = await openCrisis();
    const spent = numberIn(await says('li', `/spend 3万 快递 #${number}`));
    at += 4 * 24 * HOUR;
    await does('clock', 'requests.ratify-due', spent, { times: 1 });
    const after = await request(spent);
    expect(after.executed).toMatchObject({ overdue: 1 });
    expect(signers(after)).toEqual(['zhao', 'chen']);
    const told = await road.sql<{ audience: string }[]>`
      select audience from message where subject = ${spent} and about = 'ratification-overdue' order by audience`;
    expect(told.map(({ audience }) => audience)).toEqual(['person:chen', 'person:li', 'person:qian']);
    const due = await road.sql<{ args: JsonObject }[]>`select args from timer where key = ${`${spent}|ratify`}`;
    expect(due).toEqual([{ args: { times: 2 } }]);
    await does('chen', 'requests.approve', spent, { step: openStep(after)?.id ?? '', seen: 1 });
    expect((await request(spent)).executed?.overdue).toBe(1);
  });
});

it('of two amounts in one form the first is the amount, however often the request is kept again', async () => {
  const kept = await request(numberIn(await says('wang', '/spend 300 物料')));
  const money = (minor: string) => ({ minor, currency: 'CNY', base: minor });
  const changed = { ...kept, submission: 2, steps: [], values: { amount: money('8000000'), fee: money('100') } };
  await road.sql.begin((tx) => saveRequest(tx, changed));
  const again = await request(kept.number);
  await road.sql.begin((tx) => saveRequest(tx, again));
  expect(await road.sql`select base_amount from request where number = ${kept.number}`).toEqual([
    { base_amount: 8000000n },
  ]);
});

describe('frozen', () => {
  const isHeld = async (number: string) => (await request(number)).held?.crisis;

  it('what names what is affected is held when the crisis is graded, whatever else is open goes on; resumed, it goes on as well', async () => {
    const [galaxy, other] = [
      numberIn(await says('wang', '/spend 3万 银河系列展台')),
      numberIn(await says('wang', '/spend 3万 年会场地')),
    ];
    const world = await road.office.worldAt(road.sql, new Date(at));
    const toBeHeld = () => road.sql.begin((tx) => openMoneyRequests(tx, world, ['title']));
    const open = await toBeHeld();
    expect(open.find((one) => one.number === galaxy)).toEqual({
      number: galaxy,
      texts: ['银河系列展台'],
      spared: false,
    });
    const crisis = await openCrisis('银河系列，春季投放');
    expect(await isHeld(galaxy)).toBe(crisis);
    expect(await isHeld(other)).toBeUndefined();
    expect(await road.sql.begin((tx) => heldBy(tx, crisis))).toEqual([galaxy]);
    expect((await toBeHeld()).map((one) => one.number)).not.toContain(galaxy);
    expect(await timers(galaxy)).toEqual([]);
    expect(await approves('li', galaxy)).toContain(`这张单被危机 ${crisis} 冻结`);
    expect(await approves('li', other)).toContain('审批完成');

    const fresh = await says('wang', '/spend 1万 春季投放 海报');
    expect(fresh).toContain(`被危机 ${crisis} 冻结`);
    const spent = await says('li', `/spend 1万 银河系列下架 #${crisis}`);
    expect(spent).toContain('已记为先行执行');
    const outside = await says('wang', `/spend 1万 银河系列检测 #${crisis}`);
    expect(outside).toContain(`被危机 ${crisis} 冻结`);
    expect(await isHeld(numberIn(outside))).toBe(crisis);
    const urgent = await says('li', `/spend 9.5万 银河系列召回 #${crisis}`);
    expect(await isHeld(numberIn(urgent))).toBeUndefined();
    const second = await openCrisis('银河系列');
    for (const one of [spent, urgent]) expect(await isHeld(numberIn(one))).toBeUndefined();
    expect((await toBeHeld()).find((one) => one.number === numberIn(urgent))).toMatchObject({ spared: true });
    await does('zhao', 'crisis.resume', second, { go: true, reason: '同一批货' });

    await does('zhao', 'crisis.resume', crisis, { go: false, reason: '还在检测' });
    expect(await isHeld(galaxy)).toBe(crisis);
    await does('zhao', 'crisis.resume', crisis, { go: true, reason: '检测合格' });
    for (const number of [galaxy, numberIn(fresh)]) expect(await isHeld(number)).toBeUndefined();
    expect(await timers(galaxy)).toEqual([`${galaxy}|escalate|supervisor`, `${galaxy}|remind|supervisor`]);
    expect(await approves('li', galaxy)).toContain('审批完成');
  });

  it('submitted at the moment at which the freeze begins or ends: it is held as long as the freeze is on, whichever came first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const crisis = await does('wang', 'crisis.raise', undefined, {
        text: '直播间起火',
        kind: 'product-safety',
        affected: `极光${round}`,
      });
      const asked = Array.from({ length: 4 }, (_, n) => says('wang', `/spend ${n + 1}00 极光${round} 物料`));
      const [, ...said] = await Promise.all([
        does('zhao', 'crisis.grade', crisis, { grade: 'major', reason: '有人受伤' }),
        ...asked,
      ]);
      for (const one of said) expect(await isHeld(numberIn(one))).toBe(crisis);
      const late = Array.from({ length: 4 }, (_, n) => says('wang', `/spend ${n + 1}00 极光${round} 物料`));
      const [, ...more] = await Promise.all([
        does('zhao', 'crisis.resume', crisis, { go: true, reason: '检测合格' }),
        ...late,
      ]);
      for (const one of [...said, ...more]) expect(await isHeld(numberIn(one))).toBeUndefined();
    }
  });

  it('submitted again under words that the freeze does not name, it goes on; under those it names, it stays held by it', async () => {
    const first = await openCrisis('晨光');
    const second = await openCrisis('晨光二代');
    const number = numberIn(await says('wang', '/spend 3万 晨光二代展台'));
    const held = await isHeld(number);
    expect([first, second]).toContain(held);
    const returns = async (title: string) => {
      const { submission: seen, steps } = await request(number);
      const step = steps.find((one) => one.state === 'open')?.id ?? '';
      await does('li', 'requests.return', number, { step, seen, reason: '请改' });
      await does('wang', 'requests.resubmit', number, { values: { amount: '3万', title }, seen });
    };
    await returns('晨光二代 展位');
    expect(await isHeld(number)).toBe(held);
    await returns('年会展台');
    expect(await isHeld(number)).toBeUndefined();
    expect(await approves('li', number)).toContain('审批完成');
    for (const crisis of [first, second]) await does('zhao', 'crisis.resume', crisis, { go: true, reason: '检测合格' });
  });

  it('two crises freeze the same: the second holds on when the first lets go', async () => {
    const number = numberIn(await says('wang', '/spend 3万 星尘系列展台'));
    const first = await openCrisis('星尘');
    const second = await openCrisis('星尘系列');
    expect(await isHeld(number)).toBe(first);
    await does('zhao', 'crisis.resume', first, { go: true, reason: '检测合格' });
    expect(await isHeld(number)).toBe(second);
    expect(await approves('li', number)).toContain(`这张单被危机 ${second} 冻结`);
    await does('zhao', 'crisis.resume', second, { go: true, reason: '检测合格' });
    expect(await isHeld(number)).toBeUndefined();
  });
});
