/** An answer to a press, with the pressed card as it is now; where the pressed message is none that we know, a live card is sent. */
import type { Language, Platform, Reply } from './chat.ts';
import type { Scene } from './intake.ts';
import type { Drawer, Place } from './module.ts';
import { MOVED, messageAt, showAgain } from './outbox.ts';

/** Where the answer to a press may carry the pressed message as it is now: elsewhere it is not drawn for that. */
const REDRAWN: ReadonlySet<Platform> = new Set(['feishu', 'wecom', 'desk']);
export const isRedrawn = (platform: Platform): boolean => REDRAWN.has(platform);

export interface Pressed {
  draw: Drawer['draw'];
  /** where this person's own cards stand on the platform on which they speak */
  place: Place | undefined;
  /** of a card that stands in a channel */
  channelLanguage: Language;
}

export async function sayWithCard<World>(
  said: { tone: 'good' | 'bad'; text: string },
  subject: string,
  scene: Scene<World>,
  { draw, place, channelLanguage }: Pressed,
): Promise<Reply> {
  const { inbound, sql, person, at } = scene;
  if (inbound.what.kind !== 'action' || !inbound.message) return { kind: 'said', ...said };
  const message = await (scene.pressed ?? messageAt(sql, inbound.platform, inbound.message));
  if (message?.kind === 'card' && message.subject === subject) {
    if (!isRedrawn(inbound.platform)) return { kind: 'said', ...said };
    const { audience } = message;
    const language = 'person' in audience ? scene.language : channelLanguage;
    const about = message.moved ? MOVED : undefined;
    const card = await draw({ kind: 'card', subject, audience, about, data: undefined, language, plain: false });
    return card ? { kind: 'said', ...said, card } : { kind: 'said', ...said };
  }
  if (place && !message) await showAgain(sql, { subject, to: { person }, place, at });
  return { kind: 'said', ...said };
}
