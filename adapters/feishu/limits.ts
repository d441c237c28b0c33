/** Feishu's numbers, each with the page that states it; everything else in this folder takes them from here. */

/** Events larger than this are not ours: the largest real one (a long rich text) is far below. */
export const BODY_BYTES = 1024 * 1024;

/** How far a signed request's timestamp may be from our clock, both ways: older or newer is a replay or a lie. */
export const SIGNATURE_WINDOW_S = 300;

/** Past this the host's clock is on its way to refusing everything: said in `/healthz` before it happens. */
export const SKEW_MS = 60_000;

/**
 * Card requests are limited to 30 KB, measured on the request body, in which the card is a JSON text inside JSON.
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create
 */
export const REQUEST_BYTES = 30 * 1024;
/** What the body needs beside the card: receive_id, msg_type, uuid and the braces. */
export const ENVELOPE_BYTES = 512;

/** "A card has at most 200 elements (such as a text whose tag is plain_text) or components". https://open.feishu.cn/document/feishu-cards/card-json-v2-structure */
export const CARD_TAGS = 200;

/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/interactive-components/button */
export const BUTTON_TEXT = 100;
/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/interactive-components/input */
export const INPUT_TEXT = 1000;
export const PLACEHOLDER_TEXT = 100;

/** `uuid` of a message: at most 50 characters, at most one success an hour. */
export const UUID_TEXT = 50;

/** Cards can be updated for 14 days, https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/patch */
export const CARD_LIFE_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * Rates: 5 a second to one person or group, 5 a second on one message; 50 a second and 1,000 a minute on each interface
 * (same two pages). The windows are a little longer than theirs: what we send evenly may arrive bunched.
 */
const SECOND = 1100;
const MINUTE = 61_000;
export const toReceiver = (id: string) => ({ key: `to:${id}`, most: 5, within: SECOND });
export const onMessage = (id: string) => ({ key: `edit:${id}`, most: 5, within: SECOND });
export const onInterface = (name: string) => [
  { key: `${name}/s`, most: 50, within: SECOND },
  { key: `${name}/min`, most: 1000, within: MINUTE },
];

/** A callback is answered within 3 s; this much of it is given to the work. */
export const CALLBACK_MS = 2500;

/** What stands behind a link is read within the answer to whoever sent it: all calls together take at most this long. */
export const DOCUMENT_MS = 2000;
/** No more of a document is read than minutes could ever need. */
export const DOCUMENT_BYTES = 512 * 1024;

/** Of a group: https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/chat/create.md */
export const GROUP_NAME = 60;
export const GROUP_TEXT = 100;
/** https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/chat-members/create.md */
export const INVITED_AT_ONCE = 50;

/** The slash-command panel holds at most this many commands of one app. */
export const PANEL_COMMANDS = 100;
