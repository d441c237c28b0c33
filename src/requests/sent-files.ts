/** Files that people send: to which request they belong, said by its number, by the card replied to, or by choosing. */
import { type ActionRef, type Form, readAction, writeAction } from '../core/card.ts';
import type { InboundFile } from '../core/chat.ts';
import type { Scene, Understood } from '../core/intake.ts';
import { attachTo, carriedFiles, filesIn, sentFile, subjectOfFiles } from '../files/sent.ts';
import type { World } from '../processes/model.ts';
import { requestWords } from '../words/requests.ts';
import { openOf } from './store.ts';

type S = Scene<World>;

const bad = (text: string): Understood => ({ kind: 'answer', reply: { kind: 'said', tone: 'bad', text } });

export async function understandFiles(scene: S, text: string, files: InboundFile[]): Promise<Understood> {
  const w = requestWords(scene.language).files;
  const said = await subjectOfFiles(scene, text);
  const own = said ? [said] : await openOf(scene.sql, scene.person);
  const [first] = own;
  if (first === undefined) return bad(w.none);
  if (own.length === 1) return attachTo('requests', first, files.map(sentFile));
  const form = whichForm(scene, files, own);
  return form ? { kind: 'answer', reply: { kind: 'form', form, say: w.which } } : bad(w.sayWhich);
}

/** A platform's button holds no more (Slack: 2,000 characters). */
const MOST_CARRIED = 1800;

/** Several requests could be meant: the person chooses, if the files' references fit into the form. */
function whichForm(scene: S, files: InboundFile[], numbers: string[]): Form | undefined {
  const w = requestWords(scene.language);
  const action = readAction({ command: 'requests.attach', with: carriedFiles(files) });
  if (!action || writeAction(action).length > MOST_CARRIED) return undefined;
  return {
    title: w.buttons.files,
    intro: [{ kind: 'text', text: w.files.which }],
    fields: [
      {
        id: 'request',
        type: 'choice',
        label: w.files.field,
        required: true,
        options: numbers.map((number) => ({ value: number, label: number })),
      },
    ],
    submit: w.files.attach,
    cancel: w.forms.cancel,
    action,
  };
}

export function attachFrom(action: ActionRef, values: Record<string, string>): Understood {
  return attachTo('requests', values.request ?? '', filesIn(action));
}
