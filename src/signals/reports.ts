/** What a monitoring tool sent, read into reports: every fault is a sentence that names the field. Pure. */
import { z } from 'zod';
import type { Language } from '../core/chat.ts';
import { cleanParagraph } from '../core/text.ts';
import { signalWords } from '../words/signals.ts';
import { LONGEST_TEXT, MOST_AMOUNT, MOST_REPORTS, type Observation, toolsId, type Watch } from './model.ts';
import { readKey } from './typed.ts';
import { untimely } from './window.ts';

const Report = z.strictObject({
  /** no blank, no control character: what looks the same is the same */
  id: z.string().regex(/^[^\p{C}\p{Z}]{1,200}$/u),
  indicator: z.string().min(1).max(60),
  key: z.string().max(60).optional(),
  amount: z.int().min(1).max(MOST_AMOUNT).optional(),
  text: z.string().refine((text) => cleanParagraph(text, LONGEST_TEXT) !== ''),
  at: z.iso.datetime({ offset: true }).optional(),
});
type Report = z.infer<typeof Report>;
type Field = keyof Report;

export interface Heard {
  watch: Watch;
  observation: Observation;
}

export function readReports(body: Uint8Array, now: Date, language: Language): { heard: Heard[] } | { fault: string } {
  const w = signalWords(language).http;
  const value = readJson(body);
  if (value === undefined) return { fault: w.notJson };
  const all: unknown[] = Array.isArray(value) ? value : [value];
  if (all.length === 0 || all.length > MOST_REPORTS || !all.every(isRecord)) return { fault: w.shape };
  const heard: Heard[] = [];
  for (const [i, one] of all.entries()) {
    const parsed = Report.safeParse(one);
    const wrong = parsed.success ? timeFault(parsed.data, now) : firstFault(parsed.error);
    if (wrong) {
      const path = `${Array.isArray(value) ? `[${i}].` : ''}${wrong.path}`;
      return { fault: w.field(path, w.faults[wrong.fault]) };
    }
    if (parsed.success) heard.push(heardOf(parsed.data, now));
  }
  return { heard };
}

/** Undefined: not JSON; JSON in another encoding is none (https://www.rfc-editor.org/rfc/rfc8259#section-8.1). */
function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Wrong {
  path: string;
  fault: Field | 'late' | 'ahead' | 'unknown';
}

function firstFault({ issues }: z.ZodError): Wrong {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys')
    return { path: JSON.stringify(String(issue.keys[0]).slice(0, 60)), fault: 'unknown' };
  const field = issue?.path[0] as Field;
  return { path: field, fault: field };
}

function timeFault({ at }: Report, now: Date): Wrong | undefined {
  const fault = at === undefined ? undefined : untimely(new Date(at), now);
  return fault && { path: 'at', fault };
}

function heardOf({ id, indicator, key = '', amount = 1, text, at }: Report, now: Date): Heard {
  const when = at === undefined ? now : new Date(at);
  return {
    watch: { indicator, key: readKey(key) },
    observation: { id: toolsId(id), amount, text: cleanParagraph(text, LONGEST_TEXT), at: when.toISOString() },
  };
}
