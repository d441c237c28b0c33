/** The sentences that Slack itself makes necessary: its deadlines, its pop-up windows, its limits. */
import { words } from './language.ts';

export const slackWords = words({
  zh: {
    stillWorking: '正在处理，请稍候；结果会显示在卡片上，您也会在这里收到回复。',
    pressAgain: '表单没能打开（Slack 只给 3 秒）。请再试一次。',
    staleButton: '这个按钮来自旧版卡片，已经失效。请发送 /pr list 查看最新卡片。',
    stillConnecting: '程序刚刚启动，还没有与 Slack 核对身份。请过一会儿再试。',
    failed: '出了意外，没有完成。请再试一次；如果仍然不行，请告诉管理员。',
    shortened: '内容太长，这里只显示了一部分。',
    filesLater: '附件：提交后，在这里以文件形式回复即可。',
    formTitle: '填写',
    resultTitle: '结果',
    close: '关闭',
    choose: '请选择',
    empty: '—',
    untitled: '（无标题）',
    submit: '提交',
    cancel: '取消',
    confirm: '确认',
    done: '已完成。',
    moreOptions: (from: number, to: number) => `第 ${from}–${to} 项`,
    addToTimeline: '记入危机时间线',
    addToTimelineText: '把这条消息作为一条事实，记入危机的时间线',
  },
  en: {
    stillWorking: 'Still working on it. The card will show the result, and you will get an answer here.',
    pressAgain: 'The form could not be opened (Slack allows 3 seconds). Please try once more.',
    staleButton: 'This button belongs to an older card and no longer works. Send /pr list to see the current one.',
    stillConnecting:
      'The program has just started and has not identified itself to Slack yet. Please try again shortly.',
    failed: 'Something went wrong and it was not done. Please try again; if it still fails, tell the administrator.',
    shortened: 'Too long to show here in full.',
    filesLater: 'Attachments: once submitted, reply here with the files.',
    formTitle: 'Form',
    resultTitle: 'Result',
    close: 'Close',
    choose: 'Choose',
    empty: '—',
    untitled: '(untitled)',
    submit: 'Submit',
    cancel: 'Cancel',
    confirm: 'Confirm',
    done: 'Done.',
    moreOptions: (from: number, to: number) => `Items ${from}–${to}`,
    addToTimeline: 'Add to crisis timeline',
    addToTimelineText: 'Notes this message as a fact on the timeline of a crisis',
  },
});

/** For `/healthz`: read by administrators. */
export const slackTroubles = words({
  zh: {
    notReached: (code: string) => `Slack：尚未连上（${code}）`,
    refused: (code: string) => `Slack：机器人令牌被拒绝（${code}），请检查 SLACK_BOT_TOKEN`,
    appRefused: (code: string) => `Slack：应用令牌被拒绝（${code}），请检查 SLACK_APP_TOKEN`,
    socketDown: (code: string) => `Slack：长连接断开，正在重连（${code}）`,
    otherTeam: (token: string, stored: string) => `Slack：令牌属于工作区 ${token}，而这里一直服务于 ${stored}`,
    uninstalled: 'Slack：应用已被卸载或令牌已被撤销',
    skew: (seconds: number) => `Slack：本机时钟与 Slack 相差 ${seconds} 秒，请校时`,
  },
  en: {
    notReached: (code: string) => `Slack: not reached yet (${code})`,
    refused: (code: string) => `Slack: the bot token is refused (${code}), check SLACK_BOT_TOKEN`,
    appRefused: (code: string) => `Slack: the app token is refused (${code}), check SLACK_APP_TOKEN`,
    socketDown: (code: string) => `Slack: the socket is down, reconnecting (${code})`,
    otherTeam: (token: string, stored: string) =>
      `Slack: the token belongs to workspace ${token}, but this installation serves ${stored}`,
    uninstalled: 'Slack: the app was uninstalled or its token revoked',
    skew: (seconds: number) => `Slack: this machine's clock differs by ${seconds} s from Slack's, set it right`,
  },
});
