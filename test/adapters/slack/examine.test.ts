/** An administrator asks how Slack is: each thing that can be wrong is found, named, and told with its mend. */
import { afterEach, expect, test } from 'vitest';
import type { Check, Content, Examination } from '../../../src/core/chat.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
afterEach(() => bench.stop());

const handbook: Examination = {
  language: 'zh',
  channels: [{ name: 'pr', id: 'C0PR' }],
  people: [
    { name: '王晓文', account: 'U01WANG' },
    { name: '李娜', account: 'U02LI' },
  ],
  samples: [],
  thorough: false,
};
const examine = async (asked: Partial<Examination> = {}): Promise<Check[]> =>
  (await bench.adapter.examine?.({ ...handbook, ...asked })) ?? [];
const faults = (checks: Check[]) => checks.filter(({ kind }) => kind !== 'well');
const open = async (...options: Parameters<typeof startBench>): Promise<void> => {
  bench = await startBench(...options);
  await bench.met();
};
const form: Content = {
  kind: 'form',
  form: {
    title: '费用申请',
    intro: [],
    fields: [{ id: 'amount', type: 'money', label: '金额', required: true }],
    submit: '提交',
    cancel: '取消',
    action: { command: 'requests.submit' },
  },
};
const card: Content = {
  kind: 'card',
  card: { headline: '自检', tone: 'open', summary: '自检', blocks: [{ kind: 'text', text: '自检' }] },
};

test('all is well: said of each thing, and nothing was changed in Slack', async () => {
  await open();
  const checks = await examine({ samples: [card, form] });
  expect(faults(checks)).toEqual([]);
  const said = checks.map(({ what }) => what).join('\n');
  for (const part of ['令牌有效', '权限齐全', '时钟', '1 个频道', '2 个账号', '自检、费用申请'])
    expect(said).toContain(part);
  const asked = new Set(bench.slack.calls().map(({ method }) => method));
  expect(asked).toEqual(new Set(['auth.test', 'users.info', 'conversations.info', 'blocks.validate']));
});

test('a revoked token: nothing goes, and where the new one is found', async () => {
  await open();
  bench.slack.revokeToken();
  expect(await examine()).toEqual([
    expect.objectContaining({
      kind: 'stops',
      what: expect.stringContaining('token_revoked'),
      mend: expect.stringContaining('SLACK_BOT_TOKEN'),
    }),
  ]);
});

test('what is known without asking is said in the reader’s language', async () => {
  await open();
  bench.slack.fail('auth.test', { error: 'invalid_auth' }, 9);
  await bench.adapter.stop();
  await bench.adapter.start();
  await bench.slack.until(() => bench.adapter.trouble() !== undefined);
  expect(bench.adapter.trouble()).toContain('the bot token is refused');
  expect(bench.adapter.trouble('zh')).toContain('机器人令牌被拒绝（invalid_auth）');
});

test('Slack is away', async () => {
  await open();
  bench.slack.fail('auth.test', 'cut before', 9);
  expect(faults(await examine())).toEqual([
    expect.objectContaining({ kind: 'stops', what: expect.stringContaining('连不上') }),
  ]);
});

test('a scope was not ticked: which, where to tick it, and that the app must be installed anew', async () => {
  await open();
  bench.slack.scopes.splice(bench.slack.scopes.indexOf('pins:write'), 1);
  expect(faults(await examine({ language: 'en' }))).toEqual([
    expect.objectContaining({
      kind: 'limits',
      what: 'Slack: missing scope: pins:write',
      mend: expect.stringMatching(/Bot Token Scopes.*Reinstall/),
    }),
  ]);
});

test('channels: the bot is not in, archived, no such one', async () => {
  await open();
  const { slack } = bench;
  for (const id of ['C0AUDIT', 'C0OLD']) slack.addChannel({ id, members: [] });
  slack.removeBot('C0AUDIT');
  slack.archive('C0OLD');
  const channels = [
    { name: 'audit', id: 'C0AUDIT' },
    { name: 'old', id: 'C0OLD' },
    { name: 'gone', id: 'C0GONE' },
  ];
  const said = faults(await examine({ channels })).map(({ what }) => what);
  expect(said).toEqual([
    expect.stringContaining('机器人不在频道「audit」'),
    expect.stringContaining('「old」已归档'),
    expect.stringContaining('找不到频道「gone」（C0GONE）'),
  ]);
});

test('without the scope to see channels it is said once, not for each of them', async () => {
  await open();
  bench.slack.scopes.splice(bench.slack.scopes.indexOf('channels:read'), 1);
  const channels = ['a', 'b', 'c'].map((name) => ({ name, id: 'C0PR' }));
  const found = faults(await examine({ channels }));
  expect(found.map(({ kind }) => kind)).toEqual(['limits', 'note']);
  expect(found[0]?.what).toContain('channels:read');
});

test('people: no such account, deactivated, a guest', async () => {
  await open();
  const { slack } = bench;
  slack.addUser({ id: 'U07GUEST', name: '小顾', guest: true });
  slack.deactivate('U02LI');
  const people = [...handbook.people, { name: '小顾', account: 'U07GUEST' }, { name: '无名', account: 'U09NONE' }];
  const said = faults(await examine({ people })).map(({ what }) => what);
  expect(said).toEqual([
    expect.stringContaining('李娜 的账号已停用'),
    expect.stringContaining('小顾 是访客账号'),
    expect.stringContaining('没有 无名 的账号 U09NONE'),
  ]);
});

test('our clock is wrong: by how much, and from when on everything is refused', async () => {
  let ahead = 0;
  await open({ clock: () => new Date(Date.now() + ahead), slack: { clock: () => new Date() } });
  ahead = 200_000;
  expect(faults(await examine())).toEqual([
    expect.objectContaining({
      kind: 'limits',
      what: expect.stringMatching(/(?:199|200|201) 秒/),
      mend: expect.stringContaining('NTP'),
    }),
  ]);
});

test('a form that Slack will not take: named with the place, and a Slack that does not know the method is only a note', async () => {
  await open();
  const options = Array.from({ length: 101 }, (_, i) => ({ value: `v${i}`, label: `第 ${i} 项` }));
  const bad: Content = {
    kind: 'form',
    form: {
      ...(form.kind === 'form' ? form.form : ({} as never)),
      title: '坏表单',
      action: {
        command: 'x',
        with: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, 'x'.repeat(400)])),
      },
      fields: [{ id: 'c', type: 'choice', label: '选', required: true, options }],
    },
  };
  bench.slack.fail(
    'blocks.validate',
    {
      error: 'invalid_view',
      with: { errors: [{ pointer: '/blocks/0', code: 'failed_constraint', message: 'too many options' }] },
    },
    1,
  );
  const said = faults(await examine({ samples: [form] }));
  expect(said).toEqual([
    expect.objectContaining({
      kind: 'limits',
      what: expect.stringContaining('「费用申请」（/blocks/0 too many options）'),
    }),
  ]);
  expect(faults(await examine({ samples: [bad] }))).toEqual([
    expect.objectContaining({ kind: 'limits', what: expect.stringContaining('form_too_large') }),
  ]);
  bench.slack.fail('blocks.validate', { error: 'unknown_method' }, 1);
  expect(faults(await examine({ samples: [card] }))).toEqual([
    expect.objectContaining({ kind: 'note', what: expect.stringContaining('unknown_method') }),
  ]);
});

test('Socket Mode is tried without taking anybody’s presses: no second socket stands afterwards', async () => {
  await open({ settings: ({ appToken }) => ({ appToken }) });
  await bench.slack.until(() => bench.slack.sockets() === 1);
  expect(faults(await examine({ thorough: true }))).toEqual([]);
  expect(bench.slack.sockets()).toBe(1);
  bench.slack.fail('apps.connections.open', { error: 'not_allowed_token_type' }, 1);
  expect(faults(await examine({ thorough: true }))).toEqual([
    expect.objectContaining({ kind: 'stops', mend: expect.stringContaining('connections:write') }),
  ]);
});

test('what was posted for a trial is taken back', async () => {
  await open();
  const ref = await bench.adapter.post(
    { kind: 'direct', id: 'U02LI' },
    card,
    { id: 'a-trial', triedBefore: undefined },
    'zh',
  );
  expect(bench.slack.messagesOf('U02LI')).toHaveLength(1);
  await bench.adapter.remove?.(ref);
  expect(bench.slack.messagesOf('U02LI')).toHaveLength(0);
  await expect(bench.adapter.remove?.(ref)).rejects.toMatchObject({ problem: 'gone' });
});
