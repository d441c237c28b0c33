/** "Add to crisis timeline" in the menu of a message on Slack: whose words they are, when they were said, and where. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { slackManifest } from '../../../adapters/slack/manifest.ts';
import { ADD_TO_TIMELINE } from '../../../adapters/slack/payloads.ts';
import { slackWords } from '../../../src/words/slack.ts';
import { type Bench, decisionCard, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  await bench.met();
  bench.slack.addUser({ id: 'U9AGENCY', team: 'T0OTHER' });
});
afterAll(() => bench.stop());
beforeEach(() => {
  bench.desk.taken.length = 0;
  bench.desk.says = () => ({ kind: 'nothing' });
});

const TS = '1763777000.000200';
const said = { ts: TS, user: 'U02LI', text: '门店 <@U04CHEN|陈卫东> 确认：3 台退货 &amp; 1 台起火' };
const add = (message: Parameters<Bench['slack']['messageShortcut']>[2] = said, user = 'U01WANG', channel = 'C0PR') =>
  bench.slack.messageShortcut(user, channel, message, ADD_TO_TIMELINE);
const taken = () => {
  const [only, ...others] = bench.desk.taken;
  if (!only || others.length > 0) throw new Error(`${bench.desk.taken.length} acts`);
  return only;
};

test('what somebody wrote is handed on by whoever chose it, with who wrote it, when and where', async () => {
  expect((await add()).problem).toBeUndefined();
  expect(taken()).toEqual({
    platform: 'slack',
    deliveryId: expect.stringMatching(/./),
    from: { account: 'U01WANG', foreign: false },
    at: { kind: 'channel', id: 'C0PR' },
    message: { channel: 'C0PR', message: TS },
    what: {
      kind: 'quote',
      text: '门店 <@U04CHEN> 确认：3 台退货 & 1 台起火',
      by: 'U02LI',
      sentAt: '2025-11-22T02:03:20.000Z',
      link: 'https://fake.slack.com/archives/C0PR/p1763777000000200',
      files: [],
    },
  });
});

test('a reply in a thread is linked to in its thread', async () => {
  await add({ ...said, thread_ts: '1763770000.000100' });
  expect(taken().what).toMatchObject({
    link: 'https://fake.slack.com/archives/C0PR/p1763777000000200?thread_ts=1763770000.000100&cid=C0PR',
  });
});

test('what an app or a picture says counts as well', async () => {
  const { user: _nobody, ...anonymous } = said;
  const photo = { id: 'F1', name: '现场.jpg', mimetype: 'image/jpeg', size: 7 };
  await add({ ...anonymous, username: '舆情监测', bot_id: 'B7', text: null, files: [photo] });
  expect(taken().what).toMatchObject({
    by: '舆情监测（机器人/bot）',
    text: '',
    files: [{ name: '现场.jpg', mime: 'image/jpeg', size: 7, ref: { id: 'F1' } }],
  });
});

test.each([
  ['a person’s name', { username: '赵敏', bot_id: 'B7' }, '赵敏（机器人/bot）'],
  ['a person’s account', { username: 'U04CHEN', bot_id: 'B7' }, 'U04CHEN（机器人/bot）'],
  ['no name', { username: ' ', bot_id: 'B7' }, 'B7（机器人/bot）'],
  ['nothing at all', {}, '（机器人/bot）'],
])('a webhook with %s is nobody of us', async (_what, from, by) => {
  await add({ ts: TS, text: '起火', ...from });
  expect(taken().what).toMatchObject({ by });
});

test('however long a webhook calls itself, it is called one', async () => {
  await add({ ts: TS, text: '起火', username: `赵敏${'\uFB2C'.repeat(200)}` });
  const { what } = taken();
  const by = what.kind === 'quote' ? what.by : '';
  expect(by).toMatch(/^赵敏.*…（机器人\/bot）$/u);
  expect([...by.normalize('NFC')].length).toBeLessThanOrEqual(100);
});

test.each([
  [
    'that says another address',
    '<https://evil.example/login|https://company.com/notice>',
    'https://company.com/notice (https://evil.example/login)',
  ],
  ['with words', '请看 <https://evil.example/?a=1&amp;b=2|公告>', '请看 公告 (https://evil.example/?a=1&b=2)'],
  ['with a line in its words', '<https://evil.example|公告|全文>', '公告|全文 (https://evil.example)'],
  ['that Slack made of what was typed', '<http://company.com/notice|company.com/notice>', 'company.com/notice'],
  ['alone', '<https://company.com/notice>', 'https://company.com/notice'],
  ['to an address for mail', '<mailto:li@company.com|li@company.com>', 'li@company.com'],
  [
    'to another address for mail',
    '<mailto:evil@evil.example|li@company.com>',
    'li@company.com (mailto:evil@evil.example)',
  ],
])('a link %s is kept with where it leads', async (_what, text, kept) => {
  await add({ ...said, text });
  expect(taken().what).toMatchObject({ text: kept });
});

test('from the direct chat with the bot it is from nowhere in particular', async () => {
  await add(said, 'U01WANG', 'direct');
  expect(taken().at).toEqual({ kind: 'direct', id: 'U01WANG' });
});

test('whoever is not ours hands on nothing in our name', async () => {
  await add(said, 'U9AGENCY');
  expect(taken().from).toEqual({ account: 'U9AGENCY', foreign: true });
});

test('the answer is for their eyes, also where the bot is not; a question opens a window', async () => {
  bench.slack.addChannel({ id: 'C0ELSE', members: ['U01WANG'], botIn: false });
  bench.desk.says = () => ({ kind: 'said', tone: 'good', text: '已记入 CR-2026-0003' });
  await add(said, 'U01WANG', 'C0ELSE');
  const whisper = await bench.slack.until(() => bench.slack.ephemerals('U01WANG').at(-1));
  expect([whisper.channel, whisper.text]).toEqual(['C0ELSE', expect.stringContaining('已记入 CR-2026-0003')]);
  const action = { command: 'crisis.fact' };
  const form = { title: '记入哪个危机？', intro: [], fields: [], submit: '记入', cancel: '取消', action };
  bench.desk.says = () => ({ kind: 'form', form, say: '' });
  await add();
  expect(await bench.slack.until(() => bench.slack.window('U01WANG'))).toMatchObject({ title: '记入哪个危机？' });
});

test.each([
  ['a time that is none', { ...said, ts: 'yesterday' }],
  ['no message at all', {}],
])('%s: nothing is handed on', async (_what, message) => {
  expect((await add(message)).problem).toBeUndefined();
  expect(bench.desk.taken).toEqual([]);
});

test('a workspace with an odd name gives no link', async () => {
  const { delivery } = await add();
  bench.desk.taken.length = 0;
  const payload = { ...delivery.payload, trigger_id: '1.2.3', team: { id: 'T0HOME', domain: 'evil.example/x' } };
  await bench.slack.send(
    new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    'application/x-www-form-urlencoded',
  );
  expect(taken().what).not.toHaveProperty('link');
});

test.each(['zh', 'en'] as const)(
  '%s: it is in the manifest where there are crises, in at most 24 characters',
  (language) => {
    const given = { name: 'x', url: 'https://x.example', commands: [], socketMode: false };
    const shortcutsOf = (manifest: object) => (manifest as { features: { shortcuts: unknown[] } }).features.shortcuts;
    const name = slackWords(language).addToTimeline;
    expect(name.length).toBeLessThanOrEqual(24);
    expect(shortcutsOf(slackManifest({ ...given, timeline: language }))).toEqual([
      { name, type: 'message', callback_id: ADD_TO_TIMELINE, description: expect.stringMatching(/./) },
    ]);
    expect(shortcutsOf(slackManifest(given))).toEqual([]);
  },
);

test('the card of our own that is quoted speaks by its sentence', async () => {
  const to = { kind: 'channel', id: 'C0PR' } as const;
  await bench.adapter.post(to, { kind: 'card', card: decisionCard }, { id: 'i', triedBefore: undefined }, 'zh');
  const posted = await bench.slack.until(() => bench.slack.messagesOf('C0PR').at(-1));
  await add({ ts: posted.ts, user: bench.slack.botUser, bot_id: 'B0BOT', text: posted.text });
  expect(taken().what).toMatchObject({ by: bench.slack.botUser, text: expect.stringContaining('¥32,000.00') });
});
