/** Twilio's numbers, each with the page that states it; everything else in this folder takes them from here. */

/**
 * What is said at once, in characters. Said twice, all of it `&amp;`, with our address twice, it stays below "4000 characters" of TwiML
 * (https://www.twilio.com/docs/api/errors/32018); URL-encoded, 9 for a Chinese character, below 4,500 (https://www.twilio.com/docs/api/errors/13521).
 */
export const SPOKEN_CHARACTERS = 220;
/** Our address within it stands there twice. */
export const LINK_CHARACTERS = 500;
/** "The text body of the message. Up to 1,600 characters long." https://www.twilio.com/docs/messaging/api/message-resource */
export const SMS_CHARACTERS = 1600;
/** A text message of Chinese is cut into parts of 67 characters that cost each: what is rung for is said in three. */
export const RUNG_SMS_CHARACTERS = 200;

/** How long a phone rings: long enough to find it in the dark. The default is 60 s. https://www.twilio.com/docs/voice/api/call-resource */
export const RING_S = 45;
/** How long a key is waited for after each time that it was said. The default is 5 s. https://www.twilio.com/docs/voice/twiml/gather */
export const KEY_S = 8;
/** How often a wrong key is answered before we hang up. */
export const WRONG_KEYS = 3;

/**
 * How Twilio calls us back: three more tries where we do not answer, so that a restart loses no key. It waits 15 s at most for all tries
 * together; we answer well within one. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
export const PERSISTENCE = '#rc=3&rp=5xx,ct,rt&ct=2000&rt=6000';
/** This much of it is given to the work; somebody holds the phone meanwhile. */
export const ANSWER_MS = 4500;
/** A text message is 1,600 characters; what is far larger is not from Twilio. */
export const BODY_BYTES = 64 * 1024;

/** Two machines that answer each other by text message would never stop. */
export const REPLIES = { most: 30, withinMs: 3_600_000 } as const;

/** One page of the list of what was sent to one number: more than anybody is rung within minutes. */
export const LOOK_BACK_ITEMS = 100;
/** Both clocks tell whole seconds, and the request was on its way. */
export const CLOCK_SLACK_MS = 10_000;

export const TIMEOUT_MS = 10_000;
/** First tries follow each other quickly; a platform that stays away is asked every minute. */
export const RETRY_MS = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;
