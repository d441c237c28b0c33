/** A real Chromium for the tests of the desk: found in the usual places, and a clear sentence where there is none. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
const PLACES = [
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @throws when no browser is installed, naming the mend */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.CHROME_PATH;
  if (named) {
    if (isRunnable(named)) return named;
    throw new Error(`CHROME_PATH is ${named}, which is not a program that can be run`);
  }
  const onPath = (environment.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...onPath, ...PLACES].find(isRunnable);
  if (found) return found;
  throw new Error(
    'No Chromium or Chrome was found, and the desk is tested in a real one. Install it (Debian: apt-get install -y chromium ' +
      'fonts-noto-cjk) or set CHROME_PATH to its program.',
  );
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Headless, with an empty profile of its own. Close it when done. A bare environment would hide files with Chinese names from it. */
export function openBrowser(): Promise<Browser> {
  const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  return chromium.launch({ executablePath: findChromium(), headless: true, args: FLAGS, env });
}
