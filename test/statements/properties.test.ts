/** Whatever is done by whomever in whatever order: what is released has every clearance, each over exactly its own text, none by who wrote it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../src/core/ledger.ts';
import type { Json, JsonObject } from '../../src/core/message.ts';
import { refusalText } from '../../src/statements/answers.ts';
import { statementCard } from '../../src/statements/cards.ts';
import { hashOf, type StatementEvent, stepNow } from '../../src/statements/model.ts';
import { clearersOf, releasersOf, stepsFor } from '../../src/statements/turns.ts';
import { statementAnswerWords } from '../../src/words/statement-answers.ts';
import { type Case, crisis, drafted, Life, moment } from './office.ts';

/** more of them by hand: `STORIES=5000 vitest run …` */
const RUNS = Number(globalThis.process.env.STORIES ?? 80);
const PEOPLE = ['wang', 'li', 'zhao', 'chen', 'qian', 'sun'] as const;
const TEXTS = ['甲方案', '甲方案。', '乙方案\n第二行', '甲方案\r\n'] as const;

const person = fc.constantFrom(...PEOPLE);
/** `whoever`: one of those whose turn it is */
const anybody = fc.oneof({ weight: 3, arbitrary: fc.constant('whoever') }, { weight: 1, arbitrary: person });
const text = fc.constantFrom(...TEXTS);
/** mostly the newest version, sometimes one of before */
const back = fc.constantFrom(0, 0, 0, 0, 1);
const act = fc.oneof(
  { weight: 1, arbitrary: fc.record({ name: fc.constant('edit'), by: anybody, text, back }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('ask'), by: anybody, back }) },
  {
    weight: 8,
    arbitrary: fc.record({ name: fc.constant('clear'), by: anybody, back, step: fc.constantFrom(0, 0, 0, 1) }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constantFrom('return', 'comment'), by: anybody, back }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('release'), by: anybody, back }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('remind'), count: fc.integer({ min: 1, max: 4 }), back }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constantFrom('away', 'back', 'grade'), by: person, deputy: person }) },
);
type Step = { name: string; by?: string; text?: string; back?: number; step?: number; count?: number; deputy?: string };

/** What a person could press or fill in, right or wrong. */
function argsOf(life: Life, step: Step, at: string): JsonObject {
  const { statement } = life;
  const seen = Math.max(1, statement.version - (step.back ?? 0));
  const due = statement.steps[statement.clearances.length - (step.step ?? 0)]?.id ?? 's1';
  const all: Record<string, JsonObject> = {
    edit: { text: step.text ?? '', seen },
    ask: { seen },
    clear: { step: due, seen },
    return: { reason: '请改', seen },
    comment: { line: 1, text: '看', seen },
    release: { where: '官网', at: new Date(at).toISOString(), seen },
    remind: { step: due, version: seen, count: step.count ?? 1 },
  };
  return all[step.name] ?? {};
}

function actorOf(by: string, { statement }: Life, of: Case): string {
  const { directory } = moment(of).world;
  const step = stepNow(statement);
  const due = step ? clearersOf(step, statement, directory) : releasersOf(statement.author, of.crisis, directory);
  return by === 'whoever' ? ((statement.state === 'draft' ? statement.author : due[0]) ?? '') : by;
}

/** Read off the ledger alone: which clearances stand for the text that is newest. */
function standing(history: readonly StatementEvent[]) {
  const writers = new Set<string>();
  let hash = '';
  let wanted: string[] = [];
  let given: { step: string; person: string; hash: string }[] = [];
  let released: { hash: string; wanted: string[]; given: typeof given } | undefined;
  for (const event of history) {
    if (event.type === 'statement-drafted' || event.type === 'statement-edited') {
      writers.add(event.data.person);
      hash = event.data.hash;
      expect(hash).toBe(hashOf(event.data.text));
      [wanted, given] = [[], []];
    }
    if (event.type === 'clearance-asked') [wanted, given] = [event.data.steps.map((one) => one.id), []];
    if (event.type === 'statement-returned' || event.type === 'clearances-voided') given = [];
    if (event.type === 'clearance-given') {
      expect(writers.has(event.data.person)).toBe(false);
      given.push(event.data);
    }
    if (event.type === 'statement-released') {
      expect(event.data.hash).toBe(hash);
      released = { hash, wanted, given };
    }
  }
  return released;
}

test('a released text has all its clearances over exactly its own hash, whatever the order of acts', () => {
  let releases = 0;
  fc.assert(
    fc.property(
      person,
      text,
      fc.boolean(),
      fc.array(act, { minLength: 15, maxLength: 40, size: 'max' }),
      (author, first, inCrisis, acts) => {
        let now = inCrisis ? crisis() : undefined;
        let of: Case = { crisis: now };
        const life = new Life().act(
          'draft',
          { text: first, ...(now ? { crisis: now.number } : {}) },
          { ...of, by: author },
        );
        if (!life.state) return;
        let minute = 0;
        for (const step of acts) {
          minute += 1;
          const at = new Date(Date.parse('2026-11-23T22:00:00+08:00') + minute * 60_000).toISOString();
          if (step.name === 'away')
            of = {
              ...of,
              away: [{ person: step.by ?? '', deputy: ('deputy' in step && step.deputy) || '', from: '2026-11-01' }],
            };
          if (step.name === 'back') of = { crisis: now };
          if (step.name === 'grade' && now) {
            const { plan: _ungraded, ...alarm } = crisis();
            now = minute % 2 ? alarm : crisis();
            of = { ...of, crisis: now };
          }
          if (['away', 'back', 'grade'].includes(step.name)) continue;
          const by = 'by' in step ? actorOf(step.by, life, of) : 'clock';
          const before = JSON.stringify(life.state);
          const [args, newest] = [argsOf(life, step as Step, at), life.seen];
          life.act(step.name, args, { ...of, by, at });
          // nobody clears or releases what they have not looked at
          if (life.code === undefined && 'seen' in args) expect(args.seen).toBe(newest);
          check(life, before, { ...of, by, at });
        }
        const released = standing(life.history);
        expect(released !== undefined).toBe(life.statement.state === 'released');
        if (!released) return;
        releases += 1;
        expect(released.wanted.length).toBeGreaterThan(0);
        expect(released.given.map((one) => one.step)).toEqual(released.wanted);
        expect(new Set(released.given.map((one) => one.hash))).toEqual(new Set([released.hash]));
        expect(life.statement.hash).toBe(hashOf(life.statement.text));
      },
    ),
    { numRuns: RUNS },
  );
  expect(releases).toBeGreaterThan(RUNS / 20);
});

/** What was refused changed nothing and has a sentence; what was done stands in the ledger, and every card can be drawn. */
function check(life: Life, before: string, of: Case): void {
  const { world } = moment(of);
  const language = life.history.length % 2 === 0 ? 'zh' : 'en';
  if (life.code !== undefined) {
    expect(JSON.stringify(life.state)).toBe(before);
    const said = refusalText({ code: life.code, facts: life.facts }, { world, language });
    if (of.by !== 'clock') expect(said, life.code).not.toBe(statementAnswerWords(language).refusals.other);
  }
  const reading = { statement: life.statement, crisis: of.crisis, world, language } as const;
  for (const viewer of [{ person: of.by ?? '' }, { room: { platform: 'slack', id: 'C0ROOM' } }]) {
    const buttons = statementCard(reading, viewer).blocks.flatMap((one) => (one.kind === 'buttons' ? one.buttons : []));
    expect(buttons.filter((one) => one.style === 'primary').length).toBeLessThanOrEqual(1);
  }
  for (const { data } of life.events) expect(canonical(JSON.parse(JSON.stringify(data)) as Json)).not.toBe('');
}

test('a prepared text needs exactly one clearance, a text of one’s own all of them', () => {
  const { world } = moment();
  const prepared = { id: 'x', title: { zh: '', en: '' }, expires: '2026-12-31' };
  expect([stepsFor(prepared, crisis(), world).length, stepsFor(undefined, crisis(), world).length]).toEqual([1, 3]);
});

/** Everything that is not white space and can be seen, in its order. */
const seen = (text: string): string => text.normalize('NFC').replace(/[\s\u200B\u202E]/gu, '');
const piece = fc.constantFrom(
  '危',
  '7',
  'é',
  '한',
  '。',
  '👨‍👩‍👧‍👦',
  ' ',
  '\n',
  '\r\n',
  '\n\n',
  '\u3000',
  '\u200B',
  '\u202E',
);
const around = fc.tuple(fc.nat({ max: 40 }), fc.array(piece, { maxLength: 30 }), fc.nat({ max: 60 }));

test('what is kept is the whole of what was given, but for its white space and what nobody sees; else it is refused', () => {
  let [kept, refused] = [0, 0];
  fc.assert(
    fc.property(around, fc.boolean(), ([less, pieces, tail], edits) => {
      const text = `${'字'.repeat(3000 - less)}${pieces.join('')}${'尾'.repeat(tail)}`;
      const life = edits ? drafted() : drafted({}, text);
      if (edits) life.act('edit', { text, seen: 1 }, { by: 'li' });
      if (life.code === undefined) {
        kept += 1;
        expect(seen(life.statement.text)).toBe(seen(text));
        expect(life.statement.hash).toBe(hashOf(life.statement.text));
      } else {
        refused += 1;
        expect(life.code).toBe('too-long');
        // white space, of which more than one in a row counts as one, is at most as much again as the pieces
        expect([...seen(text)].length + pieces.length * 2).toBeGreaterThan(3000);
      }
    }),
    { numRuns: RUNS * 5 },
  );
  expect(Math.min(kept, refused)).toBeGreaterThan(RUNS / 4);
});
