/**
 * The pure core alone, one thread, no database: how often a second a path of twenty steps is planned, a decision taken, a request of each
 * platform read from its raw bytes, and a card drawn and rendered. Each against what JSON alone costs over the same bytes or values.
 */
import { randomUUID } from 'node:crypto';
import { openRequest } from '../../adapters/feishu/edge.ts';
import { parse as parseFeishu } from '../../adapters/feishu/parse.ts';
import { renderCard as renderFeishu } from '../../adapters/feishu/render.ts';
import { parsePress } from '../../adapters/slack/parse.ts';
import { renderCard as renderSlack } from '../../adapters/slack/render.ts';
import { refuse, sign } from '../../adapters/slack/signature.ts';
import { type ActionRef, writeAction } from '../../src/core/card.ts';
import { planPath } from '../../src/processes/path.ts';
import { requestCard } from '../../src/requests/cards.ts';
import { pathInput } from '../../src/requests/content.ts';
import { carryOut, openOffice, person, process } from '../requests/office.ts';
import { seal } from '../support/feishu/seal.ts';
import { buttonsIn } from '../support/slack/person.ts';
import { inTurns, median, perSecond, ratioOf } from './figures.ts';
import type { Setting } from './setting.ts';
import type { Row } from './table.ts';

const STEPS = 20;
const RULES = [{ line: 'supervisor' }, { line: 'director' }, { role: 'finance' }, { role: 'legal' }, { role: 'ceo' }];
const TRY_MS = 300;

interface Piece {
  work: () => unknown;
  floor: () => unknown;
  against: string;
}

export async function benchRules(setting: Setting): Promise<Row[]> {
  const ms = TRY_MS * setting.scale;
  const rows: Row[] = [];
  for (const [name, { work, floor, against }] of Object.entries(pieces())) {
    setting.say(name);
    const found = await inTurns(setting.rounds, {
      work: () => perSecond(work, ms),
      floor: () => perSecond(floor, ms),
    });
    rows.push({
      bench: 'rules',
      case: name,
      value: median(found.work),
      unit: '/s',
      against,
      ratio: ratioOf(found.work, found.floor),
    });
  }
  return rows;
}

function pieces(): Record<string, Piece> {
  const { office, longest } = asked();
  const { request } = office;
  const directory = office.world().directory;
  const input = pathInput(longest, request.values, request.requester, directory);
  const plan = planPath(input);
  const command = {
    name: 'requests.approve',
    subject: request.number,
    args: { step: office.open().id, seen: request.submission },
  };
  const moment = office.moment(person('li'));
  const decided = carryOut(request, command, moment, [longest], 0);
  const reading = { request, process: longest, directory, language: 'zh' as const, files: [], cited: new Map() };
  const viewer = { person: 'li' };
  const card = requestCard(reading, viewer);
  const [slack, feishu] = [slackPress(card), feishuPress(request.number)];
  return {
    [`plan of ${STEPS} steps`]: { work: () => planPath(input), ...written('the plan', plan) },
    [`decision in ${STEPS} steps`]: {
      work: () => carryOut(request, command, moment, [longest], 0),
      ...written('what follows', decided),
    },
    'card drawn': { work: () => requestCard(reading, viewer), ...written('the card', card) },
    'card rendered for Slack': {
      work: () => renderSlack(card, 'zh'),
      ...written('the blocks', renderSlack(card, 'zh')),
    },
    'card rendered for Feishu': {
      work: () => renderFeishu(card, 'zh'),
      ...written('the card', renderFeishu(card, 'zh')),
    },
    'press of Slack read': { work: slack.read, floor: () => JSON.parse(slack.json), against: 'JSON.parse of it' },
    'press of Feishu read': { work: feishu.read, floor: () => JSON.parse(feishu.json), against: 'JSON.parse of it' },
  };
}

const written = (what: string, value: unknown) => ({
  floor: () => JSON.stringify(value),
  against: `JSON.stringify of ${what}`,
});

/** Nobody signs twice, so that most of the twenty steps are covered: all the more has to be said about each. */
function asked() {
  const steps = Array.from({ length: STEPS }, (_, i) => ({
    id: `step-${i + 1}`,
    who: RULES[i % RULES.length],
    when: { amount: { atLeast: `${i * 1000 + 1}` } },
  }));
  const longest = process(steps);
  const office = openOffice({ process: longest });
  const outcome = office.submits('wang', { amount: '3.2万', title: '春季促销物料' });
  if (outcome !== 'done') throw new Error(`not submitted: ${outcome}`);
  return { office, longest };
}

const SECRET = 'a-signing-secret-for-benches';
const SELF = { team: 'T0HOME', enterprise: undefined, botUser: 'U0BOT', isGuest: () => false };

/** As in https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, from the raw bytes with their signature on. */
function slackPress(card: ReturnType<typeof requestCard>) {
  const { text, blocks } = renderSlack(card, 'zh');
  const [button] = buttonsIn(blocks as never);
  const json = JSON.stringify({
    type: 'block_actions',
    user: { id: 'U02LI', username: '李娜', name: '李娜', team_id: SELF.team },
    team: { id: SELF.team, domain: 'home' },
    trigger_id: '13345224609.738474920.8088930838d88f008e0',
    container: { type: 'message', message_ts: '1763790000.000100', channel_id: 'D0LI', is_ephemeral: false },
    channel: { id: 'D0LI', name: 'directmessage' },
    message: { type: 'message', user: 'U0BOT', ts: '1763790000.000100', text, blocks },
    state: { values: {} },
    actions: [{ ...button, type: 'button', action_ts: '1763790001.000200' }],
  });
  const bytes = Buffer.from(new URLSearchParams({ payload: json }).toString());
  const now = new Date();
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const headers = { timestamp, signature: sign(SECRET, timestamp, bytes) };
  const read = () => {
    if (refuse(SECRET, headers, bytes, now) !== undefined) throw new Error('our own signature was refused');
    return parsePress(JSON.parse(new URLSearchParams(bytes.toString('utf8')).get('payload') ?? ''), SELF);
  };
  if (read().kind !== 'turn') throw new Error('the press of Slack was not understood');
  return { json, read };
}

/** As in https://open.feishu.cn/document/feishu-cards/card-callback-communication, encrypted and signed. */
function feishuPress(subject: string) {
  const secrets = { appId: 'cli_a1b2c3d4e5f60718', encryptKey: 'a-key-for-benches', verificationToken: 'a-token' };
  const action: ActionRef = { command: 'requests.approve', subject, step: 'step-1', seen: 1 };
  const json = JSON.stringify({
    schema: '2.0',
    header: {
      event_id: randomUUID(),
      event_type: 'card.action.trigger',
      create_time: '1763790000000',
      token: secrets.verificationToken,
      app_id: secrets.appId,
      tenant_key: 'tenant',
    },
    event: {
      operator: { open_id: 'ou_li', union_id: 'on_li', tenant_key: 'tenant' },
      token: 'c-1',
      action: { tag: 'button', value: { a: writeAction(action) } },
      host: 'im_message',
      context: { open_message_id: 'om_1', open_chat_id: 'oc_1' },
    },
  });
  const { body, headers } = seal(json, secrets);
  const raw = Buffer.from(body);
  const signed = {
    timestamp: headers['x-lark-request-timestamp'],
    nonce: headers['x-lark-request-nonce'],
    signature: headers['x-lark-signature'],
  };
  const now = new Date();
  const read = () => {
    const opened = openRequest(raw, signed, secrets, now);
    if (opened.kind !== 'event') throw new Error(`our own request was not opened: ${opened.kind}`);
    return parseFeishu(opened.envelope, { tenant: 'tenant', bot: undefined });
  };
  if (read()?.kind !== 'press') throw new Error('the press of Feishu was not understood');
  return { json, read };
}
