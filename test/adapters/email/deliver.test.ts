/** What the mail server does and what it means: refusals, silence, cut lines; and that nothing secret is told. */
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../support/mail.ts';
import { failing, LI, letterCard, openBench } from './bench.ts';

describe.concurrent('a letter', () => {
  test('is sent to one person and says where it went', async () => {
    await using bench = await openBench();
    const ref = await bench.send(letterCard(), { intent: 'a1b2' });
    expect(ref).toEqual({ channel: LI, message: '<a1b2@example.com>' });
    const [letter] = bench.mail.inbox(LI);
    expect(letter).toMatchObject({ to: [LI], sender: 'desk@example.com', fromName: '会签' });
    expect(bench.mail.received).toHaveLength(1);
  });

  test('ten at once go over two connections', async () => {
    await using bench = await openBench();
    await Promise.all(Array.from({ length: 10 }, () => bench.send()));
    expect(bench.mail.inbox(LI)).toHaveLength(10);
    expect(bench.mail.connections()).toBeLessThanOrEqual(2);
  });

  test('goes out at once when the server has closed the idle connection meanwhile', async () => {
    await using bench = await openBench();
    await bench.send();
    bench.mail.hangUpOnAll();
    await bench.send();
    expect(bench.mail.inbox(LI)).toHaveLength(2);
  });
});

// each at a server of its own, which greets only after a tenth of a second
describe.concurrent('what the server says', () => {
  const refusals: [string, Failure['at'], string, string, number | undefined][] = [
    ['it is busy', 'greeting', '421 4.3.2 too many connections', 'retry-later 421 4.3.2', undefined],
    ['it does not want this machine', 'greeting', '554 5.7.1 blocked', 'credentials 554 5.7.1', undefined],
    ['the login fails for now', 'login', '454 4.7.0 later', 'retry-later 454 4.7.0', undefined],
    ['the password is wrong', 'login', '535 5.7.8 wrong', 'credentials 535 5.7.8', undefined],
    ['a login is needed', 'sender', '530 5.7.0 login first', 'credentials 530 5.7.0', undefined],
    ['the sender is not the account', 'sender', '553 5.7.1 not yours', 'credentials 553 5.7.1', undefined],
    ['the announced size is too much', 'sender', '552 5.3.4 too large', 'rejected 552 5.3.4', undefined],
    ['it greylists', 'recipient', '451 4.7.1 greylisted', 'retry-later 451 4.7.1', 300_000],
    ['the mailbox is busy', 'recipient', '450 4.2.1 busy', 'retry-later 450 4.2.1', 300_000],
    ['it closes for maintenance', 'recipient', '421 4.3.2 closing', 'retry-later 421 4.3.2', undefined],
    ['nobody has this address', 'recipient', '550 5.1.1 unknown', 'unreachable 550 5.1.1', undefined],
    ['they have moved', 'recipient', '551 moved', 'unreachable 551', undefined],
    ['the address cannot be', 'recipient', '553 5.1.3 bad address', 'unreachable 553 5.1.3', undefined],
    ['it does not relay', 'recipient', '554 5.7.1 relay denied', 'unreachable 554 5.7.1', undefined],
    ['it greylists after the content', 'content', '451 4.7.1 greylisted', 'retry-later 451 4.7.1', 300_000],
    ['the disk is full', 'content', '452 4.3.1 no room', 'retry-later 452 4.3.1', 300_000],
    ['the content is too large', 'content', '552 5.3.4 too large', 'rejected 552 5.3.4', undefined],
    ['the content looks like spam', 'content', '554 5.7.1 spam', 'rejected 554 5.7.1', undefined],
    ['the content is refused without a reason', 'content', '550 Mail content denied', 'rejected 550', undefined],
    ['the mailbox is full', 'content', '552 5.2.2 full', 'unreachable 552 5.2.2', undefined],
    ['the mailbox is unknown after all', 'content', '550 5.1.1 unknown', 'unreachable 550 5.1.1', undefined],
    [
      'the sender is refused at the end',
      'content',
      '550 5.7.60 not as this sender',
      'credentials 550 5.7.60',
      undefined,
    ],
    ['it has lost the thread', 'content', '503 5.5.1 bad sequence', 'retry-later 503 5.5.1', undefined],
  ];
  test.each(refusals)('%s', async (_story, at, reply, outcome, afterMs) => {
    await using bench = await openBench();
    bench.mail.fail({ at, reply });
    const call = bench.send();
    expect(await failing(call)).toBe(outcome);
    expect(await call.catch(({ afterMs: wait }) => wait)).toBe(afterMs);
    expect(bench.mail.received).toEqual([]);
    await bench.send(); // and the next letter is not held up by it
    expect(bench.mail.inbox(LI)).toHaveLength(1);
  });

  test('a letter larger than it takes is not begun', async () => {
    await using bench = await openBench({ sizeBytes: 5_000 });
    const card = letterCard({ blocks: [{ kind: 'text', text: '长'.repeat(5_000) }] });
    expect(await failing(bench.send(card))).toMatch(/^rejected 552 5\.3\.4$|^rejected EMESSAGE$/);
  });

  test('a stranger to the server is unreachable', async () => {
    await using bench = await openBench();
    expect(await failing(bench.send(letterCard(), { to: 'nobody@example.com' }))).toBe('unreachable 550 5.1.1');
  });
});

describe.concurrent('when the line breaks', () => {
  test.each(['greeting', 'login', 'sender', 'recipient'] as const)(
    'before the content, at the %s, the letter has certainly not gone',
    async (at) => {
      await using bench = await openBench();
      bench.mail.fail({ at, cut: 'before', times: 2 });
      expect(await failing(bench.send())).toMatch(/^retry-later E/);
      expect(bench.mail.received).toEqual([]);
    },
  );

  test('at the greeting once, nobody notices', async () => {
    await using bench = await openBench();
    bench.mail.fail({ at: 'greeting', cut: 'before' });
    await bench.send();
    expect(bench.mail.inbox(LI)).toHaveLength(1);
  });

  test('within the content, or after it without an answer, nobody knows; the next try is the same mail', async () => {
    await using bench = await openBench();
    bench.mail.fail({ at: 'content', cut: 'before' });
    bench.mail.fail({ at: 'content', cut: 'after' });
    expect(await failing(bench.send(letterCard(), { intent: 'one' }))).toMatch(/^ambiguous E/);
    expect(bench.mail.received).toHaveLength(0);
    expect(await failing(bench.send(letterCard(), { intent: 'one' }))).toMatch(/^ambiguous E/);
    expect(bench.mail.received).toHaveLength(1);
    await bench.send(letterCard(), { intent: 'one' });
    expect(bench.mail.inbox(LI).map(({ messageId }) => messageId)).toEqual(['<one@example.com>', '<one@example.com>']);
    const [first, second] = bench.mail.inbox(LI).map(({ raw }) => raw.replace(/--_NmP-[\w-]+|boundary="[^"]+"/g, ''));
    expect(second).toBe(first);
  });

  test('it is never repeated behind the back of the outbox', async () => {
    await using bench = await openBench();
    await bench.send();
    bench.mail.fail({ at: 'content', cut: 'after' });
    expect(await failing(bench.send())).toMatch(/^ambiguous/);
    expect(bench.mail.received).toHaveLength(2);
  });
});

describe.concurrent('when the server is silent', () => {
  test.each(['greeting', 'login', 'sender', 'recipient'] as const)('at the %s, it is left soon', async (at) => {
    await using bench = await openBench({ patience: { connectMs: 400, beforeDataMs: 600 } });
    bench.mail.fail({ at, silent: true });
    expect(await failing(bench.send())).toMatch(/^retry-later E(TIMEDOUT|ABORT|SOCKET|CONNECTION)$/);
    await bench.send();
    expect(bench.mail.inbox(LI)).toHaveLength(1);
  });

  test('after the content, it is waited for much longer: who gives up too soon sends twice', async () => {
    await using bench = await openBench({ patience: { beforeDataMs: 300 } });
    bench.mail.fail({ at: 'content', slowMs: 900 });
    await bench.send();
    expect(bench.mail.inbox(LI)).toHaveLength(1);
  });

  test('after the content and for good, nobody knows', async () => {
    await using bench = await openBench({ patience: { answerMs: 500 } });
    bench.mail.fail({ at: 'content', silent: true });
    expect(await failing(bench.send())).toMatch(/^ambiguous ETIMEDOUT$/);
  });
});

describe('what mail is not for', () => {
  test('channels, forms, edits and files', async () => {
    await using bench = await openBench();
    const intent = { id: 'x', triedBefore: undefined };
    const form = { title: 't', intro: [], fields: [], submit: 's', cancel: 'c', action: { command: 'a.b' } };
    const { email } = bench;
    expect(
      await Promise.all([
        failing(email.post({ kind: 'channel', id: LI }, { kind: 'card', card: letterCard() }, intent, 'zh')),
        failing(email.post({ kind: 'direct', id: LI }, { kind: 'form', form }, intent, 'zh')),
        failing(email.edit({ channel: LI, message: '<x@example.com>' }, letterCard(), 'zh')),
        failing(email.fetchFile({})),
      ]),
    ).toEqual(['unreachable no-channels', 'rejected no-forms', 'rejected no-edits', 'gone no-files']);
    expect(bench.mail.connections()).toBe(0);
  });

  test.each([
    'li@example.com, all@example.com',
    'li@example.com>\r\nRCPT TO:<all@example.com',
    '李娜 <li@example.com>',
    'a@b@example.com',
    'li\u0000@example.com',
    '@example.com',
    '',
  ])('an address that is none never reaches the server: %j', async (to) => {
    await using bench = await openBench();
    expect(await failing(bench.send(letterCard(), { to }))).toBe('unreachable no-mailbox');
    expect(bench.mail.connections()).toBe(0);
  });
});

describe('what is told', () => {
  test('neither the log nor an error holds an address, a password or a word of the letter', async () => {
    await using bench = await openBench();
    bench.mail.fail({ at: 'login', reply: '535 5.7.8 wrong password for desk@example.com' });
    await bench.email.start();
    await bench.mail.when(() => (bench.logged().includes('535') ? true : undefined), 'the refusal in the log');
    bench.mail.fail({ at: 'recipient', reply: `550 5.1.1 <${LI}> unknown` });
    const error = await bench.send().catch((thrown: Error) => thrown);
    const told = `${bench.logged()}${JSON.stringify(error)}${(error as Error).stack}${String((error as Error).cause)}`;
    for (const secret of [LI, 'p@ss', 'desk@example.com', '纪要']) expect(told).not.toContain(secret);
  });
});
