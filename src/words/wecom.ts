/** Sentences that only WeCom's adapter says: where the rest of a message is, where a form is filled in, what an administrator must mend. */
import { words } from './language.ts';

export const wecomWords = words({
  zh: {
    rest: '…完整内容见',
    restElsewhere: '邮件或其他平台上的同一条消息',
    shortened: '（内容有删节）',
    link: '链接',
    pressElsewhere: '企业微信里不能直接操作，请到邮件、Slack、飞书或网页端处理。',
    pressAlone: '群里不能直接操作，请到你收到的单独消息中处理。',
    formElsewhere: '这一步需要填表，企业微信里填不了，请到 Slack、飞书或网页端操作。',
    unreadable: '这个按钮已失效。请看最新的消息，或到 Slack、飞书、网页端处理。',
    textOnly: '这里只认文字。文件请在 Slack、飞书或网页端发送。',
    done: '已处理',
    perhapsTwice: '（上次发送时网络中断。如已收到相同内容，请忽略本条。）',
    trouble: {
      starting: '企业微信：正在连接。',
      credentials: (code: string) =>
        `企业微信拒绝了应用（错误码 ${code}）。请检查 WECOM_CORP_ID、WECOM_AGENT_ID、WECOM_SECRET，以及应用的可见范围和“企业可信IP”。`,
      away: '企业微信暂时连不上，正在重试。',
      skew: (seconds: number) =>
        `本机时钟与企业微信相差 ${seconds} 秒，超过 300 秒后所有回调都会被拒绝。请校准时间（NTP）。`,
    },
  },
  en: {
    rest: '… The whole text is in ',
    restElsewhere: 'your mail or the same message on another platform',
    shortened: '(shortened)',
    link: 'Link',
    pressElsewhere: 'Nothing can be pressed in WeCom. Please act in your mail, Slack, Feishu or on the web page.',
    pressAlone: 'Nothing can be pressed in the group. Please act in the message that was sent to you alone.',
    formElsewhere: 'This step needs a form, which WeCom cannot show. Please do it in Slack, Feishu or on the web page.',
    unreadable: 'This button no longer works. See the newest message, or act in Slack, Feishu or on the web page.',
    textOnly: 'Only text is understood here. Please send files in Slack, Feishu or on the web page.',
    done: 'Done',
    perhapsTwice: '(The network broke when this was sent before. If you have it already, pass over this one.)',
    trouble: {
      starting: 'WeCom: connecting.',
      credentials: (code: string) =>
        `WeCom refuses the app (code ${code}). Check WECOM_CORP_ID, WECOM_AGENT_ID and WECOM_SECRET, whom the app is visible to, and its trusted IPs (企业可信IP).`,
      away: 'WeCom cannot be reached right now; trying again.',
      skew: (seconds: number) =>
        `This machine's clock is ${seconds} s away from WeCom's; past 300 s every callback is refused. Set the time (NTP).`,
    },
  },
});
