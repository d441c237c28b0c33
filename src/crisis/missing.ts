/** What a debrief finds missing: nothing is passed over because nobody wrote it down. Pure. */
import { isOpen as isDecisionOpen } from '../decisions/model.ts';
import { crisisWords } from '../words/crisis.ts';
import { debriefWords } from '../words/debrief.ts';
import type { DebriefFacts } from './debrief-facts.ts';
import { AFTERCARE, type Aftercare, type Crisis, isDrill, isOpen, SEATS } from './model.ts';
import { nameOf, platformOf, type Telling } from './timeline.ts';

export function missingIn(facts: DebriefFacts, telling: Telling): string[] {
  const falseAlarm = facts.crisis.ended?.how === 'false-alarm';
  return [...(falseAlarm ? [] : notDone(facts, telling)), ...notFinished(facts, telling)];
}

function notDone({ crisis, entries, decisions }: DebriefFacts, telling: Telling): string[] {
  const { missing: w } = debriefWords(telling.language);
  const c = crisisWords(telling.language);
  const empty = SEATS.filter((seat) => !crisis.seats[seat]).map((seat) => c.seats[seat]);
  const struck = new Set(decisions.filter(({ state }) => state === 'void').map(({ number }) => number));
  const ordered = new Set(crisis.aftercare.filter((one) => !struck.has(one.decision)).map(({ kind }) => kind));
  const unordered = owedBy(crisis).filter((kind) => !ordered.has(kind));
  const unanswered = unansweredIn(crisis).map((person) => nameOf(person, telling));
  return [
    isOpen(crisis) ? w.open : '',
    crisis.grade ? '' : w.grade,
    empty.length > 0 ? w.seats(c.names(empty)) : '',
    unanswered.length > 0 ? w.unanswered(c.names(unanswered)) : '',
    entries.some(({ type }) => type === 'situation-updated') ? '' : w.update,
    crisis.firstStatement ? '' : w.statement,
    ...unordered.map((kind) => w.aftercare[kind]),
  ].filter((text) => text !== '');
}

/** A drill hurts nobody: what it leaves are its lessons. While a crisis goes on, nobody asks what comes after. */
function owedBy(crisis: Crisis): readonly Aftercare[] {
  if (isOpen(crisis)) return [];
  return isDrill(crisis) ? ['lessons'] : AFTERCARE;
}

/** Places of the team that rang in vain, and were not answered by a later call either. */
function unansweredIn({ calls }: Crisis): string[] {
  const answered = new Set(calls.filter(({ state }) => state === 'answered').map(({ seat }) => seat));
  const rung = calls.filter(({ why, seat }) => why !== 'assess' && !answered.has(seat));
  return [...new Set(rung.map(({ seat }) => seat))];
}

function notFinished({ crisis, files, decisions }: DebriefFacts, telling: Telling): string[] {
  const { missing: w } = debriefWords(telling.language);
  const { names } = crisisWords(telling.language);
  const tasks = crisis.tasks.filter(({ doneAt }) => doneAt === undefined).length;
  const open = crisis.spent.filter(({ state }) => state === 'open').map(({ request }) => request);
  const refused = files.filter(({ state }) => state === 'refused').map(({ name }) => name);
  const unopened = crisis.rooms.filter(({ id }) => id === undefined);
  const undone = decisions.filter(isDecisionOpen).map(({ number }) => number);
  return [
    tasks > 0 ? w.tasks(tasks) : '',
    open.length > 0 ? w.ratification(names(open)) : '',
    crisis.freeze?.state === 'on' ? w.freeze : '',
    refused.length > 0 ? w.files(names(refused)) : '',
    unopened.length > 0 ? w.rooms(names(unopened.map(({ platform }) => platformOf(platform, telling.language)))) : '',
    undone.length > 0 ? w.decisions(names(undone)) : '',
  ].filter((text) => text !== '');
}
