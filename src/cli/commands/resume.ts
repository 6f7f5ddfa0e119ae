// `sconce resume`: goes on with a run where it stopped.

import { Command } from 'commander';

const collect = (value: string, before: string[]): string[] => [...before, value];

export function resumeCommand(): Command {
  return new Command('resume')
    .description('go on with a run from its newest checkpoint that verifies, with the program that it was started with')
    .argument('[run]', "the run's folder (default: the newest run that has not finished)")
    .option('--runs <folder>', 'where the folders of runs are, for the default', 'runs')
    .option('--drop <part>', 'leave a part of the checkpoint out, as in callbacks.ema; may be repeated', collect, [])
    .option('--fresh <part>', 'start a part anew that the checkpoint does not have; may be repeated', collect, [])
    .action(async (given: string | undefined, options: { drop: string[]; fresh: string[]; runs: string }) => {
      const { drop, fresh, runs } = options;
      const { newestUnfinished } = await import('../newest-run.ts');
      const { fromPrimary } = await import('../ranks/from-primary.ts');
      const { resumeExperiment } = await import('../run-experiment.ts');
      const folder = given ?? (await fromPrimary(() => newestUnfinished(runs)));
      if (folder !== undefined) await resumeExperiment(folder, { drop, fresh });
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce resume
  sconce resume runs/digits-20261122-101500
  sconce resume runs/digits-20261122-101500 --fresh callbacks.ema

A run that has finished stays as it is. One that a process is working on is refused.
Where the configuration file has changed since, the differences are shown; the run goes on as it was.`,
    );
}
