/** People report as well: `/signal`, in a line or by a form; and see what is counted and what waits for them (C1). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reply } from '../../src/core/chat.ts';
import { homeBlocks } from '../../src/signals/drawer.ts';
import { readReport } from '../../src/signals/typed.ts';
import { BOOK, faultsOf, MINUTE, openSignalDesk, type SignalDesk, textOf, worldOf } from './desk.ts';

let desk: SignalDesk;
beforeAll(async () => {
  desk = await openSignalDesk();
});
afterAll(() => desk.close());
beforeEach(() => desk.become({}));

const said = (reply: Reply): string =>
  reply.kind === 'card' ? textOf(reply.card) : 'text' in reply ? reply.text : reply.kind;

describe('a line', () => {
  test.for<[string, object]>([
    ['complaints 起火 充电时 冒烟', { indicator: 'complaints', key: '起火', text: '充电时 冒烟' }],
    ['投诉 充电时冒烟', { indicator: 'complaints', key: '', text: '充电时冒烟' }],
    ['ＣＯＭＰＬＡＩＮＴＳ　ＦＩＲＥ　smoke', { indicator: 'complaints', key: 'fire', text: 'smoke' }],
    ['complaints - it smells of smoke', { indicator: 'complaints', key: '', text: 'it smells of smoke' }],
    ['负面 声量 微博 上了热搜', { indicator: 'mentions', key: '微博', text: '上了热搜' }],
    ['Bad press weibo trending now', { indicator: 'mentions', key: 'weibo', text: 'trending now' }],
    ['complaints', { indicator: 'complaints', key: '', text: '' }],
    ['complaintsx 起火', { unknown: 'complaintsx' }],
    ['投诉起火', { unknown: '投诉起火' }],
  ])('%s', ([line, report]) => {
    expect(readReport(line, BOOK.indicators)).toEqual(report);
  });
});

test('whoever reports is told how far it is, until their report raises the signal and somebody is called', async () => {
  for (const [i, words] of ['/signal', '/预警', '信号', '/SIGNAL'].entries())
    expect(said(await desk.say('wang', `${words} complaints 起火 顾客说充电时冒烟`))).toBe(
      `已记录：投诉 · 起火，1 小时内累计 ${i + 1}，到 5 会预警。`,
    );
  expect(said(await desk.say('sun', '/signal 投诉 起火 又有一例'))).toBe(
    '已记录，并触发预警 SG-2026-0001，已通知 李娜。',
  );
  expect(said(await desk.say('wang', '/signal 投诉 起火 第六例'))).toBe('已记录，并入预警 SG-2026-0001（累计 6）。');
  const card = textOf(await desk.draw('SG-2026-0001', 'person:li'));
  expect(card).toContain('孙律：又有一例');
  expect(await desk.ledger('SG-2026-0001')).toEqual(['signal-raised sun', 'signal-grew wang']);
});

test('the same act delivered again counts once and gets the same answer', async () => {
  const twice = [1, 2].map(() => desk.say('wang', '/signal complaints 漏电 手麻', 'the-same-act'));
  expect((await Promise.all(twice)).map(said)).toEqual(
    Array(2).fill('已记录：投诉 · 漏电，1 小时内累计 1，到 5 会预警。'),
  );
});

test('without more it shows what is counted within its time, and what waits for whoever asks', async () => {
  await desk.post({
    id: 'old',
    indicator: 'complaints',
    key: '过期',
    text: '旧的',
    at: new Date(desk.clock().getTime() - 61 * MINUTE).toISOString(),
  });
  await desk.post({ id: 'weibo', indicator: 'mentions', amount: 40, text: '热搜' });
  const [own, strangers] = [said(await desk.say('li', '/signal')), said(await desk.say('wang', '/signal'))];
  for (const words of ['漏电：1 / 5', '未分类别：40 / 100', '投诉（complaints）：1 小时内达到 5 即预警', '/signal'])
    expect(strangers).toContain(words);
  expect(strangers).not.toContain('过期');
  expect([own.includes('SG-2026-0001'), strangers.includes('SG-2026-0001')]).toEqual([true, false]);
  const home = await homeBlocks(desk.sql, 'li', { ...worldOf(), language: 'zh' });
  expect(JSON.stringify(home)).toContain('SG-2026-0001');
  expect(await homeBlocks(desk.sql, 'wang', { ...worldOf(), language: 'zh' })).toEqual([]);
});

test('by the form: what is missing is said at its field, and what was filled in counts once', async () => {
  const action = { command: 'signals.report', with: { indicator: 'complaints' } };
  const opened = await desk.press('wang', action);
  if (opened.kind !== 'form') throw new Error(said(opened));
  const send = (values: Record<string, string>) =>
    desk.act('wang', { kind: 'form', action: opened.form.action, values, files: {} });
  const wrong = await send({ indicator: 'weather', key: '异味', text: ' ' });
  if (wrong.kind !== 'faults') throw new Error(said(wrong));
  expect(faultsOf(wrong.form)).toEqual(['indicator: 请选择一项指标。', 'text: 不能为空。']);
  const values = { indicator: 'complaints', key: ' 异味 ', text: '闻到焦味' };
  expect(said(await send(values))).toBe('已记录：投诉 · 异味，1 小时内累计 1，到 5 会预警。');
  expect(said(await send(values))).toBe('这一条已经记录过，没有重复计数。');
});

test('what can be typed is shown with an indicator of the handbook in force', async () => {
  expect(said(await desk.say('wang', '/signal'))).toContain('例如 /signal complaints 起火');
  desk.become({}, { ...BOOK, indicators: BOOK.indicators.slice(1) });
  expect(said(await desk.say('wang', '/signal'))).toContain('例如 /signal mentions 起火');
});

test('an indicator alone opens the form with it chosen', async () => {
  const reply = await desk.say('wang', '/signal mentions');
  expect(reply).toMatchObject({ kind: 'form', form: { fields: [{ id: 'indicator', value: 'mentions' }, {}, {}] } });
});

test('a number shows its card to those who judge it, and to nobody else', async () => {
  for (const line of ['SG-2026-0001', '/signal sg-2026-0001']) {
    expect(said(await desk.say('li', line))).toBe('SG-2026-0001 已发到你的聊天里。');
    expect(said(await desk.say('wang', line))).toContain('不能查看');
  }
  expect(said(await desk.say('li', 'SG-2026-0999'))).toContain('没有 SG-2026-0999');
});

test('an indicator that is not there, and a handbook without any: a sentence that says what to do', async () => {
  expect(said(await desk.say('wang', '/signal 天气 下雨了 真的'))).toBe(
    '没有指标「天气」。可以用：complaints 投诉 · mentions 负面 声量。',
  );
  desk.become({}, { ...BOOK, indicators: [] });
  for (const line of ['/signal', '/signal complaints 起火 冒烟'])
    expect(said(await desk.say('wang', line))).toContain('crisis.yaml');
  desk.withoutBook();
  expect(said(await desk.say('wang', '/signal'))).toContain('/crisis');
});

test('whoever has chosen English is answered in English', async () => {
  desk.become({ but: { wang: { language: 'en' } } });
  expect(said(await desk.say('wang', '/signal complaints smell Something burns'))).toBe(
    'Noted: Complaints · smell, 1 within 1 hour; at 5 it raises a warning.',
  );
});

test('other lines are somebody else’s', async () => {
  for (const line of ['signalling', '/spend 100 信号', 'CR-2026-0001'])
    expect(said(await desk.say('wang', line))).toContain('/pr list');
});
