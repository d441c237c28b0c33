/** Starting, the long connection, the slash-command panel, and what is said when something is wrong. */
import { afterEach, describe, expect, test } from 'vitest';
import { createFeishu, type FeishuSettings } from '../../../adapters/feishu/adapter.ts';
import { card, type Stage, type StageOptions, stage } from './scripted.ts';

const stages: Stage[] = [];
async function open(options: StageOptions = {}): Promise<Stage> {
  const opened = await stage(options);
  stages.push(opened);
  return opened;
}
afterEach(async () => {
  for (const each of stages.splice(0)) await each.end();
});

describe('settings that cannot work', () => {
  const given: FeishuSettings = {
    appId: 'cli_a1b2c3d4e5f60718',
    appSecret: 's',
    encryptKey: 'k',
    verificationToken: 'v',
    transport: 'http',
    domain: 'https://open.feishu.cn',
  };
  test.for<[string, Partial<FeishuSettings>, RegExp]>([
    ['an app id that the long connection ignores', { transport: 'socket', appId: 'cli_short' }, /FEISHU_APP_ID/],
    ['no encrypt key over HTTP', { encryptKey: '' }, /FEISHU_ENCRYPT_KEY/],
    ['no verification token', { verificationToken: '' }, /FEISHU_VERIFICATION_TOKEN/],
  ])('%s: refused with the name of the variable', ([, wrong, name]) => {
    expect(() => createFeishu({ ...given, ...wrong }, {} as never)).toThrow(name);
  });
});

describe('the long connection', () => {
  test('brings commands, presses and their answers', async () => {
    const s = await open({ transport: 'socket' });
    expect(s.feishu.connected).toBe(true);
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '已提交：物料与差旅' });
    expect((await s.feishu.say('ou_wang', 'p2p', '/spend 3.2万 物料')).status).toBe(200);
    await s.feishu.when(() => s.feishu.messagesOf('ou_wang')[0], 'the answer');
    expect(s.desk.taken[0]?.what).toMatchObject({ text: '/spend 3.2万 物料' });

    await s.post('ou_li', card);
    const message = s.feishu.messagesOf('ou_li')[0];
    if (!message) throw new Error('no card');
    s.desk.script = () => ({
      kind: 'said',
      tone: 'good',
      text: '已批准',
      card: { ...card, headline: '已批准', tone: 'good' },
    });
    await s.feishu.press('ou_li', message, '批准');
    expect(s.feishu.cardText(message)).toContain('已批准');
    expect(s.feishu.toasts('ou_li')).toEqual([{ type: 'success', content: '已批准' }]);
    await s.feishu.when(() => s.desk.redrawn.length === 1, 'the card to be drawn once more');
    expect(s.feishu.complaints).toEqual([]);
  });

  test.for<[string, Record<string, string>]>([
    ['another app', { app_id: 'cli_ffffffffffffffff' }],
    ['a wrong token', { token: 'wrong' }],
    ['another tenant', { tenant_key: 'tenant-of-strangers' }],
  ])('case 20: an event of %s is not taken', async ([, header]) => {
    const s = await open({ transport: 'socket' });
    const event = { operator: { operator_id: { open_id: 'ou_wang' } }, event_key: 'spend' };
    await s.feishu.event('application.bot.menu_v6', event, header);
    expect(s.desk.taken).toEqual([]);
    await s.feishu.event('application.bot.menu_v6', event, { token: '' }); // the long connection may leave it out
    expect(s.desk.taken).toHaveLength(1);
  });

  test('comes back when the network breaks, and says so meanwhile', async () => {
    const s = await open({ transport: 'socket' });
    s.feishu.cutLine();
    await s.feishu.when(() => s.adapter.trouble() !== undefined, 'the break to be noticed');
    expect(s.adapter.trouble()).toContain('长连接');
    await s.feishu.when(() => s.feishu.connections === 2 && s.adapter.trouble() === undefined, 'the second connection');
    await s.feishu.say('ou_wang', 'p2p', '/spend 1');
    expect(s.desk.taken).toHaveLength(1);
  });

  test('opens no HTTP route: one door is enough', async () => {
    const s = await open({ transport: 'socket' });
    s.feishu.deliverTo(s.url);
    expect((await s.feishu.say('ou_wang', 'p2p', '/spend 1')).status).toBe(404);
    expect(s.desk.taken).toEqual([]);
  });
});

describe('a Feishu that is away', () => {
  test('holds up nothing, and is found when it comes back', async () => {
    const s = await open({ started: false });
    s.feishu.fail('/tenant_access_token', 'cut-before', 2);
    await s.adapter.start(); // returns at once
    await s.feishu.when(() => s.adapter.trouble()?.includes('连不上'), 'the absence to be noticed');
    await s.feishu.when(() => s.adapter.trouble() === undefined, 'the return');
  });

  test('or that refuses our secret is said, with what to check', async () => {
    const s = await open({ started: false });
    s.feishu.fail('/tenant_access_token', 10014, 1);
    await s.adapter.start();
    await s.feishu.when(() => s.adapter.trouble()?.includes('FEISHU_APP_SECRET'), 'the refusal to be noticed');
    await s.feishu.when(() => s.adapter.trouble() === undefined, 'the mend');
  });

  test('stops at once, even in the middle of waiting', async () => {
    const s = await open({ started: false });
    s.feishu.fail('/tenant_access_token', 'hang', 9);
    await s.adapter.start();
    await s.feishu.when(() => s.adapter.trouble() !== undefined, 'the start');
    const began = performance.now();
    await s.adapter.stop();
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('case 21: the clock', () => {
  test.for([
    ['61 s ahead', 62_000],
    ['61 s behind', -62_000],
  ] as const)('%s is said before it refuses everything', async ([, off]) => {
    const s = await open({ started: false, deps: { clock: () => new Date(Date.now() + off) } });
    await s.adapter.start();
    await s.feishu.when(() => s.adapter.trouble()?.includes('NTP'), 'the skew to be noticed');
  });

  test('goes wrong on a day on which nobody calls Feishu: it is asked again, and hears of the mend too', async () => {
    const s = await open({ deps: { askAgainMs: 20 } });
    const theirs = s.feishu.platform.options.clock;
    s.feishu.platform.options.clock = () => new Date(theirs().getTime() + 600_000);
    await s.feishu.when(() => s.adapter.trouble()?.includes('NTP'), 'the skew to be noticed');
    s.feishu.platform.options.clock = theirs;
    await s.feishu.when(() => s.adapter.trouble() === undefined, 'the mend');
  });
});

describe('whose app it is', () => {
  test('the tenant that Feishu names is stored at the start', async () => {
    const s = await open();
    await s.feishu.when(() => s.pinned.length === 1, 'the tenant');
    expect(s.pinned).toEqual(['tenant-galaxy']);
  });

  test('without the scope for asking, the first verified event tells; later others are refused', async () => {
    const s = await open({ started: false });
    s.feishu.platform.scopes.delete('tenant:tenant:readonly');
    await s.adapter.start();
    await s.feishu.when(() => s.adapter.trouble() === undefined, 'the start');
    expect(s.pinned).toEqual([]);
    await s.feishu.say('ou_wang', 'p2p', '/spend 1');
    expect(s.pinned).toEqual(['tenant-galaxy']);
    const stranger = await s.feishu.event('application.bot.menu_v6', {}, { tenant_key: 'tenant-of-strangers' });
    expect([stranger.status, s.desk.taken.length]).toEqual([401, 1]);
  });
});

describe('the slash-command panel', () => {
  const commands = [
    { command: 'spend', aliases: ['费用'], description: '费用申请' },
    { command: '/pr', aliases: [], description: '查看与设置' },
    { command: '采购', aliases: [], description: '只能输入' },
  ];
  const shown = (s: Stage) => s.feishu.commands.map((entry) => `${entry.command}: ${entry.description.default_value}`);
  const writes = (s: Stage) =>
    s.feishu.calls.filter((call) => call.path.includes('slash') && call.method !== 'GET').length;

  test('shows our commands after the start; a second start changes nothing', async () => {
    const s = await open({ deps: { commands } });
    expect(shown(s)).toEqual(['spend: 费用申请 (/费用) · 会签', 'pr: 查看与设置 · 会签']);
    const before = writes(s);
    await s.adapter.start();
    await s.feishu.when(() => s.adapter.trouble() === undefined, 'the second start');
    expect(writes(s)).toBe(before);
  });

  test('follows the handbook, and leaves an administrator’s own commands alone', async () => {
    const s = await open({ started: false, deps: { commands } });
    const entry = (command: string, text: string) => ({
      command_id: command,
      command,
      description: { default_value: text },
    });
    s.feishu.commands.push(
      entry('spend', '旧说明 · 会签'),
      entry('travel', '已取消的流程 · 会签'),
      entry('weather', '管理员自己的'),
      entry('pr', '管理员占用的名字'),
    );
    await s.adapter.start();
    await s.feishu.when(() => s.adapter.trouble() === undefined, 'the start');
    expect(shown(s)).toEqual(['spend: 费用申请 (/费用) · 会签', 'weather: 管理员自己的', 'pr: 管理员占用的名字']);
  });

  test('case 16: without its scope everything else works, and the scope is named', async () => {
    const s = await open({ started: false, deps: { commands } });
    s.feishu.platform.scopes.delete('application:app_slash_command');
    await s.adapter.start();
    await s.feishu.when(
      () => s.adapter.trouble()?.includes('application:app_slash_command:write'),
      'the missing scope',
    );
    await s.feishu.say('ou_wang', 'p2p', '/spend 1');
    expect(s.desk.taken).toHaveLength(1);
  });
});
