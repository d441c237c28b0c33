/**
 * What the people of a run can do, on either platform, and what the platforms do for them: deliver again what got no answer, sometimes what did.
 * Whoever gets no answer, or is told to try again, presses again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FakeMessage as FeishuMessage } from '../support/feishu/platform.ts';
import type { Delivery } from '../support/feishu.ts';
import type { Answered } from '../support/slack/person.ts';
import type { FakeView } from '../support/slack/world.ts';
import { CHANNELS, type ProcessId, type Someone } from './company.ts';
import type { Dice } from './dice.ts';
import { type Act, type Attempt, CLEARED, type Journal } from './journal.ts';
import type { Standing, Wall } from './wall.ts';

export const LABELS = {
  approve: '批准',
  reject: '驳回',
  return: '退回修改',
  resubmit: '修改后重新提交',
  withdraw: '撤回',
  comment: '评论',
  urge: '催办',
} as const;

type FormAct = 'submit' | 'reject' | 'return' | 'resubmit' | 'comment';
/** A form in front of somebody: a window of Slack's, a card of Feishu's. */
export type Paper = { person: Someone; number: string | undefined; act: FormAct } & (
  | { platform: 'slack'; view: FakeView; done(): void }
  | { platform: 'feishu'; message: FeishuMessage }
);

/**
 * Slack repeats an event at once, after a minute and after five (https://docs.slack.dev/apis/events-api/), Feishu after 15 seconds, five minutes, an
 * hour and six; a run has minutes, so they come sooner. A press or a typed command is repeated by neither: only something between may do it.
 */
const AGAIN_AFTER_MS = [200, 2_000, 5_000];
const FORM_COMES_MS = 4_000;

export class People {
  readonly #wall: Wall;
  readonly #journal: Journal;
  readonly #late = new Set<Promise<void>>();
  readonly #windows = new Map<string, Promise<void>>();
  readonly #filled = new Set<FeishuMessage>();
  readonly #dice: Dice;
  #over = false;

  constructor(wall: Wall, journal: Journal, dice: Dice) {
    this.#wall = wall;
    this.#journal = journal;
    this.#dice = dice;
  }

  /** One line, typed in Slack as a command or to the bot, in Feishu to the bot. */
  async ask(person: Someone, way: 'slash' | 'slack' | 'feishu', process: ProcessId, words: string, token: string) {
    const { slack, feishu } = this.#wall;
    const platform = way === 'feishu' ? 'feishu' : 'slack';
    const attempt = this.#attempt('submit', person, platform, undefined, token);
    if (way === 'slash') {
      const answered = await slack.slash(person.slack ?? '', CHANNELS[process].slack, `/${process}`, words);
      this.#journal.expect(String(answered.delivery.payload.response_url), attempt);
      this.#heardSlack(person, answered, attempt);
      this.#repeatSlack(person, answered, attempt, false);
    } else if (way === 'slack') {
      const answered = await slack.say(person.slack ?? '', `/${process} ${words}`);
      this.#repeatSlack(person, answered, attempt, true);
    } else this.#repeatFeishu(await feishu.say(person.feishu ?? '', 'p2p', `/${process} ${words}`), attempt, true);
    return attempt;
  }

  /** Presses a button that needs no more words. */
  async press(person: Someone, card: Standing, act: Exclude<Act, FormAct>): Promise<Attempt> {
    const attempt = this.#attempt(act, person, card.platform, card.number, undefined);
    await this.#pressed(person, card, LABELS[act], attempt);
    return attempt;
  }

  /** Presses a button that asks for more, and has the form in hand; undefined: none came. */
  async open(person: Someone, card: Standing, act: Exclude<FormAct, 'submit'>): Promise<Paper | undefined> {
    return this.#paper(person, card.platform, card.number, act, () => this.#pressed(person, card, LABELS[act]));
  }

  /** Types the bare command. */
  async openNew(person: Someone, platform: 'slack' | 'feishu', process: ProcessId): Promise<Paper | undefined> {
    const { slack, feishu } = this.#wall;
    return this.#paper(person, platform, undefined, 'submit', async () => {
      if (platform === 'slack') await slack.slash(person.slack ?? '', person.slack ?? '', `/${process}`);
      else await feishu.say(person.feishu ?? '', 'p2p', `/${process}`);
    });
  }

  /** Sends the form off; without an answer once more, which counts once. */
  async send(paper: Paper, values: Record<string, string>, token: string): Promise<Attempt> {
    const { person, number, act, platform } = paper;
    const attempt = this.#attempt(act, person, platform, number, token);
    for (let tries = 0; tries < 3; tries++) {
      const answered =
        paper.platform === 'slack'
          ? await this.#submitted(paper, values, attempt)
          : await this.#filledIn(paper, values, attempt);
      if (answered) break;
      await pause(300);
    }
    if (paper.platform === 'slack') paper.done();
    return attempt;
  }

  /** Nothing is repeated any more but what is on its way. */
  async rest(): Promise<void> {
    this.#over = true;
    await Promise.allSettled(this.#late);
  }

  #attempt(act: Act, { id }: Someone, platform: 'slack' | 'feishu', number?: string, token?: string): Attempt {
    return this.#journal.attempt({ act, person: id, platform, number, token });
  }

  async #pressed(person: Someone, card: Standing, label: string, attempt?: Attempt): Promise<void> {
    // it may have been redrawn while the finger came down
    if (!this.#wall.labels(card).includes(label)) return;
    if (card.platform === 'slack') {
      const answered = await this.#wall.slack.press(person.slack ?? '', card.message, label);
      if (attempt) this.#journal.expect(String(answered.delivery.payload.response_url), attempt);
      this.#repeatSlack(person, answered, attempt, false);
    } else {
      const done = await this.#wall.feishu.press(person.feishu ?? '', card.message, label);
      this.#heardFeishu(person, done, attempt);
      this.#repeatFeishu(done, attempt, false, person);
    }
  }

  async #paper(
    person: Someone,
    platform: 'slack' | 'feishu',
    number: string | undefined,
    act: FormAct,
    press: () => Promise<void>,
  ): Promise<Paper | undefined> {
    if (platform === 'feishu') {
      const before = this.#wall.forms(person).length;
      await press();
      const message = await soon(() =>
        this.#wall
          .forms(person)
          .slice(before)
          .find((form) => this.#isFor(form, number, act)),
      );
      if (message === undefined) return undefined;
      this.#filled.add(message);
      return { person, platform, number, act, message };
    }
    const done = await this.#turnAtWindow(person);
    this.#wall.slack.closeWindow(person.slack ?? '');
    await press();
    const view = await soon(() => {
      const window = this.#wall.slack.window(person.slack ?? '');
      return window && isAbout(this.#wall.slack.cardText(window), number) ? window : undefined;
    });
    if (view === undefined) done();
    return view && { person, platform, number, act, view, done };
  }

  #isFor(form: FeishuMessage, number: string | undefined, act: FormAct): boolean {
    if (this.#filled.has(form)) return false;
    const submits = this.#wall.feishu.buttonsOf(form).some(({ label }) => label === submitLabel(act));
    return submits && isAbout(this.#wall.feishu.cardText(form), number);
  }

  /** A person has one screen: their windows come one after another. */
  async #turnAtWindow(person: Someone): Promise<() => void> {
    const before = this.#windows.get(person.id) ?? Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#windows.set(
      person.id,
      before.then(() => promise),
    );
    await before;
    return () => {
      this.#wall.slack.closeWindow(person.slack ?? '');
      resolve();
    };
  }

  async #submitted(
    paper: Extract<Paper, { platform: 'slack' }>,
    values: Record<string, string>,
    attempt: Attempt,
  ): Promise<boolean> {
    // a late answer has taken the form's place: there is nothing left to send
    if (!paper.view.full.submit) return true;
    const answered = await this.#wall.slack.submit(paper.person.slack ?? '', paper.view, values);
    this.#journal.deliveries += 1;
    if (answered.problem !== undefined) return false;
    const body = answered.body as { response_action?: string; view?: { blocks: never[] } };
    if (body?.response_action === 'clear') attempt.answers.push(CLEARED);
    else if (body?.view) this.#told(paper.person, this.#wall.slack.cardText(body.view as unknown as FakeView), attempt);
    return true;
  }

  async #filledIn(
    paper: Extract<Paper, { platform: 'feishu' }>,
    values: Record<string, string>,
    attempt: Attempt,
  ): Promise<boolean> {
    const label = submitLabel(paper.act);
    if (!this.#wall.feishu.buttonsOf(paper.message).some((button) => button.label === label)) return true;
    const done = await this.#wall.feishu.fill(paper.person.feishu ?? '', paper.message, values, label);
    this.#heardFeishu(paper.person, done, attempt);
    this.#repeatFeishu(done, attempt, false, paper.person);
    return done.status === 200;
  }

  #told(person: Someone, text: string, attempt: Attempt | undefined): void {
    attempt?.answers.push(text);
    this.#journal.told.push({ person: person.id, text });
  }

  #heardSlack(person: Someone, { body, problem }: Answered, attempt: Attempt): void {
    if (problem === undefined && body !== '') this.#told(person, JSON.stringify(body), attempt);
  }

  #heardFeishu(person: Someone, { status, ms, answer }: Delivery, attempt: Attempt | undefined): void {
    const { toast } = answer as { toast?: { content: string } };
    if (status === 200 && ms <= 3_000 && toast) this.#told(person, toast.content, attempt);
  }

  /** `event`: Slack itself repeats it; all else only now and then comes twice, by something between. */
  #repeatSlack(person: Someone, answered: Answered, attempt: Attempt | undefined, event: boolean): void {
    this.#journal.deliveries += 1;
    this.#repeat(event && answered.problem !== undefined, async (times) => {
      const again = await this.#wall.slack.again(answered, times);
      if (attempt && answered.delivery.kind === 'slash_commands') this.#heardSlack(person, again, attempt);
      return again.problem === undefined;
    });
  }

  #repeatFeishu(done: Delivery, attempt: Attempt | undefined, event: boolean, person?: Someone): void {
    this.#journal.deliveries += 1;
    this.#repeat(event && (done.status !== 200 || done.ms > 3_000), async () => {
      const again = await done.redeliver();
      if (person) this.#heardFeishu(person, again, attempt);
      return again.status === 200;
    });
  }

  #repeat(unanswered: boolean, deliver: (times: number) => Promise<boolean>): void {
    const twice = this.#dice.chance(0.05);
    if (this.#over || (!unanswered && !twice)) return;
    const often = unanswered ? AGAIN_AFTER_MS : [this.#dice.whole(0, 4_000)];
    const late = (async () => {
      for (const [i, ms] of often.entries()) {
        await pause(ms);
        this.#journal.deliveries += 1;
        this.#journal.repeated += 1;
        if (await deliver(i + 1)) return;
      }
    })().finally(() => this.#late.delete(late));
    this.#late.add(late);
  }
}

const submitLabel = (act: FormAct): string => (act === 'submit' || act === 'resubmit' ? '提交' : LABELS[act]);

async function soon<T>(look: () => T | undefined): Promise<T | undefined> {
  for (const late = Date.now() + FORM_COMES_MS; Date.now() < late; await pause(60)) {
    const found = look();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A form for something new names no request: two may lie side by side in a chat. */
const isAbout = (text: string, number: string | undefined): boolean =>
  number === undefined ? !/[A-Z]{2}-\d{4}-\d{4}/.test(text) : text.includes(number);
