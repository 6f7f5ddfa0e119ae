// `predict`: outputs for every batch of loaders, without gradients, in evaluation mode.

import type { NamedLoader } from '../../data/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { collectTensors, scope } from '../../tensor/scope.ts';
import { Breath } from './breath.ts';
import type { DataHandler } from './data-handler.ts';
import { countBatches } from './evaluator.ts';
import type { CallbackList } from './events.ts';
import type { LoopContext } from './loop-context.ts';
import { evalModeOf } from './modules-of-run.ts';
import type { Precision } from './precision.ts';

/** Gives any output for a batch; synchronous. */
export type PredictStep = (batch: unknown, batchIndex: number, loaderIndex: number, loaderName: string) => unknown;

/** Takes the output of a batch when it is there. Synchronous: the tensors end with the call, unless they are kept. */
export type PredictionTaker = (output: unknown, context: Readonly<LoopContext>) => void;

export interface PredictorOptions {
  readonly data: Pick<DataHandler, 'prepare'>;
  readonly step: PredictStep;
  readonly precision: Precision;
  readonly callbacks: CallbackList;
  /** Batches of each loader at most. */
  readonly limitBatches?: number | undefined;
  /** Gets each output in place of the list that is returned. */
  readonly onBatch?: PredictionTaker | undefined;
  readonly isStopped: () => boolean;
}

/** Runs the model on loaders, one after the other.
 *  @returns one output a batch, whose tensors are the caller's; undefined if it was stopped. */
export async function predict(
  context: LoopContext,
  loaders: readonly NamedLoader<unknown>[],
  options: PredictorOptions,
): Promise<unknown[] | undefined> {
  const { callbacks } = options;
  const rng = getRngState();
  const mode = evalModeOf(context);
  context.phase = 'predict';
  context.evaluationLoaders = loaders;
  context.evaluationBatches = countBatches(loaders, options.limitBatches);
  const errors: unknown[] = [];
  let outputs: unknown[] | undefined;
  try {
    await callbacks.announce('predictionStart', context);
    outputs = await play(context, loaders, options);
  } catch (error) {
    errors.push(error);
  }
  mode.restore();
  setRngState(rng);
  errors.push(...(await callbacks.announceToAll('predictionEnd', context, outputs !== undefined)));
  if (errors.length === 0) return outputs;
  for (const tensor of collectTensors(outputs)) tensor.dispose();
  const [first, ...others] = errors;
  for (const other of others) process.emitWarning(other instanceof Error ? other : String(other));
  throw first;
}

async function play(
  context: LoopContext,
  loaders: readonly NamedLoader<unknown>[],
  { data, step, precision, callbacks, limitBatches = Number.POSITIVE_INFINITY, onBatch, isStopped }: PredictorOptions,
): Promise<unknown[] | undefined> {
  const outputs: unknown[] = [];
  const breath = new Breath();
  try {
    for (const [loaderIndex, { name, loader }] of loaders.entries()) {
      loader.setEpoch(0);
      let batchIndex = 0;
      for await (const item of loader) {
        if (isStopped()) {
          for (const tensor of collectTensors(outputs)) tensor.dispose();
          return undefined;
        }
        const output = noGrad(() =>
          scope(() => {
            const { batch, batchSize } = data.prepare(item);
            Object.assign(context, { batch, batchSize, loaderIndex, loaderName: name, batchIndex });
            const given = precision.run(() => step(batch, batchIndex, loaderIndex, name));
            context.output = given;
            callbacks.tell('predictionBatchEnd', context);
            if (!onBatch) return given;
            onBatch(given, context);
            return undefined;
          }, 'prediction step'),
        );
        if (!onBatch) outputs.push(output);
        context.batch = undefined;
        context.output = undefined;
        batchIndex += 1;
        if (breath.isDue) await breath.take();
        if (batchIndex >= limitBatches) break;
      }
    }
    return outputs;
  } catch (error) {
    for (const tensor of collectTensors(outputs)) tensor.dispose();
    throw error;
  } finally {
    context.batch = undefined;
    context.output = undefined;
  }
}
