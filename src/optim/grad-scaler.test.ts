// Loss scales: how they move, which updates are left out, and what is refused.
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { Linear } from '../nn/index.ts';
import { Parameter } from '../nn/parameter.ts';
import { autocast, full, libtorchVersion, liveTensors, ones, scope, type Tensor, tensor } from '../tensor/index.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { GradScaler } from './grad-scaler.ts';
import { SGD } from './sgd.ts';
import { unscaleGradients } from './unscale-gradients.ts';

function make(value = 1): { weight: Parameter; optimizer: SGD } {
  const weight = new Parameter(full([2], value));
  return { weight, optimizer: new SGD([weight], { lr: 0.5 }) };
}

/** One iteration whose loss is the sum of the weight times `factor`. */
function iterate(scaler: GradScaler, { weight, optimizer }: ReturnType<typeof make>, factor: number): boolean {
  optimizer.zeroGrad();
  scaler.scale(weight.mul(factor).sum()).backward();
  const isUpdated = scaler.step(optimizer);
  scaler.update();
  return isUpdated;
}

describe('GradScaler', () => {
  it('steps with the gradients of the loss itself', () => {
    const each = make();
    expect(iterate(new GradScaler(), each, 3)).toBe(true);
    expect(each.weight.toArray()).toEqual([-0.5, -0.5]);
    expect(each.weight.grad!.toArray()).toEqual([3, 3]);
  });

  it('leaves out an update whose gradients overflow, halves, and doubles after the interval', () => {
    const scaler = new GradScaler({ initScale: 8, growthInterval: 2 });
    const each = make();
    const scales = [1, Infinity, 1, Number.NaN, 1, 1, 1].map((factor) => {
      const before = each.weight.toArray();
      const isUpdated = iterate(scaler, each, factor);
      expect(isUpdated).toBe(Number.isFinite(factor));
      expect(String(each.weight.toArray()) === String(before)).toBe(!isUpdated);
      return scaler.getScale();
    });
    expect(scales).toEqual([8, 4, 4, 2, 2, 4, 4]);
  });

  it('does not grow beyond float32', () => {
    const scaler = new GradScaler({ initScale: 2 ** 127, growthInterval: 1 });
    iterate(scaler, make(), 0);
    expect(scaler.getScale()).toBe(2 ** 127);
  });

  it('multiplies a float16 loss in float32, and each of several', () => {
    const scaler = new GradScaler();
    const loss = tensor(2, { dtype: 'float16' });
    expect([scaler.scale(loss).dtype, scaler.scale(loss).item()]).toEqual(['float32', 131072]);
    expect(scaler.scale([ones([]), full([], 2)]).map((each) => each.item())).toEqual([65536, 131072]);
  });

  it('unscales for what comes between, once', () => {
    const scaler = new GradScaler({ initScale: 4 });
    const { weight, optimizer } = make();
    scaler.scale(weight.sum()).backward();
    expect([weight.grad!.toArray(), scaler.hasFiniteGradients(optimizer)]).toEqual([[4, 4], undefined]);
    scaler.unscale_(optimizer);
    expect([weight.grad!.toArray(), scaler.hasFiniteGradients(optimizer)]).toEqual([[1, 1], true]);
    expect(() => scaler.unscale_(optimizer)).toThrow(
      'Cannot unscale gradients: expected the first time for this optimizer since update(), got the second',
    );
    expect(scaler.step(optimizer)).toBe(true);
    expect(weight.grad!.toArray()).toEqual([1, 1]);
    expect(() => scaler.unscale_(optimizer)).toThrow('got the second, after step()');
    expect(() => scaler.step(optimizer)).toThrow('Cannot step: expected the first time');
    scaler.update();
    expect(() => scaler.update()).toThrow(
      'Cannot update the loss scale: expected step() or unscale_() before it, got neither',
    );
    scaler.update(1024);
    expect(scaler.getScale()).toBe(1024);
  });

  it('looks at several optimizers, and backs off for all', () => {
    const scaler = new GradScaler({ initScale: 2 });
    const [a, b] = [make(), make()];
    scaler.scale(a.weight.sum().add(b.weight.mul(Infinity).sum())).backward();
    expect([scaler.step(a.optimizer), scaler.step(b.optimizer)]).toEqual([true, false]);
    scaler.update();
    expect(scaler.getScale()).toBe(1);
  });

  it('refuses float16 gradients', () => {
    const weight = new Parameter(ones([2], { dtype: 'float16' }));
    weight.sum().backward();
    expect(() => new GradScaler().step(new SGD([weight], { lr: 1 }))).toThrow(
      'Cannot unscale gradients: expected float32, got float16',
    );
  });

  it('is nothing where it is not enabled', () => {
    const scaler = new GradScaler({ enabled: false });
    const each = make();
    expect([iterate(scaler, each, Infinity), each.weight.toArray()]).toEqual([true, [-Infinity, -Infinity]]);
    expect([scaler.getScale(), scaler.stateDict()]).toEqual([1, {}]);
  });

  it('goes on from a state as the one that it is of', () => {
    const from = new GradScaler({ initScale: 32, growthFactor: 3, backoffFactor: 0.25, growthInterval: 3 });
    const each = make();
    iterate(from, each, 1);
    iterate(from, each, 1);
    const state = from.stateDict();
    expect(state).toEqual({
      scale: 32,
      growth_factor: 3,
      backoff_factor: 0.25,
      growth_interval: 3,
      _growth_tracker: 2,
    });
    const to = new GradScaler();
    to.loadStateDict(state);
    expect(to.stateDict()).toEqual(state);
    iterate(to, each, 1);
    expect(to.getScale()).toBe(96);
    for (const [key, value] of [
      ['scale', 0],
      ['scale', 'x'],
      ['growth_factor', 1],
      ['backoff_factor', 2],
      ['growth_interval', 1.5],
      ['_growth_tracker', -1],
    ] as const)
      expect(() => to.loadStateDict({ ...state, [key]: value } as never)).toThrow(
        new CheckpointError(`Cannot load a state into GradScaler: expected a number for "${key}", got ${value}`),
      );
    expect(() => to.loadStateDict({})).toThrow('expected a number for "scale", got none');
    expect(to.getScale()).toBe(96);
  });

  it.each([
    [{ initScale: 0 }, 'initScale above 0, got 0'],
    [{ growthFactor: 1 }, 'growthFactor above 1, got 1'],
    [{ backoffFactor: 1 }, 'backoffFactor between 0 and 1, got 1'],
    [{ growthInterval: 0 }, 'growthInterval of at least 1, got 0'],
  ])('refuses %j', (options, message) => {
    expect(() => new GradScaler(options)).toThrow(new RangeError(`Cannot set a GradScaler: expected ${message}`));
  });

  it('refuses unknown options', () => {
    expect(() => new GradScaler({ init_scale: 1 } as never)).toThrow(
      'Cannot make GradScaler: expected options of { initScale, growthFactor, backoffFactor, growthInterval, enabled }, got "init_scale"',
    );
  });

  it('leaves no tensors', () => {
    const [scaler, each] = [new GradScaler(), make()];
    scope(() => iterate(scaler, each, 1));
    const before = settledTensors();
    scope(() => iterate(scaler, each, 1));
    expect(liveTensors()).toBe(before);
  });

  it.skipIf(libtorchVersion().startsWith('1.'))('trains a layer under float16 autocast', () => {
    const layer = new Linear(4, 1);
    const optimizer = new SGD(layer.parameters(), { lr: 0.1 });
    const scaler = new GradScaler({ growthInterval: 5 });
    const losses: number[] = [];
    for (let step = 0; step < 40; step++) {
      const loss = autocast(
        'cpu',
        () =>
          layer
            .forward(ones([8, 4]))
            .sub(2)
            .pow(2)
            .mean(),
        { dtype: 'float16' },
      );
      losses.push(loss.item());
      optimizer.zeroGrad();
      scaler.scale(loss).backward();
      scaler.step(optimizer);
      scaler.update();
    }
    expect(losses.at(-1)! < 1e-3 && losses.at(-1)! < losses[0]!).toBe(true);
  });
});

describe('unscaleGradients()', () => {
  const withGradient = (values: Tensor): Parameter => {
    const parameter = new Parameter(values);
    parameter.mul(2).sum().backward();
    return parameter;
  };

  it('takes gradients of several dtypes, and looks at all', () => {
    const parameters = [
      withGradient(ones([2])),
      new Parameter(ones([3])),
      withGradient(ones([1], { dtype: 'float64' })),
      withGradient(ones([2], { dtype: 'bfloat16' })),
    ];
    expect(unscaleGradients(parameters, 0.5)).toBe(false);
    expect(parameters.map((parameter) => parameter.grad?.toArray())).toEqual([[1, 1], undefined, [1], [1, 1]]);
    parameters[0]!.grad!.fill_(Infinity);
    expect(unscaleGradients(parameters, 0.5)).toBe(true);
    expect(parameters[2]!.grad!.toArray()).toEqual([0.5]);
  });
});
