/** The platforms that the settings turn on, each put together with what it needs of the product. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createDesk } from '../adapters/desk/adapter.ts';
import { createDeskStore } from '../adapters/desk/store.ts';
import { createPager } from '../adapters/pager/adapter.ts';
import { createPhone, createSms } from '../adapters/phone/adapter.ts';
import { createWeCom } from '../adapters/wecom/adapter.ts';
import type { Config } from './config.ts';
import type { ChatAdapter, Desk, Platform, RingReport } from './core/chat.ts';
import type { Database } from './core/intake.ts';
import { pinned } from './core/setting.ts';
import type { Watching } from './health/watching.ts';
import { commandsOf, companyPage, feishuPeople, slackAccounts } from './introduce.ts';
import type { Office } from './office.ts';

export interface Parts {
  desk: Desk;
  log: Logger;
  clock: () => Date;
  sql: Database;
  /** how many processes share what a platform allows */
  among: () => number;
  office: Office;
  watching: Pick<Watching, 'of'>;
  /** what a platform says of a ring. @throws when it could not be kept */
  reported(report: RingReport): Promise<void>;
  /** a secret of ours, of this installation alone */
  sealKey: string;
}

/**
 * Into `adapters`, which the parts already share: what is added here is found there. The chats' SDKs and the mailer are loaded only where they
 * are set up: together they take as long and as much memory as all the rest of the program.
 */
export async function addPlatforms(config: Config, adapters: Map<Platform, ChatAdapter>, parts: Parts): Promise<void> {
  const { desk, log, clock, sql, among, office, watching, reported, sealKey } = parts;
  const common = { desk, log, clock, among };
  const commands = () => commandsOf(office.now(), office.defaultLanguage());
  /** the handbook's word, else the first tenant that the platform shows us, for good */
  const pin = (platform: 'slack' | 'feishu') => (tenant: string) => {
    const said = office.now().company.tenants[platform];
    return pinned(sql, `${platform}-tenant`, said ?? tenant, said);
  };
  if (config.slack) {
    const { createSlack } = await import('../adapters/slack/adapter.ts');
    const accounts = () => slackAccounts(office.now());
    const pinTeam = pin('slack');
    adapters.set(
      'slack',
      createSlack(config.slack, {
        ...common,
        watch: watching.of('slack'),
        commands: commands().slack,
        pinTeam,
        accounts,
      }),
    );
  }
  if (config.feishu) {
    const { createFeishu } = await import('../adapters/feishu/adapter.ts');
    const people = () => feishuPeople(office.now());
    const pinTenant = pin('feishu');
    adapters.set(
      'feishu',
      createFeishu(config.feishu, {
        ...common,
        watch: watching.of('feishu'),
        commands: commands().feishu,
        pinTenant,
        people,
      }),
    );
  }
  if (config.email) {
    const { createEmail } = await import('../adapters/email/adapter.ts');
    adapters.set('email', createEmail(config.email, { log, clock }));
  }
  if (config.wecom) adapters.set('wecom', createWeCom(config.wecom, { ...common, watch: watching.of('wecom') }));
  const ringing = { ...common, reported, publicUrl: () => config.publicUrl };
  if (config.twilio) {
    adapters.set('sms', createSms(config.twilio, { ...ringing, watch: watching.of('sms') }));
    adapters.set('phone', createPhone(config.twilio, { ...ringing, watch: watching.of('phone') }));
  }
  if (config.pager)
    adapters.set('pager', createPager(config.pager, { ...ringing, watch: watching.of('pager'), sealKey }));
  if (config.desk) {
    const company = () => companyPage(office.now());
    const uploads = join(config.dataDir, 'uploads');
    const store = createDeskStore({ sql });
    adapters.set('desk', createDesk({ ...common, company, commands: () => commands().desk, store, uploads }));
  }
}
