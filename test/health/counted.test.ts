/** What this process counts: each failure once under its own name, and no more names than memory has room for. */
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { DeliveryError } from '../../src/core/chat.ts';
import { createCounted } from '../../src/health/counted.ts';
import { createNoticed } from '../../src/health/noticed.ts';

async function counts(use: (counted: ReturnType<typeof createCounted>) => void): Promise<string> {
  const registry = new Registry();
  use(createCounted(registry));
  return registry.metrics();
}

test('a wait under our own limits is no refusal of the platform', async () => {
  const text = await counts((counted) => {
    counted.failed(new DeliveryError('slack', 'retry-later', 'own-rate-limit'));
    counted.failed(new DeliveryError('slack', 'retry-later', 'ratelimited'));
  });
  expect(text).toMatch(/^countersign_own_limit_waits_total\{platform="slack"\} 1$/m);
  expect(text.match(/^countersign_delivery_errors_total\{.*$/gm)).toEqual([
    'countersign_delivery_errors_total{platform="slack",problem="retry-later",code="ratelimited"} 1',
  ]);
  expect(text).toMatch(/^countersign_delivery_attempts_total\{platform="slack",outcome="failed"\} 1$/m);
});

test('what arrived after a failure is told from what arrived at once', async () => {
  const text = await counts((counted) => {
    counted.delivered('feishu', 20, 0);
    counted.delivered('feishu', 4_000, 3);
  });
  expect(text).toMatch(/outcome="first"\} 1$/m);
  expect(text).toMatch(/outcome="again"\} 1$/m);
});

test('a platform that invents a code for every call does not fill our memory', async () => {
  const text = await counts((counted) => {
    for (let i = 0; i < 1_000; i++) counted.failed(new DeliveryError('feishu', 'rejected', `made-up-${i}`));
  });
  const lines = text.match(/^countersign_delivery_errors_total\{.*$/gm) ?? [];
  expect(lines).toHaveLength(201);
  expect(lines.find((line) => line.includes('code="other"'))).toMatch(/ 800$/);
});

test('of strangers only the last are remembered, each once', () => {
  const noticed = createNoticed(() => new Date('2026-11-23T02:00:00Z'));
  for (let i = 0; i < 50; i++) noticed.stranger('slack', `U${i}`);
  noticed.stranger('slack', 'U40');
  expect(noticed.seen.strangers).toHaveLength(20);
  expect(noticed.seen.strangers.at(-1)).toEqual({ platform: 'slack', account: 'U40' });
});
