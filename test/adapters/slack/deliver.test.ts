/** Cards on their way out: posted once, edited in place, and every way in which Slack can refuse. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isSlackHost } from '../../../adapters/slack/deliver.ts';
import { apiTimeoutMs } from '../../../adapters/slack/limits.ts';
import type { Card } from '../../../src/core/card.ts';
import { DeliveryError, type DeliveryProblem } from '../../../src/core/chat.ts';
import { type Bench, decisionCard, startBench } from './bench.ts';

let now = new Date('2026-11-22T02:00:00Z');
let bench: Bench;
beforeEach(async () => {
  now = new Date('2026-11-22T02:00:00Z');
  bench = await startBench({ clock: () => now });
  await bench.met();
});
afterEach(() => bench.stop());

const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const post = (
  to = 'C0PR',
  intent = { id: 'intent-1', triedBefore: undefined as Date | undefined },
  card: Card = decisionCard,
) =>
  bench.adapter.post({ kind: to.startsWith('U') ? 'direct' : 'channel', id: to }, { kind: 'card', card }, intent, 'zh');
async function problemOf(act: Promise<unknown>): Promise<DeliveryError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return error;
}

describe('a card', () => {
  test('is posted to a person and to a channel, with everything on it and nothing alive', async () => {
    const direct = await post('U02LI');
    expect(direct.channel).toBe(bench.slack.directOf('U02LI'));
    await post('C0PR', { id: 'intent-2', triedBefore: undefined });
    for (const place of ['U02LI', 'C0PR']) {
      const [card] = bench.slack.messagesOf(place);
      if (!card) throw new Error('not posted');
      const text = bench.slack.cardText(card);
      for (const words of [
        'SP-2026-0001',
        '王晓文',
        '¥32,000.00',
        '春季促销物料',
        '李娜 · 主管审批',
        '¥50,000.00 以下',
      ])
        expect(text).toContain(words);
      expect(bench.slack.buttons(card).map(({ label, style }) => [label, style])).toEqual([
        ['批准', 'primary'],
        ['拒绝', 'danger'],
      ]);
      expect(card.text).toContain('SP-2026-0001');
      expect(card.live).toEqual([]);
    }
    expect(bench.slack.calls('chat.postMessage').at(0)?.args).toMatchObject({
      unfurl_links: false,
      link_names: false,
      parse: 'none',
      metadata: { event_type: 'countersign', event_payload: { id: 'intent-1' } },
    });
  });

  test('is edited in place, text and blocks', async () => {
    const ref = await post();
    await bench.adapter.edit(
      ref,
      { ...decisionCard, tone: 'good', headline: '已批准 SP-2026-0001', blocks: decisionCard.blocks.slice(0, 2) },
      'zh',
    );
    const [card] = bench.slack.messagesOf('C0PR');
    expect(card && bench.slack.cardText(card)).toContain('🟢 已批准 SP-2026-0001');
    expect(card && bench.slack.buttons(card)).toEqual([]);
    expect(card?.metadata).toMatchObject({ event_payload: { id: 'intent-1' } });
  });

  test('a home page is published', async () => {
    await bench.adapter.home?.('U02LI', { ...decisionCard, headline: '等我处理' }, 'zh');
    const home = bench.slack.home('U02LI');
    expect(home && bench.slack.cardText(home)).toContain('等我处理');
  });
});

describe('case 5: the post succeeded and its answer was lost', () => {
  test('says ambiguous, and the next try finds the message instead of posting it twice', async () => {
    bench.slack.fail('chat.postMessage', 'cut after');
    const tried = now;
    expect((await problemOf(post())).problem).toBe('ambiguous');
    expect(bench.slack.messagesOf('C0PR')).toHaveLength(1);
    later(90_000);
    const ref = await post('C0PR', { id: 'intent-1', triedBefore: tried });
    expect(ref.message).toBe(bench.slack.messagesOf('C0PR')[0]?.ts);
    expect(bench.slack.messagesOf('C0PR')).toHaveLength(1);
  });

  test('in a direct chat as well, and behind two hundred other messages', async () => {
    bench.slack.fail('chat.postMessage', 'cut after');
    const tried = now;
    await problemOf(post('U02LI'));
    for (let index = 0; index < 110; index += 1) {
      later(2_000);
      await post('U02LI', { id: `other-${index}`, triedBefore: undefined });
    }
    const found = await post('U02LI', { id: 'intent-1', triedBefore: tried });
    expect(found.message).toBe(bench.slack.messagesOf('U02LI')[0]?.ts);
    expect(bench.slack.messagesOf('U02LI')).toHaveLength(111);
  });

  test('after an hour in a busy channel one look is enough, since it is known when the try was over', async () => {
    bench.slack.fail('chat.postMessage', 'cut after');
    const tried = now;
    await problemOf(post('U02LI'));
    for (let index = 0; index < 260; index += 1) {
      later(14_000);
      await post('U02LI', { id: `other-${index}`, triedBefore: undefined });
    }
    const asked = { id: 'intent-1', triedBefore: tried, triedUntil: new Date(tried.getTime() + 60_000) };
    const found = await post('U02LI', asked);
    expect(found.message).toBe(bench.slack.messagesOf('U02LI')[0]?.ts);
    await post('U02LI', { ...asked, id: 'never arrived' });
    expect(bench.slack.messagesOf('U02LI')).toHaveLength(262);
    // nor is the person's own channel asked for again
    expect([bench.slack.calls('conversations.history').length, bench.slack.calls('conversations.open').length]).toEqual(
      [2, 1],
    );
  });

  test('what has to be looked for has its own place in the line: that of the looks', () => {
    const again = { how: 'post' as const, to: 'C0PR', again: true };
    const waits = bench.adapter.queued?.([...Array(7).fill(again), { ...again, again: false }]) ?? [];
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(waits[5]).toBeGreaterThan(1_000);
    expect(waits[6]).toBeGreaterThan(2_000);
    expect(waits[7]).toBe(0);
  });

  test('an intent that never arrived is posted', async () => {
    bench.slack.fail('chat.postMessage', 'cut before');
    const tried = now;
    expect((await problemOf(post())).problem).toBe('ambiguous');
    later(5_000);
    await post('C0PR', { id: 'intent-1', triedBefore: tried });
    expect(bench.slack.messagesOf('C0PR')).toHaveLength(1);
  });

  test('an intent of another message is not taken for ours', async () => {
    const tried = now;
    await post('C0PR', { id: 'intent-0', triedBefore: undefined });
    later(5_000);
    await post('C0PR', { id: 'intent-1', triedBefore: tried });
    expect(bench.slack.messagesOf('C0PR')).toHaveLength(2);
  });

  test.each(['missing_scope', 'not_in_channel', 'channel_not_found'])(
    'where the history may not be read (%s), it is posted',
    async (error) => {
      bench.slack.fail('conversations.history', { error, with: { needed: 'channels:history' } });
      await post('C0PR', { id: 'intent-1', triedBefore: now });
      expect(bench.slack.messagesOf('C0PR')).toHaveLength(1);
    },
  );

  test('a look that fails for a moment posts nothing', async () => {
    bench.slack.fail('conversations.history', { status: 503 });
    expect((await problemOf(post('C0PR', { id: 'intent-1', triedBefore: now }))).problem).toBe('retry-later');
    expect(bench.slack.messagesOf('C0PR')).toHaveLength(0);
  });
});

describe('what Slack refuses', () => {
  const codes: [string, string, DeliveryProblem][] = [
    ['case 6', 'ratelimited', 'retry-later'],
    ['case 9', 'message_not_found', 'gone'],
    ['case 10', 'edit_window_closed', 'gone'],
    ['case 10', 'cant_update_message', 'gone'],
    ['case 11', 'is_archived', 'unreachable'],
    ['case 12', 'not_in_channel', 'unreachable'],
    ['case 13', 'channel_not_found', 'unreachable'],
    ['case 14', 'restricted_action', 'unreachable'],
    ['case 14', 'restricted_action_read_only_channel', 'unreachable'],
    ['case 14', 'restricted_action_thread_locked', 'unreachable'],
    ['case 15', 'invalid_auth', 'credentials'],
    ['case 15', 'token_revoked', 'credentials'],
    ['case 15', 'token_expired', 'credentials'],
    ['case 15', 'account_inactive', 'credentials'],
    ['case 16', 'missing_scope', 'credentials'],
    ['case 17', 'users_not_found', 'unreachable'],
    ['case 17', 'user_disabled', 'unreachable'],
    ['case 31', 'cannot_dm_bot', 'unreachable'],
    ['an unheard-of code', 'phase_of_the_moon', 'rejected'],
  ];
  test.each(codes)('%s: %s is %s', async (_, error, problem) => {
    const ref = await post();
    bench.slack.fail('chat.update', { error }, 2);
    expect(await problemOf(bench.adapter.edit(ref, decisionCard, 'zh'))).toMatchObject({
      platform: 'slack',
      problem,
      code: error,
    });
    later(60_000);
    bench.slack.fail('chat.postMessage', { error }, 2);
    expect((await problemOf(post('C0PR', { id: 'i2', triedBefore: undefined }))).problem).toBe(problem);
  });

  test('case 16: a missing scope is named', async () => {
    bench.slack.fail('chat.postMessage', {
      error: 'missing_scope',
      with: { needed: 'chat:write.public', provided: 'chat:write' },
    });
    expect((await problemOf(post())).code).toBe('missing_scope:chat:write.public');
  });

  test('the real conditions, not only their codes', async () => {
    const ref = await post();
    bench.slack.vanish(bench.slack.messagesOf('C0PR')[0] as never);
    expect((await problemOf(bench.adapter.edit(ref, decisionCard, 'zh'))).problem).toBe('gone');
    bench.slack.archive('C0PR');
    later(2_000);
    expect(await problemOf(post('C0PR', { id: 'i2', triedBefore: undefined }))).toMatchObject({
      problem: 'unreachable',
      code: 'is_archived',
    });
    bench.slack.deactivate('U02LI');
    expect((await problemOf(post('U02LI', { id: 'i3', triedBefore: undefined }))).problem).toBe('unreachable');
    expect((await problemOf(post('U0NOBODY', { id: 'i4', triedBefore: undefined }))).problem).toBe('unreachable');
    bench.slack.revokeToken();
    expect(await problemOf(post('U04CHEN', { id: 'i5', triedBefore: undefined }))).toMatchObject({
      problem: 'credentials',
      code: 'token_revoked',
    });
  });

  test('case 6: 429 says when to come again, and until then nobody calls', async () => {
    bench.slack.fail('chat.postMessage', { status: 429, retryAfter: 7 });
    expect(await problemOf(post())).toMatchObject({ problem: 'retry-later', afterMs: 7_000 });
    const calls = bench.slack.calls('chat.postMessage').length;
    expect(await problemOf(post('U02LI', { id: 'i2', triedBefore: undefined }))).toMatchObject({
      problem: 'retry-later',
      afterMs: 7_000,
    });
    expect(bench.slack.calls('chat.postMessage')).toHaveLength(calls);
    later(7_000);
    await post('C0PR', { id: 'i3', triedBefore: undefined });
  });

  test('case 6: 429 without a Retry-After, and 200 with `ratelimited`, wait as well', async () => {
    bench.slack.fail('chat.postMessage', { status: 429 });
    expect(await problemOf(post())).toMatchObject({ problem: 'retry-later', afterMs: 5_000 });
    later(10_000);
    bench.slack.fail('chat.postMessage', { error: 'ratelimited' });
    expect((await problemOf(post())).problem).toBe('retry-later');
  });

  test('case 6: our own bucket: one message a second and channel after a short burst, other channels unharmed', async () => {
    const outcomes = [];
    for (let index = 0; index < 7; index += 1)
      outcomes.push(
        await post('C0PR', { id: `i${index}`, triedBefore: undefined }).catch((error: DeliveryError) => error.afterMs),
      );
    expect(outcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(5);
    expect(outcomes.at(-1)).toBe(1_000);
    await post('U02LI', { id: 'other', triedBefore: undefined });
    later(1_000);
    await post('C0PR', { id: 'i8', triedBefore: undefined });
  });

  test('case 6: a storm of edits is held at fifty a minute', async () => {
    const ref = await post();
    let carriedOut = 0;
    for (let second = 0; second < 60; second += 1) {
      later(1_000);
      for (let index = 0; index < 3; index += 1) {
        const done = await bench.adapter.edit(ref, decisionCard, 'zh').then(
          () => true,
          () => false,
        );
        if (done) carriedOut += 1;
      }
    }
    expect(carriedOut).toBeGreaterThanOrEqual(50);
    expect(carriedOut).toBeLessThanOrEqual(80);
  });

  test('an edit whose answer is lost may simply be repeated', async () => {
    const ref = await post();
    for (const failure of ['cut before', 'cut after', { status: 500 }, { error: 'fatal_error' }] as const) {
      bench.slack.fail('chat.update', failure);
      expect((await problemOf(bench.adapter.edit(ref, decisionCard, 'zh'))).problem).toBe('retry-later');
    }
    for (const failure of [{ status: 500 }, { error: 'fatal_error' }, { error: 'internal_error' }] as const) {
      later(2_000);
      bench.slack.fail('chat.postMessage', failure);
      expect((await problemOf(post('C0PR', { id: 'i', triedBefore: undefined }))).problem).toBe('ambiguous');
    }
  });

  test('no answer at all is ambiguous after some seconds, not never', async () => {
    await bench.stop();
    bench = await startBench({ patience: { apiMs: 300 } });
    await bench.met();
    bench.slack.fail('chat.postMessage', 'hang');
    expect(await problemOf(post())).toMatchObject({ problem: 'ambiguous', code: 'timeout' });
    expect(apiTimeoutMs).toBeLessThanOrEqual(10_000);
  });

  test('nobody listens: nothing was posted, so it may be tried again', async () => {
    await bench.slack.stop();
    expect((await problemOf(post())).problem).toBe('retry-later');
  });
});

describe('case 22 and case 23: a card that is too large, or that Slack calls invalid', () => {
  test('case 22: a card with endless history keeps its facts and its buttons', async () => {
    const endless: Card = {
      ...decisionCard,
      blocks: [
        ...decisionCard.blocks,
        ...Array.from(
          { length: 200 },
          (_, index) => ({ kind: 'quote', text: `第 ${index} 条意见 ${'长'.repeat(900)}`, drop: 2 }) as const,
        ),
      ],
    };
    const ref = await post('C0PR', { id: 'i', triedBefore: undefined }, endless);
    await bench.adapter.edit(ref, { ...endless, summary: '长'.repeat(5_000) }, 'zh');
    const [card] = bench.slack.messagesOf('C0PR');
    expect(card && bench.slack.cardText(card)).toContain('¥32,000.00');
    expect(card && bench.slack.buttons(card)).toHaveLength(2);
  });

  test('case 23: refused against all care, it goes out as a sentence with its buttons, and somebody is alarmed', async () => {
    bench.slack.fail('chat.postMessage', { error: 'invalid_blocks' });
    await post();
    const [card] = bench.slack.messagesOf('C0PR');
    expect(card && bench.slack.cardText(card)).toContain('SP-2026-0001：王晓文申请 ¥32,000.00');
    expect(card && bench.slack.buttons(card)).toHaveLength(2);
    expect(bench.lines.some((line) => line.level === 50 && line.code === 'invalid_blocks')).toBe(true);
  });

  test('case 23: refused twice is rejected', async () => {
    bench.slack.fail('chat.postMessage', { error: 'invalid_blocks' }, 2);
    expect(await problemOf(post())).toMatchObject({ problem: 'rejected', code: 'invalid_blocks' });
  });
});

describe('a file', () => {
  const file = () => {
    bench.slack.addFile({ id: 'F1', name: '报价.pdf', bytes: Buffer.from('%PDF-1.7 报价') });
    return { id: 'F1', url: bench.slack.apiUrl.replace('/api/', '/files/F1/download') };
  };
  test('is fetched with our token, by its address or by its id alone', async () => {
    for (const ref of [file(), { id: 'F1' }]) {
      const { stream, mime } = await bench.adapter.fetchFile(ref);
      expect(mime).toBe('application/pdf');
      expect((await buffer(stream)).toString()).toBe('%PDF-1.7 报价');
    }
  });
  test('elsewhere is never fetched, and the token goes nowhere else', async () => {
    const asked: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.headers);
      response.end('x');
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    expect(await problemOf(bench.adapter.fetchFile({ url }))).toMatchObject({
      problem: 'rejected',
      code: 'file_elsewhere',
    });
    expect(asked).toEqual([]);
    elsewhere.close();
  });
  test.each([
    ['https://files.slack.com/files-pri/T1-F1/x.pdf', true],
    ['https://acme.slack.com/files/x', true],
    ['https://slack.com/x', true],
    ['http://files.slack.com/x', false],
    ['https://files.slack.com.evil.example/x', false],
    ['https://evilslack.com/x', false],
    ['https://files.slack.com:8443/x', false],
    ['https://user@evil.example/files.slack.com', false],
    ['file:///etc/passwd', false],
    ['', false],
  ])('%s is Slack: %s', (url, yes) => expect(isSlackHost(url, undefined)).toBe(yes));
  test('that is gone, and a sign-in page instead of it', async () => {
    expect((await problemOf(bench.adapter.fetchFile({ url: file().url.replace('F1', 'F2') }))).problem).toBe('gone');
    await bench.stop();
    bench = await startBench({ slack: { scopes: ['chat:write'] }, clock: () => now });
    expect(await problemOf(bench.adapter.fetchFile(file()))).toMatchObject({
      problem: 'credentials',
      code: 'missing_scope:files:read',
    });
  });
});

describe('the health page', () => {
  test('says nothing while all is well', () => expect(bench.adapter.trouble()).toBeUndefined());

  test('case 15: says that the token is refused', async () => {
    await bench.stop();
    bench = await startBench({ settings: () => ({ botToken: 'xoxb-wrong' }) });
    await bench.slack.until(() => bench.adapter.trouble()?.includes('invalid_auth'));
  });

  test('starts while Slack is away, says so, and gets well by itself', async () => {
    await bench.stop();
    const slackAway = startBench({
      slack: {},
      settings: (slack) => {
        slack.fail('auth.test', 'cut before', 2);
        return {};
      },
    });
    bench = await slackAway;
    expect(bench.adapter.trouble()).toContain('not reached yet');
    await bench.met();
  });

  test('case 21: says that our clock is wrong', async () => {
    await bench.stop();
    bench = await startBench({ slack: { clock: () => new Date(now.getTime() - 90_000) }, clock: () => now });
    await bench.slack.until(() => bench.adapter.trouble()?.includes('differs by 90 s'));
  });

  test('says that the token belongs to another workspace than before', async () => {
    await bench.stop();
    bench = await startBench({ pinTeam: async () => 'T1FIRST' });
    await bench.slack.until(() => bench.adapter.trouble()?.includes('serves T1FIRST'));
    await bench.slack.slash('U01WANG', 'C0PR', '/spend', '1 a');
    expect(bench.desk.taken.at(-1)?.from.foreign).toBe(true);
  });

  test('says that the app was uninstalled', async () => {
    await bench.slack.event({ type: 'app_uninstalled' });
    expect(bench.adapter.trouble()).toContain('uninstalled');
  });
});
