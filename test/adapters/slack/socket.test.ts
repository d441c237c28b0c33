/** Socket Mode: the same people, the same desk, no open port. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, decisionCard, startBench } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench({ settings: (slack) => ({ appToken: slack.appToken }) });
  bench.slack.transport = 'socket';
  await bench.met();
  await bench.slack.until(() => bench.slack.sockets() === 1);
});
afterEach(() => bench.stop());

describe('over the socket', () => {
  test('a command, a press, a form and an event make the round trip', async () => {
    bench.desk.says = () => ({ kind: 'card', card: decisionCard });
    const asked = await bench.slack.slash('U02LI', 'C0PR', '/spend', 'SP-2026-0001');
    expect(asked).toMatchObject({ problem: undefined, body: { response_type: 'ephemeral' } });
    const card = await bench.slack.until(() => bench.slack.ephemerals('U02LI').at(-1));
    bench.desk.says = () => ({
      kind: 'form',
      say: '',
      form: {
        title: '拒绝',
        intro: [],
        submit: '拒绝',
        cancel: '返回',
        action: { command: 'requests.reject' },
        fields: [{ id: 'reason', label: '理由', type: 'text', required: true }],
      },
    });
    await bench.slack.press('U02LI', card, '拒绝');
    const window = await bench.slack.until(() => bench.slack.window('U02LI'));
    bench.desk.says = () => ({ kind: 'said', tone: 'good', text: '已拒绝' });
    expect((await bench.slack.submit('U02LI', window, { reason: '贵' })).problem).toBeUndefined();
    expect(bench.slack.window('U02LI')).toBeUndefined();
    await bench.slack.say('U02LI', '/pr help');
    expect(bench.desk.taken.map(({ what }) => what.kind)).toEqual(['text', 'action', 'form', 'text']);
  });

  test.each(['refresh', 'cut'] as const)(
    'when the line goes (%s), it is opened again and work goes on',
    async (how) => {
      bench.slack.dropSockets(how);
      await bench.slack.until(
        () => bench.slack.calls('apps.connections.open').length >= 2 && bench.slack.sockets() === 1,
      );
      await bench.slack.until(() => bench.adapter.trouble() === undefined);
      expect((await bench.slack.slash('U01WANG', 'C0PR', '/pr', 'help')).problem).toBeUndefined();
      expect(bench.desk.taken).toHaveLength(1);
    },
  );

  test('while Slack is away it goes on trying and says so, and the program lives', async () => {
    bench.slack.fail('apps.connections.open', 'cut before');
    bench.slack.fail('apps.connections.open', { status: 500 });
    bench.slack.dropSockets('cut');
    await bench.slack.until(() => bench.adapter.trouble()?.includes('socket is down'));
    await bench.slack.until(() => bench.slack.sockets() === 1 && bench.adapter.trouble() === undefined, 10_000);
  });

  test('a refused app token is named', async () => {
    await bench.stop();
    bench = await startBench({ settings: () => ({ appToken: 'xapp-wrong' }) });
    await bench.slack.until(() => bench.adapter.trouble()?.includes('SLACK_APP_TOKEN'));
  });
});
