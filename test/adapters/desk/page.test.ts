/** The desk in a real browser: people type, press and fill in, and every open tab follows. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { card, focused, hasFocus, plain, useTabs, whisper, writing } from './tabs.ts';

const tabs = useTabs();
const { open } = tabs;

describe('the first visit', () => {
  test('an empty chat says what to type, and an example fills the input without sending it', async () => {
    const page = await open('wang');
    await page.getByRole('button', { name: '/spend 3.2万 春季促销物料' }).click();
    expect(await writing(page).inputValue()).toBe('/spend 3.2万 春季促销物料');
    expect(await hasFocus(writing(page))).toBe(true);
    expect(tabs.office.heard).toEqual([]);
    await page.keyboard.press('Enter');
    await card(page, 'SP-2026-0001 · 等 李娜 审批').waitFor();
    expect(await page.getByText('从一条消息开始').isVisible()).toBe(false);
    expect(tabs.complaints).toEqual([]);
  });
});

describe('typing with the keyboard alone', () => {
  test('arrows and Enter choose a command, Enter sends it, Esc closes the list', async () => {
    const page = await open('wang');
    await writing(page).focus();
    await page.keyboard.type('/');
    expect(await page.getByRole('option').allInnerTexts()).toHaveLength(3);
    expect(await writing(page).getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowDown');
    expect(await writing(page).getAttribute('aria-activedescendant')).toBe('option-1');
    expect(await page.getByRole('option', { selected: true }).innerText()).toContain('/purchase');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('listbox').isVisible()).toBe(false);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('/sp');
    await page.keyboard.press('Enter');
    expect(await writing(page).inputValue()).toBe('/spend ');
    await page.keyboard.type('3.2万 春季促销物料');
    await page.keyboard.press('Enter');
    await card(page, 'SP-2026-0001 · 等 李娜 审批').waitFor();
    await whisper(page, 'SP-2026-0001 已提交，等李娜审批。').waitFor();
    expect(await writing(page).inputValue()).toBe('');
  });

  test('Enter that ends a Chinese word of the input method does not send', async () => {
    const page = await open('wang');
    await writing(page).fill('/spend 1 shi');
    await writing(page).dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true });
    expect(await writing(page).inputValue()).toBe('/spend 1 shi');
    expect(tabs.office.heard).toEqual([]);
  });

  test('after @ a colleague is suggested, and the product hears who is meant', async () => {
    const page = await open('wang');
    await writing(page).focus();
    await page.keyboard.type('/pr away @李');
    await page.keyboard.press('Enter');
    expect(await writing(page).inputValue()).toBe('/pr away @李娜 ');
    await page.keyboard.press('Enter');
    await expect.poll(() => tabs.office.heard[0]?.what).toMatchObject({ kind: 'text', text: '/pr away <@li>' });
  });

  test('a slash pressed anywhere on the page goes to the input', async () => {
    const page = await open('wang');
    await page.locator('body').press('/');
    expect(await hasFocus(writing(page))).toBe(true);
  });
});

describe('several people, several tabs', () => {
  test('a request by one person is pressed by another, and every open tab settles without a reload', async () => {
    const [mine, hers, channel] = [await open('wang'), await open('li'), await open('qian', 'channel:pr')];
    await writing(mine).fill('/spend 3.2万 春季促销物料');
    await writing(mine).press('Enter');
    const open1 = 'SP-2026-0001 · 等 李娜 审批';
    await Promise.all([mine, hers, channel].map((page) => card(page, open1).waitFor()));
    expect(await card(mine, open1).getByRole('button').count()).toBe(0);
    expect(await card(channel, open1).getByText('¥3.2万').isVisible()).toBe(true);

    await card(hers, open1).getByRole('button', { name: '批准' }).press('Enter');
    await whisper(hers, '你批准了 SP-2026-0001。').waitFor();
    await Promise.all([mine, hers, channel].map((page) => card(page, 'SP-2026-0001 · 已批准').waitFor()));
    expect(await card(hers, 'SP-2026-0001 · 已批准').getByRole('button').count()).toBe(0);
    // what she was told is hers alone
    expect(await mine.getByText('你批准了').count()).toBe(0);
    expect(await focused(hers)).toContain('SP-2026-0001');
    expect(tabs.complaints).toEqual([]);
  });

  test('switching persons in one tab shows their side, and a dot says who has something new', async () => {
    const page = await open('wang');
    await writing(page).fill('/spend 3.2万 春季促销物料');
    await writing(page).press('Enter');
    const her = page.getByRole('link', { name: /李娜/ });
    await her.getByRole('img', { name: '有新消息' }).waitFor();
    await her.click();
    await page.getByText('以 李娜（公关主管）的身份').waitFor();
    expect(await page.title()).toBe('李娜 · 会签');
    await card(page, 'SP-2026-0001 · 等 李娜 审批').getByRole('button', { name: '批准' }).waitFor();
    expect(await her.getByRole('img').count()).toBe(0);
    expect(await page.getByText('已提交，等李娜审批').count()).toBe(0);
    await page.getByRole('link', { name: /公关部/ }).click();
    await card(page, 'SP-2026-0001 · 等 李娜 审批').waitFor();
    await page.reload();
    await page.getByText('以 李娜（公关主管）的身份').waitFor();
    await card(page, 'SP-2026-0001 · 等 李娜 审批').waitFor();
  });

  test('a message that comes while a conversation is being opened is there when it is open', async () => {
    const page = await open('li');
    await page.getByText('从一条消息开始').waitFor();
    await page.route(
      '**/desk/state?**',
      async (route) => {
        const before = await route.fetch();
        await tabs.office.post('#pr', plain('恰在此时'));
        // told over the open stream first, for a conversation that is not on the screen yet
        await page
          .getByRole('link', { name: /公关部/ })
          .getByText('1', { exact: true })
          .waitFor();
        await route.fulfill({ response: before });
      },
      { times: 1 },
    );
    await page.getByRole('link', { name: /公关部/ }).click();
    await card(page, '恰在此时').waitFor();
    await expect.poll(() => page.getByRole('link', { name: /公关部/ }).innerText()).not.toContain('1');
  });

  test('the page speaks the language of whoever is acting', async () => {
    const page = await open('sun');
    await page.getByText('Start with one message').waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await page.getByRole('link', { name: /王晓文/ }).click();
    await page.getByText('从一条消息开始').waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
  });

  test('a message in another conversation is counted until it is read', async () => {
    const page = await open('li');
    await tabs.office.post('#crisis', plain('值班提醒'));
    const link = page.getByRole('link', { name: /危机值班/ });
    await link.getByText('1', { exact: true }).waitFor();
    await link.click();
    await card(page, '值班提醒').waitFor();
    await expect.poll(() => link.innerText()).not.toContain('1');
  });
});

describe('forms', () => {
  const openForm = async (page: Page) => {
    await writing(page).fill('/purchase');
    await writing(page).press('Enter');
    const dialog = page.getByRole('dialog', { name: '费用申请' });
    await dialog.waitFor();
    return dialog;
  };

  test('faults stand at their fields, what was typed stays, and the cursor is at the first fault', async () => {
    const page = await open('wang');
    const dialog = await openForm(page);
    expect(await hasFocus(dialog.getByLabel('金额'))).toBe(true);
    await dialog.getByLabel('金额').fill('很多');
    await dialog.getByLabel('说明').fill('三家比价');
    await page.keyboard.press('Tab');
    await dialog.getByRole('button', { name: '提交申请' }).press('Enter');
    const amount = dialog.getByRole('textbox', { name: '金额', description: /“很多”不是金额/ });
    await amount.waitFor();
    expect(await amount.getAttribute('aria-invalid')).toBe('true');
    expect(await amount.inputValue()).toBe('很多');
    expect(await hasFocus(amount)).toBe(true);
    expect(await dialog.getByRole('alert').innerText()).toBe('还有两处要改。');
    expect(await dialog.getByLabel('说明').inputValue()).toBe('三家比价');
    await amount.fill('32000');
    await dialog.getByLabel('事由').fill('春季促销物料');
    await dialog.getByLabel('类别').selectOption('物料');
    await dialog.getByLabel('使用日期').fill('2026-12-01');
    await dialog.getByLabel('经办人').selectOption('李娜 · 公关主管');
    await dialog.getByRole('button', { name: '提交申请' }).click();
    await whisper(page, '已提交').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(tabs.office.heard.at(-1)?.what).toEqual({
      kind: 'form',
      action: { command: 'submit' },
      values: {
        amount: '32000',
        title: '春季促销物料',
        detail: '三家比价',
        kind: 'goods',
        when: '2026-12-01',
        owner: 'li',
      },
      files: {},
    });
    expect(tabs.complaints).toEqual([]);
  });

  test('the path above the fields follows the amount', async () => {
    const page = await open('wang');
    const dialog = await openForm(page);
    await dialog.getByRole('heading', { name: '需要 李娜', exact: true }).waitFor();
    await dialog.getByLabel('金额').pressSequentially('60000');
    await dialog.getByRole('heading', { name: '需要 李娜、赵敏' }).waitFor();
    expect(await dialog.getByLabel('金额').inputValue()).toBe('60000');
    const previews = tabs.office.heard.filter(({ what }) => what.kind === 'form' && what.action.command === 'preview');
    expect(previews.length).toBeLessThan(5);
  });

  test('a file in a form goes with it', async () => {
    const page = await open('wang');
    const dialog = await openForm(page);
    const path = join(mkdtempSync(join(tmpdir(), 'desk-')), '报价单.txt');
    writeFileSync(path, '三家报价');
    await dialog.getByLabel('报价单').setInputFiles(path);
    await dialog.getByRole('button', { name: '移除 报价单.txt' }).waitFor();
    await dialog.getByLabel('金额').fill('1');
    await dialog.getByLabel('事由').fill('x');
    await dialog.getByRole('button', { name: '提交申请' }).click();
    await whisper(page, '已提交').waitFor();
    const what = tabs.office.heard.at(-1)?.what;
    expect(what?.kind === 'form' && what.files.quote).toMatchObject([
      { name: '报价单.txt', mime: 'text/plain', size: 12 },
    ]);
  });

  test('a refusal leaves what was typed in their hands', async () => {
    const page = await open('wang');
    const dialog = await openForm(page);
    await dialog.getByLabel('事由').fill('写了很久的事由');
    tabs.office.script(() => ({ kind: 'said', tone: 'bad', text: '系统忙，请再试一次。' }));
    await dialog.getByRole('button', { name: '提交申请' }).click();
    await dialog.getByText('系统忙，请再试一次。').waitFor();
    expect(await dialog.getByLabel('事由').inputValue()).toBe('写了很久的事由');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a button opens a form, and rejecting settles the card everywhere', async () => {
    const page = await open('li');
    await tabs.office.adapter.post(
      { kind: 'direct', id: 'wang' },
      { kind: 'card', card: plain('x') },
      { id: 'x', triedBefore: undefined },
      'zh',
    );
    const other = await open('wang');
    await writing(other).fill('/spend 1 海报');
    await writing(other).press('Enter');
    await page.getByRole('button', { name: '驳回' }).click();
    await page.getByRole('dialog', { name: '驳回 SP-2026-0001' }).getByLabel('理由').fill('预算已用完');
    await page.getByRole('dialog').getByRole('button', { name: '驳回' }).click();
    await card(other, 'SP-2026-0001 · 已驳回').getByText('预算已用完').waitFor();
  });
});
