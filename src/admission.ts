/**
 * How much of what strangers send is held at once. A body is read whole before its signature can be checked, so hundreds of large ones,
 * sent slowly, would fill the memory without a single good signature. What people press and type is small and is never turned away here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

const SMALL_BYTES = 64 * 1024;
/** No route holds more of one request: each answers 413 above its own limit, and the desk's uploads go to the disk as they come. */
const HELD_BYTES = 1024 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;

/** False: there is no room for it now. */
export type Admission = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

export function createAdmission(most = MOST_BYTES): Admission {
  let held = 0;
  return (incoming, outgoing) => {
    const weight = weightOf(incoming);
    if (weight === 0) return true;
    if (held + weight > most) return false;
    held += weight;
    outgoing.once('close', () => {
      held -= weight;
    });
    return true;
  };
}

/** What does not say how long it is may be as long as it likes. */
function weightOf({ headers }: IncomingMessage): number {
  if (headers['transfer-encoding'] !== undefined) return HELD_BYTES;
  const length = Number(headers['content-length'] ?? 0);
  return length > SMALL_BYTES ? Math.min(length, HELD_BYTES) : 0;
}
