/** What the page sends → Inbound. Only the fields we use; the page is not trusted to know who exists. */
import { z } from 'zod';
import { ActionRef } from '../../src/core/card.ts';
import type { Address, Inbound, InboundFile } from '../../src/core/chat.ts';
import { conversationOf, type DeskFile } from './message.ts';

export interface Named {
  id: string;
  name: string;
}

const Upload = z.object({
  id: z.uuid(),
  name: z.string().min(1).max(255),
  mime: z.string().max(100),
  size: z.int().nonnegative(),
});

/** `act` is chosen by the page for one act of one person and sent again with every retry of it. */
const Act = z.object({
  as: z.string().min(1).max(60),
  in: z.string().min(1).max(80),
  act: z.uuid(),
  message: z.uuid().optional(),
});
type Act = z.infer<typeof Act>;

export const Say = Act.extend({ text: z.string().max(4_000), files: z.array(Upload).max(10) }).refine(
  (said) => said.text.trim() !== '' || said.files.length > 0,
);
export type Say = z.infer<typeof Say>;

export const Press = Act.extend({ action: ActionRef });
export type Press = z.infer<typeof Press>;

export const Sent = Act.extend({
  action: ActionRef,
  values: z.record(z.string().max(60), z.string().max(20_000)),
  files: z.record(z.string().max(60), z.array(Upload).max(10)),
});
export type Sent = z.infer<typeof Sent>;

export const Visit = Act.pick({ as: true, in: true, act: true });
export type Visit = z.infer<typeof Visit>;

export function fromSay(said: Say, people: readonly Named[]): Inbound {
  const text = resolveMentions(said.text.trim(), people);
  return { ...from(said), what: { kind: 'text', text, files: said.files.map(toInboundFile) } };
}

export function fromPress(pressed: Press): Inbound {
  return { ...from(pressed), what: { kind: 'action', action: pressed.action } };
}

/** An emptied field is an untouched one, as on the other platforms: it is left out. */
export function fromSent(sent: Sent): Inbound {
  const values = Object.fromEntries(Object.entries(sent.values).filter(([, value]) => value.trim() !== ''));
  const files = Object.fromEntries(Object.entries(sent.files).map(([id, list]) => [id, list.map(toInboundFile)]));
  return { ...from(sent), what: { kind: 'form', action: sent.action, values, files } };
}

export function fromVisit(visit: Visit): Inbound {
  return { ...from(visit), what: { kind: 'home' } };
}

/** In a channel the bot hears what is meant for it: a command, or a sentence that names it. */
export function isForBot(said: Say, botNames: readonly string[]): boolean {
  if (!said.in.startsWith('channel:')) return true;
  const text = said.text.trim();
  return isCommand(text) || botNames.some((name) => text.includes(`@${name}`));
}

export function isCommand(text: string): boolean {
  return /^[/／]/.test(text.trim());
}

/** `@李娜` and `@li` → `<@li>`. A name that two people share stays as typed: whoever reads it must ask. */
export function resolveMentions(text: string, people: readonly Named[]): string {
  const [start = '', ...rest] = text.split('@');
  let whole = start;
  for (const part of rest) whole += (whole.endsWith('<') ? undefined : mention(part, people)) ?? `@${part}`;
  return whole;
}

function mention(after: string, people: readonly Named[]): string | undefined {
  const name = people
    .map((person) => person.name)
    .filter((candidate) => candidate !== '' && after.startsWith(candidate) && endsWord(candidate, after))
    .sort((a, b) => b.length - a.length)[0];
  const named = people.filter((person) => person.name === name);
  if (name !== undefined) return named.length === 1 ? `<@${named[0]?.id}>${after.slice(name.length)}` : undefined;
  const id = /^[\w-]+/.exec(after)?.[0];
  return id !== undefined && people.some((person) => person.id === id)
    ? `<@${id}>${after.slice(id.length)}`
    : undefined;
}

/** `@Ann` is not the beginning of `@Anna`; Chinese names may run on into the sentence. */
function endsWord(name: string, after: string): boolean {
  return !(/[A-Za-z0-9]$/.test(name) && /^[A-Za-z0-9]/.test(after.slice(name.length)));
}

function from(act: Act): Omit<Inbound, 'what'> {
  return {
    platform: 'desk',
    deliveryId: `${act.as}:${act.act}`,
    from: { account: act.as, foreign: false },
    at: addressOf(act),
    ...(act.message === undefined
      ? {}
      : { message: { channel: conversationOf(act.as, act.in) ?? act.in, message: act.message } }),
  };
}

function addressOf(act: Act): Address {
  const channel = /^channel:(.+)$/.exec(act.in)?.[1];
  return channel === undefined ? { kind: 'direct', id: act.as } : { kind: 'channel', id: channel };
}

function toInboundFile(file: DeskFile): InboundFile {
  return { ref: { file: file.id, mime: file.mime }, name: file.name, mime: file.mime, size: file.size };
}
