/**
 * Screens against the database: in each place of each request stands one live card, it is the very card that would be drawn now, and it says who
 * has signed, what has become of it, and offers the deciding buttons to whoever may decide and to nobody else.
 */
import { isDeepStrictEqual } from 'node:util';
import { renderCard as renderFeishu } from '../../adapters/feishu/render.ts';
import { renderCard as renderSlack } from '../../adapters/slack/render.ts';
import type { Card } from '../../src/core/card.ts';
import { buttonsIn } from '../support/slack/person.ts';
import { visibleTexts } from '../support/slack/validate.ts';
import { personOf } from './company.ts';
import type { Finding } from './finding.ts';
import type { Kept, KeptMessage, KeptRequest } from './kept.ts';
import { LABELS } from './people.ts';
import type { Standing, Wall } from './wall.ts';

export type Draw = (message: KeptMessage) => Promise<Card | undefined>;

/** Faults by request, so that those found may be looked at once more. */
export async function compareCards(wall: Wall, kept: Kept, draw: Draw, only?: ReadonlySet<string>) {
  const faults = new Map<string, string[]>();
  const say = (number: string, fault: string) => void faults.set(number, [...(faults.get(number) ?? []), fault]);
  let compared = 0;
  for (const message of kept.messages) {
    if (message.kind !== 'card' || message.about !== null || message.state !== 'live') continue;
    if (only && !only.has(message.subject)) continue;
    const request = kept.requests.get(message.subject);
    const card = standingOf(wall, message);
    compared += 1;
    if (!request) say(message.subject, 'a card of no request');
    else if (!card)
      say(message.subject, `${message.platform} ${message.address}: no card stands where the database says`);
    else {
      for (const fault of lies(wall, card, message, request)) say(message.subject, `${where(message)}: ${fault}`);
      const drawn = await draw(message);
      if (!drawn || !isDrawn(card, drawn))
        say(message.subject, `${where(message)}: it is not the card that would be drawn now`);
    }
  }
  return { faults, compared };
}

const where = ({ platform, audience }: KeptMessage): string => `${platform} ${audience}`;

function standingOf(wall: Wall, { subject, platform, ref_channel, ref_message }: KeptMessage): Standing | undefined {
  return wall
    .cards(subject)
    .find((card) =>
      card.platform === 'slack'
        ? platform === 'slack' && card.place === ref_channel && card.message.ts === ref_message
        : platform === 'feishu' && card.message.id === ref_message,
    );
}

const STATES: Record<string, string> = {
  open: '审批中',
  approved: '已批准',
  rejected: '已驳回',
  returned: '已退回修改',
  withdrawn: '已撤回',
};

/** Read as a person reads it, by the department's words alone. */
function lies(wall: Wall, card: Standing, { audience }: KeptMessage, request: KeptRequest): string[] {
  const text = wall.text(card);
  const open = request.steps.find((step) => step.state === 'open');
  const waiting =
    open?.signers.filter(({ signature, counted }) => !signature && !counted).map(({ person }) => person) ?? [];
  const faults: string[] = [];
  const word = open ? `等待 ` : (STATES[request.state] ?? '');
  if (!text.includes(word)) faults.push(`it does not say "${word}", though it is ${request.state}`);
  for (const { signers } of request.steps)
    for (const { person, signature } of signers) {
      const says = `${personOf(person).name} 已于 `;
      if (signature && !text.includes(says)) faults.push(`it does not say that ${person} has signed`);
    }
  const signed = new Set(
    request.steps.flatMap(({ signers }) => signers.filter(({ signature }) => signature)).map(({ person }) => person),
  );
  for (const [, name = ''] of text.matchAll(/(\S+) 已于 \S+ \S+ \S+ (?:批准|驳回|退回)/g))
    if (![...signed].some((person) => personOf(person).name === name)) faults.push(`it says that ${name} has signed`);
  const may =
    open !== undefined && (audience.startsWith('channel:') || waiting.includes(audience.slice('person:'.length)));
  if (wall.labels(card).includes(LABELS.approve) !== may)
    faults.push(may ? 'it lacks the deciding buttons' : 'it offers to decide');
  return faults;
}

function isDrawn(card: Standing, drawn: Card): boolean {
  if (card.platform === 'feishu')
    return isDeepStrictEqual(card.message.card, JSON.parse(JSON.stringify(renderFeishu(drawn, 'zh'))));
  const { blocks } = renderSlack(drawn, 'zh') as unknown as { blocks: (typeof card.message)['blocks'] };
  const seen = (some: typeof blocks) => [
    visibleTexts(some),
    buttonsIn(some).map(({ label, value, style }) => [label, value, style]),
  ];
  return isDeepStrictEqual(seen(card.message.blocks), seen(blocks));
}

/** Two live cards of one request in one place, and messages that were posted twice under one key of ours. */
export function judgeDoubles(wall: Wall, kept: Kept): { finding: Finding; doubled: { slack: number; feishu: number } } {
  const faults: string[] = [];
  let places = 0;
  for (const { number } of kept.requests.values()) {
    const live = wall.cards(number).filter((card) => wall.text(card).includes('审批路径'));
    for (const [place, cards] of Map.groupBy(live, (card) => card.place)) {
      places += 1;
      if (cards.length > 1) faults.push(`${number}: ${cards.length} live cards in ${place}`);
    }
  }
  const onSlack = wall.slack.messages.flatMap(({ metadata, channel }) => {
    const { id } = (metadata?.event_payload ?? {}) as { id?: string };
    return id === undefined ? [] : [`${id} ${channel}`];
  });
  const onFeishu = wall.feishu.platform.messages.flatMap(({ uuid, chat }) => (uuid ? [`${uuid} ${chat}`] : []));
  const doubled = { slack: onSlack.length - new Set(onSlack).size, feishu: onFeishu.length - new Set(onFeishu).size };
  if (doubled.slack > 0) faults.push(`${doubled.slack} posts of Slack's stand twice under one key`);
  if (doubled.feishu > 0) faults.push(`${doubled.feishu} posts of Feishu's stand twice under one key`);
  const compared = `${places} places, ${onSlack.length} posts on Slack, ${onFeishu.length} on Feishu`;
  return { finding: { asked: 'one live card in each place, no message posted twice', compared, faults }, doubled };
}
