// `sconce train`: runs an experiment into a new folder.

import { Command } from 'commander';
import { trainExperiment } from '../run-experiment.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

export function trainCommand(): Command {
  return new Command('train')
    .description('train an experiment written in TypeScript; the run gets a folder of its own')
    .argument('<experiment.ts>', 'a module whose default export is defineExperiment({ … })')
    .option('--set <name=value>', 'change an option of the experiment; may be repeated', collect, [])
    .option('--runs <folder>', 'where the folders of runs are', 'runs')
    .action(async (entry: string, options: { set: string[]; runs: string }) => {
      await trainExperiment(entry, options.set, options.runs);
    });
}
