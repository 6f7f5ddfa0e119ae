// The Fisher information and the penalty of EWC against recorded numbers of a PyTorch twin (test/fixtures/adaptive/ewc.py), and that EWC keeps what fine-tuning forgets.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Dropout, Linear, Sequential, Tanh } from '../../nn/index.ts';
import { SGD } from '../../optim/index.ts';
import { arange, getRngState, manualSeed, noGrad, type Tensor, tensor } from '../../tensor/index.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import { AdaptiveModel } from '../model/adaptive-model.ts';
import { runContinualBenchmark } from './benchmark.ts';
import { ElasticWeightConsolidation } from './ewc.ts';
import { estimateFisher, type FisherLabels } from './fisher.ts';
import { FineTuning } from './method.ts';
import { splitClasses } from './split-classes.ts';
import { pointLoaders } from './testing/points.ts';

type Numbers = Record<string, number[] | number[][]>;
const recorded = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/adaptive/ewc.json', import.meta.url), 'utf8'),
) as { fishers: Record<string, Numbers>; penalties: Record<string, { value: number; gradients: Numbers }> };

function wave(shape: readonly number[], start: number): Tensor {
  const numel = shape.reduce((product, size) => product * size, 1);
  return arange(numel, { dtype: 'float64' })
    .mul(0.7)
    .add(start)
    .sin()
    .reshape([...shape]);
}

/** Every parameter plus or set to a wave that begins at `start`, one further for each. */
function wavy(model: Sequential, start: number, isMoved = true): Sequential {
  noGrad(() => {
    for (const [place, parameter] of model.parameters().entries()) {
      const values = wave(parameter.shape, start + place);
      parameter.copy_(isMoved ? parameter.add(values.mul(0.3)) : values);
    }
  });
  return model;
}

const network = () => wavy(new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 3)).to('float64'), 0, false);
const tasks = [
  [wave([5, 3], 2), tensor([0n, 2n, 1n, 0n, 2n])],
  [wave([4, 3], 9), tensor([2n, 1n, 1n, 2n])],
] as const;

function expectNumbers(got: Readonly<Record<string, Tensor | undefined>>, wanted: Numbers): void {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [name, numbers] of Object.entries(wanted)) {
    const flat = numbers.flat();
    const values = got[name]!.flatten().toArray() as number[];
    expect(values.length).toBe(flat.length);
    values.forEach((value, i) => {
      expect(Math.abs(value - flat[i]!), `${name} ${i}`).toBeLessThan(1e-12 + 1e-9 * Math.abs(flat[i]!));
    });
  }
}

describe('estimateFisher()', () => {
  test.each(['expected', 'predicted', 'targets'] as FisherLabels[])(
    'gives the numbers of PyTorch for %s labels',
    async (labels) => {
      expectNumbers(await estimateFisher(network(), [...tasks[0]], { labels }), recorded.fishers[labels]!);
    },
  );

  test('decides between the outputs of a task alone', async () => {
    const fisher = await estimateFisher(network(), [...tasks[1]], { labels: 'targets', outputs: [1, 2] });
    expectNumbers(fisher, recorded.fishers['targets between 1 and 2']!);
  });

  test('comes near the expectation with sampled labels, the same each time', async () => {
    const [x, y] = tasks[0];
    const many = [x.repeat([100, 1]), y.repeat([100])] as [Tensor, Tensor];
    const model = network();
    const sampled = await estimateFisher(model, many, { numSamples: 500, seed: 1 });
    const again = await estimateFisher(model, many, { numSamples: 500, seed: 1 });
    const bias = '2.bias';
    expect(again[bias]!.toArray()).toEqual(sampled[bias]!.toArray());
    const wanted = recorded.fishers.expected![bias]!.flat();
    (sampled[bias]!.toArray() as number[]).forEach((value, i) => {
      expect(Math.abs(value / wanted[i]! - 1)).toBeLessThan(0.2);
    });
  });

  test('leaves modes, gradients, random numbers and the state of an adaptive network as they were', async () => {
    const model = new Sequential(
      new AdaptiveModel({ numNodes: 4, hiddenDim: 4, inputDim: 3, outputDim: 3 }),
      new Dropout(),
    );
    model.forward(tasks[0][0]); // a state that is not the first one
    const [before, rng] = [weightsOf(model), getRngState()];
    const fisher = await estimateFisher(model, [...tasks[0]], { numSamples: 2 });
    expect(weightsOf(model)).toEqual(before);
    expect(getRngState()).toEqual(rng);
    expect(model.training).toBe(true);
    expect(model.parameters().every(({ grad }) => grad === undefined)).toBe(true);
    expect(fisher['0.output_projection.bias']!.sum().item()).toBeGreaterThan(0);
  });

  test('refuses options that do not fit, and classes that are not among the outputs', async () => {
    await expect(estimateFisher(network(), [...tasks[0]], { labels: 'all', numSamples: 0 } as never)).rejects.toThrow(
      /labels: expected one of "sampled", "expected", "predicted", "targets", got "all"\s+- numSamples: expected/,
    );
    await expect(estimateFisher(network(), [...tasks[0]], { labels: 'targets', outputs: [1, 2] })).rejects.toThrow(
      'expected a class among the outputs',
    );
  });
});

describe('ElasticWeightConsolidation', () => {
  test.each([
    ['separate', undefined],
    ['online', 0.5],
  ] as const)('has the penalty and the gradients of PyTorch after two tasks, %s', async (name, decay) => {
    const model = network();
    const ewc = new ElasticWeightConsolidation({ strength: 7, labels: 'expected', decay });
    expect(ewc.penalty(model)).toBeUndefined();
    await ewc.consolidate(model, [...tasks[0]]);
    await ewc.consolidate(wavy(model, 20), [...tasks[1]]);
    wavy(model, 40);
    const copy = new ElasticWeightConsolidation({ strength: 7, decay });
    copy.loadStateDict(ewc.stateDict());
    const penalty = copy.penalty(model)!;
    const { value, gradients } = recorded.penalties[name]!;
    expect(penalty.item() / value).toBeCloseTo(1, 10);
    penalty.backward();
    expectNumbers(Object.fromEntries(Array.from(model.namedParameters(), ([key, { grad }]) => [key, grad])), gradients);
  });

  test('keeps an earlier task where fine-tuning forgets it, and goes on after a kill to the last bit', async () => {
    const split = await splitClasses(pointLoaders(), { numTasks: 2, scenario: 'domain' });
    const run = async (method: FineTuning | ElasticWeightConsolidation, folder?: string) => {
      manualSeed(1);
      const model = new Sequential(new Linear(2, 24), new Tanh(), new Linear(24, 2));
      const optimizer = new SGD(model.parameters(), { lr: 0.1 });
      const options = { tasks: split, optimizer, method, epochsPerTask: 6, batchSize: 8, folder };
      return { weights: () => weightsOf(model), result: await runContinualBenchmark(model, options) };
    };
    const options = { strength: 30, numSamples: 32 };
    const [floor, kept] = [await run(new FineTuning()), await run(new ElasticWeightConsolidation(options))];
    expect(floor.result.accuracies[1]![0]).toBeLessThan(0.2);
    expect(Math.min(...kept.result.accuracies[1]!)).toBeGreaterThan(0.7);
    const folder = temporaryFolder();
    /** Dies behind the training on the first task, when its epochs are saved and its information is not. */
    class Dies extends ElasticWeightConsolidation {
      override async taskEnd(): Promise<void> {
        throw new Error('killed');
      }
    }
    await expect(run(new Dies(options), folder)).rejects.toThrow('killed');
    const again = await run(new ElasticWeightConsolidation(options), folder);
    expect(again.result).toEqual(kept.result);
    expect(again.weights()).toEqual(kept.weights());
  });

  test('refuses options and states that do not fit', () => {
    expect(() => new ElasticWeightConsolidation({ strength: -1, decay: 2, outputs: [1] } as never)).toThrow(
      /strength: expected a number from 0, got -1\s+- decay: expected a number from 0 to 1, got 2\s+- outputs: expected one of/,
    );
    expect(() => new ElasticWeightConsolidation().loadStateDict({ anchors: [{ fisher: {} }] })).toThrow(
      'expected anchors with fisher and parameters',
    );
  });
});
