/** What whoever asks for help, or mistypes, reads: what to do when something has happened stands first. */
import { describe, expect, test } from 'vitest';
import { readLine } from '../../src/core/line.ts';
import type { CrisisBook } from '../../src/crisis/book.ts';
import { helpCard, unknownText } from '../../src/requests/help.ts';
import { openOffice } from './office.ts';

const world = openOffice().world();
const book = { indicators: [{ id: 'complaints' }] } as unknown as CrisisBook;
const asked = { world: { ...world, crisis: book }, language: 'zh' as const };
const linesOf = (given: Parameters<typeof helpCard>[0]) =>
  helpCard(given).blocks.flatMap((block) => ('text' in block ? block.text.split('\n') : []));

describe('help', () => {
  test('begins with the alarm, and names all that belongs to a crisis', () => {
    const lines = linesOf(asked);
    expect(lines[0]).toBe('出事了：/crisis 发生了什么');
    for (const command of ['/fact', '/signal', '/statement', '/spend', '/pr list'])
      expect(lines.filter((line) => line.startsWith(command))).toHaveLength(1);
    expect(linesOf({ ...asked, language: 'en' })[0]).toBe('Something has happened: /crisis WHAT HAPPENED');
  });
  test('names no alarm where the handbook has no crisis book, and no signal without indicators', () => {
    expect(linesOf({ world, language: 'zh' }).join('\n')).not.toMatch(/\/(crisis|fact|signal) /);
    const bare = { ...asked, world: { ...world, crisis: { ...book, indicators: [] } } };
    expect(linesOf(bare).join('\n')).not.toContain('/signal');
  });
});

describe('an unknown command', () => {
  const said = (text: string, given: Parameters<typeof unknownText>[1] = asked) => {
    const line = readLine(text);
    if (!line) throw new Error(`no line: ${text}`);
    return unknownText(line, given);
  };
  test.for<[string, string]>([
    ['/crisi 着火', '/crisis 着火'],
    ['/crsiis 着火', '/crisis 着火'],
    ['/crises', '/crisis'],
    ['/cri 着火', '/crisis 着火'],
    ['/危急 着火', '/危机 着火'],
    ['/fcat 10:05 三起', '/fact 10:05 三起'],
    ['/statment 我们已知悉', '/statement 我们已知悉'],
    ['/spnd 3万 展台', '/spend 3万 展台'],
  ])('%s', ([text, meant]) => {
    expect(said(text)).toContain(`你要的也许是：${meant}\n`);
  });
  test('what is near nothing, or is not there, is only unknown', () => {
    for (const text of ['/expense 3万', '/x', '/报销']) expect(said(text)).toMatch(/^不认识「.+」。输入 \/pr help/);
    expect(said('/crisi 着火', { world, language: 'zh' })).not.toContain('/crisis');
  });
});
