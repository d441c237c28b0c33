/** Files that are not wanted, or that the platform does not hand out at once: nobody is left waiting, nothing is kept twice. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { HOUR, type House, openHouse, waitFor } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

const PDF = Buffer.from('%PDF-1.7\n%%EOF');
const MB = 1024 * 1024;
const SP1 = 'SP-2026-0001';
/** What people are asked first is not what it is about. */
const MEDIA = `id: media
command: media
number: ME
title: {zh: 投放申请, en: Media request}
form:
  - id: kind
    type: choice
    label: {zh: 类别, en: Kind}
    options: [{value: online, label: {zh: 线上, en: Online}}, {value: print, label: {zh: 平面, en: Print}}]
  - {id: campaign, type: text, label: {zh: 项目, en: Campaign}, max: 60}
quick: [kind, campaign]
steps:
  - {id: supervisor, title: {zh: 主管审批, en: Supervisor}, who: {line: supervisor}}
`;

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({}, { 'processes/media.yaml': MEDIA });
  house = await openHouse({ handbook: book.folder });
  await house.slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  await house.feishuCard('ou_li', SP1);
});
afterAll(() => house.close().finally(() => book.remove()));

const stateOf = async (name: string): Promise<string | undefined> => {
  const [row] = await house.sql<{ state: string }[]>`select state from attachment where original = ${name}`;
  return row?.state;
};
const becomes = (name: string, state: string) =>
  waitFor(async () => (await stateOf(name)) === state, `${name} to be ${state}`);
async function send(user: string, name: string, bytes: Buffer, text = SP1): Promise<void> {
  const id = `F${house.slack.calls().length}`;
  house.slack.addFile({ id, name, bytes });
  await house.slack.say(user, text, [id]);
}

test('a file is named by what the request is about, whatever is asked first in its form', async () => {
  await house.slack.slash('U01WANG', 'C0PR', '/media', '线上 双十二预热');
  await send('U01WANG', '排期.pdf', PDF, 'ME-2026-0001');
  await toldOnSlack(house, 'U01WANG', '收到文件', '双十二预热-20261123-01V1.pdf');
  await becomes('排期.pdf', 'kept');
});

describe('refused, with a sentence that says what to do, to whoever sent it', () => {
  test.each([
    ['大文件.pdf', Buffer.concat([PDF, Buffer.alloc(20 * MB)]), '文件超过 20 MB。请压缩或拆分后再发'],
    ['工具.exe', Buffer.from('MZ\x90'), '不支持这种文件。请用 PDF、图片、Office 文档、文本或 zip'],
    ['报价.pdf', Buffer.from('<html><script>alert(1)</script>'), '不支持这种文件'],
    ['空.pdf', Buffer.alloc(0), '文件是空的，请重新发送'],
  ])('%s', async (name, bytes, sentence) => {
    await send('U02LI', name, bytes);
    await toldOnSlack(house, 'U02LI', SP1, name, sentence);
    expect(await stateOf(name)).toBe('refused');
    for (const place of ['U02LI', 'U01WANG', 'C0PR'])
      expect(house.slack.cardText(await house.slackCard(place, SP1))).not.toContain(name);
  });

  test('from Feishu likewise', async () => {
    const card = await house.feishuCard('ou_wang', SP1);
    const file = { name: '宏.docm', bytes: PDF, mime: 'application/pdf' };
    await house.feishu.sendFile('ou_wang', 'p2p', file, { replyTo: card });
    await toldOnFeishu(house, 'ou_wang', SP1, '宏.docm', '不支持这种文件');
  });

  test('nothing of what was refused stays on the disk', async () => {
    const folder = join(house.config.dataDir, 'files');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    const names = (await readdir(folder, { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name));
    for (const name of names) expect(await readFile(join(folder, name))).toEqual(PDF);
  });

  test('the twenty-first file', async () => {
    const { slack } = house;
    const [row] = await house.sql<{ count: number }[]>`
      select count(*)::int from attachment where subject = ${SP1}`;
    const ids = Array.from({ length: 21 - (row?.count ?? 0) }, (_, i) => slack.addFile({ id: `FX${i}`, bytes: PDF }));
    await slack.say('U01WANG', SP1, ids);
    await toldOnSlack(house, 'U01WANG', '一张单最多 20 个附件');
  });
});

test('files beyond the twentieth that come with a changed request are named to whoever sent them', async () => {
  const { slack, feishu } = house;
  const files = (count: number, of: string) =>
    Array.from({ length: count }, (_, i) => slack.addFile({ id: `F${of}${i}`, name: `${of}${i}.pdf`, bytes: PDF }));
  await slack.slash('U01WANG', 'C0PR', '/purchase', '8万 展台搭建');
  const window = await slack.until(() => slack.window('U01WANG'));
  const rest = { supplier: '某某会展', needed: '2026-12-20', kind: 'service', reason: '年会' };
  await slack.submit('U01WANG', window, { ...rest, quote: files(9, 'a') });
  await slack.say('U01WANG', 'PU-2026-0001', files(9, 'b'));
  await toldOnSlack(house, 'U01WANG', '收到文件', '-18V1.pdf');
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', 'PU-2026-0001'), '退回修改');
  const form = await feishu.when(
    () => feishu.messagesOf('ou_zhao').find((message) => 'reason' in feishu.fieldsOf(message)),
    'the form that asks for a reason',
  );
  await feishu.fill('ou_zhao', form, { reason: '请补报价' }, '退回修改');
  // eighteen files have changed every card eighteen times: what we allow ourselves in a minute is used up
  house.travel(12_000);
  const returned = await house.slackSays('U01WANG', 'PU-2026-0001', '已退回修改', '审批路径');
  await slack.press('U01WANG', returned, '修改后重新提交');
  const again = await slack.until(() => slack.window('U01WANG'));
  expect(await slack.submit('U01WANG', again, { quote: files(4, 'c') })).toMatchObject({ problem: undefined });
  house.travel(10_000);
  for (const name of ['c2.pdf', 'c3.pdf']) await toldOnSlack(house, 'U01WANG', name, '一张单最多 20 个附件');
  await becomes('c1.pdf', 'kept');
  expect(await stateOf('c2.pdf')).toBeUndefined();
});

describe('fetched again', () => {
  test('a platform that was away for three hours loses nothing', async () => {
    const { slack } = house;
    slack.fail('file', { status: 503 }, 1000);
    await send('U01WANG', '晚到.pdf', PDF);
    await slack.until(() => house.lines.some((line) => line.includes('a file could not be fetched')));
    for (let i = 0; i < 12; i++) {
      const tries = await triesOf('晚到.pdf');
      house.travel(HOUR / 4);
      await wake();
      await waitFor(async () => (await triesOf('晚到.pdf')) > tries, 'another try');
    }
    slack.heal();
    house.travel(HOUR / 4);
    await becomes('晚到.pdf', 'kept');
    expect(await house.slackSays('U02LI', SP1, '附件')).toBeDefined();
  });

  test('case 16: without the scope for files the administrator is told which one is missing, and then it is kept', async () => {
    const { slack } = house;
    slack.scopes.splice(slack.scopes.indexOf('files:read'), 1);
    await send('U01WANG', '无权.pdf', PDF);
    await house.slackSays(
      'U04CHEN',
      SP1,
      '王晓文 发来的文件在 slack 上取不到（missing_scope:files:read）',
      '权限（scope）',
    );
    expect(await stateOf('无权.pdf')).toBe('fetching');
    slack.scopes.push('files:read');
    house.travel(HOUR);
    await becomes('无权.pdf', 'kept');
  });

  test('when it stays away for more than a day, the sender is told', async () => {
    const { feishu } = house;
    const card = await house.feishuCard('ou_wang', SP1);
    feishu.fail('/resources/', 'down', 2);
    await feishu.sendFile(
      'ou_wang',
      'p2p',
      { name: '丢失.pdf', bytes: PDF, mime: 'application/pdf' },
      { replyTo: card },
    );
    await waitFor(async () => (await triesOf('丢失.pdf')) === 1, 'the first try');
    house.travel(25 * HOUR);
    await toldOnFeishu(house, 'ou_wang', SP1, '丢失.pdf', '暂时取不到这个文件，请重新发送一次');
    expect(await stateOf('丢失.pdf')).toBe('refused');
  });

  test('two that fetch the same file at once keep it once', async () => {
    const { slack } = house;
    slack.latency('file', 1500);
    await send('U01WANG', '慢.pdf', PDF);
    const handedUntil = async (): Promise<number> => {
      const [row] = await house.sql<{ until: Date | null }[]>`
        select handed_until as until from attachment where original = '慢.pdf'`;
      return row?.until?.getTime() ?? 0;
    };
    await waitFor(async () => (await handedUntil()) > 0, 'the first to begin');
    const first = await handedUntil();
    house.travel(3 * 60_000);
    await waitFor(async () => (await handedUntil()) > first, 'the second to begin');
    const atWork = () => house.sql`select 1 from pgboss.job where name = 'files' and state in ('created', 'active')`;
    await waitFor(async () => (await atWork()).length === 0, 'both to end');
    slack.heal();
    expect(await stateOf('慢.pdf')).toBe('kept');
    const lines = (await house.ledger(SP1)).filter((line) => line.type === 'file-kept');
    const ids = lines.map((line) => line.data.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** The product looks by itself twice a second; this asks it to look now. */
const wake = () => house.sql`select pg_notify('countersign', '')`;

async function triesOf(name: string): Promise<number> {
  const [row] = await house.sql<{ attempts: number }[]>`select attempts from attachment where original = ${name}`;
  return row?.attempts ?? 0;
}
