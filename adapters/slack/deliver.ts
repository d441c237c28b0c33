/** Calls out to Slack: post, edit, home page, files. Every failure leaves as a DeliveryError; nothing here waits or repeats by itself. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Logger } from 'pino';
import type { Card } from '../../src/core/card.ts';
import {
  type Address,
  type ChatAdapter,
  type Content,
  DeliveryError,
  type Intent,
  type Language,
  type MessageRef,
} from '../../src/core/chat.ts';
import { type Api, slackApiUrl } from './api.ts';
import { deliveryError, httpError } from './errors.ts';
import { FormTooLarge, renderFormMessage } from './form.ts';
import type { Paced } from './paced.ts';
import { type Message, renderBareCard, renderCard, renderHome } from './render.ts';

export type Deliveries = Required<Pick<ChatAdapter, 'post' | 'edit' | 'remove' | 'home' | 'fetchFile'>>;

const eventType = 'countersign';
/** Our clock and Slack's may differ by as much before the health page says so. */
const clocksMayDifferMs = 60_000;
const pagesToSearch = 10;
/** "no more than 200 results at a time": https://docs.slack.dev/reference/methods/conversations.history */
const aPage = 200;

/** Set on every message: nothing in a card is turned into a link, a mention or a preview by Slack. */
const quiet = { unfurl_links: false, unfurl_media: false, link_names: false, parse: 'none' } as const;

export function createDeliveries(deps: {
  api: Api;
  call: Paced;
  log: Logger;
  settings: { botToken: string; apiUrl?: string };
}): Deliveries {
  const { api, call, log } = deps;
  const directs = new Map<string, string>();

  /**
   * Content that Slack refuses against all care is an alarm; the person still gets the sentence and the buttons. The refused try shows
   * nowhere, so the bare one goes in its place: were it to wait for our limits, the next try would begin with the refused one again.
   */
  async function sendable<T>(
    content: Content,
    language: Language,
    send: (message: Message, counted: boolean) => Promise<T>,
  ): Promise<T> {
    try {
      return await send(draw(content, language), false);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.problem !== 'rejected' || content.kind !== 'card') throw error;
      log.error({ code: error.code }, 'slack refused a card, sending it bare');
      return send(renderBareCard(content.card, language), true);
    }
  }

  async function post(to: Address, content: Content, intent: Intent, language: Language): Promise<MessageRef> {
    const found = intent.triedBefore && (await findPosted(to, intent, intent.triedBefore));
    if (found) return found;
    return sendable(content, language, async (message, counted) => {
      const metadata = { event_type: eventType, event_payload: { id: intent.id } };
      const made = () => api.web.chat.postMessage({ channel: to.id, ...message, metadata, ...quiet });
      const posted = await call({ method: 'chat.postMessage', repeating: 'post', channel: to.id, counted }, made);
      if (!posted.channel || !posted.ts) throw new DeliveryError('slack', 'ambiguous', 'unreadable_answer');
      return { channel: posted.channel, message: posted.ts };
    });
  }

  /** Slack has no idempotency key: our id stands in the message's metadata, and we look for it before posting again. */
  async function findPosted(to: Address, intent: Intent, since: Date): Promise<MessageRef | undefined> {
    try {
      const channel = to.kind === 'direct' ? await directChannel(to.id) : to.id;
      return await search(channel, intent, since);
    } catch (error) {
      if (!(error instanceof DeliveryError) || !mayNotLook(error)) throw error;
      directs.delete(to.id);
      log.warn({ code: error.code, channel: to.id }, 'slack history may not be read, posting without a look');
      return undefined;
    }
  }

  /** Asked for once: it stays the same until Slack no longer knows it. */
  async function directChannel(user: string): Promise<string> {
    const known = directs.get(user);
    if (known) return known;
    const opened = await call({ method: 'conversations.open', repeating: 'again' }, () =>
      api.web.conversations.open({ users: user }),
    );
    if (!opened.channel?.id) throw new DeliveryError('slack', 'retry-later', 'unreadable_answer');
    directs.set(user, opened.channel.id);
    return opened.channel.id;
  }

  /** In the time in which it may have come to stand there: since then others may have written hundreds of messages. */
  async function search(channel: string, { id, triedUntil }: Intent, since: Date): Promise<MessageRef | undefined> {
    const oldest = ((since.getTime() - clocksMayDifferMs) / 1000).toFixed(6);
    const latest = triedUntil && ((triedUntil.getTime() + clocksMayDifferMs) / 1000).toFixed(6);
    let cursor: string | undefined;
    for (let page = 0; page < pagesToSearch; page += 1) {
      const history = await call({ method: 'conversations.history', repeating: 'again' }, () =>
        api.web.conversations.history({
          channel,
          oldest,
          ...(latest && { latest }),
          inclusive: true,
          include_all_metadata: true,
          limit: aPage,
          ...(cursor && { cursor }),
        }),
      );
      const ours = history.messages?.find((message) => isOurs(message.metadata, id));
      if (ours?.ts) return { channel, message: ours.ts };
      cursor = history.response_metadata?.next_cursor || undefined;
      if (!cursor) return undefined;
    }
    return undefined;
  }

  async function edit(ref: MessageRef, card: Card, language: Language): Promise<void> {
    await sendable({ kind: 'card', card }, language, (message, counted) => {
      const at = { channel: ref.channel, ts: ref.message };
      const made = () => api.web.chat.update({ ...at, ...message, link_names: false, parse: 'none' });
      return call({ method: 'chat.update', repeating: 'again', counted }, made);
    });
  }

  async function remove(ref: MessageRef): Promise<void> {
    await api.web.chat.delete({ channel: ref.channel, ts: ref.message }).catch((cause: unknown) => {
      throw deliveryError(cause, 'again');
    });
  }

  async function home(account: string, card: Card, language: Language): Promise<void> {
    const view = renderHome(card, language);
    await call({ method: 'views.publish', repeating: 'again' }, () =>
      api.web.views.publish({ user_id: account, view }),
    );
  }

  async function fetchFile(ref: Record<string, string>): Promise<{ stream: Readable; mime: string | undefined }> {
    const url = ref.url ?? (await fileUrl(ref.id));
    return download(url, deps.settings);
  }

  /** Files shared from elsewhere come as an id alone: https://docs.slack.dev/reference/objects/file-object */
  async function fileUrl(id: string | undefined): Promise<string> {
    if (!id) throw new DeliveryError('slack', 'rejected', 'file_without_id');
    const info = await api.web.files.info({ file: id }).catch((cause) => {
      throw deliveryError(cause, 'again');
    });
    const url = info.file?.url_private_download ?? info.file?.url_private;
    if (!url) throw new DeliveryError('slack', 'gone', 'file_without_url');
    return url;
  }

  return { post, edit, remove, home, fetchFile };
}

function draw(content: Content, language: Language): Message {
  if (content.kind === 'card') return renderCard(content.card, language);
  try {
    return renderFormMessage(content.form, language);
  } catch (cause) {
    if (cause instanceof FormTooLarge) throw new DeliveryError('slack', 'rejected', 'form_too_large', { cause });
    throw cause;
  }
}

function isOurs(metadata: unknown, id: string): boolean {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { event_type, event_payload } = metadata as { event_type?: unknown; event_payload?: { id?: unknown } };
  return event_type === eventType && event_payload?.id === id;
}

function mayNotLook(error: DeliveryError): boolean {
  return error.code.startsWith('missing_scope') || error.problem === 'unreachable' || error.code === 'no_permission';
}

/** The bearer token goes to Slack's hosts alone, also across redirects. */
async function download(
  address: string,
  settings: { botToken: string; apiUrl?: string },
): Promise<{ stream: Readable; mime: string | undefined }> {
  let url = address;
  for (let hop = 0; hop < 4; hop += 1) {
    if (!isSlackHost(url, settings.apiUrl)) throw new DeliveryError('slack', 'rejected', 'file_elsewhere');
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${settings.botToken}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(120_000),
    }).catch((cause) => {
      throw deliveryError(cause, 'again');
    });
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next) {
      await response.body?.cancel();
      url = new URL(next, url).href;
      continue;
    }
    return opened(response);
  }
  throw new DeliveryError('slack', 'rejected', 'file_redirects');
}

async function opened(response: Response): Promise<{ stream: Readable; mime: string | undefined }> {
  const mime = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const refused = fileProblem(response, mime);
  if (refused || !response.body) {
    await response.body?.cancel();
    throw refused ?? new DeliveryError('slack', 'retry-later', 'file_without_body');
  }
  return { stream: Readable.fromWeb(response.body as ReadableStream), mime };
}

function fileProblem(response: Response, mime: string | undefined): DeliveryError | undefined {
  if (response.status === 404 || response.status === 410)
    return new DeliveryError('slack', 'gone', `http_${response.status}`);
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new DeliveryError(
      'slack',
      'retry-later',
      'ratelimited',
      Number.isFinite(seconds) ? { afterMs: seconds * 1000 } : {},
    );
  }
  if (!response.ok) return httpError(response.status, 'retry-later');
  // Without the scope `files:read` Slack answers 200 with its sign-in page instead of the file.
  if (mime === 'text/html') return new DeliveryError('slack', 'credentials', 'missing_scope:files:read');
  return undefined;
}

export function isSlackHost(address: string, apiUrl: string | undefined): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (apiUrl && url.host === new URL(apiUrl).host && url.protocol === new URL(apiUrl).protocol) return true;
  const host = new URL(slackApiUrl).hostname;
  return url.protocol === 'https:' && url.port === '' && (url.hostname === host || url.hostname.endsWith(`.${host}`));
}
