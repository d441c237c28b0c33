/** What follows from time, from platforms and from other nouns: nobody says it by a button. Pure. */
import { addDuration, localDate } from '../core/calendar.ts';
import { type Decision, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { calling, climb, nextCall } from './ladder.ts';
import {
  type ArgsOf,
  type Call,
  type Crisis,
  type CrisisEvent,
  type CrisisWorld,
  type Facts,
  isMember,
  SEATS,
} from './model.ts';

type M = Moment<CrisisWorld>;
type Verdict = Decision<CrisisEvent>;

export const following = {
  climb: (crisis: Crisis, args: ArgsOf<'climb'>, { world }: M): Verdict => {
    const call = crisis.calls.find((one) => one.id === args.call);
    const stale = call?.state !== 'calling' || call.rung !== args.rung || call.round !== args.round;
    if (!call || stale) return refuse('over');
    const climbed = climb(call, crisis, world);
    return climbed.length > 0 ? { events: climbed } : refuse('nobody-above');
  },
  /** A platform's word is kept; where nothing is left that could ring, nobody waits for the clock. */
  report: (crisis: Crisis, args: ArgsOf<'report'>, { world }: M, facts: Facts): Verdict => {
    const call = crisis.calls.find((one) => one.id === args.call);
    const person = args.person ?? call?.rings.findLast((ring) => ring.line === args.line)?.person;
    const ring = call?.rings.findLast((one) => one.line === args.line && one.person === person);
    if (!call || !ring || !person) return refuse('over');
    const { outcome, code } = args;
    if (ring.outcome === outcome && ring.code === code) return refuse('over');
    // a phone that nobody took was delivered before; a failed one was not
    if (ring.outcome !== undefined && outcome === 'delivered') return refuse('over');
    const data = { call: call.id, line: args.line, person, outcome, ...(code ? { code } : {}) };
    const reported: CrisisEvent = { type: 'ring-reported', data };
    const over = outcome !== 'delivered' && isLastHope(call, { ...ring, outcome }, facts);
    return { events: [reported, ...(over ? climb(call, crisis, world) : [])] };
  },
  /** Who said 收到 and has done nothing since is asked once more, up the ladder again. */
  'check-idle': (crisis: Crisis, { person, since }: ArgsOf<'check-idle'>, moment: M): Verdict => {
    const last = crisis.acted[person];
    if (last !== undefined && last >= since) return refuse('over');
    const graded = crisis.state !== 'alarm';
    if (graded && !isMember(crisis, person)) return refuse('over');
    // who gave it back is not asked for it; who raised it and assesses is there without having been called
    const there = crisis.calls.some((call) => call.answers.some((one) => one.person === person && !one.backAt));
    if (!there && !(crisis.state === 'alarm' && crisis.raisedBy === person)) return refuse('over');
    const asked = crisis.calls.some((call) => call.seat === person && call.why === 'idle' && call.state === 'calling');
    if (asked) return refuse('over');
    return { events: calling(crisis, nextCall(crisis), person, 'idle', moment) };
  },
  'chase-seats': (crisis: Crisis, _args: ArgsOf<'chase-seats'>, { world }: M): Verdict => {
    const seats = SEATS.filter((seat) => !world.directory.people.get(crisis.seats[seat]?.person ?? '')?.active);
    return seats.length > 0 ? { events: [{ type: 'seats-asked', data: { seats } }] } : refuse('over');
  },
  'chase-update': (crisis: Crisis, { due }: ArgsOf<'chase-update'>): Verdict => {
    if (crisis.updateDue !== due) return refuse('over');
    const { scribe, lead } = crisis.seats;
    const asked = [scribe?.person, lead?.person].filter((person) => person !== undefined);
    const to = asked.length > 0 ? [...new Set(asked)] : crisis.team.map((one) => one.person);
    return { events: [{ type: 'update-chased', data: { due, to } }] };
  },
  room: (crisis: Crisis, { platform, id, code, out }: ArgsOf<'room'>): Verdict => {
    const name = platform as Crisis['rooms'][number]['platform'];
    const data = { platform: name, out, ...(id ? { id } : {}), ...(code ? { code } : {}) };
    const { at: _at, ...before } = crisis.rooms.find((room) => room.platform === platform) ?? { at: '' };
    const same = JSON.stringify(sorted(before)) === JSON.stringify(sorted(data));
    return same ? refuse('nothing-to-do') : { events: [{ type: 'room-settled', data }] };
  },
  spend: (crisis: Crisis, args: ArgsOf<'spend'>): Verdict =>
    crisis.spent.some((one) => one.request === args.request)
      ? refuse('nothing-to-do')
      : { events: [{ type: 'spend-executed', data: args }] },
  ratified: (crisis: Crisis, { request }: ArgsOf<'ratified'>): Verdict =>
    isWaiting(crisis, request) ? { events: [{ type: 'spend-ratified', data: { request } }] } : refuse('nothing-to-do'),
  /** The plan's consequence: it has to be recovered, by whoever spent it, and until that is cleared they spend nothing more (A3). */
  'spend-refused': (crisis: Crisis, args: ArgsOf<'spend-refused'>, moment: M, facts: Facts): Verdict => {
    const spent = crisis.spent.find((one) => one.request === args.request);
    if (!spent || !isWaiting(crisis, args.request)) return refuse('nothing-to-do');
    const { hours } = moment.world.directory.company;
    const within = crisis.plan?.spending?.recover ?? { amount: 5, unit: 'days' as const, working: true };
    const dueOn = localDate(addDuration(moment.at, within, hours), hours.timezone);
    const { request, by: refusedBy, reason } = args;
    const data = { request, person: spent.person, reason, refusedBy, decision: facts.decision ?? '', dueOn };
    return { events: [{ type: 'spend-refused', data }] };
  },
  statement: (_crisis: Crisis, { statement, what, by: person }: ArgsOf<'statement'>): Verdict => ({
    events: [{ type: 'statement-noted', data: { statement, what, person } }],
  }),
};

const isWaiting = (crisis: Crisis, request: string): boolean =>
  crisis.spent.some((one) => one.request === request && one.state === 'open');

/** Nothing else of this rung can still reach them. */
function isLastHope(call: Call, failed: Call['rings'][number], { pages }: Facts): boolean {
  if (call.state !== 'calling' || call.chain.at(-1) !== failed.person || call.round > 1) return false;
  if (failed.line === 'chat') return call.rung === 0 && (pages ?? 0) === 0;
  const current = call.rings.filter((ring) => ring.person === failed.person && ring.at === failed.at);
  const lost = (ring: Call['rings'][number]) => ring.outcome !== undefined && ring.outcome !== 'delivered';
  const latest = call.rings.findLast((ring) => ring.person === failed.person)?.at;
  return latest === failed.at && current.every((ring) => ring.line === failed.line || lost(ring));
}

const sorted = (value: object): object => Object.fromEntries(Object.entries(value).toSorted());
