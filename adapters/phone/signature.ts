/**
 * Is this request Twilio's? HMAC-SHA1 with the auth token over the whole address and the sorted parameters.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { PERSISTENCE } from './limits.ts';

export function signature(authToken: string, url: string, params: URLSearchParams): string {
  return signed(authToken, url, written(params));
}

const signed = (authToken: string, url: string, form: string): string =>
  createHmac('sha1', authToken)
    .update(url + form)
    .digest('base64');

/** Every name in the order of its bytes, each of its values once. One pass: whoever is not Twilio may send us thousands of names. */
function written(params: URLSearchParams): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of params) {
    const known = values.get(name);
    if (known) known.add(value);
    else values.set(name, new Set([value]));
  }
  return [...values.keys()]
    .sort()
    .flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => `${name}${value}`))
    .join('');
}

/** Of a SHA-1 in base64. What is none costs nothing to refuse: neither body nor form is read for it. */
export const canBeSignature = (given: string | undefined): given is string =>
  given !== undefined && /^[A-Za-z0-9+/]{27}=$/.test(given);

/** @param url as Twilio was given it: our public address, the path and the query */
export function isSigned(given: string | undefined, authToken: string, url: string, params: URLSearchParams): boolean {
  const [got, form] = [Buffer.from(given ?? ''), written(params)];
  let good = false;
  for (const one of spellings(url)) {
    const expected = Buffer.from(signed(authToken, one, form));
    good = (got.length === expected.length && timingSafeEqual(got, expected)) || good;
  }
  return good;
}

/**
 * Twilio's own library tries the address with and without its port, "since signature generation on the back end is inconsistent"
 * (https://github.com/twilio/twilio-node/blob/main/src/webhooks/webhooks.ts); about the fragment that only Twilio reads, its pages say nothing.
 */
function spellings(url: string): string[] {
  const { protocol, port, host, hostname } = new URL(url);
  const rest = url.slice(`${protocol}//`.length).replace(/^[^/?]*/, '');
  const hosts = [host, port === '' ? `${hostname}:${protocol === 'https:' ? 443 : 80}` : hostname];
  return hosts.flatMap((one) => [`${protocol}//${one}${rest}`, `${protocol}//${one}${rest}${PERSISTENCE}`]);
}
