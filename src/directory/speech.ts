/** `/pr away 2026-12-01 2026-12-07 @李娜` and `/pr back`. */

import type { Scene, Talker, Understood } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import { foldWidth } from '../core/text.ts';
import { roadWords } from '../words/road.ts';
import { personByName } from './lookup.ts';
import type { Directory } from './model.ts';

type S = Scene<{ directory: Directory }>;

export const absenceTalker: Talker<{ directory: Directory }> = {
  understand: async (scene) => {
    const { what } = scene.inbound;
    if (what.kind !== 'text') return undefined;
    const match = /^\/?pr\s+(away|back|外出|回来)(?:\s+([\s\S]*))?$/i.exec(foldWidth(what.text).trim());
    if (!match) return undefined;
    const [, word = '', rest = ''] = match;
    return /away|外出/i.test(word) ? understandAway(scene, rest) : understandBack(scene);
  },
  reply: async (outcome, command, scene) => {
    if (!command.name.startsWith('directory.')) return undefined;
    const w = roadWords(scene.language).away;
    if (outcome.kind === 'refused')
      return { kind: 'said', tone: 'bad', text: refusalOf(outcome.refusal.code, outcome.refusal.facts, scene) };
    if (command.name === 'directory.back') return { kind: 'said', tone: 'good', text: w.ended };
    const { from, to, deputy } = command.args;
    return { kind: 'said', tone: 'good', text: w.recorded(String(from), String(to), nameOf(scene, deputy)) };
  },
};

const nameOf = (scene: S, id: unknown): string => scene.world.directory.people.get(String(id))?.name ?? String(id);
const bad = (text: string): Understood => ({ kind: 'answer', reply: { kind: 'said', tone: 'bad', text } });

function understandAway(scene: S, rest: string): Understood {
  const w = roadWords(scene.language).away;
  const { directory } = scene.world;
  const parts = rest.split(/\s+/).filter((part) => part !== '' && part !== '到' && part !== '至' && part !== 'to');
  const days = parts.map((part) => readDay(part, directory.today)).filter((day) => day !== undefined);
  const names = parts.filter((part) => readDay(part, directory.today) === undefined).join(' ');
  if (days.length === 0) return bad(w.usage);
  if (names === '') return bad(w.noDeputy);
  const found = personByName(directory, names, scene.inbound.platform);
  const [deputy] = found;
  if (!deputy?.active) return bad(w.unknownDeputy(names));
  if (found.length > 1) return bad(w.ambiguous(names, found.map((person) => person.id).join(' / ')));
  const [from = '', to = from] = days;
  return {
    kind: 'do',
    command: { name: 'directory.leave', subject: undefined, args: { from, to, deputy: deputy.id } },
  };
}

/** 2026-12-01, 2026/12/1, 12-01, 12月1日: without a year the next such day. */
function readDay(text: string, today: string): string | undefined {
  const parts = /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  if (!parts) return undefined;
  const [, year, month = '', day = ''] = parts;
  const monthDay = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (year) return `${year}-${monthDay}`;
  const thisYear = today.slice(0, 4);
  return `${thisYear}-${monthDay}` >= today ? `${thisYear}-${monthDay}` : `${Number(thisYear) + 1}-${monthDay}`;
}

/** The absence that runs, else the next one. */
function understandBack(scene: S): Understood {
  const own = scene.world.directory.absences
    .filter((a) => a.person === scene.person)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const [first] = own;
  if (!first) return bad(roadWords(scene.language).away.notAway);
  return { kind: 'do', command: { name: 'directory.back', subject: first.id, args: {} } };
}

function refusalOf(code: string, facts: JsonObject, scene: S): string {
  const w = roadWords(scene.language).away;
  switch (code) {
    case 'bad-dates':
      return w.badDates;
    case 'too-long':
      return w.tooLong;
    case 'self':
      return w.self;
    case 'unknown-deputy':
      return w.unknownDeputy(String(facts.name));
    case 'overlap':
      return w.overlap(String(facts.from), String(facts.to));
    case 'circle':
      return w.circle(nameOf(scene, facts.person));
    default:
      return w.notAway;
  }
}
