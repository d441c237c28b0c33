/** Asks Feishu itself whether what we need of it is there: credentials, scopes, bot, callbacks, groups, the long connection. Changes nothing. */
import { z } from 'zod';
import { type Check, DeliveryError, type Examination } from '../../src/core/chat.ts';
import { examineWords } from '../../src/words/examine.ts';
import type { AppSettings, Feishu } from './deliver.ts';
import { CallFailed, type FeishuHttp } from './http.ts';
import { SKEW_MS } from './limits.ts';

type Words = ReturnType<typeof examineWords>;

/** What is called, and by which scopes it may be: any one of each line will do. */
const NEEDED = [
  ['im:message', 'im:message:send_as_bot'],
  ['im:message', 'im:message.p2p_msg:readonly', 'im:message.p2p_msg'],
  ['im:message', 'im:message.group_at_msg:readonly', 'im:message.group_at_msg'],
  ['im:resource', 'im:message'],
] as const;
/** Without these something is missing that not every company uses. */
const OPTIONAL = [
  ['im:chat'],
  ['im:message.urgent'],
  ['im:message.urgent:sms'],
  ['im:message.urgent:phone'],
  ['im:message.group_msg', 'im:message.group_msg:readonly'],
  ['application:app_slash_command', 'application:app_slash_command:write'],
  ['tenant:tenant:readonly'],
] as const;
const EVENTS = ['im.message.receive_v1'];
const CALLBACKS = ['card.action.trigger'];
export const QUOTA = '99991403';
const GROUPS = 40;
const REACH_MS = 5_000;

export interface Asking {
  feishu: Feishu;
  /** hands out answers with a code as they are */
  http: FeishuHttp;
  settings: AppSettings & { transport: 'http' | 'socket' };
  skewMs(): number | undefined;
}

export async function examineFeishu(asking: Asking, asked: Examination): Promise<Check[]> {
  const { feishu } = asking;
  const w = examineWords(asked.language);
  try {
    await feishu.warmUp();
  } catch (error) {
    const { code, problem } = error as DeliveryError;
    if (code === QUOTA) return [{ kind: 'stops', ...w.feishu.quota }];
    return [{ kind: 'stops', ...(problem === 'credentials' ? w.feishu.refused(code) : w.feishu.away(code)) }];
  }
  const parts = await Promise.all([
    grantedScopes(feishu, w),
    bot(feishu, w),
    callbacks(asking, w),
    groups(feishu, asked, w),
    asked.thorough && asking.settings.transport === 'socket' ? socket(asking, w) : [],
  ]);
  // their clock is read from each answer
  const skew = asking.skewMs() ?? 0;
  const clock: Check =
    Math.abs(skew) > SKEW_MS
      ? { kind: 'limits', ...w.skew(w.named.feishu, Math.round(Math.abs(skew) / 1000)) }
      : { kind: 'well', what: w.clock(w.named.feishu) };
  return [{ kind: 'well', what: w.feishu.signedIn }, ...parts.flat(), clock];
}

const codeOf = (error: unknown): string => (error instanceof DeliveryError ? error.code : 'unreadable');

const Scopes = z.object({
  data: z.object({ scopes: z.array(z.object({ scope_name: z.string(), grant_status: z.number() })).nullish() }),
});

/** `grant_status`: 1 granted. https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/application-v6/scope/list */
async function grantedScopes(feishu: Feishu, w: Words): Promise<Check[]> {
  try {
    const answer = Scopes.parse(await feishu.call({ method: 'GET', url: '/open-apis/application/v6/scopes' }));
    const granted = new Set(
      (answer.data.scopes ?? []).filter((one) => one.grant_status === 1).map((one) => one.scope_name),
    );
    const lacking = (lines: readonly (readonly string[])[]) =>
      lines.filter((line) => !line.some((scope) => granted.has(scope))).map(([first]) => String(first));
    const [missing, optional] = [[...new Set(lacking(NEEDED))], lacking(OPTIONAL)];
    const checks: Check[] =
      missing.length > 0
        ? [{ kind: 'stops', ...w.feishu.scopes(w.list(missing)) }]
        : [{ kind: 'well', what: w.scopes(w.named.feishu, NEEDED.length) }];
    return optional.length > 0 ? [...checks, { kind: 'note', ...w.feishu.optional(w.list(optional)) }] : checks;
  } catch (error) {
    if (codeOf(error) === QUOTA) return [{ kind: 'stops', ...w.feishu.quota }];
    return [{ kind: 'note', ...w.feishu.scopesUnknown(codeOf(error)) }];
  }
}

async function bot(feishu: Feishu, w: Words): Promise<Check[]> {
  try {
    await feishu.call({ method: 'GET', url: '/open-apis/bot/v3/info' });
    return [{ kind: 'well', what: w.feishu.bot }];
  } catch (error) {
    return codeOf(error) === QUOTA ? [] : [{ kind: 'stops', ...w.feishu.noBot(codeOf(error)) }];
  }
}

const List = z.array(z.string()).nullish();
const Application = z.object({
  data: z.object({
    app: z.object({
      callback_info: z.object({ callback_type: z.string().nullish(), subscribed_callbacks: List }).nullish(),
      event: z.object({ subscription_type: z.string().nullish(), subscribed_events: List }).nullish(),
    }),
  }),
});

/** What the console says of events and callbacks: https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/application-v6/application/get */
async function callbacks({ feishu, settings }: Asking, w: Words): Promise<Check[]> {
  try {
    const url = '/open-apis/application/v6/applications/me';
    const { app } = Application.parse(await feishu.call({ method: 'GET', url, params: { lang: 'zh_cn' } })).data;
    const { callback_info: callback, event } = app;
    // a field that is not told is no fault
    const missing = [
      ...(callback?.subscribed_callbacks
        ? CALLBACKS.filter((one) => !callback.subscribed_callbacks?.includes(one))
        : []),
      ...(event?.subscribed_events ? EVENTS.filter((one) => !event.subscribed_events?.includes(one)) : []),
    ];
    const way = settings.transport === 'socket' ? 'websocket' : 'webhook';
    const theirs = callback?.callback_type;
    const other = (theirs === 'webhook' || theirs === 'websocket') && theirs !== way;
    if (missing.length === 0 && !other)
      return callback?.subscribed_callbacks ? [{ kind: 'well', what: w.feishu.subscribed }] : [];
    return [
      ...(missing.length > 0 ? [{ kind: 'stops' as const, ...w.feishu.notSubscribed(w.list(missing)) }] : []),
      ...(other ? [{ kind: 'stops' as const, ...w.feishu.otherWay(w.feishu.ways[theirs]) }] : []),
    ];
  } catch (error) {
    return codeOf(error) === QUOTA ? [] : [{ kind: 'note', ...w.feishu.cannotSeeCallbacks }];
  }
}

const IsIn = z.object({ data: z.object({ is_in_chat: z.boolean() }) });
/** No such group, dissolved, of another tenant. */
const GONE = ['232006', '232009', '232010'];
/** The bot is not in the group. */
const OUT = '232011';

/** https://open.larkoffice.com/document/server-docs/group/chat-member/is_in_chat */
async function groups(feishu: Feishu, { channels }: Examination, w: Words): Promise<Check[]> {
  const looks = channels.slice(0, GROUPS).map(async ({ name, id }): Promise<Check | undefined> => {
    try {
      const url = `/open-apis/im/v1/chats/${encodeURIComponent(id)}/members/is_in_chat`;
      const { data } = IsIn.parse(await feishu.call({ method: 'GET', url }));
      return data.is_in_chat ? undefined : { kind: 'limits', ...w.feishu.notIn(name) };
    } catch (error) {
      const code = codeOf(error);
      if (code === QUOTA) return undefined;
      if (code === OUT) return { kind: 'limits', ...w.feishu.notIn(name) };
      return GONE.includes(code)
        ? { kind: 'limits', ...w.feishu.noChannel(name, id) }
        : { kind: 'note', ...w.feishu.channelUnknown(name, code) };
    }
  });
  const looked = (await Promise.all(looks)).filter((check) => check !== undefined);
  // what keeps us from seeing one group keeps us from seeing all
  const unseen = looked.find(({ kind }) => kind === 'note');
  const found = looked.filter((check) => check.kind !== 'note' || check === unseen);
  return found.length > 0 || channels.length === 0
    ? found
    : [{ kind: 'well', what: w.channels(w.named.feishu, channels.length) }];
}

const Endpoint = z.object({ code: z.number(), data: z.object({ URL: z.string() }).nullish() });

/** The connection itself is not opened: Feishu hands each event to one of them, and nobody there would answer it. */
async function socket({ http, settings }: Asking, w: Words): Promise<Check[]> {
  let code = 'unreadable';
  let address: string | undefined;
  try {
    const url = `${settings.domain}/callback/ws/endpoint`;
    const data = { AppID: settings.appId, AppSecret: settings.appSecret };
    const answer = Endpoint.parse(await http.request({ method: 'POST', url, data }));
    code = String(answer.code);
    address = answer.data?.URL;
  } catch (error) {
    if (error instanceof CallFailed) code = error.label;
  }
  if (address === undefined) return [{ kind: 'stops', ...w.feishu.socketRefused(code) }];
  try {
    const { origin } = new URL(address.replace(/^ws/, 'http'));
    await fetch(origin, { redirect: 'manual', signal: AbortSignal.timeout(REACH_MS) });
    return [{ kind: 'well', what: w.feishu.socket }];
  } catch (error) {
    return [{ kind: 'stops', ...w.feishu.socketAway(error instanceof Error ? error.name : 'unknown') }];
  }
}
