/** Files offered to those who may see what they belong to, and to nobody else. */
import type { Readable } from 'node:stream';
import type { Block, Card } from '../core/card.ts';
import type { Database, Scene } from '../core/intake.ts';
import type { World } from '../processes/model.ts';
import { fileWords } from '../words/files.ts';
import type { FileOwner } from './model.ts';
import { fileById, filesOf } from './store.ts';

/** For whoever may see the subject: who asks for the card has made sure of that. */
export function filesCard(link: (file: string, person: string) => string) {
  return async (scene: Scene<World>, subject: string): Promise<Card> => {
    const w = fileWords(scene.language);
    const files = (await filesOf(scene.sql, [subject])).filter((file) => file.state !== 'refused');
    const text = files.length > 0 ? w.open(subject) : w.empty(subject);
    const blocks = files.map(
      (file): Block =>
        file.state === 'kept'
          ? { kind: 'link', label: file.name, url: link(file.id, scene.person) }
          : { kind: 'note', text: w.fetching(file.name) },
    );
    return { headline: subject, tone: 'muted', summary: text, blocks: [{ kind: 'text', text }, ...blocks] };
  };
}

interface Library {
  sql: Database;
  world: World;
  ownerOf(subject: string): FileOwner;
  open(sha256: string): Readable;
}

/** The link says who asks; whether they may see it is asked again now. */
export async function fileForReader(
  { sql, world, ownerOf, open }: Library,
  id: string,
  person: string,
): Promise<{ stream: Readable; name: string; mime: string } | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const file = await fileById(sql, id);
  if (file?.state !== 'kept' || !file.sha256 || !world.directory.people.get(person)?.active) return undefined;
  if (!(await ownerOf(file.subject).maySee(sql, file.subject, person, world))) return undefined;
  return { stream: open(file.sha256), name: file.name, mime: file.mime ?? 'application/octet-stream' };
}
