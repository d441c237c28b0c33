/** The Slack app manifest that lies in the repository is the one that the example handbook gives today. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const run = promisify(execFile);
const manifest = (...args: string[]) =>
  run(process.execPath, ['src/manifest.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, PUBLIC_URL: 'https://countersign.example.com', HANDBOOK: 'handbook' },
  });

test('docs/slack-manifest.json has a slash command for each process of the handbook, for meetings, minutes, decisions and crises, and /pr', async () => {
  const { stdout } = await manifest();
  expect(stdout, 'run: PUBLIC_URL=https://countersign.example.com npm run -s manifest > docs/slack-manifest.json').toBe(
    await readFile(join(ROOT, 'docs', 'slack-manifest.json'), 'utf8'),
  );
  const { features } = JSON.parse(stdout) as {
    features: {
      slash_commands: { command: string; url: string }[];
      shortcuts: { type: string; callback_id: string; name: string }[];
    };
  };
  expect(features.slash_commands.map(({ command }) => command).toSorted()).toEqual([
    '/crisis',
    '/decisions',
    '/fact',
    '/meeting',
    '/minutes',
    '/pr',
    '/purchase',
    '/signal',
    '/spend',
    '/statement',
  ]);
  expect(features.shortcuts.filter(({ type }) => type === 'message')).toMatchObject([
    { callback_id: 'add_to_timeline', name: '记入危机时间线' },
  ]);
});

test('for Socket Mode it names no address', async () => {
  const { stdout } = await manifest('--socket');
  expect(stdout).not.toContain('countersign.example.com');
  expect(JSON.parse(stdout)).toMatchObject({ settings: { socket_mode_enabled: true } });
});

test('an unknown option is answered with how to use it', async () => {
  await expect(manifest('--sockets')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npm run manifest'),
  });
});
