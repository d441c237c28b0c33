/** What contradicts itself in the processes of a handbook, with the mend; and the way from a finding to its sentence. */

import type { Language } from '../core/chat.ts';
import type { Saying, Stretch } from '../handbook/model.ts';
import type { FormField } from '../processes/model.ts';
import { didYouMean, fileSayings, type Said, type Sayings } from './handbook.ts';
import { companySayings } from './handbook-company.ts';
import { crisisSayings } from './handbook-crisis.ts';
import { meetingSayings } from './handbook-meetings.ts';
import { words } from './language.ts';

type ElsewhereCode =
  | keyof ReturnType<typeof fileSayings>
  | keyof ReturnType<typeof companySayings>
  | keyof ReturnType<typeof crisisSayings>
  | keyof ReturnType<typeof meetingSayings>;
type RuleCode = Exclude<Saying['code'], ElsewhereCode>;

const PROCESS_KINDS = words<Record<Extract<Saying, { code: 'process-twice' }>['what'], string>>({
  zh: { id: 'id', command: '命令或别名', number: '单号前缀' },
  en: { id: 'id', command: 'command or alias', number: 'number prefix' },
});
const ID_KINDS = words<Record<Extract<Saying, { code: 'id-twice' }>['what'], string>>({
  zh: { field: '字段', step: '步骤', option: '选项', quick: 'quick 里的字段' },
  en: { field: 'field', step: 'step', option: 'option', quick: 'field in quick' },
});
const TYPES = words<Record<FormField['type'], string>>({
  zh: {
    money: '金额',
    text: '文字',
    paragraph: '长文字',
    choice: '选项',
    number: '数字',
    date: '日期',
    person: '人员',
    file: '文件',
    decision: '决议',
  },
  en: {
    money: 'money',
    text: 'text',
    paragraph: 'paragraph',
    choice: 'choice',
    number: 'number',
    date: 'date',
    person: 'person',
    file: 'file',
    decision: 'decision',
  },
});

/** 金额 ¥50,000.00 至 ¥60,000.00（不含） / Amount from ¥50,000.00 to below ¥60,000.00 */
const stretch = words<(where: Stretch) => string>({
  zh: ({ label, from, below, is, otherwise }) => {
    if (is !== undefined) return `${label.zh}为「${is}」`;
    if (otherwise) return `${label.zh}为其他人`;
    if (from !== undefined && below !== undefined) return `${label.zh} ${from} 至 ${below}（不含）`;
    return from === undefined ? `${label.zh}低于 ${below}` : `${label.zh} ${from} 及以上`;
  },
  en: ({ label, from, below, is, otherwise }) => {
    if (is !== undefined) return `${label.en} is "${is}"`;
    if (otherwise) return `${label.en} is anybody else`;
    if (from !== undefined && below !== undefined) return `${label.en} between ${from} and ${below} (not included)`;
    return from === undefined ? `${label.en} below ${below}` : `${label.en} of ${from} and more`;
  },
});
const places = (language: Language, where: Stretch[]) =>
  where.length === 0
    ? language === 'zh'
      ? '任何内容'
      : 'anything'
    : where.map(stretch(language)).join(language === 'zh' ? '，且' : ' and ');
const at = (language: Language, where: Stretch | undefined) =>
  where ? `${language === 'zh' ? '' : ' for '}${stretch(language)(where)}` : '';

/** A few names, then how many more. */
const few = (language: Language, names: readonly string[]) => {
  const shown = names.slice(0, 6).join(language === 'zh' ? '、' : ', ');
  if (names.length <= 6) return shown;
  return language === 'zh' ? `${shown} 等 ${names.length} 人` : `${shown} and ${names.length - 6} more`;
};

const ruleSayings = words<Sayings<RuleCode>>({
  zh: {
    'process-twice': ({ what, value, file, line }) => ({
      what: `${PROCESS_KINDS('zh')[what]}「${value}」已经用在 ${file} 第 ${line} 行`,
      mend: '每个流程的 id、命令、别名和单号前缀都要各不相同。请改掉其中一处。',
    }),
    'file-name': ({ id }) => ({
      what: `文件名与 id「${id}」不一致`,
      mend: `建议改名为 processes/${id}.yaml，以后好找。`,
    }),
    'reserved-command': ({ word }) => ({ what: `「${word}」是程序自己的命令`, mend: '请换一个命令或别名。' }),
    'reserved-number': ({ number }) => ({
      what: `单号前缀「${number}」是程序自己用的`,
      mend: '会议用 MT、MS，决议用 DM，请假用 AW，危机用 CR，演练用 DR，声明用 ST，预警用 SG。请换一个前缀。',
    }),
    'slack-command': ({ word, limit }) => ({
      what: `命令「/${word}」对 Slack 太长（连斜杠最多 ${limit} 个字符）`,
      mend: '请换一个短一些的命令。',
    }),
    'slack-builtin': ({ word }) => ({
      what: `「/${word}」是 Slack 自带的命令`,
      mend: '在 Slack 里可能触发不到，建议换一个。',
    }),
    'alias-form': ({ word }) => ({
      what: `别名「${word}」里有空格、斜杠、@ 或尖括号`,
      mend: '请写成一个词，例如 费用。',
    }),
    'unknown-channel': ({ channel, near }) => ({
      what: `company.yaml 的 channels 里没有「${channel}」`,
      mend: didYouMean('zh')(near, '请在 channels 里加上，或删掉这一行。'),
    }),
    'id-twice': ({ what, id }) => ({ what: `${ID_KINDS('zh')[what]}「${id}」写了两次`, mend: '请删掉一个，或改名。' }),
    'quick-unknown': ({ field, near }) => ({
      what: `quick 里的「${field}」不是表单的字段`,
      mend: didYouMean('zh')(near, '请在 form 里加上这个字段，或从 quick 里删掉。'),
    }),
    'quick-not-last': ({ field, type }) => ({
      what: `quick 里「${field}」后面还有字段，但它的类型是 ${type}，可以含空格，分不清哪里结束`,
      mend: '请把它放到 quick 的最后。',
    }),
    'quick-file': ({ field }) => ({
      what: `「${field}」是文件，不能打字输入`,
      mend: '请从 quick 里删掉；提交后再发文件。',
    }),
    'when-unknown-field': ({ field, near }) => ({
      what: `条件里的「${field}」不是表单的字段`,
      mend: didYouMean('zh')(near, '请在 form 里加上这个字段，或删掉这个条件。'),
    }),
    'when-optional': ({ field }) => ({
      what: `条件用了选填的字段「${field}」，不填就可能绕过审批`,
      mend: '请把这个字段的 required: false 删掉，或不要用它作条件。',
    }),
    'when-op': ({ field, type, op, possible }) => ({
      what: `「${field}」是${TYPES('zh')[type]}，不能用 ${op} 比较`,
      mend:
        possible.length > 0
          ? `可以用：${possible.join('、')}。`
          : '文字、文件和决议不能作条件：多一个空格就会换人审批。请改用 choice（选项）。',
    }),
    'when-limit': ({ field, type, limit, currency }) => ({
      what: `「${field}」的界限「${limit}」不是${TYPES('zh')[type]}`,
      mend:
        type === 'money'
          ? `请写 ${currency} 金额，例如 5万 或 50000。`
          : type === 'date'
            ? '请写日期，例如 2026-12-31。'
            : '请写数字，例如 3 或 2.5。',
    }),
    'when-option': ({ field, option, near, options }) => ({
      what: `「${field}」没有选项「${option}」`,
      mend: didYouMean('zh')(near, `可以写：${options.join('、')}。`),
    }),
    'when-never': ({ field, from, below }) => ({
      what: `「${field}」不可能既不低于 ${from} 又低于 ${below}，这一步永远用不上`,
      mend: '请让 atLeast 小于 below，或删掉其中一个。',
    }),
    'role-unknown': ({ role, near }) => ({
      what: `没有人担任角色「${role}」`,
      mend: didYouMean('zh')(near, '请在 company.yaml 里给某个人的 roles 加上它。'),
    }),
    'role-unstaffed': ({ role, left }) => ({
      what: `担任角色「${role}」的人都已离职：${few('zh', left)}`,
      mend: '请在 company.yaml 里把这个角色给一位在职的人。',
    }),
    'person-unknown': ({ person, near }) => ({
      what: `people 里没有「${person}」`,
      mend: didYouMean('zh')(near, '请写 company.yaml 里某个人的 id。'),
    }),
    'person-inactive': ({ person }) => ({ what: `${person} 已离职，会由其上级代为审批`, mend: '请改成在职的人。' }),
    'need-in-list': () => ({
      what: 'who 是列表时，need 写在某一条规则里不起作用',
      mend: '请把 need 写到步骤上，与 who 并列。',
    }),
    'several-rules': ({ step }) => ({
      what: `步骤「${step}」有几条规则而没有 need：其中任何一人签了就算通过`,
      mend: '如果每个人都要签，请在步骤上写 need: all；否则写 need: any 以示明确。',
    }),
    gap: ({ where }) => ({
      what: `${places('zh', where)}：没有任何一步适用，无人审批`,
      mend: '请让相邻两档首尾相接（前一档的 below 等于后一档的 atLeast），或加一个不带条件的步骤。',
    }),
    overlap: ({ first, second, where }) => ({
      what: `步骤「${first}」和「${second}」的区间重叠：${stretch('zh')(where)} 两步都要签`,
      mend: `请让「${first}」的 below 等于「${second}」的 atLeast；如果本来就要两人都签，请删掉「${first}」的 below。`,
    }),
    'too-many-cases': ({ cases }) => ({
      what: `条件的组合有 ${cases} 种，没有逐一检查是否有人审批`,
      mend: '请加一个不带条件的步骤，或减少条件。',
    }),
    'nobody-could-pass': ({ process, step, where, people }) => ({
      what: `流程「${process}」${at('zh', where)}：${people} 位在职的人谁都提交不了，步骤「${step}」找不到能审批的人`,
      mend: '没有人能审批自己的申请。请检查这一步的 who、roles 和 manager，或再加一位审批人。',
    }),
    'some-cannot-pass': ({ process, step, where, names }) => ({
      what: `${few('zh', names)} 不能提交流程「${process}」${at('zh', where)}：步骤「${step}」之上没有人了`,
      mend: '没有人能审批自己的申请。如果他们也要申请，请在 people 里加上能审批的上级。',
    }),
  },
  en: {
    'process-twice': ({ what, value, file, line }) => ({
      what: `the ${PROCESS_KINDS('en')[what]} "${value}" is already used in ${file}, line ${line}`,
      mend: 'Each process has its own id, command, aliases and number prefix. Change one of the two.',
    }),
    'file-name': ({ id }) => ({
      what: `the file's name is not that of its id "${id}"`,
      mend: `Rename it to processes/${id}.yaml, so that it is found.`,
    }),
    'reserved-command': ({ word }) => ({
      what: `"${word}" is a command of the product itself`,
      mend: 'Choose another command or alias.',
    }),
    'reserved-number': ({ number }) => ({
      what: `the number prefix "${number}" is the product's own`,
      mend: 'Meetings take MT and MS, decisions DM, absences AW, crises CR, drills DR, statements ST, signals SG. Choose another prefix.',
    }),
    'slack-command': ({ word, limit }) => ({
      what: `the command "/${word}" is too long for Slack (${limit} characters with the slash)`,
      mend: 'Choose a shorter command.',
    }),
    'slack-builtin': ({ word }) => ({
      what: `"/${word}" is one of Slack's own commands`,
      mend: 'It may not be reached in Slack; another one is better.',
    }),
    'alias-form': ({ word }) => ({
      what: `the alias "${word}" has a space, a slash, an @ or an angle bracket in it`,
      mend: 'Write one word, such as 费用.',
    }),
    'unknown-channel': ({ channel, near }) => ({
      what: `company.yaml has no channel "${channel}"`,
      mend: didYouMean('en')(near, 'add it to channels, or delete this line.'),
    }),
    'id-twice': ({ what, id }) => ({
      what: `the ${ID_KINDS('en')[what]} "${id}" stands here twice`,
      mend: 'Delete one, or give it another name.',
    }),
    'quick-unknown': ({ field, near }) => ({
      what: `"${field}" in quick is no field of the form`,
      mend: didYouMean('en')(near, 'add the field to form, or delete it from quick.'),
    }),
    'quick-not-last': ({ field, type }) => ({
      what: `"${field}" in quick is of type ${type} and may have spaces in it, so nobody can tell where it ends`,
      mend: 'Put it last in quick.',
    }),
    'quick-file': ({ field }) => ({
      what: `"${field}" is a file and cannot be typed`,
      mend: 'Delete it from quick; files are sent after submitting.',
    }),
    'when-unknown-field': ({ field, near }) => ({
      what: `"${field}" in a condition is no field of the form`,
      mend: didYouMean('en')(near, 'add the field to form, or delete the condition.'),
    }),
    'when-optional': ({ field }) => ({
      what: `a condition uses the optional field "${field}": a blank could pass it by`,
      mend: 'Delete required: false from the field, or use another one for the condition.',
    }),
    'when-op': ({ field, type, op, possible }) => ({
      what: `"${field}" is ${TYPES('en')[type]} and cannot be compared by ${op}`,
      mend:
        possible.length > 0
          ? `Possible: ${possible.join(', ')}.`
          : 'Text, files and decisions cannot be conditions: one more space would change who signs. Make it a choice.',
    }),
    'when-limit': ({ field, type, limit, currency }) => ({
      what: `the limit "${limit}" of "${field}" is not ${TYPES('en')[type]}`,
      mend:
        type === 'money'
          ? `Write an amount in ${currency}, such as 5万 or 50000.`
          : type === 'date'
            ? 'Write a date, such as 2026-12-31.'
            : 'Write a number, such as 3 or 2.5.',
    }),
    'when-option': ({ field, option, near, options }) => ({
      what: `"${field}" has no option "${option}"`,
      mend: didYouMean('en')(near, `write one of ${options.join(', ')}.`),
    }),
    'when-never': ({ field, from, below }) => ({
      what: `"${field}" can never be at least ${from} and below ${below}: the step never applies`,
      mend: 'Make atLeast less than below, or delete one of them.',
    }),
    'role-unknown': ({ role, near }) => ({
      what: `nobody holds the role "${role}"`,
      mend: didYouMean('en')(near, "add it to somebody's roles in company.yaml."),
    }),
    'role-unstaffed': ({ role, left }) => ({
      what: `everybody who held the role "${role}" has left: ${few('en', left)}`,
      mend: 'Give the role to somebody who is here, in company.yaml.',
    }),
    'person-unknown': ({ person, near }) => ({
      what: `"${person}" is not among people`,
      mend: didYouMean('en')(near, "write somebody's id from company.yaml."),
    }),
    'person-inactive': ({ person }) => ({
      what: `${person} has left; their manager will sign`,
      mend: 'Name somebody who is here.',
    }),
    'need-in-list': () => ({
      what: 'in a list of rules, the need of a single rule has no effect',
      mend: 'Write need at the step, beside who.',
    }),
    'several-rules': ({ step }) => ({
      what: `step "${step}" has several rules and no need: one signature of any of them is enough`,
      mend: 'If everybody must sign, write need: all at the step; otherwise need: any, to be clear.',
    }),
    gap: ({ where }) => ({
      what: `nobody signs: ${places('en', where)}`,
      mend: 'Let one band begin where the other ends (below of the one is atLeast of the next), or add a step without conditions.',
    }),
    overlap: ({ first, second, where }) => ({
      what: `the bands of the steps "${first}" and "${second}" overlap: both sign ${stretch('en')(where)}`,
      mend: `Make below of "${first}" the same as atLeast of "${second}"; if both are meant to sign, delete below of "${first}".`,
    }),
    'too-many-cases': ({ cases }) => ({
      what: `the conditions have ${cases} combinations; it was not checked that somebody signs in each`,
      mend: 'Add a step without conditions, or use fewer conditions.',
    }),
    'nobody-could-pass': ({ process, step, where, people }) => ({
      what: `nobody of the ${people} active people could pass the process "${process}"${at('en', where)}: for step "${step}" there is nobody to sign`,
      mend: 'Nobody signs their own request. Look at who of this step, at roles and manager, or add a signer.',
    }),
    'some-cannot-pass': ({ process, step, where, names }) => ({
      what: `${few('en', names)} cannot use the process "${process}"${at('en', where)}: above step "${step}" there is nobody`,
      mend: 'Nobody signs their own request. If they are to ask too, add somebody above them to people.',
    }),
  },
});

export function say(saying: Saying, language: Language): Said {
  const all: Sayings<Saying['code']> = {
    ...fileSayings(language),
    ...companySayings(language),
    ...crisisSayings(language),
    ...meetingSayings(language),
    ...ruleSayings(language),
  };
  return (all[saying.code] as (one: Saying) => Said)(saying);
}
