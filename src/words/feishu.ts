/** Sentences that only Feishu's adapter says: where a form or a file goes, that work goes on, and what an administrator must mend. */
import { words } from './language.ts';

export const feishuWords = words({
  zh: {
    working: '正在处理，结果会显示在卡片上。',
    sending: '处理中',
    sendingText: '正在处理，结果稍后发给你。',
    sentToYou: '已发到你与机器人的单聊。',
    sent: '已提交',
    closed: '已关闭',
    closedText: '这张表单已关闭，没有提交任何内容。需要时请重新输入命令。',
    unreadable: '这个按钮已失效。请重新输入命令，或打开最新的卡片。',
    choose: '请选择',
    type: '请输入',
    fileInChat: '文件请直接发到本聊天，或在卡片下回复文件。',
    shortened: '内容过长，这里只显示一部分。',
    fallbackCommand: (name: string) => `执行 /${name}`,
    trouble: {
      starting: '飞书：正在连接。',
      credentials: (code: string) =>
        `飞书拒绝了应用凭证（错误码 ${code}）。请检查 FEISHU_APP_ID、FEISHU_APP_SECRET，以及应用是否已发布并启用。`,
      away: '飞书开放平台暂时连不上，正在重试。',
      socket: '飞书长连接已断开，正在重连。',
      skew: (seconds: number) =>
        `本机时钟与飞书相差 ${seconds} 秒，超过 300 秒后所有回调都会被拒绝。请校准时间（NTP）。`,
      panel: (code: string) =>
        `斜杠命令面板未能登记（错误码 ${code}）。请为应用开通 application:app_slash_command:read 和 application:app_slash_command:write 权限；不影响直接输入命令。`,
      bot: (code: string) =>
        `读不到机器人信息（错误码 ${code}）：群里 @机器人 的消息可能无法识别。请启用机器人能力并发布应用。`,
    },
    setting: {
      appId: 'FEISHU_APP_ID 的格式应为 cli_ 加 16 位十六进制字符（长连接只接受这种应用）。请到开发者后台复制 App ID。',
      encryptKey: 'FEISHU_TRANSPORT=http 需要 FEISHU_ENCRYPT_KEY：请在开发者后台“事件与回调 → 加密策略”中生成并填入。',
      verificationToken: '缺少 FEISHU_VERIFICATION_TOKEN：请在开发者后台“事件与回调 → 加密策略”中复制。',
    },
  },
  en: {
    working: 'Still working on it. The card will show the result.',
    sending: 'Working on it',
    sendingText: 'Still working on it. You will be told the result here.',
    sentToYou: 'Sent to your direct chat with the bot.',
    sent: 'Submitted',
    closed: 'Closed',
    closedText: 'This form was closed and nothing was submitted. Type the command again when you need it.',
    unreadable: 'This button no longer works. Type the command again, or open the newest card.',
    choose: 'Choose',
    type: 'Type here',
    fileInChat: 'Send files in this chat, or as a reply to the card.',
    shortened: 'Too long to show in full here.',
    fallbackCommand: (name: string) => `Run /${name}`,
    trouble: {
      starting: 'Feishu: connecting.',
      credentials: (code: string) =>
        `Feishu refuses the app's credentials (code ${code}). Check FEISHU_APP_ID and FEISHU_APP_SECRET, and that the app is published and enabled.`,
      away: 'Feishu cannot be reached right now; trying again.',
      socket: "Feishu's long connection is down; reconnecting.",
      skew: (seconds: number) =>
        `This machine's clock is ${seconds} s away from Feishu's; past 300 s every callback is refused. Set the time (NTP).`,
      panel: (code: string) =>
        `The slash-command panel could not be registered (code ${code}). Grant the app application:app_slash_command:read and application:app_slash_command:write; typed commands work without it.`,
      bot: (code: string) =>
        `The bot's own account could not be read (code ${code}): mentions of it in groups may not be recognised. Enable the bot and publish the app.`,
    },
    setting: {
      appId:
        'FEISHU_APP_ID must be cli_ and 16 hexadecimal digits (the long connection takes no other). Copy the App ID from the developer console.',
      encryptKey:
        'FEISHU_TRANSPORT=http needs FEISHU_ENCRYPT_KEY: create one in the developer console under Events & Callbacks, Encryption Strategy.',
      verificationToken:
        'FEISHU_VERIFICATION_TOKEN is missing: copy it from the developer console under Events & Callbacks, Encryption Strategy.',
    },
  },
});
