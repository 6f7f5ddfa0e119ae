// Fields that the schema has and no part carries out yet: `readConfig` refuses them. Whoever carries one out deletes its line; when the list is empty,
// this file goes.

/** A path stands for everything below it. */
export const UNWIRED: readonly string[] = [
  // the loop
  'maxSteps',
  'maxTime',
  'fastDevRun',
  'dryRun',
  'overfitBatches',
  'detectAnomaly',
  'debugMode',
  'nonFinite',
  'profileTraining',
  'validation.frequency',
  'validation.everyNSteps',
  'validation.everyNMinutes',
  'validation.sanitySteps',
  'validation.limitBatches',
  'validation.aggregation',
  'validation.perLoaderMetrics',
  'validation.globalMetrics',
  'logging.logPerLoaderMetrics',
  'logging.logGlobalMetrics',
  'logging.logLoaderProportions',
  // callbacks
  'averaging',
  'freeze',
  'earlyStoppingPatience',
  'earlyStoppingMetric',
  'earlyStoppingMode',
  'earlyStoppingMinDelta',
  'validation.earlyStoppingSource',
  'hooks',
  // checkpoints
  'checkpoint.saveEveryNMinutes',
  'checkpoint.keepTopK',
  'checkpoint.saveBest',
  'checkpoint.filenameTemplate',
  'checkpoint.asynchronous',
  'checkpoint.saveRng',
  'checkpoint.saveOptimizer',
  'checkpoint.saveScheduler',
  'warmStart',
  // preemption
  'preemption',
  // commands
  'performance.dataloaderNumWorkers',
  'performance.prefetchFactor',
  'performance.pinMemory',
];
