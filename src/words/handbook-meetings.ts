/** What contradicts itself in the meetings of a handbook, with the mend. */
import type { Saying } from '../handbook/model.ts';
import { didYouMean, type Sayings } from './handbook.ts';
import { words } from './language.ts';

type MeetingCode = Extract<Saying['code'], `meeting-${string}`>;

const PARTS = words<Record<Extract<Saying, { code: 'meeting-person-left' }>['as'], string>>({
  zh: { chair: '主持人', by: '纪要人', who: '参会人' },
  en: { chair: 'who leads', by: 'who writes the minutes', who: 'who is called' },
});

const EXAMPLES_ZH =
  '每周一 10:00、每周一、四 9:30、隔周一 10:00、每个工作日 9:15、每月15日 10:00、每月最后一个周五 16:00、每季度第一个周三 14:00';
const EXAMPLES_EN =
  'monday 10:00, mon and thu 09:30, every other monday 10:00, weekday 09:15, 15 of the month 10:00, last friday of the month 16:00, first wednesday of the quarter 14:00';

export const meetingSayings = words<Sayings<MeetingCode>>({
  zh: {
    'meeting-twice': ({ id, line }) => ({
      what: `会议 id「${id}」已经用在第 ${line} 行`,
      mend: '每个会议的 id 要各不相同。请改掉其中一处。',
    }),
    'meeting-when-missing': () => ({
      what: '没有写什么时候开会',
      mend: '定期的会议写 every，例如 every: 每周一 10:00；只开一次的写 on，例如 on: 2026-12-10 14:00。',
    }),
    'meeting-when-both': () => ({
      what: 'every 和 on 只能写一个',
      mend: '定期的会议只写 every；只开一次的只写 on。请删掉一个。',
    }),
    'meeting-every-unreadable': ({ text }) => ({
      what: `读不懂 every「${text}」`,
      mend: `请写明日子和 24 小时制时间，例如：${EXAMPLES_ZH}。也可以写 RRULE:FREQ=MONTHLY;BYDAY=-1FR 16:00。`,
    }),
    'meeting-on-unreadable': ({ text }) => ({
      what: `读不懂 on「${text}」`,
      mend: '请写完整的日期和 24 小时制时间，例如 2026-12-10 14:00。',
    }),
    'meeting-every-single': ({ text }) => ({
      what: `「${text}」只有一天，不是周期`,
      mend: '只开一次的会议请把 every 改成 on。',
    }),
    'meeting-on-recurs': ({ text }) => ({
      what: `「${text}」是周期，不是一天`,
      mend: '定期的会议请把 on 改成 every。',
    }),
    'meeting-on-no-year': ({ text }) => ({
      what: `「${text}」在不同的日子读会是不同的一天`,
      mend: '手册里请写年月日，例如 2026-12-10 14:00。',
    }),
    'meeting-past': ({ day }) => ({ what: `这个会议在 ${day}，已经过去了`, mend: '如果不再开，可以删掉它。' }),
    'meeting-bounds-order': ({ from, until }) => ({
      what: `from（${from}）在 until（${until}）之后，这个会议一次也不会开`,
      mend: '请把两个日期对调，或改掉其中一个。',
    }),
    'meeting-bounds-single': ({ key }) => ({
      what: `只开一次的会议用不到「${key}」`,
      mend: '请删掉它；如果会议是定期的，请把 on 改成 every。',
    }),
    'meeting-length': () => ({
      what: '会议时长要在 1 分钟到 24 小时之间，不能用工作时间计算',
      mend: '请写 45m、60m 或 2h。',
    }),
    'meeting-never': () => ({
      what: '按这样写，今后一次也不会开',
      mend: '请检查 every、from、until 和 off：例如 off: skip 会把落在休息日的会议都取消。',
    }),
    'meeting-department': ({ department, near }) => ({
      what: `没有在职的人属于部门「${department}」`,
      mend: didYouMean('zh')(near, '请在 company.yaml 里给此部门的人写上 department。'),
    }),
    'meeting-person-left': ({ person, as }) => ({
      what: `${PARTS('zh')[as]} ${person} 已离职`,
      mend: as === 'who' ? '可以从 who 里删掉此人。' : '请改成在职的人，或写角色：{role: …}。',
    }),
  },
  en: {
    'meeting-twice': ({ id, line }) => ({
      what: `the meeting "${id}" already stands in line ${line}`,
      mend: 'Each meeting has its own id. Change one of the two.',
    }),
    'meeting-when-missing': () => ({
      what: 'it does not say when the meeting is held',
      mend: 'A recurring one says every, such as every: monday 10:00; a single one says on, such as on: 2026-12-10 14:00.',
    }),
    'meeting-when-both': () => ({
      what: 'only one of every and on can stand here',
      mend: 'A recurring meeting says every, a single one says on. Delete one of the two.',
    }),
    'meeting-every-unreadable': ({ text }) => ({
      what: `every "${text}" cannot be read`,
      mend: `Write the days and a 24-hour time, such as ${EXAMPLES_EN}; or RRULE:FREQ=MONTHLY;BYDAY=-1FR 16:00.`,
    }),
    'meeting-on-unreadable': ({ text }) => ({
      what: `on "${text}" cannot be read`,
      mend: 'Write the whole date and a 24-hour time, such as 2026-12-10 14:00.',
    }),
    'meeting-every-single': ({ text }) => ({
      what: `"${text}" is a single day and does not recur`,
      mend: 'For a single meeting write on instead of every.',
    }),
    'meeting-on-recurs': ({ text }) => ({
      what: `"${text}" recurs and is no single day`,
      mend: 'For a recurring meeting write every instead of on.',
    }),
    'meeting-on-no-year': ({ text }) => ({
      what: `"${text}" is another day whenever it is read`,
      mend: 'In the handbook write year, month and day, such as 2026-12-10 14:00.',
    }),
    'meeting-past': ({ day }) => ({
      what: `this meeting was on ${day} and is over`,
      mend: 'If it is not held again, delete it.',
    }),
    'meeting-bounds-order': ({ from, until }) => ({
      what: `from (${from}) is after until (${until}), so the meeting is never held`,
      mend: 'Swap the two dates, or correct one.',
    }),
    'meeting-bounds-single': ({ key }) => ({
      what: `"${key}" means nothing for a single meeting`,
      mend: 'Delete it; if the meeting recurs, write every instead of on.',
    }),
    'meeting-length': () => ({
      what: 'a meeting lasts between one minute and 24 hours, and not in working time',
      mend: 'Write 45m, 60m or 2h.',
    }),
    'meeting-never': () => ({
      what: 'written like this it is never held again',
      mend: 'Look at every, from, until and off: off: skip, for one, drops whatever falls on a day off.',
    }),
    'meeting-department': ({ department, near }) => ({
      what: `nobody who is here belongs to the department "${department}"`,
      mend: didYouMean('en')(near, 'write it as the department of its people in company.yaml.'),
    }),
    'meeting-person-left': ({ person, as }) => ({
      what: `${person} (${PARTS('en')[as]}) has left`,
      mend: as === 'who' ? 'They can be deleted from who.' : 'Name somebody who is here, or a role: {role: …}.',
    }),
  },
});
