/** A Reply of the desk → what Feishu is answered within its three seconds, and what follows as a message. Pure. */
import type { Card, Form } from '../../src/core/card.ts';
import type { Language, Reply } from '../../src/core/chat.ts';
import { feishuWords } from '../../src/words/feishu.ts';
import { shorten } from './elements.ts';
import type { People } from './fields.ts';
import type { CardJson } from './fit.ts';
import { renderCard, renderForm, renderSentence, renderSettled } from './render.ts';

/** https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication */
export interface CallbackAnswer {
  toast?: { type: 'info' | 'success' | 'error'; content: string };
  card?: { type: 'raw'; data: CardJson };
}

/** What is sent to the person after the answer. */
export type Follow = { kind: 'form'; form: Form } | { kind: 'card'; card: Card } | { kind: 'sentence'; text: string };

export interface Answer {
  answer: CallbackAnswer;
  follow?: Follow;
  /** the answer redraws the pressed message as the product's own card */
  redraws: boolean;
}

const TOAST = { good: 'success', bad: 'error', info: 'info' } as const;
const TOAST_TEXT = 200;

export function answerPress(reply: Reply, onForm: boolean, people: People, language: Language): Answer {
  const say = feishuWords(language);
  switch (reply.kind) {
    case 'nothing':
      return { answer: {}, redraws: false };
    case 'said': {
      const said = { toast: toast(TOAST[reply.tone], reply.text) };
      // An accepted form must not stay open: its place says what was decided by it.
      if (onForm && reply.tone === 'good') {
        return { answer: { ...said, card: raw(renderSettled(say.sent, 'good', reply.text)) }, redraws: false };
      }
      if (reply.card === undefined) return { answer: said, redraws: false };
      return { answer: { ...said, card: raw(renderCard(reply.card, language)) }, redraws: true };
    }
    case 'form':
      return {
        answer: { toast: toast('info', reply.say) },
        follow: { kind: 'form', form: reply.form },
        redraws: false,
      };
    case 'faults': {
      const said = { toast: toast('error', reply.say) };
      if (!onForm) return { answer: said, follow: { kind: 'form', form: reply.form }, redraws: false };
      return { answer: { ...said, card: raw(renderForm(reply.form, people, language)) }, redraws: false };
    }
    case 'card':
      if (onForm) return { answer: { card: raw(renderCard(reply.card, language)) }, redraws: false };
      return {
        answer: { toast: toast('info', say.sentToYou) },
        follow: { kind: 'card', card: reply.card },
        redraws: false,
      };
    default:
      return reply satisfies never;
  }
}

/** The same Reply where there is no callback to answer: a typed command, or an answer that came too late. */
export function followUp(reply: Reply): Follow | undefined {
  switch (reply.kind) {
    case 'nothing':
      return undefined;
    case 'said':
      return { kind: 'sentence', text: reply.text };
    case 'form':
    case 'faults':
      return { kind: 'form', form: reply.form };
    case 'card':
      return { kind: 'card', card: reply.card };
    default:
      return reply satisfies never;
  }
}

export function drawFollow(follow: Follow, people: People, language: Language): CardJson {
  switch (follow.kind) {
    case 'form':
      return renderForm(follow.form, people, language);
    case 'card':
      return renderCard(follow.card, language);
    case 'sentence':
      return renderSentence(follow.text);
    default:
      return follow satisfies never;
  }
}

export const toast = (type: 'info' | 'success' | 'error', text: string) => ({
  type,
  content: shorten(text, TOAST_TEXT),
});
const raw = (data: CardJson) => ({ type: 'raw' as const, data });

/** Not decided yet. A form does not stay open meanwhile: sent once more it would ask for the same thing twice. */
export function answerLate(onForm: boolean, language: Language): CallbackAnswer {
  const say = feishuWords(language);
  if (!onForm) return { toast: toast('info', say.working) };
  return { toast: toast('info', say.sendingText), card: raw(renderSettled(say.sending, 'muted', say.sendingText)) };
}

export function answerClosed(language: Language): CallbackAnswer {
  const say = feishuWords(language);
  return { toast: toast('info', say.closed), card: raw(renderSettled(say.closed, 'muted', say.closedText)) };
}
