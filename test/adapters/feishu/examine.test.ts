/** An administrator asks how Feishu is: each thing that can be wrong is found, named, and told with its mend. */
import { afterEach, expect, test } from 'vitest';
import type { Check, Examination } from '../../../src/core/chat.ts';
import { card, type Stage, type StageOptions, stage } from './scripted.ts';

let s: Stage;
afterEach(() => s.end());

const handbook: Examination = {
  language: 'zh',
  channels: [
    { name: 'pr', id: 'oc_pr' },
    { name: 'crisis', id: 'oc_crisis' },
  ],
  people: [],
  samples: [],
  thorough: false,
};
const examine = async (asked: Partial<Examination> = {}): Promise<Check[]> =>
  (await s.adapter.examine?.({ ...handbook, ...asked })) ?? [];
const faults = (checks: Check[]) => checks.filter(({ kind }) => kind !== 'well');
const open = async (options: StageOptions = {}): Promise<void> => {
  s = await stage(options);
  s.feishu.platform.scopes.add('application:application:self_manage');
};

test('all is well: said of each thing, and nothing was sent', async () => {
  await open();
  const checks = await examine();
  expect(faults(checks)).toEqual([]);
  const said = checks.map(({ what }) => what).join('\n');
  for (const part of ['应用凭证有效', '权限齐全', '机器人能力', '都已订阅', '2 个频道', '时钟'])
    expect(said).toContain(part);
  expect(s.feishu.platform.messages).toEqual([]);
});

test('scopes: what it cannot do without, and what only some companies need', async () => {
  await open();
  const { scopes } = s.feishu.platform;
  for (const scope of ['im:message', 'im:message.urgent:phone']) scopes.delete(scope);
  const [missing, optional] = faults(await examine());
  expect(missing).toMatchObject({ kind: 'stops', what: expect.stringContaining('缺少权限 im:message') });
  expect(missing).toMatchObject({ mend: expect.stringMatching(/权限管理.*发布/) });
  expect(optional).toMatchObject({ kind: 'note', what: expect.stringContaining('im:message.urgent:phone') });
});

test('the card callback is not subscribed, or comes another way than we listen', async () => {
  await open();
  s.feishu.platform.subscriptions = { way: 'webhook', events: ['im.message.receive_v1'], callbacks: [] };
  expect(faults(await examine({ language: 'en' }))).toEqual([
    expect.objectContaining({ kind: 'stops', what: expect.stringContaining('card.action.trigger') }),
  ]);
  s.feishu.platform.subscriptions = {
    way: 'websocket',
    events: ['im.message.receive_v1'],
    callbacks: ['card.action.trigger'],
  };
  expect(faults(await examine())).toEqual([
    expect.objectContaining({ kind: 'stops', what: expect.stringContaining('使用长连接接收') }),
  ]);
  s.feishu.platform.scopes.delete('application:application:self_manage');
  expect(faults(await examine())).toEqual([
    expect.objectContaining({ kind: 'note', mend: expect.stringContaining('application:application:self_manage') }),
  ]);
});

test('groups: the bot is not in, dissolved, no such one', async () => {
  await open();
  Object.assign(s.feishu.chat('oc_pr'), { botIn: false });
  Object.assign(s.feishu.chat('oc_crisis'), { dissolved: true });
  const said = faults(await examine({ channels: [...handbook.channels, { name: 'none', id: 'oc_none' }] }));
  expect(said.map(({ what }) => what)).toEqual([
    expect.stringContaining('机器人不在群「pr」'),
    expect.stringContaining('群「crisis」（oc_crisis）不存在或已解散'),
    expect.stringContaining('群「none」'),
  ]);
});

test('without the scope to see groups it is said once, not for each of them', async () => {
  await open();
  s.feishu.platform.scopes.delete('im:chat');
  const said = faults(await examine()).map(({ what }) => what);
  expect(said).toEqual([
    expect.stringContaining('没有开通可选权限 im:chat'),
    expect.stringContaining('看不到群「pr」'),
  ]);
});

test('the month’s quota is used up: said once, with until when; the message is kept, and nobody blames the credentials', async () => {
  await open();
  s.feishu.fail('/application/v6/scopes', 99991403, 1);
  expect(faults(await examine()).map(({ what }) => what)).toEqual([expect.stringContaining('额度用完了')]);
  s.feishu.fail({ path: '/im/v1/messages', method: 'POST' }, 99991403, 1);
  await expect(s.post('ou_li', card)).rejects.toMatchObject({ problem: 'credentials', code: '99991403' });
  expect(s.adapter.trouble()).toContain('额度用完了');
});

test('a wrong secret, and a Feishu that is away', async () => {
  await open();
  s.feishu.fail('/auth/v3/tenant_access_token/internal', 10014, 9);
  s.feishu.revokeTokens();
  s.feishu.fail('/bot/v3/info', 99991663, 1);
  // the token that is kept is refused, and the next one is not given
  expect(faults(await examine()).some(({ kind }) => kind === 'stops')).toBe(true);
  expect(faults(await examine())).toEqual([
    expect.objectContaining({
      kind: 'stops',
      what: expect.stringContaining('10014'),
      mend: expect.stringContaining('FEISHU_APP_SECRET'),
    }),
  ]);
});

test('the long connection is asked for and not opened: it would take people’s presses away', async () => {
  await open({ transport: 'socket' });
  s.feishu.platform.subscriptions = { ...s.feishu.platform.subscriptions, way: 'websocket' };
  const checks = await examine({ thorough: true });
  expect(faults(checks)).toEqual([]);
  expect(checks.map(({ what }) => what)).toContain('飞书：可以打开长连接');
  s.feishu.fail('/callback/ws/endpoint', 514, 1);
  expect(faults(await examine({ thorough: true }))).toEqual([
    expect.objectContaining({ kind: 'stops', what: expect.stringContaining('514') }),
  ]);
});

test('what was posted for a trial is taken back', async () => {
  await open();
  const ref = await s.post('ou_li', card);
  await s.adapter.remove?.(ref);
  expect(s.feishu.messagesOf('ou_li').every(({ recalled }) => recalled)).toBe(true);
});
