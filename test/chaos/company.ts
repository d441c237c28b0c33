/** The company of a run: enough people for many to press at once, three ways of signing, people on one platform and on both. */
import { copyHandbook } from '../support/handbook.ts';

export interface Someone {
  id: string;
  name: string;
  manager?: string;
  roles: string[];
  slack?: string;
  feishu?: string;
}

const pad = (n: number): string => String(n).padStart(2, '0');

/** Every fifth has only one of the platforms, in turns. */
function someone(id: string, n: number, title: string, roles: string[], manager?: string): Someone {
  const slack = n % 5 === 4 ? {} : { slack: `U${id.toUpperCase()}` };
  const feishu = n % 5 === 2 ? {} : { feishu: `ou_${id}` };
  return { id, name: `${title}${pad(n)}`, roles, ...(manager ? { manager } : {}), ...slack, ...feishu };
}

const many = (count: number, make: (n: number) => Someone): Someone[] =>
  Array.from({ length: count }, (_, i) => make(i + 1));

export const PEOPLE: readonly Someone[] = [
  someone('boss', 0, '总裁', ['executive', 'ceo']),
  ...many(2, (n) => someone(`dir${n}`, n - 1, '总监', ['director', 'department-head'], 'boss')),
  ...many(4, (n) => someone(`sup${n}`, n - 1, '主管', ['supervisor'], `dir${1 + (n % 2)}`)),
  ...many(3, (n) => someone(`fin${n}`, n - 1, '财务', ['finance'], 'boss')),
  ...many(3, (n) => someone(`leg${n}`, n + 2, '法务', ['legal'], 'boss')),
  ...many(16, (n) => someone(`staff${n}`, n, '专员', ['specialist'], `sup${1 + (n % 4)}`)),
];

export const STAFF: readonly Someone[] = PEOPLE.filter(({ roles }) => roles.includes('specialist'));

export function personOf(id: string): Someone {
  const found = PEOPLE.find((person) => person.id === id);
  if (found === undefined) throw new Error(`nobody is ${id}`);
  return found;
}

export const personAt = (platform: 'slack' | 'feishu', account: string): Someone | undefined =>
  PEOPLE.find((person) => person[platform] === account);

export const PROCESSES = ['spend', 'joint', 'either'] as const;
export type ProcessId = (typeof PROCESSES)[number];

/** The channel of each, one of its own: a crowded channel is slow, and this is not about that. */
export const CHANNELS: Readonly<Record<ProcessId, { slack: string; feishu: string }>> = {
  spend: { slack: 'C0SPEND', feishu: 'oc_spend' },
  joint: { slack: 'C0JOINT', feishu: 'oc_joint' },
  either: { slack: 'C0EITHER', feishu: 'oc_either' },
};

/** Whoever may be asked to sign it, in the order of its steps. */
export function signersOf(process: ProcessId, requester: Someone): string[][] {
  const superior = requester.manager ?? 'boss';
  const director = personOf(superior).manager ?? 'boss';
  if (process === 'spend') return [[superior], [director]];
  if (process === 'joint') return [['leg1', 'leg2', 'leg3'], [superior]];
  return [['fin1', 'fin2', 'fin3'], ['leg1']];
}

const form = `form:
  - {id: amount, type: money, label: {zh: 金额, en: Amount}}
  - {id: title,  type: text,  label: {zh: 事由, en: Purpose}, max: 120}
quick: [amount, title]
`;

/** 会签 by three, then one; reminded after seconds, so that the clock takes part as well, and once, so that there is an end to it. */
const JOINT = `id: joint
command: joint
number: JT
title: {zh: 会签申请, en: Joint request}
${form}steps:
  - {id: legal, title: {zh: 法务会签, en: Legal}, who: [{person: leg1}, {person: leg2}, {person: leg3}], need: all}
  - {id: superior, title: {zh: 主管审批, en: Supervisor}, who: {line: supervisor}}
remind: {after: 20s, every: 30m}
channel: joint
`;
/** 或签 by any of three; a greater amount wants a lawyer as well. */
const EITHER = `id: either
command: either
number: EI
title: {zh: 或签申请, en: Either request}
${form}steps:
  - {id: finance, title: {zh: 财务审批, en: Finance}, who: {role: finance}, need: any}
  - {id: legal, title: {zh: 法务审批, en: Legal}, who: {person: leg1}, when: {amount: {atLeast: 5万}}}
channel: either
`;

function company(): string {
  const lines = PEOPLE.map(({ id, name, manager, roles, slack, feishu }) => {
    const accounts = [slack && `slack: ${slack}`, feishu && `feishu: ${feishu}`].filter(Boolean).join(', ');
    const above = manager ? `manager: ${manager}, ` : '';
    return `  - {id: ${id}, name: ${name}, title: ${name}, ${above}roles: [${roles.join(', ')}], accounts: {${accounts}}}`;
  });
  const channels = Object.entries(CHANNELS).map(
    ([id, { slack, feishu }]) => `  ${id}: {slack: ${slack}, feishu: ${feishu}}`,
  );
  return `name: 混沌公司
timezone: Asia/Shanghai
language: zh-CN
currency: CNY
hours: {calendar: CN, days: [mon, tue, wed, thu, fri], from: "09:30", to: "18:30"}
people:
${lines.join('\n')}
channels:
${channels.join('\n')}
`;
}

export function openHandbook() {
  const files = { 'company.yaml': company(), 'processes/joint.yaml': JOINT, 'processes/either.yaml': EITHER };
  const elsewhere = [['channel: pr', 'channel: spend']] as const;
  return copyHandbook({ 'processes/spend.yaml': elsewhere, 'processes/purchase.yaml': elsewhere }, files);
}
