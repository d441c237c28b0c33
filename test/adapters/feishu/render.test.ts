/** Whatever is on a card, Feishu takes it; and nothing that people wrote is alive in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, tagsOf } from '../../../adapters/feishu/fit.ts';
import { renderCard, renderForm, renderSentence, renderSettled } from '../../../adapters/feishu/render.ts';
import type { ActionRef, Block, Button, Card, Field, Form } from '../../../src/core/card.ts';
import { allOf, callbackValue, cardFaults, contentOf, isJson, liveMentions } from '../../support/feishu/card-rules.ts';
import { card, form } from './scripted.ts';

const LIVE = [
  '<at id=all></at>',
  '<at id="all">所有人</at>',
  '<at user_id="all">',
  '@all',
  '@所有人',
  '<person id = "ou_li"></person>',
  '[付款](https://evil.example)',
  "<a href='https://evil.example'>同意</a>",
  '<link url="https://evil.example">x</link>',
  '**粗**',
  '~~删~~',
  '`code`',
  '<font color=red>红</font>',
  '&lt;at id=all&gt;',
  '&#60;at id=all&#62;',
  '\n---\n# 标题',
  ':OK:',
  '\u202E¥1,000',
];
const said = fc.oneof(
  fc.constantFrom(...LIVE),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.tuple(fc.constantFrom(...LIVE), fc.string({ maxLength: 20 })).map(([a, b]) => b + a),
  fc.integer({ min: 0, max: 6000 }).map((n) => '预'.repeat(n)),
);
const id = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const action: fc.Arbitrary<ActionRef> = fc.record(
  {
    command: fc.constantFrom('requests.approve', 'requests.reject'),
    subject: fc.constant('SP-2026-0001'),
    step: id,
    seen: fc.nat(99),
    with: fc.dictionary(id, fc.string({ unit: 'grapheme', maxLength: 100 }), { maxKeys: 6 }),
  },
  { requiredKeys: ['command'] },
);
const button: fc.Arbitrary<Button> = fc.record(
  {
    label: said,
    action,
    style: fc.constantFrom('primary' as const, 'danger' as const),
    confirm: fc.record({ title: said, text: said, yes: said, no: said }),
  },
  { requiredKeys: ['label', 'action'] },
);
const drop = fc.constantFrom(1 as const, 2 as const, 3 as const);
const facts = fc.array(
  fc.record({ label: said, value: said, wide: fc.boolean() }, { requiredKeys: ['label', 'value'] }),
  { maxLength: 30 },
);
const lines = fc.array(
  fc.record({
    mark: fc.constantFrom('done', 'now', 'next', 'refused', 'skipped'),
    text: said,
    detail: fc.array(said, { maxLength: 4 }),
  }),
  { maxLength: 20 },
);
const anyBlock = fc.oneof(
  fc.record({ kind: fc.constant('facts'), facts }),
  fc.record({ kind: fc.constant('text'), text: said, strong: fc.boolean() }),
  fc.record({ kind: fc.constant('quote'), text: said }),
  fc.record({ kind: fc.constant('path'), title: said, lines }),
  fc.record({ kind: fc.constant('note'), text: said }),
  fc.record({ kind: fc.constant('link'), label: said, url: fc.oneof(fc.webUrl(), said) }),
  fc.record({ kind: fc.constant('divider') }),
  fc.record({ kind: fc.constant('buttons'), buttons: fc.array(button, { maxLength: 12 }) }),
);
const block = fc.tuple(anyBlock, fc.option(drop)).map(([b, d]) => (d === null ? b : { ...b, drop: d }) as Block);
const anyCard: fc.Arbitrary<Card> = fc.record({
  headline: said,
  tone: fc.constantFrom('open', 'good', 'bad', 'warn', 'muted'),
  summary: said,
  blocks: fc.array(block, { maxLength: 15 }),
});
const field = fc
  .record(
    {
      label: said,
      required: fc.boolean(),
      hint: said,
      placeholder: said,
      value: said,
      fault: said,
      max: fc.integer({ min: 1, max: 5000 }),
      type: fc.constantFrom('text', 'paragraph', 'money', 'number', 'date', 'choice', 'person', 'file'),
      options: fc.array(fc.record({ value: id, label: said }), { maxLength: 20 }),
    },
    { requiredKeys: ['label', 'required', 'type', 'options'] },
  )
  .map((made) => made as unknown as Field);
const anyForm: fc.Arbitrary<Form> = fc.record({
  title: said,
  intro: fc.array(block, { maxLength: 5 }),
  fields: fc
    .array(field, { minLength: 1, maxLength: 12 })
    .map((fields) => fields.map((each, i) => ({ ...each, id: `f${i}` }))),
  submit: said,
  cancel: said,
  action,
});
const people = Array.from({ length: 30 }, (_, i) => ({ person: `p${i}`, account: `ou_${i}` }));

const REQUEST = 30 * 1024;
const elements = (json: Record<string, unknown>) => allOf(isJson(json.body) ? json.body.elements : []);
const actionsOn = (json: Record<string, unknown>) =>
  elements(json).flatMap((element) => {
    const value = callbackValue(element);
    return typeof value?.a === 'string' ? [value.a] : [];
  });

describe('any card', () => {
  test('is valid, small enough, and calls nobody (case 23, case 24)', () => {
    fc.assert(
      fc.property(anyCard, fc.constantFrom('zh' as const, 'en' as const), (any, language) => {
        const json = renderCard(any, language);
        expect(cardFaults(json)).toEqual([]);
        expect(bytesOf(json)).toBeLessThan(REQUEST);
        expect(liveMentions(json)).toEqual([]);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('any form too', () => {
    fc.assert(
      fc.property(anyForm, (any) => {
        const json = renderForm(any, people, 'zh');
        expect(cardFaults(json)).toEqual([]);
        expect(bytesOf(json)).toBeLessThan(REQUEST);
        expect(liveMentions(json)).toEqual([]);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('what people write stands in it letter by letter, and only as plain text', () => {
    for (const token of LIVE) {
      const json = renderCard(
        { headline: token, tone: 'open', summary: token, blocks: [{ kind: 'text', text: token }] },
        'zh',
      );
      const texts = elements(json).map((element) => contentOf(element.text));
      expect(texts).toContain(token);
      expect(JSON.stringify(json)).not.toMatch(/"(markdown|lark_md)"/);
      expect(cardFaults(renderSentence(token))).toEqual([]);
      expect(cardFaults(renderSettled(token, 'good', token))).toEqual([]);
    }
  });
});

describe('case 22: a card that is too large', () => {
  const history: Block[] = Array.from({ length: 40 }, (_, i) => ({
    kind: 'note',
    text: `第 ${i} 条 ${'记录'.repeat(200)}`,
    drop: 3,
  }));

  test('drops its history first, and nothing else', () => {
    const json = renderCard({ ...card, blocks: [...card.blocks, ...history] }, 'zh');
    const without = { ...card, blocks: card.blocks.filter((b) => b.drop !== 3) };
    expect(json).toEqual(renderCard(without, 'zh'));
  });

  test('then shortens its texts, and keeps every button', () => {
    const long: Block[] = Array.from({ length: 12 }, () => ({ kind: 'text', text: '事由'.repeat(2000) }));
    const json = renderCard({ ...card, blocks: [...long, ...card.blocks] }, 'zh');
    expect(bytesOf(json)).toBeLessThan(REQUEST);
    expect(actionsOn(json)).toHaveLength(3);
    expect(JSON.stringify(json)).toContain('¥32,000.00');
  });

  test('then is text and buttons: on a card for deciding one can always decide', () => {
    const path = Array.from({ length: 150 }, (_, i) => ({ mark: 'next' as const, text: `第 ${i} 步`, detail: [] }));
    const json = renderCard({ ...card, blocks: [{ kind: 'path', title: '路径', lines: path }, ...card.blocks] }, 'zh');
    expect(tagsOf(json)).toBeLessThanOrEqual(200);
    expect(actionsOn(json)).toHaveLength(3);
    expect(JSON.stringify(json)).toContain(card.summary);
    expect(JSON.stringify(json)).toContain('只显示一部分');
  });

  test('of too many buttons the plain ones go first', () => {
    const plain = Array.from({ length: 150 }, (_, i) => ({
      label: `选项 ${i}`,
      action: { command: 'x', subject: `${i}` },
    }));
    const json = renderCard({ ...card, blocks: [{ kind: 'buttons', buttons: plain }, ...card.blocks] }, 'zh');
    const labels = elements(json)
      .filter((e) => e.tag === 'button')
      .map((e) => contentOf(e.text));
    expect(labels).toContain('批准');
    expect(labels).toContain('驳回');
  });
});

describe('how a card looks', () => {
  const json = renderCard(card, 'zh');
  test('coloured by its tone, with one sentence for the list of chats', () => {
    expect(json.header).toEqual({ title: { tag: 'plain_text', content: card.headline }, template: 'blue' });
    expect(json.config).toMatchObject({ update_multi: true, summary: { content: card.summary } });
    const templates = (['good', 'bad', 'warn', 'muted'] as const).map((tone) => {
      const { header } = renderCard({ ...card, tone }, 'zh');
      return isJson(header) ? header.template : undefined;
    });
    expect(templates).toEqual(['green', 'red', 'orange', 'grey']);
  });

  test('only approving is primary, rejecting is danger and asks once more', () => {
    const buttons = elements(json).filter((element) => element.tag === 'button');
    expect(buttons.map((b) => b.type)).toEqual(['primary', 'danger', 'default']);
    expect(buttons[1]?.confirm).toMatchObject({ title: { content: '驳回？' } });
  });

  test('the path shows who is next by its mark', () => {
    const texts = elements(json).map((element) => contentOf(element.text));
    expect(texts).toContain('● 主管审批：李娜');
    expect(texts).toContain('○ 总监审批：赵敏');
  });

  test('a link that is no web address is no link', () => {
    const block: Block = { kind: 'link', label: '附件', url: 'javascript:alert(1)' };
    const drawn = elements(renderCard({ ...card, blocks: [block] }, 'zh'));
    expect(drawn.some((element) => element.tag === 'button')).toBe(false);
  });
});

describe('how a form looks', () => {
  const withFaults: Form = {
    ...form,
    fields: form.fields.map((f) =>
      f.id === 'amount'
        ? { ...f, value: '很多', fault: '看不懂这个金额' }
        : f.id === 'deputy'
          ? { ...f, value: 'p3' }
          : f.id === 'kind'
            ? { ...f, value: 'media' }
            : f,
    ),
  };
  const drawn = elements(renderForm(withFaults, people, 'zh'));

  test('a fault stands right above its field, and what was typed stays', () => {
    const at = drawn.findIndex((element) => contentOf(element.text) === '✗ 看不懂这个金额');
    expect(contentOf(drawn[at + 1]?.text)).toBe('金额 *');
    expect(drawn[at + 2]).toMatchObject({ tag: 'input', name: 'amount', required: true, default_value: '很多' });
  });

  test('people, options and dates are chosen, files are sent in the chat', () => {
    expect(drawn.find((e) => e.tag === 'select_person')).toMatchObject({ initial_option: 'ou_3' });
    expect(drawn.find((e) => e.tag === 'select_static')).toMatchObject({ initial_index: 2 });
    expect(drawn.some((e) => e.tag === 'date_picker')).toBe(true);
    expect(drawn.some((e) => contentOf(e.text).includes('文件请直接发到本聊天'))).toBe(true);
  });
});
