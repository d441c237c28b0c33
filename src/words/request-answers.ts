/** What people are told about requests: what was done, what was refused and why, what happened meanwhile. */
import { words } from './language.ts';

export const answerWords = words({
  zh: {
    faults: {
      missing: '请填写',
      'no-rate': (currency: string, base: string) =>
        `规则手册里没有 ${currency} 兑 ${base} 的汇率，请改用 ${base}，或请管理员在 company.yaml 的 rates 里补上`,
      'not-a-number': '请填数字，例如 12 或 3.5',
      'not-a-date': '请填日期，例如 2026-12-01',
      'not-an-option': '请从列表中选择',
      'unknown-person': '规则手册里没有这个人',
      'not-a-decision': '请填决议编号，例如 DM-2026-0012',
      'unknown-decision': (number: string) => `没有 ${number} 这项决议，或与你无关。输入 /decisions 可查到编号`,
      'void-decision': (number: string) => `${number} 已随纪要更正撤销，不能作为依据`,
      'too-long': (max: number) => `最多 ${max} 个字`,
    },
    said: {
      submitted: (number: string, amount: string, names: string) =>
        `${number} 已提交${amount ? `，金额 ${amount}` : ''}，等待 ${names} 审批。`,
      submittedApproved: (number: string) => `${number} 已提交并完成审批。`,
      approvedStep: (number: string, names: string) => `已批准 ${number}，接下来等待 ${names}。`,
      approvedAll: (number: string) => `已批准 ${number}，审批完成。`,
      rejected: (number: string) => `已驳回 ${number}，申请人会收到原因。`,
      returned: (number: string) => `已退回 ${number}，申请人修改后可重新提交。`,
      withdrawn: (number: string) => `已撤回 ${number}。`,
      commented: (number: string) => `评论已加到 ${number}。`,
      copied: (who: string, number: string) => `已把 ${number} 抄送给 ${who}。`,
      urged: (names: string) => `已催办：${names} 收到了提醒。两个工作小时后可以再催。`,
      handedOver: (who: string) => `已转交给 ${who}，两人的名字都会留在记录里。`,
      added: (who: string) => `已加签：${who}。`,
      attached: (name: string, number: string) => `收到文件，正在存入 ${number}：${name}`,
      shown: (number: string) => `${number} 的最新卡片已私信发给你。`,
    },
    refusals: {
      'already-decided': (number: string, state: string, who: string, at: string) =>
        `${number} ${state}：${who ? `${who} 于 ` : ''}${at} 处理。你的操作没有生效，也不需要再做什么。`,
      'step-already-decided': (who: string, at: string, outcome: string) =>
        `这一步 ${who} 已于 ${at} ${outcome}，你的操作没有生效，也不需要再做什么。`,
      'already-signed': (at: string) => `你已于 ${at} 签过，不必再签。`,
      'own-request': (names: string) => `不能审批自己的申请。现在等待 ${names}。`,
      'not-your-turn': (names: string) => `现在不是你审批。正在等待 ${names}。`,
      'stand-in-acts': (who: string) => `你不在期间由 ${who} 代签。回来了就输入 /pr back，未办的会回到你这里。`,
      'not-yours': '这张单与你无关，不能操作。需要查看请联系申请人把它抄送给你。',
      stale: '内容在这张卡片之后已经改过，你的操作没有生效。请看新的卡片再决定。',
      'only-requester': (who: string) => `只有申请人 ${who} 可以这样做。`,
      'not-returned': (state: string) => `这张单现在是「${state}」，只有退回修改的单子才能重新提交。`,
      'urged-lately': (at: string) => `刚催过。${at} 之后可以再催（每张单两个工作小时最多一次）。`,
      'unknown-person': '规则手册里没有这个人，或此人已离职。请换一位。',
      'sees-it-already': (who: string) => `${who} 已经能看到这张单。`,
      'not-to-requester': '不能交给申请人本人审批。请换一位。',
      'signs-already': (who: string) => `${who} 已经在这一步里了。请换一位。`,
      'signed-before': (who: string) => `${who} 已经批准过这张单，不必再签。需要再商量请用评论。`,
      'away-without-deputy': (who: string) => `${who} 不在，且代理人不能签这张单。请换一位。`,
      'no-signer': (step: string) =>
        `不能提交：「${step}」这一步找不到可以审批的人（你之上没有人了）。请让管理员检查规则手册的汇报线。`,
      'no-step-applies': '不能提交：按规则手册没有任何一步适用于这份内容。请让管理员检查流程的条件。',
      'unknown-request': (number: string) => `没有 ${number} 这张单。请核对单号，或输入 /pr list 查看与你有关的单子。`,
      'too-many-files': (most: number) => `一张单最多 ${most} 个附件。请合并成一个文件再发。`,
      unreadable: '没能读懂这个操作。请重新打开卡片再试一次。',
      other: '现在不能这样做。输入 /pr help 查看可以做什么。',
    },
    notices: {
      approved: (number: string, purpose: string) => `${number} ${purpose} 已获批准。`,
      rejected: (number: string, purpose: string, who: string) => `${number} ${purpose} 被 ${who} 驳回。`,
      returned: (number: string, purpose: string, who: string) =>
        `${number} ${purpose} 被 ${who} 退回修改。改好后在卡片上按「修改后重新提交」。`,
      withdrawn: (number: string, purpose: string, who: string) => `${who} 撤回了 ${number} ${purpose}，你不必再处理。`,
      commented: (number: string, who: string) => `${who} 评论了 ${number}`,
      urged: (number: string, purpose: string, who: string) => `${who} 催办：${number} ${purpose} 等待你审批。`,
      yourTurn: (number: string, purpose: string) => `轮到你审批：${number} ${purpose}。`,
      resubmitted: (number: string, purpose: string, who: string) =>
        `${who} 修改后重新提交了 ${number} ${purpose}，等待你审批。`,
      away: (number: string, from: string, to: string) => `${number}：${from} 不在，由 ${to} 代为审批。`,
      back: (number: string, from: string, to: string) =>
        `${number}：${to} 已回来，改由本人审批（此前由 ${from} 代理）。`,
      handedOver: (number: string, from: string, to: string) => `${number}：${from} 已转交给 ${to} 审批。`,
      signerAdded: (number: string, to: string) => `${number}：加签 ${to}。`,
      reminded: (number: string, purpose: string, times: number) =>
        `提醒（第 ${times} 次）：${number} ${purpose} 仍在等待你审批。`,
      escalated: (number: string, to: string) => `${number} 超过时限未处理，已升级给 ${to}。`,
      open: '请在那张卡片上处理。',
    },
  },
  en: {
    faults: {
      missing: 'Please fill this in',
      'no-rate': (currency: string, base: string) =>
        `The handbook has no rate from ${currency} to ${base}: use ${base}, or ask the administrator to add it to rates in company.yaml`,
      'not-a-number': 'Please enter a number, such as 12 or 3.5',
      'not-a-date': 'Please enter a date, such as 2026-12-01',
      'not-an-option': 'Please choose from the list',
      'unknown-person': 'The handbook does not know this person',
      'not-a-decision': 'Please enter the number of a decision, such as DM-2026-0012',
      'unknown-decision': (number: string) =>
        `There is no decision ${number}, or it does not concern you. Type /decisions to find the number`,
      'void-decision': (number: string) =>
        `${number} went with a correction of the minutes; nothing can rest on it any more`,
      'too-long': (max: number) => `At most ${max} characters`,
    },
    said: {
      submitted: (number: string, amount: string, names: string) =>
        `${number} is submitted${amount ? ` for ${amount}` : ''} and waits for ${names}.`,
      submittedApproved: (number: string) => `${number} is submitted and fully approved.`,
      approvedStep: (number: string, names: string) => `You approved ${number}. Next: ${names}.`,
      approvedAll: (number: string) => `You approved ${number}. The approval is complete.`,
      rejected: (number: string) => `You rejected ${number}. The requester is told the reason.`,
      returned: (number: string) => `You returned ${number}. The requester can change and resubmit it.`,
      withdrawn: (number: string) => `${number} is withdrawn.`,
      commented: (number: string) => `Your comment is on ${number}.`,
      copied: (who: string, number: string) => `${who} now gets a copy of ${number}.`,
      urged: (names: string) => `${names} got a reminder. You can urge again after two working hours.`,
      handedOver: (who: string) => `Handed over to ${who}; both names stay on record.`,
      added: (who: string) => `${who} is asked to sign as well.`,
      attached: (name: string, number: string) => `File received; it is being kept with ${number}: ${name}`,
      shown: (number: string) => `The current card of ${number} is in your direct messages.`,
    },
    refusals: {
      'already-decided': (number: string, state: string, who: string, at: string) =>
        `${number} is settled: ${state}${who ? ` by ${who}` : ''} on ${at}. Your press changed nothing and nothing is left to do.`,
      'step-already-decided': (who: string, at: string, outcome: string) =>
        `${who} already ${outcome} this step on ${at}. Your press changed nothing and nothing is left to do.`,
      'already-signed': (at: string) => `You signed this on ${at}; no second signature is needed.`,
      'own-request': (names: string) => `You cannot approve your own request. It waits for ${names}.`,
      'not-your-turn': (names: string) => `It is not your turn. It waits for ${names}.`,
      'stand-in-acts': (who: string) =>
        `${who} signs for you while you are away. Type /pr back when you are back; what is open returns to you.`,
      'not-yours': 'This request is not yours to act on. Ask its requester to copy it to you.',
      stale:
        'The content changed after this card was drawn, so nothing was done. Please look at the new card and decide again.',
      'only-requester': (who: string) => `Only the requester, ${who}, can do this.`,
      'not-returned': (state: string) => `This request is “${state}”; only a returned one can be resubmitted.`,
      'urged-lately': (at: string) => `You urged lately. You can urge again from ${at} (once per two working hours).`,
      'unknown-person': 'The handbook does not know this person, or they have left. Please choose somebody else.',
      'sees-it-already': (who: string) => `${who} can see this request already.`,
      'not-to-requester': 'The requester cannot sign their own request. Please choose somebody else.',
      'signs-already': (who: string) => `${who} is in this step already. Please choose somebody else.`,
      'signed-before': (who: string) =>
        `${who} has approved this request already and need not sign again. To ask them something, comment.`,
      'away-without-deputy': (who: string) =>
        `${who} is away and their deputy cannot sign this. Please choose somebody else.`,
      'no-signer': (step: string) =>
        `It cannot be submitted: nobody can sign “${step}” (nobody is above you). Please ask the administrator to check the reporting lines.`,
      'no-step-applies':
        'It cannot be submitted: by the handbook no step applies to this content. Please ask the administrator to check the conditions.',
      'unknown-request': (number: string) => `There is no ${number}. Check the number, or type /pr list to see yours.`,
      'too-many-files': (most: number) => `A request takes at most ${most} files. Please merge some into one.`,
      unreadable: 'That could not be understood. Please open the card again and retry.',
      other: 'That cannot be done now. Type /pr help to see what can.',
    },
    notices: {
      approved: (number: string, purpose: string) => `${number} ${purpose} is approved.`,
      rejected: (number: string, purpose: string, who: string) => `${number} ${purpose} was rejected by ${who}.`,
      returned: (number: string, purpose: string, who: string) =>
        `${number} ${purpose} was returned by ${who}. Press “Change and resubmit” on its card.`,
      withdrawn: (number: string, purpose: string, who: string) =>
        `${who} withdrew ${number} ${purpose}; nothing is left for you to do.`,
      commented: (number: string, who: string) => `${who} commented on ${number}`,
      urged: (number: string, purpose: string, who: string) =>
        `${who} urges: ${number} ${purpose} waits for your decision.`,
      yourTurn: (number: string, purpose: string) => `It is your turn to decide: ${number} ${purpose}.`,
      resubmitted: (number: string, purpose: string, who: string) =>
        `${who} changed and resubmitted ${number} ${purpose}; it waits for your decision.`,
      away: (number: string, from: string, to: string) => `${number}: ${from} is away, ${to} decides for them.`,
      back: (number: string, from: string, to: string) =>
        `${number}: ${to} is back and decides again (until now ${from}).`,
      handedOver: (number: string, from: string, to: string) => `${number}: ${from} handed it over to ${to}.`,
      signerAdded: (number: string, to: string) => `${number}: ${to} is asked to sign as well.`,
      reminded: (number: string, purpose: string, times: number) =>
        `Reminder ${times}: ${number} ${purpose} still waits for your decision.`,
      escalated: (number: string, to: string) => `${number} was not decided in time and went up to ${to}.`,
      open: 'Please decide on its card.',
    },
  },
});
