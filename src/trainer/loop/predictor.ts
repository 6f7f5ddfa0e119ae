// `predict`: outputs for every batch of loaders, without gradients, in evaluation mode.

import type { NamedLoader } from '../../data/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { collectTensors, scope } from '../../tensor/scope.ts';
import { Breath } from './breath.ts';
import type { DataHandler } from './data-handler.ts';
import type { LoopContext } from './loop-context.ts';
import type { Precision } from './precision.ts';

/** Gives any output for a batch; synchronous. */
export type PredictStep = (batch: unknown, batchIndex: number, loaderIndex: number, loaderName: string) => unknown;

/** Takes the output of a batch when it is there. Synchronous: the tensors end with the call, unless they are kept. */
export type PredictionTaker = (output: unknown, context: Readonly<LoopContext>) => void;

export interface PredictorOptions {
  readonly data: Pick<DataHandler, 'prepare'>;
  readonly step: PredictStep;
  readonly precision: Precision;
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
  const { data, step, precision, limitBatches = Number.POSITIVE_INFINITY, onBatch, isStopped } = options;
  const outputs: unknown[] = [];
  const rng = getRngState();
  const mode = context.model.evalMode();
  const breath = new Breath();
  context.phase = 'predict';
  try {
    for (const [loaderIndex, { name, loader }] of loaders.entries()) {
      loader.setEpoch(0);
      let batchIndex = 0;
      for await (const item of loader) {
        if (isStopped()) return undefined;
        const output = noGrad(() =>
          scope(() => {
            const { batch, batchSize } = data.prepare(item);
            Object.assign(context, { batch, batchSize, loaderIndex, loaderName: name, batchIndex });
            const given = precision.run(() => step(batch, batchIndex, loaderIndex, name));
            if (!onBatch) return given;
            onBatch(given, context);
            return undefined;
          }, 'prediction step'),
        );
        if (!onBatch) outputs.push(output);
        context.batch = undefined;
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
    mode.restore();
    setRngState(rng);
  }
}
