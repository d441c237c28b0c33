/** Twilio's callbacks → acts and reports; zod of only the fields we use. Pure. https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application */
import { z } from 'zod';
import type { ActionRef } from '../../src/core/card.ts';
import type { Inbound, RingReport } from '../../src/core/chat.ts';
import { outcomeOfCall, outcomeOfMessage } from './codes.ts';

const Sid = z.string().regex(/^[A-Z]{2}[0-9a-fA-F]{32}$/);
const Phone = z.string().regex(/^\+[1-9]\d{6,14}$/);
const Code = z.string().min(1).max(20).optional().catch(undefined);

const Pressed = z.object({ CallSid: Sid, To: Phone, Digits: z.string().max(20).default('') });
export type Pressed = z.infer<typeof Pressed>;
const Written = z.object({ MessageSid: Sid, From: Phone, Body: z.string().max(2000) });
const CallStatus = z.object({
  CallSid: Sid,
  CallStatus: z.string().max(40),
  ErrorCode: Code,
  SipResponseCode: Code,
});
const MessageStatus = z.object({ MessageSid: Sid, MessageStatus: z.string().max(40), ErrorCode: Code });

const fields = (params: URLSearchParams): Record<string, string> => Object.fromEntries(params);

/** A key on the phone that we called. */
export function readPressed(params: URLSearchParams): Pressed | undefined {
  return Pressed.safeParse(fields(params)).data;
}

/** Whoever was called has pressed the key: however often Twilio says so, it is one act. */
export function answerOf({ CallSid, To }: Pressed, action: ActionRef): Inbound {
  return {
    platform: 'phone',
    deliveryId: `${CallSid}:gather`,
    from: { account: To, foreign: false },
    at: { kind: 'direct', id: To },
    what: { kind: 'action', action },
  };
}

/** What somebody has written to our number, as it is. */
export function readWritten(params: URLSearchParams): Inbound | undefined {
  const written = Written.safeParse(fields(params)).data;
  if (written === undefined) return undefined;
  return {
    platform: 'sms',
    deliveryId: written.MessageSid,
    from: { account: written.From, foreign: false },
    at: { kind: 'direct', id: written.From },
    what: { kind: 'text', text: written.Body, files: [] },
  };
}

/** `report` is absent while it is not over. */
export interface Status {
  sid: string;
  report?: RingReport;
}

export function readCallStatus(params: URLSearchParams, action: ActionRef): Status | undefined {
  const status = CallStatus.safeParse(fields(params)).data;
  if (status === undefined) return undefined;
  const outcome = outcomeOfCall(status.CallStatus);
  const canceled = status.CallStatus === 'canceled' ? 'canceled' : undefined;
  const code = outcome === 'failed' ? (canceled ?? status.ErrorCode ?? status.SipResponseCode) : undefined;
  return { sid: status.CallSid, ...(outcome && { report: reportOf('phone', action, outcome, code, params) }) };
}

export function readMessageStatus(params: URLSearchParams, action: ActionRef): Status | undefined {
  const status = MessageStatus.safeParse(fields(params)).data;
  if (status === undefined) return undefined;
  const outcome = outcomeOfMessage(status.MessageStatus);
  return {
    sid: status.MessageSid,
    ...(outcome && { report: reportOf('sms', action, outcome, status.ErrorCode, params) }),
  };
}

const reportOf = (
  platform: RingReport['platform'],
  action: ActionRef,
  outcome: RingReport['outcome'],
  code: string | undefined,
  params: URLSearchParams,
): RingReport => {
  const account = params.get('To');
  return { platform, action, outcome, ...(account ? { account } : {}), ...(code === undefined ? {} : { code }) };
};
