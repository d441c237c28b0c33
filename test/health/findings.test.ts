/** From what was noticed to what an administrator reads: each fault once, with its mend, and nothing that is none. */
import { expect, test } from 'vitest';
import type { Check } from '../../src/core/chat.ts';
import type { Directory } from '../../src/directory/model.ts';
import { healthCard, healthData } from '../../src/health/cards.ts';
import type { Facts } from '../../src/health/facts.ts';
import { findingsOf } from '../../src/health/findings.ts';
import { directory as company } from '../support/company.ts';

const at = new Date('2026-11-23T12:00:00+08:00');
const ago = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
const directory: Directory = company();

type Kept = NonNullable<Facts['kept']>;
const kept: Kept = {
  owed: [],
  dead: [],
  timers: [],
  backlogs: [],
  calls: { ringing: 0, oldest: null },
  seal: { last: ago(600), unsealedSince: ago(500) },
  now: at,
  aheadMs: 20,
  refusing: [],
  heard: ['slack', 'feishu'],
  used: 20,
  most: 100,
};
const well: Facts = {
  at,
  noticed: {
    since: ago(120),
    heard: new Map(),
    delivered: new Map([
      ['slack', 12],
      ['feishu', 3],
    ]),
    refused: new Map(),
    strangers: [],
  },
  kept,
  waiting: 0,
  handbook: undefined,
  silentLines: [],
  running: ['slack', 'feishu'],
  directory,
};
const faults = (facts: Facts, language: 'zh' | 'en' = 'zh'): Check[] =>
  findingsOf(facts, language).filter(({ kind }) => kind !== 'well');
const withKept = (change: Partial<Kept>): Facts => ({ ...well, kept: { ...kept, ...change } });

test('nothing is wrong: nothing is said to be', () => {
  expect(faults(well)).toEqual([]);
  const busy = withKept({
    owed: [{ platform: 'slack', lane: 3, waiting: 400, oldest: ago(0.5) }],
    refusing: [{ platform: 'slack', code: 'own-rate-limit', count: 400 }],
    timers: [{ urgent: false, overdue: 40, oldest: ago(0.2) }],
  });
  expect(faults(busy), 'a busy hour is no fault').toEqual([]);
  expect(
    faults(withKept({ owed: [{ platform: 'slack', lane: 1, waiting: 2, oldest: ago(-300) }] })),
    'quiet hours',
  ).toEqual([]);
});

test.for<[string, Facts, RegExp, RegExp]>([
  [
    'messages that do not go out',
    withKept({ owed: [{ platform: 'feishu', lane: 1, waiting: 7, oldest: ago(30) }] }),
    /Feishu: 7 messages .* 30 min/,
    /follow by themselves/,
  ],
  [
    'the quota',
    withKept({ refusing: [{ platform: 'feishu', code: '99991403', count: 9 }] }),
    /99991403/,
    /quota .* the 1st/,
  ],
  [
    'a scope, named in the code',
    withKept({ refusing: [{ platform: 'feishu', code: '99991672:im:message', count: 1 }] }),
    /im:message/,
    /Grant|grant/,
  ],
  [
    'urgent messages are used up',
    withKept({ dead: [{ platform: 'feishu', given: 2, newest: ago(9), code: '230024' }] }),
    /2 messages .*230024/,
    /quota of urgent/,
  ],
  [
    'a cause that nobody knows',
    withKept({ dead: [{ platform: 'slack', given: 1, newest: ago(9), code: 'weird' }] }),
    /weird/,
    /posted anew/,
  ],
  [
    'timers',
    withKept({ timers: [{ urgent: true, overdue: 3, oldest: ago(5) }] }),
    /3 reminders or escalations are overdue, the oldest by 5 min/,
    /log/,
  ],
  ['the queue', withKept({ backlogs: [{ queue: 'deliver-slack', waiting: 900, oldest: ago(4) }] }), /piles up/, /load/],
  [
    'the seal',
    withKept({ seal: { last: undefined, unsealedSince: ago(27 * 60) } }),
    /not been sealed for 27 h/,
    /\/pr seal/,
  ],
  ['the database’s clock', withKept({ aheadMs: -90_000 }), /90 s away/, /NTP/],
  ['too many connections', withKept({ used: 90 }), /90 of 100/, /max_connections/],
  [
    'nobody heard',
    withKept({ heard: ['feishu'] }),
    /Slack: running for 2 h, 12 messages went out, and nothing came in/,
    /Interactivity/,
  ],
  ['the pool', { ...well, waiting: 4 }, /4 wait/, /DATABASE_POOL/],
  ['no database', { ...well, kept: undefined }, /did not answer/, /disk/],
  [
    'the handbook',
    { ...well, handbook: { at, faults: 'spend.yaml:16 directr' } },
    /2026-11-23 12:00/,
    /SIGHUP.*directr/s,
  ],
  [
    'strangers',
    { ...well, noticed: { ...well.noticed, strangers: [{ platform: 'slack', account: 'U09NEW' }] } },
    /slack: U09NEW/,
    /company\.yaml/,
  ],
  [
    'replays',
    { ...well, noticed: { ...well.noticed, refused: new Map([['slack', { count: 7, why: 'too-old', at }]]) } },
    /7 requests .* time/,
    /NTP/,
  ],
  [
    'forgeries',
    {
      ...well,
      noticed: { ...well.noticed, refused: new Map([['feishu', { count: 900, why: 'wrong-signature', at }]]) },
    },
    /900 requests with wrong/,
    /forges/,
  ],
  ['the ladder', { ...well, silentLines: ['sms', 'phone'] }, /SMS, phone/i, /section 10/],
  ['somebody without an account', { ...well, running: ['feishu'] }, /王晓文|陈卫东/, /active: false/],
])('%s', ([, facts, what, mend]) => {
  const found = faults(facts, 'en');
  const said = found.filter((one) => what.test(one.what));
  expect(said, JSON.stringify(found)).toHaveLength(1);
  expect(said[0]).toMatchObject({ mend: expect.stringMatching(mend) });
  expect(faults(facts, 'zh'), 'the same in both languages').toHaveLength(found.length);
});

test('a stranger who stands in the handbook by now is none', () => {
  const account = directory.company.people.find((person) => person.accounts.slack)?.accounts.slack ?? '';
  expect(faults({ ...well, noticed: { ...well.noticed, strangers: [{ platform: 'slack', account }] } })).toEqual([]);
});

test('the card lists the worst first, no more than can be done, and counts only what must be mended', () => {
  const many: Check[] = Array.from({ length: 30 }, (_, i) => ({ kind: 'limits', what: `坏 ${i}`, mend: `改 ${i}` }));
  const checks: Check[] = [
    { kind: 'well', what: '好' },
    { kind: 'note', what: '知道就行', mend: '随便' },
    ...many,
    { kind: 'stops', what: '全停', mend: '快改' },
  ];
  const card = healthCard(healthData(checks, '2026-11-23 10:00', true), 'zh');
  expect(card).toMatchObject({ headline: '体检：31 处要处理', tone: 'bad', summary: '全停' });
  const texts = card.blocks.flatMap((block) => ('text' in block ? [block.text] : []));
  expect(texts[0]).toBe('✗ 全停');
  expect(texts.filter((text) => text.startsWith('✗'))).toHaveLength(15);
  expect(texts).toContain('另有 17 条没有列出；先处理上面的，再输入 /pr health。');
  expect(healthCard(healthData([{ kind: 'note', what: 'x', mend: 'y' }], '', true), 'en').headline).toContain(
    'it works',
  );
});
