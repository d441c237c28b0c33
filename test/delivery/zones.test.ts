/** Whose clock a card speaks by is said where somebody who reads it lives by another one (case 33). */
import { describe, expect, test } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { namesTime, withZone } from '../../src/delivery/zones.ts';
import type { Directory } from '../../src/directory/model.ts';

const NOVEMBER = new Date('2026-11-23T02:00:00Z');
const card = (text: string): Card => ({ headline: '', tone: 'open', summary: '', blocks: [{ kind: 'text', text }] });

/** People by their time zones; the company's is the first. */
function company(zone: string, ...zones: string[]): Directory {
  const people = zones.map((timezone, i) => [`p${i}`, { active: true, hours: { timezone } }]);
  return { company: { timezone: zone }, people: new Map(people as never) } as unknown as Directory;
}
function said(to: Parameters<typeof withZone>[1], directory: Directory, language: 'zh' | 'en' = 'en'): string {
  const last = withZone(card('截止 2026-11-27 10:00'), to, directory, language, NOVEMBER).blocks.at(-1);
  return last?.kind === 'note' ? last.text : '';
}

describe('case 33: by which clock', () => {
  test('to whoever lives elsewhere, in their language', () => {
    const directory = company('Asia/Shanghai', 'Europe/Berlin');
    expect(said({ person: 'p0' }, directory)).toBe(
      'All times above are the company’s (Asia/Shanghai), not yours (Europe/Berlin).',
    );
    expect(said({ person: 'p0' }, directory, 'zh')).toBe(
      '以上时间都是公司时间（Asia/Shanghai），不是你那里的（Europe/Berlin）。',
    );
  });
  test('in a channel and in a room, where anybody does', () => {
    const directory = company('Asia/Shanghai', 'Asia/Shanghai', 'America/New_York');
    for (const to of [{ channel: 'pr' }, { room: { platform: 'slack', id: 'C1' } }])
      expect(said(to, directory)).toBe('All times above are the company’s (Asia/Shanghai).');
  });
  test('not to those who live by the company’s, by whatever name, nor of somebody who has left', () => {
    expect(said({ person: 'p0' }, company('Asia/Shanghai', 'Asia/Singapore'))).toBe('');
    expect(said({ person: 'nobody' }, company('Asia/Shanghai', 'Europe/Berlin'))).toBe('');
    const left = company('Asia/Shanghai', 'Europe/Berlin');
    Object.assign(left.people.get('p0') ?? {}, { active: false });
    expect(said({ channel: 'pr' }, left)).toBe('');
  });
  test('also where the two clocks agree for half of the year only', () => {
    // in the southern summer Sydney and Lord Howe agree, in the northern winter London and Abidjan
    expect(said({ person: 'p0' }, company('Australia/Sydney', 'Australia/Lord_Howe'))).toContain('Lord_Howe');
    expect(said({ person: 'p0' }, company('Europe/London', 'Africa/Abidjan'))).toContain('Abidjan');
  });
  test('a time is two digits, a colon and two digits: no ratio, no number of a request', () => {
    expect([card('截止 10:00'), card('比例 1:2'), card('SP-2026-0001'), card('123:456')].map(namesTime)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
