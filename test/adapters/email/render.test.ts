/** What a letter says: every block as text and as HTML, in both languages, whatever people have written into it. */
import { describe, expect, test } from 'vitest';
import { renderMail } from '../../../adapters/email/render.ts';
import type { Block, Card } from '../../../src/core/card.ts';
import { letterCard } from './bench.ts';

const card = (blocks: Block[], more: Partial<Card> = {}) => letterCard({ blocks, ...more });
const drawn = (blocks: Block[], more: Partial<Card> = {}) => renderMail(card(blocks, more), 'zh', '会签');
/** the visible words between head and footer */
const body = (html: string) => html.slice(html.indexOf('</h1>') + 5, html.lastIndexOf('<p style')).trim();

const EVERY: Block[] = [
  {
    kind: 'facts',
    facts: [
      { label: '时间', value: '11月23日 10:00' },
      { label: '主持', value: '赵敏' },
    ],
  },
  { kind: 'text', text: '第一行\n第二行' },
  { kind: 'text', text: '要紧', strong: true },
  { kind: 'quote', text: '甲\n乙' },
  {
    kind: 'path',
    title: '进度',
    lines: [
      { mark: 'done', text: '李娜', detail: ['11月20日'] },
      { mark: 'now', text: '赵敏', detail: [] },
      { mark: 'next', text: '陈卫东', detail: [] },
      { mark: 'refused', text: '钱多', detail: [] },
      { mark: 'skipped', text: '孙律', detail: ['休假', '无人代'] },
    ],
  },
  { kind: 'note', text: '小字' },
  { kind: 'link', label: '全部决议', url: 'https://desk.example.com/d?a=1&b=2' },
  { kind: 'divider' },
  { kind: 'buttons', buttons: [{ label: '接受', action: { command: 'decision.accept' } }] },
];

describe('every block', () => {
  test('as plain text', () => {
    expect(drawn(EVERY).text).toBe(
      [
        '周例会 会议纪要',
        '时间：11月23日 10:00\n主持：赵敏',
        '第一行\n第二行',
        '要紧',
        '> 甲\n> 乙',
        '进度\n✓ 李娜\n   11月20日\n● 赵敏\n○ 陈卫东\n✗ 钱多\n– 孙律\n   休假\n   无人代',
        '小字',
        '全部决议：https://desk.example.com/d?a=1&b=2',
        '—————',
        '-- \n此邮件由“会签”自动发出。回复邮件没有人会看到；有话要说，请到团队的聊天里说。\n',
      ].join('\n\n'),
    );
  });

  test('as HTML says the same', () => {
    const { html } = drawn(EVERY);
    const said = html
      .slice(html.indexOf('<h1'))
      .replace(/<br>|<\/(?:p|h1|tr|blockquote)>/g, '\n')
      .replace(/<[^>]+>/g, ' ');
    const words = [
      '周例会 会议纪要',
      '时间',
      '11月23日 10:00',
      '第一行',
      '第二行',
      '要紧',
      '甲',
      '进度',
      '无人代',
      '小字',
      '全部决议',
    ];
    for (const word of words) expect(said).toContain(word);
    expect(html).toContain('<a href="https://desk.example.com/d?a=1&amp;b=2"');
    expect(html).toMatch(/<th scope="row"[^>]*>时间<\/th><td[^>]*>11月23日 10:00<\/td>/);
    expect(html).toContain('<hr ');
  });

  test('but no button: a mail cannot be pressed', () => {
    const { text, html } = drawn(EVERY);
    expect(text + html).not.toContain('接受');
    expect(html).not.toMatch(/<button|<input|<form/);
  });

  test('a card of buttons alone still says its sentence', () => {
    const { text, html } = drawn(EVERY.slice(-1));
    expect(text).toContain('周例会的纪要来了');
    expect(body(html)).toContain('周例会的纪要来了');
  });
});

describe('the page', () => {
  test('fetches nothing, runs nothing, and styles inline only', () => {
    const { html } = drawn(EVERY);
    expect(html).not.toMatch(/<(?:img|script|style|link|iframe|object|base|svg|video)\b|url\(|src=|@import|\son\w+=/i);
  });

  test('leaves the colours of dark mode alone: no background, and colour only on the marks of the path', () => {
    const { html } = drawn(EVERY);
    expect(html).not.toMatch(/background/i);
    expect(
      html
        .match(/<[^>]*[^-]color:#[^>]*>.?/g)
        ?.map((found) => found.at(-1))
        .join(''),
    ).toBe('✓●○✗–');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });

  test('says its language and who sent it, and that nobody reads answers', () => {
    const english = renderMail(letterCard(), 'en', 'PR Desk');
    expect(english.html).toContain('<html lang="en">');
    expect(english.text).toMatch(/Sent automatically by “PR Desk”\. Answers by mail are not read/);
    expect(drawn([]).html).toContain('<html lang="zh-CN">');
  });

  test('can be read on a phone: one column as wide as the screen, long words broken', () => {
    const { html } = drawn(EVERY);
    expect(html).toMatch(/width=device-width/);
    expect(html).toMatch(/max-width:600px[^"]*overflow-wrap:anywhere/);
    expect(html).not.toMatch(/[^-]width:\d+px/);
  });
});

describe('the subject', () => {
  const subject = (more: Partial<Card>) => drawn([], more).subject;
  const thread = 'MT-2026-0003';

  test('is the letter’s own', () => expect(subject({})).toBe('周例会 11月23日 会议纪要'));

  test('of a notice is its sentence, cut where a mailbox list would', () => {
    const { letter: _none, ...notice } = letterCard({ summary: `${'很长的一句'.repeat(30)}。` });
    const said = renderMail(notice, 'zh', '会签').subject;
    expect(said).toHaveLength(78);
    expect(said).toMatch(/^很长的一句.*…$/);
  });

  test('never breaks a line', () => {
    for (const hostile of [
      '甲\r\nBcc: all@example.com',
      '甲\nX-Injected: 1',
      '甲\u2028乙',
      '甲\u0000\u000b乙\u202e',
      '甲\rX-Injected: 1',
    ]) {
      expect(subject({ letter: { thread, subject: hostile, files: [] } })).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    }
  });

  test('is not split within a character, and never empty', () => {
    const said = subject({ letter: { thread, subject: '🎉'.repeat(300), files: [] } });
    expect(said).toBe(`${'🎉'.repeat(199)}…`);
    expect(subject({ headline: ' ', summary: '', letter: { thread, subject: '\n', files: [] } })).toBe('（无标题）');
  });
});

describe('hostile words', () => {
  const HOSTILE = `<img src=x onerror=alert(1)>"'&amp;</p></div><!--\u202egpj\u0000`;

  test('stand in every place as the characters that they are', () => {
    const blocks: Block[] = [
      { kind: 'facts', facts: [{ label: HOSTILE, value: HOSTILE }] },
      { kind: 'text', text: HOSTILE, strong: true },
      { kind: 'quote', text: HOSTILE },
      { kind: 'path', title: HOSTILE, lines: [{ mark: 'now', text: HOSTILE, detail: [HOSTILE] }] },
      { kind: 'note', text: HOSTILE },
      { kind: 'link', label: HOSTILE, url: `https://example.com/"onmouseover="alert(1)` },
    ];
    const { html } = renderMail(
      card(blocks, { headline: HOSTILE, letter: { thread: 'x', subject: HOSTILE, files: [] } }),
      'zh',
      HOSTILE,
    );
    expect(html).not.toMatch(/<img|<!--|"onmouseover/);
    const written = '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;amp;&lt;/p&gt;&lt;/div&gt;&lt;!--gpj';
    expect(html.split(written).length - 1, 'title, headline, nine places of the blocks, footer').toBe(12);
    expect(html).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u);
  });

  test.each(['javascript:alert(1)', 'data:text/html,<b>', 'file:///etc/passwd', 'no address', ' JAVASCRIPT:alert(1)'])(
    'a link to %s is only text',
    (url) => {
      const { html, text } = drawn([{ kind: 'link', label: '看这里', url }]);
      expect(html).not.toContain('<a ');
      expect(text).toContain('看这里');
    },
  );

  test('a quoted line cannot pretend to stand outside the quotation', () => {
    expect(drawn([{ kind: 'quote', text: '甲\r\n\r乙\u2028丙' }]).text).toContain('\n> 甲\n> \n> 乙\n> 丙\n');
  });
});
