/** What is wrong with a handbook's files and their form, with the mend; read by whoever keeps the handbook, at start. */
import type { Language } from '../core/chat.ts';
import type { Fault, Saying } from '../handbook/model.ts';
import { hintEn, hintZh } from './handbook-hints.ts';
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
