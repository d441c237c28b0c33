/** What people can type, by the handbook's own commands: first of all what to type when something has happened; and the nearest to a mistyped one. */
import type { Block, Card } from '../core/card.ts';
import type { Scene } from '../core/intake.ts';
import type { Line } from '../core/line.ts';
import { nearWord } from '../core/near.ts';
import { cleanLine } from '../core/text.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { commandWords } from '../processes/lookup.ts';
import type { World } from '../processes/model.ts';
import { requestWords } from '../words/requests.ts';

type Asked = Pick<Scene<World & Partial<Pick<CrisisWorld, 'crisis'>>>, 'world' | 'language'>;

export function helpCard({ world, language }: Asked): Card {
  const w = requestWords(language).help;
  const commands = world.processes.map(({ process }) => {
    const fields = process.quick.map((id) => process.form.find((field) => field.id === id)?.label[language] ?? id);
    return w.command(process.command, process.title[language], fields.join(' '));
  });
  const signals = (world.crisis?.indicators.length ?? 0) > 0 ? [w.signal] : [];
  const crisis = world.crisis ? [...w.crisis, ...signals] : [];
  const alarm: Block[] = world.crisis ? [{ kind: 'text', text: w.alarm, strong: true }] : [];
  return {
    headline: w.title,
    tone: 'muted',
    summary: world.crisis ? w.alarm : w.title,
    blocks: [
      ...alarm,
      { kind: 'text', text: [...crisis, ...commands, ...w.lines].join('\n') },
      { kind: 'note', text: w.hint },
    ],
  };
}

/** The commands of the other nouns, with their Chinese names. */
const OTHERS = ['pr', 'meeting', '会议', 'minutes', '纪要', 'decisions', '决议', 'statement', '声明'];
const OF_CRISIS = ['crisis', '危机', 'fact', '事实', '记录', 'signal', '预警', '信号'];
const BEHIND_PR = ['help', 'list', 'why', 'show', 'away', 'back', 'seal'];

/** With the nearest command and all that was typed behind it, to be sent once more. @param behind the command whose word it is */
export function unknownText({ word, rest }: Line, { world, language }: Asked, behind = ''): string {
  const w = requestWords(language).help;
  const own = commandWords(world.processes.map(({ process }) => process));
  const known = behind ? BEHIND_PR : [...own, ...(world.crisis ? OF_CRISIS : []), ...OTHERS];
  const near = nearWord(word, known);
  const said = `/${behind}${cleanLine(word, 40)}`;
  return near ? w.near(said, `/${behind}${near} ${cleanLine(rest, 100)}`.trim()) : w.unknown(said);
}
