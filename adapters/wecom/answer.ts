/** A Reply of the desk → what the person sees in WeCom: the pressed card redrawn, and messages beside it. Pure. */
import type { Language, Reply } from '../../src/core/chat.ts';
import { wecomWords } from '../../src/words/wecom.ts';
import type { Change } from './deliver.ts';
import { CARD } from './limits.ts';
import { type AppMessage, renderForMember, renderSentence, renderTemplate } from './render.ts';
import { oneLine, widthOf } from './text.ts';

export interface Answer {
  /** what becomes of the pressed card; it can be redrawn once */
  change?: Change;
  /** sent when the card does not say it all */
  message?: AppMessage;
  /** sent when the card could not be redrawn */
  instead?: AppMessage;
}

/** `taskId`: for a card that is drawn anew; `pressed`: there is a card that can be redrawn. */
export function answerTo(reply: Reply, taskId: string, pressed: boolean, language: Language): Answer {
  switch (reply.kind) {
    case 'nothing':
      return {};
    case 'said':
      return pressed ? answerPress(reply, taskId, language) : { message: renderSentence(reply.text) };
    case 'form':
    case 'faults':
      return { message: renderSentence(`${reply.say}\n${wecomWords(language).formElsewhere}`) };
    case 'card':
      return { message: renderForMember(reply.card, taskId, true, language) };
    default:
      return reply satisfies never;
  }
}

/** What was accepted takes the buttons away; after a refusal they stay, since another may be right. */
function answerPress(reply: Extract<Reply, { kind: 'said' }>, taskId: string, language: Language): Answer {
  const message = renderSentence(reply.text);
  const card = reply.card && renderTemplate(reply.card, taskId, true, language);
  if (card !== undefined) return { change: { template_card: card }, message };
  if (reply.tone !== 'good') return { message };
  const said = oneLine(reply.text);
  if (widthOf(said) <= CARD.buttonText) return { change: { button: { replace_name: said } }, instead: message };
  return { change: { button: { replace_name: wecomWords(language).done } }, message };
}
