/** Minutes as teams paste them, in Chinese and English: laid into the template, with nothing guessed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FindPerson, readDecisionLine, writeDecisionLine } from '../../src/meetings/decision-line.ts';
import { readDraft, readPresent, readSpoken } from '../../src/meetings/draft.ts';

const PEOPLE: Record<string, string> = {
  李娜: 'li',
  王晓文: 'wang',
  赵敏: 'zhao',
  欧阳修远: 'ouyang',
  'li na': 'li',
  'anna maria bell': 'bell',
  li: 'li',
  wang: 'wang',
};
const find: FindPerson = (name) => PEOPLE[name.toLowerCase()];
/** A Monday. */
const TODAY = '2026-11-23';
const read = (line: string, today = TODAY) => {
  const { text, owner, due } = readDecisionLine(line, find, today);
  return [text, owner, due];
};
const decided = (text: string, today = TODAY) =>
  readDraft(text, find, today).decisions.map((one) => [one.text, one.owner, one.due]);

describe('one decision, however it is written', () => {
  test.for<[string, string, string, string]>([
    ['与场地签合同 @李娜 12-05', '与场地签合同', 'li', '2026-12-05'],
    ['与场地签合同，付定金。@李娜 12月5日前', '与场地签合同，付定金。', 'li', '2026-12-05'],
    ['与场地签合同（责任人：李娜，截止：12月5日）', '与场地签合同', 'li', '2026-12-05'],
    ['与场地签合同　责任人：李娜；期限：２０２６－１２－０５', '与场地签合同', 'li', '2026-12-05'],
    ['与场地签合同 负责人 李娜 12/5', '与场地签合同', 'li', '2026-12-05'],
    ['与场地签合同——李娜，12.5前', '与场地签合同', 'li', '2026-12-05'],
    ['由李娜负责与场地签合同，12月5号前完成', '与场地签合同', 'li', '2026-12-05'],
    ['场地合同由李娜负责，十二月五日前', '场地合同', 'li', '2026-12-05'],
    ['李娜：12月5日前完成场地合同', '场地合同', 'li', '2026-12-05'],
    ['@李娜 12-05 与场地签合同', '与场地签合同', 'li', '2026-12-05'],
    ['@李娜负责场地合同 下周三前', '负责场地合同', 'li', '2026-12-02'],
    ['场地合同@李娜12-05', '场地合同', 'li', '2026-12-05'],
    ['场地合同 @欧阳修远 本周五', '场地合同', 'ouyang', '2026-11-27'],
    ['场地合同 @李娜 周五前', '场地合同', 'li', '2026-11-27'],
    ['场地合同 @李娜 12月5日（周六）前', '场地合同', 'li', '2026-12-05'],
    ['DM-2026-0012 场地合同 — 李娜，2026-12-05 周六 前', '场地合同', 'li', '2026-12-05'],
    ['场地合同 @李娜 明天', '场地合同', 'li', '2026-11-24'],
    ['Sign the venue contract @Li Na 2026-12-05', 'Sign the venue contract', 'li', '2026-12-05'],
    ['Sign the venue contract — owner: Li Na, due Dec 5', 'Sign the venue contract', 'li', '2026-12-05'],
    ['Sign the venue contract (Anna Maria Bell, by 5 December)', 'Sign the venue contract', 'bell', '2026-12-05'],
    ['Sign the venue contract - Li Na, by 5th of December', 'Sign the venue contract', 'li', '2026-12-05'],
    ['Sign the venue contract, owner: Li Na, deadline: 12/15', 'Sign the venue contract', 'li', '2026-12-15'],
    ['Book the hall @Li Na by Friday', 'Book the hall', 'li', '2026-11-27'],
  ])('%s', ([line, text, owner, due]) => {
    expect(read(line)).toEqual([text, owner, due]);
  });

  test('a date within the sentence is what it is about, not when it is due, and stays', () => {
    expect(read('确定12月10日发布会的场地 @李娜')).toEqual(['确定12月10日发布会的场地', 'li', '']);
    expect(read('确定12月10日发布会的场地 @李娜 12-05')).toEqual(['确定12月10日发布会的场地', 'li', '2026-12-05']);
    expect(read('12月5日前确定12月10日发布会的场地 @李娜')).toEqual(['确定12月10日发布会的场地', 'li', '2026-12-05']);
    expect(read('@李娜 整理 11-20 的采访记录')).toEqual(['整理 11-20 的采访记录', 'li', '']);
    expect(read('预算12.5万 @李娜')).toEqual(['预算12.5万', 'li', '']);
    expect(read('邀请媒体10-12家 @李娜')).toEqual(['邀请媒体10-12家', 'li', '']);
    expect(read('改用下周一例会的模板 @李娜')).toEqual(['改用下周一例会的模板', 'li', '']);
  });

  test('two names are no owner, nor is one that nobody knows: both stay to be read', () => {
    expect(read('场地合同 @李娜 @王晓文 12-05')).toEqual(['场地合同 @李娜 @王晓文', '', '2026-12-05']);
    expect(read('场地合同，责任人：李娜、王晓文，12-05')).toEqual(['场地合同，责任人：李娜、王晓文', '', '2026-12-05']);
    expect(read('场地合同 @李娜和王晓文 12-05')[1]).toBe('');
    expect(read('与 @王晓文 对接场地 @李娜 12-05')).toEqual(['与 @王晓文 对接场地', 'li', '2026-12-05']);
    expect(readDecisionLine('场地合同 @张三 12-05', find, TODAY)).toMatchObject({
      text: '场地合同 @张三',
      owner: '',
      due: '2026-12-05',
      unknown: '张三',
    });
    expect(read('明确各展区责任人 名单 @李娜 12-05')).toEqual(['明确各展区责任人 名单', 'li', '2026-12-05']);
    expect(read('发到 pr@example.com 12-05')[1]).toBe('');
    expect(read('场地合同 @李娜娜 12-05')[1]).toBe('');
  });

  test('what is not said is empty, and what could mean two days is none', () => {
    expect(read('场地合同')).toEqual(['场地合同', '', '']);
    expect(read('场地合同 @李娜')).toEqual(['场地合同', 'li', '']);
    expect(read('场地合同 月底前 @李娜')[2]).toBe('');
    expect(read('Hall contract @Li Na due 5/6')[2]).toBe('');
    expect(read('Hall contract @Li Na due 25/12')[2]).toBe('2026-12-25');
    expect(read('场地合同 @李娜 周五前', '2026-11-27')[2]).toBe('');
    expect(read('场地合同 @李娜 2月30日')[2]).toBe('');
  });

  test('without a year: at the turn of the year the next one; a day that has just been is a slip', () => {
    expect(read('场地合同 @李娜 1-5', '2026-12-28')[2]).toBe('2027-01-05');
    expect(read('场地合同 @李娜 12月20日', '2026-12-28')[2]).toBe('');
    expect(read('场地合同 @李娜 2026-12-20', '2026-12-28')[2]).toBe('2026-12-20');
    expect(read('场地合同 @李娜 下周三', '2026-12-28')[2]).toBe('2027-01-06');
  });
});

describe('a whole text', () => {
  test('with headings, numbers and bullets, as a team writes it in a chat', () => {
    const text = `部门例会纪要
时间：2026年11月23日 10:00
地点：三楼会议室
主持人：赵敏
到会：赵敏、李娜，王晓文 张三（外部）等4人
缺席：孙律

一、议题
1. 年会场地
2、3.2万海报
（3）媒体名单
二、决议
1. 与场地签合同 @李娜 12-05
2）海报定稿，责任人：王晓文，截止12月1日
备注：下次再议其他
三、下一步
- 复盘 @赵敏 下周三`;
    const draft = readDraft(text, find, TODAY);
    expect(draft.topics).toEqual(['年会场地', '3.2万海报', '媒体名单']);
    expect(draft.present).toEqual([
      { name: '赵敏', person: 'zhao' },
      { name: '李娜', person: 'li' },
      { name: '王晓文', person: 'wang' },
      { name: '张三' },
    ]);
    expect(draft.decisions.map((one) => [one.text, one.owner, one.due])).toEqual([
      ['与场地签合同', 'li', '2026-12-05'],
      ['海报定稿', 'wang', '2026-12-01'],
      ['复盘', 'zhao', '2026-12-02'],
    ]);
    expect(draft.cut).toBeUndefined();
  });

  test('in Markdown: headings, emphasis, boxes to tick, quotes', () => {
    const text = `# Weekly
## **Topics**
* Venue
* \`Budget\` 3.2万
## **Decisions**:
- [ ] **Sign** the contract @Li Na 12-05
- [x] Book the hall — owner: Li Na, due 6 December
> ### Attendees
> Li Na, Bob (guest)`;
    const draft = readDraft(text, find, TODAY);
    expect(draft.topics).toEqual(['Venue', 'Budget 3.2万']);
    expect(draft.decisions.map((one) => [one.text, one.owner, one.due])).toEqual([
      ['Sign the contract', 'li', '2026-12-05'],
      ['Book the hall', 'li', '2026-12-06'],
    ]);
    expect(draft.present).toEqual([{ name: 'Li Na', person: 'li' }, { name: 'Bob' }]);
  });

  test('all on lines of their own: 决议1：, 【决议】, **决议**：', () => {
    expect(decided('决议1：签合同 @李娜 12-05\n决议二：海报定稿 @王晓文 12-06')).toEqual([
      ['签合同', 'li', '2026-12-05'],
      ['海报定稿', 'wang', '2026-12-06'],
    ]);
    expect(decided('【决议】签合同 @李娜 12-05')).toEqual([['【决议】签合同', 'li', '2026-12-05']]);
    expect(decided('**决议**：签合同 @李娜 12-05')).toEqual([['签合同', 'li', '2026-12-05']]);
  });

  test('owner and date on the lines below', () => {
    expect(decided('决议：\n1. 签合同\n责任人：李娜\n截止：12-05\n2. 海报定稿\n   负责人：王晓文，12月6日')).toEqual([
      ['签合同', 'li', '2026-12-05'],
      ['海报定稿', 'wang', '2026-12-06'],
    ]);
  });

  test('as a table of Markdown, or cells from a sheet', () => {
    const rows = [
      ['签合同', 'li', '2026-12-05'],
      ['海报定稿', 'wang', '2026-12-06'],
    ];
    expect(
      decided(
        '决议\n| 序号 | 事项 | 责任人 | 期限 |\n|---|:--|---|---|\n| 1 | 签合同 | @李娜 | 12-05 |\n| 2 | 海报定稿 | 王晓文 | 12月6日 |',
      ),
    ).toEqual(rows);
    expect(decided('事项\t负责人\t完成时间\n签合同\t李娜\t12-05\n海报定稿\t王晓文\t12-06')).toEqual(rows);
  });

  test('without any heading: what names somebody or a date is a decision, the rest are topics', () => {
    const draft = readDraft('年会场地\n签合同 @李娜 12-05', find, TODAY);
    expect(draft.topics).toEqual(['年会场地']);
    expect(draft.decisions).toHaveLength(1);
  });

  test('"none" is no decision, an item called 总结 is no heading, and a title is no topic', () => {
    expect(decided('决议：无')).toEqual([]);
    expect(readDraft('周会\n议题\n1. 场地\n2. 总结\n3. 预算', find, TODAY).topics).toEqual(['场地', '总结', '预算']);
  });

  test('names as they are listed: titles beside them, guests, each once', () => {
    expect(readPresent('赵敏（主持）、@李娜；李娜/王晓文 客户-陈总（外部），共5人', find)).toEqual([
      { name: '赵敏', person: 'zhao' },
      { name: '李娜', person: 'li' },
      { name: '王晓文', person: 'wang' },
      { name: '客户-陈总' },
    ]);
  });

  test('5,000 lines are read as far as minutes can go, and it is said that there was more', () => {
    const draft = readDraft(
      Array.from({ length: 5000 }, (_, i) => `决议：第${i}项 @李娜 12-05`).join('\n'),
      find,
      TODAY,
    );
    expect(draft.decisions).toHaveLength(40);
    expect(draft.cut).toBe(true);
  });

  test('hostile text is text, and quick', () => {
    const before = performance.now();
    for (const piece of ['@', '（', '责任人', '12-', '12月', '周', '、', '由', '|', 'A ', '李娜和', '\u202e', '一']) {
      readDraft(`决议：${piece.repeat(50_000)}`, find, TODAY);
      readDraft(`${piece}\n`.repeat(3000), find, TODAY);
      readSpoken(piece.repeat(50_000), find, TODAY);
    }
    expect(performance.now() - before).toBeLessThan(5000);
    const [one] = readDraft('决议：签\u202e合同<!channel> =HYPERLINK("x") @李娜 12-05', find, TODAY).decisions;
    expect(one).toMatchObject({ text: '签合同<!channel> =HYPERLINK("x")', owner: 'li', due: '2026-12-05' });
  });
});

describe('our own template', () => {
  const words = fc.string({
    unit: fc.constantFrom(...'签合同与场地付定金，。12月5日前-/（）责任人：负责 ab.@李娜'),
    minLength: 1,
    maxLength: 30,
  });
  const day = fc
    .integer({ min: 0, max: 1500 })
    .map((days) => new Date(Date.parse(TODAY) + days * 86_400_000).toISOString().slice(0, 10));

  test('what is written by it is read back the same, whatever the decision says', () => {
    const text = words
      .map((raw) => readDecisionLine(raw, () => undefined, TODAY).text)
      // words that call several people at once, or say nothing, are no decision of one owner
      .filter((said) => /[^（）\s]/u.test(said) && !/@\s?\S*$|@.*[、/&与和及]|责任人|负责人/u.test(said));
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('李娜', '王晓文', 'Anna Maria Bell'),
        day,
        fc.option(fc.integer({ min: 1, max: 9999 })),
        (said, who, due, n) => {
          const number = n === null ? {} : { number: `DM-2026-${String(n).padStart(4, '0')}` };
          const line = writeDecisionLine({ text: said, due, ...number }, who);
          const { line: _line, ...back } = readDecisionLine(line, find, TODAY);
          expect(back).toEqual({ text: said, owner: find(who), due, ...number });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any list of topics, people and decisions in it is the same after it was pasted', () => {
    const topic = fc.constantFrom('年会场地', '3.2万海报', '媒体名单（第二轮）', 'Q4 budget', '12月10日发布会');
    const decision = fc.record({
      text: fc.constantFrom('签合同', '海报定稿', 'Book the hall'),
      who: fc.constantFrom('李娜', '王晓文'),
      due: day,
    });
    fc.assert(
      fc.property(
        fc.array(topic, { minLength: 1, maxLength: 8 }),
        fc.array(decision, { maxLength: 8 }),
        fc.uniqueArray(fc.constantFrom('赵敏', '李娜', '张三')),
        (topics, decisions, present) => {
          const text = [
            `议题：\n${topics.map((one, i) => `${i + 1}. ${one}`).join('\n')}`,
            ...decisions.map((one) => `决议：${writeDecisionLine(one, one.who)}`),
            `到会：${present.join('、')}`,
          ].join('\n');
          const draft = readDraft(text, find, TODAY);
          expect(draft.topics).toEqual(topics);
          expect(draft.present.map((one) => one.name)).toEqual(present);
          expect(draft.decisions.map((one) => [one.text, one.owner, one.due])).toEqual(
            decisions.map((one) => [one.text, find(one.who), one.due]),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('of a transcript only sentences that sound decided are taken, whole, for somebody to check', () => {
  const text = `2026-11-23 10:00:00 CST|58分钟 3秒

关键词:
场地、预算

赵敏 00:00:12
大家早上好。我们看一下年会场地。
李娜 00:01:30
报价三万二，我觉得可以。那就这么定吧，由李娜负责签合同，12月5日前。
王晓文
好的。We agreed to print the posters. OK`;
  expect(readSpoken(text, find, TODAY).map((one) => [one.text, one.owner, one.due])).toEqual([
    ['那就这么定吧，由李娜负责签合同，12月5日前', 'li', '2026-12-05'],
    ['We agreed to print the posters', '', ''],
  ]);
});
