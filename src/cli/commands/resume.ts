// `sconce resume`: goes on with a run where it stopped.

import { Command } from 'commander';
import { resumeExperiment } from '../run-experiment.ts';

export function resumeCommand(): Command {
  return new Command('resume')
    .description('go on with an interrupted run from its newest checkpoint')
    .argument('<run>', "the run's folder")
    .action(resumeExperiment);
}
