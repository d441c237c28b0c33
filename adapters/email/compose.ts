/**
 * A rendered letter → the message that is handed to SMTP: its identity, its place in a thread, its marks as automatic mail, its files.
 * Every header is built here from cleaned words; the library encodes them (RFC 2047 for subject and name, RFC 2231 for file names).
 */
import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import type { Card } from '../../src/core/card.ts';
import type { Letter } from './render.ts';
import { cut, oneLine } from './text.ts';

export interface Sender {
  name: string;
  address: string;
}

export interface Outgoing {
  letter: Letter;
  card: Card;
  from: Sender;
  to: string;
  intent: string;
  at: Date;
}

export type Message = SendMailOptions & { messageId: string };

/**
 * The id is made of the intent alone, so that a mail sent twice, because nobody knows what became of the first, is the same mail: Gmail,
 * Exchange and many mail stores keep one of two with the same Message-ID. Those that do not show it twice; SMTP offers no more than that.
 */
export function composeMessage({ letter, card, from, to, intent, at }: Outgoing): Message {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    messageId: `<${idPart(intent)}@${domain}>`,
    ...thread(card, domain),
    date: at,
    from: { name: oneLine(from.name), address: from.address },
    // an object is taken as it stands; of a string the library would make several addresses
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    attachments: (card.letter?.files ?? []).map(attachment),
    headers: AUTOMATIC,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/**
 * All letters of a thread answer the same root, a message that was never sent: `References` and `In-Reply-To` name it (RFC 5322, 3.6.4).
 * Mail programs thread by the ids and make an empty place for a parent that they do not have (https://www.jwz.org/doc/threading.html);
 * who joined later, or lost one letter, still has one conversation. Gmail asks besides that the subjects be alike
 * (https://developers.google.com/workspace/gmail/api/guides/threads), and Outlook's conversation topic is the subject itself
 * (https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagconversationtopic-canonical-property):
 * so the subject of a thread must not change, and stands here untouched.
 */
function thread(card: Card, domain: string): Pick<SendMailOptions, 'references' | 'inReplyTo'> {
  if (!card.letter) return {};
  const root = `<${idPart(card.letter.thread)}@${domain}>`;
  return { references: root, inReplyTo: root };
}

/** The left side of an id may hold only what an atom may (RFC 5322, 3.2.3); anything else is told by its fingerprint. */
function idPart(text: string): string {
  if (/^[A-Za-z0-9_-]{1,100}$/.test(text)) return text;
  return `t-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/**
 * `Auto-Submitted` keeps well-behaved programs from answering (RFC 3834, 5), the second line keeps Exchange from it. It names all but
 * `NDR`, where `All` would also suppress the word that a mailbox does not exist: failures stay visible
 * ([MS-OXCMAIL] 2.1.3.2.20). There is no `List-Id` and no `Precedence: bulk`: this is mail to one person about their work and no
 * list; both headers would hand it to the newsletter rules of filters, and the second is discouraged besides (RFC 2076, 3.9).
 */
const AUTOMATIC = {
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply',
};

const FILE_NAME = 120;

/**
 * A calendar is a file beside the text, not a third version of it: Outlook "does not recognize PUBLISH as an iMIP method" and imports such a
 * part as an attachment anyhow ([MS-STANOICAL] 2.2.175), while in the `multipart/alternative` some versions of Exchange then show an empty
 * mail. As `text/calendar` with a name that ends in `.ics` Outlook, Gmail and Apple's programs open it with a press. The parameter says
 * what the calendar itself says (RFC 6047, 2.4).
 */
function attachment({ name, mime, text }: { name: string; mime: string; text: string }) {
  return {
    filename: fileName(name),
    contentType: contentType(mime, text),
    contentDisposition: 'attachment' as const,
    contentTransferEncoding: 'base64' as const,
    content: Buffer.from(text, 'utf8'),
  };
}

function contentType(mime: string, text: string): string {
  const [type = ''] = mime.toLowerCase().split(';');
  const plain = type.trim();
  if (!/^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,60}$/.test(plain)) return 'application/octet-stream';
  const method = plain === 'text/calendar' ? /^METHOD:([A-Z]{1,20})\r?$/m.exec(text)?.[1] : undefined;
  return `${plain}${plain.startsWith('text/') ? '; charset=utf-8' : ''}${method ? `; method=${method}` : ''}`;
}

/** No folders, nothing hidden at the beginning; the ending, which decides what opens it, is never cut off. */
function fileName(name: string): string {
  const flat = oneLine(name)
    .replace(/[\\/:*?"<>|]/g, '_')
    .replace(/^[.\s]+/, '');
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(flat)?.[0] ?? '';
  return `${cut(flat.slice(0, flat.length - ending.length), FILE_NAME) || '_'}${ending}`;
}
