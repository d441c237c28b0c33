/** Asking for something by a form: Slack's windows and Home, Feishu's form cards, its menu and its slash panel. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';

const PURCHASE = {
  amount: '8万',
  item: '展台搭建',
  supplier: '晨光会展',
  needed: '2026-12-10',
  kind: 'service',
  reason: '年会展台，三家比价后最低',
};

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** The number in the newest message of a person's chat that says so. */
const numberIn = (text: string) => /(SP|PU)-2026-\d{4}/.exec(text)?.[0] ?? `no number in ${text}`;

test('where a platform is configured the desk is not there', async () => {
  expect((await fetch(`${house.url}/`)).status).toBe(404);
  expect((await fetch(`${house.url}/desk/state`)).status).toBe(404);
});

describe('Slack: the window', () => {
  const windowOf = (user: string, ...words: string[]) =>
    house.slack.until(() => {
      const view = house.slack.window(user);
      return view && words.every((word) => house.slack.cardText(view).includes(word)) ? view : undefined;
    });
  const accepted = (user: string, ...words: string[]) =>
    house.slack.until(() =>
      [...house.slack.ephemerals(user), ...house.slack.messagesOf(user)].findLast((message) =>
        words.every((word) => house.slack.cardText(message).includes(word)),
      ),
    );

  test('/spend alone opens it: who will sign and why stands above the fields, and follows the amount as it is typed', async () => {
    const { slack } = house;
    expect(await slack.slash('U01WANG', 'C0PR', '/spend')).toMatchObject({ status: 200, problem: undefined });
    const view = await windowOf('U01WANG', '低于 ¥50,000.00：李娜', '¥50,000.00 起：李娜 → 赵敏');
    expect(view.title).toBe('费用申请');
    expect(slack.cardText(view)).toContain('赵敏：申请人汇报线上最近的总监');

    await slack.change('U01WANG', view, 'amount', '49,999.99');
    await windowOf('U01WANG', '¥49,999.99 由谁审批', '主管审批：李娜');
    expect(slack.cardText(view)).not.toContain('总监审批');
    await slack.change('U01WANG', view, 'amount', '5w');
    await windowOf('U01WANG', '¥50,000.00 由谁审批', '总监审批：赵敏', '金额不低于 ¥50,000.00（本次 ¥50,000.00）');

    // what was typed before the redraw is sent with the rest
    expect((await slack.submit('U01WANG', view, { title: '展位定金' })).problem).toBeUndefined();
    expect(slack.window('U01WANG')).toBeUndefined();
    const said = await accepted('U01WANG', '已提交，金额 ¥50,000.00，等待 李娜 审批');
    await house.slackCard('U02LI', numberIn(slack.cardText(said)));
  });

  test('wrong values come back at their fields, the window stays, and the corrected ones are taken', async () => {
    const { slack } = house;
    await slack.slash('U01WANG', 'U01WANG', '/spend');
    const view = await windowOf('U01WANG', '谁来审批');
    const before = (await house.ledger()).length;
    expect((await slack.submit('U01WANG', view, { amount: '-3', title: '   ' })).problem).toBeUndefined();
    expect(view.errors).toEqual({
      'f:amount': '金额须大于零，不能是负数。',
      'f:title': '请填写',
    });
    expect((await house.ledger()).length).toBe(before);
    await slack.submit('U01WANG', view, { amount: '三万二', title: '海报' });
    await accepted('U01WANG', '已提交，金额 ¥32,000.00');
  });

  test('/spend abc def opens it with the fault where it is and what was typed in the fields', async () => {
    const { slack } = house;
    await slack.slash('U01WANG', 'C0PR', '/spend', 'abc def');
    const view = await windowOf('U01WANG', '请改正标出的几处后再提交', '看不懂金额“abc”');
    const typed = JSON.stringify(view.blocks);
    expect(typed).toContain('"initial_value":"abc"');
    expect(typed).toContain('"initial_value":"def"');
    await slack.submit('U01WANG', view, { amount: '12' });
    const said = await accepted('U01WANG', '已提交，金额 ¥12.00');
    expect(slack.cardText(await house.slackCard('U02LI', numberIn(slack.cardText(said))))).toContain('def');
  });

  test('the global shortcut opens the purchase form; its three signers stand there before anything is asked', async () => {
    const { slack } = house;
    expect((await slack.shortcut('U01WANG', '/purchase')).problem).toBeUndefined();
    const view = await windowOf('U01WANG', '部门负责人审批：赵敏', '财务审批：钱多', '首席执行官审批：陈卫东');
    expect((await slack.submit('U01WANG', view, PURCHASE)).problem).toBeUndefined();
    const said = await accepted('U01WANG', '已提交，金额 ¥80,000.00，等待 赵敏 审批');
    const card = await house.slackCard('U01WANG', numberIn(slack.cardText(said)));
    for (const word of ['展台搭建', '晨光会展', '2026-12-10', '服务', '三家比价'])
      expect(slack.cardText(card)).toContain(word);
  });

  test('a reason of spaces alone is no reason: the window says so and nothing is decided', async () => {
    const { slack } = house;
    const asked = await slack.slash('U01WANG', 'C0PR', '/spend', '88 鲜花');
    const number = numberIn(JSON.stringify(asked.body));
    await slack.press('U02LI', await house.slackCard('U02LI', number), '驳回');
    const view = await windowOf('U02LI', `${number} 鲜花`);
    await slack.submit('U02LI', view, { reason: '  ' });
    expect(view.errors).toEqual({ 'f:reason': '请填写' });
    expect(await house.types(number)).toEqual(['request-submitted wang', 'step-opened wang']);
    await slack.submit('U02LI', view, { reason: '不需要' });
    await house.slackSays('U01WANG', number, '已驳回', '不需要');
  });
});

test('Slack: Home shows what waits for me and what I asked for, and follows every change', async () => {
  const { slack } = house;
  const homeOf = (user: string, ...words: string[]) =>
    slack.until(() => {
      const view = slack.home(user);
      return view && words.every((word) => slack.cardText(view).includes(word)) ? view : undefined;
    });
  await slack.openHome('U05QIAN');
  await homeOf('U05QIAN', '没有等你审批的单子', '你还没有发起过申请');
  await Promise.all([slack.openHome('U01WANG'), slack.openHome('U02LI')]);
  const asked = await slack.slash('U01WANG', 'C0PR', '/spend', '2600 易拉宝');
  const number = numberIn(JSON.stringify(asked.body));
  const waiting = await homeOf('U02LI', `${number} 易拉宝｜¥2,600.00｜王晓文`);
  await homeOf('U01WANG', `${number} 易拉宝｜¥2,600.00｜等待 李娜 审批`);

  expect((await slack.press('U02LI', waiting, `查看 ${number}`)).problem).toBeUndefined();
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await homeOf('U01WANG', `${number} 易拉宝｜¥2,600.00｜已批准`);
  await slack.until(() => !slack.cardText(slack.home('U02LI') ?? waiting).includes(number));
});

describe('Feishu: the form card', () => {
  const formFor = (person: string, title: string) =>
    house.feishu.when(
      () =>
        house.feishu
          .messagesOf(person)
          .filter((message) => house.feishu.cardText(message).startsWith(title))
          .findLast((message) => house.feishu.buttonsOf(message).some((button) => button.label === '提交')),
      `a form ${title} for ${person}`,
    );
  const liveForms = (person: string) =>
    house.feishu
      .messagesOf(person)
      .filter((message) => house.feishu.buttonsOf(message).some((button) => button.label === '提交'));

  test('/spend and /费用 alone bring it; faults come back in it with what was typed; the accepted one is closed', async () => {
    const { feishu } = house;
    await feishu.say('ou_wang', 'p2p', '/费用');
    const form = await formFor('ou_wang', '费用申请');
    for (const word of ['低于 ¥50,000.00：李娜', '¥50,000.00 起：李娜 → 赵敏', '赵敏：申请人汇报线上最近的总监'])
      expect(feishu.cardText(form)).toContain(word);

    await feishu.fill('ou_wang', form, { amount: '1.000,00', title: '条幅' }, '提交');
    expect(feishu.toasts('ou_wang').at(-1)).toEqual({ type: 'error', content: '请改正标出的几处后再提交。' });
    expect(feishu.cardText(form)).toContain('¥1,000.00 或 ¥1.00');
    expect(feishu.fieldsOf(form)).toMatchObject({ amount: '1.000,00', title: '条幅' });

    await feishu.fill('ou_wang', form, { amount: '1000' }, '提交');
    const said = feishu.toasts('ou_wang').at(-1)?.content ?? '';
    expect(said).toContain('已提交，金额 ¥1,000.00，等待 李娜 审批');
    expect(feishu.cardText(form)).toContain(numberIn(said));
    expect(feishu.buttonsOf(form)).toEqual([]);
    expect(liveForms('ou_wang')).toEqual([]);
    expect(feishu.cardText(await house.feishuCard('ou_li', numberIn(said)))).toContain('条幅');
    expect(feishu.complaints).toEqual([]);
  });

  test('a form that is put away is closed, and nothing was submitted', async () => {
    const { feishu } = house;
    const before = (await house.ledger()).length;
    await feishu.say('ou_wang', 'p2p', '/spend');
    const form = await formFor('ou_wang', '费用申请');
    await feishu.fill('ou_wang', form, { amount: '1', title: 'x' }, '取消');
    expect(liveForms('ou_wang')).toEqual([]);
    expect(feishu.cardText(form)).toContain('没有提交任何内容');
    expect((await house.ledger()).length).toBe(before);
  });

  test('called by @ in a group, it comes to the person alone', async () => {
    const { feishu } = house;
    await feishu.say('ou_wang', 'oc_pr', '/spend', { mentionBot: true });
    const form = await formFor('ou_wang', '费用申请');
    expect(liveForms('oc_pr')).toEqual([]);
    await feishu.fill('ou_wang', form, { amount: '660', title: '茶歇' }, '提交');
    const number = numberIn(feishu.toasts('ou_wang').at(-1)?.content ?? '');
    await house.feishuSays('oc_pr', number, '茶歇');
  });

  test('a line with everything in it, called by @ in a group or as /费用, needs no form', async () => {
    const { feishu } = house;
    await feishu.say('ou_wang', 'oc_pr', '/费用 3.2万 气球', { mentionBot: true });
    await house.feishuSays('ou_wang', '已提交，金额 ¥32,000.00');
    await house.feishuSays('ou_li', '气球', '人民币叁万贰仟元整');
    expect(liveForms('ou_wang')).toEqual([]);
  });

  test('the menu entry brings the purchase form, with every kind of field', async () => {
    const { feishu } = house;
    await feishu.menu('ou_wang', 'cmd:/purchase');
    const form = await formFor('ou_wang', '采购申请');
    expect(feishu.cardText(form)).toContain('首席执行官审批：陈卫东');
    await feishu.fill('ou_wang', form, PURCHASE, '提交');
    const number = numberIn(feishu.toasts('ou_wang').at(-1)?.content ?? '');
    expect(number).toMatch(/^PU-2026-/);
    await house.feishuSays('ou_zhao', number, '展台搭建', '晨光会展', '2026-12-10', '服务');
    expect(feishu.complaints).toEqual([]);
  });

  test('when the database keeps the person waiting, the form is closed meanwhile: nobody can send it twice', async () => {
    const { feishu, sql } = house;
    await feishu.say('ou_wang', 'p2p', '/spend');
    const form = await formFor('ou_wang', '费用申请');
    const [locked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = sql.begin(async (tx) => {
      await tx`lock table inbox in access exclusive mode`;
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const done = await feishu.fill('ou_wang', form, { amount: '77', title: '慢' }, '提交');
    expect(done).toMatchObject({ status: 200 });
    expect(done.ms).toBeLessThan(3000);
    expect(liveForms('ou_wang')).toEqual([]);
    held.resolve();
    await holding;
    const said = await house.feishuSays('ou_wang', '已提交，金额 ¥77.00');
    await house.feishuCard('ou_li', numberIn(feishu.cardText(said)));
  });

  test('the slash panel was filled at the start: every command with its aliases', async () => {
    const { feishu } = house;
    const panel = await feishu.when(
      () =>
        feishu.commands.length >= 3 && feishu.commands.map((one) => `${one.command} ${one.description.default_value}`),
      'the panel',
    );
    expect(panel).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^spend 费用申请.*\/费用/),
        expect.stringMatching(/^purchase 采购申请.*\/采购/),
        expect.stringMatching(/^pr /),
      ]),
    );
    await house.restart();
    await house.feishu.say('ou_wang', 'p2p', '/pr help');
    await house.feishuSays('ou_wang', '可以这样用', '/spend 金额 事由');
    expect(feishu.commands.length).toBe(panel.length);
  });
});
