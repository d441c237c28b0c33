/** What stories about meetings look at: the books, what stands in the chats, what came by mail, the forms that are open. */
import type { House } from './house.ts';
import { typedOnSlack } from './told.ts';

export function lookAt(house: House) {
  /** All meetings of a series, as the books have them: `MT-2026-0001 2026-09-28 10:00 planned`. */
  async function books(series: string, until = '2026-10-21'): Promise<string[]> {
    const rows = await house.sql<{ line: string }[]>`
    select number || ' ' || to_char(start_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') || ' ' || state as line
    from meeting where series = ${series} and start_at < ${until} order by start_at`;
    return rows.map((row) => row.line);
  }
  async function numberOn(day: string, series = 'weekly'): Promise<string> {
    const [row] = await house.sql<{ number: string }[]>`
    select number from meeting where series = ${series} and (start_at at time zone 'Asia/Shanghai')::date = ${day}
      and state <> 'cancelled'`;
    if (!row) throw new Error(`no meeting on ${day}`);
    return row.number;
  }
  /** How often this person or channel reads a notice with these words. */
  const onSlack = (place: string, ...words: string[]) =>
    house.slack.messagesOf(place).filter((m) => words.every((word) => house.slack.cardText(m).includes(word))).length;
  const onFeishu = (place: string, ...words: string[]) =>
    house.feishu.messagesOf(place).filter((m) => words.every((word) => house.feishu.cardText(m).includes(word))).length;
  const inbox = (name: string, ...words: string[]) =>
    house.mail
      .inbox(`${name}@example.com`)
      .filter((m) => words.every((word) => `${m.subject}\n${m.text}`.includes(word)));
  const formOf = (person: string, title: string) =>
    house.feishu.when(
      () =>
        house.feishu
          .messagesOf(person)
          .findLast((m) => house.feishu.cardText(m).startsWith(title) && house.feishu.buttonsOf(m).length > 0),
      `the form ${title} for ${person}`,
    );
  const types = (user: string, command: string, text: string) => typedOnSlack(house, user, command, text);
  const windowOf = async (user: string) => house.slack.until(() => house.slack.window(user));
  /** the live card in this place on which this can be pressed; a notice has a button too */
  const cardWith = (place: string, number: string, label: string) =>
    house.slack.until(() =>
      house.slack
        .messagesOf(place)
        .findLast(
          (m) => house.slack.cardText(m).includes(number) && house.slack.buttons(m).some((b) => b.label === label),
        ),
    );
  return { cardWith, books, numberOn, onSlack, onFeishu, inbox, formOf, types, windowOf };
}
