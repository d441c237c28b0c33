/** What people read of a statement: all of it on every platform, what to do next, what was said to its lines, and nothing of a drill without its mark. */
import { describe, expect, test } from 'vitest';
import { renderCard as onFeishu } from '../../adapters/feishu/render.ts';
import { renderCard as onSlack } from '../../adapters/slack/render.ts';
import type { Block, Card } from '../../src/core/card.ts';
import type { Audience } from '../../src/core/module.ts';
import { statementCard } from '../../src/statements/cards.ts';
import { askForm, newForm } from '../../src/statements/forms.ts';
import { noticeCard } from '../../src/statements/notices.ts';
import { cleared, crisis, drafted, type Life, moment, TEXT } from './office.ts';

const FIRE = crisis();
const within = { crisis: FIRE };
const reading = (life: Life, language: 'zh' | 'en' = 'zh', given = {}) => ({
  statement: life.statement,
  crisis: FIRE,
  world: moment(given).world,
  language,
});
const plain = (life: Life, viewer: Audience): Card => statementCard(reading(life), viewer, 'plain');
const card = (life: Life, viewer: Audience, language: 'zh' | 'en' = 'zh', given = {}): Card =>
  statementCard(reading(life, language, given), viewer);
const texts = ({ blocks }: Card): string => JSON.stringify(blocks);
const labels = ({ blocks }: Card): string[] =>
  blocks.flatMap((one: Block) => (one.kind === 'buttons' ? one.buttons.map((button) => button.label) : []));
const first = ({ blocks }: Card): string => (blocks[0]?.kind === 'text' ? blocks[0].text : '');

describe('the longest text is read to its end before it is cleared', () => {
  const long = `${'危'.repeat(24)}\n`.repeat(119) + '末'.repeat(25);
  const wide = '机'.repeat(3000);
  test.each([
    ['many lines', long],
    ['one line', wide],
    ['quotes and ampersands', '"&<'.repeat(1000)],
  ])('%s, with comments, on both platforms', (_what, text) => {
    const life = drafted(within, text);
    for (let i = 0; i < 30; i++)
      life.act('comment', { line: 1, text: '批'.repeat(400), seen: 1 }, { ...within, by: 'sun' });
    life.act('ask', { seen: 1 }, { ...within, by: 'li' });
    const shown = card(life, { person: 'sun' });
    const kept = [...text.replaceAll('\n', '')].sort().join('');
    for (const drawn of [JSON.stringify(onSlack(shown, 'zh')), JSON.stringify(onFeishu(shown, 'zh'))]) {
      const plain = drawn
        .replaceAll('&amp;', '&')
        .replaceAll('&lt;', '<')
        .replaceAll('&#34;', '"')
        .replaceAll('&#38;', '&')
        .replaceAll('&#60;', '<');
      for (const letter of new Set(kept))
        expect(plain.split(letter === '"' ? '\\"' : letter).length, letter).toBeGreaterThan(
          kept.split(letter).length - 1,
        );
      expect(plain).toContain('"审核通过"');
    }
  });
  test('a platform that shortens the text shows no button that clears or releases it', () => {
    const far = { ...drafted(within).statement, text: Array(40).fill(wide).join('\n') };
    for (const [life, viewer, label] of [
      [drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' }), 'sun', '审核通过'],
      [cleared(within), 'zhao', '登记发布'],
    ] as const) {
      life.state = { ...life.statement, text: far.text };
      const shown = card(life, { person: viewer });
      expect(labels(shown)).toContain(label);
      for (const drawn of [JSON.stringify(onSlack(shown, 'zh')), JSON.stringify(onFeishu(shown, 'zh'))]) {
        expect(drawn).not.toContain(`"${label}"`);
        expect(drawn).toContain('逐行批注');
      }
    }
  });
  test('where a platform refuses the whole card, the plain one has neither the text nor a button that clears or releases it', () => {
    const asked = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
    const room = { room: { platform: 'slack', id: 'C0ROOM' } };
    for (const viewer of [{ person: 'sun' }, room]) {
      expect(texts(plain(asked, viewer))).not.toContain('停售');
      expect(labels(plain(asked, viewer))).not.toContain('审核通过');
      expect(first(plain(asked, viewer))).toContain('全文没有显示');
      expect(first(plain(asked, viewer))).toContain('/statement ST-2026-0001');
    }
    expect(labels(plain(asked, { person: 'sun' }))).toContain('退回修改');
    expect(labels(plain(cleared(within), { person: 'zhao' }))).not.toContain('登记发布');
    expect(labels(plain(drafted(within), { person: 'li' }))).toContain('送审');
  });
});

describe('what to do next', () => {
  test('a draft: mend it, then ask; the author’s only bright button asks', () => {
    expect(first(card(drafted(within), { person: 'li' }))).toContain('送审');
    expect(labels(card(drafted(within), { person: 'li' }))).toEqual(['送审', '逐行批注', '修改', '撤回']);
  });
  test('whose turn it is reads that it is theirs, the others whom it waits for', () => {
    const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
    expect(first(card(life, { person: 'sun' }))).toContain('轮到你审核');
    expect(labels(card(life, { person: 'sun' }))).toEqual(['审核通过', '退回修改', '逐行批注', '修改', '撤回']);
    expect(first(card(life, { person: 'li' }))).toContain('等待 孙律 审核');
    expect(labels(card(life, { person: 'li' }))).toEqual(['逐行批注', '修改', '撤回']);
    expect(labels(card(life, { room: { platform: 'slack', id: 'C0ROOM' } }))).toContain('审核通过');
    expect(labels(card(life, { channel: 'pr' }))).toEqual([]);
  });
  test('cleared: whoever releases it reads how', () => {
    const life = cleared(within);
    expect(first(card(life, { person: 'zhao' }))).toContain('由你一字不改地发布');
    expect(first(card(life, { person: 'li' }))).toContain('由 赵敏');
    expect(labels(card(life, { person: 'sun' }))).toContain('收回审核通过');
    expect(texts(card(life, { person: 'li' }))).toContain(life.statement.hash.slice(0, 12));
  });
  test('a prepared text that has expired says so, with the way out', () => {
    const life = drafted(within).act('withdraw', { reason: '换', seen: 1 }, { ...within, by: 'li' });
    life.state = {
      ...drafted(within).statement,
      prepared: { id: 'x', title: { zh: '旧', en: 'Old' }, expires: '2026-11-22' },
    };
    expect(first(card(life, { person: 'li' }))).toContain('已过期');
    expect(labels(card(life, { person: 'li' }))).not.toContain('送审');
  });
  test('in English as well', () => {
    const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
    expect(first(card(life, { person: 'sun' }, 'en'))).toContain('It is your turn');
  });
});

test('each comment stands below its line; of a changed line it is marked as of its version', () => {
  const life = drafted(within)
    .act('comment', { line: 2, text: '批次号？', seen: 1 }, { ...within, by: 'sun' })
    .act('comment', { line: 3, text: '来得及吗', seen: 1 }, { ...within, by: 'zhao' })
    .act('edit', { text: TEXT.replace('24', '48'), seen: 1 }, { ...within, by: 'li' });
  const said = card(life, { person: 'li' }).blocks.flatMap((one) =>
    one.kind === 'text' || one.kind === 'note' ? one.text.split('\n') : [],
  );
  expect(said.indexOf('💬 孙律：批次号？')).toBe(said.indexOf('2. 我们已停售该批次产品，') + 1);
  expect(said).toContain('💬 第 1 版第 3 行（已改）赵敏：来得及吗');
});

test('every card, notice and form of a drill is marked, and its release as one', () => {
  const drill = crisis({ number: 'DR-2026-0001', drill: { scenario: 'fire' } });
  const of = { crisis: drill };
  const life = cleared(of);
  const shown = card(life, { person: 'zhao' });
  expect([shown.headline, shown.summary].every((text) => text.startsWith('【演练】'))).toBe(true);
  expect(labels(shown)).toContain('登记演练发布');
  const drawn = { language: 'zh' as const, world: moment().world, at: new Date('2026-11-23T22:00:00+08:00') };
  expect(JSON.stringify(askForm('release', life.statement, { command: 'x' }, drawn).intro)).toContain('演练');
  expect(JSON.stringify(newForm(drill, undefined, { command: 'x' }, drawn).intro)).toContain('演练');
  const out = { where: '官网', at: '2026-11-23T14:00:00.000Z', seen: 1 };
  life.act('release', out, { ...of, by: 'zhao' });
  expect(texts(card(life, { person: 'zhao' }))).toContain('演练发布');
  const told = noticeCard(reading(life), 'released', { by: 'zhao' }, 'li');
  expect(told?.summary).toBe('【演练】ST-2026-0001 已演练发布：官网。');
});

describe('a notice that waited', () => {
  const asked = () => drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
  const data = { version: 1, step: 's1', count: 1, by: 'li' };
  test('is said while it is true', () => {
    expect(noticeCard(reading(asked()), 'chased', data, 'sun')?.summary).toContain('第 1 次提醒');
  });
  test('is not said once the text is another, or it is somebody else’s turn', () => {
    const edited = asked().act('edit', { text: '改', seen: 1 }, { ...within, by: 'li' });
    expect(noticeCard(reading(edited), 'chased', data, 'sun')).toBeUndefined();
    const given = asked().act('clear', { step: 's1', seen: 1 }, { ...within, by: 'sun' });
    expect(noticeCard(reading(given), 'asked', data, 'sun')).toBeUndefined();
    expect(noticeCard(reading(cleared(within)), 'to-release', data, 'li')).toBeUndefined();
  });
});

test('prepared texts are offered where they fit; an expired one is shown with the mend, and cannot be chosen', () => {
  const drawn = { language: 'zh' as const, world: moment().world, at: new Date('2026-11-23T22:00:00+08:00') };
  const form = newForm(FIRE, undefined, { command: 'statements.new' }, drawn);
  const [choice] = form.fields;
  expect(choice?.type === 'choice' && choice.options.map((one) => one.value)).toEqual(['-', 'first-word']);
  expect(JSON.stringify(form.intro)).toContain('「旧回应」2026-11-22 周日 已过期');
  const leak = newForm(crisis({ kind: 'leak' }), undefined, { command: 'statements.new' }, drawn);
  expect(leak.fields.map((one) => one.id)).toEqual(['text']);
});
