/** The dump under review says what the migrations come to, and the tables in TypeScript say the same. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { dumpSchema, SCHEMA_FILE } from '../../db/dump.ts';
import { freshDatabase } from '../support/database.ts';

test('db/schema.sql shows the shape that the migrations make', async () => {
  const { url, drop } = await freshDatabase();
  const kept = await readFile(SCHEMA_FILE, 'utf8').catch(() => '');
  expect(await dumpSchema(url), 'run `npm run db:dump` and review the difference').toBe(kept);
  await drop();
});
