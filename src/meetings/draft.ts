/**
 * Minutes that somebody pasted as text, laid into the template: `议题：…`, `决议：… @李娜 12-05`, `到会：…`. What it does not say is left
 * empty, and asked for in the form; nothing is guessed. Pure.
 */
import { foldWidth } from '../core/text.ts';
import { readDay } from './days.ts';
import type { Present } from './model.ts';

export interface DraftDecision {
  text: string;
  /** a person's id; empty where nobody, or nobody known, is named */
  owner: string;
  /** YYYY-MM-DD; empty where no date is named */
  due: string;
  /** as it was written, to be quoted where something is missing */
  line: string;
}
export interface Draft {
  topics: string[];
  present: Present[];
  decisions: DraftDecision[];
}

/** Who is meant by a name; undefined: nobody, or several. */
export type FindPerson = (name: string) => string | undefined;

type Section = 'topics' | 'decisions' | 'present' | 'other';

const HEADINGS: [RegExp, Section][] = [
  [/^(?:本次)?(?:会议)?(?:议题|议程|主题|讨论(?:事项|内容)?|topics?|agenda)$/i, 'topics'],
  [/^(?:会议)?(?:决议|决定|结论|待办(?:事项)?|行动项|decisions?|action items?|todos?|to-dos?)$/i, 'decisions'],
  [/^(?:到会|出席|参会|与会)(?:人员|人|者)?$|^(?:present|attendees|participants)$/i, 'present'],
  [
    /^(?:会议)?(?:纪要|时间|地点|主持(?:人)?|记录(?:人)?|缺席(?:人员)?|请假|总结|摘要|summary|minutes|time|place|chair|absent|notes?)$/i,
    'other',
  ],
];
const MOST_LINES = 400;

export function readDraft(text: string, find: FindPerson, today: string): Draft {
  const draft: Draft = { topics: [], present: [], decisions: [] };
  let section: Section = 'topics';
  for (const raw of text.split(/\r?\n/).slice(0, MOST_LINES)) {
    const line = raw
      .trim()
      .replace(/^(?:#{1,6}|[>*•·▪◦-]|\[[ xX]?\])\s*/u, '')
      .replace(/^\*\*(.*?)\*\*/u, '$1');
    if (line === '') continue;
    const headed = headingOf(line);
    if (headed) section = headed.section;
    const content = withoutNumber(headed ? headed.rest : line);
    if (content !== '') take(draft, section, content, find, today);
  }
  return draft;
}

/** `决议：内容` or a line that is nothing but the heading; `一、决议` and `3. 决议` too. */
function headingOf(line: string): { section: Section; rest: string } | undefined {
  const bare = withoutNumber(line);
  const [, head = bare, rest = ''] = /^([^:：]{1,20})[:：]\s*([\s\S]*)$/.exec(bare) ?? [];
  const name = head.replace(/[【】[\]\s]/g, '').replace(/\d+$/, '');
  const found = HEADINGS.find(([pattern]) => pattern.test(name));
  return found && { section: found[1], rest: head === bare && !/[:：]/.test(bare) ? '' : rest };
}

const withoutNumber = (line: string): string =>
  line.replace(/^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]\s*)/u, '').trim();

function take(draft: Draft, section: Section, content: string, find: FindPerson, today: string): void {
  switch (section) {
    case 'topics':
      draft.topics.push(content);
      break;
    case 'present':
      draft.present.push(...readPresent(content, find));
      break;
    case 'decisions':
      draft.decisions.push(readDecisionLine(content, find, today));
      break;
    case 'other':
      break;
    default:
      section satisfies never;
  }
}

/** `赵敏、李娜，王晓文 (外部) 张三`. */
export function readPresent(text: string, find: FindPerson): Present[] {
  const names = foldNames(text).filter((name) => name !== '');
  const seen = new Set<string>();
  return names.flatMap((name): Present[] => {
    const person = find(name);
    if (seen.has(person ?? name)) return [];
    seen.add(person ?? name);
    return [person ? { name, person } : { name: name.slice(0, 80) }];
  });
}

const foldNames = (text: string): string[] =>
  text
    .split(/[、，,;；/\n]|(?<=[\p{Script=Han}])\s+(?=[\p{Script=Han}@])/u)
    .map((name) => name.trim().replace(/^@/, '').trim());

const OWNER =
  /(?:[,，;；(（]?\s*(?:责任人|负责人|owner)\s*[:：]?\s*@?|\s*[,，;；(（]?\s*@)\s*([^\s,，;；()（）@]+(?: [A-Z][^\s,，;；()（）@]*)?)\s*[)）]?/iu;
const DUE =
  /[,，;；(（]?\s*(?:(?:截止(?:日期|时间)?|期限|完成时间|due|by)\s*[:：]?\s*)?((?:\d{4}\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|今天|明天|后天|(?:本|这|下)?(?:周|星期)[一二三四五六日天](?![一-龥]))\s*(?:[之以]?前)?(?:完成)?\s*[)）]?/iu;

/** `与场地签合同 @李娜 12-05`, `… 责任人：李娜，截止 12月5日`. The last date of the line is its own. */
export function readDecisionLine(line: string, find: FindPerson, today: string): DraftDecision {
  const folded = foldWidth(line);
  const owner = OWNER.exec(folded);
  const known = owner?.[1] ? find(owner[1].replace(/[。.]$/, '')) : undefined;
  const rest = owner ? cutOut(folded, owner) : folded;
  const dates = [...rest.matchAll(new RegExp(DUE.source, 'giu'))];
  const date = dates.at(-1);
  const due = date?.[1] ? readDay(date[1].replace(/\s+/g, '').replace(/号$/, '日'), today) : undefined;
  const text = due && date ? cutOut(rest, date) : rest;
  return { text: tidy(text), owner: known ?? '', due: due ?? '', line };
}

const cutOut = (text: string, found: RegExpExecArray | RegExpMatchArray): string =>
  `${text.slice(0, found.index)} ${text.slice((found.index ?? 0) + found[0].length)}`;

const tidy = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[,，;；:：、—-]+|[,，;；:：、—-]+$/gu, '')
    .trim();
