// The assembled network: where tensors go, what is refused, and the names of its state.
import { beforeEach, describe, expect, it } from 'vitest';
import { type ConfigError, ShapeError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import { manualSeed, noGrad, ones, randn, type Tensor, zeros } from '../../tensor/index.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { ModularNetwork, type ModularNetworkParts } from './modular-network.ts';
import { Modulator } from './parts.ts';
import { DynamicGaussianReadout } from './readouts/gaussian-readout.ts';
import { FlattenedLinearReadout } from './readouts/linear-readout.ts';

class Concat extends Modulator {
  readonly outChannels: number;
  constructor(outChannels: number) {
    super();
    this.outChannels = outChannels;
  }
  forward(feats: Tensor, behavior: Tensor): Tensor {
    const [batch = 0, , moments = 1, height = 1, width = 1] = feats.shape;
    return cat([feats, behavior.view([batch, -1, 1, 1, 1]).expand([batch, -1, moments, height, width])], { dim: 1 });
  }
}

class Shift extends Modulator {
  readonly outChannels = 4;
  forward(feats: Tensor, behavior: Tensor): Tensor {
    return feats.add(behavior.mean());
  }
}

const identity = (): nn.Identity => new nn.Identity();
const parts = (others: Partial<ModularNetworkParts> = {}): ModularNetworkParts => ({
  names: ['a', 'b'],
  adapters: [identity(), new nn.Conv3d(1, 1, 1)],
  frontend: new nn.Conv3d(1, 2, [3, 1, 1], { padding: [1, 0, 0] }),
  convnet: new nn.Conv3d(2, 4, [1, 3, 3]),
  recurrent: identity(),
  readouts: [new DynamicGaussianReadout(4, 3, { initialStd: 1 }), new FlattenedLinearReadout(4, 5)],
  ...others,
});
const onlyModulator = (others: Partial<ModularNetworkParts> = {}): ModularNetworkParts => ({
  ...parts(),
  adapters: [identity(), identity()],
  frontend: identity(),
  convnet: identity(),
  modulator: new Concat(4),
  readouts: [new FlattenedLinearReadout(4, 3), new FlattenedLinearReadout(4, 5)],
  ...others,
});
const isClose = (one: Tensor, other: Tensor): boolean => one.allclose(other, { rtol: 1e-5, atol: 1e-6 });

beforeEach(() => {
  manualSeed(5);
});

describe('ModularNetwork', () => {
  it('passes each data set through its own adapter and readout, and the core they share', () => {
    const given = parts();
    const network = new ModularNetwork(given);
    const stim = randn([2, 1, 4, 7, 5]);
    given.adapters.forEach((adapter, i) => {
      const features = given.convnet.forward(given.frontend.forward(adapter.forward(stim)));
      expect(isClose(network.forward({ stim, datasetIdx: i }), given.readouts[i]!.forward(features))).toBe(true);
      expect(isClose(network.coreForward(adapter.forward(stim)), features)).toBe(true);
      expect(isClose(network.readoutForward(features, i), given.readouts[i]!.forward(features))).toBe(true);
    });
    network.forward({ stim, datasetIdx: 1 }).sum().backward();
    const trained = [...network.namedParameters()].filter(([, { grad }]) => grad).map(([name]) => name);
    expect([...new Set(trained.map((name) => name.split('.').slice(0, 2).join('.')))]).toEqual([
      'adapters.1',
      'frontend.weight',
      'frontend.bias',
      'convnet.weight',
      'convnet.bias',
      'readouts.1',
    ]);
  });

  it('takes pictures of any shape, of one column and of one row', () => {
    const network = new ModularNetwork(parts({ convnet: new nn.Conv3d(2, 4, [1, 3, 1]) }));
    for (const size of [
      [40, 1],
      [3, 1],
      [3, 17],
    ])
      expect(network.forward({ stim: randn([2, 1, 4, ...size]) }).shape).toEqual([2, 3]);
    const flipped = new ModularNetwork(parts({ convnet: new nn.Conv3d(2, 4, [1, 1, 3]) }));
    expect(flipped.forward({ stim: randn([2, 1, 4, 1, 40]) }).shape).toEqual([2, 3]);
  });

  it('applies the activation, then adds the baseline of the data set', () => {
    const given = parts({ activation: new nn.Softplus(), baseline: { activation: 'softplus', initValue: 0.5 } });
    const network = new ModularNetwork(given);
    const plain = new ModularNetwork({ ...given, activation: undefined, baseline: undefined });
    const stim = randn([2, 1, 4, 7, 5]);
    const drive = plain.forward({ stim, datasetIdx: 1 });
    expect(network.baselines!.at(1).shape).toEqual([5]);
    noGrad(() => network.baselines!.at(1).fill_(-1));
    expect(
      isClose(
        network.forward({ stim, datasetIdx: 1 }),
        drive
          .exp()
          .log1p()
          .add(Math.log1p(Math.exp(-1))),
      ),
    ).toBe(true);
    const rectified = new ModularNetwork({ ...given, baseline: { activation: 'relu' } });
    noGrad(() => rectified.baselines!.at(1).fill_(-1));
    expect(isClose(rectified.forward({ stim, datasetIdx: 1 }), drive.exp().log1p())).toBe(true);
    expect(rectified.baselines!.at(0).sub(0.001).abs().max().item()).toBeLessThan(1e-9);
  });

  it('lets behaviour act, and leaves out a modulator that keeps the channels where there is none', () => {
    const stim = randn([2, 1, 4, 7, 5]);
    const behavior = ones([2, 3]);
    const shifted = new ModularNetwork(parts({ modulator: new Shift() }));
    expect(shifted.forward({ stim }).equal(shifted.forward({ stim, behavior }))).toBe(false);
    const joined = new ModularNetwork(
      parts({
        modulator: new Concat(7),
        readouts: [new FlattenedLinearReadout(7, 3), new FlattenedLinearReadout(7, 5)],
      }),
    );
    expect(joined.forward({ stim, behavior }).shape).toEqual([2, 3]);
    expect(() => joined.forward({ stim })).toThrow(/expected behavior \[B, D\], which its Concat needs, got none/);
  });

  it('needs no stimulus where only behaviour is read', () => {
    const network = new ModularNetwork(onlyModulator());
    expect(network.isModulatorOnly).toBe(true);
    const behavior = randn([2, 3]);
    const features = cat([ones([2, 1, 1, 1, 1]), behavior.view([2, 3, 1, 1, 1])], { dim: 1 });
    expect(isClose(network.forward({ behavior }), network.readouts.at(0).forward(features))).toBe(true);
    expect(() => network.forward({})).toThrow(/expected behavior in place of stim, got neither/);
    const seeing = new ModularNetwork(onlyModulator({ frontend: new nn.ReLU() }));
    expect(() => seeing.forward({ behavior })).toThrow(/expected stim \[B, C, T, H, W\], got none/);
  });

  it('adds what its history says before the activation', () => {
    const given = parts({ spikeHistory: [new nn.Linear(6, 3), new nn.Linear(10, 5)], activation: new nn.ReLU() });
    const network = new ModularNetwork(given);
    const plain = new ModularNetwork({ ...given, spikeHistory: undefined, activation: undefined });
    const stim = randn([2, 1, 4, 7, 5]);
    const history = randn([2, 2, 3]);
    const expected = plain
      .forward({ stim })
      .add(given.spikeHistory![0]!.forward(history.view([2, 6])))
      .relu();
    expect(isClose(network.forward({ stim, history }), expected)).toBe(true);
    expect(isClose(network.forward({ stim, history: history.view([2, 6]) }), expected)).toBe(true);
    expect(() => network.forward({ stim })).toThrow(/expected history \[B, lags, U\], got none/);
    expect(() => network.forward({ stim, history: zeros([2]) })).toThrow(ShapeError);
  });

  it('loads the names of a file of one data set', () => {
    const one = parts({
      names: ['a'],
      adapters: [new nn.Conv3d(1, 1, 1)],
      readouts: [new FlattenedLinearReadout(4, 3)],
      baseline: { activation: 'relu' },
    });
    const network = new ModularNetwork(one);
    const state = Object.fromEntries(
      Object.entries(network.stateDict()).map(([key, value]) => [
        key.replace(/^(adapter|readout|baseline)s\.0/, '$1'),
        value.add(1),
      ]),
    );
    expect(Object.keys(state)).toContain('baseline');
    network.loadStateDict(state);
    expect(network.baselines!.at(0).sub(1.001).abs().max().item()).toBeLessThan(1e-6);
    expect(network.adapters.at(0).stateDict().weight!.equal(state['adapter.weight']!)).toBe(true);
  });

  it('can be copied, with all that it does', () => {
    const network = new ModularNetwork(parts({ baseline: { activation: 'relu' }, modulator: new Shift() }));
    const copy = network.deepCopy();
    const stim = randn([2, 1, 4, 7, 5]);
    expect(copy.forward({ stim, datasetIdx: 1 }).equal(network.forward({ stim, datasetIdx: 1 }))).toBe(true);
    expect(Object.keys(copy.stateDict())).toEqual(Object.keys(network.stateDict()));
  });

  it('says what does not fit', () => {
    const network = new ModularNetwork(parts({ stimSize: [7, undefined] }));
    expect(network.forward({ stim: randn([2, 1, 4, 7, 9]) }).shape).toEqual([2, 3]);
    expect(() => network.forward({ stim: randn([2, 1, 4, 8, 9]) })).toThrow(
      'Cannot apply ModularNetwork: expected stim [B, 1, T, 7, W], got [2, 1, 4, 8, 9]',
    );
    expect(() => network.forward({ stim: randn([2, 3, 4, 7, 9]) })).toThrow(ShapeError);
    for (const datasetIdx of [2, -1, 0.5, '0' as unknown as number])
      expect(() => network.forward({ stim: randn([2, 1, 4, 7, 9]), datasetIdx })).toThrow(RangeError);
  });

  it('lists every part that does not fit', () => {
    const wrong = {
      ...parts({ names: ['a', 'b', 'c'], baseline: { activation: 'gelu' as 'relu' } }),
      recurrent: undefined,
      modulator: identity(),
      decoder: identity(),
    };
    let problems: readonly string[] = [];
    try {
      new ModularNetwork(wrong as unknown as ModularNetworkParts);
    } catch (error) {
      problems = (error as ConfigError).problems;
    }
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'decoder',
      'recurrent',
      'modulator',
      'adapters',
      'readouts',
      'baseline.activation',
    ]);
  });
});
