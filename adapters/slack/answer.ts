/**
 * What a Reply becomes at each door: what goes into the acknowledgement (three seconds), and what has to be said after
 * it. Pure: `respond.ts` carries it out. https://docs.slack.dev/interactivity/handling-user-interaction
 */
import type { types } from '@slack/bolt';
import { type Form, writeAction } from '../../src/core/card.ts';
import type { Language, Reply } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import { fieldBlockId, renderForm, renderFormMessage } from './form.ts';
import type { Door } from './parse.ts';
import { type Message, renderCard, renderCardView, renderHome, renderSentence, renderSentenceView } from './render.ts';
import { clean, cut } from './text.ts';

export type Ack = Record<string, unknown> | undefined;

export type Step =
  /** for this person's eyes only, wherever that still works */
  | { do: 'whisper'; message: Message }
  /** the message that was pressed (an ephemeral card, a form in a message) becomes this */
  | { do: 'replace'; message: Message }
  | { do: 'open'; view: types.ModalView }
  /** the window that stands open becomes this; `otherwise` is said when it was closed meanwhile */
  | { do: 'redraw'; view: types.ModalView; otherwise: Message | undefined }
  | { do: 'home'; view: types.HomeView };

export interface Plan {
  ack: Ack;
  steps: Step[];
}

type Said = Extract<Reply, { kind: 'said' }>;
type Asks = Extract<Reply, { kind: 'form' | 'faults' }>;

/** @throws FormTooLarge */
export function planFor(door: Door, reply: Reply, language: Language): Plan {
  if (reply.kind === 'nothing') return { ack: undefined, steps: [] };
  switch (door.kind) {
    case 'command':
      return atCommand(door, reply, language);
    case 'shortcut':
    case 'click':
      return { ack: undefined, steps: atPress(door, reply, language) };
    case 'form-message':
      return { ack: undefined, steps: [atFormMessage(reply, language)] };
    case 'submit':
      return atSubmit(door, reply, language);
    case 'preview':
      return { ack: undefined, steps: asks(reply) ? [redrawn(reply, door.channel, language, undefined)] : [] };
    case 'message':
      return { ack: undefined, steps: [{ do: 'whisper', message: asMessage(reply, language) }] };
    case 'home':
      return {
        ack: undefined,
        steps: reply.kind === 'card' ? [{ do: 'home', view: renderHome(reply.card, language) }] : [],
      };
    default:
      return door satisfies never;
  }
}

/** The answer that was due before `desk.take` came back. */
export function lateAck(door: Door, language: Language): Plan {
  const words = slackWords(language).stillWorking;
  const message = renderSentence(words, 'info', language);
  if (door.kind === 'command') return { ack: ephemeral(message), steps: [] };
  if (door.kind === 'submit')
    return { ack: { response_action: 'update', view: renderSentenceView(words, language) }, steps: [] };
  if (door.kind === 'click' || door.kind === 'shortcut' || door.kind === 'form-message') {
    return { ack: undefined, steps: [{ do: 'whisper', message }] };
  }
  return { ack: undefined, steps: [] };
}

/** The same as `planFor` once the acknowledgement has gone: only what can still be said. @throws FormTooLarge */
export function planLate(door: Door, reply: Reply, language: Language): Step[] {
  if (door.kind === 'submit') return lateSubmit(reply, door.channel, language);
  const { ack, steps } = planFor(door, reply, language);
  return ack && (reply.kind === 'said' || reply.kind === 'card')
    ? [{ do: 'whisper', message: asMessage(reply, language) }, ...steps]
    : steps;
}

/** A button or a window that this release cannot read. */
export function planStale(door: Door, language: Language): Plan {
  const text = slackWords(language).staleButton;
  return planFor(door, { kind: 'said', tone: 'bad', text }, language);
}

function atCommand(
  door: Extract<Door, { kind: 'command' }>,
  reply: Exclude<Reply, { kind: 'nothing' }>,
  language: Language,
): Plan {
  if (asks(reply)) return { ack: undefined, steps: [opened(reply, door.channel, language)] };
  return { ack: ephemeral(asMessage(reply, language)), steps: [] };
}

function atPress(
  door: Extract<Door, { kind: 'click' | 'shortcut' }>,
  reply: Exclude<Reply, { kind: 'nothing' }>,
  language: Language,
): Step[] {
  const { channel } = door;
  if (asks(reply)) {
    const modal = door.kind === 'click' && door.modal;
    return [
      modal
        ? redrawn(reply, channel, language, renderSentence(reply.say, 'info', language))
        : opened(reply, channel, language),
    ];
  }
  const replaceable = door.kind === 'click' && door.ephemeral;
  if (reply.kind === 'card')
    return [{ do: replaceable ? 'replace' : 'whisper', message: renderCard(reply.card, language) }];
  const sentence: Step = { do: 'whisper', message: said(reply, language) };
  return replaceable && reply.card
    ? [{ do: 'replace', message: renderCard(reply.card, language) }, sentence]
    : [sentence];
}

function atFormMessage(reply: Exclude<Reply, { kind: 'nothing' }>, language: Language): Step {
  const keepForm = reply.kind === 'said' && reply.tone === 'bad';
  return { do: keepForm ? 'whisper' : 'replace', message: asMessage(reply, language) };
}

function atSubmit(
  door: Extract<Door, { kind: 'submit' }>,
  reply: Exclude<Reply, { kind: 'nothing' }>,
  language: Language,
): Plan {
  switch (reply.kind) {
    case 'said':
      return submitSaid(reply, language);
    case 'card':
      return {
        ack: { response_action: 'clear' },
        steps: [{ do: 'whisper', message: renderCard(reply.card, language) }],
      };
    case 'form':
      return update(renderForm(reply.form, language, door.channel));
    case 'faults': {
      const errors = sameForm(door, reply.form) ? faultsAt(reply.form, door.shown) : undefined;
      if (errors) return { ack: { response_action: 'errors', errors }, steps: [] };
      return update(renderForm(reply.form, language, door.channel, reply.say));
    }
    default:
      return reply satisfies never;
  }
}

/** Good news closes the window; bad news lies on top of it, so that nothing typed is lost. */
function submitSaid(reply: Said, language: Language): Plan {
  if (reply.tone === 'bad') {
    return { ack: { response_action: 'push', view: renderSentenceView(reply.text, language) }, steps: [] };
  }
  return { ack: { response_action: 'clear' }, steps: [{ do: 'whisper', message: said(reply, language) }] };
}

function update(view: types.ModalView): Plan {
  return { ack: { response_action: 'update', view }, steps: [] };
}

/** Errors alone would leave the old actions in the window: with another action (a newer content, say) it must be redrawn. */
function sameForm(door: Extract<Door, { kind: 'submit' }>, form: Form): boolean {
  return writeAction(door.action) === writeAction(form.action);
}

/** Slack shows errors only at input blocks that stand in the view; undefined when a fault has no such place. */
function faultsAt(form: Form, shown: string[]): Record<string, string> | undefined {
  const faulty = form.fields.filter((field) => field.fault?.trim());
  const placed = faulty.filter((field) => shown.includes(fieldBlockId(field.id)));
  if (faulty.length === 0 || placed.length < faulty.length) return undefined;
  return Object.fromEntries(placed.map((field) => [fieldBlockId(field.id), cut(clean(field.fault ?? ''), 2000)]));
}

function lateSubmit(reply: Reply, channel: string | undefined, language: Language): Step[] {
  switch (reply.kind) {
    case 'nothing':
      return [{ do: 'redraw', view: renderSentenceView(slackWords(language).done, language), otherwise: undefined }];
    case 'said':
      return [{ do: 'redraw', view: renderSentenceView(reply.text, language), otherwise: said(reply, language) }];
    case 'card':
      return [
        { do: 'redraw', view: renderCardView(reply.card, language), otherwise: renderCard(reply.card, language) },
      ];
    case 'form':
    case 'faults':
      return [redrawn(reply, channel, language, renderSentence(reply.say, 'bad', language))];
    default:
      return reply satisfies never;
  }
}

function asks(reply: Reply): reply is Asks {
  return reply.kind === 'form' || reply.kind === 'faults';
}

function opened(reply: Asks, channel: string | undefined, language: Language): Step {
  return { do: 'open', view: renderForm(reply.form, language, channel, heading(reply)) };
}

function redrawn(reply: Asks, channel: string | undefined, language: Language, otherwise: Message | undefined): Step {
  return { do: 'redraw', view: renderForm(reply.form, language, channel, heading(reply)), otherwise };
}

function heading(reply: Asks): string | undefined {
  return reply.kind === 'faults' ? reply.say : undefined;
}

function asMessage(reply: Exclude<Reply, { kind: 'nothing' }>, language: Language): Message {
  if (reply.kind === 'said') return said(reply, language);
  if (reply.kind === 'card') return renderCard(reply.card, language);
  return renderFormMessage(reply.form, language, heading(reply));
}

function said(reply: Said, language: Language): Message {
  return renderSentence(reply.text, reply.tone, language);
}

function ephemeral(message: Message): Record<string, unknown> {
  return { response_type: 'ephemeral', ...message };
}
