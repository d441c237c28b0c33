/** The Web API methods that the product calls, refusing what Slack refuses. */
import { invalid, Refusal } from './refusal.ts';
import { roomMethods } from './rooms.ts';
import { blockFaults, isObject, liveTokens, type Obj, type Surface, viewFaults, visibleTexts } from './validate.ts';
import type { FakeChannel, FakeMessage, FakeView, World } from './world.ts';

type Method = { scope: string | undefined; args: string[]; run: (args: Obj, world: World) => Obj };

const messageArgs = ['channel', 'text', 'blocks', 'link_names', 'parse', 'team_id'];

export const methods: Record<string, Method> = {
  'auth.test': {
    scope: undefined,
    args: [],
    run: (_, world) => ({
      team_id: world.options.team,
      user_id: world.botUser,
      bot_id: world.botId,
      ...(world.options.enterprise && { enterprise_id: world.options.enterprise }),
    }),
  },
  'chat.postMessage': {
    scope: 'chat:write',
    args: [...messageArgs, 'metadata', 'unfurl_links', 'unfurl_media', 'thread_ts'],
    run: postMessage,
  },
  'chat.update': { scope: 'chat:write', args: [...messageArgs, 'ts', 'metadata'], run: update },
  'chat.delete': { scope: 'chat:write', args: ['channel', 'ts'], run: remove },
  'blocks.validate': { scope: undefined, args: ['blocks', 'message', 'view'], run: blocksValidate },
  'chat.postEphemeral': { scope: 'chat:write', args: [...messageArgs, 'user', 'thread_ts'], run: postEphemeral },
  'views.open': { scope: undefined, args: ['trigger_id', 'view'], run: viewsOpen },
  'views.update': { scope: undefined, args: ['view_id', 'hash', 'view'], run: viewsUpdate },
  'views.publish': { scope: undefined, args: ['user_id', 'hash', 'view'], run: viewsPublish },
  'conversations.open': { scope: 'im:write', args: ['users', 'return_im'], run: conversationsOpen },
  'conversations.history': {
    scope: undefined,
    args: ['channel', 'oldest', 'latest', 'inclusive', 'include_all_metadata', 'limit', 'cursor'],
    run: history,
  },
  'conversations.info': {
    scope: 'channels:read',
    args: ['channel'],
    run: (args, world) => ({ channel: publicChannel(reachable(args.channel, world)) }),
  },
  ...roomMethods,
  'users.info': { scope: 'users:read', args: ['user'], run: usersInfo },
  'files.info': { scope: 'files:read', args: ['file'], run: filesInfo },
};

export function call(name: string, args: Obj, world: World): Obj {
  const method = methods[name];
  if (!method) throw new Refusal('unknown_method', { req_method: name });
  const unknown = Object.keys(args).filter((key) => !method.args.includes(key) && key !== 'token');
  if (unknown.length > 0) throw invalid(unknown.map((key) => `unknown argument ${key}`));
  need(method.scope, world);
  return method.run(args, world);
}

function need(scope: string | undefined, world: World): void {
  const provided = world.options.scopes;
  if (scope && !provided.includes(scope))
    throw new Refusal('missing_scope', { needed: scope, provided: provided.join(',') });
}

/** The channel as the bot sees it: a person's id stands for the direct chat with them. */
function reachable(id: unknown, world: World): FakeChannel {
  if (typeof id === 'string' && /^[UW]/.test(id)) return directWith(id, world);
  const channel = world.channels.get(String(id));
  if (!channel || (channel.private && !channel.botIn)) throw new Refusal('channel_not_found');
  return channel;
}

function directWith(id: string, world: World): FakeChannel {
  const user = world.users.get(id);
  if (!user) throw new Refusal('channel_not_found');
  if (user.deleted) throw new Refusal('user_disabled');
  if (user.bot) throw new Refusal('cannot_dm_bot');
  return world.directOf(id);
}

function writable(id: unknown, world: World): FakeChannel {
  const channel = reachable(id, world);
  if (channel.archived) throw new Refusal('is_archived');
  if (!channel.botIn) throw new Refusal('not_in_channel');
  return channel;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors */
export function checkedContent(args: Obj, surface: Surface = 'message'): { text: string; blocks: Obj[] } {
  const text = args.text === undefined ? '' : String(args.text);
  const blocks = args.blocks ?? [];
  if (!Array.isArray(blocks)) throw new Refusal('invalid_blocks_format');
  const faults = blockFaults(blocks, surface);
  if (faults.length > 0) throw invalid(faults, 'invalid_blocks');
  if (text === '' && blocks.length === 0) throw new Refusal('no_text');
  const rendered = visibleTexts(blocks).reduce((sum, part) => sum + [...part].length, 0);
  if (rendered > 13_200) throw new Refusal('msg_blocks_too_long');
  return { text: text.slice(0, 40_000), blocks: structuredClone(blocks) as Obj[] };
}

function checkedMetadata(metadata: unknown): Obj | undefined {
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) throw new Refusal('invalid_metadata_format');
  const { event_type, event_payload } = metadata;
  if (
    typeof event_type !== 'string' ||
    event_type === '' ||
    !isObject(event_payload) ||
    Object.keys(metadata).length !== 2
  ) {
    throw new Refusal('invalid_metadata_format');
  }
  return structuredClone(metadata);
}

/** Slack numbers blocks and elements that have no id of their own. */
function withIds(blocks: Obj[], world: World): Obj[] {
  return blocks.map((block) => ({ block_id: world.next('b'), ...block }));
}

export function addMessage(
  world: World,
  channel: string,
  content: { text: string; blocks: Obj[] },
  rest: Partial<FakeMessage> = {},
): FakeMessage {
  const message: FakeMessage = {
    channel,
    ts: world.nextTs(),
    text: content.text,
    blocks: withIds(content.blocks, world),
    metadata: undefined,
    ephemeralFor: undefined,
    edits: 0,
    live: liveTokens(content.text, content.blocks),
    ...rest,
  };
  world.messages.push(message);
  world.touch();
  return message;
}

export function changeMessage(world: World, message: FakeMessage, content: { text: string; blocks: Obj[] }): void {
  message.text = content.text;
  message.blocks = withIds(content.blocks, world);
  message.live = liveTokens(content.text, content.blocks);
  message.edits += 1;
  world.touch();
}

function postMessage(args: Obj, world: World): Obj {
  const channel = writable(args.channel, world);
  const metadata = checkedMetadata(args.metadata);
  const message = addMessage(world, channel.id, checkedContent(args), { metadata });
  return { channel: channel.id, ts: message.ts, message: { text: message.text, blocks: message.blocks } };
}

/** `text` is measured in bytes here, unlike in postMessage; and without blocks the old ones go. */
function update(args: Obj, world: World): Obj {
  const channel = reachable(args.channel, world);
  if (/^[UW]/.test(String(args.channel))) throw new Refusal('channel_not_found');
  const message = world.messages.find((one) => one.channel === channel.id && one.ts === args.ts && !one.ephemeralFor);
  if (!message) throw new Refusal('message_not_found');
  if (channel.archived) throw new Refusal('is_archived');
  const content = checkedContent(args);
  if (Buffer.byteLength(content.text) > 4_000) throw new Refusal('msg_too_long');
  changeMessage(world, message, content);
  if (args.metadata !== undefined) message.metadata = checkedMetadata(args.metadata);
  return { channel: channel.id, ts: message.ts, text: message.text };
}

function postEphemeral(args: Obj, world: World): Obj {
  const channel = writable(args.channel, world);
  const user = String(args.user);
  if (!channel.members.has(user)) throw new Refusal('user_not_in_channel');
  const message = addMessage(world, channel.id, checkedContent(args), { ephemeralFor: user });
  return { message_ts: message.ts };
}

function checkedView(view: unknown, kind: 'modal' | 'home'): Obj {
  if (!isObject(view)) throw invalid(['view: must be an object']);
  const faults = viewFaults(view, kind);
  if (faults.length > 0) throw invalid(faults);
  return structuredClone(view);
}

export function makeView(
  world: World,
  user: string,
  given: unknown,
  kind: 'modal' | 'home',
  before?: FakeView,
): FakeView {
  const full = checkedView(given, kind);
  const blocks = withIds(full.blocks as Obj[], world);
  const title = isObject(full.title) ? String(full.title.text) : '';
  const kept = Object.fromEntries(
    Object.entries(before?.typed ?? {}).filter(([id]) => blocks.some((block) => block.block_id === id)),
  );
  return {
    id: before?.id ?? world.next('V'),
    hash: world.next('h'),
    user,
    type: kind,
    title,
    callback_id: String(full.callback_id ?? ''),
    private_metadata: String(full.private_metadata ?? ''),
    blocks,
    typed: kept,
    errors: {},
    full,
  };
}

function viewsOpen(args: Obj, world: World): Obj {
  const trigger = world.triggers.get(String(args.trigger_id));
  if (!trigger) throw new Refusal('invalid_trigger_id');
  if (trigger.used) throw new Refusal('exchanged_trigger_id');
  if (performance.now() - trigger.at > 3_000) throw new Refusal('expired_trigger_id');
  const view = makeView(world, trigger.user, args.view, 'modal');
  trigger.used = true;
  pushView(world, view);
  return { view: { id: view.id, hash: view.hash } };
}

export function pushView(world: World, view: FakeView): void {
  const stack = world.windows.get(view.user) ?? [];
  if (stack.length >= 3) throw new Refusal('push_limit_reached');
  world.windows.set(view.user, [...stack, view]);
  world.touch();
}

/** The window keeps its place and what was typed into inputs that are still there. */
export function redrawView(world: World, before: FakeView, given: unknown): void {
  Object.assign(before, makeView(world, before.user, given, 'modal', before));
  world.touch();
}

function viewsUpdate(args: Obj, world: World): Obj {
  const view = world.findWindow(args.view_id);
  if (!view) throw new Refusal('not_found');
  if (args.hash !== undefined && args.hash !== view.hash) throw new Refusal('hash_conflict');
  redrawView(world, view, args.view);
  return { view: { id: view.id, hash: view.hash } };
}

function viewsPublish(args: Obj, world: World): Obj {
  const user = world.users.get(String(args.user_id));
  if (!user || user.deleted || user.team !== world.options.team) throw new Refusal('user_not_found');
  const view = makeView(world, user.id, args.view, 'home', world.homes.get(user.id));
  world.homes.set(user.id, view);
  world.touch();
  return { view: { id: view.id, hash: view.hash } };
}

function conversationsOpen(args: Obj, world: World): Obj {
  const user = world.users.get(String(args.users));
  if (!user) throw new Refusal('user_not_found');
  if (user.deleted) throw new Refusal('user_disabled');
  if (user.bot) throw new Refusal('cannot_dm_bot');
  return { channel: { id: world.directOf(user.id).id } };
}

function history(args: Obj, world: World): Obj {
  const channel = reachable(args.channel, world);
  need(channel.with ? 'im:history' : channel.private ? 'groups:history' : 'channels:history', world);
  if (!channel.botIn) throw new Refusal('not_in_channel');
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest ?? Number.POSITIVE_INFINITY);
  const limit = Math.min(Number(args.limit ?? 100), 999);
  const from = Number(args.cursor ?? 0);
  const within = (ts: number) => (args.inclusive ? oldest <= ts && ts <= latest : oldest < ts && ts < latest);
  const found = world.messages
    .filter((one) => one.channel === channel.id && !one.ephemeralFor && within(Number(one.ts)))
    .reverse();
  const page = found.slice(from, from + limit);
  const more = from + limit < found.length;
  return {
    messages: page.map(({ ts, text, blocks, metadata }) => ({
      ts,
      text,
      blocks,
      ...(args.include_all_metadata && metadata ? { metadata } : {}),
    })),
    has_more: more,
    response_metadata: { next_cursor: more ? String(from + limit) : '' },
  };
}

/** https://docs.slack.dev/reference/methods/chat.delete: a bot deletes its own messages only. */
function remove(args: Obj, world: World): Obj {
  const channel = world.channels.get(String(args.channel));
  if (!channel) throw new Refusal('channel_not_found');
  const place = world.messages.findIndex((one) => one.channel === channel.id && one.ts === String(args.ts));
  if (place < 0) throw new Refusal('message_not_found');
  const [message] = world.messages.splice(place, 1);
  world.touch();
  return { channel: channel.id, ts: message?.ts };
}

/** Exactly one of the three; what is wrong is told by pointers: https://docs.slack.dev/reference/methods/blocks.validate */
function blocksValidate(args: Obj): Obj {
  const given = ['blocks', 'message', 'view'].filter((name) => args[name] !== undefined);
  if (given.length !== 1) throw invalid(['provide exactly one of blocks, message, view']);
  const { blocks, view, message } = args;
  const faults = view ? viewFaults(view, 'modal') : blockFaults(blocks ?? (message as Obj).blocks, 'message');
  if (faults.length === 0) return {};
  const errors = faults.map((fault) => ({
    pointer: `/${fault.split(':')[0]?.replaceAll('.', '/')}`,
    code: 'failed_constraint',
    message: fault,
  }));
  throw new Refusal(`invalid_${given[0]}`, { errors });
}

function publicChannel(channel: FakeChannel): Obj {
  return {
    id: channel.id,
    name: channel.name,
    is_archived: channel.archived,
    is_member: channel.botIn,
    is_im: channel.with !== undefined,
  };
}

function usersInfo(args: Obj, world: World): Obj {
  const user = world.users.get(String(args.user));
  if (!user) throw new Refusal('user_not_found');
  return {
    user: {
      id: user.id,
      name: user.name,
      team_id: user.team,
      deleted: user.deleted,
      is_restricted: user.guest,
      is_ultra_restricted: false,
      is_bot: user.bot,
    },
  };
}

function filesInfo(args: Obj, world: World): Obj {
  const file = world.files.get(String(args.file));
  if (!file) throw new Refusal('file_not_found');
  return { file: fileObject(world, file.id) };
}

export function fileObject(world: World, id: string): Obj {
  const file = world.files.get(id);
  if (!file) throw new Error(`no file ${id}: give it to slack.addFile first`);
  return {
    id,
    name: file.name,
    mimetype: file.mimetype,
    size: file.bytes.length,
    url_private_download: `${world.baseUrl}/files/${id}/download`,
  };
}
