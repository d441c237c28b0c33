/** What contradicts itself in the crisis plans of a handbook, or would be missing at night, with the mend. */
import type { Line } from '../core/module.ts';
import type { Grade } from '../crisis/book.ts';
import type { Saying } from '../handbook/model.ts';
import { didYouMean, type Sayings } from './handbook.ts';
import { words } from './language.ts';

type CrisisCode = Extract<Saying['code'], `crisis-${string}`>;

const GRADE_NAMES = words<Record<Grade, string>>({
  zh: { general: '一般', major: '重大', critical: '特大' },
  en: { general: 'general', major: 'major', critical: 'critical' },
});
const LISTS = words<Record<Extract<Saying, { code: 'crisis-twice' }>['what'], string>>({
  zh: { kind: '危机类型', plan: '预案', holding: '预备声明', indicator: '预警指标', scenario: '演练场景' },
  en: {
    kind: 'kind',
    plan: 'plan',
    holding: 'holding statement',
    indicator: 'indicator',
    scenario: 'scenario',
  },
});
const LINE_NAMES = words<Record<Line, string>>({
  zh: {
    'feishu-app': '飞书应用内加急',
    'feishu-sms': '飞书短信加急',
    'feishu-phone': '飞书电话加急',
    sms: '短信',
    phone: '电话',
    pager: '外部呼叫工具',
  },
  en: {
    'feishu-app': 'Feishu urgent (in the app)',
    'feishu-sms': 'Feishu urgent (SMS)',
    'feishu-phone': 'Feishu urgent (phone)',
    sms: 'SMS',
    phone: 'phone',
    pager: 'pager',
  },
});

/** What somebody lacks whom the line does not reach. */
const needsZh = (lines: readonly Line[]) =>
  lines.some((line) => line.startsWith('feishu-')) ? '飞书账号（accounts: {feishu: ou_…}）' : '电话（phone）';
const needsEn = (lines: readonly Line[]) =>
  lines.some((line) => line.startsWith('feishu-')) ? 'Feishu account (accounts: {feishu: ou_…})' : 'phone number';

export const crisisSayings = words<Sayings<CrisisCode>>({
  zh: {
    'crisis-twice': ({ what, id, line }) => ({
      what: `${LISTS('zh')[what]} id「${id}」已经用在第 ${line} 行`,
      mend: '每个 id 要各不相同。请改掉其中一处。',
    }),
    'crisis-kind': ({ kind, near }) => ({
      what: `kinds 里没有危机类型「${kind}」`,
      mend: didYouMean('zh')(near, '请在 kinds 里加上它，或改成已有的类型。'),
    }),
    'crisis-no-plan': ({ grade, kinds }) => ({
      what: `定为${GRADE_NAMES('zh')[grade]}时没有预案可用：${kinds.join('、')}。报警后将无法定级`,
      mend: `请加一个 grade: ${grade} 的预案；不写 kinds 就适用于其余所有类型。`,
    }),
    'crisis-two-plans': ({ grade, kinds, other, line }) => ({
      what: `${GRADE_NAMES('zh')[grade]}级的${kinds.length > 0 ? `「${kinds.join('、')}」` : '其余类型'}在第 ${line} 行已有预案「${other}」，分不清该叫哪一组人`,
      mend:
        kinds.length > 0
          ? '请从其中一个预案的 kinds 里删掉重复的类型。'
          : '同一级只能有一个不写 kinds 的预案。请给其中一个写上 kinds。',
    }),
    'crisis-time': ({ key, least, most, natural }) => ({
      what: `「${key}」要在 ${least} 到 ${most} 之间${natural ? '，而且不能按工作时间计算：危机不等上班' : ''}`,
      mend: natural ? `请写自然时间，例如 ${least}、1h、${most}。` : `请写 ${least} 到 ${most} 之间的时长。`,
    }),
    'crisis-slow': ({ key, most }) => ({
      what: `「${key}」超过 ${most}：没有人回应时，要等这么久才换下一种方式呼叫`,
      mend: '建议 5m 到 15m。',
    }),
    'crisis-money': ({ text, currency }) => ({
      what: `「${text}」不是金额`,
      mend: `请写 ${currency} 金额，例如 10万 或 100000。`,
    }),
    'crisis-money-currency': ({ text, currency }) => ({
      what: `${text} 不是公司的记账货币 ${currency}`,
      mend: `请换算成 ${currency}，例如 10万。`,
    }),
    'crisis-each-over-total': ({ each, total }) => ({
      what: `每人的额度 ${each} 超过了合计 ${total}`,
      mend: '请让 each 不大于 total；不想设合计就删掉 total。',
    }),
    'crisis-freeze-field': ({ field, near }) => ({
      what: `没有任何流程的表单有字段「${field}」，冻结时会漏掉该拦下的支出`,
      mend: didYouMean('zh')(
        near,
        '请在 freeze: {fields: […]} 里写流程里说明用途的字段，例如 freeze: {fields: [title, detail]}。',
      ),
    }),
    'crisis-holding-over': ({ day, days }) => ({
      what:
        days < 0
          ? `这份预备声明在 ${day} 已经过期，危机时不能使用`
          : `这份预备声明 ${day} 到期，还有 ${days} 天，之后不能使用`,
      mend: '请法务重新看过文字，再改 expires；不再需要就删掉它。',
    }),
    'crisis-person-left': ({ person }) => ({
      what: `${person} 已离职，危机时叫不到`,
      mend: '请改成在职的人，或写角色：{role: …}。',
    }),
    'crisis-no-way': ({ person }) => ({
      what: `危机时没有任何办法叫到 ${person}：既没有聊天账号，ladder 里也没有能打到此人的方式`,
      mend: '请在 company.yaml 里给此人写上 phone 或 accounts，或换一个人。',
    }),
    'crisis-ladder-empty': () => ({
      what: 'ladder 是空的：夜里只发聊天消息，不会响铃',
      mend: '请写上更响的方式，例如 ladder: [feishu-app, sms, phone]。',
    }),
    'crisis-line-nobody': ({ line }) => ({
      what: `${LINE_NAMES('zh')[line]}（${line}）叫不到这里的任何人`,
      mend: `请在 company.yaml 里补上${needsZh([line])}，或从 ladder 里删掉它。`,
    }),
    'crisis-line-some': ({ lines, names }) => ({
      what: `最响的一级（${lines.map((line) => LINE_NAMES('zh')[line]).join('、')}）叫不到：${names.join('、')}`,
      mend: `请在 company.yaml 里补上${needsZh(lines)}。`,
    }),
    'crisis-stand-in-same': ({ person }) => ({
      what: `代替 ${person} 的还是 ${person}`,
      mend: '请在 standIn 里写另一个人或角色，或删掉 standIn（由其上级代替）。',
    }),
    'crisis-no-executive': () => ({
      what: '特大危机的预案里没有分管高管',
      mend: '建议在 team 里加上 {role: executive}。',
    }),
    'crisis-dead-end': ({ names }) => ({
      what: `${names.join('、')} ${names.length > 1 ? '都' : ''}不回应时，后面没有人可叫：没有替补，也没有上级`,
      mend: '请给其中一位写上 standIn，例如 {role: director, standIn: {role: supervisor}}，或再加一个人。',
    }),
    'crisis-one-clearer': ({ person }) => ({
      what: `声明只由 ${person} 一个人审核`,
      mend: '建议法务之后再加一位管理者，例如 clear: [{role: legal}, {role: director}]。',
    }),
  },
  en: {
    'crisis-twice': ({ what, id, line }) => ({
      what: `the ${LISTS('en')[what]} "${id}" already stands in line ${line}`,
      mend: 'Each has its own id. Change one of the two.',
    }),
    'crisis-kind': ({ kind, near }) => ({
      what: `"${kind}" is not among kinds`,
      mend: didYouMean('en')(near, 'add it to kinds, or write one that is there.'),
    }),
    'crisis-no-plan': ({ grade, kinds }) => ({
      what: `graded ${GRADE_NAMES('en')[grade]}, there is no plan for ${kinds.join(', ')}: such an alarm could not be graded`,
      mend: `Add a plan with grade: ${grade}; without kinds it is for all other kinds.`,
    }),
    'crisis-two-plans': ({ grade, kinds, other, line }) => ({
      what: `graded ${GRADE_NAMES('en')[grade]}, ${kinds.length > 0 ? kinds.join(', ') : 'all other kinds'} already have the plan "${other}" in line ${line}: nobody could say which team is called`,
      mend:
        kinds.length > 0
          ? 'Delete the kind from kinds of one of the two plans.'
          : 'Only one plan of a grade goes without kinds. Write kinds for one of the two.',
    }),
    'crisis-time': ({ key, least, most, natural }) => ({
      what: `"${key}" must be between ${least} and ${most}${natural ? ', and not in working time: a crisis does not wait for the office' : ''}`,
      mend: `Write a duration such as ${least}, 1h or ${most}.`,
    }),
    'crisis-slow': ({ key, most }) => ({
      what: `"${key}" is longer than ${most}: if nobody answers, so long passes before the next way is tried`,
      mend: 'Between 5m and 15m is usual.',
    }),
    'crisis-money': ({ text, currency }) => ({
      what: `"${text}" is no amount`,
      mend: `Write an amount in ${currency}, such as 10万 or 100000.`,
    }),
    'crisis-money-currency': ({ text, currency }) => ({
      what: `${text} is not in the company's currency ${currency}`,
      mend: `Write it in ${currency}, such as 10万.`,
    }),
    'crisis-each-over-total': ({ each, total }) => ({
      what: `each may spend ${each}, which is more than the total of ${total}`,
      mend: 'Make each at most total, or delete total.',
    }),
    'crisis-freeze-field': ({ field, near }) => ({
      what: `no form of any process has a field "${field}": a freeze would let through what it should hold`,
      mend: didYouMean('en')(
        near,
        'write the fields that say what money is for, such as freeze: {fields: [title, detail]}.',
      ),
    }),
    'crisis-holding-over': ({ day, days }) => ({
      what:
        days < 0
          ? `this holding statement ran out on ${day} and cannot be used in a crisis`
          : `this holding statement runs out on ${day}, in ${days} days, and cannot be used after that`,
      mend: 'Let legal look at the text again and change expires; or delete it if it is no longer needed.',
    }),
    'crisis-person-left': ({ person }) => ({
      what: `${person} has left and cannot be called in a crisis`,
      mend: 'Name somebody who is here, or a role: {role: …}.',
    }),
    'crisis-no-way': ({ person }) => ({
      what: `${person} cannot be called at all: they have no chat account, and no line of the ladder reaches them`,
      mend: 'Write their phone or accounts in company.yaml, or name somebody else.',
    }),
    'crisis-ladder-empty': () => ({
      what: 'the ladder is empty: at night there is only a chat message, and nothing rings',
      mend: 'Write louder ways, such as ladder: [feishu-app, sms, phone].',
    }),
    'crisis-line-nobody': ({ line }) => ({
      what: `${LINE_NAMES('en')[line]} (${line}) reaches nobody here`,
      mend: `Add a ${needsEn([line])} in company.yaml, or delete it from the ladder.`,
    }),
    'crisis-line-some': ({ lines, names }) => ({
      what: `the loudest way (${lines.map((line) => LINE_NAMES('en')[line]).join(', ')}) does not reach ${names.join(', ')}`,
      mend: `Add their ${needsEn(lines)} in company.yaml.`,
    }),
    'crisis-stand-in-same': ({ person }) => ({
      what: `behind ${person} stands ${person} again`,
      mend: 'Write another person or role as standIn, or delete it: then their manager is called next.',
    }),
    'crisis-no-executive': () => ({
      what: 'the plan for a critical crisis does not call an executive',
      mend: 'Add {role: executive} to team.',
    }),
    'crisis-dead-end': ({ names }) => ({
      what: `if ${names.join(', ')} ${names.length > 1 ? 'do' : 'does'} not answer, there is nobody left to call: no stand-in and no manager`,
      mend: 'Write a standIn for one of them, such as {role: director, standIn: {role: supervisor}}, or add somebody.',
    }),
    'crisis-one-clearer': ({ person }) => ({
      what: `only ${person} clears a statement`,
      mend: 'Add somebody of the management behind legal, such as clear: [{role: legal}, {role: director}].',
    }),
  },
});
