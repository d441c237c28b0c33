/** The settings: the only reader of the environment. Every fault is one sentence that names the variable and the mend. */
import { join, resolve } from 'node:path';
import { z } from 'zod';

export interface Config {
  host: string;
  port: number;
  publicUrl: string;
  databaseUrl: string | undefined;
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
    dataDir: resolve(given('DATA_DIR') ?? '.data'),
    handbook: resolve(given('HANDBOOK') ?? join(import.meta.dirname, '..', 'handbook')),
    adminToken: given('ADMIN_TOKEN'),
    logLevel: oneOf('LOG_LEVEL', given('LOG_LEVEL') ?? 'info', LEVELS, wrong),
    desk: readDesk(given('DESK'), slack === undefined && feishu === undefined, wrong),
    slack,
    feishu,
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
