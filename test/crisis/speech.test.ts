/** What people type, press and send around a crisis, and what it means: on a real Postgres, without the rest of the house. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import type { ActionRef, Card, Form } from '../../src/core/card.ts';
import type { Inbound, InboundFile, Platform, Reply } from '../../src/core/chat.ts';
import type { Outcome } from '../../src/core/handle.ts';
import type { Scene } from '../../src/core/intake.ts';
import type { JsonObject } from '../../src/core/message.ts';
import type { Audience, Sort } from '../../src/core/module.ts';
import { MOVED } from '../../src/core/outbox.ts';
import type { CrisisBook } from '../../src/crisis/book.ts';
import { drawCrisis } from '../../src/crisis/drawer.ts';
import { homeBlocks } from '../../src/crisis/lists.ts';
import type { CrisisWorld } from '../../src/crisis/model.ts';
import { crisisTalker } from '../../src/crisis/speech.ts';
import { saveCrisis } from '../../src/crisis/store.ts';
import { readWhen } from '../../src/crisis/when.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Office, openOffice } from './office.ts';

let fresh: FreshDatabase;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

let office: Office;
beforeEach(() => {
  office = openOffice({ at: '2026-11-22T10:30:00+08:00' });
});
afterEach(async () => {
  await database.sql`truncate crisis, room, message cascade`;
});

const around = {
  placeOf: () => undefined,
  filesCard: async (): Promise<Card> => ({ headline: 'files', tone: 'muted', summary: '', blocks: [] }),
  debrief: async (_scene: Scene<CrisisWorld>, number: string): Promise<Reply> => ({
    kind: 'said',
    tone: 'info',
    text: `debrief ${number}`,
  }),
  drills: async (): Promise<Card> => ({ headline: 'drills', tone: 'muted', summary: '', blocks: [] }),
};
const talker = crisisTalker(around);

interface Where {
  platform?: Platform;
  room?: string;
}

async function scene(person: string, what: Inbound['what'], { platform = 'slack', room }: Where = {}) {
  await database.sql.begin(async (tx) => {
    for (const crisis of office.crises.values()) await saveCrisis(tx, crisis);
  });
  const account = office.directory.people.get(person)?.accounts.slack ?? person;
  const at = room ? { kind: 'channel' as const, id: room } : { kind: 'direct' as const, id: account };
  const inbound: Inbound = { platform, deliveryId: randomUUID(), from: { account, foreign: false }, at, what };
  return { sql: database.sql, world: office.world(), person, language: 'zh' as const, at: office.at, inbound };
}

const types = async (person: string, text: string, where: Where & { files?: InboundFile[] } = {}) =>
  talker.understand(await scene(person, { kind: 'text', text, files: where.files ?? [] }, where));
const presses = async (person: string, action: ActionRef, where: Where = {}) =>
  talker.understand(await scene(person, { kind: 'action', action }, where));
const sends = async (person: string, form: Form, values: Record<string, string>) =>
  talker.understand(await scene(person, { kind: 'form', action: form.action, values, files: {} }));

type Understood = Awaited<ReturnType<typeof types>>;
const commandOf = (understood: Understood) => {
  if (understood?.kind !== 'do') throw new Error(`nothing is done: ${JSON.stringify(understood)}`);
  const { name, subject, args } = understood.command;
  return { act: name.slice('crisis.'.length), subject, args };
};
const replyOf = (understood: Understood): Reply => {
  if (understood?.kind !== 'answer') throw new Error(`no answer: ${JSON.stringify(understood)}`);
  return understood.reply;
};
const formOf = (understood: Understood): Form => {
  const reply = replyOf(understood);
  if (reply.kind !== 'form' && reply.kind !== 'faults') throw new Error(`no form: ${JSON.stringify(reply)}`);
  return reply.form;
};
const cardOf = (understood: Understood): Card => {
  const reply = replyOf(understood);
  if (reply.kind !== 'card') throw new Error(`no card: ${JSON.stringify(reply)}`);
  return reply.card;
};
const saidOf = (understood: Understood): string => {
  const reply = replyOf(understood);
  return reply.kind === 'said' ? reply.text : JSON.stringify(reply);
};
const actionsOf = (card: Card): ActionRef[] =>
  card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons.map((button) => button.action) : []));

function openCrisis(): string {
  const number = office.raises('wang');
  office.does('li', 'grade', number, { grade: 'major', reason: '有人受伤' });
  return number;
}

describe('raising an alarm', () => {
  test('what was typed stands in a form that says who will be called; sending it is the one confirmation', async () => {
    const form = formOf(await types('wang', '/crisis 顾客在直播间投诉产品起火'));
    expect(form.fields.map((field) => [field.id, field.value])).toEqual([
      ['text', '顾客在直播间投诉产品起火'],
      ['kind', undefined],
      ['affected', undefined],
    ]);
    expect(JSON.stringify(form.intro)).toContain('提交后马上呼叫：李娜、赵敏');
    const understood = await sends('wang', form, { text: '起火', kind: 'product', affected: ' 暖手宝 ' });
    expect(commandOf(understood)).toEqual({
      act: 'raise',
      subject: undefined,
      args: { text: '起火', kind: 'product', affected: '暖手宝' },
    });
    expect(understood).toMatchObject({ once: form.action.with?.once });
  });

  test('what is missing is said at its field, and nothing is lost', async () => {
    const form = formOf(await types('wang', '危机 起火'));
    const again = formOf(await sends('wang', form, { text: '  ', kind: 'aliens', affected: '暖手宝' }));
    expect(again.fields.map((field) => [field.id, field.fault])).toEqual([
      ['text', '不能为空。'],
      ['kind', '请从列表里选一类。'],
      ['affected', undefined],
    ]);
    expect(again.fields[2]?.value).toBe('暖手宝');
    expect(again.action).toEqual(form.action);
  });

  test('whoever knows of one that is going on reads it before raising another', async () => {
    const number = openCrisis();
    expect(JSON.stringify(formOf(await types('wang', '/crisis 又一起')).intro)).toContain(number);
    expect(JSON.stringify(formOf(await types('qian', '/crisis 起火')).intro)).not.toContain(number);
  });

  test('without a crisis book it says whom to ring instead; from a phone it sends people to their chat', async () => {
    expect(saidOf(await types('wang', '/crisis 起火', { platform: 'sms' }))).toContain('请打开聊天软件');
    office.book = undefined as unknown as CrisisBook;
    for (const text of ['/crisis 起火', '/crisis', '/crisis drill'])
      expect(saidOf(await types('wang', text))).toContain('请直接打电话');
  });

  test('alone it lists what is open, what to do next and how to raise', async () => {
    const number = openCrisis();
    const card = cardOf(await types('li', '/crisis'));
    expect(card.summary).toContain(number);
    expect(actionsOf(card).map((action) => action.command)).toEqual(['crisis.show', 'crisis.raise']);
    expect(JSON.stringify(card)).toContain('还没有总指挥');
    const ringing = cardOf(await types('sun', '/crisis'));
    expect(actionsOf(ringing)[0]).toEqual({
      command: 'crisis.answer',
      subject: number,
      with: { call: office.callOf(number, 'sun').id },
    });
  });

  test('whoever is part of none reads that something is going on, of which kind and how grave, and nothing else of it', async () => {
    expect(cardOf(await types('qian', '/crisis')).summary).toBe('现在没有进行中的危机。');
    const number = openCrisis();
    office.raises('li', { drill: 'fire' });
    const card = cardOf(await types('qian', '/crisis'));
    expect(card.summary).toBe('没有你参与的、进行中的危机。\n另有 1 起正在处理：产品（重大）');
    const form = formOf(await types('qian', '/crisis 起火了'));
    expect(JSON.stringify(form.intro)).toContain('已经在处理的：\\n产品（重大）');
    for (const shown of [JSON.stringify(card), JSON.stringify(form)])
      for (const secret of [number, '直播间有顾客']) expect(shown).not.toContain(secret);
  });

  test('an outsider who presses on the alarm’s card in the channel is told whom to fetch', async () => {
    const number = office.raises('wang');
    const press = (command: string) => presses('qian', { command, subject: number, with: { grade: 'critical' } });
    expect(saidOf(await press('crisis.grade'))).toBe('只有定级人和团队能定级。请马上找 李娜、赵敏。');
    expect(saidOf(await press('crisis.stand-down'))).toContain('请马上找 李娜、赵敏。');
    expect(saidOf(await press('crisis.show'))).toContain('与你无关');
    office.does('li', 'grade', number, { grade: 'major', reason: '有人受伤' });
    expect(saidOf(await press('crisis.grade'))).toContain('与你无关');
  });

  test('whoever said that they cannot is not asked for their answer by the list; a form without a person asks for one', async () => {
    const number = openCrisis();
    office.does('sun', 'take-back', number);
    expect(actionsOf(cardOf(await types('sun', '/crisis'))).map((action) => action.command)).not.toContain(
      'crisis.answer',
    );
    const form = formOf(await presses('li', { command: 'crisis.add', subject: number }));
    const fault = async (person: string) => formOf(await sends('li', form, { person })).fields[0]?.fault;
    expect(await fault(' ')).toBe('请选择一个人。');
    expect(await fault('nobody')).toContain('手册里没有这个人');
  });
});

describe('a drill', () => {
  test('the scenarios, one form, and it is raised as a drill', async () => {
    const scenarios = cardOf(await types('li', '/crisis drill'));
    expect(scenarios.headline).toBe('【演练】选一个场景');
    const [drill] = actionsOf(scenarios);
    const others = cardOf(await types('wang', '/crisis drill'));
    expect(actionsOf(others)).toEqual([]);
    expect(JSON.stringify(others)).toContain('由定级人或管理员发起。请找 李娜、赵敏');
    const form = formOf(await presses('li', drill as ActionRef));
    expect(JSON.stringify(form.intro)).toContain('【演练】场景：直播间起火（特大）');
    expect(formOf(await types('li', '/crisis 演练 直播间起火')).action.with?.drill).toBe('fire');
    expect(commandOf(await sends('li', form, { text: '起火' })).args).toEqual({
      text: '起火',
      kind: 'product',
      affected: '',
      drill: 'fire',
    });
    expect(actionsOf(cardOf(await presses('li', { command: 'crisis.drill' })))).toEqual([drill]);
    const forged = { ...form, action: { ...form.action, with: { drill: 'none' } } };
    expect(saidOf(await sends('li', forged, { text: '起火' }))).toContain('没有这个演练场景');
    expect(saidOf(await presses('wang', drill as ActionRef))).toContain('由定级人');
  });

  test('earlier drills and the debrief are handed on to whoever makes them', async () => {
    const number = openCrisis();
    expect(cardOf(await types('wang', '/crisis drills')).headline).toBe('drills');
    expect(saidOf(await types('li', `/crisis debrief ${number}`))).toBe(`debrief ${number}`);
    expect(saidOf(await types('qian', `/crisis debrief ${number}`))).toContain('与你无关');
  });
});

describe('收到', () => {
  test.for<[string, Platform]>([
    ['收到', 'feishu'],
    ['收到。', 'slack'],
    ['1', 'sms'],
    ['OK!', 'slack'],
  ])('%s on %s answers the call that rings for them', async ([word, platform]) => {
    const number = openCrisis();
    expect(commandOf(await types('sun', word, { platform }))).toEqual({ act: 'answer', subject: number, args: {} });
  });

  test('of two that ring, the one that rang last', async () => {
    openCrisis();
    office.passes(1);
    const second = openCrisis();
    expect(commandOf(await types('sun', '收到')).subject).toBe(second);
  });

  test('where nothing rings it means something else in a chat, and is thanked for by SMS', async () => {
    openCrisis();
    expect(await types('qian', '收到')).toBeUndefined();
    expect(saidOf(await types('qian', '1', { platform: 'sms' }))).toContain('没有呼叫在等你回应');
  });
});

describe('facts', () => {
  test('a leading time is when it happened; without one it is now', async () => {
    const number = openCrisis();
    expect(commandOf(await types('li', '/fact 10:05 客服确认三起'))).toEqual({
      act: 'fact',
      subject: number,
      args: { text: '客服确认三起', happenedAt: '2026-11-22T02:05:00.000Z' },
    });
    expect(commandOf(await types('li', '/记录 客服确认三起')).args).toEqual({ text: '客服确认三起' });
    expect(commandOf(await types('li', `/fact ${number} 昨天 23:10 第一起`)).args).toEqual({
      text: '第一起',
      happenedAt: '2026-11-21T15:10:00.000Z',
    });
  });

  test('what is still to come is refused, with how yesterday is written', async () => {
    openCrisis();
    expect(saidOf(await types('li', '/fact 23:10 第一起'))).toContain('昨天 23:10');
  });

  test('in the room it is the room’s; of several the person is asked, and what was typed is not lost', async () => {
    const [first, second] = [openCrisis(), openCrisis()];
    await scene('li', { kind: 'home' });
    await database.sql`insert into room (crisis, platform, intent, channel) values (${second}, 'slack', ${randomUUID()}, 'C2')`;
    expect(commandOf(await types('li', '/fact 三起', { room: 'C2' })).subject).toBe(second);
    const choices = actionsOf(cardOf(await types('li', '/fact 10:05 三起')));
    expect(choices.map((action) => action.subject)).toEqual([second, first]);
    expect(commandOf(await presses('li', choices[1] as ActionRef))).toEqual({
      act: 'fact',
      subject: first,
      args: { text: '三起', happenedAt: '2026-11-22T02:05:00.000Z' },
    });
    expect(saidOf(await types('li', `/fact ${'很长'.repeat(300)}`))).toContain(`/fact ${second}`);
  });

  test('whoever is part of none reads how an alarm is raised; said without a slash it may mean something else', async () => {
    openCrisis();
    expect(saidOf(await types('qian', '/fact 三起'))).toContain('要报警');
    expect(await types('qian', '记录 明天开会')).toBeUndefined();
  });

  test('a file with it, or alone in the room, is kept as evidence', async () => {
    const number = openCrisis();
    await scene('li', { kind: 'home' });
    await database.sql`insert into room (crisis, platform, intent, channel) values (${number}, 'slack', ${randomUUID()}, 'C1')`;
    const files = [{ ref: { id: 'F1' }, name: '现场.jpg' }];
    expect(commandOf(await types('li', '/fact 现场照片', { files })).args).toMatchObject({
      text: '现场照片',
      files: [{ original: '现场.jpg' }],
    });
    expect(commandOf(await types('li', '', { files, room: 'C1' }))).toMatchObject({ act: 'attach', subject: number });
    expect(await types('li', '', { files })).toBeUndefined();
  });

  test('a message that somebody else wrote stands with who wrote it, when and where', async () => {
    const number = openCrisis();
    const quote = {
      kind: 'quote' as const,
      text: '我家的也冒烟了',
      by: 'U04CHEN',
      sentAt: '2026-11-22T02:01:00.000Z',
      files: [],
    };
    expect(commandOf(await talker.understand(await scene('li', { ...quote, link: 'https://x.slack.com/p1' })))).toEqual(
      {
        act: 'fact',
        subject: number,
        args: {
          text: '我家的也冒烟了',
          happenedAt: '2026-11-22T02:01:00.000Z',
          said: { by: '陈卫东', platform: 'slack', link: 'https://x.slack.com/p1' },
        },
      },
    );
    const guest = await talker.understand(await scene('li', { ...quote, by: '主播小林' }));
    expect(commandOf(guest).args.said).toEqual({ by: '主播小林', platform: 'slack' });
  });
});

describe('what somebody else wrote is kept as it was', () => {
  const quoteOf = async (text: string, link?: string) => {
    const files = [{ ref: { id: 'F1' }, name: '现场.jpg' }];
    const quote = { kind: 'quote' as const, text, by: 'U04CHEN', sentAt: '2026-11-22T02:01:00.000Z', files };
    const understood = await talker.understand(await scene('li', { ...quote, ...(link ? { link } : {}) }));
    return String(commandOf(understood).args.text);
  };

  test('what fits stands there whole', async () => {
    openCrisis();
    expect(await quoteOf('长'.repeat(1000))).toBe('长'.repeat(1000));
    expect(await quoteOf('')).toBe('现场.jpg');
  });

  test.each([
    ['letters', '长'.repeat(1001)],
    ['a blank where the room ends', `${'长'.repeat(1000)} 但是已经撤回`],
    ['a blank line where the room ends', `${'长'.repeat(999)}\n\n但是已经撤回`],
    ['a letter without end', `${'长'.repeat(900)}${'\u0958\u094D'.repeat(800)}`],
  ])('what does not fit says so, and where the rest is: %s', async (_what, text) => {
    openCrisis();
    const kept = await quoteOf(text, 'https://x.slack.com/p1');
    expect(kept).toMatch(/长…\n（原文更长，没有全部记入；全文见链接。）$/);
    expect([kept.startsWith('长'.repeat(800)), kept.length <= 1000]).toEqual([true, true]);
    expect(await quoteOf(text)).toMatch(/长…\n（原文更长，没有全部记入；全文见原消息。）$/);
  });

  test('a bot that calls itself like one of us is not one of us', async () => {
    openCrisis();
    const quote = { kind: 'quote' as const, text: '已撤回', sentAt: '2026-11-22T02:01:00.000Z', files: [] };
    const understood = await talker.understand(await scene('li', { ...quote, by: 'U04CHEN（机器人/bot）' }));
    expect(commandOf(understood).args.said).toEqual({ by: 'U04CHEN（机器人/bot）', platform: 'slack' });
  });
});

describe('work in the crisis', () => {
  test('a task with whom and what is given at once, wherever the name stands', async () => {
    const number = openCrisis();
    const given = { act: 'task', subject: number, args: { text: '联系客服', owner: 'zhao' } };
    expect(commandOf(await types('li', '/crisis task @赵敏 联系客服'))).toEqual(given);
    expect(commandOf(await types('li', '/crisis 任务 联系客服 @zhao'))).toEqual(given);
    expect(commandOf(await types('li', `/crisis ${number} task <@U04CHEN> 发函`)).args).toEqual({
      text: '发函',
      owner: 'chen',
    });
    const form = formOf(await types('li', '/crisis task 联系客服'));
    expect(form.fields.map((field) => field.value)).toEqual(['联系客服', undefined]);
  });

  test('somebody is called in by name', async () => {
    const number = openCrisis();
    expect(commandOf(await types('li', '/crisis add @钱多'))).toEqual({
      act: 'add',
      subject: number,
      args: { person: 'qian' },
    });
    expect(formOf(await types('li', '/crisis add')).fields[0]?.type).toBe('person');
  });

  test('an update and a contact are forms; what was typed stands in them', async () => {
    openCrisis();
    expect(formOf(await types('li', '/crisis update 三起')).fields[0]?.value).toBe('三起');
    const form = formOf(await types('li', '/crisis contact'));
    const filled = { party: 'regulator', whom: '市场监管局', text: '已报告', when: '10:05' };
    expect(commandOf(await sends('li', form, filled)).args).toEqual({
      party: 'regulator',
      whom: '市场监管局',
      text: '已报告',
      at: '2026-11-22T02:05:00.000Z',
    });
    const late = formOf(await sends('li', form, { ...filled, when: '23:10' }));
    expect(late.fields.find((field) => field.id === 'when')?.fault).toContain('还没到');
  });

  test('the pressed grade comes back with the grade that was on the card', async () => {
    const number = office.raises('wang');
    const button = { command: 'crisis.grade', subject: number, with: { grade: 'major', seen: '' } };
    const form = formOf(await presses('li', button));
    const sent = commandOf(await sends('li', form, { grade: 'critical', reason: '有人烧伤', kind: 'product' }));
    expect(sent.args).toEqual({ grade: 'critical', reason: '有人烧伤', kind: 'product', affected: '', seen: '' });
    expect(office.does('li', 'grade', number, sent.args)).toBe('done');
    expect(office.does('zhao', 'grade', number, sent.args)).toBe('stale');
  });

  test('a form opens only for whoever could send it, and says whom to ask', async () => {
    const number = openCrisis();
    office.does('li', 'take-seat', number, { seat: 'lead' });
    const press = async (person: string, act: string, given = {}) =>
      saidOf(await presses(person, { command: `crisis.${act}`, subject: number, with: given }));
    expect(await press('wang', 'stand-down')).toContain('总指挥 李娜');
    expect(await press('wang', 'grade')).toContain('请马上找 李娜、赵敏');
    expect(await press('li', 'resume')).toContain('没有冻结');
    expect(await press('li', 'aftercare')).toContain('还没有解除');
    expect(await press('li', 'made-up')).toContain('看不懂');
  });

  test('what is pressed and done needs no form', async () => {
    const number = openCrisis();
    const press = async (act: string, given = {}) =>
      commandOf(await presses('sun', { command: `crisis.${act}`, subject: number, with: given }));
    expect(await press('answer', { call: 'c3' })).toMatchObject({ act: 'answer', args: { call: 'c3' } });
    expect(await press('take-back', { call: 'c3' })).toMatchObject({ act: 'take-back', args: { call: 'c3' } });
    expect(await press('take-seat', { seat: 'lead' })).toMatchObject({ args: { seat: 'lead' } });
    expect(await press('task-done', { task: 't1' })).toMatchObject({ args: { task: 't1' } });
    expect(await press('mend-rooms')).toMatchObject({ act: 'mend-rooms' });
  });

  test('its number alone shows it to whoever may see it', async () => {
    const number = openCrisis();
    expect(cardOf(await types('li', number.toLowerCase())).headline).toContain(number);
    expect(saidOf(await types('qian', `/crisis ${number}`))).toContain('与你无关');
    expect(saidOf(await types('li', '/crisis CR-2026-9999'))).toContain('没有 CR-2026-9999');
  });
});

describe('answers', () => {
  const CODES =
    'no-book unknown-kind unknown-crisis crisis-over not-assessor same-grade no-plan stale not-member not-called answered-already nothing-to-answer unknown-person member-already seat-yours-already not-lead unknown-task task-done-already not-frozen nothing-to-mend not-over no-suspension future unknown-scenario drill-open not-graded freeze-on nothing-to-do unreadable too-many-files never-heard-of'.split(
      ' ',
    );

  test.for(['zh', 'en'] as const)('every refusal says in %s what to do', async (language) => {
    const number = openCrisis();
    const here = { ...(await scene('li', { kind: 'home' })), language };
    const sentences = new Set<string>();
    for (const code of CODES) {
      const refused: Outcome = {
        kind: 'refused',
        subject: number,
        state: office.crisis(number),
        refusal: { code, facts: { who: ['li'], lead: 'li', person: 'li', kind: 'product', grade: 'major', number } },
      };
      const reply = await talker.reply(refused, { name: 'crisis.fact', subject: number, args: {} }, here);
      expect(reply).toMatchObject({ kind: 'said', tone: 'bad' });
      const text = reply?.kind === 'said' ? reply.text : '';
      expect(text).toMatch(/[。.）)]$/);
      expect(text).not.toMatch(/undefined|\[object/);
      sentences.add(text);
    }
    expect(sentences.size).toBe(CODES.length);
  });

  test('whoever raised it reads who is being called; whoever answered reads what is next', async () => {
    const number = office.raises('wang');
    const done = (act: string, args = {}): [Outcome, { name: string; subject: string; args: object }] => [
      { kind: 'done', subject: number, before: undefined, after: office.crisis(number), events: [] },
      { name: `crisis.${act}`, subject: number, args },
    ];
    const reply = async (person: string, act: string, args = {}) => {
      const [outcome, command] = done(act, args);
      const said = await talker.reply(outcome, command as never, await scene(person, { kind: 'home' }));
      return said?.kind === 'said' ? said.text : '';
    };
    expect(await reply('wang', 'raise')).toBe(
      `已报警 ${number}，正在呼叫 李娜、赵敏，直到有人回应。请别走开，有新情况发 /fact。`,
    );
    office.does('li', 'answer', number);
    expect(await reply('li', 'answer')).toBe(`已记下：你处理 ${number}。请在聊天里给它定级。`);
    const other = office.raises('wang');
    expect(await reply('li', 'answer')).toContain(`还有 ${other} 在呼叫你`);
    office.does('li', 'take-back', other);
    expect(await reply('li', 'answer')).toBe(`已记下：你处理 ${number}。请在聊天里给它定级。`);
  });

  test('whoever broke a drill off reads that it is over, not that an alarm was false', async () => {
    const number = office.raises('li', { drill: 'fire' });
    office.does('li', 'stand-down', number, { how: 'false-alarm', reason: '点错了' });
    const done: Outcome = {
      kind: 'done',
      subject: number,
      before: undefined,
      after: office.crisis(number),
      events: [],
    };
    const command = { name: 'crisis.stand-down', subject: number, args: { how: 'false-alarm' } };
    expect(await talker.reply(done, command, await scene('li', { kind: 'home' }))).toMatchObject({
      text: `【演练】${number} 已结束，被叫过的人都会收到通知。`,
    });
  });
});

describe('what the outbox owes', () => {
  const draw = () =>
    drawCrisis(
      database.sql,
      async () => office.world(),
      () => office.at,
    );
  const owed = (
    number: string,
    kind: Sort,
    audience: Audience,
    more: { about?: string; data?: JsonObject; plain?: boolean } = {},
  ) =>
    draw()({
      kind,
      subject: number,
      audience,
      about: more.about,
      data: more.data,
      language: 'zh',
      plain: more.plain ?? false,
    });

  test('the situation, a page, a ring and a notice, each from the latest state', async () => {
    const number = openCrisis();
    const call = office.callOf(number, 'sun').id;
    await scene('li', { kind: 'home' });
    const room = { room: { platform: 'slack', id: 'C1' } };
    const sun = { person: 'sun' };
    expect((await owed(number, 'card', room))?.headline).toBe(`重大危机 ${number}`);
    expect((await owed(number, 'page', sun, { about: call }))?.headline).toContain('请回应');
    expect((await owed(number, 'ring', sun, { about: 'sms', data: { call } }))?.summary).toContain(`重大危机${number}`);
    office.does('sun', 'answer', number);
    await scene('li', { kind: 'home' });
    expect((await owed(number, 'page', sun, { about: call }))?.headline).toContain('你已回应');
    expect(await owed(number, 'ring', sun, { about: 'sms', data: { call } })).toBeUndefined();
    const answered = { call, person: 'sun', by: 'sun', via: 'slack' };
    expect((await owed(number, 'notice', room, { about: 'page-answered', data: answered }))?.summary).toBe(
      '孙律 已回应：收到。',
    );
  });

  test('whoever may not look any more keeps nothing of it; a moved card says so; a plain one drops what can be missed', async () => {
    const number = openCrisis();
    await scene('li', { kind: 'home' });
    expect((await owed(number, 'card', { person: 'qian' }))?.blocks).toHaveLength(1);
    expect(await owed(number, 'notice', { person: 'qian' }, { about: 'task-done', data: {} })).toBeUndefined();
    expect((await owed(number, 'card', { person: 'li' }, { about: MOVED }))?.headline).toContain('已停用');
    const plain = await owed(number, 'card', { person: 'li' }, { plain: true });
    expect(plain?.blocks.every((block) => block.drop === undefined)).toBe(true);
    expect(await owed('CR-2026-9999', 'card', { person: 'li' })).toBeUndefined();
  });

  test('the card counts what its freeze holds and what is said outside', async () => {
    const number = openCrisis();
    office.does('li', 'grade', number, { grade: 'major', reason: '暖手宝', affected: '暖手宝' });
    await scene('li', { kind: 'home' });
    const [pinned] =
      await database.sql`insert into process_version (process, version, hash, definition, at) values ('spend', 1, 'h', '{}', now()) returning 1 as one`;
    expect(pinned).toBeDefined();
    await database.sql`
      insert into request (number, process, version, requester, origin, state, submission, values, amount, currency, base_amount, submitted_at, revision, copies, parties, notes, held)
      values ('SP-2026-0011', 'spend', 1, 'wang', 'slack', 'open', 1, '{}', 3200000, 'CNY', 3200000, now(), 1, '{}', '{}', '[]', ${number})`;
    const card = await owed(number, 'card', { person: 'zhao' });
    expect(JSON.stringify(card)).toContain('已暂停：SP-2026-0011');
    const form = formOf(await presses('zhao', { command: 'crisis.resume', subject: number }));
    expect(JSON.stringify(form.intro)).toContain('SP-2026-0011 王晓文 ¥32,000.00');
    await database.sql`truncate request, process_version cascade`;
  });

  test('the home of whoever is called begins with the answer; others have nothing of it there', async () => {
    const number = openCrisis();
    const shown = { world: (await scene('li', { kind: 'home' })).world, language: 'zh' as const, at: office.at };
    const blocks = await homeBlocks(database.sql, 'sun', shown);
    expect(
      blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons.map((button) => button.label) : [])),
    ).toEqual(['收到', '打开态势卡']);
    expect(JSON.stringify(blocks)).toContain(number);
    expect(await homeBlocks(database.sql, 'qian', shown)).toEqual([]);
  });

  test('a pressed page comes back as it is now', async () => {
    const number = openCrisis();
    const call = office.callOf(number, 'sun').id;
    office.does('sun', 'answer', number);
    const action = { command: 'crisis.answer', subject: number, with: { call } };
    const here = await scene('sun', { kind: 'action', action });
    await database.sql`
      insert into message (id, intent, subject, kind, audience, platform, address_kind, address, about, key, lane, created_at, ref_channel, ref_message)
      values (${randomUUID()}, ${randomUUID()}, ${number}, 'page', 'person:sun', 'slack', 'direct', 'U', ${call}, 'k', 0, now(), 'D1', 'm1')`;
    const inbound = { ...here.inbound, message: { channel: 'D1', message: 'm1' } };
    const done: Outcome = {
      kind: 'done',
      subject: number,
      before: undefined,
      after: office.crisis(number),
      events: [],
    };
    const reply = await talker.reply(
      done,
      { name: 'crisis.answer', subject: number, args: { call } },
      { ...here, inbound },
    );
    expect(reply).toMatchObject({ kind: 'said', tone: 'good', card: { headline: `你已回应 ${number}` } });
  });
});

describe('when it happened', () => {
  const AT = new Date('2026-11-22T10:30:00+08:00');
  const read = (text: string) => {
    const when = readWhen(text, AT, 'Asia/Shanghai');
    if (when === undefined) return undefined;
    if ('fault' in when) return when.fault;
    const local = new Date(when.at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 16);
    return `${local}|${when.rest}`;
  };
  test.for<[string, string | undefined]>([
    ['10:05 客服确认', '2026-11-22 10:05|客服确认'],
    ['10：05，客服确认', '2026-11-22 10:05|客服确认'],
    ['9:5 客服确认', 'unclear'],
    ['昨天 23:10 第一起', '2026-11-21 23:10|第一起'],
    ['昨晚11点半 第一起', '2026-11-21 23:30|第一起'],
    ['今天上午9点05分第一起', '2026-11-22 09:05|第一起'],
    ['下午3:20 第一起', 'future'],
    ['昨天下午3:20 第一起', '2026-11-21 15:20|第一起'],
    ['2026-11-22 10:05 第一起', '2026-11-22 10:05|第一起'],
    ['11月20日 08:00 第一起', '2026-11-20 08:00|第一起'],
    ['11-23 08:00 第一起', '2025-11-23 08:00|第一起'],
    ['2026-11-23 08:00 第一起', 'future'],
    ['yesterday 23:10 the first', '2026-11-21 23:10|the first'],
    ['10:00-10:20 停播', '2026-11-22 10:00|10:00-10:20 停播'],
    ['10:32 马上', 'future'],
    ['10:30 就是现在', '2026-11-22 10:30|就是现在'],
    ['25:10 不是时间', 'unclear'],
    ['10:75 不是时间', 'unclear'],
    ['10:055 不是时间', 'unclear'],
    ['2026-02-30 10:00 没有这一天', 'unclear'],
    ['3点建议', undefined],
    ['三起投诉 10:05', undefined],
    ['', undefined],
  ])('%s', ([text, wanted]) => {
    expect(read(text)).toBe(wanted);
  });
});
