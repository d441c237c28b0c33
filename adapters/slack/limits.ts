/**
 * What Slack accepts, in one place: https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/apis/web-api/rate-limits.
 * Lengths are UTF-16 units here; Slack counts code points, of which there are never more.
 */
export const limits = {
  header: 150,
  section: 3000,
  fieldsInSection: 10,
  field: 2000,
  contextText: 2000,
  button: { text: 75, value: 2000, perBlock: 25 },
  confirm: { title: 100, text: 300, button: 30 },
  option: { text: 75, value: 150, perList: 100, groups: 100, groupLabel: 75 },
  input: { label: 2000, hint: 2000, placeholder: 150, maxLength: 3000, files: 10 },
  url: 3000,
  view: { title: 24, button: 24, metadata: 3000, blocks: 100 },
  message: {
    blocks: 50,
    /**
     * Slack answers `msg_blocks_too_long` near 13,200 characters, each block costing some more (a divider: about 125);
     * undocumented, measured in https://github.com/slackapi/bolt-js/issues/2509. So we count the JSON, and 100 per block.
     */
    weight: 12_000,
    weightPerBlock: 100,
    /** `chat.update` refuses `text` above 4,000 bytes of UTF-8 (`msg_too_long`), though `chat.postMessage` takes 40,000 characters */
    textBytes: 3800,
  },
  /** https://docs.slack.dev/reference/methods/conversations.create and …/conversations.setTopic */
  channel: { name: 80, topic: 250 },
  /** 1,000 by the page of conversations.invite, 100 by older ones */
  invitedAtOnce: 100,
  /** 250 KB for a whole view */
  viewWeight: 200_000,
} as const;

/** Slack gives three seconds: https://docs.slack.dev/interactivity/handling-user-interaction */
export const answerWithinMs = 2_500;
/** Older (or newer) requests are replays or a wrong clock: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signatureWindowSeconds = 300;
export const bodyBytes = 1024 * 1024;
/** Beyond this our clock endangers the signature check, so the health page says it. */
export const skewAlarmMs = 60_000;
export const apiTimeoutMs = 8_000;
/** How long after an answer we wait when Slack says 429 without saying for how long. */
export const retryAfterDefaultSeconds = 5;
