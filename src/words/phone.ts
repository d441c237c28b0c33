/** What is said on the phone, written in text messages, and what an administrator must mend when neither goes out. */
import { words } from './language.ts';

export const phoneWords = words({
  zh: {
    /** said on the phone after what it is about */
    press: '收到请按 1。',
    again: (text: string) => `再说一遍。${text}`,
    noKey: '没有收到按键，系统会继续呼叫。再见。',
    wrongKey: '按键不对。收到请按 1。',
    wrongTooOften: '没有收到 1，系统会继续呼叫。再见。',
    answered: '已记录。请到团队聊天里查看。再见。',
    working: '按键已收到，正在记录，请到团队聊天里查看。再见。',
    unreadable: '这个通话已失效，请到团队聊天里查看。再见。',
    /** in a text message, after what it is about */
    reply: '收到请回复 1。',
    smsWorking: '短信已收到，正在处理，请到团队聊天里查看。',
    elsewhere: '这一步请到团队聊天里操作。',
    trouble: {
      starting: 'Twilio：正在连接。',
      credentials: (code: string) =>
        `Twilio 拒绝了我们的设置（错误码 ${code}），电话和短信都打不出去。请检查 TWILIO_ACCOUNT_SID、TWILIO_AUTH_TOKEN、TWILIO_FROM 和 PUBLIC_URL，以及账户是否欠费。`,
      away: 'Twilio 暂时连不上，正在重试。',
    },
  },
  en: {
    press: 'Press 1 to say that you have it.',
    again: (text: string) => `Once more. ${text}`,
    noKey: 'No key was pressed. You will be called again. Goodbye.',
    wrongKey: 'That is not the key. Press 1 to say that you have it.',
    wrongTooOften: 'No 1 was pressed. You will be called again. Goodbye.',
    answered: "Noted. Please look at your team's chat. Goodbye.",
    working: "We have your key and are noting it. Please look at your team's chat. Goodbye.",
    unreadable: "This call is no longer valid. Please look at your team's chat. Goodbye.",
    reply: 'Reply 1 to say that you have it.',
    smsWorking: "We have your message and are working on it. Please look at your team's chat.",
    elsewhere: "Please do this in your team's chat.",
    trouble: {
      starting: 'Twilio: connecting.',
      credentials: (code: string) =>
        `Twilio refuses our settings (code ${code}): neither calls nor text messages go out. Check TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM and PUBLIC_URL, and whether the account is paid up.`,
      away: 'Twilio cannot be reached right now; trying again.',
    },
  },
});

export const pagerTroubles = words({
  zh: {
    refused: (code: string) =>
      `呼叫平台拒绝了我们（${code}），它不会呼叫任何人。请检查 PAGER_URL 和 PAGER_SECRET 是否与对方一致。`,
    away: (code: string) => `呼叫平台暂时连不上（${code}），正在重试。`,
  },
  en: {
    refused: (code: string) =>
      `The pager refuses us (${code}) and calls nobody. Check that PAGER_URL and PAGER_SECRET are what it expects.`,
    away: (code: string) => `The pager cannot be reached right now (${code}); trying again.`,
  },
});
