/** What comes out of reading the handbook: the rule book itself, or everything that is wrong with it, each with line and mend. */
import type { Language } from '../core/chat.ts';
import type { Line } from '../core/module.ts';
import type { CrisisBook, Grade } from '../crisis/book.ts';
import type { Company } from '../directory/model.ts';
import type { MeetingRule } from '../meetings/rule.ts';
import type { FormField, Process, Title } from '../processes/model.ts';

export interface Source {
  /** relative to the handbook's folder */
  file: string;
  text: string;
  /** of the text, as hex */
  sha256: string;
  /** the process that it declares */
  process: string | undefined;
}

export interface Handbook {
  company: Company;
  processes: Process[];
  /** as `meetings.yaml` lays them down; none without it */
  meetings: MeetingRule[];
  /** as `crisis.yaml` lays it down; undefined without it */
  crisis: CrisisBook | undefined;
  /** SHA-256 over all files: the same hash is the same rule book */
  hash: string;
  sources: Source[];
}

/** One thing to mend, in the company's language. `line` and `column` count from 1. */
export interface Fault {
  file: string;
  line: number;
  column?: number;
  what: string;
  mend: string;
}

/** A notice starts the product all the same: it tells what somebody may not have meant. */
export type Reading =
  | { ok: Handbook; notices: Fault[]; language: Language }
  | { faults: Fault[]; notices: Fault[]; language: Language };

export type Path = readonly (string | number)[];

/** Where in a file's data something is wrong, before that is a line and a sentence. */
export interface Finding {
  file: string;
  path: Path;
  /** point at the key, not at what stands behind it */
  onKey?: boolean;
  notice?: boolean;
  /** where in the text, for what has no place in the data */
  offset?: number;
  saying: Saying;
}

/** A file that was read, perhaps not as a whole. */
export interface Checked<T> {
  file: string;
  value: T;
  /** what had to be taken out of it because it was ill formed */
  removed: Path[];
}

export interface LintInput {
  /** absent: it could not be read, and what depends on it is not checked */
  company: Checked<Company> | undefined;
  processes: Checked<Process>[];
  /** absent: there is no `meetings.yaml`, or it could not be read */
  meetings?: Checked<{ meetings: MeetingRule[] }>;
  /** absent: there is no `crisis.yaml`, or it could not be read */
  crisis?: Checked<CrisisBook>;
  /** the company's date: what lies before it is over */
  today: string;
  known: Known;
  lineOf(file: string, path: Path): number;
}

/** Names that stand in the files, also in what is ill formed: they are not unknown. */
export interface Known {
  people: ReadonlySet<string>;
  roles: ReadonlySet<string>;
  channels: ReadonlySet<string>;
  fieldsOf(file: string): ReadonlySet<string>;
  /** the fields of all processes; undefined: there is none, or one could not be read */
  fields: ReadonlySet<string> | undefined;
  /** of crises */
  kinds: ReadonlySet<string>;
}

/** A stretch of one field's values, ready to be read: `from` ¥50,000.00, `below` ¥60,000.00. */
export interface Stretch {
  field: string;
  label: Title;
  from?: string;
  below?: string;
  /** one value; `undefined` with `otherwise`: any other than those named in conditions */
  is?: string;
  otherwise?: boolean;
}

/** Everything that can be said about a handbook. `within` is the key around `key`. The sentences are in `words/handbook.ts`. */
export type Saying =
  | { code: 'folder-unreadable'; folder: string; reason: string }
  | { code: 'missing-company' }
  | { code: 'no-processes' }
  | { code: 'file-unreadable'; reason: string }
  | { code: 'file-too-large'; limit: number }
  | { code: 'not-utf8' }
  | { code: 'wrong-ending'; should: string }
  | { code: 'yaml'; reason: string; text: string }
  | { code: 'not-a-mapping' }
  | { code: 'unknown-key'; key: string; near: string | undefined; known: string[] }
  | { code: 'missing-key'; key: string; within: string }
  | { code: 'wrong-type'; key: string; within: string; expected: string; got: string }
  | { code: 'bad-value'; key: string; value: string; near: string | undefined; options: string[] }
  | { code: 'bad-form'; key: string; within: string; value: string }
  | { code: 'too-long'; key: string; within: string; limit: number; list: boolean }
  | { code: 'empty'; key: string; within: string }
  | { code: 'hours-missing'; from: string; to: string; calendar: string }
  | { code: 'unknown-calendar'; calendar: string; near: string | undefined; regions: string[] }
  | {
      code: 'twice';
      what: 'person' | 'email' | 'account' | 'phone' | 'channel';
      value: string;
      first: string;
      line: number;
    }
  | { code: 'same-name'; name: string; first: string }
  | { code: 'manager-unknown'; manager: string; near: string | undefined }
  | { code: 'manager-inactive'; manager: string }
  | { code: 'reporting-cycle'; names: string[] }
  | { code: 'prefer-without-account'; person: string; platform: string }
  | { code: 'no-account'; person: string }
  | { code: 'empty-channel'; channel: string }
  | { code: 'unknown-currency'; currency: string; near: string | undefined }
  | { code: 'rate-of-own-currency'; currency: string }
  | { code: 'rate-zero'; currency: string }
  | { code: 'process-twice'; what: 'id' | 'command' | 'number'; value: string; file: string; line: number }
  | { code: 'file-name'; id: string }
  | { code: 'reserved-command'; word: string }
  | { code: 'reserved-number'; number: string }
  | { code: 'slack-command'; word: string; limit: number }
  | { code: 'slack-builtin'; word: string }
  | { code: 'alias-form'; word: string }
  | { code: 'unknown-channel'; channel: string; near: string | undefined }
  | { code: 'id-twice'; what: 'field' | 'step' | 'option' | 'quick'; id: string }
  | { code: 'quick-unknown'; field: string; near: string | undefined }
  | { code: 'quick-not-last'; field: string; type: string }
  | { code: 'quick-file'; field: string }
  | { code: 'when-unknown-field'; field: string; near: string | undefined }
  | { code: 'when-optional'; field: string }
  | { code: 'when-op'; field: string; type: FormField['type']; op: string; possible: string[] }
  | { code: 'when-limit'; field: string; type: FormField['type']; limit: string; currency: string }
  | { code: 'when-option'; field: string; option: string; near: string | undefined; options: string[] }
  | { code: 'when-never'; field: string; from: string; below: string }
  | { code: 'role-unknown'; role: string; near: string | undefined }
  | { code: 'role-unstaffed'; role: string; left: string[] }
  | { code: 'person-unknown'; person: string; near: string | undefined }
  | { code: 'person-inactive'; person: string }
  | { code: 'meeting-twice'; id: string; line: number }
  | { code: 'meeting-when-missing' }
  | { code: 'meeting-when-both' }
  | { code: 'meeting-every-unreadable'; text: string }
  | { code: 'meeting-on-unreadable'; text: string }
  | { code: 'meeting-every-single'; text: string }
  | { code: 'meeting-on-recurs'; text: string }
  | { code: 'meeting-on-no-year'; text: string }
  | { code: 'meeting-past'; day: string }
  | { code: 'meeting-bounds-order'; from: string; until: string }
  | { code: 'meeting-bounds-single'; key: 'from' | 'until' }
  | { code: 'meeting-length' }
  | { code: 'meeting-never' }
  | { code: 'meeting-department'; department: string; near: string | undefined }
  | { code: 'meeting-person-left'; person: string; as: 'chair' | 'by' | 'who' }
  | { code: 'crisis-twice'; what: 'kind' | 'plan' | 'holding' | 'indicator' | 'scenario'; id: string; line: number }
  | { code: 'crisis-kind'; kind: string; near: string | undefined }
  | { code: 'crisis-no-plan'; grade: Grade; kinds: string[] }
  | { code: 'crisis-two-plans'; grade: Grade; kinds: string[]; other: string; line: number }
  | { code: 'crisis-time'; key: string; least: string; most: string; natural: boolean }
  | { code: 'crisis-slow'; key: string; most: string }
  | { code: 'crisis-money'; text: string; currency: string }
  | { code: 'crisis-money-currency'; text: string; currency: string }
  | { code: 'crisis-each-over-total'; each: string; total: string }
  | { code: 'crisis-freeze-field'; field: string; near: string | undefined }
  | { code: 'crisis-holding-over'; day: string; days: number }
  | { code: 'crisis-person-left'; person: string }
  | { code: 'crisis-no-way'; person: string }
  | { code: 'crisis-ladder-empty' }
  | { code: 'crisis-line-nobody'; line: Line }
  | { code: 'crisis-line-some'; lines: Line[]; names: string[] }
  | { code: 'crisis-stand-in-same'; person: string }
  | { code: 'crisis-no-executive' }
  | { code: 'crisis-dead-end'; names: string[] }
  | { code: 'crisis-one-clearer'; person: string }
  | { code: 'need-in-list' }
  | { code: 'several-rules'; step: string }
  | { code: 'gap'; where: Stretch[] }
  | { code: 'overlap'; first: string; second: string; where: Stretch }
  | { code: 'too-many-cases'; cases: number }
  | {
      code: 'nobody-could-pass';
      process: string;
      step: string;
      where: Stretch | undefined;
      people: number;
    }
  | {
      code: 'some-cannot-pass';
      process: string;
      step: string;
      where: Stretch | undefined;
      names: string[];
    };
