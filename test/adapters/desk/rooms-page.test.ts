/** A room on the desk, in a real browser: it comes into the side bar by itself, and what stands in it is for its members. */
import { expect, test } from 'vitest';
import { card, plain, useTabs } from './tabs.ts';

const tabs = useTabs();
const TITLE = 'CR-2026-0003 直播间投诉起火';
const intent = { id: '6f1f2b52-58ce-4d0c-9d6a-0a3c1f6f7c11', triedBefore: undefined };

test('whoever is brought in sees it come, opens it, and finds the card there', async () => {
  const { rooms, post } = tabs.office.adapter;
  if (!rooms) throw new Error('the desk has rooms');
  const [li, zhao] = [await tabs.open('li'), await tabs.open('zhao')];
  const { id } = await rooms.open({ name: 'cr-2026-0003', title: TITLE, accounts: ['li'] }, intent);
  const link = li.getByRole('link', { name: TITLE });
  await link.waitFor();
  await link.click();
  await li.getByText('这个房间还没有消息').waitFor();
  const to = { kind: 'channel', id } as const;
  await post(to, { kind: 'card', card: plain('态势') }, { ...intent, id: 'card' }, 'zh');
  await card(li, '态势').waitFor();
  expect(await li.getByText('房间 · 只有成员可见').isVisible()).toBe(true);
  expect(await zhao.getByRole('link', { name: TITLE }).count()).toBe(0);
  expect(await li.getByRole('link', { name: TITLE }).count()).toBe(1);
  expect(tabs.complaints).toEqual([]);
});

test('what comes while somebody looks elsewhere is counted beside its name', async () => {
  const { rooms, post } = tabs.office.adapter;
  const made = await rooms?.open({ name: 'cr-2026-0003', title: TITLE, accounts: ['li'] }, intent);
  const li = await tabs.open('li');
  const to = { kind: 'channel', id: made?.id ?? '' } as const;
  await post(to, { kind: 'card', card: plain('态势') }, { ...intent, id: 'card' }, 'zh');
  await li.getByRole('link', { name: TITLE }).getByText('1', { exact: true }).waitFor();
});
