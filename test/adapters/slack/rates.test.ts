/** Several processes share what Slack and Feishu allow one app: each keeps to its part, and the platform has to refuse hardly anybody. */
import { expect, test } from 'vitest';
import { Rates } from '../../../adapters/feishu/rates.ts';
import { createRates } from '../../../adapters/slack/rates.ts';

const MINUTE = 60_000;

/** As the platform counts: so many in any window of this length. */
function platform(most: number, within: number) {
  let taken: number[] = [];
  let refused = 0;
  return {
    ask: (now: number): void => {
      taken = taken.filter((at) => now - at < within);
      if (taken.length < most) taken.push(now);
      else refused += 1;
    },
    refused: () => refused,
  };
}

/** All of them have more to send than they may, for this long; how many went out, and how many the platform refused. */
function storm(
  processes: number,
  forMs: number,
  mayOne: (place: number, now: () => number) => () => void,
  counts: ReturnType<typeof platform>,
) {
  let now = 1_800_000_000_000;
  const end = now + forMs;
  const senders = Array.from({ length: processes }, (_, place) => mayOne(place, () => now));
  let sent = 0;
  for (; now < end; now += 200) {
    for (const may of senders) {
      try {
        may();
      } catch {
        continue; // its own part is used up
      }
      sent += 1;
      counts.ask(now);
    }
  }
  return { sent, refused: counts.refused() };
}

const edits = (among: number) => (_place: number, now: () => number) => {
  const rates = createRates(
    () => new Date(now()),
    () => among,
  );
  return () => rates.take('chat.update');
};
const posts = (among: number) => (_place: number, now: () => number) => {
  const rates = new Rates(now, () => among);
  return () => rates.take({ key: 'to:oc_pr', most: 5, within: 1100 });
};

test('Slack: four processes that divide the limit send as much as one alone, and are refused no more than it is', () => {
  // chat.update: 50 a minute and some more for a moment
  const alone = storm(1, 4 * MINUTE, edits(1), platform(80, MINUTE));
  for (const count of [2, 4]) {
    const divided = storm(count, 4 * MINUTE, edits(count), platform(80, MINUTE));
    expect(divided.sent / alone.sent, `${count} processes`).toBeCloseTo(1, 1);
    expect(divided.refused, `${count} processes`).toBeLessThanOrEqual(alone.refused);
  }
  expect(alone.refused).toBe(0);
});

test('Slack: were each of the four to take the whole for itself, most of what they send would be refused', () => {
  const greedy = storm(4, 4 * MINUTE, edits(1), platform(80, MINUTE));
  expect(greedy.refused / greedy.sent).toBeGreaterThan(0.5);
});

test('Feishu: five a second to one group are never exceeded by up to five processes, and each still gets through', () => {
  for (const count of [1, 2, 3, 4, 5]) {
    const { sent, refused } = storm(count, MINUTE, posts(count), platform(5, 1000));
    expect([count, refused]).toEqual([count, 0]);
    expect(sent).toBeGreaterThanOrEqual(120);
  }
});

test('one process comes, another goes: the part of each follows at once', () => {
  let among = 1;
  let now = 0;
  const rates = new Rates(
    () => now,
    () => among,
  );
  const send = () => rates.take({ key: 'to:oc_pr', most: 4, within: 1000 });
  send();
  send();
  among = 2;
  expect(send).toThrow(expect.objectContaining({ code: 'own-rate-limit' }));
  among = 1;
  send();
  now = 1000;
  among = 2;
  send();
  send();
  expect(send).toThrow(expect.objectContaining({ code: 'own-rate-limit' }));
});
