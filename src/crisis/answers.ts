/** What whoever acted is told: one sentence that says what happens now, and the pressed card as it is; each refusal says what to do. */
import type { Platform, Reply } from '../core/chat.ts';
import type { Outcome } from '../core/handle.ts';
import type { Command } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { messageAt } from '../core/outbox.ts';
import { sayWithCard } from '../core/pressed.ts';
import { companyLanguage } from '../directory/lookup.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisAnswerWords } from '../words/crisis-answers.ts';
import type { S } from './choosing.ts';
import { drawCrisis } from './drawer.ts';
import { callsWaiting } from './lists.ts';
import { maySee } from './lookup.ts';
import type { Crisis, CrisisEvent, CrisisWorld, Seat } from './model.ts';
import { clockOf, isFalseAlarm, markOf, nameOf } from './reading.ts';
import { refusalText } from './refusals.ts';
import { openWith } from './store.ts';
import { rungNow } from './team-cards.ts';

type PlaceOf = (world: CrisisWorld, person: string, platform: Platform) => Place | undefined;
type Done = Extract<Outcome, { kind: 'done' }>;

export async function replyTo(outcome: Outcome, command: Command, scene: S, placeOf: PlaceOf): Promise<Reply> {
  const after = (outcome.kind === 'done' ? outcome.after : outcome.state) as Crisis | undefined;
  const text =
    outcome.kind === 'done'
      ? saidText(command, outcome, scene)
      : refusalText(outcome.refusal, { crisis: after, number: outcome.subject }, scene);
  const more = outcome.kind === 'done' && command.name === 'crisis.answer' ? await stillRinging(scene, outcome) : '';
  const mark = after ? markOf(after, scene.language) : '';
  const said = { tone: outcome.kind === 'done' ? ('good' as const) : ('bad' as const), text: mark + text + more };
  // whoever raised it has its card on the way already
  if (!after || command.name === 'crisis.raise') return { kind: 'said', ...said };
  return maySee(after, scene.person, scene.world)
    ? withCard(said, after.number, command, scene, placeOf)
    : { kind: 'said', ...said };
}

async function withCard(
  said: { tone: 'good' | 'bad'; text: string },
  number: string,
  command: Command,
  scene: S,
  placeOf: PlaceOf,
): Promise<Reply> {
  const { inbound, sql, world, person, language } = scene;
  const draw = drawCrisis(
    sql,
    async () => world,
    () => scene.at,
  );
  const pressed = inbound.message && (await messageAt(sql, inbound.platform, inbound.message));
  // a card of its own stands there: the page or a notice, which are no situation cards
  if (pressed && pressed.kind !== 'card') {
    const about = typeof command.args.call === 'string' ? command.args.call : undefined;
    if (pressed.kind !== 'page' || about === undefined) return { kind: 'said', ...said };
    const page = { kind: 'page' as const, subject: number, audience: { person }, about, data: undefined };
    const card = await draw({ ...page, language, plain: false });
    return card ? { kind: 'said', ...said, card } : { kind: 'said', ...said };
  }
  const channelLanguage = companyLanguage(world.directory.company);
  return sayWithCard(said, number, scene, { draw, place: placeOf(world, person, inbound.platform), channelLanguage });
}

/** Somebody who is called by two crises has answered one of them. */
async function stillRinging({ sql, person, language }: S, { subject }: Done): Promise<string> {
  const open = await openWith(sql, person);
  const others = open.filter((one) => one.number !== subject && callsWaiting(one, person).length > 0);
  if (others.length === 0) return '';
  const numbers = crisisWords(language).names(others.map((one) => one.number));
  return `\n${crisisAnswerWords(language).said.moreRings(numbers)}`;
}

// --- done ---

function saidText(command: Command, outcome: Done, scene: S): string {
  const { language, world } = scene;
  const { said } = crisisAnswerWords(language);
  const { seats, names, grades } = crisisWords(language);
  const crisis = outcome.after as Crisis;
  const events = outcome.events as CrisisEvent[];
  const { number } = crisis;
  const { args } = command;
  const shown = { crisis, world, language };
  const name = (id: unknown): string => nameOf(String(id ?? ''), shown);
  const rung = names(rungNow(crisis).map(name));
  switch (command.name.slice('crisis.'.length)) {
    case 'raise':
      return (crisis.drill ? said.drill : said.raised)(number, rung);
    case 'grade': {
      const grade = grades[crisis.grade ?? 'general'];
      return crisis.grades.length > 1 ? said.regraded(number, grade) : said.graded(number, grade, rung);
    }
    case 'answer':
      return crisis.state === 'alarm' ? said.answeredAlarm(number) : said.answered(number);
    case 'take-back': {
      const back = events.find((event) => event.type === 'answer-taken-back');
      const call = crisis.calls.find((one) => one.id === back?.data.call);
      return call?.state === 'answered' ? said.backCovered : said.back;
    }
    case 'add':
      return said.added(name(args.person));
    case 'take-seat':
      return said.seat(seats[args.seat as Seat]);
    case 'give-seat':
      return said.seatGiven(seats[args.seat as Seat], name(args.to));
    case 'fact': {
      const fact = crisis.facts.at(-1);
      return said.fact(clockOf(fact?.happenedAt ?? scene.at, shown));
    }
    case 'task':
      return said.task(name(args.owner));
    case 'task-done':
      return said.done;
    case 'contact':
      return said.contact;
    case 'update':
      return said.update(crisis.updateDue ? clockOf(crisis.updateDue, shown) : '');
    case 'resume':
      return args.go === true ? said.go : said.noGo;
    case 'stand-down':
      if (isFalseAlarm(crisis)) return (crisis.drill ? said.drillStopped : said.falseAlarm)(number);
      return crisis.drill ? said.drillOver(number) : said.stoodDown(number);
    case 'aftercare':
      return said.aftercare(crisis.aftercare.at(-1)?.decision ?? number, name(args.owner));
    case 'clear':
      return said.cleared(name(args.person));
    case 'mend-rooms':
      return said.mending;
    case 'attach': {
      const kept = events.flatMap((event) => (event.type === 'file-attached' ? [event.data.name] : []));
      return said.attached(names(kept), number);
    }
    default:
      return said.shown(number);
  }
}
