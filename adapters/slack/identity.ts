/**
 * Who we are in Slack, learnt in the background and never in the way of an answer: our workspace (pinned for good at the
 * first meeting), our bot's user, and which accounts are guests. Also knows what is wrong with our credentials.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Language } from '../../src/core/chat.ts';
import { slackTroubles } from '../../src/words/slack.ts';
import type { Api } from './api.ts';
import { deliveryError } from './errors.ts';
import { skewAlarmMs } from './limits.ts';
import type { Self } from './parse.ts';

export interface Identity {
  /** the workspace that a payload names is believed only until ours is known; undefined when neither is known */
  self(candidate: string | undefined): Promise<Self | undefined>;
  bot(): { botId: string | undefined; botUserId: string | undefined };
  /** asks Slack about this account if we have not lately; for after the answer */
  learn(account: string): void;
  noteUser(user: { id: string; is_restricted?: boolean | undefined; is_ultra_restricted?: boolean | undefined }): void;
  noteUninstalled(): void;
  start(): void;
  stop(): void;
  trouble(language?: Language): string | undefined;
}

type Words = ReturnType<typeof slackTroubles>;

interface Known {
  team: string;
  enterprise: string | undefined;
  botUser: string | undefined;
  botId: string | undefined;
}

const again = { first: 1_000, longest: 60_000, whenWell: 5 * 60_000 };
const guestsRememberedMs = 60 * 60_000;
const guestsRemembered = 5_000;
/** `users.info` may be called a hundred times a minute: https://docs.slack.dev/reference/methods/users.info */
const askedAtOnce = 40;
const askedEveryMs = 700;

export function createIdentity(deps: {
  api: Api;
  log: Logger;
  clock: () => Date;
  pinTeam(team: string): Promise<string>;
  /** who may act here: asked about ahead, so that a guest among them is known before the first press */
  accounts?: () => string[];
}): Identity {
  const { api, log, clock } = deps;
  const guests = new Map<string, { guest: boolean; at: number }>();
  let known: Known | undefined;
  let pinned: string | undefined;
  let problem: ((w: Words) => string) | undefined = (w) => w.notReached('start');
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function meet(): Promise<void> {
    const test = await api.web.auth.test();
    if (!test.team_id) throw new Error('auth.test named no workspace');
    pinned = await deps.pinTeam(test.team_id);
    known = { team: test.team_id, enterprise: test.enterprise_id, botUser: test.user_id, botId: test.bot_id };
    const [theirs, ours] = [test.team_id, pinned];
    problem = ours === theirs ? undefined : (w) => w.otherTeam(theirs, ours);
  }

  function meetAgain(wait: number): void {
    if (stopped) return;
    timer = setTimeout(() => void attempt(wait), wait);
    timer.unref();
  }

  async function attempt(wait: number): Promise<void> {
    try {
      await meet();
      meetAgain(again.whenWell);
      void learnAhead();
    } catch (error) {
      const { problem: kind, code } = deliveryError(error, 'again');
      problem = (w) => (kind === 'credentials' ? w.refused(code) : w.notReached(code));
      log.warn({ code }, 'slack does not know us yet');
      meetAgain(wait === 0 ? again.first : Math.min(wait * 2, again.longest));
    }
  }

  function isGuest(account: string): boolean {
    return guests.get(account)?.guest ?? false;
  }

  function noteUser(user: Parameters<Identity['noteUser']>[0]): void {
    guests.delete(user.id);
    guests.set(user.id, { guest: Boolean(user.is_restricted || user.is_ultra_restricted), at: clock().getTime() });
    const oldest = guests.keys().next().value;
    if (guests.size > guestsRemembered && oldest !== undefined) guests.delete(oldest);
  }

  async function ask(account: string): Promise<void> {
    try {
      const { user } = await api.web.users.info({ user: account });
      noteUser({ id: account, is_restricted: user?.is_restricted, is_ultra_restricted: user?.is_ultra_restricted });
    } catch (error) {
      log.warn({ code: deliveryError(error, 'again').code }, 'slack does not say whether this account is a guest');
    }
  }

  function isLearnt(account: string): boolean {
    const before = guests.get(account);
    if (before && clock().getTime() - before.at < guestsRememberedMs) return true;
    // Noted at once, so that ten presses ask only once.
    guests.set(account, { guest: before?.guest ?? false, at: clock().getTime() });
    return false;
  }

  async function learnAhead(): Promise<void> {
    let asked = 0;
    for (const account of deps.accounts?.() ?? []) {
      if (stopped) return;
      if (isLearnt(account)) continue;
      await ask(account);
      asked += 1;
      if (asked >= askedAtOnce) await pause(askedEveryMs, undefined, { ref: false });
    }
  }

  async function self(candidate: string | undefined): Promise<Self | undefined> {
    if (pinned === undefined && candidate !== undefined) pinned = await deps.pinTeam(candidate);
    if (pinned === undefined) return undefined;
    return { team: pinned, enterprise: known?.enterprise, botUser: known?.botUser, isGuest };
  }

  return {
    self,
    noteUser,
    bot: () => ({ botId: known?.botId, botUserId: known?.botUser }),
    learn(account) {
      if (!isLearnt(account)) void ask(account);
    },
    noteUninstalled() {
      problem = (w) => w.uninstalled;
    },
    start() {
      stopped = false;
      void attempt(0);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    trouble(language = 'en') {
      const w = slackTroubles(language);
      const skew = api.skewMs() ?? 0;
      return problem?.(w) ?? (Math.abs(skew) > skewAlarmMs ? w.skew(Math.round(skew / 1000)) : undefined);
    },
  };
}
