/** What a crisis is, what can be asked of it and what can happen to it (rules C1–C9). A drill is the same under a number of its own. */
import { z } from 'zod';
import type { Platform } from '../core/chat.ts';
import { LINES, type Line } from '../core/module.ts';
import { FileArgs, type FileEvent, type FileFacts, SentFile } from '../files/model.ts';
import type { MeetingsWorld } from '../meetings/model.ts';
import type { CrisisBook, Grade, Plan } from './book.ts';

export interface CrisisWorld extends MeetingsWorld {
  /** undefined: the handbook has no crisis.yaml */
  crisis: CrisisBook | undefined;
  /** the platforms that are set up: who can be rung how */
  running: readonly Platform[];
}

export const CRISIS = 'CR';
export const DRILL = 'DR';

/** alarm: nobody has graded it yet; over: stood down, what follows from it may still be open */
export type CrisisState = 'alarm' | 'open' | 'over';

export const SEATS = ['lead', 'scribe', 'spokesperson', 'legal'] as const;
export type Seat = (typeof SEATS)[number];

export interface TeamMember {
  person: string;
  /** the role of the plan by which they are called; `raised`: whoever raised it; `added`: by somebody of the team */
  why: { role: string } | { person: true } | { standIn: string } | { added: string } | { assess: true };
  since: string;
}

export interface Ring {
  person: string;
  /** `chat`: the page itself */
  line: Line | 'chat';
  at: string;
  /** which try of this person: 1 the first time through the ladder */
  round: number;
  outcome?: 'delivered' | 'failed' | 'busy' | 'no-answer';
  code?: string;
  outcomeAt?: string;
}

export interface Answer {
  person: string;
  at: string;
  via: Platform;
  /** taken back: somebody else has to be found */
  backAt?: string;
}

/** One place in the team that has to answer: rung until a person does. */
export interface Call {
  /** c1, c2 … within the crisis */
  id: string;
  /** whose place it is */
  seat: string;
  why: 'assess' | 'team' | 'idle' | 'taken-back';
  state: 'calling' | 'answered' | 'over';
  /** who has been rung for this place, in order: its own, their stand-in, those above; the last is rung now */
  chain: string[];
  /** 0: the page in the chats; 1 …: the rungs of the ladder */
  rung: number;
  /** once everybody has been rung it begins again, loudest way only */
  round: number;
  since: string;
  rings: Ring[];
  answers: Answer[];
  /** who said that they cannot: passed over from then on, unless nobody else is left */
  declined: string[];
}

export interface CrisisRoom {
  platform: Platform;
  /** absent: it could not be opened, `code` says why; the standing channel serves instead */
  id?: string;
  code?: string;
  /** who is not in, and why */
  out: { person: string; code: string }[];
  at: string;
}

export interface Fact {
  id: string;
  text: string;
  /** when it happened; when it was noted stands beside it */
  happenedAt: string;
  notedAt: string;
  by: string;
  /** a message that somebody else wrote, added to the timeline */
  said?: { by: string; platform: Platform; link?: string };
}

export interface Task {
  id: string;
  text: string;
  owner: string;
  by: string;
  at: string;
  doneAt?: string;
  doneBy?: string;
}

export const PARTIES = ['media', 'regulator', 'customer', 'staff', 'partner', 'other'] as const;
export type Party = (typeof PARTIES)[number];

export interface Spent {
  request: string;
  person: string;
  /** minor units of the company's currency, decimal digits */
  base: string;
  at: string;
  state: 'open' | 'ratified' | 'refused';
  /** when it was ratified or refused */
  endedAt?: string;
  /** until when the approval has to follow */
  due: string;
  /** the decision by which what was refused is recovered */
  recovery?: string;
  /** a suspended cap was given back */
  cleared?: string;
}

export interface Freeze {
  since: string;
  /** of what: a request that names it is held */
  affected: string;
  state: 'on' | 'off';
  /** every go/no-go, with its reason */
  verdicts: { go: boolean; reason: string; by: string; at: string }[];
}

export const AFTERCARE = ['loss', 'relations', 'lessons', 'rectification'] as const;
export type Aftercare = (typeof AFTERCARE)[number];

export interface Crisis {
  number: string;
  drill?: { scenario: string };
  state: CrisisState;
  kind: string;
  /** what whoever raised it said */
  text: string;
  /** brand, product or campaign; empty: not said yet */
  affected: string;
  raisedBy: string;
  raisedAt: string;
  /** the signal that was confirmed */
  signal?: string;
  grade?: Grade;
  grades: { grade: Grade; reason: string; by: string; at: string }[];
  /** as it stood when the grade was given: a later handbook does not change it */
  plan?: Plan;
  team: TeamMember[];
  calls: Call[];
  rooms: CrisisRoom[];
  seats: Partial<Record<Seat, { person: string; at: string }>>;
  /** the newest last; older ones stand in the ledger */
  facts: Fact[];
  factCount: number;
  tasks: Task[];
  contactCount: number;
  update?: { known: string; said: string; next: string; by: string; at: string };
  updateDue?: string;
  /** when each member last did something here */
  acted: Record<string, string>;
  /** the number of the first statement that was released, and when */
  firstStatement?: { number: string; at: string };
  spent: Spent[];
  freeze?: Freeze;
  ended?: { how: 'controlled' | 'false-alarm'; reason: string; by: string; at: string };
  /** what is done afterwards, each a decision with owner and date */
  aftercare: { kind: Aftercare; decision: string }[];
  /** a drill's result against its targets, when it is over */
  score?: Score;
  /** everybody who may see it */
  parties: string[];
  revision: number;
}

/** In whole seconds since it was raised; absent: it did not happen. */
export interface Figures {
  graded?: number;
  /** to the first answer of anybody, and of each who was called */
  firstAnswer?: number;
  answers: { person: string; seconds: number }[];
  teamComplete?: number;
  firstStatement?: number;
  controlled?: number;
}

export interface Score {
  figures: Figures;
  lines: {
    target: 'grade' | 'answer' | 'team' | 'statement' | 'control';
    wanted: number;
    took?: number;
    met: boolean;
  }[];
}

// --- what can be asked ---

const PersonId = z.string().min(1).max(60);
const Reason = z.string().min(1).max(1000);
const Text = z.string().min(1).max(1000);
const Instant = z.iso.datetime();
const CallId = z.string().regex(/^c\d{1,4}$/);

export const Args = {
  raise: z.object({
    text: Text,
    kind: z.string(),
    affected: z.string().max(200).default(''),
    signal: z.string().optional(),
    /** a scenario of the handbook: it is a drill */
    drill: z.string().optional(),
    /** where it follows from somebody's word elsewhere: who confirmed the signal */
    raisedBy: PersonId.optional(),
  }),
  /** first given, raised or lowered; `seen`: the grade that was on the card */
  grade: z.object({
    grade: z.enum(['general', 'major', 'critical']),
    reason: Reason,
    kind: z.string().optional(),
    affected: z.string().max(200).optional(),
    seen: z.string().optional(),
  }),
  /** absent `call`: every call that rings for this person (a text, a key on the phone) */
  answer: z.object({ call: CallId.optional() }),
  'take-back': z.object({ call: CallId.optional(), reason: z.string().max(1000).optional() }),
  add: z.object({ person: PersonId }),
  'take-seat': z.object({ seat: z.enum(SEATS) }),
  'give-seat': z.object({ seat: z.enum(SEATS), to: PersonId }),
  fact: z.object({
    text: Text,
    happenedAt: Instant.optional(),
    said: z.object({ by: z.string().max(100), platform: z.string(), link: z.string().max(500).optional() }).optional(),
    files: z.array(SentFile).optional(),
  }),
  task: z.object({ text: Text, owner: PersonId }),
  'task-done': z.object({ task: z.string() }),
  contact: z.object({ party: z.enum(PARTIES), whom: z.string().min(1).max(200), text: Text, at: Instant.optional() }),
  update: z.object({ known: Text, said: z.string().max(1000), next: z.string().max(1000) }),
  /** go: what is held goes on; no-go: it stays held; both with a reason */
  resume: z.object({ go: z.boolean(), reason: Reason }),
  'stand-down': z.object({ how: z.enum(['controlled', 'false-alarm']), reason: Reason }),
  aftercare: z.object({ kind: z.enum(AFTERCARE), text: Text, owner: PersonId, due: z.iso.date() }),
  /** whose cap was suspended may spend again */
  clear: z.object({ person: PersonId, reason: Reason }),
  /** brings in whoever is not in the room yet */
  'mend-rooms': z.object({}),
  // what follows from time, platforms and other modules
  climb: z.object({ call: CallId, rung: z.int(), round: z.int() }),
  report: z.object({
    call: CallId,
    person: PersonId.optional(),
    line: z.enum(['chat', ...LINES]),
    outcome: z.enum(['delivered', 'failed', 'busy', 'no-answer']),
    code: z.string().max(100).optional(),
  }),
  'check-idle': z.object({ person: PersonId, since: Instant }),
  'chase-seats': z.object({}),
  'chase-update': z.object({ due: Instant }),
  room: z.object({
    platform: z.string(),
    id: z.string().optional(),
    code: z.string().optional(),
    out: z.array(z.object({ person: PersonId, code: z.string() })),
  }),
  spend: z.object({ request: z.string(), person: PersonId, base: z.string(), due: Instant }),
  ratified: z.object({ request: z.string() }),
  'spend-refused': z.object({ request: z.string(), by: PersonId, reason: z.string() }),
  statement: z.object({
    statement: z.string(),
    what: z.enum(['drafted', 'cleared', 'released', 'voided']),
    by: PersonId,
  }),
  ...FileArgs,
} as const;
export type Act = keyof typeof Args;
export type ArgsOf<A extends Act> = z.infer<(typeof Args)[A]>;

/** What follows from time or from another noun: nobody says it by a button. */
export const FOLLOWING: ReadonlySet<Act> = new Set<Act>([
  'climb',
  'report',
  'check-idle',
  'chase-seats',
  'chase-update',
  'room',
  'spend',
  'ratified',
  'spend-refused',
  'statement',
  'file-kept',
  'file-refused',
]);

// --- what can happen ---

export type CrisisEvent =
  | FileEvent
  | {
      type: 'crisis-raised';
      data: {
        number: string;
        text: string;
        kind: string;
        affected: string;
        raisedBy: string;
        signal?: string;
        drill?: { scenario: string };
      };
    }
  | {
      type: 'crisis-graded';
      data: { grade: Grade; before?: Grade; reason: string; kind: string; affected: string; plan: Plan };
    }
  | { type: 'member-joined'; data: TeamMember }
  | { type: 'person-called'; data: { call: string; seat: string; why: Call['why'] } }
  /** the page, a rung of the ladder; or the next person, whose page it is */
  | {
      type: 'rung-climbed';
      data: { call: string; person: string; rung: number; round: number; lines: (Line | 'chat')[]; skipped: Line[] };
    }
  | {
      type: 'ring-reported';
      data: { call: string; line: Ring['line']; person: string; outcome: NonNullable<Ring['outcome']>; code?: string };
    }
  | { type: 'page-answered'; data: { call: string; person: string } }
  | { type: 'answer-taken-back'; data: { call: string; person: string; reason?: string } }
  | { type: 'room-settled'; data: CrisisRoomData }
  /** who is not in is asked for again */
  | { type: 'rooms-asked'; data: { platforms: Platform[] } }
  | { type: 'seat-taken'; data: { seat: Seat; person: string; from?: string } }
  | { type: 'seats-asked'; data: { seats: Seat[] } }
  | { type: 'fact-noted'; data: Omit<Fact, 'by' | 'notedAt'> }
  | { type: 'task-added'; data: { id: string; text: string; owner: string } }
  | { type: 'task-done'; data: { id: string } }
  | { type: 'contact-noted'; data: { party: Party; whom: string; text: string; contactedAt: string } }
  | { type: 'situation-updated'; data: { known: string; said: string; next: string } }
  | { type: 'update-chased'; data: { due: string; to: string[] } }
  | { type: 'spend-executed'; data: { request: string; person: string; base: string; due: string } }
  | { type: 'spend-ratified'; data: { request: string } }
  /** the member's cap is suspended by it; `decision`: by which it is recovered, until `dueOn` */
  | {
      type: 'spend-refused';
      data: { request: string; person: string; reason: string; refusedBy: string; decision: string; dueOn: string };
    }
  | { type: 'cap-restored'; data: { person: string; reason: string } }
  | { type: 'freeze-began'; data: { affected: string } }
  | { type: 'freeze-verdict'; data: { go: boolean; reason: string } }
  | {
      type: 'statement-noted';
      data: { statement: string; what: 'drafted' | 'cleared' | 'released' | 'voided'; person: string };
    }
  | { type: 'crisis-stood-down'; data: { how: 'controlled' | 'false-alarm'; reason: string } }
  | {
      type: 'aftercare-ordered';
      data: { kind: Aftercare; text: string; owner: string; dueOn: string; decision: string };
    }
  | { type: 'drill-scored'; data: Score };

/** So many of one person's may wait to be graded: more would hide each other. */
export const MOST_ALARMS = 3;

/** What a decision rests on besides the crisis itself. */
export interface Facts extends FileFacts {
  /** for a new one */
  number?: string;
  /** a drill that is going on */
  drilling?: string;
  /** the number of the decision that follows */
  decision?: string;
  /** pages of this person that are still on their way, or have arrived */
  pages?: number;
  figures?: Figures;
  /** how many alarms of this person nobody has graded yet */
  alarms?: number;
}

/** `at` of a room is the entry's own. */
export type CrisisRoomData = Omit<CrisisRoom, 'at'>;

export const isOpen = ({ state }: Pick<Crisis, 'state'>): boolean => state !== 'over';
export const isDrill = ({ drill }: Pick<Crisis, 'drill'>): boolean => drill !== undefined;
export const isMember = ({ team }: Pick<Crisis, 'team'>, person: string): boolean =>
  team.some((one) => one.person === person);
/** The calls that ring for this person now, or rang for them before somebody else was tried. */
export const callsFor = ({ calls }: Pick<Crisis, 'calls'>, person: string): Call[] =>
  calls.filter((call) => call.chain.includes(person));
export const answeredBy = (call: Call): Answer | undefined =>
  call.state === 'answered' ? call.answers.findLast((answer) => answer.backAt === undefined) : undefined;
