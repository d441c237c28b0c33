/** The fake is strict: what the pages forbid it refuses, so that the other stories mean something. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeWeCom, startFakeWeCom } from '../../support/wecom.ts';

let now = new Date('2026-11-23T02:00:00Z');
let wecom: FakeWeCom;
beforeAll(async () => {
  wecom = await startFakeWeCom({ clock: () => now });
});
afterAll(() => wecom.close());

type Answer = Record<string, unknown> & { errcode: number };
async function call(path: string, query: Record<string, string>, body?: object): Promise<Answer> {
  const response = await fetch(`${wecom.apiUrl}/cgi-bin/${path}?${new URLSearchParams(query)}`, {
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
  return (await response.json()) as Answer;
}
const token = async () => {
  const { corpId, secret } = wecom.settings().app;
  return String((await call('gettoken', { corpid: corpId, corpsecret: secret })).access_token);
};
const post = async (path: string, body: object) => call(path, { access_token: await token() }, body);
let made = 0;
const button = { text: '接受', style: 1, key: 'k' };
const card = (more: object = {}) => ({
  card_type: 'button_interaction',
  task_id: `task-${++made}`,
  main_title: { title: '决议' },
  button_list: [button],
  ...more,
});
const send = (template_card: object, more: object = {}) =>
  post('message/send', { touser: 'lina', agentid: 1000002, msgtype: 'template_card', template_card, ...more });
const text = (content: string, more: object = {}) =>
  post('message/send', { touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content }, ...more });

describe('a message that breaks a rule', () => {
  test.each<[string, number, object]>([
    ['a title of 37 characters', 40058, card({ main_title: { title: '预'.repeat(37) } })],
    ['a text of 161', 40058, card({ sub_title_text: '预'.repeat(161) })],
    ['seven facts', 40058, card({ horizontal_content_list: Array(7).fill({ keyname: '人', value: '李娜' }) })],
    ['a long name of a fact', 40058, card({ horizontal_content_list: [{ keyname: '六个字的名称', value: 'x' }] })],
    ['seven buttons', 40058, card({ button_list: Array.from({ length: 7 }, (_, n) => ({ ...button, key: `${n}` })) })],
    ['a key twice', 40058, card({ button_list: [button, button] })],
    ['a key of 1025 bytes', 40058, card({ button_list: [{ ...button, key: 'k'.repeat(1025) }] })],
    ['a button of 11 characters', 40058, card({ button_list: [{ ...button, text: '预'.repeat(11) }] })],
    ['a jump list beside buttons', 40058, card({ jump_list: [] })],
    ['a notice that leads nowhere', 40058, { card_type: 'text_notice', task_id: 't', main_title: { title: 'x' } }],
    ['a task id with other signs', 42014, card({ task_id: '会议' })],
    ['a task id of 129', 42014, card({ task_id: 'x'.repeat(129) })],
    ['an escaped sign', 40033, card({ main_title: { title: '\u0007' } })],
  ])('%s', async (_story, code, broken) => expect((await send(broken)).errcode).toBe(code));

  test('text of 2049 bytes', async () => {
    expect((await text('x'.repeat(2048))).errcode).toBe(0);
    expect((await text('x'.repeat(2049))).errcode).toBe(45002);
  });
  test('the same task id twice, another app, no token, an old one', async () => {
    const one = card();
    expect((await send(one)).errcode).toBe(0);
    expect((await send(one)).errcode).toBe(42014);
    expect((await text('x', { agentid: 7 })).errcode).toBe(40056);
    expect((await call('message/send', {}, {})).errcode).toBe(41001);
    const old = await token();
    now = new Date(now.getTime() + 7_200_000);
    expect((await call('message/send', { access_token: old }, {})).errcode).toBe(42001);
  });
});

test('who is unknown is named; if nobody is known, it is an error', async () => {
  expect(await text('a', { touser: 'lina|nobody' })).toMatchObject({ errcode: 0, invaliduser: 'nobody' });
  expect((await text('a', { touser: 'nobody' })).errcode).toBe(81013);
});

test('the duplicate check: the same content within its time is not there twice, unless it is off', async () => {
  const before = wecom.messagesOf('lina').length;
  const check = { enable_duplicate_check: 1, duplicate_check_interval: 1800 };
  for (const more of [check, check, { enable_duplicate_check: 0 }]) await text('同样的话', more);
  now = new Date(now.getTime() + 1_801_000);
  await text('同样的话', check);
  expect(wecom.messagesOf('lina').length - before).toBe(3);
});

test('a response code serves once, and 72 hours', async () => {
  const update = (code: unknown) =>
    post('message/update_template_card', {
      userids: ['lina'],
      agentid: 1000002,
      response_code: code,
      button: { replace_name: '好' },
    });
  const { response_code } = await send(card());
  expect((await update(response_code)).errcode).toBe(0);
  expect((await update(response_code)).errcode).toBe(42022);
  const late = (await send(card())).response_code;
  now = new Date(now.getTime() + 72 * 3_600_000 + 1);
  expect((await update(late)).errcode).toBe(40058);
  expect((await update('invented')).errcode).toBe(40058);
});

test('too many: the 31st to one person is thrown away in silence, the 21st of a robot refused', async () => {
  now = new Date(now.getTime() + 3_600_000);
  for (let n = 0; n < 31; n++) expect((await text(`${n}`)).errcode).toBe(0);
  expect(wecom.dropped).toHaveLength(1);
  const say = () => call('webhook/send', { key: wecom.robots.pr }, { msgtype: 'markdown', markdown: { content: 'x' } });
  for (let n = 0; n < 20; n++) expect((await say()).errcode).toBe(0);
  expect((await say()).errcode).toBe(45009);
  expect((await call('webhook/send', { key: 'wrong' }, {})).errcode).toBe(93000);
});
