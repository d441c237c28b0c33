/** Every platform that is set up is asked how it is, side by side and in bounded time: one that does not answer keeps nobody waiting. */
import type { ChatAdapter, Check, Content, Examination, Language, Platform } from '../core/chat.ts';
import { inTime } from '../core/in-time.ts';
import type { Directory } from '../directory/model.ts';
import { examineWords } from '../words/examine.ts';
import { healthWords } from '../words/health.ts';

const EXAMINED_MS = 12_000;

export async function examineAll(
  adapters: Iterable<ChatAdapter>,
  directory: Pick<Directory, 'company'>,
  language: Language,
): Promise<Check[]> {
  const found = await Promise.all([...adapters].map((adapter) => examineOne(adapter, directory, language)));
  return found.flat();
}

async function examineOne(
  adapter: ChatAdapter,
  directory: Pick<Directory, 'company'>,
  language: Language,
): Promise<Check[]> {
  const { platform } = adapter;
  const asked = examinationOf(platform, directory, { language, samples: [], thorough: false });
  const known = adapter.trouble(language);
  const trouble: Check[] =
    known === undefined ? [] : [{ kind: 'limits', what: known, ...healthWords(language).trouble }];
  if (adapter.examine === undefined) return trouble;
  const found = await inTime(adapter.examine(asked), EXAMINED_MS);
  if (found === undefined) return [{ kind: 'limits', ...examineWords(language).slow(nameOf(platform, language)) }];
  // whoever was asked knows better than what was heard before
  return found.some(({ kind }) => kind === 'stops' || kind === 'limits') ? found : [...found, ...trouble];
}

const nameOf = (platform: Platform, language: Language): string => healthWords(language).platforms[platform];

/** Whatever of the handbook stands on this platform. */
export function examinationOf(
  platform: Platform,
  { company }: Pick<Directory, 'company'>,
  how: { language: Language; samples: readonly Content[]; thorough: boolean },
): Examination {
  const here = platform === 'slack' || platform === 'feishu' ? platform : undefined;
  const channels = Object.entries(company.channels).flatMap(([name, ids]) => {
    const id = here && ids[here];
    return id === undefined ? [] : [{ name, id }];
  });
  const people = company.people.flatMap(({ active, name, accounts }) => {
    const account = here && accounts[here];
    return active && account !== undefined ? [{ name, account }] : [];
  });
  return { ...how, channels, people };
}
