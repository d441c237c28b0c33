/**
 * As whom the embedded Postgres runs. It refuses to run as root, and it must never outlive us: each account is a way to
 * start a program that is not root and that hears a signal when we die, even by kill -9.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

export interface Account {
  /** words put before the program: they change who it is and replace themselves with it, so the pid stays ours */
  prefix: string[];
  /** for `spawn`, where no prefix can do it */
  ids: { uid?: number; gid?: number };
  /** who owns its files, seen from outside */
  owner: number;
  /** the kernel tells it when we die; otherwise a watcher does */
  diesWithUs: boolean;
}

const NOBODY = 65534;
/** The server gets no environment of ours: there are tokens in it. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/**
 * The first account under which `program` runs and can write in `folder`, which is handed to that account if need be.
 * @throws Error with the mend, if there is none
 */
export async function chooseAccount(program: string, folder: string): Promise<Account> {
  const me = process.getuid?.() ?? 0;
  const { uid: owner } = await lstat(folder);
  if (me !== 0 && owner !== me) {
    throw new Error(
      `${folder} belongs to the user with the id ${owner}. Start as that user, or choose another DATA_DIR.`,
    );
  }
  for (const account of me === 0 ? accountsOfRoot(owner) : accountsOfPerson(me)) {
    await giveTo(folder, account.owner);
    if (await canWork(account, program, folder)) return account;
  }
  throw new Error(
    `The embedded Postgres cannot run here: no account can start ${program} and write in ${folder}. ` +
      'Choose another DATA_DIR, start as a plain user, or set DATABASE_URL to a Postgres server.',
  );
}

/** A user namespace in which we look like nobody and still reach our own files. */
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
const DIE_WITH_US = ['setpriv', '--pdeathsig', 'INT'];

/** `initdb` asks for its user's name, and in a container a plain user may have none: nobody has one. */
function accountsOfPerson(me: number): Account[] {
  const plain: Account[] = [
    { prefix: DIE_WITH_US, ids: {}, owner: me, diesWithUs: true },
    { prefix: [], ids: {}, owner: me, diesWithUs: false },
  ];
  return hasName()
    ? plain
    : [{ prefix: [...NAMESPACE, ...DIE_WITH_US], ids: {}, owner: me, diesWithUs: true }, ...plain];
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/**
 * Containers often refuse the namespace; then it is nobody in earnest, with the right to reach its folder under a
 * closed home. The death signal is asked for last: a change of user forgets it
 * (https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html).
 */
function accountsOfRoot(owner: number): Account[] {
  const id = owner === 0 ? NOBODY : owner;
  const reach = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const become = ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups', ...reach, '--pdeathsig', 'INT'];
  const nobody: Account[] = [
    { prefix: become, ids: {}, owner: id, diesWithUs: true },
    { prefix: [], ids: { uid: id, gid: id }, owner: id, diesWithUs: false },
  ];
  if (owner !== 0) return nobody;
  return [{ prefix: [...NAMESPACE, ...DIE_WITH_US], ids: {}, owner: 0, diesWithUs: true }, ...nobody];
}

export interface Started {
  child: ChildProcess;
  /** its exit code; none when a signal ended it or it could not be started */
  exit: Promise<number | undefined>;
}

/** Detached, so that Ctrl-C in a terminal reaches us first and we can finish before our database does. */
export function startAs(account: Account, command: string[], stdio: StdioOptions): Started {
  const [program = '', ...args] = [...account.prefix, ...command];
  const child = spawn(program, args, { stdio, ...account.ids, cwd: '/', env: ENVIRONMENT, detached: true });
  const exit = new Promise<number | undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', (code) => resolve(code ?? undefined));
  });
  return { child, exit };
}

async function canWork(account: Account, program: string, folder: string): Promise<boolean> {
  const script = '"$1" --version && test -w "$2"';
  const probe = startAs(account, ['sh', '-c', script, 'sh', program, folder], 'ignore');
  return (await probe.exit) === 0;
}

async function giveTo(path: string, owner: number): Promise<void> {
  const found = await lstat(path);
  if (found.uid === owner) return;
  if (found.isDirectory()) {
    for (const name of await readdir(path)) await giveTo(join(path, name), owner);
  }
  // the folder itself comes last: an interrupted change is taken up again from the start
  if (!found.isSymbolicLink()) await chown(path, owner, owner);
}
