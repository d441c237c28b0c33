/**
 * Rooms on Slack: private channels. Slack has no idempotency key for them, but a name is given once: after an unclear first try our own
 * channel of that name is looked for and taken. https://docs.slack.dev/reference/methods/conversations.create
 */
import type { Logger } from 'pino';
import { DeliveryError, type Intent, type MessageRef, type NotIn, type Rooms } from '../../src/core/chat.ts';
import type { Api } from './api.ts';
import { limits } from './limits.ts';
import type { Asked, Paced } from './paced.ts';
import { clean, cut } from './text.ts';

/** Our clock and Slack's may differ by as much before the health page says so. */
const clocksMayDifferMs = 60_000;
const pagesToSearch = 10;
const otherNames = [2, 3, 4, 5];

/** These are about the room and not about whom we ask for: nobody at all can be asked for then. */
const aboutTheRoom = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'method_not_supported_for_channel_type',
]);

export function createRooms(deps: {
  api: Api;
  call: Paced;
  log: Logger;
  /** our bot's user, as soon as it is known */
  bot: () => string | undefined;
}): Rooms {
  const { api, call, log } = deps;
  const again = (method: Asked['method']): Asked => ({ method, repeating: 'again' });

  /** undefined: the name is taken */
  async function create(name: string): Promise<string | undefined> {
    try {
      const made = () => api.web.conversations.create({ name, is_private: true });
      const { channel } = await call({ method: 'conversations.create', repeating: 'post' }, made);
      if (!channel?.id) throw new DeliveryError('slack', 'ambiguous', 'unreadable_answer');
      return channel.id;
    } catch (error) {
      if (error instanceof DeliveryError && error.code === 'name_taken') return undefined;
      throw error;
    }
  }

  async function roomNamed(name: string, { triedBefore }: Intent): Promise<string> {
    const first = await create(name);
    if (first !== undefined) return first;
    const ours = triedBefore && (await findOurs(name, triedBefore));
    if (ours !== undefined) return ours;
    for (const number of otherNames) {
      const id = await create(suffixed(name, number));
      if (id !== undefined) return id;
    }
    throw new DeliveryError('slack', 'rejected', 'name_taken');
  }

  /** Made by our bot, under this name, since that try: an older one was another installation's. */
  async function findOurs(name: string, triedBefore: Date): Promise<string | undefined> {
    const bot = deps.bot();
    if (bot === undefined) throw new DeliveryError('slack', 'retry-later', 'bot_unknown');
    const names = new Set([name, ...otherNames.map((number) => suffixed(name, number))]);
    const since = (triedBefore.getTime() - clocksMayDifferMs) / 1000;
    let cursor: string | undefined;
    for (let page = 0; page < pagesToSearch; page += 1) {
      const list = await call(again('conversations.list'), () =>
        api.web.conversations.list({
          types: 'private_channel',
          exclude_archived: true,
          limit: 999,
          ...(cursor && { cursor }),
        }),
      );
      const ours = list.channels?.find(
        (one) => names.has(one.name ?? '') && one.creator === bot && (one.created ?? 0) >= since,
      );
      if (ours?.id) return ours.id;
      cursor = list.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return undefined;
    }
    return undefined;
  }

  /** A room without its title serves as well. */
  async function describe(channel: string, title: string): Promise<void> {
    const text = lineOf(title);
    const made = [
      call(again('conversations.setTopic'), () => api.web.conversations.setTopic({ channel, topic: text })),
      call(again('conversations.setPurpose'), () => api.web.conversations.setPurpose({ channel, purpose: text })),
    ];
    for (const { reason } of (await Promise.allSettled(made)).filter((one) => one.status === 'rejected')) {
      const code = reason instanceof DeliveryError ? reason.code : 'unknown';
      log.warn({ code, channel }, 'a room could not be given its title');
    }
  }

  /** https://docs.slack.dev/reference/methods/conversations.invite: with `force` whoever can be brought in is, and the others are named. */
  async function ask(channel: string, accounts: string[]): Promise<NotIn[] | 'unsaid'> {
    try {
      const made = () => api.web.conversations.invite({ channel, users: accounts.join(','), force: true });
      const { errors = [] } = await call(again('conversations.invite'), made);
      const named = errors.flatMap(({ user, error }) => (user ? [{ account: user, code: error ?? 'unknown' }] : []));
      return named.length === errors.length ? named : 'unsaid';
    } catch (error) {
      const code = personalCode(error);
      if (code === undefined) throw error;
      const [only, ...others] = accounts;
      return only !== undefined && others.length === 0 ? [{ account: only, code }] : 'unsaid';
    }
  }

  async function inviteAtOnce(channel: string, accounts: string[]): Promise<NotIn[]> {
    const together = await ask(channel, accounts);
    const out: NotIn[] = together === 'unsaid' ? [] : together;
    // refused as a whole: one by one, so that one guest does not keep the others out
    if (together === 'unsaid')
      for (const account of accounts) {
        const alone = await ask(channel, [account]);
        out.push(...(alone === 'unsaid' ? [{ account, code: 'unknown' }] : alone));
      }
    return out.filter(({ code }) => code !== 'already_in_channel');
  }

  async function invite(channel: string, accounts: string[]): Promise<NotIn[]> {
    const out: NotIn[] = [];
    for (let from = 0; from < accounts.length; from += limits.invitedAtOnce)
      out.push(...(await inviteAtOnce(channel, accounts.slice(from, from + limits.invitedAtOnce))));
    return out;
  }

  return {
    invite,
    async open({ name, title, accounts }, intent) {
      const id = await roomNamed(name, intent);
      await describe(id, title);
      const out = await invite(id, accounts).catch((error: unknown) => {
        if (!(error instanceof DeliveryError)) throw error;
        return accounts.map((account) => ({ account, code: error.code }));
      });
      return { id, out };
    },
    async pin({ channel, message }: MessageRef) {
      const made = () => api.web.pins.add({ channel, timestamp: message });
      await call(again('pins.add'), made).catch((error: unknown) => {
        if (!(error instanceof DeliveryError) || error.code !== 'already_pinned') throw error;
      });
    },
  };
}

const suffixed = (name: string, number: number): string => `${name.slice(0, limits.channel.name - 2)}-${number}`;

/** No markup is read in topics, but `<!channel>` need not stand there either. */
const lineOf = (title: string): string =>
  cut(clean(title).replace(/\s+/g, ' ').replaceAll('<', '‹').replaceAll('>', '›'), limits.channel.topic);

/** Slack's word on those whom we asked for; undefined: on something else. */
function personalCode(error: unknown): string | undefined {
  if (!(error instanceof DeliveryError) || aboutTheRoom.has(error.code)) return undefined;
  return error.problem === 'unreachable' || error.problem === 'rejected' ? error.code : undefined;
}
