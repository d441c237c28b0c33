/** A typed line as a command: `/spend 3.2万 春季促销物料`, `／费用 …`, `@bot /pr why SP-2026-0001`. Pure. */
import { type MoneyFault, readMoneyPrefix } from '../core/money.ts';
import { foldWidth } from '../core/text.ts';
import type { Process } from '../processes/model.ts';
import { type Fault, typedMoney } from './content.ts';

export interface Quick {
  raw: Record<string, string>;
  /** amounts that can be read in more than one way: what is typed is not what was taken from it, so it must be asked */
  doubts: Record<string, Fault>;
}

/** What stands after the command, laid into the process's `quick` fields in their order; the last takes the rest. */
export function readQuick(process: Process, rest: string, currency: string): Quick {
  const quick: Quick = { raw: {}, doubts: {} };
  let left = rest.trim();
  process.quick.forEach((id, index) => {
    if (left === '') return;
    const field = process.form.find((one) => one.id === id);
    if (index === process.quick.length - 1 && field?.type !== 'money') {
      quick.raw[id] = left;
      left = '';
      return;
    }
    const taken: Taken = field?.type === 'money' ? moneyPart(left, currency) : word(left);
    quick.raw[id] = taken.part;
    if (taken.fault) quick.doubts[id] = { code: 'money', fault: taken.fault };
    left = taken.rest;
  });
  return quick;
}

interface Taken {
  part: string;
  rest: string;
  fault?: MoneyFault;
}

/** The amount's own letters, however many words they are (`USD 3,000`); unreadable ones stay as typed, to be corrected in the form. */
function moneyPart(text: string, currency: string): Taken {
  const read = readMoneyPrefix(text, currency);
  if ('fault' in read) {
    // folding keeps the length, so the same letters can be cut from what was typed
    const { part, rest } = foldWidth(text).startsWith(read.token) ? cut(text, read.token.length) : word(text);
    return { part, rest, fault: read.fault };
  }
  const rest = read.rest.trim();
  const part = text.endsWith(rest) ? text.slice(0, text.length - rest.length).trim() : typedMoney(read.money);
  return { part, rest };
}

function word(text: string): { part: string; rest: string } {
  const end = text.search(/[\s\u3000]/);
  return cut(text, end === -1 ? text.length : end);
}

const cut = (text: string, at: number) => ({ part: text.slice(0, at), rest: text.slice(at).trim() });
