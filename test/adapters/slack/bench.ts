/** The adapter on a real port, between the strict fake Slack and a desk that says what the story wants. */
import { Writable } from 'node:stream';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { createSlack, type SlackDeps, type SlackSettings } from '../../../adapters/slack/adapter.ts';
import type { Card } from '../../../src/core/card.ts';
import type { Desk, Inbound, Language, Reply } from '../../../src/core/chat.ts';
import { type FakeSlack, startFakeSlack } from '../../support/slack.ts';

export type Bench = Awaited<ReturnType<typeof startBench>>;

export async function startBench(
  options: {
    slack?: Parameters<typeof startFakeSlack>[0];
    settings?: (slack: FakeSlack) => Partial<SlackSettings>;
    clock?: () => Date;
    pinTeam?: SlackDeps['pinTeam'];
    patience?: SlackDeps['patience'];
    language?: Language;
  } = {},
) {
  const slack = await startFakeSlack({ ...(options.clock && { clock: options.clock }), ...options.slack });
  for (const [id, name] of people) slack.addUser({ id, name });
  slack.addChannel({ id: 'C0PR', name: 'pr', members: people.map(([id]) => id) });
  const desk = scriptedDesk(options.language ?? 'zh');
  const lines: Record<string, unknown>[] = [];
  const adapter = createSlack(
    {
      botToken: slack.botToken,
      signingSecret: slack.signingSecret,
      apiUrl: slack.apiUrl,
      ...options.settings?.(slack),
    },
    {
      desk,
      log: pino({ level: 'debug' }, lineKeeper(lines)),
      clock: options.clock ?? (() => new Date()),
      commands: [{ command: '/spend', description: '费用申请', hint: '[金额] [事由]' }],
      pinTeam: options.pinTeam ?? (async (team) => team),
      ...(options.patience && { patience: options.patience }),
    },
  );
  const app = new Hono();
  adapter.routes(app);
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  const address = server.address();
  if (typeof address === 'string' || address === null) throw new Error('no port');
  slack.product = `http://127.0.0.1:${address.port}/slack/events`;
  await adapter.start();
  return {
    slack,
    desk,
    adapter,
    lines,
    /** until the adapter has met Slack */
    met: () =>
      slack.until(() => slack.calls('auth.test').some((call) => call.answer) && adapter.trouble() === undefined),
    async stop() {
      await adapter.stop();
      server.close();
      await slack.stop();
    },
  };
}

const people = [
  ['U01WANG', '王晓文'],
  ['U02LI', '李娜'],
  ['U04CHEN', '陈卫东'],
] as const;

function scriptedDesk(language: Language) {
  const desk = {
    taken: [] as Inbound[],
    /** what the desk answers next */
    says: (_inbound: Inbound): Reply | Promise<Reply> => ({ kind: 'nothing' }),
    take: async (inbound: Inbound): Promise<Reply> => {
      desk.taken.push(inbound);
      return desk.says(inbound);
    },
    answered: () => {},
    languageOf: () => language,
  };
  return desk satisfies Desk;
}

function lineKeeper(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>);
      done();
    },
  });
}

export const decisionCard: Card = {
  headline: '费用申请 SP-2026-0001',
  tone: 'open',
  summary: 'SP-2026-0001：王晓文申请 ¥32,000.00，春季促销物料，等待李娜审批',
  blocks: [
    {
      kind: 'facts',
      facts: [
        { label: '申请人', value: '王晓文' },
        { label: '金额', value: '¥32,000.00' },
        { label: '事由', value: '春季促销物料', wide: true },
      ],
    },
    {
      kind: 'path',
      title: '审批路径',
      lines: [
        { mark: 'now', text: '李娜 · 主管审批', detail: ['直属主管，¥50,000.00 以下由主管审批'] },
        { mark: 'next', text: '完成', detail: [] },
      ],
    },
    {
      kind: 'buttons',
      buttons: [
        {
          label: '批准',
          style: 'primary',
          action: { command: 'requests.approve', subject: 'SP-2026-0001', step: 'supervisor', seen: 3 },
        },
        {
          label: '拒绝',
          style: 'danger',
          action: { command: 'requests.reject', subject: 'SP-2026-0001', step: 'supervisor', seen: 3 },
        },
      ],
    },
  ],
};
