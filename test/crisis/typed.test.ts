/** What frightened people mistype around a crisis: nothing is noted as of now that was not, nothing is raised by a slip, nothing is lost. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import type { Card, Form } from '../../src/core/card.ts';
import type { Inbound, InboundFile, Reply } from '../../src/core/chat.ts';
import { crisisTalker } from '../../src/crisis/speech.ts';
import { saveCrisis } from '../../src/crisis/store.ts';
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

const card: Card = { headline: 'drills', tone: 'muted', summary: '', blocks: [] };
const talker = crisisTalker({
  placeOf: () => undefined,
  filesCard: async () => card,
  debrief: async (): Promise<Reply> => ({ kind: 'said', tone: 'info', text: 'debrief' }),
  drills: async () => card,
});

async function understands(person: string, text: string, files: InboundFile[] = []) {
  await database.sql.begin(async (tx) => {
    for (const crisis of office.crises.values()) await saveCrisis(tx, crisis);
  });
  const account = office.directory.people.get(person)?.accounts.slack ?? person;
  const at = { kind: 'direct' as const, id: account };
  const what = { kind: 'text' as const, text, files };
  const inbound: Inbound = {
    platform: 'slack',
    deliveryId: randomUUID(),
    from: { account, foreign: false },
    at,
    what,
  };
  const world = office.world();
  return talker.understand({ sql: database.sql, world, person, language: 'zh', at: office.at, inbound });
}

async function types(person: string, text: string): Promise<Reply> {
  const understood = await understands(person, text);
  if (understood?.kind !== 'answer') throw new Error(`no answer: ${JSON.stringify(understood)}`);
  return understood.reply;
}
async function opens(person: string, text: string): Promise<Form> {
  const reply = await types(person, text);
  if (reply.kind !== 'form') throw new Error(`no form: ${JSON.stringify(reply)}`);
  return reply.form;
}
const fieldsOf = (form: Form) => Object.fromEntries(form.fields.map((field) => [field.id, field.value]));

function openCrisis(): string {
  const number = office.raises('wang');
  office.does('li', 'grade', number, { grade: 'major', reason: '有人受伤' });
  return number;
}

describe('a fact with its time', () => {
  test('what looks like a time and cannot be read opens the form, with what was typed and how a time is written', async () => {
    const number = openCrisis();
    const form = await opens('li', '/fact 25:99 客服确认三起');
    expect(form.action).toMatchObject({ command: 'crisis.fact', subject: number });
    expect(fieldsOf(form)).toEqual({ text: '25:99 客服确认三起', when: undefined });
    expect(form.fields.find(({ id }) => id === 'when')?.fault).toContain('时间看不懂');
  });

  test('a time alone opens the form with it', async () => {
    openCrisis();
    expect(fieldsOf(await opens('li', '/fact 10:05'))).toEqual({ text: undefined, when: '10:05' });
    expect((await opens('li', '/fact 10:05')).fields.every(({ fault }) => fault === undefined)).toBe(true);
  });

  test('tomorrow is refused; of several crises nothing is offered that would note it as of now', async () => {
    openCrisis();
    for (const text of ['明天 9:00 开发布会', 'tomorrow 9:00 the launch'])
      expect(await types('li', `/fact ${text}`)).toMatchObject({ kind: 'said', tone: 'bad' });
    openCrisis();
    expect(JSON.stringify(await types('li', '/fact 25:99 客服确认'))).toContain('时间看不懂');
  });

  test('a photo with such a caption is kept at once, and the caption stays whole', async () => {
    openCrisis();
    const photo: InboundFile = { ref: { id: 'F1' }, name: '现场.jpg', mime: 'image/jpeg' };
    const understood = await understands('li', '/fact 25:99 现场', [photo]);
    expect(understood).toMatchObject({ kind: 'do', command: { args: { text: '25:99 现场' } } });
  });
});

describe('a word behind /crisis', () => {
  test('help is the list with what can be typed', async () => {
    for (const word of ['help', '帮助', 'HELP']) {
      const shown = JSON.stringify(await types('wang', `/crisis ${word}`));
      for (const known of ['/fact', 'task', 'update', 'add', 'contact', 'debrief', 'drills', 'stand-down'])
        expect(shown).toContain(known);
      expect(shown).not.toContain('你是要报警吗');
    }
  });

  test('a slip raises nothing: the list is shown, and whether it is an alarm is asked', async () => {
    for (const word of ['lsit', 'hlep', 'updat', 'dril', 'standdow', 'aftercar']) {
      const reply = await types('wang', `/crisis ${word}`);
      expect(reply.kind).toBe('card');
      expect(JSON.stringify(reply)).toContain('你是要报警吗？请写清楚发生了什么');
    }
  });

  test('whatever else it is says what happened', async () => {
    for (const text of ['fire', '着火', '起火了', 'updat of the app failed'])
      expect(fieldsOf(await opens('wang', `/crisis ${text}`)).text).toBe(text);
  });

  test('stand-down opens its own form, with the reason that was given', async () => {
    const number = openCrisis();
    office.does('li', 'take-seat', number, { seat: 'lead' });
    const form = await opens('li', '/crisis stand-down 已扑灭');
    expect(form.action).toMatchObject({ command: 'crisis.stand-down', subject: number });
    expect(fieldsOf(form).reason).toBe('已扑灭');
  });
});
