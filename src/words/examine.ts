/** What an examination of the platforms finds, and how it is mended: read by administrators and installers, who are no engineers. */
import { words } from './language.ts';

interface Said {
  what: string;
  mend: string;
}

export const examineWords = words({
  zh: {
    named: { slack: 'Slack', feishu: '飞书', wecom: '企业微信' },
    slow: (platform: string): Said => ({
      what: `${platform}：检查没能在规定时间内完成`,
      mend: '检查服务器到该平台的网络，稍后再试一次',
    }),
    skew: (platform: string, seconds: number): Said => ({
      what: `${platform}：本机时钟与平台相差 ${seconds} 秒；超过 300 秒后所有按钮和消息都会被拒绝`,
      mend: '打开服务器的自动校时（NTP）',
    }),
    clock: (platform: string) => `${platform}：时钟与平台一致`,
    scopes: (platform: string, count: number) => `${platform}：权限齐全（${count} 项）`,
    channels: (platform: string, count: number) => `${platform}：规则手册里的 ${count} 个频道都能发消息`,
    people: (platform: string, count: number) => `${platform}：规则手册里的 ${count} 个账号都在`,
    list: (items: readonly string[]) => items.join('、'),
    slack: {
      signedIn: (team: string) => `Slack：令牌有效，工作区是 ${team}`,
      refused: (code: string): Said => ({
        what: `Slack：机器人令牌被拒绝（${code}）`,
        mend: '在 Slack 应用后台 OAuth & Permissions 重新复制 Bot User OAuth Token（xoxb-…），填入 SLACK_BOT_TOKEN 后重启',
      }),
      away: (code: string): Said => ({
        what: `Slack：连不上（${code}）`,
        mend: '检查服务器能否访问 slack.com（防火墙、代理、DNS）',
      }),
      scopes: (missing: string): Said => ({
        what: `Slack：缺少权限 ${missing}`,
        mend: '在 Slack 应用后台 OAuth & Permissions → Bot Token Scopes 里加上，再点 Reinstall to Workspace 重新安装',
      }),
      noScopes: {
        what: 'Slack：没有告诉我们有哪些权限（中间可能有代理）',
        mend: '在 OAuth & Permissions 里对照 docs/slack-manifest.json 看一遍',
      },
      notIn: (channel: string): Said => ({
        what: `Slack：机器人不在频道「${channel}」里，那里的卡片发不出去`,
        mend: '在该频道里输入 /invite @机器人',
      }),
      archived: (channel: string): Said => ({
        what: `Slack：频道「${channel}」已归档`,
        mend: '取消归档，或在 company.yaml 的 channels 里换一个频道',
      }),
      noChannel: (channel: string, id: string): Said => ({
        what: `Slack：找不到频道「${channel}」（${id}）`,
        mend: '核对 company.yaml 里的频道号；私密频道要先把机器人请进去',
      }),
      channelUnknown: (channel: string, code: string): Said => ({
        what: `Slack：看不到频道「${channel}」的情况（${code}）`,
        mend: '缺权限时补上 channels:read 和 groups:read 并重新安装；否则稍后再试',
      }),
      noPerson: (person: string, account: string): Said => ({
        what: `Slack：没有 ${person} 的账号 ${account}，发给此人的卡片到不了`,
        mend: '核对 company.yaml 里的 accounts.slack（在 Slack 个人资料 ⋮ 里“复制成员 ID”）',
      }),
      leftPerson: (person: string): Said => ({
        what: `Slack：${person} 的账号已停用`,
        mend: '换成新账号；已离职的人在 company.yaml 里写 active: false',
      }),
      guest: (person: string): Said => ({
        what: `Slack：${person} 是访客账号，不能审批`,
        mend: '请工作区管理员改成正式成员，或换一个人',
      }),
      card: (name: string) => `Slack：认可我们的卡片和表单（${name}）`,
      badCard: (name: string, why: string): Said => ({
        what: `Slack：不接受我们的「${name}」（${why}）`,
        mend: '把这一行交给开发者；表单太大时，减少该流程的字段或选项',
      }),
      cannotCheck: (code: string): Said => ({
        what: `Slack：没能让它检查卡片（${code}）`,
        mend: '不影响使用；发给自己的那张卡片照样能看出对不对',
      }),
      socket: 'Slack：可以打开 Socket Mode 长连接',
      socketRefused: (code: string): Said => ({
        what: `Slack：应用令牌被拒绝，打不开长连接（${code}）`,
        mend: '在 Basic Information → App-Level Tokens 重新生成 xapp-… 令牌（权限 connections:write），填入 SLACK_APP_TOKEN；并在 Socket Mode 页打开开关',
      }),
      socketAway: (code: string): Said => ({
        what: `Slack：长连接的服务器连不上（${code}）`,
        mend: '检查防火墙是否放行到 *.slack.com 的 443 端口（WebSocket）',
      }),
    },
    feishu: {
      signedIn: '飞书：应用凭证有效',
      refused: (code: string): Said => ({
        what: `飞书：应用凭证被拒绝（错误码 ${code}）`,
        mend: '核对 FEISHU_APP_ID、FEISHU_APP_SECRET；确认应用已发布、已启用，服务器 IP 在白名单里',
      }),
      away: (code: string): Said => ({
        what: `飞书：开放平台连不上（${code}）`,
        mend: '检查服务器能否访问 FEISHU_DOMAIN（防火墙、代理、DNS）',
      }),
      quota: {
        what: '飞书：本月的 API 调用额度用完了（99991403），卡片发不出去',
        mend: '请飞书管理员升级版本或购买额度；每月 1 日恢复，之前没发出的会自动补发',
      },
      scopes: (missing: string): Said => ({
        what: `飞书：缺少权限 ${missing}`,
        mend: '在开发者后台“权限管理”开通，再“创建版本”并发布',
      }),
      optional: (missing: string): Said => ({
        what: `飞书：没有开通可选权限 ${missing}，相应的功能不可用`,
        mend: '用得到时在“权限管理”开通并重新发布版本；各是做什么的见管理员指南',
      }),
      scopesUnknown: (code: string): Said => ({
        what: `飞书：读不到权限清单（错误码 ${code}）`,
        mend: '确认应用已发布并在本企业安装',
      }),
      bot: '飞书：机器人能力已启用',
      noBot: (code: string): Said => ({
        what: `飞书：读不到机器人（错误码 ${code}）`,
        mend: '在开发者后台“添加应用能力”里添加机器人，再发布版本',
      }),
      subscribed: '飞书：事件和卡片回调都已订阅',
      notSubscribed: (missing: string): Said => ({
        what: `飞书：没有订阅 ${missing}，对应的消息或按钮不会有反应`,
        mend: '在“事件与回调”里添加，再创建版本并发布',
      }),
      otherWay: (theirs: string): Said => ({
        what: `飞书：后台选的是“${theirs}”，与 FEISHU_TRANSPORT 不一致，收不到消息和按钮`,
        mend: '在“事件与回调 → 订阅方式”里改成一致，或改 FEISHU_TRANSPORT',
      }),
      ways: { webhook: '将事件发送至开发者服务器', websocket: '使用长连接接收' },
      cannotSeeCallbacks: {
        what: '飞书：看不到后台订阅了哪些事件和回调',
        mend: '想让体检也核对这一项，可开通 application:application:self_manage 权限；否则自己对照管理员指南看一遍',
      },
      notIn: (channel: string): Said => ({
        what: `飞书：机器人不在群「${channel}」里，那里的卡片发不出去`,
        mend: '在群设置 → 群机器人里添加本应用',
      }),
      noChannel: (channel: string, id: string): Said => ({
        what: `飞书：群「${channel}」（${id}）不存在或已解散`,
        mend: '核对 company.yaml 里的群号（oc_…）',
      }),
      channelUnknown: (channel: string, code: string): Said => ({
        what: `飞书：看不到群「${channel}」的情况（错误码 ${code}）`,
        mend: '缺权限时开通 im:chat 并重新发布；否则稍后再试',
      }),
      socket: '飞书：可以打开长连接',
      socketRefused: (code: string): Said => ({
        what: `飞书：打不开长连接（${code}）`,
        mend: '核对应用凭证；在“事件与回调 → 订阅方式”里选“使用长连接接收”',
      }),
      socketAway: (code: string): Said => ({
        what: `飞书：长连接的服务器连不上（${code}）`,
        mend: '检查防火墙是否放行到飞书的 443 端口（WebSocket）',
      }),
    },
    wecom: {
      signedIn: '企业微信：应用凭证有效',
      robotsOnly: '企业微信：只用群机器人，没有应用凭证要核对',
      refused: (code: string): Said => ({
        what: `企业微信：应用被拒绝（错误码 ${code}）`,
        mend: '核对 WECOM_CORP_ID、WECOM_AGENT_ID、WECOM_SECRET，以及“企业可信IP”里有没有这台服务器',
      }),
      away: (code: string): Said => ({
        what: `企业微信：连不上（${code}）`,
        mend: '检查服务器能否访问 qyapi.weixin.qq.com',
      }),
    },
    email: {
      well: '邮件：邮件服务器让我们登录',
      refused: (code: string): Said => ({
        what: `邮件：邮件服务器不让我们登录（${code}）`,
        mend: '核对 SMTP_URL 里的用户名和密码；有的邮箱要用专门的“授权码”',
      }),
      away: (code: string): Said => ({
        what: `邮件：邮件服务器连不上（${code}）`,
        mend: '核对 SMTP_URL 里的服务器名和端口，检查防火墙和证书',
      }),
    },
    twilio: {
      well: 'Twilio：账户可用',
      refused: (code: string): Said => ({
        what: `Twilio：账户被拒绝或停用（${code}），电话和短信都打不出去`,
        mend: '核对 TWILIO_ACCOUNT_SID、TWILIO_AUTH_TOKEN，看账户是否欠费',
      }),
      away: (code: string): Said => ({ what: `Twilio：连不上（${code}）`, mend: '检查服务器能否访问 api.twilio.com' }),
    },
    pager: {
      well: '呼叫平台：地址有应答（没有呼叫任何人）',
      away: (code: string): Said => ({
        what: `呼叫平台：地址没有应答（${code}）`,
        mend: '核对 PAGER_URL，检查防火墙和证书',
      }),
      missing: (status: number): Said => ({
        what: `呼叫平台：PAGER_URL 处没有这样的地址（HTTP ${status}）`,
        mend: '向对方核对 PAGER_URL',
      }),
    },
  },
  en: {
    named: { slack: 'Slack', feishu: 'Feishu', wecom: 'WeCom' },
    slow: (platform: string) => ({
      what: `${platform}: the examination took too long`,
      mend: 'Check the network from this server to the platform, and try again later',
    }),
    skew: (platform: string, seconds: number) => ({
      what: `${platform}: this machine's clock is ${seconds} s away from theirs; past 300 s every button and message is refused`,
      mend: 'Switch on automatic time (NTP) on the server',
    }),
    clock: (platform: string) => `${platform}: the clocks agree`,
    scopes: (platform: string, count: number) => `${platform}: all ${count} scopes are granted`,
    channels: (platform: string, count: number) =>
      `${platform}: all ${count} channels of the handbook can be posted to`,
    people: (platform: string, count: number) => `${platform}: all ${count} accounts of the handbook are there`,
    list: (items) => items.join(', '),
    slack: {
      signedIn: (team: string) => `Slack: the token is good, for the workspace ${team}`,
      refused: (code: string) => ({
        what: `Slack: the bot token is refused (${code})`,
        mend: 'Copy the Bot User OAuth Token (xoxb-…) anew from OAuth & Permissions into SLACK_BOT_TOKEN, and restart',
      }),
      away: (code: string) => ({
        what: `Slack: cannot be reached (${code})`,
        mend: 'Check that this server can reach slack.com (firewall, proxy, DNS)',
      }),
      scopes: (missing: string) => ({
        what: `Slack: missing scope: ${missing}`,
        mend: 'Add it under OAuth & Permissions → Bot Token Scopes, then press Reinstall to Workspace',
      }),
      noScopes: {
        what: 'Slack: it did not say which scopes we have (a proxy in between?)',
        mend: 'Compare OAuth & Permissions with docs/slack-manifest.json',
      },
      notIn: (channel: string) => ({
        what: `Slack: the bot is not in the channel “${channel}”, so no card gets there`,
        mend: 'Type /invite @bot in that channel',
      }),
      archived: (channel: string) => ({
        what: `Slack: the channel “${channel}” is archived`,
        mend: 'Unarchive it, or name another one under channels in company.yaml',
      }),
      noChannel: (channel: string, id: string) => ({
        what: `Slack: there is no channel “${channel}” (${id})`,
        mend: 'Check the channel id in company.yaml; the bot must be invited to private channels first',
      }),
      channelUnknown: (channel: string, code: string) => ({
        what: `Slack: nothing can be seen of the channel “${channel}” (${code})`,
        mend: 'If a scope is missing, add channels:read and groups:read and reinstall; otherwise try again later',
      }),
      noPerson: (person: string, account: string) => ({
        what: `Slack: there is no account ${account} (${person}), so their cards do not arrive`,
        mend: 'Check accounts.slack in company.yaml (“Copy member ID” in their Slack profile)',
      }),
      leftPerson: (person: string) => ({
        what: `Slack: the account of ${person} is deactivated`,
        mend: 'Enter their new account; for whoever has left, write active: false in company.yaml',
      }),
      guest: (person: string) => ({
        what: `Slack: ${person} is a guest and cannot approve`,
        mend: 'Ask the workspace administrator to make them a full member, or name somebody else',
      }),
      card: (name: string) => `Slack: our cards and forms are accepted (${name})`,
      badCard: (name: string, why: string) => ({
        what: `Slack: does not accept our “${name}” (${why})`,
        mend: 'Pass this line on to the developers; if a form is too large, give that process fewer fields or options',
      }),
      cannotCheck: (code: string) => ({
        what: `Slack: our cards could not be checked there (${code})`,
        mend: 'Nothing depends on it; the card to yourself shows as well whether they are right',
      }),
      socket: 'Slack: the Socket Mode connection can be opened',
      socketRefused: (code: string) => ({
        what: `Slack: the app token is refused, the socket cannot be opened (${code})`,
        mend: 'Make a new xapp-… token under Basic Information → App-Level Tokens (scope connections:write) for SLACK_APP_TOKEN, and switch Socket Mode on',
      }),
      socketAway: (code: string) => ({
        what: `Slack: the server of the socket cannot be reached (${code})`,
        mend: 'Check that the firewall lets port 443 of *.slack.com through (WebSocket)',
      }),
    },
    feishu: {
      signedIn: "Feishu: the app's credentials are good",
      refused: (code: string) => ({
        what: `Feishu: the app's credentials are refused (code ${code})`,
        mend: 'Check FEISHU_APP_ID and FEISHU_APP_SECRET, that the app is published and enabled, and that this server is on its IP list',
      }),
      away: (code: string) => ({
        what: `Feishu: the open platform cannot be reached (${code})`,
        mend: 'Check that this server can reach FEISHU_DOMAIN (firewall, proxy, DNS)',
      }),
      quota: {
        what: "Feishu: this month's quota of API calls is used up (99991403), so no card goes out",
        mend: 'Ask the Feishu administrator for a larger plan; it begins anew on the 1st, and what was not sent follows by itself',
      },
      scopes: (missing: string) => ({
        what: `Feishu: missing scope: ${missing}`,
        mend: 'Grant it under Permissions & Scopes in the developer console, then create and publish a version',
      }),
      optional: (missing: string) => ({
        what: `Feishu: optional scopes are not granted: ${missing}; what needs them is not available`,
        mend: 'If it is wanted, grant them and publish a version; the guide says what each is for',
      }),
      scopesUnknown: (code: string) => ({
        what: `Feishu: the list of scopes cannot be read (code ${code})`,
        mend: 'Make sure that the app is published and installed in this company',
      }),
      bot: 'Feishu: the bot is enabled',
      noBot: (code: string) => ({
        what: `Feishu: the bot cannot be read (code ${code})`,
        mend: 'Add the bot under Add Features in the developer console, then publish a version',
      }),
      subscribed: 'Feishu: events and card callbacks are subscribed',
      notSubscribed: (missing: string) => ({
        what: `Feishu: not subscribed: ${missing}; these messages or buttons do nothing`,
        mend: 'Add it under Events & Callbacks, then create and publish a version',
      }),
      otherWay: (theirs: string) => ({
        what: `Feishu: the console says “${theirs}”, which is not what FEISHU_TRANSPORT says; nothing comes in`,
        mend: 'Make both the same: Events & Callbacks → Subscription mode, or FEISHU_TRANSPORT',
      }),
      ways: { webhook: 'send events to the developer server', websocket: 'receive through persistent connection' },
      cannotSeeCallbacks: {
        what: 'Feishu: which events and callbacks are subscribed cannot be seen',
        mend: 'Grant application:application:self_manage to have it checked here; otherwise compare with the guide yourself',
      },
      notIn: (channel: string) => ({
        what: `Feishu: the bot is not in the group “${channel}”, so no card gets there`,
        mend: 'Add this app in the group: Settings → Bots',
      }),
      noChannel: (channel: string, id: string) => ({
        what: `Feishu: there is no group “${channel}” (${id}), or it was dissolved`,
        mend: 'Check the group id (oc_…) in company.yaml',
      }),
      channelUnknown: (channel: string, code: string) => ({
        what: `Feishu: nothing can be seen of the group “${channel}” (code ${code})`,
        mend: 'If a scope is missing, grant im:chat and publish; otherwise try again later',
      }),
      socket: 'Feishu: the long connection can be opened',
      socketRefused: (code: string) => ({
        what: `Feishu: the long connection is refused (${code})`,
        mend: 'Check the credentials; choose “persistent connection” under Events & Callbacks → Subscription mode',
      }),
      socketAway: (code: string) => ({
        what: `Feishu: the server of the long connection cannot be reached (${code})`,
        mend: "Check that the firewall lets port 443 of Feishu's hosts through (WebSocket)",
      }),
    },
    wecom: {
      signedIn: "WeCom: the app's credentials are good",
      robotsOnly: 'WeCom: only group robots are used; there are no credentials to check',
      refused: (code: string) => ({
        what: `WeCom: the app is refused (code ${code})`,
        mend: 'Check WECOM_CORP_ID, WECOM_AGENT_ID and WECOM_SECRET, and whether this server is among the trusted IPs (企业可信IP)',
      }),
      away: (code: string) => ({
        what: `WeCom: cannot be reached (${code})`,
        mend: 'Check that this server can reach qyapi.weixin.qq.com',
      }),
    },
    email: {
      well: 'Mail: the mail server lets us in',
      refused: (code: string) => ({
        what: `Mail: the mail server does not let us in (${code})`,
        mend: 'Check user and password in SMTP_URL; some providers want a password of its own for programs',
      }),
      away: (code: string) => ({
        what: `Mail: the mail server cannot be reached (${code})`,
        mend: 'Check host and port in SMTP_URL, the firewall and the certificate',
      }),
    },
    twilio: {
      well: 'Twilio: the account can be used',
      refused: (code: string) => ({
        what: `Twilio: the account is refused or suspended (${code}); neither calls nor text messages go out`,
        mend: 'Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, and whether the account is paid up',
      }),
      away: (code: string) => ({
        what: `Twilio: cannot be reached (${code})`,
        mend: 'Check that this server can reach api.twilio.com',
      }),
    },
    pager: {
      well: 'Pager: its address answers (nobody was called)',
      away: (code: string) => ({
        what: `Pager: its address does not answer (${code})`,
        mend: 'Check PAGER_URL, the firewall and the certificate',
      }),
      missing: (status: number) => ({
        what: `Pager: there is nothing at PAGER_URL (HTTP ${status})`,
        mend: 'Check PAGER_URL with whoever runs the pager',
      }),
    },
  },
});
