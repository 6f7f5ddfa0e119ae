// Loss and accuracy where a model is told which task a sample is of: outputs of other tasks do not count.

import { Module } from '../../nn/module.ts';
import { tensor } from '../../tensor/from-data.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { classAccuracy } from '../../trainer/faces/class-accuracy.ts';
import type { ContinualTask } from './task.ts';

/** A loss of outputs [B, C] and classes [B]. */
export type ClassLoss = Module & { forward(output: Tensor, target: Tensor): Tensor };

/** Hides from each sample the outputs that are not of its class's task. */
export class TaskOutputs {
  readonly #tasks: readonly ContinualTask[];
  #isForeign: Tensor | undefined; // [classes, C], true where an output is of another task than the class

  constructor(tasks: readonly ContinualTask[]) {
    this.#tasks = tasks;
  }

  /** Outputs [B, C], those of other tasks at minus infinity; as they are where tasks have no outputs of their own. */
  of(output: Tensor, target: Tensor): Tensor {
    if (this.#tasks[0]?.outputs === undefined || output.ndim !== 2) return output;
    return output.maskedFill(this.#foreign(output).indexSelect(0, target), Number.NEGATIVE_INFINITY);
  }

  #foreign(output: Tensor): Tensor {
    const [, numOutputs] = output.shape as [number, number];
    const known = this.#isForeign;
    if (known && known.shape[1] === numOutputs && known.device === output.device) return known;
    const groups = new Map(this.#tasks.flatMap(({ outputs = [] }) => outputs.map((at) => [at, new Set(outputs)])));
    const numClasses = Math.max(numOutputs, ...[...groups.keys()].map((at) => at + 1));
    const rows = Array.from({ length: numClasses }, (_, label) =>
      Array.from({ length: numOutputs }, (_, at) => !groups.get(label)?.has(at)),
    );
    const made = tensor(rows, { dtype: 'bool', device: output.device }).keep(); // for more steps than this one
    this.#isForeign = made;
    return made;
  }
}

/** The loss of a benchmark: of the outputs that count, in training with a penalty on what the model has become. */
export class TaskLoss extends Module {
  readonly criterion: ClassLoss;
  private readonly outputs: TaskOutputs;
  private readonly penalty: (() => Tensor | undefined) | undefined;

  constructor(criterion: ClassLoss, outputs: TaskOutputs, penalty?: () => Tensor | undefined) {
    super();
    this.criterion = criterion;
    this.outputs = outputs;
    this.penalty = penalty;
  }

  forward(output: Tensor, target: Tensor): Tensor {
    const loss = this.criterion.forward(this.outputs.of(output, target), target);
    const penalty = this.training ? this.penalty?.() : undefined;
    return penalty ? loss.add(penalty) : loss;
  }
}

/** The share of samples that are right, between the outputs that count. @throws {TypeError} for outputs and targets that are no classes. */
export function taskAccuracy(outputs: TaskOutputs, output: Tensor, target: Tensor): Tensor {
  const accuracy = classAccuracy(outputs.of(output, target), target);
  if (accuracy) return accuracy;
  throw new TypeError(
    `Cannot measure the accuracy of a task: expected outputs [B, classes] and int64 targets [B], got [${output.shape.join(', ')}] and ${target.dtype} [${target.shape.join(', ')}]`,
  );
}
