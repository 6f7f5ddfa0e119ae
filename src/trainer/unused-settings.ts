// What is configured and changes nothing in a fit: no error, but somebody may believe that it does something.

import type { FitOptions, GenericTrainerOptions } from './trainer-options.ts';

/** What the loaders of a configuration file are made with. */
const LOADER_FIELDS = ['dataloaderNumWorkers', 'prefetchFactor', 'pinMemory'] as const;

/** One line for each, for the run's log.  @param folder - where the run keeps checkpoints. */
export function unusedSettings(
  { valLoaders = [] }: FitOptions,
  { config = {}, valMetrics = [], run }: GenericTrainerOptions,
  folder: string | undefined,
): string[] {
  const isTrial = config.dryRun === true || (config.fastDevRun !== undefined && config.fastDevRun !== false);
  const hasValidation = valLoaders.length > 0;
  const unused = {
    [`checkpoint.rootDir changes nothing: the run keeps its checkpoints in "${folder}"`]:
      folder !== undefined && run !== undefined && config.checkpoint?.rootDir !== undefined,
    'checkpoint changes nothing without checkpoint.rootDir: no checkpoints are written':
      folder === undefined && !isTrial && Object.keys(config.checkpoint ?? {}).length > 0,
    'validateEveryNEpochs changes nothing without valLoaders':
      !hasValidation && config.validateEveryNEpochs !== undefined,
    'validation changes nothing without valLoaders':
      !hasValidation && Object.keys(config.validation ?? {}).some((field) => field !== 'aggregation'),
    'performance.dataloaderNumWorkers, prefetchFactor and pinMemory change nothing for loaders that a program makes: give them to its DataLoaders':
      LOADER_FIELDS.some((field) => config.performance?.[field] !== undefined),
    'valMetrics changes nothing without valLoaders': !hasValidation && valMetrics.length > 0,
  };
  return Object.keys(unused).filter((message) => unused[message]);
}
