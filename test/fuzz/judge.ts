/** What no request may bring about, whatever it is: a crash, a 500, silence, or words that are nobody's business. */
import type { Target } from './target.ts';
import { ADMIN_TOKEN, SIGNALS_SECRET } from './target.ts';
import type { Answer } from './wire.ts';

export interface Fault {
  what: string;
  seen: string;
}

interface Circumstances {
  /** its reader may see what is inside */
  isOurs: boolean;
  isPaper: boolean;
  paceMs: number;
}

export const SLOW = 'slow';
const SLOW_MS = 2_500;
/** A debrief is put on paper when it is asked for. */
const SLOW_PAPER_MS = 15_000;
/** … or so many times what a look at its health takes at that moment: the machine may be busy with something else. */
const SLOW_TIMES = 30;
/** A stack, or the name of a file of ours. */
const INSIDE = /\n\s+at |node_modules|\.ts:\d+|node:internal|\/src\/core/;
/** What libraries and Node print past the log is not JSON. */
const isLogLine = (line: string): boolean => /^\{"level":\d+,/.test(line);
/**
 * Signed by Slack itself, these are no attacks: whom Slack does not know cannot be told, and a payload of a new shape is to be looked at by
 * somebody. Neither is more than a line.
 */
const EXPECTED = new Set(['slack answer could not be delivered', 'slack payload could not be handled']);
const NOISE = /^\s*$|Countersign 会签 is running/;

function secretsOf({ slack, feishu, wecom, twilio, pager }: Target): string[] {
  const callback = wecom.settings().app.callback;
  return [
    ADMIN_TOKEN,
    SIGNALS_SECRET,
    slack.botToken,
    slack.signingSecret,
    feishu.secrets.encryptKey,
    feishu.secrets.verificationToken,
    callback?.aesKey ?? '',
    twilio.token,
    pager.settings().secret,
  ].filter((secret) => secret.length > 5);
}

/** What stands in a request of the example, and must not stand in the log or in an answer to strangers. */
const CONTENT = /春季促销|32,?000|充电时冒烟|直播设备/;

export function createJudge(target: Target) {
  const secrets = secretsOf(target);
  let heard = target.program.printed.length;

  const leaks = (text: string): string | undefined =>
    INSIDE.exec(text)?.[0] ?? secrets.find((secret) => text.includes(secret));

  function ofAnswer(answer: Answer, { isOurs, isPaper, paceMs }: Circumstances): Fault[] {
    const faults: Fault[] = [];
    const add = (what: string, seen: string) => void faults.push({ what, seen });
    const bad = answer.statuses.find((status) => status >= 500 && status !== 505);
    if (bad !== undefined) add(`answered with ${bad}`, answer.text.slice(0, 300));
    if (answer.hung) add('neither answered nor hung up', `${Math.round(answer.ms)} ms`);
    else if (answer.ms > Math.max(isPaper ? SLOW_PAPER_MS : SLOW_MS, SLOW_TIMES * paceMs))
      add(SLOW, `${Math.round(answer.ms)} ms`);
    const inside = leaks(answer.text);
    if (inside !== undefined && !isOurs)
      add('an answer tells what is inside', `${inside} … ${answer.text.slice(0, 300)}`);
    return faults;
  }

  /** What it has printed since it was last asked. */
  function ofLog(): Fault[] {
    const { printed } = target.program;
    const end = printed.lastIndexOf('\n') + 1;
    const lines = printed.slice(heard, end).split('\n');
    heard = Math.max(heard, end);
    return lines.filter((line) => !NOISE.test(line)).flatMap(ofLine);
  }

  function ofLine(line: string): Fault[] {
    if (!isLogLine(line)) return [{ what: 'printed past the log', seen: line.slice(0, 300) }];
    const { level, msg = '', err } = JSON.parse(line) as { level: number; msg?: string; err?: { message?: string } };
    const faults: Fault[] = [];
    if (level >= 50 && !EXPECTED.has(msg))
      faults.push({ what: `an error in the log: ${msg}`, seen: err?.message ?? line.slice(0, 300) });
    const secret = secrets.find((one) => line.includes(one)) ?? CONTENT.exec(line)?.[0];
    if (secret !== undefined) faults.push({ what: 'the log tells', seen: `${secret} … ${line.slice(0, 300)}` });
    return faults;
  }

  return { ofAnswer, ofLog };
}
