/** An administrator asks how WeCom is: the app's secret, the clock, and what there is to check where only group robots speak. */
import { expect, test } from 'vitest';
import type { Examination } from '../../../src/core/chat.ts';
import { type Stage, type StageOptions, stage } from './stage.ts';

const asked: Examination = { language: 'zh', channels: [], people: [], samples: [], thorough: false };

async function examined(options: StageOptions, before: (s: Stage) => void = () => {}) {
  const s = await stage({ started: false, ...options });
  try {
    before(s);
    return await s.adapter.examine?.(asked);
  } finally {
    await s.end();
  }
}

test('well: the credentials, and the clock as their answer tells it', async () => {
  expect(await examined({})).toEqual([
    { kind: 'well', what: '企业微信：应用凭证有效' },
    { kind: 'well', what: '企业微信：时钟与平台一致' },
  ]);
});

test('only robots: there is nothing that could be asked without the group reading it', async () => {
  const s = await stage({ started: false });
  const { app: _app, ...robotsOnly } = s.wecom.settings();
  await s.end();
  expect(await examined({ settings: { ...robotsOnly, app: undefined } as never })).toEqual([
    { kind: 'well', what: expect.stringContaining('只用群机器人') },
  ]);
});

test('nobody at the address: where to look', async () => {
  expect(await examined({ settings: { apiUrl: 'http://127.0.0.1:1' } })).toEqual([
    { kind: 'stops', what: expect.stringContaining('连不上'), mend: expect.stringContaining('qyapi.weixin.qq.com') },
  ]);
});
