// `sconce evaluate`: measures a checkpoint by the validation of its run's program.

import { Command } from 'commander';
import { encodeValues } from '../../tracking/run-format.ts';

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      "run the validation of a run's own program, and the tests of a configuration's, on one of its checkpoints",
    )
    .argument('<run>', "a run's folder, or one of its checkpoints")
    .option('--checkpoint <which>', 'best, latest, or a file (default: best, or latest where none is best)')
    .option('--json', 'print { run, checkpoint, values: { name: number } }')
    .action(async (target: string, options: { checkpoint?: string; json?: boolean }) => {
      const { evaluateRun } = await import('../evaluate-run.ts');
      const { isPrimaryRank } = await import('../ranks/from-primary.ts');
      const { run, checkpoint, values } = await evaluateRun(target, options.checkpoint);
      if (!isPrimaryRank()) return;
      if (options.json) {
        console.log(JSON.stringify({ run, checkpoint, values: encodeValues(values) }, null, 2));
        return;
      }
      const width = Math.max(...Object.keys(values).map((name) => name.length));
      console.log(checkpoint);
      for (const [name, value] of Object.entries(values)) console.log(`${name.padEnd(width)}  ${value}`);
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce evaluate runs/digits-20261122-101500
  sconce evaluate runs/digits-20261122-101500 --checkpoint latest --json
  sconce evaluate runs/digits-20261122-101500/checkpoints/epoch_003_step_000120.ckpt

A TypeScript experiment runs up to its first fit(), which validates in place of training and ends the program.
Nothing in the run's folder changes. Ends with exit code 1 where there is nothing to measure.`,
    );
}
