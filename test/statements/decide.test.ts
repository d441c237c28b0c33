/** Who may draft, edit, clear, send back and release, whoever wrote what and whoever is away; and what voids a clearance (C5, A8). */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AT, cleared, crisis, drafted, Life, planOf, TEXT } from './office.ts';

const FIRE = crisis();
const within = { crisis: FIRE };
const away = (person: string, deputy: string) => ({ away: [{ person, deputy, from: '2026-11-20', to: '2026-11-30' }] });
const now = new Date(AT).toISOString();
const out = { where: '官方微博', at: now, seen: 1 };

describe('drafting', () => {
  test('anybody of the team drafts; whoever is not of it is told whose it is', () => {
    expect(drafted(within).state).toMatchObject({
      state: 'draft',
      author: 'li',
      crisis: FIRE.number,
      version: 1,
      drill: false,
    });
    expect(drafted({ ...within, by: 'qian' }).code).toBe('not-team');
  });
  test('the hash is the SHA-256 of the very text that is kept, whatever the line ends and the form of the letters were', () => {
    const typed = `  ${TEXT.replaceAll('\n', '\r\n')}\r\n`;
    const { statement } = drafted(within, typed);
    expect(statement.text).toBe(TEXT);
    expect(statement.hash).toBe(createHash('sha256').update(Buffer.from(TEXT, 'utf8')).digest('hex'));
    expect(drafted(within, 'Cafe\u0301').statement.hash).toBe(drafted(within, 'Caf\u00e9').statement.hash);
  });
  test('in a crisis that there is not, nothing is drafted', () => {
    expect(new Life().act('draft', { text: TEXT, crisis: 'CR-2026-0009' }, { by: 'li' }).code).toBe('unknown-crisis');
  });
  test.each([
    ['no text', ' \n ', 'no-text'],
    ['more than fits a card', '字'.repeat(3001), 'too-long'],
    ['more lines than fit a card', Array(121).fill('行').join('\n'), 'too-many-lines'],
    ['as much as fits', '字'.repeat(3000), undefined],
  ])('%s', (_what, text, code) => {
    expect(drafted(within, text).code).toBe(code);
  });
  test.each([
    ['a blank before the tail', `${'字'.repeat(3000)} ${'尾'.repeat(500)}`],
    ['a line break before the tail', `${'字'.repeat(3000)}\n${'尾'.repeat(500)}`],
    ['a blank line where the room ends', `${'字'.repeat(2999)}\n\n${'尾'.repeat(700)}`],
    ['a picture of several characters where the room ends', `${'字'.repeat(2997)}👨‍👩‍👧‍👦${'尾'.repeat(500)}`],
    ['one endless letter behind it', `${'字'.repeat(3000)}${'\u0958\u094D'.repeat(8000)}`],
    ['as much as a chat can carry', '字'.repeat(150_000)],
  ])('too long, with %s: refused, typed or edited, and never cut', (_what, text) => {
    expect(drafted(within, text).code).toBe('too-long');
    const life = drafted(within);
    expect(life.act('edit', { text, seen: 1 }, { ...within, by: 'li' }).code).toBe('too-long');
    expect(life.statement.text).toBe(TEXT);
  });
  test('of a drill it is a drill’s for ever', () => {
    const drill = crisis({ number: 'DR-2026-0001', drill: { scenario: 'fire' } });
    expect(drafted({ crisis: drill }).statement.drill).toBe(true);
  });
  test('outside of any crisis anybody drafts, and the general plan clears', () => {
    const life = drafted({ by: 'qian' });
    life.act('ask', { seen: 1 }, { by: 'qian' });
    expect(life.statement.steps.map((one) => one.called)).toEqual([{ role: 'legal' }, { role: 'director' }]);
  });
  test('without any plan at all legal clears first, then the director', () => {
    const life = drafted({ by: 'qian', book: undefined as never });
    expect(life.act('ask', { seen: 1 }, { by: 'qian' }).statement.steps.map((one) => one.called)).toEqual([
      { role: 'legal' },
      { role: 'director' },
    ]);
  });
  test('who would leave nobody to clear it is told to have a colleague write it', () => {
    const life = drafted({ ...within, by: 'chen' });
    expect([life.code, life.facts]).toEqual(['nobody-clears', { role: 'executive' }]);
  });
});

describe('clearing', () => {
  test('in the order of the plan, one after the other, each over the hash of the text', () => {
    const life = cleared(within);
    const { hash } = life.statement;
    expect(life.statement.clearances.map(({ person, hash, version }) => [person, hash, version])).toEqual([
      ['sun', hash, 1],
      ['zhao', hash, 1],
      ['chen', hash, 1],
    ]);
    expect(life.statement.state).toBe('cleared');
    expect(life.history.map((event) => event.type)).toEqual([
      'statement-drafted',
      'clearance-asked',
      'clearance-given',
      'clearance-given',
      'clearance-given',
      'statement-cleared',
    ]);
  });
  test('nobody clears before their turn, nor who is not asked', () => {
    const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
    expect(life.act('clear', { step: 's2', seen: 1 }, { ...within, by: 'zhao' }).code).toBe('not-your-turn');
    expect(life.facts).toEqual({ who: ['sun'] });
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'qian' }).code).toBe('not-your-turn');
  });
  test('the author never clears: the next one above does, who was the clearer', () => {
    const life = drafted({ ...within, by: 'sun' }).act('ask', { seen: 1 }, { ...within, by: 'sun' });
    expect(life.events[0]?.data).toMatchObject({ asked: ['chen'] });
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'sun' }).code).toBe('own-text');
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'chen' }).code).toBeUndefined();
  });
  test('nor does whoever wrote a later version, even if the author has written over it since', () => {
    const life = drafted(within)
      .act('edit', { text: `${TEXT}！`, seen: 1 }, { ...within, by: 'sun' })
      .act('edit', { text: TEXT, seen: 2 }, { ...within, by: 'li' })
      .act('ask', { seen: 3 }, { ...within, by: 'li' });
    expect(life.act('clear', { step: 's1', seen: 3 }, { ...within, by: 'sun' }).code).toBe('own-text');
    expect(life.act('clear', { step: 's1', seen: 3 }, { ...within, by: 'chen' }).code).toBeUndefined();
  });
  test('the deputy of an absent clearer clears; not the one whom the author named', () => {
    const sunAway = { ...within, ...away('sun', 'qian') };
    const life = drafted(sunAway).act('ask', { seen: 1 }, { ...sunAway, by: 'li' });
    expect(life.events[0]?.data).toMatchObject({ asked: ['qian'] });
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...sunAway, by: 'qian' }).code).toBeUndefined();
    const own = { ...within, ...away('sun', 'li') };
    expect(drafted({ ...own, by: 'sun' }).act('ask', { seen: 1 }, { ...own, by: 'sun' }).events[0]?.data).toMatchObject(
      {
        asked: ['chen'],
      },
    );
  });
  test('a role that nobody holds falls to whoever is above the author', () => {
    const gone = { ...within, but: { sun: { active: false } } };
    const life = drafted(gone).act('ask', { seen: 1 }, { ...gone, by: 'li' });
    expect(life.events[0]?.data).toMatchObject({ asked: ['zhao'] });
  });
  test('pressed twice on one card, it clears one place only', () => {
    const legalAndDirector = { ...within, but: { sun: { roles: ['legal', 'director'] }, zhao: { roles: [] } } };
    const life = drafted(legalAndDirector).act('ask', { seen: 1 }, { ...legalAndDirector, by: 'li' });
    life.act('clear', { step: 's1', seen: 1 }, { ...legalAndDirector, by: 'sun' });
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...legalAndDirector, by: 'sun' }).code).toBe('cleared-by-you');
    expect(life.statement.clearances).toHaveLength(1);
  });
  test('a press on a card of another version is refused, whatever stands there now', () => {
    const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
    life.act('edit', { text: `${TEXT}。`, seen: 1 }, { ...within, by: 'li' });
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'sun' }).code).toBe('stale');
  });
  test('one changed character voids all clearances, and says so to those who gave them', () => {
    const life = cleared(within);
    life.act('edit', { text: TEXT.replace('24', '25'), seen: 1 }, { ...within, by: 'wang' });
    expect(life.statement).toMatchObject({ state: 'draft', version: 2, clearances: [], steps: [] });
    expect(life.told()).toEqual(['edited li', 'voided sun', 'voided zhao', 'voided chen']);
    expect(life.act('release', { ...out, seen: 2 }, { ...within, by: 'zhao' }).code).toBe('not-cleared');
  });
  test('the same text is no new version', () => {
    const life = cleared(within).act('edit', { text: `${TEXT}\r\n \n`, seen: 1 }, { ...within, by: 'li' });
    expect([life.code, life.statement.state]).toEqual(['same-text', 'cleared']);
  });
  test('graded up on its way, it is cleared anew by those whom the new plan names', () => {
    const general = { crisis: crisis({ grade: 'general', plan: planOf('general') }) };
    const life = cleared(general);
    expect(life.statement).toMatchObject({ state: 'cleared', steps: [{}, {}] });
    expect(life.act('release', out, { ...within, by: 'zhao' }).code).toBe('outgrown');
    expect(life.act('hand', {}, within).events).toEqual([{ type: 'statement-handed', data: { to: [] } }]);
    life.act('ask', { seen: 1 }, { ...within, by: 'li' });
    expect(life.statement).toMatchObject({ state: 'clearing', clearances: [], steps: [{}, {}, {}] });
    expect(life.told()).toEqual(['voided sun', 'voided zhao', 'asked sun']);
    expect(cleared(within).act('ask', { seen: 1 }, { ...general, by: 'li' }).code).toBe('asked-already');
  });
  test('sent back with a reason, it is a draft again; whoever had cleared hears of it', () => {
    const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
    life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'sun' });
    life.act('return', { reason: '数字未核实', seen: 1 }, { ...within, by: 'zhao' });
    expect(life.statement).toMatchObject({ state: 'draft', returned: { by: 'zhao', reason: '数字未核实' } });
    expect(life.told()).toEqual(['returned li', 'voided sun']);
  });
  test('whoever has cleared may take it back until it is out', () => {
    const life = cleared(within).act('return', { reason: '有新情况', seen: 1 }, { ...within, by: 'sun' });
    expect(life.statement.state).toBe('draft');
    expect(cleared(within).act('return', { reason: '不行', seen: 1 }, { ...within, by: 'qian' }).code).toBe(
      'all-cleared',
    );
  });
});

describe('prepared texts', () => {
  const prepared = (id: string, of = {}) =>
    new Life().act('draft', { crisis: FIRE.number, prepared: id }, { by: 'li', ...within, ...of });
  test('one that is unchanged needs the first clearer only', () => {
    const life = cleared(within, prepared('first-word'));
    expect(life.statement).toMatchObject({
      state: 'cleared',
      text: '我们已关注到相关情况，正在核实，\n将第一时间公布进展。',
      prepared: { id: 'first-word', expires: '2026-12-31' },
    });
    expect(life.statement.clearances.map((one) => one.person)).toEqual(['sun']);
  });
  test('with one character changed it is a text like any other', () => {
    const life = prepared('first-word');
    life.act('edit', { text: `${life.statement.text}！`, seen: 1 }, { ...within, by: 'li' });
    expect(life.statement.prepared).toBeUndefined();
    expect(life.act('ask', { seen: 2 }, { ...within, by: 'li' }).statement.steps).toHaveLength(3);
  });
  test('an expired one is refused; so is one of another kind', () => {
    expect(prepared('old-word').code).toBe('prepared-expired');
    expect(prepared('first-word', { crisis: crisis({ kind: 'leak' }) }).code).toBe('no-such-prepared');
  });
  test('one that expires on its way is not cleared, asked for or released any more', () => {
    const late = { ...within, today: '2027-01-01' };
    const life = prepared('first-word');
    expect(life.act('ask', { seen: 1 }, { ...late, by: 'li' }).code).toBe('prepared-expired');
    life.act('ask', { seen: 1 }, { ...within, by: 'li' });
    expect(life.act('clear', { step: 's1', seen: 1 }, { ...late, by: 'sun' }).code).toBe('prepared-expired');
    life.act('clear', { step: 's1', seen: 1 }, { ...within, by: 'sun' });
    expect(life.act('release', out, { ...late, by: 'zhao' }).code).toBe('prepared-expired');
  });
});

describe('releasing', () => {
  const seats = (all: Record<string, string>) => ({
    crisis: crisis({
      seats: Object.fromEntries(Object.entries(all).map(([seat, person]) => [seat, { person, at: AT }])),
    }),
  });
  test.each([
    ['the spokesperson', seats({ spokesperson: 'wang', lead: 'li' }), 'wang', ['li', 'zhao']],
    ['without one the lead', seats({ lead: 'li' }), 'li', ['zhao', 'wang']],
    ['without any seat the director', within, 'zhao', ['li', 'sun']],
    [
      'for an absent spokesperson their deputy',
      { ...seats({ spokesperson: 'wang' }), ...away('wang', 'li') },
      'li',
      ['zhao'],
    ],
  ])('%s', (_who, of, may, others) => {
    for (const by of others) expect(cleared(within).act('release', out, { ...of, by }).code).toBe('only-releaser');
    expect(cleared(within).act('release', out, { ...of, by: may }).code).toBeUndefined();
  });
  test('what is released is what was cleared; from then on it is only read', () => {
    const life = cleared(within).act('release', { ...out, link: 'https://weibo.com/1' }, { ...within, by: 'zhao' });
    const { hash } = life.statement;
    expect(life.events).toEqual([
      {
        type: 'statement-released',
        data: {
          crisis: FIRE.number,
          person: 'zhao',
          version: 1,
          hash,
          where: '官方微博',
          releasedAt: now,
          link: 'https://weibo.com/1',
          drill: false,
        },
      },
    ]);
    for (const [name, args] of [
      ['edit', { text: '改', seen: 1 }],
      ['comment', { line: 1, text: '改', seen: 1 }],
      ['ask', { seen: 1 }],
      ['return', { reason: '改', seen: 1 }],
      ['release', out],
      ['withdraw', { reason: '改', seen: 1 }],
    ] as const)
      expect(life.act(name, args, { ...within, by: 'zhao' }).code, name).toBe('read-only');
  });
  test('nothing is released before it is wholly cleared', () => {
    const life = drafted(within);
    expect(life.act('release', out, { ...within, by: 'zhao' }).code).toBe('not-cleared');
    life.act('ask', { seen: 1 }, { ...within, by: 'li' });
    expect(life.act('release', out, { ...within, by: 'zhao' }).code).toBe('not-cleared');
  });
  test('its time is neither ahead nor before the last clearance; the minute of the clearance is good', () => {
    const late = { ...within, at: '2026-11-23T22:10:40+08:00' };
    const life = cleared(late);
    const try_ = (at: string) =>
      life.act('release', { ...out, at: new Date(at).toISOString() }, { ...late, by: 'zhao' }).code;
    expect(try_('2026-11-23T22:11:00+08:00')).toBe('in-future');
    expect(try_('2026-11-23T22:09:59+08:00')).toBe('before-cleared');
    expect(try_('2026-11-23T22:10:00+08:00')).toBeUndefined();
  });
  test('a link of another kind than a page’s is unreadable', () => {
    expect(
      cleared(within).act('release', { ...out, link: 'javascript:alert(1)' }, { ...within, by: 'zhao' }).code,
    ).toBe('unreadable');
  });
});

describe('corrections', () => {
  const released = () => cleared(within).act('release', out, { ...within, by: 'zhao' }).statement;
  const correct = (replaced = released()) =>
    new Life().act(
      'draft',
      { text: '更正', crisis: FIRE.number, replaces: replaced.number },
      { by: 'li', ...within, replaced },
    );
  test('a correction is a statement of its own, cleared anew', () => {
    expect(correct().statement).toMatchObject({ replaces: 'ST-2026-0001', state: 'draft', version: 1 });
    expect(correct(drafted(within).statement).code).toBe('not-released');
  });
  test('what is corrected already is corrected there; the second correction is not released either', () => {
    const first = { ...released(), replacedBy: 'ST-2026-0002' };
    expect(correct(first).code).toBe('replaced-already');
    const second = cleared(within, correct());
    expect(second.act('release', out, { ...within, by: 'zhao', replaced: first }).code).toBe('replaced-already');
  });
  test('the released one knows by which it was put right; nobody says so by hand', () => {
    const life = cleared(within).act('release', out, { ...within, by: 'zhao' });
    expect(life.act('supersede', { by: 'ST-2026-0002' }, { ...within, by: 'zhao' }).code).toBe('unknown-command');
    expect(life.act('supersede', { by: 'ST-2026-0002' }, within).statement.replacedBy).toBe('ST-2026-0002');
  });
});

describe('comments', () => {
  const commented = () =>
    drafted(within)
      .act('comment', { line: 2, text: '批次号？', seen: 1 }, { ...within, by: 'sun' })
      .act('comment', { line: 3, text: '来得及吗', seen: 1 }, { ...within, by: 'zhao' });
  test('they stay with their line wherever the next version has it', () => {
    const life = commented().act(
      'edit',
      { text: `公告\n${TEXT.replace('24', '48')}`, seen: 1 },
      { ...within, by: 'li' },
    );
    expect(life.statement.comments.map(({ text, version, line, now }) => [text, version, line, now])).toEqual([
      ['批次号？', 1, 2, 3],
      ['来得及吗', 1, 3, undefined],
    ]);
  });
  test('the author hears of each; they void nothing', () => {
    const life = cleared(within).act('comment', { line: 1, text: '称呼', seen: 1 }, { ...within, by: 'wang' });
    expect(life.told()).toEqual(['commented li']);
    expect(life.statement.state).toBe('cleared');
  });
  test.each([0, 4, 99])('there is no line %i', (line) => {
    const { code } = drafted(within).act('comment', { line, text: '？', seen: 1 }, { ...within, by: 'sun' });
    expect(code).toBe(line === 0 ? 'unreadable' : 'no-such-line');
  });
  test('whoever it does not concern says nothing to it', () => {
    expect(drafted(within).act('comment', { line: 1, text: '？', seen: 1 }, { ...within, by: 'qian' }).code).toBe(
      'not-yours',
    );
  });
  test('they end somewhere', () => {
    const life = drafted(within);
    for (let i = 0; i < 100; i++)
      life.act('comment', { line: 1, text: `第 ${i} 条`, seen: 1 }, { ...within, by: 'sun' });
    expect(life.code).toBeUndefined();
    expect(life.act('comment', { line: 1, text: '再一条', seen: 1 }, { ...within, by: 'sun' }).code).toBe(
      'too-many-comments',
    );
  });
});

test('withdrawn with a reason, nothing more happens to it, and those who were asked need not look', () => {
  const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
  life.act('withdraw', { reason: '改口头说明', seen: 1 }, { ...within, by: 'wang' });
  expect(life.told()).toEqual(['withdrawn li', 'withdrawn sun']);
  expect(life.act('ask', { seen: 1 }, { ...within, by: 'li' }).code).toBe('withdrawn-already');
});

test('whoever joins the clearers or releasers by an absence is handed it', () => {
  const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
  expect(life.act('hand', {}, within).code).toBe('nothing-to-do');
  expect(life.act('hand', {}, { ...within, ...away('sun', 'qian') }).cards()).toContain('qian');
});

test('whoever comes to stand in for a clearer and has had to do with it before finds it on their card', () => {
  const life = drafted(within).act('ask', { seen: 1 }, { ...within, by: 'li' });
  life.act('clear', { step: life.statement.steps[0]?.id ?? '', seen: life.seen }, { ...within, by: 'sun' });
  expect(life.act('hand', {}, { ...within, ...away('zhao', 'sun') }).code).toBeUndefined();
});

test('cleared, and another of those concerned becomes the one who releases it: its cards are drawn anew', () => {
  expect(cleared(within).act('hand', {}, within).code).toBeUndefined();
});

test('what only time or another noun says is nobody’s to say', () => {
  for (const name of ['remind', 'hand', 'supersede', 'constructor', '__proto__'])
    expect(drafted(within).act(name, { step: 's1', version: 1, count: 1, by: 'x' }, { ...within, by: 'li' }).code).toBe(
      'unknown-command',
    );
});
