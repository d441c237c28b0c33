/** Spent first by 王晓文 in an office whose auditor is there as well, and what is asked of it in every story about ratifying. */
import { expect } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { type Reading, requestCard } from '../../src/requests/cards.ts';
import type { Spend } from '../../src/requests/ratify.ts';
import { STARS } from '../support/company.ts';
import { openOffice, spend } from './office.ts';

export const payout = { amount: '8万', title: '下架赔付' };
export const yes: Spend['verdict'] = { execute: true, ratify: { amount: 24, unit: 'hours', working: true } };
export const auditor = { id: 'zhou', name: '周审', roles: ['auditor'] };
export type Office = ReturnType<typeof openOffice>;

/** A Thursday, 10:00 in Shanghai: 24 hours of work end on the Monday after the weekend, at 16:00. */
export const DUE = '2026-12-07T08:00:00.000Z';
export const spentFirst = (by = 'wang', values: Record<string, string> = payout): Office => {
  const office = openOffice({ people: [...STARS, auditor] });
  expect(office.spends(by, values, yes)).toBe('done');
  return office;
};

export const reading = (office: Office, language: 'zh' | 'en' = 'zh'): Reading => {
  const { request } = office;
  const { directory } = office.world();
  return { request, process: spend, directory, language, files: [], cited: new Map() };
};
export const said = ({ headline, summary, blocks }: Card): string => JSON.stringify([headline, summary, blocks]);
export const card = (office: Office, viewer = 'li', language: 'zh' | 'en' = 'zh') =>
  requestCard(reading(office, language), { person: viewer });
export const buttonsOn = (one: Card) => one.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
export const labels = (office: Office, viewer: string) => buttonsOn(card(office, viewer)).map(({ label }) => label);
export const rung = (office: Office): string[] =>
  office
    .told()
    .flatMap((one) => (one.kind === 'notice' && 'person' in one.to ? [`${one.to.person} ${one.about}`] : []));
export const cardsFor = (office: Office): string[] =>
  office.told().flatMap((one) => (one.kind === 'card' && 'person' in one.to ? [one.to.person] : []));
export const due = (office: Office) => office.timers.get('SP-2026-0001|ratify')?.due.toISOString();
