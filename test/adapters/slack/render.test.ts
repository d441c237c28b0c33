/** Whatever people write, the card arrives whole, within Slack's limits, and nothing in it comes alive. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormTooLarge, renderForm, renderFormMessage } from '../../../adapters/slack/form.ts';
import { slackManifest } from '../../../adapters/slack/manifest.ts';
import {
  renderBareCard,
  renderCard,
  renderCardView,
  renderHome,
  renderSentence,
} from '../../../adapters/slack/render.ts';
import { asTyped, escapeWithinBytes } from '../../../adapters/slack/text.ts';
import type { Block, Button, Card, Field, Form } from '../../../src/core/card.ts';
import { liveTokens, visibleTexts } from '../../support/slack/validate.ts';
import { blockFaults, viewFaults } from '../../support/slack.ts';
import { decisionCard } from './bench.ts';

/** Case 24: what would be a mention, a link or formatting if it were not escaped. */
const live = [
  '<!channel>',
  '<!here>',
  '<!everyone>',
  '<!subteam^S123>',
  '<@U02LI>',
  '<@U02LI|李娜>',
  '<#C0PR|pr>',
  '<https://evil.example|https://bank.example>',
  '<mailto:a@b.c|银行>',
  '<!date^1392734382^{date}|x>',
  '&lt;!channel&gt;',
  '&amp;lt;',
  '@channel',
  ':moneybag:',
  '*粗*',
  '_斜_',
  '~¥320,000.00~',
  '`代码`',
  '> 引用',
  '```\n',
  '\u202e00.1$',
  '\u0000',
  '\ud800',
  '\n\n',
  '👨‍👩‍👧',
  '&',
  '<',
  '>',
];

const unprintable = ['\u0000', '\u202e', '\ud800'];
const printable = (text: string) => [...text].filter((character) => !unprintable.includes(character)).join('');

const words = (max: number) =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: max }),
    fc.array(fc.constantFrom(...live, '春季促销物料', 'a', ' '), { maxLength: 8 }).map((parts) => parts.join('')),
    fc.integer({ min: 0, max }).map((length) => '长'.repeat(length)),
    fc.integer({ min: 0, max }).map((length) => '<&>'.repeat(length / 3)),
  );
const action = fc.record(
  {
    command: fc.string({ minLength: 1, maxLength: 60 }),
    subject: fc.string({ maxLength: 60 }),
    seen: fc.nat(),
    with: fc.dictionary(fc.string({ maxLength: 40 }), words(400), { maxKeys: 6 }),
  },
  { requiredKeys: ['command'] },
);
const button: fc.Arbitrary<Button> = fc.record(
  {
    label: words(200),
    action,
    style: fc.constantFrom('primary', 'danger'),
    confirm: fc.record({ title: words(300), text: words(600), yes: words(60), no: words(60) }),
  },
  { requiredKeys: ['label', 'action'] },
);
const some = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { maxLength });
const block: fc.Arbitrary<Block> = fc
  .tuple(
    fc.option(fc.constantFrom(1, 2, 3), { nil: undefined }),
    fc.oneof(
      fc.record({
        kind: fc.constant('facts' as const),
        facts: some(fc.record({ label: words(300), value: words(4000), wide: fc.boolean() }), 25),
      }),
      fc.record({ kind: fc.constant('text' as const), text: words(9000), strong: fc.boolean() }),
      fc.record({ kind: fc.constant('quote' as const), text: words(5000) }),
      fc.record({
        kind: fc.constant('path' as const),
        title: words(400),
        lines: some(
          fc.record({
            mark: fc.constantFrom('done', 'now', 'next', 'refused', 'skipped'),
            text: words(900),
            detail: some(words(500), 4),
          }),
          20,
        ),
      }),
      fc.record({ kind: fc.constant('note' as const), text: words(4000) }),
      fc.record({
        kind: fc.constant('link' as const),
        label: words(400),
        url: fc.oneof(fc.webUrl(), words(4000), fc.constant('javascript:alert(1)')),
      }),
      fc.constant({ kind: 'divider' as const }),
      fc.record({ kind: fc.constant('buttons' as const), buttons: some(button, 30) }),
    ),
  )
  .map(([drop, drawn]) => (drop === undefined ? drawn : { ...drawn, drop }) as Block);
const card: fc.Arbitrary<Card> = fc.record({
  headline: words(400),
  tone: fc.constantFrom('open', 'good', 'bad', 'warn', 'muted'),
  summary: words(6000),
  blocks: some(block, 60),
});
const field = fc
  .record(
    {
      id: fc.uuid(),
      label: words(2500),
      required: fc.boolean(),
      hint: words(2500),
      placeholder: words(300),
      value: words(4000),
      fault: words(2500),
    },
    { requiredKeys: ['id', 'label', 'required'] },
  )
  .chain((base) =>
    fc
      .oneof(
        fc.record(
          { type: fc.constantFrom('text', 'paragraph'), max: fc.integer({ min: 1, max: 9000 }) },
          { requiredKeys: ['type'] },
        ),
        fc.record({ type: fc.constantFrom('money', 'number', 'date', 'person', 'file') }),
        fc.record({
          type: fc.constant('choice'),
          options: some(fc.record({ value: words(200), label: words(200) }), 250),
        }),
      )
      .map((kind) => ({ ...base, ...kind }) as Field),
  );
const form: fc.Arbitrary<Form> = fc.record(
  {
    title: words(60),
    intro: some(block, 30),
    fields: some(field, 12),
    submit: words(60),
    cancel: words(60),
    action,
    preview: action,
  },
  { requiredKeys: ['title', 'intro', 'fields', 'submit', 'cancel', 'action'] },
);

/** The one use of mrkdwn: a bold label, and after it words without any markup. */
const onlyABoldLabel = /^\*[^*_~`<>&\n]+\*\n[^*_~`<>&]+$/;
function markupIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(markupIn);
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === 'mrkdwn' && 'text' in node ? [String(node.text)] : [];
  return [...own, ...Object.values(node).flatMap(markupIn)];
}

function rendered(blocks: unknown): number {
  return visibleTexts(blocks).reduce((sum, text) => sum + [...text].length, 0);
}

describe('any card at all', () => {
  test('case 22 and 24: is within every limit, and nothing in it comes alive', () => {
    fc.assert(
      fc.property(card, fc.constantFrom('zh' as const, 'en' as const), (any, language) => {
        for (const message of [renderCard(any, language), renderBareCard(any, language)]) {
          expect(blockFaults(message.blocks, 'message')).toEqual([]);
          expect(rendered(message.blocks)).toBeLessThanOrEqual(13_200);
          expect(Buffer.byteLength(message.text)).toBeLessThanOrEqual(4_000);
          expect(message.text).not.toBe('');
          expect(liveTokens(message.text, message.blocks)).toEqual([]);
          for (const text of markupIn(message.blocks)) expect(text).toMatch(onlyABoldLabel);
        }
        expect(viewFaults(renderHome(any, language), 'home')).toEqual([]);
        expect(viewFaults(renderCardView(any, language), 'modal')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('case 22: however much history, the two deciding buttons stay and at most one is primary', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 60 }), (history) => {
        const others = history.filter((one) => one.kind !== 'buttons');
        const { blocks } = renderCard({ ...decisionCard, blocks: [...decisionCard.blocks, ...others] }, 'zh');
        const buttons = blocks.flatMap((one) =>
          one.type === 'actions' ? (one.elements as { style?: string; value: string }[]) : [],
        );
        expect(buttons.map(({ style }) => style)).toEqual(['primary', 'danger']);
        expect(JSON.parse(buttons[0]?.value ?? '')).toMatchObject({ command: 'requests.approve', seen: 3 });
        expect(visibleTexts(blocks).join('\n')).toContain('¥32,000.00');
      }),
      { numRuns: 100 },
    );
  });

  test('what may be dropped goes in its order, the last first, and nothing else does', () => {
    const long = (name: string, drop?: 1 | 2 | 3): Block => ({
      kind: 'text',
      text: `${name}${'长'.repeat(2_600)}`,
      ...(drop && { drop }),
    });
    const { blocks } = renderCard(
      {
        ...decisionCard,
        blocks: [long('甲', 3), long('乙', 1), long('丙'), long('丁', 2), long('戊', 3), ...decisionCard.blocks],
      },
      'zh',
    );
    const text = visibleTexts(blocks).join('\n');
    expect(['甲', '乙', '丙', '丁', '戊'].filter((name) => text.includes(`${name}长`))).toEqual(['乙', '丙', '丁']);
  });

  test.each(live.filter((token) => printable(token).trim() !== ''))(
    'case 24: %j in a title is read as it was written',
    (token) => {
      const title = `物料 ${token} 采购`;
      const message = renderCard(
        {
          ...decisionCard,
          headline: title,
          summary: title,
          blocks: [
            {
              kind: 'facts',
              facts: [
                { label: '事由', value: title },
                { label: '事由', value: title, wide: true },
              ],
            },
            { kind: 'quote', text: title },
            { kind: 'note', text: title },
          ],
        },
        'zh',
      );
      expect(liveTokens(message.text, message.blocks)).toEqual([]);
      const [written = ''] = printable(title).split('\n');
      const shown = visibleTexts(message.blocks)
        .join('\n')
        .replace(/\ufffd/g, '');
      expect(shown.split(written).length - 1).toBe(5);
    },
  );

  test('a second primary button loses its style, not its place', () => {
    const approve = { label: '批准', style: 'primary', action: { command: 'a' } } as const;
    const { blocks } = renderCard(
      { ...decisionCard, blocks: [{ kind: 'buttons', buttons: [approve, approve] }] },
      'zh',
    );
    expect(
      blocks.flatMap((one) => (one.type === 'actions' ? one.elements.map((element) => 'style' in element) : [])),
    ).toEqual([true, false]);
  });

  test('a short card keeps its full text, an unfit one says that it was shortened', () => {
    const { blocks } = renderCard({ ...decisionCard, blocks: [{ kind: 'text', text: '长'.repeat(11_000) }] }, 'zh');
    expect(rendered(blocks)).toBeGreaterThan(1_000);
    const cutShort = renderCard({ ...decisionCard, blocks: [{ kind: 'text', text: '长'.repeat(30_000) }] }, 'zh');
    expect(visibleTexts(cutShort.blocks).join()).toContain('只显示了一部分');
  });
});

describe('any form at all', () => {
  test('is a view that Slack opens, or is refused as too large', () => {
    let opened = 0;
    fc.assert(
      fc.property(form, words(300), (any, heading) => {
        try {
          const view = renderForm(any, 'zh', 'C0PR', heading);
          expect(viewFaults(view, 'modal')).toEqual([]);
          expect(liveTokens(undefined, view.blocks)).toEqual([]);
          const message = renderFormMessage(any, 'zh', heading);
          expect(blockFaults(message.blocks, 'message')).toEqual([]);
          opened += 1;
        } catch (error) {
          if (!(error instanceof FormTooLarge)) throw error;
        }
      }),
      { numRuns: 150 },
    );
    expect(opened).toBeGreaterThan(50);
  });

  test('asks for a new path at every digit of an amount, and not at every letter of a title', () => {
    const fields: Field[] = [
      { id: 'amount', label: '金额', type: 'money', required: true },
      { id: 'title', label: '事由', type: 'text', required: true },
      { id: 'detail', label: '说明', type: 'paragraph', required: false },
    ];
    const base: Form = {
      title: '费用申请',
      intro: [],
      fields,
      submit: '提交',
      cancel: '取消',
      action: { command: 'a' },
    };
    const inputs = (asked: Form) =>
      renderForm(asked, 'zh').blocks as {
        dispatch_action?: boolean;
        element: { dispatch_action_config?: { trigger_actions_on: string[] } };
      }[];
    expect(inputs(base).map((one) => one.dispatch_action)).toEqual([undefined, undefined, undefined]);
    const asking = inputs({ ...base, preview: { command: 'p' } });
    expect(asking.map((one) => one.dispatch_action)).toEqual([true, true, undefined]);
    expect(asking.map((one) => one.element.dispatch_action_config?.trigger_actions_on)).toEqual([
      ['on_enter_pressed', 'on_character_entered'],
      ['on_enter_pressed'],
      undefined,
    ]);
  });
});

test('a sentence never grows beyond what an edit may hold', () => {
  fc.assert(
    fc.property(words(6_000), (text) => {
      const message = renderSentence(text, 'info', 'zh');
      expect(blockFaults(message.blocks, 'message')).toEqual([]);
      expect(Buffer.byteLength(message.text)).toBeLessThanOrEqual(4_000);
    }),
    { numRuns: 50 },
  );
});

test('what is escaped comes back as it was typed, and is never cut inside an entity or a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 3, max: 300 }), (text, bytes) => {
      const escaped = escapeWithinBytes(text, bytes);
      expect(Buffer.byteLength(escaped)).toBeLessThanOrEqual(bytes);
      const back = asTyped(escaped);
      expect(back === text || (back.endsWith('…') && text.startsWith(back.slice(0, -1)))).toBe(true);
    }),
  );
});

describe('the manifest', () => {
  const commands = [
    { command: '/spend', description: '费用申请：任何花费都从这里开始，金额决定由谁审批', hint: '[金额] [事由]' },
    { command: '/pr', description: '会签助手', hint: '' },
  ];
  test('over HTTP names every address, over the socket none', () => {
    const http = slackManifest({
      name: '会签 Countersign',
      url: 'https://pr.example.com/',
      commands,
      socketMode: false,
    });
    const socket = slackManifest({
      name: '会签 Countersign',
      url: 'https://pr.example.com',
      commands,
      socketMode: true,
    });
    expect(JSON.stringify(http).match(/https:\/\/pr\.example\.com\/slack\/events/g)).toHaveLength(4);
    expect(JSON.stringify(socket)).not.toContain('https://');
    expect(socket).toMatchObject({ settings: { socket_mode_enabled: true, token_rotation_enabled: false } });
  });
  test('asks Slack to mark mentions, and keeps shortcut names within 24 characters', () => {
    const { features } = slackManifest({ name: 'x', url: 'https://x.example', commands, socketMode: false }) as {
      features: { shortcuts: { name: string; callback_id: string }[]; slash_commands: { should_escape: boolean }[] };
    };
    expect(features.slash_commands.every(({ should_escape }) => should_escape)).toBe(true);
    expect(features.shortcuts.map(({ name, callback_id }) => [name.length <= 24, callback_id])).toEqual([
      [true, '/spend'],
      [true, '/pr'],
    ]);
  });
  test('listens to what the adapter reads, and asks for the scopes of what it calls', () => {
    expect(slackManifest({ name: 'x', url: 'https://x.example', commands, socketMode: false })).toMatchObject({
      oauth_config: {
        scopes: { bot: expect.arrayContaining(['chat:write', 'im:history', 'files:read', 'users:read', 'im:write']) },
      },
      settings: {
        event_subscriptions: { bot_events: expect.arrayContaining(['message.im', 'app_mention', 'app_home_opened']) },
      },
    });
  });
});
