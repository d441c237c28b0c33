/**
 * The payloads that Slack sends, as far as we read them: https://docs.slack.dev/reference/interaction-payloads,
 * https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/apis/events-api
 */
import { z } from 'zod';

/** By these a delivery is known again, in an index that takes no more than 2,704 bytes; Slack's own are far shorter (an `action_id`: 255). */
const Id = z.string().max(100);

const User = z.object({ id: Id, team_id: Id.optional() });

export const Command = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: Id,
  team_id: Id,
  channel_id: Id,
  channel_name: z.string().default(''),
  trigger_id: Id,
  response_url: z.string(),
});

const SlackFile = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  url_private_download: z.string().optional(),
  url_private: z.string().optional(),
});

export type SlackFile = z.infer<typeof SlackFile>;

const State = z.object({
  values: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        value: z.string().nullish(),
        selected_date: z.string().nullish(),
        selected_user: z.string().nullish(),
        selected_option: z.object({ value: z.string() }).nullish(),
        files: z.array(SlackFile).nullish(),
      }),
    ),
  ),
});
export type State = z.infer<typeof State>;

const ViewPayload = z.object({
  id: Id,
  hash: Id.optional(),
  type: z.string().optional(),
  private_metadata: z.string().default(''),
  state: State.optional(),
  blocks: z.array(z.object({ block_id: z.string().optional(), type: z.string() })).default([]),
});

export const Press = z.object({
  user: User,
  channel: z.object({ id: Id, name: z.string().optional() }).nullish(),
  container: z.object({
    message_ts: Id.optional(),
    channel_id: Id.optional(),
    is_ephemeral: z.boolean().optional(),
  }),
  actions: z
    .array(z.object({ action_id: z.string().max(255), type: z.string(), value: z.string().nullish(), action_ts: Id }))
    .min(1),
  trigger_id: Id.optional(),
  response_url: z.string().optional(),
  view: ViewPayload.optional(),
  state: State.optional(),
});
export type Press = z.infer<typeof Press>;

export const Submission = z.object({ user: User, trigger_id: Id.optional(), view: ViewPayload });

export const Shortcut = z.object({ user: User, trigger_id: Id, callback_id: z.string() });

/** The message shortcut by which a message becomes a fact. */
export const ADD_TO_TIMELINE = 'add_to_timeline';

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export const MessageShortcut = z.object({
  user: User,
  trigger_id: Id,
  response_url: z.string().optional(),
  team: z.object({ domain: z.string().optional() }).nullish(),
  channel: z.object({ id: Id, name: z.string().optional() }),
  message: z.object({
    ts: z.string().regex(/^\d{1,12}(\.\d{1,9})?$/),
    thread_ts: z.string().optional(),
    user: z.string().nullish(),
    username: z.string().nullish(),
    bot_id: z.string().nullish(),
    text: z.string().nullish(),
    files: z.array(SlackFile).nullish(),
  }),
});
export type MessageShortcut = z.infer<typeof MessageShortcut>;

export const Envelope = z.object({
  event_id: Id,
  team_id: z.string().optional(),
  event: z.object({
    type: z.string(),
    subtype: z.string().optional(),
    user: Id.optional(),
    bot_id: z.string().nullish(),
    team: z.string().nullish(),
    user_team: z.string().nullish(),
    channel: Id.optional(),
    channel_type: z.string().optional(),
    tab: z.string().optional(),
    text: z.string().nullish(),
    thread_ts: z.string().optional(),
    ts: Id.optional(),
    hidden: z.boolean().optional(),
    files: z.array(SlackFile).nullish(),
  }),
});
export type Envelope = z.infer<typeof Envelope>;

const Teams = z.object({
  team_id: z.string().nullish(),
  team: z.object({ id: z.string() }).nullish(),
  authorizations: z.array(z.object({ team_id: z.string().nullish() })).nullish(),
});

/** The workspace in which a payload says that it arose; believed only until we know our own. */
export function teamOf(body: unknown): string | undefined {
  const read = Teams.safeParse(body).data;
  return read?.authorizations?.[0]?.team_id ?? read?.team_id ?? read?.team?.id ?? undefined;
}
