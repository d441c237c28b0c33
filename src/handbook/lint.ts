/** Everything that is wrong with a handbook although each of its files is well formed. Pure: findings, without lines and sentences. */
import { foldWord } from '../processes/lookup.ts';
import type { Process } from '../processes/model.ts';
import { coverage, overlaps } from './lint-bands.ts';
import { lintCompany } from './lint-company.ts';
import { lintCrisis } from './lint-crisis.ts';
import { lintMeetings } from './lint-meetings.ts';
import { passage } from './lint-passage.ts';
import { currencyOf, lintProcess } from './lint-process.ts';
import type { Checked, Finding, LintInput, Path } from './model.ts';

export function lint(input: LintInput): Finding[] {
  const { company, processes } = input;
  const findings = [
    ...(company ? lintCompany(company, input) : []),
    ...betweenProcesses(input),
    ...processes.flatMap((process) => lintProcess(process, input)),
    ...(input.meetings ? lintMeetings(input.meetings, input) : []),
    ...(input.crisis ? lintCrisis(input.crisis, input) : []),
  ];
  const sound = (file: string) => findings.every((finding) => finding.notice || finding.file !== file);
  const whole = processes.filter(({ file, removed }) => removed.length === 0 && sound(file));
  const currency = currencyOf(company);
  const bands = whole.flatMap((process) => [...coverage(process, currency), ...overlaps(process, currency)]);
  const companyIsSound = company && company.removed.length === 0 && sound(company.file);
  const ways = companyIsSound ? whole.flatMap((process) => passage(process, company.value)) : [];
  return [...findings, ...bands, ...ways];
}

function betweenProcesses({ processes, lineOf }: LintInput): Finding[] {
  const seen = new Map<string, { file: string; path: Path; id: string }>();
  return processes.flatMap((process) =>
    names(process).flatMap(({ what, value, path }): Finding[] => {
      const key = `${what} ${value}`;
      const first = seen.get(key);
      if (!first) seen.set(key, { file: process.file, path, id: process.value.id });
      else if (first.file !== process.file || what === 'command') {
        const line = lineOf(first.file, first.path);
        return [{ file: process.file, path, saying: { code: 'process-twice', what, value, file: first.file, line } }];
      }
      return [];
    }),
  );
}

type Name = { what: 'id' | 'command' | 'number'; value: string; path: Path };

/** What must be a process's own; what had to be made up is nobody's. */
function names({ value: process, removed }: Checked<Process>): Name[] {
  const all: Name[] = [
    { what: 'id', value: process.id, path: ['id'] },
    { what: 'command', value: foldWord(process.command), path: ['command'] },
    ...process.aliases.map((alias, i): Name => ({ what: 'command', value: foldWord(alias), path: ['aliases', i] })),
    { what: 'number', value: process.number, path: ['number'] },
  ];
  return all.filter(({ path }) => !removed.some((gone) => gone.length === 1 && gone[0] === path[0]));
}
