/** The desk's HTTP routes, all behind the guard: the page, what it shows, what it sends, and the stream of changes. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Card } from '../../src/core/card.ts';
import type { Desk, Inbound, Reply } from '../../src/core/chat.ts';
import { deskWords } from '../../src/words/desk.ts';
import { createRefusals, guard, hasHungUp } from './guard.ts';
import type { Live, Tell } from './live.ts';
import {
  channelOf,
  conversationOf,
  type DeskStore,
  isRoom,
  isRoomConversation,
  placeOf,
  roomListOf,
} from './message.ts';
import { readPage, SAFE_HEADERS } from './page.ts';
import { fromPress, fromSay, fromSent, fromVisit, isCommand, isForBot, Press, Say, Sent, Visit } from './parse.ts';
import {
  type Company,
  type Person,
  renderMessage,
  renderReply,
  renderState,
  roomPlace,
  type TypedCommand,
} from './render.ts';
import { isMember, placeOf as roomIn, roomsOf } from './rooms.ts';
import type { Uploads } from './uploads.ts';

const PAGE_OF_MESSAGES = 50;
const LARGEST_JSON = 512 * 1024;

export interface Edge {
  desk: Desk;
  log: Logger;
  store: DeskStore;
  live: Live;
  uploads: Uploads;
  company(): Company;
  commands(): TypedCommand[];
  showHome(account: string, card: Card): Promise<void>;
}

type Sentence = 'strangers' | 'noSuchPlace' | 'unreadable' | 'away' | 'tooLarge' | 'emptyFile';

export function addRoutes(app: Hono, edge: Edge): void {
  const page = readPage();
  const refused = createRefusals(edge.log);
  const door = guard((c, why) => {
    refused(why);
    return c.text(`${deskWords('zh').notHere}\n${deskWords('en').notHere}\n`, 403, SAFE_HEADERS);
  });
  app.get('/', door, (c) => c.html(page.html, 200, { ...SAFE_HEADERS, 'Cache-Control': 'no-cache' }));

  const desk = new Hono();
  desk.use(door, async (c, next) => {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) c.header(name, value);
    c.header('Cache-Control', 'no-store');
    await next();
  });
  desk.onError((err, c) => {
    if (hasHungUp(c)) return c.body(null, 400);
    edge.log.error({ err, path: c.req.path }, 'desk request failed');
    return answer(c, edge, 503, 'away');
  });
  desk.get('/page/:name', (c) => page.file(c, c.req.param('name')));
  desk.get('/state', (c) => state(c, edge));
  desk.get('/messages', (c) => messages(c, edge));
  desk.get('/changes', (c) => changes(c, edge));
  desk.post('/upload', (c) => upload(c, edge));
  desk.use(bodyLimit({ maxSize: LARGEST_JSON, onError: (c) => answer(c, edge, 413, 'unreadable') }));
  desk.post('/say', (c) => acted(c, edge, Say, (said) => say(edge, said)));
  desk.post('/press', (c) => acted(c, edge, Press, (pressed) => take(edge, fromPress(pressed))));
  desk.post('/form', (c) => acted(c, edge, Sent, (sent) => take(edge, fromSent(sent))));
  desk.post('/visit', (c) => acted(c, edge, Visit, (visit) => visitHome(edge, visit)));
  app.route('/desk', desk);
}

function answer(c: Context, edge: Edge, status: 400 | 404 | 413 | 503, sentence: Sentence): Response {
  const words = deskWords(edge.desk.languageOf('desk', c.req.query('as') ?? ''));
  return c.json({ say: words[sentence] }, status);
}

function personOf(edge: Edge, id: string | undefined): Person | undefined {
  return edge.company().people.find((person) => person.id === id);
}

/** A conversation that this person can see: their own two, the channels of the handbook, and the rooms that they are in. */
async function placeIn(edge: Edge, person: Person, place: string): Promise<string | undefined> {
  const conversation = conversationOf(person.id, place);
  if (conversation === undefined || !place.startsWith('channel:')) return conversation;
  const id = place.slice('channel:'.length);
  if (isRoom(id)) return (await isMember(edge.store, id, person.id)) ? conversation : undefined;
  return edge.company().channels.some((channel) => channel.id === id) ? conversation : undefined;
}

/** Whoever opens the desk for the first time is the first person of the handbook. */
async function state(c: Context, edge: Edge): Promise<Response> {
  const company = edge.company();
  const me = personOf(edge, c.req.query('as')) ?? company.people[0];
  if (!me) return answer(c, edge, 404, 'strangers');
  const asked = c.req.query('in') ?? 'bot';
  const here = (await placeIn(edge, me, asked)) === undefined ? 'bot' : asked;
  // first the mark, then the messages: what changes in between is told once more, never not at all
  const mark = await edge.store.mark();
  const [listed, rooms] = await Promise.all([listPage(edge, me, here, undefined), roomsOf(edge.store, me.id)]);
  return c.json(renderState({ company, me, here, rooms, ...listed, mark, commands: edge.commands() }));
}

async function listPage(edge: Edge, me: Person, place: string, before: number | undefined) {
  const found = await edge.store.page((await placeIn(edge, me, place)) ?? '', before, PAGE_OF_MESSAGES + 1);
  const earlier = found.length > PAGE_OF_MESSAGES;
  return { messages: earlier ? found.slice(1) : found, earlier };
}

async function messages(c: Context, edge: Edge): Promise<Response> {
  const me = personOf(edge, c.req.query('as'));
  if (!me) return answer(c, edge, 404, 'strangers');
  const place = c.req.query('in') ?? '';
  if ((await placeIn(edge, me, place)) === undefined) return answer(c, edge, 404, 'noSuchPlace');
  const listed = await listPage(edge, me, place, readMark(c.req.query('before')));
  const company = edge.company();
  const shown = listed.messages.flatMap((message) => renderMessage(message, me, company) ?? []);
  return c.json({ messages: shown, earlier: listed.earlier });
}

function readMark(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

async function changes(c: Context, edge: Edge): Promise<Response> {
  const id = c.req.query('as');
  if (!id || !personOf(edge, id)) return answer(c, edge, 404, 'strangers');
  const mark = readMark(c.req.header('last-event-id') ?? c.req.query('since')) ?? (await edge.store.mark());
  const rooms = new Set((await roomsOf(edge.store, id)).map((room) => channelOf(room.id)));
  return edge.live.stream(c, mark, () => tellerFor(edge.company(), id, rooms));
}

/**
 * Somebody else's new message is told by their name alone: enough for a dot beside it.
 * @param rooms the conversations of the rooms that this person is in; they may be brought into another while they look
 */
function tellerFor(company: Company, id: string, rooms: Set<string>): Tell {
  const me = company.people.find((person) => person.id === id);
  return (message) => {
    const room = message.conversation === roomListOf(id) ? roomIn(message) : undefined;
    if (me && room) {
      rooms.add(channelOf(room.id));
      return { event: 'place', data: roomPlace(room, me) };
    }
    const closed = isRoomConversation(message.conversation) && !rooms.has(message.conversation);
    const shown = me && !closed ? renderMessage(message, me, company) : undefined;
    if (shown) return { event: 'message', data: shown };
    const theirs = company.people.find((person) => placeOf(person.id, message.conversation) === 'bot');
    const isNews = theirs && message.author === null && message.placed === message.changed;
    return isNews ? { event: 'elsewhere', data: { person: theirs.id } } : undefined;
  };
}

async function upload(c: Context, edge: Edge): Promise<Response> {
  if (!personOf(edge, c.req.query('as'))) return answer(c, edge, 404, 'strangers');
  const name = (c.req.query('name') ?? '').slice(0, 255);
  const body = c.req.raw.body;
  if (name === '' || !body) return answer(c, edge, 400, name === '' ? 'unreadable' : 'emptyFile');
  const mime = (c.req.header('content-type') ?? '').slice(0, 100);
  const kept = await edge.uploads.keep({ name, mime }, body);
  if (kept === 'too-large') return answer(c, edge, 413, 'tooLarge');
  if (kept === 'empty') return answer(c, edge, 400, 'emptyFile');
  return c.json(kept);
}

/** Reads, knows the person and the place, then lets `act` answer. */
async function acted<S extends z.ZodType<{ as: string; in: string; message?: string | undefined }>>(
  c: Context,
  edge: Edge,
  schema: S,
  act: (body: z.infer<S>) => Promise<Reply>,
): Promise<Response> {
  const body = schema.safeParse(await c.req.json().catch(() => undefined));
  if (!body.success) return answer(c, edge, 400, 'unreadable');
  const me = personOf(edge, body.data.as);
  if (!me) return answer(c, edge, 404, 'strangers');
  if ((await placeIn(edge, me, body.data.in)) === undefined) return answer(c, edge, 404, 'noSuchPlace');
  return c.json(renderReply(await act(body.data)));
}

/** A command typed into a channel is seen by who typed it alone, as in Slack; everything else stands where it was said. */
async function say(edge: Edge, said: Say): Promise<Reply> {
  const isPublic = said.in.startsWith('channel:');
  if (!(isPublic && isCommand(said.text))) {
    await edge.store.save({
      conversation: conversationOf(said.as, isPublic ? said.in : 'bot') ?? '',
      author: said.as,
      content: { kind: 'text', text: said.text.trim(), files: said.files },
      intent: `say:${said.as}:${said.act}`,
    });
  }
  const botNames = [deskWords('zh').bot, deskWords('en').bot];
  if (!isForBot(said, botNames)) return { kind: 'nothing' };
  return take(edge, fromSay(said, edge.company().people));
}

async function take(edge: Edge, inbound: Inbound): Promise<Reply> {
  const reply = await edge.desk.take(inbound);
  // the product thinks that this card was out of date: since the answer does not carry it, have it drawn again
  if (reply.kind === 'said' && reply.card && inbound.message) edge.desk.answered('desk', inbound.message);
  return reply;
}

/** Some answer with the home card at once, some post it by `home()`: both end in the same place. */
async function visitHome(edge: Edge, visit: Visit): Promise<Reply> {
  const reply = await take(edge, fromVisit(visit));
  if (reply.kind !== 'card') return reply;
  await edge.showHome(visit.as, reply.card);
  return { kind: 'nothing' };
}
