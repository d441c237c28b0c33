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
      adminToken: undefined,
      logLevel: 'info',
      desk: true,
      slack: undefined,
      feishu: undefined,
    });
    expect(good({}).dataDir).toMatch(/[\\/]\.data$/);
    expect(good({}).handbook).toMatch(/[\\/]handbook$/);
  });

  test('an empty or blank setting counts as none, as in a file of settings with nothing filled in', () => {
    const blank = Object.fromEntries(
      [...Object.keys({ ...SLACK, ...FEISHU }), 'DATABASE_URL', 'ADMIN_TOKEN', 'DESK', 'PORT'].map((name) => [
        name,
        ' ',
      ]),
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
    };
    expect(faults(secrets).join('\n')).not.toContain('hunter2');
  });
});
