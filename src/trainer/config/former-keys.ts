// Keys that other systems have and a configuration here has not: what stands in their place, or why nothing does.

/** A key that is refused with more than its name. */
export interface FormerKey {
  /** What to write, after "expected". */
  readonly instead?: string;
  /** Why nothing stands in its place. */
  readonly why?: string;
}

const renamed = (instead: string): FormerKey => ({ instead });
const meaningless = (why: string): FormerKey => ({ why });

/** By path in camelCase. Source: model-training-framework, but where another is named. */
export const FORMER_KEYS: Readonly<Record<string, FormerKey>> = {
  multi: renamed('trainLoaderConfig for training and valLoaderConfig for validation'),
  'performance.mixedPrecision': renamed('performance.useAmp: true, or performance.precision'),
  'data.numWorkers': renamed('performance.dataloaderNumWorkers'),
  data: renamed('performance.dataloaderNumWorkers for data.numWorkers'),
  maxEpochs: renamed('training.maxEpochs in a file, maxEpochs among the options of fit() in a program,'),
  'trainLoaderConfig.choiceRngSeed': meaningless('turns of loaders follow from their weights, without a draw'),
  'valLoaderConfig.choiceRngSeed': meaningless('a validation goes through its loaders one after the other'),
  'faultTolerance.verifyDeterministicResume': meaningless(
    'a resume is exact, or it is an error that says what is missing',
  ),
  'faultTolerance.checkpointTimeoutSec': renamed('preemption.maxCheckpointSec'),
  'preemption.cleanupOnExit': meaningless('what an interrupted save leaves behind goes with the next one'),
  'preemption.backupCheckpoints': meaningless('a checkpoint is replaced only when the next is safe on the disk'),
  'performance.numWorkers': renamed('performance.dataloaderNumWorkers'),
  'logging.allReduceMetrics': meaningless('values are over all ranks'),
  'logging.logImagesEveryNSteps': meaningless("a run's report has pictures of its values"),
  'hooks.hookClasses': renamed('callbacks, a list of names or of { type: name, ...options },'),
  'hooks.hookConfigs': renamed('callbacks, a list of names or of { type: name, ...options },'),
  'hooks.logHookErrors': renamed('hooks.continueOnHookError, whose errors are warnings of the run'),
  'warmStart.loaderClass': meaningless('there are no import paths here; give a function to setWarmStartLoader()'),
};
