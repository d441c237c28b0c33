/**
 * Minutes that somebody pasted as text, laid into the template: `议题：…`, `决议：… @李娜 12-05`, `到会：…`, a list, a table. What it does
 * not say is left empty, and asked for in the form; nothing is guessed. Pure.
 */
import { cleanLine } from '../core/text.ts';
import { type DraftDecision, type FindPerson, readDecisionLine } from './decision-line.ts';
import type { Present } from './model.ts';
import { readRow, type Table, tableHead } from './table.ts';

export interface Draft {
  topics: string[];
  present: Present[];
  decisions: DraftDecision[];
  /** there was more than could be taken */
  cut?: boolean;
}

type Section = 'topics' | 'decisions' | 'present' | 'other';

const HEADINGS: [RegExp, Section][] = [
  [/^(?:本次|会议)?(?:议题|议程|主题|讨论(?:事项|议题)|topics?|agenda)$/i, 'topics'],
  [
    /^(?:本次|会议|主要|形成|重要)?(?:决议|决定|结论|待办|行动)(?:事项|项|计划|清单)?$|^(?:下一步(?:计划|行动)?|后续(?:行动|事项))$|^(?:decisions?(?: made| taken)?|(?:action|todo|to-do) items?|actions|next steps|todos?|to-dos?)$/i,
    'decisions',
  ],
  [/^(?:实到|到会|出席|参会|与会|参加)(?:人员|人|者|名单)?$|^(?:present|attendees|participants|attended)$/i, 'present'],
  [
    /^(?:会议)?(?:纪要|时间|日期|地点|主题|名称|内容|主持(?:人)?|记录(?:人)?|纪要人|缺席(?:人员)?|请假(?:人员)?|抄送|应到|总结|摘要|备注|讨论(?:内容|过程)?)$|^(?:summary|minutes|date|time|place|location|chair|absent|apologies|notes?|discussion|minute-taker)$/i,
    'other',
  ],
];
const MOST_LINES = 400;
const MOST_CHARACTERS = 200_000;
const MOST = { topics: 40, decisions: 40, present: 200 };
const NOTHING = /^(?:无|暂无|没有|none|n\/a|-+)[。.]?$/iu;

interface Reading {
  draft: Draft;
  section: Section | undefined;
  table: Table | undefined;
  find: FindPerson;
  today: string;
}

export function readDraft(text: string, find: FindPerson, today: string): Draft {
  const all = text.slice(0, MOST_CHARACTERS).split(/\r\n?|[\n\u2028]/);
  const lines = all.slice(0, MOST_LINES);
  const headed = lines.some((line) => headingOf(plain(line)) !== undefined || tableHead(line) !== undefined);
  // what stands above the first heading is a title
  const section = headed ? 'other' : undefined;
  const reading: Reading = {
    draft: { topics: [], present: [], decisions: [] },
    section,
    table: undefined,
    find,
    today,
  };
  for (const line of lines) readLine(line, reading);
  const { topics, present, decisions } = reading.draft;
  const draft = {
    topics: topics.slice(0, MOST.topics),
    present: present.slice(0, MOST.present),
    decisions: decisions.slice(0, MOST.decisions),
  };
  const less = draft.topics.length < topics.length || draft.decisions.length < decisions.length;
  return less || all.length > lines.length || text.length > MOST_CHARACTERS ? { ...draft, cut: true } : draft;
}

function readLine(raw: string, reading: Reading): void {
  const head = tableHead(raw);
  if (head) {
    reading.table = head;
    return;
  }
  const row = reading.table && readRow(raw, reading.table);
  if (row) {
    if (row !== 'ruled') reading.draft.decisions.push(fromRow(row, reading));
    return;
  }
  reading.table = undefined;
  const line = plain(raw);
  if (line === '') return;
  const heading = headingOf(line);
  if (heading) reading.section = heading.section;
  const content = withoutNumber(heading ? heading.rest : line);
  if (content !== '' && !NOTHING.test(content)) take(reading, content);
}

/** Without the signs of lists, headings and emphasis. */
function plain(raw: string): string {
  return cleanLine(raw, 1000)
    .replace(/\*\*|__|`/g, '')
    .replace(/^(?:>\s*)+/u, '')
    .replace(/^#{1,6}\s*/u, '')
    .replace(/^(?:[*+•·▪◦●○■□→✅☑✔-]\s*)+(?=\S)/u, '')
    .replace(/^\[[ xX]?\]\s*/u, '')
    .trim();
}

const LIST_NUMBER =
  /^[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）、．]|\.(?!\d))\s*|^[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]\s*/u;
const withoutNumber = (line: string): string => line.replace(LIST_NUMBER, '').trim();

/** `决议：内容`, `决议1：内容`, or a line that is nothing but the heading; `一、决议` and `3. 决议：` too. */
function headingOf(line: string): { section: Section; rest: string } | undefined {
  const bare = withoutNumber(line);
  const [, head = bare, sign, rest = ''] = /^([^:：]{1,24})([:：])\s*([\s\S]*)$/u.exec(bare) ?? [];
  const name = head.replace(/[【】[\]()（）]/gu, '').trim();
  const found = HEADINGS.find(([pattern]) =>
    pattern.test(name.replace(/\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})$/u, '')),
  );
  if (!found) return undefined;
  // an item of a list that happens to be called "总结"
  if (!sign && found[1] === 'other' && /^\d/.test(line)) return undefined;
  return { section: found[1], rest };
}

function take({ draft, section, find, today }: Reading, content: string): void {
  switch (section) {
    case 'topics':
      draft.topics.push(content);
      break;
    case 'present':
      draft.present.push(...readPresent(content, find, draft.present));
      break;
    case 'decisions':
      takeDecision(draft, readDecisionLine(content, find, today));
      break;
    case 'other':
      break;
    case undefined: {
      const read = readDecisionLine(content, find, today);
      if (read.owner || read.due || read.unknown) takeDecision(draft, read);
      else draft.topics.push(content);
      break;
    }
    default:
      section satisfies never;
  }
}

/** `责任人：李娜` on a line of its own belongs to what stands above it. */
function takeDecision(draft: Draft, read: DraftDecision): void {
  const last = draft.decisions.at(-1);
  const nothingElse = read.text === '' || /^(?:责任人|负责人|跟进人|owner)\s*[:：]?\s*@?\S*$/iu.test(read.text);
  if (!last || !nothingElse) {
    draft.decisions.push(read);
    return;
  }
  last.owner ||= read.owner;
  last.due ||= read.due;
  if (read.unknown && !last.owner) last.unknown = read.unknown;
  last.line = `${last.line} ${read.line}`;
}

function fromRow(row: { text: string; owner: string; due: string }, { find, today }: Reading): DraftDecision {
  const cells = [row.text, row.owner && `责任人：${row.owner}`, row.due && `截止：${row.due}`].filter(Boolean);
  return readDecisionLine(cells.join('，'), find, today);
}

/** `赵敏、李娜，王晓文 (外部) 张三`. */
export function readPresent(text: string, find: FindPerson, before: readonly Present[] = []): Present[] {
  const seen = new Set(before.map((one) => one.person ?? one.name));
  return namesIn(text).flatMap((name): Present[] => {
    const [, bare = name, beside = ''] = /^(.+?)\s*[(（]([^()（）]*)[)）]$/u.exec(name) ?? [];
    const person = find(name) ?? find(bare);
    const shown = /^(?:外部|嘉宾|客人|guest|external)$/iu.test(beside) ? bare : name;
    if (seen.has(person ?? shown)) return [];
    seen.add(person ?? shown);
    return [person ? { name: bare, person } : { name: cleanLine(shown, 80) }];
  });
}

/** `共 8 人`, `等` are no names. */
const NO_NAME = /^(?:共|应到|实到|等)?\s*\d*\s*(?:人|位|名|等)?$/u;
const namesIn = (text: string): string[] =>
  text
    .split(/[、，,;；/\n]|(?<=\p{Script=Han})\s+(?=[\p{Script=Han}@])/u)
    .map((name) =>
      name
        .trim()
        .replace(/^@\s*/u, '')
        .replace(/(?<=\p{Script=Han}|[)）])等(?:\s*\d+\s*[人位名])?$/u, '')
        .trim(),
    )
    .filter((name) => name !== '' && !NO_NAME.test(name));

// --- what was spoken ---

const SOUNDS_DECIDED =
  /决定|决议|定下来|就这么定|就定|一致同意|敲定|(?:由|请|让)[^，。]{1,8}(?:负责|跟进|牵头)|\b(?:we (?:have )?decided|we agree|agreed (?:to|that)|action item)/iu;
const MOST_HEARD = 10;

/** The sentences of a transcript that sound like a decision: no more than a beginning, for whoever was there to check. */
export function readSpoken(text: string, find: FindPerson, today: string): DraftDecision[] {
  const sentences = text.slice(0, MOST_CHARACTERS).split(/[。！？!?\r\n]+|\.(?=\s|$)/u);
  const heard: DraftDecision[] = [];
  for (const raw of sentences) {
    const sentence = cleanLine(raw, 400);
    if (sentence.length < 6 || !SOUNDS_DECIDED.test(sentence)) continue;
    const read = readDecisionLine(sentence, find, today);
    heard.push({ ...read, text: sentence });
    if (heard.length === MOST_HEARD) break;
  }
  return heard;
}
