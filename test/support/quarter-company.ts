/** A company of forty and its meetings, as a handbook: some are on Slack alone, some on Feishu alone, some on both. */
export interface Member {
  id: string;
  name: string;
  department: string;
  manager?: string;
  slack?: string;
  feishu?: string;
}

/** So long before or after: minutes on the clock, or working minutes, or working days. */
export type Span = { plain: number } | { working: number } | { days: number };

export interface Held {
  id: string;
  title: string;
  every: string;
  at: string;
  length: number;
  off: 'next' | 'previous' | 'skip';
  /** does the rule name this day? `week`: 0 is a Monday */
  names(date: string, week: number): boolean;
  department?: string;
  people?: string[];
  chair: string;
  taker: string;
  remind: Span[];
  minutes: { within: Span; remind: Span; chase: Span };
  channel?: true;
}

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章';
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红娥玲芬燕彩兰凤洁梅琳素云莲真';
const DEPARTMENTS = ['公关部', '市场部', '财务部', '法务部'];
const ROLES: Record<number, string> = {
  0: 'executive, ceo',
  1: 'director, department-head',
  2: 'director, department-head',
  3: 'finance',
  4: 'legal',
  5: 'supervisor',
};

/** The first leads the company, the next four a department each, everybody else belongs to one of them. */
export const PEOPLE: readonly Member[] = Array.from({ length: 40 }, (_, n) => {
  const id = `p${String(n).padStart(2, '0')}`;
  const head = n === 0 ? undefined : n <= 4 ? 'p00' : `p0${((n - 1) % 4) + 1}`;
  return {
    id,
    name: `${SURNAMES[n]}${GIVEN[n]}`,
    department: n === 0 ? '管理层' : (DEPARTMENTS[(n - 1) % 4] ?? ''),
    ...(head === undefined ? {} : { manager: head }),
    ...(n % 3 === 1 ? {} : { slack: `U0P${String(n).padStart(3, '0')}` }),
    ...(n % 3 === 0 ? {} : { feishu: `ou_p${n}` }),
  };
});

const working = (hours: number): Span => ({ working: hours * 60 });
const plain = (minutes: number): Span => ({ plain: minutes });
const days = (n: number): Span => ({ days: n });
const dayOf = (date: string): number => Number(date.slice(8));
const monthOf = (date: string): number => Number(date.slice(5, 7));

export const MEETINGS: readonly Held[] = [
  {
    id: 'weekly',
    title: '全员例会',
    every: '每周一 10:00',
    at: '10:00',
    length: 60,
    off: 'next',
    names: (_, week) => week === 0,
    chair: 'p00',
    taker: 'p05',
    remind: [days(1), plain(30)],
    minutes: { within: plain(24 * 60), remind: plain(4 * 60), chase: working(8) },
    channel: true,
  },
  {
    id: 'project',
    title: '春季项目会',
    every: '每周四 14:00',
    at: '14:00',
    length: 90,
    off: 'previous',
    names: (_, week) => week === 3,
    department: '市场部',
    chair: 'p02',
    taker: 'p22',
    remind: [days(1), working(2), plain(30)],
    minutes: { within: working(8), remind: working(2), chase: working(8) },
  },
  {
    id: 'monthly',
    title: '月度复盘',
    every: '每月最后一个周五 16:00',
    at: '16:00',
    length: 60,
    off: 'next',
    names: (date, week) => week === 4 && dayOf(date) > new Date(Date.UTC(2026, monthOf(date), 0)).getUTCDate() - 7,
    department: '公关部',
    chair: 'p01',
    taker: 'p17',
    remind: [days(2), plain(60)],
    minutes: { within: plain(48 * 60), remind: plain(4 * 60), chase: working(4) },
  },
  {
    id: 'quarterly',
    title: '季度战略会',
    every: '每季度第一个周三 14:00',
    at: '14:00',
    length: 120,
    off: 'next',
    names: (date, week) => week === 2 && dayOf(date) <= 7 && monthOf(date) % 3 === 1,
    chair: 'p00',
    taker: 'p06',
    remind: [days(3), days(1), plain(30)],
    minutes: { within: plain(24 * 60), remind: plain(4 * 60), chase: working(8) },
    channel: true,
  },
  {
    id: 'standup',
    title: '财务站会',
    every: '每个工作日 9:15',
    at: '09:15',
    length: 15,
    off: 'skip',
    names: () => true,
    people: ['p03', 'p07', 'p11', 'p15'],
    chair: 'p03',
    taker: 'p07',
    remind: [plain(30), plain(5)],
    minutes: { within: working(4), remind: working(1), chase: working(8) },
  },
];

const spanText = (span: Span): string =>
  'days' in span
    ? `${span.days} working days`
    : 'working' in span
      ? `${span.working / 60} working hours`
      : `${span.plain}m`;

const personLine = ({ id, name, department, manager, slack, feishu }: Member, n: number): string => {
  const accounts = [slack && `slack: ${slack}`, feishu && `feishu: ${feishu}`].filter(Boolean).join(', ');
  const above = manager ? `manager: ${manager}, ` : '';
  return `  - {id: ${id}, name: ${name}, title: 同事, ${above}roles: [${ROLES[n] ?? 'specialist'}], department: ${department}, accounts: {${accounts}}}`;
};

export const COMPANY = `name: 星河传媒
timezone: Asia/Shanghai
language: zh-CN
currency: CNY
hours: {calendar: CN, days: [mon, tue, wed, thu, fri], from: "09:30", to: "18:30", pause: "12:00-13:30"}
quiet: "22:00-08:00"
people:
${PEOPLE.map(personLine).join('\n')}
channels:
  pr: {slack: C0PR, feishu: oc_pr}
  crisis: {slack: C0CRISIS, feishu: oc_crisis}
  audit: {slack: C0AUDIT, feishu: oc_audit}
`;

const who = ({ department, people }: Held): string =>
  people
    ? `[${people.map((id) => `{person: ${id}}`).join(', ')}]`
    : department
      ? `[{department: ${department}}]`
      : 'everyone';

/** @param until the last day that a rule may name: what nobody looks at need not be planned */
export const meetingsYaml = (until: string): string => `meetings:
${MEETINGS.map(
  (held) => `  - id: ${held.id}
    title: {zh: ${held.title}, en: ${held.id}}
    every: ${held.every}
    until: ${until}
    length: ${held.length}m
    off: ${held.off}
    who: ${who(held)}
    chair: {person: ${held.chair}}
    minutes: {by: {person: ${held.taker}}, within: ${spanText(held.minutes.within)}, remind: ${spanText(held.minutes.remind)}, chase: ${spanText(held.minutes.chase)}}
    remind: [${held.remind.map(spanText).join(', ')}]
${held.channel ? '    channel: pr\n' : ''}`,
).join('')}`;

/** Everybody whom a meeting calls, its chair and its minute-taker. */
export function calledTo(held: Held): string[] {
  const called = PEOPLE.filter(({ id, department }) =>
    held.people ? held.people.includes(id) : held.department === undefined || department === held.department,
  );
  return [...new Set([...called.map(({ id }) => id), held.chair, held.taker])].sort();
}

export function memberOf(id: string): Member {
  const member = PEOPLE.find((one) => one.id === id);
  if (!member) throw new Error(`nobody is called ${id}`);
  return member;
}
