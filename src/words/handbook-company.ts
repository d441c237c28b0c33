/** What contradicts itself among the people, accounts, channels and currencies of a company, with the mend. */
import type { Saying } from '../handbook/model.ts';
import { didYouMean, type Sayings } from './handbook.ts';
import { words } from './language.ts';

type CompanyCode =
  | 'twice'
  | 'same-name'
  | 'manager-unknown'
  | 'manager-inactive'
  | 'reporting-cycle'
  | 'prefer-without-account'
  | 'no-account'
  | 'empty-channel'
  | 'unknown-calendar'
  | 'unknown-currency'
  | 'rate-of-own-currency'
  | 'rate-zero';

const KINDS = words<Record<Extract<Saying, { code: 'twice' }>['what'], string>>({
  zh: { person: '人员 id', email: '邮箱', account: '账号', phone: '电话', channel: '群' },
  en: { person: 'person id', email: 'e-mail address', account: 'account', phone: 'phone number', channel: 'channel' },
});

export const companySayings = words<Sayings<CompanyCode>>({
  zh: {
    twice: ({ what, value, first, line }) => ({
      what: `${KINDS('zh')[what]}「${value}」已经属于「${first}」（第 ${line} 行）`,
      mend: '一个人只写一次；一个账号、邮箱只属于一个人。请改掉其中一处。',
    }),
    'same-name': ({ name, first }) => ({
      what: `还有一位同名的「${name}」（${first}）`,
      mend: '只写 @姓名 时会请对方选择。可以在姓名后加部门以示区别。',
    }),
    'manager-unknown': ({ manager, near }) => ({
      what: `上级「${manager}」不在 people 里`,
      mend: didYouMean('zh')(near, '请在 people 里加上此人，或改成已有的 id。'),
    }),
    'manager-inactive': ({ manager }) => ({
      what: `上级 ${manager} 已离职（active: false）`,
      mend: '请把 manager 改成现在的上级。',
    }),
    'reporting-cycle': ({ names }) => ({
      what: `汇报线绕成了圈：${names.join(' → ')}`,
      mend: '请改正其中一人的 manager；最上面的人不写 manager。',
    }),
    'prefer-without-account': ({ person, platform }) => ({
      what: `${person} 要在 ${platform} 上收卡片，但没有 ${platform} 账号`,
      mend: `请在 accounts 里补上 ${platform} 账号，或改 prefer。`,
    }),
    'no-account': ({ person }) => ({
      what: `${person} 没有任何聊天账号，收不到卡片`,
      mend: '如果此人要申请或审批，请在 accounts 里写上 slack 或 feishu 账号。',
    }),
    'empty-channel': ({ channel }) => ({
      what: `频道「${channel}」没有写任何平台`,
      mend: '请写上 {slack: C…, feishu: oc_…, wecom: 群机器人名}，或删掉它。',
    }),
    'unknown-calendar': ({ calendar, near, regions }) => ({
      what: `没有「${calendar}」的节假日日历`,
      mend: didYouMean('zh')(
        near,
        regions.length > 0
          ? `可以写 ${regions.join('、')}，或只写国家。`
          : '请写 CN（中国节假日与调休）、none（不放公共假期），或国家代码，可带地区，例如 US、US-CA、DE-BY。',
      ),
    }),
    'unknown-currency': ({ currency, near }) => ({
      what: `没有「${currency}」这种货币`,
      mend: didYouMean('zh')(near, '请写 ISO 4217 代码，例如 CNY、USD。'),
    }),
    'rate-of-own-currency': ({ currency }) => ({
      what: `${currency} 是公司自己的货币，不需要汇率`,
      mend: '请删掉这一项。',
    }),
    'rate-zero': ({ currency }) => ({
      what: `${currency} 的汇率是零`,
      mend: '请写一单位外币等于多少本币，例如 "7.1234"。',
    }),
  },
  en: {
    twice: ({ what, value, first, line }) => ({
      what: `the ${KINDS('en')[what]} "${value}" already belongs to "${first}" (line ${line})`,
      mend: 'One person stands here once; an account or address belongs to one person. Change one of the two.',
    }),
    'same-name': ({ name, first }) => ({
      what: `somebody else is called "${name}" (${first})`,
      mend: 'Whoever types only the name is asked which of them is meant. A department behind the name tells them apart.',
    }),
    'manager-unknown': ({ manager, near }) => ({
      what: `the manager "${manager}" is not among people`,
      mend: didYouMean('en')(near, 'add this person to people, or write an id that is there.'),
    }),
    'manager-inactive': ({ manager }) => ({
      what: `the manager ${manager} has left (active: false)`,
      mend: 'Write the present manager.',
    }),
    'reporting-cycle': ({ names }) => ({
      what: `the reporting line runs in a circle: ${names.join(' → ')}`,
      mend: 'Correct the manager of one of them; whoever is at the top has none.',
    }),
    'prefer-without-account': ({ person, platform }) => ({
      what: `${person} wants cards on ${platform} and has no account there`,
      mend: `Add the ${platform} account to accounts, or change prefer.`,
    }),
    'no-account': ({ person }) => ({
      what: `${person} has no chat account and gets no cards`,
      mend: 'If they are to ask or sign, write their slack or feishu account in accounts.',
    }),
    'empty-channel': ({ channel }) => ({
      what: `the channel "${channel}" names no platform`,
      mend: 'Write {slack: C…, feishu: oc_…, wecom: the name of a group robot}, or delete it.',
    }),
    'unknown-calendar': ({ calendar, near, regions }) => ({
      what: `there is no calendar of public holidays for "${calendar}"`,
      mend: didYouMean('en')(
        near,
        regions.length > 0
          ? `write one of ${regions.join(', ')}, or the country alone.`
          : 'write CN (with its make-up days), none, or the code of a country, with or without a region, such as US, US-CA or DE-BY.',
      ),
    }),
    'unknown-currency': ({ currency, near }) => ({
      what: `there is no currency "${currency}"`,
      mend: didYouMean('en')(near, 'write an ISO 4217 code such as CNY or USD.'),
    }),
    'rate-of-own-currency': ({ currency }) => ({
      what: `${currency} is the company's own currency and needs no rate`,
      mend: 'Delete it.',
    }),
    'rate-zero': ({ currency }) => ({
      what: `the rate of ${currency} is zero`,
      mend: 'Write what one unit is worth, such as "7.1234".',
    }),
  },
});
