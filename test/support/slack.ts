/**
 * A strict fake of Slack: a real HTTP server that speaks its Web API, its response_urls, its file downloads and Socket
 * Mode, and refuses what Slack refuses (wrong tokens, missing scopes, unknown channels, blocks that are too long or
 * unknown or doubled, triggers older than three seconds, edits of vanished messages …). It is also the people in it.
 *
 *     const slack = await startFakeSlack();                      // team T0HOME, bot U0BOT
 *     slack.addUser({ id: 'U02LI', name: '李娜' });
 *     slack.addChannel({ id: 'C0PR', members: ['U02LI'] });
 *     … start the product with { botToken: slack.botToken, signingSecret: slack.signingSecret, apiUrl: slack.apiUrl } …
 *     slack.product = 'http://127.0.0.1:3000/slack/events';      // or slack.transport = 'socket'
 *
 *     await slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');   // acts as a person → Answered
 *     const card = await slack.until(() => slack.messagesOf('U02LI').at(-1)); // waits for what must come, or fails
 *     slack.cardText(card); slack.buttons(card);
 *     const answered = await slack.press('U02LI', card, '批准');               // { status, body, ms, problem }
 *     const window = await slack.until(() => slack.window('U02LI'));
 *     await slack.submit('U02LI', window, { reason: '超出预算' });             // by field id
 *
 * `problem` of an answer is what the person would see as Slack's own error; it should be undefined. A card in hand is
 * live (it shows the newest state); `slack.snapshot(card)` keeps it as it is now, to press something stale.
 *
 * Faults: `slack.fail('chat.postMessage', 'cut after')`, `{ error: 'is_archived' }`, `{ status: 429, retryAfter: 7 }`,
 * 'cut before', 'hang'; for the next n calls; the methods 'response_url' and 'file' count too, and '*' is any.
 * `slack.latency(method, ms)`. `slack.archive`, `removeBot`, `deactivate`, `vanish`, `revokeToken`, `expireTriggers`, …
 */
import { type Button, buttonsIn, createPeople, type Product, sendHttp, type Wire } from './slack/person.ts';
import { startServer } from './slack/server.ts';
import { blockFaults, visibleTexts } from './slack/validate.ts';
import {
  type Call,
  type Failure,
  type FakeFile,
  type FakeMessage,
  type FakeView,
  World,
  type WorldOptions,
} from './slack/world.ts';

export type { Button } from './slack/person.ts';
export { blockFaults, viewFaults } from './slack/validate.ts';
export type { FakeMessage, FakeView } from './slack/world.ts';

export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>;

const everyScope = [
  'commands',
  'chat:write',
  'im:write',
  'im:history',
  'channels:history',
  'channels:read',
  'groups:history',
  'groups:read',
  'groups:write',
  'pins:write',
  'app_mentions:read',
  'files:read',
  'users:read',
];

export async function startFakeSlack(given: Partial<WorldOptions> = {}) {
  const world = new World({
    team: 'T0HOME',
    enterprise: undefined,
    botToken: 'xoxb-fake-bot-token',
    appToken: 'xapp-fake-app-token',
    signingSecret: 'fake-signing-secret',
    scopes: [...everyScope],
    clock: () => new Date(),
    ...given,
  });
  const server = await startServer(world);
  const wire: Wire = { url: undefined, transport: 'http' };
  const people = createPeople(world, server, wire);

  return {
    ...people,
    botToken: world.options.botToken,
    appToken: world.options.appToken,
    signingSecret: world.options.signingSecret,
    team: world.options.team,
    /** what the bot may do: take one out, put it back */
    scopes: world.options.scopes,
    botUser: world.botUser,
    /** for `SLACK_API_URL` */
    apiUrl: `${world.baseUrl}/api/`,
    get product(): Product | undefined {
      return wire.url;
    },
    set product(url: Product | undefined) {
      wire.url = url;
    },
    get transport(): Wire['transport'] {
      return wire.transport;
    },
    set transport(transport: Wire['transport']) {
      wire.transport = transport;
    },

    // who and where
    users: world.users,
    channels: world.channels,
    addUser: world.addUser.bind(world),
    addChannel: world.addChannel.bind(world),
    /** the D… of a person's direct chat with the bot */
    directOf: (user: string) => world.directOf(user).id,
    addFile(file: Partial<FakeFile> & { id: string }): string {
      world.files.set(file.id, {
        name: `${file.id}.pdf`,
        mimetype: 'application/pdf',
        bytes: Buffer.from('%PDF-1.7'),
        ...file,
      });
      return file.id;
    },

    // what stands on the screens
    /** a channel's messages, or (for a person) those of their direct chat with the bot; oldest first, without ephemeral ones */
    messagesOf: (place: string): FakeMessage[] => {
      const channel = /^[UW]/.test(place) ? world.directOf(place).id : place;
      return world.messages.filter((message) => message.channel === channel && !message.ephemeralFor);
    },
    ephemerals: (user: string): FakeMessage[] => world.messages.filter((message) => message.ephemeralFor === user),
    window: (user: string): FakeView | undefined => world.topWindow(user),
    windows: (user: string): FakeView[] => world.windows.get(user) ?? [],
    home: (user: string): FakeView | undefined => world.homes.get(user),
    cardText: (on: FakeMessage | FakeView): string => visibleTexts(on.blocks).join('\n'),
    buttons: (on: FakeMessage | FakeView): Button[] => buttonsIn(on.blocks),
    snapshot: <T extends FakeMessage | FakeView>(on: T): T => structuredClone(on),
    /** all of everybody's, ephemeral ones too, as they came; it grows at its end */
    messages: world.messages as readonly FakeMessage[],
    /** for whoever runs long: the calls so far are no longer kept */
    forgetCalls: () => void world.calls.splice(0),
    calls: (method?: string): Call[] => world.calls.filter((call) => method === undefined || call.method === method),
    sockets: () => server.sockets(),

    /** Waits until `look` finds something, and fails with what it was waiting for. */
    until: <T>(look: () => T | undefined | false | null, ms = 12_000): Promise<T> => until(world, look, ms),

    // faults
    fail(method: string, failure: Failure, times = 1): void {
      const due = world.failures.get(method) ?? [];
      world.failures.set(method, [...due, ...Array.from({ length: times }, () => failure)]);
    },
    heal(): void {
      world.failures.clear();
      world.latencies.clear();
      world.tokenProblem = undefined;
    },
    latency: (method: string, ms: number) => void world.latencies.set(method, ms),
    archive: (channel: string) => void Object.assign(must(world.channels.get(channel)), { archived: true }),
    removeBot: (channel: string) => void Object.assign(must(world.channels.get(channel)), { botIn: false }),
    deactivate: (user: string) => void Object.assign(must(world.users.get(user)), { deleted: true }),
    revokeToken: (code = 'token_revoked') => {
      world.tokenProblem = code;
    },
    /** the message is deleted */
    vanish: (message: FakeMessage) => void world.messages.splice(world.messages.indexOf(message), 1),
    closeWindow: (user: string) => void world.windows.delete(user),
    /** by which Slack signs and answers from now on */
    setClock: (clock: () => Date) => void Object.assign(world.options, { clock }),
    expireTriggers: () => {
      for (const trigger of world.triggers.values()) trigger.at = Number.NEGATIVE_INFINITY;
    },
    useUpResponseUrls: () => {
      for (const target of world.responseUrls.values()) target.uses = 5;
    },
    dropSockets: server.dropSockets,
    pickSocket: server.pickSocket,

    /** Any body, signed now unless the headers say otherwise: for forgeries and replays. */
    send: (body: string, contentType = 'application/json', headers: Record<string, string> = {}) =>
      sendHttp(world, must(wire.url), body, contentType, headers),
    isValid: (blocks: unknown) => blockFaults(blocks, 'message'),
    stop: () => server.close(),
  };
}

function until<T>(world: World, look: () => T | undefined | false | null, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      world.changed.off('changed', again);
      clearTimeout(deadline);
      clearInterval(poll);
    };
    const again = () => {
      try {
        const found = look();
        if (found === undefined || found === false || found === null) return;
        stop();
        resolve(found);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const calls = () =>
      world.calls
        .slice(-5)
        .map(({ method, answer }) => `${method} → ${JSON.stringify(answer)?.slice(0, 200)}`)
        .join('\n');
    const deadline = setTimeout(() => {
      stop();
      reject(new Error(`waited ${ms} ms in vain for ${look.toString()}\nlast calls:\n${calls()}`));
    }, ms);
    // What is looked for may also be on the product's side.
    const poll = setInterval(again, 20);
    world.changed.on('changed', again);
    again();
  });
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fake Slack knows no such thing');
  return value;
}
