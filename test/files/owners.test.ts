/** Files of two nouns side by side: each hears of its own files, and each says itself who may see them. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database as Client, openDatabase } from '../../db/client.ts';
import type { Card } from '../../src/core/card.ts';
import { type ChatAdapter, DeliveryError, type Inbound } from '../../src/core/chat.ts';
import type { Scene } from '../../src/core/intake.ts';
import type { Command, Event } from '../../src/core/message.ts';
import type { Moment } from '../../src/core/module.ts';
import { readVault } from '../../src/core/vault.ts';
import { type Fetching, fetchFile, handOutFiles } from '../../src/files/fetching.ts';
import { attach, type FileOwner } from '../../src/files/model.ts';
import { fileForReader, filesCard } from '../../src/files/offering.ts';
import { subjectOfFiles } from '../../src/files/sent.ts';
import { fileCount, gatherFiles, saveFiles } from '../../src/files/store.ts';
import type { World } from '../../src/processes/model.ts';
import { directory } from '../support/company.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const DM = 'DM-2026-0012';
const SP = 'SP-2026-0001';
const PDF = Buffer.from('%PDF-1.7\n决议\n%%EOF');
const world: World = { directory: directory(), processes: [], pinned: async () => undefined };
const at = new Date('2026-11-23T02:00:00Z');
const moment: Moment<World> = { actor: { kind: 'person', id: 'wang', platform: 'slack' }, at, world };

/** 李娜 sees decisions, 钱多 sees requests. */
const owners: Record<string, FileOwner> = {
  DM: { module: 'decisions', maySee: async (_sql, _subject, person) => person === 'li' },
  SP: { module: 'requests', maySee: async (_sql, _subject, person) => person === 'qian' },
};
const ownerOf = (subject: string): FileOwner => owners[subject.slice(0, 2)] as FileOwner;

let fresh: FreshDatabase;
let database: Client;
let folder: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { max: 2 });
  folder = await mkdtemp(join(tmpdir(), 'countersign-files-'));
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
  await rm(folder, { recursive: true, force: true });
});

/** As a noun's `save` does, with the events of its own that stand beside. */
async function send(subject: string, original: string): Promise<string> {
  const id = randomUUID();
  const files = await fileCount(database.sql, subject);
  const decision = attach({ project: '周会决议', version: 1, files }, [{ id, original, ref: { id } }], moment);
  if ('refusal' in decision) throw new Error(decision.refusal.code);
  const events: Event[] = [{ type: 'decision-noted', data: { id: 'x' } }, ...decision.events];
  await database.sql.begin((tx) => saveFiles(tx, subject, events, moment));
  return id;
}

/** What the platform hands out, and the commands that follow from it. */
async function fetched(id: string, stream: () => Readable): Promise<Command | undefined> {
  const commands: Command[] = [];
  const fetching: Fetching = {
    sql: database.sql,
    adapters: new Map([
      ['slack', { fetchFile: async () => ({ stream: stream(), mime: undefined }) } as unknown as ChatAdapter],
    ]),
    folder,
    clock: () => at,
    log: pino({ level: 'silent' }),
    put: async () => {},
    ownerOf,
    alarm: async () => {},
    carryOut: async (command) => void commands.push(command),
  };
  await handOutFiles(fetching);
  await fetchFile(fetching, id);
  return commands[0];
}

/** The noun's own road, cut short: what it gathers, and what it saves. */
async function carryOut(command: Command): Promise<unknown> {
  return database.sql.begin(async (tx) => {
    const facts = await gatherFiles(tx, command.subject ?? '', command);
    const type = command.name.split('.')[1] ?? '';
    await saveFiles(tx, command.subject ?? '', [{ type, data: command.args }], moment);
    return facts;
  });
}

test('the noun to which a file belongs is told that it is kept, and opens it to whom it will', async () => {
  const files = new Map<string, string>();
  for (const [subject, module] of [
    [DM, 'decisions'],
    [SP, 'requests'],
  ] as const) {
    const id = await send(subject, '附件.pdf');
    const command = await fetched(id, () => Readable.from([PDF]));
    expect(command).toMatchObject({
      name: `${module}.file-kept`,
      subject,
      args: { name: '周会决议-20261123-01V1.pdf' },
    });
    expect(command && (await carryOut(command))).toEqual({ awaited: true });
    expect(command && (await carryOut(command))).toEqual({ awaited: false });
    files.set(subject, id);
  }
  const library = { sql: database.sql, world, ownerOf, open: (sha256: string) => readVault(folder, sha256) };
  const seenBy = async (person: string, subject: string) => {
    const file = await fileForReader(library, files.get(subject) ?? '', person);
    return file && { ...file, stream: await buffer(file.stream) };
  };
  const opened = { name: '周会决议-20261123-01V1.pdf', mime: 'application/pdf', stream: PDF };
  expect(await seenBy('li', DM)).toEqual(opened);
  expect(await seenBy('qian', SP)).toEqual(opened);
  expect(await seenBy('qian', DM)).toBeUndefined();
  expect(await seenBy('li', SP)).toBeUndefined();
});

test('so is it told that one is not wanted, or cannot be had', async () => {
  const empty = await fetched(await send(DM, '空.pdf'), () => Readable.from([]));
  const args = { name: '空.pdf', why: 'empty', by: 'wang', platform: 'slack' };
  expect(empty).toMatchObject({ name: 'decisions.file-refused', subject: DM, args });
  const gone = await fetched(await send(SP, '走了.pdf'), () => {
    throw new DeliveryError('slack', 'gone', 'file_deleted');
  });
  expect(gone).toMatchObject({ name: 'requests.file-refused', subject: SP, args: { why: 'unreachable' } });
});

test('positions count within one subject; its card lists what is kept, what is coming, and nothing of others', async () => {
  await send('DM-2026-0013', '别人的.pdf');
  const scene = { sql: database.sql, language: 'zh', person: 'li' } as Scene<World>;
  const lines = ({ blocks }: Card) =>
    blocks.map((block) => ('label' in block ? block.label : 'text' in block && block.text));
  const card = filesCard((file, person) => `https://x/${file}?${person}`);
  expect(lines(await card(scene, DM))).toEqual([
    `${DM} 的附件（链接 10 分钟内有效，仅供你本人）`,
    '周会决议-20261123-01V1.pdf',
    '周会决议-20261123-02V1.pdf（保存中）',
  ]);
  expect(lines(await card(scene, 'DM-2026-0099'))).toEqual(['DM-2026-0099 没有附件。把文件发给我并写上单号即可添加。']);
});

test('a number in the caption goes before the card that was replied to; without either it is nobody’s', async () => {
  await database.sql`
    insert into message (id, intent, subject, kind, audience, platform, address_kind, address, key, lane, ref_channel, ref_message, created_at)
    values (${randomUUID()}, ${randomUUID()}, ${DM}, 'card', 'person:li', 'slack', 'direct', 'D1', 'k', 2, 'D1', '1.1', ${at})`;
  const reply = (message: string | undefined) =>
    ({
      sql: database.sql,
      inbound: { platform: 'slack', ...(message ? { message: { channel: 'D1', message } } : {}) } as Inbound,
    }) as Scene<World>;
  expect(await subjectOfFiles(reply('1.1'), '终稿')).toBe(DM);
  expect(await subjectOfFiles(reply('1.1'), `改挂 ${SP}`)).toBe(SP);
  expect(await subjectOfFiles(reply('9.9'), '终稿')).toBeUndefined();
  expect(await subjectOfFiles(reply(undefined), 'dm-2026-0012 终稿')).toBe(DM);
});
