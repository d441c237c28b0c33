/**
 * A verified message of WeCom → what somebody wants, in neutral words; `undefined` for what asks for nothing. Pure.
 * https://developer.work.weixin.qq.com/document/path/90239 (messages), …/path/90240 (events)
 */
import { readAction } from '../../src/core/card.ts';
import type { Inbound } from '../../src/core/chat.ts';
import { idOf } from './crypto.ts';
import type { Leaves } from './edge.ts';

export type Act =
  | { kind: 'message'; inbound: Inbound }
  /** `responseCode` lets the card be redrawn once, within 72 hours */
  | { kind: 'press'; inbound: Inbound; responseCode: string }
  /** a button that we cannot read (of a release long gone, or somebody else's), or something that is no text */
  | { kind: 'unread'; what: 'button' | 'media'; account: string; deliveryId: string };

const MEDIA: ReadonlySet<string> = new Set(['image', 'voice', 'video', 'file', 'location', 'link']);

export function parse(leaves: Leaves): Act | undefined {
  const account = leaves.get('FromUserName');
  if (!account) return undefined;
  const type = leaves.get('MsgType') ?? '';
  if (type === 'text') return message(leaves, account);
  if (type === 'event' && leaves.get('Event') === 'template_card_event') return press(leaves, account);
  if (MEDIA.has(type)) return { kind: 'unread', what: 'media', account, deliveryId: messageId(leaves, account) };
  return undefined; // enter_agent, subscribe and whatever else is subscribed to
}

function message(leaves: Leaves, account: string): Act | undefined {
  const text = (leaves.get('Content') ?? '').trim();
  if (text === '') return undefined;
  return {
    kind: 'message',
    inbound: {
      platform: 'wecom',
      deliveryId: messageId(leaves, account),
      from: { account, foreign: false },
      at: { kind: 'direct', id: account },
      what: { kind: 'text', text, files: [] },
    },
  };
}

function press(leaves: Leaves, account: string): Act {
  const [key = '', task = '', time = ''] = ['EventKey', 'TaskId', 'CreateTime'].map((name) => leaves.get(name));
  const responseCode = leaves.get('ResponseCode') ?? '';
  // an event has no id of its own: who, when and what make it
  const deliveryId = idOf('press', task, key, account, time);
  const action = readAction(Buffer.from(key, 'base64url').toString());
  if (action === undefined) return { kind: 'unread', what: 'button', account, deliveryId };
  return {
    kind: 'press',
    responseCode,
    inbound: {
      platform: 'wecom',
      deliveryId,
      from: { account, foreign: false },
      at: { kind: 'direct', id: account },
      ...(task === '' ? {} : { message: { channel: account, message: task } }),
      what: { kind: 'action', action },
    },
  };
}

/** Whoever types may type the same within a second: only the id tells it from a redelivery. */
function messageId(leaves: Leaves, account: string): string {
  const id = leaves.get('MsgId') ?? '';
  // theirs has 64 bits; whatever is longer than the index takes is none
  return id !== '' && id.length <= 64
    ? id
    : idOf('message', account, leaves.get('CreateTime') ?? '', leaves.get('Content') ?? '');
}
