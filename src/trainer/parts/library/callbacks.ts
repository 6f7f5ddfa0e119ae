// The callbacks that an experiment can name.

import { ConfigError } from '../../../errors.ts';
import { Tensor } from '../../../tensor/tensor.ts';
import { CurriculumCallback } from '../../callbacks/curriculum.ts';
import { EarlyStopping } from '../../callbacks/early-stopping.ts';
import { EMA } from '../../callbacks/ema.ts';
import { Freezing } from '../../callbacks/freezing.ts';
import { EpochHeartbeat, Heartbeat } from '../../callbacks/heartbeat.ts';
import { LearningRateMonitor } from '../../callbacks/learning-rate-monitor.ts';
import { LoggingCallback } from '../../callbacks/logging.ts';
import { ModelSummary } from '../../callbacks/model-summary.ts';
import { PredictionWriter, type PredictionWriterOptions } from '../../callbacks/prediction-writer.ts';
import { ProfilingCallback } from '../../callbacks/profiling.ts';
import { ProgressCallback } from '../../callbacks/progress.ts';
import { SWA } from '../../callbacks/swa.ts';
import { TimeBudget } from '../../callbacks/time-budget.ts';
import type { Callback } from '../../loop/events.ts';
import type { LoopContext } from '../../loop/loop-context.ts';
import { DeviceStatsMonitor } from '../../monitors/device-stats-monitor.ts';
import { DiagnosisCallback } from '../../monitors/diagnosis-callback.ts';
import { GradientMonitor } from '../../monitors/gradient-monitor.ts';
import { ParameterMonitor } from '../../monitors/parameter-monitor.ts';
import { ThroughputMonitor } from '../../monitors/throughput-monitor.ts';
import { type Part, type Parts, part } from '../registry.ts';
import { PREDICTION } from '../standard-step.ts';

type CallbackClass = new (options: never) => Callback;

/** A class that checks its options when it is made, and does nothing else then. */
function partOf(Class: CallbackClass): Part<object, Callback> {
  return {
    build: (options: object) => new Class(options as never),
    try: (options) => void new Class(options as never),
  };
}

/** What the model gave; of a step of the user's own, what has a row for each sample. */
function predictionOf(output: unknown, { batchSize }: Readonly<LoopContext>): Tensor | Record<string, Tensor> {
  const given: unknown = Reflect.get(Object(output), PREDICTION) ?? output;
  if (given instanceof Tensor) return given;
  const hasRows = ([, value]: [string, unknown]): boolean =>
    value instanceof Tensor && value.ndim > 0 && value.size(0) === batchSize;
  return Object.fromEntries(Object.entries(Object(given)).filter(hasRows)) as Record<string, Tensor>;
}

/** A run from a file validates and tests, and predicts nothing. */
class EvaluationWriter extends PredictionWriter {
  constructor(options: PredictionWriterOptions) {
    const { of = 'validate' } = options;
    if ((of as string) === 'predict')
      throw new ConfigError('make a PredictionWriter', ['of: expected "validate" or "test" in a file, got "predict"']);
    super({ select: predictionOf, ...options, of });
  }
}

export const callbacks: NonNullable<Parts['callbacks']> = {
  progress: part({
    options: { metrics: undefined },
    build: ({ metrics }) =>
      new ProgressCallback(metrics === undefined ? {} : { metrics: metrics as readonly string[] }),
  }),
  'early-stopping': partOf(EarlyStopping),
  ema: partOf(EMA),
  swa: partOf(SWA),
  freezing: partOf(Freezing),
  logging: partOf(LoggingCallback),
  heartbeat: partOf(Heartbeat),
  'epoch-heartbeat': partOf(EpochHeartbeat),
  'learning-rate-monitor': partOf(LearningRateMonitor),
  'prediction-writer': partOf(EvaluationWriter),
  'model-summary': partOf(ModelSummary),
  'time-budget': partOf(TimeBudget),
  curriculum: partOf(CurriculumCallback),
  profiling: partOf(ProfilingCallback),
  'gradient-monitor': partOf(GradientMonitor),
  'parameter-monitor': partOf(ParameterMonitor),
  'throughput-monitor': partOf(ThroughputMonitor),
  'device-stats-monitor': partOf(DeviceStatsMonitor),
  diagnosis: partOf(DiagnosisCallback),
};
