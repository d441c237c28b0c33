/** What people do in a crisis, for stories: they raise it, answer, grade it, press what stands on its cards. */
import { type House, waitFor } from './house.ts';

export interface Alarm {
  text?: string;
  kind?: string;
  affected?: string;
}

/** Somebody types `/crisis …` on Slack and confirms. Gives its number. */
export async function raises(house: House, user: string, alarm: Alarm = {}): Promise<string> {
  const { slack, sql } = house;
  const { text = '顾客在直播间投诉产品起火', kind = 'product-safety', affected = '' } = alarm;
  const before = await sql<{ number: string }[]>`select number from crisis`;
  const typed = await slack.slash(user, 'direct', '/crisis', text);
  if (typed.problem) throw new Error(typed.problem);
  const window = await slack.until(() => slack.window(user));
  const sent = await slack.submit(user, window, { kind, ...(affected ? { affected } : {}) });
  if (sent.problem) throw new Error(sent.problem);
  let number: string | undefined;
  await waitFor(async () => {
    const rows = await sql<{ number: string }[]>`select number from crisis order by raised_at desc, number desc`;
    number = rows.find((row) => !before.some((one) => one.number === row.number))?.number;
    return number !== undefined;
  }, 'the alarm to be raised');
  return number ?? '';
}

/** The newest message of this crisis in a place that has such a button. */
export const cardOnSlack = ({ slack }: House, place: string, number: string, button: string) =>
  slack.until(() =>
    slack
      .messagesOf(place)
      .findLast((m) => slack.cardText(m).includes(number) && slack.buttons(m).some(({ label }) => label === button)),
  );
export const cardOnFeishu = ({ feishu }: House, place: string, number: string, button: string) =>
  feishu.when(
    () =>
      feishu
        .messagesOf(place)
        .findLast(
          (m) => feishu.cardText(m).includes(number) && feishu.buttonsOf(m).some(({ label }) => label === button),
        ),
    `a card of ${number} for ${place} with ${button}`,
  );

export async function presses(house: House, who: string, place: string, number: string, button: string) {
  if (who.startsWith('U')) {
    const answered = await house.slack.press(who, await cardOnSlack(house, place, number, button), button);
    if (answered.problem) throw new Error(answered.problem);
    return;
  }
  await house.feishu.press(who, await cardOnFeishu(house, place, number, button), button);
}

/** Presses a button that asks for more, and fills it in. */
export async function fills(
  house: House,
  who: string,
  place: string,
  number: string,
  button: string,
  values: Record<string, string>,
): Promise<void> {
  const { slack, feishu } = house;
  if (who.startsWith('U')) {
    slack.closeWindow(who);
    await presses(house, who, place, number, button);
    const window = await slack.until(() => slack.window(who));
    const sent = await slack.submit(who, window, values);
    if (sent.problem) throw new Error(sent.problem);
    await slack.until(() => slack.window(who) === undefined);
    return;
  }
  const chats = [...new Set([place, who])];
  const count = () => chats.map((chat) => feishu.messagesOf(chat).length);
  const before = count();
  await presses(house, who, place, number, button);
  const isForm = (m: ReturnType<typeof feishu.messagesOf>[number]) => feishu.buttonsOf(m).at(-1)?.label === '取消';
  const form = await feishu.when(
    () => chats.flatMap((chat, i) => feishu.messagesOf(chat).slice(before[i])).findLast(isForm),
    `the form behind ${button} for ${who}`,
  );
  const [submit] = feishu.buttonsOf(form);
  if (!submit) throw new Error('a form without a button');
  await feishu.fill(who, form, values, submit.label);
}

/** The room that was opened for it on this platform, once it stands. */
export async function roomOf({ sql }: House, number: string, platform: string): Promise<string> {
  let channel: string | null | undefined;
  await waitFor(async () => {
    const [row] = await sql<{ channel: string | null; settled: boolean }[]>`
      select channel, wanted = made as settled from room where crisis = ${number} and platform = ${platform}`;
    channel = row?.settled ? row.channel : undefined;
    return typeof channel === 'string';
  }, `the room of ${number} on ${platform}`);
  return channel ?? '';
}

export interface Told {
  type: string;
  by: string;
  data: Record<string, unknown>;
}
export const entries = async (house: House, number: string, type?: string): Promise<Told[]> =>
  (await house.ledger(number)).filter((entry) => type === undefined || entry.type === type);

/** Somebody asks for a scenario of the handbook and sends its form off. Gives the drill's number. */
export async function drills(house: House, user: string, scenario: string): Promise<string> {
  const { slack, sql } = house;
  slack.closeWindow(user);
  const typed = await slack.slash(user, 'direct', '/crisis', `drill ${scenario}`);
  if (typed.problem) throw new Error(typed.problem);
  const sent = await slack.submit(user, await slack.until(() => slack.window(user)));
  if (sent.problem) throw new Error(sent.problem);
  let number: string | undefined;
  await waitFor(async () => {
    const rows = await sql<{ number: string }[]>`select number from crisis where drill and state = 'alarm'`;
    number = rows[0]?.number;
    return number !== undefined;
  }, 'the drill to begin');
  return number ?? '';
}

/** The newest answer that this person alone sees on Slack and that has such a button. */
export const answerOnSlack = ({ slack }: House, user: string, button: string) =>
  slack.until(() => slack.ephemerals(user).findLast((m) => slack.buttons(m).some(({ label }) => label === button)));
