// Older versions of our checkpoints: a table of functions, each from one version to the next, so that a file of any age is read as today's.

import { CheckpointError } from '../../errors.ts';
import { isDict, type StoredDict } from './stored.ts';

/** The version that is written: that of the table in format.ts. */
export const VERSION = 4;

type Migration = (checkpoint: StoredDict) => StoredDict;

/** By the version that a function starts from. */
const MIGRATIONS: Readonly<Record<number, Migration>> = {
  // Version 2 has the last validation, measures the run's time, and ranks more than the best checkpoint.
  1: ({ clocks, metrics, ...rest }) => {
    const { best, ...others } = isDict(metrics) ? metrics : {};
    return {
      ...rest,
      clocks: isDict(clocks) ? { ...NO_TIME, validatedAt: clocks.step, ...clocks } : clocks,
      metrics: {
        validation: { epoch: -1, values: {} },
        ...others,
        ...(isDict(best) ? { best: { name: null, ...best, top: [] } } : {}),
      },
    };
  },
  // Version 3 has modules beside the model.
  2: (checkpoint) => ({ modules: {}, ...checkpoint }),
  // Version 4 has what several processes have of their own.
  3: (checkpoint) => ({ ranks: null, ...checkpoint }),
};

const NO_TIME = { elapsedSeconds: 0, validatedAtSeconds: 0, savedAtSeconds: 0 };

/** Brings a checkpoint to today's version.
 *  @throws {CheckpointError} for a version that is newer than this package, or none. */
export function migrate(checkpoint: StoredDict, path: string): StoredDict {
  const { version } = checkpoint;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1 || version > VERSION) {
    throw new CheckpointError(
      `Cannot resume from "${path}": expected version ${VERSION} or older, got ${String(version)}; update Sconce`,
      { path },
    );
  }
  let current = checkpoint;
  for (let from = version; from < VERSION; from++) current = { ...MIGRATIONS[from]!(current), version: from + 1 };
  return current;
}
