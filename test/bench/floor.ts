/**
 * The floor under a press: the same HTTP server, the same signature check and the same SDK as the product's, and in the handler one
 * transaction written by hand that leaves the same rows. It decides nothing and draws nothing. Run as a process of its own.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { serve } from '@hono/node-server';
import { App, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { Hono } from 'hono';
import postgres from 'postgres';

const { DATABASE_URL = '', PORT = '', SLACK_SIGNING_SECRET = '', SLACK_API_URL = '' } = process.env;
const sql = postgres(DATABASE_URL, { max: 10, onnotice: () => {} });

class OutsideReceiver implements Receiver {
  init(): void {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
}

const bolt = new App({
  receiver: new OutsideReceiver(),
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BOT', botUserId: 'U0BOT' }),
  clientOptions: { slackApiUrl: SLACK_API_URL },
  convoStore: false,
  attachFunctionToken: false,
});

interface Pressed {
  subject: string;
}

bolt.action(/.*/, async ({ ack, body, respond }) => {
  if (body.type !== 'block_actions') return;
  const [action] = body.actions;
  const { subject } = JSON.parse(action && 'value' in action ? String(action.value) : '{}') as Pressed;
  const said = await approve(subject, `${body.user.id}:${action?.action_ts}`);
  await ack();
  await respond({ text: said, response_type: 'ephemeral', replace_original: false });
});

/** What the product leaves behind when the last signature of a request is given. */
async function approve(number: string, delivery: string): Promise<string> {
  const at = new Date();
  return sql.begin(async (tx) => {
    await tx`insert into inbox (platform, delivery, at) values ('slack', ${delivery}, ${at})`;
    const [request] = await tx<{ revision: number; requester: string; submission: number; parties: string[] }[]>`
      select revision, requester, submission, parties from request where number = ${number} for update`;
    if (!request) throw new Error('no such request');
    const { revision, requester, submission, parties } = request;
    await tx`
      update step set state = 'done', pending = '{}', closed_at = ${at},
        body = body || ${tx.json({ state: 'done', closedAt: at.toISOString(), signatures: [{ by: 'li', at: at.toISOString() }] })}
      where request = ${number} and submission = ${submission} and id = 'supervisor'`;
    await tx`update request set state = 'approved', ended_at = ${at}, revision = ${revision + 1} where number = ${number}`;
    const data = JSON.stringify({ step: 'supervisor', via: 'slack' });
    await tx`
      insert into ledger (subject, "type", "by", "at", data)
      values (${number}, 'step-approved', 'li', ${at}, ${data}), (${number}, 'request-approved', 'li', ${at}, ${data})`;
    await tx`
      update message set wanted = wanted + 1, stale_since = coalesce(stale_since, ${at}), attempts = 0, handed_until = null, next_at = null
      where subject = ${number} and kind = 'card' and state = 'live'`;
    await tx`
      insert into message (id, intent, subject, kind, audience, platform, address_kind, address, about, data, key, lane, created_at, stale_since)
      values (gen_random_uuid(), gen_random_uuid(), ${number}, 'notice', ${`person:${requester}`}, 'slack', 'direct', 'U01WANG', 'approved',
        ${tx.json({ by: 'li' })}, ${`notice|${number}|approved`}, 1, ${at}, ${at})`;
    await tx`delete from timer where key = any(${[`${number}|remind|supervisor`, `${number}|escalate|supervisor`]})`;
    await tx`
      update message set wanted = wanted + 1, stale_since = coalesce(stale_since, ${at}), handed_until = null
      where key = any(${parties.map((id) => `home|slack|${id}`)}) and state = 'live'`;
    const said = `${number} 已批准`;
    await tx`update inbox set reply = ${tx.json({ kind: 'said', tone: 'good', text: said })} where platform = 'slack' and delivery = ${delivery}`;
    return said;
  });
}

const web = new Hono();
web.post('/slack/events', async (c) => {
  const bytes = Buffer.from(await c.req.arrayBuffer());
  const timestamp = c.req.header('x-slack-request-timestamp') ?? '';
  const expected = `v0=${createHmac('sha256', SLACK_SIGNING_SECRET).update(`v0:${timestamp}:`).update(bytes).digest('hex')}`;
  const given = c.req.header('x-slack-signature') ?? '';
  if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), Buffer.from(expected)))
    return c.text('', 401);
  const body = JSON.parse(new URLSearchParams(bytes.toString()).get('payload') ?? '{}') as ReceiverEvent['body'];
  return new Promise<Response>((resolve) => {
    const ack = async () => resolve(c.text(''));
    bolt.processEvent({ body, ack }).catch(() => resolve(c.text('', 500)));
  });
});
web.get('/healthz', async (c) => {
  await sql`select 1`;
  return c.json({ ok: true });
});
serve({ fetch: web.fetch, hostname: '127.0.0.1', port: Number(PORT) });
