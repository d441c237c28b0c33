/** The sentences that only mail needs: the line under every letter, and what the administrator reads when mail does not go out. */
import { words } from './language.ts';

export const emailWords = words({
  zh: {
    untitled: '（无标题）',
    colon: '：',
    footer: (sender: string) => `此邮件由“${sender}”自动发出。回复邮件没有人会看到；有话要说，请到团队的聊天里说。`,
  },
  en: {
    untitled: '(untitled)',
    colon: ': ',
    footer: (sender: string) =>
      `Sent automatically by “${sender}”. Answers by mail are not read: please say it in your team's chat.`,
  },
});

/** For `/healthz`: read by administrators. */
export const emailTroubles = words({
  zh: {
    starting: '邮件：正在连接邮件服务器',
    notReached: (code: string) => `邮件：连不上邮件服务器（${code}），会继续尝试`,
    refused: (code: string) => `邮件：邮件服务器不让我们登录或发信（${code}），请检查 SMTP_URL 和 MAIL_FROM`,
  },
  en: {
    starting: 'Mail: still connecting to the mail server',
    notReached: (code: string) => `Mail: the mail server is not reached (${code}); it is tried again`,
    refused: (code: string) =>
      `Mail: the mail server does not let us in or send (${code}), check SMTP_URL and MAIL_FROM`,
  },
});
