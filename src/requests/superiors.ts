/** Who is asked when signers are silent: the next ones up, never the requester, nobody twice. Pure. */
import type { Moment } from '../core/module.ts';
import { lineUp } from '../directory/lookup.ts';
import type { World } from '../processes/model.ts';
import { emptyPlaces, namesOf, pendingOf, placesOf, type Request, type Signer, type StepState } from './model.ts';
import { standing } from './steps.ts';

/** The managers of those who are silent: active, not the requester, not asked already. */
export function superiors(request: Request, step: StepState, moment: Moment<World>): Signer[] {
  const asked = new Set(namesOf(step.signers));
  return silentOf(step).flatMap((silent) => {
    const signer = superiorOf(silent, step, { request, moment, asked });
    if (signer) asked.add(signer.person);
    return signer ? [signer] : [];
  });
}

/** Who was asked last for each place that is still empty. */
function silentOf(step: StepState): Signer[] {
  const pending = pendingOf(step);
  const last = emptyPlaces(step).map((place) => pending.findLast((signer) => placesOf(signer).includes(place)));
  return [...new Set(last.filter((signer) => signer !== undefined))];
}

/**
 * The next one up from a silent signer, or from whomever they stand in for. 会签: who is asked already is passed over, for one person's
 * signature never fills two places by escalation; 或签: if they are asked already, that is enough.
 */
function superiorOf(
  silent: Signer,
  step: StepState,
  { request, moment, asked }: { request: Request; moment: Moment<World>; asked: ReadonlySet<string> },
): Signer | undefined {
  const { directory } = moment.world;
  const line = lineUp(directory, silent.standsInFor ?? silent.person);
  const up = line.find(
    ({ id, active }) => active && id !== request.requester && (step.need === 'any' || !asked.has(id)),
  );
  if (up === undefined || asked.has(up.id)) return undefined;
  const came = { kind: 'escalated' as const, from: silent.person, at: moment.at.toISOString() };
  const asSuperior: Signer = { person: up.id, rule: { person: up.id }, how: [{ kind: 'rule' }], came };
  const acting = standing(asSuperior, [request.requester, ...asked], directory);
  return acting && { ...acting, places: placesOf(silent) };
}
