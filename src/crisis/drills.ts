/** Drills compared (C8): of each scenario the last ones, every figure with its target and with the time before. */
import { localDate, showDate } from '../core/calendar.ts';
import type { Block, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { crisisWords, sayElapsed } from '../words/crisis.ts';
import { debriefWords } from '../words/debrief.ts';
import { figuresOf, TARGETS } from './figures.ts';
import type { Crisis, CrisisWorld, Figures, Score } from './model.ts';
import { isFalseAlarm } from './reading.ts';
import type { Reader } from './store.ts';
import { entriesOf, gradedBelow, scenarioOf } from './timeline.ts';

/** As of the moment at which it is stood down, whose entry is not written yet. */
export async function figuresNow(sql: Reader, crisis: Crisis, at: Date): Promise<Figures> {
  return figuresOf(await entriesOf(sql, crisis.number), crisis, at);
}

/** The newest first. */
async function drillsHeld(sql: Reader): Promise<Crisis[]> {
  const rows = await sql<{ body: Crisis }[]>`
    select body from crisis where drill order by raised_at desc nulls last limit 100`;
  return rows.map((row) => row.body);
}

const SHOWN = 4;
const MOST_SCENARIOS = 6;

interface Shown {
  world: Pick<CrisisWorld, 'directory' | 'crisis'>;
  language: Language;
  at: Date;
}

export async function drillsCard(sql: Reader, world: Shown['world'], language: Language, at: Date): Promise<Card> {
  const w = debriefWords(language).drills;
  const held = await drillsHeld(sql);
  const text = held.length > 0 ? quarterText(held, { world, language, at }) : w.none;
  const groups = [...byScenario(held)].slice(0, MOST_SCENARIOS);
  const cut = groups.some(([, drills]) => drills.length > SHOWN);
  return {
    headline: w.headline,
    tone: 'muted',
    summary: text,
    blocks: [
      { kind: 'text', text },
      ...groups.flatMap(([scenario, drills]) => scenarioBlocks(scenario, drills, { world, language, at })),
      ...(cut ? [{ kind: 'note' as const, text: w.more(SHOWN) }] : []),
    ],
  };
}

/** The newest first, as they come. */
function byScenario(held: readonly Crisis[]): Map<string, Crisis[]> {
  const groups = new Map<string, Crisis[]>();
  for (const drill of held) {
    const scenario = drill.drill?.scenario ?? '';
    groups.set(scenario, [...(groups.get(scenario) ?? []), drill]);
  }
  return groups;
}

function quarterText(held: readonly Crisis[], { world, language, at }: Shown): string {
  const { timezone } = world.directory.company;
  const quarter = (time: Date) => {
    const day = localDate(time, timezone);
    return `${day.slice(0, 4)}-${Math.floor((Number(day.slice(5, 7)) - 1) / 3)}`;
  };
  const whole = held.filter((drill) => !isFalseAlarm(drill));
  const now = whole.filter(({ raisedAt }) => quarter(new Date(raisedAt)) === quarter(at)).length;
  const w = debriefWords(language).drills;
  return now > 0 ? w.quarterDone(now) : w.quarterNone;
}

function scenarioBlocks(scenario: string, drills: readonly Crisis[], shown: Shown): Block[] {
  const lines = drills.slice(0, SHOWN).map((drill, index): Block => {
    const before = drills.slice(index + 1).find((one) => one.score !== undefined)?.score;
    return { kind: 'text', text: drillText(drill, before, shown) };
  });
  return [{ kind: 'divider' }, { kind: 'text', text: scenarioOf(scenario, shown), strong: true }, ...lines];
}

function drillText(drill: Crisis, before: Score | undefined, shown: Shown): string {
  const { world, language } = shown;
  const w = debriefWords(language).drills;
  const day = showDate(localDate(new Date(drill.raisedAt), world.directory.company.timezone), language);
  const { score } = drill;
  if (!score) return w.drill(drill.number, day, drill.ended ? w.falseAlarm : w.running);
  const met = score.lines.filter((line) => line.met).length;
  const result = score.lines.length > 0 ? w.result(met, score.lines.length) : w.noTargets;
  const lines = [
    w.drill(drill.number, day, result),
    gradedBelow(drill, shown),
    ...figureLines(score, before, language),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function figureLines(score: Score, before: Score | undefined, language: Language): string[] {
  const w = debriefWords(language).drills;
  const { targets } = crisisWords(language);
  return (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).flatMap((target) => {
    const line = score.lines.find((one) => one.target === target);
    const took = score.figures[TARGETS[target]];
    if (took === undefined && !line) return [];
    const mark = line ? (line.met ? '✓' : '✗') : '·';
    const said = took === undefined ? w.never : sayElapsed(took, language);
    const trend = trendOf(took, before?.figures[TARGETS[target]], language);
    return [w.line(mark, targets[target], said, line ? sayElapsed(line.wanted, language) : '', trend)];
  });
}

function trendOf(took: number | undefined, before: number | undefined, language: Language): string {
  const w = debriefWords(language).drills;
  if (took === undefined || before === undefined) return '';
  if (took === before) return w.same;
  const by = sayElapsed(Math.abs(took - before), language);
  return took < before ? w.faster(by) : w.slower(by);
}
