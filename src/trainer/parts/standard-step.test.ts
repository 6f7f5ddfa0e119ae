// The step of a configuration: where its metrics find output and target, with a loss that it names and with the model's own.
import { describe, expect, test } from 'vitest';
import { Accuracy } from '../../metrics/index.ts';
import { CrossEntropyLoss, Module } from '../../nn/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { scope } from '../../tensor/scope.ts';
import { type StandardStep, standardStep } from './standard-step.ts';

class Scores extends Module {
  forward(input: Tensor): Tensor {
    return input;
  }
}

/** As those of transformers. */
class OwnLoss extends Module {
  readonly #loss = new CrossEntropyLoss();

  forward({ input, labels }: { input: Tensor; labels: Tensor }): { loss: Tensor; logits: Tensor } {
    return { loss: this.#loss.forward(input, labels), logits: input };
  }
}

const input = (): Tensor => tensor([[2, 0], [0, 3], [1, 0], [0, 1]]); // biome-ignore format: rows
const classes = (): Tensor => tensor([0n, 1n, 1n, 1n]);
const accuracy = () => new Accuracy({ task: 'multiclass', numClasses: 2, average: 'micro' });

function validate(parts: Partial<StandardStep> & Pick<StandardStep, 'model'>, batch: unknown): void {
  const step = standardStep({
    loss: undefined,
    metrics: [],
    trainMetrics: [],
    input: undefined,
    target: undefined,
    ...parts,
  });
  scope(() => void step.validation!(undefined as never, batch as never, 0, 0, 'val'));
}

describe('standardStep() updates metrics', () => {
  test('with the output and the target that the loss takes', () => {
    const metric = accuracy();
    validate({ model: new Scores(), loss: new CrossEntropyLoss(), metrics: [metric] }, [input(), classes()]);
    expect(metric.compute()).toEqual({ accuracy: 0.75 });
  });

  test('with the logits of a model that gives its own loss, and the labels of the batch', () => {
    const metric = accuracy();
    validate({ model: new OwnLoss(), metrics: [metric] }, { input: input(), labels: classes() });
    expect(metric.compute()).toEqual({ accuracy: 0.75 });
  });

  test('or says that there is nothing to update them with', () => {
    const batch = { input: input(), labels: classes() };
    expect(() => validate({ model: new OwnLoss(), metrics: [accuracy()], target: 'kind' }, batch)).toThrow(
      /^Cannot update metrics: expected an output and a target that are tensors, got a Tensor and none; update them in a step of your own/,
    );
  });
});
