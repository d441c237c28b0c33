/** Meetings in a calendar: written, then read back by another's parser. */
import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { type CalendarEvent, calendarText, invitationText } from '../../src/core/icalendar.ts';

const AT = new Date('2026-11-22T01:02:03Z');
const MEETING: CalendarEvent = {
  uid: 'MT-2026-0012@pr.example.com',
  title: '部门例会',
  start: new Date('2026-11-23T02:00:00Z'),
  end: new Date('2026-11-23T03:00:00Z'),
  place: '三楼会议室',
  text: '议题：\n1. 春季促销；预算 3,2 万',
  chair: { name: '赵敏', email: 'zhao@example.com' },
  attendees: [
    { name: '李娜', email: 'li@example.com', answer: 'yes' },
    { name: '王晓文', email: 'wang@example.com', answer: 'none' },
    { name: '钱多', email: 'qian@example.com', answer: 'deputy' },
    { name: '孙律', answer: 'no' },
  ],
  sequence: 2,
};
const calendar = (more: Partial<Parameters<typeof calendarText>[0]> = {}) =>
  calendarText({ name: '公关部的会议', zone: 'Asia/Shanghai', events: [MEETING], at: AT, ...more });

const parsed = (text: string) => new ICAL.Component(ICAL.parse(text));
const eventsIn = (text: string) => parsed(text).getAllSubcomponents('vevent');
const valueIn = (component: InstanceType<typeof ICAL.Component> | undefined, name: string): unknown =>
  component?.getFirstPropertyValue(name)?.valueOf();
const only = (text: string) => {
  const [event, ...more] = eventsIn(text);
  expect(more).toEqual([]);
  if (!event) throw new Error('no event');
  return event;
};
const instant = (component: InstanceType<typeof ICAL.Component>, name: string) =>
  (component.getFirstPropertyValue(name) as InstanceType<typeof ICAL.Time>).toJSDate().toISOString();

describe('a calendar to subscribe to', () => {
  it('has its name, asks to be read again every hour, and stands in UTC', () => {
    const text = calendar({ url: 'https://pr.example.com/' });
    const whole = parsed(text);
    expect(valueIn(whole, 'x-wr-calname')).toBe('公关部的会议');
    expect(valueIn(whole, 'x-wr-timezone')).toBe('Asia/Shanghai');
    expect(String(whole.getFirstPropertyValue('refresh-interval'))).toBe('PT1H');
    expect(valueIn(whole, 'x-published-ttl')).toBe('PT1H');
    expect(valueIn(whole, 'url')).toBe('https://pr.example.com/');
    expect(text).toContain('DTSTART:20261123T020000Z\r\n');
    expect(text).not.toContain('TZID');
    expect(text.indexOf('X-WR-TIMEZONE')).toBeLessThan(text.indexOf('BEGIN:VEVENT'));
  });
  it('every meeting with where, about what, who leads and who comes', () => {
    const event = only(calendar());
    expect(valueIn(event, 'uid')).toBe(MEETING.uid);
    expect(valueIn(event, 'sequence')).toBe(2);
    expect([instant(event, 'dtstart'), instant(event, 'dtend')]).toEqual(
      [MEETING.start, MEETING.end].map((at) => at.toISOString()),
    );
    expect(instant(event, 'dtstamp')).toBe('2026-11-22T01:02:03.000Z');
    expect(valueIn(event, 'summary')).toBe('部门例会');
    expect(valueIn(event, 'location')).toBe('三楼会议室');
    expect(valueIn(event, 'description')).toBe(MEETING.text);
    expect(valueIn(event, 'status')).toBe('CONFIRMED');
    expect(event.getFirstProperty('organizer')?.getParameter('cn')).toBe('赵敏');
    const people = event
      .getAllProperties('attendee')
      .map((one) => [one.getParameter('cn'), String(one.getFirstValue()).toLowerCase(), one.getParameter('partstat')]);
    expect(people).toEqual([
      ['李娜', 'mailto:li@example.com', 'ACCEPTED'],
      ['王晓文', 'mailto:wang@example.com', 'NEEDS-ACTION'],
      ['钱多', 'mailto:qian@example.com', 'DELEGATED'],
    ]);
  });
  it('a cancelled meeting stays, and says so', () => {
    expect(valueIn(only(calendar({ events: [{ ...MEETING, cancelled: true }] })), 'status')).toBe('CANCELLED');
  });
  it('a due date is a whole day that blocks nobody, in every zone the same', () => {
    const event = only(calendar({ events: [{ ...MEETING, allDay: '2026-12-31' }] }));
    const dates = ['dtstart', 'dtend'].map(
      (name) => event.getFirstPropertyValue(name) as InstanceType<typeof ICAL.Time>,
    );
    expect(dates.map((date) => [date.isDate, date.toString()])).toEqual([
      [true, '2026-12-31'],
      [true, '2027-01-01'],
    ]);
    expect(valueIn(event, 'transp')).toBe('TRANSPARENT');
  });
  it('an empty one is a calendar all the same', () => {
    const text = calendar({ events: [] });
    expect(eventsIn(text)).toEqual([]);
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  });
});

describe('in a mail', () => {
  it('is published, without attendees: answers are given in the chat', () => {
    const text = invitationText(MEETING, 'PUBLISH', AT);
    expect(valueIn(parsed(text), 'method')).toBe('PUBLISH');
    const event = only(text);
    expect(event.getAllProperties('attendee')).toEqual([]);
    expect(valueIn(event, 'status')).toBe('CONFIRMED');
  });
  it('is taken out again', () => {
    const text = invitationText({ ...MEETING, sequence: 3 }, 'CANCEL', AT);
    expect(valueIn(parsed(text), 'method')).toBe('CANCEL');
    const event = only(text);
    expect([valueIn(event, 'uid'), valueIn(event, 'sequence'), valueIn(event, 'status')]).toEqual([
      MEETING.uid,
      3,
      'CANCELLED',
    ]);
    expect(event.getAllProperties('attendee')).toHaveLength(3);
  });
});

describe('hostile text', () => {
  const ATTACK = 'a,b;c\\n:"x"\r\nEND:VEVENT\rBEGIN:VEVENT\nATTENDEE:mailto:evil@example.com\u2028\u0000\u0085';
  const hostile: CalendarEvent = {
    ...MEETING,
    uid: `MT-1\r\nX-EVIL:1`,
    title: ATTACK,
    place: ATTACK,
    text: ATTACK,
    chair: { name: ATTACK, email: 'zhao@example.com\r\nX-EVIL:1' },
    attendees: [{ name: ATTACK, email: '"a\r\nX-EVIL:1"@example.com', answer: 'yes' }],
  };
  it('stays text, wherever people write', () => {
    const text = calendar({
      name: ATTACK,
      zone: 'Asia/Shanghai\r\nX-EVIL:1',
      events: [hostile],
      url: 'https://a.example/\r\nX-EVIL:1',
    });
    const event = only(text);
    const line = 'a,b;c\\n:"x" END:VEVENT BEGIN:VEVENT ATTENDEE:mailto:evil@example.com';
    expect(valueIn(event, 'summary')).toBe(line);
    expect(valueIn(event, 'location')).toBe(line);
    expect(valueIn(event, 'description')).toBe(
      'a,b;c\\n:"x"\nEND:VEVENT\nBEGIN:VEVENT\nATTENDEE:mailto:evil@example.com',
    );
    // ical.js leaves the escapes of a name that the standard does not know; RFC 7986's NAME is a text like any other
    expect(valueIn(parsed(text), 'x-wr-calname')).toBe(line.replace(/[\\;,]/g, (char) => `\\${char}`));
    expect(event.getAllProperties('attendee')).toHaveLength(1);
    expect(text).not.toMatch(/^X-EVIL/m);
    expect(event.getFirstProperty('x-evil')).toBeNull();
  });
  it('whatever is written comes back whole, in lines of at most 75 bytes that end as the standard says', () => {
    const words = fc.string({ unit: fc.constantFrom(...'会议a ,;:\\"\r\n^\t\u0007\u2028😀é'), maxLength: 150 });
    fc.assert(
      fc.property(words, words, words, (title, place, text) => {
        const written = calendar({
          name: title,
          events: [{ ...MEETING, title, place, text, chair: { name: title, email: 'a@example.com' } }],
        });
        const event = only(written);
        const flat = (value: unknown) => String(value ?? '').replace(/\s+/g, '');
        const plain = (value: string) => value.normalize('NFC').replace(/[\s\p{Cc}\u2028]+/gu, '');
        expect(flat(valueIn(event, 'summary'))).toBe(plain(title));
        expect(flat(valueIn(event, 'description'))).toBe(plain(text));
        expect(flat(valueIn(event, 'location'))).toBe(plain(place));
        for (const line of written.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 200 },
    );
  });
});
