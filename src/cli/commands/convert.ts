// `sconce convert`: turns a file of weights or a checkpoint into another format.

import { Command, InvalidArgumentError, Option } from 'commander';
import { sharedTensorsChoices } from '../../serial/shared-tensors.ts';
import type { ConvertOptions } from '../convert/convert.ts';
import { targets } from '../convert/targets.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

const units: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

/** `5GB`, `200MiB`, `1000000`. */
export function parseSize(text: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMG]i?B)?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(count) * units[unit.toUpperCase()]!);
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError('Expected a size above 0, as in 5GB, 200MB or 1GiB.');
}

export function convertCommand(): Command {
  return new Command('convert')
    .description(
      'convert weights and checkpoints: PyTorch (.pt, .pth, .bin), Lightning and Sconce (.ckpt), safetensors',
    )
    .argument('<in>', 'a file, or a folder of safetensors')
    .argument(
      '<out>',
      'a file whose ending says the format (.ckpt is Lightning), or a folder for safetensors in shards',
    )
    .addOption(new Option('--to <format>', 'the format of the output, whatever its ending').choices([...targets]))
    .option('--weights', 'the weights alone; safetensors never hold more')
    .option('--key <path>', 'where the weights are in the input, as in ema.model')
    .option('--only <pattern>', 'only weights with such names, * for anything; may be repeated', collect, [])
    .option('--strip <prefix>', 'take this from the front of names, as in model.')
    .option('--prefix <prefix>', 'put this in front of names')
    .option('--dtype <dtype>', 'the dtype of floating weights, as in bfloat16')
    .option('--max-shard-size <size>', 'most bytes in one file of a folder (default: 5GB)', parseSize)
    .addOption(
      new Option('--shared <how>', 'tensors that share memory in safetensors')
        .choices([...sharedTensorsChoices])
        .default('once'),
    )
    .option('--force', 'replace an output that is there')
    .action(async (from: string, to: string, flags: ConvertOptions & { maxShardSize?: number }) => {
      const { convert } = await import('../convert/convert.ts');
      const { maxShardSize, ...options } = flags;
      for (const line of await convert(from, to, { ...options, maxShardBytes: maxShardSize })) console.log(line);
    });
}
