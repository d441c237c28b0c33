/** Minutes that are pasted as text or come from a link, in Feishu and at the desk: a draft that somebody checks and files (M3). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Form } from '../../src/core/card.ts';
import { becomes } from '../support/clockwork.ts';
import { type House, openHouse } from '../support/house.ts';
import { lookAt } from '../support/meetings.ts';
import { toldOnFeishu } from '../support/told.ts';

let house: House;
let seen: ReturnType<typeof lookAt>;
beforeAll(async () => {
  house = await openHouse({ at: '2026-11-19T15:00:00+08:00', meetings: true, desk: true });
  seen = lookAt(house);
  await becomes(house, '2026-11-23T10:30:00+08:00');
});
afterAll(() => house.close());

const WEEKLY = 'MT-2026-0001';
const MINUTES = 'obcnq3b9jl72l83w4f149w9c';
const DOCX = 'doxcnAbCdEfGhIjKlMnOpQrStUv';
const LINK = `https://galaxy.feishu.cn/minutes/${MINUTES}`;

async function decided() {
  const [row] = await house.sql<{ body: { version: number; source: string; decisions: Record<string, string>[] } }[]>`
    select body from minutes where meeting = ${WEEKLY} order by version desc limit 1`;
  return row?.body.decisions.map((one) => `${one.number} ${one.text} ${one.owner} ${one.due}`);
}
/** Types it in Feishu, and waits for the form that comes of it. */
async function pastes(person: string, text: string) {
  const before = house.feishu.messagesOf(person).length;
  await house.feishu.say(person, 'p2p', text);
  return house.feishu.when(
    () =>
      house.feishu
        .messagesOf(person)
        .slice(before)
        .find((m) => house.feishu.cardText(m).startsWith('会议纪要')),
    'the form of the minutes',
  );
}
async function atDesk(door: 'say' | 'form', body: object) {
  const answered = await fetch(`${house.url}/desk/${door}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-desk': '1' },
    body: JSON.stringify({ in: 'bot', act: randomUUID(), files: door === 'say' ? [] : {}, ...body }),
  });
  return (await answered.json()) as { kind: string; text?: string; form: Form };
}

test('pasted in Feishu over many lines it becomes a form to check: everything where it belongs, the unknown named', async () => {
  const { feishu } = house;
  const form = await pastes(
    'ou_wang',
    `/minutes ${WEEKLY}
议题：
1. 年会场地
2. 预算
到会：全员、陈总（外部）
决议：
1. 与场地签合同 <@ou_li> 12-05
2. 海报定稿（责任人：王晓文，截止：12月6日）
3. 媒体名单 @张三 12-07`,
  );
  const fields = feishu.fieldsOf(form);
  expect(fields).toMatchObject({
    topics: '年会场地\n预算',
    present: '王晓文、李娜、赵敏、陈卫东、陈总',
    ...{ d0: '与场地签合同', o0: 'li', w0: '2026-12-05' },
    ...{ d1: '海报定稿', o1: 'wang', w1: '2026-12-06' },
    ...{ d2: '媒体名单 @张三', o2: '', w2: '2026-12-07' },
  });
  for (const word of ['以下由你发来的文字整理', '规则手册里没有：张三']) expect(feishu.cardText(form)).toContain(word);
  await feishu.fill('ou_wang', form, {}, '提交纪要');
  await feishu.when(() => feishu.cardText(form).includes('没有责任人：请选一位'), 'the fault');
  expect(feishu.fieldsOf(form)).toMatchObject({ d2: '媒体名单 @张三', w2: '2026-12-07', d0: '与场地签合同' });
  const sent = await feishu.fill('ou_wang', form, { o2: 'zhao', d2: '媒体名单' }, '提交纪要');
  await toldOnFeishu(house, 'ou_wang', `${WEEKLY} 的纪要已提交，3 项决议`);
  await sent.redeliver();
  expect(await decided()).toEqual([
    'DM-2026-0001 与场地签合同 li 2026-12-05',
    'DM-2026-0002 海报定稿 wang 2026-12-06',
    'DM-2026-0003 媒体名单 zhao 2026-12-07',
  ]);
  const [line] = (await house.ledger(WEEKLY)).filter((one) => one.type === 'minutes-filed');
  expect(line?.data).toMatchObject({ source: 'text', version: 1 });
});

test('a dozen decisions fit on Feishu’s card: rows as far as it goes, the rest as lines that keep their numbers', async () => {
  const { feishu } = house;
  const lines = Array.from({ length: 12 }, (_, i) => `决议：第 ${i + 1} 项 @李娜 12-1${i % 10}`);
  const form = await pastes('ou_wang', `/minutes ${WEEKLY}\n${lines.join('\n')}`);
  expect(feishu.fieldsOf(form)).toMatchObject({
    d0: '与场地签合同',
    d3: '第 1 项',
    o3: 'li',
    topics: '年会场地\n预算',
  });
  expect(feishu.fieldsOf(form).more).toContain('第 12 项 @李娜 2026-12-11');
  await feishu.fill('ou_wang', form, {}, '提交纪要');
  await toldOnFeishu(house, 'ou_wang', '已更正为第 2 版');
  const first = await decided();
  expect(first).toHaveLength(15);
  // and once more, with another word: every number stays with its decision
  await feishu.press('ou_wang', await feishuCard('更正纪要'), '更正纪要');
  const again = await seen.formOf('ou_wang', '会议纪要');
  expect(feishu.fieldsOf(again).more).toContain('DM-2026-0015 第 12 项 @李娜 2026-12-11');
  await feishu.fill('ou_wang', again, {}, '提交纪要');
  await toldOnFeishu(house, 'ou_wang', '没有改动，纪要还是原来那一版');
  await feishu.press('ou_wang', await feishuCard('更正纪要'), '更正纪要');
  const changed = await seen.formOf('ou_wang', '会议纪要');
  await feishu.fill('ou_wang', changed, { topics: '年会场地\n预算\n交通' }, '提交纪要');
  await toldOnFeishu(house, 'ou_wang', '已更正为第 3 版');
  expect(await decided()).toEqual(first);
  expect(feishu.complaints).toEqual([]);
});
const feishuCard = (label: string) =>
  house.feishu.when(
    () =>
      house.feishu
        .messagesOf('ou_wang')
        .findLast(
          (m) => house.feishu.cardText(m).includes(WEEKLY) && house.feishu.buttonsOf(m).some((b) => b.label === label),
        ),
    `a card with ${label}`,
  );

test('the link of a 妙记: its transcript decides nothing; what sounds like a decision stands in rows to be put right', async () => {
  const { feishu } = house;
  const number = await seen.numberOn('2026-11-30');
  await becomes(house, '2026-11-27T10:00:05+08:00');
  await becomes(house, '2026-11-30T10:30:00+08:00');
  feishu.platform.documents.set(MINUTES, {
    kind: 'minutes',
    shared: true,
    text: '2026-11-30 10:00|30分钟\n\n赵敏\n大家早上好，先看场地。\n李娜\n那就这么定，由王晓文负责签合同，12月10日前。\n',
  });
  const form = await pastes('ou_wang', `/minutes ${number} ${LINK}?from=copy`);
  expect(feishu.cardText(form)).toContain('文字记录里没有正式的决议');
  expect(feishu.fieldsOf(form)).toMatchObject({
    topics: '',
    d0: '那就这么定，由王晓文负责签合同，12月10日前',
    o0: 'wang',
    w0: '2026-12-10',
    d1: '',
  });
  await feishu.fill('ou_wang', form, { topics: '场地', d0: '签合同' }, '提交纪要');
  await toldOnFeishu(house, 'ou_wang', `${number} 的纪要已提交，1 项决议`);
  expect((await house.ledger(number)).find((one) => one.type === 'minutes-filed')?.data.source).toBe('link');
});

test('as Feishu sends a link with its title, it is the same link; a decision that ends with one is text', async () => {
  const { feishu } = house;
  const number = await seen.numberOn('2026-11-30');
  const before = feishu.messagesOf('ou_wang').length;
  const line = [
    { tag: 'text', text: `/minutes ${number} ` },
    { tag: 'a', text: '妙记：部门例会', href: LINK },
  ];
  await feishu.sendMessage('ou_wang', 'p2p', { type: 'post', content: { title: '', content: [line] } });
  await feishu.when(
    () =>
      feishu
        .messagesOf('ou_wang')
        .slice(before)
        .find((message) => feishu.cardText(message).includes('文字记录里没有正式的决议')),
    'the form',
  );
  const text = await pastes('ou_wang', `/minutes ${number} 决议：照 https://galaxy.feishu.cn/docx/${DOCX}`);
  expect(Object.values(feishu.fieldsOf(text))).toContain(`照 https://galaxy.feishu.cn/docx/${DOCX}`);
});

test('two write in Feishu at once: the slower one’s form comes back with both', async () => {
  const { feishu } = house;
  const number = await seen.numberOn('2026-11-30');
  const [hers, his] = [
    await pastes('ou_li', `/minutes ${number} 决议：李娜的 @李娜 12-11`),
    await pastes('ou_wang', `/minutes ${number} 决议：晓文的 @王晓文 12-12`),
  ];
  await feishu.fill('ou_li', hers, {}, '提交纪要');
  await toldOnFeishu(house, 'ou_li', '已更正为第 2 版');
  await feishu.fill('ou_wang', his, { topics: '场地与酒店' }, '提交纪要');
  await feishu.when(() => feishu.cardText(his).includes('李娜 刚刚提交了纪要'), 'what happened');
  const fields = feishu.fieldsOf(his);
  expect(fields.topics).toBe('场地与酒店');
  for (const text of ['签合同', '李娜的', '晓文的']) expect(Object.values(fields)).toContain(text);
  await feishu.fill('ou_wang', his, {}, '提交纪要');
  await toldOnFeishu(house, 'ou_wang', '已更正为第 3 版');
  expect(await house.sql`select number from decision where meeting = ${number} and state <> 'void'`).toHaveLength(3);
});

test('a document, sent from Slack too; one that is not shared, no link of Feishu, a Feishu that is away: each is said', async () => {
  const { feishu, slack } = house;
  const number = await seen.numberOn('2026-11-30');
  const doc = `https://galaxy.feishu.cn/docx/${DOCX}`;
  expect(await seen.types('U01WANG', '/minutes', `${number} ${doc}`)).toContain('这个链接不是飞书妙记或飞书文档');
  feishu.platform.documents.set(DOCX, { kind: 'docx', shared: false, text: '决议：订酒店 @李娜 12-11' });
  expect(await seen.types('U01WANG', '/minutes', `${number} ${doc}`)).toContain('没有权限读取这个链接');
  expect(await seen.types('U01WANG', '/minutes', `${number} https://example.com/minutes/${MINUTES}`)).toContain(
    '不是飞书妙记',
  );
  feishu.fail('/docx/v1/documents', 'down');
  expect(await seen.types('U01WANG', '/minutes', `${number} ${doc}`)).toContain('飞书暂时没有应答');
  expect((await fetch(`${house.url}/healthz`)).status).toBe(200);
  feishu.platform.documents.set(DOCX, { kind: 'docx', shared: true, text: '决议：订酒店 @李娜 12-11' });
  const before = feishu.calls.length;
  expect(await seen.types('U05QIAN', '/minutes', `${number} ${doc}`)).toContain('这个会议没有邀请你');
  expect(await seen.types('U04CHEN', '/minutes', `${number} ${doc}`)).toContain('纪要由 王晓文 填写');
  expect(feishu.calls.slice(before).filter((call) => call.path.includes('/docx/'))).toEqual([]);
  await slack.slash('U01WANG', 'direct', '/minutes', `${number} ${doc}`);
  const view = await seen.windowOf('U01WANG');
  expect(slack.cardText(view)).toContain('以下由链接里的文档整理');
  expect(JSON.stringify(view.blocks)).toContain('订酒店');
});

test('at the desk: the same form, the same faults, the same minutes', async () => {
  const number = await seen.numberOn('2026-12-07');
  await becomes(house, '2026-12-04T10:00:05+08:00');
  await becomes(house, '2026-12-07T11:00:05+08:00');
  const { form, kind } = await atDesk('say', { as: 'wang', text: `/minutes ${number} 决议：订酒店 @李娜 12-11` });
  expect(kind).toBe('form');
  const values = Object.fromEntries(form.fields.flatMap((field) => (field.value ? [[field.id, field.value]] : [])));
  expect(values).toMatchObject({ d0: '订酒店', o0: 'li', w0: '2026-12-11' });
  const back = await atDesk('form', { as: 'wang', action: form.action, values: { ...values, o0: '' } });
  expect(back.kind).toBe('faults');
  expect(back.form.fields.filter((field) => field.fault).map((field) => field.id)).toEqual(['topics', 'o0']);
  const filed = await atDesk('form', { as: 'wang', action: form.action, values: { ...values, topics: '周报' } });
  expect(filed.text).toContain(`${number} 的纪要已提交，1 项决议`);
  const twice = await atDesk('form', { as: 'wang', action: form.action, values: { ...values, topics: '周报' } });
  expect(twice.text).toBe(filed.text);
  expect(await house.sql`select version from minutes where meeting = ${number}`).toHaveLength(1);
});

test('what no card of Feishu could hold is not asked for in one', async () => {
  const text = Array.from({ length: 40 }, (_, i) => `${i + 1}. ${'很长的议题'.repeat(25)}`).join('\n');
  await house.feishu.say('ou_wang', 'p2p', `/minutes ${WEEKLY} 议题：\n${text}`);
  await toldOnFeishu(house, 'ou_wang', '内容太长，飞书的表单放不下');
});
