/** Calls out: posting, editing, fetching, through the SDK's client; every failure leaves as a DeliveryError. */
import type { Readable } from 'node:stream';
import { AppType, type Cache, Client, type Logger, LoggerLevel } from '@larksuiteoapi/node-sdk';
import { z } from 'zod';
import { type Address, DeliveryError, type MessageRef, type Sending } from '../../src/core/chat.ts';
import { deliveryError, TOKEN_CODES, TOO_OFTEN } from './codes.ts';
import { keyFor } from './crypto.ts';
import type { CardJson } from './fit.ts';
import { type Call, CallFailed, type FeishuHttp } from './http.ts';
import { onInterface, onMessage, toReceiver, UUID_TEXT } from './limits.ts';
import type { Rate, Rates } from './rates.ts';

export interface AppSettings {
  appId: string;
  appSecret: string;
  domain: string;
}

const Sent = z.object({ data: z.object({ message_id: z.string().min(1), chat_id: z.string().default('') }) });
const FileRef = z.object({
  message_id: z.string().min(1),
  file_key: z.string().min(1),
  type: z.enum(['file', 'image']),
});

const silent = (): void => undefined;
/** The SDK's client logs whole requests; what matters is logged by us, without contents. */
const noLog: Logger = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };

export class Feishu {
  readonly #http: FeishuHttp;
  readonly #client: Client;
  readonly #domain: string;
  readonly #rates: Rates;
  #tokens = new Map<string, { value: unknown; until: number }>();

  constructor(settings: AppSettings, http: FeishuHttp, rates: Rates) {
    this.#http = http;
    this.#rates = rates;
    this.#domain = settings.domain;
    this.#client = new Client({
      appId: settings.appId,
      appSecret: settings.appSecret,
      domain: settings.domain,
      appType: AppType.SelfBuild,
      httpInstance: http,
      cache: this.#cache(), // the SDK's own is one for the whole process and cannot be emptied
      logger: noLog,
      loggerLevel: LoggerLevel.error,
    });
  }

  /** @throws DeliveryError */
  async post(to: Address, card: CardJson, uuid: string): Promise<MessageRef> {
    const call = {
      method: 'POST',
      url: '/open-apis/im/v1/messages',
      params: { receive_id_type: idType(to) },
      data: {
        receive_id: to.id,
        msg_type: 'interactive',
        content: JSON.stringify(card),
        uuid: uuidFor('post', uuid),
      },
    };
    const answer = await this.#paced(toReceiver(to.id), 'post', () => this.call(call, { writes: true }));
    const sent = Sent.safeParse(answer);
    // It was accepted, but we cannot say as what: the same uuid brings the same message.
    if (!sent.success) throw new DeliveryError('feishu', 'ambiguous', 'unreadable-answer', { cause: sent.error });
    return { channel: sent.data.data.chat_id, message: sent.data.data.message_id };
  }

  /** @throws DeliveryError */
  async edit(message: string, card: CardJson): Promise<void> {
    const url = `/open-apis/im/v1/messages/${encodeURIComponent(message)}`;
    const data = { content: JSON.stringify(card) };
    await this.#paced(onMessage(message), 'edit', () => this.call({ method: 'PATCH', url, data }));
  }

  queued(sends: readonly Sending[]): number[] {
    const limits = (send: Sending): Rate[] => {
      if (send.how === 'post') return [toReceiver(send.to), ...onInterface('post')];
      return send.how === 'edit' ? [onMessage(send.message), ...onInterface('edit')] : [];
    };
    return this.#rates.foresee(sends.map(limits));
  }

  /** Takes a message of ours back: https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/delete. @throws DeliveryError */
  async remove(message: string): Promise<void> {
    await this.call({ method: 'DELETE', url: `/open-apis/im/v1/messages/${encodeURIComponent(message)}` });
  }

  /** Where Feishu says to wait all the same, nobody asks before that. @throws DeliveryError */
  async #paced<T>(own: Rate | undefined, name: string, run: () => Promise<T>): Promise<T> {
    const shared = onInterface(name);
    this.#rates.take(...(own ? [own] : []), ...shared);
    try {
      return await run();
    } catch (error) {
      const { code, afterMs } = error instanceof DeliveryError ? error : {};
      if (own && code === TOO_OFTEN.here) this.#rates.hold(own, afterMs ?? 1000);
      if (code === TOO_OFTEN.anywhere) for (const rate of shared) this.#rates.hold(rate, afterMs ?? 1000);
      throw error;
    }
  }

  /** The sender of a message may fetch its files by their keys. @throws DeliveryError */
  async fetchFile(ref: Record<string, string>): Promise<{ stream: Readable; mime: string | undefined }> {
    const parsed = FileRef.safeParse(ref);
    if (!parsed.success) throw new DeliveryError('feishu', 'rejected', 'not-a-file-of-ours', { cause: parsed.error });
    const { message_id, file_key, type } = parsed.data;
    const path = `${encodeURIComponent(message_id)}/resources/${encodeURIComponent(file_key)}`;
    return this.stream({ url: `/open-apis/im/v1/messages/${path}`, params: { type } });
  }

  /** A download with the tenant's token. @throws DeliveryError */
  async stream(call: Call): Promise<{ stream: Readable; mime: string | undefined }> {
    return this.#withToken(
      (authorization) =>
        this.#http.stream({ ...call, url: `${this.#domain}${call.url ?? ''}`, headers: { authorization } }),
      false,
    );
  }

  /** Any call with the tenant's token. @throws DeliveryError */
  async call(call: Call, options: { writes?: boolean } = {}): Promise<unknown> {
    const { url = '', method = 'GET', params, data, timeout } = call;
    const asked = {
      ...(params ? { params } : {}),
      ...(data === undefined ? {} : { data }),
      ...(timeout ? { timeout } : {}),
    };
    const payload = { url, method, ...asked };
    return this.#withToken(() => this.#client.request(payload), options.writes ?? false);
  }

  /** A call under the limits of its interface. @throws DeliveryError */
  async counted(name: string, call: Call, options: { writes?: boolean } = {}): Promise<unknown> {
    return this.#paced(undefined, name, () => this.call(call, options));
  }

  /** Is the app's secret good, and is Feishu there? @throws DeliveryError */
  async warmUp(): Promise<void> {
    await this.#withToken(async () => undefined, false);
  }

  /** A token that Feishu no longer takes is thrown away, and the call made once more with a new one. */
  async #withToken<T>(run: (authorization: string) => Promise<T>, writes: boolean): Promise<T> {
    for (let again = true; ; again = false) {
      const token = await this.#token();
      try {
        return await run(`Bearer ${token}`);
      } catch (error) {
        const stale = error instanceof CallFailed && error.code !== undefined && TOKEN_CODES.has(error.code);
        if (!stale || !again) throw deliveryError(error, writes);
        this.#tokens.clear();
      }
    }
  }

  #asking: Promise<string> | undefined;
  /** Getting a token makes nothing: whatever happens there, the message was not sent. */
  async #token(): Promise<string> {
    this.#asking ??= this.#client.tokenManager
      .getTenantAccessToken()
      .catch((error: unknown) => {
        throw tokenError(error);
      })
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking as Promise<string>;
  }

  #cache(): Cache {
    return {
      get: async (key, options) => {
        const kept = this.#tokens.get(`${options?.namespace ?? ''}/${key.toString()}`);
        return kept !== undefined && kept.until > Date.now() ? kept.value : undefined;
      },
      set: async (key, value, until, options) => {
        this.#tokens.set(`${options?.namespace ?? ''}/${key.toString()}`, { value, until: until ?? Infinity });
        return true;
      },
    };
  }
}

/** Asking for a token with a wrong id or secret is answered with codes of its own, all of them the administrator's to mend. */
function tokenError(error: unknown): DeliveryError {
  const known = deliveryError(error, false);
  if (known.problem === 'retry-later') return known;
  return new DeliveryError('feishu', 'credentials', known.code, { cause: error });
}

/** An intent as a key that Feishu takes. */
export const uuidFor = (what: string, intent: string): string =>
  intent.length <= UUID_TEXT ? intent : keyFor(what, intent);

export function idType({ id }: Pick<Address, 'id'>): 'open_id' | 'union_id' | 'chat_id' | 'user_id' {
  if (id.startsWith('ou_')) return 'open_id';
  if (id.startsWith('oc_')) return 'chat_id';
  if (id.startsWith('on_')) return 'union_id';
  return 'user_id';
}
