/** Files, whatever they belong to: what there is, what is still on its way, and why one was not kept. */
import { words } from './language.ts';

export const fileWords = words({
  zh: {
    open: (number: string) => `${number} 的附件（链接 10 分钟内有效，仅供你本人）`,
    fetching: (name: string) => `${name}（保存中）`,
    empty: (number: string) => `${number} 没有附件。把文件发给我并写上单号即可添加。`,
    line: (names: string) => `附件：${names}`,
    refused: (number: string, name: string, why: string) => `${number} 的附件「${name}」没有保存：${why}`,
    faults: (why: string) =>
      ({
        'too-large': '文件超过 20 MB。请压缩或拆分后再发。',
        'not-allowed': '不支持这种文件。请用 PDF、图片、Office 文档、文本或 zip。',
        'too-many': '一张单最多 20 个附件。请合并后再发。',
        empty: '文件是空的，请重新发送。',
      })[why] ?? '暂时取不到这个文件，请重新发送一次。',
  },
  en: {
    open: (number: string) => `Files of ${number} (links work for 10 minutes and only for you)`,
    fetching: (name: string) => `${name} (being kept)`,
    empty: (number: string) => `${number} has no files. Send one to me with the number to add it.`,
    line: (names: string) => `Files: ${names}`,
    refused: (number: string, name: string, why: string) => `The file “${name}” was not kept with ${number}: ${why}`,
    faults: (why: string) =>
      ({
        'too-large': 'it is larger than 20 MB. Compress or split it and send it again.',
        'not-allowed': 'files of this kind are not kept. Use PDF, pictures, Office documents, text or zip.',
        'too-many': 'at most 20 files are kept with one number. Please merge some and send them again.',
        empty: 'it is empty. Please send it again.',
      })[why] ?? 'it could not be fetched. Please send it again.',
  },
});
