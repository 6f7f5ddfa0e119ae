// The sections of a configuration, one schema each: fields, defaults, and what each field does.

import { z } from 'zod';
import { STOP_SIGNALS } from '../../errors.ts';
import { PRECISION_MODES } from '../loop/precision.ts';
import { DEFAULT_SIGNALS } from '../preemption/stop-watch.ts';
import {
  belowOne,
  count,
  flag,
  fromOne,
  fromZero,
  index,
  listOfAtLeastOne,
  oneOf,
  only,
  positive,
  section,
  text,
} from './fields.ts';
import { wanted } from './problems.ts';

export const checkpoint = section({
  rootDir: text
    .optional()
    .describe(
      'Folder of the checkpoints of all experiments, or `s3://bucket/prefix`, `gs://bucket/prefix`; a run that has a folder of its own keeps them there. Default: none are written',
    ),
  saveEveryNSteps: count.optional().describe('Optimizer steps between two checkpoints. Default: not by steps'),
  saveEveryNEpochs: count.default(1).describe('Epochs between two checkpoints'),
  saveEveryNMinutes: positive.optional().describe('Minutes between two checkpoints. Default: not by time'),
  maxCheckpoints: count.default(5).describe('Newest files that stay, beside the best'),
  keepTopK: count
    .optional()
    .describe('Files with the best values of `monitorMetric` that stay too. Default: the best alone'),
  saveBest: flag.default(true).describe('Whether a better value of `monitorMetric` is saved and kept as `best`'),
  monitorMetric: text.optional().describe("As in 'val/loss', or in the spelling `val_loss`"),
  monitorMode: oneOf('min', 'max').default('min').describe('Whether less or more of the monitored metric is better'),
  filenameTemplate: text
    .default('epoch_{epoch:03d}_step_{step:06d}.ckpt')
    .describe(
      'Names of the files; `{epoch}`, `{step}` and `{timestamp}` (whole seconds) may have a width as `{step:06d}`; `{val_loss:.4f}` is a metric of that moment',
    ),
  asynchronous: flag.default(true).describe('Files are written beside the training, which waits for the copy alone'),
  saveRng: flag
    .default(true)
    .describe('Whether checkpoints hold the state of generators. Without it a resume is not exact'),
  saveOptimizer: flag
    .default(true)
    .describe('Whether checkpoints hold the state of optimizers. Without it a resume is not exact'),
  saveScheduler: flag
    .default(true)
    .describe('Whether checkpoints hold the state of schedules. Without it a resume is not exact'),
}).describe('When a run saves, and what it keeps');

export const preemption = section({
  signal: oneOf(...STOP_SIGNALS)
    .optional()
    .describe('The same as `signals` with one'),
  signals: listOfAtLeastOne(oneOf(...STOP_SIGNALS), 'signals')
    .default([...DEFAULT_SIGNALS])
    .describe('Signals that end a run: it saves at the next step and can be resumed'),
  maxCheckpointSec: positive
    .default(300)
    .describe(
      'Seconds that a save waits for the one before; after that it is left out, with a warning. The last one of a run waits',
    ),
  requeueJob: flag.default(true).describe('Whether a job that SLURM stops is put back into its queue'),
  resumeFromLatestSymlink: flag
    .default(true)
    .describe('Whether a run goes on from the newest checkpoint of its folder where there is one'),
}).describe('How a run ends on a signal, and how it comes back');

export const performance = section({
  gradientAccumulationSteps: count.default(1).describe("Micro-batches in an optimizer's window"),
  useAmp: flag.default(false).describe("True is precision 'bf16-mixed'"),
  precision: oneOf(...PRECISION_MODES)
    .optional()
    .describe("In which dtypes weights are kept and operators run, default 'float32': as the model is"),
  channelsLast: flag
    .default(false)
    .describe(
      'Keep the weights of convolutions and floating batches of four dimensions in channels-last order, in which convolutions are faster on GPUs with half precision and often on CPUs',
    ),
  captureSteps: z
    .union([flag, z.literal('auto')], wanted("true, false, or 'auto'"))
    .default('auto')
    .describe(
      "Whether training steps are recorded once and replayed without JavaScript, with the same numbers to the bit: `true` wherever that can be, `'auto'` where it is known to be safe and measured to be faster",
    ),
  clipGradNorm: positive
    .optional()
    .describe("The joint norm of an optimizer's gradients is scaled down to this. Default: it is not"),
  clipGradValue: positive
    .optional()
    .describe('Each entry of a gradient is brought into [-clipGradValue, clipGradValue]. Default: none is'),
  dataloaderNumWorkers: index
    .optional()
    .describe('Worker threads of loaders that are made from a file. Default: as the data says'),
  prefetchFactor: index.optional().describe('Batches that such a loader makes ahead. Default: as the data says'),
  pinMemory: flag
    .optional()
    .describe(
      'Whether batches of such a loader lie in memory that a GPU copies from directly. Default: as the data says',
    ),
  persistentWorkers: only(true, 'worker threads stay from epoch to epoch')
    .default(true)
    .describe('Worker threads stay from epoch to epoch'),
  compileModel: only(false, 'operators run one by one, without a compiler')
    .default(false)
    .describe('Nothing is compiled'),
}).describe('How steps are computed');

export const validation = section({
  frequency: oneOf('per_epoch', 'every_n_steps', 'every_n_minutes')
    .default('per_epoch')
    .describe('When a validation is due. Epochs are counted by `validateEveryNEpochs`'),
  everyNSteps: count.optional().describe("Frequency 'every_n_steps': optimizer steps between two validations"),
  everyNMinutes: positive.optional().describe("Frequency 'every_n_minutes': minutes between two validations"),
  sanitySteps: index.default(0).describe('Batches of each validation loader that are tried before the first step'),
  limitBatches: count.optional().describe('Batches of each validation loader at most. Default: all'),
  aggregation: oneOf(
    'micro_avg_weighted_by_samples',
    'macro_avg_equal_loaders',
    'sum',
    'max',
    'min',
    'primary_metric_per_loader',
    'custom',
  )
    .default('micro_avg_weighted_by_samples')
    .describe(
      "How values of several loaders become one: means over samples, means over loaders, their sum, greatest or least, none (each loader's alone), or a function of yours",
    ),
  perLoaderMetrics: flag.default(true).describe("Whether each loader's own values are there, as `val/dl_{name}/loss`"),
  globalMetrics: flag.default(true).describe('Whether values over all loaders are there, as `val/loss`'),
  earlyStoppingSource: oneOf('both', 'hook', 'legacy')
    .default('both')
    .describe('What may stop a run early: `hooks.earlyStoppingConfig`, `earlyStoppingPatience`, or both'),
}).describe('When and how a run validates');

export const faultTolerance = section({
  saveSamplerState: only(true, 'a resume is exact').default(true).describe('The state of samplers is always saved'),
  saveDatasetState: only(true, 'a resume is exact')
    .default(true)
    .describe('The state of data sets that are read in sequence is always saved'),
}).describe('What checkpoints hold of the data');

export const ddp = section({
  backend: oneOf('gloo', 'nccl', 'cpu:gloo,cuda:nccl')
    .default('gloo')
    .describe(
      "By which collectives ranks reach one another: 'gloo' between CPUs; 'nccl', the same as 'cpu:gloo,cuda:nccl', between GPUs as well (untested, see `docs/distributed.md`)",
    ),
  initMethod: text
    .default('env://')
    .describe(
      'Where ranks meet: `env://` as the environment says (`MASTER_ADDR`, `MASTER_PORT`), `tcp://host:port`, or `file:///path` of a file that all see and that is not there before',
    ),
  timeoutSec: positive.default(1800).describe('Seconds that a rank waits for the others'),
  findUnusedParameters: flag
    .default(false)
    .describe('Whether a step may leave parameters out; they are looked for in the graph of each loss'),
  gradientAsBucketView: flag
    .default(true)
    .describe('Whether gradients are views of what is sent, which saves their memory once more'),
  staticGraph: flag
    .default(false)
    .describe('Your word that every step uses the same parameters: unused ones are found once'),
  bucketCapMb: positive.default(25).describe('MiB of gradients in one message'),
  compress: oneOf('float16', 'bfloat16').optional().describe('The dtype in which gradients travel. Default: their own'),
  broadcastBuffers: flag
    .default(true)
    .describe("Whether buffers, as the statistics of a BatchNorm, become the first rank's before each step"),
  syncBatchNorm: flag
    .default(false)
    .describe(
      'Whether batch normalisations become `SyncBatchNorm`: statistics are then those of the batches of all ranks',
    ),
  zero: flag
    .default(false)
    .describe(
      "Whether each rank keeps a part of the optimizers' state (`ZeroRedundancyOptimizer`): weights are the same to the last bit, of AdamW's two moments a rank has 2 / ranks of the weights' memory, and a step sends all weights once more",
    ),
  unevenInputs: oneOf('join', 'stop')
    .default('join')
    .describe(
      "What happens where a rank has no batch left and others have one: 'join' goes on until all have none, that rank adding nothing; 'stop' ends the loader's epoch there",
    ),
  slowRankFactor: fromOne
    .default(1.5)
    .describe(
      'From how many times the median of the others on a rank is called slow, whose forward and backward passes take so long in three log intervals in a row: a warning says which it is. All are logged as `ranks/…`',
    ),
  shardLoaders: flag
    .default(true)
    .describe(
      'Whether each rank plays its part of every loader. False: loaders of yours give each rank a part of its own, and a rank that has fewer batches waits',
    ),
  syncSchedulesAcrossRanks: only(true, 'gradients of one loader are averaged with those of the same')
    .default(true)
    .describe('All ranks play one schedule'),
  validateScheduleConsistency: flag
    .default(false)
    .describe('Whether ranks compare at the beginning of each epoch what they are about to play'),
}).describe('How several processes train together; without effect in one');

export const earlyStopping = section({
  monitor: text.default('val/loss').describe('The metric, in any spelling that `checkpoint.monitorMetric` takes'),
  patience: count.default(10).describe('Measurements without improvement after which the run ends'),
  mode: oneOf('min', 'max').default('min').describe('Whether less or more is better'),
  minDelta: fromZero.default(1e-4).describe('An improvement is more than this'),
}).describe('The early stopping of `hooks`');

export const gradientMonitor = section({
  logFrequency: count.default(100).describe('Backward passes between two looks'),
  paramFilter: listOfAtLeastOne(text, 'parts of parameter names')
    .optional()
    .describe('Parameters are looked at whose name has one of these in it. Default: all'),
}).describe('The gradient monitor of `hooks`');

export const modelCheckpoint = section({
  monitor: text
    .default('val/loss')
    .describe('The metric that ranks, in any spelling that `checkpoint.monitorMetric` takes'),
  mode: oneOf('min', 'max').default('min').describe('Whether less or more is better'),
  saveTopK: index.default(3).describe('How many of the best stay, beside the newest'),
}).describe('The ranking of checkpoints of `hooks`');

export const learningRateMonitor = section({
  interval: oneOf('step', 'epoch').default('step').describe('At the log points, or where epochs begin'),
  everyNSteps: count
    .optional()
    .describe("Interval 'step': optimizer steps between two records. Default: the log points"),
  logMomentum: flag.default(false).describe('Whether momentum is logged too'),
  logWeightDecay: flag.default(false).describe('Whether weight decay is logged too'),
}).describe('What is logged of optimizers');

export const hooks = section({
  enableLoggingHook: flag.default(false).describe('Whether progress is printed, as `ProgressCallback` does'),
  enableEarlyStoppingHook: flag.default(false).describe('Whether `earlyStoppingConfig` may stop the run'),
  earlyStoppingConfig: earlyStopping.prefault({}).describe('When a run ends early'),
  enableGradientMonitor: flag
    .default(false)
    .describe('Whether norms of gradients are logged and judged, as `GradientMonitor` does'),
  gradientMonitorConfig: gradientMonitor.prefault({}).describe('What the gradient monitor looks at, and when'),
  enableDiagnosis: flag
    .default(true)
    .describe(
      'Whether findings about how a run goes are told as warnings where it is logged, as `DiagnosisCallback` does',
    ),
  enableModelCheckpointHook: flag
    .default(false)
    .describe('Whether `modelCheckpointConfig` says which checkpoints stay, as `Checkpointing` does'),
  modelCheckpointConfig: modelCheckpoint.prefault({}).describe('Which checkpoints stay'),
  enableLearningRateMonitor: flag
    .default(false)
    .describe('Whether the rates of all groups of all optimizers are logged, as `LearningRateMonitor` does'),
  learningRateMonitorConfig: learningRateMonitor.prefault({}).describe('When, and what else of optimizers'),
  continueOnHookError: flag.default(false).describe("Whether a callback's error is a warning that the run survives"),
}).describe('Callbacks that come with the trainer');

export const warmStart = section({
  strict: flag.default(true).describe('Whether every weight must be there, and none beside them'),
  rename: z
    .record(z.string(), z.string(wanted('a text')), wanted('an object of texts'))
    .optional()
    .describe('Prefixes of names in the file, and what the model calls them'),
}).describe('Weights to begin with');

export const averaging = section({
  kind: oneOf('ema', 'swa').describe(
    'An exponential mean of the weights, or the plain mean of those at several moments',
  ),
  decay: belowOne.optional().describe("Kind 'ema': how much of the mean stays at each update, default 0.999"),
  startStep: index.optional().describe('Optimizer steps before the average begins, default 0'),
  everyNSteps: count.optional().describe("Optimizer steps between two updates, default 1 for kind 'ema'"),
  startEpoch: index.optional().describe('Epochs before the average begins, default 0; in place of steps'),
  everyNEpochs: count.optional().describe("Epochs between two updates, default 1 for kind 'swa'; in place of steps"),
  useBuffers: flag.default(false).describe('Whether floating buffers, as batch statistics, are averaged too'),
  applyAtEnd: flag.default(false).describe('Whether the averages are in the model after the run'),
  validate: flag.default(true).describe('Whether validations use the averaged weights'),
}).describe('Averages of the weights over the training');
