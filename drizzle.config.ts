/** For `npm run db:generate`: the tables of db/schema become a file of db/migrations. It needs no database. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './db/schema/*.ts', out: './db/migrations' });
