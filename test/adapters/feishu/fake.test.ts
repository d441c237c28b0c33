/** The strict Feishu refuses what the real one refuses: else its yes would be worth nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderCard, renderForm } from '../../../adapters/feishu/render.ts';
import { cardFaults, isJson, liveMentions } from '../../support/feishu/card-rules.ts';
import { decodeFrame, encodeFrame } from '../../support/feishu/frames.ts';
import { card, form, type Stage, stage } from './scripted.ts';

type Json = Record<string, unknown>;
/** A valid card with one change. */
function changed(change: (card: { body: { elements: Json[] } } & Json) => void, base = renderCard(card, 'zh')): Json {
  const copy = structuredClone(base) as { body: { elements: Json[] } } & Json;
  change(copy);
  return copy;
}
const text = { tag: 'plain_text', content: 'x' };
const inForm = (change: (elements: Json[]) => void) =>
  changed(
    (json) => {
      const container = json.body.elements.find((element) => element.tag === 'form');
      change(container?.elements as Json[]);
    },
    renderForm(form, [], 'zh'),
  );

describe('cards', () => {
  test('the valid ones have no faults', () => {
    expect(cardFaults(renderCard(card, 'zh'))).toEqual([]);
    expect(cardFaults(renderForm(form, [], 'zh'))).toEqual([]);
  });

  test.for<[string, Json]>([
    ['no schema', changed((c) => delete c.schema)],
    ['update_multi false', changed((c) => Object.assign(c, { config: { update_multi: false } }))],
    ['update_multi not said', changed((c) => Object.assign(c, { config: {} }))],
    ['an unknown property of the card', changed((c) => Object.assign(c, { i18n_elements: {} }))],
    ['an unknown component', changed((c) => c.body.elements.push({ tag: 'action', actions: [] }))],
    [
      'an unknown property of a text',
      changed((c) => c.body.elements.push({ tag: 'div', text: { ...text, bold: true } })),
    ],
    ['a text without content', changed((c) => c.body.elements.push({ tag: 'div', text: { tag: 'plain_text' } }))],
    [
      'a colour that is none',
      changed((c) => c.body.elements.push({ tag: 'div', text: { ...text, text_color: 'pink' } })),
    ],
    ['a button without behaviors', changed((c) => c.body.elements.push({ tag: 'button', text }))],
    [
      'a button that calls back with a text',
      changed((c) => c.body.elements.push({ tag: 'button', text, behaviors: [{ type: 'callback', value: 'x' }] })),
    ],
    ['a column outside', changed((c) => c.body.elements.push({ tag: 'column', elements: [] }))],
    ['201 elements', changed((c) => c.body.elements.push(...Array.from({ length: 90 }, () => ({ tag: 'div', text }))))],
    [
      'six levels',
      changed((c) => {
        let inner: Json = { tag: 'div', text };
        for (let i = 0; i < 3; i += 1) inner = { tag: 'column_set', columns: [{ tag: 'column', elements: [inner] }] };
        c.body.elements.push(inner);
      }),
    ],
    ['a field without a name', inForm((fields) => fields.push({ tag: 'input' }))],
    ['a name twice', inForm((fields) => fields.push({ tag: 'input', name: 'amount' }))],
    ['no submitting button', inForm((fields) => fields.pop())],
    [
      'a submitting button without a value',
      inForm((fields) => {
        const behaviors = [{ type: 'open_url', default_url: 'https://example.com' }];
        fields.push({ tag: 'button', name: 'b', text, form_action_type: 'submit', behaviors });
      }),
    ],
    [
      'a value longer than its field',
      inForm((fields) => fields.push({ tag: 'input', name: 'x', max_length: 2, default_value: '三个字' })),
    ],
    [
      'options with one value',
      inForm((fields) => {
        const option = { text, value: '1' };
        fields.push({ tag: 'select_static', name: 's', options: [option, option] });
      }),
    ],
    [
      'a form in a column',
      changed((c) =>
        c.body.elements.push({
          tag: 'column_set',
          columns: [{ tag: 'column', elements: [{ tag: 'form', name: 'f', elements: [] }] }],
        }),
      ),
    ],
  ])('%s is refused', ([, json]) => {
    expect(cardFaults(json)).not.toEqual([]);
  });

  test('mentions are seen where they are alive, and only there', () => {
    const alive = changed((c) => c.body.elements.push({ tag: 'markdown', content: '<at id=all></at>' }));
    const dead = changed((c) => c.body.elements.push({ tag: 'div', text: { ...text, content: '<at id=all></at>' } }));
    expect([liveMentions(alive), liveMentions(dead)]).toEqual([['<at id=all>'], []]);
  });
});

describe('the interface', () => {
  let now = new Date('2026-11-22T02:00:00Z');
  let s: Stage;
  beforeAll(async () => {
    s = await stage({ fake: { clock: () => now } });
  });
  afterAll(() => s.end());

  /** Straight to the interface, past the adapter's own care. */
  async function send(body: Json, query = 'receive_id_type=open_id', token?: string): Promise<Json> {
    const { appId, appSecret } = s.feishu.settings('http');
    const call = async (path: string, data: Json, authorization: string): Promise<Json> => {
      const headers = { authorization, 'content-type': 'application/json' };
      const response = await fetch(`${s.feishu.domain}/open-apis${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(data),
      });
      const answer: unknown = await response.json();
      return isJson(answer) ? answer : {};
    };
    const asked = await call('/auth/v3/tenant_access_token/internal', { app_id: appId, app_secret: appSecret }, '');
    return call(`/im/v1/messages?${query}`, body, `Bearer ${token ?? asked.tenant_access_token}`);
  }
  const content = JSON.stringify(renderCard(card, 'zh'));
  const message = (more: Json = {}) => ({ receive_id: 'ou_sun', msg_type: 'interactive', content, ...more });

  test('a wrong token', async () => {
    expect(await send(message(), undefined, 't-wrong')).toMatchObject({ code: 99991663 });
  });

  test('a body over 30 KB', async () => {
    expect(await send(message({ content: `${content}${' '.repeat(31_000)}` }))).toMatchObject({ code: 230025 });
  });

  test('a uuid of 51 characters', async () => {
    expect(await send(message({ uuid: 'x'.repeat(51) }))).toMatchObject({ code: 230001 });
  });

  test('a uuid brings the same message for an hour, then a new one', async () => {
    const first = await send(message({ uuid: 'one' }));
    now = new Date(now.getTime() + 59 * 60_000);
    expect(await send(message({ uuid: 'one' }))).toEqual(first);
    now = new Date(now.getTime() + 2 * 60_000);
    expect(await send(message({ uuid: 'one' }))).not.toEqual(first);
  });

  test('the sixth message to one person within a second', async () => {
    const codes = await Promise.all(Array.from({ length: 6 }, () => send(message({ receive_id: 'ou_zhao' }))));
    expect(codes.map(({ code }) => code).sort()).toEqual([0, 0, 0, 0, 0, 230020]);
  });

  test('a person who does not fill what must be filled cannot submit', async () => {
    s.desk.script = () => ({ kind: 'form', form, say: '请填写' });
    await s.feishu.say('ou_wang', 'p2p', '/spend');
    const shown = await s.feishu.when(() => s.feishu.messagesOf('ou_wang')[0], 'the form');
    await expect(s.feishu.fill('ou_wang', shown, { amount: '3万' }, '提交')).rejects.toThrow('有必填项未填写: title');
    await expect(s.feishu.fill('ou_wang', shown, { amount: '1', title: 'x', kind: 'none' }, '提交')).rejects.toThrow(
      'no option',
    );
    await expect(s.feishu.press('ou_wang', shown, '批准')).rejects.toThrow('no button 批准');
  });

  test('an answer that breaks the card is a complaint', async () => {
    await s.post('ou_li', card);
    const shown = s.feishu.messagesOf('ou_li')[0];
    if (!shown) throw new Error('no card');
    s.feishu.deliverTo(() => Response.json({ card: { type: 'raw', data: { schema: '2.0', body: { elements: [] } } } }));
    await s.feishu.press('ou_li', shown, '批准');
    expect(s.feishu.complaints).toEqual([expect.stringContaining('200672')]);
  });
});

test('frames of the long connection survive their way', () => {
  const frame = {
    ...{ seq: 300, log: 7, service: 33554678, method: 1 },
    headers: { type: 'event', message_id: '预算' },
    payload: Buffer.from('{"预算":1}'),
  };
  expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
});
