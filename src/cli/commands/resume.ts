// `sconce resume`: goes on with a run where it stopped.

import { Command } from 'commander';
import { resumeExperiment } from '../run-experiment.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

export function resumeCommand(): Command {
  return new Command('resume')
    .description('go on with an interrupted run from its newest checkpoint')
    .argument('<run>', "the run's folder")
    .option('--drop <part>', 'leave a part of the checkpoint out, as in callbacks.ema; may be repeated', collect, [])
    .option('--fresh <part>', 'start a part anew that the checkpoint does not have; may be repeated', collect, [])
    .action(async (run: string, options: { drop: string[]; fresh: string[] }) => {
      await resumeExperiment(run, options);
    });
}
