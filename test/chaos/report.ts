/** What a run found, for people and for machines. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './finding.ts';
import type { Setting } from './setting.ts';

export interface Outcome {
  setting: Setting;
  findings: Finding[];
  figures: Record<string, number | string>;
  failed: Record<'slack' | 'feishu', Record<string, number>>;
  refusedAsTooMany: Record<string, number>;
  /** all that was asked holds */
  holds: boolean;
}

const FAULTS_SHOWN = 20;

export function readable({ setting, findings, figures, failed, refusedAsTooMany, holds }: Outcome): string {
  const verdict = findings.map(({ asked, compared, faults }) => {
    const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `  - ${fault.split('\n').join('\n    ')}`);
    const more = faults.length > FAULTS_SHOWN ? [`  - … ${faults.length - FAULTS_SHOWN} more`] : [];
    return [`- ${faults.length === 0 ? 'holds' : 'BROKEN'}: ${asked} (${compared})`, ...shown, ...more].join('\n');
  });
  const table = (counts: Record<string, number | string>) =>
    Object.entries(counts).map(([name, count]) => `| ${name} | ${count} |`);
  const head = ['| | |', '|---|--:|'];
  return [
    `# Chaos, seed ${setting.seed}: ${holds ? 'everything holds' : 'BROKEN'}`,
    ['## Verdict', ...verdict].join('\n'),
    ['## Figures', ...head, ...table(figures)].join('\n'),
    [
      '## Calls that failed by the weather',
      '### Slack',
      ...head,
      ...table(failed.slack),
      '### Feishu',
      ...head,
      ...table(failed.feishu),
    ].join('\n'),
    ["## Calls over the platforms' limits", ...head, ...table(refusedAsTooMany)].join('\n'),
    '',
  ].join('\n\n');
}

export async function writeReport(outcome: Outcome): Promise<void> {
  const { out, seed } = outcome.setting;
  await mkdir(out, { recursive: true });
  await writeFile(join(out, `chaos-${seed}.md`), readable(outcome));
  await writeFile(join(out, `chaos-${seed}.json`), `${JSON.stringify(outcome, null, 2)}\n`);
}
