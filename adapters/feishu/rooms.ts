/**
 * Rooms on Feishu: groups that the bot makes and owns. They are made empty and people are brought in after, since one who cannot come
 * makes Feishu refuse the whole group, whereas an invitation names them and lets the others in.
 * https://open.larkoffice.com/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/chat/create.md, …/chat-members/create.md
 */
import { z } from 'zod';
import { DeliveryError, type NotIn, type Rooms } from '../../src/core/chat.ts';
import { type Feishu, idType, uuidFor } from './deliver.ts';
import { shorten } from './elements.ts';
import { GROUP_NAME, GROUP_TEXT, INVITED_AT_ONCE } from './limits.ts';

const Made = z.object({ data: z.object({ chat_id: z.string().min(1) }) });
const Ids = z.array(z.string()).nullish();
const Invited = z.object({
  data: z.object({ invalid_id_list: Ids, not_existed_id_list: Ids, pending_approval_id_list: Ids }),
});

/** Codes about those whom we asked for: the room itself stands. */
const PERSONAL = new Set(['232013', '232014', '232017', '232022', '232024', '232027', '232030', '232043', '232001']);
/** "Brings in all that can be, and names the others with the reason" */
const WHOEVER_CAN = 1;

export function groupRooms(feishu: Feishu): Rooms {
  /** The same key brings the same group, for ten hours. @throws DeliveryError */
  async function make(title: string, intent: string): Promise<string> {
    const call = {
      method: 'POST',
      url: '/open-apis/im/v1/chats',
      params: { user_id_type: 'open_id', uuid: uuidFor('room', intent) },
      data: {
        name: shorten(title, GROUP_NAME),
        description: shorten(title, GROUP_TEXT),
        chat_mode: 'group',
        chat_type: 'private',
        // or our own calls in it could not be made urgent
        urgent_setting: 'all_members',
      },
    };
    const made = Made.safeParse(await feishu.counted('chats', call, { writes: true }));
    if (!made.success) throw new DeliveryError('feishu', 'ambiguous', 'unreadable-answer', { cause: made.error });
    return made.data.data.chat_id;
  }

  /** @throws DeliveryError */
  async function ask(room: string, accounts: string[], type: string): Promise<NotIn[]> {
    const call = {
      method: 'POST',
      url: `/open-apis/im/v1/chats/${encodeURIComponent(room)}/members`,
      params: { member_id_type: type, succeed_type: WHOEVER_CAN },
      data: { id_list: accounts },
    };
    const { data } = Invited.safeParse(await feishu.counted('members', call)).data ?? { data: {} };
    const told = (ids: z.infer<typeof Ids>, code: string) => (ids ?? []).map((account) => ({ account, code }));
    return [
      ...told(data.invalid_id_list, 'invalid-id'),
      ...told(data.not_existed_id_list, 'not-existed'),
      ...told(data.pending_approval_id_list, 'pending-approval'),
    ];
  }

  /** Where all are refused together, each is asked for alone; one call after the other, as Feishu wants it. */
  async function inviteSome(room: string, accounts: string[], type: string): Promise<NotIn[]> {
    try {
      return await ask(room, accounts, type);
    } catch (error) {
      if (!(error instanceof DeliveryError) || !PERSONAL.has(error.code)) throw error;
      const [only, ...others] = accounts;
      if (only !== undefined && others.length === 0) return [{ account: only, code: error.code }];
    }
    const out: NotIn[] = [];
    for (const account of accounts) out.push(...(await inviteSome(room, [account], type)));
    return out;
  }

  async function invite(room: string, accounts: string[]): Promise<NotIn[]> {
    const out: NotIn[] = [];
    for (const [type, ids] of Map.groupBy(accounts, (id) => idType({ id })))
      for (let from = 0; from < ids.length; from += INVITED_AT_ONCE)
        out.push(...(await inviteSome(room, ids.slice(from, from + INVITED_AT_ONCE), type)));
    return out;
  }

  return {
    invite,
    async open({ title, accounts }, intent) {
      const id = await make(title, intent.id);
      const out = await invite(id, accounts).catch((error: unknown) => {
        if (!(error instanceof DeliveryError)) throw error;
        return accounts.map((account) => ({ account, code: error.code }));
      });
      return { id, out };
    },
    /** What is pinned already is answered like a first time: https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/pin/create.md */
    async pin({ message }) {
      await feishu.counted('pins', { method: 'POST', url: '/open-apis/im/v1/pins', data: { message_id: message } });
    },
  };
}
