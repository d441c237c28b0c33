/** Tabs of the desk in a real browser, and the fresh office behind them: what the page's tests share. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Button, Card } from '../../../src/core/card.ts';
import { openBrowser } from '../../support/browser.ts';
import { type Office, openOffice } from './office.ts';

/** One browser for the file; an office of its own, and no tabs, for each test. */
export function useTabs() {
  let browser: Browser;
  let context: BrowserContext;
  const tabs = {
    office: undefined as unknown as Office,
    /** what the browser complained about: scripts that failed, things the page's own policy refused */
    complaints: [] as string[],
    async open(as: string, place = 'bot'): Promise<Page> {
      const page = await context.newPage();
      page.on('pageerror', (error) => tabs.complaints.push(String(error)));
      page.on('request', (request) => {
        if (!request.url().startsWith(tabs.office.url)) tabs.complaints.push(`asked elsewhere: ${request.url()}`);
      });
      page.on('console', (line) => line.type() === 'error' && tabs.complaints.push(line.text()));
      await page.goto(`${tabs.office.url}/#as=${as}&in=${place}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return page;
    },
  };
  beforeAll(async () => {
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
    context.setDefaultTimeout(8_000);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    tabs.office = await openOffice({ uploads: mkdtempSync(join(tmpdir(), 'desk-')) });
    tabs.complaints = [];
  });
  afterEach(async () => {
    await Promise.all(context.pages().map((page) => page.close()));
    await tabs.office.close();
  });
  return tabs;
}

export const writing = (page: Page) => page.getByRole('combobox');
export const card = (page: Page, name: string) => page.getByRole('article', { name });
export const whisper = (page: Page, text: string) => page.locator('.whisper').filter({ hasText: text });
export const focused = (page: Page) => page.locator(':focus').innerText();
export const hasFocus = (control: Locator) => control.and(control.page().locator(':focus')).isVisible();

export function plain(headline: string, buttons: Button[] = []): Card {
  return {
    headline,
    tone: 'open',
    summary: headline,
    blocks: buttons.length > 0 ? [{ kind: 'buttons', buttons }] : [],
  };
}
