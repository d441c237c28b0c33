/** Who may do what with a decision, whoever is away; and who is told of it (M4, D4). */
import { describe, expect, test } from 'vitest';
import type { Command, JsonObject } from '../../src/core/message.ts';
import type { Moment } from '../../src/core/module.ts';
import { noticeCard } from '../../src/decisions/cards.ts';
import { decide } from '../../src/decisions/decide.ts';
import { effects } from '../../src/decisions/effects.ts';
import { evolve } from '../../src/decisions/evolve.ts';
import type { DecisionEvent, DecisionTaken } from '../../src/decisions/model.ts';
import type { World } from '../../src/processes/model.ts';
import { directory, type Given } from '../support/company.ts';

interface Case extends Given {
  by?: string;
  at?: string;
}

function moment({ by = 'clock', at = '2026-12-01T10:00:00+08:00', ...given }: Case = {}): Moment<World> {
  const actor =
    by === 'clock' ? { kind: 'clock' as const } : { kind: 'person' as const, id: by, platform: 'slack' as const };
  const world = { directory: directory({ today: at.slice(0, 10), ...given }) } as World;
  return { actor, at: new Date(at), world };
}
const TAKEN = {
  number: 'DM-2026-0001',
  text: '与场地签合同',
  owner: 'wang',
  due: '2026-12-04',
  chair: 'li',
  meeting: 'MT-2026-0001',
  meetingTitle: { zh: '例会', en: 'Weekly' },
  parties: ['wang', 'li'],
};

/** Told as a story: each act by somebody; gives what became of it. */
function told(...acts: [name: string, args: JsonObject, of?: Case][]) {
  let state: DecisionTaken | undefined;
  let last: { events: DecisionEvent[]; code: string | undefined; effects: ReturnType<typeof effects> } | undefined;
  for (const [name, args, of] of [['take', TAKEN] as [string, JsonObject], ...acts]) {
    const here = moment(of);
    const command: Command = { name: `decisions.${name}`, subject: state?.number, args };
    const verdict = decide(state, command, {}, here);
    const events = 'events' in verdict ? verdict.events : [];
    const before = state;
    state = events.reduce<DecisionTaken | undefined>((now, event) => evolve(now, event, here), state);
    const code = 'refusal' in verdict ? verdict.refusal.code : undefined;
    last = {
      events,
      code,
      effects: events.length > 0 ? effects(before, state as DecisionTaken, events, [], here) : [],
    };
  }
  if (!last) throw new Error('nothing was told');
  return { ...last, state: state as DecisionTaken };
}
const heard = (from: ReturnType<typeof told>) =>
  from.effects.flatMap((one) => (one.kind === 'notice' && 'person' in one.to ? [`${one.about} ${one.to.person}`] : []));
const cards = (from: ReturnType<typeof told>) =>
  from.effects.flatMap((one) => (one.kind === 'card' && 'person' in one.to ? [one.to.person] : []));
const away = (person: string, deputy: string) => ({ away: [{ person, deputy }] });

describe('who may', () => {
  test.each([
    ['accept', {}, 'wang', undefined],
    ['accept', {}, 'li', 'only-owner'],
    ['extend', { to: '2026-12-08', reason: '好' }, 'li', undefined],
    ['extend', { to: '2026-12-08', reason: '好' }, 'zhao', undefined],
    ['extend', { to: '2026-12-08', reason: '好' }, 'chen', undefined],
    ['extend', { to: '2026-12-08', reason: '好' }, 'wang', 'only-chair'],
    ['extend', { to: '2026-12-08', reason: '好' }, 'qian', 'only-chair'],
    ['reopen', { reason: '缺页' }, 'li', 'not-done'],
    ['remind', { due: '2026-12-03', when: 'before' }, 'wang', 'unknown-command'],
    ['hand', {}, 'wang', 'unknown-command'],
  ] as [string, JsonObject, string, string | undefined][])('%s %j by %s: %s', (name, args, by, code) => {
    expect(told([name, args, { by }]).code).toBe(code);
  });
  test('the deputy of the owner acts for the owner, that of the chair for the chair', () => {
    expect(told(['accept', {}, { by: 'qian', ...away('wang', 'qian') }]).code).toBeUndefined();
    const later = { to: '2026-12-08', reason: '好' };
    expect(told(['extend', later, { by: 'qian', ...away('li', 'qian') }]).code).toBeUndefined();
  });
  test('what was looked at must be what it is: no act is carried out on another content', () => {
    const later: [string, JsonObject, Case] = ['extend', { to: '2026-12-08', reason: '好' }, { by: 'li' }];
    for (const [name, args] of [
      ['accept', {}],
      ['decline', { reason: '忙' }],
      ['done', { word: '好了' }],
      ['ask-extension', { to: '2026-12-20', reason: '忙' }],
    ] as [string, JsonObject][]) {
      expect(told(later, [name, { ...args, seen: 1 }, { by: 'wang' }]).code).toBe('stale');
      expect(told(later, [name, { ...args, seen: 2 }, { by: 'wang' }]).code).toBeUndefined();
    }
  });
  test('who has accepted cannot decline any more, and is told so', () => {
    expect(told(['accept', {}, { by: 'wang' }], ['decline', { reason: '忙' }, { by: 'wang' }]).code).toBe(
      'accepted-already',
    );
  });
});

describe('who is told', () => {
  test('a chair who is away does not: whoever stands in for them does', () => {
    const declined = told(['decline', { reason: '忙' }, { by: 'wang', ...away('li', 'qian') }]);
    expect(heard(declined)).toEqual(['declined qian']);
    expect(cards(declined)).toContain('qian');
  });
  test('owner and chair may be one person: one card, and no word to oneself', () => {
    const own = told(['assign', { to: 'li' }, { by: 'li' }], ['decline', { reason: '忙' }, { by: 'li' }]);
    expect(cards(own).filter((person) => person === 'li')).toHaveLength(1);
    expect(heard(own)).toEqual([]);
  });
  test('assigned to another: they are asked, the one who had it is relieved', () => {
    const assigned = told(['accept', {}, { by: 'wang' }], ['assign', { to: 'zhao' }, { by: 'li' }]);
    expect(heard(assigned)).toEqual(['relieved wang']);
    expect(cards(assigned)).toEqual(expect.arrayContaining(['zhao', 'wang']));
  });
  test('who has declined is not reminded any more: the chair is', () => {
    const remind: [string, JsonObject, Case] = [
      'remind',
      { due: '', when: 'due' },
      { at: '2026-12-04T09:30:00+08:00' },
    ];
    expect(heard(told(remind))).toEqual(['due-due wang']);
    expect(heard(told(['decline', { reason: '忙' }, { by: 'wang' }], remind))).toEqual(['due-due li']);
  });
  test('away and back: both names are on record, and the one who acts is told', () => {
    const gone = told(['hand', {}, away('wang', 'qian')]);
    expect(gone.events).toEqual([{ type: 'decision-handed', data: { owner: 'wang', from: 'wang', to: 'qian' } }]);
    expect(heard(gone)).toEqual(['handed qian']);
    expect(told(['hand', {}, away('wang', 'qian')], ['hand', {}]).state.acting).toBeUndefined();
    expect(told(['hand', {}]).code).toBe('nothing-to-do');
  });
});

describe('the owner’s own day', () => {
  const hours = { ...directory().company.hours, timezone: 'America/Los_Angeles', calendar: 'US' };
  const abroad = { but: { wang: { hours } } };
  // the fourth of December in Los Angeles is the fifth in Shanghai from eight in the morning on
  const at = '2026-12-05T08:30:00+08:00';
  test('the reminder of the day comes on that day where the owner lives', () => {
    expect(told(['remind', { due: '', when: 'due' }, { at, ...abroad }]).code).toBeUndefined();
    expect(told(['remind', { due: '', when: 'due' }, { at }]).code).toBe('over');
  });
  test('done on one’s own day is not late', () => {
    expect(told(['done', { word: '好了' }, { by: 'wang', at, ...abroad }]).state.done).not.toHaveProperty('late');
    expect(told(['done', { word: '好了' }, { by: 'wang', at }]).state.done?.late).toEqual({ days: 1 });
  });
});

describe('what waited for the morning is said only if it is still true', () => {
  const reading = (decision: DecisionTaken, at: string) => ({
    decision,
    directory: directory(),
    language: 'zh' as const,
    at: new Date(at),
    files: [],
  });
  const later = '2026-12-05T09:00:00+08:00';
  const said = (from: ReturnType<typeof told>, about: string, data: JsonObject, reader: string, at = later) =>
    noticeCard(reading(from.state, at), about, data, reader)?.summary;
  const declined = told(['decline', { reason: '忙' }, { by: 'wang' }]);

  test.each([
    [
      'declined, and assigned to another since',
      () => said(declined, 'declined', {}, 'li'),
      () => said(told(), 'declined', {}, 'li'),
    ],
    [
      'due today, on that day and on the next',
      () => said(told(), 'due-due', { day: '2026-12-04' }, 'wang', '2026-12-04T09:00:00+08:00'),
      () => said(told(), 'due-due', { day: '2026-12-04' }, 'wang'),
    ],
    ['yours, and not any more', () => said(told(), 'taken', {}, 'wang'), () => said(told(), 'taken', {}, 'qian')],
    [
      'done, and taken back since',
      () => said(told(['done', { word: '好了' }, { by: 'wang' }]), 'done', {}, 'li'),
      () =>
        said(
          told(['done', { word: '好了' }, { by: 'wang' }], ['reopen', { reason: '缺页' }, { by: 'li' }]),
          'done',
          {},
          'li',
        ),
    ],
  ])('%s', (_name, is, was) => {
    expect(is()).toContain('DM-2026-0001');
    expect(was()).toBeUndefined();
  });
  test('a letter that comes after the owner has accepted does not ask again', () => {
    const accepted = told(['accept', {}, { by: 'wang' }]);
    expect(said(accepted, 'taken', {}, 'wang')).toBe(
      '由你负责的决议：DM-2026-0001 与场地签合同，2026-12-04 周五 前完成。',
    );
  });
});

describe('nothing said is undone by something else', () => {
  const later = { to: '2026-12-20', reason: '等报价' };
  test('nobody puts off what they have to do themselves, however far above the chair', () => {
    const { code } = told(
      ['accept', {}, { by: 'wang' }],
      ['assign', { to: 'zhao' }, { by: 'li' }],
      ['extend', later, { by: 'zhao' }],
    );
    expect(code).toBe('only-chair');
  });
  test('whoever declined for want of time is asked once more when they are given it', () => {
    const { state } = told(['decline', { reason: '来不及' }, { by: 'wang' }], ['extend', later, { by: 'li' }]);
    expect(state).toMatchObject({ state: 'proposed', due: '2026-12-20' });
    expect(state?.declined).toBeUndefined();
  });
  test('what is done stays done when only its words are put right, and asks for no time any more', () => {
    const { owner, due, parties } = TAKEN;
    const { state } = told(
      ['accept', {}, { by: 'wang' }],
      ['ask-extension', later, { by: 'wang' }],
      ['done', { word: '签好了' }, { by: 'wang' }],
      ['amend', { text: '与场地签约', owner, due, parties }],
    );
    expect(state).toMatchObject({ state: 'done', text: '与场地签约', done: { word: '签好了' } });
    expect(state?.asked).toBeUndefined();
  });
});
