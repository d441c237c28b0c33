/** A crisis desk for stories about statements: the example company, a graded crisis with its plan, and each act on the road without its edges. */
import type { JsonObject } from '../../src/core/message.ts';
import type { Effect, Moment } from '../../src/core/module.ts';
import { CrisisBook, type Plan } from '../../src/crisis/book.ts';
import type { Crisis, CrisisWorld } from '../../src/crisis/model.ts';
import { decide, type Facts } from '../../src/statements/decide.ts';
import { effects } from '../../src/statements/effects.ts';
import { evolve } from '../../src/statements/evolve.ts';
import type { Statement, StatementEvent } from '../../src/statements/model.ts';
import { directory, type Given } from '../support/company.ts';

export const AT = '2026-11-23T22:00:00+08:00';
export const TODAY = '2026-11-23';

export const BOOK: CrisisBook = CrisisBook.parse({
  kinds: [
    { id: 'product', title: { zh: '产品安全', en: 'Product safety' } },
    { id: 'leak', title: { zh: '数据泄露', en: 'Data leak' } },
  ],
  assess: { who: [{ role: 'director' }] },
  plans: [
    {
      id: 'general',
      title: { zh: '一般', en: 'General' },
      grade: 'general',
      team: [{ role: 'director' }],
      clear: [{ role: 'legal' }, { role: 'director' }],
    },
    {
      id: 'major',
      title: { zh: '重大', en: 'Major' },
      grade: 'major',
      team: [{ role: 'director' }, { role: 'legal' }],
      clear: [{ role: 'legal' }, { role: 'director' }, { role: 'executive' }],
    },
  ],
  holding: [
    {
      id: 'first-word',
      title: { zh: '首次回应', en: 'First word' },
      kinds: ['product'],
      text: '我们已关注到相关情况，正在核实，\r\n将第一时间公布进展。',
      expires: '2026-12-31',
    },
    {
      id: 'old-word',
      title: { zh: '旧回应', en: 'Old word' },
      text: '我们正在处理。',
      expires: '2026-11-22',
    },
  ],
});

export const planOf = (grade: Plan['grade']): Plan => {
  const plan = BOOK.plans.find((one) => one.grade === grade);
  if (!plan) throw new Error(`no plan for ${grade}`);
  return plan;
};

/** Raised by 王晓文, graded major; 李娜 and 孙律 are on the team; nobody has a seat. */
export function crisis(but: Partial<Crisis> = {}): Crisis {
  const member = (person: string) => ({ person, why: { role: 'x' }, since: AT });
  return {
    number: 'CR-2026-0001',
    state: 'open',
    kind: 'product',
    text: '顾客投诉产品起火',
    affected: '星河灯',
    raisedBy: 'wang',
    raisedAt: AT,
    grade: 'major',
    grades: [],
    plan: planOf('major'),
    team: ['wang', 'li', 'sun', 'zhao'].map(member),
    calls: [],
    rooms: [
      { platform: 'slack', id: 'C0ROOM', out: [], at: AT },
      { platform: 'feishu', code: 'missing_scope', out: [], at: AT },
    ],
    seats: {},
    facts: [],
    factCount: 0,
    tasks: [],
    contactCount: 0,
    acted: {},
    spent: [],
    aftercare: [],
    parties: ['wang', 'li', 'sun', 'zhao'],
    revision: 1,
    ...but,
  };
}

export interface Case extends Given {
  by?: string;
  at?: string;
  crisis?: Crisis | undefined;
  book?: CrisisBook | undefined;
  replaced?: Statement;
}

export function moment({ by = 'clock', at = AT, book = BOOK, ...given }: Case = {}): Moment<CrisisWorld> {
  const actor =
    by === 'clock' ? { kind: 'clock' as const } : { kind: 'person' as const, id: by, platform: 'slack' as const };
  const world = { directory: directory({ today: TODAY, ...given }), crisis: book, running: ['slack'] };
  return { actor, at: new Date(at), world: world as unknown as CrisisWorld };
}

/** One statement's life, act by act; what is refused leaves it as it is. */
export class Life {
  state: Statement | undefined;
  code: string | undefined;
  facts: JsonObject = {};
  events: StatementEvent[] = [];
  effects: Effect[] = [];
  history: StatementEvent[] = [];

  act(name: string, args: JsonObject, of: Case): this {
    const here = moment(of);
    const facts: Facts = { number: 'ST-2026-0001', crisis: of.crisis, replaced: of.replaced };
    const command = { name: `statements.${name}`, subject: this.state?.number, args };
    const verdict = decide(this.state, command, facts, here);
    const before = this.state;
    this.events = 'events' in verdict ? verdict.events : [];
    this.code = 'refusal' in verdict ? verdict.refusal.code : undefined;
    this.facts = 'refusal' in verdict ? verdict.refusal.facts : {};
    this.state = this.events.reduce<Statement | undefined>((now, event) => evolve(now, event, here), before);
    this.effects =
      this.state && this.code === undefined ? effects(before, this.state, this.events, of.crisis, here) : [];
    this.history.push(...this.events);
    return this;
  }

  get statement(): Statement {
    if (!this.state) throw new Error(`nothing was drafted: ${this.code}`);
    return this.state;
  }

  get seen(): number {
    return this.statement.version;
  }

  told(): string[] {
    return this.effects.flatMap((one) =>
      one.kind === 'notice' && 'person' in one.to ? [`${one.about} ${one.to.person}`] : [],
    );
  }

  cards(): string[] {
    return this.effects.flatMap((one) => {
      if (one.kind !== 'card') return [];
      return ['person' in one.to ? one.to.person : 'room' in one.to ? `room ${one.to.room.id}` : ''];
    });
  }
}

export const TEXT = '尊敬的顾客：\n我们已停售该批次产品，\n并将在 24 小时内全额退款。';

/** Drafted by 李娜 in the crisis. */
export const drafted = (of: Case = {}, text = TEXT): Life =>
  new Life().act('draft', { text, ...(of.crisis ? { crisis: of.crisis.number } : {}) }, { by: 'li', ...of });

/** Cleared by whoever the major plan names, in their order. */
export function cleared(of: Case, life = drafted(of)): Life {
  life.act('ask', { seen: life.seen }, { ...of, by: life.statement.author });
  for (const by of ['sun', 'zhao', 'chen'])
    if (life.state?.state === 'clearing') {
      const step = life.statement.steps[life.statement.clearances.length]?.id ?? '';
      life.act('clear', { step, seen: life.seen }, { ...of, by });
    }
  return life;
}
