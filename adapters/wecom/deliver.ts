/** Calls out: messages to members and groups, cards redrawn once; every failure leaves as a DeliveryError. */
import { z } from 'zod';
import { DeliveryError } from '../../src/core/chat.ts';
import { deliveryError, TASK_EXISTS, TOKEN_CODES, TOO_OFTEN } from './codes.ts';
import { CallFailed, type Http } from './http.ts';
import { byRobot, SHUT_OUT_MS, toMember } from './limits.ts';
import type { Rate, Rates } from './rates.ts';
import type { AppMessage, RobotMessage, TemplateCard } from './render.ts';

export interface App {
  corpId: string;
  agentId: number;
  secret: string;
}

export type Change = { button: { replace_name: string } } | { template_card: TemplateCard };

export interface Tries {
  /** an earlier try of this very message may have arrived */
  again: boolean;
  /** in seconds: what says the same to the same person within this is the same message */
  lookBackS: number;
}

export interface Outlet {
  /** @throws DeliveryError */
  toMember(account: string, message: AppMessage, tries: Tries): Promise<void>;
  /** `robot`: its name in the settings. @throws DeliveryError */
  toGroup(robot: string, message: RobotMessage): Promise<void>;
  /** Redraws the card of one person, once per code. @throws DeliveryError */
  redraw(account: string, responseCode: string, change: Change): Promise<void>;
  /** Is the app's secret good, and is WeCom there? @throws DeliveryError */
  warmUp(): Promise<void>;
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const Sent = z.object({ invaliduser: z.string().default(''), unlicenseduser: z.string().default('') });

/** "只能由数字、字母和“_-@.”四种字符组成，且第一个字符必须是数字或字母": no `@all`, and no list. https://developer.work.weixin.qq.com/document/path/90195 */
const USER_ID = /^[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}$/;

export function createOutlet(deps: {
  app: App | undefined;
  robots: Readonly<Record<string, string>>;
  http: Http;
  rates: Rates;
  clock: () => Date;
}): Outlet {
  const { app, robots, http, rates, clock } = deps;
  const tokens = app && createTokens(app, http, clock);

  async function call(path: string, body: object, writes: boolean): Promise<Record<string, unknown>> {
    if (tokens === undefined) throw new DeliveryError('wecom', 'unreachable', 'no-app');
    for (let again = true; ; again = false) {
      const token = await tokens.get();
      try {
        return await http.call(path, { access_token: token }, body);
      } catch (error) {
        const stale = error instanceof CallFailed && error.code !== undefined && TOKEN_CODES.has(error.code);
        if (!stale || !again) throw deliveryError(error, writes);
        tokens.drop(token);
      }
    }
  }

  /** Where WeCom says to wait all the same, nobody asks before that. */
  async function paced<T>(own: readonly Rate[], run: () => Promise<T>): Promise<T> {
    rates.take(own);
    try {
      return await run();
    } catch (error) {
      if (error instanceof DeliveryError && error.code === TOO_OFTEN) rates.hold(own, error.afterMs ?? SHUT_OUT_MS);
      throw error;
    }
  }

  return {
    async toMember(account, message, { again, lookBackS }) {
      if (!USER_ID.test(account)) throw new DeliveryError('wecom', 'unreachable', 'no-user-id');
      const body = {
        touser: account,
        agentid: app?.agentId,
        ...message,
        enable_id_trans: 0,
        // the same content to the same person is not sent twice: so a try whose answer was lost can be made again
        enable_duplicate_check: 1,
        duplicate_check_interval: lookBackS,
      };
      try {
        const answer = await paced(toMember(account), () => call('/cgi-bin/message/send', body, true));
        mustBeReached(answer);
      } catch (error) {
        // a card with this very task_id is there: the earlier try has arrived
        if (!(again && isTaskThere(error, message))) throw error;
      }
    },
    async toGroup(robot, message) {
      const key = Object.hasOwn(robots, robot) ? robots[robot] : undefined;
      if (key === undefined) throw new DeliveryError('wecom', 'unreachable', 'no-such-robot');
      await paced(byRobot(robot), async () => {
        try {
          await http.call('/cgi-bin/webhook/send', { key }, message);
        } catch (error) {
          throw deliveryError(error, true);
        }
      });
    },
    async redraw(account, responseCode, change) {
      const body = { userids: [account], agentid: app?.agentId, response_code: responseCode, ...change };
      await call('/cgi-bin/message/update_template_card', body, false);
    },
    async warmUp() {
      await tokens?.get();
    },
  };
}

/** The answer is ok though the person got nothing: not visible to the app, or not licensed. */
function mustBeReached(answer: Record<string, unknown>): void {
  const { invaliduser, unlicenseduser } = Sent.parse(answer);
  if (invaliduser !== '') throw new DeliveryError('wecom', 'unreachable', 'invaliduser');
  if (unlicenseduser !== '') throw new DeliveryError('wecom', 'unreachable', 'unlicenseduser');
}

function isTaskThere(error: unknown, message: AppMessage): boolean {
  return message.msgtype === 'template_card' && error instanceof DeliveryError && error.code === String(TASK_EXISTS);
}

/** Asked for a little before the old one ends. */
const EARLY_MS = 5 * 60_000;

/** One token for all calls, asked for once however many wait for it. https://developer.work.weixin.qq.com/document/path/91039 */
function createTokens(app: App, http: Http, clock: () => Date) {
  let kept: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;

  async function ask(): Promise<string> {
    try {
      const answer = await http.call('/cgi-bin/gettoken', { corpid: app.corpId, corpsecret: app.secret });
      const { access_token, expires_in } = Token.parse(answer);
      kept = { token: access_token, until: clock().getTime() + Math.max(60_000, expires_in * 1000 - EARLY_MS) };
      return access_token;
    } catch (error) {
      throw tokenError(error);
    }
  }

  return {
    async get(): Promise<string> {
      if (kept !== undefined && kept.until > clock().getTime()) return kept.token;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    /** WeCom takes it no more; somebody may have asked for a new one meanwhile. */
    drop(token: string): void {
      if (kept?.token === token) kept = undefined;
    },
  };
}

/** Getting a token sends nothing; what is refused there is the administrator's to mend. */
function tokenError(error: unknown): DeliveryError {
  const known = deliveryError(error, false);
  if (known.problem === 'retry-later') return known;
  return new DeliveryError('wecom', 'credentials', known.code, { cause: error });
}
