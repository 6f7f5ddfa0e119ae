// The checkpoint of a `TrainingLoop`: the five keys of adaptiveneuralnetwork, which its `load_checkpoint` reads, and the trainer's own checkpoint beside them, from which a training goes on exactly.
//
// | key                  | what it holds                                                                                       |
// |----------------------|-----------------------------------------------------------------------------------------------------|
// | epoch                | index of the epoch that was completed last                                                          |
// | model_state_dict     | what `getStateDictFull` gives where the model has it, with `node_state` and `scheduler_state`         |
// | optimizer_state_dict | optimizer.load_state_dict(…)                                                                        |
// | config               | the configuration in snake_case                                                                     |
// | metrics_history      | the records of all epochs                                                                           |
// | sconce               | a checkpoint of Sconce (src/trainer/checkpoint/format.ts); its tensors are the same bytes of the file |

import { CheckpointError } from '../../errors.ts';
import { PyFloat } from '../../serial/values.ts';
import { record, storedNumber } from '../../trainer/checkpoint/format.ts';
import type { FileFacts } from '../../trainer/faces/own-checkpoints.ts';
import { type LoopMetrics, recordsOf } from './epoch-records.ts';
import type { LoopConfig, LoopModel } from './loop-options.ts';

/** What the loop has to say in its checkpoint. */
export interface LoopState {
  readonly epoch: number;
  readonly model: LoopModel;
  readonly config: LoopConfig;
  readonly history: readonly LoopMetrics[];
}

/** What is written around a checkpoint of Sconce. @internal */
export function loopFileOf(
  checkpoint: Readonly<Record<string, unknown>>,
  { epoch, model, config, history }: LoopState,
): Readonly<Record<string, unknown>> {
  const [optimizer] = checkpoint.optimizer_state_dicts as readonly unknown[]; // a Trainer has one
  const settings = Object.entries(config.toDict()).map(([key, value]) => [key, value ?? null]);
  return {
    epoch,
    model_state_dict: model.getStateDictFull?.() ?? checkpoint.model_state_dict,
    optimizer_state_dict: optimizer,
    config: Object.fromEntries(settings),
    metrics_history: history.map(({ epoch, ...values }) => {
      const floats = Object.entries(values).map(([name, value]) => [name, new PyFloat(value)]);
      return { epoch, ...Object.fromEntries(floats) };
    }),
    sconce: checkpoint,
  };
}

/** What a file says of the loop: one of ours, of adaptiveneuralnetwork, or a checkpoint of a `Trainer`, which counts epochs and may have the loop's records among its callbacks.
 *  @throws {CheckpointError} for records that are none. @internal */
export function loopFactsOf({ file, epoch }: FileFacts, path: string): Pick<LoopState, 'epoch' | 'history'> {
  try {
    const { TrainingLoop } = record(file.callbacks ?? {}, 'callbacks');
    const { metrics_history = record(TrainingLoop ?? {}, 'callbacks.TrainingLoop').history ?? [] } = file;
    return {
      epoch: file.epoch === undefined ? Math.max(0, epoch - 1) : storedNumber(file.epoch, 'epoch', { isCount: true }),
      history: recordsOf(metrics_history, 'metrics_history'),
    };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new CheckpointError(`${error.message}\n  in "${path}"`, { cause: error, path });
  }
}
