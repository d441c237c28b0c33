/** Whatever watches over this process, in one: the figures of `/metrics`, and what `/pr health` is told from. */
import type { DeliveryError, Platform, Watch } from '../core/chat.ts';
import { createMeasure } from './measured.ts';
import { createMetrics, type Measured } from './metrics.ts';
import { type Caller, createNoticed } from './noticed.ts';

export type Watching = ReturnType<typeof createWatching>;

export function createWatching(measured: Measured) {
  const metrics = createMetrics(measured);
  const noticed = createNoticed(measured.clock);
  const { addTo, desk } = createMeasure(metrics, noticed.heard);
  return {
    noticed: noticed.seen,
    pools: measured.pools,
    /** what `/metrics` answers */
    page: { text: metrics.text, contentType: metrics.contentType },
    /** measures every request; before all other routes */
    addTo,
    /** measures every act */
    desk,
    event: metrics.event,
    ran: metrics.ran,
    buried: metrics.buried,
    act: (platform: Platform, outcome: string, account?: string): void => {
      metrics.act(platform, outcome);
      if (outcome === 'stranger' && account !== undefined) noticed.stranger(platform, account);
    },
    deliveries: {
      delivered: (platform: Platform, lagMs: number, attempts: number): void => {
        metrics.delivered(platform, lagMs, attempts);
        noticed.delivered(platform);
      },
      failed: (error: DeliveryError) => metrics.failed(error),
    },
    of: (platform: Caller): Watch => ({
      refused: (why) => {
        metrics.refused(platform, why);
        noticed.refused(platform, why);
      },
    }),
  };
}
