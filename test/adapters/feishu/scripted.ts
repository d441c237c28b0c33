/** A desk that answers as the story tells it, and the adapter between it and the strict Feishu, on a real port. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { createFeishu, type FeishuDeps } from '../../../adapters/feishu/adapter.ts';
import type { Card, Form } from '../../../src/core/card.ts';
import type { ChatAdapter, Desk, Inbound, MessageRef, Reply } from '../../../src/core/chat.ts';
import { type FakeFeishu, type FakeOptions, startFakeFeishu } from '../../support/feishu.ts';

export type Script = (inbound: Inbound) => Reply | Promise<Reply>;

export class ScriptedDesk implements Desk {
  readonly taken: Inbound[] = [];
  readonly redrawn: MessageRef[] = [];
  language: 'zh' | 'en' = 'zh';
  script: Script = () => ({ kind: 'nothing' });
  async take(inbound: Inbound): Promise<Reply> {
    this.taken.push(inbound);
    return this.script(inbound);
  }
  answered(_platform: string, message: MessageRef): void {
    this.redrawn.push(message);
  }
  languageOf(): 'zh' | 'en' {
    return this.language;
  }
}

export interface Stage {
  feishu: FakeFeishu;
  adapter: ChatAdapter;
  desk: ScriptedDesk;
  logged: string[];
  /** where the app's route is, or would be */
  url: string;
  /** the tenant that was stored */
  pinned: string[];
  post(to: string, card: Card, id?: string): ReturnType<ChatAdapter['post']>;
  end(): Promise<void>;
}

export interface StageOptions {
  transport?: 'http' | 'socket';
  fake?: FakeOptions;
  deps?: Partial<FeishuDeps>;
  /** as soon as everything that `start` does in the background is done; false: not started at all */
  started?: boolean;
}

export async function stage(options: StageOptions = {}): Promise<Stage> {
  const feishu = await startFakeFeishu(options.fake);
  const desk = new ScriptedDesk();
  const logged: string[] = [];
  const pinned: string[] = [];
  const transport = options.transport ?? 'http';
  const adapter = createFeishu(feishu.settings(transport), {
    desk,
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
    clock: options.fake?.clock ?? (() => new Date()),
    commands: [],
    pinTenant: async (key) => {
      if (pinned.length === 0) pinned.push(key);
      return pinned[0] ?? key;
    },
    ...options.deps,
  });
  const app = new Hono();
  adapter.routes(app);
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/feishu/events`;
  if (transport === 'http') feishu.deliverTo(url);
  if (options.started ?? true) {
    await adapter.start();
    await feishu.when(() => adapter.trouble() === undefined, 'the adapter to be ready');
  }
  const end = async () => {
    await adapter.stop();
    await new Promise((resolve) => server.close(resolve));
    await feishu.close();
  };
  const post: Stage['post'] = (to, card, id = `intent-${Math.random()}`) =>
    adapter.post(
      { kind: to.startsWith('ou_') ? 'direct' : 'channel', id: to },
      { kind: 'card', card },
      { id, triedBefore: undefined },
      'zh',
    );
  return { feishu, adapter, desk, logged, url, pinned, post, end };
}

export const approve = { command: 'requests.approve', subject: 'SP-2026-0001', step: 'supervisor', seen: 1 };

export const card: Card = {
  headline: '费用申请 SP-2026-0001',
  tone: 'open',
  summary: '王晓文申请 ¥32,000.00：春季促销物料',
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
        { mark: 'now', text: '主管审批：李娜', detail: ['直属主管'] },
        { mark: 'next', text: '总监审批：赵敏', detail: ['金额 ≥ ¥50,000.00 时需要'] },
      ],
    },
    { kind: 'note', text: '第 1 版', drop: 3 },
    {
      kind: 'buttons',
      buttons: [
        { label: '批准', action: approve, style: 'primary' },
        {
          label: '驳回',
          action: { ...approve, command: 'requests.reject' },
          style: 'danger',
          confirm: { title: '驳回？', text: '申请人会收到通知。', yes: '驳回', no: '再想想' },
        },
        { label: '详情', action: { command: 'requests.show', subject: 'SP-2026-0001' } },
      ],
    },
  ],
};

export const form: Form = {
  title: '费用申请',
  intro: [{ kind: 'text', text: '主管李娜会签这张申请。' }],
  fields: [
    { id: 'amount', type: 'money', label: '金额', required: true, placeholder: '3.2万' },
    { id: 'title', type: 'text', label: '事由', required: true, max: 120 },
    { id: 'detail', type: 'paragraph', label: '说明', required: false },
    { id: 'due', type: 'date', label: '需要日期', required: false },
    {
      id: 'kind',
      type: 'choice',
      label: '类别',
      required: false,
      options: [
        { value: 'print', label: '印刷' },
        { value: 'media', label: '媒体' },
      ],
    },
    { id: 'deputy', type: 'person', label: '代理人', required: false },
    { id: 'quote', type: 'file', label: '报价单', required: false },
  ],
  submit: '提交',
  cancel: '取消',
  action: { command: 'requests.submit', with: { process: 'spend' } },
};
