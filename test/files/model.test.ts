/** What files are called, and what may happen to them, whatever they belong to. */
import { expect, test } from 'vitest';
import type { Moment } from '../../src/core/module.ts';
import { attach, attachmentName, attachWhatFits, type Joined, type SentFile, settled } from '../../src/files/model.ts';
import type { World } from '../../src/processes/model.ts';
import { directory } from '../support/company.ts';

/** In Shanghai it is the 23rd already. */
const moment: Moment<World> = {
  actor: { kind: 'person', id: 'wang', platform: 'slack' },
  at: new Date('2026-11-22T17:00:00Z'),
  world: { directory: directory(), processes: [], pinned: async () => undefined },
};
const minutes: Joined = { project: '部门周会', version: 2, files: 18 };
const files = (count: number): SentFile[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `00000000-0000-4000-8000-00000000000${i}`,
    original: `稿${i}.PDF`,
    ref: { id: `F${i}` },
  }));

test('rule G6: what it is about, the day at the company, which of the files, which version', () => {
  const file = { project: '春季促销', date: '2026-11-21', position: 1, version: 1, original: '报价（终稿）.pdf' };
  expect(attachmentName(file)).toBe('春季促销-20261121-01V1.pdf');
  expect(attachmentName({ ...file, original: 'IMG_0001' })).toBe('春季促销-20261121-01V1');
  const decision = attach(minutes, files(2), moment);
  const names = 'events' in decision ? decision.events.map(({ data }) => data.name) : [];
  expect(names).toEqual(['部门周会-20261123-19V2.pdf', '部门周会-20261123-20V2.pdf']);
});

test('files sent by themselves join together or not at all', () => {
  expect(attach(minutes, files(3), moment)).toEqual({ refusal: { code: 'too-many-files', facts: { most: 20 } } });
});

test('files that come with a form join as far as there is room, and who sent the others is told', () => {
  const events = attachWhatFits(minutes, files(3), moment, { by: 'wang', platform: 'slack' });
  expect(events.map(({ type }) => type)).toEqual(['file-attached', 'file-attached', 'file-refused']);
  expect(events[2]?.data).toEqual({
    id: files(3)[2]?.id,
    name: '稿2.PDF',
    why: 'too-many',
    by: 'wang',
    platform: 'slack',
  });
});

test('a file that was fetched twice is said to be kept once', () => {
  const kept = {
    type: 'file-kept' as const,
    data: { id: 'a', name: 'a.pdf', sha256: '0', size: 1, mime: 'application/pdf' },
  };
  expect(settled(kept, { awaited: true })).toEqual({ events: [kept] });
  expect(settled(kept, { awaited: false })).toMatchObject({ refusal: { code: 'nothing-to-do' } });
});
