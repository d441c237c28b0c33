/** The app manifest that an installer pastes into Slack: https://docs.slack.dev/reference/app-manifest. Pure. */
import type { Language } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import { ADD_TO_TIMELINE } from './payloads.ts';
import { cut } from './text.ts';

export interface ManifestOptions {
  name: string;
  /** how Slack reaches us, without the path; of no use with Socket Mode */
  url: string;
  commands: { command: string; description: string; hint: string }[];
  socketMode: boolean;
  /** in whose words a message can be added to the timeline of a crisis; absent: there are no crises */
  timeline?: Language;
}

/** What is called, and why: nothing is asked for that is not used. */
export const scopes = [
  'commands',
  'chat:write', // cards, and answers to them
  'im:write', // the direct chat of a person
  'im:history', // what is said to the bot; a look before posting again
  'channels:read', // is the bot in the channels of the handbook?
  'channels:history', // a look before posting again in a channel
  'groups:history',
  'groups:write', // a crisis has a room: it is made, and people are brought in
  'groups:read', // a look before making the room again
  'pins:write', // the situation stays on top of it
  'app_mentions:read', // what is said to the bot in a channel
  'files:read', // attachments
  'users:read', // is this account a guest?
];

const events = ['app_home_opened', 'app_mention', 'message.im', 'app_uninstalled', 'tokens_revoked', 'user_change'];

/** Slack shows at most five global shortcuts of an app. */
const shortcutsShown = 5;

export function slackManifest({ name, url, commands, socketMode, timeline }: ManifestOptions): object {
  const endpoint = `${url.replace(/\/+$/, '')}/slack/events`;
  const reached = socketMode ? {} : { request_url: endpoint };
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: cut(name, 35),
      description: cut(`${name}: requests and approvals`, 140),
      background_color: '#1a2b3c',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: cut(name, 80), always_online: true },
      shortcuts: [
        ...commands.slice(0, shortcutsShown).map(globalShortcut),
        ...(timeline ? [toTimeline(timeline)] : []),
      ],
      slash_commands: commands.map(({ command, description, hint }) => ({
        command,
        ...(!socketMode && { url: endpoint }),
        description: cut(description || command, 100),
        ...(hint && { usage_hint: cut(hint, 100) }),
        // Mentions then come as `<@U123|name>` and can be told from text.
        should_escape: true,
      })),
    },
    oauth_config: { scopes: { bot: scopes } },
    settings: {
      event_subscriptions: { ...reached, bot_events: events },
      interactivity: { is_enabled: true, ...reached },
      org_deploy_enabled: false,
      socket_mode_enabled: socketMode,
      // The token stands in the environment and nobody renews it there.
      token_rotation_enabled: false,
    },
  };
}

const globalShortcut = ({ command, description }: ManifestOptions['commands'][number]) => ({
  name: cut(description || command, 24),
  type: 'global',
  callback_id: command,
  description: cut(description || command, 150),
});

/** In the menu of every message. */
const toTimeline = (language: Language) => ({
  name: cut(slackWords(language).addToTimeline, 24),
  type: 'message',
  callback_id: ADD_TO_TIMELINE,
  description: cut(slackWords(language).addToTimelineText, 150),
});
