/** A verified event of Feishu → what somebody wants, in neutral words; `undefined` for what asks for nothing. Pure. */
import { z } from 'zod';
import { type ActionRef, readAction } from '../../src/core/card.ts';
import type { Inbound } from '../../src/core/chat.ts';
import { type Content, Mention, placeMentions, readContent } from './content.ts';
import type { Envelope } from './edge.ts';

export interface Us {
  /** the tenant that is ours */
  tenant: string;
  /** the bot's own open_id, as soon as it is known */
  bot: string | undefined;
}

export type Act =
  | { kind: 'message'; inbound: Inbound }
  /** `onForm`: it was pressed in a form, whose message must not stay open when it was accepted */
  | { kind: 'press'; inbound: Inbound; onForm: boolean }
  /** the person put the form away */
  | { kind: 'closed'; account: string }
  /** a button that we cannot read: somebody else's, or of a release long gone */
  | { kind: 'unreadable'; account: string };

/** In some tenants' callbacks `open_id` is missing and only `user_id` is there. */
const Person = z.object({ open_id: z.string().optional(), user_id: z.string().optional() });
const accountOf = (person: z.infer<typeof Person> | undefined): string | undefined =>
  person?.open_id || person?.user_id || undefined;

const Received = z.object({
  sender: z.object({
    sender_id: Person.nullish(),
    sender_type: z.string(),
    tenant_key: z.string().optional(),
  }),
  message: z.object({
    message_id: z.string().min(1).max(200),
    root_id: z.string().optional(),
    parent_id: z.string().optional(),
    chat_id: z.string().min(1),
    chat_type: z.string(),
    message_type: z.string(),
    content: z.string(),
    mentions: z.array(Mention).nullish(),
  }),
});

const Pressed = z.object({
  operator: Person.extend({ tenant_key: z.string().optional() }),
  action: z.object({
    value: z.unknown(),
    name: z.string().optional(),
    form_value: z.record(z.string(), z.unknown()).nullish(),
  }),
  context: z.object({ open_message_id: z.string().optional(), open_chat_id: z.string().optional() }).default({}),
});

const MenuChosen = z.object({
  operator: z.object({ operator_id: Person }),
  event_key: z.string().min(1).max(200),
});

export function parse({ header, event }: Envelope, us: Us): Act | undefined {
  switch (header.event_type) {
    case 'im.message.receive_v1':
      return message(event, us);
    case 'card.action.trigger':
      return press(header.event_id, event, us);
    case 'application.bot.menu_v6':
      return menu(header.event_id, event);
    default:
      // im.chat.access_event.bot_p2p_chat_entered_v1 among them: it comes each time the chat is opened, and asks nothing
      return undefined;
  }
}

function message(event: unknown, us: Us): Act | undefined {
  const parsed = Received.safeParse(event).data;
  if (parsed === undefined || parsed.sender.sender_type !== 'user') return undefined; // bots never talk to us: no loops
  const { sender, message: m } = parsed;
  const account = accountOf(sender.sender_id ?? undefined);
  const content = readContent(m.message_id, m.message_type, m.content);
  if (account === undefined || content === undefined) return undefined;
  const mentions = m.mentions ?? [];
  const text = placeMentions(content.text, mentions, us.bot);
  const answers = m.parent_id || m.root_id;
  const direct = m.chat_type === 'p2p';
  const called = us.bot !== undefined && mentions.some((mention) => accountOf(mention.id) === us.bot);
  if (!direct && !called && !isCommand(text) && !(answers && isFileOnly(content))) return undefined;
  return {
    kind: 'message',
    inbound: {
      platform: 'feishu',
      // not the event's id: HTTP and the long connection may both bring one message, under two event ids
      deliveryId: m.message_id,
      from: { account, foreign: isForeign(sender.tenant_key, us) },
      at: direct ? { kind: 'direct', id: account } : { kind: 'channel', id: m.chat_id },
      ...(answers ? { message: { channel: m.chat_id, message: answers } } : {}),
      what: { kind: 'text', text, files: content.files },
    },
  };
}

function press(eventId: string, event: unknown, us: Us): Act | undefined {
  const parsed = Pressed.safeParse(event).data;
  const account = accountOf(parsed?.operator);
  if (parsed === undefined || account === undefined) return undefined;
  const { action, context } = parsed;
  if (isClosing(action.value)) return { kind: 'closed', account };
  const ref = carried(action.value);
  if (ref === undefined) return { kind: 'unreadable', account };
  const onForm = action.form_value != null;
  return {
    kind: 'press',
    onForm,
    inbound: {
      platform: 'feishu',
      deliveryId: eventId,
      from: { account, foreign: isForeign(parsed.operator.tenant_key, us) },
      // The callback does not say whether the chat is a group; what answers a press is for the presser's eyes anyway.
      at: { kind: 'direct', id: account },
      ...(context.open_message_id && context.open_chat_id
        ? { message: { channel: context.open_chat_id, message: context.open_message_id } }
        : {}),
      what: onForm
        ? { kind: 'form', action: ref, values: valuesOf(action.form_value ?? {}), files: {} }
        : { kind: 'action', action: ref },
    },
  };
}

function menu(eventId: string, event: unknown): Act | undefined {
  const parsed = MenuChosen.safeParse(event).data;
  const account = accountOf(parsed?.operator.operator_id);
  if (parsed === undefined || account === undefined) return undefined;
  const key = parsed.event_key.replace(/^cmd:/, '').trim();
  if (key === '') return undefined;
  return {
    kind: 'message',
    inbound: {
      platform: 'feishu',
      deliveryId: eventId,
      from: { account, foreign: false }, // the menu exists only in the chat of one of ours with the bot
      at: { kind: 'direct', id: account },
      what: { kind: 'text', text: isCommand(key) ? key : `/${key}`, files: [] },
    },
  };
}

const isCommand = (text: string): boolean => /^[/／]/.test(text);
const isFileOnly = (content: Content): boolean => content.text === '' && content.files.length > 0;
const isForeign = (tenant: string | undefined, us: Us): boolean => tenant !== undefined && tenant !== us.tenant;

const Wrapped = z.object({ a: z.string() });

/** Our buttons carry `{ a: "…" }`; a bare ActionRef is read too. */
function carried(value: unknown): ActionRef | undefined {
  const inner = Wrapped.safeParse(value);
  return readAction(inner.success ? inner.data.a : value);
}

/** What our closing button carries. */
export const CLOSING = { x: 'close' } as const;
const isClosing = (value: unknown): boolean => z.object({ x: z.literal(CLOSING.x) }).safeParse(value).success;

/**
 * How a field is named in the card's form: dates come back with a time zone ("2026-12-01 +0800") that we did not ask
 * for, so they carry a mark.
 */
export const fieldName = (id: string, type: string): string => (type === 'date' ? `date:${id}` : id);

function valuesOf(form: Record<string, unknown>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, raw] of Object.entries(form)) {
    if (typeof raw !== 'string' || raw.trim() === '') continue; // an untouched field comes as '' or null
    if (name.startsWith('date:')) values[name.slice(5)] = raw.slice(0, 10);
    else values[name] = raw;
  }
  return values;
}
