/**
 * A strict mail server on this machine: it wants a login, knows only its people, refuses what is too large or not well formed on the wire
 * (bare line ends, long lines, bytes above ASCII, a header twice), and can be told to be as unkind as real ones.
 *
 *     const mail = await startFakeMail({ people: ['li@example.com'] });
 *     … start the product with mail.settings …
 *     const letter = await mail.when(() => mail.inbox('li@example.com').at(-1), 'a letter for 李娜');
 *     letter.subject; letter.text; letter.attachments; letter.raw;
 *     mail.fail({ at: 'recipient', reply: '451 4.7.1 greylisted' });       // the next time; { times: 3 }: three times
 *     mail.fail({ at: 'content', cut: 'after' });                          // keeps the mail and is gone without a word
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

export type Stage = 'greeting' | 'login' | 'sender' | 'recipient' | 'content';

export type Failure = { at: Stage; times?: number } & (
  | { reply: string }
  /** `before`: without having kept the mail; `after`: having kept it */
  | { cut: 'before' | 'after' }
  | { silent: true }
  | { slowMs: number }
);

export interface Received {
  /** the recipients of the envelope */
  to: string[];
  sender: string;
  raw: string;
  messageId: string;
  subject: string;
  text: string;
  html: string;
  /** a header as it came, unfolded but not decoded */
  header(name: string): string | undefined;
  attachments: { filename: string | undefined; contentType: string; method: string | undefined; text: string }[];
  fromName: string | undefined;
}

export type FakeMail = Awaited<ReturnType<typeof startFakeMail>>;

export interface FakeMailOptions {
  people?: string[];
  /** offers STARTTLS, with a certificate that nobody has signed */
  tls?: boolean;
  sizeBytes?: number;
}

const LOGIN = { user: 'desk@example.com', password: 'p@ss:w/rd#1' };

export async function startFakeMail(options: FakeMailOptions = {}) {
  const people = new Set(options.people ?? []);
  const received: Received[] = [];
  const failures: Failure[] = [];
  const logins: { user: string | undefined; secure: boolean }[] = [];
  let connections = 0;

  /** What is to happen at this stage instead of the usual; each is used up. */
  const due = (at: Stage): Failure | undefined => {
    const index = failures.findIndex((failure) => failure.at === at);
    const failure = failures[index];
    if (failure && (failure.times ?? 1) > 1) failures[index] = { ...failure, times: (failure.times ?? 1) - 1 };
    else if (failure) failures.splice(index, 1);
    return failure;
  };
  const hangUp = ({ id }: SMTPServerSession) => {
    for (const connection of server.connections) if (connection.session.id === id) connection._socket.destroy();
  };
  /** Runs `usual` unless a failure is due; `keep` is done first by one who cuts after. */
  const stage = (at: Stage, session: SMTPServerSession, done: (error?: Error) => void, usual: () => void): void => {
    const failure = due(at);
    if (!failure) usual();
    else if ('reply' in failure) done(refusal(failure.reply));
    else if ('cut' in failure) hangUp(session);
    else if ('slowMs' in failure) setTimeout(usual, failure.slowMs);
  };

  const server: SMTPServer = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'],
    disabledCommands: options.tls ? [] : ['STARTTLS'],
    allowInsecureAuth: options.tls !== true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 50,
    size: options.sizeBytes ?? 1_000_000,
    hideSMTPUTF8: true,
    onConnect(session, done) {
      connections += 1;
      stage('greeting', session, done, done);
    },
    onAuth({ username, password }, session, done) {
      logins.push({ user: username, secure: session.secure });
      const right = username === LOGIN.user && password === LOGIN.password;
      const usual = () => (right ? done(null, { user: username }) : done(refusal('535 5.7.8 wrong password')));
      stage('login', session, (error) => done(error), usual);
    },
    onMailFrom({ address }, session, done) {
      const usual = () => done(address === LOGIN.user ? undefined : refusal('553 5.7.1 not your address'));
      stage('sender', session, done, usual);
    },
    onRcptTo({ address }, session, done) {
      const usual = () => done(people.has(address) ? undefined : refusal('550 5.1.1 no such user here'));
      stage('recipient', session, done, usual);
    },
    onData(stream, session, done) {
      void take(stream, session, done);
    },
  });
  server.on('error', () => {});

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession, done: (error?: Error) => void) {
    const failure = failures.find(({ at }) => at === 'content');
    if (failure && 'cut' in failure && failure.cut === 'before') {
      due('content');
      await once(stream, 'readable');
      return hangUp(session);
    }
    const raw = (await stream.setEncoding('latin1').toArray()).join('');
    const fault = stream.sizeExceeded ? '552 5.3.4 too large' : faultOf(raw);
    if (fault) return done(refusal(fault));
    const keep = async () => received.push(await read(raw, session));
    if (failure && 'cut' in failure) await keep();
    stage('content', session, done, () => void keep().then(() => done()));
  }

  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const login = `${encodeURIComponent(LOGIN.user)}:${encodeURIComponent(LOGIN.password)}`;
  return {
    port,
    settings: { url: `smtp://${login}@127.0.0.1:${port}`, from: `会签 <${LOGIN.user}>` },
    urlFor: (user: string, password: string, host = '127.0.0.1') =>
      `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}`,
    people,
    received,
    logins,
    connections: () => connections,
    inbox: (address: string) => received.filter(({ to }) => to.includes(address)),
    fail: (failure: Failure) => void failures.push(failure),
    /** ends all connections as a server does that has waited long enough */
    hangUpOnAll: () => {
      for (const { session } of server.connections) hangUp(session);
    },
    async when<T>(look: () => T | undefined, what: string): Promise<T> {
      const late = Date.now() + 15_000;
      for (let found = look(); ; found = look()) {
        if (found !== undefined) return found;
        if (Date.now() > late) throw new Error(`waited in vain for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function refusal(reply: string): Error {
  const [, code, text] = /^(\d{3}) (.*)$/.exec(reply) ?? [];
  return Object.assign(new Error(text), { responseCode: Number(code) });
}

const ONCE = [
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'references',
  'in-reply-to',
  'mime-version',
  'content-type',
];
const NEVER = ['bcc', 'cc', 'x-injected'];

/** What is not allowed on the wire: RFC 5321 (2.3.8, 4.5.3.1.6) and RFC 5322 (2.1.1, 3.6). */
function faultOf(raw: string): string | undefined {
  if (/\r(?!\n)|(?<!\r)\n/.test(raw)) return '554 5.6.0 a line end alone';
  if (raw.split('\r\n').some((line) => line.length > 998)) return '554 5.6.0 a line too long';
  if (/[^\t\r\n\x20-\x7e]/.test(raw)) return '554 5.6.0 bytes that are no printable ASCII';
  const names = headersOf(raw).map(({ name }) => name);
  const twice = ONCE.find((name) => names.filter((one) => one === name).length > 1);
  if (twice) return `554 5.6.0 two headers ${twice}`;
  const forbidden = names.find((name) => NEVER.includes(name));
  if (forbidden) return `554 5.6.0 a header ${forbidden}`;
  const missing = ['from', 'to', 'subject', 'date', 'message-id'].find((name) => !names.includes(name));
  return missing && `554 5.6.0 no header ${missing}`;
}

function headersOf(raw: string): { name: string; value: string }[] {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  return head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => ({
      name: line.slice(0, line.indexOf(':')).toLowerCase(),
      value: line.slice(line.indexOf(':') + 1).trim(),
    }));
}

async function read(raw: string, { envelope }: SMTPServerSession): Promise<Received> {
  const parsed = await simpleParser(raw);
  const headers = headersOf(raw);
  return {
    to: envelope.rcptTo.map(({ address }) => address),
    sender: envelope.mailFrom ? envelope.mailFrom.address : '',
    raw,
    messageId: parsed.messageId ?? '',
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
    header: (name) => headers.find((header) => header.name === name.toLowerCase())?.value,
    attachments: parsed.attachments.map(({ filename, contentType, headers: own, content }) => {
      const type = own.get('content-type');
      const params = typeof type === 'object' && 'params' in type ? type.params : {};
      return { filename, contentType, method: params.method, text: (content as Buffer).toString('utf8') };
    }),
    fromName: parsed.from?.value[0]?.name,
  };
}
