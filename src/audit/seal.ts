/** Sealing the record: daily and by `/pr seal`; the checkpoint goes to the audit channel, out of reach of whoever owns the database. */
import type { Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { Database, Scene, Talker } from '../core/intake.ts';
import { type Checkpoint, lastCheckpoint, seal } from '../core/ledger.ts';
import type { JsonObject } from '../core/message.ts';
import { type Effect, LANE, type Tx } from '../core/module.ts';
import { administrators } from '../directory/lookup.ts';
import type { World } from '../processes/model.ts';
import { roadWords } from '../words/road.ts';

/** The handbook's channel for checkpoints. */
export const AUDIT_CHANNEL = 'audit';
export const LEDGER = 'ledger';

export type Tell = (sql: Database | Tx, subject: string, effects: Effect[], world: World, at: Date) => Promise<void>;

/** Told again whenever it is asked for, though posted once: a process may have died between a seal and its announcement. */
export async function sealAndTell(
  sql: Database,
  at: Date,
  by: string,
  world: World,
  tell: Tell,
): Promise<Checkpoint | undefined> {
  const sealed = await seal(sql, at, by);
  const checkpoint = sealed ?? (await lastCheckpoint(sql));
  if (checkpoint === undefined) return undefined;
  const { number, hash, through, chains, entries } = checkpoint;
  const data: JsonObject = { number, hash, through, chains, entries };
  const notice: Effect = {
    kind: 'notice',
    to: { channel: AUDIT_CHANNEL },
    about: 'sealed',
    data,
    key: `checkpoint|${number}`,
    lane: LANE.decision,
  };
  await tell(sql, LEDGER, [notice], world, at);
  return sealed;
}

export function checkpointCard(data: JsonObject, language: Language): Card {
  const w = roadWords(language).audit;
  const number = Number(data.number);
  return {
    headline: `${w.title} · ${w.sealed(number)}`,
    tone: 'muted',
    summary: `${w.sealed(number)} ${String(data.hash)}`,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: w.chains, value: String(data.chains) },
          { label: w.entries, value: String(data.entries) },
          { label: w.through, value: String(data.through) },
        ],
      },
      { kind: 'facts', facts: [{ label: w.hash, value: String(data.hash), wide: true }] },
      { kind: 'note', text: w.how },
    ],
  };
}

export function sealTalker(sealNow: (scene: Scene<World>) => Promise<Checkpoint | undefined>): Talker<World> {
  return {
    understand: async (scene) => {
      const { what } = scene.inbound;
      if (what.kind !== 'text' || !/^[/／]?pr\s+(seal|封存)$/i.test(what.text.trim())) return undefined;
      const w = roadWords(scene.language).audit;
      const admins = administrators(scene.world.directory);
      if (!admins.some((person) => person.id === scene.person)) {
        const text = w.onlyAdmin(admins.map((person) => person.name).join('、'));
        return { kind: 'answer', reply: { kind: 'said', tone: 'bad', text } };
      }
      const checkpoint = await sealNow(scene);
      const text = checkpoint ? w.sealedNow(checkpoint.number) : w.nothingNew;
      return { kind: 'answer', reply: { kind: 'said', tone: checkpoint ? 'good' : 'info', text } };
    },
    reply: async () => undefined,
  };
}
