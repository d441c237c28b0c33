/**
 * Any company, any process, any order of acts by anybody and the clock: what must hold after each of them. The re-check of approvals is
 * written from the handbook's words and reads only what happened, never the rules that made it happen.
 */
import process0 from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/core/ledger.ts';
import type { Actor, Command, Json, JsonObject } from '../../src/core/message.ts';
import type { Effect, Moment } from '../../src/core/module.ts';
import { isAway, standInFor } from '../../src/directory/lookup.ts';
import type { Process, World } from '../../src/processes/model.ts';
import { type Reading, requestCard } from '../../src/requests/cards.ts';
import { evolve } from '../../src/requests/evolve.ts';
import { openStep, pendingOf, type Request, type RequestEvent, type Signer } from '../../src/requests/model.ts';
import { whyCard } from '../../src/requests/reasons.ts';
import { refusalText } from '../../src/requests/refusals.ts';
import { answerWords } from '../../src/words/request-answers.ts';
import { directory, type Given } from '../support/company.ts';
import { type Carried, CLOCK, carryOut, keepTimers, type Promised, person, process } from './office.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const roles = ['r', 's', 't'] as const;
const anyone = fc.constantFrom(...ids);
const who = fc.oneof(
  fc.record({ line: fc.constantFrom(...roles) }),
  fc.record({ role: fc.constantFrom(...roles) }),
  fc.record({ person: anyone }),
);
const when = fc.oneof(
  fc.record({ amount: fc.record({ atLeast: fc.constantFrom('1', '5', '9') }) }),
  fc.record({ amount: fc.record({ below: fc.constantFrom('5', '9') }) }),
  fc.record({ kind: fc.record({ is: fc.constantFrom('goods', 'media') }) }),
);
const anyStep = fc.record(
  {
    who: fc.array(who, { minLength: 1, maxLength: 3 }),
    need: fc.constantFrom('any', 'all'),
    when: fc.option(when, { nil: undefined, freq: 3 }),
  },
  { requiredKeys: ['who'] },
);
/** 会签 of several, where absences, escalations and hand-overs meet */
const joint = fc.record({
  need: fc.constant('all' as const),
  who: fc.uniqueArray(anyone, { minLength: 2, maxLength: 4 }).map((all) => all.map((one) => ({ person: one }))),
});
const anySteps = fc.oneof(
  fc.array(anyStep, { minLength: 1, maxLength: 5 }),
  fc.array(fc.oneof(joint, anyStep), { minLength: 1, maxLength: 3 }),
);
const values = fc.record(
  {
    amount: fc.constantFrom('3', '5', '12'),
    title: fc.constantFrom('展台', '物料'),
    kind: fc.constantFrom('goods', 'media'),
  },
  { requiredKeys: ['amount', 'title'] },
);
const absences = fc.array(
  fc.record({ person: anyone, deputy: anyone }).filter((one) => one.person !== one.deputy),
  { maxLength: 3 },
);
/** The tree's root is `a`; whoever comes later in the alphabet reports to somebody before them. */
const anyCompany = fc.record({
  managers: fc.array(fc.nat(6), { minLength: 7, maxLength: 7 }),
  roles: fc.array(fc.subarray([...roles]), { minLength: 7, maxLength: 7 }),
  left: fc.array(anyone, { maxLength: 1 }),
  away: absences,
});

/** `mine`: mostly somebody whose turn it is; else anybody */
const press = fc.record({
  mine: fc.integer({ min: 0, max: 4 }),
  who: fc.nat(6),
  to: anyone,
  before: fc.boolean(),
  stale: fc.constantFrom('no', 'no', 'no', 'no', 'no', 'content', 'step', 'nothing'),
  values,
});
const acts = {
  approve: 9,
  'hand-over': 3,
  'add-signer': 3,
  return: 2,
  resubmit: 4,
  reject: 1,
  withdraw: 1,
  comment: 1,
  copy: 1,
  urge: 1,
  attach: 1,
} as const;
const anyAct = fc.record({
  hours: fc.constantFrom(0, 1, 5, 30, 90),
  what: fc.oneof(
    ...Object.entries(acts).map(([act, weight]) => ({
      weight,
      arbitrary: press.map((given) => ({ kind: 'press' as const, act, ...given })),
    })),
    { weight: 8, arbitrary: fc.constant({ kind: 'clock' as const }) },
    { weight: 4, arbitrary: absences.map((away) => ({ kind: 'away' as const, away })) },
    { weight: 1, arbitrary: anyone.map((one) => ({ kind: 'leaves' as const, one })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'everybody-back' as const }) },
    { weight: 1, arbitrary: anySteps.map((steps) => ({ kind: 'policy' as const, steps })) },
  ),
});
type AnyAct = typeof anyAct extends fc.Arbitrary<infer T> ? T : never;

/** One place of a step: whose it is now, and who was asked beside them because they were silent. */
interface Place {
  holders: Set<string>;
  filled: boolean;
}

/** Who had to sign and who did, from the events alone. */
class Clerk {
  submission = 0;
  need = new Map<string, 'any' | 'all'>();
  applies = new Set<string>();
  places = new Map<string, Place[]>();
  done = new Set<string>();
  open: string | undefined;
  signed: { step: string; by: string }[] = [];

  hear(event: RequestEvent, by: string): void {
    switch (event.type) {
      case 'request-submitted':
      case 'request-resubmitted':
        this.submission = event.data.submission;
        this.signed = [];
        this.done = new Set();
        this.places = new Map();
        this.open = undefined;
        this.need = new Map(event.data.steps.map((step) => [step.id, step.need]));
        this.applies = new Set(event.data.steps.filter((step) => step.applies).map((step) => step.id));
        return;
      case 'step-opened':
      case 'step-covered':
        this.opens(event.data.step, event.data.signers, event.type === 'step-covered');
        return;
      case 'signature-given':
      case 'step-approved':
        this.signs(event.data.step, event.data.signer, by);
        if (event.type === 'step-approved') this.settles(event.data.step);
        return;
      case 'step-handed-over':
        return this.moves(event.data.step, event.data.from, event.data.signer.person);
      case 'step-reassigned':
        for (const { from, to } of event.data.moved) this.moves(event.data.step, from, to.person);
        return;
      case 'step-escalated':
        for (const signer of event.data.signers) this.escalates(event.data.step, signer);
        return;
      case 'signer-added':
        this.need.set(event.data.added.id, 'any');
        this.applies.add(event.data.added.id);
        return;
      case 'request-withdrawn':
        this.open = undefined;
        return;
      case 'step-rejected':
      case 'step-returned':
        expect(by).toBe(event.data.signer);
        expect(this.waiting()).toContain(by);
        this.open = undefined;
        return;
      case 'request-approved':
        // every step that applies has its signatures; nothing is approved by default
        expect([...this.applies].filter((step) => !this.done.has(step))).toEqual([]);
        expect(this.signed.length).toBeGreaterThan(0);
        return;
      default:
        return;
    }
  }

  opens(step: string, signers: Signer[], covered: boolean): void {
    const before = this.places.get(step);
    const filled = (one: Signer) => this.signed.some((signature) => signature.by === one.person);
    const now = signers.map((one): Place => ({ holders: new Set([one.person]), filled: filled(one) }));
    this.places.set(step, before ? this.comesBack(before, signers) : now);
    if (covered) this.settles(step);
    else this.open = step;
  }

  /** Set aside for an added signer, and back: as many places as before, each of whoever had it or acts for them now. */
  comesBack(before: Place[], signers: Signer[]): Place[] {
    const here = new Map(signers.map((one) => [one.person, one]));
    const actsFor = (one: string) =>
      signers.find((s) => s.how.some((how) => how.kind === 'stands-in' && how.for === one)) ??
      signers.find((s) => !before.some(({ holders }) => holders.has(s.person)));
    return before.map(({ holders, filled }) => {
      const now = [...holders].map((one) => (here.has(one) ? one : (actsFor(one)?.person ?? '')));
      expect(now).not.toContain('');
      return { holders: new Set(now), filled: filled || now.some((one) => here.get(one)?.counted !== undefined) };
    });
  }

  signs(step: string, signer: string, by: string): void {
    expect(by).toBe(signer);
    expect(step).toBe(this.open);
    expect(this.waiting()).toContain(by);
    this.signed.push({ step, by });
    for (const place of this.places.get(step) ?? []) if (place.holders.has(by)) place.filled = true;
  }

  settles(step: string): void {
    const places = this.places.get(step) ?? [];
    expect(places.length).toBeGreaterThan(0);
    const filled = places.filter((place) => place.filled).length;
    if (this.need.get(step) === 'all') expect(filled).toBe(places.length);
    else expect(filled).toBeGreaterThan(0);
    this.done.add(step);
    if (this.open === step) this.open = undefined;
  }

  moves(step: string, from: string, to: string): void {
    expect(this.waiting()).toContain(from);
    this.renames(step, from, to);
  }

  renames(step: string, from: string, to: string): void {
    for (const { holders } of this.places.get(step) ?? []) if (holders.delete(from)) holders.add(to);
  }

  escalates(step: string, signer: Signer): void {
    const from = signer.came?.from ?? '';
    expect(this.waiting()).toContain(from);
    expect((this.places.get(step) ?? []).some(({ holders }) => holders.has(signer.person))).toBe(false);
    for (const { holders, filled } of this.places.get(step) ?? []) {
      if (!filled && holders.has(from)) holders.add(signer.person);
    }
  }

  /** everybody who could fill an empty place of the open step and has not signed it */
  waiting(): string[] {
    const step = this.open;
    if (step === undefined) return [];
    const places = this.places.get(step) ?? [];
    const gave = new Set(this.signed.filter((one) => one.step === step).map((one) => one.by));
    const people = places.filter((place) => !place.filled).flatMap(({ holders }) => [...holders]);
    return [...new Set(people)].filter((one) => !gave.has(one)).toSorted();
  }
}

const PERSONS_CODES_WITHOUT_OWN_WORDS = ['over', 'nobody-above', 'nothing-to-do'];

class World0 {
  versions: Process[];
  given: Given;
  at = new Date('2026-12-03T10:00:00+08:00');
  request: Request | undefined;
  timers = new Map<string, Promised>();
  clerk = new Clerk();
  history: { event: RequestEvent; moment: Moment<World> }[] = [];
  signatures = new Map<string, string>();
  escalationSpent = false;
  files = 0;

  constructor(company: typeof anyCompany extends fc.Arbitrary<infer T> ? T : never, first: Process) {
    this.versions = [first];
    this.given = {
      people: ids.map((id, i) => ({
        id,
        roles: company.roles[i] ?? [],
        active: !company.left.includes(id),
        ...(i === 0 ? {} : { manager: ids[(company.managers[i] ?? 0) % i] ?? 'a' }),
      })),
      away: company.away,
    };
  }

  moment(actor: Actor): Moment<World> {
    const today = this.versions.length;
    const latest = this.versions.at(-1);
    const world: World = {
      directory: directory(this.given),
      processes: latest ? [{ version: today, process: latest }] : [],
      pinned: async (_id, version) => this.versions[version - 1],
    };
    return { actor, at: this.at, world };
  }

  run(actor: Actor, act: string, args: JsonObject): Carried {
    const command: Command = { name: `requests.${act}`, subject: this.request?.number, args };
    const moment = this.moment(actor);
    const before = this.request;
    const carried = carryOut(before, command, moment, this.versions, this.files);
    if ('refusal' in carried) {
      this.saysWhy(carried.refusal.code, carried.refusal.facts, actor, moment);
      return carried;
    }
    this.happens(before, carried, actor, moment);
    return carried;
  }

  /** Every refusal is a sentence of its own in both languages. */
  saysWhy(code: string, facts: JsonObject, actor: Actor, { world }: Moment<World>): void {
    if (actor.kind === 'clock' && PERSONS_CODES_WITHOUT_OWN_WORDS.includes(code)) return;
    if (code === 'badly-filled') return; // said at the fields
    for (const language of ['zh', 'en'] as const) {
      const text = refusalText(code, facts, this.request, { world, language });
      expect(text, code).not.toBe(answerWords(language).refusals.other);
      expect(text, code).not.toMatch(/undefined|null|NaN|\[object/);
    }
  }

  happens(
    before: Request | undefined,
    carried: Exclude<Carried, { refusal: unknown }>,
    actor: Actor,
    moment: Moment<World>,
  ) {
    const { after, between, events, effects } = carried;
    const by = actor.kind === 'person' ? actor.id : 'clock';
    this.onlyWhatMay(before, events);
    events.forEach((event, i) => {
      this.clerk.hear(event, by);
      this.history.push({ event, moment });
      const state = between[i];
      if (state) this.mustHold(i === 0 ? before : between[i - 1], state);
      const text = canonical(event.data as unknown as Json);
      expect(JSON.parse(text)).toStrictEqual(event.data);
    });
    this.request = after;
    this.files += events.filter((event) => event.type === 'file-attached').length;
    this.afterAll(after);
    this.tells(after, effects, by, moment);
    this.promises(after, effects, events);
  }

  /** What is over stays over. */
  onlyWhatMay(before: Request | undefined, events: RequestEvent[]): void {
    if (before === undefined || before.state === 'open') return;
    const harmless = ['request-commented', 'request-copied', 'file-attached', 'file-kept', 'file-refused'];
    const types = events.map((event) => event.type).filter((type) => !harmless.includes(type));
    if (types.length === 0) return;
    expect(before.state).toBe('returned');
    expect(['request-resubmitted', 'request-withdrawn']).toContain(types[0]);
  }

  mustHold(before: Request | undefined, state: Request): void {
    expect(state.steps.filter((step) => step.state === 'open').length).toBeLessThanOrEqual(1);
    expect(new Set(state.steps.map((step) => step.id)).size).toBe(state.steps.length);
    for (const step of state.steps) {
      const people = step.signers.map((signer) => signer.person);
      expect(people).not.toContain(state.requester);
      expect(new Set(people).size, `${step.id} twice the same`).toBe(people.length);
    }
    for (const party of before?.parties ?? []) expect(state.parties).toContain(party);
    this.keepsSignatures(state);
  }

  /** A signature once given is never removed nor altered; a new submission begins with none. */
  keepsSignatures(state: Request): void {
    const now = new Map<string, string>();
    for (const step of state.steps) {
      for (const { person: one, signature } of step.signers) {
        if (signature) now.set(`${state.submission}|${step.id}|${one}`, JSON.stringify(signature));
      }
    }
    for (const [key, text] of this.signatures) {
      if (key.startsWith(`${state.submission}|`)) expect(now.get(key)).toBe(text);
    }
    for (const [key, text] of now) this.signatures.set(key, text);
    for (const one of this.clerk.signed) expect(now.has(`${state.submission}|${one.step}|${one.by}`)).toBe(true);
  }

  afterAll(state: Request): void {
    const open = openStep(state);
    expect(open !== undefined).toBe(state.state === 'open');
    const pending = open ? pendingOf(open).map((signer) => signer.person) : [];
    if (open) expect(pending.length).toBeGreaterThan(0);
    expect(pending.toSorted()).toEqual(this.clerk.waiting());
    for (const one of pending) expect(state.parties).toContain(one);
    this.draws(state, pending);
  }

  /** The events are the whole truth: told again from the beginning, they give the same request. */
  replays(): void {
    const told = this.history.reduce<Request | undefined>(
      (r, { event, moment }) => evolve(r, event, moment),
      undefined,
    );
    expect(told).toEqual(this.request);
  }

  /** 批准 stands on the cards of those whose turn it is, and on the channel's, exactly; every card can be drawn in both languages. */
  draws(request: Request, pending: string[]): void {
    const process = this.versions[request.version - 1];
    if (!process) throw new Error('no such version');
    const { directory: company } = this.moment(CLOCK).world;
    const language = request.revision % 2 === 0 ? 'zh' : 'en';
    const reading: Reading = { request, process, directory: company, language, files: [] };
    const deciding = (viewer: { person: string } | { channel: string }) => {
      const { blocks } = requestCard(reading, viewer);
      const buttons = blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
      const primary = buttons.filter((button) => button.style === 'primary');
      const action = { command: 'requests.approve', step: openStep(request)?.id, seen: request.submission };
      for (const button of primary) expect(button.action).toMatchObject(action);
      return primary.length;
    };
    for (const id of ids) expect(deciding({ person: id })).toBe(pending.includes(id) ? 1 : 0);
    expect(deciding({ channel: 'pr' })).toBe(request.state === 'open' ? 1 : 0);
    const everything = JSON.stringify([requestCard(reading, { channel: 'pr' }), whyCard(reading)]);
    expect(everything).not.toMatch(/undefined|NaN|\[object/);
  }

  /** Cards for the requester and for everybody whose turn it is; nothing to anybody whom the request does not concern. */
  tells(after: Request, told: Effect[], by: string, { world }: Moment<World>): void {
    const cards = told.flatMap((one) => (one.kind === 'card' && 'person' in one.to ? [one.to.person] : []));
    expect(cards).toContain(after.requester);
    const open = openStep(after);
    for (const { person: one } of open ? pendingOf(open) : []) expect(cards).toContain(one);
    for (const one of told) {
      if ((one.kind === 'card' || one.kind === 'notice') && 'person' in one.to)
        expect(after.parties).toContain(one.to.person);
      if (one.kind === 'notice') expect(one.to).not.toEqual({ person: by });
    }
    const keys = told.flatMap((one) => {
      if (one.kind === 'card') return [`card|${JSON.stringify(one.to)}`];
      return one.kind === 'notice' ? [`notice|${one.key}|${JSON.stringify(one.to)}`] : [];
    });
    expect(new Set(keys).size).toBe(keys.length);
    expect(world.directory.people.size).toBe(ids.length);
  }

  promises(after: Request, told: Effect[], events: RequestEvent[]): void {
    keepTimers(this.timers, told);
    const open = openStep(after);
    const keys = [...this.timers.keys()];
    if (events.some((one) => one.type === 'step-opened')) this.escalationSpent = false;
    if (open === undefined) return expect(keys).toEqual([]);
    expect(keys).toContain(`${after.number}|remind|${open.id}`);
    if (!this.escalationSpent) expect(keys).toContain(`${after.number}|escalate|${open.id}`);
    for (const key of keys) expect(key.endsWith(`|${open.id}`)).toBe(true);
    for (const { args } of this.timers.values()) expect(args).toEqual({ step: open.id, submission: after.submission });
  }

  /** The next promise comes due. */
  fires(): void {
    const [next] = [...this.timers].toSorted(([, a], [, b]) => a.due.getTime() - b.due.getTime());
    if (!next) return;
    const [key, promise] = next;
    if (promise.due > this.at) this.at = promise.due;
    this.timers.delete(key);
    if (promise.command === 'requests.escalate') this.escalationSpent = true;
    const carried = this.run(CLOCK, promise.command.slice('requests.'.length), promise.args);
    if (promise.command === 'requests.escalate') this.escalationSpent = 'refusal' in carried;
    else expect('refusal' in carried).toBe(false);
  }

  /** The company changed: what waits is looked at again, and afterwards somebody is here for every place where anybody could be. */
  looksAgain(): void {
    if (!this.request || !openStep(this.request)) return;
    this.run(CLOCK, 'reassign', {});
    const { directory: company } = this.moment(CLOCK).world;
    const open = openStep(this.request);
    const settled = open?.signers.filter((s) => !pendingOf(open).includes(s)).map((s) => s.person) ?? [];
    for (const signer of open ? pendingOf(open) : []) {
      const here = company.people.get(signer.person)?.active === true && !isAway(company, signer.person);
      const own = signer.standsInFor ?? signer.person;
      const nobody = 'nobody' in standInFor(company, own, [this.request.requester, ...settled]);
      expect(here || nobody, `${signer.person} is not here`).toBe(true);
    }
  }

  does({ hours, what }: AnyAct): void {
    this.at = new Date(this.at.getTime() + hours * 3_600_000);
    switch (what.kind) {
      case 'clock':
        return this.fires();
      case 'away':
        this.given = { ...this.given, away: what.away };
        return this.looksAgain();
      case 'leaves':
        this.given = { ...this.given, but: { ...this.given.but, [what.one]: { active: false } } };
        return this.looksAgain();
      case 'everybody-back':
        this.given = { ...this.given, but: {}, away: [] };
        return this.looksAgain();
      case 'policy':
        this.versions.push(process(what.steps));
        return;
      case 'press':
        return this.presses(what);
      default:
        return what satisfies never;
    }
  }

  presses(given: Extract<AnyAct['what'], { kind: 'press' }>): void {
    const request = this.request;
    if (!request) return;
    const open = openStep(request);
    const pending = open ? pendingOf(open).map((signer) => signer.person) : [];
    const requesters = ['resubmit', 'withdraw', 'urge'].includes(given.act);
    const likely = requesters ? [request.requester] : pending;
    const by = (given.mine > 0 ? likely[given.who % Math.max(1, likely.length)] : undefined) ?? ids[given.who] ?? 'a';
    const seen = given.stale === 'content' ? request.submission + 1 : request.submission;
    const other = request.steps.find((step) => step.id !== open?.id)?.id ?? 'nowhere';
    const drawn = { step: given.stale === 'step' ? other : (open?.id ?? other), seen };
    const fits = given.stale === 'nothing' ? { step: drawn.step } : drawn;
    const file = { id: '00000000-0000-4000-8000-000000000001', original: 'a.pdf', ref: { file: 'F' } };
    const more: Record<string, JsonObject> = {
      approve: fits,
      return: { ...fits, reason: '补充' },
      reject: { ...fits, reason: '不行' },
      'hand-over': { ...fits, to: given.to, reason: '' },
      'add-signer': { ...fits, to: given.to, place: given.before ? 'before' : 'after' },
      comment: { text: '好' },
      copy: { to: given.to },
      urge: {},
      withdraw: {},
      resubmit: { values: given.values as JsonObject, seen },
      attach: { files: [file] },
    };
    const carried = this.run(person(by), given.act, more[given.act] ?? {});
    const decides = ['approve', 'return', 'reject', 'hand-over', 'add-signer'].includes(given.act);
    if (!decides || 'refusal' in carried) return;
    expect(given.stale).toBe('no');
    expect(pending).toContain(by);
    expect(by).not.toBe(request.requester);
  }
}

const story = fc.record({
  company: anyCompany,
  steps: anySteps,
  by: fc.constantFrom(...ids.slice(1)),
  values,
  acts: fc.array(anyAct, { minLength: 10, maxLength: 30 }),
});

describe('in any company, whatever anybody does in whatever order', () => {
  it('the rules hold after every act', () => {
    let reached = new Map<string, number>();
    fc.assert(
      fc.property(story, ({ company, steps, by, values: first, acts: then }) => {
        const world = new World0(company, process(steps));
        world.run(person(by), 'submit', { process: 'spend', values: first as JsonObject });
        for (const act of then) world.does(act);
        world.replays();
        for (const { event } of world.history) reached = reached.set(event.type, (reached.get(event.type) ?? 0) + 1);
      }),
      { numRuns: Number(process0.env.RUNS ?? 250) },
    );
    if (process0.env.REACHED) console.log(reached);
    // the stories go everywhere: otherwise the rest would prove little
    const everything = [
      'request-approved request-rejected request-returned request-withdrawn request-resubmitted request-commented request-copied',
      'request-urged signature-given step-covered step-handed-over signer-added step-reminded step-escalated step-reassigned',
      'file-attached',
    ];
    for (const type of everything.join(' ').split(' ')) expect(reached.get(type) ?? 0, type).toBeGreaterThan(0);
  }, 60_000);
});
