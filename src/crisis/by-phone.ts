/**
 * By text message, on the phone and through a pager people answer a call, and do nothing else: a sender's number can be forged, and a pager is
 * somebody else's program. It stands before everybody who would understand more.
 */
import type { Talker } from '../core/intake.ts';
import type { CrisisWorld } from './model.ts';
import { onlyRings, say, wordsOf } from './opening.ts';
import { isAnswer } from './typed.ts';

export const phonesAnswerOnly: Talker<CrisisWorld> = {
  understand: async (scene) => {
    const { what } = scene.inbound;
    if (!onlyRings(scene)) return undefined;
    const word = what.kind === 'text' && what.files.length === 0 && isAnswer(what.text);
    const key = what.kind === 'action' && what.action.command === 'crisis.answer';
    return word || key ? undefined : say('bad', wordsOf(scene).said.goToChat);
  },
  reply: async () => undefined,
};
