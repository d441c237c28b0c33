/** How long something will have to wait under our own limits is known beforehand: what comes at its time goes, and not a moment later than it could. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onInterface, onMessage, toReceiver } from '../../adapters/feishu/limits.ts';
import { type Rate, Rates } from '../../adapters/feishu/rates.ts';
import { createRates, type Method } from '../../adapters/slack/rates.ts';

const runs = { numRuns: 60 };
const slackCall = fc.record({
  method: fc.constantFrom<Method>('chat.postMessage', 'chat.update', 'views.publish'),
  channel: fc.constantFrom('C1', 'C2', 'C3'),
});
const before = fc.array(slackCall, { maxLength: 90 });

test('Slack: each call goes at the time that was foreseen, and not a second before', () => {
  fc.assert(
    fc.property(before, fc.array(slackCall, { minLength: 1, maxLength: 90 }), (earlier, calls) => {
      let now = Date.parse('2026-11-23T02:00:00Z');
      const start = now;
      const rates = createRates(() => new Date(now));
      const goes = (call: (typeof calls)[number]): boolean => {
        try {
          rates.take(call.method, call.channel);
          return true;
        } catch {
          return false;
        }
      };
      earlier.forEach(goes);
      const waits = rates.foresee(calls);
      const inTime = calls.map((call, i) => ({ call, wait: waits[i] ?? 0 })).toSorted((a, b) => a.wait - b.wait);
      for (const { call, wait } of inTime) {
        now = Math.max(now, start + wait + 2);
        expect(goes(call)).toBe(true);
      }
      const first = calls[0];
      const wait = waits[0] ?? 0;
      if (!first || wait < 1_000) return;
      now = start;
      const again = createRates(() => new Date(now));
      for (const call of earlier) {
        try {
          again.take(call.method, call.channel);
        } catch {}
      }
      now = start + wait - 1_000;
      expect(() => again.take(first.method, first.channel)).toThrow();
    }),
    runs,
  );
});

const feishuSend = fc.oneof(
  fc.constantFrom('ou_1', 'ou_2', 'oc_3').map((to): Rate[] => [toReceiver(to), ...onInterface('post')]),
  fc.constantFrom('om_1', 'om_2').map((message): Rate[] => [onMessage(message), ...onInterface('edit')]),
);

test('Feishu: likewise', () => {
  fc.assert(
    fc.property(
      fc.array(feishuSend, { maxLength: 90 }),
      fc.array(feishuSend, { minLength: 1, maxLength: 90 }),
      (earlier, sends) => {
        let now = 1_000_000;
        const rates = new Rates(() => now);
        const goes = (send: Rate[]): boolean => {
          try {
            rates.take(...send);
            return true;
          } catch {
            return false;
          }
        };
        earlier.forEach(goes);
        const waits = rates.foresee(sends);
        const inTime = sends
          .map((send, i) => ({ send, at: 1_000_000 + (waits[i] ?? 0) }))
          .toSorted((a, b) => a.at - b.at);
        for (const { send, at } of inTime) {
          now = at;
          expect(goes(send)).toBe(true);
        }
      },
    ),
    runs,
  );
});

test('what a platform has told us to wait for is foreseen as well', () => {
  let now = Date.parse('2026-11-23T02:00:00Z');
  const rates = createRates(() => new Date(now));
  rates.hold('chat.update', 30_000);
  expect(rates.foresee([{ method: 'chat.update' }, { method: 'chat.postMessage', channel: 'C1' }])).toEqual([
    30_000, 0,
  ]);
  now += 30_000;
  expect(rates.foresee([{ method: 'chat.update' }])).toEqual([0]);
});
