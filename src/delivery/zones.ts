/**
 * Whose clock a card speaks by. All times are the company's, so that all readers of one card mean the same moment; whoever lives by another
 * clock, and everybody in a channel where somebody does, is told so below. Not by how many hours: that may be another number on the day. Pure.
 */
import { Temporal } from 'temporal-polyfill';
import type { Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { Audience } from '../core/module.ts';
import type { Directory } from '../directory/model.ts';
import { roadWords } from '../words/road.ts';

export function withZone(card: Card, to: Audience, directory: Directory, language: Language, at: Date): Card {
  const ours = directory.company.timezone;
  const readers = 'person' in to ? [directory.people.get(to.person)] : [...directory.people.values()];
  const theirs = readers
    .flatMap((one) => (one?.active && one.hours ? [one.hours.timezone] : []))
    .find((zone) => differ(zone, ours, at));
  if (theirs === undefined) return card;
  const w = roadWords(language);
  const text = 'person' in to ? w.clockNotYours(ours, theirs) : w.clock(ours);
  return { ...card, blocks: [...card.blocks, { kind: 'note', text, drop: 1 }] };
}

export const namesTime = ({ blocks }: Card): boolean => /(?<!\d)\d{2}:\d{2}(?!\d)/.test(JSON.stringify(blocks));

const HALF_A_YEAR_MS = 182 * 86_400_000;

/** Now or in the other half of the year. */
const differ = (one: string, other: string, at: Date): boolean =>
  [at.getTime(), at.getTime() + HALF_A_YEAR_MS].some((moment) => offsetOf(one, moment) !== offsetOf(other, moment));

const offsetOf = (zone: string, moment: number): string =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).offset;
