/** The crisis plans that the rule book lays down: read whole, or every hole in them said by day, with its line and its mend. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { answerTime, CrisisBook, GRADES, planFor } from '../../src/crisis/book.ts';
import { lintCrisis } from '../../src/handbook/lint-crisis.ts';
import type { LintInput, Path } from '../../src/handbook/model.ts';
import { readHandbook } from '../../src/handbook/read.ts';
import { keysAt, shape } from '../../src/handbook/shape.ts';
import { describeFaults } from '../../src/words/handbook.ts';
import { hintEn, hintZh } from '../../src/words/handbook-hints.ts';
import { say } from '../../src/words/handbook-rules.ts';

const EXAMPLE = fileURLToPath(new URL('../../handbook', import.meta.url));
const NOW = new Date('2026-11-22T02:00:00Z');
type Changes = [from: string, to: string][];

let folder: string;
let [crisisText, companyText] = ['', ''];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handbook-'));
  await cp(EXAMPLE, folder, { recursive: true });
  crisisText = await readFile(join(EXAMPLE, 'crisis.yaml'), 'utf8');
  companyText = await readFile(join(EXAMPLE, 'company.yaml'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => rm(join(folder, 'crisis.yml'), { force: true }));

function changed(text: string, changes: Changes): string {
  return changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`it does not say: ${from}`);
    return before.replace(from, () => to);
  }, text);
}

/** The example handbook with its crisis plans, and perhaps its people, changed in places. */
async function read(crisis: Changes | string | undefined, company: Changes = []) {
  const path = join(folder, 'crisis.yaml');
  if (crisis === undefined) await rm(path, { force: true });
  else await writeFile(path, typeof crisis === 'string' ? crisis : changed(crisisText, crisis));
  await writeFile(join(folder, 'company.yaml'), changed(companyText, company));
  return readHandbook(folder, NOW);
}
type Read = Awaited<ReturnType<typeof read>>;
const faultsOf = (reading: Read) => ('faults' in reading ? reading.faults : []);
const told = (reading: Read) => faultsOf(reading).map(({ file, line, what }) => `${file}:${line} ${what}`);
const ours = (reading: Read) => reading.notices.filter((one) => one.file === 'crisis.yaml');
const lineOf = (text: string, snippet: string) => text.split('\n').findIndex((line) => line.includes(snippet)) + 1;

/** One fault alone, in the line that was changed (or the one with `where`), saying this, with a mend that says that. */
async function only(change: [from: string, to: string], what: RegExp, mend: RegExp, where = change[1]) {
  const reading = await read([change]);
  expect(told(reading)).toHaveLength(1);
  const line = lineOf(changed(crisisText, [change]), where);
  expect(faultsOf(reading)[0]).toMatchObject({
    file: 'crisis.yaml',
    line,
    what: expect.stringMatching(what),
    mend: expect.stringMatching(mend),
  });
}

/** Nothing is broken, and these are worth a look. */
async function notices(crisis: Changes, company: Changes = []): Promise<string[]> {
  const reading = await read(crisis, company);
  if ('faults' in reading) throw new Error(describeFaults(reading.faults));
  return ours(reading).map(({ line, what }) => `${line} ${what}`);
}

const GENERAL_TEAM = 'team: [{role: supervisor}, {role: director, standIn: {role: supervisor}}]';
const MAJOR_TEAM = 'team: [{role: director, standIn: {role: supervisor}}, {role: legal}, {role: supervisor}]';

describe('the example company', () => {
  it('has a plan for every kind at every grade, and nothing to look at', async () => {
    const reading = await read([]);
    if ('faults' in reading) throw new Error(describeFaults(reading.faults));
    const book = reading.ok.crisis;
    expect(ours(reading)).toEqual([]);
    const plans = book?.kinds.map(({ id }) => GRADES.map((grade) => planFor(book, id, grade)?.id));
    const usual = ['general', 'major', 'critical'];
    expect(plans).toEqual([usual, usual, usual, ['general', 'data-leak', 'data-leak-critical']]);
    expect(reading.ok.sources.map(({ file }) => file)).toContain('crisis.yaml');
  });
  it('C3, C6: calls by the ladder, five minutes a rung where it is critical, and spends up to the cap', async () => {
    const reading = await read([]);
    if ('faults' in reading) throw new Error(describeFaults(reading.faults));
    const critical = reading.ok.crisis && planFor(reading.ok.crisis, 'opinion', 'critical');
    expect(critical).toMatchObject({
      ladder: [['feishu-app'], ['feishu-sms', 'sms'], ['feishu-phone', 'phone', 'pager']],
      spending: { each: '20万', ratify: { amount: 24, unit: 'hours', working: true } },
      freeze: true,
    });
    expect(critical && answerTime(critical)).toEqual({ amount: 5, unit: 'minutes', working: false });
  });
  it('C9: a data leak is its own kind, with legal first and the executive from the beginning', async () => {
    const reading = await read([]);
    const book = 'ok' in reading ? reading.ok.crisis : undefined;
    for (const grade of ['major', 'critical'] as const) {
      const team = book && planFor(book, 'data-leak', grade)?.team;
      expect(team?.map((one) => 'role' in one && one.role)).toEqual(['legal', 'executive', 'director']);
    }
  });
  it('a rule book without it is a rule book without a crisis desk, and another one', async () => {
    const [without, with_] = [await read(undefined), await read([])];
    if ('faults' in without || 'faults' in with_) throw new Error('neither has faults');
    expect(without.ok.crisis).toBeUndefined();
    expect(with_.ok.hash).not.toBe(without.ok.hash);
  });
  it('what a plan does not say is filled in', async () => {
    const least = `
      kinds: [{id: any, title: {zh: 任何, en: Any}}]
      assess: {who: [{person: zhao}]}
      plans: [
        {id: g, title: {zh: 一, en: G}, grade: general,  team: [{person: li}],   clear: [{role: legal}, {person: zhao}]},
        {id: m, title: {zh: 二, en: M}, grade: major,    team: [{person: zhao}], clear: [{role: legal}, {person: zhao}]},
        {id: c, title: {zh: 三, en: C}, grade: critical, team: [{person: zhao}, {role: executive}], clear: [{role: legal}, {person: zhao}]}]
      `.replaceAll('\n      ', '\n');
    const reading = await read(least);
    if ('faults' in reading) throw new Error(describeFaults(reading.faults));
    expect(reading.ok.crisis).toMatchObject({
      assess: { ladder: [['feishu-app'], ['feishu-sms', 'sms'], ['feishu-phone', 'phone', 'pager']] },
      freeze: { fields: ['title'] },
      holding: [],
      drills: { phones: false, scenarios: [] },
    });
    expect(ours(reading)).toEqual([]);
  });
});

describe('form', () => {
  it('a file that ends wrongly is not passed over', async () => {
    await writeFile(join(folder, 'crisis.yml'), 'kinds: []\n');
    expect(told(await read(undefined))).toEqual([expect.stringContaining('crisis.yml:1 文件名的结尾不对')]);
  });
  it('a mistyped key or word, with the nearest one', async () => {
    await only(['answer: 15m\n    clear', 'anser: 15m\n    clear'], /不认识「anser」/, /是不是「answer」/, 'anser');
    await only(['grade: general\n', 'grade: generel\n'], /不能是「generel」/, /是不是「general」/, 'generel');
  });
  it('a line of the ladder that there is not, with all that there are', async () => {
    const from = 'ladder: [feishu-app, [feishu-sms, sms], [feishu-phone, phone, pager]]\n    answer: 15m\n    clear';
    await only(
      [from, 'ladder: [feishu-app, fax]\n    clear'],
      /「ladder」的写法不对：fax/,
      /feishu-sms.*pager/,
      ', fax]',
    );
  });
  it('an empty team, a member who is a role and a person at once', async () => {
    await only([GENERAL_TEAM, 'team: []'], /「team」是空的/, /\{role: director/);
    await only([GENERAL_TEAM, 'team: [{role: director, person: li}]'], /「team」的写法不对/, /\{role: director/);
  });
  it('a duration, a count, a day, a yes or no that is none', async () => {
    await only(['answer: 5m', 'answer: 5'], /「answer」的写法不对：5/, /5m/, 'answer: 5');
    await only(['count: 5, ', 'count: 0, '], /「count」/, /1 到 100000/);
    await only(['expires: 2027-12-31', 'expires: 2027-02-30'], /2027-02-30/, /2027-12-31/);
    await only(['phones: false', 'phones: nein'], /true 或 false/, /true/);
  });
  it('every key has a hint of its own in both languages', () => {
    const paths: Path[] = [
      [],
      ['assess'],
      ['assess', 'who', 0],
      ['kinds', 0],
      ['questions', 0],
      ['plans', 0],
      ['plans', 0, 'team', 0],
      ['plans', 0, 'spending'],
      ['plans', 0, 'targets'],
      ['freeze'],
      ['holding', 0],
      ['indicators', 0],
      ['drills'],
      ['drills', 'scenarios', 0],
    ];
    const keyed = paths.flatMap((path) => {
      const within = path.findLast((part) => typeof part === 'string');
      return keysAt(CrisisBook, path).map((key) => ({ key, within: String(within ?? '') }));
    });
    expect(keyed).toContainEqual({ key: 'freeze', within: 'plans' });
    const unhelpful = keyed.filter((one) => /管理员指南/.test(hintZh(one) + hintEn(one)));
    expect(unhelpful).toEqual([]);
  });
});

describe('plans', () => {
  it('a grade without a plan for some kind: such an alarm could not be graded', () =>
    only(
      ['grade: major\n    team', 'grade: major\n    kinds: [product-safety]\n    team'],
      /定为重大时没有预案可用：service、opinion/,
      /grade: major/,
      'plans:',
    ));
  it('two plans for the same kind at the same grade, or for all others', async () => {
    await only(
      ['grade: critical\n    kinds: [data-leak]', 'grade: major\n    kinds: [opinion, data-leak]'],
      /重大级的「data-leak」在第 \d+ 行已有预案「data-leak」/,
      /删掉重复的类型/,
      '[opinion, data-leak]',
    );
    const reading = await read([['grade: critical\n    kinds: [data-leak]\n', 'grade: critical\n']]);
    expect(told(reading)).toEqual([expect.stringMatching(/特大级的其余类型在第 \d+ 行已有预案「critical」/)]);
  });
  it('a plan that cannot be read is a fault by itself, not a hole besides', async () => {
    const reading = await read([['grade: major\n    team', 'grade: mayor\n    team']]);
    expect(told(reading)).toEqual([expect.stringContaining('「grade」不能是「mayor」')]);
  });
  it('one id twice, in each of the lists', async () => {
    const again: [from: string, to: string, said: string][] = [
      [
        '  - {id: data-leak, ',
        '  - {id: opinion, title: {zh: 又, en: Again}}\n  - {id: data-leak, ',
        '危机类型 id「opinion」',
      ],
      ['id: data-leak-critical', 'id: general', '预案 id「general」'],
      ['id: looking-into-it', 'id: data-leak', '预备声明 id「data-leak」'],
      ['id: leak-report, ', 'id: media-report, ', '预警指标 id「media-report」'],
      ['id: customer-list', 'id: live-fire', '演练场景 id「live-fire」'],
    ];
    const reading = await read(again.map(([from, to]) => [from, to]));
    expect(told(reading)).toEqual(again.map(([, , said]) => expect.stringContaining(`${said}已经用在第`)));
  });
  it('a kind that there is not, wherever one is named', async () => {
    const reading = await read([
      ['kinds: [product-safety]', 'kinds: [product-safty]'],
      ['kind: service, ', 'kind: servise, '],
      ['kind: opinion\n', 'kind: opinio\n'],
      ['grade: critical\n    kinds: [data-leak]', 'grade: critical\n    kinds: [data-lek]'],
    ]);
    expect(faultsOf(reading).map(({ mend }) => /「([a-z-]+)」/.exec(mend)?.[1])).toEqual([
      'data-leak',
      'product-safety',
      'service',
      'opinion',
    ]);
  });
  it('a channel that there is not', () => only(['channel: crisis', 'channel: crises'], /没有「crises」/, /「crisis」/));
});

describe('times and money', () => {
  it('a crisis does not wait for the office: no working time where somebody is called', async () => {
    for (const [from, to] of [
      ['answer: 5m', 'answer: 1 working hour'],
      ['idle: 30m', 'idle: 4 working hours'],
      ['update: 20m', 'update: 1 working day'],
      ['within: 30m', 'within: 2 working hours'],
      ['control: 24h', 'control: 1 working day'],
    ] as const) {
      await only([from, to], /不能按工作时间计算/, /自然时间/);
    }
  });
  it('too short to answer, too long to be meant', async () => {
    await only(['answer: 5m', 'answer: 10s'], /1m 到 24h/, /1m/);
    await only(['update: 20m', 'update: 1m'], /5m 到 24h/, /5m/);
    await only(['ratify: 24 working hours', 'ratify: 365d'], /1h 到 30d/, /30d/);
  });
  it('a rung that waits long in a serious crisis is worth a look, in a general one it is not', async () => {
    expect(await notices([['answer: 15m\n    idle', 'answer: 2h\n    idle']])).toEqual([
      expect.stringContaining('「answer」超过 30m'),
    ]);
    expect(await notices([['answer: 15m\n    clear', 'answer: 2h\n    clear']])).toEqual([]);
  });
  it('C6: a cap that is no amount, is in other money, or is larger for one than for all', async () => {
    await only(['each: 10万', 'each: 很多'], /「很多」不是金额/, /CNY/);
    await only(['each: 10万', 'each: 1e21'], /不是金额/, /10万/);
    await only(['each: 10万', 'each: 1万 USD'], /不是公司的记账货币 CNY/, /换算成 CNY/);
    await only(['each: 10万', 'each: 30.01万'], /30\.01万 超过了合计 30万/, /删掉 total/);
    expect(await notices([['each: 10万', 'each: 300000']])).toEqual([]);
  });
  it('a freeze that looks at a field of no form would hold nothing', async () => {
    await only(['[title, detail,', '[titel, detail,'], /字段「titel」/, /「title」/);
    expect(await notices([['fields: [title, detail, item, supplier, reason]', 'fields: [reason]']])).toEqual([]);
  });
  it('a holding statement that has run out, or soon will', async () => {
    const expires = (day: string): Changes => [['expires: 2027-12-31', `expires: ${day}`]];
    expect(await notices(expires('2026-11-21'))).toEqual([expect.stringContaining('2026-11-21 已经过期')]);
    expect(await notices(expires('2026-11-22'))).toEqual([expect.stringContaining('还有 0 天')]);
    expect(await notices(expires('2026-12-22'))).toEqual([expect.stringContaining('还有 30 天')]);
    expect(await notices(expires('2026-12-23'))).toEqual([]);
  });
});

describe('who is called', () => {
  const LEFT: Changes = [['{id: sun, ', '{id: sun, active: false, ']];
  it('people and roles that there are not, in every place', async () => {
    await only([GENERAL_TEAM, 'team: [{person: zhoa}]'], /「zhoa」/, /「zhao」/);
    await only([GENERAL_TEAM, 'team: [{role: directer}]'], /「directer」/, /「director」/);
    await only([GENERAL_TEAM, 'team: [{role: director, standIn: {role: boss}}]'], /「boss」/, /company.yaml/);
    await only(['remind: {role: director}', 'remind: {role: directors}'], /「directors」/, /「director」/);
  });
  it('whoever has left cannot be called, nor does a role that only they held call anybody', async () => {
    const lines = told(await read([[GENERAL_TEAM, 'team: [{person: sun}]']], LEFT));
    expect(lines.filter((line) => line.includes('孙律 已离职'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('担任角色「legal」的人都已离职：孙律')).length).toBeGreaterThan(3);
  });
  it('nobody may be in a team who cannot be called at all', async () => {
    const without: Changes = [['phone: "+8613800000006", accounts: {feishu: ou_sun}', 'accounts: {wecom: sun}']];
    const reading = await read([], without);
    expect(told(reading)).toEqual([expect.stringContaining('没有任何办法叫到 孙律')]);
    expect(faultsOf(reading)[0]).toMatchObject({ line: lineOf(crisisText, MAJOR_TEAM) });
    // a number alone is enough where the ladder has a line for it
    const phone: Changes = [['accounts: {feishu: ou_sun}', 'accounts: {wecom: sun}']];
    expect(await notices([], phone)).toEqual([]);
  });
  it('whom the loudest rung leaves out; that a quieter one does is no gap', async () => {
    const without: Changes = [['phone: "+8613800000004", ', '']];
    const gaps = await notices([], without);
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) expect(gap).toMatch(/^\d+ 最响的一级（飞书电话加急.*电话）叫不到：陈卫东$/);
    // a number or an account: one of them is enough where both are rung
    expect(await notices([], [['phone: "+8613800000003", ', '']])).toEqual([]);
  });
  it('a line that reaches nobody, a ladder without any', async () => {
    const only_ = 'ladder: [feishu-app, [feishu-sms, sms], [feishu-phone, phone, pager]]\n    answer: 15m\n    clear';
    const change: Changes = [
      [GENERAL_TEAM, 'team: [{role: executive, standIn: {role: supervisor}}]'],
      [only_, 'ladder: [feishu-phone, phone]\n    clear'],
    ];
    expect(await notices(change)).toEqual([expect.stringContaining('飞书电话加急（feishu-phone）叫不到这里的任何人')]);
    expect(await notices([[only_, 'ladder: []\n    clear']])).toEqual([expect.stringContaining('不会响铃')]);
  });
  it('C3: nobody behind the only ones who are called', async () => {
    const assessors = (who: string) =>
      notices([
        ['who: [{role: director, standIn: {role: supervisor}}, {role: supervisor}]', `who: [${who}]`],
        ['ladder: [feishu-app, [feishu-sms, sms], [feishu-phone, phone, pager]]', 'ladder: [sms, phone]'],
      ]);
    expect(await assessors('{role: ceo}')).toEqual([expect.stringContaining('陈卫东 不回应时，后面没有人可叫')]);
    expect(await assessors('{role: ceo, standIn: {role: ceo}}')).toEqual([
      expect.stringContaining('后面没有人可叫'),
      expect.stringContaining('代替 陈卫东 的还是 陈卫东'),
    ]);
    expect(await assessors('{role: ceo, standIn: {role: finance}}')).toEqual([]);
    expect(await assessors('{role: ceo}, {role: supervisor}')).toEqual([]);
  });
  it('C3, C5: a critical crisis without the executive, statements cleared by one alone', async () => {
    const without: Changes = [['{role: executive, standIn: {role: finance}}, ', '']];
    expect(await notices(without)).toEqual([expect.stringContaining('特大危机的预案里没有分管高管')]);
    expect(
      await notices([['clear: [{role: legal}, {role: director}]', 'clear: [{role: legal}, {person: sun}]']]),
    ).toEqual([expect.stringContaining('只由 孙律 一个人审核')]);
  });
  it('what is ill formed in company.yaml is not called missing here', async () => {
    const reading = await read([], [['phone: "+8613800000003"', 'phone: "13800000003"']]);
    expect(told(reading)).toEqual([expect.stringContaining('company.yaml')]);
    expect(ours(reading)).toEqual([]);
  });
});

it('a company that reads English is told in English', async () => {
  const english: Changes = [['language: zh-CN', 'language: en']];
  const holes: Changes = [
    ['grade: major\n    team', 'grade: major\n    kinds: [product-safety]\n    team'],
    ['answer: 5m', 'answer: 1 working hour'],
    ['each: 20万', 'each: 200万'],
  ];
  expect(told(await read(holes, english))).toEqual([
    expect.stringContaining('a crisis does not wait for the office'),
    expect.stringContaining('graded major, there is no plan for service, opinion'),
    expect.stringContaining('each may spend 200万, which is more than the total of 100万'),
  ]);
});

describe('hostile files', () => {
  const HOSTILE = [
    null,
    [],
    {},
    '',
    ' ',
    'x'.repeat(5000),
    -1,
    1e21,
    true,
    [[[]]],
    { role: {} },
    '__proto__',
    '\u0000',
  ];
  const input: LintInput = {
    company: undefined,
    processes: [],
    today: '2026-11-22',
    lineOf: () => 1,
    known: {
      people: new Set(),
      roles: new Set(),
      channels: new Set(),
      fieldsOf: () => new Set(),
      fields: new Set(['title']),
      kinds: new Set(['opinion']),
    },
  };
  const places = (value: unknown, path: Path = []): Path[] =>
    typeof value === 'object' && value !== null
      ? [path, ...Object.entries(value).flatMap(([key, one]) => places(one, [...path, key]))]
      : [path];
  const put = (data: unknown, path: Path, value: unknown): unknown => {
    const copy: unknown = structuredClone(data);
    const parent = path.slice(0, -1).reduce((here, key) => (here as Record<string, unknown>)[key], copy);
    (parent as Record<string, unknown>)[String(path.at(-1))] = value;
    return copy;
  };

  it('whatever stands in whatever place is read or said in both languages, and nothing breaks', () => {
    const data: unknown = parse(crisisText);
    const all = places(data).filter((path) => path.length > 0);
    expect(all.length).toBeGreaterThan(250);
    let said = 0;
    for (const [i, path] of all.entries()) {
      for (const value of [HOSTILE[i % HOSTILE.length], HOSTILE[(i * 7 + 3) % HOSTILE.length]]) {
        const { value: book, findings, removed } = shape(CrisisBook, put(data, path, value), 'crisis.yaml', {});
        const lint = book ? lintCrisis({ file: 'crisis.yaml', value: book, removed }, input) : [];
        for (const { saying } of [...findings, ...lint]) {
          const sentences = [say(saying, 'zh'), say(saying, 'en')].flatMap(({ what, mend }) => [what, mend]);
          expect(sentences.join()).not.toMatch(/undefined|\[object|NaN/);
          said++;
        }
      }
    }
    expect(said).toBeGreaterThan(all.length);
  });
  it('an anchor without a bottom, a bomb, a list instead of a set', async () => {
    expect(faultsOf(await read('kinds: &a [*a]\n'))).not.toEqual([]);
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
    ];
    expect(told(await read(bomb.join('\n')))).toEqual([expect.stringMatching(/alias/i)]);
    expect(told(await read('- kinds\n'))).toEqual([expect.stringContaining('「键: 值」')]);
  });
  it('more of anything than a card could show', async () => {
    const kinds = Array.from({ length: 51 }, (_, i) => `{id: k${i}, title: {zh: 类, en: K}}`).join(', ');
    const reading = await read([['kinds:\n', `kinds: [${kinds}]\nkindz:\n`]]);
    expect(told(reading)).toContainEqual(expect.stringContaining('「kinds」太多，最多 50'));
  });
});
