/** Is what was published what was cleared? And when it went out, as people write it (C5). */
import { describe, expect, test } from 'vitest';
import { findIn, firstDifference } from '../../src/statements/check.ts';
import { checkedText, hashOf, type Statement } from '../../src/statements/model.ts';
import { readReleaseTime } from '../../src/statements/release-time.ts';
import { cleared, crisis, TEXT } from './office.ts';

const within = { crisis: crisis() };
const released: Statement = {
  ...cleared(within).statement,
  state: 'released',
  released: { where: '官网', at: '', notedAt: '', by: 'zhao' },
};
const find = (text: string, known: Statement[] = [released]) => {
  const checked = checkedText(text);
  const exacts = known
    .filter((one) => one.hash === hashOf(checked))
    .map((statement) => ({ version: statement.version, statement }));
  return findIn(checked, exacts, known);
};

describe('a text is checked', () => {
  test.each([
    ['to the character', TEXT],
    ['with the line ends of Windows', TEXT.replaceAll('\n', '\r\n')],
    ['with white space at both ends', `\n\n  ${TEXT} \t\n`],
    ['with white space at the ends of its lines', TEXT.replaceAll('\n', '  \n')],
  ])('the same %s', (_how, text) => {
    expect(find(text).kind).toBe('released');
  });
  test.each([
    ['a digit', TEXT.replace('24', '25'), 3, '24', '25'],
    ['a full stop', TEXT.replace('。', '.'), 3, '。', '.'],
    ['a word left out', TEXT.replace('全额', ''), 3, '全', '退'],
    ['a line less at its end', TEXT.split('\n').slice(0, 2).join('\n'), 2, '\n', ''],
  ])('%s differs, and where', (_what, text, line, kept, given) => {
    const found = find(text);
    if (found.kind !== 'differs') throw new Error(found.kind);
    expect(found.difference.line).toBe(line);
    expect(kept.endsWith(found.difference.kept.at)).toBe(true);
    expect(given.endsWith(found.difference.given.at)).toBe(true);
    expect(found.difference.kept.at).not.toBe(found.difference.given.at);
  });
  test('within a page it is whole, and what stands around it is not ours', () => {
    expect(find(`星河公司公告\n${TEXT}\n返回首页`).kind).toBe('contains');
    expect(find(`${TEXT}\n敬请谅解。`).kind).toBe('contains');
  });
  test('a text of something else is like none', () => {
    expect(find('本周六部门团建，请准时到西门集合，带好雨具。').kind).toBe('none');
    expect(find(TEXT, []).kind).toBe('none');
  });
  test('a few words that stand in any text are no statement within it', () => {
    const short = { ...released, text: '我们', hash: hashOf('我们') };
    expect(find('我们明天放假，请大家互相转告一下。', [short]).kind).toBe('none');
  });
  test('what may be used is found before what may not', () => {
    const draft: Statement = { ...released, number: 'ST-2026-0002', state: 'draft' };
    const exacts = [draft, released].map((statement) => ({ version: 1, statement }));
    expect(findIn(TEXT, exacts, [])).toMatchObject({
      kind: 'released',
      exact: { statement: { number: 'ST-2026-0001' } },
    });
    expect(findIn(TEXT, [{ version: 1, statement: { ...released, version: 2 } }], []).kind).toBe('older');
    expect(findIn(TEXT, [{ version: 1, statement: { ...released, replacedBy: 'ST-2026-0002' } }], []).kind).toBe(
      'replaced',
    );
    expect(findIn(TEXT, [{ version: 1, statement: { ...released, state: 'withdrawn' } }], []).kind).toBe('withdrawn');
  });
  test('pictures of several code points are not cut in half', () => {
    expect(firstDifference('退款😀', '退款😁')).toMatchObject({ kept: { at: '😀' }, given: { at: '😁' } });
  });
  test('a hundred long texts are compared at once', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({
      ...released,
      text: `${i}${'我们已停售该批次产品'.repeat(290)}`,
    }));
    const began = performance.now();
    expect(find('我们已停售该批次产品'.repeat(291), many).kind).toBe('differs');
    expect(performance.now() - began).toBeLessThan(1500);
  });
});

describe('when it went out', () => {
  const now = new Date('2026-11-23T22:30:20+08:00');
  test.each([
    ['22:15', '2026-11-23T22:15:00+08:00'],
    ['22：15', '2026-11-23T22:15:00+08:00'],
    ['22点15分', '2026-11-23T22:15:00+08:00'],
    ['2026-11-23 22:15', '2026-11-23T22:15:00+08:00'],
    ['2026年11月22日 9:05', '2026-11-22T09:05:00+08:00'],
    ['22:40', '2026-11-23T22:40:00+08:00'],
    ['', '2026-11-23T22:30:20+08:00'],
    ['25:10', undefined],
    ['2026-02-31 10:00', undefined],
    ['刚才', undefined],
  ])('%s', (typed, read) => {
    expect(readReleaseTime(typed, now, 'Asia/Shanghai')?.toISOString()).toBe(read && new Date(read).toISOString());
  });
  test('just after midnight an evening hour is yesterday’s', () => {
    const night = new Date('2026-11-24T00:10:00+08:00');
    expect(readReleaseTime('23:55', night, 'Asia/Shanghai')?.toISOString()).toBe('2026-11-23T15:55:00.000Z');
  });
});
