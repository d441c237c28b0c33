/** Everything that a run stands on, put up and taken down: Postgres, the two platforms under their weather, the server processes, the people. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate } from '../../db/migrate.ts';
import { startFakeFeishu } from '../support/feishu.ts';
import { startFakeSlack } from '../support/slack.ts';
import { CHANNELS, openHandbook, PEOPLE } from './company.ts';
import { openGround } from './database.ts';
import { createDice, type Dice } from './dice.ts';
import { createJournal } from './journal.ts';
import { People } from './people.ts';
import { openServers } from './servers.ts';
import type { Setting } from './setting.ts';
import { Wall } from './wall.ts';
import { createSky } from './weather.ts';

export const ADMIN_TOKEN = 'a-long-admin-token-of-the-chaos-run';

export type Stage = Awaited<ReturnType<typeof openStage>>;

export async function openStage(setting: Setting) {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step().catch(() => {});
  };
  try {
    return { ...(await putUp(setting, createDice(setting.seed), undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function putUp(setting: Setting, dice: Dice, undo: (() => Promise<unknown>)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  undo.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const book = await openHandbook();
  undo.push(() => book.remove());
  const ground = await openGround(folder, setting.durable);
  undo.push(() => ground.close());
  await migrate(ground.url);
  const sky = createSky(dice.stream('weather'), setting.faulty, setting.generosity, setting.slowMs);
  const { slack, feishu } = await openPlatforms(sky, undo);
  const journal = createJournal();
  const wall = new Wall(slack, feishu, journal);
  const people = new People(wall, journal, dice.stream('repeated'));
  const environment = {
    ...{
      DATABASE_URL: ground.url,
      DATA_DIR: join(folder, 'files'),
      HANDBOOK: book.folder,
      ADMIN_TOKEN,
      LOG_LEVEL: 'warn',
    },
    ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_API_URL: slack.apiUrl },
    ...feishuEnvironment(feishu.settings('http') as Record<string, string>),
    CHAOS_GENEROSITY: String(setting.generosity),
    NODE_OPTIONS: `--import ${pathToFileURL(resolve(import.meta.dirname, 'generous.ts')).href}`,
  };
  const servers = await openServers(setting.processes, environment, dice.stream('servers'));
  undo.push(() => servers.close());
  slack.product = servers.route('/slack/events');
  feishu.deliverTo(servers.route('/feishu/events'));
  return { setting, dice, book, ground, sky, slack, feishu, journal, wall, people, servers };
}

async function openPlatforms(sky: ReturnType<typeof createSky>, undo: (() => Promise<unknown>)[]) {
  const onSlack = PEOPLE.flatMap(({ slack, name }) => (slack ? [{ id: slack, name }] : []));
  const onFeishu = PEOPLE.flatMap(({ feishu }) => feishu ?? []);
  const slack = await startFakeSlack({ weather: sky.slack });
  undo.push(() => slack.stop());
  for (const one of onSlack) slack.addUser(one);
  const members = onSlack.map(({ id }) => id);
  for (const channel of Object.values(CHANNELS)) slack.addChannel({ id: channel.slack, members });
  const chats = Object.fromEntries(Object.values(CHANNELS).map((channel) => [channel.feishu, onFeishu]));
  const feishu = await startFakeFeishu({ people: onFeishu, chats });
  undo.push(() => feishu.close());
  sky.over(feishu);
  return { slack, feishu };
}

const feishuEnvironment = ({ appId, appSecret, encryptKey, verificationToken, domain }: Record<string, string>) => ({
  FEISHU_APP_ID: String(appId),
  FEISHU_APP_SECRET: String(appSecret),
  FEISHU_ENCRYPT_KEY: String(encryptKey),
  FEISHU_VERIFICATION_TOKEN: String(verificationToken),
  FEISHU_DOMAIN: String(domain),
});
