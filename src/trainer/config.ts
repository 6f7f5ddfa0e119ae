// The schema of a run's configuration: types, defaults and validation from one place. Every field does what it says.

import { z } from 'zod';
import { ConfigError } from '../errors.ts';

const count = z.int().positive();

const multiLoader = z.strictObject({
  /** How the loaders take turns. */
  samplingStrategy: z.enum(['sequential', 'round_robin', 'weighted', 'alternating']).default('round_robin'),
  /** Strategy 'weighted': one number above 0 a loader. */
  dataloaderWeights: z.array(z.number().positive()).optional(),
  /** Strategy 'alternating': loader numbers, repeated. */
  alternatingPattern: z.array(z.int().nonnegative()).min(1).optional(),
  /** Default dl0, dl1, … */
  dataloaderNames: z.array(z.string().min(1)).optional(),
  epochLengthPolicy: z
    .enum(['sum_of_lengths', 'max_of_lengths', 'min_of_lengths', 'fixed_num_steps'])
    .default('sum_of_lengths'),
  /** Policy 'fixed_num_steps': batches in an epoch. */
  stepsPerEpoch: count.optional(),
  /** A loader that is through plays again. */
  cycleShortLoaders: z.boolean().default(true),
  /** Batches in a row from one loader. */
  burstSize: count.default(1),
  /** An epoch ends after so many batches at most. */
  maxBatchesPerEpoch: count.optional(),
});

const checkpoint = z.strictObject({
  /** Folder of the checkpoints of all experiments; a run that has a folder of its own keeps them there. Default: none are written. */
  rootDir: z.string().min(1).optional(),
  saveEveryNSteps: count.optional(),
  saveEveryNEpochs: count.default(1),
  /** Newest files that stay, beside the best. */
  maxCheckpoints: count.default(5),
  /** As in 'val/loss'. */
  monitorMetric: z.string().optional(),
  monitorMode: z.enum(['min', 'max']).default('min'),
});

const performance = z.strictObject({
  /** Micro-batches in an optimizer's window. */
  gradientAccumulationSteps: count.default(1),
  /** Run the forward pass in bfloat16 where it gains from it. */
  useAmp: z.boolean().default(false),
  /** The joint norm of an optimizer's gradients is scaled down to this. */
  clipGradNorm: z.number().positive().optional(),
  clipGradValue: z.number().positive().optional(),
});

const schema = z.strictObject({
  experimentName: z.string().min(1).default('experiment'),
  /** Seeds the default generators at the start of `fit`, unless the run is resumed. */
  seed: z.int().optional(),
  trainLoaderConfig: multiLoader.prefault({}),
  checkpoint: checkpoint.prefault({}),
  performance: performance.prefault({}),
  /** Factor on each loader's loss, before backward. */
  lossWeightsPerLoader: z.array(z.number().positive()).optional(),
  /** The optimizer of each loader. */
  perLoaderOptimizerId: z.array(z.int().nonnegative()).optional(),
  /** Optimizer steps between two log points. */
  logEveryNSteps: count.default(50),
  validateEveryNEpochs: count.default(1),
});

/** A configuration as it is written: everything may be left out. */
export type GenericTrainerConfig = z.input<typeof schema>;
/** A configuration with its defaults. */
export type ResolvedConfig = z.output<typeof schema>;

/** Fills in defaults.
 *  @throws {ConfigError} that lists every field that is wrong or unknown. */
export function resolveConfig(config: GenericTrainerConfig): ResolvedConfig {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.length === 0 ? 'config' : issue.path.join('.')}: ${issue.message}`,
  );
  throw new ConfigError('use this configuration', problems, { cause: parsed.error });
}
