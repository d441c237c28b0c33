/** A drill beside the real thing, one begun by mistake, one with phones, and one that is owed: nobody mixes them up, nobody is left ringing (C2, C8). */
import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cardOnSlack, drills, entries, fills, raises } from '../support/crisis.ts';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { quiet } from '../support/minutes.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

const MINUTE = 60_000;
const DRILL = 'DR-2026-0001';
const [LI, CHEN] = ['+8613800000002', '+8613800000004'];
let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;

const rows = () => house.sql<{ number: string; state: string }[]>`select number, state from crisis order by number`;

describe('phones stay out of a drill unless the handbook says otherwise', () => {
  beforeAll(async () => {
    house = await openHouse({ crisis: true, phones: true, at: '2026-12-14T10:00:00+08:00' });
  });
  afterAll(() => house.close());

  test('an alarm is not raised before its form is sent, whatever was typed; and sent twice it is one', async () => {
    const { slack } = house;
    await slack.slash('U01WANG', 'direct', '/crisis', '测试一下');
    const form = await slack.until(() => slack.window('U01WANG'));
    slack.closeWindow('U01WANG');
    await quiet(house);
    expect(await rows()).toEqual([]);
    await slack.slash('U01WANG', 'direct', '/crisis', '测试一下');
    const again = await slack.until(() => slack.window('U01WANG'));
    expect(again.id).not.toBe(form.id);
    const sent = await slack.submit('U01WANG', again, { kind: 'opinion' });
    await Promise.all([slack.again(sent), slack.again(sent, 2)]);
    await cardOnSlack(house, 'U02LI', 'CR-2026-0001', '收到');
    expect(await rows()).toHaveLength(1);
  });

  test('raised by mistake, whoever raised it takes it back by one press and a reason; whoever was called is told, nothing rings any more', async () => {
    const { slack, twilio } = house;
    await fills(house, 'U01WANG', 'U01WANG', 'CR-2026-0001', '误报，解除', { reason: '只是想看看' });
    await Promise.all([
      toldOnFeishu(house, 'ou_zhao', 'CR-2026-0001', '只是想看看'),
      toldOnSlack(house, 'U02LI', 'CR-2026-0001', '只是想看看'),
    ]);
    house.travel(30 * MINUTE);
    await quiet(house);
    expect(await rows()).toEqual([{ number: 'CR-2026-0001', state: 'over' }]);
    expect([...twilio.calls, ...twilio.messages]).toEqual([]);
    expect(slack.buttons(await house.slackSays('U02LI', 'CR-2026-0001', '误报')).map(({ label }) => label)).toEqual([
      '打开态势卡',
    ]);
  });

  test('a drill is for those who assess alarms to begin: whoever else tries is told whom to ask, and nobody is called', async () => {
    expect(await typedOnSlack(house, 'U01WANG', '/crisis', 'drill service-storm')).toContain('请找 赵敏');
    expect(house.slack.window('U01WANG')).toBeUndefined();
  });

  test('one is begun while another form stands open: that one is refused with the number of the first', async () => {
    const { slack } = house;
    await slack.slash('U04CHEN', 'direct', '/crisis', 'drill live-fire');
    const late = await slack.until(() => slack.window('U04CHEN'));
    expect(await drills(house, 'U02LI', 'service-storm')).toBe(DRILL);
    await slack.submit('U04CHEN', late);
    await toldOnSlack(house, 'U04CHEN', DRILL, '还没结束');
    expect(await rows()).toHaveLength(2);
  });

  test('a drill begun by mistake is taken back like an alarm: it counts as broken off, not as held', async () => {
    await fills(house, 'U02LI', 'U02LI', DRILL, '结束演练', { reason: '点错了' });
    await toldOnFeishu(house, 'ou_zhao', DRILL, '点错了', '演练');
    const card = await typedOnSlack(house, 'U02LI', '/crisis', 'drills');
    for (const word of ['本季度还没有演练', DRILL, '中止']) expect(card).toContain(word);
  });

  test('whoever owes the quarter’s drill is asked in the morning, chooses a scenario on that card, and begins it', async () => {
    const { feishu } = house;
    await morning();
    const due = await house.feishuSays('ou_zhao', '2026-Q4 还没有做过危机演练');
    await feishu.press('ou_zhao', due, '选一个场景');
    const list = await house.feishuSays('ou_zhao', '门店争执上热搜');
    await feishu.press('ou_zhao', list, '开始演练');
    const form = await feishu.when(
      () => feishu.messagesOf('ou_zhao').findLast((m) => feishu.buttonsOf(m).some(({ label }) => label === '取消')),
      'the form of the drill',
    );
    expect(feishu.cardText(form)).toContain('演练');
    await feishu.fill('ou_zhao', form, {}, '开始演练');
    await cardOnSlack(house, 'U02LI', 'DR-2026-0002', '收到');
  });

  test('something real happens meanwhile: the form does not take the drill for it, both are listed, only the real one rings the phone', async () => {
    const { slack, twilio } = house;
    await slack.slash('U01WANG', 'direct', '/crisis', '仓库冒烟');
    const form = await slack.until(() => slack.window('U01WANG'));
    expect(slack.cardText(form)).not.toContain('DR-2026-0002');
    slack.closeWindow('U01WANG');
    expect(await raises(house, 'U01WANG', { text: '仓库冒烟' })).toBe('CR-2026-0002');
    const list = await typedOnSlack(house, 'U02LI', '/crisis', 'list');
    expect(list).toContain('【演练】警报 DR-2026-0002');
    expect(list).toMatch(/[^】]警报 CR-2026-0002/);
    for (let i = 0; i < 2; i++) {
      house.travel(5 * MINUTE);
      await quiet(house);
    }
    expect(twilio.textsTo(LI).map(({ body }) => body.includes('CR-2026-0002'))).toEqual([true]);
    expect(JSON.stringify([...twilio.calls, ...twilio.messages])).not.toContain('DR-2026');
    expect(await entries(house, 'DR-2026-0002', 'rung-climbed')).not.toEqual([]);
  });
});

/** The job of every morning, now. */
async function morning(): Promise<void> {
  const boss = new PgBoss({ connectionString: house.config.databaseUrl ?? '', supervise: false, schedule: false });
  await boss.start();
  await boss.send('drills', {});
  await boss.stop({ graceful: false });
}

describe('with `phones: true` in the handbook', () => {
  beforeAll(async () => {
    book = await copyHandbook(
      {
        'crisis.yaml': [
          ['phones: false', 'phones: true'],
          [
            'who: [{role: director, standIn: {role: supervisor}}, {role: supervisor}]',
            'who: [{role: ceo}, {role: supervisor}]',
          ],
        ],
      },
      {},
      { crisis: true },
    );
    house = await openHouse({ handbook: book.folder, phones: true });
  });
  afterAll(async () => {
    await house.close();
    await book.remove();
  });

  test('the form says so; the text and the voice begin with the word, and a key on the phone is the answer', async () => {
    const { slack, twilio } = house;
    await slack.slash('U02LI', 'direct', '/crisis', 'drill live-fire');
    const form = await slack.until(() => slack.window('U02LI'));
    expect(slack.cardText(form)).toContain('演练也会打电话、发短信');
    const number = await drills(house, 'U02LI', 'live-fire');
    house.travel(5 * MINUTE);
    const text = await twilio.when(() => twilio.textsTo(CHEN).at(-1), 'a text message to 陈卫东');
    expect(text.body).toMatch(/^演练/);
    house.travel(5 * MINUTE);
    const call = await twilio.when(() => twilio.callsTo(CHEN).at(-1), 'a call to 陈卫东');
    const { heard } = await twilio.press(call.sid, '1');
    expect(heard[0]).toMatch(/^演练/);
    expect(await entries(house, number, 'page-answered')).toMatchObject([{ by: 'chen' }]);
    const page = await cardOnSlack(house, 'U04CHEN', number, '定为特大');
    expect(slack.cardText(page)).toContain('【演练】你已回应');
    expect(twilio.faults).toEqual([]);
  });
});
