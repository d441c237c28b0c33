/** A migrated, empty database for one test or one file of tests: a copy of the run's template. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface FreshDatabase {
  url: string;
  /** whoever is still connected is cut off */
  drop(): Promise<void>;
}

let admin: postgres.Sql | undefined;

export async function freshDatabase(): Promise<FreshDatabase> {
  const { server, template } = inject('postgres');
  admin ??= postgres(server, { max: 2, idle_timeout: 5, onnotice: () => {} });
  const sql = admin;
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await sql`create database ${sql(name)} template ${sql(template)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = async () => {
    await sql`drop database if exists ${sql(name)} with (force)`;
  };
  return { url: url.href, drop };
}
