// `sconce sweep`: runs an experiment with many combinations of parameters, and compares them.

import { constants } from 'node:os';
import { relative } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { GridSearchResult } from '../../experiments/grid-search-result.ts';

interface Flags {
  readonly parallel?: number;
  readonly threads?: number;
  readonly folder?: string;
  readonly stopOnFailure?: boolean;
  readonly retryFailed?: boolean;
  readonly dryRun?: boolean;
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected an integer above 0.');
}

export function sweepCommand(): Command {
  return new Command('sweep')
    .description('run an experiment with every combination of a grid; called again, it goes on with what is unfinished')
    .argument('<sweep.yaml>', 'the experiment, its grid of parameters, and the metric to compare by')
    .option('--parallel <n>', 'runs at the same time; the cores are divided among them', count)
    .option('--threads <n>', 'threads of each run', count)
    .option('--folder <folder>', 'where its runs lie (default: sweeps/<name>)')
    .option('--stop-on-failure', 'stop the others when a run fails')
    .option('--retry-failed', 'begin runs again that failed before')
    .option('--dry-run', 'show what would be run, and run nothing')
    .action(sweep);
}

async function sweep(file: string, { parallel, dryRun, ...flags }: Flags): Promise<void> {
  const { readSweep } = await import('../../experiments/sweep-file.ts');
  const { search, options } = await readSweep(file);
  for (const conflict of search.keyConflicts()) console.error(`warning: ${conflict}`);
  if (dryRun) {
    for (const { name, parameters } of search.generateExperiments())
      console.log(`${name}  ${JSON.stringify(parameters)}`);
    return;
  }
  const { ProgressTable } = await import('../../experiments/progress-table.ts');
  const { runGridSearch } = await import('../../experiments/run-grid-search.ts');
  const table = new ProgressTable(process.stderr, options.metric);
  const result = await runGridSearch(search, {
    ...options,
    ...flags,
    ...(parallel === undefined ? {} : { maxParallel: parallel }),
    onProgress: (runs) => table.update(runs),
  });
  console.log(result.table());
  const { best } = result;
  const folder = relative(process.cwd(), result.folder) || '.';
  if (best !== undefined) console.error(`Best: ${best.name}`);
  else if (result.count('finished') > 0) console.error(`warning: metric: ${describeMissing(result)}`);
  console.error(`${result.count('finished')} of ${result.runs.length} finished. Results: ${folder}`);
  if (result.interruptedBy !== undefined) {
    process.exitCode = 128 + constants.signals[result.interruptedBy];
    console.error(`Go on with: npx sconce sweep ${file}`);
  } else if (result.count('finished') < result.runs.length) process.exitCode = 1;
}

/** What the runs have measured, where the metric that they are compared by is not among it. */
function describeMissing({ runs, metric }: GridSearchResult): string {
  const names = new Set(runs.flatMap(({ final }) => Object.keys(final)).filter((name) => !name.startsWith('profile/')));
  return `expected one of ${[...names].join(', ')}, got "${metric}": the runs cannot be compared`;
}
