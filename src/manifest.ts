/** `npm run manifest`: prints the Slack app manifest for the handbook's commands, to be pasted into Slack. */
import { slackManifest } from '../adapters/slack/manifest.ts';
import { readConfig } from './config.ts';
import { companyLanguage } from './directory/lookup.ts';
import { readHandbook } from './handbook/read.ts';
import { commandsOf } from './introduce.ts';
import { describeFaults } from './words/handbook.ts';

const USAGE = `npm run manifest [-- --socket]

Prints the app manifest that an installer pastes into Slack (api.slack.com/apps → Create New App → From a manifest).
PUBLIC_URL is how Slack reaches this program; with --socket (Socket Mode) it needs none.
`;

const NAME = '会签 Countersign';

async function main(args: string[]): Promise<number> {
  if (args.some((arg) => arg !== '--socket')) return fail(USAGE);
  // what the platforms need is not asked for: the manifest comes before there are any tokens
  const settings = readConfig(['HANDBOOK', 'PUBLIC_URL']);
  if ('faults' in settings) return fail(`${settings.faults.join('\n')}\n`);
  const reading = await readHandbook(settings.ok.handbook);
  if ('faults' in reading) return fail(describeFaults(reading.faults, reading.language));
  const { company, processes, crisis } = reading.ok;
  const pinned = processes.map((process) => ({ version: 1, process }));
  const language = companyLanguage(company);
  const { slack } = commandsOf({ processes: pinned }, language);
  const manifest = slackManifest({
    name: NAME,
    url: settings.ok.publicUrl,
    commands: slack,
    socketMode: args.includes('--socket'),
    ...(crisis && { timeline: language }),
  });
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
  return 0;
}

function fail(text: string): number {
  process.stderr.write(text);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
