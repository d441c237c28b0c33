/** The fakes of both platforms with the example company's people, and what a program must be told to use them. */
import { startFakeFeishu } from '../support/feishu.ts';
import { startFakeSlack } from '../support/slack.ts';

export const ADMIN_TOKEN = 'a-long-admin-token-for-benches';
const PEOPLE = { U01WANG: '王晓文', U02LI: '李娜', U04CHEN: '陈卫东', U05QIAN: '钱多' };

export async function openPlatforms() {
  const [slack, feishu] = [await startFakeSlack(), await startFakeFeishu()];
  for (const [id, name] of Object.entries(PEOPLE)) slack.addUser({ id, name });
  for (const id of ['C0PR', 'C0CRISIS', 'C0AUDIT']) slack.addChannel({ id, members: Object.keys(PEOPLE) });
  const { appId, appSecret, encryptKey = '', verificationToken, domain } = feishu.settings('http') as Settings;
  return {
    slack,
    feishu,
    environment: {
      ADMIN_TOKEN,
      LOG_LEVEL: 'error',
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      FEISHU_APP_ID: appId,
      FEISHU_APP_SECRET: appSecret,
      FEISHU_ENCRYPT_KEY: encryptKey,
      FEISHU_VERIFICATION_TOKEN: verificationToken,
      FEISHU_DOMAIN: domain,
    },
    /** what people do goes there */
    talkTo: (url: string): void => {
      slack.product = `${url}/slack/events`;
      feishu.deliverTo(`${url}/feishu/events`);
    },
    close: async (): Promise<void> => {
      await Promise.all([slack.stop(), feishu.close()]);
    },
  };
}

type Settings = Record<'appId' | 'appSecret' | 'encryptKey' | 'verificationToken' | 'domain', string>;
