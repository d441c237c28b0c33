/** The desk as a chat platform: what the product may expect of it, as of Slack and Feishu. */
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLive } from '../../../adapters/desk/live.ts';
import type { PageMessage, PageState } from '../../../adapters/desk/render.ts';
import { createUploads } from '../../../adapters/desk/uploads.ts';
import type { Card } from '../../../src/core/card.ts';
import { DeliveryError } from '../../../src/core/chat.ts';
import { createMemoryStore, type MemoryStore } from './memory.ts';
import { drawRequest, type Office, openOffice } from './office.ts';

let office: Office;
let store: MemoryStore;
let uploads: string;
beforeEach(async () => {
  store = createMemoryStore();
  uploads = mkdtempSync(join(tmpdir(), 'desk-'));
  office = await openOffice({ store, uploads });
});
afterEach(() => office.close());

const card = (title = '春季促销物料'): Card =>
  drawRequest('SP-2026-0001', { title, amount: '¥32,000.00', by: 'wang', state: 'open', note: '' }, 'li');
const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof DeliveryError ? error.problem : error),
  );
const stateOf = async (as: string, place = 'bot'): Promise<PageState> =>
  (await (await fetch(`${office.url}/desk/state?as=${as}&in=${place}`)).json()) as PageState;
const send = async (path: string, body: object) => {
  const answer = await fetch(`${office.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-desk': '1' },
    body: JSON.stringify({ act: crypto.randomUUID(), ...body }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('posting and editing', () => {
  test('the same intent twice is one card, and both times the same message', async () => {
    const [one, two] = await Promise.all([office.post('li', card(), 'i1'), office.post('li', card(), 'i1')]);
    expect(two).toEqual(one);
    expect(one.channel).toBe('direct:li');
    expect((await stateOf('li')).messages).toHaveLength(1);
  });

  test('a person or channel that the handbook does not know cannot be reached', async () => {
    expect(await problemOf(office.post('nobody', card()))).toBe('unreachable');
    expect(await problemOf(office.post('#nowhere', card()))).toBe('unreachable');
  });

  test('a card that is no more is told to be gone, so that it is posted anew', async () => {
    const lost = { channel: 'direct:li', message: crypto.randomUUID() };
    expect(await problemOf(office.adapter.edit(lost, card(), 'zh'))).toBe('gone');
  });

  test('a database that is away means later, and nothing is lost', async () => {
    const ref = await office.post('li', card(), 'i1');
    store.broken = new Error('connection refused');
    expect(await problemOf(office.post('li', card(), 'i2'))).toBe('retry-later');
    expect(await problemOf(office.adapter.edit(ref, card('x'), 'zh'))).toBe('retry-later');
    const said = await send('/desk/say', { as: 'wang', in: 'bot', text: '/pr help', files: [] });
    expect(said).toEqual({ status: 503, body: { say: '会签暂时存不了消息，请稍后再试。' } });
    store.broken = undefined;
    expect(await problemOf(office.post('li', card(), 'i2'))).toBe('none');
  });

  test('my desk has one card, which is replaced and not repeated', async () => {
    await office.adapter.home?.('li', card('一'), 'zh');
    await office.adapter.home?.('li', card('二'), 'zh');
    const { messages } = await stateOf('li', 'home');
    expect(messages).toHaveLength(1);
    expect(messages[0]?.content).toMatchObject({ card: { summary: 'SP-2026-0001 二 等 李娜 审批' } });
    expect((await stateOf('li')).messages).toHaveLength(0);
    expect(await problemOf(office.adapter.home?.('nobody', card(), 'zh') ?? Promise.resolve())).toBe('unreachable');
  });

  test('visiting my desk asks the product, and a card that it answers with is shown there', async () => {
    office.script(() => ({ kind: 'card', card: card() }));
    expect((await send('/desk/visit', { as: 'li', in: 'home' })).body).toEqual({ kind: 'nothing' });
    expect(office.heard[0]).toMatchObject({ what: { kind: 'home' }, from: { account: 'li', foreign: false } });
    expect((await stateOf('li', 'home')).messages).toHaveLength(1);
  });
});

describe('what each person sees', () => {
  test('their own direct messages and every channel, nobody else’s', async () => {
    await office.post('li', card());
    await office.post('#pr', card());
    expect((await stateOf('li')).messages).toHaveLength(1);
    expect((await stateOf('wang')).messages).toHaveLength(0);
    expect((await stateOf('wang', 'channel:pr')).messages).toHaveLength(1);
  });

  test('each in their language, with the commands of the handbook', async () => {
    const [zh, en] = [await stateOf('wang'), await stateOf('sun')];
    expect([zh.words.send, en.words.send]).toEqual(['发送', 'Send']);
    expect(zh.commands.map(({ command }) => command)).toEqual(['/spend', '/purchase', '/pr']);
    expect(zh.examples.map((each) => each.text)).toEqual(['/spend 3.2万 春季促销物料', '/purchase', '/pr help']);
  });

  test('long conversations come page by page, without a hole and without a repeat', async () => {
    for (let n = 0; n < 120; n += 1) {
      await store.save({
        conversation: 'direct:li',
        author: 'li',
        content: { kind: 'text', text: String(n), files: [] },
      });
    }
    const state = await stateOf('li');
    let [shown, earlier] = [state.messages, state.earlier];
    while (earlier) {
      const older = await fetch(`${office.url}/desk/messages?as=li&in=bot&before=${shown[0]?.placed}`);
      const page = (await older.json()) as { messages: PageMessage[]; earlier: boolean };
      shown = [...page.messages, ...shown];
      earlier = page.earlier;
    }
    expect(shown.map(({ content }) => (content.kind === 'text' ? Number(content.text) : -1))).toEqual(
      Array.from({ length: 120 }, (_, n) => n),
    );
  });

  test('someone who left the handbook still has a line in what was said', async () => {
    await store.save({
      conversation: 'channel:pr',
      author: 'gone',
      content: { kind: 'text', text: '你好', files: [] },
    });
    const [message] = (await stateOf('li', 'channel:pr')).messages;
    expect(message?.author).toMatchObject({ kind: 'person', name: '已不在名册上的人' });
  });
});

describe('what a person does', () => {
  test('the same act sent twice has one delivery id, and stands in the chat once', async () => {
    const body = { as: 'wang', in: 'bot', act: crypto.randomUUID(), text: '/pr help', files: [] };
    await send('/desk/say', body);
    await send('/desk/say', body);
    expect(new Set(office.heard.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect((await stateOf('wang')).messages).toHaveLength(1);
  });

  test('a command in a channel is not shown to the others, talk is', async () => {
    await send('/desk/say', { as: 'wang', in: 'channel:pr', text: '/spend 3.2万 机密', files: [] });
    await send('/desk/say', { as: 'wang', in: 'channel:pr', text: '大家早', files: [] });
    const said = (await stateOf('li', 'channel:pr')).messages.flatMap(({ content }) =>
      content.kind === 'text' ? [content.text] : [],
    );
    expect(said).toEqual(['大家早']);
    expect(office.heard).toHaveLength(1);
  });

  test('an answer that says the card was out of date has it drawn again', async () => {
    const ref = await office.post('li', card());
    office.script(() => ({ kind: 'said', tone: 'bad', text: '金额已改', card: card('新') }));
    const body = { as: 'li', in: 'bot', message: ref.message, action: { command: 'approve' } };
    const answer = await send('/desk/press', body);
    expect(answer.body).toEqual({ kind: 'said', tone: 'bad', text: '金额已改' });
    expect(office.answered).toEqual([ref]);
  });
});

describe('files', () => {
  const upload = (body: string | Uint8Array<ArrayBuffer>, query = 'as=wang&name=%E6%8A%A5%E4%BB%B7.pdf') =>
    fetch(`${office.url}/desk/upload?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/pdf', 'x-desk': '1' },
      body,
    });

  test('an uploaded file goes with a message and can be fetched once the product wants it', async () => {
    const kept = (await (await upload('三家报价')).json()) as Record<string, unknown>;
    expect(kept).toMatchObject({ name: '报价.pdf', mime: 'application/pdf', size: 12 });
    await send('/desk/say', { as: 'wang', in: 'bot', text: '', files: [kept] });
    const [heard] = office.heard;
    const ref = heard?.what.kind === 'text' ? heard.what.files[0]?.ref : undefined;
    const fetched = await office.adapter.fetchFile(ref ?? {});
    expect(await text(fetched.stream)).toBe('三家报价');
    expect(fetched.mime).toBe('application/pdf');
  });

  test('twenty megabytes go in, one byte more does not and leaves nothing behind', async () => {
    const largest = new Uint8Array(20 * 1024 * 1024);
    expect((await upload(largest)).status).toBe(200);
    const more = await upload(new Uint8Array(largest.length + 1));
    expect(more.status).toBe(413);
    expect(await more.json()).toEqual({ say: '“{name}”太大了：单个文件不超过 20 MB。' });
    expect(readdirSync(uploads)).toHaveLength(1);
  });

  test('an empty file and an upload that breaks off leave nothing behind', async () => {
    expect((await upload('')).status).toBe(400);
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(1_000)),
      pull: (controller) => controller.error(new Error('cable pulled')),
    });
    const kept = createUploads(uploads).keep({ name: 'x', mime: '' }, broken as never);
    await expect(kept).rejects.toThrow('cable pulled');
    expect(readdirSync(uploads)).toEqual([]);
  });

  test.each(['../../etc/passwd', '', 'a/b', `${crypto.randomUUID()}/..`])(
    'a reference to %s opens nothing',
    async (file) => {
      expect(await problemOf(office.adapter.fetchFile({ file }))).toBe('rejected');
    },
  );

  test('a file that is no more is gone', async () => {
    expect(await problemOf(office.adapter.fetchFile({ file: crypto.randomUUID() }))).toBe('gone');
  });

  test('what nobody fetched for a week is removed at the next start, and nothing else', async () => {
    const names = [crypto.randomUUID(), crypto.randomUUID(), 'README'];
    for (const name of names) writeFileSync(join(uploads, name), 'x');
    const old = new Date(Date.now() - 8 * 24 * 3_600_000);
    for (const name of [names[0], names[2]]) utimesSync(join(uploads, name ?? ''), old, old);
    await createUploads(uploads).sweep(new Date());
    expect(readdirSync(uploads).sort()).toEqual(names.slice(1).sort());
  });
});

describe('the stream of changes', () => {
  /** Reads the raw stream until `count` events of those kinds have come. */
  async function follow(query: string, count: number, headers: Record<string, string> = {}) {
    const abort = new AbortController();
    const answer = await fetch(`${office.url}/desk/changes?${query}`, { headers, signal: abort.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let raw = '';
    const events = (async () => {
      for (;;) {
        const parts = raw.split('\n\n').slice(0, -1).map(readEvent);
        const news = parts.filter(({ event }) => event === 'message' || event === 'elsewhere');
        if (news.length >= count) return { news, parts };
        const chunk = await reader?.read();
        if (!chunk || chunk.done) return { news, parts };
        raw += chunk.value;
      }
    })();
    return { status: answer.status, events, close: () => abort.abort() };
  }
  const readEvent = (block: string) => {
    const lines = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const data = lines.get('data') ?? '';
    return { event: lines.get('event'), id: Number(lines.get('id')), data: data === '' ? undefined : JSON.parse(data) };
  };

  test('a tab that was away says what it saw last and gets everything since', async () => {
    const first = await office.post('li', card('一'));
    const { mark } = await stateOf('li');
    await office.post('#pr', card('二'));
    await office.adapter.edit(first, card('三'), 'zh');
    const tab = await follow('as=li&since=0', 2, { 'last-event-id': String(mark) });
    const { news } = await tab.events;
    expect(news.map(({ data }) => [data.in, data.content.card.summary])).toEqual([
      ['channel:pr', 'SP-2026-0001 二 等 李娜 审批'],
      ['bot', 'SP-2026-0001 三 等 李娜 审批'],
    ]);
    expect(news[1]?.id).toBe(await store.mark());
    tab.close();
  });

  test('of other people’s messages a tab learns only that there is one', async () => {
    const tab = await follow('as=wang&since=0', 1);
    const ref = await office.post('li', card('机密'));
    const { news } = await tab.events;
    expect(news).toEqual([{ event: 'elsewhere', id: 1, data: { person: 'li' } }]);
    await office.adapter.edit(ref, card('机密二'), 'zh');
    tab.close();
  });

  test('a burst larger than one batch arrives whole and in order', async () => {
    const tab = await follow('as=li&since=0', 250);
    for (let n = 0; n < 250; n += 1) await office.post('#pr', card(String(n)));
    const { news } = await tab.events;
    expect(news.map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    tab.close();
  });

  test('stopping ends every open stream, and nobody listens any more', async () => {
    const tab = await follow('as=li', Infinity);
    const { parts } = await Promise.all([tab.events, office.adapter.stop()]).then(([events]) => events);
    expect(parts[0]).toMatchObject({ event: 'hello' });
    await expect.poll(() => store.listeners()).toBe(0);
  });

  test('a closed tab is forgotten', async () => {
    const tab = await follow('as=li', Infinity);
    await expect.poll(() => store.listeners()).toBe(1);
    tab.close();
    await tab.events.catch(() => undefined);
    await expect.poll(() => store.listeners()).toBe(0);
  });

  test('a bell that was lost costs one heartbeat, no message', async () => {
    const { Hono } = await import('hono');
    const deaf = { ...store, onChange: () => () => {} };
    const live = createLive(deaf, pino({ level: 'silent' }), 30);
    const app = new Hono().get('/', (c) =>
      live.stream(c, 0, () => ({ id }) => ({ event: 'message', data: id })),
    );
    const answer = await app.request('/');
    const { id } = await store.save({
      conversation: 'channel:pr',
      author: null,
      content: { kind: 'card', card: card() },
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let raw = '';
    while (!raw.includes(id)) raw += (await reader?.read())?.value;
    live.stop();
    expect(raw).toContain('event: message');
  });
});
