/** What happened in a crisis, entry by entry, as the timeline and the debrief tell it: without who and when, which stand beside it. */
import { words } from './language.ts';

const because = (reason: string, colon: string) => (reason ? `${colon}${reason}` : '');

export const timelineWords = words({
  zh: {
    raised: (text: string, kind: string, affected: string) =>
      `发出警报：${text}（${[kind, affected && `涉及 ${affected}`].filter(Boolean).join('，')}）`,
    signal: (signal: string) => `由预警 ${signal} 确认而来。`,
    drill: (scenario: string) => `演练场景：${scenario}。`,
    graded: (grade: string, reason: string) => `定为${grade}：${reason}`,
    regraded: (before: string, grade: string, reason: string) => `由${before}调整为${grade}：${reason}`,
    joined: (who: string) => `${who} 加入团队`,
    called: (who: string, why: string) => `开始呼叫 ${who}（${why}）`,
    why: { assess: '定级', team: '进团队', idle: '回应后没有动静', 'taken-back': '前一位处理不了' },
    rung: (who: string, ways: string, round: number) => `用${ways}呼叫 ${who}${round > 1 ? `（第 ${round} 轮）` : ''}`,
    rungNot: (who: string) => `呼叫 ${who}，但没有可用的方式`,
    skipped: (ways: string) => `；用不了：${ways}`,
    ring: (way: string, who: string, outcome: string, code: string) =>
      `${way}呼叫 ${who}：${outcome}${code ? `（${code}）` : ''}`,
    outcomes: { delivered: '已送达', failed: '没送到', busy: '占线', 'no-answer': '无人接听' },
    answered: (who: string, via: string) => `${who} 回应“收到”${via ? `（${via}）` : ''}`,
    takenBack: (who: string, reason: string) => `${who} 收回回应${because(reason, '：')}`,
    declined: (who: string, reason: string) => `${who} 说处理不了${because(reason, '：')}`,
    room: (platform: string) => `${platform} 作战群已建立`,
    noRoom: (platform: string, code: string) => `${platform} 作战群没有建成（${code}），改用常设危机群`,
    out: (names: string) => `；没能拉进：${names}`,
    roomsAsked: (platforms: string) => `要求补建或补邀：${platforms}`,
    seat: (who: string, seat: string) => `${who} 担任${seat}`,
    seatFrom: (who: string, seat: string, from: string) => `${who} 接替 ${from} 担任${seat}`,
    seatsAsked: (seats: string) => `催问空缺岗位：${seats}`,
    fact: (text: string) => `事实：${text}`,
    quoted: (by: string, text: string) => `${by} 说：“${text}”`,
    task: (who: string, text: string) => `派任务给 ${who}：${text}`,
    taskDone: (text: string) => `任务完成：${text}`,
    contact: (party: string, whom: string, text: string) => `联络${party} ${whom}：${text}`,
    update: (situation: string) => `态势更新。${situation}`,
    situation: (known: string, said: string, next: string) =>
      [`已知：${known}`, said && `对外口径：${said}`, next && `接下来：${next}`].filter(Boolean).join('\n'),
    chased: (due: string) => `催促态势更新（应在 ${due} 前）`,
    spent: (who: string, number: string, amount: string, due: string) =>
      `${who} 先行支出 ${number}，${amount}，须在 ${due} 前补批`,
    ratified: (number: string) => `${number} 已补批`,
    refused: (number: string, who: string, reason: string) =>
      `${number} 补批被 ${who} 拒绝：${reason}。先行支出人的额度停用`,
    recovery: (number: string, due: string) => `；须在 ${due} 前追回（${number}）`,
    restored: (who: string, reason: string) => `恢复 ${who} 的额度：${reason}`,
    freeze: (affected: string) => `冻结涉及“${affected}”的非危机费用`,
    go: (reason: string) => `决定恢复冻结的费用：${reason}`,
    noGo: (reason: string) => `决定继续冻结：${reason}`,
    statement: (who: string, number: string, what: string) => `声明 ${number}：${who} ${what}`,
    stoodDown: (how: string, reason: string) => `解除：${how}。${reason}`,
    aftercare: (kind: string, text: string, who: string, due: string, number: string) =>
      `善后（${kind}）交给 ${who}，${due} 前：${text}${number ? `（${number}）` : ''}`,
    scored: (met: number, all: number) => `演练成绩：${all} 项目标达到 ${met} 项`,
    attached: (name: string) => `附上文件 ${name}`,
    kept: (name: string, hash: string) => `文件 ${name} 已存档，SHA-256 ${hash}`,
    lost: (name: string) => `文件 ${name} 没有收下`,
  },
  en: {
    raised: (text: string, kind: string, affected: string) =>
      `raised the alarm: ${text} (${[kind, affected && `affects ${affected}`].filter(Boolean).join(', ')})`,
    signal: (signal: string) => `It confirms the signal ${signal}.`,
    drill: (scenario: string) => `Scenario of the drill: ${scenario}.`,
    graded: (grade: string, reason: string) => `graded it ${grade.toLowerCase()}: ${reason}`,
    regraded: (before: string, grade: string, reason: string) =>
      `changed the grade from ${before.toLowerCase()} to ${grade.toLowerCase()}: ${reason}`,
    joined: (who: string) => `${who} joined the team`,
    called: (who: string, why: string) => `${who} is called (${why})`,
    why: {
      assess: 'to grade it',
      team: 'into the team',
      idle: 'answered and did nothing since',
      'taken-back': 'whoever was called before cannot',
    },
    rung: (who: string, ways: string, round: number) => `rang ${who} by ${ways}${round > 1 ? ` (round ${round})` : ''}`,
    rungNot: (who: string) => `called ${who}, but there was no way to ring them`,
    skipped: (ways: string) => `; not possible: ${ways}`,
    ring: (way: string, who: string, outcome: string, code: string) =>
      `${who} by ${way}: ${outcome}${code ? ` (${code})` : ''}`,
    outcomes: { delivered: 'delivered', failed: 'not delivered', busy: 'busy', 'no-answer': 'no answer' },
    answered: (who: string, via: string) => `${who} answered${via ? ` (${via})` : ''}`,
    takenBack: (who: string, reason: string) => `${who} took their answer back${because(reason, ': ')}`,
    declined: (who: string, reason: string) => `${who} said that they cannot${because(reason, ': ')}`,
    room: (platform: string) => `the room on ${platform} was opened`,
    noRoom: (platform: string, code: string) =>
      `no room could be opened on ${platform} (${code}); the standing channel serves instead`,
    out: (names: string) => `; could not be brought in: ${names}`,
    roomsAsked: (platforms: string) => `asked to mend the rooms: ${platforms}`,
    seat: (who: string, seat: string) => `${who} became ${seat.toLowerCase()}`,
    seatFrom: (who: string, seat: string, from: string) => `${who} became ${seat.toLowerCase()} in place of ${from}`,
    seatsAsked: (seats: string) => `asked who takes the empty roles: ${seats}`,
    fact: (text: string) => `fact: ${text}`,
    quoted: (by: string, text: string) => `${by} said: “${text}”`,
    task: (who: string, text: string) => `gave ${who} the task: ${text}`,
    taskDone: (text: string) => `task done: ${text}`,
    contact: (party: string, whom: string, text: string) => `contact, ${party.toLowerCase()}, ${whom}: ${text}`,
    update: (situation: string) => `situation. ${situation}`,
    situation: (known: string, said: string, next: string) =>
      [`Known: ${known}`, said && `We say: ${said}`, next && `Next: ${next}`].filter(Boolean).join('\n'),
    chased: (due: string) => `asked for the situation update that was due by ${due}`,
    spent: (who: string, number: string, amount: string, due: string) =>
      `${who} spent first: ${number}, ${amount}, to be ratified by ${due}`,
    ratified: (number: string) => `${number} was ratified`,
    refused: (number: string, who: string, reason: string) =>
      `${who} refused to ratify ${number}: ${reason}. The cap of whoever spent it is suspended`,
    recovery: (number: string, due: string) => `; it is to be recovered by ${due} (${number})`,
    restored: (who: string, reason: string) => `gave ${who} their cap back: ${reason}`,
    freeze: (affected: string) => `non-crisis spend on “${affected}” is held`,
    go: (reason: string) => `go, what was held goes on: ${reason}`,
    noGo: (reason: string) => `no-go, it stays held: ${reason}`,
    statement: (who: string, number: string, what: string) => `statement ${number}: ${what} by ${who}`,
    stoodDown: (how: string, reason: string) => `stood it down: ${how}. ${reason}`,
    aftercare: (kind: string, text: string, who: string, due: string, number: string) =>
      `after the crisis (${kind.toLowerCase()}), ${who} by ${due}: ${text}${number ? ` (${number})` : ''}`,
    scored: (met: number, all: number) => `score of the drill: ${met} of ${all} targets met`,
    attached: (name: string) => `added the file ${name}`,
    kept: (name: string, hash: string) => `the file ${name} is kept, SHA-256 ${hash}`,
    lost: (name: string) => `the file ${name} was not taken`,
  },
});
