/** Whatever is on a card, WeCom takes it as it stands; nothing that people wrote is alive in it, and nothing is lost in silence. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderForGroup, renderForMember, renderSentence, type TemplateCard } from '../../../adapters/wecom/render.ts';
import { type ActionRef, type Block, type Button, type Card, readAction } from '../../../src/core/card.ts';
import type { Language } from '../../../src/core/chat.ts';
import { readAppMessage, readRobotMessage } from '../../support/wecom/rules.ts';
import { accept, letter, notice } from './stage.ts';

const forLina = (card: Card, presses = true, language: Language = 'zh') =>
  renderForMember(card, 'task-1', presses, language);
function template(card: Card, presses = true): TemplateCard {
  const message = forLina(card, presses);
  if (message.msgtype !== 'template_card') throw new Error('no template card');
  return message.template_card;
}
function textOf(card: Card, presses = true, language: Language = 'zh'): string {
  const message = forLina(card, presses, language);
  if (message.msgtype !== 'text') throw new Error('no text');
  return message.text.content;
}
const groupText = (card: Card, again = false): string => renderForGroup(card, again, 'zh').markdown.content;
const faultOf = (card: Card, presses: boolean) => {
  const body = JSON.stringify({ touser: 'lina', agentid: 1, ...forLina(card, presses) });
  const member = readAppMessage(body);
  const group = readRobotMessage(JSON.stringify(renderForGroup(card, true, 'en')));
  return [member, group].flatMap((read) => ('fault' in read ? [read.fault.said] : []));
};

const LINK: Block = { kind: 'link', label: '查看纪要', url: 'https://pr.example.com/m/3' };
const with_ = (...blocks: Block[]): Card => ({ ...notice, blocks: [...notice.blocks, ...blocks] });

describe('which form a card takes', () => {
  test('with buttons: a card to be pressed, under the id of what was sent', () => {
    expect(template(letter)).toMatchObject({
      card_type: 'button_interaction',
      task_id: 'task-1',
      main_title: { title: '决议 DM-2026-0012' },
      sub_title_text: '发布会场地定稿，报价不超过 ¥32,000.00。',
      horizontal_content_list: [
        { keyname: '会议', value: 'MT-2026-0003 周例会' },
        { keyname: '责任人', value: '李娜' },
        { keyname: '期限', value: '12-05（周六）' },
      ],
      button_list: [
        { text: '接受', style: 1 },
        { text: '不接受', style: 2 },
      ],
    });
    expect(template(letter)).not.toHaveProperty('card_action');
  });
  test('its buttons carry what they do', () => {
    const [first] = template(letter).button_list ?? [];
    expect(readAction(Buffer.from(first?.key ?? '', 'base64url').toString())).toEqual(accept);
  });
  test('with a link and short: a card that leads there', () => {
    expect(template(with_(LINK))).toMatchObject({
      card_type: 'text_notice',
      card_action: { type: 1, url: 'https://pr.example.com/m/3' },
      jump_list: [{ type: 1, title: '查看纪要', url: 'https://pr.example.com/m/3' }],
    });
  });
  test('with a link and buttons: both', () => {
    expect(template({ ...letter, blocks: [...letter.blocks, LINK] })).toMatchObject({
      card_type: 'button_interaction',
      card_action: { url: 'https://pr.example.com/m/3' },
      horizontal_content_list: expect.arrayContaining([
        { type: 1, keyname: '链接', value: '查看纪要', url: 'https://pr.example.com/m/3' },
      ]),
    });
  });
  test('with neither: text, since a card must lead somewhere', () => {
    expect(textOf(notice)).toBe('【会议纪要 MT-2026-0003】\n主持：王晓文\n1. 发布会场地定稿\n2. 媒体名单确认');
  });
  test('with a link but too long for a card: the whole text, with its link', () => {
    const long = textOf(with_({ kind: 'text', text: '预算'.repeat(100) }, LINK));
    expect(long).toContain('预算'.repeat(100));
    expect(long).toContain('<a href="https://pr.example.com/m/3">查看纪要</a>');
  });
  test('without a callback there are no buttons, and it says where they are', () => {
    expect(textOf(letter, false)).toContain('企业微信里不能直接操作');
    expect(textOf(letter, false)).not.toContain('接受');
    expect(textOf({ ...letter, blocks: [...letter.blocks, LINK] }, false)).toContain('企业微信里不能直接操作');
  });
  test('a group reads and presses nothing', () => {
    expect(groupText(letter)).toContain('**决议 DM-2026-0012**');
    expect(groupText(letter)).toContain('群里不能直接操作');
    expect(groupText(notice)).not.toContain('不能直接操作');
    expect(groupText(with_(LINK))).toContain('[查看纪要](https://pr.example.com/m/3)');
  });
  test('what a group may have twice says so', () => {
    expect(groupText(notice, true)).toMatch(/如已收到相同内容，请忽略/);
    expect(groupText(notice)).not.toContain('请忽略');
  });
  test('in English for who reads English', () => {
    expect(textOf(letter, false, 'en')).toContain('Nothing can be pressed in WeCom.');
  });
  test('a path, a quote and a divider are read as lines', () => {
    const card = with_(
      { kind: 'divider' },
      { kind: 'quote', text: '场地\n不变' },
      { kind: 'path', title: '进展', lines: [{ mark: 'done', text: '李娜', detail: ['12-01'] }] },
    );
    expect(textOf(card)).toMatch(/\n\n“场地\n不变”\n进展\n✓ 李娜\n　12-01$/);
    expect(groupText(card)).toContain('> 场地\n> 不变');
  });
});

describe('what does not fit', () => {
  const long = (length: number): Block => ({ kind: 'text', text: '预'.repeat(length) });
  test('goes first where the card itself says so', () => {
    const card = { ...letter, blocks: [...letter.blocks, { ...long(150), drop: 3 as const }] };
    expect(template(card).sub_title_text).toBe('发布会场地定稿，报价不超过 ¥32,000.00。');
  });
  test('with buttons is shortened, and says so', () => {
    expect(template({ ...letter, blocks: [...letter.blocks, long(500)] }).sub_title_text).toMatch(/…\n（内容有删节）$/);
  });
  test('a long or wide fact stands below the title, whole', () => {
    const facts: Block = {
      kind: 'facts',
      facts: [
        { label: '需要批准的金额', value: '¥1.00' },
        { label: '事由', value: '预'.repeat(40) },
      ],
    };
    const drawn = template({ ...letter, blocks: [facts, ...letter.blocks] });
    expect(drawn.sub_title_text).toContain(`需要批准的金额：¥1.00\n事由：${'预'.repeat(40)}`);
  });
  test('more than six buttons: the plain ones go, those that decide stay', () => {
    const plain = (n: number): Button => ({ label: `看 ${n}`, action: { ...accept, command: `show.${n}` } });
    const buttons: Button[] = [
      ...Array.from({ length: 7 }, (_, n) => plain(n)),
      { label: '接受', action: accept, style: 'primary' },
    ];
    const drawn = template({ ...letter, blocks: [{ kind: 'buttons', buttons }] });
    expect(drawn.button_list?.map(({ text }) => text)).toEqual(['看 0', '看 1', '看 2', '看 3', '看 4', '接受']);
    expect(drawn.sub_title_text).toContain('有删节');
  });
  test('a button that carries more than WeCom brings back is not drawn, rather than drawn without effect', () => {
    const heavy: Button = { label: '重', action: { ...accept, with: { a: 'x'.repeat(400), b: 'y'.repeat(400) } } };
    const drawn = template({
      ...letter,
      blocks: [{ kind: 'buttons', buttons: [heavy, { label: '接受', action: accept }] }],
    });
    expect(drawn.button_list?.map(({ text }) => text)).toEqual(['接受']);
  });
  test('if that is all of them, it is text that says where to press', () => {
    const heavy: Button = { label: '重', action: { ...accept, with: { a: 'x'.repeat(400), b: 'y'.repeat(400) } } };
    expect(textOf({ ...letter, blocks: [{ kind: 'buttons', buttons: [heavy] }, LINK] })).toContain('不能直接操作');
  });
  test('of text the lines that fit are kept, and it says where the rest is', () => {
    const lines = Array.from({ length: 200 }, (_, n) => `${n}. 媒体名单确认`).join('\n');
    const cut = textOf(with_({ kind: 'text', text: lines }));
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(cut)).toBeGreaterThan(1950);
    const said = cut.split('\n');
    expect(said.at(-1)).toBe('…完整内容见邮件或其他平台上的同一条消息');
    expect(said.at(-2)).toMatch(/^\d+\. 媒体名单确认$/);
    expect(
      textOf(with_({ kind: 'text', text: lines }, LINK))
        .split('\n')
        .at(-1),
    ).toBe('…完整内容见<a href="https://pr.example.com/m/3">查看纪要</a>');
  });
  test('of one endless line its beginning', () => {
    const cut = textOf({ ...notice, blocks: [long(3000)] });
    expect(cut).toMatch(/预{500,}…\n…完整内容见/);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2048);
  });
  test('a sentence of ours is cut too', () => {
    expect(Buffer.byteLength(JSON.stringify(renderSentence('预'.repeat(3000))))).toBeLessThan(2100);
  });
});

const LIVE = [
  '<@lina>',
  '<@all>',
  '@all',
  '<a href="https://evil.example">同意</a>',
  "<A HREF='https://evil.example'>",
  '&lt;a href=x&gt;',
  '&#60;@lina&#62;',
  '[付款](https://evil.example)',
  '![x](https://evil.example/p.png)',
  '**粗**',
  '`code`',
  '<font color="warning">红</font>',
  '# 标题',
  '\n> 引用',
  ']]>',
  '\\u0041',
  '\u0000\u0007',
  '\ud800',
  '$userName=lina$',
];

describe('what people write is text', () => {
  test.each(LIVE)('%j', (evil) => {
    const card: Card = {
      ...notice,
      headline: evil,
      blocks: [
        { kind: 'facts', facts: [{ label: evil, value: evil }] },
        { kind: 'text', text: evil },
        { kind: 'quote', text: evil },
        { kind: 'link', label: evil, url: 'https://pr.example.com/' },
        { kind: 'note', text: `${'长'.repeat(300)}${evil}` },
      ],
    };
    const member = textOf(card).replaceAll(/<a href="https:\/\/pr\.example\.com\/">[^<]*<\/a>/g, '');
    expect(member).not.toMatch(/[<]|&#?\w+;/);
    const group = groupText(card)
      .replaceAll(/\[[^[\]]*\]\(https:\/\/pr\.example\.com\/\)/g, '')
      .replace(/^\*\*(.*)\*\*$/m, '$1')
      .replaceAll(/^> /gm, '');
    expect(group).not.toMatch(/[<`[\]*]|&#?\w+;|^\s*[#>]/m);
  });

  test.each([
    'javascript:alert(1)',
    'https://x.example/)](https://evil.example',
    'https://x.example/"><a href="https://evil.example',
    'file:///etc/passwd',
    'no address',
    `https://x.example/${'a'.repeat(1100)}`,
  ])('an address that is none, or wants out of its link: %s', (url) => {
    const card = with_({ kind: 'link', label: '看', url }, { kind: 'text', text: '预'.repeat(200) });
    expect(textOf(card).match(/<a /g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(textOf(card)).not.toMatch(/href="(?!https:\/\/x\.example\/)/);
    expect(textOf(card)).not.toContain('href="https://x.example/">');
    expect(groupText(card)).not.toMatch(/\]\((?!https:\/\/x\.example\/)/);
  });
});

const said = fc.oneof(
  fc.constantFrom(...LIVE),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.integer({ min: 0, max: 3000 }).map((n) => '预'.repeat(n)),
);
const action: fc.Arbitrary<ActionRef> = fc.record(
  {
    command: fc.constantFrom('minutes.accept', 'minutes.decline'),
    with: fc.dictionary(
      fc.constantFrom('a', 'b'),
      said.map((text) => text.slice(0, 400)),
    ),
  },
  { requiredKeys: ['command'] },
);
const button: fc.Arbitrary<Button> = fc.record(
  {
    label: said.filter((text) => text.trim() !== ''),
    action,
    style: fc.constantFrom('primary' as const, 'danger' as const),
  },
  { requiredKeys: ['label', 'action'] },
);
const drop = fc.constantFrom(1 as const, 2 as const, 3 as const);
const facts = fc.array(fc.record({ label: said, value: said }), { maxLength: 9 });
const url = fc.oneof(fc.webUrl(), said);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('facts' as const), facts, drop }, { requiredKeys: ['kind', 'facts'] }),
  fc.record(
    { kind: fc.constantFrom('text' as const, 'quote' as const, 'note' as const), text: said, drop },
    { requiredKeys: ['kind', 'text'] },
  ),
  fc.record({ kind: fc.constant('link' as const), label: said, url }),
  fc.record({ kind: fc.constant('divider' as const) }),
  fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 9 }) }),
);
const card: fc.Arbitrary<Card> = fc.record({
  headline: said,
  tone: fc.constantFrom('open' as const, 'good' as const),
  summary: said,
  blocks: fc.array(block, { maxLength: 8 }),
});

test('whatever card it is, with a callback or without, WeCom takes it: member and group', () => {
  fc.assert(
    fc.property(card, fc.boolean(), (any, presses) => {
      expect(faultOf(any, presses)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
