/** What is wrong with a handbook's files and their form, with the mend; read by whoever keeps the handbook, at start. */
import type { Language } from '../core/chat.ts';
import type { Fault, Saying } from '../handbook/model.ts';
import { words } from './language.ts';

/** What it is, and how it is mended. */
export type Said = { what: string; mend: string };
export type Sayings<C extends Saying['code']> = { [K in C]: (saying: Extract<Saying, { code: K }>) => Said };

type FileCode =
  | 'folder-unreadable'
  | 'missing-company'
  | 'no-processes'
  | 'file-unreadable'
  | 'file-too-large'
  | 'not-utf8'
  | 'wrong-ending'
  | 'yaml'
  | 'not-a-mapping'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'bad-value'
  | 'bad-form'
  | 'too-long'
  | 'empty'
  | 'hours-missing';

export const didYouMean = words<(near: string | undefined, otherwise: string) => string>({
  zh: (near, otherwise) => (near === undefined ? otherwise : `是不是「${near}」？如果不是，${otherwise}`),
  en: (near, otherwise) => (near === undefined ? otherwise : `Did you mean "${near}"? If not: ${otherwise}`),
});

const start = words({
  zh: {
    faults: (count: number) => `规则手册有 ${count} 处要改，程序没有启动。改好后再启动：`,
    notices: (count: number) => `规则手册可以使用。有 ${count} 处请留意：`,
    line: (place: string, what: string, mend: string) => `  ${place}\n    问题：${what}\n    改法：${mend}`,
  },
  en: {
    faults: (count: number) =>
      `The handbook has ${count} ${count === 1 ? 'fault' : 'faults'}; the program has not started. Mend and start again:`,
    notices: (count: number) => `The handbook is in use. ${count === 1 ? 'One thing' : `${count} things`} to look at:`,
    line: (place: string, what: string, mend: string) => `  ${place}\n    what: ${what}\n    mend: ${mend}`,
  },
});

const TYPES_ZH: Record<string, string> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  array: '列表（[…] 或每行一个 -）',
  object: '若干「键: 值」',
  record: '若干「键: 值」',
  null: '空',
};
const TYPES_EN: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list ([…] or one - a line)',
  object: 'a set of key: value',
  record: 'a set of key: value',
  null: 'nothing',
};

const YAML_ZH: Record<string, string> = {
  TAB_AS_INDENT: 'YAML 不能用 Tab 缩进。请把这一行开头的 Tab 换成空格。',
  DUPLICATE_KEY: '同一处写了两个相同的键。请删掉一个，或改成另一个名字。',
  BAD_INDENT: '缩进不齐。请让同一层的各行以同样多的空格开头。',
  MULTIPLE_DOCS: '一个文件只能有一份内容。请删掉单独一行的 ---。',
  TOO_DEEP: '内容套得太深。请照 handbook/ 里的例子写。',
  ALIASES: '锚点（&、*）太多或自相引用。请把内容直接写出来。',
};
const YAML_EN: Record<string, string> = {
  TAB_AS_INDENT: 'YAML allows no tabs as indentation. Put spaces at the beginning of this line.',
  DUPLICATE_KEY: 'The same key stands here twice. Delete one, or give it another name.',
  BAD_INDENT: 'The indentation is uneven. Begin all lines of one level with the same number of spaces.',
  MULTIPLE_DOCS: 'A file holds one document. Delete the line with --- alone.',
  TOO_DEEP: 'The content is nested too deeply. Write it like the examples in handbook/.',
  ALIASES: 'Too many anchors (&, *), or one that refers to itself. Write the content out.',
};

/** How the content behind a key is written, by the key's name. */
const HINTS_ZH: Record<string, string> = {
  id: '用小写字母开头，只含小写字母、数字、- 和 _，最多 40 个，例如 wang',
  name: '写 1 到 60 个字',
  manager: '写上级的 id，例如 manager: li；没有上级就删掉这一行',
  roles: '写角色列表，例如 roles: [supervisor]',
  email: '写完整的邮箱，例如 wang@example.com',
  phone: '用引号写国际格式，例如 "+8613800000001"',
  language: '公司写 zh-CN 或 en，个人写 zh 或 en',
  prefer: '写 slack 或 feishu，或列表 [slack, feishu]',
  accounts: '写 {slack: U…, feishu: ou_…}，没有的平台不写',
  active: '写 true（在职）或 false（已离职）',
  timezone: '写时区名，例如 Asia/Shanghai',
  currency: '写三个大写字母的 ISO 4217 代码，例如 CNY',
  days: '写工作日列表，例如 [mon, tue, wed, thu, fri]',
  from: '用引号写 24 小时制时间，例如 "09:30"',
  to: '用引号写 24 小时制时间，晚于 from，例如 "18:30"',
  pause: '用引号写上下班之间的一段，例如 "12:00-13:30"',
  calendar: '写 CN（中国节假日与调休）或 none',
  exceptions: '写日期与 work 或 off，例如 {2027-01-04: off}',
  rates: '用引号写一单位外币等于多少本币，例如 {USD: "7.1234"}',
  command: '用小写字母开头，只含小写字母、数字、- 和 _，例如 spend',
  aliases: '写文字列表，每个不超过 20 个字，例如 [费用]',
  number: '写两到四个大写字母，例如 SP',
  title: '写 {zh: 费用申请, en: Spend request}，每种不超过 75 个字',
  label: '写 {zh: 金额, en: Amount}，每种不超过 75 个字',
  hint: '写 {zh: …, en: …}，每种不超过 75 个字',
  max: '写 1 到 3000 的整数',
  options: '写 1 到 100 个选项，例如 - {value: media, label: {zh: 媒体, en: Media}}',
  value: '用小写字母开头，只含小写字母、数字、- 和 _',
  who: '写 {line: 角色}、{role: 角色} 或 {person: 人员 id}，也可以是它们的列表',
  need: '写 any（或签）或 all（会签）',
  when: '写字段与条件，例如 {amount: {atLeast: 5万}}',
  atLeast: '写一个金额、数字或日期，例如 5万',
  below: '写一个金额、数字或日期，例如 5万',
  is: '写一个值',
  in: '写值的列表，例如 [media, event]',
  after: '写时长：30s、15m、24h、8 working hours 或 3 working days',
  every: '写时长：30s、15m、24h、8 working hours 或 3 working days',
  steps: '写 1 到 20 个步骤',
  form: '写 1 到 20 个字段',
  people: '至少写一个人',
  channels: '写群的名字与各平台的群 id，例如 pr: {slack: C…, feishu: oc_…}',
  tenants: '写 {slack: T…, feishu: 租户 tenant_key}',
  type: '写 money、text、paragraph、choice、number、date、person 或 file',
  quick: '写字段 id 的列表，例如 [amount, title]',
  copy: '写 {role: 角色} 等规则的列表',
  remind: '写 {after: 4 working hours, every: 8 working hours}',
  escalate: '写 {after: 2 working days}',
  hours: '写 {days: [mon, …], from: "09:30", to: "18:30"}',
  required: '写 true 或 false',
  line: '写角色的 id，例如 supervisor',
  role: '写角色的 id，例如 finance',
  person: '写人员的 id，例如 li',
  channel: '写 company.yaml 的 channels 里的一个键，例如 pr',
};
const HINTS_EN: Record<string, string> = {
  id: 'small letters, digits, - and _, beginning with a letter, at most 40, such as wang',
  name: '1 to 60 characters',
  manager: "the manager's id, such as manager: li; without a manager delete the line",
  roles: 'a list of roles, such as roles: [supervisor]',
  email: 'a whole address, such as wang@example.com',
  phone: 'the international form in quotes, such as "+8613800000001"',
  language: 'zh-CN or en for the company, zh or en for a person',
  prefer: 'slack or feishu, or the list [slack, feishu]',
  accounts: '{slack: U…, feishu: ou_…}, without the platforms where there is none',
  active: 'true, or false for whoever has left',
  timezone: 'the name of a time zone, such as Asia/Shanghai',
  currency: 'an ISO 4217 code of three capital letters, such as CNY',
  days: 'a list of working days, such as [mon, tue, wed, thu, fri]',
  from: 'a 24-hour time in quotes, such as "09:30"',
  to: 'a 24-hour time in quotes, later than from, such as "18:30"',
  pause: 'a part of the working day in quotes, such as "12:00-13:30"',
  calendar: "CN (China's public holidays and make-up days) or none",
  exceptions: 'dates with work or off, such as {2027-01-04: off}',
  rates: 'what one unit of a foreign currency is worth, in quotes, such as {USD: "7.1234"}',
  command: 'small letters, digits, - and _, beginning with a letter, such as spend',
  aliases: 'a list of words of at most 20 characters, such as [费用]',
  number: 'two to four capital letters, such as SP',
  title: '{zh: 费用申请, en: Spend request}, at most 75 characters each',
  label: '{zh: 金额, en: Amount}, at most 75 characters each',
  hint: '{zh: …, en: …}, at most 75 characters each',
  max: 'a whole number from 1 to 3000',
  options: '1 to 100 options, such as - {value: media, label: {zh: 媒体, en: Media}}',
  value: 'small letters, digits, - and _, beginning with a letter',
  who: '{line: ROLE}, {role: ROLE} or {person: ID}, or a list of these',
  need: 'any or all',
  when: 'fields with conditions, such as {amount: {atLeast: 5万}}',
  atLeast: 'an amount, a number or a date, such as 5万',
  below: 'an amount, a number or a date, such as 5万',
  is: 'one value',
  in: 'a list of values, such as [media, event]',
  after: 'a duration: 30s, 15m, 24h, 8 working hours or 3 working days',
  every: 'a duration: 30s, 15m, 24h, 8 working hours or 3 working days',
  steps: '1 to 20 steps',
  form: '1 to 20 fields',
  people: 'at least one person',
  channels: 'names with the ids of each platform, such as pr: {slack: C…, feishu: oc_…}',
  tenants: '{slack: T…, feishu: the tenant_key}',
  type: 'money, text, paragraph, choice, number, date, person or file',
  quick: 'a list of field ids, such as [amount, title]',
  copy: 'a list of rules such as {role: ROLE}',
  remind: '{after: 4 working hours, every: 8 working hours}',
  escalate: '{after: 2 working days}',
  hours: '{days: [mon, …], from: "09:30", to: "18:30"}',
  required: 'true or false',
  line: 'the id of a role, such as supervisor',
  role: 'the id of a role, such as finance',
  person: 'the id of a person, such as li',
  channel: 'a key of channels in company.yaml, such as pr',
};

/** Behind these stand names of the company's own choice; the hint belongs to the whole. */
const OWN_NAMES = new Set(['rates', 'when', 'channels', 'accounts', 'exceptions', 'tenants']);
type Keyed = { key: string; within: string };
const hintIn = (hints: Record<string, string>, { key, within }: Keyed) => hints[OWN_NAMES.has(within) ? within : key];
const hintZh = (keyed: Keyed) => {
  const hint = hintIn(HINTS_ZH, keyed);
  return hint === undefined ? `请按 docs/管理员指南.md 里「${keyed.key}」的写法改。` : `${hint}。`;
};
const hintEn = (keyed: Keyed) => {
  const hint = hintIn(HINTS_EN, keyed);
  return hint === undefined ? `See "${keyed.key}" in docs/管理员指南.md.` : `Write ${hint}.`;
};

export const fileSayings = words<Sayings<FileCode>>({
  zh: {
    'folder-unreadable': ({ folder, reason }) => ({
      what: `读不到规则手册的文件夹「${folder}」（${reason}）`,
      mend: '请检查环境变量 HANDBOOK 指的路径，以及程序有没有读取权限。',
    }),
    'missing-company': () => ({ what: '没有 company.yaml', mend: '请在规则手册的文件夹里放一个 company.yaml。' }),
    'no-processes': () => ({
      what: '没有任何流程',
      mend: '请在 processes/ 里放至少一个 .yaml 文件，例如 processes/spend.yaml。',
    }),
    'file-unreadable': ({ reason }) => ({
      what: `读不到这个文件（${reason}）`,
      mend: '请检查文件是否存在，以及程序有没有读取权限。',
    }),
    'file-too-large': ({ limit }) => ({
      what: `文件超过 ${limit / 1024} KB`,
      mend: '规则手册是人写的文字，不会这么大。请检查是不是放错了文件。',
    }),
    'not-utf8': () => ({ what: '文件不是 UTF-8 编码', mend: '请用编辑器另存为 UTF-8。' }),
    'wrong-ending': ({ should }) => ({ what: '文件名的结尾不对，这个文件不会被读取', mend: `请改名为 ${should}。` }),
    yaml: ({ reason, text }) => ({
      what: `YAML 写法不对（${text}）`,
      mend: YAML_ZH[reason] ?? '请检查这一行的缩进、冒号后面的空格和引号。',
    }),
    'not-a-mapping': () => ({ what: '文件是空的，或不是「键: 值」的形式', mend: '请照 handbook/ 里的例子写。' }),
    'unknown-key': ({ key, near, known }) => ({
      what: `这里不认识「${key}」`,
      mend: didYouMean('zh')(near, `请删掉它。这里可以写：${known.join('、')}。`),
    }),
    'missing-key': ({ key, within }) => ({
      what: `缺少「${key}」`,
      mend: `请补上「${key}」：${hintZh({ key, within })}`,
    }),
    'wrong-type': ({ key, within, expected, got }) => ({
      what: `「${key}」应是${TYPES_ZH[expected] ?? expected}，这里是${TYPES_ZH[got] ?? got}`,
      mend:
        expected === 'string' && got === 'number' ? `请加上引号。${hintZh({ key, within })}` : hintZh({ key, within }),
    }),
    'bad-value': ({ key, value, near, options }) => ({
      what: `「${key}」不能是「${value}」`,
      mend: didYouMean('zh')(near, `可以写：${options.join('、')}。`),
    }),
    'bad-form': ({ key, within, value }) => ({ what: `「${key}」的写法不对：${value}`, mend: hintZh({ key, within }) }),
    'too-long': ({ key, within, limit, list }) => ({
      what: `「${key}」太${list ? '多' : '长或太大'}，最多 ${limit}`,
      mend: hintZh({ key, within }),
    }),
    empty: ({ key, within }) => ({ what: `「${key}」是空的`, mend: hintZh({ key, within }) }),
    'hours-missing': ({ from, to, calendar }) => ({
      what: `没有写工作时间 hours，按周一至周五 ${from}–${to}、节假日日历 ${calendar} 计算`,
      mend: '如果不对，请写上 hours。',
    }),
  },
  en: {
    'folder-unreadable': ({ folder, reason }) => ({
      what: `the handbook's folder "${folder}" cannot be read (${reason})`,
      mend: 'Check the path in the environment variable HANDBOOK, and whether the program may read it.',
    }),
    'missing-company': () => ({
      what: 'there is no company.yaml',
      mend: "Put a company.yaml into the handbook's folder.",
    }),
    'no-processes': () => ({
      what: 'there is no process',
      mend: 'Put at least one .yaml file into processes/, such as processes/spend.yaml.',
    }),
    'file-unreadable': ({ reason }) => ({
      what: `this file cannot be read (${reason})`,
      mend: 'Check whether it exists, and whether the program may read it.',
    }),
    'file-too-large': ({ limit }) => ({
      what: `the file is larger than ${limit / 1024} KB`,
      mend: 'A handbook is text written by people. Check whether this is the right file.',
    }),
    'not-utf8': () => ({ what: 'the file is not UTF-8', mend: 'Save it as UTF-8 in your editor.' }),
    'wrong-ending': ({ should }) => ({
      what: 'the file name ends wrongly, so it is not read',
      mend: `Rename it to ${should}.`,
    }),
    yaml: ({ reason, text }) => ({
      what: `this is not well-formed YAML (${text})`,
      mend: YAML_EN[reason] ?? 'Check the indentation, the space behind the colon and the quotes of this line.',
    }),
    'not-a-mapping': () => ({
      what: 'the file is empty, or not a set of key: value',
      mend: 'Write it like the examples in handbook/.',
    }),
    'unknown-key': ({ key, near, known }) => ({
      what: `"${key}" is not known here`,
      mend: didYouMean('en')(near, `delete it. Known here: ${known.join(', ')}.`),
    }),
    'missing-key': ({ key, within }) => ({
      what: `"${key}" is missing`,
      mend: `Add "${key}". ${hintEn({ key, within })}`,
    }),
    'wrong-type': ({ key, within, expected, got }) => ({
      what: `"${key}" must be ${TYPES_EN[expected] ?? expected} and is ${TYPES_EN[got] ?? got}`,
      mend:
        expected === 'string' && got === 'number'
          ? `Put it in quotes. ${hintEn({ key, within })}`
          : hintEn({ key, within }),
    }),
    'bad-value': ({ key, value, near, options }) => ({
      what: `"${key}" cannot be "${value}"`,
      mend: didYouMean('en')(near, `write one of ${options.join(', ')}.`),
    }),
    'bad-form': ({ key, within, value }) => ({
      what: `"${key}" is not written rightly: ${value}`,
      mend: hintEn({ key, within }),
    }),
    'too-long': ({ key, within, limit, list }) => ({
      what: `"${key}" has too ${list ? 'many entries' : 'much in it'}, at most ${limit}`,
      mend: hintEn({ key, within }),
    }),
    empty: ({ key, within }) => ({ what: `"${key}" is empty`, mend: hintEn({ key, within }) }),
    'hours-missing': ({ from, to, calendar }) => ({
      what: `without hours, working time is Monday to Friday ${from}–${to} with the calendar ${calendar}`,
      mend: 'If that is wrong, write hours.',
    }),
  },
});

/** All faults as one text for the terminal. */
export function describeFaults(faults: readonly Fault[], language: Language = 'zh'): string {
  return described(faults, start(language).faults(faults.length), language);
}

export function describeNotices(notices: readonly Fault[], language: Language = 'zh'): string {
  return described(notices, start(language).notices(notices.length), language);
}

function described(faults: readonly Fault[], head: string, language: Language): string {
  const { line } = start(language);
  const place = (fault: Fault) => `${fault.file}:${fault.line}${fault.column === undefined ? '' : `:${fault.column}`}`;
  return [head, ...faults.map((fault) => line(place(fault), fault.what, fault.mend))].join('\n');
}
