/** What a person does in Slack, as Slack tells the product: payloads, signatures, and what the answer does on the screen. */
import { createHmac } from 'node:crypto';
import { addMessage, checkedContent, fileObject, makeView, pushView, redrawView } from './api.ts';
import { inputBlock, refuseAsTheClient, stateOf, typedInto } from './fields.ts';
import { Refusal } from './refusal.ts';
import type { Server } from './server.ts';
import { isObject, type Obj } from './validate.ts';
import type { FakeMessage, FakeUser, FakeView, World } from './world.ts';

export interface Answered {
  status: number;
  /** parsed where it is JSON */
  body: unknown;
  ms: number;
  /** what Slack would show the person as an error: no 200, later than three seconds, an answer that it cannot use */
  problem: string | undefined;
  delivery: Delivery;
}
export interface Delivery {
  kind: 'slash_commands' | 'interactive' | 'events_api';
  payload: Obj;
}

export interface Button {
  label: string;
  style: string | undefined;
  value: string;
  action_id: string;
  block_id: string;
}

/** An address, or whoever hands each request on (a balancer, say). */
export type Product = string | ((request: Request) => Promise<Response>);

export interface Wire {
  url: Product | undefined;
  transport: 'http' | 'socket';
}

export function buttonsIn(blocks: Obj[]): Button[] {
  return blocks.flatMap((block) =>
    block.type !== 'actions'
      ? []
      : (block.elements as Obj[]).map((element) => ({
          label: String((element.text as Obj).text),
          style: element.style as string | undefined,
          value: String(element.value ?? ''),
          action_id: String(element.action_id ?? ''),
          block_id: String(block.block_id),
        })),
  );
}

export function sign(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** Signed with the real scheme; headers can be overwritten for forgeries. */
export async function sendHttp(
  world: World,
  product: Product,
  body: string,
  contentType: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const timestamp = headers['x-slack-request-timestamp'] ?? String(Math.floor(world.options.clock().getTime() / 1000));
  const call = {
    method: 'POST',
    body,
    headers: {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(world.options.signingSecret, timestamp, body),
      ...headers,
    },
  };
  const handOn = (request: Request) => (typeof product === 'string' ? fetch(request) : product(request));
  const response = await handOn(new Request(typeof product === 'string' ? product : 'http://product/', call));
  return { status: response.status, text: await response.text() };
}

export function createPeople(world: World, server: Server, wire: Wire) {
  async function deliver(delivery: Delivery, retry?: number): Promise<Answered> {
    const startedAt = performance.now();
    const { status, text } = await transmit(delivery, retry);
    const ms = performance.now() - startedAt;
    const problem = status !== 200 ? `http ${status}` : ms > 3_000 ? 'operation_timeout' : undefined;
    return { status, body: parsed(text), ms, problem, delivery };
  }

  async function transmit({ kind, payload }: Delivery, retry?: number): Promise<{ status: number; text: string }> {
    if (wire.transport === 'socket') {
      const answer = await server.overSocket(kind, payload);
      if (!answer) return { status: 503, text: 'no socket is open' };
      return { status: 200, text: Object.keys(answer).length === 0 ? '' : JSON.stringify(answer) };
    }
    if (!wire.url) throw new Error('tell the fake where the product is: slack.product = "http://…/slack/events"');
    const form = 'application/x-www-form-urlencoded';
    const again: Record<string, string> = retry
      ? { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' }
      : {};
    if (kind === 'events_api') return sendHttp(world, wire.url, JSON.stringify(payload), 'application/json', again);
    const fields =
      kind === 'slash_commands' ? (payload as Record<string, string>) : { payload: JSON.stringify(payload) };
    return sendHttp(world, wire.url, new URLSearchParams(fields).toString(), form);
  }

  /** Whatever Slack cannot use of an answer becomes the answer's `problem`. */
  function shown(answered: Answered, show: (body: Obj) => void): Answered {
    if (answered.problem || answered.body === '') return answered;
    try {
      show(isObject(answered.body) ? answered.body : { text: String(answered.body) });
      return answered;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ...answered, problem: `${error.code} ${JSON.stringify(error.extra)}` };
    }
  }

  function person(user: string): FakeUser {
    const found = world.users.get(user);
    if (!found) throw new Error(`no user ${user}: add them with slack.addUser`);
    return found;
  }

  function place(user: string, channel: string): { id: string; name: string } {
    if (channel === 'direct' || channel === user) return { id: world.directOf(user).id, name: 'directmessage' };
    const found = world.channels.get(channel);
    if (!found) throw new Error(`no channel ${channel}: add it with slack.addChannel`);
    return { id: found.id, name: found.with ? 'directmessage' : found.private ? 'privategroup' : found.name };
  }

  async function slash(user: string, channel: string, command: string, text = ''): Promise<Answered> {
    const at = place(user, channel);
    const { team, name } = person(user);
    const payload = {
      token: 'deprecated',
      api_app_id: 'A0APP',
      team_id: team,
      team_domain: 'fake',
      channel_id: at.id,
      channel_name: at.name,
      user_id: user,
      user_name: name,
      command,
      text: escapedAsTyped(text),
      is_enterprise_install: 'false',
      response_url: world.addResponseUrl(user, at.id, undefined),
      trigger_id: world.addTrigger(user),
    };
    return shown(await deliver({ kind: 'slash_commands', payload }), (body) => {
      if (body.response_type !== undefined && body.response_type !== 'ephemeral')
        throw new Refusal('shown_to_everybody');
      const { response_type: _, ...content } = body;
      addMessage(world, at.id, checkedContent(content), { ephemeralFor: user });
    });
  }

  /** Slack writes a mention as `<@U123|name>` and everything else escaped. */
  function escapedAsTyped(text: string): string {
    return text
      .split(/(<@[UW][A-Z0-9]+>)/)
      .map((part) => {
        const [, id] = /^<@([UW][A-Z0-9]+)>$/.exec(part) ?? [];
        if (id) return `<@${id}|${world.users.get(id)?.name ?? 'someone'}>`;
        return part.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
      })
      .join('');
  }

  function common(user: string): Obj {
    const { team, name } = person(user);
    return {
      user: { id: user, username: name, name, team_id: team },
      api_app_id: 'A0APP',
      token: 'deprecated',
      team: { id: world.options.team, domain: 'fake' },
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  function interaction(user: string, on: FakeMessage | FakeView, action: Obj): Obj {
    const acted = {
      ...common(user),
      type: 'block_actions',
      trigger_id: world.addTrigger(user),
      actions: [{ ...action, action_ts: world.nextTs() }],
    };
    if ('hash' in on) return { ...acted, container: { type: 'view', view_id: on.id }, view: viewPayload(on) };
    const ephemeral = on.ephemeralFor !== undefined;
    const original = world.messages.find((one) => one.channel === on.channel && one.ts === on.ts);
    return {
      ...acted,
      container: { type: 'message', message_ts: on.ts, channel_id: on.channel, is_ephemeral: ephemeral },
      channel: { id: on.channel, name: place(user, on.channel).name },
      ...(!ephemeral && {
        message: { type: 'message', user: world.botUser, ts: on.ts, text: on.text, blocks: on.blocks },
      }),
      state: { values: stateOf(world, on.blocks, {}) },
      response_url: world.addResponseUrl(user, on.channel, original),
    };
  }

  async function press(
    user: string,
    on: FakeMessage | FakeView,
    which: string | ((button: Button) => boolean),
    values: Record<string, unknown> = {},
  ): Promise<Answered> {
    const buttons = buttonsIn(on.blocks);
    const button = buttons.find((one) => (typeof which === 'string' ? one.label === which : which(one)));
    if (!button)
      throw new Error(
        `no button ${String(which)}; there are: ${buttons.map(({ label }) => label).join(', ') || 'none'}`,
      );
    const { label, ...rest } = button;
    const payload = interaction(user, on, {
      ...rest,
      type: 'button',
      text: { type: 'plain_text', text: label, emoji: false },
    });
    if (!('hash' in on)) payload.state = { values: stateOf(world, on.blocks, typedInto(on.blocks, values)) };
    return deliver({ kind: 'interactive', payload });
  }

  /** One field changes: told to the product at once where the field asks for it (`dispatch_action`). */
  async function change(user: string, view: FakeView, field: string, value: unknown): Promise<Answered | undefined> {
    const block = inputBlock(view.blocks, field);
    view.typed[String(block.block_id)] = value;
    if (block.dispatch_action !== true) return undefined;
    const element = block.element as Obj;
    const payload = interaction(user, view, {
      type: element.type,
      action_id: element.action_id,
      block_id: block.block_id,
    });
    return deliver({ kind: 'interactive', payload });
  }

  async function submit(user: string, view: FakeView, values: Record<string, unknown> = {}): Promise<Answered> {
    if (!view.full.submit) throw new Error('this window has no submit button');
    Object.assign(view.typed, typedInto(view.blocks, values));
    refuseAsTheClient(view);
    const payload = {
      ...common(user),
      type: 'view_submission',
      trigger_id: world.addTrigger(user),
      view: viewPayload(view),
      response_urls: [],
    };
    const answered = await deliver({ kind: 'interactive', payload });
    if (answered.problem) return answered;
    if (answered.body === '') closeTop(view);
    return shown(answered, (body) => windowAnswer(view, body));
  }

  function closeTop(view: FakeView): void {
    world.windows.set(
      view.user,
      (world.windows.get(view.user) ?? []).filter((one) => one !== view),
    );
    world.touch();
  }

  /** https://docs.slack.dev/surfaces/modals#response_actions */
  function windowAnswer(view: FakeView, body: Obj): void {
    const { response_action } = body;
    if (response_action === undefined) closeTop(view);
    else if (response_action === 'clear') world.windows.delete(view.user);
    else if (response_action === 'update') redrawView(world, view, body.view);
    else if (response_action === 'push') pushView(world, makeView(world, view.user, body.view, 'modal'));
    else if (response_action === 'errors') showErrors(view, body.errors);
    else throw new Refusal('unknown_response_action');
    world.touch();
  }

  function showErrors(view: FakeView, errors: unknown): void {
    const inputs = view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
    if (!isObject(errors) || Object.keys(errors).length === 0) throw new Refusal('no_errors_given');
    for (const [id, text] of Object.entries(errors)) {
      if (!inputs.includes(id)) throw new Refusal('errors_at_unknown_block', { id });
      if (typeof text !== 'string' || text === '') throw new Refusal('empty_error', { id });
    }
    view.errors = errors as Record<string, string>;
    world.touch();
  }

  function viewPayload(view: FakeView): Obj {
    const { id, hash, type, callback_id, private_metadata, blocks } = view;
    return {
      id,
      team_id: world.options.team,
      hash,
      type,
      callback_id,
      private_metadata,
      blocks,
      state: { values: stateOf(world, blocks, view.typed) },
      root_view_id: id,
      bot_id: world.botId,
    };
  }

  async function event(
    fields: Obj & { type: string },
    options: { eventId?: string; team?: string } = {},
  ): Promise<Answered> {
    const payload = {
      token: 'deprecated',
      type: 'event_callback',
      team_id: options.team ?? world.options.team,
      api_app_id: 'A0APP',
      event_id: options.eventId ?? world.next('Ev'),
      event_time: Math.floor(world.options.clock().getTime() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: world.options.team,
          user_id: world.botUser,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      event: { event_ts: world.nextTs(), ...fields },
    };
    return deliver({ kind: 'events_api', payload });
  }

  return {
    slash,
    press,
    change,
    submit,
    event,
    /** the very same delivery once more, as Slack repeats it */
    again: (answered: Answered, retry = 1) => deliver(answered.delivery, retry),
    /** typed into the direct chat with the bot; `files` are ids of `addFile` */
    say: (user: string, text: string, files: string[] = [], threadTs?: string) =>
      event({
        type: 'message',
        channel: world.directOf(user).id,
        channel_type: 'im',
        user,
        team: person(user).team,
        text: escapedAsTyped(text),
        ts: world.nextTs(),
        ...(threadTs && { thread_ts: threadTs }),
        ...(files.length > 0 && { subtype: 'file_share', files: files.map((id) => fileObject(world, id)) }),
      }),
    /** `@bot text` in a channel */
    mention: (user: string, channel: string, text: string) =>
      event({
        type: 'app_mention',
        channel,
        user,
        team: person(user).team,
        text: `<@${world.botUser}> ${escapedAsTyped(text)}`,
        ts: world.nextTs(),
      }),
    openHome: (user: string) => event({ type: 'app_home_opened', user, channel: world.directOf(user).id, tab: 'home' }),
    async shortcut(user: string, callbackId: string) {
      const payload = {
        ...common(user),
        type: 'shortcut',
        callback_id: callbackId,
        trigger_id: world.addTrigger(user),
        action_ts: world.nextTs(),
      };
      return deliver({ kind: 'interactive', payload });
    },
    /** Chooses from the menu of a message that somebody (or some app) wrote in this channel. */
    async messageShortcut(user: string, channel: string, message: Obj, callbackId: string) {
      const at = place(user, channel);
      const payload = {
        ...common(user),
        type: 'message_action',
        callback_id: callbackId,
        trigger_id: world.addTrigger(user),
        action_ts: world.nextTs(),
        channel: at,
        message_ts: message.ts,
        message: { type: 'message', ...message },
        response_url: world.addResponseUrl(user, at.id, undefined),
      };
      return deliver({ kind: 'interactive', payload });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
