/** The real program as a process of its own, to be killed, signalled and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE_MS = 60_000;
/** Compiled once for all that are started: https://nodejs.org/api/module.html#module-compile-cache */
export const COMPILED = join(ROOT, 'node_modules', '.cache', 'compiled');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

export class Program {
  readonly url: string;
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #out = '';
  #err = '';

  constructor(environment: Record<string, string>) {
    this.url = `http://127.0.0.1:${environment.PORT}`;
    // with a clock that the story moves, see ./clocked.ts
    const entry = environment.CLOCK_FILE ? join(import.meta.dirname, 'clocked.ts') : join(ROOT, 'src', 'main.ts');
    this.#child = spawn(process.execPath, [entry], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        HOST: '127.0.0.1',
        NODE_COMPILE_CACHE: COMPILED,
        ...environment,
      },
      stdio: [environment.CLOCK_FILE ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
    });
    this.ended = once(this.#child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      out: this.#out,
      err: this.#err,
    }));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the program was never started');
    return this.#child.pid;
  }

  /** what it has printed so far, the log too */
  get printed(): string {
    return this.#out + this.#err;
  }

  /** Resolves when it says that it can serve. */
  async serves(): Promise<this> {
    await this.until(async () => (await this.health()) === 200, 'the program to serve');
    return this;
  }

  async health(): Promise<number | undefined> {
    return fetch(`${this.url}/healthz`).then(
      (answer) => answer.status,
      () => undefined,
    );
  }

  async until(look: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const late = Date.now() + PATIENCE_MS;
    while (!(await look())) {
      if (Date.now() > late || this.#child.exitCode !== null)
        throw new Error(`no ${what}; it printed:\n${this.printed}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** As the machine's power would: nothing can be said or finished. */
  async kill(): Promise<Ended> {
    this.#child.kill('SIGKILL');
    return this.ended;
  }

  signal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }
}

/** A port that is free, below those that the system gives to whoever connects: nobody takes it before the program listens on it. */
export async function freePort(): Promise<string> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return String(port);
  }
}
