/**
 * What the mail server, or its silence, means for the product. A reply says what became of the mail (RFC 5321, 4.2.1: 4xx not now, 5xx not
 * so); without a reply it depends on how far we had come. Neither the reply's text nor the library's error goes any further: they repeat
 * addresses.
 */
import { DeliveryError, type DeliveryProblem } from '../../src/core/chat.ts';

interface Failure {
  /** the library's own word: https://nodemailer.com/errors */
  code: string;
  /** the command that was answered; `CONN` for all that happens to the connection */
  command: string;
  reply: { code: number; enhanced: string } | undefined;
}

/** Greylisters want to be asked again after some minutes, and count who asks sooner as rude: 300 s is the usual setting. */
const ASK_AGAIN_MS = 5 * 60_000;

/** @param begun the server had asked for the content: without a reply nobody knows what became of it */
export function deliveryError(error: unknown, begun: boolean): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const failure = read(error);
  if (failure.reply) return ofReply(failure.reply, failure.command);
  return new DeliveryError('email', begun ? 'ambiguous' : withoutReply(failure), failure.code);
}

function read(error: unknown): Failure {
  const { code, originalCode, command, response } = Object(error) as Record<string, unknown>;
  const [, status, enhanced = ''] = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})\b)?/.exec(String(response ?? '')) ?? [];
  const known = [originalCode, code].find((one) => typeof one === 'string' && /^[A-Z0-9_]{1,60}$/.test(one));
  return {
    code: (known as string | undefined) ?? 'unknown',
    command: String(command ?? ''),
    reply: status === undefined ? undefined : { code: Number(status), enhanced },
  };
}

function ofReply({ code, enhanced }: NonNullable<Failure['reply']>, command: string): DeliveryError {
  const said = enhanced === '' ? `${code}` : `${code} ${enhanced}`;
  // 503 is about the order of commands: on a new connection the same mail may pass
  if (code < 500 || code === 503) {
    const asked = code < 500 && (command === 'RCPT TO' || command === 'DATA');
    return new DeliveryError('email', 'retry-later', said, asked ? { afterMs: ASK_AGAIN_MS } : {});
  }
  return new DeliveryError('email', refused(code, enhanced, command), said);
}

/** Authentication is missing, too weak or wrong: RFC 4954, 6. */
const UNKNOWN_TO_THEM = [530, 534, 535, 538];

function refused(code: number, enhanced: string, command: string): DeliveryProblem {
  if (UNKNOWN_TO_THEM.includes(code)) return 'credentials';
  switch (command) {
    // nothing of the content has been seen yet: it is about this one address
    case 'RCPT TO':
      return 'unreachable';
    case 'DATA':
      return ofContent(code, enhanced);
    // too large by its announced size; everything else is about the address that we send from
    case 'MAIL FROM':
      return code === 552 || /^5\.(2\.3|3\.4)$/.test(enhanced) ? 'rejected' : 'credentials';
    // at the door: this machine, or this account, is not let in
    default:
      return 'credentials';
  }
}

/**
 * After the content 550 mostly means the content (QQ: `550 Mail content denied`), unless the enhanced code blames the mailbox (RFC 3463:
 * X.1 address, X.2 mailbox, of which X.2.3 is a mail too large for it). Exchange refuses only here a sender that is not the account's:
 * https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online (5.7.60)
 */
function ofContent(code: number, enhanced: string): DeliveryProblem {
  if (enhanced === '5.7.60') return 'credentials';
  if (enhanced === '5.2.3') return 'rejected';
  if (/^5\.[12]\./.test(enhanced)) return 'unreachable';
  return enhanced === '' && (code === 551 || code === 553) ? 'unreachable' : 'rejected';
}

/** A certificate that is not believed and a port that does not speak TLS stay so until somebody changes a setting. */
const UNTRUSTED = /CERT|UNABLE_TO_|^ERR_TLS_|^ERR_SSL_|^EPROTO$/;

function withoutReply({ code, command }: Failure): DeliveryProblem {
  if (code === 'EAUTH' || code === 'ENOAUTH' || UNTRUSTED.test(code)) return 'credentials';
  // larger than the server said it takes: the library does not even begin
  if (code === 'EMESSAGE') return 'rejected';
  if (code === 'EENVELOPE' && command === 'API') return 'unreachable';
  return 'retry-later';
}
