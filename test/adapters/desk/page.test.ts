/** The desk in a real browser: people type, press and fill in, and every open tab follows. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../../src/core/card.ts';
import { openBrowser } from '../../support/browser.ts';
import { drawRequest, type Office, openOffice, spendForm } from './office.ts';

let browser: Browser;
let office: Office;
let context: BrowserContext;
/** what the browser complained about: scripts that failed, things the page's own policy refused */
let complaints: string[];

beforeAll(async () => {
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
  context.setDefaultTimeout(8_000);
});
afterAll(() => browser.close());
beforeEach(async () => {
  office = await openOffice({ uploads: mkdtempSync(join(tmpdir(), 'desk-')) });
  complaints = [];
});
afterEach(async () => {
  await Promise.all(context.pages().map((page) => page.close()));
  await office.close();
});

async function open(as: string, place = 'bot'): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(office.url)) complaints.push(`asked elsewhere: ${request.url()}`);
  });
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  await page.goto(`${office.url}/#as=${as}&in=${place}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}
const writing = (page: Page) => page.getByRole('combobox');
const card = (page: Page, name: string) => page.getByRole('article', { name });
const whisper = (page: Page, text: string) => page.locator('.whisper').filter({ hasText: text });
const focused = (page: Page) => page.locator(':focus').innerText();
const hasFocus = (control: Locator) => control.and(control.page().locator(':focus')).isVisible();

describe('the first visit', () => {
  test('an empty chat says what to type, and an example fills the input without sending it', async () => {
    const page = await open('wang');
    await page.getByRole('button', { name: '/spend 3.2万 春季促销物料' }).click();
    expect(await writing(page).inputValue()).toBe('/spend 3.2万 春季促销物料');
    expect(await hasFocus(writing(page))).toBe(true);
    expect(office.heard).toEqual([]);
    await page.keyboard.press('Enter');
    await card(page, 'SP-2026-0001 · 等 李娜 审批').waitFor();
    expect(await page.getByText('从一条消息开始').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
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
    expect(office.heard).toEqual([]);
  });

  test('after @ a colleague is suggested, and the product hears who is meant', async () => {
    const page = await open('wang');
    await writing(page).focus();
    await page.keyboard.type('/pr away @李');
    await page.keyboard.press('Enter');
    expect(await writing(page).inputValue()).toBe('/pr away @李娜 ');
    await page.keyboard.press('Enter');
    await expect.poll(() => office.heard[0]?.what).toMatchObject({ kind: 'text', text: '/pr away <@li>' });
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
    expect(complaints).toEqual([]);
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
        await office.post('#pr', plain('恰在此时'));
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
    await office.post('#crisis', plain('值班提醒'));
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
    expect(office.heard.at(-1)?.what).toEqual({
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
    expect(complaints).toEqual([]);
  });

  test('the path above the fields follows the amount', async () => {
    const page = await open('wang');
    const dialog = await openForm(page);
    await dialog.getByRole('heading', { name: '需要 李娜', exact: true }).waitFor();
    await dialog.getByLabel('金额').pressSequentially('60000');
    await dialog.getByRole('heading', { name: '需要 李娜、赵敏' }).waitFor();
    expect(await dialog.getByLabel('金额').inputValue()).toBe('60000');
    const previews = office.heard.filter(({ what }) => what.kind === 'form' && what.action.command === 'preview');
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
    const what = office.heard.at(-1)?.what;
    expect(what?.kind === 'form' && what.files.quote).toMatchObject([
      { name: '报价单.txt', mime: 'text/plain', size: 12 },
    ]);
  });

  test('a refusal leaves what was typed in their hands', async () => {
    const page = await open('wang');
    const dialog = await openForm(page);
    await dialog.getByLabel('事由').fill('写了很久的事由');
    office.script(() => ({ kind: 'said', tone: 'bad', text: '系统忙，请再试一次。' }));
    await dialog.getByRole('button', { name: '提交申请' }).click();
    await dialog.getByText('系统忙，请再试一次。').waitFor();
    expect(await dialog.getByLabel('事由').inputValue()).toBe('写了很久的事由');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a button opens a form, and rejecting settles the card everywhere', async () => {
    const page = await open('li');
    await office.adapter.post(
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

describe('cards', () => {
  test('a question before the press: Esc and the quiet button mean no', async () => {
    const page = await open('li');
    const confirm = { title: '撤回这张单？', text: '审批人会收到通知。', yes: '撤回', no: '再想想' };
    await office.post(
      'li',
      plain('单', [{ label: '撤回', style: 'danger', action: { command: 'withdraw' }, confirm }]),
    );
    const question = page.getByRole('alertdialog', { name: '撤回这张单？' });
    const ask = () => card(page, '单').getByRole('button', { name: '撤回' }).click();
    await ask();
    expect(await focused(page)).toBe('再想想');
    await page.keyboard.press('Escape');
    await ask();
    await question.getByRole('button', { name: '再想想' }).click();
    expect(office.heard).toEqual([]);
    await ask();
    await question.getByRole('button', { name: '撤回' }).click();
    await expect
      .poll(() => office.heard.map(({ what }) => what))
      .toEqual([{ kind: 'action', action: { command: 'withdraw' } }]);
  });

  test('a card that changes again and again shows each change', async () => {
    const ref = await office.post('li', plain('一'));
    const page = await open('li');
    for (const headline of ['二', '三', '四']) {
      await office.adapter.edit(ref, plain(headline), 'zh');
      await card(page, headline).waitFor();
      expect(await page.getByRole('article').count()).toBe(1);
    }
  });

  test('two quick presses are one', async () => {
    const page = await open('li');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    office.script(async () => {
      await held;
      return { kind: 'said', tone: 'good', text: '好了' };
    });
    await office.post('li', plain('单', [{ label: '批准', style: 'primary', action: { command: 'approve' } }]));
    const button = card(page, '单').getByRole('button', { name: '批准' });
    await button.dblclick();
    await whisper(page, '还在处理').waitFor();
    release();
    await whisper(page, '好了').waitFor();
    expect(await page.getByText('还在处理').count()).toBe(0);
    expect(office.heard).toHaveLength(1);
  });

  test('whatever people write stays text, wherever it is shown', async () => {
    const evil = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{{constructor}} javascript:alert(1)';
    const page = await open('li');
    const all: Card = {
      headline: evil,
      tone: 'open',
      summary: evil,
      blocks: [
        { kind: 'facts', facts: [{ label: evil, value: evil, wide: true }] },
        { kind: 'text', text: evil, strong: true },
        { kind: 'quote', text: evil },
        { kind: 'path', title: evil, lines: [{ mark: 'now', text: evil, detail: [evil] }] },
        { kind: 'note', text: evil },
        { kind: 'link', label: '点我', url: 'javascript:window.hurt=1' },
        { kind: 'link', label: evil, url: 'https://example.com/"><script>window.hurt=1</script>' },
        {
          kind: 'buttons',
          buttons: [
            { label: evil, action: { command: 'x' }, confirm: { title: evil, text: evil, yes: evil, no: evil } },
          ],
        },
      ],
    };
    await office.post('li', all);
    await page.getByRole('article').waitFor();
    expect(await page.locator('article img, article script').count()).toBe(0);
    expect(await page.locator('article h3').innerText()).toBe(evil);
    expect(await page.getByRole('link', { name: '点我' }).count()).toBe(0);
    await page.getByRole('article').getByRole('button').click();
    expect(await page.getByRole('alertdialog').locator('img, script').count()).toBe(0);
    await page.keyboard.press('Escape');
    office.script(() => ({
      kind: 'form',
      say: evil,
      form: {
        title: evil,
        intro: [{ kind: 'text', text: evil }],
        fields: [
          {
            id: 'a',
            type: 'choice',
            label: evil,
            required: true,
            hint: evil,
            fault: evil,
            options: [{ value: evil, label: evil }],
          },
        ],
        submit: evil,
        cancel: evil,
        action: { command: 'x' },
      },
    }));
    await writing(page).fill(evil);
    await writing(page).press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await page.getByRole('dialog').locator('img, script').count()).toBe(0);
    await page.locator('.by-me .bubble').filter({ hasText: evil }).waitFor();
    expect(await page.evaluate(`'hurt' in window`)).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('even a mistake of ours could not turn text into markup: the browser forbids it', async () => {
    const page = await open('li');
    const tried = await page.evaluate(
      `(() => { try { document.body.innerHTML = '<p>x</p>'; return 'allowed'; } catch { return 'refused'; } })()`,
    );
    expect(tried).toBe('refused');
  });

  test('a card of a shape that this page does not know does not take the conversation with it', async () => {
    await office.post('li', { ...plain('坏的'), blocks: undefined as never });
    await office.post('li', {
      ...plain('新的'),
      blocks: [{ kind: 'hologram' } as never, { kind: 'text', text: '还在' }],
    });
    const page = await open('li');
    await page.getByText('这条消息无法显示。').waitFor();
    await card(page, '新的').getByText('还在').waitFor();
  });
});

describe('what stands in the chat', () => {
  test('a form that was sent as a message opens from there and goes back with its message', async () => {
    const content = { kind: 'form' as const, form: spendForm({}) };
    const ref = await office.adapter.post(
      { kind: 'direct', id: 'wang' },
      content,
      { id: 'form', triedBefore: undefined },
      'zh',
    );
    const page = await open('wang');
    await card(page, '费用申请').getByRole('button', { name: '填写' }).click();
    await page.getByRole('dialog').getByLabel('金额').fill('1');
    await page.getByRole('dialog').getByLabel('事由').fill('海报');
    await page.getByRole('button', { name: '提交申请' }).click();
    await whisper(page, '已提交').waitFor();
    expect(office.heard.at(-1)?.message).toEqual(ref);
  });

  test('my desk shows what the product has for me, and follows it', async () => {
    office.script(() => ({ kind: 'card', card: plain('等我处理的：2') }));
    const page = await open('li');
    await page.getByRole('link', { name: '我的待办' }).click();
    await card(page, '等我处理的：2').waitFor();
    expect(await page.getByRole('button', { name: '发送' }).count()).toBe(0);
    await office.adapter.home?.('li', plain('等我处理的：1'), 'zh');
    await card(page, '等我处理的：1').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
  });

  test('older messages are fetched when they are asked for', async () => {
    for (let n = 1; n <= 60; n += 1) await office.post('li', plain(`第 ${n} 张`));
    const page = await open('li');
    await card(page, '第 60 张').waitFor();
    expect(await card(page, '第 10 张').count()).toBe(0);
    await page.getByRole('button', { name: '更早的消息' }).click();
    await card(page, '第 1 张').waitFor();
    expect(await page.getByRole('button', { name: '更早的消息' }).count()).toBe(0);
    const order = await page.getByRole('article').getByRole('heading').allInnerTexts();
    expect(order).toEqual(Array.from({ length: 60 }, (_, n) => `第 ${n + 1} 张`));
  });
});

describe('when the line is cut', () => {
  test('the page says so, comes back by itself, and shows what it missed', async () => {
    const ref = await office.post('li', pending());
    const page = await open('li');
    await card(page, 'SP-2026-0009 · 等 李娜 审批').waitFor();
    await office.crash();
    await page.getByRole('status').getByText('正在重新连接').waitFor();
    await office.adapter.edit(ref, pending('approved'), 'zh');
    await office.revive();
    await card(page, 'SP-2026-0009 · 已批准').waitFor();
    await expect.poll(() => page.getByRole('status').innerText()).toBe('');
  });

  test('what could not be sent can be sent again, and counts once', async () => {
    const page = await open('wang');
    await page.route('**/desk/say', (route) => route.abort(), { times: 1 });
    await writing(page).fill('/pr help');
    await writing(page).press('Enter');
    const line = whisper(page, '没有送达');
    await line.waitFor();
    await line.getByRole('button', { name: '再试一次' }).click();
    await whisper(page, '试试 /spend').waitFor();
    expect(await line.count()).toBe(0);
    expect(office.heard).toHaveLength(1);
  });

  test('an answer that was lost on its way does not double the act', async () => {
    const page = await open('wang');
    await page.route(
      '**/desk/say',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await writing(page).fill('/pr help');
    await writing(page).press('Enter');
    await whisper(page, '没有送达').getByRole('button', { name: '再试一次' }).click();
    await whisper(page, '试试 /spend').waitFor();
    expect(new Set(office.heard.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect(await page.locator('.by-me').count()).toBe(1);
  });

  test('a tab that nobody looks at lets go of its line and catches up when it is seen again', async () => {
    const page = await open('li');
    const look = (state: string) =>
      page.evaluate(
        `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
         document.dispatchEvent(new Event('visibilitychange'));`,
      );
    await look('hidden');
    await office.post('li', plain('没人看的时候'));
    expect(await card(page, '没人看的时候').count()).toBe(0);
    await look('visible');
    await card(page, '没人看的时候').waitFor();
  });
});

function plain(headline: string, buttons: Extract<Card['blocks'][number], { kind: 'buttons' }>['buttons'] = []): Card {
  return {
    headline,
    tone: 'open',
    summary: headline,
    blocks: buttons.length > 0 ? [{ kind: 'buttons', buttons }] : [],
  };
}

function pending(state: 'open' | 'approved' = 'open'): Card {
  return drawRequest('SP-2026-0009', { title: '海报', amount: '¥1.00', by: 'wang', state, note: '' }, 'li');
}
