/**
 * One JSON to one address, on connections that are kept. Every press is answered this way, and `fetch` would cost three times as much of the
 * processor. Redirects are not followed.
 */
import { Agent, request as plain, type RequestOptions } from 'node:http';
import { Agent as SafeAgent, request as safe } from 'node:https';

const agents = { 'http:': new Agent({ keepAlive: true }), 'https:': new SafeAgent({ keepAlive: true }) };
/** More than any answer to it needs; the rest is not read. */
const ANSWER_CHARS = 2_000;

/** @throws Error of the connection, or `AbortError` when no whole answer came within so many milliseconds */
export async function postJson(
  url: string,
  body: Record<string, unknown>,
  withinMs: number,
): Promise<{ status: number; text: string }> {
  const { protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`no address to post to: ${protocol}`);
  const bytes = Buffer.from(JSON.stringify(body));
  const options: RequestOptions = {
    method: 'POST',
    agent: agents[protocol],
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length },
    signal: AbortSignal.timeout(withinMs),
  };
  return new Promise((resolve, reject) => {
    const sent = (protocol === 'https:' ? safe : plain)(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += text.length < ANSWER_CHARS ? part : '';
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text: text.slice(0, ANSWER_CHARS) }));
    });
    sent.once('error', reject);
    sent.end(bytes);
  });
}
