/** Mail for a test: the adapter at a strict mail server, with little patience. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createEmail, type EmailDeps } from '../../../adapters/email/adapter.ts';
import type { Card } from '../../../src/core/card.ts';
import { type ChatAdapter, DeliveryError, type Language } from '../../../src/core/chat.ts';
import { type FakeMail, type FakeMailOptions, startFakeMail } from '../../support/mail.ts';

export const LI = 'li@example.com';
export const NOW = new Date('2026-11-23T02:00:00Z');

export const letterCard = (card: Partial<Card> = {}): Card => ({
  headline: '周例会 会议纪要',
  tone: 'open',
  summary: '周例会的纪要来了，有一项决议归您。',
  blocks: [{ kind: 'text', text: '决议：十二月五日前定稿。' }],
  letter: { thread: 'MT-2026-0003', subject: '周例会 11月23日 会议纪要', files: [] },
  ...card,
});

interface Given {
  /** where the product believes the mail server to be */
  url?: (mail: FakeMail) => string;
  from?: string;
  patience?: EmailDeps['patience'];
}

export async function openBench(options: FakeMailOptions & Given = {}) {
  const mail = await startFakeMail({ people: [LI], ...options });
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const patience = { connectMs: 2_000, beforeDataMs: 5_000, answerMs: 5_000, ...options.patience };
  const url = options.url?.(mail) ?? mail.settings.url;
  const email: ChatAdapter = createEmail(
    { url, from: options.from ?? mail.settings.from },
    { log, clock: () => NOW, patience },
  );
  return {
    mail,
    email,
    /** all that was logged, as one text */
    logged: () => lines.join(''),
    send: (card: Card = letterCard(), { intent = randomUUID() as string, to = LI, language = 'zh' as Language } = {}) =>
      email.post({ kind: 'direct', id: to }, { kind: 'card', card }, { id: intent, triedBefore: undefined }, language),
    [Symbol.asyncDispose]: async () => {
      await email.stop();
      await mail.close();
    },
  };
}

/** How a call failed, as `problem code`. */
export async function failing(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DeliveryError) return `${error.problem} ${error.code}`;
  throw new Error(`expected a DeliveryError, got ${String(error)}`);
}
