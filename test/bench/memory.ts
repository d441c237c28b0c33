/** What a process of this machine holds in memory, in MB: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
import { readFile } from 'node:fs/promises';

export async function memoryOf(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error(`process ${pid} holds no memory: it is gone`);
  return Number(kilobytes) / 1024;
}

/** The most that it held while this was going on, looked at forty times a second. */
export async function mostDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  let most = await memoryOf(pid);
  let over = false;
  const watching = (async () => {
    while (!over) {
      most = Math.max(most, await memoryOf(pid));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  try {
    await work();
  } finally {
    over = true;
    await watching;
  }
  return most;
}
