/** Why an amount was not taken, and how to write it instead. */
import type { Language } from '../core/chat.ts';
import type { MoneyFault } from '../core/money.ts';
import { words } from './language.ts';

const say = words({
  zh: {
    empty: '请填写金额，例如 32000 或 3.2万。',
    negative: '金额须大于零，不能是负数。',
    zero: '金额须大于零。',
    notAnAmount: (written: string) => `看不懂金额“${written}”。可以写 32000、3.2万、叁万贰仟元整 或 USD 3000。`,
    tooManyDecimals: (currency: string, digits: number) =>
      digits === 0 ? `${currency} 没有小数，请写整数。` : `${currency} 最多 ${digits} 位小数，请改写金额。`,
    tooLarge: (limit: string) => `金额不能超过 ${limit}，请检查是否多写了几位。`,
    ambiguous: (readings: string) => `这个金额可以有几种读法：${readings}。请照其中一种写法重新填写。`,
    grouping: (reading: string) => `金额里的分隔符位置不对。如果是 ${reading}，请这样写。`,
    ambiguousCurrency: (sign: string, examples: string) => `“${sign}”是哪种货币？请写明币种，例如 ${examples}。`,
    conflicting: (written: string) => `金额里写了不同的货币：${written}。请只写一种。`,
    unknownCurrency: (written: string) => `没有代码为“${written}”的货币。请写 CNY、USD、EUR 等国际代码。`,
    needsSpace: (written: string) => `“${written}”里，金额和事由之间请加一个空格，例如 3.2万 春季促销物料。`,
    or: ' 或 ',
    and: '、',
  },
  en: {
    empty: 'Please give an amount, such as 32000 or 3.2万.',
    negative: 'The amount must be above zero; it cannot be negative.',
    zero: 'The amount must be above zero.',
    notAnAmount: (written: string) =>
      `“${written}” cannot be read as an amount. Write it as 32000, 3.2万, 叁万贰仟元整 or USD 3000.`,
    tooManyDecimals: (currency: string, digits: number) =>
      digits === 0
        ? `${currency} has no decimals: write a whole number.`
        : `${currency} has at most ${digits} decimals: write the amount with no more than that.`,
    tooLarge: (limit: string) => `The amount cannot be above ${limit}: check it for digits too many.`,
    ambiguous: (readings: string) =>
      `This amount can be read in more than one way: ${readings}. Write the one you mean.`,
    grouping: (reading: string) =>
      `The separators stand in unusual places. If you mean ${reading}, write it like that.`,
    ambiguousCurrency: (sign: string, examples: string) =>
      `Which currency is “${sign}”? Write it out, for example ${examples}.`,
    conflicting: (written: string) => `The amount names different currencies: ${written}. Write only one.`,
    unknownCurrency: (written: string) =>
      `There is no currency with the code “${written}”. Use an international code such as CNY, USD or EUR.`,
    needsSpace: (written: string) =>
      `Put a blank between the amount and the purpose in “${written}”, as in: 3.2万 spring promotion.`,
    or: ' or ',
    and: ', ',
  },
});

/** One sentence for the field or the reply. */
export const moneyWords = (language: Language): { fault: (fault: MoneyFault) => string } => ({
  fault: (fault) => sayFault(fault, say(language)),
});

function sayFault(fault: MoneyFault, w: ReturnType<typeof say>): string {
  switch (fault.code) {
    case 'empty':
    case 'negative':
    case 'zero':
      return w[fault.code];
    case 'not-an-amount':
      return w.notAnAmount(fault.written);
    case 'too-many-decimals':
      return w.tooManyDecimals(fault.currency, fault.digits);
    case 'too-large':
      return w.tooLarge(fault.limit);
    case 'ambiguous':
      return w.ambiguous(fault.readings.join(w.or));
    case 'grouping':
      return w.grouping(fault.readings.join(w.or));
    case 'ambiguous-currency':
      return w.ambiguousCurrency(fault.sign, fault.currencies.slice(0, 3).join(w.and));
    case 'conflicting-currencies':
      return w.conflicting(fault.written.join(w.and));
    case 'unknown-currency':
      return w.unknownCurrency(fault.written);
    case 'needs-space':
      return w.needsSpace(fault.written);
    default:
      return fault satisfies never;
  }
}
