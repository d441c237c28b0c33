/** Slack's payloads → Inbound, with the door through which the person can be answered. */
import { type ActionRef, readAction } from '../../src/core/card.ts';
import type { Address, Inbound, InboundFile } from '../../src/core/chat.ts';
import { botName } from '../../src/words/quotes.ts';
import { fieldOfBlock, readMemo, submitElementId } from './form.ts';
import {
  Command,
  Envelope,
  MessageShortcut,
  Press,
  Shortcut,
  type SlackFile,
  type State,
  Submission,
} from './payloads.ts';
import { asQuoted, asTyped, clean, cut } from './text.ts';

/** Who we are, as far as it is known without asking Slack. */
export interface Self {
  team: string;
  enterprise: string | undefined;
  botUser: string | undefined;
  isGuest(account: string): boolean;
}

interface View {
  id: string;
  hash: string | undefined;
}

/** How the person can be answered: what a command allows, a press does not, and the other way round. */
export type Door =
  | { kind: 'command'; user: string; channel: string; trigger: string; responseUrl: string }
  /** `channel`, `responseUrl`: of the message from whose menu it was chosen */
  | { kind: 'shortcut'; user: string; trigger: string; channel?: string; responseUrl?: string | undefined }
  | {
      kind: 'click';
      user: string;
      channel: string | undefined;
      trigger: string | undefined;
      responseUrl: string | undefined;
      ephemeral: boolean;
      modal: View | undefined;
    }
  | {
      kind: 'form-message';
      user: string;
      channel: string;
      responseUrl: string | undefined;
      message: string;
      ephemeral: boolean;
    }
  | { kind: 'submit'; user: string; channel: string | undefined; view: View; action: ActionRef; shown: string[] }
  | { kind: 'preview'; user: string; channel: string | undefined; view: View }
  | { kind: 'message'; user: string; channel: string; direct: boolean }
  | { kind: 'home'; user: string };

export type Parsed =
  | { kind: 'turn'; inbound: Inbound; door: Door }
  /** our own button or view, but not one that this release can read */
  | { kind: 'stale'; door: Door }
  | { kind: 'ignored' };

const ignored: Parsed = { kind: 'ignored' };

export function parseCommand(body: unknown, self: Self): Parsed {
  const read = Command.safeParse(body);
  if (!read.success) return ignored;
  const {
    command,
    text,
    user_id: user,
    team_id,
    channel_id: channel,
    channel_name,
    trigger_id,
    response_url,
  } = read.data;
  return {
    kind: 'turn',
    door: { kind: 'command', user, channel, trigger: trigger_id, responseUrl: response_url },
    inbound: {
      platform: 'slack',
      deliveryId: trigger_id,
      from: from(user, team_id, self),
      at: isDirect(channel, channel_name) ? { kind: 'direct', id: user } : { kind: 'channel', id: channel },
      what: { kind: 'text', text: `${command} ${asTyped(text)}`.trim(), files: [] },
    },
  };
}

/** A global shortcut carries its command in `callback_id`. */
export function parseShortcut(body: unknown, self: Self): Parsed {
  const read = Shortcut.safeParse(body);
  if (!read.success) return ignored;
  const { user, trigger_id, callback_id } = read.data;
  return {
    kind: 'turn',
    door: { kind: 'shortcut', user: user.id, trigger: trigger_id },
    inbound: {
      platform: 'slack',
      deliveryId: trigger_id,
      from: from(user.id, user.team_id, self),
      at: { kind: 'direct', id: user.id },
      what: { kind: 'text', text: callback_id, files: [] },
    },
  };
}

/** Chosen from the menu of a message that somebody wrote. */
export function parseQuote(body: unknown, self: Self): Parsed {
  const read = MessageShortcut.safeParse(body);
  if (!read.success) return ignored;
  const { user, trigger_id: trigger, response_url: responseUrl, channel, message } = read.data;
  const link = permalink(read.data);
  return {
    kind: 'turn',
    door: { kind: 'shortcut', user: user.id, trigger, channel: channel.id, responseUrl },
    inbound: {
      platform: 'slack',
      deliveryId: trigger,
      from: from(user.id, user.team_id, self),
      at: isDirect(channel.id, channel.name) ? { kind: 'direct', id: user.id } : { kind: 'channel', id: channel.id },
      message: { channel: channel.id, message: message.ts },
      what: {
        kind: 'quote',
        text: asQuoted(message.text ?? '').trim(),
        by: authorOf(message),
        sentAt: new Date(Number(message.ts) * 1000).toISOString(),
        ...(link && { link }),
        files: (message.files ?? []).map(inboundFile),
      },
    },
  };
}

/**
 * Only `user` is an account. A webhook or a bot may call itself whatever it likes, also by somebody's name or account:
 * https://docs.slack.dev/reference/events/message/bot_message
 */
function authorOf({ user, username, bot_id }: MessageShortcut['message']): string {
  const called = clean(username ?? '').trim() || bot_id || '';
  // NFC first: it could make the name longer than there is room for it with its mark
  return user || botName(cut(called.normalize('NFC'), 80));
}

/** As Slack's own "Copy link" makes it: https://docs.slack.dev/reference/methods/chat.getPermalink */
function permalink({ team, channel, message: { ts, thread_ts } }: MessageShortcut): string | undefined {
  if (!team?.domain || !/^[a-z0-9-]{1,80}$/i.test(team.domain) || !/^[A-Z0-9]{1,30}$/.test(channel.id))
    return undefined;
  const inThread = thread_ts && thread_ts !== ts && /^[\d.]{1,22}$/.test(thread_ts);
  const link = `https://${team.domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`;
  return inThread ? `${link}?thread_ts=${thread_ts}&cid=${channel.id}` : link;
}

export function parsePress(body: unknown, self: Self): Parsed {
  const read = Press.safeParse(body);
  if (!read.success) return ignored;
  const [pressed] = read.data.actions;
  if (!pressed) return ignored;
  const memo = read.data.view && readMemo(read.data.view.private_metadata);
  if (pressed.type !== 'button') return memo?.p ? preview(read.data, memo.p, memo.c, self) : ignored;
  const action = readAction(pressed.value ?? undefined);
  if (!action) return { kind: 'stale', door: clickDoor(read.data) };
  return pressed.action_id === submitElementId ? messageForm(read.data, action, self) : click(read.data, action, self);
}

function click(press: Press, action: ActionRef, self: Self): Parsed {
  return {
    kind: 'turn',
    door: clickDoor(press),
    inbound: { ...pressed(press, self), what: { kind: 'action', action } },
  };
}

function clickDoor(press: Press): Extract<Door, { kind: 'click' }> {
  return {
    kind: 'click',
    user: press.user.id,
    channel: press.channel?.id ?? press.container.channel_id,
    trigger: press.trigger_id,
    responseUrl: press.response_url,
    ephemeral: press.container.is_ephemeral ?? false,
    modal: press.view?.type === 'modal' ? { id: press.view.id, hash: press.view.hash } : undefined,
  };
}

function messageForm(press: Press, action: ActionRef, self: Self): Parsed {
  const channel = press.channel?.id ?? press.container.channel_id;
  const message = press.container.message_ts;
  if (!channel || !message) return ignored;
  const ephemeral = press.container.is_ephemeral ?? false;
  return {
    kind: 'turn',
    door: { kind: 'form-message', user: press.user.id, channel, message, responseUrl: press.response_url, ephemeral },
    inbound: { ...pressed(press, self), what: { kind: 'form', action, ...stateValues(press.state) } },
  };
}

function preview(press: Press, action: ActionRef, channel: string | undefined, self: Self): Parsed {
  if (!press.view) return ignored;
  const door = {
    kind: 'preview',
    user: press.user.id,
    channel,
    view: { id: press.view.id, hash: press.view.hash },
  } as const;
  return {
    kind: 'turn',
    door,
    inbound: {
      ...pressed(press, self),
      at: whereAsked(press.user.id, channel),
      what: { kind: 'form', action, ...stateValues(press.view.state) },
    },
  };
}

/** What is the same for everything pressed: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function pressed(press: Press, self: Self): Omit<Inbound, 'what'> {
  const channel = press.channel?.id ?? press.container.channel_id;
  const message = press.container.message_ts;
  const [action] = press.actions;
  const place = message ?? press.view?.id ?? '';
  return {
    platform: 'slack',
    deliveryId: [channel ?? '', place, action?.action_id, press.user.id, action?.action_ts].join(':'),
    from: from(press.user.id, press.user.team_id, self),
    at:
      !channel || isDirect(channel, press.channel?.name)
        ? { kind: 'direct', id: press.user.id }
        : { kind: 'channel', id: channel },
    ...(channel && message && !press.container.is_ephemeral && { message: { channel, message } }),
  };
}

export function parseSubmission(body: unknown, self: Self): Parsed {
  const read = Submission.safeParse(body);
  if (!read.success) return ignored;
  const { user, view, trigger_id } = read.data;
  const memo = readMemo(view.private_metadata);
  const { id, hash } = view;
  if (!memo)
    return {
      kind: 'stale',
      door: {
        kind: 'submit',
        user: user.id,
        channel: undefined,
        view: { id, hash },
        action: { command: '-' },
        shown: [],
      },
    };
  const shown = view.blocks.flatMap((block) => (block.type === 'input' && block.block_id ? [block.block_id] : []));
  return {
    kind: 'turn',
    door: { kind: 'submit', user: user.id, channel: memo.c, view: { id, hash }, action: memo.a, shown },
    inbound: {
      platform: 'slack',
      deliveryId: trigger_id ?? `${id}:${hash}`,
      from: from(user.id, user.team_id, self),
      at: whereAsked(user.id, memo.c),
      what: { kind: 'form', action: memo.a, ...stateValues(view.state) },
    },
  };
}

/** Events: what is said to the bot in its direct chat, what is said to it by mention, and who opened its home. */
export function parseEvent(body: unknown, self: Self): Parsed {
  const read = Envelope.safeParse(body);
  if (!read.success) return ignored;
  const { event } = read.data;
  if (!event.user || event.bot_id || event.user === self.botUser || event.hidden) return ignored;
  if (event.type === 'app_home_opened')
    return event.tab === 'messages' ? ignored : homeOpened(read.data, event.user, self);
  const spoken = event.type === 'message' ? event.channel_type === 'im' : event.type === 'app_mention';
  if (!spoken || (event.subtype !== undefined && event.subtype !== 'file_share')) return ignored;
  return said(read.data, event.user, self);
}

function homeOpened(envelope: Envelope, user: string, self: Self): Parsed {
  return {
    kind: 'turn',
    door: { kind: 'home', user },
    inbound: {
      platform: 'slack',
      deliveryId: envelope.event_id,
      from: from(user, envelope.event.user_team ?? envelope.event.team ?? envelope.team_id, self),
      at: { kind: 'direct', id: user },
      what: { kind: 'home' },
    },
  };
}

function said({ event_id, team_id, event }: Envelope, user: string, self: Self): Parsed {
  if (!event.channel) return ignored;
  const direct = isDirect(event.channel, undefined);
  const own = self.botUser ? new RegExp(`<@${self.botUser}(\\|[^<>]*)?>`, 'g') : /^\s*<@[UW][A-Z0-9]+(\|[^<>]*)?>/g;
  const text = event.type === 'app_mention' ? (event.text ?? '').replace(own, ' ') : (event.text ?? '');
  return {
    kind: 'turn',
    door: { kind: 'message', user, channel: event.channel, direct },
    inbound: {
      platform: 'slack',
      deliveryId: event_id,
      from: from(user, event.user_team ?? event.team ?? team_id, self),
      at: direct ? { kind: 'direct', id: user } : { kind: 'channel', id: event.channel },
      ...(event.thread_ts &&
        event.thread_ts !== event.ts && { message: { channel: event.channel, message: event.thread_ts } }),
      what: { kind: 'text', text: asTyped(text).trim(), files: (event.files ?? []).map(inboundFile) },
    },
  };
}

/** Of another workspace (Slack Connect, guests) is foreign, and so is whoever does not say of which: we fail closed. */
function from(account: string, team: string | undefined, self: Self): Inbound['from'] {
  const ours = team !== undefined && (team === self.team || team === self.enterprise);
  return { account, foreign: !ours || self.isGuest(account) };
}

function isDirect(channel: string, name: string | undefined): boolean {
  return channel.startsWith('D') || name === 'directmessage';
}

function whereAsked(user: string, channel: string | undefined): Address {
  return channel && !isDirect(channel, undefined) ? { kind: 'channel', id: channel } : { kind: 'direct', id: user };
}

function stateValues(state: State | undefined): {
  values: Record<string, string>;
  files: Record<string, InboundFile[]>;
} {
  const values: Record<string, string> = {};
  const files: Record<string, InboundFile[]> = {};
  for (const [blockId, elements] of Object.entries(state?.values ?? {})) {
    const field = fieldOfBlock(blockId);
    if (field === undefined) continue;
    for (const given of Object.values(elements)) {
      const value = given.value ?? given.selected_date ?? given.selected_user ?? given.selected_option?.value;
      if (value !== undefined) values[field] = value;
      if (given.files?.length) files[field] = given.files.map(inboundFile);
    }
  }
  return { values, files };
}

function inboundFile(file: SlackFile): InboundFile {
  const url = file.url_private_download ?? file.url_private;
  return {
    // Chinese names make long addresses; without one it is asked for by the id
    ref: { id: file.id, ...(url && url.length <= 300 && { url }) },
    name: (file.name ?? file.id).slice(0, 255),
    ...(file.mimetype && { mime: file.mimetype }),
    ...(file.size != null && { size: file.size }),
  };
}
