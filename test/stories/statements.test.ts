/** A statement from the first draft in the crisis' room to its release and its check afterwards: every version, every clearance, nobody told too much (C5, A8). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf } from '../../src/statements/model.ts';
import { buttonOf, type Desk, formOf, openDesk } from '../statements/desk.ts';
import { crisis, TEXT } from '../statements/office.ts';

const [WANG, LI, QIAN, CHEN, ZHAO, SUN] = ['U01WANG', 'U02LI', 'U05QIAN', 'U04CHEN', 'ou_zhao', 'ou_sun'];
const ST = 'ST-2026-0001';
const NEWER = TEXT.replace('24', '48');
const DOCUMENT = 'https://example.feishu.cn/docx/abc';
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk(async (url) =>
    url === DOCUMENT
      ? { text: `${NEWER}\r\n` }
      : { trouble: url.includes('secret') ? 'link-denied' : 'link-unreadable' },
  );
  await desk.begin(
    crisis({ kind: 'product-safety', seats: { spokesperson: { person: 'wang', at: '2026-11-23T22:00:00Z' } } }),
  );
});
afterAll(() => desk.close());

const said = (reply: Awaited<ReturnType<Desk['says']>>): string => JSON.stringify(reply);

test('typed in the room, it is of its crisis, and stands in the room and in its author’s chat', async () => {
  expect(said(await desk.says(LI, `/statement new ${TEXT}`, 'C0ROOM'))).toContain(`${ST} 已起草`);
  for (const place of ['C0ROOM', LI])
    expect(JSON.stringify(desk.card(place, ST))).toContain('2. 我们已停售该批次产品，');
  expect(JSON.stringify(desk.card('C0ROOM', ST))).toContain('CR-2026-0001');
});

test('whoever it does not concern neither sees it nor finds it out by a check', async () => {
  expect(said(await desk.says(QIAN, ST))).toContain('与你无关');
  expect(said(await desk.presses(QIAN, { command: 'statements.edit', subject: ST, seen: 1 }))).toContain('与你无关');
  expect(said(await desk.presses(QIAN, { command: 'statements.clear', subject: ST, seen: 1, step: 's1' }))).toContain(
    '与你无关',
  );
  for (const text of [TEXT, NEWER])
    expect(said(await desk.says(QIAN, `/statement check ${text}`))).toContain('没有找到');
  expect(said(await desk.says(WANG, `/statement check ${TEXT}`))).toContain('还没有审核通过');
});

test('asked for, it stands with the first clearer, who comments on a line', async () => {
  expect(said(await desk.presses(LI, buttonOf(desk.card('C0ROOM', ST), '送审'), 'C0ROOM'))).toContain('先由 孙律 审核');
  const card = desk.card(SUN, ST);
  expect(JSON.stringify(card)).toContain('轮到你审核');
  const form = formOf(await desk.presses(SUN, buttonOf(card, '逐行批注')));
  const wrong = await desk.fills(SUN, form, { line: '9', comment: '哪一批？' });
  expect(said(wrong)).toContain('没有这一行');
  await desk.fills(SUN, formOf(wrong), { line: '2', comment: '哪一批？' });
  expect(JSON.stringify(desk.card('C0ROOM', ST))).toContain('💬 孙律：哪一批？');
});

test('nobody answers: at this hour the clearer is reminded after ten minutes, after thirty the next one up is asked too', async () => {
  await desk.travel(10);
  expect(desk.heard(SUN).at(-1)).toContain('第 1 次提醒');
  await desk.travel(10);
  await desk.travel(10);
  expect(desk.heard(SUN).filter((one) => one.includes('次提醒'))).toHaveLength(3);
  expect(desk.heard(CHEN).at(-1)).toContain('孙律 久未答复');
});

test('one character is changed: what was cleared counts no more, and a press on the old card does nothing', async () => {
  const old = buttonOf(desk.card(SUN, '轮到你审核'), '审核通过');
  await desk.presses(SUN, old);
  const form = formOf(await desk.presses(LI, buttonOf(desk.card(LI, '逐行批注'), '修改')));
  expect(said(await desk.fills(LI, form, { text: TEXT }))).toContain('文字没有变化');
  expect(said(await desk.fills(LI, form, { text: NEWER }))).toContain('第 2 版');
  expect(desk.heard(SUN).at(-1)).toContain('你的审核已作废');
  await desk.presses(LI, buttonOf(desk.card(LI, '送审'), '送审'));
  expect(said(await desk.presses(SUN, old))).toContain('没有执行');
  const [row] = await desk.sql<
    { state: string; version: number }[]
  >`select state, version from statement where number = ${ST}`;
  expect(row).toEqual({ state: 'clearing', version: 2 });
});

test('two edit at once: who comes second keeps what they wrote, and is told whose version stands there now', async () => {
  const [first, second] = [await desk.says(LI, '/statement new 甲'), await desk.says(LI, '/statement list')];
  expect(said(first)).toContain('ST-2026-0002');
  expect(said(second)).toContain('ST-2026-0002');
  const open = async () =>
    formOf(await desk.presses(LI, { command: 'statements.edit', subject: 'ST-2026-0002', seen: 1 }));
  const [one, other] = [await open(), await open()];
  await desk.fills(LI, one, { text: '甲乙' });
  const late = await desk.fills(LI, other, { text: '甲丙' });
  expect(said(late)).toContain('李娜 刚刚改成了第 2 版');
  expect(late.kind === 'faults' && late.form.fields[0]?.value).toBe('甲丙');
  expect(said(await desk.fills(LI, formOf(late), { text: '甲丙' }))).toContain('第 3 版');
  await desk.fills(
    LI,
    formOf(await desk.presses(LI, { command: 'statements.withdraw', subject: 'ST-2026-0002', seen: 3 })),
    { reason: '试写' },
  );
});

test('cleared by one after the other it is the spokesperson’s to release, and nobody else’s', async () => {
  for (const [account, next] of [
    [SUN, '接下来由 赵敏'],
    [ZHAO, '接下来由 陈卫东'],
    [CHEN, '等待 王晓文 发布'],
  ] as const)
    expect(said(await desk.presses(account, buttonOf(desk.card(account, '轮到你审核'), '审核通过')))).toContain(next);
  expect(said(await desk.presses(LI, buttonOf(desk.card('C0ROOM', ST), '登记发布'), 'C0ROOM'))).toContain(
    '只有 王晓文',
  );
  const form = formOf(await desk.presses(WANG, buttonOf(desk.card(WANG, '由你一字不改地发布'), '登记发布')));
  const wrong = await desk.fills(WANG, form, { where: '官方微博', when: '23:59', link: 'weibo' });
  expect(said(wrong)).toContain('http');
  expect(said(await desk.fills(WANG, formOf(wrong), { where: '官方微博', when: '23:59' }))).toContain('不能晚于现在');
  const done = await desk.fills(WANG, formOf(wrong), { where: '官方微博', when: '22:30', link: 'https://weibo.com/1' });
  expect(said(done)).toContain('已登记发布');
  expect(JSON.stringify(desk.card('C0ROOM', ST))).toContain('2026-11-23 周一 22:30');
});

test('the ledger has it all, with the whole hash', async () => {
  const lines = await desk.ledger(ST);
  expect(lines.map(({ type, by }) => `${type} ${by}`)).toEqual([
    'statement-drafted li',
    'clearance-asked li',
    'statement-commented sun',
    'clearance-chased clock',
    'clearance-chased clock',
    'clearance-chased clock',
    'clearance-given sun',
    'statement-edited li',
    'clearances-voided li',
    'clearance-asked li',
    'clearance-given sun',
    'clearance-given zhao',
    'clearance-given chen',
    'statement-cleared chen',
    'statement-released wang',
  ]);
  expect(JSON.parse(lines.at(-1)?.data ?? '')).toMatchObject({
    hash: hashOf(NEWER),
    where: '官方微博',
    crisis: 'CR-2026-0001',
  });
  const versions = await desk.sql<{ version: number; hash: string; by: string }[]>`
    select version, hash, by from statement_version where statement = ${ST} order by version`;
  expect(versions).toEqual([
    { version: 1, hash: hashOf(TEXT), by: 'li' },
    { version: 2, hash: hashOf(NEWER), by: 'li' },
  ]);
});

test('anybody checks what was published, by its text or by its link', async () => {
  expect(said(await desk.says(QIAN, `/statement check ${NEWER.replaceAll('\n', '\r\n')}`))).toContain('一字不差');
  expect(said(await desk.says(QIAN, `／声明 核对 ${DOCUMENT}`))).toContain('一字不差');
  const differs = said(await desk.says(QIAN, `/statement check ${TEXT}`));
  expect(differs).toContain('从第 3 行开始不同');
  expect(differs).toContain('【4】8 小时');
  expect(said(await desk.says(QIAN, '/statement check https://example.feishu.cn/docx/secret'))).toContain('没有权限');
  expect(said(await desk.says(QIAN, '/statement check https://example.com/page'))).toContain('读不到这个链接');
  expect(said(await desk.says(LI, `/statement check ${TEXT}`))).toContain('旧版（第 1 版）');
});

test('a mistake is put right by a new statement that begins with the released text', async () => {
  const opened = await desk.presses(LI, buttonOf(desk.card(LI, '已发布，只能查看'), '更正'));
  expect(said(opened)).toContain(`更正已发布的 ${ST}`);
  expect(said(await desk.fills(LI, formOf(opened), { text: `更正：${NEWER}` }))).toContain('ST-2026-0003 已起草');
  const again = await desk.fills(LI, formOf(opened), { text: `更正：${NEWER}` });
  expect(said(again)).toContain('ST-2026-0003 已起草');
  expect(await desk.sql`select number from statement order by number`).toHaveLength(3);
});

test('a prepared text is chosen in the form, and needs the first clearer only', async () => {
  const opened = await desk.says(LI, '/statement CR-2026-0001');
  const both = await desk.fills(LI, formOf(opened), { prepared: 'product-safety', text: '自己写的' });
  expect(said(both)).toContain('只能选一样');
  await desk.fills(LI, formOf(both), { prepared: 'product-safety' });
  const card = desk.card(LI, 'ST-2026-0004');
  expect(JSON.stringify(card)).toContain('只需第一位审核人');
  await desk.presses(LI, buttonOf(card, '送审'));
  expect(said(await desk.presses(SUN, buttonOf(desk.card(SUN, 'ST-2026-0004'), '审核通过')))).toContain('全部审核通过');
});

test('a text for the press that belongs to no crisis is drafted by anybody and cleared all the same', async () => {
  expect(said(await desk.says(QIAN, '/statement new 本公司本年度业绩稳健。'))).toContain('ST-2026-0005 已起草');
  expect(said(await desk.presses(QIAN, buttonOf(desk.card(QIAN, 'ST-2026-0005'), '送审')))).toContain('先由 孙律');
  expect(said(await desk.says(QIAN, '/statement'))).toContain('ST-2026-0005');
  expect(said(await desk.says(QIAN, '/statement'))).not.toContain('打开 ST-2026-0004');
});

test('what is not understood is answered with how to say it', async () => {
  expect(said(await desk.says(LI, '/statement 发布'))).toContain('/statement check');
  expect(said(await desk.says(LI, '/statement ST-2026-0099'))).toContain('没有 ST-2026-0099');
  expect(said(await desk.says(LI, '/statement CR-2026-0099 文字'))).toContain('没有危机 CR-2026-0099');
  expect(said(await desk.presses(LI, { command: 'statements.explode', subject: 'ST-2026-0004', seen: 1 }))).toContain(
    '看不懂',
  );
});
