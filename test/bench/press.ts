/** What a press costs: the product against a bare handler on the same SDK and HTTP stack that writes the same rows by hand (the floor). */
import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import postgres, { type Sql } from 'postgres';
import { calmHandbook } from '../support/handbook.ts';
import { COMPILED, freePort, Program } from '../support/program.ts';
import { cloneRequests } from './clones.ts';
import { startYesSlack, type YesSlack } from './slack-ok.ts';

export const SECRET = 'a-signing-secret-of-the-bench';
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Sample {
  /** answered within, milliseconds, one a press */
  ms: number[];
  seconds: number;
}

export interface Press {
  number: string;
  value: string;
  actionId: string;
  channel: string;
  message: string;
}

/** One signed request to Slack's route; resolves when it is answered. */
export function post(url: string, form: Record<string, string>): Promise<{ status: number; text: string }> {
  const body = new URLSearchParams(form).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return new Promise((resolve, reject) => {
    const sent = send(`${url}/slack/events`, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature,
      },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end(body);
  });
}

const COMMON = {
  token: 'old',
  api_app_id: 'A0',
  team: { id: 'T0HOME', domain: 'bench' },
  enterprise: null,
  is_enterprise_install: false,
};

const payloadOf = (press: Press, responseUrl: string) => ({
  ...COMMON,
  type: 'block_actions',
  user: { id: 'U02LI', username: 'li', name: 'li', team_id: 'T0HOME' },
  trigger_id: randomUUID(),
  container: { type: 'message', message_ts: press.message, channel_id: press.channel, is_ephemeral: false },
  channel: { id: press.channel, name: 'directmessage' },
  actions: [
    {
      type: 'button',
      action_id: press.actionId,
      block_id: 'b1',
      value: press.value,
      text: { type: 'plain_text', text: '批准' },
      action_ts: `${performance.now().toFixed(6)}`,
    },
  ],
  state: { values: {} },
  response_url: responseUrl,
});

export async function pressAll(url: string, presses: Press[], atOnce: number, responseUrl: string): Promise<Sample> {
  const ms: number[] = [];
  const left = [...presses];
  const began = performance.now();
  const one = async (): Promise<void> => {
    for (let press = left.pop(); press; press = left.pop()) {
      const start = performance.now();
      const { status } = await post(url, { payload: JSON.stringify(payloadOf(press, responseUrl)) });
      if (status !== 200) throw new Error(`a press was answered ${status}`);
      ms.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { ms, seconds: (performance.now() - began) / 1000 };
}

/** The floor, on the same database. */
async function startFloor(databaseUrl: string, slack: YesSlack): Promise<Stage['floor']> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'floor.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PORT: port,
      SLACK_SIGNING_SECRET: SECRET,
      SLACK_API_URL: slack.apiUrl,
      NODE_COMPILE_CACHE: COMPILED,
    },
    stdio: 'inherit',
  });
  const url = `http://127.0.0.1:${port}`;
  const serves = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await serves())) {
    if (child.exitCode !== null) throw new Error('the floor did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { url, pid: child.pid ?? 0, stop };
}

export interface Stage {
  sql: Sql;
  slack: YesSlack;
  product: Program;
  floor: { url: string; pid: number; stop(): Promise<void> };
  /** a press on the approving button of each of so many requests made now */
  presses(count: number): Promise<Press[]>;
  close(): Promise<void>;
}

/** The real program on this database, with one request that came by the real road; further ones are its copies. */
export async function openStage(databaseUrl: string, more: Record<string, string> = {}): Promise<Stage> {
  const slack = await startYesSlack();
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  const product = new Program({
    PORT: await freePort(),
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    HANDBOOK: await calmHandbook(),
    LOG_LEVEL: 'warn',
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.apiUrl,
    ...more,
  });
  await product.serves();
  const floor = await startFloor(databaseUrl, slack);
  const { number, actionId, value } = await firstRequest(product.url, slack);
  let next = 10_000;
  return {
    sql,
    slack,
    product,
    floor,
    presses: async (count) => {
      const from = next;
      next += count;
      await cloneRequests(sql, number, from, count);
      return Array.from({ length: count }, (_, i) => {
        const clone = `SP-2027-${from + i}`;
        return {
          number: clone,
          actionId,
          value: value.replaceAll(number, clone),
          channel: 'U02LI',
          message: `${from + i}.000100`,
        };
      });
    },
    close: async () => {
      await product.kill();
      await floor.stop();
      await sql.end({ timeout: 1 });
      await slack.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function firstRequest(
  url: string,
  slack: YesSlack,
): Promise<{ number: string; actionId: string; value: string }> {
  const asked = {
    command: '/spend',
    text: '3.2万 春季促销物料',
    user_id: 'U01WANG',
    team_id: 'T0HOME',
    channel_id: 'C0PR',
  };
  const { text } = await post(url, {
    ...asked,
    channel_name: 'pr',
    trigger_id: '1.1',
    response_url: slack.responseUrl,
  });
  const number = /SP-\d{4}-\d{4}/.exec(text)?.[0];
  if (!number) throw new Error(`the first request was not taken: ${text}`);
  for (const late = Date.now() + 20_000; Date.now() < late; await new Promise((resolve) => setTimeout(resolve, 50))) {
    for (const post of slack.posts) {
      const button = buttonsIn(JSON.parse(post.get('blocks') ?? '[]')).find((one) => one.style === 'primary');
      if (button && JSON.stringify(post.get('blocks')).includes(number))
        return { number, actionId: button.action_id, value: button.value };
    }
  }
  throw new Error('no card with an approving button was posted');
}

interface ButtonElement {
  type: string;
  style?: string;
  action_id: string;
  value: string;
}

const buttonsIn = (blocks: { type: string; elements?: ButtonElement[] }[]): ButtonElement[] =>
  blocks.flatMap((block) =>
    block.type === 'actions' ? (block.elements ?? []).filter((one) => one.type === 'button') : [],
  );
