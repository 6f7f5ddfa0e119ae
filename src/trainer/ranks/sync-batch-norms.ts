// Batch normalisations of a run become those over all ranks.

import { ConfigError } from '../../errors.ts';
import { SyncBatchNorm } from '../../nn/layers/sync-batch-norm.ts';
import { allModules, type ModulesOfRun } from '../loop/modules-of-run.ts';

/** Parameters, buffers and their names stay. @throws {ConfigError} for a model that is a batch normalisation itself, in whose place nothing can be put. */
export function convertBatchNorms(run: ModulesOfRun): void {
  for (const module of allModules(run)) {
    if (module instanceof SyncBatchNorm || SyncBatchNorm.convertSyncBatchnorm(module) === module) continue;
    throw new ConfigError('train on several ranks', [
      'ddp.syncBatchNorm: expected a model with batch normalisations inside, got one that is one itself; give a SyncBatchNorm as the model',
    ]);
  }
}
