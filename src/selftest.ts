/**
 * `npm run selftest`: run by an installer against the real platforms with the settings of the environment. One line for each thing that was
 * looked at; exit code 1 where something must be mended. It changes nothing but the one card that it sends to whoever asks, and removes it.
 */
import { randomUUID } from 'node:crypto';
import { createEmail } from '../adapters/email/adapter.ts';
import { createFeishu } from '../adapters/feishu/adapter.ts';
import { createPager } from '../adapters/pager/adapter.ts';
import { createPhone } from '../adapters/phone/adapter.ts';
import { createSlack } from '../adapters/slack/adapter.ts';
import { createWeCom } from '../adapters/wecom/adapter.ts';
import { openDatabase } from '../db/client.ts';
import { type Config, readConfig } from './config.ts';
import { type ChatAdapter, type Check, type Content, DeliveryError, type Desk, type Language } from './core/chat.ts';
import { inTime } from './core/in-time.ts';
import type { Company, Directory } from './directory/model.ts';
import { readHandbook } from './handbook/read.ts';
import { examinationOf } from './health/examination.ts';
import { createLog } from './log.ts';
import type { Process } from './processes/model.ts';
import { newForm } from './requests/forms.ts';
import { checkAddress } from './selftest/address.ts';
import { checkDatabase } from './selftest/database.ts';
import { type Area, type Asked, jsonOf, type Line, readArgs, textOf, wrongIn } from './selftest/report.ts';
import { sampleCard } from './selftest/samples.ts';
import { examineWords } from './words/examine.ts';
import { describeFaults } from './words/handbook.ts';
import { selftestWords } from './words/selftest.ts';

type Platform = 'slack' | 'feishu' | 'wecom' | 'email' | 'phone' | 'pager';
const PLATFORMS: readonly Platform[] = ['slack', 'feishu', 'wecom', 'email', 'phone', 'pager'];
const EXAMINED_MS = 60_000;

/** @returns the exit code */
export async function selftest(
  config: Config,
  { to, json, language: wish }: Asked,
  print: (text: string) => void,
): Promise<number> {
  const lines: Line[] = [];
  const reading = await readHandbook(config.handbook);
  const language = wish ?? reading.language;
  const w = selftestWords(language);
  const say = (area: Area, ...checks: (Check | { kind: 'off'; what: string })[]): void => {
    for (const check of checks) {
      const line = { area, ...check };
      lines.push(line);
      print(json ? jsonOf(line) : textOf(line));
    }
  };
  say('settings', { kind: 'well', what: w.settings });
  if ('faults' in reading)
    say('handbook', { kind: 'stops', ...w.badHandbook(describeFaults(reading.faults, language).trim()) });
  else say('handbook', { kind: 'well', what: w.handbook(reading.ok.processes.length) });
  const known = 'ok' in reading ? reading.ok : undefined;

  say('database', ...(await databaseChecks(config, language)));
  const samples = known ? samplesOf(known, config, language) : [];
  const adapters = adaptersOf(config, language);
  for (const platform of PLATFORMS) {
    const adapter = adapters.get(platform);
    if (adapter === undefined) say(platform, { kind: 'off', what: w.notSetUp(w.areas[platform]) });
    else say(platform, ...(await examined(adapter, known, samples, language, w.areas[platform])));
  }
  for (const account of to) say('card', await cardTo(account, adapters, config, language));
  const paths = pathsOf(config);
  if (paths.length === 0) say('address', { kind: 'off', what: w.notSetUp(w.areas.address) });
  else say('address', ...(await checkAddress({ publicUrl: config.publicUrl, paths }, language)));
  for (const adapter of adapters.values()) await adapter.stop();
  if (!json) print(`${w.result(wrongIn(lines))}\n`);
  return wrongIn(lines) > 0 ? 1 : 0;
}

async function databaseChecks({ databaseUrl }: Config, language: Language): Promise<Check[]> {
  const { database: w } = selftestWords(language);
  if (databaseUrl === undefined) return [{ kind: 'well', what: w.embedded }];
  const database = openDatabase(databaseUrl, { max: 1 });
  try {
    return await checkDatabase(database.sql, language);
  } finally {
    await database.close();
  }
}

/** Nobody speaks to us here, and we know nobody. */
const nobody = (language: Language): Desk => ({
  take: async () => ({ kind: 'nothing' }),
  answered: () => {},
  languageOf: () => language,
});

/** Put together and never started: nothing is connected, pinned or registered. */
function adaptersOf(config: Config, language: Language): ReadonlyMap<Platform, ChatAdapter> {
  const log = createLog('silent');
  const clock = () => new Date();
  const common = { desk: nobody(language), log, clock };
  const ringing = { ...common, reported: async () => {}, publicUrl: () => config.publicUrl };
  const known = async (tenant: string) => tenant;
  const { slack, feishu, wecom, email, twilio, pager } = config;
  const made: [Platform, ChatAdapter | undefined][] = [
    ['slack', slack && createSlack(slack, { ...common, commands: [], pinTeam: known })],
    ['feishu', feishu && createFeishu(feishu, { ...common, commands: [], pinTenant: known })],
    ['wecom', wecom && createWeCom(wecom, common)],
    ['email', email && createEmail(email, { log, clock })],
    ['phone', twilio && createPhone(twilio, ringing)],
    ['pager', pager && createPager(pager, { ...ringing, sealKey: randomUUID() })],
  ];
  return new Map(made.filter((one): one is [Platform, ChatAdapter] => one[1] !== undefined));
}

async function examined(
  adapter: ChatAdapter,
  known: { company: Company } | undefined,
  samples: readonly Content[],
  language: Language,
  name: string,
): Promise<Check[]> {
  const how = { language, samples, thorough: true };
  const asked = known ? examinationOf(adapter.platform, known, how) : { ...how, channels: [], people: [] };
  const found = await inTime(adapter.examine?.(asked) ?? Promise.resolve([]), EXAMINED_MS);
  return found ?? [{ kind: 'stops', ...examineWords(language).slow(name) }];
}

/** The forms as the first person of the handbook would get them: a form that is too large for a platform shows here, not on its first day. */
function samplesOf(
  { company, processes }: { company: Company; processes: readonly Process[] },
  { publicUrl }: Config,
  language: Language,
): Content[] {
  const people = new Map(company.people.map((person) => [person.id, person]));
  const directory: Directory = { company, people, absences: [], today: new Date().toISOString().slice(0, 10) };
  const requester = company.people[0].id;
  const forms = processes.map((process): Content => {
    const pinned = { version: 1, process };
    return { kind: 'form', form: newForm({ pinned, raw: {}, faults: {}, requester, directory, language }) };
  });
  return [{ kind: 'card', card: sampleCard(publicUrl, language) }, ...forms];
}

async function cardTo(
  account: string,
  adapters: ReadonlyMap<Platform, ChatAdapter>,
  { publicUrl }: Config,
  language: Language,
): Promise<Check> {
  const { card: w, areas } = selftestWords(language);
  const platform = /^[UW][A-Z0-9]+$/.test(account) ? 'slack' : /^ou_/.test(account) ? 'feishu' : undefined;
  const adapter = platform && adapters.get(platform);
  if (!platform || !adapter) return { kind: 'limits', ...w.unknown(account) };
  const content: Content = { kind: 'card', card: sampleCard(publicUrl, language) };
  const intent = { id: randomUUID(), triedBefore: undefined };
  let ref: Awaited<ReturnType<ChatAdapter['post']>>;
  try {
    ref = await adapter.post({ kind: 'direct', id: account }, content, intent, language);
  } catch (error) {
    return { kind: 'stops', ...w.notDelivered(areas[platform], codeOf(error)) };
  }
  try {
    await adapter.remove?.(ref);
    return { kind: 'well', what: w.delivered(areas[platform]) };
  } catch (error) {
    return { kind: 'limits', ...w.notRemoved(areas[platform], codeOf(error)) };
  }
}

const codeOf = (error: unknown): string => (error instanceof DeliveryError ? error.code : 'unknown');

/** Where platforms call us, as far as they are set up to. */
function pathsOf({ slack, feishu, wecom, twilio, pager }: Config): string[] {
  return [
    ...(slack?.signingSecret && !slack.appToken ? ['/slack/events'] : []),
    ...(feishu?.transport === 'http' ? ['/feishu/events'] : []),
    ...(wecom?.app?.callback ? ['/wecom/events'] : []),
    ...(twilio ? ['/phone/twilio/sms'] : []),
    ...(pager ? ['/pager/reports'] : []),
  ];
}

async function main(args: string[]): Promise<number> {
  const print = (text: string) => void process.stdout.write(text);
  // whoever reads only the first lines has read enough
  process.stdout.on('error', () => process.exit(1));
  const asked = readArgs(args);
  if (!('ok' in asked)) {
    const w = selftestWords('zh');
    process.stderr.write(asked.unknown === undefined ? w.usage : `${w.unknown(asked.unknown)}\n\n${w.usage}`);
    return 2;
  }
  const settings = readConfig();
  if ('ok' in settings) return selftest(settings.ok, asked.ok, print);
  const w = selftestWords(asked.ok.language ?? 'zh');
  for (const fault of settings.faults) {
    const line: Line = { area: 'settings', kind: 'stops', what: fault, ...w.setting };
    print(asked.ok.json ? jsonOf(line) : textOf(line));
  }
  return 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
