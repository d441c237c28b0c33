/**
 * 加急: makes a message that stands already ring, in the client, by SMS or by phone. Feishu's yes says that it rang, not that anybody
 * heard it. https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/urgent_sms.md
 */
import { z } from 'zod';
import { DeliveryError, type Loudness, type MessageRef } from '../../src/core/chat.ts';
import { type Feishu, idType } from './deliver.ts';

const Rung = z.object({ data: z.object({ invalid_user_id_list: z.array(z.string()).nullish() }) });

/** A call that ended without an answer is made again: better rung twice than not at all. @throws DeliveryError */
export async function ring(feishu: Feishu, { message }: MessageRef, account: string, how: Loudness): Promise<void> {
  const call = {
    method: 'PATCH',
    url: `/open-apis/im/v1/messages/${encodeURIComponent(message)}/urgent_${how}`,
    params: { user_id_type: idType({ id: account }) },
    data: { user_id_list: [account] },
  };
  const answer = await feishu.counted(`urgent_${how}`, call).catch((error: unknown) => {
    throw notByThisWay(error);
  });
  // a yes for nobody: we named one person
  const refused = Rung.safeParse(answer).data?.data.invalid_user_id_list ?? [];
  if (refused.length > 0) throw new DeliveryError('feishu', 'unreachable', 'invalid-user');
}

/** There is nothing to draw more plainly and nothing to post anew: the next rung has to do it. */
function notByThisWay(error: unknown): unknown {
  if (!(error instanceof DeliveryError) || (error.problem !== 'gone' && error.problem !== 'rejected')) return error;
  return new DeliveryError('feishu', 'unreachable', error.code, { cause: error });
}
