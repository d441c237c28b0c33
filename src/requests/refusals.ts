/** Every way of saying no, as a sentence that says what to do next. */
import { showTime } from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { showMoney } from '../core/money.ts';
import { isolate } from '../core/text.ts';
import type { World } from '../processes/model.ts';
import { ratifyWords } from '../words/ratify.ts';
import { answerWords } from '../words/request-answers.ts';
import { requestWords } from '../words/requests.ts';
import type { Request } from './model.ts';

interface Reader {
  world: World;
  language: Language;
}

export function refusalText(
  code: string,
  facts: JsonObject,
  request: Request | undefined,
  { world, language }: Reader,
): string {
  const w = requestWords(language);
  const r = answerWords(language).refusals;
  const { directory } = world;
  const name = (id: unknown) => directory.people.get(String(id ?? ''))?.name ?? String(id ?? '');
  const names = (ids: unknown) => w.names(Array.isArray(ids) ? ids.map(name) : []);
  const time = (at: unknown) => (at ? showTime(new Date(String(at)), directory.company.timezone, language) : '');
  const state = (outcome: unknown) => stateOf(outcome, request, language);
  switch (code) {
    case 'already-decided':
      return r['already-decided'](request?.number ?? '', state(facts.outcome), name(facts.by), time(facts.at));
    case 'step-already-decided':
      return r['step-already-decided'](name(facts.by), time(facts.at), w.outcomes(String(facts.outcome)));
    case 'already-signed':
      return r['already-signed'](time(facts.at));
    case 'own-request':
    case 'not-your-turn':
      return r[code](names(facts.waiting));
    case 'stand-in-acts':
    case 'sees-it-already':
    case 'signs-already':
    case 'signed-before':
    case 'away-without-deputy':
      return r[code](name(facts.person));
    case 'only-requester':
      return r['only-requester'](name(facts.requester));
    case 'not-returned':
      return r['not-returned'](state(facts.outcome));
    case 'urged-lately':
      return r['urged-lately'](time(facts.again));
    case 'unknown-request':
      return r['unknown-request'](String(facts.number ?? ''));
    case 'no-signer':
      return facts.reason === 'no-step-applies'
        ? r['no-step-applies']
        : r['no-signer'](stepTitle(facts, world, language));
    case 'too-many-files':
      return r['too-many-files'](Number(facts.most));
    case 'held':
    case 'no-crisis':
    case 'in-drill':
    case 'spent-already':
      return ratifyWords(language).refusals[code](isolate(String(facts.crisis ?? '')));
    case 'spent-amount':
      return ratifyWords(language).refusals[code](amountIn(facts));
    case 'not-yours':
    case 'stale':
    case 'unknown-person':
    case 'not-to-requester':
    case 'unreadable':
      return r[code];
    default:
      return r.other;
  }
}

/** The word for a state that it has, or that it had for whoever pressed. */
function stateOf(outcome: unknown, request: Request | undefined, language: Language): string {
  const { states } = requestWords(language);
  const spentFirst = request?.executed ? ratifyWords(language).states : {};
  const known: Record<string, string> = { ...states, ...spentFirst };
  return known[String(outcome)] ?? String(outcome ?? '');
}

const amountIn = ({ minor, currency }: JsonObject): string =>
  minor === undefined ? '' : showMoney({ minor: BigInt(String(minor)), currency: String(currency) });

function stepTitle(facts: JsonObject, world: World, language: Language): string {
  for (const { process } of world.processes) {
    const step = process.steps.find((one) => one.id === facts.step);
    if (step && (facts.process === undefined || facts.process === process.id)) return step.title[language];
  }
  return String(facts.step ?? '');
}
