/** A call to Slack within our own limits; every failure leaves as a DeliveryError, and where Slack says to wait, nobody asks before that. */
import { deliveryError, type Repeating } from './errors.ts';
import type { Method, Rates } from './rates.ts';

export interface Asked {
  method: Method;
  repeating: Repeating;
  channel?: string | undefined;
  /** it stands for a call that was counted already */
  counted?: boolean;
}

export type Paced = <T>(asked: Asked, made: () => Promise<T>) => Promise<T>;

export function createPaced(rates: Rates): Paced {
  return async ({ method, repeating, channel, counted }, made) => {
    if (!counted) rates.take(method, channel);
    try {
      return await made();
    } catch (cause) {
      const error = deliveryError(cause, repeating);
      if (error.problem === 'retry-later' && error.afterMs !== undefined) rates.hold(method, error.afterMs);
      throw error;
    }
  };
}
