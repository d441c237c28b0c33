/** Files on their way from a person to a subject: what the person said they belong to, and how they travel in a form's action. */
import { randomUUID } from 'node:crypto';
import type { ActionRef } from '../core/card.ts';
import type { InboundFile } from '../core/chat.ts';
import type { Scene, Understood } from '../core/intake.ts';
import { findNumber } from '../core/number.ts';
import { messageAt } from '../core/outbox.ts';
import { cleanLine } from '../core/text.ts';
import type { World } from '../processes/model.ts';
import type { SentFile } from './model.ts';

/** The number in the caption, else that of the card which was replied to. Numbers of all nouns: the letters say whose it is. */
export async function subjectOfFiles({ sql, inbound }: Scene<World>, text: string): Promise<string | undefined> {
  const said = findNumber(text);
  if (said !== undefined || !inbound.message) return said;
  return (await messageAt(sql, inbound.platform, inbound.message))?.subject;
}

export const sentFile = ({ name, ref }: Pick<InboundFile, 'name' | 'ref'>): SentFile => ({
  id: randomUUID(),
  original: cleanLine(name, 200) || 'file',
  ref,
});

/** The noun's own command `attach`. */
export function attachTo(module: string, subject: string, files: SentFile[]): Understood {
  const args = { files: files.map((file) => ({ ...file })) };
  return { kind: 'do', command: { name: `${module}.attach`, subject, args } };
}

/** Where the person must first choose what they belong to, the files' references travel in the form's own action. */
export function carriedFiles(files: InboundFile[]): Record<string, string> {
  return Object.fromEntries(files.flatMap(carried));
}

const carried = ({ name, ref }: InboundFile, index: number): [string, string][] => [
  [`${index}`, shortName(cleanLine(name, 200))],
  ...Object.entries(ref).map(([key, value]): [string, string] => [`${index}.${key}`, value]),
];

/** Its ending says what kind of file it is. */
function shortName(name: string): string {
  const points = [...name];
  return points.length <= 60 ? name : `${points.slice(0, 45).join('')}…${points.slice(-14).join('')}`;
}

export function filesIn(action: ActionRef): SentFile[] {
  const entries = Object.entries(action.with ?? {});
  return entries.flatMap(([index, name]) => {
    if (!/^\d+$/.test(index)) return [];
    const own = entries.filter(([key]) => key.startsWith(`${index}.`));
    const ref = Object.fromEntries(own.map(([key, value]) => [key.slice(index.length + 1), value]));
    return [sentFile({ name, ref })];
  });
}
