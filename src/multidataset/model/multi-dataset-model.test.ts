// Steps of a model of many data sets: the mean over groups, what is left out, further terms; its optimizer; and what it refuses.

import { describe, expect, it } from 'vitest';
import { Conv3d, Identity, Softplus } from '../../nn/index.ts';
import { manualSeed, noGrad, randn, scope, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { liveTensors } from '../../tensor/scope.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import type { WeightedValue } from '../../trainer/metrics/weighted-value.ts';
import { ModularNetwork } from '../network/modular-network.ts';
import { Modulator } from '../network/parts.ts';
import { FlattenedLinearReadout } from '../network/readouts/linear-readout.ts';
import { groupLoss, meanOfGroups } from '../objectives/group-loss.ts';
import type { DatasetGroup } from '../objectives/objective.ts';
import { MultiDatasetModel } from './multi-dataset-model.ts';
import { SMALL_CONFIG, SMALL_DATASETS, smallGroup, smallModel } from './testing/small-model.ts';

const gradientsOf = (model: MultiDatasetModel, loss: Tensor): Record<string, unknown> => {
  for (const parameter of model.parameters()) parameter.grad = undefined;
  loss.backward();
  return Object.fromEntries(Array.from(model.namedParameters(), ([name, { grad }]) => [name, grad?.toArray()]));
};
const lossOf = (model: MultiDatasetModel, group: DatasetGroup): Tensor =>
  model.loss_fn.loss(
    model.forward({ stim: group.stim as Tensor, dsIdx: group.datasetIdx as number, beh: group.behavior as Tensor }),
    group,
  );

describe('MultiDatasetModel.trainingStep()', () => {
  it('is the mean of the groups’ losses, with each weighted by its samples, for a list and for one group', () => {
    const model = smallModel();
    const groups = [smallGroup(1, 5), smallGroup(0, 3)];
    const losses = groups.map((group) => lossOf(model, group).item());
    const values = model.trainingStep(groups);
    expect(values.loss.item()).toBeCloseTo((losses[0]! + losses[1]!) / 2, 6);
    const { value, weight } = values['loss/Ada_2'] as WeightedValue;
    expect([(value as Tensor).item(), weight]).toEqual([expect.closeTo(losses[0]!, 6), 5]);
    expect(values.base_loss).toMatchObject({ weight: 8 });
    expect(Object.keys(values).sort()).toEqual(['base_loss', 'loss', 'loss/Ada_1', 'loss/Ada_2']);
    expect(model.trainingStep(groups[1]!).loss.item()).toBeCloseTo(losses[1]!, 6);
    const asTensor = { ...groups[1]!, datasetIdx: tensor([0, 0, 0]) };
    expect(model.trainingStep(asTensor).loss.item()).toBeCloseTo(losses[1]!, 6);
  });

  const broken: Readonly<Record<string, (group: DatasetGroup) => DatasetGroup>> = {
    'without a valid bin': (group) => ({ ...group, dfs: zeros((group.robs as Tensor).shape) }),
    'with counts that are no numbers': (group) => ({ ...group, robs: (group.robs as Tensor).add(NaN) }),
  };
  it.each(Object.entries(broken))('leaves out a group %s, and counts it', (_name, spoil) => {
    const model = smallModel();
    const [good, other] = [smallGroup(0), smallGroup(1)];
    const alone = gradientsOf(model, model.trainingStep([good]).loss);
    const values = model.trainingStep([good, spoil(other)]);
    expect(gradientsOf(model, values.loss)).toEqual(alone);
    expect(values['loss/Ada_2']).toMatchObject({ weight: 0 });
    expect(model.skippedGroups.compute()).toEqual({ 'nan_skip/Ada_2': 1 });
    const none = model.trainingStep([spoil(other)]);
    expect(none.loss.item()).toBe(0);
    none.loss.backward();
    expect(none).not.toHaveProperty('base_loss');
    expect(model.skippedGroups.compute()).toEqual({ 'nan_skip/Ada_2': 2 });
    model.skippedGroups.reset();
  });

  it.each(Object.entries(broken))(
    'on a device that nobody waits for gives the same with a group %s',
    (_name, spoil) => {
      const model = smallModel();
      const groups = [smallGroup(0), spoil(smallGroup(1))];
      const expected = gradientsOf(model, model.trainingStep(groups).loss);
      const played = groups.map((group) => {
        const output = model.forward({
          stim: group.stim as Tensor,
          dsIdx: group.datasetIdx as number,
          beh: group.behavior as Tensor,
        });
        return groupLoss(model.loss_fn, output, group, true);
      });
      const { mean, isAny } = meanOfGroups(played)!;
      const gradients = gradientsOf(model, mean) as Record<string, number[]>;
      expect((isAny as Tensor).item()).toBe(1);
      for (const [name, value] of Object.entries(expected))
        expect(gradients[name] ?? undefined).toEqual(value ?? expect.anything());
      const zero = [gradients['model.readouts.1.bias'], gradients['model.readouts.1.features.weight']].flat(9);
      expect(zero.every((value) => value === 0)).toBe(true);
    },
  );

  it('adds penalties that act in the epoch', () => {
    const regularization = [
      {
        name: 'sparse',
        type: 'l1',
        lambda: 0.5,
        apply_to: ['readouts/features'],
        schedule: { kind: 'warmup', start_epoch: 2 },
      },
    ] as const;
    const model = smallModel({ modelConfig: { ...SMALL_CONFIG, regularization } });
    const groups = [smallGroup(0)];
    const base = model.trainingStep(groups, 1).loss.item();
    const values = model.trainingStep(groups, 2);
    const sum = Array.from(model.namedParameters())
      .filter(([name]) => name.includes('features'))
      .reduce((total, [, p]) => total + p.abs().sum().item(), 0);
    expect((values['reg_loss/sparse'] as Tensor).item()).toBeCloseTo(0.5 * sum, 5);
    expect(values.loss.item()).toBeCloseTo(base + 0.5 * sum, 5);
    expect(model.hasTerms).toBe(true);
  });

  it('adds the error of a predictive modulator over all groups, and forgets it', () => {
    const model = predictive();
    const groups = [0, 1].map((datasetIdx) => ({
      ...smallGroup(datasetIdx),
      behavior: randn([4, 2]).mul(datasetIdx + 1),
    }));
    const [first, second] = groups.map((group) => (group.behavior as Tensor).square().mean().item());
    const values = model.trainingStep(groups);
    expect((values.aux_loss as Tensor).item()).toBeCloseTo((0.3 * (first! + second!)) / 2, 5);
    expect((model.trainingStep(groups.slice(0, 1)).aux_loss as Tensor).item()).toBeCloseTo(0.3 * first!, 5);
    model.eval();
    model.validationStep(groups);
    model.train();
    expect((model.trainingStep(groups.slice(1)).aux_loss as Tensor).item()).toBeCloseTo(0.3 * second!, 5);
  });

  it('refuses samples without the behaviour that its modulator takes, which a network alone leaves out', () => {
    const model = new MultiDatasetModel({
      modelConfig: {
        ...SMALL_CONFIG,
        modulator: { type: 'film', params: { behavior_dim: 2, encoder_params: { dims: [3] } } },
      },
      datasetConfigs: [{ session: 'a', cids: [0, 1, 2] }],
    });
    const { behavior: _behavior, ...blind } = smallGroup(0) as { readonly [name: string]: unknown };
    const plays = [
      () => model.trainingStep([blind] as never),
      () => model.validationStep([blind] as never),
      () => model.predictStep([blind] as never),
    ];
    for (const play of plays)
      expect(play).toThrow(
        'Cannot play a batch of "a": expected behavior for the model\'s FiLMModulator, got none; name it under keys_lags of the data set',
      );
  });

  it('refuses what is no group', () => {
    const [model, group] = [smallModel(), smallGroup(0)];
    for (const step of [(groups: DatasetGroup[]) => model.trainingStep(groups), model.validationStep.bind(model)]) {
      expect(() => step([undefined as never])).toThrow(
        'Cannot play a group: expected an object with datasetIdx and tensors by name, got none',
      );
      expect(() => step([{ ...group, datasetIdx: undefined as never }])).toThrow(
        'Cannot play a group: expected datasetIdx, a number or a tensor of equal numbers, got none',
      );
      expect(() => step([{ ...group, datasetIdx: 'Allen' as never }])).toThrow('tensor of equal numbers, got "Allen"');
      expect(() => step([{ ...group, stim: [1] }])).toThrow('expected stim [B, C, T, H, W], got [1]');
    }
  });

  it('leaves nothing behind', () => {
    const model = smallModel();
    const before = settledTensors();
    scope(() => void model.trainingStep([smallGroup(0), smallGroup(1)]).loss.item());
    expect(liveTensors()).toBe(before);
  });
});

/** The behaviour is the error. */
class Predictive extends Modulator {
  readonly outChannels = 4;
  #errors: Tensor[] = [];

  forward(feats: Tensor, behavior: Tensor): Tensor {
    if (this.training) this.#errors.push(behavior);
    return feats;
  }

  override takePredictionErrors(): readonly Tensor[] {
    return this.#errors.splice(0);
  }
}

function predictive(): MultiDatasetModel {
  const network = new ModularNetwork({
    names: ['a', 'b'],
    adapters: [new Identity(), new Identity()],
    frontend: new Identity(),
    convnet: new Conv3d(1, 4, [1, 3, 3]),
    modulator: new Predictive(),
    recurrent: new Identity(),
    readouts: [new FlattenedLinearReadout(4, 3), new FlattenedLinearReadout(4, 2)],
    activation: new Softplus(),
  });
  return new MultiDatasetModel({ network, lambdaPred: 0.3 });
}

describe('MultiDatasetModel.forward()', () => {
  it.each([
    ['softplus', 1e-8],
    ['none', -20],
  ])('with the activation %s is %d at least', (output_activation, least) => {
    const model = smallModel({ modelConfig: { ...SMALL_CONFIG, output_activation } });
    noGrad(() => (model.model.readouts.at(0) as unknown as { bias: Tensor }).bias.copy_(tensor([-100, 0, 3])));
    const { stim, behavior } = smallGroup(0, 1) as never as { stim: Tensor; behavior: Tensor };
    const [lowest, ...others] = model.forward({ stim, dsIdx: 0, beh: behavior }).flatten().toArray() as number[];
    expect(lowest).toBeCloseTo(least, 12);
    for (const other of others) expect(other).toBeGreaterThan(least);
  });
});

describe('MultiDatasetModel.validationStep()', () => {
  it('gathers what was predicted, whatever the batches, by data set, by subject and over all', () => {
    manualSeed(8);
    const model = smallModel().eval();
    const groups = [0, 1, 0, 1, 0].map((datasetIdx, i) => smallGroup(datasetIdx, i + 2));
    model.validationStep(groups.slice(0, 2));
    for (const group of groups.slice(2)) expect(model.validationStep(group)).toEqual({});
    const values = model.scores.compute();
    const sums = [0, 1].map((datasetIdx) => {
      const own = groups.filter((group) => group.datasetIdx === datasetIdx);
      const valid = own.map(({ dfs }) => (dfs as Tensor).sum().item());
      const total = own.reduce((sum, group, i) => sum + lossOf(model, group).item() * valid[i]!, 0);
      return total / valid.reduce((a, b) => a + b);
    });
    expect(values['loss/Ada_1']).toBeCloseTo(sums[0]!, 6);
    expect(values['loss/Ada_2']).toBeCloseTo(sums[1]!, 6);
    expect(values.loss).toBeCloseTo((sums[0]! + sums[1]!) / 2, 6);
    expect(values['loss/Ada']).toBe(values.loss);
    expect(values.bps_overall).toBeCloseTo((values['bps/Ada_1']! + values['bps/Ada_2']!) / 2, 12);
    const other = smallModel().eval();
    other.scores.loadState(model.scores.state());
    expect(other.scores.compute()).toEqual(values);
    other.scores.merge(model.scores.state());
    expect(other.scores.compute()['loss/Ada_1']).toBeCloseTo(sums[0]!, 6);
    expect(() => other.scores.loadState({ 0: {} })).toThrow(
      'Cannot load the state of DatasetScores: expected 2 parts by their numbers, got "0"',
    );
  });

  it('is 0 bits per spike over all where nothing was valid, and says how many groups were left out', () => {
    const model = smallModel().eval();
    expect(model.scores.compute()).toEqual({});
    const group = smallGroup(0);
    model.validationStep({ ...group, dfs: zeros((group.robs as Tensor).shape) });
    expect(model.scores.compute()).toEqual({ 'nan_skip/Ada_1': 1, bps_overall: 0 });
    model.validationStep(smallGroup(1));
    const values = model.scores.compute();
    expect(values.bps_overall).toBe(values['bps/Ada_2']);
    const other = smallGroup(1);
    model.validationStep({ ...other, robs: (other.robs as Tensor).add(Number.NaN) });
    expect(model.scores.compute()).toEqual({ ...values, 'nan_skip/Ada_2': 1 });
  });
});

describe('MultiDatasetModel.configureOptimizers()', () => {
  const namesOf = (model: MultiDatasetModel, params: readonly Tensor[]): string[] =>
    Array.from(model.namedParameters())
      .filter(([, p]) => params.includes(p))
      .map(([name]) => name.replace(/\d/, 'i'));

  it('groups core and heads, with and without weight decay, at rates of their own', () => {
    const regularization = [{ name: 'spread', type: 'l2', lambda: 0, apply_to: ['readouts.0/features'] }] as const;
    const model = smallModel({ modelConfig: { ...SMALL_CONFIG, regularization }, wd: 0.1, coreLrScale: 0.5 });
    const { optimizer, schedulers } = model.configureOptimizers({ maxEpochs: 3 });
    expect(schedulers).toEqual([]);
    const groups = optimizer.paramGroups.map(({ params, lr, weightDecay }) => [
      lr,
      weightDecay,
      namesOf(model, params),
    ]);
    expect(groups.map(([lr, wd]) => [lr, wd])).toEqual([
      [0.005, 0.1],
      [0.005, 0],
      [0.01, 0.1],
      [0.01, 0],
    ]);
    const [core, coreRest, heads, headsRest] = groups.map(([, , names]) => names as string[]);
    expect(core!.every((name) => /convnet|modulator/.test(name) && name.endsWith('.weight'))).toBe(true);
    expect(coreRest!.every((name) => /convnet|modulator/.test(name))).toBe(true);
    expect(heads).toEqual(['model.readouts.i.features.weight']); // of the second; the first is regularised
    expect(headsRest).toContain('model.readouts.i.mean');
    const count = groups.reduce((sum, [, , names]) => sum + (names as string[]).length, 0);
    expect(count).toBe(model.parameters().length);
  });

  it('takes what hparams say when it is called, and options over it; frozen parameters are in no group', () => {
    const model = smallModel();
    model.hparams.coreLrScale = 0.25;
    model.hparams.lrScheduler = 'cosine_warmup';
    model.freeze('model.readouts');
    const { optimizer, schedulers } = model.configureOptimizers({ maxEpochs: 9, lr: 0.4, warmupEpochs: 3 });
    expect(optimizer.paramGroups.map(({ initialLr }) => initialLr)).toEqual([0.1, 0.1]);
    expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(0.1 / 4, 12); // not 0
    expect(schedulers).toMatchObject([{ interval: 'epoch' }]);
    model.freeze('model');
    expect(() => model.configureOptimizers({ maxEpochs: 1 })).toThrow(
      'expected parameters that are trained, got frozen ones alone',
    );
    expect(() => model.configureOptimizers({ maxEpochs: 0, wd: -1 })).toThrow(
      /wd: expected a number from 0 on, got -1; maxEpochs: expected|maxEpochs: expected.*wd: expected/s,
    );
  });

  it.each([
    ['step', 'StepLR'],
    ['plateau', 'ReduceLROnPlateau'],
    ['cosine', 'CosineAnnealingLR'],
    ['cosine_warmup_restart', 'LinearWarmupCosineAnnealingWarmRestartsLR'],
  ] as const)('knows the schedule %s', (lrScheduler, kind) => {
    const { schedulers } = smallModel().configureOptimizers({ maxEpochs: 9, lrScheduler });
    expect(schedulers[0]!.scheduler.constructor.name).toBe(kind);
    expect(schedulers[0]!.monitor).toBe(lrScheduler === 'plateau' ? 'val_loss' : undefined);
  });
});

describe('new MultiDatasetModel()', () => {
  it('says what is wrong with the network and with its regularisers together', () => {
    const regularization = [{ name: 'sparse', type: 'l3' as never, lambda: 1 }];
    const modelConfig = { ...SMALL_CONFIG, convnet: { type: 'resnett' }, regularization };
    expect(() => new MultiDatasetModel({ modelConfig, datasetConfigs: SMALL_DATASETS })).toThrow(
      /build a model: 2 problems\n {2}- convnet.type: expected one of .*, got "resnett"\n {2}- regularization.0.type: .*got "l3"$/,
    );
  });

  it('refuses options that do not fit, all at once', () => {
    const make = (options: object) => () => new MultiDatasetModel(options as never);
    expect(make({})).toThrow('modelConfig: expected the configuration of a network, got none');
    expect(make({ lr: 0, wd: -1, lossTipe: 'x' })).toThrow(/lr: expected.*wd: expected.*lossTipe: expected one of/s);
    expect(make({ network: predictive().model, datasetConfigs: [], modelConfig: {} })).toThrow(
      /modelConfig: expected none beside network.*datasetConfigs: expected none beside network/s,
    );
    expect(make({ modelConfig: { ...SMALL_CONFIG, loss_type: 'gauss' }, datasetConfigs: SMALL_DATASETS })).toThrow(
      'loss_type: expected one of "poisson", "zip", "zero_inflated_poisson", got "gauss"',
    );
    expect(make({ modelConfig: { ...SMALL_CONFIG, convnett: {} }, datasetConfigs: SMALL_DATASETS })).toThrow(
      /convnett/,
    );
  });

  it('says that nothing is compiled', async () => {
    const said = new Promise<string>((resolve) => process.once('warning', ({ message }) => resolve(message)));
    expect(smallModel({ compileModel: true }).hparams.compileModel).toBe(true);
    expect(await said).toBe('compileModel: nothing is compiled here, the model runs as it is');
  });

  it('learns the share of further zeros with loss_type zip', () => {
    const model = smallModel({ modelConfig: { ...SMALL_CONFIG, loss_type: 'zip' } as never });
    const names = Array.from(model.namedParameters(), ([name]) => name);
    expect(names.slice(-2)).toEqual(['loss_fn.pi_logits.0', 'loss_fn.pi_logits.1']);
    const values = model.trainingStep([smallGroup(1)]);
    values.loss.backward();
    expect(model.loss_fn.parameters().map(({ grad }) => grad?.shape)).toEqual([undefined, [2]]);
    model.validationStep([smallGroup(1)]);
    expect(Object.keys(model.scores.compute())).toContain('bps/Ada_2');
  });
});
