/** WeCom's numbers, each with the page that states it; everything else in this folder takes them from here. */

/**
 * What a template card holds, in characters (字: `widthOf` counts half-width ones as halves). The page says "建议不超过": what is
 * longer is not refused but cut by the reader's client, where nobody sees that something is missing.
 * https://developer.work.weixin.qq.com/document/path/90236 (模板卡片消息)
 */
export const CARD = {
  title: 36,
  titleDesc: 44,
  subTitle: 160,
  /** the page names no number; it stands in the same frame as the text below the title */
  quote: 160,
  facts: 6,
  factName: 5,
  factValue: 30,
  jumps: 3,
  jumpTitle: 18,
  buttons: 6,
  buttonText: 10,
} as const;

/** "最长支持1024字节，不可重复" (same page). */
export const KEY_BYTES = 1024;
/** "只能由数字、字母和“_-@”组成，最长128字节" (same page). */
export const TASK_ID = /^[0-9A-Za-z_@-]{1,128}$/;
/** 40039: "url长度限制1024个字节". https://developer.work.weixin.qq.com/document/path/90313 */
export const URL_BYTES = 1024;
/** "文本消息内容，最长不超过2048个字节，超过将截断" (path/90236). */
export const TEXT_BYTES = 2048;
/** A group robot's markdown. https://developer.work.weixin.qq.com/document/path/91770 */
export const ROBOT_BYTES = 4096;

/**
 * `duplicate_check_interval`: 1,800 s unless told, 4 hours at most (path/90236). A repeated send looks back as far as it can. Answers look
 * back only as far as their own tries: who asks the same again a minute later is answered again.
 */
export const LOOK_BACK_S = { first: 5, again: 4 * 3600, answer: 5, answerAgain: 600 } as const;

/** The answer to a callback must come within 5 s, or it is sent again (path/90930); this much of it is given to the work. */
export const CALLBACK_MS = 4000;
/** Messages that people type are 2,048 bytes; what is far larger is not from WeCom. */
export const BODY_BYTES = 256 * 1024;
/** How far a callback's timestamp may be from our clock, both ways: older or newer is a replay or a lie. */
export const SIGNATURE_WINDOW_S = 300;
/** Past this the host's clock is on its way to refusing every callback: said in `/healthz` before it happens. */
export const SKEW_MS = 60_000;

/**
 * "每应用对同一个成员不可超过30次/分钟，1000次/小时，超过部分会被丢弃不下发": what is too much is lost in silence, so we stay below by our
 * own count. https://developer.work.weixin.qq.com/document/path/90454. Robots: "不能超过20条/分钟" (path/91770). The windows are a
 * little longer than theirs: what we send evenly may arrive bunched.
 */
const MINUTE = 62_000;
const HOUR = 3_602_000;
export const toMember = (id: string) => [
  { key: `to:${id}/min`, most: 30, within: MINUTE },
  { key: `to:${id}/h`, most: 1000, within: HOUR },
];
export const byRobot = (name: string) => [{ key: `robot:${name}`, most: 20, within: MINUTE }];
/** Whoever runs into a limit all the same is shut out for 60 s (path/90454). */
export const SHUT_OUT_MS = 60_000;
