/** What the people of a run tried and what they were told: the other half of the comparison with the ledger. */

export type Act = 'submit' | 'approve' | 'reject' | 'return' | 'resubmit' | 'withdraw' | 'comment' | 'urge';

/** One press, one form sent off, one line typed; however often the platform delivers it. */
export interface Attempt {
  act: Act;
  person: string;
  /** the request that it was about; a new one has none yet */
  number: string | undefined;
  /** words that stand in this attempt alone: in a purpose, a reason, a comment */
  token: string | undefined;
  platform: 'slack' | 'feishu';
  /** what came back to whoever made it, as far as it can be known whose answer it is */
  answers: string[];
}

/** A sentence that reached a person, whatever it answers. */
export interface Told {
  person: string;
  text: string;
}

export interface Journal {
  attempts: Attempt[];
  told: Told[];
  /** every platform's delivery, repetitions included */
  deliveries: number;
  repeated: number;
  attempt(attempt: Omit<Attempt, 'answers'>): Attempt;
  /** for a sentence that comes by this response_url */
  expect(through: string, attempt: Attempt): void;
  /** the person read it; `through`: the response_url by which it came */
  hear(told: Told, through?: string): void;
}

export function createJournal(): Journal {
  const expected = new Map<string, Attempt>();
  const journal: Journal = {
    attempts: [],
    told: [],
    deliveries: 0,
    repeated: 0,
    attempt: (given) => {
      const attempt = { ...given, answers: [] };
      journal.attempts.push(attempt);
      return attempt;
    },
    expect: (through, attempt) => void expected.set(through, attempt),
    hear: (told, through) => {
      journal.told.push(told);
      const attempt = through === undefined ? undefined : expected.get(through);
      attempt?.answers.push(told.text);
    },
  };
  return journal;
}

const DONE: Record<Act, RegExp> = {
  submit: /(\w+-\d+-\d+) 已提交/,
  resubmit: /(\w+-\d+-\d+) 已提交/,
  approve: /已批准 (\w+-\d+-\d+)，/,
  reject: /已驳回 (\w+-\d+-\d+)，/,
  return: /已退回 (\w+-\d+-\d+)，/,
  withdraw: /已撤回 (\w+-\d+-\d+)。/,
  comment: /评论已加到 (\w+-\d+-\d+)。/,
  urge: /已催办：()/,
};

/** The number of the request of which this sentence says that this act was carried out. */
export function doneIn(text: string, act: Act): string | undefined {
  return DONE[act].exec(text)?.[1];
}

export type Meaning = 'done' | 'not recorded' | 'perhaps' | 'working' | 'refused';
/** What Slack's client does when a window's form is accepted; there is no text to it. */
export const CLEARED = '(the window closed)';

/** What a sentence says to whoever tried. */
export function meaningOf(text: string, act: Act): Meaning {
  if (text === CLEARED || doneIn(text, act) !== undefined) return 'done';
  if (/没有记录|还没有与 Slack 核对身份|操作没有完成|没有完成。请再试/.test(text)) return 'not recorded';
  if (/可能已经记录/.test(text)) return 'perhaps';
  if (/正在处理/.test(text)) return 'working';
  return 'refused';
}
