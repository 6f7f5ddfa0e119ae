// `sconce capture`: what a captured step of an experiment is made of.

import { Command, InvalidArgumentError } from 'commander';

const collect = (value: string, before: string[]): string[] => [...before, value];

interface CaptureCommandOptions {
  readonly set: string[];
  readonly replays: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

export function captureCommand(): Command {
  return new Command('capture')
    .description("record an experiment's training steps, replay them, and tell what became of them")
    .argument('<experiment>', 'a .yaml or .json file, or a module whose default export is defineExperiment({ … })')
    .option(
      '--set <path=value>',
      'change a value of the configuration, or an option of the program; may be repeated',
      collect,
      [],
    )
    .option('--replays <count>', 'how many replays are timed', count, 50)
    .option('--explain', 'print every operator: what it is given and gives, bytes, time, what the passes did with it')
    .option('--json', 'print [{ name, status, explanation? }], every operator with shapes, strides, places and values')
    .action(async (entry: string, { set, replays, explain = false, json = false }: CaptureCommandOptions) => {
      const { captureExperiment } = await import('../capture/capture-experiment.ts');
      const { describeCapture } = await import('../capture/capture-table.ts');
      const parts = await captureExperiment(entry, set, replays);
      console.log(json ? JSON.stringify(parts, null, 2) : describeCapture(parts, explain));
      if (parts.every(({ explanation }) => !explanation)) process.exitCode = 1;
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce capture experiment.yaml
  sconce capture experiment.yaml --explain
  sconce capture experiment.ts --set batchSize=64 --json

Trains until the steps were replayed, in a folder that goes again. Memory is written as m7[8, 32] (made in the step), p3[32] (there before),
a0[8, 64] (an argument) and g5[32] (a gradient that was there), equal numbers for equal memory. Ends with exit code 1 where nothing can be captured; the reason is printed.`,
    );
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('expected a whole number above 0');
}
