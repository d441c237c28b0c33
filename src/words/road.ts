/** What the road itself says: to strangers, about duplicates of nothing, about faults, and to the administrator. */
import { words } from './language.ts';

export const roadWords = words({
  zh: {
    foreign: '这里只供本公司成员使用。请联系贵方的对接人。',
    unknownAccount: (platform: string, account: string) =>
      `规则手册里还没有你的账号。请把「${platform}: ${account}」发给管理员，加到 company.yaml 的 accounts 里。`,
    left: '你的账号已在规则手册中停用，不能操作。',
    busy: '系统正忙，这次操作没有记录。请过几秒再按一次。',
    unheard: '系统刚才断线，这次操作可能已经记录。请过几秒看卡片，或输入 /pr list；确实没有，再做一次。',
    fault: (reference: string) => `出了意外，操作没有完成。请再试一次；若仍不行，请把编号 ${reference} 告诉管理员。`,
    stale: '这个按钮来自旧版本，没有生效。请输入 /pr list 打开新的卡片。',
    closed: (number: string) => `${number} 的这张卡片已停用`,
    moved: '最新的卡片在下面，请在那里查看和处理。',
    noLonger: '你现在无权查看这张单。如有疑问，请联系申请人。',
    delivery: '消息送达',
    deadLetter: (platform: string, code: string, who: string, number: string) =>
      `${number}：发给 ${who} 的消息在 ${platform} 上送不到（${code}）。`,
    withheld: (platform: string, code: string, _who: string, number: string) =>
      `${number} 有内容要给你，但 ${platform} 不放行其中的文字（${code}）：可能有敏感词，或公司防泄漏规则不允许的电话、邮箱等。`,
    reword: '你写的：请换一种说法再提交。别人写的：请联系申请人改写，处理之前不会跳过你。',
    lostFile: (platform: string, code: string, who: string, number: string) =>
      `${number}：${who} 发来的文件在 ${platform} 上取不到（${code}），一天之内会一直再试。`,
    mend: {
      retry: '平台长时间没有应答。请检查网络与平台状态。恢复后卡片会自动更新，期间的通知不再补发。',
      gone: '消息被反复删除，不再重发。',
      unreachable: '请确认：机器人在这个频道或群里，且没有被归档、禁言；此人在应用的可用范围内。',
      rejected: '平台拒绝了消息内容。请把这条记录交给开发者。',
      words:
        '平台不放行其中的文字（敏感词，或公司的数据防泄漏规则）。看不到它的人已得到通知。请申请人换一种说法，或请平台的管理员调整规则。',
      credentials: '平台拒绝了我们的令牌或权限。请检查应用是否被停用、权限（scope）是否齐全、密钥是否更换。',
    },
    clock: (ours: string) => `以上时间都是公司时间（${ours}）。`,
    clockNotYours: (ours: string, theirs: string) => `以上时间都是公司时间（${ours}），不是你那里的（${theirs}）。`,
    digest: {
      title: (count: number) => `今日摘要：${count} 条通知`,
      how: '输入 /pr list 打开待办。',
    },
    audit: {
      title: '审计封存',
      sealed: (number: number) => `第 ${number} 号检查点`,
      chains: '链数',
      entries: '记录数',
      through: '截至序号',
      hash: '检查点哈希',
      how: '请保留这条消息。用 npm run verify -- 导出文件 --checkpoint 哈希 可以离线核对。',
      onlyAdmin: (names: string) => `只有管理员可以封存：${names}。`,
      sealedNow: (number: number) => `已封存为第 ${number} 号检查点，并发到审计频道。`,
      nothingNew: '上次封存之后没有新的记录，无需封存。',
    },
    away: {
      recorded: (from: string, to: string, deputy: string) =>
        `已记录：${from} 至 ${to} 由 ${deputy} 代理。待你审批的单子会转给代理人，申请人会收到通知；你的会议由代理人参加，纪要和决议也由其代办。`,
      ended: '已记录你回来了。未办的单子回到你这里。',
      usage: '请写成：/pr away 2026-12-01 2026-12-07 @李娜',
      badDates: '日期不对：请写成 2026-12-01，开始不晚于结束，且结束不早于今天。',
      tooLong: '一次最多登记 366 天。',
      noDeputy: '请写明代理人，例如 @李娜。',
      unknownDeputy: (name: string) => `规则手册里没有「${name}」，或此人已离职。`,
      ambiguous: (name: string, ids: string) => `有几位叫「${name}」：请写工号 ${ids}。`,
      self: '代理人不能是自己。',
      overlap: (from: string, to: string) => `这段时间与已登记的 ${from} 至 ${to} 重叠。先用 /pr back 取消再登记。`,
      circle: (who: string) => `${who} 那段时间的代理人最终又是你，没有人能办事。请换一位代理人。`,
      notAway: '没有登记过外出，不需要取消。',
    },
  },
  en: {
    foreign: 'This is for members of our company only. Please ask your contact there.',
    unknownAccount: (platform: string, account: string) =>
      `The handbook does not know your account yet. Send “${platform}: ${account}” to the administrator, who adds it to accounts in company.yaml.`,
    left: 'Your account is switched off in the handbook, so you cannot act here.',
    busy: 'The system is busy and nothing was recorded. Please press again in a few seconds.',
    unheard:
      'The system was cut off just now and this may have been recorded. In a few seconds, look at the card or type /pr list; do it again only if it is not there.',
    fault: (reference: string) =>
      `Something unexpected happened and nothing was completed. Please try again; if it fails again, give the administrator the reference ${reference}.`,
    stale: 'This button is from an older release and did nothing. Type /pr list to open the current card.',
    closed: (number: string) => `This card of ${number} is closed`,
    moved: 'The current card stands further down. Please use that one.',
    noLonger: 'You may not see this request any more. If in doubt, ask its requester.',
    delivery: 'Delivery',
    deadLetter: (platform: string, code: string, who: string, number: string) =>
      `${number}: a message to ${who} cannot be delivered on ${platform} (${code}).`,
    withheld: (platform: string, code: string, _who: string, number: string) =>
      `There is something about ${number} for you, but ${platform} does not let its text pass (${code}): perhaps a sensitive word, or a phone number or e-mail address that the company's data protection keeps back.`,
    reword:
      'If you wrote it, put it in other words and submit it again. If somebody else did, ask them to. Nobody passes you over meanwhile.',
    lostFile: (platform: string, code: string, who: string, number: string) =>
      `${number}: a file that ${who} sent cannot be fetched from ${platform} (${code}). It is tried again for a day.`,
    mend: {
      retry:
        'The platform has not answered for long. Check the network and the platform. Its cards are brought up to date once it is back; notices of that time are not sent late.',
      gone: 'The message was deleted again and again; it is not posted any more.',
      unreachable:
        'Make sure that the bot is in this channel, that it is not archived or muted, and that the person is in the app’s range.',
      rejected: 'The platform refused the content. Please pass this on to the developers.',
      words:
        'The platform does not let the text pass (a sensitive word, or the company’s data protection). Those who cannot see it have been told. Ask its author for other words, or the platform’s administrator to change the rule.',
      credentials:
        'The platform refused our token or scope. Check that the app is enabled, its scopes are complete and the secrets are current.',
    },
    clock: (ours: string) => `All times above are the company’s (${ours}).`,
    clockNotYours: (ours: string, theirs: string) =>
      `All times above are the company’s (${ours}), not yours (${theirs}).`,
    digest: {
      title: (count: number) => `Your digest: ${count} ${count === 1 ? 'notice' : 'notices'}`,
      how: 'Type /pr list to open what waits for you.',
    },
    audit: {
      title: 'Audit seal',
      sealed: (number: number) => `Checkpoint ${number}`,
      chains: 'Chains',
      entries: 'Entries',
      through: 'Through',
      hash: 'Checkpoint hash',
      how: 'Keep this message. npm run verify -- FILE --checkpoint HASH checks an export offline.',
      onlyAdmin: (names: string) => `Only administrators can seal: ${names}.`,
      sealedNow: (number: number) => `Sealed as checkpoint ${number} and posted to the audit channel.`,
      nothingNew: 'Nothing was recorded since the last seal.',
    },
    away: {
      recorded: (from: string, to: string, deputy: string) =>
        `Recorded: from ${from} to ${to} ${deputy} decides for you. What waits for you moves to them and the requesters are told; they also go to your meetings and see to your minutes and decisions.`,
      ended: 'Recorded that you are back. What is open returns to you.',
      usage: 'Please write: /pr away 2026-12-01 2026-12-07 @Li',
      badDates: 'The dates do not fit: write 2026-12-01, the start not after the end, the end not before today.',
      tooLong: 'At most 366 days at once.',
      noDeputy: 'Please name a deputy, for example @Li.',
      unknownDeputy: (name: string) => `The handbook does not know “${name}”, or they have left.`,
      ambiguous: (name: string, ids: string) => `Several people are called “${name}”: write the id, ${ids}.`,
      self: 'You cannot be your own deputy.',
      overlap: (from: string, to: string) =>
        `This overlaps with ${from} to ${to}. Type /pr back first, then record it again.`,
      circle: (who: string) =>
        `In those days the deputies of ${who} lead back to you, so nobody could act. Please choose another deputy.`,
      notAway: 'No absence is recorded, so there is nothing to take back.',
    },
  },
});
