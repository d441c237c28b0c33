/**
 * Carries out what is said after the acknowledgement. Each way may be closed (a response_url after five uses, a trigger
 * after three seconds), so each has a next one; the last is the person's direct chat.
 */
import type { Logger } from 'pino';
import type { Language } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import type { Step } from './answer.ts';
import type { Api } from './api.ts';
import { isSlackHost } from './deliver.ts';
import { codeOf } from './errors.ts';
import type { Door } from './parse.ts';
import { postJson } from './post.ts';
import { type Message, renderSentence } from './render.ts';

export type Respond = (door: Door, step: Step, language: Language) => Promise<void>;

const responseTimeoutMs = 5_000;

type Way = { name: string; go: () => Promise<unknown> };

export function createRespond(deps: { api: Api; log: Logger; apiUrl: string | undefined }): Respond {
  const { api, log } = deps;

  async function firstThatWorks(ways: Way[]): Promise<boolean> {
    for (const way of ways) {
      try {
        await way.go();
        return true;
      } catch (error) {
        log.warn(
          { way: way.name, code: error instanceof RefusedResponse ? error.code : codeOf(error) },
          'slack answer refused',
        );
      }
    }
    return false;
  }

  async function useResponseUrl(url: string, body: Record<string, unknown>): Promise<void> {
    if (!isSlackHost(url, deps.apiUrl)) throw new RefusedResponse('elsewhere');
    const { status, text } = await postJson(url, body, responseTimeoutMs);
    const code = /"error"\s*:\s*"([a-z_]+)"/.exec(text)?.[1];
    if (status < 200 || status > 299 || code) throw new RefusedResponse(code ?? `http_${status}`);
  }

  /** https://docs.slack.dev/reference/methods/chat.postEphemeral: only in a channel where both the person and we are */
  function whisperWays(door: Door, message: Message): Way[] {
    const ways: Way[] = [];
    const url = 'responseUrl' in door ? door.responseUrl : undefined;
    const channel = 'channel' in door ? door.channel : undefined;
    if (url)
      ways.push({
        name: 'response_url',
        go: () => useResponseUrl(url, { response_type: 'ephemeral', replace_original: false, ...message }),
      });
    const kept = door.kind === 'message' && (door.direct || hasFields(message));
    if (channel && !kept) {
      ways.push({
        name: 'chat.postEphemeral',
        go: () => api.web.chat.postEphemeral({ channel, user: door.user, ...message, ...quiet }),
      });
    }
    ways.push({
      name: 'chat.postMessage',
      go: () =>
        api.web.chat.postMessage({
          channel: directOf(door),
          ...message,
          ...quiet,
          unfurl_links: false,
          unfurl_media: false,
        }),
    });
    return ways;
  }

  async function whisper(door: Door, message: Message): Promise<void> {
    const told = await firstThatWorks(whisperWays(door, message));
    if (!told) log.error({ account: door.user, door: door.kind }, 'slack answer could not be delivered');
  }

  async function replace(door: Door, message: Message): Promise<void> {
    const ways: Way[] = [];
    const url = 'responseUrl' in door ? door.responseUrl : undefined;
    if (url) ways.push({ name: 'response_url', go: () => useResponseUrl(url, { replace_original: true, ...message }) });
    if (door.kind === 'form-message' && !door.ephemeral) {
      ways.push({
        name: 'chat.update',
        go: () => api.web.chat.update({ channel: door.channel, ts: door.message, ...message }),
      });
    }
    if (!(await firstThatWorks(ways))) await whisper(door, message);
  }

  async function open(door: Door, view: Extract<Step, { do: 'open' }>['view'], language: Language): Promise<void> {
    const trigger = 'trigger' in door ? door.trigger : undefined;
    const ways = trigger ? [{ name: 'views.open', go: () => api.web.views.open({ trigger_id: trigger, view }) }] : [];
    if (await firstThatWorks(ways)) return;
    await whisper(door, renderSentence(slackWords(language).pressAgain, 'bad', language));
  }

  async function redraw(door: Door, step: Extract<Step, { do: 'redraw' }>): Promise<void> {
    const view = openView(door);
    // A preview must not overwrite a newer one (`hash_conflict`); a result must show whatever stands there.
    const hash = door.kind === 'preview' ? view?.hash : undefined;
    const ways = view
      ? [
          {
            name: 'views.update',
            go: () => api.web.views.update({ view_id: view.id, view: step.view, ...(hash && { hash }) }),
          },
        ]
      : [];
    if (!(await firstThatWorks(ways)) && step.otherwise) await whisper(door, step.otherwise);
  }

  return async (door, step, language) => {
    switch (step.do) {
      case 'whisper':
        return whisper(door, step.message);
      case 'replace':
        return replace(door, step.message);
      case 'open':
        return open(door, step.view, language);
      case 'redraw':
        return redraw(door, step);
      case 'home': {
        await firstThatWorks([
          { name: 'views.publish', go: () => api.web.views.publish({ user_id: door.user, view: step.view }) },
        ]);
        return;
      }
      default:
        return step satisfies never;
    }
  };
}

/** A response_url that Slack (or we) will not take: `used_url`, `expired_url`, … */
class RefusedResponse extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`response_url refused: ${code}`);
    this.name = 'RefusedResponse';
    this.code = code;
  }
}

const quiet = { link_names: false, parse: 'none' } as const;

/** What is typed into a form should still be there tomorrow: an ephemeral message is gone with the next reload. */
function hasFields(message: Message): boolean {
  return message.blocks.some((block) => block.type === 'input');
}

function directOf(door: Door): string {
  return door.kind === 'message' && door.direct ? door.channel : door.user;
}

function openView(door: Door): { id: string; hash: string | undefined } | undefined {
  if (door.kind === 'submit' || door.kind === 'preview') return door.view;
  return door.kind === 'click' ? door.modal : undefined;
}
