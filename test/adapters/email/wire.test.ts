/** A letter as it comes out of a mail server and two independent readers: headers, threads, names and files. */
import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { LI, letterCard, NOW, openBench } from './bench.ts';

const THREAD = 'MT-2026-0003';
const ICS = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Countersign//EN',
  'METHOD:PUBLISH',
  'BEGIN:VEVENT',
  'UID:DM-2026-0012@example.com',
  'DTSTAMP:20261123T020000Z',
  'DTSTART;VALUE=DATE:20261205',
  'SUMMARY:定稿：新闻稿\\, 第二版',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

type Files = NonNullable<ReturnType<typeof letterCard>['letter']>['files'];
const withFiles = (...files: Files) => letterCard({ letter: { thread: THREAD, subject: '纪要', files } });

describe.concurrent('the headers', () => {
  test('Chinese subject and sender arrive as they were written, and as ASCII on the wire', async () => {
    await using bench = await openBench();
    await bench.send();
    const [letter] = bench.mail.inbox(LI);
    expect(letter).toMatchObject({ subject: '周例会 11月23日 会议纪要', fromName: '会签' });
    expect(letter?.header('subject')).toMatch(/^=\?UTF-8\?[BQ]\?/i);
    expect(letter?.header('from')).toMatch(/^=\?UTF-8\?[BQ]\?[^ ]+\?= <desk@example\.com>$/i);
    expect(letter?.header('date')).toBe(NOW.toUTCString().replace('GMT', '+0000'));
  });

  test.each([
    ['"PR, the desk" <desk@example.com>', 'PR, the desk', '“PR, the desk”'],
    ['会签, 公关部 <desk@example.com>', '会签, 公关部', '“会签, 公关部”'],
    ['desk@example.com', '', '“desk@example.com”'],
  ])('%s is one sender, and named under the letter', async (from, name, said) => {
    await using bench = await openBench({ from });
    await bench.send();
    const [letter] = bench.mail.inbox(LI);
    expect(letter).toMatchObject({ sender: 'desk@example.com', fromName: name });
    expect(letter?.text).toContain(said);
    expect(letter?.header('from')).toMatch(/<desk@example\.com>$|^desk@example\.com$/);
  });

  test('mark it as written by a program that wants no automatic answer, yet hears of failures', async () => {
    await using bench = await openBench();
    await bench.send();
    const [letter] = bench.mail.inbox(LI);
    expect(letter?.header('auto-submitted')).toBe('auto-generated');
    expect(letter?.header('x-auto-response-suppress')?.split(', ')).toEqual(['DR', 'RN', 'NRN', 'OOF', 'AutoReply']);
    for (const none of ['precedence', 'list-id', 'x-mailer', 'reply-to']) expect(letter?.header(none)).toBeUndefined();
  });

  test('both versions of the text arrive whole', async () => {
    await using bench = await openBench();
    const long = '一二三四五六七八九十'.repeat(300);
    await bench.send(letterCard({ blocks: [{ kind: 'text', text: `${long}\n.\nFrom here\n..` }] }));
    const [letter] = bench.mail.inbox(LI);
    expect(letter?.text).toContain(`${long}\n.\nFrom here\n..`);
    expect(letter?.html).toContain(`${long}<br>.<br>From here<br>..`);
    expect(letter?.header('content-type')).toMatch(/^multipart\/alternative/);
  });
});

describe.concurrent('the thread', () => {
  test('all letters of one meeting answer the same root, each with an id of its own', async () => {
    await using bench = await openBench();
    await bench.send(letterCard(), { intent: 'one' });
    await bench.send(letterCard(), { intent: 'two' });
    const letters = bench.mail.inbox(LI);
    expect(letters.map(({ messageId }) => messageId)).toEqual(['<one@example.com>', '<two@example.com>']);
    for (const letter of letters) {
      expect(letter.header('references')).toBe('<MT-2026-0003@example.com>');
      expect(letter.header('in-reply-to')).toBe('<MT-2026-0003@example.com>');
    }
    expect(new Set(letters.map(({ subject }) => subject)).size).toBe(1);
  });

  test('a notice stands alone', async () => {
    await using bench = await openBench();
    const { letter: _none, ...notice } = letterCard();
    await bench.send(notice);
    expect(bench.mail.inbox(LI)[0]?.header('references')).toBeUndefined();
  });

  test('a thread that is no name of one still makes one id, the same every time and another for another', async () => {
    await using bench = await openBench();
    const hostile = ['x>\r\nBcc: <all@example.com', 'x> <y@example.com', '例会', ''];
    for (const thread of [...hostile, '例会'])
      await bench.send(letterCard({ letter: { thread, subject: '纪要', files: [] } }));
    const roots = bench.mail.inbox(LI).map((letter) => letter.header('references'));
    for (const root of roots) expect(root).toMatch(/^<t-[0-9a-f]{32}@example\.com>$/);
    expect(new Set(roots).size).toBe(4);
    expect(roots[4]).toBe(roots[2]);
  });
});

describe.concurrent('hostile words', () => {
  test.each([
    '纪要\r\nBcc: all@example.com',
    '纪要\nX-Injected: 1',
    '纪要\r\n\r\n<b>',
    '=?utf-8?B?DQpYLUluamVjdGVkOiAx?=',
  ])('in the subject begin no header: %j', async (subject) => {
    await using bench = await openBench();
    await bench.send(letterCard({ letter: { thread: THREAD, subject, files: [] } }));
    const [letter] = bench.mail.inbox(LI);
    expect(letter?.to).toEqual([LI]);
    expect(letter?.header('bcc') ?? letter?.header('x-injected')).toBeUndefined();
    expect(letter?.text).toContain('决议');
  });

  test('an encoded word that a person typed is not decoded into something else', async () => {
    await using bench = await openBench();
    const subject = '=?utf-8?B?5L2g5aW9?= 纪要';
    await bench.send(letterCard({ letter: { thread: THREAD, subject, files: [] } }));
    expect(bench.mail.inbox(LI)[0]?.subject).toBe(subject);
  });
});

describe.concurrent('files', () => {
  test('a calendar is a file that mail programs open, and says which method it has', async () => {
    await using bench = await openBench();
    await bench.send(withFiles({ name: '十二月五日 定稿.ics', mime: 'text/calendar', text: ICS }));
    const [letter] = bench.mail.inbox(LI);
    expect(letter?.header('content-type')).toMatch(/^multipart\/mixed/);
    expect(letter?.attachments).toEqual([
      { filename: '十二月五日 定稿.ics', contentType: 'text/calendar', method: 'PUBLISH', text: ICS },
    ]);
    expect(letter?.raw).toMatch(/Content-Disposition: attachment;\s+filename\*0\*=utf-8''/i);
    const event = new ICAL.Component(ICAL.parse(letter?.attachments[0]?.text ?? '')).getFirstSubcomponent('vevent');
    expect(event?.getFirstPropertyValue('summary')).toBe('定稿：新闻稿, 第二版');
  });

  test('the parameter is what the calendar says, and absent where it says nothing', async () => {
    await using bench = await openBench();
    const text = ICS.replace('METHOD:PUBLISH\r\n', '');
    await bench.send(withFiles({ name: 'a.ics', mime: 'text/calendar; method=REQUEST', text }));
    expect(bench.mail.inbox(LI)[0]?.attachments).toEqual([
      { filename: 'a.ics', contentType: 'text/calendar', method: undefined, text },
    ]);
  });

  test('other files come beside it as what they are', async () => {
    await using bench = await openBench();
    const csv = '编号,责任人\r\nDM-2026-0012,李娜\r\n';
    await bench.send(
      withFiles({ name: '决议.csv', mime: 'text/csv', text: csv }, { name: 'a.ics', mime: 'text/calendar', text: ICS }),
    );
    const files = bench.mail.inbox(LI)[0]?.attachments;
    expect(files?.map(({ contentType }) => contentType)).toEqual(['text/csv', 'text/calendar']);
    expect(files?.[0]).toMatchObject({ filename: '决议.csv', text: csv });
  });

  test.each([
    ['a\r\nX-Injected: 1.ics', 'a X-Injected_ 1.ics'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['.hidden.ics', 'hidden.ics'],
    ['纪要"; filename="x.exe', '纪要_; filename=_x.exe'],
    ['纪要\u202excs.ics', '纪要xcs.ics'],
    ['', '_'],
    [`${'长'.repeat(400)}.ics`, `${'长'.repeat(119)}….ics`],
  ])('a hostile name, %j, is a name', async (name, expected) => {
    await using bench = await openBench();
    await bench.send(withFiles({ name, mime: 'text/calendar', text: ICS }));
    const [letter] = bench.mail.inbox(LI);
    expect(letter?.attachments.map(({ filename }) => filename)).toEqual([expected]);
  });

  test.each(['text/html\r\nX-Injected: 1', 'text', '', 'text/calendar"'])(
    'a hostile kind, %j, is plain data',
    async (mime) => {
      await using bench = await openBench();
      await bench.send(withFiles({ name: 'a.bin', mime, text: '甲' }));
      expect(bench.mail.inbox(LI)[0]?.attachments).toMatchObject([
        { contentType: 'application/octet-stream', text: '甲' },
      ]);
    },
  );
});
