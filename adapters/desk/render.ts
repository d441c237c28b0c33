/**
 * What the page is given: messages, places and people as one person sees them. The desk draws Card and Form in the
 * browser (page/card.js, page/form.js), so they cross as they are; every string ends up there as text, never as markup.
 */
import type { Card, Form } from '../../src/core/card.ts';
import type { Language, Reply } from '../../src/core/chat.ts';
import { type DeskWords, deskWords } from '../../src/words/desk.ts';
import { channelOf, type DeskContent, type DeskMessage, placeOf } from './message.ts';
import type { RoomPlace } from './rooms.ts';

export interface Person {
  id: string;
  name: string;
  title: string;
  language: Language;
}

export interface Company {
  name: string;
  people: Person[];
  channels: { id: string; name: string }[];
}

export interface TypedCommand {
  command: string;
  hint: string;
  title: string;
}

export interface PageMessage {
  id: string;
  in: string;
  author: { kind: 'bot' | 'me' | 'person'; id: string; name: string; title: string };
  at: string;
  placed: number;
  changed: number;
  content: DeskContent;
}

export interface PageState {
  company: { name: string };
  me: Person;
  people: { id: string; name: string; title: string }[];
  places: { id: string; name: string; says: string }[];
  here: string;
  messages: PageMessage[];
  earlier: boolean;
  mark: number;
  commands: TypedCommand[];
  examples: { text: string; says: string }[];
  words: DeskWords;
}

export type PageReply =
  | { kind: 'nothing' }
  | { kind: 'said'; tone: 'good' | 'bad' | 'info'; text: string }
  | { kind: 'form' | 'faults'; form: Form; say: string }
  | { kind: 'card'; card: Card };

/** The pressed card is not carried in the answer: here the table is the screen, and its newest row is on every tab. */
export function renderReply(reply: Reply): PageReply {
  return reply.kind === 'said' ? { kind: 'said', tone: reply.tone, text: reply.text } : reply;
}

/** @returns undefined: a message of a conversation that is not this person's */
export function renderMessage(message: DeskMessage, me: Person, company: Company): PageMessage | undefined {
  const place = placeOf(me.id, message.conversation);
  if (place === undefined) return undefined;
  return {
    id: message.id,
    in: place,
    author: authorOf(message.author, me, company),
    at: message.at.toISOString(),
    placed: message.placed,
    changed: message.changed,
    content: message.content,
  };
}

function authorOf(author: string | null, me: Person, company: Company): PageMessage['author'] {
  const said = deskWords(me.language);
  if (author === null) return { kind: 'bot', id: '', name: said.product, title: '' };
  const person = company.people.find(({ id }) => id === author);
  const name = person?.name ?? said.unknownPerson;
  return { kind: author === me.id ? 'me' : 'person', id: author, name, title: person?.title ?? '' };
}

export function renderState(given: {
  company: Company;
  me: Person;
  here: string;
  rooms: RoomPlace[];
  messages: DeskMessage[];
  earlier: boolean;
  mark: number;
  commands: TypedCommand[];
}): PageState {
  const { company, me, here } = given;
  const said = deskWords(me.language);
  const commands = given.commands.map((each) => ({ ...each, command: withSlash(each.command) }));
  return {
    company: { name: company.name },
    me,
    people: company.people.map(({ id, name, title }) => ({ id, name, title })),
    places: [...placesOf(company, said), ...given.rooms.map((room) => roomPlace(room, me))],
    here,
    messages: given.messages.flatMap((message) => renderMessage(message, me, company) ?? []),
    earlier: given.earlier,
    mark: given.mark,
    commands,
    examples: examplesOf(commands, said),
    words: said,
  };
}

function placesOf(company: Company, said: DeskWords): PageState['places'] {
  return [
    { id: 'bot', name: said.bot, says: said.botSays },
    { id: 'home', name: said.home, says: said.homeSays },
    ...company.channels.map(({ id, name }) => ({ id: channelOf(id), name, says: said.channelSays })),
  ];
}

export const roomPlace = ({ id, name }: RoomPlace, me: Person): PageState['places'][number] => ({
  id: channelOf(id),
  name,
  says: deskWords(me.language).roomSays,
});

const withSlash = (command: string): string => (command.startsWith('/') ? command : `/${command}`);

/** The examples everybody starts with, as far as this company's handbook has the command; else its own first commands. */
function examplesOf(commands: TypedCommand[], said: DeskWords): PageState['examples'] {
  const usual = [
    { text: '/spend 3.2万 春季促销物料', says: said.exampleSpend },
    { text: '/purchase', says: said.examplePurchase },
    { text: '/pr help', says: said.exampleHelp },
  ].filter(({ text }) => commands.some(({ command }) => text.split(' ')[0] === command));
  return usual.length > 0 ? usual : commands.slice(0, 3).map((each) => ({ text: each.command, says: each.title }));
}
