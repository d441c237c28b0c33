/** The line to the mail server: nodemailer's pool, told by `SMTP_URL` where to and how safely, and watched for how far each mail had come. */
import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { Message } from './compose.ts';
import { deliveryError } from './errors.ts';

export interface Patience {
  connectMs: number;
  /** until the server asks for the content */
  beforeDataMs: number;
  /** until it answers to the content */
  answerMs: number;
}

/**
 * After the content we wait the full ten minutes that RFC 5321 (4.5.3.2.6) asks for: who gives up sooner, while the server is still scanning
 * a mail that it will deliver, sends it twice. Until then nothing can be doubled, and a silent server is left soon.
 */
const PATIENCE: Patience = { connectMs: 10_000, beforeDataMs: 30_000, answerMs: 10 * 60_000 };

export interface Line {
  /** @throws DeliveryError */
  send(message: Message): Promise<void>;
  /** Connects and logs in, sends nothing. @throws DeliveryError */
  verify(): Promise<void>;
  close(): Promise<void>;
}

export function openLine(url: string, patience: Partial<Patience> = {}): Line {
  const given = { ...PATIENCE, ...patience };
  const options = lineOptions(url, given);
  // a connection that the server closed between two mails is replaced at once, once; everything else is the outbox's to repeat
  const pool = createTransport({ ...options, pool: true, maxConnections: 2, maxMessages: 50, maxRequeues: 1 });
  const contents = new WeakMap<AbortSignal, Readable>();
  pool.use('stream', (mail, done) => {
    mail.message.processFunc((content) => {
      if (mail.data.signal) contents.set(mail.data.signal, content);
      return content;
    });
    done();
  });
  const waiting = new Set<Promise<unknown>>();

  async function send(message: Message): Promise<void> {
    const giveUp = new AbortController();
    // the pool reads from the content only when the server has said 354: from then on it may have the mail
    const begun = () => contents.get(giveUp.signal)?.readableDidRead === true;
    const timer = setTimeout(() => void (begun() || giveUp.abort()), given.beforeDataMs);
    try {
      await pool.sendMail({ ...message, signal: giveUp.signal });
    } catch (error) {
      throw deliveryError(error, begun());
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    send(message) {
      const sent = send(message);
      const known = sent.catch(() => {}).finally(() => waiting.delete(known));
      waiting.add(known);
      return sent;
    },
    async verify() {
      const once = createTransport({ ...options, socketTimeout: given.beforeDataMs });
      await once.verify().catch((error: unknown) => Promise.reject(deliveryError(error, false)));
    },
    /** What is on its way has some seconds to arrive; what is cut off then is ambiguous and keeps its Message-ID. */
    async close() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, DRAIN_MS);
      await Promise.race([Promise.all(waiting), late]);
      clearTimeout(timer);
      pool.close({ force: true });
    },
  };
}

const DRAIN_MS = 4_000;

/** Passwords go over TLS only; a wire that does not leave this machine needs none, and cannot have a certificate that anybody signed. */
export function lineOptions(url: string, { connectMs, answerMs }: Patience) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const here = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  return {
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !here,
    ...(here && { tls: { rejectUnauthorized: false } }),
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
  };
}
