/** The debrief of a night (C7, C8): what it holds, for whom it is, what it finds missing; drills beside one another. */
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database as Client, openDatabase } from '../../db/client.ts';
import type { Card } from '../../src/core/card.ts';
import { markdownOf } from '../../src/core/document.ts';
import type { Database, Scene } from '../../src/core/intake.ts';
import { appendLedger } from '../../src/core/ledger.ts';
import type { JsonObject } from '../../src/core/message.ts';
import { pdfOf } from '../../src/core/pdf.ts';
import { debriefOf } from '../../src/crisis/debrief.ts';
import { type DebriefFacts, gatherDebrief } from '../../src/crisis/debrief-facts.ts';
import { debriefForReader, debriefReply } from '../../src/crisis/debrief-offer.ts';
import { drillsCard, figuresNow } from '../../src/crisis/drills.ts';
import { type Entry, scoreOf } from '../../src/crisis/figures.ts';
import { missingIn } from '../../src/crisis/missing.ts';
import type { Crisis, CrisisWorld } from '../../src/crisis/model.ts';
import { saveCrisis } from '../../src/crisis/store.ts';
import { timelineLines, timelineOf } from '../../src/crisis/timeline.ts';
import type { DecisionTaken } from '../../src/decisions/model.ts';
import { saveDecision } from '../../src/decisions/store.ts';
import { addOwnRoutes, debriefLink, fileLink, type OwnRoutes } from '../../src/http.ts';
import { hashOf, type Statement } from '../../src/statements/model.ts';
import { saveStatement } from '../../src/statements/store.ts';
import { person } from '../support/company.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { entriesIn, HOSTILE, type Night, openNight, RELEASED, toldNight } from './night.ts';

const LATER = new Date('2026-11-26T17:00:00+08:00');

const statement = (crisis: string): Statement => ({
  number: 'ST-2026-0001',
  crisis,
  drill: false,
  state: 'released',
  author: 'sun',
  draftedAt: '2026-11-21T19:10:00.000Z',
  text: RELEASED,
  version: 2,
  hash: hashOf(RELEASED),
  versionBy: 'sun',
  versionAt: '2026-11-21T19:20:00.000Z',
  writers: ['sun'],
  comments: [],
  steps: [{ id: 's1', called: { role: 'ceo' } }],
  clearances: [{ step: 's1', person: 'chen', version: 2, hash: hashOf(RELEASED), at: '2026-11-21T19:25:00.000Z' }],
  released: { where: '官方微博', at: '2026-11-21T19:29:00.000Z', notedAt: '2026-11-21T19:32:00.000Z', by: 'zhao' },
  parties: ['sun'],
  revision: 1,
});
const aftercare = (crisis: string): DecisionTaken => ({
  number: 'DM-2026-0001',
  text: '核算损失',
  owner: 'qian',
  due: '2026-11-25',
  chair: 'zhao',
  crisis,
  meetingTitle: { zh: '直播间起火', en: 'Fire' },
  aftercare: 'loss',
  state: 'accepted',
  takenAt: '2026-11-21T21:40:00.000Z',
  extensions: [],
  parties: ['qian'],
  version: 1,
  revision: 1,
});
const HASH = 'ab'.repeat(32);

/** Everything of a night, without a database. */
function factsOf(given: Parameters<typeof toldNight>[0] = {}): { facts: DebriefFacts; office: Night } {
  const { office, number } = toldNight(given);
  const facts: DebriefFacts = {
    crisis: office.crisis(number),
    entries: entriesIn(office),
    files: [
      {
        name: '暖手宝起火-20261122-01V1.jpg',
        by: 'sun',
        at: new Date('2026-11-21T19:10:00Z'),
        state: 'kept',
        sha256: HASH,
      },
      { name: '录屏.mp4', by: 'wang', at: new Date('2026-11-21T19:12:00Z'), state: 'refused', sha256: null },
    ],
    statements: [statement(number)],
    clearing: [
      {
        statement: 'ST-2026-0001',
        by: 'sun',
        at: '2026-11-21T19:12:00.000Z',
        event: {
          type: 'clearance-asked',
          data: { version: 1, hash: 'x', steps: [{ id: 's1', called: { role: 'legal' } }], asked: ['sun'] },
        },
      },
      {
        statement: 'ST-2026-0001',
        by: 'sun',
        at: '2026-11-21T19:20:00.000Z',
        event: { type: 'clearances-voided', data: { person: 'sun', version: 1, of: ['li'], why: 'edited' } },
      },
    ],
    signatures: [{ request: 'SP-2026-0007', person: 'chen', at: '2026-11-22T01:30:00.000Z', agreed: true }],
    decisions: [aftercare(number)],
    at: LATER,
  };
  return { facts, office };
}
const written = (given: Parameters<typeof toldNight>[0] = {}, language: 'zh' | 'en' = 'zh') => {
  const { facts, office } = factsOf(given);
  return markdownOf(debriefOf(facts, { world: office.world(), language }));
};
/** One chapter, by its heading. */
const chapter = (text: string, heading: string): string =>
  text.split(/^## \d+\. /m).find((part) => part.startsWith(heading)) ?? `no ${heading}`;

describe('what it holds', () => {
  const text = written();
  test('its chapters, in the order in which they are read', () => {
    const headings = [...text.matchAll(/^## (\d+)\. (.+)$/gm)].map(([, index, heading]) => `${index} ${heading}`);
    expect(headings).toEqual([
      '1 概要',
      '2 处理时间',
      '3 还缺什么',
      '4 呼叫与回应',
      '5 事实',
      '6 证据与文件',
      '7 对外联络',
      '8 任务',
      '9 态势更新',
      '10 先行支出与补批',
      '11 声明',
      '12 费用冻结',
      '13 善后',
      '14 时间线',
    ]);
  });
  test('how long everything took, against the plan', () => {
    const figures = chapter(text, '处理时间');
    expect(figures).toContain('| 定级 | 2 分 | 5 分 | 达到 |');
    expect(figures).toContain('| 控制 | 2 小时 40 分 | 3 小时 | 达到 |');
    expect(figures).toContain('各人首次回应：孙律 7 分');
    expect(figures).not.toContain('赵敏');
  });
  test('what happened earlier than it was noted has both times, and a quoted message its author', () => {
    const facts = chapter(text, '事实');
    expect(facts).toContain('2026-11-22 周日 03:07:00<br>（发生于 2026-11-22 周日 02:40）');
    expect(facts).toContain('| 冒烟了 | 主播小林（Slack）<br>https://slack.example/archives/C1/p1 |');
    expect(chapter(text, '对外联络')).toContain('监管部门 | 市场监管局 | 已报告');
  });
  test('nobody’s words become markup', () => {
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('[合同](');
    expect(text).toContain('\\[合同\\](http://evil.example) \\| \\<b\\>粗');
  });
  test('money with both times: when it was spent, when it was ratified, by whom; what is late is late', () => {
    const money = chapter(text, '先行支出');
    expect(money).toContain(
      '| SP-2026-0007 | 赵敏 | ¥80,000.00 | 2026-11-22 周日 03:07 | 2026-11-22 周日 03:07 补批<br>',
    );
    expect(money).toContain('陈卫东 2026-11-22 周日 09:30 同意');
    expect(money).toMatch(/SP-2026-0008 .*还没有补批<br>须在 2026-11-25 周三 15:30 前补批<br>已过期限/);
    expect(money).toContain('先行支出合计 ¥85,000.00，其中还没有补批的 ¥5,000.00。');
  });
  test('the statement with its exact text, its hash, who cleared it, where and when it went out', () => {
    const said = chapter(text, '声明');
    expect(said).toContain('> 我们已经关注到直播间的情况。\\\n> 产品已全部下架，正在调查。');
    for (const part of [
      hashOf(RELEASED),
      '审核：首席执行官 陈卫东 2026-11-22 周日 03:25',
      '官方微博，2026-11-22 周日 03:29，赵敏',
    ])
      expect(said).toContain(part);
    expect(said).toContain('送审：孙律 2026-11-22 周日 03:12，第 1 版，依次由 法务 审核');
    expect(said).toContain('审核作废：李娜 的审核自 2026-11-22 周日 03:20 起不再算数（孙律 改动了正文）');
  });
  test('facts in the order in which they happened', () => {
    const { facts, office } = factsOf();
    const noted = [facts.entries.filter(({ type }) => type === 'fact-noted')].flat().toReversed();
    const told = debriefOf({ ...facts, entries: noted }, { world: office.world(), language: 'zh' });
    const said = chapter(markdownOf(told), '事实');
    expect(said.indexOf('02:40')).toBeLessThan(said.indexOf('冒烟了'));
  });
  test('whoever acted elsewhere is named, not the system; who never answered cannot take it back', () => {
    const { facts, office } = factsOf();
    const lines = timelineLines(facts.entries, { world: office.world(), language: 'zh' });
    expect(lines.find(({ type }) => type === 'spend-executed')?.who).toBe('赵敏');
    expect(lines.find(({ type }) => type === 'statement-noted')?.who).toBe('赵敏');
    const at = '2026-11-21T19:00:00.000Z';
    const back = { type: 'answer-taken-back', by: 'li', at, data: { call: 'c1', person: 'li', reason: '在飞机上' } };
    const answered = { type: 'page-answered', by: 'li', at, data: { call: 'c1', person: 'li' } };
    const texts = (entries: Entry[]) =>
      timelineLines(entries, { world: office.world(), language: 'zh' }).map(({ text }) => text);
    expect(texts([back])).toEqual(['李娜 说处理不了：在飞机上']);
    expect(texts([answered, back, back]).slice(1)).toEqual(['李娜 收回回应：在飞机上', '李娜 说处理不了：在飞机上']);
  });
  test('files with their hash, tasks with who did them, the freeze with who lifted it, what is done afterwards', () => {
    expect(chapter(text, '证据与文件')).toContain(HASH);
    expect(chapter(text, '任务')).toContain('| 下架产品 | 李娜 | 李娜 2026-11-22 周日 03:07 完成 |');
    expect(chapter(text, '费用冻结')).toContain('赵敏 决定恢复：已下架');
    expect(chapter(text, '善后')).toContain(
      '| DM-2026-0001 | 损失评估<br>核算损失 | 钱多 | 2026-11-25 周三 | 进行中<br>已过期 1 天 |',
    );
  });
  test('every entry of the ledger stands in the timeline, in either language', () => {
    const { facts } = factsOf();
    for (const [language, heading] of [
      ['zh', '时间线'],
      ['en', 'Timeline'],
    ] as const) {
      const rows = chapter(written({}, language), heading).match(/^\| .*\d\d:\d\d:\d\d.* \|$/gm) ?? [];
      expect(rows).toHaveLength(facts.entries.length);
      expect(rows.join('\n')).not.toMatch(/undefined|\[object|crisis-|page-/);
    }
  });
  test('English has no Chinese but names and what people said', () => {
    const plain = written({}, 'en').replaceAll(HOSTILE, '');
    expect(plain.match(/定级|补批|回应|冻结|善后|时间线/g)).toBeNull();
  });
});

describe('what is missing', () => {
  const missing = (given: Parameters<typeof toldNight>[0] = {}, change: Partial<DebriefFacts> = {}) => {
    const { facts, office } = factsOf(given);
    return missingIn({ ...facts, ...change }, { world: office.world(), language: 'zh' });
  };
  test('what nobody ordered, ratified, did or took', () => {
    expect(missing()).toEqual([
      '没有人担任：记录、发言人、法务。',
      '还没有安排关系修复。',
      '还没有总结经验教训。',
      '还没有安排整改。',
      '还有 1 项任务没有完成。',
      '还没有补批的先行支出：SP-2026-0008。',
      '没有收下的文件：录屏.mp4。',
      '还没有完成的善后事项：DM-2026-0001。',
    ]);
  });
  test('a loss assessment that was struck is none', () => {
    const { facts } = factsOf();
    const decisions = facts.decisions.map((one) => ({ ...one, state: 'void' as const }));
    expect(missing({}, { decisions })).toContain('还没有安排损失评估。');
  });
  test('a drill owes its lessons only', () => {
    const { facts } = factsOf({ drill: true });
    const owed = missing({ drill: true }, { crisis: { ...facts.crisis, aftercare: [] }, decisions: [] });
    expect(owed).toContain('还没有总结经验教训。');
    expect(owed.join()).not.toMatch(/损失|关系修复|整改/);
  });
  test('of an alarm that is going on: that it is not graded, not over; of a false alarm nothing', () => {
    const office = openNight();
    const number = office.raises('wang');
    const none = { files: [], statements: [], clearing: [], signatures: [], decisions: [], at: LATER };
    const now = () =>
      missingIn(
        { crisis: office.crisis(number), entries: entriesIn(office), ...none },
        { world: office.world(), language: 'zh' },
      );
    expect(now()).toEqual(expect.arrayContaining(['危机还没有解除。', '还没有定级。']));
    office.does('wang', 'stand-down', number, { how: 'false-alarm', reason: '看错了' });
    expect(now()).toEqual([]);
  });
  test('a place of the plan that nobody answered is named', () => {
    const office = openNight();
    const number = office.raises('wang');
    office.does('zhao', 'grade', number, { grade: 'major', reason: '有人受伤' });
    const facts = {
      crisis: office.crisis(number),
      entries: entriesIn(office),
      files: [],
      statements: [],
      clearing: [],
      signatures: [],
    };
    const found = missingIn({ ...facts, decisions: [], at: LATER }, { world: office.world(), language: 'zh' });
    expect(found).toContain('始终没有人回应的呼叫：孙律。');
  });
});

describe('on paper', () => {
  test('the same debrief is the same file, small, with its Chinese fonts inside', async () => {
    const { facts, office } = factsOf();
    const paper = debriefOf(facts, { world: office.world(), language: 'zh' });
    const [first, again] = [await pdfOf(paper), await pdfOf(paper)];
    expect(first.equals(again)).toBe(true);
    expect(first.length).toBeLessThan(500_000);
    const text = first.toString('latin1');
    expect(text.startsWith('%PDF-')).toBe(true);
    expect(text).toMatch(/[A-Z]{6}\+NotoSansHans-Regular/);
    expect(text).toMatch(/[A-Z]{6}\+NotoSansHans-Bold/);
    expect(Number(/\/Count (\d+)/.exec(text)?.[1])).toBeGreaterThan(3);
  });
  test('a drill is marked on paper and in its title', () => {
    const { facts, office } = factsOf({ drill: true });
    const paper = debriefOf(facts, { world: office.world(), language: 'zh' });
    expect(paper).toMatchObject({ number: 'DR-2026-0001', mark: '演练', title: '危机演练复盘报告' });
    expect(markdownOf(paper)).toMatch(/^# 演练 危机演练复盘报告 DR-2026-0001\n/);
  });
  test('whoever said that they cannot is named beside the call, and nobody is said to have taken anything back', () => {
    const { facts, office } = factsOf();
    const calls = facts.crisis.calls.map((call) => ({ ...call, answers: [], declined: ['li'] }));
    const told = debriefOf({ ...facts, crisis: { ...facts.crisis, calls } }, { world: office.world(), language: 'zh' });
    const reached = chapter(markdownOf(told), '呼叫与回应');
    expect(reached).toContain('李娜 说处理不了<br>没有人回应');
    expect(reached).not.toContain('收回');
  });
  test('a drill graded below its scenario says so, one graded as high and a real night do not', () => {
    const { facts, office } = factsOf({ drill: true });
    const told = (crisis: Crisis) =>
      chapter(markdownOf(debriefOf({ ...facts, crisis }, { world: office.world(), language: 'zh' })), '处理时间');
    expect(told(facts.crisis)).toContain('定低了：剧本是特大。');
    expect(told({ ...facts.crisis, grade: 'critical' })).not.toContain('定低了');
    expect(chapter(written(), '处理时间')).not.toContain('定低了');
  });
  test('a cell longer than a page goes on on the next: nothing is lost, nothing hangs', async () => {
    const { facts, office } = factsOf();
    const text = '长\n'.repeat(150);
    const more = Array.from({ length: 3 }, () => ({
      type: 'contact-noted',
      by: 'sun',
      at: '2026-11-21T19:00:00.000Z',
      data: { party: 'media', whom: '记者'.repeat(100), text, contactedAt: '2026-11-21T19:00:00.000Z' } as JsonObject,
    }));
    const paper = debriefOf(
      { ...facts, entries: [...facts.entries, ...more] },
      { world: office.world(), language: 'zh' },
    );
    const pages = Number(/\/Count (\d+)/.exec((await pdfOf(paper)).toString('latin1'))?.[1]);
    expect(pages).toBeGreaterThan(12);
  });
});

describe('from the books', () => {
  let fresh: FreshDatabase;
  let database: Client;
  let sql: Database;
  let world: CrisisWorld;
  let number: string;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = openDatabase(fresh.url, { max: 2 });
    sql = database.sql;
    const told = toldNight();
    ({ number } = told);
    // more than the crisis itself keeps beside it
    for (let i = 0; i < 40; i++) told.office.does('sun', 'fact', number, { text: `事实${i}` });
    world = told.office.world();
    await keep(told.office, number);
    await sql.begin(async (tx) => {
      await saveDecision(tx, aftercare(number));
      await saveStatement(tx, statement(number), []);
      await appendLedger(tx, [
        {
          subject: 'ST-2026-0001',
          type: 'clearances-voided',
          by: 'sun',
          at: new Date('2026-11-21T19:20:00Z'),
          data: { person: 'sun', version: 1, of: ['li'], why: 'returned' },
        },
      ]);
      await tx`
        insert into attachment ${tx({ id: randomUUID(), subject: number, position: 1, by: 'sun', platform: 'slack', ref: tx.json({}), name: '照片.jpg', original: 'x.jpg', state: 'kept', sha256: HASH, at: LATER })}`;
    });
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  async function keep(office: Night, subject: string): Promise<void> {
    const entries = entriesIn(office).map((entry) => ({ ...entry, subject, at: new Date(entry.at) }));
    await sql.begin(async (tx) => {
      await saveCrisis(tx, office.crisis(subject));
      await appendLedger(tx, entries);
    });
  }
  const scene = (person: string, language: 'zh' | 'en' = 'zh') =>
    ({ sql, world, person, language, at: LATER }) as unknown as Scene<CrisisWorld>;

  test('the timeline has every fact, also those that the crisis does not keep beside it', async () => {
    const lines = await timelineOf(sql, number, { world, language: 'zh' });
    expect(lines.filter(({ text }) => /^事实：事实\d+$/.test(text))).toHaveLength(40);
    expect(lines.find(({ happenedAt }) => happenedAt)?.happenedAt).toBe('2026-11-21T18:40:00.000Z');
  });

  test('what was cleared and counts no more is read from the ledger of its statement', async () => {
    const facts = await gatherDebrief(sql, number, LATER);
    if (!facts) throw new Error('no debrief');
    const text = markdownOf(debriefOf(facts, { world, language: 'zh' }));
    expect(chapter(text, '声明')).toContain(
      '审核作废：李娜 的审核自 2026-11-22 周日 03:20 起不再算数（孙律 退回修改）',
    );
  });

  test('offered as two links of one’s own with what is still missing; not to those whom it does not concern', async () => {
    const reply = debriefReply((of, format, person) => `https://desk/${of}.${format}/${person}`);
    const offered = (await reply(scene('sun'), number)) as { kind: 'card'; card: Card };
    const links = offered.card.blocks.flatMap((block) => (block.kind === 'link' ? [block.url] : []));
    expect(links).toEqual([`https://desk/${number}.pdf/sun`, `https://desk/${number}.md/sun`]);
    expect(JSON.stringify(offered.card)).toContain('还没有补批的先行支出：SP-2026-0008。');
    const people = new Map(world.directory.people).set('zhou', person({ id: 'zhou', name: '周同' }));
    const elsewhere = { ...world, directory: { ...world.directory, people } };
    const stranger = await reply({ ...scene('zhou'), world: elsewhere }, number);
    expect(stranger).toMatchObject({ kind: 'said', tone: 'bad' });
    expect(await reply(scene('sun'), 'CR-2026-9999')).toMatchObject({ kind: 'said', tone: 'bad' });
  });

  test('made in the reader’s language, for those who may see it alone', async () => {
    const made = (who: string, format: 'md' | 'pdf' = 'md') =>
      debriefForReader({ sql, world, at: LATER }, number, format, who);
    expect((await made('zhao'))?.content).toContain('照片.jpg');
    const people = new Map(world.directory.people);
    people.set('zhao', { ...people.get('zhao'), language: 'en' } as never);
    const abroad = { ...world, directory: { ...world.directory, people } };
    const english = await debriefForReader({ sql, world: abroad, at: LATER }, number, 'md', 'zhao');
    expect(english).toMatchObject({ name: `${number}-debrief.md`, mime: 'text/markdown; charset=utf-8' });
    expect(english?.content).toContain('## 14. Timeline');
    expect(await made('nobody')).toBeUndefined();
    expect(await debriefForReader({ sql, world, at: LATER }, 'CR-2026-9999', 'md', 'zhao')).toBeUndefined();
    expect((await made('zhao', 'pdf'))?.mime).toBe('application/pdf');
  });

  test('the link serves its person for ten minutes; no other link opens it, and it opens nothing else', async () => {
    let now = LATER;
    const own = { linkKey: 'key', publicUrl: 'https://desk', clock: () => now };
    const asked: string[] = [];
    const app = new Hono();
    const debrief: OwnRoutes['debrief'] = async (of, format, person) => {
      asked.push(`${of} ${format} ${person}`);
      return { content: '# 复盘', name: '复盘.md', mime: 'text/markdown; charset=utf-8' };
    };
    addOwnRoutes(app, { ...own, debrief, file: async () => undefined } as unknown as OwnRoutes);
    const get = async (url: string) => (await app.request(url)).status;
    const link = debriefLink(own, number, 'md', 'zhao');
    const answer = await app.request(link);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('# 复盘');
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('复盘.md'));
    expect(await get(link.replace('p=zhao', 'p=qian'))).toBe(404);
    expect(await get(link.replace('.md?', '.pdf?'))).toBe(404);
    expect(await get(link.replace(number, 'CR-2026-0002'))).toBe(404);
    expect(await get(link.replace(/s=[^&]+/, 's='))).toBe(404);
    expect(await get(fileLink(own, `${number}.md`, 'zhao').replace('/files/', '/debrief/'))).toBe(404);
    expect(await get(debriefLink(own, number, 'exe' as never, 'zhao'))).toBe(404);
    now = new Date(LATER.getTime() + 10 * 60_000 + 1);
    expect(await get(link)).toBe(404);
    expect(asked).toEqual([`${number} md zhao`]);
  });

  test('drills of one scenario beside one another: each figure with its target, faster or slower than the time before', async () => {
    const empty = await drillsCard(sql, world, 'zh', LATER);
    expect(empty.summary).toBe('还没有演练过。输入 /crisis drill 开始一次。');
    const { targets } = toldNight({ drill: true }).office.crisis('DR-2026-0001').plan ?? { targets: {} };
    const held = async (drill: string, raisedAt: string, graded: number, statement?: number) => {
      const { office } = toldNight({ drill: true });
      const figures = { graded, answers: [], ...(statement ? { firstStatement: statement } : {}) };
      const crisis: Crisis = {
        ...office.crisis('DR-2026-0001'),
        number: drill,
        raisedAt,
        score: scoreOf(figures, targets),
      };
      await sql.begin((tx) => saveCrisis(tx, crisis));
    };
    await held('DR-2026-0001', '2026-08-03T02:00:00.000Z', 400);
    await held('DR-2026-0002', '2026-11-03T02:00:00.000Z', 200, 1800);
    const card = await drillsCard(sql, world, 'zh', LATER);
    const texts = card.blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
    expect(texts[0]).toBe('本季度已演练 1 次。');
    expect(texts[1]).toBe('直播间起火');
    expect(texts[2]).toMatch(
      /^DR-2026-0002 2026-11-03 周二 · 5 项目标达到 2 项\n定低了：剧本是特大。\n✓ 定级 3 分 20 秒（目标 5 分），比上次快 3 分 20 秒\n/,
    );
    expect(texts[2]).toContain('✓ 首份声明 30 分（目标 1 小时）');
    expect(texts[3]).toContain('✗ 定级 6 分 40 秒（目标 5 分）');
    expect(texts[3]).toContain('✗ 首份声明 没有做到（目标 1 小时）');
    const spring = await drillsCard(sql, world, 'en', new Date('2027-01-05T00:00:00Z'));
    expect(spring.summary).toBe('No drill was held this quarter. Type /crisis drill to begin one.');
  });

  test('while a drill ends, its figures come from what the ledger has of it, and from that moment', async () => {
    const { office, number: drill } = toldNight({ drill: true });
    await sql`delete from crisis where number = ${drill}`;
    await keep(office, drill);
    const figures = await figuresNow(sql, office.crisis(drill), LATER);
    expect(figures).toMatchObject({ graded: 120, teamComplete: 420, controlled: 9600 });
  });
});
