/** A link is checked for people who may not open what is behind it: they learn whether it is a statement of ours, and nothing else of it; and what a text holds that nobody sees is said. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import type { Reply } from '../../src/core/chat.ts';
import { hashOf, shortHash } from '../../src/statements/model.ts';
import { buttonOf, type Desk, openDesk } from './desk.ts';
import { crisis, TEXT } from './office.ts';

const [LI, QIAN, CHEN, ZHAO, SUN] = ['U02LI', 'U05QIAN', 'U04CHEN', 'ou_zhao', 'ou_sun'];
const ST = 'ST-2026-0001';
const LINK = 'https://example.feishu.cn/docx/abc';
const NEWER = TEXT.replace('24', '48');
const SALARIES = '工资表：王晓文 一万二，李娜 一万八，赵敏 三万二。年终奖另行通知，请勿外传。';
let desk: Desk;
let behind = '';

beforeAll(async () => {
  desk = await openDesk(async () => ({ text: behind }));
  await desk.begin(crisis({ kind: 'product-safety' }));
  await desk.says(LI, `/statement CR-2026-0001 ${TEXT}`);
  await desk.presses(LI, { command: 'statements.edit', subject: ST, seen: 1 });
  await desk.fills(LI, { command: 'statements.edit', subject: ST, seen: 1 }, { text: NEWER });
});
afterAll(() => desk.close());
beforeEach(() => {
  behind = '';
});

const said = (reply: Reply): string => JSON.stringify(reply);
const checks = async (account: string, text = LINK): Promise<Card> => {
  const reply = await desk.says(account, `/statement check ${text}`);
  if (reply.kind !== 'card') throw new Error(said(reply));
  return reply.card;
};
const clearsAll = async () => {
  await desk.presses(LI, { command: 'statements.ask', subject: ST, seen: 2 });
  for (const who of [SUN, ZHAO, CHEN]) await desk.presses(who, buttonOf(desk.card(who, ST, '轮到你审核'), '审核通过'));
};

test('a draft of one’s own is no key to a document: like it, longer than it or otherwise, the answer is the same', async () => {
  await desk.says(QIAN, `/statement new ${SALARIES.slice(0, 12)}`);
  await desk.says(QIAN, `/statement new ${SALARIES.replace('一万二', '一万三')}`);
  behind = SALARIES;
  const found = await checks(QIAN);
  behind = '本周六部门团建，请准时到西门集合，带好雨具。';
  expect(found).toEqual(await checks(QIAN));
  expect(JSON.stringify(found)).toContain('没有找到');
});

test('on WeCom, which cuts what is long, a statement is read and nothing is pressed', async () => {
  const card = await desk.says('li', ST);
  expect(said(card)).toContain('48 小时');
  expect(said(card)).toContain(`输入 /statement ${ST}`);
  expect(card.kind === 'card' && card.card.blocks.filter((one) => one.kind === 'buttons')).toEqual([]);
});

test('an older version is known as one, whole as it stands', async () => {
  behind = TEXT;
  expect(JSON.stringify(await checks(LI))).toContain('旧版（第 1 版）');
});

test('what differs from a cleared statement differs, without a word of the document, its line or its fingerprint', async () => {
  await clearsAll();
  behind = `${NEWER.replace('48', '72')}\n内部：已和保险公司谈妥。`;
  const shown = JSON.stringify(await checks(LI));
  expect(shown).toContain(`最接近 ${ST}`);
  expect(shown).toContain('请粘贴全文');
  for (const secret of ['72', '【', '保险', '第 3 行', shortHash(hashOf(behind))]) expect(shown).not.toContain(secret);
  const pasted = JSON.stringify(await checks(LI, behind));
  for (const word of ['【7】2', '第 3 行', shortHash(hashOf(behind))]) expect(pasted).toContain(word);
});

test('around a cleared statement there is something else: no more is said of it', async () => {
  behind = `内部：已和保险公司谈妥。\n${NEWER}`;
  const shown = JSON.stringify(await checks(LI));
  expect(shown).toContain(`里面有 ${ST}`);
  expect(shown).not.toContain('保险');
});

test('the very same is the same, behind a link as well', async () => {
  behind = `${NEWER}\r\n`;
  const card = await checks(LI);
  expect([card.tone, JSON.stringify(card)]).toEqual(['good', expect.stringContaining('一致')]);
});

test.each([
  ['a turn of the direction', NEWER.replace('48', '\u202E48\u202C')],
  ['nothing wide', NEWER.replace('全额', '全\u200B额')],
  ['marks before a line', NEWER.replace('我们', '\u0336我们')],
])('with %s in it, it is not the same: people are told that it may read otherwise', async (_what, text) => {
  for (const way of ['link', 'text']) {
    behind = text;
    const card = await checks(LI, way === 'link' ? LINK : text);
    expect(card.tone).toBe('bad');
    expect(JSON.stringify(card)).toContain('看不见的字符');
    expect(JSON.stringify(card)).not.toMatch(/一致：这|一字不差/);
  }
});

test('an old version with something unseen in it is an old version first, and holds it as well', async () => {
  const shown = JSON.stringify(await checks(LI, TEXT.replace('24', '24\u200B')));
  expect(shown).toContain('旧版（第 1 版）');
  expect(shown).toContain('看不见的字符');
});

test('around the whole text of a statement unseen characters are told of too', async () => {
  const shown = JSON.stringify(await checks(LI, `公告\u202E\n${NEWER}`));
  expect(shown).toContain('看不见的字符');
  expect(shown).not.toContain('一字不差');
});
