// Runs the unit tests beside the sources and the suites under test/ against the TypeScript sources.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Unit tests that need a process of their own: they set variables of the environment, count the tensors of the whole process, or play hooks without the end of a fit. */
const APART = [
  'cli',
  'data/sources/image',
  'registry',
  'tensor/profiler',
  'tracking/loggers',
  'trainer/logging',
  'trainer/callbacks/contract',
  'trainer/callbacks/logging',
];
const apart = APART.map((path) => `src/${path}{/**/*,}.test.ts`);

/** Suites that do nothing to their process: they share those of the unit tests. */
const TOGETHER = ['capture', 'parity', 'pictures', 'profiling', 'seeds'].map((name) => `test/${name}/**/*.test.ts`);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^sconce\/(\w+)$/, replacement: source('$1/index.ts') },
      { find: /^sconce$/, replacement: source('index.ts') },
    ],
  },
  test: {
    // Unit tests and such suites share two processes, in which the sources are loaded once: half the time of the suite went into loading them for each file.
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['src/**/*.test.ts', ...TOGETHER],
          exclude: apart,
          isolate: false,
          setupFiles: ['test/settle.ts'],
        },
      },
      { extends: true, test: { name: 'apart', include: ['test/**/*.test.ts', ...apart], exclude: TOGETHER } },
    ],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    // Of vitest ten seconds, which several processes do not start in on a loaded machine.
    hookTimeout: 60_000,
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
