/** Who may speak to us in Slack's name: only Slack, and only now. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refuse } from '../../../adapters/slack/signature.ts';
import { type Bench, startBench } from './bench.ts';

/** The example of https://docs.slack.dev/authentication/verifying-requests-from-slack */
const example = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: Buffer.from(
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  ),
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const then = 1_531_420_618_000;
const check = (changes: Partial<typeof example> & { at?: number }) => {
  const { secret, timestamp, body, signature } = { ...example, ...changes };
  return refuse(secret, { timestamp, signature }, body, new Date(changes.at ?? then));
};

describe('the signature', () => {
  test("Slack's own example passes", () => expect(check({})).toBeUndefined());
  test('five minutes early and five minutes late pass, a second more does not', () => {
    expect(check({ at: then + 300_000 })).toBeUndefined();
    expect(check({ at: then - 300_000 })).toBeUndefined();
    expect(check({ at: then + 301_000 })).toBe('too-old');
    expect(check({ at: then - 301_000 })).toBe('from-the-future');
  });
  test.each([
    ['another secret', { secret: 'x' }, 'bad-signature'],
    ['one byte changed', { body: Buffer.concat([example.body, Buffer.from(' ')]) }, 'bad-signature'],
    ['another second', { timestamp: '1531420619' }, 'bad-signature'],
    ['no signature', { signature: '' }, 'bad-signature'],
    ['a longer signature', { signature: `${example.signature}0` }, 'bad-signature'],
    ['capitals', { signature: example.signature.toUpperCase() }, 'bad-signature'],
    ['no timestamp', { timestamp: '' }, 'no-timestamp'],
    ['a timestamp that is no number', { timestamp: '1e9' }, 'no-timestamp'],
    ['a negative timestamp', { timestamp: '-1531420618' }, 'no-timestamp'],
  ])('%s is refused', (_, changes, why) => expect(check(changes)).toBe(why));
});

describe('the route', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
    await bench.met();
  });
  beforeEach(() => {
    bench.desk.taken.length = 0;
  });
  afterAll(() => bench.stop());

  const command = () =>
    new URLSearchParams({
      command: '/spend',
      text: '3.2万',
      user_id: 'U01WANG',
      team_id: 'T0HOME',
      channel_id: 'C0PR',
      trigger_id: 't',
      response_url: 'https://hooks.slack.com/commands/x',
    }).toString();
  const form = 'application/x-www-form-urlencoded';

  test.each([
    ['case 20: a forged signature', { 'x-slack-signature': 'v0=00' }],
    [
      'case 20: a request of an hour ago',
      { 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000) - 3600) },
    ],
    [
      'case 20: a request from the future',
      { 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000) + 3600) },
    ],
  ])('%s gets 401 and nothing happens', async (_, headers) => {
    const answer = await bench.slack.send(command(), form, headers);
    expect(answer).toEqual({ status: 401, text: '' });
    expect(bench.desk.taken).toEqual([]);
  });

  test('case 20: a flood of forgeries is one line in the log, without the forged content', async () => {
    const before = bench.lines.length;
    await Promise.all(
      Array.from({ length: 30 }, () => bench.slack.send('secret=words', form, { 'x-slack-signature': 'v0=1' })),
    );
    const refused = bench.lines.slice(before).filter((line) => line.msg === 'slack request refused');
    expect(refused.length).toBeLessThanOrEqual(1);
    expect(JSON.stringify(bench.lines)).not.toContain('secret=words');
  });

  test('a body of more than a mebibyte is not read', async () => {
    const answer = await bench.slack.send('x'.repeat(1024 * 1024 + 1), form);
    expect(answer.status).toBe(413);
  });

  test('a signed body that is no JSON is refused without a stack', async () => {
    expect(await bench.slack.send('{', 'application/json')).toEqual({ status: 400, text: '' });
    expect(await bench.slack.send('[]', 'application/json')).toEqual({ status: 400, text: '' });
    expect(await bench.slack.send('payload=%7B', form)).toEqual({ status: 400, text: '' });
  });

  test('Slack checks the address (url_verification) and the certificate (ssl_check)', async () => {
    const challenge = JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1a', token: 'x' });
    expect(await bench.slack.send(challenge)).toEqual({ status: 200, text: '3eZbrw1a' });
    expect(await bench.slack.send('ssl_check=1&token=x', form)).toEqual({ status: 200, text: '' });
    expect(await bench.slack.send(challenge, 'application/json', { 'x-slack-signature': 'v0=1' })).toEqual({
      status: 401,
      text: '',
    });
  });

  test('what we do not know is answered and ignored', async () => {
    for (const body of [
      '{}',
      '{"type":"event_callback","event":{"type":"unheard_of"}}',
      '{"type":"event_callback","event":{}}',
    ]) {
      expect((await bench.slack.send(body)).status).toBe(200);
    }
    for (const payload of [
      '{"type":"block_actions","actions":[]}',
      '{"type":"view_submission","view":{}}',
      '{"type":"shortcut"}',
      '{"type":"block_suggestion"}',
    ]) {
      expect((await bench.slack.send(new URLSearchParams({ payload }).toString(), form)).status).toBe(200);
    }
    expect(bench.desk.taken).toEqual([]);
  });
});
