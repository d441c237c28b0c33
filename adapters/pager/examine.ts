/** Is there anybody at the pager's address? It cannot be asked more without calling somebody. */
import type { Check, Language } from '../../src/core/chat.ts';
import { examineWords } from '../../src/words/examine.ts';

/** Without a body and without a signature it is no page; whatever is answered comes from there. */
export async function examinePager(url: string, timeoutMs: number, language: Language): Promise<Check> {
  const { pager: w } = examineWords(language);
  try {
    const { status } = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (status === 404 || status === 410) return { kind: 'stops', ...w.missing(status) };
    return status >= 500 ? { kind: 'stops', ...w.away(`HTTP ${status}`) } : { kind: 'well', what: w.well };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    return { kind: 'stops', ...w.away(code ?? (error instanceof Error ? error.name : 'unknown')) };
  }
}
