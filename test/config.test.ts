/** The settings: what counts when nothing is set, and one clear sentence for each that is wrong or half given. */
import { describe, expect, test } from 'vitest';
import { type Config, readConfig, readSettings } from '../src/config.ts';

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'shh' };
const FEISHU = {
  FEISHU_APP_ID: 'cli_a1b2c3d4e5f60718',
  FEISHU_APP_SECRET: 'app secret',
  FEISHU_ENCRYPT_KEY: 'encrypt key',
  FEISHU_VERIFICATION_TOKEN: 'verification token',
};
const EMAIL = { SMTP_URL: 'smtps://desk:p%40ss@smtp.example.com', MAIL_FROM: '会签 <desk@example.com>' };
const WECOM = { WECOM_CORP_ID: 'ww5823bf96d3bd56c7', WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'app secret' };
const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const CALLBACK = { WECOM_TOKEN: 'QDG6eK', WECOM_AES_KEY: AES_KEY };
const TWILIO = {
  TWILIO_ACCOUNT_SID: 'AC00112233445566778899aabbccddeeff',
  TWILIO_AUTH_TOKEN: 'token of the account'.replaceAll(' ', '-'),
  TWILIO_FROM: '+13105550100',
};
const PAGER = { PAGER_URL: 'https://pager.example.com/hooks/x?token=t0p', PAGER_SECRET: 'sixteen letters!' };
const PUBLIC = { PUBLIC_URL: 'https://desk.example.com' };
const ROBOT = '693a91f6-7b1c-4bc4-97a0-0ec2b5fa5aaa';

function good(environment: Record<string, string>): Config {
  const read = readSettings(environment);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.ok;
}
function faults(environment: Record<string, string>): string[] {
  const read = readSettings(environment);
  return 'faults' in read ? read.faults : [];
}

describe('with nothing set', () => {
  test('it serves this machine alone, on an embedded database, with the example company and the desk', () => {
    expect(good({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      databaseUrl: undefined,
      databasePool: 27,
      drainSeconds: 0,
      adminToken: undefined,
      logLevel: 'info',
      desk: true,
      slack: undefined,
      feishu: undefined,
      email: undefined,
      wecom: undefined,
      twilio: undefined,
      pager: undefined,
      signalsSecret: undefined,
    });
    expect(good({}).dataDir).toMatch(/[\\/]\.data$/);
    expect(good({}).handbook).toMatch(/[\\/]handbook$/);
  });

  test('an empty or blank setting counts as none, as in a file of settings with nothing filled in', () => {
    const blank = Object.fromEntries(
      [
        ...Object.keys({ ...SLACK, ...FEISHU, ...EMAIL, ...WECOM, ...CALLBACK, ...TWILIO, ...PAGER }),
        'TWILIO_API_URL',
        'SIGNALS_SECRET',
        'WECOM_ROBOTS',
        'DATABASE_URL',
        'DATABASE_POOL',
        'DRAIN_SECONDS',
        'ADMIN_TOKEN',
        'DESK',
        'PORT',
      ].map((name) => [name, ' ']),
    );
    expect(good(blank)).toEqual(good({}));
  });

  test('only the named variables are read where only they count', () => {
    const read = readConfig(['HOME']);
    expect('ok' in read && read.ok.port).toBe(3000);
  });
});

describe('the desk', () => {
  test.each([
    ['Slack', SLACK],
    ['Feishu', FEISHU],
  ])('is off as soon as %s is configured, unless asked for', (_name, platform) => {
    expect(good(platform).desk).toBe(false);
    expect(good({ ...platform, DESK: 'on' }).desk).toBe(true);
  });
  test('can be switched off', () => expect(good({ DESK: 'off' }).desk).toBe(false));
});

describe('where it is reached', () => {
  test('follows HOST and PORT, also for IPv6, and loses a slash at the end', () => {
    expect(good({ HOST: '0.0.0.0', PORT: '8080' }).publicUrl).toBe('http://0.0.0.0:8080');
    expect(good({ HOST: '::1', PORT: '8080' }).publicUrl).toBe('http://[::1]:8080');
    expect(good({ PUBLIC_URL: 'https://pr.example.com/' }).publicUrl).toBe('https://pr.example.com');
  });
});

describe('several processes', () => {
  test('each opens as many connections as it is told, and goes on answering as long as it is told', () => {
    expect(good({ DATABASE_POOL: '10', DRAIN_SECONDS: '20' })).toMatchObject({ databasePool: 10, drainSeconds: 20 });
  });
  test.each(['9', '501', '-5', '2.5', 'many', '1e2'])('no pool of %s', (text) => {
    expect(faults({ DATABASE_POOL: text })).toEqual([
      `DATABASE_POOL: "${text}" cannot be used; set how many connections this process may open in all, from 10 to 500, or leave it out for 27`,
    ]);
  });
  test.each(['-1', '121', '1.5', 'long'])('no drain of %s seconds', (text) => {
    expect(faults({ DRAIN_SECONDS: text })).toEqual([
      `DRAIN_SECONDS: "${text}" cannot be used; set whole seconds from 0 to 120: somewhat longer than the load balancer takes to notice that /healthz says 503`,
    ]);
  });
});

describe('the platforms', () => {
  test('Slack over HTTP needs the bot token and the signing secret, over Socket Mode the app token instead', () => {
    expect(good(SLACK).slack).toEqual({ botToken: 'xoxb-1', signingSecret: 'shh' });
    expect(good({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }).slack).toEqual({
      botToken: 'xoxb-1',
      appToken: 'xapp-1',
    });
  });
  test('Feishu over callbacks needs all four, over the long connection no encrypt key', () => {
    expect(good(FEISHU).feishu).toEqual({
      appId: 'cli_a1b2c3d4e5f60718',
      appSecret: 'app secret',
      encryptKey: 'encrypt key',
      verificationToken: 'verification token',
      transport: 'http',
      domain: 'https://open.feishu.cn',
    });
    const { FEISHU_ENCRYPT_KEY: _none, ...rest } = FEISHU;
    expect(good({ ...rest, FEISHU_TRANSPORT: 'socket' }).feishu).toMatchObject({ transport: 'socket' });
  });
});

describe('mail', () => {
  test('needs the server and the sender, and is no chat: the desk stays on beside it', () => {
    expect(good(EMAIL)).toMatchObject({ email: { url: EMAIL.SMTP_URL, from: EMAIL.MAIL_FROM }, desk: true });
  });
  test.each([
    ['smtp://smtp.example.com', 'desk@example.com'],
    ['smtp://desk:secret@127.0.0.1:2525/', '"PR, the desk" <desk@example.com>'],
    ['smtps://desk%40example.com:a%23b%3Ac@[::1]:465', '<desk@example.com>'],
  ])('takes %s and %s', (url, from) => {
    expect(good({ SMTP_URL: url, MAIL_FROM: from }).email).toEqual({ url, from });
  });
  test.each([
    'https://desk:hunter2@smtp.example.com',
    'smtp://desk:hunter2@',
    'smtp://desk@smtp.example.com',
    'smtp://desk:hunter2#1@smtp.example.com',
    'smtp://desk:12/hunter2@smtp.example.com',
    'smtp://desk:hunter2%@smtp.example.com',
    'smtp://desk:hunter2@smtp.example.com/?tls=no',
    'desk:hunter2@smtp.example.com',
  ])('a wrong server is one sentence that does not repeat the password: %s', (url) => {
    const said = faults({ ...EMAIL, SMTP_URL: url });
    expect(said).toEqual([expect.stringMatching(/^SMTP_URL: is no address of a mail server; write it as smtp:/)]);
    expect(said.join()).not.toContain('hunter2');
  });
});

describe('WeCom', () => {
  const app = { corpId: 'ww5823bf96d3bd56c7', agentId: 1000002, secret: 'app secret' };
  test('needs the app, and for buttons the callback pair; it is no place for live cards: the desk stays on beside it', () => {
    const apiUrl = 'https://qyapi.weixin.qq.com';
    expect(good(WECOM)).toMatchObject({ wecom: { app, robots: {}, apiUrl }, desk: true });
    expect(good({ ...WECOM, ...CALLBACK }).wecom).toEqual({
      app: { ...app, callback: { token: 'QDG6eK', aesKey: AES_KEY } },
      robots: {},
      apiUrl,
    });
  });
  test('robots speak without an app; their keys may come as whole addresses', () => {
    const whole = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${ROBOT}`;
    expect(good({ WECOM_ROBOTS: `pr=${ROBOT}, 危机=${whole}` }).wecom).toEqual({
      robots: { pr: ROBOT, 危机: ROBOT },
      apiUrl: 'https://qyapi.weixin.qq.com',
    });
  });
  test('elsewhere, by a proxy', () => {
    expect(good({ ...WECOM, WECOM_API_URL: 'https://proxy.example.com/wecom/' }).wecom?.apiUrl).toBe(
      'https://proxy.example.com/wecom',
    );
  });
});

describe('a wrong or half-given setting: one sentence that names it and the mend', () => {
  const { FEISHU_ENCRYPT_KEY: _key, ...withoutKey } = FEISHU;
  test.each<[string, Record<string, string>, RegExp]>([
    ['a word for a port', { PORT: 'http' }, /^PORT: "http" is no port; set a number from 0 to 65535/],
    ['a port beyond the last', { PORT: '65536' }, /^PORT: "65536" is no port/],
    ['a negative port', { PORT: '-1' }, /^PORT: "-1" is no port/],
    ['an address without http', { PUBLIC_URL: 'pr.example.com' }, /^PUBLIC_URL: .* write it as https:/],
    ['an address that could run something', { PUBLIC_URL: 'javascript:alert(1)' }, /^PUBLIC_URL: /],
    [
      'another database',
      { DATABASE_URL: 'mysql://root:hunter2@db/x' },
      /^DATABASE_URL: is no Postgres address; write it/,
    ],
    ['an unknown level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL: "loud" is unknown; use one of fatal, error, warn/],
    ['an unclear desk', { DESK: 'yes' }, /^DESK: "yes" is unknown; use one of on, off/],
    ['no bot token', { SLACK_SIGNING_SECRET: 'shh' }, /^SLACK_BOT_TOKEN: is missing; copy the Bot User OAuth Token/],
    [
      'a user token for the bot token',
      { ...SLACK, SLACK_BOT_TOKEN: 'xoxp-1' },
      /^SLACK_BOT_TOKEN: .*begins with xoxb-/,
    ],
    ['neither secret nor app token', { SLACK_BOT_TOKEN: 'xoxb-1' }, /^SLACK_SIGNING_SECRET: .*or set SLACK_APP_TOKEN/],
    ['a bot token for the app token', { ...SLACK, SLACK_APP_TOKEN: 'xoxb-1' }, /^SLACK_APP_TOKEN: .*begins with xapp-/],
    ['Slack elsewhere, written badly', { ...SLACK, SLACK_API_URL: 'slack.com/api' }, /^SLACK_API_URL: /],
    ['no encrypt key for callbacks', withoutKey, /^FEISHU_ENCRYPT_KEY: is missing; .*开发者后台/],
    ['an unknown transport', { ...FEISHU, FEISHU_TRANSPORT: 'pigeon' }, /^FEISHU_TRANSPORT: "pigeon" .*http, socket/],
    [
      'an app id that the long connection refuses',
      { ...FEISHU, FEISHU_TRANSPORT: 'socket', FEISHU_APP_ID: 'cli_short' },
      /^FEISHU_APP_ID: must be cli_ and 16 hexadecimal digits .*FEISHU_TRANSPORT=http/,
    ],
    [
      'a sender without a mail server',
      { MAIL_FROM: EMAIL.MAIL_FROM },
      /^SMTP_URL: is missing; .*or leave out MAIL_FROM/,
    ],
    ['a mail server without a sender', { SMTP_URL: EMAIL.SMTP_URL }, /^MAIL_FROM: is missing; .*or leave out SMTP_URL/],
    ['a sender who is no address', { ...EMAIL, MAIL_FROM: '会签 <desk>' }, /^MAIL_FROM: "会签 <desk>" is no sender/],
    [
      'a sender who brings a header',
      { ...EMAIL, MAIL_FROM: 'x\r\nBcc: all <desk@example.com>' },
      /^MAIL_FROM: .* is no sender/s,
    ],
    ['no company id', { ...WECOM, WECOM_CORP_ID: '' }, /^WECOM_CORP_ID: is missing; copy it from 我的企业/],
    ['no agent id', { ...WECOM, WECOM_AGENT_ID: '' }, /^WECOM_AGENT_ID: is missing; .*应用管理/],
    ['no secret', { ...WECOM, WECOM_SECRET: '' }, /^WECOM_SECRET: is missing; .*应用管理/],
    [
      'a name for the agent id',
      { ...WECOM, WECOM_AGENT_ID: '会签' },
      /^WECOM_AGENT_ID: "会签" is no AgentId; it is a number/,
    ],
    [
      'a token without a key',
      { ...WECOM, WECOM_TOKEN: 'QDG6eK' },
      /^WECOM_AES_KEY: is missing; copy both .*设置API接收/,
    ],
    ['a key without a token', { ...WECOM, WECOM_AES_KEY: AES_KEY }, /^WECOM_TOKEN: is missing; copy both/],
    [
      'half a key',
      { ...WECOM, ...CALLBACK, WECOM_AES_KEY: AES_KEY.slice(1) },
      /^WECOM_AES_KEY: must be the EncodingAESKey of 43 letters and digits/,
    ],
    ['a robot without a name', { WECOM_ROBOTS: ROBOT }, /^WECOM_ROBOTS: write each robot as name=key, with commas/],
    ['two robots of one name', { WECOM_ROBOTS: `pr=${ROBOT},pr=${ROBOT}` }, /^WECOM_ROBOTS: "pr" stands there twice/],
    ['WeCom elsewhere, written badly', { ...WECOM, WECOM_API_URL: 'proxy' }, /^WECOM_API_URL: /],
    ['Feishu elsewhere, written badly', { ...FEISHU, FEISHU_DOMAIN: 'feishu' }, /^FEISHU_DOMAIN: /],
  ])('%s', (_story, environment, sentence) => {
    expect(faults(environment)).toEqual([expect.stringMatching(sentence)]);
  });

  test('several at once are all said, each at its own name', () => {
    const said = faults({ PORT: 'x', LOG_LEVEL: 'loud', SLACK_APP_TOKEN: 'xapp-1', FEISHU_APP_ID: 'cli_1' });
    expect(said.map((sentence) => sentence.split(':')[0])).toEqual([
      'PORT',
      'SLACK_BOT_TOKEN',
      'FEISHU_APP_SECRET',
      'FEISHU_ENCRYPT_KEY',
      'FEISHU_VERIFICATION_TOKEN',
      'LOG_LEVEL',
    ]);
  });

  test('no sentence repeats a secret', () => {
    const secrets = {
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      SLACK_BOT_TOKEN: 'xoxp-hunter2',
      SLACK_APP_TOKEN: 'xoxb-hunter2',
      FEISHU_APP_SECRET: 'hunter2',
      WECOM_SECRET: 'hunter2',
      WECOM_AES_KEY: 'hunter2',
      WECOM_ROBOTS: 'hunter2,pr=key?hunter2',
    };
    expect(faults(secrets).join('\n')).not.toContain('hunter2');
  });
});

describe('the phone', () => {
  test('is on with an account, its token and a number, and calls Twilio unless told otherwise', () => {
    const apiUrl = 'https://api.twilio.com';
    const [accountSid, authToken, from] = Object.values(TWILIO);
    expect(good({ ...PUBLIC, ...TWILIO }).twilio).toEqual({ accountSid, authToken, from, apiUrl });
    expect(good({ ...PUBLIC, ...TWILIO, TWILIO_API_URL: 'http://127.0.0.1:4013/' }).twilio?.apiUrl).toBe(
      'http://127.0.0.1:4013',
    );
    expect(good({ ...PUBLIC, ...TWILIO }).desk).toBe(true);
  });

  test.each(Object.keys(TWILIO))('half given, it says that %s is missing', (name) => {
    const { [name as keyof typeof TWILIO]: _left, ...rest } = TWILIO;
    expect(faults({ ...PUBLIC, ...rest })).toEqual([expect.stringMatching(`^${name}: is missing; `)]);
  });

  test('without an address of ours nobody could answer', () => {
    expect(faults(TWILIO)).toEqual([expect.stringMatching(/^PUBLIC_URL: is missing; with TWILIO_FROM set, answers/)]);
  });

  test.each([
    ['TWILIO_ACCOUNT_SID', 'SK00112233445566778899aabbccddeeff', /^TWILIO_ACCOUNT_SID: must be AC and 32/],
    ['TWILIO_AUTH_TOKEN', 'two words', /^TWILIO_AUTH_TOKEN: holds a space/],
    ['TWILIO_FROM', '13105550100', /^TWILIO_FROM: "13105550100" is no phone number/],
    ['TWILIO_API_URL', 'api.twilio.com', /^TWILIO_API_URL: "api.twilio.com" is no web address/],
  ])('%s: %s is wrong', (name, value, said) => {
    const told = faults({ ...PUBLIC, ...TWILIO, [name]: value });
    expect(told).toEqual([expect.stringMatching(said)]);
    expect(told.join()).not.toMatch(/two words|SK0011/);
  });
});

describe('another pager', () => {
  test('is on with an address and a secret that signs', () => {
    expect(good({ ...PUBLIC, ...PAGER }).pager).toEqual({ url: PAGER.PAGER_URL, secret: PAGER.PAGER_SECRET });
  });

  test.each([
    [{ PAGER_URL: PAGER.PAGER_URL }, /^PAGER_SECRET: is missing; /],
    [{ PAGER_SECRET: PAGER.PAGER_SECRET }, /^PAGER_URL: is missing; /],
    [{ ...PAGER, PAGER_SECRET: 'fifteen letters' }, /^PAGER_SECRET: is too short; /],
    [{ ...PAGER, PAGER_URL: 'ftp://pager.example.com/t0p' }, /^PAGER_URL: is no web address; /],
    [{ ...PAGER, PAGER_URL: 'https://me:t0p@pager.example.com/' }, /^PAGER_URL: .*without user and password$/],
  ])('%j is wrong, and its secrets are not repeated', (settings, said) => {
    const told = faults({ ...PUBLIC, ...settings });
    expect(told).toEqual([expect.stringMatching(said)]);
    expect(told.join()).not.toMatch(/t0p|letters/);
  });

  test('without an address of ours nobody could answer', () => {
    expect(faults(PAGER)).toEqual([expect.stringMatching(/^PUBLIC_URL: is missing; with PAGER_URL set/)]);
  });
});

test('what monitoring tools report is signed with a secret of 16 characters or more', () => {
  expect(good({ SIGNALS_SECRET: 'sixteen letters!' }).signalsSecret).toBe('sixteen letters!');
  expect(faults({ SIGNALS_SECRET: 'fifteen letters' })).toEqual([
    expect.stringMatching(/^SIGNALS_SECRET: is too short; /),
  ]);
  expect(faults({ SIGNALS_SECRET: 'fifteen letters' }).join()).not.toContain('letters');
});
