/** The meetings that the rule book lays down: read whole, or every fault said with its line and its mend. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readHandbook } from '../../src/handbook/read.ts';
import { scheduleOf, slotsBetween } from '../../src/meetings/schedule.ts';
import { describeFaults } from '../../src/words/handbook.ts';

const EXAMPLE = fileURLToPath(new URL('../../handbook', import.meta.url));
const NOW = new Date('2026-11-22T02:00:00Z');
const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

/** The example handbook with these meetings instead of its own. `company` changes company.yaml. */
async function read(meetings: string | undefined, company: [from: string, to: string][] = [], file = 'meetings.yaml') {
  const folder = await mkdtemp(join(tmpdir(), 'handbook-'));
  made.push(folder);
  await cp(EXAMPLE, folder, { recursive: true });
  await rm(join(folder, 'meetings.yaml'));
  await rm(join(folder, 'crisis.yaml'));
  if (meetings !== undefined) await writeFile(join(folder, file), meetings);
  const path = join(folder, 'company.yaml');
  let text = await readFile(path, 'utf8');
  for (const [from, to] of company) {
    if (!text.includes(from)) throw new Error(`company.yaml does not say: ${from}`);
    text = text.replace(from, to);
  }
  await writeFile(path, text);
  return readHandbook(folder, NOW);
}
const meeting = (lines: Record<string, string> = {}) => {
  const all = {
    id: 'weekly',
    title: '{zh: 例会, en: Weekly}',
    every: '每周一 10:00',
    who: 'everyone',
    chair: '{person: zhao}',
    minutes: '{by: {person: wang}}',
    ...lines,
  };
  const rows = Object.entries(all).filter(([, value]) => value !== '');
  return rows.map(([key, value], i) => `${i === 0 ? '  - ' : '    '}${key}: ${value}`).join('\n');
};
const file = (...meetings: string[]) => `meetings:\n${meetings.join('\n')}\n`;
type Read = Awaited<ReturnType<typeof read>>;
const faultsOf = (reading: Read) => ('faults' in reading ? reading.faults : []);
const ours = (reading: Read) => reading.notices.filter((one) => one.file === 'meetings.yaml');
const told = (reading: Read) => faultsOf(reading).map(({ file: where, line, what }) => `${where}:${line} ${what}`);

/** One fault alone; in the line with this key, saying this, with a mend that says that. */
async function only(
  lines: Record<string, string>,
  key: string,
  what: RegExp,
  mend: RegExp,
  company: [string, string][] = [],
) {
  const text = file(meeting(lines));
  const reading = await read(text, company);
  expect(told(reading)).toHaveLength(1);
  const line = text.split('\n').findIndex((one) => new RegExp(`^ +(?:- )?${key}:`).test(one)) + 1;
  expect(line).toBeGreaterThan(0);
  expect(faultsOf(reading)[0]).toMatchObject({
    file: 'meetings.yaml',
    line,
    what: expect.stringMatching(what),
    mend: expect.stringMatching(mend),
  });
}

describe('the example company', () => {
  it('M1, M2: meets every Monday, and on the first Wednesday of the quarter', async () => {
    const reading = await readHandbook(EXAMPLE, NOW);
    if ('faults' in reading) throw new Error(describeFaults(reading.faults));
    const [weekly, quarterly] = reading.ok.meetings;
    expect(weekly).toMatchObject({ id: 'weekly', off: 'next', channel: 'pr', chair: { person: 'zhao' } });
    expect(weekly?.minutes).toMatchObject({
      by: { person: 'wang' },
      within: { amount: 24, unit: 'hours', working: false },
    });
    const days = (rule: typeof weekly) => {
      const schedule = rule && scheduleOf(rule, '2026-11-22');
      const slots = schedule ? slotsBetween(schedule, NOW, new Date('2027-01-20Z'), reading.ok.company.hours) : [];
      return slots.map(({ start }) => start.toISOString().slice(0, 16));
    };
    expect(days(weekly).slice(0, 2)).toEqual(['2026-11-23T02:00', '2026-11-30T02:00']);
    expect(days(quarterly)).toEqual(['2027-01-06T06:00']);
    expect(reading.ok.company.people.map((person) => person.department)).toContain('财务部');
  });
  it('a rule book without meetings is a rule book; its hash is another one', async () => {
    const [without, empty] = [await read(undefined), await read('meetings: []\n')];
    if ('faults' in without || 'faults' in empty) throw new Error('neither has faults');
    expect(without.ok.meetings).toEqual([]);
    expect(empty.ok.meetings).toEqual([]);
    expect(empty.ok.hash).not.toBe(without.ok.hash);
    expect(empty.ok.sources.map((source) => source.file)).toContain('meetings.yaml');
  });
  it('what a meeting does not say is filled in', async () => {
    const reading = await read(file(meeting()));
    if ('faults' in reading) throw new Error(describeFaults(reading.faults));
    expect(reading.ok.meetings[0]).toMatchObject({
      off: 'next',
      length: { amount: 60 },
      remind: [{ amount: 1 }, { amount: 30 }],
    });
  });
});

describe('form', () => {
  it('a file that ends wrongly is not passed over', async () => {
    const reading = await read(file(meeting()), [], 'meetings.yml');
    expect(told(reading)).toEqual([expect.stringContaining('meetings.yml:1 文件名的结尾不对')]);
  });
  it('an unknown key, with the nearest one', () =>
    only({ chanel: 'pr' }, 'chanel', /不认识「chanel」/, /是不是「channel」/));
  it('a duration that is none, where durations stand', async () => {
    await only({ remind: '[soon]' }, 'remind', /「remind」的写法不对：soon/, /1 working day, 30m/);
    await only({ minutes: '{by: {person: wang}, within: later}' }, 'minutes', /「within」/, /24h/);
  });
  it('who leads is missing', () => only({ chair: '' }, 'id', /缺少「chair」/, /\{person: 人员 id\}/));
  it('a word for days off that is none', () => only({ off: 'nxt' }, 'off', /不能是「nxt」/, /是不是「next」/));
  it('every fault at once, from a broken item to the next', async () => {
    const reading = await read(
      file(meeting({ every: 'sometimes' }), meeting({ id: 'other', chair: '{person: nobody}' })),
    );
    expect(told(reading)).toEqual([
      expect.stringContaining('meetings.yaml:4 读不懂 every「sometimes」'),
      expect.stringContaining('meetings.yaml:12 people 里没有'),
    ]);
  });
});

describe('when', () => {
  it('neither every nor on; both', async () => {
    await only({ every: '' }, 'id', /没有写什么时候开会/, /every: 每周一 10:00/);
    await only({ on: '2026-12-10 14:00' }, 'on', /只能写一个/, /删掉一个/);
  });
  it('days that cannot be read come with examples', async () => {
    await only({ every: 'weekly' }, 'every', /读不懂 every「weekly」/, /每季度第一个周三 14:00/);
    await only({ every: '每周一' }, 'every', /读不懂/, /24 小时制/);
    await only({ every: '', on: '2026-02-30 10:00' }, 'on', /读不懂 on/, /2026-12-10 14:00/);
  });
  it('a single day under every, a rule under on', async () => {
    await only({ every: '2026-12-10 14:00' }, 'every', /只有一天/, /改成 on/);
    await only({ every: '', on: '每周一 10:00' }, 'on', /是周期/, /改成 every/);
  });
  it('a day that would be another one next year', async () => {
    for (const on of ['明天 10:00', '12-10 14:00', '下周三 15:00']) {
      await only({ every: '', on }, 'on', /不同的一天/, /年月日/);
    }
  });
  it('bounds the wrong way round, or around a single meeting', async () => {
    await only({ from: '2027-02-01', until: '2027-01-01' }, 'from', /一次也不会开/, /对调/);
    await only({ every: '', on: '2026-12-10 14:00', until: '2027-01-01' }, 'until', /用不到「until」/, /删掉/);
  });
  it('a length in working time, or of two days', async () => {
    await only({ length: '2 working hours' }, 'length', /24 小时/, /60m/);
    await only({ length: '2d' }, 'length', /24 小时/, /60m/);
  });
  it('what is over, and what no day is left for, is only worth a notice', async () => {
    const past = await read(file(meeting({ every: '', on: '2026-11-20 14:00' })));
    expect(ours(past)).toMatchObject([{ line: 7, what: expect.stringContaining('已经过去') }]);
    const never = await read(
      file(meeting({ every: '每周日 10:00', off: 'skip' }), meeting({ id: 'ended', until: '2026-01-01' })),
    );
    expect(ours(never).map(({ what }) => what)).toEqual([
      expect.stringContaining('一次也不会开'),
      expect.stringContaining('一次也不会开'),
    ]);
    const today = await read(file(meeting({ every: '', on: '2026-11-22 18:00' })));
    expect(ours(today)).toEqual([]);
  });
});

describe('who', () => {
  it('one id for two meetings', async () => {
    const reading = await read(file(meeting(), meeting({ every: '每周二 10:00' })));
    expect(told(reading)).toEqual(['meetings.yaml:8 会议 id「weekly」已经用在第 2 行']);
  });
  it('people who are unknown or have left', async () => {
    await only({ chair: '{person: zhoa}' }, 'chair', /「zhoa」/, /是不是「zhao」/);
    const left: [string, string][] = [['{id: sun, ', '{id: sun, active: false, ']];
    await only({ minutes: '{by: {person: sun}}' }, 'minutes', /纪要人 孙律 已离职/, /在职的人/, left);
    const called = await read(file(meeting({ who: '[{person: sun}, {person: li}]' })), left);
    expect(ours(called)).toMatchObject([{ what: '参会人 孙律 已离职' }]);
  });
  it('roles that nobody holds, or nobody any more', async () => {
    await only({ chair: '{role: directer}' }, 'chair', /「directer」/, /是不是「director」/);
    await only({ who: '[{role: boss}]' }, 'who', /「boss」/, /company.yaml/);
    const left: [string, string][] = [['{id: sun, ', '{id: sun, active: false, ']];
    await only({ chair: '{role: legal}' }, 'chair', /「legal」.*离职/, /在职/, left);
  });
  it('a department that nobody belongs to', async () => {
    await only({ who: '[{department: 公关布}]' }, 'who', /没有在职的人属于部门「公关布」/, /是不是「公关部」/);
    const left: [string, string][] = [['{id: sun, ', '{id: sun, active: false, ']];
    await only({ who: '[{department: 法务部}]' }, 'who', /法务部/, /department/, left);
  });
  it('a channel that is not there', () => only({ channel: 'prr' }, 'channel', /没有「prr」/, /是不是「pr」/));
  it('what is ill formed in company.yaml is not called unknown here', async () => {
    const reading = await read(file(meeting({ channel: 'pr' })), [['{id: zhao,', '{id: zhao, titel: x,']]);
    expect(told(reading)).toEqual([expect.stringContaining('不认识「titel」')]);
  });
});

describe('company.yaml', () => {
  const company = async (from: string, to: string) => faultsOf(await read(file(meeting()), [[from, to]]));
  it('quiet hours and a digest that are no times', async () => {
    expect(await company('# quiet: "22:00-08:00"', 'quiet: night')).toMatchObject([
      { what: expect.stringContaining('night'), mend: expect.stringContaining('"22:00-08:00"') },
    ]);
    expect(await company('name: 李娜,', 'name: 李娜, digest: "9am", quiet: never,')).toMatchObject([
      { what: expect.stringContaining('9am'), mend: expect.stringContaining('"08:45"') },
      { what: expect.stringContaining('never'), mend: expect.stringContaining('none') },
    ]);
    expect(await company('name: 李娜,', 'name: 李娜, digest: "08:45", quiet: none,')).toEqual([]);
  });
  it('D2: one account in WeCom belongs to one person; a group robot alone makes a channel', async () => {
    const reading = await read(file(meeting()), [
      ['slack: U02LI,', 'slack: U02LI, wecom: LiNa,'],
      ['slack: U01WANG,', 'slack: U01WANG, wecom: LiNa,'],
      ['  crisis: {slack: C0CRISIS, feishu: oc_crisis}', '  crisis: {wecom: crisis}'],
    ]);
    expect(told(reading)).toEqual([expect.stringContaining('「LiNa」已经属于「wang」')]);
    expect(reading.notices.filter(({ what }) => what.includes('crisis'))).toEqual([]);
  });
});
