/** An installer runs the self-test: every line says what was looked at, every fault how it is mended, and nothing is left behind. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../src/config.ts';
import { faultOf } from '../src/selftest/address.ts';
import { readArgs } from '../src/selftest/report.ts';
import { selftest } from '../src/selftest.ts';
import { copyHandbook } from './support/handbook.ts';
import { type House, openHouse } from './support/house.ts';
import { freePort } from './support/program.ts';

let house: House;
/** nobody listens there */
let closed: string;

beforeAll(async () => {
  closed = await freePort();
  house = await openHouse({ mail: true, wecom: true, phones: true, pager: true });
  // the self-test has no clock but the machine's
  house.travel(Date.now() - house.clock().getTime());
  house.feishu.platform.scopes.add('application:application:self_manage');
  await house.slack.until(() => house.slack.calls('users.info').length >= 4);
  await house.feishu.when(() => house.feishu.platform.commands.length > 0, 'the program to have settled');
});
afterEach(() => {
  house.slack.heal();
  house.feishu.heal();
});
afterAll(() => house.close());

interface Said {
  area: string;
  ok: boolean | null;
  kind: string;
  what: string;
  mend?: string;
}

async function run(change: Partial<Config> = {}, to: string[] = []): Promise<{ code: number; said: Said[] }> {
  const said: Said[] = [];
  const code = await selftest({ ...house.config, ...change }, { to, json: true, language: 'zh' }, (text) =>
    said.push(JSON.parse(text) as Said),
  );
  return { code, said };
}
const wrong = (said: Said[]) => said.filter(({ ok }) => ok === false);

test('all well: every area has a line, the exit code is 0, the one card is gone again, and nothing else was changed', async () => {
  const { slack, feishu } = house;
  const before = { commands: structuredClone(feishu.platform.commands), posts: slack.calls('chat.postMessage').length };
  const sent = feishu.platform.messages.length;
  const { code, said } = await run({}, ['U02LI', 'ou_li']);
  expect(wrong(said)).toEqual([]);
  expect(code).toBe(0);
  expect(new Set(said.map(({ area }) => area))).toEqual(
    new Set([
      'settings',
      'handbook',
      'database',
      'slack',
      'feishu',
      'wecom',
      'email',
      'phone',
      'pager',
      'card',
      'address',
    ]),
  );
  const all = said.map(({ what }) => what).join('\n');
  for (const part of [
    'Postgres 1',
    '认可我们的卡片和表单',
    '安装自检、采购申请、费用申请',
    '邮件服务器让我们登录',
    '账户可用',
    '卡片发到了，也撤回了',
  ])
    expect(all).toContain(part);
  expect(slack.calls('chat.postMessage').length).toBe(before.posts + 1);
  expect(slack.messagesOf('U02LI')).toEqual([]);
  expect(feishu.platform.messages.slice(sent).map(({ to, recalled }) => [to, recalled])).toEqual([['ou_li', true]]);
  expect(feishu.platform.commands).toEqual(before.commands);
  expect(house.mail.received).toHaveLength(0);
});

test('what is not set up is no fault', async () => {
  const none = {
    slack: undefined,
    feishu: undefined,
    wecom: undefined,
    email: undefined,
    twilio: undefined,
    pager: undefined,
  };
  const { code, said } = await run({ ...none, databaseUrl: undefined });
  expect(code).toBe(0);
  expect(said.filter(({ kind }) => kind === 'off').map(({ area }) => area)).toEqual([
    'slack',
    'feishu',
    'wecom',
    'email',
    'phone',
    'pager',
    'address',
  ]);
});

describe('what is wrong', () => {
  const settings = <T extends 'slack' | 'feishu' | 'email' | 'wecom' | 'twilio' | 'pager'>(of: T, change: object) =>
    ({ [of]: { ...house.config[of], ...change } }) as Partial<Config>;

  test.for<[string, string, () => Partial<Config> | undefined, RegExp, RegExp]>([
    [
      'Slack: a wrong token',
      'slack',
      () => settings('slack', { botToken: 'xoxb-other' }),
      /invalid_auth/,
      /SLACK_BOT_TOKEN/,
    ],
    [
      'Feishu: a wrong secret',
      'feishu',
      () => settings('feishu', { appSecret: 'other' }),
      /10014/,
      /FEISHU_APP_SECRET/,
    ],
    [
      'Feishu: nobody at the address',
      'feishu',
      () => settings('feishu', { domain: `http://127.0.0.1:${closed}` }),
      /连不上/,
      /防火墙/,
    ],
    [
      'Twilio: a wrong token',
      'phone',
      () => settings('twilio', { authToken: 'other' }),
      /20003|401/,
      /TWILIO_AUTH_TOKEN/,
    ],
    [
      'mail: nobody at the address',
      'email',
      () => settings('email', { url: `smtp://127.0.0.1:${closed}` }),
      /连不上/,
      /SMTP_URL/,
    ],
    [
      'the pager: nobody at the address',
      'pager',
      () => settings('pager', { url: `http://127.0.0.1:${closed}/` }),
      /ECONNREFUSED/,
      /PAGER_URL/,
    ],
    [
      'the database: another password',
      'database',
      () => ({ databaseUrl: `postgres://nobody:x@127.0.0.1:${closed}/x` }),
      /ECONNREFUSED/,
      /DATABASE_URL/,
    ],
    [
      'the public address: no program there',
      'address',
      () => ({ publicUrl: `http://127.0.0.1:${closed}` }),
      /ECONNREFUSED/,
      /npm start/,
    ],
    [
      'the public address: not https',
      'address',
      () => ({ publicUrl: 'http://pr.example.com' }),
      /不是 https/,
      /反向代理/,
    ],
    ['the handbook: no such folder', 'handbook', () => ({ handbook: '/nowhere/at/all' }), /规则手册有错/, /行号/],
  ])('%s', async ([, area, change, what, mend]) => {
    const { code, said } = await run(change() ?? {});
    expect(code).toBe(1);
    const found = wrong(said);
    expect(found.map((one) => one.area)).toEqual([area]);
    expect(found[0]?.what).toMatch(what);
    expect(found[0]?.mend).toMatch(mend);
  });

  test('WeCom: a wrong secret', async () => {
    const app = house.config.wecom?.app;
    const { said } = await run(settings('wecom', { app: { ...app, secret: 'other' } }));
    expect(wrong(said)).toEqual([
      expect.objectContaining({ area: 'wecom', mend: expect.stringContaining('WECOM_SECRET') }),
    ]);
  });

  test('a card that cannot be sent, one that cannot be removed, and an account of nowhere', async () => {
    const { slack, feishu } = house;
    slack.fail('chat.delete', { error: 'cant_delete_message' }, 1);
    feishu.fail({ path: '/im/v1/messages', method: 'POST' }, 230013, 1);
    const { code, said } = await run({}, ['U02LI', 'ou_li', 'li']);
    expect(code).toBe(1);
    expect(wrong(said).map(({ what }) => what)).toEqual([
      expect.stringContaining('撤不回来（cant_delete_message）'),
      expect.stringContaining('发不出去（230013）'),
      expect.stringContaining('不知道 li'),
    ]);
  });

  test('a form of the handbook that Slack would refuse is found before its first day', async () => {
    const errors = [{ pointer: '/blocks/3', code: 'failed_constraint', message: 'no more than 100 options' }];
    house.slack.fail('blocks.validate', { error: 'invalid_view', with: { errors } }, 3);
    const { said } = await run();
    expect(wrong(said).map(({ what }) => /「(.+)」（\/blocks\/3 no more than 100 options）/.exec(what)?.[1])).toEqual([
      '安装自检',
      '采购申请',
      '费用申请',
    ]);
  });

  test('a fault in the handbook: with its file, its line and its mend, and the platforms are asked all the same', async () => {
    const book = await copyHandbook({ 'processes/spend.yaml': [['{line: director}', '{line: directr}']] });
    try {
      const { said } = await run({ handbook: book.folder });
      expect(wrong(said).map(({ area }) => area)).toEqual(['handbook']);
      expect(wrong(said)[0]?.what).toMatch(/spend\.yaml:\d+[\s\S]*「directr」[\s\S]*「director」/);
      expect(said.filter(({ area }) => area === 'slack').length).toBeGreaterThan(2);
    } finally {
      await book.remove();
    }
  });

  test('a proxy that forwards to nobody, or does not forward our paths', async () => {
    let status = 502;
    const proxy = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const publicUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      expect(wrong((await run({ publicUrl })).said)[0]?.what).toContain('答 502');
      status = 404;
      const said = wrong((await run({ publicUrl })).said).map(({ what }) => what);
      expect(said).toContainEqual(expect.stringContaining('/slack/events 没有到本程序（HTTP 404）'));
      expect(said.length).toBeGreaterThan(1);
    } finally {
      proxy.close();
    }
  });

  test.for<[string, RegExp]>([
    ['ERR_TLS_CERT_ALTNAME_INVALID', /证书不对/],
    ['CERT_HAS_EXPIRED', /证书不对/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /证书不对/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /证书不对/],
    ['ENOTFOUND', /域名 pr\.example\.com 解析不到/],
    ['ETIMEDOUT', /连不上/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /连不上/],
  ])('the certificate and the name: %s', ([code, what]) => {
    expect(faultOf(code, 'pr.example.com', 'zh').what).toMatch(what);
  });

  test('mail: a wrong password; a pager whose address is gone; Twilio when it is not paid', async () => {
    const { mail, twilio } = house;
    const url = mail.urlFor('nobody@example.com', 'wrong');
    const gone = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(gone.address() as AddressInfo).port}/hook`;
    try {
      twilio.suspend();
      const { said } = await run({ ...settings('email', { url }), ...settings('pager', { url: at }) });
      expect(wrong(said).map(({ area, what }) => [area, what])).toEqual([
        ['email', expect.stringContaining('不让我们登录')],
        ['phone', expect.stringContaining('account-suspended')],
        ['pager', expect.stringContaining('HTTP 404')],
      ]);
    } finally {
      gone.close();
    }
  });
});

test('the words after the command', () => {
  expect(readArgs(['--to', 'U1', '--to=ou_2', '--json', '--language', 'en'])).toEqual({
    ok: { to: ['U1', 'ou_2'], json: true, language: 'en' },
  });
  expect(readArgs(['--help'])).toEqual({ unknown: undefined });
  for (const bad of [['--too', 'x'], ['--to'], ['--language', 'fr']]) expect(readArgs(bad)).toHaveProperty('unknown');
});

test('as a command: lines for people, faults of the settings named, exit code 1, and no secret in sight', async () => {
  const program = join(import.meta.dirname, '..', 'src', 'selftest.ts');
  const environment = {
    PATH: process.env.PATH ?? '',
    SLACK_BOT_TOKEN: 'xoxp-geheim',
    DATABASE_URL: 'mysql://u:geheim@x/y',
  };
  const ended = await promisify(execFile)(process.execPath, [program], { env: environment }).catch(
    (error: { code: number; stdout: string }) => error,
  );
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stdout).toMatch(/^✗ SLACK_BOT_TOKEN: .*\n {4}→ /m);
  expect(ended.stdout).toMatch(/^✗ DATABASE_URL: /m);
  expect(ended.stdout).not.toContain('geheim');
});
