/**
 * A rule book of a story's own: a copy of the example company's in a temporary folder, changed by its text. Stories that are about something
 * else go without its meetings and its crisis plans, so that nothing happens by itself.
 *
 *     const book = await copyHandbook({ 'company.yaml': [['currency: CNY', 'currency: CNY\nrates: {USD: "7.1234"}']] });
 *     const house = await openHouse({ handbook: book.folder });
 *     await book.change('processes/spend.yaml', ['atLeast: 5万', 'atLeast: 3万']);
 *     await house.running.reload();
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What stands there, and what shall stand there. */
export type Change = readonly [from: string, to: string];

/** What the copy keeps of what happens by itself. */
interface Kept {
  /** with the example company's meetings */
  whole?: boolean | undefined;
  /** with its crisis plans, indicators and drills */
  crisis?: boolean | undefined;
}

export async function copyHandbook(
  changes: Record<string, readonly Change[]> = {},
  files: Record<string, string> = {},
  { whole = false, crisis = false }: Kept = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'handbook-'));
  await cp(join(import.meta.dirname, '..', '..', 'handbook'), folder, { recursive: true });
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  const change = async (file: string, ...edits: readonly Change[]): Promise<void> => {
    let text = await readFile(join(folder, file), 'utf8');
    for (const [from, to] of edits) {
      if (!text.includes(from)) throw new Error(`${file} does not say: ${from}`);
      text = text.replace(from, to);
    }
    await write(file, text);
  };
  if (!whole) await rm(join(folder, 'meetings.yaml'), { force: true });
  if (!crisis) await rm(join(folder, 'crisis.yaml'), { force: true });
  for (const [file, edits] of Object.entries(changes)) await change(file, ...edits);
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return { folder, change, write, remove: () => rm(folder, { recursive: true, force: true }) };
}

const calm = new Map<string, Promise<string>>();

/** The example company without what happens by itself, except for what is asked for; one copy of each serves all. */
export function calmHandbook({ whole = false, crisis = false }: Kept = {}): Promise<string> {
  const key = JSON.stringify({ whole, crisis });
  const made = calm.get(key) ?? copyHandbook({}, {}, { whole, crisis }).then(({ folder }) => folder);
  calm.set(key, made);
  return made;
}
