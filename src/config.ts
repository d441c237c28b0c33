/** The settings: the only reader of the environment. Every fault is one sentence that names the variable and the mend. */
import { join, resolve } from 'node:path';
import { z } from 'zod';

export interface Config {
  host: string;
  port: number;
  publicUrl: string;
  databaseUrl: string | undefined;
  /** how many connections to Postgres this process opens at most */
  databasePool: number;
  /** how long, told to stop, it still answers while /healthz already says 503 */
  drainSeconds: number;
  dataDir: string;
  handbook: string;
  adminToken: string | undefined;
  logLevel: string;
  desk: boolean;
  slack: { botToken: string; signingSecret?: string; appToken?: string; apiUrl?: string } | undefined;
  feishu:
    | {
        appId: string;
        appSecret: string;
        encryptKey?: string;
        verificationToken: string;
        transport: 'http' | 'socket';
        domain: string;
      }
    | undefined;
  email: { url: string; from: string } | undefined;
  wecom:
    | {
        app?: { corpId: string; agentId: number; secret: string; callback?: { token: string; aesKey: string } };
        /** the name of a channel in the handbook → the key of the group's robot */
        robots: Record<string, string>;
        apiUrl: string;
      }
    | undefined;
  /** rings phones and sends text messages; `from`: the number that calls */
  twilio: { accountSid: string; authToken: string; from: string; apiUrl: string } | undefined;
  pager: { url: string; secret: string } | undefined;
  /** with which monitoring tools sign what they report; undefined: nothing is taken from them */
  signalsSecret: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
export type Settings = { ok: Config } | { faults: string[] };

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** `only`: read these variables and pass over all others. */
export function readConfig(only?: readonly string[]): Settings {
  return readSettings(only ? Object.fromEntries(only.map((name) => [name, process.env[name]])) : process.env);
}

export function readSettings(environment: Environment): Settings {
  const faults: string[] = [];
  const given = (name: string) => environment[name]?.trim() || undefined;
  const wrong = (name: string, mend: string) => void faults.push(`${name}: ${mend}`);
  const host = given('HOST') ?? '127.0.0.1';
  const port = readPort(given('PORT') ?? '3000', wrong);
  const slack = readSlack(given, wrong);
  const feishu = readFeishu(given, wrong);
  const config: Config = {
    host,
    port,
    publicUrl: readPublicUrl(given('PUBLIC_URL'), `http://${host.includes(':') ? `[${host}]` : host}:${port}`, wrong),
    databaseUrl: readDatabase(given('DATABASE_URL'), wrong),
    databasePool: readPool(given('DATABASE_POOL'), wrong),
    drainSeconds: readDrain(given('DRAIN_SECONDS') ?? '0', wrong),
    dataDir: resolve(given('DATA_DIR') ?? '.data'),
    handbook: resolve(given('HANDBOOK') ?? join(import.meta.dirname, '..', 'handbook')),
    adminToken: given('ADMIN_TOKEN'),
    logLevel: oneOf('LOG_LEVEL', given('LOG_LEVEL') ?? 'info', LEVELS, wrong),
    desk: readDesk(given('DESK'), slack === undefined && feishu === undefined, wrong),
    slack,
    feishu,
    email: readEmail(given, wrong),
    wecom: readWeCom(given, wrong),
    twilio: readTwilio(given, wrong),
    pager: readPager(given, wrong),
    signalsSecret: readSecret('SIGNALS_SECRET', given('SIGNALS_SECRET'), wrong),
  };
  return faults.length > 0 ? { faults } : { ok: config };
}

type Given = (name: string) => string | undefined;
type Wrong = (name: string, mend: string) => void;

function readPort(text: string, wrong: Wrong): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    wrong('PORT', `"${text}" is no port; set a number from 0 to 65535, such as 3000`);
  return port;
}

function readUrl(name: string, text: string, wrong: Wrong): string {
  if (!z.url({ protocol: /^https?$/ }).safeParse(text).success)
    wrong(name, `"${text}" is no web address; write it as https://desk.example.com`);
  return text.replace(/\/+$/, '');
}

/** Without one of its own it follows HOST and PORT, whose faults are said at their own names. */
function readPublicUrl(text: string | undefined, otherwise: string, wrong: Wrong): string {
  return text === undefined ? otherwise : readUrl('PUBLIC_URL', text, wrong);
}

function readDatabase(text: string | undefined, wrong: Wrong): string | undefined {
  // the value may hold a password: it is never repeated
  if (text !== undefined && !/^postgres(ql)?:\/\/.+/.test(text)) {
    wrong(
      'DATABASE_URL',
      'is no Postgres address; write it as postgres://user:password@host:5432/database, or leave it out to use the embedded one',
    );
  }
  return text;
}

/** The usual one: as many as ten presses at once, each with a question beside its transaction, can use. With fewer than the least nothing moves. */
export const POOL = { usual: 27, least: 10, most: 500 };

function readPool(text: string | undefined, wrong: Wrong): number {
  if (text === undefined) return POOL.usual;
  const most = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (most < POOL.least || most > POOL.most)
    wrong(
      'DATABASE_POOL',
      `"${text}" cannot be used; set how many connections this process may open in all, from ${POOL.least} to ${POOL.most}, or leave it out for ${POOL.usual}`,
    );
  return most;
}

function readDrain(text: string, wrong: Wrong): number {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  if (seconds < 0 || seconds > 120)
    wrong(
      'DRAIN_SECONDS',
      `"${text}" cannot be used; set whole seconds from 0 to 120: somewhat longer than the load balancer takes to notice that /healthz says 503`,
    );
  return seconds;
}

function oneOf(name: string, text: string, options: readonly string[], wrong: Wrong): string {
  if (!options.includes(text)) wrong(name, `"${text}" is unknown; use one of ${options.join(', ')}`);
  return text;
}

function readDesk(text: string | undefined, alone: boolean, wrong: Wrong): boolean {
  if (text === undefined) return alone;
  return oneOf('DESK', text, ['on', 'off'], wrong) === 'on';
}

function readSlack(given: Given, wrong: Wrong): Config['slack'] {
  const [botToken, signingSecret, appToken] = [
    given('SLACK_BOT_TOKEN'),
    given('SLACK_SIGNING_SECRET'),
    given('SLACK_APP_TOKEN'),
  ];
  if (!botToken && !signingSecret && !appToken) return undefined;
  if (!botToken)
    wrong(
      'SLACK_BOT_TOKEN',
      'is missing; copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions, or leave out all SLACK_ settings',
    );
  else if (/^x(oxp|app|oxe)-/.test(botToken))
    wrong('SLACK_BOT_TOKEN', 'is a token of another kind; copy the Bot User OAuth Token, which begins with xoxb-');
  if (!signingSecret && !appToken) {
    wrong(
      'SLACK_SIGNING_SECRET',
      'is missing; copy it from Basic Information (for HTTP), or set SLACK_APP_TOKEN (for Socket Mode)',
    );
  }
  if (appToken?.startsWith('xox'))
    wrong('SLACK_APP_TOKEN', 'is a token of another kind; copy an app-level token, which begins with xapp-');
  const apiUrl = given('SLACK_API_URL');
  if (apiUrl) readUrl('SLACK_API_URL', apiUrl, wrong);
  return {
    botToken: botToken ?? '',
    ...(signingSecret ? { signingSecret } : {}),
    ...(appToken ? { appToken } : {}),
    ...(apiUrl ? { apiUrl } : {}),
  };
}

function readFeishu(given: Given, wrong: Wrong): Config['feishu'] {
  const names = ['FEISHU_APP_ID', 'FEISHU_APP_SECRET', 'FEISHU_ENCRYPT_KEY', 'FEISHU_VERIFICATION_TOKEN'] as const;
  const values = names.map(given);
  const [appId = '', appSecret = '', encryptKey, verificationToken = ''] = values;
  if (values.every((value) => value === undefined)) return undefined;
  const transport = oneOf('FEISHU_TRANSPORT', given('FEISHU_TRANSPORT') ?? 'http', ['http', 'socket'], wrong) as
    | 'http'
    | 'socket';
  names.forEach((name, i) => {
    if (values[i] !== undefined || (name === 'FEISHU_ENCRYPT_KEY' && transport === 'socket')) return;
    wrong(
      name,
      `is missing; copy it from the app's page in the Feishu developer console (开发者后台), or leave out all FEISHU_ settings`,
    );
  });
  if (transport === 'socket' && appId && !/^cli_[0-9a-fA-F]{16}$/.test(appId)) {
    wrong(
      'FEISHU_APP_ID',
      'must be cli_ and 16 hexadecimal digits for the long connection; check it, or set FEISHU_TRANSPORT=http',
    );
  }
  const domain = readUrl('FEISHU_DOMAIN', given('FEISHU_DOMAIN') ?? 'https://open.feishu.cn', wrong);
  return { appId, appSecret, verificationToken, transport, domain, ...(encryptKey ? { encryptKey } : {}) };
}

function readEmail(given: Given, wrong: Wrong): Config['email'] {
  const [url, from] = [given('SMTP_URL'), given('MAIL_FROM')];
  if (url === undefined && from === undefined) return undefined;
  if (url === undefined) wrong('SMTP_URL', `is missing; write it as ${SMTP_EXAMPLE}, or leave out MAIL_FROM too`);
  else if (!isMailServer(url)) {
    // the value holds a password: it is never repeated
    wrong(
      'SMTP_URL',
      `is no address of a mail server; write it as ${SMTP_EXAMPLE}, where % @ : / ? # in the password become %25 %40 %3A %2F %3F %23`,
    );
  }
  if (from === undefined) wrong('MAIL_FROM', `is missing; write it as ${FROM_EXAMPLE}, or leave out SMTP_URL too`);
  else if (!isSender(from)) wrong('MAIL_FROM', `"${from}" is no sender of mail; write it as ${FROM_EXAMPLE}`);
  return { url: url ?? '', from: from ?? '' };
}

const SMTP_EXAMPLE = 'smtp://user:password@smtp.example.com:587 or smtps://user:password@smtp.example.com:465';
const FROM_EXAMPLE = '会签 <desk@example.com>';

/** A `#` or `/` left as it is in the password ends the address early: then something stands where nothing should. */
function isMailServer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  return (
    (protocol === 'smtp:' || protocol === 'smtps:') &&
    /^[\w.-]+$|^\[[\da-f:.]+\]$/i.test(hostname) &&
    (username === '') === (password === '') &&
    /^(?:[^%]|%[\da-f]{2})*$/i.test(username + password) &&
    `${pathname.replace(/^\/$/, '')}${search}${hash}` === ''
  );
}

function isSender(text: string): boolean {
  const [, address = text] = /^[^<>\p{Cc}]*<([^<>]+)>$/u.exec(text) ?? [];
  return z.email().safeParse(address).success;
}

function readWeCom(given: Given, wrong: Wrong): Config['wecom'] {
  const app = readWeComApp(given, wrong);
  const robots = readRobots(given('WECOM_ROBOTS'), wrong);
  const apiUrl = readUrl('WECOM_API_URL', given('WECOM_API_URL') ?? 'https://qyapi.weixin.qq.com', wrong);
  if (app === undefined && robots === undefined) return undefined;
  return { ...(app ? { app } : {}), robots: robots ?? {}, apiUrl };
}

function readWeComApp(given: Given, wrong: Wrong): NonNullable<Config['wecom']>['app'] {
  const names = ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET'] as const;
  const [corpId = '', agentId = '', secret = ''] = names.map(given);
  const callback = readWeComCallback(given, wrong);
  if (!corpId && !agentId && !secret && callback === undefined) return undefined;
  for (const name of names) {
    if (given(name) !== undefined) continue;
    wrong(
      name,
      name === 'WECOM_CORP_ID'
        ? "is missing; copy it from 我的企业 in the WeCom admin console (管理后台), or leave out all of the app's WECOM_ settings"
        : "is missing; copy it from the app's page in the WeCom admin console (应用管理 → 自建)",
    );
  }
  if (agentId && !/^\d{1,10}$/.test(agentId))
    wrong('WECOM_AGENT_ID', `"${agentId}" is no AgentId; it is a number such as 1000002`);
  return { corpId, agentId: Number(agentId), secret, ...(callback ? { callback } : {}) };
}

/** Without the pair WeCom only brings messages: no buttons, and nothing can be typed. */
function readWeComCallback(given: Given, wrong: Wrong): { token: string; aesKey: string } | undefined {
  const [token, aesKey] = [given('WECOM_TOKEN'), given('WECOM_AES_KEY')];
  if (token === undefined && aesKey === undefined) return undefined;
  if (token === undefined || aesKey === undefined) {
    wrong(
      token === undefined ? 'WECOM_TOKEN' : 'WECOM_AES_KEY',
      "is missing; copy both from the app's 接收消息 → 设置API接收, or leave out both",
    );
  } else if (!/^[0-9A-Za-z]{43}$/.test(aesKey)) {
    wrong('WECOM_AES_KEY', 'must be the EncodingAESKey of 43 letters and digits; copy it whole from 设置API接收');
  }
  return { token: token ?? '', aesKey: aesKey ?? '' };
}

/** `pr=KEY,crisis=KEY`; who copied the whole webhook address gave the key too. */
function readRobots(text: string | undefined, wrong: Wrong): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const robots: Record<string, string> = {};
  for (const entry of text.split(',')) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(entry) ?? [];
    const key = value.replace(/^https:\/\/[^?]+\?key=/, '').trim();
    // the key lets anybody write to the group: it is never repeated
    if (!/^[\p{L}\p{N}_-]{1,40}$/u.test(name.trim()) || !/^[0-9A-Za-z-]{8,64}$/.test(key))
      wrong(
        'WECOM_ROBOTS',
        'write each robot as name=key, with commas between: pr=693a91f6-…,crisis=7f3c… (群机器人 → Webhook地址)',
      );
    else if (Object.hasOwn(robots, name.trim()))
      wrong('WECOM_ROBOTS', `"${name.trim()}" stands there twice; give each robot its own name`);
    else robots[name.trim()] = key;
  }
  return robots;
}

const TWILIO_REQUIRED = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'] as const;

function readTwilio(given: Given, wrong: Wrong): Config['twilio'] {
  const [accountSid = '', authToken = '', from = ''] = TWILIO_REQUIRED.map(given);
  const apiUrl = readUrl('TWILIO_API_URL', given('TWILIO_API_URL') ?? 'https://api.twilio.com', wrong);
  if (!accountSid && !authToken && !from) return undefined;
  for (const name of TWILIO_REQUIRED) {
    if (given(name) === undefined)
      wrong(name, 'is missing; copy it from the Twilio console, or leave out all TWILIO_ settings');
  }
  // an API key (SK…) signs no callbacks, and whose account it is of cannot be told from it
  if (accountSid && !/^AC[0-9a-fA-F]{32}$/.test(accountSid))
    wrong('TWILIO_ACCOUNT_SID', 'must be AC and 32 hexadecimal digits; copy the Account SID from the Twilio console');
  if (/\s/.test(authToken))
    wrong('TWILIO_AUTH_TOKEN', 'holds a space; copy the Auth Token alone from the Twilio console');
  if (from && !/^\+[1-9]\d{6,14}$/.test(from))
    wrong('TWILIO_FROM', `"${from}" is no phone number; write it in the international form, +13105550100`);
  mustBeReached('TWILIO_FROM', given, wrong);
  return { accountSid, authToken, from, apiUrl };
}

function readPager(given: Given, wrong: Wrong): Config['pager'] {
  const [url, secret] = [given('PAGER_URL'), given('PAGER_SECRET')];
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined) wrong('PAGER_URL', `is missing; write it as ${PAGER_EXAMPLE}, or leave out PAGER_SECRET too`);
  // the address may hold a token: it is never repeated
  else if (!isHook(url))
    wrong('PAGER_URL', `is no web address; write it as ${PAGER_EXAMPLE}, without user and password`);
  if (secret === undefined)
    wrong('PAGER_SECRET', 'is missing; agree on at least 16 characters with the pager, or leave out PAGER_URL too');
  mustBeReached('PAGER_URL', given, wrong);
  return { url: url ?? '', secret: readSecret('PAGER_SECRET', secret, wrong) ?? '' };
}

const PAGER_EXAMPLE = 'https://pager.example.com/hooks/countersign';

function isHook(text: string): boolean {
  if (!z.url({ protocol: /^https?$/ }).safeParse(text).success) return false;
  const { username, password, hash } = new URL(text);
  return `${username}${password}${hash}` === '';
}

/** Somebody who is rung answers by a callback: without an address of ours nobody could. */
function mustBeReached(name: string, given: Given, wrong: Wrong): void {
  if (given('PUBLIC_URL') === undefined)
    wrong('PUBLIC_URL', `is missing; with ${name} set, answers come back to it: write it as https://desk.example.com`);
}

function readSecret(name: string, secret: string | undefined, wrong: Wrong): string | undefined {
  if (secret !== undefined && [...secret].length < 16)
    wrong(name, 'is too short; use at least 16 characters, such as 32 random ones');
  return secret;
}
