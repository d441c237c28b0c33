/** Why these people: the rule, the facts, the stand-ins, and what would change it. */
import type { Block, Card, PathLine } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { showMoney } from '../core/money.ts';
import { isolate } from '../core/text.ts';
import type { Directory } from '../directory/model.ts';
import type { Condition } from '../processes/conditions.ts';
import type { Process, Who } from '../processes/model.ts';
import { type PlannedStep, planPath } from '../processes/path.ts';
import { type Tier, tiers, whatWouldChange } from '../processes/whatif.ts';
import { deadlineWords, sayDue } from '../words/calendar.ts';
import { requestWords } from '../words/requests.ts';
import { amountOf, moneyOf, pathInput } from './content.ts';
import { type Deadline, nextEscalation, nextReminder } from './deadlines.ts';
import { crisisFacts } from './emergency.ts';
import { openStep, type Request, type Signer, type Values } from './model.ts';

export interface Why {
  request: Request;
  process: Process;
  directory: Directory;
  language: Language;
}
type Context = Pick<Why, 'process' | 'directory' | 'language'>;

export function roleName(role: string, language: Language): string {
  return requestWords(language).roles(role);
}

/** What happened between the rule and this person, in the order in which it happened. */
export function reasonsOf(signer: Signer, context: Context): string[] {
  return reasons(signer, context, requestWords(context.language).why.rule);
}

function reasons(signer: Signer, { directory, language }: Context, sayRule: (rule: string) => string): string[] {
  const w = requestWords(language).why;
  const name = (id: string) => directory.people.get(id)?.name ?? id;
  const came = signer.came ? [cameLine(signer.came, w, name)] : [];
  const how = signer.how.flatMap((step) => {
    if (step.kind === 'stands-in') return [w.standsIn(name(step.for))];
    if (step.kind === 'rule') return signer.came ? [] : [sayRule(ruleLine(signer.rule, w, name, language))];
    if ('role' in step.from) return [w.climbedUnstaffed(roleName(step.from.role, language))];
    const from = name(step.from.person);
    if (step.because === 'own-request') return [w.climbedSelf(from)];
    return [step.because === 'inactive' ? w.climbedInactive(from) : w.climbedAway(from)];
  });
  const reason = signer.came?.reason ? [w.reason(isolate(signer.came.reason))] : [];
  return [...came, ...how, ...reason];
}

type WhyWords = ReturnType<typeof requestWords>['why'];

function cameLine(came: NonNullable<Signer['came']>, w: WhyWords, name: (id: string) => string): string {
  if (came.kind === 'handed-over') return w.handedOver(name(came.from));
  return came.kind === 'added' ? w.added(name(came.from)) : w.escalated(name(came.from));
}

function ruleLine(rule: Who, w: WhyWords, name: (id: string) => string, language: Language): string {
  if ('line' in rule) return w.line(roleName(rule.line, language));
  return 'role' in rule ? w.role(roleName(rule.role, language)) : w.person(name(rule.person));
}

/** «条件：金额不低于 ¥50,000.00（本次 ¥62,000.00）» */
export function conditionLine(condition: Condition, { process, directory, language }: Context): string {
  const w = requestWords(language).why;
  const field = process.form.find((one) => one.id === condition.field);
  const label = field?.label[language] ?? condition.field;
  const shown = (text: string) => {
    if (condition.type === 'money') return showMoney({ minor: BigInt(text), currency: directory.company.currency });
    if (field?.type === 'choice') return field.options.find((o) => o.value === text)?.label[language] ?? text;
    return condition.type === 'person' ? (directory.people.get(text)?.name ?? text) : text;
  };
  const limits = [condition.limit].flat().map(shown);
  const sentence = condition.op === 'in' ? w.in(label, limits.join(' / ')) : w[condition.op](label, limits.join(''));
  return condition.value === undefined ? sentence : w.fact(sentence, shown(condition.value));
}

/** `/pr why SP-2026-0001` */
export function whyCard(why: Why): Card {
  const { request, process, language, directory } = why;
  const w = requestWords(language);
  const name = (id: string) => directory.people.get(id)?.name ?? id;
  const steps = request.steps.map((step): Block => {
    const who = step.state === 'skipped' ? w.step.skipped : w.names(step.signers.map((s) => name(s.person)));
    const lines = [
      ...step.conditions.map((c) => conditionLine(c, why)),
      ...step.signers.flatMap((s) => reasonsOf(s, why)),
    ];
    return { kind: 'quote', text: [w.step.line(step.title[language], who), ...lines].join('\n') };
  });
  const changes = changeLines(why);
  return {
    headline: w.why.title(request.number),
    tone: 'open',
    summary: w.why.title(request.number),
    blocks: [
      ...crisisBlocks(why),
      ...steps,
      ...(changes.length > 0 ? [{ kind: 'text' as const, text: w.why.change, strong: true }] : []),
      ...changes.map((text): Block => ({ kind: 'text', text })),
      ...deadlineBlocks(why),
      { kind: 'note', text: w.why.version(process.title[language], request.version) },
    ],
  };
}

function crisisBlocks(why: Why): Block[] {
  const facts = crisisFacts(why);
  return facts.length > 0 ? [{ kind: 'facts', facts }] : [];
}

/** When the open step is recalled and goes up if nothing happens, with the computation. */
function deadlineBlocks({ request, process, directory, language }: Why): Block[] {
  const step = openStep(request);
  if (step === undefined || request.held) return [];
  const w = deadlineWords(language);
  const said = (deadline: Deadline | undefined, how: 'remind' | 'escalate'): string[] =>
    deadline ? [w[how](dueLine(deadline, directory, language))] : [];
  const lines = [
    ...said(nextReminder(step, process, directory), 'remind'),
    ...said(nextEscalation(step, process, directory), 'escalate'),
  ];
  if (lines.length === 0) return [];
  return [{ kind: 'text', text: w.unanswered, strong: true }, ...lines.map((text): Block => ({ kind: 'text', text }))];
}

function dueLine({ from, after, hours, signer }: Deadline, directory: Directory, language: Language): string {
  const { company, people } = directory;
  const sentence = sayDue(from, after, hours, language, company.timezone);
  const ownTime = after.working && hours !== company.hours;
  return ownTime ? deadlineWords(language).own(people.get(signer)?.name ?? signer, sentence) : sentence;
}

export function changeLines({ request, process, directory, language }: Why): string[] {
  const w = requestWords(language);
  const changes = whatWouldChange(pathInput(process, request.values, request.requester, directory));
  return changes.map((change) => {
    const field = process.form.find((one) => one.id === change.field);
    const by =
      change.type === 'money'
        ? showMoney({ minor: change.by, currency: directory.company.currency })
        : decimal(change.by, change.digits);
    const names = w.names(change.signers.map((id) => directory.people.get(id)?.name ?? id));
    return w.why[change.direction](by, field?.label[language] ?? change.field, names);
  });
}

function decimal(value: bigint, digits: number): string {
  if (digits === 0) return `${value}`;
  const text = `${value}`.padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '');
}

/** Who will sign, before anything is asked: shown in the form, one line a band. */
export function whoWillSign(
  input: { process: Process; values: Values; requester: string; directory: Directory },
  language: Language,
): Block {
  const { process, values, requester, directory } = input;
  const w = requestWords(language);
  const given = pathInput(process, values, requester, directory);
  const context = { process, directory, language };
  const all = tiers(given);
  const fitting = all.filter((tier) => tier.field === undefined || inBand(tier, given.values[tier.field]));
  const bands = fitting.length > 0 ? fitting : all;
  const amount = amountOf(process, values);
  const title = amount ? w.forms.whoSignsFor(showMoney(moneyOf(amount.value))) : w.forms.whoSigns;
  const [only] = bands;
  // the amount is known, or does not matter: the path as it will stand on the card, by this content's other answers too
  const plan = only && bands.length === 1 ? planPath(given) : undefined;
  if (plan && !('refusal' in plan)) {
    const lines = plan.steps.filter((step) => step.applies).map((step) => stepLine(step, plan.steps, context));
    return { kind: 'path', title, lines };
  }
  const lines = (only && plan ? [{ ...only, plan }] : bands).map((tier) => ({
    mark: 'refusal' in tier.plan ? ('refused' as const) : ('next' as const),
    ...tierLine(tier, context),
  }));
  return { kind: 'path', title, lines };
}

function stepLine(step: PlannedStep, steps: PlannedStep[], context: Context): PathLine {
  const { directory, language } = context;
  const w = requestWords(language);
  const name = (id: string) => directory.people.get(id)?.name ?? id;
  const names = w.names(step.signers.map((signer) => name(signer.person)));
  const covered = (step.coveredBy ?? []).map(({ person, step: id }) =>
    w.step.willCount(name(person), steps.find((one) => one.id === id)?.title[language] ?? id),
  );
  return {
    mark: 'next',
    text: w.step.line(step.title[language], step.signers.length > 1 ? w.step.need(names, w.need[step.need]) : names),
    detail: [
      ...step.conditions.map((condition) => conditionLine(condition, context)),
      ...step.signers.flatMap((signer) => reasonsOf(signer, context)),
      ...covered,
    ],
  };
}

function inBand(tier: Tier, value: unknown): boolean {
  if (typeof value !== 'bigint') return true;
  return (tier.from === undefined || value >= tier.from) && (tier.below === undefined || value < tier.below);
}

function tierLine(tier: Tier, context: Context): { text: string; detail: string[] } {
  const { directory, language } = context;
  const w = requestWords(language);
  const money = (minor: bigint) => showMoney({ minor, currency: directory.company.currency });
  const band = bandText(tier, w.forms, money);
  if ('refusal' in tier.plan) return { text: w.forms.tier(band, w.forms.nobody), detail: [] };
  const steps = tier.plan.steps.filter((step) => step.applies);
  const names = steps.map((s) =>
    w.names(s.signers.map((signer) => directory.people.get(signer.person)?.name ?? signer.person)),
  );
  const detail = steps.flatMap((step) =>
    step.signers.map((signer) =>
      w.forms.because(
        directory.people.get(signer.person)?.name ?? signer.person,
        w.names(reasons(signer, context, (rule) => rule)),
      ),
    ),
  );
  return { text: w.forms.tier(band, names.join(' → ')), detail: [...new Set(detail)] };
}

function bandText(tier: Tier, w: ReturnType<typeof requestWords>['forms'], money: (minor: bigint) => string): string {
  if (tier.from !== undefined && tier.below !== undefined) return w.tierBetween(money(tier.from), money(tier.below));
  if (tier.from !== undefined) return w.tierFrom(money(tier.from));
  return tier.below === undefined ? w.tierAll : w.tierBelow(money(tier.below));
}
