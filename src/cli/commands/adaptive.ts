// `sconce adaptive`: trains a workflow of adaptiveneuralnetwork, by flags as its train.py has them.

import { Command, Option } from 'commander';
import { workflowFlags } from '../adaptive/flags.ts';
import { readFlags } from '../multidataset/read-flags.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

export function adaptiveCommand(): Command {
  return new Command('adaptive')
    .description('train the adaptive network and others by a workflow file (docs/adaptive-training.md)')
    .addCommand(trainCommand());
}

function trainCommand(): Command {
  const command = new Command('train').description(
    'train a workflow: data, model, optimizer, training and evaluation in one file',
  );
  for (const { name, short, alias, kind, help } of workflowFlags) {
    const value = kind === 'switch' ? '' : ' <value>';
    command.addOption(new Option(`${short === undefined ? '' : `-${short}, `}--${name}${value}`, help));
    if (alias !== undefined) command.addOption(new Option(`--${alias}${value}`, `the same as --${name}`));
  }
  return command
    .option('--set <path=value>', 'change a value of the workflow; may be repeated', collect, [])
    .option('--runs <folder>', 'where the folders of runs are', 'runs')
    .action(async ({ set, runs, ...typed }: { set: string[]; runs: string; [name: string]: unknown }) => {
      const given = workflowFlags.map(({ name, alias }) => [
        name,
        typed[camel(name)] ?? (alias && typed[camel(alias)]),
      ]);
      const values = readFlags(
        'adaptive train',
        workflowFlags,
        Object.fromEntries(given) as Record<string, string | true>,
      );
      if (values['list-datasets']) {
        const { DATA_ENTRIES } = await import('../../adaptive/workflow/data-kinds.ts');
        for (const [name, { about }] of Object.entries(DATA_ENTRIES)) console.log(`${name.padEnd(14)} ${about}`);
        return;
      }
      const { prepareWorkflow } = await import('../adaptive/program.ts');
      const { trainProgram } = await import('../run-experiment.ts');
      await trainProgram((folder) => prepareWorkflow(values, set, folder), runs);
    })
    .addHelpText(
      'after',
      `
Flags are those of adaptiveneuralnetwork's train.py, and come before what the file says.

Examples:
  sconce adaptive train --config workflow.yaml --epochs 20 --device cpu
  sconce adaptive train --dataset fashion_mnist --batch-size 128
  sconce adaptive train --list-datasets`,
    );
}

const camel = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
