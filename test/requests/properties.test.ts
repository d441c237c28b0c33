/** Any company, any process, any order of acts by anybody and the clock: what must hold after each of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/core/ledger.ts';
import type { Actor, Command, Json, JsonObject } from '../../src/core/message.ts';
import type { Effect, Moment } from '../../src/core/module.ts';
import { isAway, standInFor } from '../../src/directory/lookup.ts';
import type { Process, World } from '../../src/processes/model.ts';
import { type Reading, requestCard } from '../../src/requests/cards.ts';
import { evolve } from '../../src/requests/evolve.ts';
import {
  awaitsRatification,
  isLive,
  openStep,
  pendingOf,
  type Request,
  type RequestEvent,
} from '../../src/requests/model.ts';
import type { Spend } from '../../src/requests/ratify.ts';
import { whyCard } from '../../src/requests/reasons.ts';
import { refusalText } from '../../src/requests/refusals.ts';
import { answerWords } from '../../src/words/request-answers.ts';
import { directory, type Given } from '../support/company.ts';
import { type AnyAct, type AnyCompany, ids, story } from './anything.ts';
import { Clerk } from './clerk.ts';
import { type Carried, CLOCK, CRISIS, carryOut, keepTimers, type Promised, person, process } from './office.ts';

/** more of them by hand: `STORIES=5000 vitest run …` */
const RUNS = Number(globalThis.process.env.STORIES ?? 120);
/** what only the clock is told */
const CLOCKS_CODES = ['over', 'nobody-above', 'nothing-to-do'];

const VERDICTS: Record<'spent' | 'urgent', Spend['verdict']> = {
  spent: { execute: true, ratify: { amount: 24, unit: 'hours', working: true } },
  urgent: { execute: false, why: 'over-cap', left: '100' },
};
const FREEZER = 'CR-2026-0009';
/** what nobody does to a request that a freeze holds */
const ONWARD = [
  'signature-given step-approved request-approved step-handed-over signer-added request-urged step-reminded step-escalated',
].flatMap((types) => types.split(' '));

/** One request in one company, with everything that must hold checked at every step. */
class Life {
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
  spend: Spend | undefined;

  constructor(company: AnyCompany, first: Process) {
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
    const spend = this.spend ? { spend: this.spend } : {};
    const carried = carryOut(before, command, moment, this.versions, this.files, spend);
    if ('refusal' in carried) {
      this.saysWhy(carried.refusal.code, carried.refusal.facts, actor, moment);
      return carried;
    }
    this.happens(before, carried, actor, moment);
    return carried;
  }

  /** Every refusal is a sentence of its own in both languages. */
  saysWhy(code: string, facts: JsonObject, actor: Actor, { world }: Moment<World>): void {
    if (actor.kind === 'clock' && CLOCKS_CODES.includes(code)) return;
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
    this.heldStandsStill(before, events);
    this.spentStaysSpent(before, after, events);
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
    const waits = ['request-held', 'request-released', 'ratification-overdue'];
    // what is spent has an end even where its papers never come
    const ends = before.executed ? ['request-rejected'] : ['request-withdrawn'];
    expect(['request-resubmitted', ...ends, ...waits]).toContain(types[0]);
  }

  /** A held request never gets a signature, and nobody is chased for one. */
  heldStandsStill(before: Request | undefined, events: RequestEvent[]): void {
    if (before?.held) for (const { type } of events) expect(ONWARD).not.toContain(type);
    if (before && !isLive(before)) expect(before.held).toBeUndefined();
  }

  /** Nothing is back-dated, nothing is taken back, and what was not spent first is not spent later by itself. */
  spentStaysSpent(before: Request | undefined, after: Request, events: RequestEvent[]): void {
    const types = events.map(({ type }) => type);
    if (before === undefined) {
      expect(types.includes('request-executed')).toBe(this.spend?.verdict.execute === true);
      expect(after.executed?.at).toBe(this.spend?.verdict.execute ? this.at.toISOString() : undefined);
      return;
    }
    expect(types).not.toContain('request-executed');
    expect({ ...after.executed, overdue: 0 }).toEqual({ ...before.executed, overdue: 0 });
    expect(after.urgent).toEqual(before.urgent);
    if (!before.executed) return;
    expect(types).not.toContain('request-withdrawn');
    expect(types).not.toContain('request-held');
    if (types.includes('request-approved')) expect(after.endedAt).toBe(this.at.toISOString());
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
    const reading: Reading = { request, process, directory: company, language, files: [], cited: new Map() };
    const deciding = (viewer: { person: string } | { channel: string }) => {
      const { blocks } = requestCard(reading, viewer);
      const buttons = blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
      const primary = buttons.filter((button) => button.style === 'primary');
      const action = { command: 'requests.approve', step: openStep(request)?.id, seen: request.submission };
      for (const button of primary) expect(button.action).toMatchObject(action);
      return primary.length;
    };
    const signs = (id: string) => pending.includes(id) && !request.held;
    for (const id of ids) expect(deciding({ person: id })).toBe(signs(id) ? 1 : 0);
    expect(deciding({ channel: 'pr' })).toBe(request.state === 'open' && !request.held ? 1 : 0);
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
    const open = after.held ? undefined : openStep(after);
    const ratify = `${after.number}|ratify`;
    expect(this.timers.has(ratify)).toBe(awaitsRatification(after));
    const ofStep = [...this.timers].filter(([key]) => key !== ratify);
    const keys = ofStep.map(([key]) => key);
    const anew = ['step-opened', 'request-released'];
    if (events.some((one) => anew.includes(one.type))) this.escalationSpent = false;
    if (open === undefined) {
      expect(keys).toEqual([]);
      return;
    }
    expect(keys).toContain(`${after.number}|remind|${open.id}`);
    if (!this.escalationSpent) expect(keys).toContain(`${after.number}|escalate|${open.id}`);
    for (const key of keys) expect(key.endsWith(`|${open.id}`)).toBe(true);
    for (const [, { args }] of ofStep) expect(args).toEqual({ step: open.id, submission: after.submission });
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
        this.fires();
        return;
      case 'away':
        this.given = { ...this.given, away: what.away };
        this.looksAgain();
        return;
      case 'leaves':
        this.given = { ...this.given, but: { ...this.given.but, [what.one]: { active: false } } };
        this.looksAgain();
        return;
      case 'everybody-back':
        this.given = { ...this.given, but: {}, away: [] };
        this.looksAgain();
        return;
      case 'policy':
        this.versions.push(process(what.steps));
        return;
      case 'freeze':
        if (this.request) this.run(CLOCK, what.on ? 'hold' : 'release', { crisis: FREEZER });
        return;
      case 'press':
        this.presses(what);
        return;
      default:
        what satisfies never;
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
    // a card of what was returned has no step
    const none = open || request.state !== 'returned' ? other : undefined;
    const step = given.stale === 'step' ? other : (open?.id ?? none);
    const drawn = { ...(step ? { step } : {}), seen };
    const fits = given.stale === 'nothing' ? (step ? { step } : {}) : drawn;
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
    expect(by).not.toBe(request.requester);
    // spent and returned it waits for nobody: one of those whom it concerns ends it
    const unsigned = given.act === 'reject' && request.executed && request.state === 'returned';
    expect(unsigned ? request.parties : pending).toContain(by);
  }
}

describe('in any company, whatever anybody does in whatever order', () => {
  it('the rules hold after every act', () => {
    const reached = new Map<string, number>();
    fc.assert(
      fc.property(story, ({ company, steps, by, values: first, means, acts: then }) => {
        const life = new Life(company, process(steps));
        const verdict = means === 'own' ? undefined : VERDICTS[means];
        if (verdict) life.spend = { crisis: CRISIS, base: '300', verdict };
        const crisis = verdict ? { crisis: CRISIS } : {};
        life.run(person(by), 'submit', { process: 'spend', values: first as JsonObject, ...crisis });
        for (const act of then) life.does(act);
        life.replays();
        for (const { event } of life.history) reached.set(event.type, (reached.get(event.type) ?? 0) + 1);
      }),
      { numRuns: RUNS },
    );
    // the stories go everywhere: otherwise the rest would prove little
    const everything = [
      'request-approved request-rejected request-returned request-withdrawn request-resubmitted request-commented request-copied',
      'request-urged signature-given step-covered step-handed-over signer-added step-reminded step-escalated step-reassigned',
      'file-attached request-executed ratification-overdue request-held request-released',
    ];
    for (const type of everything.join(' ').split(' ')) expect(reached.get(type) ?? 0, type).toBeGreaterThan(0);
  }, 60_000);
});
