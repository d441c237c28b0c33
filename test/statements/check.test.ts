/** Is what was published what was cleared? And when it went out, as people write it (C5). */
import { describe, expect, test } from 'vitest';
import { type Found, findIn, firstDifference, holdsUnseen } from '../../src/statements/check.ts';
import { foundCard } from '../../src/statements/found-cards.ts';
import { exactText, hashOf, type Statement } from '../../src/statements/model.ts';
import { readReleaseTime } from '../../src/statements/release-time.ts';
import { AT, cleared, crisis, moment, TEXT } from './office.ts';

const within = { crisis: crisis() };
const released: Statement = {
  ...cleared(within).statement,
  state: 'released',
  released: { where: '官网', at: AT, notedAt: AT, by: 'zhao' },
};
const find = (text: string, known: Statement[] = [released]) => {
  const checked = exactText(text);
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
  const english = (text: string) => ({ ...released, text, hash: hashOf(text) });
  const RECALL =
    'We have stopped the sale of all affected lamps and will refund every customer in full within 24 hours. We apologise to everybody who was alarmed, and will report on the cause as soon as it is known. The regulator has been informed, and an independent laboratory is examining the batteries that were returned to us. Customers can reach us at any time through the shops and on our site. We will not sell this product again until the cause has been found and removed.';
  const CAMPAIGN =
    'Our spring campaign begins on Monday. The whole team is invited to the studio, where we will present the new pictures and answer the questions that the shops have sent in over the past few weeks. There will be coffee in the entrance hall from nine. Please bring the samples that you were given in the autumn, and tell us beforehand whether you need a place to park, since the courtyard is being repaired until the end of the month.';
  test('two texts in English that have nothing to do with each other are not like each other', () => {
    expect(find(CAMPAIGN, [english(RECALL)]).kind).toBe('none');
    expect(find(RECALL, [english(CAMPAIGN)]).kind).toBe('none');
  });
  test('one word changed in English differs, and where', () => {
    const found = find(RECALL.replace('24', '48'), [english(RECALL)]);
    expect(found).toMatchObject({ kind: 'differs', difference: { kept: { at: '2' }, given: { at: '4' } } });
    expect(find(RECALL.toLowerCase(), [english(RECALL)]).kind).toBe('differs');
  });
  test('another statement of ours in Chinese is not like this one', () => {
    const other = '星河公司注意到网络上的讨论。相关视频拍摄于去年，与本次活动无关，我们保留追究责任的权利。';
    expect(find(other).kind).toBe('none');
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

describe.each(['zh', 'en'] as const)('what a check says in %s', (language) => {
  const shown = { world: moment().world, language };
  const says = (found: Found, checked: { linked?: boolean; unseen?: boolean }) =>
    foundCard(found, { hash: hashOf('x'), linked: false, unseen: false, ...checked }, shown);
  const changed = () => find(TEXT.replace('24', '25'));
  test('of a text that was pasted, where it differs; of one behind a link, that it does', () => {
    const [pasted, linked] = [says(changed(), {}), says(changed(), { linked: true })];
    expect(JSON.stringify(pasted)).toContain('【5】 小时');
    expect(JSON.stringify(pasted)).toContain(hashOf('x').slice(0, 12));
    expect(JSON.stringify(linked)).toContain('ST-2026-0001');
    expect(linked.blocks.filter((one) => one.kind === 'quote')).toEqual([]);
    expect(JSON.stringify(linked)).not.toMatch(/【|小时/);
    expect(JSON.stringify(linked)).not.toContain(hashOf('x').slice(0, 12));
  });
  test.each([
    ['released', TEXT],
    ['contains', `公告\n${TEXT}`],
  ])('%s: never the same while it holds something unseen', (kind, text) => {
    const found = find(text);
    expect(found.kind).toBe(kind);
    const [clean, unseen] = [says(found, {}), says(found, { unseen: true })];
    expect(unseen.tone).toBe('bad');
    expect(unseen.summary).not.toBe(clean.summary);
    expect(unseen.summary).toMatch(/不能算一致|Not to be taken as the same/);
    expect(JSON.stringify(clean)).not.toMatch(/看不见|cannot be seen/);
    expect(JSON.stringify(unseen)).toMatch(/看不见|cannot be seen/);
  });
});

describe('what was taken out of a text before it was compared', () => {
  test.each([
    ['a turn of the direction', TEXT.replace('24 小时', '\u202E24 小时\u202C')],
    ['a character without width', TEXT.replace('全额', '全\u200B额')],
    ['tags', TEXT.replace('全额', '全\u{E0061}\u{E0062}额')],
    ['marks without a letter at the beginning of a line', TEXT.replace('我们', '\u0336我们')],
    ['a storm of marks', TEXT.replace('全', `全${'\u0336'.repeat(9)}`)],
    ['a control character', TEXT.replace('全额', '全\u0008额')],
    ['a letter that is blank', TEXT.replace('全额', '全\u3164额')],
  ])('%s is something that nobody sees', (_what, text) => {
    expect(holdsUnseen(text)).toBe(true);
  });
  test.each([
    ['nothing', TEXT],
    ['the line ends of Windows', TEXT.replaceAll('\n', '\r\n')],
    ['white space of all kinds', `\n\t ${TEXT.replaceAll('\n', ' \u00A0\u3000\n\n\n\u2028')} \v\f\n`],
    ['another form of the same letter', 'Cafe\u0301'],
    ['a family and a flag', '👨‍👩‍👧‍👦 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} 1️⃣'],
  ])('%s is no such thing', (_what, text) => {
    expect(holdsUnseen(text)).toBe(false);
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
