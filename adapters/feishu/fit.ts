/**
 * Making a card small enough to be sent, whatever is in it: what is too large for Feishu is drawn again with less, step
 * by step, until it fits. The last step is text and buttons only: a card on which somebody must decide always arrives.
 */
import { CARD_TAGS, ENVELOPE_BYTES, REQUEST_BYTES } from './limits.ts';

export type CardJson = Record<string, unknown>;

/** How much may be drawn; each step allows less than the one before. */
export interface Room {
  /** blocks whose `drop` is at least this are left out; 4 leaves out none */
  dropFrom: 1 | 2 | 3 | 4;
  /** the longest text, in characters */
  text: number;
  /** small print under the path's lines, hints under fields */
  details: boolean;
  /** only what cannot be missed: summary and buttons, fields and their faults */
  bare: boolean;
  /** at most this many buttons (the styled ones last to go), options of a choice, and people */
  many: number;
}

const STEPS: Room[] = [
  { dropFrom: 4, text: 4000, details: true, bare: false, many: 200 },
  { dropFrom: 3, text: 4000, details: true, bare: false, many: 200 },
  { dropFrom: 2, text: 4000, details: true, bare: false, many: 200 },
  { dropFrom: 1, text: 4000, details: true, bare: false, many: 200 },
  { dropFrom: 1, text: 1000, details: true, bare: false, many: 100 },
  { dropFrom: 1, text: 300, details: true, bare: false, many: 50 },
  { dropFrom: 1, text: 120, details: false, bare: false, many: 20 },
  { dropFrom: 1, text: 1000, details: false, bare: true, many: 20 },
  { dropFrom: 1, text: 200, details: false, bare: true, many: 10 },
  { dropFrom: 1, text: 80, details: false, bare: true, many: 5 },
  { dropFrom: 1, text: 40, details: false, bare: true, many: 2 },
];

/** The fullest drawing that Feishu takes; the barest one when none does (then the platform's own refusal is told). */
export function fitted(draw: (room: Room) => CardJson): CardJson {
  let card: CardJson = {};
  for (const room of STEPS) {
    card = draw(room);
    if (fits(card)) return card;
  }
  return card;
}

export function fits(card: CardJson): boolean {
  return bytesOf(card) <= REQUEST_BYTES - ENVELOPE_BYTES && tagsOf(card) <= CARD_TAGS;
}

/** The card travels as a JSON text inside the request's JSON: its quotes are paid for twice. */
export function bytesOf(card: CardJson): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(card)));
}

/** Everything with a `tag` counts, texts too. */
export function tagsOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + tagsOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const own = 'tag' in value && typeof value.tag === 'string' ? 1 : 0;
  return Object.values(value).reduce<number>((sum, item) => sum + tagsOf(item), own);
}
