/** Files offered to those who may see the request, and to nobody else. */
import type { Readable } from 'node:stream';
import type { Block, Card } from '../core/card.ts';
import type { Scene } from '../core/intake.ts';
import type { World } from '../processes/model.ts';
import { requestWords } from '../words/requests.ts';
import { maySee } from './cards.ts';
import { fileById, filesOf } from './files.ts';
import type { Request } from './model.ts';
import { type Reader, readRequest } from './store.ts';

export function filesCard(link: (file: string, person: string) => string) {
  return async (scene: Scene<World>, request: Request): Promise<Card> => {
    const w = requestWords(scene.language).files;
    const files = (await filesOf(scene.sql, [request.number])).filter((file) => file.state !== 'refused');
    const text = files.length > 0 ? w.open(request.number) : w.empty(request.number);
    const blocks = files.map(
      (file): Block =>
        file.state === 'kept'
          ? { kind: 'link', label: file.name, url: link(file.id, scene.person) }
          : { kind: 'note', text: w.fetching(file.name) },
    );
    return { headline: request.number, tone: 'muted', summary: text, blocks: [{ kind: 'text', text }, ...blocks] };
  };
}

/** The link says who asks; whether they may see it is asked again now. */
export async function fileForReader(
  sql: Reader,
  world: World,
  id: string,
  person: string,
  open: (sha256: string) => Readable,
): Promise<{ stream: Readable; name: string; mime: string } | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const file = await fileById(sql, id);
  if (file?.state !== 'kept' || !file.sha256 || !world.directory.people.get(person)?.active) return undefined;
  const request = await readRequest(sql, file.request);
  if (!request || !maySee(request, person, world)) return undefined;
  return { stream: open(file.sha256), name: file.name, mime: file.mime ?? 'application/octet-stream' };
}
