/**
 * Groups that the app makes, pins in them, urgent messages, and messages that are read again: refused as Feishu refuses them.
 * https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/chat/create.md, …/chat-members/create.md,
 * …/message/urgent_sms.md, …/message/get.md, https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/pin/create.md
 */
import { randomUUID } from 'node:crypto';
import { Refused } from './panel.ts';
import type { FakeMessage, Json, Platform } from './platform.ts';

interface Rung {
  message: string;
  person: string;
  how: string;
}

/** What somebody typed, as the app may read it again. */
interface SaidMessage {
  id: string;
  chat: string;
  from: string;
  senderType: string;
  type: string;
  content: Json;
  mentions: Json[];
  at: Date;
}

export class Rooms {
  readonly #platform: Platform;
  readonly #made = new Map<string, { chat: string; at: number }>();
  /** messages that ring, in the order in which they did */
  readonly rings: Rung[] = [];
  readonly pins: string[] = [];
  readonly said = new Map<string, SaidMessage>();
  /** how many SMS and calls the company has left */
  quota = 100;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** undefined: no interface of these */
  call(method: string, path: string, query: URLSearchParams, body: Json): Json | undefined {
    const members = /^\/im\/v1\/chats\/([^/]+)\/members$/.exec(path)?.[1];
    const [, message, urgent] = /^\/im\/v1\/messages\/([^/]+)(?:\/urgent_(app|sms|phone))?$/.exec(path) ?? [];
    if (method === 'POST' && path === '/im/v1/chats') return this.#make(query, body);
    if (method === 'POST' && members) return this.#invite(decodeURIComponent(members), query, body);
    if (method === 'POST' && path === '/im/v1/pins') return this.#pin(String(body.message_id));
    if (method === 'PATCH' && message && urgent) return this.#ring(decodeURIComponent(message), urgent, query, body);
    return method === 'GET' && message ? this.#read(decodeURIComponent(message)) : undefined;
  }

  #make(query: URLSearchParams, body: Json): Json {
    this.#platform.needs('im:chat');
    const uuid = query.get('uuid') ?? '';
    if (uuid.length > 50 || [...String(body.name ?? '')].length > 60) throw new Refused(232001, WRONG);
    if (body.chat_type !== 'private' || body.chat_mode !== 'group') throw new Refused(232001, WRONG);
    const now = this.#platform.options.clock().getTime();
    const before = this.#made.get(uuid);
    if (uuid !== '' && before && now - before.at < 10 * 3_600_000) return { data: { chat_id: before.chat } };
    const users = (body.user_id_list ?? []) as string[];
    if (users.some((user) => this.#whyNot(user) !== undefined))
      throw new Refused(232043, 'Your request contains unavailable ids.');
    const id = `oc_${randomUUID().replaceAll('-', '')}`;
    const chat = this.#platform.addChat(id, [], true);
    chat.name = String(body.name ?? '');
    chat.urgentByAll = body.urgent_setting === 'all_members';
    this.#made.set(uuid, { chat: id, at: now });
    for (const user of users) chat.members.add(user);
    return { data: { chat_id: id, name: chat.name } };
  }

  #whyNot(id: string): 'invalid' | 'missing' | undefined {
    const person = this.#platform.people.get(id);
    if (person === undefined) return 'missing';
    return person.left || !person.inRange || person.tenant !== this.#platform.options.tenantKey ? 'invalid' : undefined;
  }

  #invite(id: string, query: URLSearchParams, body: Json): Json {
    this.#platform.needs('im:chat');
    const chat = this.#platform.chats.get(id);
    const ids = (body.id_list ?? []) as string[];
    if (chat === undefined) throw new Refused(232006, 'Your request specifies a chat_id which is invalid.');
    if (chat.dissolved) throw new Refused(232009, 'The chat has already been dissolved.');
    if (!chat.botIn) throw new Refused(232011, 'Operator can NOT be out of the chat.');
    if (ids.length === 0 || ids.length > 50 || query.get('member_id_type') !== 'open_id')
      throw new Refused(232001, WRONG);
    const out = (why: 'invalid' | 'missing') => ids.filter((one) => this.#whyNot(one) === why);
    const [invalid, missing] = [out('invalid'), out('missing')];
    const strict = query.get('succeed_type') !== '1';
    if (strict && invalid.length + missing.length > 0) throw new Refused(232024, 'Users are invisible to the bot.');
    const waiting = chat.approval ? ids.filter((one) => this.#whyNot(one) === undefined) : [];
    for (const one of ids) if (this.#whyNot(one) === undefined && !waiting.includes(one)) chat.members.add(one);
    return {
      data: { invalid_id_list: invalid, not_existed_id_list: missing, pending_approval_id_list: waiting },
    };
  }

  #pin(id: string): Json {
    this.#platform.needs('im:message');
    const chat = this.#platform.chats.get(this.#ours(id).chat);
    if (!chat?.botIn) throw new Refused(230002, 'The bot can not be outside the group.');
    if (!this.pins.includes(id)) this.pins.push(id);
    return { data: { pin: { message_id: id } } };
  }

  /** "Bot is NOT the sender of the message" is also the answer to what it cannot find. */
  #ours(id: string): FakeMessage {
    const message = this.#platform.messages.find((one) => one.id === id);
    if (message === undefined) throw new Refused(230012, 'Bot is NOT the sender of the message.');
    if (message.recalled) throw new Refused(230011, 'The message is recalled.');
    return message;
  }

  #ring(id: string, how: string, query: URLSearchParams, body: Json): Json {
    this.#platform.needs(how === 'app' ? 'im:message.urgent' : `im:message.urgent:${how}`);
    const message = this.#ours(id);
    const chat = this.#platform.chats.get(message.chat);
    const people = (body.user_id_list ?? []) as string[];
    if (query.get('user_id_type') !== 'open_id' || people.length === 0 || people.length > 200)
      throw new Refused(230001, 'Your request contains an invalid request parameter.');
    if (!chat?.botIn) throw new Refused(230002, 'The bot can not be outside the group.');
    if (chat.group && !chat.urgentByAll)
      throw new Refused(230018, 'These operations are NOT allowed at current group settings.');
    if (people.some((one) => (this.#platform.people.get(one)?.unreadUrgents ?? 0) >= 200))
      throw new Refused(230023, 'The user has too many unread urgent messages.');
    if (how !== 'app' && this.quota < people.length)
      throw new Refused(230024, 'Reach the upper limit of urgent message.');
    const invalid = people.filter((one) => this.#whyNot(one) !== undefined || !chat.members.has(one));
    for (const person of people.filter((one) => !invalid.includes(one))) {
      this.rings.push({ message: id, person, how });
      if (how !== 'app') this.quota -= 1;
    }
    return { data: { invalid_user_id_list: invalid } };
  }

  /** As the app itself it may read what was said in a group only with a scope of its own. */
  #read(id: string): Json {
    this.#platform.needs('im:message');
    const said = this.said.get(id);
    const chat = this.#platform.chats.get(said?.chat ?? '');
    if (said === undefined || chat === undefined) throw new Refused(230110, 'The message has been deleted.');
    if (!chat.botIn) throw new Refused(230002, 'The bot can not be outside the group.');
    if (chat.group && !this.#platform.scopes.has('im:message.group_msg'))
      throw new Refused(230027, 'Lack of necessary permissions.');
    const person = said.senderType === 'user';
    const item = {
      message_id: id,
      chat_id: said.chat,
      msg_type: said.type,
      create_time: String(said.at.getTime()),
      deleted: false,
      sender: {
        id: said.from,
        id_type: person ? 'open_id' : 'app_id',
        sender_type: said.senderType,
        tenant_key: this.#platform.people.get(said.from)?.tenant ?? '',
      },
      body: { content: JSON.stringify(said.content) },
      mentions: said.mentions.map((one) => ({ ...one, id: (one.id as Json).open_id, id_type: 'open_id' })),
    };
    return { data: { items: [item] } };
  }
}

const WRONG = 'Your request contains an invalid request parameter.';
