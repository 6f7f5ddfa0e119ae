// Runs the unit tests beside the sources and the suites under test/ against the TypeScript sources.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^sconce\/(\w+)$/, replacement: source('$1/index.ts') },
      { find: /^sconce$/, replacement: source('index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    // Two workers on two cores: with a thread a core each, libtorch's threads would wait for one another.
    // And no SLURM job is put back into the queue because a test ends a run by a signal.
    env: { OMP_NUM_THREADS: '1', SLURM_JOB_ID: '' },
    // With --coverage alone. What children and worker threads run is not seen.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.fixture.ts', '**/testing/**'],
      reporter: [fileURLToPath(new URL('scripts/coverage-table.cjs', import.meta.url)), 'html', 'json'],
      reportOnFailure: true,
      thresholds: { lines: 90 },
    },
  },
});
