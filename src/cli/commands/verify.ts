// `sconce verify`: says whether files of weights, checkpoints and runs are intact, and which numbers in them are not finite.

import { Command } from 'commander';
import { formatBytes } from '../../tensor/format-bytes.ts';
import type { FileReport } from '../verify/verify.ts';

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'check every CRC, header and tensor of weights, a checkpoint or a run; ends with exit code 1 where something is damaged',
    )
    .argument(
      '<path>',
      'a file (.pt, .pth, .bin, .ckpt, .safetensors, an index), a folder of them, or the folder of a run',
    )
    .option('--finite', 'take weights that are not finite for damage too')
    .option('--json', 'print { isIntact, isFinite, files: [{ path, format, problem?, … }] }')
    .action(async (path: string, options: { finite?: boolean; json?: boolean }) => {
      const { verify } = await import('../verify/verify.ts');
      const files = await verify(path);
      const isIntact = files.every(({ problem }) => problem === undefined);
      const isAllFinite = files.every(({ nonFinite }) => nonFinite.length === 0);
      console.log(options.json ? JSON.stringify({ isIntact, isFinite: isAllFinite, files }, null, 2) : page(files));
      if (!isIntact || (options.finite && !isAllFinite)) process.exitCode = 1;
    });
}

const MAX_LISTED = 10;

function page(files: readonly FileReport[]): string {
  const lines = files.flatMap(({ path, format, problem, numTensors, tensorBytes, nonFinite, notes }) => {
    if (problem !== undefined) return [`DAMAGED  ${path}`, `         ${problem}`];
    const size = numTensors > 0 ? `, ${numTensors} tensors, ${formatBytes(tensorBytes)}` : '';
    const listed = nonFinite.slice(0, MAX_LISTED).map(({ name, numNan, numInf }) => {
      return `         not finite: ${name}, ${numNan} NaN and ${numInf} infinite`;
    });
    const more = nonFinite.length > MAX_LISTED ? [`         and ${nonFinite.length - MAX_LISTED} tensors more`] : [];
    return [`ok       ${path}: ${format}${size}`, ...listed, ...more, ...notes.map((note) => `         ${note}`)];
  });
  const numDamaged = files.filter(({ problem }) => problem !== undefined).length;
  const total = files.length === 1 ? '1 file' : `${files.length} files`;
  const end = numDamaged === 0 ? `${total}, nothing damaged.` : `${total}, ${numDamaged} damaged.`;
  return [...lines, '', end].join('\n');
}
