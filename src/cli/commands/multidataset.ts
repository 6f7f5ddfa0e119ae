// `sconce multidataset`: trains one core with a readout for each of many data sets, by flags as VisionCore's scripts have them.

import { Command, Option } from 'commander';
import { type Flag, frozenCoreFlags, trainFlags } from '../multidataset/flags.ts';
import { readFlags } from '../multidataset/read-flags.ts';

export function multidatasetCommand(): Command {
  return new Command('multidataset')
    .description('train one core with a readout for each of many data sets (docs/multidataset.md)')
    .addCommand(
      scriptCommand('train', trainFlags, 'train a model on many data sets at once').addHelpText(
        'after',
        `
Flags are those of VisionCore's train_ddp_multidataset.py: a shell script needs the program's name changed alone.

Example:
  sconce multidataset train --model_config configs/model.yaml --dataset_configs_path configs/datasets \\
    --max_datasets 20 --batch_size 32 --learning_rate 1e-4 --enable_curriculum`,
      ),
    )
    .addCommand(
      scriptCommand(
        'frozencore',
        frozenCoreFlags,
        "train new readouts on a trained model's core, which stays as it is",
      ),
    );
}

function scriptCommand(name: 'train' | 'frozencore', flags: readonly Flag[], description: string): Command {
  const command = new Command(name).description(description);
  for (const flag of flags) command.addOption(optionOf(flag));
  return command
    .option('--runs <folder>', 'where the folders of runs are', 'runs')
    .action(async ({ runs, ...typed }: { runs: string; [name: string]: string | true }) => {
      const values = readFlags(`multidataset ${name}`, flags, typed);
      const { prepareMultidataset, ranksOf } = await import('../multidataset/program.ts');
      const { launch, readRankEnvironment } = await import('../../distributed/index.ts');
      const numRanks = ranksOf(values, typed.num_gpus !== undefined || typed.gpu_ids !== undefined);
      if (numRanks > 1 && readRankEnvironment() === undefined) {
        const { sconceCommand } = await import('../launch/launched-command.ts');
        const command = sconceCommand(process.argv.slice(2));
        process.exitCode = (await launch({ command, numRanks, output: { isPrimaryPlain: true } })).exitCode;
        return;
      }
      const { trainProgram } = await import('../run-experiment.ts');
      await trainProgram(() => prepareMultidataset(name, values), runs);
    });
}

/** Values are read by `readFlags`, which says all that is wrong at once. */
function optionOf(flag: Flag): Option {
  const notes = [
    flag.choices && `one of ${flag.choices.join(', ')}`,
    flag.default !== undefined && `default ${flag.default}`,
    flag.isRequired && 'required',
  ].filter((note) => typeof note === 'string');
  const help = notes.length > 0 ? `${flag.help} (${notes.join('; ')})` : flag.help;
  return new Option(flag.kind === 'switch' ? `--${flag.name}` : `--${flag.name} <value>`, help);
}
