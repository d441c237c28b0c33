/** What is said about money that is spent in a crisis before it is approved, about urgent requests, and about those that a freeze holds. */
import { words } from './language.ts';

export const ratifyWords = words({
  zh: {
    tags: {
      awaits: '已先行执行，待补批',
      ratified: '已先行执行，已补批',
      refused: '已先行执行，补批被拒绝',
      urgent: '加急',
      held: '已冻结',
    },
    states: { open: '待补批', approved: '已补批', rejected: '补批被拒绝', returned: '待补批，已退回补材料' },
    waitsFor: (names: string) => `待补批，等待 ${names}`,
    buttons: { approve: '同意补批', reject: '不同意' },
    signed: {
      approved: (who: string, at: string) => `${who} 已于 ${at} 同意补批`,
      rejected: (who: string, at: string) => `${who} 已于 ${at} 拒绝补批`,
    },
    executed: '先行执行',
    executedAt: (at: string, crisis: string) => `${at} 已执行（危机 ${crisis}）`,
    due: '补批期限',
    dueBy: (at: string) => `${at} 之前`,
    late: (at: string, times: number) => `${at}，已逾期（已催 ${times} 次）`,
    together: '本人本次危机先行支出',
    togetherOf: (amount: string, count: number) => `共 ${amount}（${count} 笔，含本笔）`,
    ratifiedAt: '补批时间',
    refusedAt: '拒绝补批时间',
    urgent: '加急',
    urgentFor: (crisis: string, why: string) => `危机 ${crisis}；没有先行执行：${why}`,
    held: '冻结',
    heldBy: (crisis: string, since: string) =>
      `自 ${since} 起因危机 ${crisis} 冻结，解冻后才能批准。由该危机的总指挥或其上级在危机卡片上按「决定冻结去留」。`,
    heldState: (crisis: string) => `已冻结（危机 ${crisis}），暂停审批`,
    why: {
      'not-member': () => '你不在这起危机的团队里',
      'over-cap': (left: string) => `超出你在这起危机里的先行额度${left ? `，还剩 ${left}` : ''}`,
      'over-total': (left: string) => `超出团队的先行总额度${left ? `，还剩 ${left}` : ''}`,
      suspended: () => '你有一笔先行支出补批被拒绝，额度已暂停，总指挥恢复后才能再用',
      'no-plan': () => '这个级别的预案没有先行额度',
      'not-graded': () => '这起危机还没有定级',
      over: () => '这起危机已经解除',
      'no-amount': () => '没有填金额',
    },
    form: (crisis: string) =>
      `用于危机 ${crisis}：在先行额度以内的，提交即记为已执行，事后补批；超出的按加急申请审批，批准前请勿支出。`,
    said: {
      executed: (number: string, amount: string, crisis: string, due: string, names: string) =>
        `${number} 已记为先行执行，金额 ${amount}（危机 ${crisis}），现在就可以支出。请保留凭证：${names} 须在 ${due} 之前补批。`,
      urgent: (number: string, amount: string, crisis: string, why: string, names: string) =>
        `${number} 已作为加急申请提交${amount ? `，金额 ${amount}` : ''}（危机 ${crisis}），等待 ${names} 审批。不能先行执行：${why}。批准之前请不要支出。`,
      held: (number: string, crisis: string) =>
        `${number} 已提交，但被危机 ${crisis} 冻结：解冻之前没有人能批准，请先不要支出。恢复时会通知你。`,
      resubmitted: (number: string, due: string, names: string) =>
        `${number} 已重新提交补批，等待 ${names}。期限仍是 ${due}。`,
      approvedStep: (number: string, names: string) => `你已同意 ${number} 的补批，接下来等待 ${names}。`,
      approvedAll: (number: string) => `你已同意 ${number} 的补批，补批完成。`,
      rejected: (number: string) => `你已拒绝 ${number} 的补批。钱已经支出，将按预案追回，经办人会收到原因。`,
      returned: (number: string) => `已退回 ${number} 补材料。补批期限不变，经办人补齐后可重新提交。`,
    },
    refusals: {
      held: (crisis: string) =>
        `这张单被危机 ${crisis} 冻结，现在不能这样做。由该危机的总指挥或其上级在危机卡片上按「决定冻结去留」，恢复后再来；驳回、退回、撤回和评论仍然可以。`,
      'no-crisis': (crisis: string) =>
        `没有提交：${crisis ? `没有「${crisis}」这起危机` : '没有写是哪场危机'}。请写明编号，例如 --crisis CR-2026-0003；输入 /crisis 可查到编号。`,
      'in-drill': (crisis: string) =>
        `${crisis} 是演练：演练里不动钱，这笔支出没有记为申请。真要支出，请去掉编号重新提交。`,
      'spent-already': (crisis: string) =>
        `这笔钱已经为危机 ${crisis} 支出，不能撤回。有问题请写在评论里，或请审批人退回补材料。`,
      'spent-amount': (amount: string) =>
        `已经花掉的金额${amount ? ` ${amount} ` : ''}不能改，请照原金额重新提交。有退款或差额请在评论里说明；多花的部分请另外提交一张申请。`,
    },
    notices: {
      approved: (number: string, purpose: string) => `${number} ${purpose} 已补批，无需再做什么。`,
      rejected: (number: string, purpose: string, who: string) =>
        `${number} ${purpose} 的补批被 ${who} 拒绝。钱已经支出，将按预案追回；先行额度暂停。`,
      returned: (number: string, purpose: string, who: string) =>
        `${number} ${purpose} 被 ${who} 退回补材料。补批期限不变，请补齐后在卡片上按「修改后重新提交」。`,
      yourTurn: (number: string, purpose: string) => `请补批：${number} ${purpose}，钱已经在危机中支出。`,
      resubmitted: (number: string, purpose: string, who: string) =>
        `${who} 补齐材料后重新提交了 ${number} ${purpose}，等待你补批。`,
      reminded: (number: string, purpose: string, times: number) =>
        `提醒（第 ${times} 次）：${number} ${purpose} 已先行执行，仍在等待你补批。`,
      overdue: (number: string, purpose: string, amount: string, due: string, times: number, names: string) =>
        `补批逾期（第 ${times} 次提醒）：${number} ${purpose} ${amount} 已支出，应在 ${due} 之前补批，仍在等待 ${names}。`,
      held: (number: string, purpose: string, crisis: string) =>
        `${number} ${purpose} 因危机 ${crisis} 冻结：解冻之前没有人能批准，请先不要支出。恢复时会通知你。`,
      released: (number: string, purpose: string, crisis: string) =>
        `${number} ${purpose} 已解冻（危机 ${crisis}），审批继续，时限重新计算。`,
    },
    list: {
      title: '待补批（危机中已先行执行）',
      item: (number: string, purpose: string, amount: string, who: string, at: string, due: string) =>
        [`${number} ${purpose}`.trim(), amount, who, `${at} 执行`, `${due} 之前补批`].filter(Boolean).join('｜'),
      late: (by: string) => `已逾期 ${by}`,
      left: (time: string) => `还剩 ${time}`,
      more: (shown: number) => `只列出最早到期的 ${shown} 笔。`,
    },
    /** behind the line of a spend on the card of its crisis */
    times: {
      open: (at: string) => `；${at} 支出`,
      ratified: (at: string, ended: string) => `；${at} 支出${ended ? `，${ended} 补批` : ''}`,
      refused: (at: string, ended: string) => `；${at} 支出${ended ? `，${ended} 拒绝补批` : ''}`,
    },
    span: (days: number, hours: number, minutes: number) =>
      days > 0 ? `${days} 天 ${hours} 小时` : hours > 0 ? `${hours} 小时 ${minutes} 分钟` : `${minutes} 分钟`,
  },
  en: {
    tags: {
      awaits: 'spent first, to be ratified',
      ratified: 'spent first, ratified',
      refused: 'spent first, ratification refused',
      urgent: 'urgent',
      held: 'on hold',
    },
    states: {
      open: 'To be ratified',
      approved: 'Ratified',
      rejected: 'Ratification refused',
      returned: 'To be ratified; returned for papers',
    },
    waitsFor: (names: string) => `To be ratified by ${names}`,
    buttons: { approve: 'Ratify', reject: 'Refuse' },
    signed: {
      approved: (who: string, at: string) => `${who} ratified on ${at}`,
      rejected: (who: string, at: string) => `${who} refused to ratify on ${at}`,
    },
    executed: 'Spent first',
    executedAt: (at: string, crisis: string) => `Spent on ${at} (crisis ${crisis})`,
    due: 'Ratify by',
    dueBy: (at: string) => at,
    late: (at: string, times: number) => `${at}: overdue (told ${times === 1 ? 'once' : `${times} times`})`,
    together: 'Spent first by this person in this crisis',
    togetherOf: (amount: string, count: number) => `${amount} in all (${count} payments, this one among them)`,
    ratifiedAt: 'Ratified on',
    refusedAt: 'Refused on',
    urgent: 'Urgent',
    urgentFor: (crisis: string, why: string) => `Crisis ${crisis}; not spent first: ${why}`,
    held: 'On hold',
    heldBy: (crisis: string, since: string) =>
      `Held since ${since} by the freeze of crisis ${crisis}; nobody can approve it until it is lifted. The lead of that crisis, or whoever is above them, decides that on its card (“Freeze: go / no-go”).`,
    heldState: (crisis: string) => `On hold (crisis ${crisis})`,
    why: {
      'not-member': () => 'you are not in the team of this crisis',
      'over-cap': (left: string) =>
        `it is over what you may spend first in this crisis${left ? `; ${left} is left` : ''}`,
      'over-total': (left: string) => `it is over what the team may spend first${left ? `; ${left} is left` : ''}`,
      suspended: () =>
        'the ratification of something you spent was refused, so you may not spend first until the lead allows it again',
      'no-plan': () => 'the plan of this grade has no money to be spent first',
      'not-graded': () => 'this crisis has no grade yet',
      over: () => 'this crisis is over',
      'no-amount': () => 'no amount was given',
    },
    form: (crisis: string) =>
      `For crisis ${crisis}: what is within your cap counts as spent once you submit, and is ratified afterwards; anything above is an urgent request: do not spend it before it is approved.`,
    said: {
      executed: (number: string, amount: string, crisis: string, due: string, names: string) =>
        `${number} is recorded as spent, ${amount} (crisis ${crisis}); you can pay now. Keep the receipts: ${names} must ratify it by ${due}.`,
      urgent: (number: string, amount: string, crisis: string, why: string, names: string) =>
        `${number} is submitted as an urgent request${amount ? ` for ${amount}` : ''} (crisis ${crisis}) and waits for ${names}. It cannot be spent first: ${why}. Please do not pay before it is approved.`,
      held: (number: string, crisis: string) =>
        `${number} is submitted, but the freeze of crisis ${crisis} holds it: nobody can approve it until that is lifted. Please do not spend; you will be told when it goes on.`,
      resubmitted: (number: string, due: string, names: string) =>
        `${number} is submitted again for ratification and waits for ${names}. It is still due by ${due}.`,
      approvedStep: (number: string, names: string) => `You ratified ${number}. Next: ${names}.`,
      approvedAll: (number: string) => `You ratified ${number}. The ratification is complete.`,
      rejected: (number: string) =>
        `You refused to ratify ${number}. The money is spent; it is recovered as the plan says, and whoever spent it is told the reason.`,
      returned: (number: string) =>
        `You returned ${number} for papers. The time for ratifying stays as it is; it can be submitted again.`,
    },
    refusals: {
      held: (crisis: string) =>
        `The freeze of crisis ${crisis} holds this request, so this cannot be done now. The lead of that crisis, or whoever is above them, lifts it on its card (“Freeze: go / no-go”); rejecting, returning, withdrawing and commenting still work.`,
      'no-crisis': (crisis: string) =>
        `Nothing was submitted: ${crisis ? `there is no crisis “${crisis}”` : 'it does not say which crisis'}. Give its number, as in --crisis CR-2026-0003; /crisis lists them.`,
      'in-drill': (crisis: string) =>
        `${crisis} is a drill: no money moves in a drill, and this was not recorded as a request. If it is real, submit it again without that number.`,
      'spent-already': (crisis: string) =>
        `This money is already spent for crisis ${crisis} and cannot be withdrawn. Please comment, or ask a signer to return it for papers.`,
      'spent-amount': (amount: string) =>
        `What was spent${amount ? ` (${amount})` : ''} cannot be changed: please submit it again with the same amount. Say in a comment what was refunded or differs; for anything spent beyond it please submit a new request.`,
    },
    notices: {
      approved: (number: string, purpose: string) => `${number} ${purpose} is ratified; nothing is left to do.`,
      rejected: (number: string, purpose: string, who: string) =>
        `${who} refused to ratify ${number} ${purpose}. The money is spent and is recovered as the plan says; nothing more may be spent first until that is cleared.`,
      returned: (number: string, purpose: string, who: string) =>
        `${who} returned ${number} ${purpose} for papers. It is due as before: complete it and press “Change and resubmit” on its card.`,
      yourTurn: (number: string, purpose: string) =>
        `Please ratify ${number} ${purpose}: it was spent in a crisis before it was approved.`,
      resubmitted: (number: string, purpose: string, who: string) =>
        `${who} completed and resubmitted ${number} ${purpose}; it waits for you to ratify it.`,
      reminded: (number: string, purpose: string, times: number) =>
        `Reminder ${times}: ${number} ${purpose} is spent and still waits for you to ratify it.`,
      overdue: (number: string, purpose: string, amount: string, due: string, times: number, names: string) =>
        `Ratification overdue (told ${times === 1 ? 'once' : `${times} times`}): ${number} ${purpose}, ${amount}, is spent and was to be ratified by ${due}; it still waits for ${names}.`,
      held: (number: string, purpose: string, crisis: string) =>
        `The freeze of crisis ${crisis} holds ${number} ${purpose}: nobody can approve it until that is lifted. Please do not spend; you will be told when it goes on.`,
      released: (number: string, purpose: string, crisis: string) =>
        `${number} ${purpose} is no longer held (crisis ${crisis}); the approval goes on and its times begin anew.`,
    },
    list: {
      title: 'To be ratified (spent first in a crisis)',
      item: (number: string, purpose: string, amount: string, who: string, at: string, due: string) =>
        [`${number} ${purpose}`.trim(), amount, who, `spent ${at}`, `ratify by ${due}`].filter(Boolean).join(' | '),
      late: (by: string) => `${by} late`,
      left: (time: string) => `${time} left`,
      more: (shown: number) => `Only the ${shown} that are due first are listed.`,
    },
    times: {
      open: (at: string) => `; spent ${at}`,
      ratified: (at: string, ended: string) => `; spent ${at}${ended ? `, ratified ${ended}` : ''}`,
      refused: (at: string, ended: string) => `; spent ${at}${ended ? `, refused ${ended}` : ''}`,
    },
    span: (days: number, hours: number, minutes: number) =>
      days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`,
  },
});
