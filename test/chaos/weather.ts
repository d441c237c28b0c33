/**
 * What the platforms do to the product's calls: a share of them fails in every way that a network and a platform know, and whoever asks too often
 * is refused, counted over all processes of the app together, as the platforms count.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FakeFeishu } from '../support/feishu.ts';
import type { Weather } from '../support/slack/world.ts';
import type { Dice } from './dice.ts';

/** Of a hundred calls that fail, so many in this way. */
const WAYS = {
  'refused, with how long to wait': 10,
  'refused, without a word for how long': 5,
  'internal error': 20,
  'bad gateway': 15,
  'cut before it was carried out': 18,
  'cut after it was carried out': 20,
  'no answer at all': 4,
  'slow, past 3 s': 8,
};
export type Way = keyof typeof WAYS;

export interface Sky {
  slack: (method: string, channel: string) => Weather | undefined;
  /** puts itself before everything that this Feishu is asked */
  over(feishu: FakeFeishu): void;
  /** nothing fails any more, what asks too often excepted */
  clear(): void;
  /** how many calls failed, by platform and way; and how many were made in all */
  readonly failed: Record<'slack' | 'feishu', Map<string, number>>;
  readonly calls: { slack: number; feishu: number };
  /** calls of a method over the platform's limits, refused for that alone */
  readonly tooMany: Map<string, number>;
  /** the most calls of a method in one of the platform's minutes */
  busiestMinute(method: string): number;
}

interface Limits {
  perMinute: number;
  burst: number;
}

/**
 * https://docs.slack.dev/apis/web-api/rate-limits: tier 3 is 50+ a minute, tier 4 100+; a message a second to one channel with short bursts, several
 * hundred a minute in all. "+" and "short" are taken at the least that a platform could mean by them.
 */
const SLACK: Record<string, Limits> = {
  'chat.update': { perMinute: 50, burst: 50 },
  'conversations.history': { perMinute: 50, burst: 50 },
  'conversations.open': { perMinute: 50, burst: 50 },
  'views.publish': { perMinute: 100, burst: 100 },
  'chat.postMessage': { perMinute: 300, burst: 100 },
};
const SLACK_CHANNEL: Limits = { perMinute: 60, burst: 10 };
/** 50 a second and 1,000 a minute on each interface: https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control */
const FEISHU: Limits = { perMinute: 1000, burst: 1000 };

export function createSky(dice: Dice, faulty: number, generosity: number, slowMs: number): Sky {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const minutes = new Map<string, Map<number, number>>();
  const tooMany = new Map<string, number>();
  const failed = { slack: new Map<string, number>(), feishu: new Map<string, number>() };
  const calls = { slack: 0, feishu: 0 };
  const streams = new Map<string, Dice>();
  let calm = false;
  const count = (counts: Map<string, number>, key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1);

  /** In the platform's own time, which runs as many times faster as it is generous. */
  const now = () => performance.now() * generosity;

  /** How long to wait, in milliseconds of ours; 0: it may be made, and is counted. */
  function wait(key: string, { perMinute, burst }: Limits): number {
    const at = now();
    const before = buckets.get(key) ?? { tokens: burst, at };
    const tokens = Math.min(burst, before.tokens + ((at - before.at) / 60_000) * perMinute);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    return tokens >= 1 ? 0 : (((1 - tokens) / perMinute) * 60_000) / generosity;
  }

  function note(method: string): void {
    const kept = minutes.get(method) ?? new Map<number, number>();
    minutes.set(method, kept);
    const minute = Math.floor(now() / 60_000);
    kept.set(minute, (kept.get(minute) ?? 0) + 1);
  }

  function rolled(platform: 'slack' | 'feishu', method: string): { way: Way | undefined; dice: Dice } {
    const key = `${platform} ${method}`;
    const own = streams.get(key) ?? dice.stream(key);
    streams.set(key, own);
    const [fails, way] = [own.chance(faulty), own.weigh(WAYS)];
    if (calm || !fails) return { way: undefined, dice: own };
    count(failed[platform], way);
    return { way, dice: own };
  }

  function slack(method: string, channel: string): Weather | undefined {
    calls.slack += 1;
    note(method);
    const limits = SLACK[method];
    const inAll = limits ? wait(method, limits) : 0;
    const here = method === 'chat.postMessage' ? wait(`${method} ${channel}`, SLACK_CHANNEL) : 0;
    if (Math.max(inAll, here) > 0) {
      count(tooMany, here > inAll ? `${method}, one channel` : method);
      return { fault: { status: 429, retryAfter: Math.max(1, Math.ceil(Math.max(inAll, here) / 1000)) } };
    }
    const { way, dice: own } = rolled('slack', method);
    return way && slackWeather(way, own, slowMs);
  }

  function over(feishu: FakeFeishu): void {
    feishu.platform.generosity = generosity;
    const { platform } = feishu;
    const carryOut = platform.handle.bind(platform);
    platform.handle = async (request, response) => {
      const method = request.method ?? 'GET';
      const path = new URL(request.url ?? '/', 'http://feishu').pathname;
      const key = `${method} ${path.replace(/om_\w+/, ':message')}`;
      calls.feishu += 1;
      note(key);
      if (wait(key, FEISHU) > 0) {
        count(tooMany, key);
        feishu.fail({ path, method }, 'rate-limited');
        return carryOut(request, response);
      }
      const { way, dice: own } = rolled('feishu', key);
      if (way === 'slow, past 3 s') {
        const [before, after] = halves(own, slowMs);
        await pause(before);
        const end = response.end.bind(response);
        // the answer is ready and stays on its way
        response.end = ((bytes: Buffer) => {
          setTimeout(() => end(bytes), after);
          return response;
        }) as typeof response.end;
      } else if (way) feishu.fail({ path, method }, FEISHU_FAULT[way](own));
      return carryOut(request, response);
    };
  }

  return {
    slack,
    over,
    clear: () => {
      calm = true;
    },
    failed,
    calls,
    tooMany,
    busiestMinute: (method) => Math.max(0, ...(minutes.get(method)?.values() ?? [])),
  };
}

/** Longer than a person waits, shorter than the product gives up; before it is carried out, and after. */
function halves(dice: Dice, slowMs: number): [before: number, after: number] {
  const whole = dice.whole(3_100, Math.max(3_200, slowMs));
  const before = Math.floor(whole * dice.roll());
  return [before, whole - before];
}

function slackWeather(way: Way, dice: Dice, slowMs: number): Weather {
  switch (way) {
    case 'refused, with how long to wait':
      return { fault: { status: 429, retryAfter: dice.whole(1, 2) } };
    case 'refused, without a word for how long':
      return { fault: { status: 429 } };
    case 'internal error':
      return dice.chance(0.5) ? { fault: { status: 500 } } : { fault: { error: 'internal_error' } };
    case 'bad gateway':
      return { fault: { status: 502 } };
    case 'cut before it was carried out':
      return { fault: 'cut before' };
    case 'cut after it was carried out':
      return { fault: 'cut after' };
    case 'no answer at all':
      return { fault: 'hang' };
    case 'slow, past 3 s': {
      const [beforeMs, afterMs] = halves(dice, slowMs);
      return { beforeMs, afterMs };
    }
    default:
      return way satisfies never;
  }
}

type Planned = Parameters<FakeFeishu['fail']>[1];
const FEISHU_FAULT: Record<Exclude<Way, 'slow, past 3 s'>, (dice: Dice) => Planned> = {
  'refused, with how long to wait': () => 'rate-limited',
  'refused, without a word for how long': () => 'rate-limited-400',
  'internal error': () => 'down',
  'bad gateway': () => 'gateway-page',
  'cut before it was carried out': () => 'cut-before',
  'cut after it was carried out': () => 'cut-after',
  'no answer at all': () => 'hang',
};
