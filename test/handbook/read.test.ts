/** Reading the rule book: what is right comes out whole, what is wrong comes out at once, each with file, line and mend. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fault, Handbook } from '../../src/handbook/model.ts';
import { readHandbook } from '../../src/handbook/read.ts';
import { describeFaults, describeNotices } from '../../src/words/handbook.ts';

const EXAMPLE = fileURLToPath(new URL('../../handbook', import.meta.url));
const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

type Change = string | Uint8Array | undefined | [from: string | RegExp, to: string][];

/** The example handbook with some files written anew, left out (`undefined`) or changed in places. */
async function folderWith(files: Record<string, Change>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'handbook-'));
  made.push(folder);
  await cp(EXAMPLE, folder, { recursive: true });
  for (const [file, change] of Object.entries(files)) {
    const path = join(folder, file);
    if (change === undefined) await rm(path, { recursive: true });
    else if (Array.isArray(change)) await writeFile(path, changed(await readFile(path, 'utf8'), change));
    else {
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, change);
    }
  }
  return folder;
}

function changed(text: string, changes: [from: string | RegExp, to: string][]): string {
  return changes.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    if (after === before) throw new Error(`nothing to change: ${from}`);
    return after;
  }, text);
}

async function faultsOf(files: Record<string, Change>): Promise<Fault[]> {
  const read = await readHandbook(await folderWith(files));
  return 'faults' in read ? read.faults : [];
}
async function noticesOf(files: Record<string, Change>): Promise<Fault[]> {
  const read = await readHandbook(await folderWith(files));
  if ('faults' in read) throw new Error(describeFaults(read.faults));
  return read.notices;
}
async function handbookOf(files: Record<string, Change>): Promise<Handbook> {
  const read = await readHandbook(await folderWith(files));
  if ('faults' in read) throw new Error(describeFaults(read.faults));
  return read.ok;
}
const told = (faults: Fault[]) => faults.map(({ file, line, what }) => `${file}:${line} ${what}`);

/** The number of the line that has this in it. */
const lineOf = (text: string, snippet: string) => text.split('\n').findIndex((line) => line.includes(snippet)) + 1;

/** One fault alone, in the line with this text (the first one without), saying this, with a mend that says that. */
async function only(files: Record<string, Change>, [file, snippet]: [string, string?], what: RegExp, mend: RegExp) {
  const folder = await folderWith(files);
  const read = await readHandbook(folder);
  const faults = 'faults' in read ? read.faults : [];
  expect(told(faults)).toHaveLength(1);
  const line = snippet === undefined ? 1 : lineOf(await readFile(join(folder, file), 'utf8'), snippet);
  expect(faults[0]).toMatchObject({ file, line, what: expect.stringMatching(what), mend: expect.stringMatching(mend) });
}

const SPEND = 'processes/spend.yaml';
const title = 'title: {zh: 试, en: Try}';
const field = 'form: [{id: amount, type: money, label: {zh: 金额, en: Amount}}]';

describe('the example company', () => {
  it('is in order, and what it does not say is filled in', async () => {
    const { company, processes, sources } = await handbookOf({});
    expect(company.people.map((person) => person.id)).toEqual(['wang', 'li', 'zhao', 'chen', 'qian', 'sun']);
    expect(company.hours).toMatchObject({
      timezone: 'Asia/Shanghai',
      from: '09:30',
      pause: '12:00-13:30',
      calendar: 'CN',
    });
    expect(processes.map((process) => [process.id, process.number, process.channel])).toEqual([
      ['purchase', 'PU', 'pr'],
      ['spend', 'SP', 'pr'],
    ]);
    expect(processes[1]?.remind).toEqual({
      after: { amount: 4, unit: 'hours', working: true },
      every: { amount: 8, unit: 'hours', working: true },
    });
    expect(sources.map((source) => [source.file, source.process])).toEqual([
      ['company.yaml', undefined],
      ['crisis.yaml', undefined],
      ['meetings.yaml', undefined],
      ['processes/purchase.yaml', 'purchase'],
      [SPEND, 'spend'],
    ]);
  });
  it('says only that the CEO, above whom there is nobody, cannot ask', async () => {
    expect(told(await noticesOf({}))).toEqual([
      expect.stringContaining('陈卫东 不能提交流程「purchase」'),
      expect.stringContaining('陈卫东 不能提交流程「spend」'),
    ]);
  });
  it('has the same hash as long as no letter changes', async () => {
    const [first, second] = [await handbookOf({}), await handbookOf({})];
    expect(second.hash).toBe(first.hash);
    const other = await handbookOf({ [SPEND]: [['max: 120', 'max: 121']] });
    expect(other.hash).not.toBe(first.hash);
    const texts = (handbook: Handbook) => handbook.sources.map((source) => source.sha256);
    expect(texts(other).filter((hash) => !texts(first).includes(hash))).toHaveLength(1);
  });
  it('W1: a new flow is a new file', async () => {
    const file = 'processes/travel.yaml';
    const steps = 'steps: [{id: one, title: {zh: 一, en: One}, who: [{line: director}, {role: finance}], need: all}]';
    const { processes } = await handbookOf({
      [file]: `id: travel\ncommand: travel\nnumber: TR\n${title}\n${field}\n${steps}\n`,
    });
    expect(processes.find((process) => process.id === 'travel')?.steps[0]?.who).toHaveLength(2);
  });
});

describe('files', () => {
  it('no folder, no company, no process: each is said', async () => {
    const nowhere = await readHandbook('/nonexistent-handbook');
    expect('faults' in nowhere && nowhere.faults[0]?.mend).toContain('HANDBOOK');
    expect(told(await faultsOf({ 'company.yaml': undefined }))).toContain('company.yaml:1 没有 company.yaml');
    expect(told(await faultsOf({ processes: undefined }))).toEqual(['processes:1 没有任何流程']);
  });
  it('a rule that nobody would read is no rule: .yml is refused, an editor’s backup is not looked at', async () => {
    await only({ 'processes/more.yml': 'id: more\n' }, ['processes/more.yml'], /结尾/, /more\.yaml/);
    expect(await faultsOf({ 'processes/spend.yaml~': 'x', 'processes/.#spend.yaml': 'x', 'notes.txt': 'x' })).toEqual(
      [],
    );
  });
  it('a file that is no UTF-8, one that is empty, one that is too large', async () => {
    await only(
      { 'processes/bad.yaml': new Uint8Array([0x69, 0x64, 0x3a, 0x20, 0xff, 0xfe]) },
      ['processes/bad.yaml'],
      /UTF-8/,
      /另存/,
    );
    await only({ 'processes/bad.yaml': '# nothing yet\n' }, ['processes/bad.yaml'], /空的/, /例子/);
    await only({ 'processes/bad.yaml': `#${'x'.repeat(1024 * 1024)}` }, ['processes/bad.yaml'], /1024 KB/, /放错/);
  });
  it('a byte order mark and Windows line ends are no fault', async () => {
    const text = await readFile(join(EXAMPLE, SPEND), 'utf8');
    expect(await faultsOf({ [SPEND]: `\uFEFF${text.replaceAll('\n', '\r\n')}` })).toEqual([]);
  });
});

describe('YAML', () => {
  it('a tab, a doubled key, a broken bracket: at their line', async () => {
    await only(
      { 'processes/x.yaml': 'id: x\ncommand:\n\tnumber: X\n' },
      ['processes/x.yaml', '\tnumber'],
      /Tab/i,
      /空格/,
    );
    await only({ [SPEND]: [['number: SP', 'command: again\nnumber: SP']] }, [SPEND, 'again'], /unique/, /删掉一个/);
    const [fault] = await faultsOf({ [SPEND]: [['who: {line: supervisor}}', 'who: {line: supervisor}']] });
    expect(fault).toMatchObject({ file: SPEND });
  });
  it('a bomb of anchors is not unfolded, nor is one without a bottom', async () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
    ];
    await only({ 'processes/x.yaml': bomb.join('\n') }, ['processes/x.yaml'], /alias/i, /直接写出来/);
    expect(await faultsOf({ 'processes/x.yaml': 'a: &a [*a]\n' })).not.toEqual([]);
    expect(await faultsOf({ 'processes/x.yaml': `a: ${'['.repeat(50_000)}` })).not.toEqual([]);
  });
  it('an anchor that repeats a rule is allowed', async () => {
    const who = 'who: &boss {line: director}';
    const steps = `steps:\n  - {id: a, title: {zh: 一, en: A}, ${who}}\n  - {id: b, title: {zh: 二, en: B}, who: *boss}\n`;
    const files = { 'processes/x.yaml': `id: x\ncommand: x\nnumber: XX\n${title}\n${field}\n${steps}` };
    expect(await faultsOf(files)).toEqual([]);
  });
});

describe('form', () => {
  it('an unknown key is said with the nearest known one', async () => {
    await only({ [SPEND]: [['remind:', 'remnd:']] }, [SPEND, 'remnd'], /remnd/, /「remind」/);
    await only(
      { 'company.yaml': [['phone: "+8613800000001"', 'phon: "1"']] },
      ['company.yaml', 'phon:'],
      /phon/,
      /「phone」/,
    );
    await only({ [SPEND]: [['{atLeast: 5万}', '{atleast: 5万}']] }, [SPEND, 'atleast'], /atleast/, /「atLeast」/);
    await only(
      { [SPEND]: [['who: {line: director}', 'who: {lin: director}']] },
      [SPEND, 'lin: director'],
      /who/,
      /line/,
    );
  });
  it('a missing key is said where it is missing', async () => {
    await only({ [SPEND]: [[/number: SP.*\n/, '']] }, [SPEND, 'id: spend'], /缺少「number」/, /大写字母/);
    await only({ 'company.yaml': [['name: 王晓文, ', '']] }, ['company.yaml', '公关专员'], /缺少「name」/, /字/);
  });
  it('a phone number without quotes, a type that is not one, a duration that cannot be read', async () => {
    await only(
      { 'company.yaml': [['"+8613800000001"', '+8613800000001']] },
      ['company.yaml', '王晓文'],
      /应是文字/,
      /引号/,
    );
    await only({ [SPEND]: [['type: paragraph', 'type: paragaph']] }, [SPEND, 'paragaph'], /paragaph/, /「paragraph」/);
    await only(
      { [SPEND]: [['after: 4 working hours', 'after: 4 fortnights']] },
      [SPEND, 'fortnights'],
      /fortnights/,
      /working hours/,
    );
  });
  it('hours: the end before the beginning, a pause outside, a time zone that does not exist', async () => {
    await only(
      { 'company.yaml': [['to: "18:30", pause: "12:00-13:30"', 'to: "08:30"']] },
      ['company.yaml', 'hours:'],
      /「to」.*08:30/,
      /晚于/,
    );
    await only({ 'company.yaml': [['12:00-13:30', '08:00-09:00']] }, ['company.yaml', 'hours:'], /pause/, /12:00/);
    await only(
      { 'company.yaml': [['timezone: Asia/Shanghai', 'timezone: Asia/Shangai']] },
      ['company.yaml', 'Shangai'],
      /timezone/,
      /Asia\/Shanghai/,
    );
    await only(
      { 'company.yaml': [[/hours: \{.*\}/, 'hours: nine to five']] },
      ['company.yaml', 'nine to five'],
      /hours/,
      /from/,
    );
  });
  describe('a colleague’s own hours', () => {
    const sunWith = (hours: string): [string, string][] => [['{id: sun, ', `{id: sun, hours: ${hours}, `]];
    const hoursFrom = async (hours: string, more: [string | RegExp, string][] = []) => {
      const { company } = await handbookOf({ 'company.yaml': [...sunWith(hours), ...more] });
      return company.people.find((one) => one.id === 'sun')?.hours;
    };
    const rest = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:30', to: '18:30', pause: '12:00-13:30' };

    it('are laid over the company’s, and kept whole', async () => {
      expect(await hoursFrom('{timezone: America/New_York, calendar: US, from: "09:00", to: "17:00"}')).toEqual({
        ...rest,
        timezone: 'America/New_York',
        calendar: 'US',
        from: '09:00',
        to: '17:00',
      });
      expect(await hoursFrom('{days: [mon, tue]}')).toEqual({
        ...rest,
        timezone: 'Asia/Shanghai',
        calendar: 'CN',
        days: ['mon', 'tue'],
      });
      const { company } = await handbookOf({});
      expect(company.people.filter((one) => 'hours' in one)).toEqual([]);
    });
    it('a pause of the company that does not fit is none of theirs', async () => {
      expect(await hoursFrom('{from: "13:00"}')).not.toHaveProperty('pause');
      expect(await hoursFrom('{from: "13:00", pause: "15:00-15:15"}')).toMatchObject({ pause: '15:00-15:15' });
    });
    it('days that the company changes are changed for whoever keeps its calendar', async () => {
      const days: [string | RegExp, string][] = [
        ['hours: {calendar: CN, ', 'hours: {calendar: CN, exceptions: {2027-01-04: off}, '],
      ];
      expect((await hoursFrom('{exceptions: {2027-01-05: off}}', days))?.exceptions).toEqual({
        '2027-01-04': 'off',
        '2027-01-05': 'off',
      });
      expect(await hoursFrom('{calendar: US}', days)).not.toHaveProperty('exceptions');
    });
    it('are read with the care of the company’s', async () => {
      const one = (hours: string, what: RegExp, mend: RegExp) =>
        only({ 'company.yaml': sunWith(hours) }, ['company.yaml', '{id: sun'], what, mend);
      await one('{timezone: America/Newyork}', /「timezone」.*Newyork/, /Asia\/Shanghai/);
      await one('{from: "19:00"}', /「to」.*18:30/, /晚于/);
      await one('{pause: "08:00-09:00"}', /「pause」.*08:00/, /12:00/);
      await one('{form: "10:00"}', /不认识「form」/, /「from」/);
      await one('{exceptions: {2026-12-04: of}}', /不能是「of」/, /「off」/);
      await one('nine to five', /hours/, /New_York/);
      await one('{from: 9}', /应是文字/, /引号/);
      await one('{calendar: UK}', /没有「UK」的节假日日历/, /「GB」/);
    });
    it('what is wrong in two of them is said at each, also behind somebody who is ill formed', async () => {
      const faults = await faultsOf({
        'company.yaml': [
          ['name: 李娜', 'name: 7'],
          ['{id: qian, ', '{id: qian, hours: {calendar: XX}, '],
          ...sunWith('{calendar: YY}'),
        ],
      });
      expect(faults.map(({ line }) => line)).toEqual(faults.map(({ line }) => line).toSorted((a, b) => a - b));
      expect(told(faults)).toEqual([
        expect.stringContaining('「name」应是文字'),
        expect.stringContaining('没有「XX」的节假日日历'),
        expect.stringContaining('没有「YY」的节假日日历'),
      ]);
      const [, first, second] = faults;
      expect((second?.line ?? 0) - (first?.line ?? 0)).toBe(1);
    });
  });
  it('a calendar that nobody publishes is said with the one that was meant', async () => {
    const one = (calendar: string, mend: RegExp) =>
      only(
        { 'company.yaml': [['{calendar: CN', `{calendar: ${calendar}`]] },
        ['company.yaml', 'hours:'],
        new RegExp(`没有「${calendar}」的节假日日历`),
        mend,
      );
    await one('USA', /「US」/);
    await one('us-ca', /「US-CA」/);
    await one('Germany', /「DE」/);
    await one('日本', /「JP」/);
    await one('DE-Bayern', /「DE-BY」/);
    await one('GB-XX', /GB-SCT/);
    await one('ZZ', /^请写 CN/);
    const { company } = await handbookOf({ 'company.yaml': [['{calendar: CN', '{calendar: DE-BY']] });
    expect(company.hours.calendar).toBe('DE-BY');
  });
  it('without hours the habit of the place is taken, and this is said', async () => {
    const notices = await noticesOf({ 'company.yaml': [[/\nhours: .*\n/, '\n']] });
    expect(notices[0]?.what).toMatch(/09:00–18:00.*CN/);
  });
  it('every fault in one list: broken items do not hide what is wrong behind them', async () => {
    const folder = await folderWith({
      'company.yaml': [
        ['manager: li, ', 'manager: lii, '],
        ['name: 李娜', 'name: 7'],
        ['accounts: {slack: U04CHEN}', 'accounts: {slack: U01WANG}'],
      ],
      [SPEND]: [
        ['number: SP', 'number: spend'],
        ['id: detail, type: paragraph', 'id: detail, type: essay'],
        ['who: {line: director}', 'who: {line: direktor}'],
        ['channel: pr', 'channel: prr'],
      ],
      'processes/x.yaml': 'id: [\n',
    });
    const read = await readHandbook(folder);
    if (!('faults' in read)) throw new Error('expected faults');
    const places = ['company.yaml 王晓文', 'company.yaml name: 7', 'company.yaml 陈卫东'].concat(
      ['number: spend', 'essay', 'direktor', 'prr'].map((snippet) => `${SPEND} ${snippet}`),
    );
    const expected = places.map(async (place) => {
      const [file = '', snippet = ''] = [place.slice(0, place.indexOf(' ')), place.slice(place.indexOf(' ') + 1)];
      return `${file}:${lineOf(await readFile(join(folder, file), 'utf8'), snippet)}`;
    });
    const found = read.faults.map(({ file, line }) => `${file}:${line}`);
    expect(found).toEqual([...(await Promise.all(expected)), 'processes/x.yaml:2']);
  });
  it('names that stand in a broken item are not called unknown', async () => {
    const faults = await faultsOf({
      'company.yaml': [['{id: qian, name: 钱多,', '{id: qian, name: 7,']],
      [SPEND]: [['id: title,  type: text', 'id: title,  type: txt']],
    });
    expect(told(faults)).toEqual([
      expect.stringContaining('「name」应是文字'),
      expect.stringContaining('「type」不能是「txt」'),
    ]);
  });
});

describe('as it is read', () => {
  it('in the company’s language', async () => {
    const folder = await folderWith({
      'company.yaml': [
        ['language: zh-CN', 'language: en'],
        ['manager: li, ', 'manager: lii, '],
      ],
    });
    const read = await readHandbook(folder);
    if (!('faults' in read)) throw new Error('expected a fault');
    const text = describeFaults(read.faults, read.language);
    expect(text).toMatch(/^The handbook has 1 fault/);
    expect(text).toMatch(
      /company\.yaml:\d+:\d+\n {4}what: the manager "lii" is not among people\n {4}mend: Did you mean "li"\?/,
    );
  });
  it('notices have their own heading', async () => {
    expect(describeNotices(await noticesOf({}))).toMatch(/^规则手册可以使用。有 2 处请留意/);
  });
});
