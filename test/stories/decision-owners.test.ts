/** Whose a decision is when things change: the owner is away or leaves, the minutes are corrected, a file proves it done (M4, D4, G6). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { at, fileMinutes, quiet } from '../support/minutes.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({}, {}, { whole: true });
  house = await openHouse({ at: '2026-11-23T09:00:00+08:00', handbook: book.folder });
  await at(house, '2026-11-23T11:05:00+08:00');
  await fileMinutes(house, 'U01WANG', 'MT-2026-0001', [
    '与场地签合同 @李娜 11-27',
    '选定主持人 @王晓文 11-30',
    '媒体名单 @李娜 12-04',
    '海报定稿 @孙律 12-09',
  ]);
  await quiet(house);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

const [CONTRACT, HOST, LIST, POSTER] = ['DM-2026-0001', 'DM-2026-0002', 'DM-2026-0003', 'DM-2026-0004'];
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

const onSlack = (user: string, number: string) =>
  house.slack.until(() =>
    house.slack
      .messagesOf(user)
      .findLast((m) => [`决议 ${number}`, '来自会议'].every((word) => house.slack.cardText(m).includes(word))),
  );
const onFeishu = (person: string, number: string) =>
  house.feishu.when(
    () =>
      house.feishu
        .messagesOf(person)
        .findLast((m) => [`决议 ${number}`, '来自会议'].every((word) => house.feishu.cardText(m).includes(word))),
    `the card of ${number} for ${person}`,
  );
const labels = async (user: string, number: string) =>
  house.slack.buttons(await onSlack(user, number)).map((button) => button.label);
const types = (user: string, command: string, text: string) => typedOnSlack(house, user, command, text);
const last = async (number: string) => (await house.ledger(number)).at(-1);

test('the lists: what is mine, what is open in my meetings, and one by its number; in Chinese and as typed in Feishu', async () => {
  const mine = await types('U02LI', '/decisions', 'mine');
  for (const number of [CONTRACT, LIST]) expect(mine).toContain(number);
  expect(mine).not.toContain(HOST);
  const all = await types('U04CHEN', '/decisions', '');
  for (const number of [CONTRACT, HOST, LIST, POSTER]) expect(all).toContain(number);
  await house.feishu.say('ou_sun', 'p2p', '决议');
  await house.feishuSays('ou_sun', POSTER, '我参与的会议上未完成的');
  await house.feishu.say('ou_zhao', 'p2p', 'dm-2026-0004');
  await toldOnFeishu(house, 'ou_zhao', POSTER, '海报定稿', '来自会议');
  await house.feishu.say('ou_sun', 'p2p', CONTRACT);
  await toldOnFeishu(house, 'ou_sun', '与你无关');
});

test('corrected minutes: who pressed the old card is shown the new one, and has accepted nothing', async () => {
  const { slack } = house;
  const old = slack.snapshot(await onSlack('U02LI', LIST));
  const meeting = await slack.until(() =>
    slack.messagesOf('U01WANG').findLast((m) => slack.buttons(m).some((b) => b.label === '更正纪要')),
  );
  await slack.press('U01WANG', meeting, '更正纪要');
  const window = await slack.until(() => slack.window('U01WANG'));
  expect(await slack.submit('U01WANG', window, { w2: '2026-12-07' })).toMatchObject({ problem: undefined });
  await quiet(house);
  await slack.press('U02LI', old, '接受');
  await toldOnSlack(house, 'U02LI', '决议刚刚改过，没有执行');
  await slack.press('U02LI', old, '拒绝');
  expect(slack.window('U02LI')).toBeUndefined();
  expect(slack.cardText(await onSlack('U02LI', LIST))).toContain('2026-12-07');
  expect(await last(LIST)).toMatchObject({ type: 'decision-amended' });
  await slack.press('U02LI', await onSlack('U02LI', LIST), '接受');
  await toldOnSlack(house, 'U02LI', `你已接受 ${LIST}`, '2026-12-07');
});

test('done with a file from the window: kept under the house’s name, and only whoever may see the decision may have it', async () => {
  const { slack } = house;
  slack.addFile({ id: 'F1', name: '合同扫描.PDF', bytes: PDF });
  await slack.press('U02LI', await onSlack('U02LI', CONTRACT), '接受');
  await slack.press('U02LI', await onSlack('U02LI', CONTRACT), '完成');
  const window = await slack.until(() => slack.window('U02LI'));
  expect(await slack.submit('U02LI', window, { file: ['F1'] })).toMatchObject({ problem: undefined });
  await house.slackSays('U02LI', CONTRACT, '已完成', '与场地签合同-20261123-01V1.pdf');
  await waitFor(async () => (await last(CONTRACT))?.type === 'file-kept', 'the file to be kept');
  await slack.press('U02LI', await onSlack('U02LI', CONTRACT), '附件');
  const link = await slack.until(
    () => /http:\/\/127\.0\.0\.1:\d+\/files\/[^"\\]+/.exec(JSON.stringify(slack.ephemerals('U02LI')))?.[0],
  );
  const answer = await fetch(link);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF);
  const stranger = new URL(link);
  stranger.searchParams.set('p', 'qian');
  expect((await fetch(stranger)).status).toBe(404);
  await slack.press('U05QIAN', slack.snapshot(await onSlack('U02LI', CONTRACT)), '附件');
  await toldOnSlack(house, 'U05QIAN', '与你无关');
});

test('a file sent in Feishu with the number is proof enough afterwards', async () => {
  const { feishu } = house;
  await feishu.press('ou_sun', await onFeishu('ou_sun', POSTER), '接受');
  await feishu.sendFile(
    'ou_sun',
    'p2p',
    { name: '海报.pdf', bytes: PDF, mime: 'application/pdf' },
    { replyTo: await onFeishu('ou_sun', POSTER) },
  );
  await toldOnFeishu(house, 'ou_sun', '海报定稿-20261123-01V1.pdf', POSTER);
  await feishu.press('ou_sun', await onFeishu('ou_sun', POSTER), '完成');
  const form = await feishu.when(
    () => feishu.messagesOf('ou_sun').findLast((m) => feishu.buttonsOf(m).some(({ label }) => label === '提交')),
    'the form',
  );
  await feishu.fill('ou_sun', form, {}, '提交');
  await toldOnFeishu(house, 'ou_sun', `${POSTER} 已标记完成`);
});

test('the owner goes away: the deputy is told and acts, both names stand there; when the owner is back it is theirs again', async () => {
  const { slack } = house;
  expect(await types('U02LI', '/pr', 'away 2026-11-24 2026-11-25 @王晓文')).not.toContain('error');
  await at(house, '2026-11-24T00:10:00+08:00');
  await house.slackSays('U01WANG', '李娜 外出', LIST, '由你代理');
  expect(slack.cardText(await onSlack('U01WANG', LIST))).toContain('李娜（外出，王晓文 代）');
  expect(await labels('U01WANG', LIST)).toEqual(['完成', '申请延期']);
  expect(await types('U01WANG', '/decisions', 'mine')).toContain(LIST);
  expect(await last(LIST)).toMatchObject({ type: 'decision-handed', data: { owner: 'li', from: 'li', to: 'wang' } });
  await at(house, '2026-11-26T00:10:00+08:00');
  expect(await last(LIST)).toMatchObject({ type: 'decision-handed', data: { owner: 'li', from: 'wang', to: 'li' } });
  await quiet(house);
  expect(await labels('U01WANG', LIST)).toEqual([]);
  expect(await labels('U02LI', LIST)).toEqual(['完成', '申请延期']);
});

test('the owner has left the company: the chair hears it at the handbook’s next reading and assigns another', async () => {
  await book.change('company.yaml', ['email: li@example.com', 'active: false, email: li@example.com']);
  const rest = [
    ['manager: li, ', 'manager: zhao, '],
    ['roles: [director,', 'roles: [supervisor, director,'],
  ] as const;
  await book.change('company.yaml', ...rest);
  await house.running.reload();
  await quiet(house);
  await house.feishuSays('ou_zhao', LIST, '责任人 李娜 已离职');
  expect(house.feishu.buttonsOf(await onFeishu('ou_zhao', LIST)).map(({ label }) => label)).toContain('改派');
  expect(await last(LIST)).toMatchObject({ type: 'decision-orphaned', data: { owner: 'li' } });
});
