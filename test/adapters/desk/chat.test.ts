/** What stands in the desk's chat, in a real browser: cards and their buttons, what came before, and a line that is cut. */
import { describe, expect, test } from 'vitest';
import type { Card } from '../../../src/core/card.ts';
import { drawRequest, spendForm } from './office.ts';
import { card, focused, plain, useTabs, whisper, writing } from './tabs.ts';

const tabs = useTabs();
const { open } = tabs;

describe('cards', () => {
  test('a question before the press: Esc and the quiet button mean no', async () => {
    const page = await open('li');
    const confirm = { title: '撤回这张单？', text: '审批人会收到通知。', yes: '撤回', no: '再想想' };
    await tabs.office.post(
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
    expect(tabs.office.heard).toEqual([]);
    await ask();
    await question.getByRole('button', { name: '撤回' }).click();
    await expect
      .poll(() => tabs.office.heard.map(({ what }) => what))
      .toEqual([{ kind: 'action', action: { command: 'withdraw' } }]);
  });

  test('a card that changes again and again shows each change', async () => {
    const ref = await tabs.office.post('li', plain('一'));
    const page = await open('li');
    for (const headline of ['二', '三', '四']) {
      await tabs.office.adapter.edit(ref, plain(headline), 'zh');
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
    tabs.office.script(async () => {
      await held;
      return { kind: 'said', tone: 'good', text: '好了' };
    });
    await tabs.office.post('li', plain('单', [{ label: '批准', style: 'primary', action: { command: 'approve' } }]));
    const button = card(page, '单').getByRole('button', { name: '批准' });
    await button.dblclick();
    await whisper(page, '还在处理').waitFor();
    release();
    await whisper(page, '好了').waitFor();
    expect(await page.getByText('还在处理').count()).toBe(0);
    expect(tabs.office.heard).toHaveLength(1);
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
    await tabs.office.post('li', all);
    await page.getByRole('article').waitFor();
    expect(await page.locator('article img, article script').count()).toBe(0);
    expect(await page.locator('article h3').innerText()).toBe(evil);
    expect(await page.getByRole('link', { name: '点我' }).count()).toBe(0);
    await page.getByRole('article').getByRole('button').click();
    expect(await page.getByRole('alertdialog').locator('img, script').count()).toBe(0);
    await page.keyboard.press('Escape');
    tabs.office.script(() => ({
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
    expect(tabs.complaints).toEqual([]);
  });

  test('even a mistake of ours could not turn text into markup: the browser forbids it', async () => {
    const page = await open('li');
    const tried = await page.evaluate(
      `(() => { try { document.body.innerHTML = '<p>x</p>'; return 'allowed'; } catch { return 'refused'; } })()`,
    );
    expect(tried).toBe('refused');
  });

  test('a card of a shape that this page does not know does not take the conversation with it', async () => {
    await tabs.office.post('li', { ...plain('坏的'), blocks: undefined as never });
    await tabs.office.post('li', {
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
    const ref = await tabs.office.adapter.post(
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
    expect(tabs.office.heard.at(-1)?.message).toEqual(ref);
  });

  test('my desk shows what the product has for me, and follows it', async () => {
    tabs.office.script(() => ({ kind: 'card', card: plain('等我处理的：2') }));
    const page = await open('li');
    await page.getByRole('link', { name: '我的待办' }).click();
    await card(page, '等我处理的：2').waitFor();
    expect(await page.getByRole('button', { name: '发送' }).count()).toBe(0);
    await tabs.office.adapter.home?.('li', plain('等我处理的：1'), 'zh');
    await card(page, '等我处理的：1').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
  });

  test('older messages are fetched when they are asked for', async () => {
    for (let n = 1; n <= 60; n += 1) await tabs.office.post('li', plain(`第 ${n} 张`));
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
    const ref = await tabs.office.post('li', pending());
    const page = await open('li');
    await card(page, 'SP-2026-0009 · 等 李娜 审批').waitFor();
    await tabs.office.crash();
    await page.getByRole('status').getByText('正在重新连接').waitFor();
    await tabs.office.adapter.edit(ref, pending('approved'), 'zh');
    await tabs.office.revive();
    await card(page, 'SP-2026-0009 · 已批准').waitFor();
    await expect.poll(() => page.getByRole('status').innerText()).toBe('');
  });

  test('an answer that overtakes the line it answers stands below it all the same', async () => {
    const page = await open('wang');
    const held = Promise.withResolvers<void>();
    tabs.office.script(() => ({ kind: 'said', tone: 'info', text: '答在问后' }));
    // the line itself is kept at once; its way back to the page is held up until the answer is there
    await page.route('**/desk/changes?**', async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await writing(page).fill('问');
    await writing(page).press('Enter');
    await whisper(page, '答在问后').waitFor();
    held.resolve();
    await page.locator('.by-me').waitFor();
    expect(await page.locator('#messages > .by-me, #messages > .whisper').allInnerTexts()).toEqual([
      expect.stringContaining('问'),
      expect.stringContaining('答在问后'),
    ]);
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
    expect(tabs.office.heard).toHaveLength(1);
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
    expect(new Set(tabs.office.heard.map(({ deliveryId }) => deliveryId)).size).toBe(1);
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
    await tabs.office.post('li', plain('没人看的时候'));
    expect(await card(page, '没人看的时候').count()).toBe(0);
    await look('visible');
    await card(page, '没人看的时候').waitFor();
  });
});

function pending(state: 'open' | 'approved' = 'open'): Card {
  return drawRequest('SP-2026-0009', { title: '海报', amount: '¥1.00', by: 'wang', state, note: '' }, 'li');
}
