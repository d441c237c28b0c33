/** A desk that answers as the story tells it, and the adapter between it and the strict WeCom, on a real port. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { createWeCom, type WeComDeps, type WeComSettings } from '../../../adapters/wecom/adapter.ts';
import type { Card } from '../../../src/core/card.ts';
import { DeliveryError, type Desk, type Inbound, type Language, type Reply } from '../../../src/core/chat.ts';
import { type FakeWeComOptions, startFakeWeCom } from '../../support/wecom.ts';

class ScriptedDesk implements Desk {
  readonly taken: Inbound[] = [];
  language: Language = 'zh';
  script: (inbound: Inbound) => Reply | Promise<Reply> = () => ({ kind: 'nothing' });
  async take(inbound: Inbound): Promise<Reply> {
    this.taken.push(inbound);
    return this.script(inbound);
  }
  answered(): void {}
  languageOf(): Language {
    return this.language;
  }
}

export type Stage = Awaited<ReturnType<typeof stage>>;

export interface StageOptions {
  fake?: FakeWeComOptions;
  settings?: Partial<WeComSettings>;
  patience?: WeComDeps['patience'];
  started?: boolean;
}

export async function stage(options: StageOptions = {}) {
  const wecom = await startFakeWeCom(options.fake);
  const desk = new ScriptedDesk();
  const logged: string[] = [];
  const adapter = createWeCom(
    { ...wecom.settings(), ...options.settings },
    {
      desk,
      log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
      clock: options.fake?.clock ?? (() => new Date()),
      ...(options.patience ? { patience: options.patience } : {}),
    },
  );
  const app = new Hono();
  adapter.routes(app);
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wecom/events`;
  wecom.deliverTo(url);
  if (options.started ?? true) {
    await adapter.start();
    await wecom.when(() => adapter.trouble() === undefined, 'the adapter to be ready');
  }
  let made = 0;
  return {
    wecom,
    desk,
    logged,
    adapter,
    url,
    toMember: (to: string, card: Card, intent: { id?: string; triedBefore?: Date } = {}, language: Language = 'zh') =>
      adapter.post(
        { kind: 'direct', id: to },
        { kind: 'card', card },
        { id: intent.id ?? `intent-${++made}`, triedBefore: intent.triedBefore },
        language,
      ),
    toGroup: (robot: string, card: Card, triedBefore?: Date) =>
      adapter.post(
        { kind: 'channel', id: robot },
        { kind: 'card', card },
        { id: `intent-${++made}`, triedBefore },
        'zh',
      ),
    end: async () => {
      await adapter.stop();
      await new Promise((resolve) => server.close(resolve));
      await wecom.close();
    },
  };
}

export async function failing(call: Promise<unknown>): Promise<DeliveryError> {
  const error: unknown = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return error;
}

export const accept = { command: 'minutes.accept', subject: 'DM-2026-0012', step: 'owner', seen: 1 };

/** A decision that its owner accepts or declines. */
export const letter: Card = {
  headline: '决议 DM-2026-0012',
  tone: 'open',
  summary: '李娜负责：发布会场地定稿，12-05 前',
  blocks: [
    {
      kind: 'facts',
      facts: [
        { label: '会议', value: 'MT-2026-0003 周例会' },
        { label: '责任人', value: '李娜' },
        { label: '期限', value: '12-05（周六）' },
      ],
    },
    { kind: 'text', text: '发布会场地定稿，报价不超过 ¥32,000.00。' },
    {
      kind: 'buttons',
      buttons: [
        { label: '接受', action: accept, style: 'primary' },
        { label: '不接受', action: { ...accept, command: 'minutes.decline' }, style: 'danger' },
      ],
    },
  ],
};

/** Told, not asked. */
export const notice: Card = {
  headline: '会议纪要 MT-2026-0003',
  tone: 'good',
  summary: '周例会纪要已发出',
  blocks: [
    { kind: 'facts', facts: [{ label: '主持', value: '王晓文' }] },
    { kind: 'text', text: '1. 发布会场地定稿\n2. 媒体名单确认' },
  ],
};
