/** The desk for everyone: on a phone and a wide screen, in light and dark, by keyboard and by ear. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../../src/core/card.ts';
import { findChromium, openBrowser } from '../../support/browser.ts';
import { type Office, openOffice } from './office.ts';

const AUDIT = readFileSync(new URL('./audit.js', import.meta.url), 'utf8');
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 320, height: 568 };

let browser: Browser;
let office: Office;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  office = await openOffice({ uploads: mkdtempSync(join(tmpdir(), 'desk-')) });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await office.close();
});

async function open(as: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  await page.goto(`${office.url}/#as=${as}&in=bot`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}
const still = (page: Page) => expect.poll(() => page.evaluate(`document.getAnimations().length`)).toBe(0);
const audit = (page: Page) => page.evaluate(AUDIT) as Promise<string[]>;

/** Everything that a card can have, with the longest words that somebody might put into it. */
const FULL: Card = {
  headline: `SP-2026-0007 · ${'很长的标题'.repeat(12)}`,
  tone: 'warn',
  summary: 'SP-2026-0007',
  blocks: [
    {
      kind: 'facts',
      facts: [
        { label: '金额', value: '¥1,000,000,000,000.00' },
        { label: '申请人', value: '王晓文 · 公关专员' },
        { label: '事由', value: 'x'.repeat(300), wide: true },
      ],
    },
    { kind: 'text', text: '供应商报价已比过三家。', strong: true },
    { kind: 'quote', text: `第一行\n${'https://example.com/'.repeat(10)}` },
    {
      kind: 'path',
      title: '审批路径',
      lines: (['done', 'now', 'next', 'refused', 'skipped'] as const).map((mark) => ({
        mark,
        text: `${mark} ${'长'.repeat(60)}`,
        detail: ['为什么', 'y'.repeat(120)],
      })),
    },
    { kind: 'divider' },
    { kind: 'link', label: '查看附件', url: 'https://example.com/' },
    {
      kind: 'buttons',
      buttons: [
        { label: '批准', style: 'primary', action: { command: 'approve' } },
        {
          label: '驳回',
          style: 'danger',
          action: { command: 'reject' },
          confirm: { title: '驳回？', text: '对方会收到理由。', yes: '驳回', no: '再想想' },
        },
        { label: '转交给别人并说明为什么要转交给别人', action: { command: 'hand-over' } },
      ],
    },
    { kind: 'note', text: '编号 SP-2026-0007 · 第 1 版' },
  ],
};

describe.each([
  ['a wide screen in daylight', WIDE, 'light'],
  ['a wide screen at night', WIDE, 'dark'],
  ['a small phone in daylight', PHONE, 'light'],
  ['a small phone at night', PHONE, 'dark'],
] as const)('%s', (_where, viewport, colorScheme) => {
  test('everything has a name, can be read and hit, and nothing sticks out', async () => {
    const page = await open('wang', { viewport, colorScheme });
    expect([await audit(page), 'first visit']).toEqual([[], 'first visit']);

    for (const tone of ['open', 'good', 'bad', 'warn', 'muted'] as const) await office.post('wang', { ...FULL, tone });
    await expect.poll(() => page.getByRole('article').count()).toBe(5);
    await still(page);
    for (const tone of ['good', 'bad', 'info'] as const) {
      office.script(() => ({ kind: 'said', tone, text: `${tone} ${'说'.repeat(80)}` }));
      await page.getByRole('combobox').fill('你好');
      await page.getByRole('combobox').press('Enter');
      await page.locator('.whisper').filter({ hasText: tone }).waitFor();
    }
    expect([await audit(page), 'chat']).toEqual([[], 'chat']);

    await page.getByRole('combobox').fill('/');
    await page.getByRole('listbox').waitFor();
    expect([await audit(page), 'suggestions']).toEqual([[], 'suggestions']);

    office.script(undefined);
    await page.getByRole('combobox').fill('/purchase');
    await page.getByRole('combobox').press('Enter');
    await page.getByRole('button', { name: '提交申请' }).click();
    await page.getByText('还有两处要改。').waitFor();
    expect([await audit(page), 'form']).toEqual([[], 'form']);
    await page.keyboard.press('Escape');

    await page.getByRole('article').last().getByRole('button', { name: '驳回' }).click();
    await page.getByRole('alertdialog').waitFor();
    expect([await audit(page), 'question']).toEqual([[], 'question']);
    await page.keyboard.press('Escape');

    await office.crash();
    await page.getByRole('status').getByText('正在重新连接').waitFor();
    expect([await audit(page), 'disconnected']).toEqual([[], 'disconnected']);
    await office.revive();
  });
});

describe('on a phone', () => {
  test('the side panel is a drawer: out of the way until asked for, and out of the tab order', async () => {
    const page = await open('wang', { viewport: PHONE });
    const people = page.getByRole('navigation', { name: '我是谁' });
    expect(await people.count()).toBe(0);
    await page.getByRole('button', { name: '打开侧栏' }).click();
    await people.getByRole('link', { name: /李娜/ }).waitFor();
    await still(page);
    expect(await audit(page)).toEqual([]);
    // the conversation behind it is out of reach meanwhile
    expect(await page.locator('main[inert]').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('打开侧栏');
    await page.getByRole('button', { name: '打开侧栏' }).click();
    await people.getByRole('link', { name: /李娜/ }).click();
    await page.getByText('以 李娜（公关主管）的身份').waitFor();
    await expect.poll(() => people.count()).toBe(0);
    expect(await page.locator('main[inert]').count()).toBe(0);
  });

  test('the input stays in sight under a long conversation, which opens at its end', async () => {
    for (let n = 0; n < 10; n += 1) await office.post('wang', { ...FULL, headline: `第 ${n} 张` });
    const page = await open('wang', { viewport: PHONE });
    await page.getByRole('article', { name: '第 9 张' }).waitFor();
    const seen = await page.evaluate(`({
      input: document.getElementById('say').getBoundingClientRect().bottom <= innerHeight,
      end: document.getElementById('scroll').scrollTop + document.getElementById('scroll').clientHeight
        >= document.getElementById('scroll').scrollHeight - 2,
    })`);
    expect(seen).toEqual({ input: true, end: true });
  });
});

describe('by keyboard and by ear', () => {
  test('Tab goes from the skip button through places and people to the cards and the input, always visibly', async () => {
    await office.post('wang', FULL);
    const page = await open('wang', { viewport: WIDE });
    await page.getByRole('button', { name: '批准' }).waitFor();
    const order: string[] = [];
    for (let n = 0; n < 22; n += 1) {
      await page.keyboard.press('Tab');
      const stop = (await page.evaluate(`(() => {
        const node = document.activeElement;
        const ring = node.id === 'files' ? node.parentElement : node;
        return { name: node.getAttribute('aria-label') ?? (node.textContent.trim() || node.id), ring: getComputedStyle(ring).outlineStyle };
      })()`)) as { name: string; ring: string };
      expect([stop.name, stop.ring]).toEqual([stop.name, 'solid']);
      order.push(stop.name);
      if (stop.name === '发送') break;
    }
    const at = (name: string) => order.findIndex((each) => each.includes(name));
    const stops = [
      '跳到输入框',
      '会签',
      '公关部',
      '王晓文',
      'Sun Lü',
      '查看附件',
      '批准',
      '驳回',
      '写给会签',
      '发送',
    ].map(at);
    expect(stops).not.toContain(-1);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    await page.getByRole('button', { name: '跳到输入框' }).press('Enter');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('写给会签');
  });

  test('what happens is read out politely: a new card by its summary, an answer by its sentence', async () => {
    const page = await open('wang', { viewport: WIDE });
    const line = page.locator('#announce[aria-live="polite"]');
    await office.post('wang', { ...FULL, summary: 'SP-2026-0007 等你审批' });
    await expect.poll(() => line.textContent()).toBe('会签: SP-2026-0007 等你审批');
    office.script(() => ({ kind: 'said', tone: 'good', text: '你批准了 SP-2026-0007。' }));
    await page.getByRole('button', { name: '批准' }).click();
    await expect.poll(() => line.textContent()).toBe('你批准了 SP-2026-0007。');
  });

  test('the state of a step is said in words, not only drawn', async () => {
    await office.post('wang', FULL);
    const page = await open('wang', { viewport: WIDE });
    const steps = page.getByRole('article').getByRole('listitem');
    await expect.poll(() => steps.count()).toBe(5);
    const said = await steps.allTextContents();
    expect(said.map((text) => /已完成|当前|待处理|未通过|已跳过/.exec(text)?.[0])).toEqual([
      '已完成',
      '当前',
      '待处理',
      '未通过',
      '已跳过',
    ]);
    expect(await page.locator('[aria-current="step"]').count()).toBe(1);
  });

  test('whoever asks for less motion gets none', async () => {
    const page = await open('wang', { viewport: PHONE, reducedMotion: 'reduce' });
    const duration = await page.evaluate(`getComputedStyle(document.getElementById('side')).transitionDuration`);
    expect(Number.parseFloat(String(duration))).toBeLessThan(0.001);
  });
});

test('where no browser is installed, the sentence names the mend', () => {
  expect(() => findChromium({ CHROME_PATH: '/nowhere/chrome' })).toThrow('CHROME_PATH is /nowhere/chrome');
});
