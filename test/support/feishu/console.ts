/**
 * What the developer console knows of the app, as the app itself may read it: granted scopes, subscriptions, whether the bot is in a group;
 * and messages taken back. https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/application-v6/scope/list.md, …/application/get.md,
 * https://open.larkoffice.com/document/server-docs/group/chat-member/is_in_chat.md, …/im-v1/message/delete.md
 */
import { Refused } from './panel.ts';
import type { Json, Platform } from './platform.ts';

export interface Subscriptions {
  way: 'webhook' | 'websocket';
  events: string[];
  callbacks: string[];
}

/** undefined: no interface of these */
export function consoleAnswer(platform: Platform, method: string, path: string): Json | undefined {
  if (method === 'GET' && path === '/application/v6/scopes') return grants(platform);
  if (method === 'GET' && path === '/application/v6/applications/me') return application(platform);
  const [, chat] = /^\/im\/v1\/chats\/([^/]+)\/members\/is_in_chat$/.exec(path) ?? [];
  if (method === 'GET' && chat !== undefined) return isInChat(platform, decodeURIComponent(chat));
  const [, message] = /^\/im\/v1\/messages\/([^/]+)$/.exec(path) ?? [];
  return method === 'DELETE' && message !== undefined ? recall(platform, decodeURIComponent(message)) : undefined;
}

/** What was asked for and not granted stands there too. */
function grants({ scopes }: Platform): Json {
  const known = [...scopes].map((scope_name) => ({ scope_name, grant_status: 1 }));
  return { data: { scopes: [...known, { scope_name: 'contact:user.base:readonly', grant_status: 2 }] } };
}

function application(platform: Platform): Json {
  platform.needs('application:application:self_manage');
  const { way, events, callbacks } = platform.subscriptions;
  const app = {
    app_id: platform.options.appId,
    status: 1,
    callback_info: { callback_type: way, subscribed_callbacks: callbacks },
    event: { subscription_type: way, subscribed_events: events },
  };
  return { data: { app } };
}

function isInChat(platform: Platform, id: string): Json {
  platform.needs('im:chat');
  const chat = platform.chats.get(id);
  if (chat === undefined) throw new Refused(232006, 'Your request specifies a chat_id which is invalid.');
  if (chat.dissolved) throw new Refused(232009, 'The chat has already been dissolved.');
  return { data: { is_in_chat: chat.botIn } };
}

function recall(platform: Platform, id: string): Json {
  platform.needs('im:message');
  const message = platform.messages.find((one) => one.id === id);
  if (message === undefined) throw new Refused(230011, 'The message was deleted by the user.');
  message.recalled = true;
  return { data: {} };
}
