/** Who belongs into the room of a crisis on one platform, and what it is called there. */
import type { Platform } from '../core/chat.ts';
import { cleanLine } from '../core/text.ts';
import { accountOn, companyLanguage } from '../directory/lookup.ts';
import { crisisWords } from '../words/crisis.ts';
import type { CrisisWorld } from './model.ts';
import { isDrill } from './model.ts';
import type { RoomPlan } from './rooms.ts';
import { type Reader, readCrisis } from './store.ts';

const TITLE_LENGTH = 60;

/** The team, and whoever raised it. Undefined: no such crisis, or it is over. */
export async function roomPlanOf(
  sql: Reader,
  number: string,
  platform: Platform,
  { directory }: CrisisWorld,
): Promise<RoomPlan | undefined> {
  const crisis = await readCrisis(sql, number);
  if (!crisis || crisis.state === 'over') return undefined;
  const w = crisisWords(companyLanguage(directory.company));
  const drill = isDrill(crisis) ? w.drill : '';
  const people = [...new Set([...crisis.team.map((one) => one.person), crisis.raisedBy])].flatMap((id) => {
    const person = directory.people.get(id);
    const account = person?.active ? accountOn(person, platform) : undefined;
    return account === undefined ? [] : [{ person: id, account }];
  });
  const name = isDrill(crisis) ? w.drillRoom(number) : number;
  return { title: cleanLine(`${drill}${number} ${crisis.text}`, TITLE_LENGTH), name: name.toLowerCase(), people };
}
