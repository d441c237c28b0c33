/** Asks Slack itself whether what we need of it is there: token, scopes, channels, people, the socket, our own cards. Changes nothing. */
import type { webApi } from '@slack/bolt';
import type { Check, Content, Examination, Language } from '../../src/core/chat.ts';
import { examineWords } from '../../src/words/examine.ts';
import { type Api, createApi } from './api.ts';
import { deliveryError } from './errors.ts';
import { FormTooLarge, renderForm } from './form.ts';
import { skewAlarmMs } from './limits.ts';
import { scopes as needed } from './manifest.ts';
import { renderCard } from './render.ts';

type Words = ReturnType<typeof examineWords>;

/** `users.info` may be called a hundred times a minute, `conversations.info` fifty: https://docs.slack.dev/apis/web-api/rate-limits */
const PEOPLE = 60;
const CHANNELS = 40;
const AT_ONCE = 4;
const REACH_MS = 5_000;

export async function examineSlack(
  api: Api,
  settings: { appToken?: string; apiUrl?: string },
  deps: Parameters<typeof createApi>[1],
  asked: Examination,
): Promise<Check[]> {
  const w = examineWords(asked.language);
  let met: webApi.AuthTestResponse;
  try {
    met = await api.web.auth.test();
  } catch (error) {
    return [notMet(error, w)];
  }
  const skew = Math.round((api.skewMs() ?? 0) / 1000);
  const clock: Check =
    Math.abs(skew) * 1000 > skewAlarmMs
      ? { kind: 'limits', ...w.skew(w.named.slack, skew) }
      : { kind: 'well', what: w.clock(w.named.slack) };
  const parts = await Promise.all([
    channels(api, asked, w),
    people(api, asked, w),
    samples(api, asked, w),
    asked.thorough && settings.appToken ? [await socket({ ...settings, botToken: settings.appToken }, deps, w)] : [],
  ]);
  return [
    { kind: 'well', what: w.slack.signedIn(met.team ?? met.team_id ?? '') },
    grantedScopes(met, w),
    clock,
    ...parts.flat(),
  ];
}

function notMet(error: unknown, w: Words): Check {
  const { problem, code } = deliveryError(error, 'again');
  return { kind: 'stops', ...(problem === 'credentials' ? w.slack.refused(code) : w.slack.away(code)) };
}

/** Every answer says what the token may do: https://docs.slack.dev/authentication/installing-with-oauth#scopes */
function grantedScopes(met: webApi.AuthTestResponse, w: Words): Check {
  const granted = met.response_metadata?.scopes;
  if (granted === undefined) return { kind: 'note', ...w.slack.noScopes };
  const missing = needed.filter((scope) => !granted.includes(scope));
  return missing.length > 0
    ? { kind: 'limits', ...w.slack.scopes(w.list(missing)) }
    : { kind: 'well', what: w.scopes(w.named.slack, needed.length) };
}

async function channels(api: Api, { channels: all }: Examination, w: Words): Promise<Check[]> {
  const looked = await each(all.slice(0, CHANNELS), async ({ name, id }): Promise<Check | undefined> => {
    try {
      const { channel } = await api.web.conversations.info({ channel: id });
      if (channel?.is_archived) return { kind: 'limits', ...w.slack.archived(name) };
      return channel?.is_member ? undefined : { kind: 'limits', ...w.slack.notIn(name) };
    } catch (error) {
      const { code } = deliveryError(error, 'again');
      return code === 'channel_not_found'
        ? { kind: 'limits', ...w.slack.noChannel(name, id) }
        : { kind: 'note', ...w.slack.channelUnknown(name, code) };
    }
  });
  const found = onceUnseen(looked);
  return found.length > 0 || all.length === 0 ? found : [{ kind: 'well', what: w.channels(w.named.slack, all.length) }];
}

/** What keeps us from seeing one channel keeps us from seeing all. */
function onceUnseen(checks: readonly Check[]): Check[] {
  const first = checks.find(({ kind }) => kind === 'note');
  return checks.filter((check) => check.kind !== 'note' || check === first);
}

async function people(api: Api, { people: all }: Examination, w: Words): Promise<Check[]> {
  const asked = all.slice(0, PEOPLE);
  let unsure = false;
  const found = await each(asked, async ({ name, account }): Promise<Check | undefined> => {
    try {
      const { user } = await api.web.users.info({ user: account });
      if (user?.deleted) return { kind: 'limits', ...w.slack.leftPerson(name) };
      const guest = user?.is_restricted || user?.is_ultra_restricted;
      return guest ? { kind: 'limits', ...w.slack.guest(name) } : undefined;
    } catch (error) {
      const { code } = deliveryError(error, 'again');
      if (code === 'user_not_found' || code === 'users_not_found')
        return { kind: 'limits', ...w.slack.noPerson(name, account) };
      // the missing scope, the line that is down: said once, where it belongs
      unsure = true;
      return undefined;
    }
  });
  return found.length > 0 || asked.length === 0 || unsure
    ? found
    : [{ kind: 'well', what: w.people(w.named.slack, asked.length) }];
}

/** Slack checks blocks without showing them to anybody: https://docs.slack.dev/reference/methods/blocks.validate */
async function samples(api: Api, { samples: all, language }: Examination, w: Words): Promise<Check[]> {
  const accepted: string[] = [];
  const found = await each(all, async (content): Promise<Check | undefined> => {
    const name = content.kind === 'card' ? content.card.headline : content.form.title;
    const answer = await validated(api, content, language);
    if (answer === 'accepted') accepted.push(name);
    if (answer === 'accepted') return undefined;
    return answer.kind === 'bad'
      ? { kind: 'limits', ...w.slack.badCard(name, answer.why) }
      : { kind: 'note', ...w.slack.cannotCheck(answer.code) };
  });
  return accepted.length > 0 ? [...found, { kind: 'well', what: w.slack.card(w.list(accepted)) }] : found;
}

type Validated = 'accepted' | { kind: 'bad'; why: string } | { kind: 'unasked'; code: string };

async function validated(api: Api, content: Content, language: Language): Promise<Validated> {
  try {
    const drawn =
      content.kind === 'card'
        ? { blocks: renderCard(content.card, language).blocks }
        : { view: renderForm(content.form, language) };
    await api.web.blocks.validate(drawn as webApi.BlocksValidateArguments);
    return 'accepted';
  } catch (error) {
    if (error instanceof FormTooLarge) return { kind: 'bad', why: 'form_too_large' };
    const { code, cause } = deliveryError(error, 'again');
    return /^invalid_(?:blocks|view|message|arguments)$/.test(code)
      ? { kind: 'bad', why: firstFault(cause) ?? code }
      : { kind: 'unasked', code };
  }
}

/** "errors": [{ pointer, code, message, constraint }] */
function firstFault(cause: unknown): string | undefined {
  const data = (cause as { data?: { errors?: { pointer?: string; message?: string }[] } } | undefined)?.data;
  const [first] = data?.errors ?? [];
  return first && `${first.pointer ?? ''} ${first.message ?? ''}`.trim().slice(0, 200);
}

/** No socket is opened: Slack would hand people's presses to it, and nobody there would answer them. */
async function socket(
  settings: { botToken: string; apiUrl?: string },
  deps: Parameters<typeof createApi>[1],
  w: Words,
): Promise<Check> {
  let url = '';
  try {
    url = (await createApi(settings, deps).web.apps.connections.open({})).url ?? '';
  } catch (error) {
    return { kind: 'stops', ...w.slack.socketRefused(deliveryError(error, 'again').code) };
  }
  try {
    const { origin } = new URL(url.replace(/^ws/, 'http'));
    await fetch(origin, { redirect: 'manual', signal: AbortSignal.timeout(REACH_MS) });
    return { kind: 'well', what: w.slack.socket };
  } catch (error) {
    return { kind: 'stops', ...w.slack.socketAway(deliveryError(error, 'again').code) };
  }
}

/** Some at a time; what is well needs no words. */
async function each<T>(all: readonly T[], look: (one: T) => Promise<Check | undefined>): Promise<Check[]> {
  const left = all.entries();
  const found: (Check | undefined)[] = [];
  const hand = async (): Promise<void> => {
    for (const [place, one] of left) found[place] = await look(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
  return found.filter((check) => check !== undefined);
}
