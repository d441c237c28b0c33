/** Decisions sent out by mail and WeCom (N1), with the date to keep. Pure. */
import type { Block, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { invitationText } from '../core/icalendar.ts';
import type { JsonObject } from '../core/message.ts';
import { decisionWords } from '../words/decisions.ts';
import { meetingWords } from '../words/meetings.ts';
import { decisionCard, noticeCard, type Reading } from './cards.ts';
import { dueEventOf } from './lookup.ts';
import { type DecisionTaken, isOfDrill, originOf } from './model.ts';

export function letterCard(reading: Reading, about: string, data: JsonObject, reader: string): Card | undefined {
  const { decision, at, language } = reading;
  const notice = noticeCard(reading, about, data, reader);
  if (!notice || decision.state === 'void') return undefined;
  const card = decisionCard(reading, { person: reader });
  const text: Block = { kind: 'text', text: notice.summary, strong: true };
  return {
    ...card,
    summary: notice.summary,
    blocks: [text, ...card.blocks.flatMap(sendable)],
    letter: {
      thread: originOf(decision).number,
      subject: subjectOf(decision, language),
      files: [
        {
          name: `${decision.number}.ics`,
          mime: 'text/calendar; method=PUBLISH',
          text: invitationText(dueEventOf(decision), 'PUBLISH', at),
        },
      ],
    },
  };
}

/** Of a meeting the same as its own letters have: mailboxes keep one conversation together by it. */
function subjectOf(decision: DecisionTaken, language: Language): string {
  const { kind, number, title } = originOf(decision);
  const name = title[language];
  const about = kind === 'meeting' ? meetingWords(language).letter.invited(name) : decisionWords(language).letter(name);
  return `${isOfDrill(decision) ? decisionWords(language).drill(about) : about} ${number}`;
}

/** Of the buttons only the one that opens no form: a letter cannot show one. */
function sendable(block: Block): Block[] {
  if (block.kind !== 'buttons') return [block];
  const buttons = block.buttons.filter((button) => button.action.command === 'decisions.accept');
  return buttons.length > 0 ? [{ kind: 'buttons', buttons }] : [];
}
