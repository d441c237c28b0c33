/** Files that people send: to which request they belong, said by its number, by the card replied to, or by choosing. */
import { randomUUID } from 'node:crypto';
import { type ActionRef, type Form, readAction, writeAction } from '../core/card.ts';
import type { Inbound } from '../core/chat.ts';
import type { Scene, Understood } from '../core/intake.ts';
import { messageAt } from '../core/outbox.ts';
import { cleanLine } from '../core/text.ts';
import type { World } from '../processes/model.ts';
import { requestWords } from '../words/requests.ts';
import type { SentFile } from './model.ts';
import { openOf } from './store.ts';
import { findNumber } from './typed.ts';

type S = Scene<World>;
type Files = Extract<Inbound['what'], { kind: 'text' }>['files'];

const attach = (subject: string, files: SentFile[]): Understood => ({
  kind: 'do',
  command: { name: 'requests.attach', subject, args: { files: files.map((file) => ({ ...file })) } },
});

const bad = (text: string): Understood => ({ kind: 'answer', reply: { kind: 'said', tone: 'bad', text } });

export const sentFile = ({ name, ref }: Pick<Files[number], 'name' | 'ref'>): SentFile => ({
  id: randomUUID(),
  original: cleanLine(name, 200) || 'file',
  ref,
});

export async function understandFiles(scene: S, text: string, files: Files): Promise<Understood> {
  const w = requestWords(scene.language).files;
  const said = findNumber(text) ?? (await subjectOfMessage(scene));
  const own = said ? [said] : await openOf(scene.sql, scene.person);
  const [first] = own;
  if (first === undefined) return bad(w.none);
  if (own.length === 1) return attach(first, files.map(sentFile));
  const form = whichForm(scene, files, own);
  return form ? { kind: 'answer', reply: { kind: 'form', form, say: w.which } } : bad(w.sayWhich);
}

async function subjectOfMessage({ sql, inbound }: S): Promise<string | undefined> {
  return inbound.message ? (await messageAt(sql, inbound.platform, inbound.message))?.subject : undefined;
}

/** A platform's button holds no more (Slack: 2,000 characters). */
const MOST_CARRIED = 1800;

/** Several requests could be meant: the person chooses; the files' references travel in the form's own action, where they fit. */
function whichForm(scene: S, files: Files, numbers: string[]): Form | undefined {
  const w = requestWords(scene.language);
  const action = readAction({ command: 'requests.attach', with: Object.fromEntries(files.flatMap(carried)) });
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

const carried = ({ name, ref }: Files[number], index: number): [string, string][] => [
  [`${index}`, shortName(cleanLine(name, 200))],
  ...Object.entries(ref).map(([key, value]): [string, string] => [`${index}.${key}`, value]),
];

/** Its ending says what kind of file it is. */
function shortName(name: string): string {
  const points = [...name];
  return points.length <= 60 ? name : `${points.slice(0, 45).join('')}…${points.slice(-14).join('')}`;
}

export function attachFrom(action: ActionRef, values: Record<string, string>): Understood {
  const entries = Object.entries(action.with ?? {});
  const files = entries.flatMap(([index, name]) => {
    if (!/^\d+$/.test(index)) return [];
    const own = entries.filter(([key]) => key.startsWith(`${index}.`));
    return [
      sentFile({ name, ref: Object.fromEntries(own.map(([key, value]) => [key.slice(index.length + 1), value])) }),
    ];
  });
  return attach(values.request ?? '', files);
}
