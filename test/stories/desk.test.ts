/** The desk with the whole product behind it, in a real browser: the first half hour of a press officer and her supervisor. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';

let house: House;
let browser: Browser;
let context: BrowserContext;
/** what the browser complained about: scripts that failed, requests to elsewhere, full page loads after the first */
const complaints: string[] = [];
let folder: string;

beforeAll(async () => {
  [house, browser, folder] = await Promise.all([
    openHouse({ slack: false, feishu: false, desk: true }),
    openBrowser(),
    mkdtemp(join(tmpdir(), 'desk-story-')),
  ]);
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  context.setDefaultTimeout(10_000);
});
afterEach(async () => {
  await Promise.all(context.pages().map((page) => page.close()));
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(as: string, place = 'bot', within = context): Promise<Page> {
  const page = await within.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  await page.goto(`${house.url}/#as=${as}&in=${place}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  page.on('request', (sent) => {
    if (!sent.url().startsWith(house.url)) complaints.push(`asked elsewhere: ${sent.url()}`);
    if (sent.isNavigationRequest()) complaints.push(`loaded again: ${sent.url()}`);
  });
  return page;
}

async function type(page: Page, line: string): Promise<void> {
  await page.getByRole('combobox').focus();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}
/** the live card of a request; its notices have the same headline but no path */
const cardOf = (page: Page, number: string) =>
  page
    .getByRole('article', { name: `${number} ` })
    .filter({ has: page.getByRole('heading', { name: '审批路径' }) })
    .last();
const told = (page: Page, text: string) => page.locator('.whisper').filter({ hasText: text });
const button = (page: Page, number: string, name: string) =>
  cardOf(page, number).getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const says = (page: Page, number: string, ...words: string[]) =>
  Promise.all(words.map((word) => cardOf(page, number).getByText(word).first().waitFor()));

/** Submitted by 王晓文 from a tab of hers; gives the number. */
async function ask(page: Page, line: string): Promise<string> {
  await type(page, line);
  const said = await page
    .locator('.whisper')
    .filter({ hasText: /已提交/ })
    .last()
    .innerText();
  await page.locator('.whisper').getByRole('button', { name: '收起' }).last().click();
  return /SP-\d{4}-\d{4}/.exec(said)?.[0] ?? said;
}

test('typed in one line, decided in another tab, and every open card settles without a reload', async () => {
  const [wang, li, zhao, channel] = await Promise.all([
    open('wang'),
    open('li'),
    open('zhao'),
    open('qian', 'channel:pr'),
  ]);
  const number = await ask(wang, '/spend 6.2万 春季促销物料');
  for (const page of [wang, li, channel]) {
    await says(page, number, '王晓文', '¥62,000.00', '人民币陆万贰仟元整', '春季促销物料', '等待 李娜 审批');
    await says(page, number, '主管审批：李娜', '总监审批：赵敏', '最近的总监', '金额不低于 ¥50,000.00');
  }
  expect(await button(wang, number, '批准').count()).toBe(0);

  await button(li, number, '批准').press('Enter');
  await told(li, `已批准 ${number}，接下来等待 赵敏。`).waitFor();
  for (const page of [wang, li, zhao, channel]) await says(page, number, '等待 赵敏 审批');
  expect(await button(li, number, '批准').count()).toBe(0);

  // a second change of the same card, in the same tabs
  await button(zhao, number, '批准').click();
  for (const page of [wang, li, zhao, channel]) await says(page, number, '已批准', '赵敏 已于');
  await wang.getByText(`${number} 春季促销物料 已获批准。`, { exact: true }).waitFor();
  expect(await house.types(number)).toEqual([
    'request-submitted wang',
    'step-opened wang',
    'step-approved li',
    'step-opened li',
    'step-approved zhao',
    'request-approved zhao',
  ]);
});

test('in one tab: whoever is chosen on the left sees their own side of it', async () => {
  const page = await open('wang');
  const number = await ask(page, '/spend 3.2万 海报');
  await says(page, number, '人民币叁万贰仟元整');
  const her = page.getByRole('link', { name: /李娜/ });
  await her.getByRole('img', { name: '有新消息' }).waitFor();
  await her.click();
  await button(page, number, '批准').click();
  await told(page, `已批准 ${number}，审批完成。`).waitFor();
  await page.getByRole('link', { name: /王晓文/ }).click();
  await says(page, number, '已批准', '李娜 已于');
});

test('without arguments a form shows who will sign and why, follows the amount, and marks what is wrong at its field', async () => {
  const page = await open('wang');
  await type(page, '/spend');
  const form = dialog(page);
  await form.getByText('低于 ¥50,000.00：李娜').waitFor();
  await form.getByText('¥50,000.00 起：李娜 → 赵敏').waitFor();
  await form.getByText('赵敏：申请人汇报线上最近的总监').waitFor();

  const amount = form.getByLabel('金额');
  await amount.pressSequentially('49999.99');
  await form.getByRole('heading', { name: '¥49,999.99 由谁审批' }).waitFor();
  expect(await form.getByText('总监审批').count()).toBe(0);
  await amount.fill('');
  await amount.pressSequentially('5万');
  await form.getByRole('heading', { name: '¥50,000.00 由谁审批' }).waitFor();
  await form.getByText('总监审批：赵敏').waitFor();
  expect(await amount.inputValue()).toBe('5万');

  await amount.fill('1.000,00');
  await page.keyboard.press('Enter');
  await form.getByRole('textbox', { name: '金额', description: /¥1,000.00 或 ¥1.00/ }).waitFor();
  await form.getByRole('textbox', { name: '事由', description: /请填写/ }).waitFor();
  expect(await amount.inputValue()).toBe('1.000,00');
  await amount.fill('叁万贰仟元整');
  await form.getByLabel('事由').fill('媒体答谢');
  await form.getByRole('button', { name: '提交' }).click();
  await told(page, '已提交，金额 ¥32,000.00，等待 李娜 审批').waitFor();
  await page.getByRole('article', { name: '费用申请' }).getByText('媒体答谢').waitFor();
});

test('a line with a wrong amount opens the form with the fault where it is', async () => {
  const page = await open('wang');
  await type(page, '/spend -5 海报');
  await dialog(page)
    .getByRole('textbox', { name: '金额', description: /不能是负数/ })
    .waitFor();
  expect(await dialog(page).getByLabel('金额').inputValue()).toBe('-5');
  await page.keyboard.press('Escape');
});

test('rejecting asks for a reason, and the requester reads it', async () => {
  const [wang, li] = [await open('wang'), await open('li')];
  const number = await ask(wang, '/spend 800 花篮');
  await button(li, number, '驳回').click();
  const form = dialog(li).filter({ hasText: `${number} 花篮` });
  await form.getByRole('button', { name: '驳回' }).click();
  await form.getByText('请填写').waitFor();
  await form.getByLabel('原因').fill('本季预算已用完');
  await form.getByRole('button', { name: '驳回' }).click();
  await told(li, `已驳回 ${number}`).waitFor();
  await says(wang, number, '已驳回', '原因：本季预算已用完');
  await wang.getByText(`${number} 花篮 被 李娜 驳回。`, { exact: true }).waitFor();
});

test('returned, changed and sent again: the reason stands above the fields, and the new content is decided anew', async () => {
  const [wang, li] = [await open('wang'), await open('li')];
  const number = await ask(wang, '/spend 6万 发布会');
  await button(li, number, '退回修改').click();
  await dialog(li).getByLabel('原因').fill('请拆成两张');
  await dialog(li).getByRole('button', { name: '退回修改' }).click();
  await says(wang, number, '已退回修改', '原因：请拆成两张');
  await button(wang, number, '修改后重新提交').click();
  const form = dialog(wang).filter({ has: wang.getByRole('heading', { name: `修改 ${number}` }) });
  await form.getByText('李娜 退回：请拆成两张').waitFor();
  expect(await form.getByLabel('金额').inputValue()).toBe('60000.00');
  expect(await form.getByLabel('事由').inputValue()).toBe('发布会');
  await form.getByLabel('金额').fill('3万');
  await form.getByText('¥30,000.00 由谁审批').waitFor();
  await form.getByRole('button', { name: '提交' }).click();
  for (const page of [wang, li]) await says(page, number, '¥30,000.00', '等待 李娜 审批');
  expect(await cardOf(wang, number).getByText('总监审批').count()).toBe(0);
  await button(li, number, '批准').click();
  await says(wang, number, '已批准');
});

test('/pr list names what waits for me, and its button brings the card to the end of my chat', async () => {
  const [wang, li] = [await open('wang'), await open('li')];
  const number = await ask(wang, '/spend 1200 礼品');
  await type(li, '/pr list');
  const list = li.locator('.whisper article');
  await list.getByText(`${number} 礼品｜¥1,200.00｜王晓文`).waitFor();
  await list.getByRole('button', { name: `查看 ${number}` }).click();
  await told(li, `${number} 的最新卡片已私信发给你`).waitFor();
  await li.getByRole('article', { name: `${number} 的这张卡片已停用` }).waitFor();
  await button(li, number, '批准').click();
  await says(wang, number, '已批准');
  const home = await open('wang', 'home');
  await home.getByRole('article', { name: '我的待办' }).getByText(`${number} 礼品｜¥1,200.00｜已批准`).waitFor();
});

test('a file sent with the number is kept, renamed, listed, and comes back whole by its link', async () => {
  const [wang, li] = [await open('wang'), await open('li')];
  const number = await ask(wang, '/spend 9000 印刷');
  const path = join(folder, '报价.pdf');
  const bytes = `%PDF-1.7\n${'三家比价 '.repeat(2000)}`;
  await writeFile(path, bytes);
  await wang.getByLabel('添加文件').setInputFiles(path);
  await wang.getByRole('button', { name: '移除 报价.pdf' }).waitFor();
  await type(wang, number);
  await told(wang, `收到文件，正在存入 ${number}`).waitFor();
  await says(li, number, '附件：');
  const kept = () => house.sql`select 1 from attachment where subject = ${number} and state = 'kept'`;
  await waitFor(async () => (await kept()).length === 1, 'the file to be kept');
  await button(li, number, '附件').click();
  const offered = li.locator('.whisper article').getByRole('link');
  await offered.waitFor();
  const answer = await fetch((await offered.getAttribute('href')) ?? '');
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(bytes);
  const name = decodeURIComponent(answer.headers.get('content-disposition') ?? '');
  expect(name).toContain('印刷-20261123-01V1.pdf');
});

test('on a phone the whole day works: drawer, form as a sheet, big buttons, nothing wider than the screen', async () => {
  const phone = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  });
  phone.setDefaultTimeout(10_000);
  const page = await open('wang', 'bot', phone);
  await page.getByRole('combobox').fill('/spend 2万 直播间布置与灯光设备租赁（含往返运输与现场搭建人员费用）');
  await page.getByRole('button', { name: '发送' }).tap();
  const number =
    /SP-\d{4}-\d{4}/.exec(await page.locator('.whisper').filter({ hasText: '已提交' }).innerText())?.[0] ?? '';
  await page.getByRole('button', { name: '打开侧栏' }).tap();
  await page.getByRole('link', { name: /李娜/ }).tap();
  const approve = button(page, number, '批准');
  await approve.waitFor();
  expect((await approve.boundingBox())?.height).toBeGreaterThanOrEqual(40);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  await button(page, number, '驳回').tap();
  await dialog(page).getByLabel('原因').fill('改用自有设备');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  await dialog(page).getByRole('button', { name: '驳回' }).tap();
  await says(page, number, '已驳回');
  await phone.close();
});

test('the desk is for this machine alone: another name or a proxy gets nothing, and platform routes are not there', async () => {
  const { port } = new URL(house.url);
  const knock = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path: '/', headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject).end();
    });
  expect(await knock({ host: `localhost:${port}` })).toBe(200);
  expect(await knock({ host: 'desk.evil.example' })).toBe(403);
  expect(await knock({ host: `localhost:${port}`, 'x-forwarded-for': '203.0.113.9' })).toBe(403);
  for (const path of ['/slack/events', '/feishu/events'])
    expect((await fetch(house.url + path, { method: 'POST', body: '{}' })).status).toBe(404);
});
