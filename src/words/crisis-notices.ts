/** What rooms and people are told of a crisis: one sentence each, with who and where they said it. */
import { words } from './language.ts';

/** A Latin name stands apart from the Chinese around it. */
const spaced = (name: string): string =>
  name
    .replace(/^(?=\w)/, ' ')
    .replace(/(?<=\w)$/, ' ')
    .trimStart();

export const crisisNoticeWords = words({
  zh: {
    via: (name: string, platform: string) => `${name}（${platform}）`,
    'crisis-graded': (who: string, grade: string, reason: string) => `${who} 定为${grade}危机：${reason}`,
    regraded: (who: string, before: string, grade: string, reason: string) =>
      `${who} 把级别从${before}改为${grade}：${reason}`,
    changed: (who: string, grade: string, reason: string) => `${who} 更正了类型或涉及范围，级别仍是${grade}：${reason}`,
    'member-joined': (who: string, by: string) => `${by} 叫了 ${who} 加入，正在呼叫。`,
    'member-here': (who: string) => `${who} 加入了。`,
    'member-called': (who: string) => `${who} 在预案团队里，正在呼叫。`,
    'member-stands-in': (who: string, seat: string) => `${who} 替 ${seat} 加入了。`,
    'page-answered': (who: string) => `${who} 已回应：收到。`,
    'page-answered-for': (who: string, seat: string) => `${who} 替 ${seat} 回应：收到。`,
    'answer-taken-back': (who: string, reason: string) =>
      reason ? `${who} 处理不了，正在找别人：${reason}` : `${who} 处理不了，正在找别人。`,
    'taken-back-covered': (who: string) => `${who} 收回了回应，已有别人在处理。`,
    'rung-climbed': '一轮都叫过了还没有人回应，请点“收到”；你处理不了就点“我处理不了”。',
    'room-failed': (platform: string, code: string) =>
      `${spaced(platform)}作战群没建成（${code}），消息先发到常设危机群。可以点按钮再试。`,
    'room-out': (platform: string, names: string) =>
      `没能拉进 ${spaced(platform)}群：${names}。可以点按钮补邀，或直接告诉他们。`,
    'seat-taken': (who: string, seat: string) => `${who} 认领了${seat}。`,
    'seat-given': (by: string, seat: string, who: string) => `${by} 指派 ${who} 任${seat}。`,
    'seat-changed': (who: string, seat: string, from: string) => `${seat}由 ${from} 换成 ${who}。`,
    'seats-asked': (seats: string) => `还没有人认领：${seats}。请点按钮认领一个。`,
    'fact-noted': (who: string, time: string, text: string) => `${who} 记下事实：${time} ${text}`,
    'fact-quoted': (who: string, time: string, text: string, by: string) =>
      `${who} 把 ${by} 的话记入事实：${time} “${text}”`,
    'task-added': (who: string, text: string, owner: string) => `${who} 派给 ${owner} 一项任务：${text}`,
    'task-yours': (who: string, text: string) => `${who} 派给你一项任务：${text}。做完请点按钮。`,
    'task-done': (who: string, text: string) => `${who} 完成了任务：${text}`,
    'contact-noted': (who: string, party: string, whom: string, time: string, text: string) =>
      `${who} 记下对外联络：${time} ${party} ${whom}：${text}`,
    'situation-updated': (who: string, known: string, said: string, next: string) =>
      [`${who} 更新了态势。`, `已知：${known}`, `对外口径：${said}`, ...(next ? [`接下来：${next}`] : [])].join('\n'),
    'update-chased': (due: string) => `态势更新 ${due} 就该发了，请现在点“更新态势”，两三句就够。`,
    'spend-executed': (who: string, number: string, amount: string, due: string) =>
      `${who} 先行支出 ${amount}（${number}），补批须在 ${due} 前完成。`,
    'spend-ratified': (number: string, who: string, amount: string) =>
      `${who} 的先行支出 ${number}（${amount}）已补批。`,
    'spend-refused': (number: string, who: string, amount: string, reason: string, by: string) =>
      `${by} 没有补批 ${who} 的先行支出 ${number}（${amount}）：${reason}`,
    'spend-refused-then': (who: string, decision: string, due: string) =>
      `${who} 的额度已停用；${due} 前要追回，见 ${decision}。`,
    'cap-restored': (by: string, who: string, reason: string) => `${by} 恢复了 ${who} 的先行支出额度：${reason}`,
    'freeze-began': (affected: string) => `涉及“${affected}”的其他费用已暂停审批。要恢复，请总指挥点“决定冻结去留”。`,
    'freeze-go': (by: string, reason: string) => `${by} 决定恢复审批，暂停的费用继续走：${reason}`,
    'freeze-no-go': (by: string, reason: string) => `${by} 决定继续冻结：${reason}`,
    'statement-noted': (who: string, what: string, number: string) => `${who} ${what}了声明 ${number}。`,
    'crisis-stood-down': (who: string, reason: string) => `${who} 解除了危机，事态已控制：${reason}`,
    'alarm-false': (who: string, reason: string) => `${who} 解除了警报，是误报：${reason}。不用再做什么。`,
    'drill-over': (who: string, reason: string) => `${who} 结束了演练：${reason}`,
    'aftercare-ordered': (who: string, kind: string, text: string, owner: string, due: string, number: string) =>
      `${who} 登记善后（${kind}）：${text}，责任人 ${owner}，${due} 前完成，见 ${number}。`,
    'drill-scored': (met: number, all: number) => `演练成绩：${all} 项目标达到 ${met} 项。`,
    'drill-unscored': '演练结束。预案没有写目标，所以没有成绩。',
  },
  en: {
    via: (name: string, platform: string) => `${name} (${platform})`,
    'crisis-graded': (who: string, grade: string, reason: string) =>
      `${who} graded it a ${grade.toLowerCase()} crisis: ${reason}`,
    regraded: (who: string, before: string, grade: string, reason: string) =>
      `${who} changed the grade from ${before.toLowerCase()} to ${grade.toLowerCase()}: ${reason}`,
    changed: (who: string, grade: string, reason: string) =>
      `${who} corrected its kind or what is affected; it stays ${grade.toLowerCase()}: ${reason}`,
    'member-joined': (who: string, by: string) => `${by} called ${who} in; the call is ringing.`,
    'member-here': (who: string) => `${who} joined.`,
    'member-called': (who: string) => `${who} is of the plan’s team and is being called.`,
    'member-stands-in': (who: string, seat: string) => `${who} joined for ${seat}.`,
    'page-answered': (who: string) => `${who} answered.`,
    'page-answered-for': (who: string, seat: string) => `${who} answered for ${seat}.`,
    'answer-taken-back': (who: string, reason: string) =>
      `${who} cannot do it; somebody else is being called${reason ? `: ${reason}` : '.'}`,
    'taken-back-covered': (who: string) => `${who} took the answer back; somebody else is at it already.`,
    'rung-climbed': 'Everybody was called and nobody answered. Please press “I have it”, or “I cannot”.',
    'room-failed': (platform: string, code: string) =>
      `The room on ${platform} could not be opened (${code}); the standing crisis channel serves instead. Press the button to try again.`,
    'room-out': (platform: string, names: string) =>
      `Not in the ${platform} room: ${names}. Press the button to invite them, or tell them yourself.`,
    'seat-taken': (who: string, seat: string) => `${who} took the role: ${seat.toLowerCase()}.`,
    'seat-given': (by: string, seat: string, who: string) => `${by} gave ${who} the role: ${seat.toLowerCase()}.`,
    'seat-changed': (who: string, seat: string, from: string) => `${seat}: ${who} instead of ${from}.`,
    'seats-asked': (seats: string) => `Still nobody for: ${seats.toLowerCase()}. Please take one.`,
    'fact-noted': (who: string, time: string, text: string) => `${who} noted a fact: ${time} ${text}`,
    'fact-quoted': (who: string, time: string, text: string, by: string) =>
      `${who} noted what ${by} said: ${time} “${text}”`,
    'task-added': (who: string, text: string, owner: string) => `${who} gave ${owner} a task: ${text}`,
    'task-yours': (who: string, text: string) => `${who} gave you a task: ${text}. Press the button when it is done.`,
    'task-done': (who: string, text: string) => `${who} finished the task: ${text}`,
    'contact-noted': (who: string, party: string, whom: string, time: string, text: string) =>
      `${who} logged a contact: ${time} ${party}, ${whom}: ${text}`,
    'situation-updated': (who: string, known: string, said: string, next: string) =>
      [
        `${who} updated the situation.`,
        `We know: ${known}`,
        `We say: ${said}`,
        ...(next ? [`Next: ${next}`] : []),
      ].join('\n'),
    'update-chased': (due: string) =>
      `The update was due at ${due}. Please press “Update the situation” now; two sentences will do.`,
    'spend-executed': (who: string, number: string, amount: string, due: string) =>
      `${who} spent ${amount} at once (${number}); the approval must follow before ${due}.`,
    'spend-ratified': (number: string, who: string, amount: string) =>
      `What ${who} spent at once is approved: ${number} (${amount}).`,
    'spend-refused': (number: string, who: string, amount: string, reason: string, by: string) =>
      `${by} did not approve what ${who} spent at once, ${number} (${amount}): ${reason}`,
    'spend-refused-then': (who: string, decision: string, due: string) =>
      `The cap of ${who} is suspended; it is to be recovered before ${due}, see ${decision}.`,
    'cap-restored': (by: string, who: string, reason: string) => `${by} restored the cap of ${who}: ${reason}`,
    'freeze-began': (affected: string) =>
      `Other spend of “${affected}” is held from now on. The lead ends it with “Freeze: go / no-go”.`,
    'freeze-go': (by: string, reason: string) => `${by} said go, what was held goes on: ${reason}`,
    'freeze-no-go': (by: string, reason: string) => `${by} said no-go, the freeze stays: ${reason}`,
    'statement-noted': (who: string, what: string, number: string) => `${who} ${what} statement ${number}.`,
    'crisis-stood-down': (who: string, reason: string) =>
      `${who} stood the crisis down, it is under control: ${reason}`,
    'alarm-false': (who: string, reason: string) => `${who} ended the alarm, it was false: ${reason}. Nothing to do.`,
    'drill-over': (who: string, reason: string) => `${who} ended the drill: ${reason}`,
    'aftercare-ordered': (who: string, kind: string, text: string, owner: string, due: string, number: string) =>
      `${who} ordered aftercare (${kind}): ${text}; ${owner}, by ${due}, see ${number}.`,
    'drill-scored': (met: number, all: number) => `Result of the drill: ${met} of ${all} targets met.`,
    'drill-unscored': 'The drill is over. Its plan names no targets, so there is no score.',
  },
});
