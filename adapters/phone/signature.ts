/**
 * Is this request Twilio's? HMAC-SHA1 with the auth token over the whole address and the sorted parameters.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { PERSISTENCE } from './limits.ts';

export function signature(authToken: string, url: string, params: URLSearchParams): string {
  return createHmac('sha1', authToken)
    .update(url + written(params))
    .digest('base64');
}

/** Every name in the order of its bytes, each of its values once. */
function written(params: URLSearchParams): string {
  return [...new Set(params.keys())]
    .sort()
    .flatMap((name) => [...new Set(params.getAll(name))].sort().map((value) => `${name}${value}`))
    .join('');
}

/** @param url as Twilio was given it: our public address, the path and the query */
export function isSigned(given: string | undefined, authToken: string, url: string, params: URLSearchParams): boolean {
  const got = Buffer.from(given ?? '');
  let good = false;
  for (const one of spellings(url)) {
    const expected = Buffer.from(signature(authToken, one, params));
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
