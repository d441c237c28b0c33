/**
 * Who signs a request, in which order and why, for one requester and one content (rules A1, A2, D1, D3, D4). Pure. Nothing is ever
 * approved by default: a step that applies has at least one signer, or the request is refused with the step that nobody could sign.
 */
import { holders, lineUp, personById, type StandInLink, standInFor } from '../directory/lookup.ts';
import type { Directory, Person } from '../directory/model.ts';
import { type Condition, type Values, weigh } from './conditions.ts';
import { needOf, type Process, type Step, type Who } from './model.ts';

export interface PathInput {
  process: Pick<Process, 'form' | 'steps'>;
  values: Values;
  requester: string;
  directory: Directory;
}

/** Why this person: the rule itself, or what happened on the way from the rule to them. */
export type How =
  | { kind: 'rule' }
  /** the rule's own answer could not sign; the next one up does. `via`: whose reporting line was climbed */
  | {
      kind: 'climbed';
      from: { person: string } | { role: string };
      because: 'own-request' | 'unstaffed' | 'inactive' | 'away-circle';
      via: string;
    }
  | { kind: 'stands-in'; for: string; chain: StandInLink[] };

export type PlannedSigner = {
  person: string;
  rule: Who;
  how: How[];
  /** whose place they take while that person is away: both names stay on record */
  standsInFor?: string;
};

export type PlannedStep = {
  id: string;
  title: Step['title'];
  need: 'any' | 'all';
  applies: boolean;
  conditions: Condition[];
  /** empty only where the step does not apply */
  signers: PlannedSigner[];
  /** signers who already stand in an earlier step: the signature they give there counts here too */
  coveredBy?: { person: string; step: string }[];
};

/** Plain JSON: kept with the request as it was decided. */
export type Plan = { steps: PlannedStep[] };
export type PathRefusal = { step: string; reason: 'nobody-above' | 'no-step-applies'; rule: Who };

/** How far up the requester's line the path has come, and whether by a rule or by climbing. */
interface Reached {
  index: number;
  byRule: boolean;
}
interface Walk extends PathInput {
  line: Person[];
  reached: Reached;
}
type Found = { person: string; how: How };

export function planPath(input: PathInput): Plan | { refusal: PathRefusal } {
  const walk: Walk = {
    ...input,
    line: lineUp(input.directory, input.requester),
    reached: { index: -1, byRule: false },
  };
  const steps: PlannedStep[] = [];
  for (const step of input.process.steps) {
    const planned = planStep(walk, step);
    if ('refusal' in planned) return planned;
    steps.push(withCover(planned, steps));
  }
  const first = input.process.steps[0];
  if (steps.some((step) => step.applies) || !first) return { steps };
  return { refusal: { step: first.id, reason: 'no-step-applies', rule: firstRule(first) } };
}

function planStep(walk: Walk, step: Step): PlannedStep | { refusal: PathRefusal } {
  const conditions = weigh(step.when, walk.process, walk.values, walk.directory.company.currency);
  const applies = conditions.every((condition) => condition.holds);
  const need = needOf(step);
  const planned: PlannedStep = { id: step.id, title: step.title, need, applies, conditions, signers: [] };
  if (!applies) return planned;
  const refusal: PathRefusal = { step: step.id, reason: 'nobody-above', rule: firstRule(step) };
  let reached = walk.reached;
  for (const rule of step.who) {
    const found = resolve(walk, rule, need);
    if (found.length === 0) return { refusal: { ...refusal, rule } };
    if ('line' in rule) reached = further(walk, reached, found);
    const present = found.flatMap((one) => actingFor(walk, rule, one));
    if (present.length === 0 || (need === 'all' && present.length < found.length))
      return { refusal: { ...refusal, rule } };
    planned.signers.push(...present);
  }
  walk.reached = reached;
  return { ...planned, signers: mergeTwice(planned.signers) };
}

/** The people whom a rule means for this requester, before anybody's absence; none if nobody could sign. */
function resolve(walk: Walk, rule: Who, need: 'any' | 'all'): Found[] {
  if ('line' in rule) return resolveLine(walk, rule.line);
  if ('role' in rule) return resolveRole(walk, rule.role, need);
  return resolvePerson(walk, rule.person);
}

function resolveLine(walk: Walk, role: string): Found[] {
  const self = personById(walk.directory, walk.requester);
  const holder = (self ? [self, ...walk.line] : walk.line).find((p) => p.active && p.roles.includes(role));
  if (!holder) return climb(walk, role);
  return holder.id === walk.requester ? managerOf(walk) : [{ person: holder.id, how: { kind: 'rule' } }];
}

function resolveRole(walk: Walk, role: string, need: 'any' | 'all'): Found[] {
  const all = holders(walk.directory, role);
  if (all.length === 0) return climb(walk, role);
  const others = all.filter((person) => person.id !== walk.requester);
  const found = others.map((person): Found => ({ person: person.id, how: { kind: 'rule' } }));
  if (others.length === all.length || (need === 'any' && others.length > 0)) return found;
  const share = managerOf(walk);
  return share.length === 0 ? [] : [...found, ...share];
}

function resolvePerson(walk: Walk, id: string): Found[] {
  if (id === walk.requester) return managerOf(walk);
  if (personById(walk.directory, id)?.active) return [{ person: id, how: { kind: 'rule' } }];
  const up = lineUp(walk.directory, id).find((person) => person.active && person.id !== walk.requester);
  const how: How = { kind: 'climbed', from: { person: id }, because: 'inactive', via: id };
  return up ? [{ person: up.id, how }] : [];
}

/** Nobody signs their own request (D3): the next one up does. */
function managerOf(walk: Walk): Found[] {
  const up = walk.line.find((person) => person.active);
  const from = { person: walk.requester };
  return up ? [{ person: up.id, how: { kind: 'climbed', from, because: 'own-request', via: walk.requester } }] : [];
}

/**
 * A role that nobody here holds: the first in the requester's line above whoever the path has reached. At the top, somebody who was
 * reached by climbing signs this too; but the holder of a lower role is never taken for a higher one.
 */
function climb(walk: Walk, role: string): Found[] {
  const { index, byRule } = walk.reached;
  const up = walk.line.find((person, i) => i > index && person.active) ?? (byRule ? undefined : walk.line[index]);
  const how: How = { kind: 'climbed', from: { role }, because: 'unstaffed', via: walk.requester };
  return up ? [{ person: up.id, how }] : [];
}

function further(walk: Walk, before: Reached, found: Found[]): Reached {
  return found.reduce((reached, { person, how }) => {
    const index = walk.line.findIndex((manager) => manager.id === person);
    const byRule = how.kind === 'rule';
    if (index === reached.index) return { index, byRule: byRule || reached.byRule };
    return index > reached.index ? { index, byRule } : reached;
  }, before);
}

/** The signer, or whoever acts for them today (never the requester); none if nobody does. */
function actingFor(walk: Walk, rule: Who, { person, how }: Found): PlannedSigner[] {
  const acting = standInFor(walk.directory, person, [walk.requester]);
  if ('nobody' in acting) return [];
  if (acting.chain.length === 0) return [{ person, rule, how: [how] }];
  const climbed = acting.chain
    .filter((link) => link.how === 'climbed')
    .map(({ absent }): How => ({ kind: 'climbed', from: { person: absent }, because: 'away-circle', via: absent }));
  const standsIn: How = { kind: 'stands-in', for: person, chain: acting.chain };
  return [{ person: acting.person, rule, how: [how, ...climbed, standsIn], standsInFor: person }];
}

/** Whoever stands in one step twice signs it once; their own right to sign comes before standing in. */
function mergeTwice(signers: PlannedSigner[]): PlannedSigner[] {
  const merged = new Map<string, PlannedSigner>();
  for (const signer of signers) {
    const before = merged.get(signer.person);
    const own = [before, signer].find((one) => one && one.standsInFor === undefined) ?? before ?? signer;
    merged.set(signer.person, before ? { ...own, how: [...before.how, ...signer.how] } : signer);
  }
  return [...merged.values()];
}

/** Who signs an earlier step as well need not sign again. */
function withCover(planned: PlannedStep, earlier: PlannedStep[]): PlannedStep {
  const coveredBy = planned.signers.flatMap(({ person }) => {
    const step = earlier.find((one) => one.signers.some((signer) => signer.person === person));
    return step ? [{ person, step: step.id }] : [];
  });
  return coveredBy.length > 0 ? { ...planned, coveredBy } : planned;
}

function firstRule(step: Step): Who {
  const [rule] = step.who;
  if (!rule) throw new Error(`step "${step.id}" has no rule`);
  return rule;
}

/** Everybody in the path, in its order, each once. */
export function signersOf(plan: Plan): string[] {
  return [...new Set(plan.steps.flatMap((step) => step.signers.map((signer) => signer.person)))];
}

/** Who gets a copy (抄送): whom the rules name, without climbing, stand-ins or the requester. */
export function copiesOf(rules: readonly Who[], requester: string, directory: Directory): string[] {
  const people = rules.flatMap((rule) => {
    if ('role' in rule) return holders(directory, rule.role);
    const line = 'line' in rule ? lineUp(directory, requester) : [personById(directory, rule.person)];
    return line.filter((p) => p?.active && (!('line' in rule) || p.roles.includes(rule.line))).slice(0, 1);
  });
  return [...new Set(people.flatMap((person) => (person && person.id !== requester ? [person.id] : [])))];
}
