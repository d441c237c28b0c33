/** How the business says no in a crisis: each refusal in words that say what to do instead; and a form that could not be sent is not opened. Pure. */
import type { Refusal } from '../core/message.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisAnswerWords } from '../words/crisis-answers.ts';
import { fileWords } from '../words/files.ts';
import type { Grade } from './book.ts';
import type { S } from './choosing.ts';
import type { Ask } from './forms.ts';
import { assessors, mayAct, mayGrade, mayLead, mayReport } from './lookup.ts';
import { type Crisis, type CrisisWorld, isOpen } from './model.ts';
import { kindTitle, nameOf } from './reading.ts';

export function refusalText(
  { code, facts }: Refusal,
  { crisis, number }: { crisis: Crisis | undefined; number: string | undefined },
  { language, world }: Pick<S, 'language' | 'world'>,
): string {
  const r = crisisAnswerWords(language).refusals;
  const w = crisisWords(language);
  const name = (id: unknown): string => (typeof id === 'string' ? nameOf(id, { world, language }) : '');
  switch (code) {
    case 'unknown-crisis':
      return r['unknown-crisis'](number ?? '');
    case 'crisis-over':
      return r['crisis-over'](crisis?.ended ? w.how[crisis.ended.how] : w.states.over);
    case 'not-assessor':
      return r['not-assessor'](w.names((Array.isArray(facts.who) ? facts.who : []).map(name)));
    case 'no-plan':
      return r['no-plan'](
        kindTitle(String(facts.kind ?? ''), world.crisis, language),
        w.grades[facts.grade as Grade] ?? '',
      );
    case 'member-already':
      return r['member-already'](name(facts.person));
    case 'seat-yours-already':
      return r['seat-yours-already'](name(facts.person));
    case 'seat-held':
      return r['seat-held'](name(facts.person));
    case 'not-drill-leader':
      return r['not-drill-leader'](w.names((Array.isArray(facts.who) ? facts.who : []).map(name)));
    case 'not-lead':
      return r['not-lead'](name(facts.lead));
    case 'drill-open':
      return r['drill-open'](String(facts.number ?? ''));
    case 'too-many-files':
      return fileWords(language).faults('too-many');
    case 'no-book':
    case 'unknown-kind':
    case 'same-grade':
    case 'stale':
    case 'not-member':
    case 'not-called':
    case 'answered-already':
    case 'nothing-to-answer':
    case 'unknown-person':
    case 'too-many-alarms':
    case 'unknown-task':
    case 'task-done-already':
    case 'not-frozen':
    case 'nothing-to-mend':
    case 'not-over':
    case 'no-suspension':
    case 'future':
    case 'unknown-scenario':
    case 'not-graded':
    case 'freeze-on':
    case 'nothing-to-do':
    case 'unreadable':
      return r[code];
    default:
      return r.other;
  }
}

/** What may still be filled in when it is over. */
const AFTERWARDS: ReadonlySet<Ask> = new Set<Ask>(['fact', 'contact', 'clear', 'aftercare']);

/** What whoever raised it may say as well: also that it was a mistake, as long as nobody has graded it. */
const REPORTS: ReadonlySet<Ask> = new Set<Ask>(['fact', 'contact', 'stand-down']);

/** A form opens only for whoever could send it. @param given what the button carried */
export function whyNotAsk(
  ask: Ask,
  crisis: Crisis,
  person: string,
  world: CrisisWorld,
  given: Record<string, string> = {},
): Refusal | undefined {
  if (!isOpen(crisis) && !AFTERWARDS.has(ask)) return { code: 'crisis-over', facts: {} };
  if (ask === 'aftercare' && isOpen(crisis)) return { code: 'not-over', facts: {} };
  if (ask === 'resume' && crisis.freeze?.state !== 'on') return { code: 'not-frozen', facts: {} };
  if (ask === 'grade')
    return mayGrade(crisis, person, world) ? undefined : { code: 'not-assessor', facts: { who: assessors(world) } };
  if (leads(ask, crisis, person, given)) {
    const may = mayLead(crisis, person, world) || (ask === 'clear' && mayGrade(crisis, person, world));
    return may ? undefined : { code: 'not-lead', facts: crisis.seats.lead ? { lead: crisis.seats.lead.person } : {} };
  }
  const may = (REPORTS.has(ask) ? mayReport : mayAct)(crisis, person, world);
  return may ? undefined : { code: 'not-member', facts: {} };
}

/** What is for the lead; but whoever has a seat may give it on, and whoever raised an alarm by mistake takes it back. */
function leads(ask: Ask, crisis: Crisis, person: string, given: Record<string, string>): boolean {
  switch (ask) {
    case 'resume':
    case 'clear':
      return true;
    case 'give-seat':
      return !Object.values(crisis.seats).some((seat) => seat.person === person);
    case 'stand-down':
      return !(crisis.state === 'alarm' && crisis.raisedBy === person && given.how !== 'controlled');
    default:
      return false;
  }
}
