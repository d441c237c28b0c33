/** The example company as a Directory, for stories: people by id, with what a story changes about them. */
import type { Absence, Company, Directory, Person } from '../../src/directory/model.ts';

export type Someone = Pick<Person, 'id'> & Partial<Person>;

export function person(given: Someone): Person {
  return { name: given.id, title: '', roles: [], accounts: {}, active: true, ...given };
}

/** 王晓文 → 李娜 (supervisor) → 赵敏 (director, department head) → 陈卫东 (CEO); 钱多 (finance) and 孙律 (legal) under the CEO. */
export const STARS: readonly Someone[] = [
  {
    id: 'wang',
    name: '王晓文',
    manager: 'li',
    roles: ['specialist'],
    accounts: { slack: 'U01WANG', feishu: 'ou_wang' },
  },
  { id: 'li', name: '李娜', manager: 'zhao', roles: ['supervisor'], accounts: { slack: 'U02LI', feishu: 'ou_li' } },
  {
    id: 'zhao',
    name: '赵敏',
    manager: 'chen',
    roles: ['director', 'department-head'],
    accounts: { feishu: 'ou_zhao' },
  },
  { id: 'chen', name: '陈卫东', roles: ['executive', 'ceo'], accounts: { slack: 'U04CHEN' } },
  { id: 'qian', name: '钱多', manager: 'chen', roles: ['finance'], accounts: { slack: 'U05QIAN' } },
  { id: 'sun', name: '孙律', manager: 'chen', roles: ['legal'], accounts: { feishu: 'ou_sun' } },
];

export interface Given {
  people?: readonly Someone[];
  /** who differs from the example, by id */
  but?: Record<string, Partial<Person>>;
  away?: readonly (Pick<Absence, 'person' | 'deputy'> & Partial<Absence>)[];
  today?: string;
  language?: Company['language'];
}

export function directory({
  people = STARS,
  but = {},
  away = [],
  today = '2026-12-03',
  language,
}: Given = {}): Directory {
  const all = people.map((one) => person({ ...one, ...but[one.id] }));
  const [first, ...rest] = all;
  if (!first) throw new Error('a company needs somebody');
  const company: Company = {
    name: '星河传媒公关部',
    timezone: 'Asia/Shanghai',
    language: language ?? 'zh-CN',
    currency: 'CNY',
    rates: {},
    tenants: {},
    people: [first, ...rest],
    channels: {},
    hours: {
      timezone: 'Asia/Shanghai',
      days: ['mon', 'tue', 'wed', 'thu', 'fri'],
      from: '09:30',
      to: '18:30',
      calendar: 'CN',
    },
  };
  const absences = away.map((one, i) => ({ id: `AW-${i}`, from: '2026-12-01', to: '2026-12-07', ...one }));
  return { company, people: new Map(all.map((one) => [one.id, one])), absences, today };
}
