/** The fake's wire: Web API, response_url, file downloads and the Socket Mode socket, with the faults that a test asked for. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { addMessage, call, changeMessage, checkedContent } from './api.ts';
import { Refusal } from './refusal.ts';
import { isObject, type Obj } from './validate.ts';
import type { Failure, World } from './world.ts';

/** `ws` comes without types; this is what is used of it. */
interface WebSocketLike {
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close', listener: () => void): void;
  send(text: string): void;
  close(): void;
  terminate(): void;
}
interface WebSocketServerLike {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: WebSocketLike) => void): void;
}
const { WebSocketServer } = createRequire(import.meta.url)('ws') as {
  WebSocketServer: new (options: { noServer: true }) => WebSocketServerLike;
};

export interface Server {
  /** undefined where no socket is open */
  overSocket(type: string, payload: Obj): Promise<Obj> | undefined;
  sockets(): number;
  /** Which of so many sockets gets the next payload; at random by itself: https://docs.slack.dev/apis/events-api/using-socket-mode */
  pickSocket(pick: (count: number) => number): void;
  /** `refresh`: Slack asks to reconnect; `cut`: the line breaks */
  dropSockets(how: 'refresh' | 'cut'): void;
  close(): Promise<void>;
}

export async function startServer(world: World): Promise<Server> {
  const open = new Set<WebSocketLike>();
  const tickets = new Set<string>();
  const waiting = new Map<string, (payload: Obj) => void>();
  let pick = (count: number): number => Math.floor(Math.random() * count);
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '', 'http://slack').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) return void socket.destroy();
    webSockets.handleUpgrade(request, socket, head, greet);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  world.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function greet(socket: WebSocketLike): void {
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      world.touch();
    });
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(data.toString()) as { envelope_id: string; payload?: Obj };
      waiting.get(envelope_id)?.(payload ?? {});
      waiting.delete(envelope_id);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: open.size }));
    world.touch();
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', 'http://slack');
    response.setHeader('date', world.options.clock().toUTCString());
    if (pathname.startsWith('/api/')) return apiCall(pathname.slice('/api/'.length), request, response);
    if (pathname.startsWith('/response/')) return respondTo(pathname.slice('/response/'.length), request, response);
    if (pathname.startsWith('/files/')) return download(pathname.split('/')[2] ?? '', request, response);
    response.writeHead(404).end();
  }

  /** Runs `act` under the fault that is due for `method`, and says what goes over the wire. */
  async function underFault(
    method: string,
    response: ServerResponse,
    act: () => Obj,
    send: (answer: Obj) => void,
    channel = '',
  ): Promise<void> {
    const weather = world.options.weather?.(method, channel);
    const latency = weather?.beforeMs ?? world.latencies.get(method) ?? world.latencies.get('*') ?? 0;
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
    const asked: Failure | undefined = world.failures.get(method)?.shift() ?? world.failures.get('*')?.shift();
    const fault = asked ?? weather?.fault;
    if (fault === 'cut before') return void response.destroy();
    if (fault === 'hang') return;
    if (fault === 'cut after') {
      act();
      return void response.destroy();
    }
    if (fault && 'status' in fault) {
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
      return void response
        .writeHead(fault.status)
        .end(fault.status === 429 ? '{"ok":false,"error":"ratelimited"}' : '<html>oops</html>');
    }
    const answer = fault ? { ok: false, error: fault.error, ...fault.with } : act();
    if (weather?.afterMs) await new Promise((resolve) => setTimeout(resolve, weather.afterMs));
    send(answer);
  }

  async function apiCall(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const args = readArgs(await readAll(request), request.headers['content-type'] ?? '');
    const record: World['calls'][number] = { method, args, answer: undefined };
    world.calls.push(record);
    const act = (): Obj => {
      const answer = attempt(() => {
        checkToken(request, method, world);
        return method === 'apps.connections.open' ? connectionsOpen() : call(method, args, world);
      });
      record.answer = answer;
      return answer;
    };
    const send = (answer: Obj): void => {
      record.answer = answer;
      // https://docs.slack.dev/authentication/installing-with-oauth#scopes
      if (answer.ok === true || answer.error === 'missing_scope')
        response.setHeader('x-oauth-scopes', world.options.scopes.join(','));
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(answer));
    };
    await underFault(method, response, act, send, String(args.channel ?? ''));
    world.touch();
  }

  function connectionsOpen(): Obj {
    if (open.size >= 10) throw new Refusal('too_many_websockets');
    const ticket = world.next('ticket');
    tickets.add(ticket);
    return { url: `${world.baseUrl.replace('http', 'ws')}/socket?ticket=${ticket}` };
  }

  /** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: five uses in thirty minutes */
  async function respondTo(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const args = readArgs(await readAll(request), request.headers['content-type'] ?? '');
    const record: World['calls'][number] = { method: 'response_url', args, answer: undefined };
    world.calls.push(record);
    await underFault(
      'response_url',
      response,
      () => attempt(() => respond(id, args)),
      (answer) => {
        record.answer = answer;
        if (answer.ok) return void response.end('ok');
        response
          .writeHead(answer.error === 'used_url' || answer.error === 'expired_url' ? 404 : 400)
          .end(JSON.stringify(answer));
      },
    );
    world.touch();
  }

  function respond(id: string, args: Obj): Obj {
    const target = world.responseUrls.get(id);
    if (!target) throw new Refusal('expired_url');
    if (performance.now() - target.at > 30 * 60_000) throw new Refusal('expired_url');
    if (target.uses >= 5) throw new Refusal('used_url');
    const { response_type, replace_original, delete_original: _, ...content } = args;
    const checked = checkedContent(content);
    target.uses += 1;
    if (replace_original === true && target.message) changeMessage(world, target.message, checked);
    else
      addMessage(world, target.channel, checked, {
        ephemeralFor: response_type === 'in_channel' ? undefined : target.user,
        through: `${world.baseUrl}/response/${id}`,
      });
    return {};
  }

  async function download(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = world.files.get(id);
    const allowed =
      request.headers.authorization === `Bearer ${world.options.botToken}` &&
      world.options.scopes.includes('files:read');
    await underFault(
      'file',
      response,
      () => ({}),
      () => {
        if (!file) return void response.writeHead(404).end();
        // Slack does not say 403: it shows its sign-in page.
        if (!allowed)
          return void response
            .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
            .end('<html>sign in</html>');
        response.writeHead(200, { 'content-type': file.mimetype }).end(file.bytes);
      },
    );
  }

  return {
    sockets: () => open.size,
    pickSocket(chosen) {
      pick = chosen;
    },
    overSocket(type, payload) {
      const socket = [...open][pick(open.size)];
      if (!socket) return undefined;
      const envelope_id = world.next('envelope');
      const { promise, resolve } = Promise.withResolvers<Obj>();
      waiting.set(envelope_id, resolve);
      socket.send(JSON.stringify({ envelope_id, type, payload, accepts_response_payload: type !== 'events_api' }));
      return promise;
    },
    dropSockets(how) {
      for (const socket of open) {
        if (how === 'cut') socket.terminate();
        else socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
      }
    },
    async close() {
      for (const socket of open) socket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function attempt(act: () => Obj): Obj {
  try {
    return { ok: true, ...act() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.code, ...error.extra };
    throw error;
  }
}

function checkToken(request: IncomingMessage, method: string, world: World): void {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!token) throw new Refusal('not_authed');
  const wanted = method === 'apps.connections.open' ? world.options.appToken : world.options.botToken;
  if (token !== wanted)
    throw new Refusal(
      token === world.options.appToken || token === world.options.botToken ? 'not_allowed_token_type' : 'invalid_auth',
    );
  if (world.tokenProblem) throw new Refusal(world.tokenProblem);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Forms carry objects as JSON, and booleans as words. */
function readArgs(body: string, contentType: string): Obj {
  if (contentType.startsWith('application/json')) {
    const value: unknown = JSON.parse(body || '{}');
    return isObject(value) ? value : {};
  }
  return Object.fromEntries([...new URLSearchParams(body)].map(([key, value]) => [key, readArg(key, value)]));
}

const structured = new Set(['blocks', 'metadata', 'view', 'attachments']);
function readArg(key: string, value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  if (!structured.has(key)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
