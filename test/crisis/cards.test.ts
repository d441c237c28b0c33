/** What people see of a crisis: what happened, what to do next, who was reached and how; on every platform, however large it grows. */
import { describe, expect, test } from 'vitest';
import { bytesOf, fits } from '../../adapters/feishu/fit.ts';
import { renderForm as formOnFeishu, renderCard as onFeishu } from '../../adapters/feishu/render.ts';
import { renderForm as inWindow } from '../../adapters/slack/form.ts';
import { renderCard as onSlack } from '../../adapters/slack/render.ts';
import type { Block, Button, Card } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import type { Audience } from '../../src/core/module.ts';
import { crisisCard } from '../../src/crisis/cards.ts';
import { ASKS, askForm } from '../../src/crisis/forms.ts';
import { noticeCard } from '../../src/crisis/notices.ts';
import { pageCard, ringCard } from '../../src/crisis/page-cards.ts';
import type { Reading } from '../../src/crisis/reading.ts';
import type { RingSent } from '../../src/crisis/store.ts';
import { directory } from '../support/company.ts';
import { book, type Office, openOffice } from './office.ts';

const ROOM: Audience = { room: { platform: 'slack', id: 'C1' } };

const reading = (office: Office, number: string, more: Partial<Reading> = {}): Reading => ({
  crisis: office.crisis(number),
  world: office.world(),
  language: 'zh',
  at: office.at,
  sent: [],
  held: [],
  statements: [],
  files: [],
  ...more,
});

const texts = ({ blocks }: Card): string =>
  blocks
    .flatMap((block: Block) => {
      if (block.kind === 'facts') return block.facts.map(({ label, value }) => `${label}：${value}`);
      return 'text' in block ? [block.text] : [];
    })
    .join('\n');
const buttonsOf = ({ blocks }: Card): Button[] =>
  blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
const labels = (card: Card): string[] => buttonsOf(card).map((button) => button.label);
const situation = (office: Office, number: string, viewer: Audience = ROOM, more: Partial<Reading> = {}): Card =>
  crisisCard(reading(office, number, more), viewer);
const page = (office: Office, number: string, seat: string, person = seat, language: Language = 'zh') =>
  pageCard(reading(office, number, { language }), office.callOf(number, seat).id, person);

const happened = (minute: number) => ({
  text: `第${Math.floor(minute)}分`,
  happenedAt: new Date(Date.parse('2026-11-21T18:00:00.000Z') + minute * 60_000).toISOString(),
});

function graded(grade = 'critical'): { office: Office; number: string } {
  const office = openOffice();
  const number = office.raises('wang', { affected: '暖手宝' });
  office.passes(1);
  expect(office.does('li', 'grade', number, { grade, reason: '有人受伤' })).toBe('done');
  return { office, number };
}

describe('an alarm', () => {
  test('says what happened, asks for the grade, and shows the handbook’s questions beside the grades', () => {
    const questions = [{ grade: 'major' as const, zh: '有人受伤吗？', en: 'Is anybody hurt?' }];
    const office = openOffice({ book: { ...book(), questions } });
    const number = office.raises('wang');
    const card = situation(office, number);
    expect(card.headline).toBe(`警报 ${number}：待定级`);
    expect(texts(card)).toContain('重大｜有人受伤吗？');
    expect(texts(card)).toContain('下一步：请定级');
    expect(labels(card)).toEqual(['定为一般', '定为重大', '定为特大', '误报，解除', '记事实']);
    expect(buttonsOf(card)[1]?.action).toEqual({
      command: 'crisis.grade',
      subject: number,
      with: { grade: 'major', seen: '' },
    });
  });

  test('whoever raised it reads who is on the way, and can take it back as a mistake', () => {
    const questions = [{ grade: 'major' as const, zh: '有人受伤吗？', en: 'Is anybody hurt?' }];
    const office = openOffice({ book: { ...book(), questions } });
    const number = office.raises('wang');
    const card = situation(office, number, { person: 'wang' });
    expect(texts(card)).toContain('下一步：正在呼叫 李娜、赵敏 来定级');
    expect(labels(card)).toEqual(['误报，解除', '记事实']);
    expect(texts(card)).not.toContain('定级对照');
    office.does('li', 'answer', number);
    expect(texts(situation(office, number, { person: 'wang' }))).toContain('李娜 已回应，马上定级');
  });
});

describe('an open crisis', () => {
  test('next comes the lead, then who is missing, then the seats, then the update; a late update comes first', () => {
    const { office, number } = graded();
    const next = () => /下一步：(.*)/.exec(texts(situation(office, number)))?.[1];
    expect(next()).toBe('还没有总指挥，请一个人认领。');
    office.does('li', 'take-seat', number, { seat: 'lead' });
    expect(next()).toContain('赵敏、孙律、陈卫东 还没有回应');
    for (const person of ['zhao', 'sun', 'chen']) office.does(person, 'answer', number);
    expect(next()).toBe('还缺 记录、发言人、法务，请认领。');
    for (const seat of ['scribe', 'spokesperson', 'legal']) office.does('sun', 'take-seat', number, { seat });
    expect(next()).toBe('03:21 前更新一次态势；有新情况随时用 /fact 记下。');
    office.passes(25);
    expect(next()).toBe('态势更新 03:21 就该发了，请现在点“更新态势”。');
    expect(texts(situation(office, number))).toContain('已经过时');
  });

  test('everybody sees who was rung how, what came of it and what comes next', () => {
    const { office, number } = graded();
    const call = office.callOf(number, 'zhao').id;
    office.passes(10);
    office.reports(number, call, 'zhao', 'sms', 'delivered');
    const row = (kind: 'page' | 'ring', platform: string, about: string, more: Partial<RingSent> = {}): RingSent => ({
      audience: 'person:zhao',
      kind,
      platform,
      about,
      call,
      posted_at: office.at,
      state: 'live',
      last_error: null,
      ...more,
    });
    const sent = [
      row('page', 'feishu', call),
      row('ring', 'feishu', 'feishu-app', { posted_at: null, state: 'dead', last_error: '230001' }),
      row('ring', 'sms', 'sms'),
    ];
    expect(texts(situation(office, number, ROOM, { sent }))).toContain(
      '赵敏：03:01 飞书、03:06 飞书加急发不出去、03:11 短信已送达，未回应 → 03:16 电话',
    );
  });

  test('what rings together is told with one time; what happened on another day, or in another year, with its date', () => {
    const ladder = [['sms', 'phone']];
    const plans = book().plans.map((plan) => ({ ...plan, ladder })) as unknown as Record<string, unknown>[];
    const office = openOffice({ book: book({ plans }) });
    const number = office.raises('wang');
    office.does('li', 'grade', number, { grade: 'critical', reason: '伤' });
    office.passes(5);
    expect(texts(situation(office, number))).toContain('孙律：03:00 聊天、03:05 短信、电话，未回应');
    office.does('li', 'fact', number, { text: '第一起', happenedAt: '2026-11-20T02:00:00.000Z' });
    office.does('li', 'fact', number, { text: '去年那起', happenedAt: '2025-11-22T02:00:00.000Z' });
    expect(texts(situation(office, number))).toContain(
      '2025-11-22 10:00 去年那起（李娜 03:05 补记）\n11-20 10:00 第一起',
    );
  });

  test('when everybody was rung in vain, each way says how often and when last, and who stands for whom', () => {
    const { office, number } = graded();
    office.passes(120);
    const said = texts(situation(office, number));
    expect(said).toMatch(/电话 \d+ 次，最近 0\d:\d\d/);
    expect(said).toContain('从头再叫');
    expect(said).toMatch(/赵敏（也叫了 .*陈卫东/);
  });

  test('a plan that freezes asks what is affected, as long as nobody said it', () => {
    const office = openOffice();
    const number = office.raises('wang');
    office.does('li', 'grade', number, { grade: 'major', reason: '伤' });
    expect(texts(situation(office, number))).toContain('还没写明涉及什么');
    office.does('li', 'grade', number, { grade: 'major', reason: '伤', affected: '暖手宝' });
    expect(texts(situation(office, number))).toContain('冻结中：涉及“暖手宝”');
  });

  test('an answer that was taken back counts no more', () => {
    const { office, number } = graded();
    office.does('sun', 'answer', number);
    expect(texts(situation(office, number))).toContain('已回应：孙律 03:01 Slack');
    office.does('sun', 'take-back', number);
    expect(texts(situation(office, number))).not.toContain('已回应：');
  });

  test('the newest six facts stand in the order in which they happened, whenever they were noted', () => {
    const { office, number } = graded();
    for (const minute of [10, 11, 12, 13, 14, 15]) office.does('li', 'fact', number, happened(minute));
    office.does('li', 'fact', number, happened(1));
    const shown = () => texts(situation(office, number)).match(/第\d+分/g);
    expect(shown()).toEqual(['第10分', '第11分', '第12分', '第13分', '第14分', '第15分']);
    office.does('li', 'fact', number, happened(12.5));
    expect(shown()).toEqual(['第11分', '第12分', '第12分', '第13分', '第14分', '第15分']);
  });

  test('a statement that is out is said to be out, whatever the last update left empty', () => {
    const { office, number } = graded();
    office.does('li', 'update', number, { known: '三起', said: '', next: '' });
    expect(texts(situation(office, number))).toContain('对外口径：暂不对外回应');
    office.clock('statement', number, { statement: 'ST-2026-0001', what: 'released', by: 'zhao' });
    office.does('sun', 'answer', number);
    const data = { known: '三起', said: '', next: '', by: 'li' };
    expect(noticeCard(reading(office, number), 'situation-updated', data, ROOM)?.summary).toContain(
      '对外口径：已发布声明 ST-2026-0001（03:01）',
    );
    for (const card of [situation(office, number), page(office, number, 'sun') as Card])
      expect(texts(card)).toContain('对外口径：已发布声明 ST-2026-0001（03:01）');
    office.does('li', 'update', number, { known: '三起', said: '正在召回', next: '' });
    expect(texts(situation(office, number))).toContain('对外口径：正在召回；已发布声明 ST-2026-0001（03:01）');
  });

  test('whoever has answered has answered, also while they are called in somebody else’s place', () => {
    const { office, number } = graded();
    office.does('li', 'take-seat', number, { seat: 'lead' });
    for (const person of ['chen', 'zhao']) office.does(person, 'answer', number);
    const call = office.callOf(number, 'sun');
    call.chain.push('chen');
    const said = texts(situation(office, number));
    expect(said).toMatch(/已回应：.*陈卫东 03:01/);
    expect(said).toContain('下一步：孙律 还没有回应');
    expect(said).toContain('陈卫东（替 孙律）');
  });

  test('who is not in the room is named, with the button that mends it', () => {
    const { office, number } = graded();
    office.clock('room', number, { platform: 'slack', id: 'C1', out: [{ person: 'sun', code: 'user_is_restricted' }] });
    office.clock('room', number, { platform: 'feishu', code: 'missing_scope', out: [] });
    const card = situation(office, number);
    expect(texts(card)).toContain('没能拉进 Slack 群：孙律（user_is_restricted）\n飞书群没建成');
    expect(labels(card)).toContain('补邀未进群的人');
  });

  test('money that was spent first stays in sight until it is ratified; a suspended cap is given back by others only', () => {
    const { office, number } = graded();
    office.does('zhao', 'take-seat', number, { seat: 'lead' });
    const due = '2026-11-24T07:00:00.000Z';
    for (const [request, person] of [
      ['SP-2026-0001', 'zhao'],
      ['SP-2026-0002', 'sun'],
    ] as const)
      office.clock('spend', number, { request, person, base: '8000000', due });
    office.clock('spend-refused', number, { request: 'SP-2026-0002', by: 'chen', reason: '无关' });
    const card = situation(office, number, { person: 'zhao' });
    expect(texts(card)).toContain('先行支出 SP-2026-0001：赵敏 ¥80,000.00，待补批（11-24 15:00 前）');
    expect(texts(card)).toContain('补批被拒，须追回；孙律的额度已停用');
    expect(labels(card)).toContain('恢复孙律的额度');
    expect(labels(situation(office, number, { person: 'sun' }))).not.toContain('恢复孙律的额度');
  });

  test('whoever is not of it has nothing to press; those above the team may change the grade', () => {
    const { office, number } = graded();
    expect(labels(situation(office, number, { person: 'qian' }))).toEqual([]);
    expect(labels(situation(office, number, { person: 'chen' }))).toContain('调整级别');
  });
});

describe('a page', () => {
  test('first the answer; then what to do; then who else has it; then how it ended', () => {
    const { office, number } = graded();
    const calling = page(office, number, 'sun') as Card;
    expect(calling.headline).toBe(`危机呼叫 ${number}：请回应`);
    expect(buttonsOf(calling).map(({ label, style }) => [label, style])).toEqual([
      ['收到', 'primary'],
      ['我处理不了', 'danger'],
    ]);
    expect(texts(calling)).toContain('03:06 前没有回应，会再用飞书加急叫你。');
    office.does('sun', 'answer', number);
    const answered = page(office, number, 'sun') as Card;
    expect(answered.headline).toBe(`你已回应 ${number}`);
    expect(labels(answered)).toEqual(['认领总指挥', '认领记录', '认领发言人', '认领法务', '打开态势卡', '收回回应']);
    office.does('li', 'stand-down', number, { how: 'false-alarm', reason: '蒸汽' });
    expect(texts(page(office, number, 'sun') as Card)).toContain('危机已解除：误报。蒸汽');
    expect(labels(page(office, number, 'zhao') as Card)).toEqual(['打开态势卡']);
  });

  test('whoever answered an alarm grades it on that very card', () => {
    const office = openOffice();
    const number = office.raises('wang');
    office.does('zhao', 'answer', number);
    expect(labels(page(office, number, 'zhao') as Card)).toEqual([
      '定为一般',
      '定为重大',
      '定为特大',
      '误报，解除',
      '打开态势卡',
      '收回回应',
    ]);
    office.does('li', 'grade', number, { grade: 'general', reason: '一件' });
    expect(texts(pageCard(reading(office, number), 'c1', 'li') as Card)).toContain('已定为一般');
  });

  test('the stand-in reads for whom; whoever was passed over may still answer, and reads who is called now', () => {
    const { office, number } = graded();
    office.passes(21);
    const { chain } = office.callOf(number, 'sun');
    expect(chain.slice(0, 2)).toEqual(['sun', 'chen']);
    expect(texts(page(office, number, 'sun', 'chen') as Card)).toContain('孙律 没有回应，现在叫你。');
    const passed = page(office, number, 'sun') as Card;
    expect(texts(passed)).toContain('已经改叫 陈卫东');
    expect(labels(passed)).toContain('收到');
    office.does('chen', 'answer', number, { call: office.callOf(number, 'sun').id });
    expect(texts(page(office, number, 'sun') as Card)).toContain('陈卫东 03:22 已回应，不用你处理了。');
  });

  test('whoever is away is not waited for: their deputy reads for whom', () => {
    const office = openOffice({
      directory: directory({
        away: [{ person: 'zhao', deputy: 'qian', from: '2026-11-20', to: '2026-11-30' }],
        today: '2026-11-22',
      }),
    });
    const number = office.raises('wang');
    expect(texts(page(office, number, 'zhao', 'qian') as Card)).toContain('赵敏 不在，由你代理。');
    expect(texts(situation(office, number))).toContain('赵敏（也叫了 钱多）');
  });

  test('whoever cannot is left in peace: who is called now, and the way back if they change their mind', () => {
    const { office, number } = graded();
    office.does('zhao', 'take-back', number);
    const quiet = page(office, number, 'zhao') as Card;
    expect(quiet.tone).toBe('muted');
    expect(labels(quiet)).toEqual(['收到']);
    expect(texts(quiet)).toMatch(/你说处理不了，正在叫 李娜；改主意了就点“收到”。$/);
    expect(`${quiet.headline}${texts(quiet)}`).not.toMatch(/请回应|会再叫你|没有回应/);
    expect(texts(page(office, number, 'zhao', 'li') as Card)).toContain('赵敏 处理不了，请你接手。');
    expect(texts(situation(office, number))).toContain('赵敏（处理不了，也叫了 李娜）');
    office.does('zhao', 'answer', number, { call: office.callOf(number, 'zhao').id });
    expect((page(office, number, 'zhao') as Card).headline).toBe(`你已回应 ${number}`);
    office.does('zhao', 'take-back', number);
    expect(texts(page(office, number, 'zhao') as Card)).toContain('你收回了回应，正在叫 陈卫东；');
  });

  test('also when all are rung over again: whoever cannot is neither rung nor named as missing, the others are', () => {
    const { office, number } = graded();
    office.passes(120);
    const { id, round, chain } = office.callOf(number, 'sun');
    const [first = '', ...others] = chain;
    const rings = (person: string) => {
      const now = { call: id, round: office.callOf(number, 'sun').round };
      return ringCard(reading(office, number), now, person, 'phone');
    };
    expect([round > 1, others.length > 0, rings(first) !== undefined]).toEqual([true, true, true]);
    office.does(first, 'take-back', number, { call: id });
    expect([rings(first), page(office, number, 'sun', first)?.tone]).toEqual([undefined, 'muted']);
    for (const other of others) expect(rings(other)).toBeDefined();
    expect(texts(situation(office, number))).not.toContain('孙律：');
  });

  test('whoever a lower grade lets go reads that, and how to stay', () => {
    const { office, number } = graded();
    office.does('li', 'grade', number, { grade: 'major', reason: '好转' });
    const letGo = page(office, number, 'chen') as Card;
    expect(texts(letGo)).toBe('直播间有顾客投诉产品起火\n级别已改为重大，不再需要你；想留下请打开态势卡。');
    expect(labels(letGo)).toEqual(['打开态势卡']);
    expect((page(office, number, 'sun') as Card).headline).toContain('请回应');
  });

  test('a call that never was is no card', () => {
    const { office, number } = graded();
    expect(pageCard(reading(office, number), 'c99', 'sun')).toBeUndefined();
  });
});

describe('what is spoken and sent by SMS', () => {
  const ring = (office: Office, number: string, seat: string, line = 'sms', language: Language = 'zh') =>
    ringCard(
      reading(office, number, { language }),
      { call: office.callOf(number, seat).id, round: office.callOf(number, seat).round },
      office.callOf(number, seat).chain.at(-1) ?? seat,
      line,
    );

  test.for(['zh', 'en'] as const)('is one short sentence in %s, however long the alarm was', (language) => {
    const office = openOffice();
    const long = '直播间有顾客投诉暖手宝起火并且弹幕里很多人都说自己家的也冒烟了'.repeat(10);
    for (const args of [{ text: long }, { text: long, drill: 'fire' }]) {
      const number = office.raises('li', args);
      for (const line of ['sms', 'phone', 'pager']) {
        const said = ring(office, number, 'zhao', line, language)?.summary ?? '';
        expect([...said].length).toBeLessThanOrEqual(60);
        expect(said.replaceAll(' ', '')).toContain(line === 'phone' ? number.replaceAll('-', '') : number);
        expect(said.startsWith(language === 'zh' ? '演练。' : 'DRILL.')).toBe('drill' in args);
      }
    }
  });

  test('its first button is the answer to this very call', () => {
    const { office, number } = graded();
    const card = ring(office, number, 'sun') as Card;
    expect(buttonsOf(card)[0]?.action).toEqual({
      command: 'crisis.answer',
      subject: number,
      with: { call: office.callOf(number, 'sun').id },
    });
  });

  test('nobody is rung after answering, after the next was called, or after it was over', () => {
    const { office, number } = graded();
    const call = office.callOf(number, 'sun').id;
    const round = () => office.crisis(number).calls.find((one) => one.id === call)?.round ?? 1;
    const rings = (person: string, of = round()) =>
      ringCard(reading(office, number), { call, round: of }, person, 'sms') !== undefined;
    expect(rings('sun', 2)).toBe(false);
    expect(rings('sun')).toBe(true);
    office.passes(21);
    expect([rings('sun'), rings('chen')]).toEqual([false, true]);
    office.does('chen', 'answer', number, { call });
    expect([rings('sun'), rings('chen')]).toEqual([false, false]);
    office.does('chen', 'take-back', number, { call });
    office.does('li', 'stand-down', number, { how: 'false-alarm', reason: '蒸汽' });
    expect([rings('sun'), rings('chen'), rings('zhao')]).toEqual([false, false, false]);
  });
});

describe('a drill', () => {
  test('is marked on every card, and does not look like the real thing', () => {
    const office = openOffice();
    const number = office.raises('li', { drill: 'fire' });
    const cards = [situation(office, number), page(office, number, 'zhao')];
    office.clock('room', number, { platform: 'slack', id: 'C1', out: [] });
    office.does('zhao', 'grade', number, { grade: 'critical', reason: '演练' });
    cards.push(situation(office, number), page(office, number, 'sun'));
    office.does('zhao', 'fact', number, { text: '假设三起' });
    for (const effect of office.told)
      if (effect.kind === 'notice')
        cards.push(noticeCard(reading(office, number), effect.about, effect.data, effect.to));
    office.does('zhao', 'stand-down', number, { how: 'controlled', reason: '演练结束' });
    cards.push(situation(office, number), page(office, number, 'sun'));
    expect(cards.length).toBeGreaterThan(6);
    for (const card of cards) {
      expect(card?.headline).toMatch(/^【演练】/);
      expect(card?.summary).toMatch(/^【演练】/);
      expect(card?.tone).not.toBe('bad');
    }
    expect(labels(situation(office, number))).toEqual(['登记善后', '复盘报告']);
    expect(texts(page(office, number, 'sun') as Card)).toContain('演练已结束：演练结束');
  });

  test('is ended, never stood down: neither before its grade nor after', () => {
    const office = openOffice();
    const number = office.raises('li', { drill: 'fire' });
    expect(labels(situation(office, number))).toContain('结束演练');
    office.does('zhao', 'grade', number, { grade: 'critical', reason: '演练' });
    const card = situation(office, number);
    expect(labels(card)).toContain('结束演练');
    expect(labels(card).join()).not.toMatch(/解除/);
    office.does('zhao', 'stand-down', number, { how: 'false-alarm', reason: '点错了' });
    expect(texts(situation(office, number))).toContain('下一步：演练已中止，什么都不用做。');
    const data = { how: 'false-alarm', reason: '点错了', by: 'zhao' };
    expect(noticeCard(reading(office, number), 'crisis-stood-down', data, ROOM)?.summary).toBe(
      '【演练】赵敏 结束了演练：点错了',
    );
  });
});

describe('notices', () => {
  test('every event that is told has a sentence, in both languages, with nothing left open', () => {
    const { office, number } = graded();
    const told: string[] = [];
    const tell = () => {
      for (const effect of office.told) {
        if (effect.kind !== 'notice') continue;
        for (const language of ['zh', 'en'] as const) {
          const card = noticeCard(reading(office, number, { language }), effect.about, effect.data, effect.to);
          expect(card?.summary, effect.about).toMatch(/\S/);
          expect(`${card?.summary}${card && texts(card)}`, effect.about).not.toMatch(/undefined|NaN|\[object/);
        }
        told.push(effect.about);
      }
    };
    const does = (person: string, act: string, args = {}) => {
      expect(office.does(person, act, number, args), act).toBe('done');
      tell();
    };
    const clock = (act: string, args = {}) => {
      expect(office.clock(act, number, args), act).toBe('done');
      tell();
    };
    clock('room', { platform: 'slack', id: 'C1', out: [{ person: 'sun', code: 'x' }] });
    clock('chase-seats');
    does('zhao', 'answer');
    does('sun', 'answer');
    does('sun', 'take-back', { reason: '在飞机上' });
    does('zhao', 'take-seat', { seat: 'lead' });
    does('zhao', 'give-seat', { seat: 'scribe', to: 'li' });
    does('zhao', 'add', { person: 'qian' });
    does('zhao', 'fact', { text: '三起', said: { by: '主播', platform: 'slack' } });
    does('zhao', 'task', { text: '停播', owner: 'wang' });
    does('wang', 'task-done', { task: 't1' });
    does('zhao', 'contact', { party: 'media', whom: '晚报', text: '稍后回复' });
    does('zhao', 'update', { known: '三起', said: '', next: '' });
    clock('chase-update', { due: office.crisis(number).updateDue ?? '' });
    const spend = { person: 'zhao', base: '100', due: '2026-11-24T07:00:00.000Z' };
    clock('spend', { request: 'SP-2026-0001', ...spend });
    clock('spend', { request: 'SP-2026-0002', ...spend });
    clock('ratified', { request: 'SP-2026-0001' });
    clock('spend-refused', { request: 'SP-2026-0002', by: 'chen', reason: '无关' });
    does('chen', 'clear', { person: 'zhao', reason: '已追回' });
    clock('statement', { statement: 'ST-2026-0001', what: 'released', by: 'zhao' });
    does('zhao', 'grade', { grade: 'major', reason: '好转' });
    does('zhao', 'resume', { go: false, reason: '再等等' });
    does('zhao', 'resume', { go: true, reason: '无关' });
    does('zhao', 'stand-down', { how: 'controlled', reason: '查明' });
    does('zhao', 'aftercare', { kind: 'loss', text: '赔付', owner: 'qian', due: '2026-12-01' });
    const wanted =
      'answer-taken-back seats-asked page-answered seat-taken member-joined fact-noted task-added task-done contact-noted situation-updated update-chased spend-executed spend-ratified spend-refused cap-restored statement-noted crisis-graded freeze-verdict crisis-stood-down aftercare-ordered room-settled';
    expect(new Set(told)).toEqual(new Set(wanted.split(' ')));
  });

  test('what was said on the other platform is marked with where', () => {
    const { office, number } = graded();
    const data = { id: 'f1', text: '三起', happenedAt: '2026-11-21T19:05:00.000Z', by: 'li', via: 'feishu' };
    const say = (to: Audience) => noticeCard(reading(office, number), 'fact-noted', data, to)?.summary;
    expect(say(ROOM)).toBe('李娜（飞书）记下事实：03:05 三起');
    expect(say({ room: { platform: 'feishu', id: 'oc_1' } })).toBe('李娜 记下事实：03:05 三起');
    expect(say({ person: 'zhao' })).toBe('李娜 记下事实：03:05 三起');
  });

  test('what was done meanwhile is not asked for any more', () => {
    const { office, number } = graded();
    const due = office.crisis(number).updateDue ?? '';
    const asks = (about: string, data: object) =>
      noticeCard(reading(office, number), about, { ...data, by: 'clock' }, ROOM) !== undefined;
    expect([asks('update-chased', { due, to: [] }), asks('seats-asked', { seats: ['lead'] })]).toEqual([true, true]);
    office.passes(1);
    office.does('li', 'update', number, { known: '三起', said: '', next: '' });
    office.does('li', 'take-seat', number, { seat: 'lead' });
    expect([asks('update-chased', { due, to: [] }), asks('seats-asked', { seats: ['lead'] })]).toEqual([false, false]);
  });
});

describe('the largest card', () => {
  /** Twenty called with every way there is, and everything that can stand on the card. */
  function crowded(): { office: Office; number: string } {
    const ids = Array.from({ length: 20 }, (_, index) => `member${index + 1}`);
    const accounts = (index: number) => ({ slack: `U${index}`, feishu: `ou_${index}` });
    const people = ids.map((id, index) => ({
      id,
      name: `欧阳上官${index + 1}`,
      roles: index === 0 ? ['supervisor', 'team'] : ['team'],
      phone: `+86138000001${String(index).padStart(2, '0')}`,
      accounts: accounts(index),
    }));
    const plain = book();
    const plans = plain.plans.map((plan) => ({
      ...plan,
      team: [{ role: 'team' }],
      ladder: ['feishu-app', 'feishu-sms', 'feishu-phone', 'sms', 'phone', 'pager'].map((line) => [line]),
    }));
    const office = openOffice({
      book: book({ plans }),
      directory: directory({ people }),
      running: ['slack', 'feishu', 'sms', 'phone', 'pager'],
    });
    const number = office.raises('member1', { text: '起火'.repeat(450), affected: '暖手宝'.repeat(60) });
    office.does('member1', 'grade', number, { grade: 'critical', reason: '伤'.repeat(900) });
    office.passes(29);
    const long = '很长的话'.repeat(200);
    office.does('member1', 'update', number, { known: long, said: long, next: long });
    for (let index = 0; index < 8; index++) {
      office.does('member1', 'fact', number, { text: long });
      office.does('member1', 'task', number, { text: long, owner: 'member2' });
      const due = '2026-11-24T07:00:00.000Z';
      office.clock('spend', number, { request: `SP-2026-000${index}`, person: 'member1', base: '100', due });
    }
    return { office, number };
  }

  test('fits into Slack and Feishu, and loses no button of those who act and nobody who did not answer', () => {
    const { office, number } = crowded();
    const card = situation(office, number);
    expect(texts(card)).toContain('飞书电话加急');
    const slack = onSlack(card, 'zh');
    expect(slack.blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(slack.blocks).length).toBeLessThan(13_000);
    const feishu = onFeishu(card, 'zh');
    expect(fits(feishu), `${bytesOf(feishu)} bytes`).toBe(true);
    const needed = ['更新态势', '记事实', '派任务', '叫人加入', '解除危机', '认领总指挥'];
    for (const drawn of [JSON.stringify(slack.blocks), JSON.stringify(feishu)])
      for (const label of needed) expect(drawn).toContain(label);
  });

  test('of ordinary length, everybody’s ladder stands on both', () => {
    const { office, number } = crowded();
    const crisis = { ...office.crisis(number), facts: [], tasks: [], spent: [], text: '起火', grades: [] };
    const brief = { ...crisis, update: { known: '三起', said: '在查', next: '', by: 'member1', at: crisis.raisedAt } };
    const card = crisisCard({ ...reading(office, number), crisis: brief }, ROOM);
    for (const drawn of [JSON.stringify(onSlack(card, 'zh').blocks), JSON.stringify(onFeishu(card, 'zh'))]) {
      expect(drawn).toContain('欧阳上官20：');
      expect(drawn).toContain('呼叫平台');
    }
  });
});

describe('forms', () => {
  const ask = (
    office: Office,
    number: string,
    name: Parameters<typeof askForm>[0],
    given: Record<string, string> = {},
  ) =>
    askForm(
      name,
      {
        crisis: office.crisis(number),
        world: office.world(),
        language: 'zh',
        held: [{ number: 'SP-2026-0011', requester: 'wang', base: '3200000' }],
      },
      { command: `crisis.${name}`, subject: number, with: given },
    );

  test('the grade that was pressed stands in it, and whom it calls', () => {
    const office = openOffice();
    const number = office.raises('wang');
    const form = ask(office, number, 'grade', { grade: 'major' });
    expect(form.fields.find((field) => field.id === 'grade')?.value).toBe('major');
    expect(form.fields.find((field) => field.id === 'reason')?.required).toBe(true);
    expect(JSON.stringify(form.intro)).toContain('定为重大后马上呼叫：赵敏、孙律');
  });

  test('the last update is where the next begins; a freeze lists what it holds', () => {
    const { office, number } = graded();
    office.does('li', 'update', number, { known: '三起', said: '在查', next: '' });
    expect(ask(office, number, 'update').fields.map((field) => field.value)).toEqual(['三起', '在查', undefined]);
    expect(JSON.stringify(ask(office, number, 'resume').intro)).toContain('SP-2026-0011 王晓文 ¥32,000.00');
  });

  test('each of them fits into a window of Slack and a card of Feishu', () => {
    const { office, number } = graded();
    for (const name of ASKS) {
      const form = ask(office, number, name, { person: 'li' });
      expect(JSON.stringify(inWindow(form, 'zh', 'C1')).length, name).toBeLessThan(20_000);
      expect(fits(formOnFeishu(form, [], 'zh')), name).toBe(true);
    }
  });

  test('a freeze that stands in the way of standing down is the first thing that its form says', () => {
    const { office, number } = graded();
    expect(ask(office, number, 'stand-down').intro[0]).toMatchObject({ text: expect.stringContaining('决定冻结去留') });
    office.does('li', 'resume', number, { go: true, reason: '无关' });
    expect(JSON.stringify(ask(office, number, 'stand-down').intro)).not.toContain('冻结');
  });

  test('of a drill it is called the end of the drill', () => {
    const office = openOffice();
    const form = ask(office, office.raises('li', { drill: 'fire' }), 'stand-down', { how: 'false-alarm' });
    expect([form.title, form.submit]).toEqual(['结束演练', '结束演练']);
  });

  test('an alarm that nobody graded can only have been false', () => {
    const office = openOffice();
    const form = ask(office, office.raises('wang'), 'stand-down', { how: 'false-alarm' });
    const how = form.fields[0];
    expect(how?.type === 'choice' && how.options.map((option) => option.value)).toEqual(['false-alarm']);
  });
});
