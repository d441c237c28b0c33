/** How the tests run: in a few long-lived processes (importing drizzle anew for each file costs more than its tests). */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    // in CI one plain line closes the run, which whoever reads only the end of it understands
    reporters: process.env.CI ? ['default', './test/support/tally.ts'] : ['default'],
    globalSetup: ['test/support/postgres.ts'],
    // processes, not threads: a test that starts the real program sends signals and reads the death of its parent
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 40_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
