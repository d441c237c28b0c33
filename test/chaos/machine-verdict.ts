/** The machines: what the processes printed, how they ended, what the platforms were answered, and whether a stranger can verify the ledger. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isPassing } from '../../src/core/intake.ts';
import type { Finding } from './finding.ts';
import type { Kept } from './kept.ts';
import type { Servers } from './servers.ts';
import type { Settled } from './settling.ts';
import { ADMIN_TOKEN } from './stage.ts';
import type { Sky } from './weather.ts';

interface Line {
  level: number;
  msg: string;
  err?: { code?: string; message?: string; stack?: string };
}

/**
 * What is logged as an error though it is only the weather: what must be true in the end is compared. An answer in Slack has three ways to its
 * reader, and with a fifth of all calls failing some find all of them closed.
 */
const WEATHER = new Set([
  'a delivery could not be settled',
  'a timer failed and will be tried again',
  'a Feishu event could not be taken',
  'slack answer could not be delivered',
]);

/** The database was away: whoever meets that tries again, but an act, of which the person is told that it was not recorded. */
function isAway({ msg, err }: Line): boolean {
  const passing = Object.assign(new Error(err?.message), { code: err?.code });
  return msg !== 'an act failed' && err?.code !== undefined && isPassing(passing);
}

export function judgeProcesses({ tally, printed }: Servers): Finding[] {
  const texts = printed();
  const lines = texts.flatMap((text) => text.split('\n')).flatMap(readLine);
  const loud = lines.filter((line) => line.level >= 50 && !WEATHER.has(line.msg) && !isAway(line));
  const kinds = Map.groupBy(loud, ({ msg, err }) => `${msg}: ${err?.code ?? ''} ${err?.message ?? ''}`.slice(0, 200));
  // with what is said after it: that is where it came from
  const unhandled = texts.flatMap(
    (text) => /^.*(?:UnhandledPromiseRejection|unhandled|Uncaught).*$(?:\n.*){0,14}/im.exec(text)?.[0] ?? [],
  );
  const fiveHundreds = [...tally.statuses].filter(([status]) => /^500/.test(status));
  return [
    {
      asked: 'no process ended by itself, each that was stopped politely ended with 0',
      compared: `${tally.starts} starts, ${tally.kills} killed, ${tally.drains} stopped, ${tally.endedAtStart} found no database`,
      faults: [
        ...tally.crashes.map((words) => `ended: ${words}`),
        ...tally.badDrains.map((words) => `stopped with ${words}`),
      ],
    },
    {
      asked: 'no 500 to a platform',
      compared: [...tally.statuses].map(([status, count]) => `${count} × ${status}`).join(', '),
      faults: fiveHundreds.map(([status, count]) => `${count} × ${status}`),
    },
    {
      asked: 'no unplanned fault in the log, no unhandled rejection',
      compared: `${lines.length} lines from warn on`,
      faults: [
        ...unhandled,
        ...[...kinds].map(([kind, some]) => `${some.length} × ${kind}\n${some[0]?.err?.stack ?? ''}`),
      ],
    },
  ];
}

function readLine(text: string): Line[] {
  if (!text.startsWith('{')) return [];
  try {
    return [JSON.parse(text) as Line];
  } catch {
    // cut by a kill
    return [];
  }
}

export async function judgeLedger(url: string, out: string): Promise<Finding> {
  const asked = 'the ledger verifies, from the outside';
  const answer = await fetch(`${url}/audit.ndjson`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const file = join(out, 'ledger.ndjson');
  await writeFile(file, await answer.text());
  const verifier = resolve(import.meta.dirname, '../../src/verify.ts');
  return promisify(execFile)(process.execPath, [verifier, file]).then(
    ({ stdout }) => ({ asked, compared: stdout.trim().split('\n').slice(-1).join(), faults: [] }),
    (error: { stdout?: string; stderr?: string }) => ({
      asked,
      compared: file,
      faults: [`${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || String(error)],
    }),
  );
}

export function judgeOwed(settled: Settled, { messages }: Kept): Finding[] {
  const dead = messages.filter(({ state }) => state === 'dead');
  return [
    {
      asked:
        'in the end nothing is owed: no card that is not true, no notice that is not said, no timer that is overdue',
      compared: `settled ${(settled.ms / 1000).toFixed(1)} s after the last fault`,
      faults:
        settled.messages + settled.timers === 0
          ? []
          : [`${settled.messages} messages, ${settled.timers} timers`, ...settled.owing],
    },
    {
      asked: 'no message was given up',
      compared: `${messages.length} messages`,
      faults: dead.map(
        ({ subject, kind, audience, platform, last_error }) =>
          `${subject} ${kind} ${platform} ${audience}: ${last_error}`,
      ),
    },
  ];
}

const LOOKS_A_MINUTE = 50;

/** conversations.history is tier 3: https://docs.slack.dev/reference/methods/conversations.history */
export function judgeLooks(sky: Sky): Finding {
  const busiest = sky.busiestMinute('conversations.history');
  const over = sky.tooMany.get('conversations.history') ?? 0;
  return {
    asked: "the looks into Slack's history stay within its limits",
    compared: `at most ${busiest} in one of Slack's minutes, of ${LOOKS_A_MINUTE} and a burst; ${over} refused`,
    faults: busiest > 2 * LOOKS_A_MINUTE ? [`${busiest} looks in one minute`] : [],
  };
}
