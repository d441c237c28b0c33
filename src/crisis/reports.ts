/** What platforms say of pages and rings, as commands of the clock: kept, and where nothing can reach somebody any more, climbed on at once. Pure. */
import type { RingReport } from '../core/chat.ts';
import type { MessageRow } from '../core/deliver.ts';
import type { Command, JsonObject } from '../core/message.ts';

const about = (subject: string, args: JsonObject): Command => ({ name: 'crisis.report', subject, args });

/** By the button that the platform was handed: it names the crisis and the call. */
export function whatBecame({ platform, action, outcome, code }: RingReport, person: string | undefined): Command {
  const call = action.with?.call ?? '';
  const told = { ...(person ? { person } : {}), ...(code ? { code: code.slice(0, 100) } : {}) };
  return about(action.subject ?? '', { call, line: platform, outcome, ...told });
}

/** A page or ring that will not arrive; undefined: another kind of message. */
export function lostRing(
  row: Pick<MessageRow, 'kind' | 'subject' | 'audience' | 'about' | 'data'>,
): Command | undefined {
  if (row.kind !== 'page' && row.kind !== 'ring') return undefined;
  const person = row.audience.replace(/^person:/, '');
  const paged = row.kind === 'page';
  const call = paged ? (row.about ?? '') : String(row.data?.call);
  return about(row.subject, { call, person, line: paged ? 'chat' : (row.about ?? ''), outcome: 'failed' });
}
