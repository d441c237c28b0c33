/** What the page asks and sends. Every answer is `{ ok, …}`: a lost connection is a value, not an exception. */

const PATIENCE_MS = 20_000;
/** 20 MiB, as the server has it: said before a large file is sent in vain. */
export const LARGEST_FILE = 20 * 1024 * 1024;

export const getState = (as, place) => ask('/desk/state', { as, in: place });
export const getEarlier = (as, place, before) => ask('/desk/messages', { as, in: place, before });

/** `act` makes a repeated send the same act: the product carries it out once. */
export function send(kind, body) {
  return call(`/desk/${kind}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Desk': '1' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

export function upload(as, file) {
  const query = new URLSearchParams({ as, name: file.name });
  return call(`/desk/upload?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': file.type || 'application/octet-stream', 'X-Desk': '1' },
    body: file,
  });
}

function ask(path, params) {
  const known = Object.entries(params).filter(([, value]) => value !== undefined && value !== '');
  return call(`${path}?${new URLSearchParams(known)}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
}

/** `say`: the server's own sentence about why not, where it had one. */
async function call(url, init) {
  try {
    const response = await fetch(url, init);
    const body = await response.json().catch(() => undefined);
    if (response.ok && body !== undefined) return { ok: true, body };
    return { ok: false, again: response.status >= 500, say: body?.say };
  } catch {
    return { ok: false, again: true, say: undefined };
  }
}
