/**
 * What may happen to a crisis now. Anybody raises one; the assessors grade it; the team acts; a call ends only with a person's answer. What rings
 * whom is decided in ladder.ts, what follows from time and platforms in following.ts. Pure.
 */
import { byOf, type Command, type Decision, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { attach, settled } from '../files/model.ts';
import { GRADES, type Plan, planFor } from './book.ts';
import { evolve } from './evolve.ts';
import { scoreOf } from './figures.ts';
import { following } from './following.ts';
import { calling, insteadOf, nextCall } from './ladder.ts';
import { assessors, isSuspended, mayAct, mayDrill, mayGrade, mayLead, mayReport, maySee, namedBy } from './lookup.ts';
import {
  type Act,
  Args,
  type ArgsOf,
  type Call,
  type Crisis,
  type CrisisEvent,
  type CrisisWorld,
  callsFor,
  type Facts,
  FOLLOWING,
  isDrill,
  isMember,
  isOpen,
  MOST_ALARMS,
  type TeamMember,
} from './model.ts';

type M = Moment<CrisisWorld>;
type Verdict = Decision<CrisisEvent>;
type On<A extends Act> = (crisis: Crisis, args: ArgsOf<A>, moment: M, facts: Facts) => Verdict;

/** A minute of grace for a clock that runs ahead. */
const AHEAD_MS = 60_000;

const rules: { [A in Exclude<Act, 'raise' | 'file-kept' | 'file-refused' | keyof typeof following>]: On<A> } = {
  grade: (crisis, args, moment) => {
    const { grade, reason, kind = crisis.kind, affected = crisis.affected } = args;
    const { crisis: book } = moment.world;
    if (!mayGrade(crisis, by(moment), moment.world)) return refuse('not-assessor', { who: assessors(moment.world) });
    if (args.seen !== undefined && args.seen !== (crisis.grade ?? '')) return refuse('stale');
    if (!book?.kinds.some((one) => one.id === kind)) return refuse('unknown-kind', { kind });
    if (crisis.grade === grade && crisis.kind === kind && crisis.affected === affected)
      return refuse('same-grade', { grade });
    const plan = planFor(book, kind, grade);
    if (!plan) return refuse('no-plan', { kind, grade });
    const before = crisis.grade ? { before: crisis.grade } : {};
    const graded = { type: 'crisis-graded' as const, data: { grade, ...before, reason, kind, affected, plan } };
    return { events: [graded, ...teamOf(crisis, graded, plan, moment), ...freezing(crisis, plan, affected)] };
  },
  answer: (crisis, args, moment) => {
    const person = by(moment);
    // one word quiets all that rings for them now, whichever ring they take up
    const own = callsFor(crisis, person);
    const mine = own.filter((call) => args.call === undefined || call.id === args.call || ringsFor(call, person));
    if (args.call && !own.some((call) => call.id === args.call)) return refuse('not-called');
    if (mine.length === 0) return refuse('nothing-to-answer');
    const due = mine.filter((call) => call.state === 'calling' || (args.call && !hasAnswered(call, person)));
    const calls = due.filter((call) => call.state !== 'over');
    if (calls.length === 0) return refuse('answered-already');
    return { events: calls.flatMap((call) => answered(crisis, call, person, moment)) };
  },
  'take-back': (crisis, args, moment) => {
    const person = by(moment);
    const own = callsFor(crisis, person).filter((call) => call.state !== 'over');
    if (own.length === 0) return refuse(args.call ? 'not-called' : 'nothing-to-answer');
    // 我处理不了, before or after 收到: what one word quieted, one word gives back
    const answered = own.filter((call) => hasAnswered(call, person));
    const calls = answered.length > 0 ? answered : own.filter((call) => call.state === 'calling');
    if (calls.length === 0) return refuse('answered-already');
    const reason = args.reason ? { reason: args.reason } : {};
    return {
      events: calls.flatMap((call): CrisisEvent[] => {
        const back: CrisisEvent = { type: 'answer-taken-back', data: { call: call.id, person, ...reason } };
        const others = call.answers.some((answer) => answer.person !== person && answer.backAt === undefined);
        return others ? [back] : [back, ...insteadOf(person, call, crisis, moment.world)];
      }),
    };
  },
  add: (crisis, args, moment) => {
    if (!mayAct(crisis, by(moment), moment.world)) return refuse('not-member');
    const stranger = unknown(args.person, moment);
    if (stranger) return stranger;
    if (isMember(crisis, args.person)) return refuse('member-already', { person: args.person });
    return { events: joining(crisis, args.person, { added: by(moment) }, moment) };
  },
  'take-seat': (crisis, { seat }, moment) => {
    const person = by(moment);
    if (!mayAct(crisis, person, moment.world)) return refuse('not-member');
    const had = crisis.seats[seat]?.person;
    const here = had !== undefined && had !== person && moment.world.directory.people.get(had)?.active;
    // who has it gives it, or whoever leads does
    if (here && !mayLead(crisis, person, moment.world)) return refuse('seat-held', { person: had });
    return seated(crisis, seat, person, moment);
  },
  'give-seat': (crisis, { seat, to }, moment) => {
    const own = crisis.seats[seat]?.person === by(moment);
    if (!own && !mayLead(crisis, by(moment), moment.world)) return refuse('not-lead', leadOf(crisis));
    return unknown(to, moment) ?? seated(crisis, seat, to, moment);
  },
  fact: (crisis, args, moment, facts) => {
    if (!mayReport(crisis, by(moment), moment.world)) return refuse('not-member');
    const happenedAt = args.happenedAt ?? moment.at.toISOString();
    if (isAhead(happenedAt, moment)) return refuse('future');
    const said = args.said ? { said: args.said as NonNullable<Crisis['facts'][number]['said']> } : {};
    const id = `f${crisis.factCount + 1}`;
    const noted: CrisisEvent = { type: 'fact-noted', data: { id, text: args.text, happenedAt, ...said } };
    if (!args.files?.length) return { events: [noted] };
    const sent = attach(joined(crisis, facts), args.files, moment);
    return 'refusal' in sent ? sent : { events: [noted, ...sent.events] };
  },
  task: (crisis, args, moment) => {
    if (!mayAct(crisis, by(moment), moment.world)) return refuse('not-member');
    const stranger = unknown(args.owner, moment);
    if (stranger) return stranger;
    const id = `t${crisis.tasks.length + 1}`;
    return { events: [{ type: 'task-added', data: { id, text: args.text, owner: args.owner } }] };
  },
  'task-done': (crisis, args, moment) => {
    const task = crisis.tasks.find((one) => one.id === args.task);
    if (!task) return refuse('unknown-task');
    if (task.owner !== by(moment) && !mayAct(crisis, by(moment), moment.world)) return refuse('not-member');
    if (task.doneAt) return refuse('task-done-already');
    return { events: [{ type: 'task-done', data: { id: task.id } }] };
  },
  contact: (crisis, args, moment) => {
    if (!mayReport(crisis, by(moment), moment.world)) return refuse('not-member');
    const contactedAt = args.at ?? moment.at.toISOString();
    if (isAhead(contactedAt, moment)) return refuse('future');
    const { party, whom, text } = args;
    return { events: [{ type: 'contact-noted', data: { party, whom, text, contactedAt } }] };
  },
  update: (crisis, args, moment) =>
    mayAct(crisis, by(moment), moment.world)
      ? { events: [{ type: 'situation-updated', data: args }] }
      : refuse('not-member'),
  resume: (crisis, args, moment) => {
    if (crisis.freeze?.state !== 'on') return refuse('not-frozen');
    if (!mayLead(crisis, by(moment), moment.world)) return refuse('not-lead', leadOf(crisis));
    return { events: [{ type: 'freeze-verdict', data: args }] };
  },
  'stand-down': (crisis, args, moment, facts) => {
    if (crisis.state === 'alarm' && args.how === 'controlled') return refuse('not-graded');
    const own = crisis.state === 'alarm' && crisis.raisedBy === by(moment) && args.how === 'false-alarm';
    if (!own && !mayLead(crisis, by(moment), moment.world)) return refuse('not-lead', leadOf(crisis));
    const frozen = crisis.freeze?.state === 'on';
    if (frozen && args.how === 'controlled') return refuse('freeze-on');
    const verdict: CrisisEvent[] = frozen ? [{ type: 'freeze-verdict', data: { go: true, reason: args.reason } }] : [];
    const over: CrisisEvent = { type: 'crisis-stood-down', data: args };
    return { events: [...verdict, over, ...scored(crisis, args.how, facts)] };
  },
  aftercare: (crisis, args, moment, facts) => {
    if (!mayLead(crisis, by(moment), moment.world) && !isMember(crisis, by(moment))) return refuse('not-member');
    if (isOpen(crisis)) return refuse('not-over');
    const stranger = unknown(args.owner, moment);
    if (stranger) return stranger;
    const { kind, text, owner, due: dueOn } = args;
    return {
      events: [{ type: 'aftercare-ordered', data: { kind, text, owner, dueOn, decision: facts.decision ?? '' } }],
    };
  },
  clear: (crisis, args, moment) => {
    if (!isSuspended(crisis, args.person)) return refuse('no-suspension');
    // the lead; and where it is the lead's own, whoever else may grade
    const may = mayLead(crisis, by(moment), moment.world) || mayGrade(crisis, by(moment), moment.world);
    if (args.person === by(moment) || !may) return refuse('not-lead', leadOf(crisis));
    return { events: [{ type: 'cap-restored', data: args }] };
  },
  'mend-rooms': (crisis, _args, moment) => {
    if (!maySee(crisis, by(moment), moment.world)) return refuse('not-member');
    const broken = crisis.rooms.filter((room) => room.id === undefined || room.out.length > 0);
    return broken.length > 0
      ? { events: [{ type: 'rooms-asked', data: { platforms: broken.map((room) => room.platform) } }] }
      : refuse('nothing-to-mend');
  },
  attach: (crisis, args, moment, facts) =>
    mayReport(crisis, by(moment), moment.world)
      ? attach(joined(crisis, facts), args.files, moment)
      : refuse('not-member'),
};

export function decide(crisis: Crisis | undefined, command: Command, facts: Facts, moment: M): Verdict {
  const act = command.name.slice('crisis.'.length) as Act;
  if (!(act in Args)) return refuse('unknown-command');
  const args = Args[act].safeParse(command.args);
  if (!args.success) return refuse('unreadable');
  if (FOLLOWING.has(act) && moment.actor.kind !== 'clock') return refuse('unknown-command');
  if (act === 'raise') return crisis ? refuse('exists') : raised(args.data as ArgsOf<'raise'>, facts, moment);
  if (crisis === undefined) return refuse('unknown-crisis', { number: command.subject ?? '' });
  if (!isOpen(crisis) && !AFTERWARDS.has(act)) return refuse('crisis-over', { how: crisis.ended?.how ?? '' });
  if (act === 'file-kept' || act === 'file-refused') return settled({ type: act, data: args.data as never }, facts);
  const rule = { ...rules, ...following }[act] as On<typeof act>;
  return rule(crisis, args.data as never, moment, facts);
}

/** What may still be asked of a crisis that is over. */
const AFTERWARDS: ReadonlySet<Act> = new Set<Act>([
  'aftercare',
  'clear',
  'contact',
  'fact',
  'task-done',
  'attach',
  'file-kept',
  'file-refused',
  'room',
  'spend',
  'ratified',
  'spend-refused',
  'statement',
  'report',
]);

const by = (moment: M): string => byOf(moment.actor);
const leadOf = ({ seats }: Crisis) => (seats.lead ? { lead: seats.lead.person } : {});
const isAhead = (text: string, { at }: M): boolean => Date.parse(text) > at.getTime() + AHEAD_MS;
const unknown = (person: string, { world }: M) =>
  world.directory.people.get(person)?.active ? undefined : refuse('unknown-person', { person });
const joined = (crisis: Crisis, { files = 0 }: Facts) => ({ project: crisis.number, version: 1, files });
const ringsFor = (call: Call, person: string): boolean =>
  call.state === 'calling' && (call.round > 1 || call.chain.at(-1) === person);
const hasAnswered = (call: Call, person: string): boolean =>
  call.answers.some((answer) => answer.person === person && answer.backAt === undefined);

/** Whoever assesses alarms is called; whoever raised it is there already. */
function raised(args: ArgsOf<'raise'>, facts: Facts, moment: M): Verdict {
  const { crisis: book, directory } = moment.world;
  const { number, drilling, alarms = 0 } = facts;
  if (!book || !number) return refuse('no-book');
  if (!book.kinds.some((kind) => kind.id === args.kind)) return refuse('unknown-kind', { kind: args.kind });
  const scenario = args.drill && book.drills.scenarios.find((one) => one.id === args.drill);
  if (args.drill && !scenario) return refuse('unknown-scenario', { scenario: args.drill });
  if (args.drill && !mayDrill(byOf(moment.actor), moment.world))
    return refuse('not-drill-leader', { who: assessors(moment.world) });
  if (args.drill && drilling) return refuse('drill-open', { number: drilling });
  if (alarms >= MOST_ALARMS && !args.drill) return refuse('too-many-alarms');
  const { text, kind, affected, signal } = args;
  const drill = args.drill ? { drill: { scenario: args.drill } } : {};
  const raisedBy = moment.actor.kind === 'person' ? moment.actor.id : (args.raisedBy ?? 'clock');
  const data = { number, text, kind, affected, raisedBy, ...(signal ? { signal } : {}), ...drill };
  const alarm: CrisisEvent = { type: 'crisis-raised', data };
  const seats = [...new Set(book.assess.who.flatMap((rule) => namedBy(rule, directory)))];
  const others = seats.filter((seat) => seat !== raisedBy).map((seat) => ({ seat, events: () => [] }));
  const events = callAll(evolve(undefined, alarm, moment), others, 'assess', moment);
  return { events: [alarm, ...events] };
}

/** One after another, so that each call knows of those before it: nobody gets two pages for two places. */
function callAll(
  crisis: Crisis,
  seats: { seat: string; events: () => CrisisEvent[] }[],
  why: Call['why'],
  moment: M,
): CrisisEvent[] {
  let now = crisis;
  return seats.flatMap(({ seat, events }) => {
    const ring = [...events(), ...calling(now, nextCall(now), seat, why, moment)];
    now = ring.reduce((state, event) => evolve(state, event, moment), now);
    return ring;
  });
}

/** Whoever the plan names and is not in the team yet; who grades is there already. */
function teamOf(crisis: Crisis, graded: CrisisEvent, plan: Plan, moment: M): CrisisEvent[] {
  const { directory } = moment.world;
  const since = moment.at.toISOString();
  const named = plan.team.flatMap((rule) =>
    namedBy(rule, directory).map((person): TeamMember => {
      const why = 'role' in rule ? { role: rule.role } : { person: true as const };
      return { person, why, since };
    }),
  );
  const fresh = [...new Map(named.map((one) => [one.person, one])).values()].filter(
    ({ person }) => !isMember(crisis, person),
  );
  const own = fresh.find(({ person }) => person === by(moment));
  const after = evolve(crisis, graded, moment);
  const here = own ? attending(after, own, moment) : [];
  const others = fresh.filter((member) => member !== own);
  const called = others.map((member) => ({
    seat: member.person,
    events: (): CrisisEvent[] => [{ type: 'member-joined', data: member }],
  }));
  const now = here.reduce((state, event) => evolve(state, event, moment), after);
  return [...here, ...callAll(now, called, 'team', moment)];
}

/** Whoever grades it is at it: the page stays as their card, and nothing louder follows. */
function attending(crisis: Crisis, member: TeamMember, moment: M): CrisisEvent[] {
  const id = nextCall(crisis);
  const [called, ...rest] = calling(crisis, id, member.person, 'team', moment);
  const page = rest.filter((event) => event.type === 'rung-climbed' && event.data.rung === 0);
  const answer: CrisisEvent = { type: 'page-answered', data: { call: id, person: member.person } };
  return [{ type: 'member-joined', data: member }, ...(called ? [called] : []), ...page, answer];
}

/** An alarm may be mended in its words afterwards: what is affected decides what is held. Nothing is held for a drill. */
function freezing(crisis: Crisis, plan: Plan, affected: string): CrisisEvent[] {
  if (!plan.freeze || isDrill(crisis) || affected.trim() === '') return [];
  const { freeze } = crisis;
  if (freeze?.state === 'on' && freeze.affected === affected) return [];
  const raised = GRADES.indexOf(plan.grade) > GRADES.indexOf(crisis.grade ?? 'general');
  if (freeze?.state === 'off' && freeze.affected === affected && !raised) return [];
  return [{ type: 'freeze-began', data: { affected } }];
}

function joining(crisis: Crisis, person: string, why: TeamMember['why'], moment: M): CrisisEvent[] {
  const member: CrisisEvent = { type: 'member-joined', data: { person, why, since: moment.at.toISOString() } };
  return [member, ...calling(crisis, nextCall(crisis), person, 'team', moment)];
}

function seated(crisis: Crisis, seat: ArgsOf<'take-seat'>['seat'], person: string, moment: M): Verdict {
  const had = crisis.seats[seat]?.person;
  if (had === person) return refuse('seat-yours-already', { person });
  const from = had ? { from: had } : {};
  const taken: CrisisEvent = { type: 'seat-taken', data: { seat, person, ...from } };
  if (isMember(crisis, person)) return { events: [taken] };
  const own = person === by(moment);
  const since = moment.at.toISOString();
  const member: CrisisEvent = { type: 'member-joined', data: { person, why: { added: by(moment) }, since } };
  return { events: own ? [member, taken] : [...joining(crisis, person, { added: by(moment) }, moment), taken] };
}

/** Whoever stands in, or was rung above them, is of the team by answering. */
function answered(crisis: Crisis, call: Call, person: string, moment: M): CrisisEvent[] {
  const answer: CrisisEvent = { type: 'page-answered', data: { call: call.id, person } };
  if (call.why !== 'team' && call.why !== 'taken-back') return [answer];
  if (isMember(crisis, person)) return [answer];
  const since = moment.at.toISOString();
  return [answer, { type: 'member-joined', data: { person, why: { standIn: call.seat }, since } }];
}

function scored(crisis: Crisis, how: 'controlled' | 'false-alarm', { figures }: Facts): CrisisEvent[] {
  if (!isDrill(crisis) || how === 'false-alarm' || !figures || !crisis.plan) return [];
  return [{ type: 'drill-scored', data: scoreOf(figures, crisis.plan.targets) }];
}
