/** The desk as a chat platform: a page on this machine, for trying the product out and for companies that have no chat yet. */
import type { Logger } from 'pino';
import type { ChatAdapter, Desk } from '../../src/core/chat.ts';
import { addRoutes } from './connect.ts';
import { createDelivery } from './deliver.ts';
import { createLive } from './live.ts';
import type { DeskStore } from './message.ts';
import type { Company, TypedCommand } from './render.ts';
import { createRooms } from './rooms.ts';
import { createUploads } from './uploads.ts';

export interface DeskDeps {
  desk: Desk;
  log: Logger;
  clock: () => Date;
  company: () => Company;
  commands: () => TypedCommand[];
  store: DeskStore;
  /** a folder of the desk's own, for files on their way in */
  uploads: string;
}

export function createDesk(deps: DeskDeps): ChatAdapter {
  const { desk, store, company, commands } = deps;
  const log = deps.log.child({ platform: 'desk' });
  const live = createLive(store, log);
  const uploads = createUploads(deps.uploads);
  const delivery = createDelivery(store, company);
  const showHome = (account: string, card: Parameters<typeof delivery.home>[1]) =>
    delivery.home(account, card, desk.languageOf('desk', account));
  return {
    platform: 'desk',
    cardLifeMs: undefined,
    routes: (app) => addRoutes(app, { desk, log, store, live, uploads, company, commands, showHome }),
    start: () => uploads.sweep(deps.clock()),
    async stop() {
      live.stop();
    },
    trouble: () => undefined,
    ...delivery,
    rooms: createRooms(store, company),
    fetchFile: (ref) => uploads.fetch(ref),
  };
}
