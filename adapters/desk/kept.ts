/** What the desk writes, it writes into its own table. */
import { DeliveryError } from '../../src/core/chat.ts';

const RETRY_AFTER_MS = 2_000;

/** A save is one per intent and an edit says the whole card: both may be repeated, so a lost answer is simply "later". */
export async function kept<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    throw new DeliveryError('desk', 'retry-later', 'store', { afterMs: RETRY_AFTER_MS, cause });
  }
}
