/** `npm run chaos`: one run, its verdict on the screen and in a report; exit code 1 where something does not hold. */
import { chaos } from './chaos.ts';
import { readable, writeReport } from './report.ts';
import { readSetting } from './setting.ts';

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  const setting = readSetting(process.argv.slice(2));
  const began = performance.now();
  const say = (line: string) =>
    console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  say(`seed ${setting.seed}, ${setting.requests} requests, ${setting.processes} processes`);
  const outcome = await chaos(setting, say);
  await writeReport(outcome);
  console.log(`\n${readable(outcome)}\nThe report: ${setting.out}/chaos-${setting.seed}.md`);
  process.exitCode = outcome.holds ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 2;
}
