/**
 * What is attacked: the real program as a process of its own with every edge open, on a database of its own, with the strict fakes of all
 * platforms around it; and the real traffic that it has seen while a request was made, signed, answered and looked at.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { ackUrl } from '../../adapters/pager/page.ts';
import { sealWith } from '../../adapters/pager/signature.ts';
import { linkTo, PATHS } from '../../adapters/phone/links.ts';
import { debriefLink, fileLink } from '../../src/http.ts';
import { startFakeFeishu } from '../support/feishu.ts';
import { copyHandbook } from '../support/handbook.ts';
import { startPager } from '../support/pager.ts';
import { freePort, Program } from '../support/program.ts';
import { startFakeSlack } from '../support/slack.ts';
import { startTwilio } from '../support/twilio.ts';
import { startFakeWeCom } from '../support/wecom.ts';
import { startRecorder } from './recorder.ts';

export const ADMIN_TOKEN = 'a-long-admin-token-for-the-fuzz-run';
export const SIGNALS_SECRET = 'a-signals-secret-for-the-fuzz-run';
const CALENDAR_SECRET = 'a-calendar-secret-of-32-characters';
/** As large as it takes that reading it does not end at once. */
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(3 * 1024 * 1024, '0123456789abcdef')]);

export type Target = Awaited<ReturnType<typeof openTarget>>;

async function fakes() {
  const [slack, feishu, wecom, twilio, pager] = await Promise.all([
    startFakeSlack(),
    startFakeFeishu(),
    startFakeWeCom(),
    startTwilio(),
    startPager(),
  ]);
  for (const id of ['U01WANG', 'U02LI', 'U04CHEN', 'U05QIAN']) slack.addUser({ id });
  for (const id of ['C0PR', 'C0CRISIS', 'C0AUDIT']) slack.addChannel({ id, members: ['U01WANG', 'U02LI'] });
  const close = () => Promise.all([slack.stop(), feishu.close(), wecom.close(), twilio.close(), pager.close()]);
  return { slack, feishu, wecom, twilio, pager, close };
}

function settingsOf({ slack, feishu, wecom, twilio, pager }: Awaited<ReturnType<typeof fakes>>) {
  const lark = feishu.settings('http') as Record<string, string>;
  const { app } = wecom.settings();
  const phone = twilio.settings();
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    FEISHU_APP_ID: String(lark.appId),
    FEISHU_APP_SECRET: String(lark.appSecret),
    FEISHU_ENCRYPT_KEY: String(lark.encryptKey),
    FEISHU_VERIFICATION_TOKEN: String(lark.verificationToken),
    FEISHU_DOMAIN: String(lark.domain),
    WECOM_CORP_ID: app.corpId,
    WECOM_AGENT_ID: String(app.agentId),
    WECOM_SECRET: app.secret,
    WECOM_TOKEN: app.callback?.token ?? '',
    WECOM_AES_KEY: app.callback?.aesKey ?? '',
    WECOM_API_URL: wecom.settings().apiUrl,
    TWILIO_ACCOUNT_SID: phone.accountSid,
    TWILIO_AUTH_TOKEN: phone.authToken,
    TWILIO_FROM: phone.from,
    TWILIO_API_URL: phone.apiUrl,
    PAGER_URL: pager.settings().url,
    PAGER_SECRET: pager.settings().secret,
    SIGNALS_SECRET,
    ADMIN_TOKEN,
    DESK: 'on',
  };
}

/** `databaseUrl`: empty and ours alone. */
export async function openTarget(databaseUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const book = await copyHandbook(
    {
      'company.yaml': [
        [
          'accounts: {slack: U01WANG, feishu: ou_wang}',
          'accounts: {slack: U01WANG, feishu: ou_wang, wecom: wangxiaowen}',
        ],
      ],
    },
    {},
    { whole: true, crisis: true },
  );
  const around = await fakes();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = new Program({
    PORT: port,
    PUBLIC_URL: url,
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    HANDBOOK: book.folder,
    LOG_LEVEL: 'info',
    // little, so that what is never let go of shows within minutes
    NODE_OPTIONS: '--max-old-space-size=256',
    ...settingsOf(around),
  });
  const recorder = await startRecorder(() => url);
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  const close = async (): Promise<void> => {
    await program.kill();
    await Promise.all([recorder.close(), around.close(), book.remove(), sql.end({ timeout: 1 })]);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    await program.serves();
    const links = await live({ ...around, sql, url, proxy: recorder.url });
    return { ...around, program, url, port: Number(port), sql, recorded: [...recorder.recorded], links, close, folder };
  } catch (error) {
    await close();
    throw error;
  }
}

type Around = Awaited<ReturnType<typeof fakes>> & { sql: postgres.Sql; url: string; proxy: string };

/** A day at the office, over every edge once. Gives addresses that only their owners know. */
async function live(around: Around): Promise<string[]> {
  const { slack, feishu, wecom, twilio, pager, sql, url, proxy } = around;
  slack.product = `${proxy}/slack/events`;
  feishu.deliverTo(`${proxy}/feishu/events`);
  wecom.deliverTo(`${proxy}/wecom/events`);
  twilio.deliverTo(proxy, url);
  pager.deliverTo(proxy);
  await onSlack(around);
  const card = await feishu.when(() => withButtons(feishu, 'ou_li', 'SP-2026-0001'), 'the card of 李娜', 30_000);
  await feishu.press('ou_li', card, '为什么');
  await feishu.press('ou_li', card, '驳回');
  await feishu.say('ou_wang', 'p2p', '/spend 1.2万 直播设备');
  await feishu.menu('ou_wang', 'list');
  await wecom.type('wangxiaowen', '/pr list');
  await wecom.check('address check');
  await twilio.reply('+8613800000002', '收到');
  const about = { action: { command: 'crisis.answer', subject: 'CR-2026-0001', step: 'x' }, intent: 'i' };
  const called = { CallSid: `CA${'0'.repeat(32)}`, To: '+8613800000002', From: twilio.from };
  await twilio.tell(linkTo(url, PATHS.gather, { ...about, wrong: 0 }), { ...called, Digits: '2' });
  await twilio.tell(linkTo(url, PATHS.status, { ...about, wrong: 0 }), { ...called, CallStatus: 'completed' });
  const text = { MessageSid: `SM${'0'.repeat(32)}`, MessageStatus: 'delivered', To: called.To };
  await twilio.tell(linkTo(url, PATHS.smsStatus, { ...about, wrong: 0 }), text);
  const [row] = await sql<{ value: string }[]>`select value from setting where name = 'link-key'`;
  const linkKey = row?.value ?? '';
  const page = ackUrl(url, { action: about.action, person: 'li', page: 'page-1' }, sealWith(linkKey));
  await pager.tell(page, JSON.stringify({ v: 1, page_id: 'page-1', status: 'delivered', code: 'x' }));
  await onDesk(proxy);
  await sql`insert into setting (name, value) values ('calendar|person|li', ${CALENDAR_SECRET})`;
  const linking = { linkKey, publicUrl: '', clock: () => new Date(Date.now() + 3_600_000) };
  return [
    fileLink(linking, await keptFile(sql), 'wang'),
    debriefLink(linking, 'CR-2026-0001', 'md', 'li'),
    debriefLink(linking, 'CR-2026-0001', 'pdf', 'li'),
    `/calendar/p-li/${CALENDAR_SECRET}.ics`,
  ];
}

const withButtons = (feishu: Around['feishu'], place: string, number: string) =>
  feishu.messagesOf(place).find((m) => feishu.cardText(m).includes(number) && feishu.buttonsOf(m).length > 0);

async function onSlack({ slack }: Around): Promise<void> {
  // it serves before it has heard from Slack who it is there; until then it says so
  const asked = async () => JSON.stringify((await slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料')).body);
  await found(async () => (await asked()).includes('SP-2026-0001') || undefined, 'the first request');
  const card = await slack.until(
    () =>
      slack.messagesOf('U02LI').find((m) => slack.cardText(m).includes('SP-2026-0001') && slack.buttons(m).length > 0),
    30_000,
  );
  await slack.press('U02LI', slack.snapshot(card), '为什么');
  await slack.say('U01WANG', 'SP-2026-0001', [slack.addFile({ id: 'F1', name: '报价单.pdf', bytes: PDF })]);
  await slack.mention('U02LI', 'C0PR', '/pr list');
  await slack.openHome('U02LI');
  await slack.slash('U01WANG', 'direct', '/spend');
  await slack.until(() => slack.window('U01WANG'));
  slack.closeWindow('U01WANG');
  await slack.slash('U02LI', 'direct', '/crisis', '顾客在直播间投诉产品起火');
  const window = await slack.until(() => slack.window('U02LI'));
  await slack.submit('U02LI', window, { kind: 'product-safety' });
  await slack.shortcut('U01WANG', '/spend');
}

async function onDesk(proxy: string): Promise<void> {
  const act = () => ({ as: 'wang', in: 'bot', act: crypto.randomUUID() });
  const post = (path: string, body: object) =>
    fetch(`${proxy}/desk/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-desk': '1', host: new URL(proxy).host },
      body: JSON.stringify(body),
    }).then((answer) => answer.text());
  await post('say', { ...act(), text: '/pr list', files: [] });
  await post('press', { ...act(), action: { command: 'requests.why', subject: 'SP-2026-0001' } });
  await post('form', {
    ...act(),
    action: { command: 'requests.submit', subject: 'spend' },
    values: { title: '春季', amount: '3万' },
    files: {},
  });
  await post('visit', act());
}

function keptFile(sql: postgres.Sql): Promise<string> {
  return found(async () => {
    const [kept] = await sql<{ id: string }[]>`select id from attachment where state = 'kept' limit 1`;
    return kept?.id;
  }, 'the file that was sent, kept');
}

async function found<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const late = Date.now() + 30_000; Date.now() < late; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`waited in vain for ${what}`);
}
