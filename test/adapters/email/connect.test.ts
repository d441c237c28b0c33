/** The line to the mail server: who it believes, what it never sends in clear, and what an administrator is told of its troubles. */
import { describe, expect, test } from 'vitest';
import { lineOptions } from '../../../adapters/email/connect.ts';
import { failing, LI, openBench } from './bench.ts';

const patience = { connectMs: 1, beforeDataMs: 1, answerMs: 1 };

describe('the address of the mail server', () => {
  test.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, secure: false, requireTLS: true }],
    ['smtp://mail.example.com:25', { port: 25, secure: false, requireTLS: true }],
    ['smtps://mail.example.com', { port: 465, secure: true, requireTLS: false }],
    ['smtp://localhost', { host: 'localhost', requireTLS: false, tls: { rejectUnauthorized: false } }],
    ['smtp://[::1]:25', { host: '::1', requireTLS: false }],
    ['smtp://127.0.0.1:2525', { host: '127.0.0.1', requireTLS: false }],
    ['smtp://127.0.0.1.example.com', { requireTLS: true }],
    ['smtp://a%40b:p%2Fw%23@mail.example.com', { auth: { user: 'a@b', pass: 'p/w#' } }],
  ])('%s', (url, options) => expect(lineOptions(url, patience)).toMatchObject(options));

  test('without a name there is no login, and certificates are believed only when signed', () => {
    expect(lineOptions('smtp://mail.example.com', patience)).not.toHaveProperty('auth');
    expect(lineOptions('smtp://mail.example.com', patience)).not.toHaveProperty('tls');
  });
});

// `0.0.0.0` leads to this machine, but is none of the names that are known to
const elsewhere = {
  url: (mail: { urlFor: (user: string, password: string, host: string) => string }) =>
    mail.urlFor('desk@example.com', 'p@ss:w/rd#1', '0.0.0.0'),
};

describe.concurrent('safety', () => {
  test('a server that offers no TLS is sent no password, and the administrator hears of it', async () => {
    await using bench = await openBench(elsewhere);
    expect(await failing(bench.send())).toMatch(/^credentials 50\d/);
    expect(bench.mail.logins).toEqual([]);
    expect(bench.email.trouble()).toMatch(/^Mail: the mail server does not let us in or send \(50\d.*check SMTP_URL/);
  });

  test('a certificate that nobody has signed is not believed', async () => {
    await using bench = await openBench({ ...elsewhere, tls: true });
    expect(await failing(bench.send())).toMatch(/^credentials .*CERT/);
    expect(bench.mail.logins).toEqual([]);
  });

  test('on this machine TLS is used where it is offered, whoever signed it', async () => {
    await using bench = await openBench({ tls: true });
    await bench.send();
    expect(bench.mail.logins).toEqual([{ user: 'desk@example.com', secure: true }]);
    expect(bench.mail.inbox(LI)).toHaveLength(1);
  });
});

describe.concurrent('trouble', () => {
  test('starting does not wait, and all is well once the server has taken us', async () => {
    await using bench = await openBench();
    expect(bench.email.trouble()).toMatch(/^Mail: still connecting/);
    await bench.email.start();
    await bench.mail.when(() => (bench.email.trouble() === undefined ? true : undefined), 'the line to be well');
    expect(bench.mail.logins).toHaveLength(1);
    expect(bench.mail.received).toEqual([]);
  });

  test('a server that is away does not stop the start; it is tried again by itself', async () => {
    await using bench = await openBench();
    bench.mail.fail({ at: 'greeting', reply: '421 4.3.2 not yet' });
    await bench.email.start();
    await bench.mail.when(() => (bench.email.trouble()?.includes('421') ? true : undefined), 'the trouble');
    await bench.mail.when(() => (bench.email.trouble() === undefined ? true : undefined), 'the line to be well');
    expect(bench.logged()).toContain('the mail server does not take us');
  });

  test('nobody at home', async () => {
    await using bench = await openBench({ url: () => 'smtp://127.0.0.1:1' });
    expect(await failing(bench.send())).toBe('retry-later ECONNREFUSED');
    expect(bench.email.trouble()).toBe('Mail: the mail server is not reached (ECONNREFUSED); it is tried again');
  });

  test('a wrong password is said, and forgotten with the first letter that passes', async () => {
    await using bench = await openBench();
    bench.mail.fail({ at: 'login', reply: '535 5.7.8 wrong' });
    expect(await failing(bench.send())).toBe('credentials 535 5.7.8');
    expect(bench.email.trouble()).toMatch(/does not let us in or send \(535 5\.7\.8\), check SMTP_URL and MAIL_FROM$/);
    await bench.send();
    expect(bench.email.trouble()).toBeUndefined();
  });

  test('one bad address is no trouble of the line', async () => {
    await using bench = await openBench();
    await bench.send();
    await bench.send(undefined, { to: 'nobody@example.com' }).catch(() => {});
    bench.mail.fail({ at: 'recipient', reply: '451 4.7.1 greylisted' });
    await bench.send().catch(() => {});
    expect(bench.email.trouble()).toBeUndefined();
  });
});

describe('at the end', () => {
  test('what is on its way still arrives', async () => {
    await using bench = await openBench();
    bench.mail.fail({ at: 'content', slowMs: 200 });
    const sent = bench.send();
    await bench.mail.when(() => bench.mail.logins[0], 'the line to stand');
    await bench.email.stop();
    await sent;
    expect(bench.mail.inbox(LI)).toHaveLength(1);
  });

  test('afterwards nothing is sent any more, and the letter waits', async () => {
    await using bench = await openBench();
    await bench.email.stop();
    expect(await failing(bench.send())).toBe('retry-later ECONNECTION');
  });
});
