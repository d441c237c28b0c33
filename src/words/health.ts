/** `/pr health`: what is wrong and what to do, in an administrator's words. */
import { words } from './language.ts';

interface Said {
  what: string;
  mend: string;
}

export const healthWords = words({
  zh: {
    title: '体检',
    onlyAdmin: (names: string) => `只有管理员可以看体检结果：${names}。`,
    wrong: (count: number) => `体检：${count} 处要处理`,
    noted: '体检：可以用，有几点请留意',
    well: '体检：一切正常',
    first: (headline: string) => `${headline}（先看本机；各平台还在核实）`,
    follows: '正在向各平台逐项核实，约十几秒后另发一张结果。',
    since: (since: string) => `程序自 ${since} 运行至今。`,
    checked: (items: string) => `查过、正常：${items}。`,
    more: (count: number) => `另有 ${count} 条没有列出；先处理上面的，再输入 /pr health。`,
    mend: (text: string) => `→ ${text}`,
    join: (items: readonly string[]) => items.join('；'),
    names: (items: readonly string[]) => items.join('、'),
    platforms: {
      slack: 'Slack',
      feishu: '飞书',
      desk: '工作台',
      wecom: '企业微信',
      email: '邮件',
      sms: '短信',
      phone: '电话',
      pager: '呼叫平台',
      signals: '监测工具',
    },
    age: (seconds: number) =>
      seconds < 120
        ? `${Math.round(seconds)} 秒`
        : seconds < 7200
          ? `${Math.round(seconds / 60)} 分钟`
          : `${Math.round(seconds / 3600)} 小时`,
    trouble: { mend: '等一分钟再查一次；仍然如此时，请对照管理员指南第十五节' },
    outbox: {
      late: (platform: string, age: string, count: number): Said => ({
        what: `${platform}：有 ${count} 条消息没发出去，最久的等了 ${age}`,
        mend: '看下面平台的情况；平台恢复后会自动补发',
      }),
      refusing: (platform: string, count: number, code: string): Said => ({
        what: `${platform}：有 ${count} 条消息被拒后在重试（${code}）`,
        mend: '平台恢复或改好后会自动补发',
      }),
      well: '发件箱没有积压',
    },
    dead: {
      some: (platform: string, count: number, code: string): Said => ({
        what: `${platform}：最近 30 天有 ${count} 条消息送不到，最近一条的原因是 ${code}`,
        mend: '按当时发给管理员的说明改好；再打开那张单（/pr list），卡片会重新发出',
      }),
      well: '没有送不到的消息',
    },
    causes: {
      not_in_channel: '把机器人请进那个频道（/invite）',
      channel_not_found: '核对 company.yaml 里的频道号；私密频道先请机器人进去',
      is_archived: '频道已归档：取消归档或换一个',
      user_not_found: '核对此人在 company.yaml 里的账号',
      user_disabled: '此人的账号已停用：换账号，或写 active: false',
      token_revoked: '令牌已撤销：重新安装应用并更新 SLACK_BOT_TOKEN',
      invalid_auth: '令牌不对：核对 SLACK_BOT_TOKEN',
      '230002': '把机器人加进那个飞书群',
      '230013': '此人不在飞书应用的可用范围：改可用范围并重新发布',
      '230024': '飞书短信、电话加急的额度用完了：请飞书管理员购买',
      '230029': '此人已离职：在 company.yaml 里写 active: false',
      '230053': '此人屏蔽了机器人：请其在飞书里取消屏蔽',
      '99991403': '飞书本月的 API 额度用完了：请飞书管理员升级，每月 1 日恢复',
      '99991672': '飞书缺权限：在“权限管理”开通并重新发布',
      '60020': '服务器 IP 不在企业微信的“企业可信IP”里：加上',
    } as Record<string, string>,
    timers: {
      late: (count: number, age: string): Said => ({
        what: `有 ${count} 个到时间的提醒或升级没有执行，最久的晚了 ${age}`,
        mend: '看程序日志里的错误；重启一次，它们会接着执行',
      }),
      well: '提醒和升级准时',
    },
    queue: {
      late: (age: string): Said => ({
        what: `后台工作积压，最久的等了 ${age}`,
        mend: '看服务器的负载和数据库是否变慢；可以多开一个进程分担',
      }),
      well: '后台工作没有积压',
    },
    seal: {
      overdue: (age: string): Said => ({
        what: `审计记录有 ${age} 没有封存（应当每天 00:05 一次）`,
        mend: '输入 /pr seal 试一次；不行时把日志里的错误交给开发者',
      }),
      well: '审计记录按时封存',
    },
    pool: {
      waiting: (count: number): Said => ({
        what: `数据库连接不够用，有 ${count} 个操作在排队`,
        mend: '看数据库是否变慢；连接数可用 DATABASE_POOL 调大',
      }),
      crowded: (used: number, most: number): Said => ({
        what: `数据库的连接快用完了（${used}／${most}）`,
        mend: '减少进程数，或把 Postgres 的 max_connections 调大',
      }),
      skew: (seconds: number): Said => ({
        what: `本机时钟与数据库服务器相差 ${seconds} 秒`,
        mend: '两台机器都打开自动校时（NTP）',
      }),
      away: { what: '数据库没有及时应答', mend: '看数据库是否在运行、是否过载、磁盘是否已满' },
      well: '数据库',
    },
    handbook: {
      faults: (since: string, faults: string): Said => ({
        what: `规则手册 ${since} 重读时有错，仍按之前的版本运行`,
        mend: `改好后再重读（SIGHUP）。${faults}`,
      }),
      well: '规则手册没有错误',
    },
    people: {
      unreachable: (names: string): Said => ({
        what: `这些人在任何在用的聊天平台上都没有账号，收不到卡片：${names}`,
        mend: '在 company.yaml 的 accounts 里补上；已离职的写 active: false',
      }),
      strangers: (accounts: string): Said => ({
        what: `有未登记的账号来过：${accounts}`,
        mend: '若是同事，把账号加进 company.yaml 里此人的 accounts，再重读手册',
      }),
      well: '每个人都有账号',
    },
    refused: {
      clock: (platform: string, count: number): Said => ({
        what: `${platform}：启动以来有 ${count} 个请求因时间不对被拒绝`,
        mend: '打开服务器的自动校时（NTP）；若时钟没错，就是有人在重放旧请求',
      }),
      secret: (platform: string, count: number): Said => ({
        what: `${platform}：启动以来有 ${count} 个请求签名不对，被拒绝`,
        mend: '若同时按钮没有反应：核对签名密钥（SLACK_SIGNING_SECRET、飞书的 Encrypt Key 和 Verification Token 等）是否换过，代理有没有改动正文；否则是有人在伪造，已被挡住',
      }),
      well: '没有被拒绝的请求',
    },
    silent: (platform: string, hours: string, count: number): Said => ({
      what: `${platform}：已运行 ${hours}，发出 ${count} 条消息，却没有收到任何按钮或消息`,
      mend: '若大家其实按过：说明回调没接通。Slack 看 Interactivity 和 Event Subscriptions 的请求地址或 Socket Mode；飞书看“事件与回调”里是否订阅并发布',
    }),
    lines: {
      missing: (names: string): Said => ({
        what: `crisis.yaml 里写了 ${names}，但没有设置，危机时会被跳过`,
        mend: '按管理员指南第十章设好（Twilio、呼叫平台或飞书），或从 ladder 里去掉',
      }),
      well: '危机呼叫的每一级都已设置',
    },
  },
  en: {
    title: 'Health',
    onlyAdmin: (names: string) => `Only administrators see this: ${names}.`,
    wrong: (count: number) => `Health: ${count} ${count === 1 ? 'thing' : 'things'} to mend`,
    noted: 'Health: it works, with some things to know',
    well: 'Health: all well',
    first: (headline: string) => `${headline} (this machine; the platforms are still being asked)`,
    follows: 'The platforms are being asked one by one; the whole result follows in a few seconds.',
    since: (since: string) => `Running since ${since}.`,
    checked: (items: string) => `Looked at and well: ${items}.`,
    more: (count: number) => `${count} more are not listed; mend these first, then type /pr health again.`,
    mend: (text: string) => `→ ${text}`,
    join: (items: readonly string[]) => items.join('; '),
    names: (items: readonly string[]) => items.join(', '),
    platforms: {
      slack: 'Slack',
      feishu: 'Feishu',
      desk: 'Desk',
      wecom: 'WeCom',
      email: 'Mail',
      sms: 'SMS',
      phone: 'Phone',
      pager: 'Pager',
      signals: 'Monitoring tools',
    },
    age: (seconds: number) =>
      seconds < 120
        ? `${Math.round(seconds)} s`
        : seconds < 7200
          ? `${Math.round(seconds / 60)} min`
          : `${Math.round(seconds / 3600)} h`,
    trouble: { mend: 'Wait a minute and ask again; if it stays, see section 15 of the guide' },
    outbox: {
      late: (platform: string, age: string, count: number) => ({
        what: `${platform}: ${count} messages have not gone out, the oldest for ${age}`,
        mend: 'See how the platform is, below; once it is well they follow by themselves',
      }),
      refusing: (platform: string, count: number, code: string) => ({
        what: `${platform}: ${count} messages were refused and are tried again (${code})`,
        mend: 'They follow by themselves once the cause is mended',
      }),
      well: 'nothing waits to be sent',
    },
    dead: {
      some: (platform: string, count: number, code: string) => ({
        what: `${platform}: ${count} messages of the last 30 days could not be delivered, the newest because of ${code}`,
        mend: 'Mend it as the message to the administrators said; then open the request again (/pr list), and its card is posted anew',
      }),
      well: 'no message was given up',
    },
    causes: {
      not_in_channel: 'Invite the bot to that channel (/invite)',
      channel_not_found: 'Check the channel id in company.yaml; the bot must be invited to private channels first',
      is_archived: 'The channel is archived: unarchive it or name another one',
      user_not_found: 'Check the account of that person in company.yaml',
      user_disabled: 'The account is deactivated: enter the new one, or write active: false',
      token_revoked: 'The token was revoked: reinstall the app and renew SLACK_BOT_TOKEN',
      invalid_auth: 'The token is wrong: check SLACK_BOT_TOKEN',
      '230002': 'Add the bot to that Feishu group',
      '230013': "The person is outside the app's range in Feishu: widen it and publish a version",
      '230024': "The company's quota of urgent SMS and calls in Feishu is used up: ask the Feishu administrator",
      '230029': 'The person has left: write active: false in company.yaml',
      '230053': 'The person has blocked the bot: ask them to unblock it in Feishu',
      '99991403':
        "This month's quota of Feishu's API is used up: ask the Feishu administrator for more; it begins anew on the 1st",
      '99991672': 'A scope is missing in Feishu: grant it and publish a version',
      '60020': "This server is not among WeCom's trusted IPs (企业可信IP): add it",
    },
    timers: {
      late: (count: number, age: string) => ({
        what: `${count} reminders or escalations are overdue, the oldest by ${age}`,
        mend: 'Look for errors in the log; restart once, and they go on',
      }),
      well: 'reminders and escalations are on time',
    },
    queue: {
      late: (age: string) => ({
        what: `Background work piles up, the oldest for ${age}`,
        mend: 'Look at the load of the server and of the database; another process shares the work',
      }),
      well: 'background work is up to date',
    },
    seal: {
      overdue: (age: string) => ({
        what: `The record has not been sealed for ${age} (it should be each day at 00:05)`,
        mend: 'Type /pr seal; if that fails, pass the error in the log on to the developers',
      }),
      well: 'the record is sealed in time',
    },
    pool: {
      waiting: (count: number) => ({
        what: `There are not enough connections to the database: ${count} wait for one`,
        mend: 'See whether the database has become slow; DATABASE_POOL gives more connections',
      }),
      crowded: (used: number, most: number) => ({
        what: `The database is running out of connections (${used} of ${most})`,
        mend: "Run fewer processes, or raise Postgres' max_connections",
      }),
      skew: (seconds: number) => ({
        what: `This machine's clock is ${seconds} s away from the database server's`,
        mend: 'Switch on automatic time (NTP) on both',
      }),
      away: {
        what: 'The database did not answer in time',
        mend: 'See whether it runs, is overloaded, or has a full disk',
      },
      well: 'the database',
    },
    handbook: {
      faults: (since: string, faults: string) => ({
        what: `The handbook had faults when it was read again at ${since}; the one before stays in force`,
        mend: `Mend it and have it read again (SIGHUP). ${faults}`,
      }),
      well: 'the handbook has no faults',
    },
    people: {
      unreachable: (names: string) => ({
        what: `These people have no account on any chat in use and get no cards: ${names}`,
        mend: 'Add their accounts in company.yaml; for whoever has left, write active: false',
      }),
      strangers: (accounts: string) => ({
        what: `Accounts that the handbook does not know were here: ${accounts}`,
        mend: 'If they are colleagues, add the account to that person in company.yaml and have it read again',
      }),
      well: 'everybody has an account',
    },
    refused: {
      clock: (platform: string, count: number) => ({
        what: `${platform}: ${count} requests were refused since the start because of their time`,
        mend: 'Switch on automatic time (NTP); if the clock is right, somebody replays old requests',
      }),
      secret: (platform: string, count: number) => ({
        what: `${platform}: ${count} requests with wrong signatures were refused since the start`,
        mend: "If buttons do nothing as well: check whether the secrets were changed (SLACK_SIGNING_SECRET, Feishu's Encrypt Key and Verification Token …) and whether a proxy rewrites bodies; otherwise somebody forges requests, in vain",
      }),
      well: 'no request was refused',
    },
    silent: (platform: string, hours: string, count: number) => ({
      what: `${platform}: running for ${hours}, ${count} messages went out, and nothing came in: no button, no word`,
      mend: 'If people did press: callbacks do not reach us. Slack: the request URLs of Interactivity and Event Subscriptions, or Socket Mode. Feishu: whether Events & Callbacks are subscribed and published',
    }),
    lines: {
      missing: (names: string) => ({
        what: `crisis.yaml names ${names}, which is not set up; a crisis passes over it`,
        mend: 'Set it up as section 10 of the guide says (Twilio, the pager or Feishu), or take it out of the ladder',
      }),
      well: 'every way of ringing in a crisis is set up',
    },
  },
});
