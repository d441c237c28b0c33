// Known weaknesses of the packages that run in production: asks the registry through npm, and fails on what is high or critical.
// Where no registry can be asked (an inner mirror, no network) it says so and passes: the licences and the lockfile's hashes are checked anyhow.
//   node scripts/audit.mjs
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The tests have less time. */
const PATIENCE_MS = Number(process.env.AUDIT_PATIENCE_MS ?? 30_000);
const GRAVE = ['high', 'critical'];

const { said, late } = await ask();
const report = readReport(said);
if (report === undefined) {
  console.log(
    `Known weaknesses: the registry ${late ? 'did not answer in time' : 'could not be asked'}, so nothing is known.`,
  );
} else {
  const grave = Object.values(report).filter(({ severity }) => GRAVE.includes(severity));
  for (const one of grave) console.log(described(one));
  const others = Object.keys(report).length - grave.length;
  console.log(
    grave.length > 0
      ? `Known weaknesses: ${grave.length} high or critical. Take the newer version in package.json, run npm install, and look again.`
      : `Known weaknesses: none that is high or critical${others > 0 ? `, ${others} lesser` : ''}.`,
  );
  process.exitCode = grave.length > 0 ? 1 : 0;
}

function ask() {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=1', `--fetch-timeout=${PATIENCE_MS}`];
  const npm = process.env.npm_execpath;
  const [file, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  return new Promise((done) => {
    // its own group: npm starts others, and all of them go when the time is over
    const child = spawn(file, [...first, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it has just ended by itself
      }
    }, PATIENCE_MS);
    const end = () => {
      clearTimeout(timer);
      done({ said, late });
    };
    child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', end);
    child.once('close', end);
  });
}

/** npm's second report, by package; undefined for an error in its place: https://docs.npmjs.com/cli/commands/npm-audit */
function readReport(text) {
  try {
    const { auditReportVersion, vulnerabilities } = JSON.parse(text);
    return auditReportVersion === 2 ? vulnerabilities : undefined;
  } catch {
    return undefined;
  }
}

function described({ name, severity, range, via, fixAvailable }) {
  const titles = via.filter((one) => typeof one === 'object').map(({ title, url }) => `${title} (${url})`);
  const through = via.filter((one) => typeof one === 'string');
  const why = titles.length > 0 ? titles.join('; ') : `through ${through.join(', ')}`;
  const mend = fixAvailable === false ? 'no mended version yet' : 'a mended version exists';
  return `${severity}: ${name} ${range}: ${why}; ${mend}`;
}
