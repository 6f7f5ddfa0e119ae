// The name of a run of `sconce multidataset` that was given none.

import { basename, extname } from 'node:path';
import type { FlagValues } from './read-flags.ts';

/** `{model}_ddp_bs{batch}_ds{data sets}_lr{rate}_wd{decay}`, numbers as Python writes them: what VisionCore's train_ddp_multidataset.py calls it. */
export function automaticName(flags: FlagValues): string {
  const model = stem(String(flags.model_config));
  return `${model}_ddp_bs${flags.batch_size}_ds${flags.max_datasets}${ratesOf(flags)}`;
}

/** `frozencore_{checkpoint}_bs{batch}_ds{data sets}_lr{rate}_wd{decay}`. */
export function automaticFrozenName(flags: FlagValues): string {
  const source = typeof flags.model_type === 'string' ? flags.model_type : stem(String(flags.pretrained_checkpoint));
  return `frozencore_${source}_bs${flags.batch_size}_ds${flags.max_datasets}${ratesOf(flags)}`;
}

const stem = (path: string): string => basename(path, extname(path));
const ratesOf = (flags: FlagValues): string =>
  `_lr${pythonFloat(Number(flags.learning_rate))}_wd${pythonFloat(Number(flags.weight_decay))}`;

/** A float as Python's `repr` writes it: `0.0001`, `1e-05`, `1.0`. */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
