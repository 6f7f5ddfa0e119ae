// `sconce train`: runs an experiment into a new folder.

import { Command } from 'commander';

const collect = (value: string, before: string[]): string[] => [...before, value];

export function trainCommand(): Command {
  return new Command('train')
    .description(
      'train an experiment, from a configuration file or a TypeScript program; the run gets a folder of its own',
    )
    .argument('<experiment>', 'a .yaml or .json file, or a module whose default export is defineExperiment({ … })')
    .option(
      '--set <path=value>',
      'change a value of the configuration, or an option of the program; may be repeated',
      collect,
      [],
    )
    .option(
      '--trace [batches]',
      "trace so many batches behind the first six into trace.json in the run's folder, default 5",
    )
    .option('--runs <folder>', 'where the folders of runs are', 'runs')
    .action(async (entry: string, options: { set: string[]; runs: string; trace?: string | true }) => {
      const { trainExperiment } = await import('../run-experiment.ts');
      await trainExperiment(entry, options.set, options.runs, { traceBatches: batchesOf(options.trace) });
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce train experiment.yaml
  sconce train experiment.yaml --set optimizer.lr=0.01 --set training.max_epochs=20
  sconce train experiment.ts --set epochs=3
  sconce train experiment.yaml --trace

A signal (SIGINT, SIGTERM, SIGUSR1) ends the run at its next step with a checkpoint; sconce resume goes on from it.
Wrong configurations end with exit code 1 and every problem with its line and column, before anything is trained or left behind.`,
    );
}

/** Batches to trace; undefined where none are. */
function batchesOf(trace: string | true | undefined): number | undefined {
  if (trace === undefined || trace === true) return trace && 5;
  const count = Number(trace);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new RangeError(`Cannot trace: expected a number of batches, got "${trace}"; put --trace behind the experiment`);
}
