/** Does the public address lead here, with a certificate that the platforms accept? Asked as they would, from outside our own process. */
import type { Check, Language } from '../core/chat.ts';
import { selftestWords } from '../words/selftest.ts';

const REACH_MS = 10_000;

export interface Address {
  publicUrl: string;
  /** the routes at which platforms call, each of which refuses whoever does not sign */
  paths: readonly string[];
}

export async function checkAddress({ publicUrl, paths }: Address, language: Language): Promise<Check[]> {
  const { address: w } = selftestWords(language);
  const url = new URL(publicUrl);
  const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !local) return [{ kind: 'stops', ...w.noTls }];
  const found: Check[] = [];
  for (const path of paths) {
    const fault = await checkPath(publicUrl, path, language);
    if (fault?.kind === 'stops') return [fault];
    if (fault) found.push(fault);
  }
  return found.length > 0 ? found : [{ kind: 'well', what: w.well(publicUrl) }];
}

/** An unsigned request does nothing, and our own refusal of it is known. */
async function checkPath(publicUrl: string, path: string, language: Language): Promise<Check | undefined> {
  const { address: w } = selftestWords(language);
  try {
    const { status } = await fetch(`${publicUrl}${path}`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(REACH_MS),
    });
    if (status === 401 || status === 403) return undefined;
    if (status >= 502 && status <= 504) return { kind: 'stops', ...w.broken(status) };
    return { kind: 'limits', ...w.notForwarded(path, status) };
  } catch (error) {
    return { kind: 'stops', ...faultOf(codeOf(error), new URL(publicUrl).hostname, language) };
  }
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export function faultOf(code: string, host: string, language: Language): { what: string; mend: string } {
  const { address: w } = selftestWords(language);
  if (/^(?:ENOTFOUND|EAI_AGAIN)$/.test(code)) return w.noName(host);
  // something is there that does not speak TLS
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) return w.refused(code);
  if (/CERT|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL|ERR_TLS|CRL/.test(code))
    return w.certificate(code);
  return w.refused(code);
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : 'unknown';
}
