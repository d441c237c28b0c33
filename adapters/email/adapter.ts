/** Mail as a platform of the product: it carries letters and notices out, and nothing comes back by it. */
import type { Logger } from 'pino';
import type { ChatAdapter } from '../../src/core/chat.ts';
import type { Sender } from './compose.ts';
import { openLine, type Patience } from './connect.ts';
import { createDeliveries } from './deliver.ts';
import { createHealth, examineLine } from './health.ts';

export interface EmailSettings {
  /** `smtp://user:password@host:587` or `smtps://host:465` */
  url: string;
  /** `会签 <desk@example.com>`, or the address alone */
  from: string;
}

export interface EmailDeps {
  log: Logger;
  clock: () => Date;
  /** for tests, which have less time than mail servers take */
  patience?: Partial<Patience>;
}

export function createEmail({ url, from }: EmailSettings, deps: EmailDeps): ChatAdapter {
  const { log, clock, patience } = deps;
  const line = openLine(url, patience);
  const health = createHealth(line.verify, log.child({ platform: 'email' }));
  return {
    platform: 'email',
    cardLifeMs: undefined,
    routes() {},
    start: async () => health.start(),
    async stop() {
      health.stop();
      await line.close();
    },
    trouble: health.trouble,
    examine: async ({ language }) => [await examineLine(line.verify, language)],
    ...createDeliveries({ line, health, from: readSender(from), clock }),
  };
}

/** The settings have seen to it that it is one of the two forms. */
function readSender(from: string): Sender {
  const [, name = '', address = from] = /^(.*?)\s*<([^<>]+)>$/.exec(from) ?? [];
  return { name: name.replace(/^"(.*)"$/, '$1'), address };
}
