/** What people can type, by the handbook's own commands. */
import type { Card } from '../core/card.ts';
import type { Scene } from '../core/intake.ts';
import type { World } from '../processes/model.ts';
import { requestWords } from '../words/requests.ts';

export function helpCard({ world, language }: Pick<Scene<World>, 'world' | 'language'>): Card {
  const w = requestWords(language).help;
  const commands = world.processes.map(({ process }) => {
    const fields = process.quick.map((id) => process.form.find((field) => field.id === id)?.label[language] ?? id);
    return w.command(process.command, process.title[language], fields.join(' '));
  });
  const text = [...commands, ...w.lines].join('\n');
  return {
    headline: w.title,
    tone: 'muted',
    summary: w.title,
    blocks: [
      { kind: 'text', text },
      { kind: 'note', text: w.hint },
    ],
  };
}
