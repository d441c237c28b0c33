/**
 * A small office around a real desk adapter on a real port: six people, two channels, and a scripted product that
 * knows one kind of request, so that the tests tell stories about the desk and not about the rules.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { createDesk } from '../../../adapters/desk/adapter.ts';
import type { DeskStore } from '../../../adapters/desk/message.ts';
import type { Company } from '../../../adapters/desk/render.ts';
import type { Card, Form, PathLine } from '../../../src/core/card.ts';
import type { ChatAdapter, Desk, Inbound, MessageRef, Reply } from '../../../src/core/chat.ts';
import { createMemoryStore } from './memory.ts';

export const COMPANY: Company = {
  name: '星河传媒公关部',
  people: [
    { id: 'wang', name: '王晓文', title: '公关专员', language: 'zh' },
    { id: 'li', name: '李娜', title: '公关主管', language: 'zh' },
    { id: 'zhao', name: '赵敏', title: '公关总监', language: 'zh' },
    { id: 'chen', name: '陈卫东', title: '首席执行官', language: 'zh' },
    { id: 'qian', name: '钱多', title: '财务经理', language: 'zh' },
    { id: 'sun', name: 'Sun Lü', title: 'Legal counsel', language: 'en' },
  ],
  channels: [
    { id: 'pr', name: '公关部' },
    { id: 'crisis', name: '危机值班' },
  ],
};

export const COMMANDS = [
  { command: 'spend', hint: '金额 事由', title: '费用申请' },
  { command: 'purchase', hint: '', title: '采购申请' },
  { command: 'pr', hint: 'help · list · why', title: '查看与帮助' },
];

export interface Office {
  url: string;
  adapter: ChatAdapter;
  store: DeskStore;
  /** everything that the product was handed */
  heard: Inbound[];
  answered: MessageRef[];
  logged: string[];
  /** the next acts are answered by this instead of by the small product */
  script(answer: ((inbound: Inbound) => Reply | Promise<Reply>) | undefined): void;
  post(to: string, card: Card, intent?: string): Promise<MessageRef>;
  /** as if the process had died: every connection is cut */
  crash(): Promise<void>;
  /** the same desk again on the same port */
  revive(): Promise<void>;
  close(): Promise<void>;
}

export async function openOffice(options: {
  store?: DeskStore;
  company?: Company;
  hostname?: string;
  uploads: string;
}): Promise<Office> {
  const store = options.store ?? createMemoryStore();
  const company = options.company ?? COMPANY;
  const heard: Inbound[] = [];
  const answered: MessageRef[] = [];
  const logged: string[] = [];
  let answer: ((inbound: Inbound) => Reply | Promise<Reply>) | undefined;
  const desk: Desk = {
    async take(inbound) {
      heard.push(inbound);
      return (answer ?? product.take)(inbound);
    },
    answered: (_platform, message) => void answered.push(message),
    languageOf: (_platform, account) => company.people.find(({ id }) => id === account)?.language ?? 'zh',
  };
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const build = () =>
    createDesk({
      desk,
      log,
      clock: () => new Date(),
      company: () => company,
      commands: () => COMMANDS,
      store,
      uploads: options.uploads,
    });
  let adapter = build();
  const product = createProduct(() => adapter);
  let server = await listen(adapter, 0, options.hostname);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    get adapter() {
      return adapter;
    },
    store,
    heard,
    answered,
    logged,
    script: (next) => {
      answer = next;
    },
    post: (to, card, intent = crypto.randomUUID()) => {
      const address = to.startsWith('#')
        ? { kind: 'channel' as const, id: to.slice(1) }
        : { kind: 'direct' as const, id: to };
      return adapter.post(address, { kind: 'card', card }, { id: intent, triedBefore: undefined }, 'zh');
    },
    async crash() {
      await adapter.stop();
      await shut(server);
    },
    async revive() {
      adapter = build();
      server = await listen(adapter, port, options.hostname);
    },
    async close() {
      await adapter.stop();
      await shut(server);
    },
  };
}

async function listen(adapter: ChatAdapter, port: number, hostname = '127.0.0.1'): Promise<Server> {
  const app = new Hono();
  adapter.routes(app);
  await adapter.start();
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve) => server.listen(port, hostname, resolve));
  return server;
}

async function shut(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

interface Request {
  title: string;
  amount: string;
  by: string;
  state: 'open' | 'approved' | 'rejected';
  note: string;
  cards: { ref: MessageRef; reader: string }[];
}

/** Who asks, one signer, one copy in the channel: enough to see cards settle everywhere. */
function createProduct(adapter: () => ChatAdapter) {
  const requests = new Map<string, Request>();
  const redraw = async (number: string, request: Request) => {
    for (const { ref, reader } of request.cards) await adapter().edit(ref, drawRequest(number, request, reader), 'zh');
  };
  const open = async (by: string, amount: string, title: string): Promise<Reply> => {
    const number = `SP-2026-000${requests.size + 1}`;
    const request: Request = { title, amount, by, state: 'open', note: '', cards: [] };
    requests.set(number, request);
    for (const reader of [by, 'li', '#pr']) {
      const to = reader === '#pr' ? { kind: 'channel' as const, id: 'pr' } : { kind: 'direct' as const, id: reader };
      const content = { kind: 'card' as const, card: drawRequest(number, request, reader) };
      const ref = await adapter().post(to, content, { id: `${number}:${reader}`, triedBefore: undefined }, 'zh');
      request.cards.push({ ref, reader });
    }
    return { kind: 'said', tone: 'good', text: `${number} 已提交，等李娜审批。` };
  };
  const settle = async (number: string, state: 'approved' | 'rejected', note: string, by: string): Promise<Reply> => {
    const request = requests.get(number);
    if (!request) return { kind: 'said', tone: 'bad', text: `没有 ${number}。` };
    if (request.state !== 'open') return { kind: 'said', tone: 'bad', text: '李娜已经处理过这张单。' };
    if (by !== 'li') return { kind: 'said', tone: 'bad', text: '现在轮到李娜，不是你。' };
    Object.assign(request, { state, note });
    await redraw(number, request);
    return { kind: 'said', tone: 'good', text: state === 'approved' ? `你批准了 ${number}。` : `你驳回了 ${number}。` };
  };
  return {
    async take({ from, what }: Inbound): Promise<Reply> {
      const by = from.account;
      if (what.kind === 'text') {
        const [command = '', amount, title] = what.text.split(' ');
        if (command === '/spend' && amount && title) return open(by, `¥${amount}`, title);
        if (command === '/spend' || command === '/purchase')
          return { kind: 'form', form: spendForm({}), say: '请填写' };
        return { kind: 'said', tone: 'info', text: '试试 /spend 3.2万 春季促销物料' };
      }
      if (what.kind === 'home' || what.kind === 'quote') return { kind: 'nothing' };
      const { command, subject = '' } = what.action;
      if (what.kind === 'action') {
        if (command === 'approve') return settle(subject, 'approved', '', by);
        return { kind: 'form', form: reasonForm(subject), say: '请写明理由' };
      }
      if (command === 'preview') return { kind: 'form', form: spendForm(what.values), say: '' };
      if (command === 'reject') return settle(subject, 'rejected', what.values.reason ?? '', by);
      const faults = spendForm(what.values, true);
      if (faults.fields.some(({ fault }) => fault)) return { kind: 'faults', form: faults, say: '还有两处要改。' };
      return open(by, `¥${what.values.amount}`, what.values.title ?? '');
    },
  };
}

export function spendForm(values: Record<string, string>, checked = false): Form {
  const bad = (wrong: boolean, fault: string) => (checked && wrong ? { fault } : {});
  return {
    title: '费用申请',
    intro: [
      {
        kind: 'path',
        title: Number(values.amount) >= 50_000 ? '需要 李娜、赵敏' : '需要 李娜',
        lines: [
          { mark: 'next', text: '李娜 · 主管审批', detail: ['你的直属主管'] },
          ...(Number(values.amount) >= 50_000
            ? [{ mark: 'next' as const, text: '赵敏 · 总监审批', detail: ['满 5 万'] }]
            : []),
        ],
      },
    ],
    fields: [
      {
        id: 'amount',
        type: 'money',
        label: '金额',
        required: true,
        placeholder: '3.2万',
        hint: '可以写 3.2万、32000',
        ...bad(!Number(values.amount), '“很多”不是金额，请写成 32000 或 3.2万。'),
      },
      { id: 'title', type: 'text', label: '事由', required: true, max: 120, ...bad(!values.title, '请写明事由。') },
      { id: 'detail', type: 'paragraph', label: '说明', required: false },
      {
        id: 'kind',
        type: 'choice',
        label: '类别',
        required: false,
        options: [
          { value: 'goods', label: '物料' },
          { value: 'media', label: '媒体投放' },
        ],
      },
      { id: 'when', type: 'date', label: '使用日期', required: false },
      { id: 'owner', type: 'person', label: '经办人', required: false },
      { id: 'quote', type: 'file', label: '报价单', required: false },
    ],
    submit: '提交申请',
    cancel: '取消',
    action: { command: 'submit' },
    preview: { command: 'preview' },
  };
}

function reasonForm(subject: string): Form {
  return {
    title: `驳回 ${subject}`,
    intro: [],
    fields: [{ id: 'reason', type: 'paragraph', label: '理由', required: true }],
    submit: '驳回',
    cancel: '返回',
    action: { command: 'reject', subject },
  };
}

export function drawRequest(number: string, request: Omit<Request, 'cards'>, reader: string): Card {
  const { state, title, amount } = request;
  const says = { open: '等 李娜 审批', approved: '已批准', rejected: '已驳回' }[state];
  const mark: PathLine['mark'] = state === 'open' ? 'now' : state === 'approved' ? 'done' : 'refused';
  return {
    headline: `${number} · ${says}`,
    tone: state === 'open' ? 'open' : state === 'approved' ? 'good' : 'bad',
    summary: `${number} ${title} ${says}`,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: '金额', value: amount },
          { label: '申请人', value: '王晓文 · 公关专员' },
          { label: '事由', value: title, wide: true },
        ],
      },
      { kind: 'path', title: '审批路径', lines: [{ mark, text: '李娜 · 主管审批', detail: ['王晓文的直属主管'] }] },
      ...(request.note ? [{ kind: 'quote' as const, text: request.note }] : []),
      ...(state === 'open' && reader === 'li'
        ? [
            {
              kind: 'buttons' as const,
              buttons: [
                {
                  label: '批准',
                  style: 'primary' as const,
                  action: { command: 'approve', subject: number, step: 'supervisor', seen: 1 },
                },
                {
                  label: '驳回',
                  style: 'danger' as const,
                  action: { command: 'reject-form', subject: number, step: 'supervisor', seen: 1 },
                },
              ],
            },
          ]
        : []),
    ],
  };
}
