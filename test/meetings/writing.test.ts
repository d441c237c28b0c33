/** The minutes' form: what it holds, what comes back from it, and that it fits where it must stand. */
import { describe, expect, test } from 'vitest';
import { fits } from '../../adapters/feishu/fit.ts';
import { renderForm } from '../../adapters/feishu/render.ts';
import { renderForm as renderWindow } from '../../adapters/slack/form.ts';
import type { Field, Form } from '../../src/core/card.ts';
import type { Platform } from '../../src/core/chat.ts';
import { offerPeople } from '../../src/directory/people.ts';
import type { Draft } from '../../src/meetings/draft.ts';
import { incompleteIn } from '../../src/meetings/minutes.ts';
import { fillingFrom, fitsOn, minutesForm, rowsOn, withEveryone } from '../../src/meetings/minutes-form.ts';
import type { Meeting, MeetingsWorld } from '../../src/meetings/model.ts';
import { argsOf, faultsOf, readWritten } from '../../src/meetings/writing.ts';
import { directory, type Someone, STARS } from '../support/company.ts';

const TODAY = '2026-11-23';
const meeting = {
  number: 'MT-2026-0001',
  title: { zh: '部门例会', en: 'Weekly' },
  start: '2026-11-23T02:00:00.000Z',
  attendees: [
    { person: 'wang', answer: 'yes' },
    { person: 'li', answer: 'no' },
    { person: 'zhao', answer: 'open' },
  ],
} as unknown as Meeting;
const worldOf = (people: readonly Someone[] = STARS): MeetingsWorld =>
  ({ directory: directory({ people }), meetings: [] }) as unknown as MeetingsWorld;
const world = worldOf();
const find = (name: string) =>
  [...world.directory.people.values()].find((one) => [one.id, one.name, one.accounts.slack].includes(name))?.id;
const action = { command: 'meetings.file', subject: 'MT-2026-0001', seen: 0, with: { once: 'x', source: 'form' } };

function formOf(draft: Partial<Draft>, platform: Platform = 'slack', given = world): Form {
  const whole: Draft = { topics: ['场地'], present: [], decisions: [], ...draft };
  const filling = fillingFrom(whole, rowsOn(platform, given.directory), { world: given }, [
    { kind: 'note', text: '请核对。' },
  ]);
  return minutesForm(meeting, filling, action, { world: given, language: 'zh' });
}
const valuesOf = (form: Form) =>
  Object.fromEntries(form.fields.flatMap((field) => (field.value ? [[field.id, field.value]] : [])));
const reading = (known: string[] = []) => ({ find, today: TODAY, known: new Set(known) });
const decision = (text: string, number?: string) => ({
  text,
  owner: 'li',
  due: '2026-12-05',
  line: text,
  ...(number ? { number } : {}),
});

describe('what comes back', () => {
  test('is what stood in it: topics, people, decisions with their numbers, in rows and in lines', () => {
    const decisions = Array.from({ length: 14 }, (_, i) => decision(`第${i + 1}项，3.2万`, `DM-2026-00${i + 10}`));
    const topics = Array.from({ length: 30 }, (_, i) => `${i + 1}年的计划${'，细节'.repeat(20)}`);
    const form = formOf({ topics, decisions, present: [{ name: '赵敏', person: 'zhao' }, { name: '陈总' }] });
    expect(form.fields.map((field) => field.id).filter((id) => /topics|more/.test(id))).toEqual([
      'topics',
      'topics2',
      'topics3',
      'more',
    ]);
    const back = readWritten(valuesOf(form), form.action.with ?? {}, reading(decisions.map((one) => one.number ?? '')));
    expect(back.topics).toEqual(topics);
    expect(back.present).toEqual([{ name: '赵敏', person: 'zhao' }, { name: '陈总' }]);
    expect(back.decisions.map(({ text, owner, due, number }) => ({ text, owner, due, number }))).toEqual(
      decisions.map(({ text, owner, due, number }) => ({ text, owner, due, number })),
    );
    expect(argsOf(back, 'form', 1)).toMatchObject({ seen: 1, source: 'form' });
  });

  test('a row that was emptied takes its decision away; one that is left empty was none', () => {
    const form = formOf({ decisions: [decision('签合同', 'DM-2026-0001'), decision('海报', 'DM-2026-0002')] });
    const { d0: _gone, ...values } = valuesOf(form);
    const back = readWritten(values, form.action.with ?? {}, reading(['DM-2026-0001', 'DM-2026-0002']));
    expect(back.decisions.map((one) => [one.text, one.number, one.field])).toEqual([['海报', 'DM-2026-0002', 'd1']]);
  });

  test('a number that is not of these minutes is only text, and none counts twice', () => {
    const form = formOf({ decisions: [decision('签合同', 'DM-2026-0001')] });
    const more = 'DM-2026-0001 又一次 @李娜 12-05\nDM-2026-0077 别处的 @李娜 12-05';
    const back = readWritten({ ...valuesOf(form), more }, form.action.with ?? {}, reading(['DM-2026-0001']));
    expect(back.decisions.map((one) => [one.number, one.text])).toEqual([
      ['DM-2026-0001', '签合同'],
      [undefined, '又一次'],
      [undefined, 'DM-2026-0077 别处的'],
    ]);
  });

  test('each fault is said at its own field, wherever rows were left empty above it', () => {
    const { action: sent } = formOf({});
    const values = {
      topics: '场地',
      present: '赵敏',
      d1: '海报',
      d2: '签合同',
      o2: 'U02LI',
      w2: '2026-12-05',
      more2: '名单',
    };
    const back = readWritten(values, sent.with ?? {}, reading());
    const faults = faultsOf(back, incompleteIn(back.decisions, world.directory, TODAY), 'zh');
    expect(Object.keys(faults)).toEqual(['o1', 'w1', 'more2']);
    expect(faults.more2).toContain('「名单」：没有责任人');
  });

  test('too many topics, decisions or people are too many, in words', () => {
    const lines = (count: number, one: string) => Array.from({ length: count }, (_, i) => `${one}${i}`).join('\n');
    const { action: sent } = formOf({});
    const values = { topics: lines(41, '议题'), present: lines(201, '客人'), more: lines(41, '决议') };
    const faults = faultsOf(readWritten(values, sent.with ?? {}, reading()), [], 'en');
    expect(faults).toEqual({
      topics: expect.stringContaining('40'),
      present: expect.stringContaining('200'),
      more: expect.stringContaining('40'),
    });
  });

  test('“全员” are those who were called and did not decline', () => {
    expect(
      withEveryone([{ name: '全员' }, { name: '陈总' }, { name: '赵敏', person: 'zhao' }], meeting, world).map(
        (one) => one.name,
      ),
    ).toEqual(['王晓文', '赵敏', '陈总']);
  });
});

describe('where it stands', () => {
  const ten = Array.from({ length: 20 }, (_, i) =>
    decision(`第${i}项${'与场地签合同'.repeat(5)}`, `DM-2026-${1000 + i}`),
  );
  const staff = (count: number, apart: number): Someone[] =>
    Array.from({ length: count }, (_, i) => ({
      id: i === 0 ? 'li' : `p${i}`,
      name: `同事${i}`,
      title: '公关专员',
      accounts:
        i < apart ? { slack: `U${i}AAAA` } : { feishu: `ou_${String(i).padStart(32, '0')}`, slack: `U${i}AAAA` },
    }));

  test.for<[number, number]>([
    [6, 2],
    [12, 3],
    [40, 1],
    [40, 0],
    [100, 10],
    [100, 0],
    [180, 0],
  ])('%i people, %i of them without Feishu: it fits with everybody on it and nothing left out', ([count, apart]) => {
    const given = worldOf(staff(count, apart));
    const plain = formOf({ decisions: ten }, 'feishu', given);
    const reply = offerPeople({ kind: 'form' as const, form: plain, say: '' }, given.directory, 'feishu');
    const faulty = reply.form.fields.map(
      (field): Field => ({ ...field, ...(/^[ow]\d/.test(field.id) ? { fault: '没有责任人：请选一位。' } : {}) }),
    );
    const people = [...given.directory.people.values()].flatMap(({ id, accounts }) =>
      accounts.feishu ? [{ person: id, account: accounts.feishu }] : [],
    );
    const card = renderForm({ ...reply.form, fields: faulty }, people, 'zh');
    expect(fits(card)).toBe(true);
    const drawn = JSON.stringify(card);
    for (const value of Object.values(valuesOf(plain)).filter((one) => one !== 'li'))
      expect(drawn).toContain(JSON.stringify(value).slice(1, -1));
    for (const one of given.directory.people.values())
      expect(drawn).toContain(apart > 0 && count <= 100 ? one.name : (one.accounts.feishu ?? ''));
    const back = readWritten(valuesOf(plain), plain.action.with ?? {}, {
      ...reading(ten.map((one) => one.number ?? '')),
      find: (name) => (name === '同事0' ? 'li' : find(name)),
    });
    expect(back.decisions.map((one) => one.number)).toEqual(ten.map((one) => one.number));
  });

  test('in a window of Slack ten rows, whoever is there to choose from', () => {
    const given = worldOf(staff(100, 100));
    const form = formOf({ decisions: ten }, 'slack', given);
    const view = renderWindow(form, 'zh', undefined, '还有内容要改');
    expect(view.blocks.length).toBeLessThanOrEqual(100);
    expect(view.private_metadata?.length).toBeLessThan(3000);
    expect(form.fields.filter((field) => field.type === 'person')).toHaveLength(10);
  });

  test('where everybody is on Slack its own picker shows who owns it', () => {
    const given = worldOf(staff(5, 5));
    const { form } = offerPeople(
      { kind: 'form' as const, form: formOf({ decisions: [decision('签合同')] }, 'slack', given), say: '' },
      given.directory,
      'slack',
    );
    const window = JSON.stringify(renderWindow(form, 'zh').blocks);
    expect(window).toContain('"initial_user":"U0AAAA"');
  });

  test('more than a card of Feishu could hold is known beforehand', () => {
    const long = fillingFrom(
      { topics: Array.from({ length: 40 }, () => '长'.repeat(120)), present: [], decisions: [] },
      3,
      { world },
      [],
    );
    expect([fitsOn('feishu', long), fitsOn('slack', long), fitsOn('desk', long)]).toEqual([false, true, true]);
  });
});
