/** A desk that answers as the story tells it, and both Twilio adapters between it and the strict Twilio, on a real port. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { createPhone, createSms, type TwilioDeps, type TwilioSettings } from '../../../adapters/phone/adapter.ts';
import type { Card } from '../../../src/core/card.ts';
import {
  type ChatAdapter,
  DeliveryError,
  type Desk,
  type Inbound,
  type Language,
  type Reply,
  type RingReport,
} from '../../../src/core/chat.ts';
import { startTwilio } from '../../support/twilio.ts';

export class ScriptedDesk implements Desk {
  readonly taken: Inbound[] = [];
  language: Language = 'zh';
  script: (inbound: Inbound) => Reply | Promise<Reply> = () => ({ kind: 'nothing' });
  async take(inbound: Inbound): Promise<Reply> {
    this.taken.push(inbound);
    return this.script(inbound);
  }
  answered(): void {}
  languageOf(): Language {
    return this.language;
  }
}

export type Stage = Awaited<ReturnType<typeof stage>>;

export interface StageOptions {
  clock?: () => Date;
  /** where our clock differs from Twilio's */
  ourClock?: () => Date;
  settings?: Partial<TwilioSettings>;
  patience?: TwilioDeps['patience'];
  started?: boolean;
  /** how Twilio knows us, where it is not by our own address */
  publicUrl?: string;
}

export const LI = '+8613800000002';
export const ZHAO = '+8613800000003';

export async function stage(options: StageOptions = {}) {
  const clock = options.clock ?? (() => new Date());
  const twilio = await startTwilio({ clock });
  const desk = new ScriptedDesk();
  const logged: string[] = [];
  const reports: RingReport[] = [];
  let base = '';
  const deps: TwilioDeps & { keep: () => Promise<void> } = {
    desk,
    keep: async () => {},
    reported: async (report) => {
      await deps.keep();
      reports.push(report);
    },
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
    clock: options.ourClock ?? clock,
    publicUrl: () => options.publicUrl ?? base,
    ...(options.patience ? { patience: options.patience } : {}),
  };
  const settings = { ...twilio.settings(), ...options.settings };
  const phone = createPhone(settings, deps);
  const sms = createSms(settings, deps);
  const app = new Hono();
  for (const adapter of [phone, sms]) adapter.routes(app);
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  twilio.deliverTo(base, deps.publicUrl());
  if (options.started ?? true) {
    await Promise.all([phone.start(), sms.start()]);
    await twilio.when(() => !phone.trouble() && !sms.trouble(), 'both to be ready');
  }
  let made = 0;
  const post =
    (adapter: ChatAdapter) =>
    (to: string, card: Card = ring, intent: { id?: string; triedBefore?: Date } = {}, language: Language = 'zh') =>
      adapter.post(
        { kind: 'direct', id: to },
        { kind: 'card', card },
        { id: intent.id ?? `intent-${++made}`, triedBefore: intent.triedBefore },
        language,
      );
  return {
    twilio,
    desk,
    deps,
    logged,
    reports,
    phone,
    sms,
    base,
    call: post(phone),
    write: post(sms),
    /** another process of the same product: it has heard of nothing that this one did */
    elsewhere: () => ({ call: post(createPhone(settings, deps)), write: post(createSms(settings, deps)) }),
    end: async () => {
      await Promise.all([phone.stop(), sms.stop()]);
      await twilio.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

export async function failing(call: Promise<unknown>): Promise<DeliveryError> {
  const error: unknown = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return error;
}

export const answer = { command: 'crisis.answer', subject: 'CR-2026-0003', with: { call: 'c2' } };

/** What rings: a sentence to be said, and the answer. */
export const ring: Card = {
  headline: '特大危机 CR-2026-0003',
  tone: 'bad',
  summary: '特大危机 CR-2026-0003：顾客在直播间投诉产品起火，请马上到飞书或 Slack。',
  blocks: [{ kind: 'buttons', buttons: [{ label: '收到', action: answer, style: 'primary' }] }],
};
export const saying = (summary: string): Card => ({ ...ring, summary });
