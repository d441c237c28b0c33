/**
 * Calls out: one call, one text message for each ring. Twilio knows no idempotency key: before a ring is tried again it is looked for among
 * what was sent to that number since, so that nobody is rung twice for one.
 */
import { z } from 'zod';
import type { Card } from '../../src/core/card.ts';
import {
  type Address,
  type ChatAdapter,
  type Content,
  DeliveryError,
  type Intent,
  type Language,
} from '../../src/core/chat.ts';
import { deliveryError } from './codes.ts';
import type { Http } from './http.ts';
import { CLOCK_SLACK_MS, LINK_CHARACTERS, LOOK_BACK_ITEMS, RING_S } from './limits.ts';
import { type About, linkTo, PATHS } from './links.ts';
import type { Memory } from './memory.ts';
import { renderCall, renderSms } from './render.ts';

type Kind = 'sms' | 'phone';

const Made = z.object({ sid: z.string().min(1).max(64) });
/** `direction`: an answer to what somebody wrote is no ring (`outbound-reply`). */
const Listed = Made.extend({ date_created: z.string(), direction: z.string(), body: z.string().nullish() });
const Lists = {
  phone: z.object({ calls: z.array(Listed) }).transform(({ calls }) => calls),
  sms: z.object({ messages: z.array(Listed) }).transform(({ messages }) => messages),
};
const RESOURCES: Record<Kind, string> = { phone: 'Calls', sms: 'Messages' };

export interface Outlet {
  platform: Kind;
  from: string;
  http: Http;
  memory: Memory;
  clock: () => Date;
  publicUrl: () => string;
}

export type Deliveries = Pick<ChatAdapter, 'post' | 'edit' | 'fetchFile'>;

export function createDeliveries(outlet: Outlet): Deliveries {
  const { platform, memory } = outlet;
  return {
    async post(to, content, intent, language) {
      const number = numberOf(to, platform);
      const form = formFor(outlet, number, content, intent, language);
      const earlier = intent.triedBefore === undefined ? undefined : await findEarlier(outlet, form, intent);
      const sid = earlier ?? (await make(outlet, form));
      memory.belongs(sid, intent.id);
      return { channel: number, message: sid };
    },
    // `gone` would have it sent anew: it has rung, once
    async edit() {
      throw new DeliveryError(platform, 'rejected', 'no-edits');
    },
    async fetchFile() {
      throw new DeliveryError(platform, 'rejected', 'no-files');
    },
  };
}

function numberOf(to: Address, platform: Kind): string {
  if (to.kind === 'direct' && /^\+[1-9]\d{6,14}$/.test(to.id)) return to.id;
  throw new DeliveryError(platform, 'unreachable', to.kind === 'direct' ? 'no-number' : 'no-channels');
}

function formFor(outlet: Outlet, to: string, content: Content, intent: Intent, language: Language): URLSearchParams {
  const { platform, from } = outlet;
  if (content.kind !== 'card') throw new DeliveryError(platform, 'rejected', 'no-forms');
  const link = linksFor(outlet, content.card, intent);
  if (platform === 'sms')
    return new URLSearchParams({
      To: to,
      From: from,
      Body: renderSms(content.card, language),
      StatusCallback: link(PATHS.smsStatus),
    });
  return new URLSearchParams([
    ['To', to],
    ['From', from],
    ['Twiml', renderCall(content.card, link(PATHS.gather), language)],
    ['Timeout', String(RING_S)],
    ['StatusCallback', link(PATHS.status)],
    // the first says which call was made for which intent
    ['StatusCallbackEvent', 'initiated'],
    ['StatusCallbackEvent', 'completed'],
  ]);
}

/** The first button of the card is the answer. */
function linksFor({ platform, publicUrl }: Outlet, card: Card, intent: Intent): (path: string) => string {
  const action = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))[0]?.action;
  if (action === undefined) throw new DeliveryError(platform, 'rejected', 'nothing-to-answer');
  const about: About = { action, intent: intent.id, wrong: 0 };
  return (path) => {
    const link = linkTo(publicUrl(), path, about);
    if (link.length > LINK_CHARACTERS) throw new DeliveryError(platform, 'rejected', 'action-too-long');
    return link;
  };
}

async function make({ platform, http }: Outlet, form: URLSearchParams): Promise<string> {
  try {
    return Made.parse((await http.post(RESOURCES[platform], form)).body).sid;
  } catch (error) {
    throw deliveryError(platform, error, true);
  }
}

/**
 * Not by `StartTime` or `DateSent`, which know whole days and which what still waits in Twilio's queue does not have. The newest stand
 * first. https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
 */
async function findEarlier(outlet: Outlet, form: URLSearchParams, intent: Intent): Promise<string | undefined> {
  const { platform, http, memory, from, clock } = outlet;
  const query = { To: form.get('To') ?? '', From: from, PageSize: String(LOOK_BACK_ITEMS) };
  try {
    const answer = await http.get(RESOURCES[platform], query);
    const known = Lists[platform].parse(answer.body).map((one) => ({ ...one, of: memory.intentOf(one.sid) }));
    const since = theirTime(intent.triedBefore ?? clock(), answer.at, clock());
    const perhaps = known.filter(
      (one) =>
        one.of === undefined &&
        one.direction.startsWith('outbound') &&
        one.direction !== 'outbound-reply' &&
        Date.parse(one.date_created) >= since &&
        (platform === 'phone' || one.body === form.get('Body')),
    );
    return (known.find((one) => one.of === intent.id) ?? perhaps.at(-1))?.sid;
  } catch (error) {
    throw deliveryError(platform, error, false);
  }
}

/** When it was tried, by Twilio's clock. */
function theirTime(ours: Date, theirs: Date | undefined, now: Date): number {
  return ours.getTime() + (theirs === undefined ? 0 : theirs.getTime() - now.getTime()) - CLOCK_SLACK_MS;
}
