import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { BatchNorm1d, Dropout, Linear, type Module, Sequential } from '../nn/index.ts';
import { noGrad } from '../tensor/autograd.ts';
import { ones, tensor } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { AveragedModel, EMA, emaWarmup, getEmaAvgFn, getEmaMultiAvgFn, SGD, updateBn } from './index.ts';

const fill = (model: { readonly weight: Tensor }, value: number): void => noGrad(() => void model.weight.fill_(value));
const single = (value: number): Linear => {
  const made = new Linear(1, 1, { bias: false });
  fill(made, value);
  return made;
};

describe('AveragedModel', () => {
  it('leaves the model alone, and trains nothing of it', () => {
    const model = single(1);
    const average = new AveragedModel(model);
    expect(average.module === model).toBe(false);
    average.updateParameters(model);
    fill(average.module, 7);
    expect(model.weight.item()).toBe(1);
    expect(Object.keys(average.stateDict())).toEqual(['n_averaged', 'module.weight']);
    expect(average.n_averaged.item()).toBe(1);
  });

  it('gives its function the number of models before', () => {
    const model = single(1);
    const seen: number[] = [];
    const average = new AveragedModel(model, {
      avgFn: (averaged, current, numAveraged) => {
        seen.push(numAveraged);
        return averaged.maximum(current);
      },
    });
    for (const value of [3, 5, 4]) {
      fill(model, value);
      average.updateParameters(model);
    }
    expect([seen, average.module.weight.item()]).toEqual([[1, 2], 5]);
  });

  it('copies buffers at each update, or averages them', () => {
    const model = new Sequential(new BatchNorm1d(1));
    const [copied, averaged] = [new AveragedModel(model), new AveragedModel(model, { useBuffers: true })];
    for (const value of [1, 2, 6]) {
      noGrad(() => void (model.at(0) as BatchNorm1d).running_mean!.fill_(value));
      noGrad(() => void (model.at(0) as BatchNorm1d).num_batches_tracked!.fill_(value));
      copied.updateParameters(model);
      averaged.updateParameters(model);
    }
    const numbers = (average: AveragedModel): unknown[] =>
      ['module.0.running_mean', 'module.0.num_batches_tracked'].map((name) =>
        average.stateDict()[name]!.flatten().toArray(),
      );
    expect(numbers(copied)).toEqual([[6], [6]]);
    expect(numbers(averaged)).toEqual([[3], [2]]); // the count is cut off at each update: 1, 1.5, then 1 + 5 / 3
  });

  it('frees what it makes on the way', () => {
    const model = single(1);
    const average = new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.5) });
    average.updateParameters(model);
    const before = scope(liveTensors);
    for (let i = 0; i < 5; i++) average.updateParameters(model);
    expect(scope(liveTensors)).toBeLessThanOrEqual(before);
  });

  it('refuses what it cannot average', () => {
    const model = single(1);
    expect(() => new AveragedModel(model, { avg_fn: getEmaAvgFn() } as never)).toThrow('got "avg_fn"');
    expect(() => new AveragedModel(model, { avgFn: getEmaAvgFn(), multiAvgFn: getEmaMultiAvgFn() })).toThrow(
      'expected one of avgFn and multiAvgFn, got both',
    );
    expect(() => new AveragedModel({} as never)).toThrow('Cannot make AveragedModel: expected a module, got object');
    expect(() => new AveragedModel(model, { avgFn: 0.9 as never })).toThrow(
      'expected avgFn to be a function, got number',
    );
    expect(() => new AveragedModel(model).updateParameters(new Linear(2, 1))).toThrow(
      new TypeError(
        'Cannot average weights: expected parameters as the averaged model has them, [[1, 1]], got [[1, 2], [1]]',
      ),
    );
    for (const decay of [-0.1, 1.1, Number.NaN])
      for (const make of [getEmaAvgFn, getEmaMultiAvgFn])
        expect(() => make(decay)).toThrow(
          new RangeError(`Cannot average weights: expected decay from 0 to 1, got ${decay}`),
        );
  });
});

describe('updateBn()', () => {
  const network = (): Sequential => new Sequential(new BatchNorm1d(1, { momentum: 0.25 }), new Dropout(0.5));
  const batches = [[1, 2], [5, 8]].map((values) => ({ x: tensor(values).reshape([2, 1]) })); // biome-ignore format: a table

  async function* stream(): AsyncGenerator<{ x: Tensor }> {
    yield* batches;
  }

  it.each([
    ['a list', () => batches],
    ['a stream', stream],
  ])('computes plain means over %s, and puts modes and momenta back', async (_, loader) => {
    const model = network();
    model.at(1).eval();
    noGrad(() => void (model.at(0) as BatchNorm1d).running_mean!.fill_(100));
    await updateBn(loader(), model, { input: ({ x }) => x });
    const norm = model.at(0) as BatchNorm1d;
    expect([norm.running_mean!.item(), norm.running_var!.item()]).toEqual([4, 2.5]);
    expect([norm.momentum, norm.training, model.at(1).training]).toEqual([0.25, true, false]);
    expect(norm.num_batches_tracked!.item()).toBe(2);
  });

  it('puts them back after an error, too', async () => {
    const model = network();
    model.eval();
    await expect(updateBn(batches, model)).rejects.toThrow(
      'Cannot update batch statistics: expected a tensor for the model, got object; say by `input` where it is in a batch',
    );
    expect([(model.at(0) as BatchNorm1d).momentum, model.at(0).training]).toEqual([0.25, false]);
    await expect(updateBn([], model, { inputs: 1 } as never)).rejects.toThrow('got "inputs"');
  });

  it('does nothing without batch norm', async () => {
    await updateBn([1], new Linear(1, 1) as Module);
  });
});

describe('EMA', () => {
  it('follows the model, and is in it while a body runs', () => {
    const model = single(1);
    const ema = new EMA(model, { decay: 0.75 });
    fill(model, 5);
    ema.update();
    expect([model.weight.item(), ema.numUpdates]).toEqual([5, 1]);
    expect(ema.withAverages(() => model.forward(ones([1])).item())).toBe(2);
    expect(model.weight.item()).toBe(5);
    ema.copyTo(model);
    expect(model.weight.item()).toBe(2);
  });

  it('puts the weights back after an error', () => {
    const model = single(1);
    const ema = new EMA(model, { decay: 0.5 });
    fill(model, 5);
    const fail = (): never => {
      fill(model, 100);
      throw new Error('evaluation failed');
    };
    expect(() => ema.withAverages(fail)).toThrow('evaluation failed');
    expect(model.weight.item()).toBe(5);
    ema.update();
  });

  it('puts the weights back when a promise ends, one way or the other', async () => {
    const model = single(1);
    const ema = new EMA(model, { decay: 0.5 });
    fill(model, 5);
    const evaluate = async (): Promise<number> => {
      await Promise.resolve();
      return model.weight.item();
    };
    const running = ema.withAverages(evaluate);
    expect(() => ema.update()).toThrow(
      "Cannot update an average: expected the model's own weights in it, got the averages",
    );
    expect(() => ema.withAverages(() => 0)).toThrow('Cannot put averages into a model');
    expect(() => ema.copyTo(model)).toThrow('Cannot copy averages');
    expect(await running).toBe(1);
    expect(model.weight.item()).toBe(5);
    await expect(ema.withAverages(() => Promise.reject(new Error('late')))).rejects.toThrow('late');
    expect(model.weight.item()).toBe(5);
  });

  it('takes a schedule of the decay: emaWarmup() forgets the start', () => {
    const model = single(0);
    const ema = new EMA(model, { decay: emaWarmup(0.3) });
    fill(model, 1);
    const seen = [0, 1, 2, 3, 4].map(() => {
      ema.update();
      return ema.withAverages(() => model.weight.item());
    });
    const decays = [1 / 10, 2 / 11, 3 / 12, 0.3, 0.3];
    let expected = 0;
    for (const [i, decay] of decays.entries()) {
      expected = decay * expected + (1 - decay);
      expect(seen[i]).toBeCloseTo(expected, 6);
    }
    expect(() => new EMA(model, { decay: () => 2 }).update()).toThrow('expected decay from 0 to 1, got 2');
  });

  it('lives on beyond the scope that it was made in, and frees what it makes', () => {
    const model = single(1);
    const ema = scope(() => new EMA(model, { decay: 0.5 }));
    ema.update();
    const before = scope(liveTensors);
    for (let i = 0; i < 5; i++) scope(() => ema.withAverages(() => ema.numUpdates));
    for (let i = 0; i < 5; i++) ema.update();
    expect(scope(liveTensors)).toBeLessThanOrEqual(before);
  });

  it('averages floating buffers where it is told, and copies counts', () => {
    const model = new BatchNorm1d(1);
    const ema = new EMA(model, { decay: 0.5, useBuffers: true });
    const train = (value: number): void =>
      noGrad(() => {
        model.running_mean!.fill_(value);
        model.num_batches_tracked!.fill_(value);
      });
    train(4);
    ema.update();
    const inside = ema.withAverages(() => [model.running_mean!.item(), model.num_batches_tracked!.item()]);
    expect(inside).toEqual([2, 4]);
    expect(model.running_mean!.item()).toBe(4);
    ema.copyTo(model);
    expect(model.running_mean!.item()).toBe(2);
  });

  it('goes on from its state: N updates equal k, a state, and N - k, to the bit', () => {
    const model = new Linear(3, 2);
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const ema = new EMA(model, { decay: emaWarmup() });
    const train = (average: EMA): void => {
      optimizer.zeroGrad();
      model
        .forward(ones([3]))
        .sum()
        .backward();
      optimizer.step();
      average.update();
    };
    for (let i = 0; i < 3; i++) train(ema);
    const other = new EMA(model, { decay: emaWarmup() });
    const { num_updates, averages } = ema.stateDict();
    other.loadStateDict({ num_updates, averages });
    for (let i = 0; i < 4; i++) {
      train(ema);
      optimizer.zeroGrad();
      other.update();
    }
    expect(other.stateDict().num_updates).toBe(7);
    for (const [name, average] of Object.entries(ema.stateDict().averages))
      expect(other.stateDict().averages[name]!.toArray()).toEqual(average.toArray());
  });

  it('refuses states and options that are none, and takes nothing then', () => {
    const model = single(1);
    const ema = new EMA(model);
    expect(() => new EMA(model, { warmup: true } as never)).toThrow(
      'expected options of { decay, useBuffers, startsEmpty, widensHalves }, got "warmup"',
    );
    expect(() => new EMA(model, { decay: -1 })).toThrow(RangeError);
    expect(() => new EMA(5 as never)).toThrow('Cannot make EMA: expected a module, got 5');
    expect(() => ema.loadStateDict({ num_updates: 2, averages: { weight: ones([3]), bias: ones([1]) } })).toThrow(
      new CheckpointError(
        'Cannot load a state into EMA: expected the model\'s own names and shapes, got\n  unexpected: bias\n  "weight": expected shape [1, 1], got [3]',
      ),
    );
    expect(() => ema.loadStateDict({ num_updates: 2, averages: {} })).toThrow('missing: weight');
    expect(() => ema.loadStateDict({} as never)).toThrow(
      'expected num_updates and averages, got undefined and undefined',
    );
    expect([ema.numUpdates, ema.withAverages(() => model.weight.item())]).toEqual([0, 1]);
    expect(() => ema.copyTo(new Linear(2, 1))).toThrow(CheckpointError);
  });
});
