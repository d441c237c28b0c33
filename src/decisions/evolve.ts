/** What a decision is after an event. Pure. */
import type { Moment } from '../core/module.ts';
import type { Acting, DecisionEvent, DecisionTaken } from './model.ts';

export function evolve(
  decision: DecisionTaken | undefined,
  event: DecisionEvent,
  { at }: Pick<Moment<unknown>, 'at'>,
): DecisionTaken {
  if (event.type === 'decision-taken') {
    const parties = [...new Set([...event.data.parties, event.data.owner])];
    const fresh = { state: 'proposed' as const, extensions: [], version: 1, revision: 1 };
    return { ...event.data, ...fresh, parties, takenAt: at.toISOString() };
  }
  if (decision === undefined) throw new Error(`${event.type} before decision-taken`);
  const next = changed(decision, event, at.toISOString());
  const version = decision.version + (RENEWED.has(event.type) ? 1 : 0);
  return { ...next, version, revision: decision.revision + 1, parties: [...new Set([...next.parties, next.owner])] };
}

const RENEWED: ReadonlySet<DecisionEvent['type']> = new Set([
  'decision-amended',
  'decision-assigned',
  'decision-extended',
  'decision-reopened',
]);

function changed(
  decision: DecisionTaken,
  event: Exclude<DecisionEvent, { type: 'decision-taken' }>,
  at: string,
): DecisionTaken {
  const { declined: _declined, asked: _asked, done: _done, ...bare } = decision;
  const { acting: _acting, ...alone } = bare;
  const { asked: _answered, ...unasked } = decision;
  switch (event.type) {
    case 'decision-amended': {
      const { text, owner, due, parties } = event.data;
      const all = [...decision.parties, ...parties];
      // what is done stays done when only its words are put right
      if (decision.state === 'done' && owner === decision.owner && due === decision.due)
        return { ...decision, text, parties: all };
      return { ...alone, text, owner, due, parties: all, state: 'proposed', ...actingIn(event.data) };
    }
    case 'decision-voided':
      return { ...unasked, state: 'void' };
    case 'decision-accepted':
      return { ...decision, state: 'accepted' };
    case 'decision-declined':
      return { ...unasked, state: 'declined', declined: { reason: event.data.reason } };
    case 'decision-assigned':
      return { ...alone, owner: event.data.to, state: 'proposed', ...actingIn(event.data) };
    case 'extension-asked':
      return { ...decision, asked: event.data };
    case 'decision-extended': {
      const { from, to, reason } = event.data;
      // whoever declined for want of time is asked once more
      const rest = decision.state === 'declined' ? { ...bare, state: 'proposed' as const } : unasked;
      return { ...rest, due: to, extensions: [...decision.extensions, { from, to, reason, at }] };
    }
    case 'decision-done':
      return { ...unasked, state: 'done', done: { at, ...event.data } };
    case 'decision-reopened':
      return { ...bare, state: 'accepted' };
    case 'decision-handed': {
      const { acting: _before, ...rest } = decision;
      return event.data.to === decision.owner ? rest : { ...rest, acting: event.data.to };
    }
    case 'decision-orphaned':
      return { ...decision, state: 'declined', declined: { reason: '' } };
    case 'decision-reminded':
    case 'file-attached':
    case 'file-kept':
    case 'file-refused':
      return decision;
    default:
      return event satisfies never;
  }
}

const actingIn = ({ acting }: Acting): Acting => (acting ? { acting } : {});
