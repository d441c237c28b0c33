/** What becomes of one request in a run: who asks for it and how, who presses what at which moment, until it is decided or the time is over. */
import { setTimeout as pause } from 'node:timers/promises';
import { CHANNELS, PEOPLE, PROCESSES, type ProcessId, personOf, type Someone, STAFF, signersOf } from './company.ts';
import type { Dice } from './dice.ts';
import { type Attempt, doneIn } from './journal.ts';
import { LABELS, type People } from './people.ts';
import type { Standing, Wall } from './wall.ts';

/** How often each of the scenes is played, where the people for it are there. */
const SCENES = {
  'one press': 40,
  'on both platforms at one moment': 12,
  'the same card twice': 8,
  'right and wrong signer at one moment': 10,
  'several signers at one moment': 12,
  'approve and reject at one moment': 6,
  'approve and withdraw at one moment': 3,
  'reject, with a reason': 4,
  'return, with a reason': 6,
  'a comment beside a press': 8,
  'a card of yesterday': 6,
  urge: 4,
};
type Scene = keyof typeof SCENES;

const ROUNDS = 10;
const CARD_COMES_MS = 8_000;
const OVER = /已批准|已驳回|已撤回/;

export interface Life {
  index: number;
  number: string | undefined;
  ended: 'decided' | 'open' | 'never accepted';
}

interface Stage {
  dice: Dice;
  wall: Wall;
  people: People;
  /** nobody begins anything any more */
  over(): boolean;
}

interface Request {
  index: number;
  number: string;
  process: ProcessId;
  requester: Someone;
  signers: string[][];
  stage: Stage;
  dice: Dice;
  /** words of one attempt alone */
  token(): string;
}

export async function live(stage: Stage, index: number): Promise<Life> {
  const dice = stage.dice.stream(`request ${index}`);
  const [process, requester] = [dice.pick(PROCESSES), dice.pick(STAFF)];
  let tokens = 0;
  const token = () => `#${index}.${++tokens}#`;
  const number = await begin(stage, dice, process, requester, token);
  if (number === undefined) return { index, number, ended: 'never accepted' };
  const signers = signersOf(process, requester);
  const request: Request = { index, number, process, requester, signers, stage, dice, token };
  for (let round = 0; round < ROUNDS && !stage.over(); round++) {
    if (isOver(request)) return { index, number, ended: 'decided' };
    await playRound(request);
    await pause(dice.whole(50, 600));
  }
  return { index, number, ended: isOver(request) ? 'decided' : 'open' };
}

/** Asks until there is an answer: what was not heard of is asked for again, in other words. */
async function begin(stage: Stage, dice: Dice, process: ProcessId, requester: Someone, token: () => string) {
  const amount = dice.pick(['1200', '3.2万', '8万', '49999.99', '5万']);
  for (let tries = 0; tries < 4 && !stage.over(); tries++) {
    const mark = token();
    const attempt = await askOnce(stage, dice, process, requester, amount, mark);
    const number = attempt && (await numbered(stage, attempt, mark));
    if (number !== undefined) return number;
    await pause(dice.whole(200, 1_500));
  }
  return undefined;
}

async function askOnce(
  { people }: Stage,
  dice: Dice,
  process: ProcessId,
  requester: Someone,
  amount: string,
  mark: string,
): Promise<Attempt | undefined> {
  const ways = ['slash', 'slack', 'feishu', 'form'] as const;
  const possible = ways.filter((way) =>
    way === 'form' ? true : way === 'feishu' ? requester.feishu : requester.slack,
  );
  const way = dice.pick(possible);
  const words = `混沌 ${mark}`;
  if (way !== 'form') return people.ask(requester, way, process, `${amount} ${words}`, mark);
  const platform = requester.slack && (!requester.feishu || dice.chance(0.5)) ? 'slack' : 'feishu';
  const paper = await people.openNew(requester, platform, process);
  return paper && people.send(paper, { amount, title: words }, mark);
}

async function numbered(stage: Stage, attempt: Attempt, mark: string): Promise<string | undefined> {
  return comes(stage, () => {
    const told = attempt.answers.map((text) => doneIn(text, 'submit')).find((number) => number !== undefined);
    return told ?? stage.wall.numberOf(mark);
  });
}

function isOver({ stage: { wall }, number }: Request): boolean {
  return wall.cards(number).some((card) => OVER.test(stateOf(wall.text(card))));
}

/** The card's fact beside 状态. */
const stateOf = (text: string): string => /状态\n?[^\n]*\n?[^\n]*/.exec(text)?.[0] ?? '';

/** Who may sign now, as the cards tell: whoever has a card with the deciding buttons, of their own or in the channel. */
function hands({ stage: { wall }, number, process, signers }: Request): { person: Someone; card: Standing }[] {
  const open = wall.cards(number).filter((card) => wall.labels(card).includes(LABELS.approve));
  const channels: string[] = [CHANNELS[process].slack, CHANNELS[process].feishu];
  return signers
    .flat()
    .map(personOf)
    .flatMap((person) =>
      open
        .filter(({ place, platform }) =>
          channels.includes(place) ? person[platform] : place === wall.placeOf(person, platform),
        )
        .map((card) => ({ person, card })),
    );
}

async function playRound(request: Request): Promise<void> {
  const { stage, dice } = request;
  const some = await comes(stage, () => {
    const found = hands(request);
    return found.length > 0 || isOver(request) ? found : undefined;
  });
  if (some === undefined) return resubmit(request);
  const first = some.length > 0 ? dice.pick(some) : undefined;
  if (first === undefined) return;
  await play(dice.weigh(SCENES), request, first.person, first.card, some);
  // whoever pressed waits for the card to change, and presses again where it does not
  const { message } = first.card;
  const drawn = message.edits;
  await comes(stage, () => message.edits !== drawn || undefined, 2_500);
}

/** All that people do at one moment. */
async function play(
  scene: Scene,
  request: Request,
  person: Someone,
  card: Standing,
  some: { person: Someone; card: Standing }[],
): Promise<unknown> {
  const { people, wall } = request.stage;
  const { dice } = request;
  const others = some.filter((one) => one.person === person && one.card.platform !== card.platform);
  switch (scene) {
    case 'one press':
      return people.press(person, card, 'approve');
    case 'on both platforms at one moment':
      return Promise.all(
        [card, ...others.slice(0, 1).map((one) => one.card)].map((at) => people.press(person, at, 'approve')),
      );
    case 'the same card twice':
      return Promise.all([people.press(person, card, 'approve'), people.press(person, card, 'approve')]);
    case 'right and wrong signer at one moment':
      return Promise.all([people.press(person, card, 'approve'), pressWrongly(request)]);
    case 'several signers at one moment': {
      const each = [...new Map(some.map((one) => [one.person.id, one])).values()];
      return Promise.all(each.map((one) => people.press(one.person, one.card, 'approve')));
    }
    case 'approve and reject at one moment': {
      const paper = await people.open(person, card, 'reject');
      const mark = request.token();
      const send = paper && people.send(paper, { reason: `不同意 ${mark}` }, mark);
      return Promise.all([send, people.press(person, others[0]?.card ?? card, 'approve')]);
    }
    case 'approve and withdraw at one moment': {
      const own = ownCard(request, 'withdraw');
      return Promise.all([
        people.press(person, card, 'approve'),
        own && people.press(request.requester, own, 'withdraw'),
      ]);
    }
    case 'reject, with a reason':
      return dice.chance(0.3) ? say(request, person, card, 'reject') : people.press(person, card, 'approve');
    case 'return, with a reason':
      return say(request, person, card, 'return');
    case 'a comment beside a press': {
      const own = wall.labels(card).includes(LABELS.comment) ? say(request, person, card, 'comment') : undefined;
      return Promise.all([own, people.press(person, card, 'approve')]);
    }
    case 'a card of yesterday': {
      const old = { ...card, message: structuredClone(card.message) } as Standing;
      await people.press(person, card, 'approve');
      await pause(dice.whole(100, 1_000));
      return people.press(person, old.platform === 'slack' ? old : card, 'approve');
    }
    case 'urge': {
      const own = ownCard(request, 'urge');
      return own && people.press(request.requester, own, 'urge');
    }
    default:
      return scene satisfies never;
  }
}

async function say(request: Request, person: Someone, card: Standing, act: 'reject' | 'return' | 'comment') {
  const { people } = request.stage;
  const paper = await people.open(person, card, act);
  const mark = request.token();
  return paper && people.send(paper, { [act === 'comment' ? 'text' : 'reason']: `话 ${mark}` }, mark);
}

function ownCard({ stage: { wall }, number, requester }: Request, act: 'withdraw' | 'urge' | 'resubmit') {
  return wall
    .cards(number)
    .find((card) => card.place === wall.placeOf(requester, card.platform) && wall.labels(card).includes(LABELS[act]));
}

/** The channel's card has the buttons too; who may not sign is told why not. */
async function pressWrongly(request: Request): Promise<unknown> {
  const { stage, dice, number, process, signers } = request;
  const stranger = dice.pick(PEOPLE.filter(({ id }) => !signers.flat().includes(id)));
  const here = stage.wall
    .cards(number)
    .find(({ platform, place }) => CHANNELS[process][platform] === place && stranger[platform]);
  return here && stage.people.press(stranger, here, 'approve');
}

/** Nobody is asked to sign: it may have been returned. */
async function resubmit(request: Request): Promise<void> {
  const { stage, requester } = request;
  const own = ownCard(request, 'resubmit');
  const paper = own && (await stage.people.open(requester, own, 'resubmit'));
  if (!paper) return;
  const mark = request.token();
  await stage.people.send(paper, { title: `改好 ${mark}` }, mark);
}

async function comes<T>({ over }: Stage, look: () => T | undefined, ms = CARD_COMES_MS): Promise<T | undefined> {
  for (const late = Date.now() + ms; Date.now() < late && !over(); await pause(80)) {
    const found = look();
    if (found !== undefined) return found;
  }
  return look();
}
