/** How an alarm is raised, or a drill begun: one form that says who will be called; sending it is the one confirmation. */
import { randomUUID } from 'node:crypto';
import type { ActionRef, Form } from '../core/card.ts';
import type { Understood } from '../core/intake.ts';
import type { Refusal } from '../core/message.ts';
import { cleanParagraph } from '../core/text.ts';
import { crisisFormWords } from '../words/crisis-forms.ts';
import type { CrisisBook } from './book.ts';
import type { S } from './choosing.ts';
import { filledRaise } from './filling.ts';
import { drillForm, raiseForm, withFaults } from './forms.ts';
import { elsewhere } from './lists.ts';
import { assessors, mayDrill, maySee } from './lookup.ts';
import { isDrill } from './model.ts';
import { answer, onlyRings, run, say, wordsOf } from './opening.ts';
import { briefOf, nameOf } from './reading.ts';
import { refusalText } from './refusals.ts';
import { drillGoingOn, openCrises } from './store.ts';

type Scenario = CrisisBook['drills']['scenarios'][number];

/** `/crisis 顾客在直播间投诉产品起火`: the words stand in the form. */
export async function openRaise(scene: S, text: string): Promise<Understood> {
  if (!scene.world.crisis) return say('bad', wordsOf(scene).refusals['no-book']);
  if (onlyRings(scene)) return say('bad', wordsOf(scene).said.goToChat);
  const form = await alarmForm(
    scene,
    { command: 'crisis.raise', with: { once: randomUUID() } },
    {
      text: cleanParagraph(text, 1000),
    },
  );
  return answer({ kind: 'form', form, say: crisisFormWords(scene.language).opened });
}

export async function openDrill(scene: S, id: string): Promise<Understood> {
  const w = wordsOf(scene);
  const scenario = scenarioOf(scene, id);
  if (!scene.world.crisis) return say('bad', w.refusals['no-book']);
  if (!scenario) return say('bad', w.refusals['unknown-scenario']);
  if (onlyRings(scene)) return say('bad', w.said.goToChat);
  const refusal = await whyNotDrill(scene);
  if (refusal) return say('bad', refusalText(refusal, { crisis: undefined, number: undefined }, scene));
  const action = { command: 'crisis.raise', with: { drill: scenario.id, once: randomUUID() } };
  return answer({
    kind: 'form',
    form: drillForm(action, scenario, drawn(scene)),
    say: crisisFormWords(scene.language).opened,
  });
}

/** Said before anybody fills in a form that would be refused. */
async function whyNotDrill({ sql, person, world }: S): Promise<Refusal | undefined> {
  if (!mayDrill(person, world)) return { code: 'not-drill-leader', facts: { who: assessors(world) } };
  const drilling = await drillGoingOn(sql);
  return drilling ? { code: 'drill-open', facts: { number: drilling } } : undefined;
}

/** By its id or its title. */
export function scenarioOf({ world }: S, said: string): Scenario | undefined {
  const named = said.trim().toLowerCase();
  return world.crisis?.drills.scenarios.find(
    ({ id, title }) => id === named || [title.zh, title.en].some((one) => one.toLowerCase() === named),
  );
}

export async function fileRaise(scene: S, action: ActionRef, values: Record<string, string>): Promise<Understood> {
  const drill = action.with?.drill;
  const scenario = drill === undefined ? undefined : scenarioOf(scene, drill);
  if (drill !== undefined && !scenario) return say('bad', wordsOf(scene).refusals['unknown-scenario']);
  const filled = filledRaise(values, scene, scenario);
  if ('args' in filled) return run('raise', undefined, filled.args, action.with?.once);
  const form = scenario ? drillForm(action, scenario, drawn(scene)) : await alarmForm(scene, action, {});
  return answer({
    kind: 'faults',
    form: withFaults(form, values, filled.faults),
    say: crisisFormWords(scene.language).check,
  });
}

async function alarmForm(scene: S, action: ActionRef, values: Record<string, string>): Promise<Form> {
  const open = await openCrises(scene.sql);
  // what really happens is never the same as what is practised
  const seen = open.filter((crisis) => !isDrill(crisis) && maySee(crisis, scene.person, scene.world));
  const going = [...seen.map((crisis) => briefOf(crisis, scene)), ...elsewhere(open, scene.person, scene)];
  return raiseForm(action, values, { ...drawn(scene), going });
}

/** Whoever raises it is not called: they are there. */
function drawn({ world, language, person }: S) {
  const called = assessors(world).filter((one) => one !== person);
  return { world, language, called: called.map((id) => nameOf(id, { world, language })) };
}
