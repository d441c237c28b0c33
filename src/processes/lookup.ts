/** Which process a typed word means. */
import type { Process } from './model.ts';

/** By command or alias; small and capital, full-width and half-width letters are the same, a leading slash may stand. */
export function findCommand(processes: readonly Process[], word: string): Process | undefined {
  const wanted = foldWord(word);
  if (wanted === '') return undefined;
  return processes.find((process) => commandWordsOf(process).some((own) => foldWord(own) === wanted));
}

/** Every word that starts a process: commands first, then aliases. */
export function commandWords(processes: readonly Process[]): string[] {
  return [...processes.map((process) => process.command), ...processes.flatMap((process) => process.aliases)];
}

export function commandWordsOf(process: Pick<Process, 'command' | 'aliases'>): string[] {
  return [process.command, ...process.aliases];
}

/** Two words that fold to the same are one command. */
export function foldWord(word: string): string {
  return word.normalize('NFKC').trim().replace(/^\//u, '').toLowerCase();
}
