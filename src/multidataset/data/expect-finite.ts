// Keeps NaN out of training: one in a signal that a sample has would be in every weight after a step.

import { ConfigError } from '../../errors.ts';
import { isFloatingDType, scope, type Tensor } from '../../tensor/index.ts';
import type { Lags } from './config/dataset-config.ts';

/** @throws {ConfigError} that names each key with NaN or infinite numbers in a frame that some sample has. */
export function expectFinite(
  tensors: Readonly<Record<string, Tensor>>,
  frames: Int32Array,
  { keysLags, name }: { readonly keysLags: Readonly<Record<string, Lags>>; readonly name: string },
): void {
  const problems = Object.entries(tensors).flatMap(([key, x]) => {
    if (!isFloatingDType(x.dtype)) return [];
    const finite = scope(() => {
      const whole = x.isfinite();
      return whole.all().item() ? undefined : whole.reshape([x.shape[0]!, -1]).all({ dim: 1 }).toTypedArray();
    });
    if (!finite) return [];
    const lags = [keysLags[key]!].flat();
    const wrong = frames.filter((frame) => lags.some((lag) => finite[frame - lag] === 0));
    if (wrong.length === 0) return [];
    return `expected finite numbers in "${key}", got others in ${wrong.length} of ${frames.length} samples, the first at frame ${wrong[0]}; leave these frames out by dfs or dpi_valid`;
  });
  if (problems.length > 0) throw new ConfigError(`prepare ${name}`, problems);
}
