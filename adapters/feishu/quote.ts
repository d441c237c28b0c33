/**
 * `/fact` alone, in reply to a message: that very message is meant, so it is read again. In a group an app may do that only with the
 * scope `im:message.group_msg`. https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/get.md
 */
import { z } from 'zod';
import type { Inbound } from '../../src/core/chat.ts';
import { botName } from '../../src/words/quotes.ts';
import { placeMentions, readContent } from './content.ts';
import type { Feishu } from './deliver.ts';
import { DOCUMENT_MS } from './limits.ts';

const Item = z.object({
  msg_type: z.string(),
  create_time: z.string().regex(/^\d{1,15}$/),
  deleted: z.boolean().optional(),
  sender: z.object({ id: z.string().min(1), sender_type: z.string() }),
  body: z.object({ content: z.string() }),
  mentions: z.array(z.object({ key: z.string(), id: z.string().default(''), name: z.string().default('') })).nullish(),
});
const Read = z.object({ data: z.object({ items: z.array(Item).nonempty() }) });

/** Whoever is not ours is refused anyway, and reads nothing by us before. */
export function asksForQuote({ what, message, from }: Inbound): boolean {
  const alone = what.kind === 'text' && what.files.length === 0 && /^[/／](fact|记录)$/i.test(what.text.trim());
  return alone && message !== undefined && !from.foreign;
}

/** undefined: a message of which nothing can be quoted (a sticker, a card, one that is recalled). @throws DeliveryError */
export async function quoteOf(feishu: Feishu, message: string): Promise<Inbound['what'] | undefined> {
  const url = `/open-apis/im/v1/messages/${encodeURIComponent(message)}`;
  const answer = await feishu.counted('get-message', {
    url,
    params: { user_id_type: 'open_id' },
    timeout: DOCUMENT_MS,
  });
  const item = Read.safeParse(answer).data?.data.items[0];
  const content = item && !item.deleted ? readContent(message, item.msg_type, item.body.content) : undefined;
  if (item === undefined || content === undefined) return undefined;
  const mentions = (item.mentions ?? []).map(({ key, id, name }) => ({ key, id: { open_id: id }, name }));
  return {
    kind: 'quote',
    text: placeMentions(content.text, mentions, undefined),
    // an app, or whoever Feishu does not name, is nobody of us
    by: item.sender.sender_type === 'user' ? item.sender.id : botName(item.sender.id),
    sentAt: new Date(Number(item.create_time)).toISOString(),
    files: content.files,
  };
}
