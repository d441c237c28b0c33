/**
 * A strict Twilio on real HTTP: basic auth, required fields, numbers in the international form, TwiML that it can read out
 * (twilio/twiml.ts), lists newest first; it calls back signed, and people answer as the story wants. It can be told to fail.
 *
 *     const twilio = await startTwilio({ clock });
 *     … start the product with twilio.settings(), then …
 *     twilio.deliverTo(house.url);                                  // where signed callbacks go, whatever the public address is
 *     const call = await twilio.when(() => twilio.callsTo('+8613800000002').at(-1), 'a call to 李娜');
 *     await twilio.press(call.sid, '1');                            // picks up, hears, presses; what was heard: call.heard
 *     await twilio.noAnswer(call.sid); twilio.busy(…); twilio.listen(…) picks up and presses nothing
 *     const said = await twilio.reply('+8613800000002', '1');       // writes to our number; the text that comes back
 *     await twilio.delivered(message.sid); twilio.undelivered(message.sid, '30003');
 *     twilio.fail('Calls', 'cut-after');                            // the next call is made, its answer lost
 */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCall, readMessage, type Step } from './twilio/twiml.ts';

/** A code of Twilio's under 400 (401, 429 where it is theirs); a gateway's trouble; no answer before or after it was carried out. */
export type Failure = number | 'down' | 'page' | 'busy' | 'redirect' | 'cut-before' | 'cut-after' | 'silent';
export type Resource = 'Calls' | 'Messages' | 'Calls?' | 'Messages?' | 'Account';

export interface FakeCall {
  sid: string;
  to: string;
  at: Date;
  twiml: string;
  status: 'queued' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';
  /** everything that was said into the phone, in order */
  heard: string[];
  callback: string | undefined;
  events: string[];
}
export interface FakeText {
  sid: string;
  to: string;
  from: string;
  at: Date;
  body: string;
  direction: 'outbound-api' | 'outbound-reply' | 'inbound';
  status: string;
  callback: string | undefined;
}

export type FakeTwilio = Awaited<ReturnType<typeof startTwilio>>;

const SID = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'auth-token-of-twilio-0123456789a';
const FROM = '+13105550100';
const PHONE = /^\+[1-9]\d{6,14}$/;

export async function startTwilio({ clock = () => new Date() }: { clock?: () => Date } = {}) {
  const calls: FakeCall[] = [];
  const messages: FakeText[] = [];
  /** everything that was refused, and why */
  const faults: string[] = [];
  const requests: { method: string; path: string; query: URLSearchParams }[] = [];
  const failures = new Map<Resource, Failure[]>();
  const stopped = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  let accountStatus = 'active';
  let product: string | undefined;
  /** the address under which the product was given to Twilio */
  let known = '';
  let made = 0;

  const fresh = (kind: 'CA' | 'SM') => `${kind}${String(++made).padStart(32, '0')}`;
  const refuse = (code: number, said: string, status = code === 20003 ? 401 : code === 20429 ? 429 : 400) => {
    faults.push(`${code} ${said}`);
    const body = { code, message: said, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
    return { status, body };
  };
  const callOf = (sid: string) =>
    found(
      calls.find((call) => call.sid === sid),
      sid,
    );

  // --- what the product asks for ---

  function makeCall(form: URLSearchParams) {
    const [to, from, twiml] = [form.get('To') ?? '', form.get('From'), form.get('Twiml') ?? ''];
    if (to === '') return refuse(21201, "No 'To' number specified");
    if (!PHONE.test(to)) return refuse(21211, "The 'To' number is not a valid phone number");
    if (from !== FROM) return refuse(21210, "'From' is not verified");
    if (twiml.length > 4000) return refuse(32018, 'Twiml size exceeded maximum allowed value');
    const unread = faultOf(() => readCall(twiml));
    if (unread !== undefined) return refuse(12100, unread);
    const wrong = wrongOf(form, ['To', 'From', 'Twiml', 'Timeout', 'StatusCallback', 'StatusCallbackEvent']);
    if (wrong !== undefined) return wrong;
    const [callback, events] = [form.get('StatusCallback') ?? undefined, form.getAll('StatusCallbackEvent')];
    const call: FakeCall = { sid: fresh('CA'), to, at: clock(), twiml, status: 'queued', heard: [], callback, events };
    calls.push(call);
    if (events.includes('initiated')) inBackground(tell(callback, callFields(call, 'initiated')));
    return { status: 201, body: shownCall(call) };
  }

  function makeMessage(form: URLSearchParams) {
    const [to, from, body] = [form.get('To') ?? '', form.get('From'), form.get('Body') ?? ''];
    if (!PHONE.test(to)) return refuse(21211, "The 'To' number is not a valid phone number");
    if (from !== FROM) return refuse(21606, "The 'From' phone number provided is not a valid message-capable number");
    if (body === '') return refuse(21602, 'Message body is required');
    if (body.length > 1600) return refuse(21617, 'The concatenated message body exceeds the 1600 character limit');
    if (stopped.has(to)) return refuse(21610, 'Attempt to send to unsubscribed recipient');
    const wrong = wrongOf(form, ['To', 'From', 'Body', 'StatusCallback']);
    if (wrong !== undefined) return wrong;
    const text = addText({ to, from: FROM, body, direction: 'outbound-api', status: 'queued' });
    text.callback = form.get('StatusCallback') ?? undefined;
    return { status: 201, body: shownText(text) };
  }

  function wrongOf(form: URLSearchParams, names: readonly string[]) {
    const other = [...form.keys()].find((name) => !names.includes(name));
    if (other !== undefined) return refuse(20001, `unknown parameter ${other}`);
    const timeout = form.get('Timeout');
    if (timeout !== null && !(Number(timeout) >= 1 && Number(timeout) <= 600)) return refuse(21220, 'Timeout');
    const callback = form.get('StatusCallback');
    return callback !== null && !URL.canParse(callback) ? refuse(21609, "Invalid 'StatusCallback' URL") : undefined;
  }

  function list<T extends { to: string; at: Date }>(
    all: readonly T[],
    query: URLSearchParams,
    show: (one: T) => object,
  ) {
    const to = query.get('To');
    return [...all]
      .filter((one) => to === null || one.to === to)
      .reverse()
      .slice(0, Number(query.get('PageSize') ?? 50))
      .map(show);
  }

  const shownCall = ({ sid, to, at, status }: FakeCall) => ({
    sid,
    account_sid: SID,
    to,
    from: FROM,
    status,
    direction: 'outbound-api',
    date_created: at.toUTCString().replace('GMT', '+0000'),
    // what still waits has not begun
    start_time: status === 'queued' ? null : at.toUTCString().replace('GMT', '+0000'),
  });
  const shownText = ({ sid, to, from, at, status, body, direction }: FakeText) => ({
    sid,
    account_sid: SID,
    to,
    from,
    status,
    body,
    direction,
    date_created: at.toUTCString().replace('GMT', '+0000'),
    date_sent: null,
    error_code: null,
  });

  function answer(resource: Resource | undefined, query: URLSearchParams, form: URLSearchParams) {
    switch (resource) {
      case 'Account':
        return { status: 200, body: { sid: SID, status: accountStatus } };
      case 'Calls':
        return makeCall(form);
      case 'Messages':
        return makeMessage(form);
      case 'Calls?':
        return { status: 200, body: { calls: list(calls, query, shownCall), page: 0 } };
      case 'Messages?':
        return { status: 200, body: { messages: list(messages, query, shownText), page: 0 } };
      default:
        return refuse(20404, 'The requested resource was not found', 404);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const method = request.method ?? '';
    requests.push({ method, path: pathname, query: searchParams });
    const resource = resourceOf(method, pathname);
    const failure = resource && failures.get(resource)?.shift();
    if (failure === 'silent') return;
    if (failure === 'cut-before') return void request.socket.destroy();
    if (failure === 'redirect') return void response.writeHead(307, { location: '/elsewhere' }).end();
    if (failure === 'down') return void response.writeHead(503).end('Service Unavailable');
    if (failure === 'busy') return void response.writeHead(429, { 'retry-after': '7' }).end('{"code":20429}');
    const isUs = request.headers.authorization === `Basic ${Buffer.from(`${SID}:${TOKEN}`).toString('base64')}`;
    const { status, body } =
      typeof failure === 'number'
        ? refuse(failure, 'as the story wants it')
        : isUs
          ? answer(resource, searchParams, new URLSearchParams(Buffer.concat(parts).toString()))
          : refuse(20003, 'Authenticate');
    if (failure === 'cut-after') return void request.socket.destroy();
    if (failure === 'page') return void response.writeHead(200).end('<html>login</html>');
    const date = clock().toUTCString();
    response.writeHead(status, { 'content-type': 'application/json', date }).end(JSON.stringify(body));
  }

  // --- what it tells the product ---

  /** Posts as Twilio does: signed over the address that it was given, without the fragment, which is its own. */
  async function tell(address: string | undefined, fields: Record<string, string>, signature?: string) {
    const url = address?.replace(/#.*$/, '');
    if (url === undefined || product === undefined) return { status: 0, text: '' };
    const { pathname, search } = new URL(url);
    const response = await fetch(`${product}${pathname}${search}`, {
      method: 'POST',
      headers: { 'x-twilio-signature': signature ?? sign(url, fields) },
      body: new URLSearchParams(fields),
    });
    return { status: response.status, text: await response.text() };
  }

  const callFields = (call: FakeCall, status: string, more: Record<string, string> = {}) => ({
    AccountSid: SID,
    ApiVersion: '2010-04-01',
    CallSid: call.sid,
    CallStatus: status,
    Direction: 'outbound-api',
    From: FROM,
    To: call.to,
    ...more,
  });

  /** Hears up to the next key that is asked for; without one to the end. */
  function hear(call: FakeCall, steps: Step[]) {
    for (let step = steps.shift(); step !== undefined && step !== 'hangup'; step = steps.shift()) {
      call.heard.push(step.say);
      if (step.gather) return step.gather;
    }
    return undefined;
  }

  async function end(call: FakeCall, status: FakeCall['status'], more: Record<string, string> = {}) {
    call.status = status;
    return tell(call.callback, callFields(call, status, more));
  }

  /** Picks up and presses one key after the other, `''`: none this time; then hears it to the end. */
  async function press(sid: string, ...keys: string[]) {
    const call = callOf(sid);
    if (call.status !== 'queued') throw new Error(`${sid} rings no more: ${call.status}`);
    call.status = 'in-progress';
    let steps = readCall(call.twiml);
    for (const key of keys) {
      const asked = hear(call, steps);
      if (asked === undefined) throw new Error('nobody listens for a key any more');
      if (key === '' || key === asked.finish) continue;
      const { status, text } = await tell(asked.action, callFields(call, 'in-progress', { Digits: key }));
      if (status !== 200) throw new Error(`11200: ${status} in answer to a key`);
      steps = readCall(text);
    }
    while (steps.length > 0) hear(call, steps);
    await end(call, 'completed', { CallDuration: '12' });
    return call;
  }

  function addText(text: Omit<FakeText, 'sid' | 'at' | 'callback'>): FakeText {
    const one: FakeText = { sid: fresh('SM'), at: clock(), callback: undefined, ...text };
    messages.push(one);
    return one;
  }

  /** Somebody writes to our number; what they are answered. STOP and its like are Twilio's own. */
  async function reply(number: string, body: string): Promise<string | undefined> {
    const text = addText({ to: FROM, from: number, body, direction: 'inbound', status: 'received' });
    if (/^(?:stop|unsubscribe|cancel|end|quit)$/i.test(body.trim())) stopped.add(number);
    const fields = { AccountSid: SID, MessageSid: text.sid, From: number, To: FROM, Body: body, NumMedia: '0' };
    const { status, text: twiml } = await tell(`${known}/phone/twilio/sms`, fields);
    if (status !== 200) throw new Error(`11200: ${status} in answer to a text message`);
    const said = readMessage(twiml);
    if (said !== undefined)
      addText({ to: number, from: FROM, body: said, direction: 'outbound-reply', status: 'sent' });
    return said;
  }

  async function settle(sid: string, status: string, more: Record<string, string> = {}) {
    const text = found(
      messages.find((one) => one.sid === sid),
      sid,
    );
    text.status = status;
    const fields = { AccountSid: SID, MessageSid: sid, MessageStatus: status, From: FROM, To: text.to, ...more };
    return tell(text.callback, fields);
  }

  function inBackground(work: Promise<unknown>): void {
    const one = work.catch((error: unknown) => faults.push(String(error))).finally(() => underWay.delete(one));
    underWay.add(one);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      faults.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    sid: SID,
    token: TOKEN,
    from: FROM,
    calls,
    messages,
    faults,
    requests,
    callsTo: (number: string) => calls.filter((call) => call.to === number),
    textsTo: (number: string) => messages.filter((text) => text.to === number),
    settings: () => ({ accountSid: SID, authToken: TOKEN, from: FROM, apiUrl: url }),
    /** where callbacks go; `publicUrl`: under which address the product was given to Twilio, if that is another */
    deliverTo: (base: string, publicUrl: string = base) => {
      product = base;
      known = publicUrl;
    },
    /** the next requests for this resource end like this; `Calls?` is the list of calls */
    fail: (resource: Resource, ...how: Failure[]) =>
      failures.set(resource, [...(failures.get(resource) ?? []), ...how]),
    suspend: () => {
      accountStatus = 'suspended';
    },
    press,
    listen: (sid: string) => press(sid),
    noAnswer: (sid: string) => end(callOf(sid), 'no-answer'),
    busy: (sid: string) => end(callOf(sid), 'busy'),
    failed: (sid: string, sipCode: string) => end(callOf(sid), 'failed', { SipResponseCode: sipCode }),
    canceled: (sid: string) => end(callOf(sid), 'canceled'),
    reply,
    sent: (sid: string) => settle(sid, 'sent'),
    delivered: (sid: string) => settle(sid, 'delivered'),
    undelivered: (sid: string, code: string) => settle(sid, 'undelivered', { ErrorCode: code }),
    /** as anybody could post it; without a signature of their own it is signed as Twilio would */
    tell,
    sign,
    when,
    /** what it has begun to tell by itself has been told */
    quiet: async () => void (await Promise.all(underWay)),
    close: async () => {
      await Promise.all(underWay);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** By the page, not by the product's own code. https://www.twilio.com/docs/usage/webhooks/webhooks-security */
function sign(url: string, fields: Record<string, string>): string {
  let text = url;
  for (const name of Object.keys(fields).sort()) text += name + fields[name];
  return createHmac('sha1', TOKEN).update(text, 'utf8').digest('base64');
}

function resourceOf(method: string, path: string): Resource | undefined {
  const root = `/2010-04-01/Accounts/${SID}`;
  if (method === 'GET' && path === `${root}.json`) return 'Account';
  const name = path === `${root}/Calls.json` ? 'Calls' : path === `${root}/Messages.json` ? 'Messages' : undefined;
  return name && (method === 'POST' ? name : `${name}?`);
}

function faultOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function found<T>(one: T | undefined, sid: string): T {
  if (one === undefined) throw new Error(`there is no ${sid}`);
  return one;
}

async function when<T>(look: () => T | undefined | false, what: string, ms = 10_000): Promise<T> {
  const late = Date.now() + ms;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > late) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
