// Networks out of configurations: against PyTorch, what they are told, and everything that is wrong at once.
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import { manualSeed, randn, type Tensor } from '../../tensor/index.ts';
import { datasetConfig } from '../data/config/check-dataset-config.ts';
import { buildModel, type DatasetNetworkConfig } from './build-model.ts';
import type { ComponentConfig } from './component.ts';
import type { NetworkMakers } from './makers.ts';
import type { ModelConfig } from './model-config.ts';
import { Readout } from './parts.ts';
import { FlattenedLinearReadout } from './readouts/linear-readout.ts';
import { expectSame, recordedCases } from './testing/recorded-cases.ts';

const cases = await recordedCases('network');

const normed = { type: 'standard', padding: [0, 0, 0], use_weight_norm: true, keep_unit_norm: true, aa_signal: true };
const act = { act_type: 'splitrelu', dropout: 0 };
const blocks = [
  {
    conv_params: { ...normed, kernel_size: [3, 5, 5], aa_window: 'hann', aa_window_kwargs: { power: 1 } },
    norm_type: 'grn',
    pool_params: { type: 'max', kernel_size: 2, stride: 2 },
    ...act,
  },
  { conv_params: { ...normed, kernel_size: [3, 3, 3] }, norm_type: 'grn', pool_params: null, ...act },
];
const stem = (norm: string): object => ({
  out_channels: 2,
  conv_params: { ...normed, kernel_size: [1, 3, 3], stride: 1, dilation: [1, 1, 1], weight_norm_dim: 0 },
  norm_type: norm,
  pool_params: null,
  order: ['pad', 'conv', 'norm', 'act'],
  ...act,
});
const core = (type: string, norm: string): ComponentConfig => ({
  type,
  params: { channels: [3, 4], checkpointing: false, stem_config: stem(norm), block_configs: blocks },
});
const resnet = core('resnet', 'rms');
const densenet = core('densenet', 'response');
const frontend = (bias: boolean): ComponentConfig => ({
  type: 'learnable_temporal',
  params: {
    kernel_size: 5,
    num_channels: 3,
    init_type: 'gaussian_derivatives',
    split_MP: false,
    aa_signal: true,
    aa_window: 'hann',
    aa_window_kwargs: { power: 0.25 },
    use_weight_norm: false,
    keep_unit_norm: false,
    causal: true,
    bias,
  },
});
const modulator = (type: string): ComponentConfig => ({
  type,
  params: { behavior_dim: 6, feature_dim: 32, encoder_params: { dims: [6, 6] } },
});
const convgru: ComponentConfig = { type: 'convgru', params: { n_layers: 1, hidden_dim: 5, kernel_size: 3 } };
const none: ComponentConfig = { type: 'none', params: {} };
const model = (parts: ModelConfig): ModelConfig => ({
  model_type: 'v1multi',
  initial_input_channels: 1,
  adapter: { type: 'adapter', params: { init_sigma: 0.5, grid_size: 15, transform: 'scale' } },
  frontend: frontend(false),
  convnet: resnet,
  modulator: none,
  recurrent: convgru,
  readout: { type: 'gaussian', params: { n_units: 8, bias: true, initial_std: 0.5, initial_mean_scale: 0.1 } },
  output_activation: 'softplus',
  ...parts,
});
const datasets: readonly DatasetNetworkConfig[] = [
  { session: 'Monday', cids: [4, 7, 9] },
  { session: 'Tuesday', cids: [0, 1, 2, 5] },
];

/** VisionCore's model files, made small, and which data set the recorded numbers are of. */
const files: Readonly<Record<string, { readonly config: ModelConfig; readonly datasetIdx: number }>> = {
  learned_resnet_concat_convgru_gaussian: { config: model({ modulator: modulator('concat') }), datasetIdx: 1 },
  learned_resnet_none_none_gaussian: { config: model({ recurrent: none }), datasetIdx: 0 },
  learned_dense_film_none_gaussian: {
    config: model({ frontend: frontend(true), convnet: densenet, modulator: modulator('film'), recurrent: none }),
    datasetIdx: 1,
  },
  learned_dense_concat_convgru_gaussian_history: {
    config: model({
      model_type: 'v1multi_history',
      frontend: frontend(true),
      convnet: densenet,
      modulator: modulator('concat'),
      history_encoder: {
        type: 'mlp',
        params: { num_lags: 2, hidden_dims: [5, 3], act_type: 'relu', spectral_norm: true, bias: true },
      },
    }),
    datasetIdx: 0,
  },
  'baselines and a linear output': {
    config: model({
      modulator: modulator('concat'),
      output_activation: 'none',
      baseline: { enabled: true, activation: 'relu', init_value: 0.3 },
    }),
    datasetIdx: 1,
  },
  modulator_only_convgru: {
    config: {
      model_type: 'v1multi',
      adapter: none,
      frontend: none,
      convnet: none,
      modulator: modulator('concat'),
      recurrent: convgru,
      readout: { type: 'linear', params: { n_units: 8, bias: true } },
      output_activation: 'none',
    },
    datasetIdx: 1,
  },
};

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('buildModel() makes networks that compute what PyTorch computes', () => {
  for (const [name, { config, datasetIdx }] of Object.entries(files)) {
    it(name, () => {
      const network = buildModel(config, datasets);
      network.eval(); // spectral norms as they are
      expectSame(network, cases[name]!, (inputs) => network.forward({ ...inputs, datasetIdx }));
    });
  }
});

describe('buildModel()', () => {
  it('gives each data set as many outputs as it has units, its own adapter and its own readout', () => {
    const lags = { keys_lags: { stim: [0, 1], robs: 0 }, types: ['pictures'] };
    const own: readonly DatasetNetworkConfig[] = [
      datasetConfig({ session: 'Monday', cids: [4, 7, 9], adapter: none, readout: { type: 'linear' }, ...lags }),
      { session: 'Tuesday', cids: ['a', 'b'] },
    ];
    const network = buildModel(model({ modulator: modulator('film') }), own);
    expect(network.names).toEqual(['Monday', 'Tuesday']);
    expect(network.adapters.at(0)).toBeInstanceOf(nn.Identity);
    expect(network.readouts.at(0)).toBeInstanceOf(FlattenedLinearReadout);
    const behavior = randn([2, 6]);
    expect(network.forward({ stim: randn([2, 1, 9, 15, 17]), behavior }).shape).toEqual([2, 3]);
    expect(network.forward({ stim: randn([2, 1, 9, 20, 9]), behavior, datasetIdx: 1 }).shape).toEqual([2, 2]);
    expect(network.deepCopy().forward({ stim: randn([2, 1, 9, 15, 17]), behavior }).shape).toEqual([2, 3]);
  });

  it('takes clips of one row and of one column, with cores that do', () => {
    const block = (kernel: readonly number[]): object => ({ conv_params: { kernel_size: kernel }, norm_type: 'rms' });
    for (const [kernel, shape] of [
      [
        [3, 5, 1],
        [2, 1, 9, 16, 1],
      ],
      [
        [3, 1, 5],
        [2, 1, 9, 1, 16],
      ],
    ] as const) {
      const convnet = { type: 'resnet', params: { channels: [4], block_configs: [block(kernel)] } };
      const network = buildModel(model({ adapter: none, convnet }), datasets);
      network
        .forward({ stim: randn(shape), datasetIdx: 1 })
        .sum()
        .backward();
      expect([...network.namedParameters()].filter(([, { grad }]) => grad?.isfinite().all().item() === 0)).toEqual([]);
    }
  });

  it('tells frontends how long a frame is, and holds stimuli to the size that the file says', () => {
    const rates: number[] = [];
    const frontend = {
      own: (_: object, context: { samplingRate: number }) => {
        rates.push(context.samplingRate);
        return { module: new nn.Identity(), outChannels: 1 };
      },
    };
    const config = model({ frontend: { type: 'own' }, sampling_rate: 120, height: 15, width: null });
    const network = buildModel(config, datasets, { makers: { frontend } });
    expect(rates).toEqual([120]);
    expect(network.forward({ stim: randn([2, 1, 9, 15, 17]) }).shape).toEqual([2, 3]);
    expect(() => network.forward({ stim: randn([2, 1, 9, 16, 17]) })).toThrow(/expected stim \[B, 1, T, 15, W\]/);
  });

  it('draws weights in the order of the parts, so that the same seed gives the same network', () => {
    manualSeed(4);
    const first = buildModel(model({}), datasets).stateDict();
    manualSeed(4);
    const again = buildModel(model({}), datasets).stateDict();
    expect(Object.entries(first).filter(([name, value]) => !value.equal(again[name]!))).toEqual([]);
  });

  it('makes a model of one data set of its file alone', () => {
    const readout = { type: 'linear', params: { n_units: 7 } };
    const one = { model_type: 'v1', convnet: none, readout } as const;
    expect(buildModel(one).forward({ stim: randn([2, 1, 3, 5, 4]) }).shape).toEqual([2, 7]);
    expect(buildModel(one, [{ session: 'Monday', cids: [1, 2] }]).readouts.at(0).nUnits).toBe(2);
    expect(buildModel({ convnet: none, readout: { type: 'linear' } }).readouts.at(0).nUnits).toBe(16);
    expect(problemsOf(() => buildModel(one, datasets))).toEqual([
      'model_type: expected "v1multi", for more than one data set, got "v1" and 2 data sets',
    ]);
    expect(problemsOf(() => buildModel(model({})))).toEqual([
      'model_type: expected "v1", or a data set, got "v1multi" and 0 data sets',
    ]);
  });

  it('takes parts of your own, which are told what their place knows', () => {
    const told: unknown[] = [];
    class Letters extends Readout {
      readonly nUnits: number;
      readonly fc: nn.Linear;
      constructor(inChannels: number, nUnits: number) {
        super();
        this.nUnits = nUnits;
        this.fc = new nn.Linear(inChannels, nUnits);
      }
      forward(features: Tensor): Tensor {
        return this.fc.forward(features.mean({ dim: [3, 4] }).transpose(1, 2)); // [B, T, U]
      }
    }
    const makers: NetworkMakers = {
      recurrent: { Mean: (_, { inputDim }) => ({ module: new nn.AvgPool3d([1, 2, 2]), outChannels: inputDim }) },
      readout: {
        letters: (options, context) => {
          told.push(options, context);
          return new Letters(context.inChannels, context.nUnits);
        },
      },
    };
    const readout = { type: 'letters', params: { hidden_dim: 3 } };
    const config = model({ recurrent: { type: 'mean' }, readout, output_activation: 'none' });
    const network = buildModel(config, datasets, { makers, names: ['one', 'two'] });
    expect(network.names).toEqual(['one', 'two']);
    expect(told.slice(0, 2)).toEqual([{ hiddenDim: 3 }, { inChannels: 8, nUnits: 3, datasetConfig: datasets[0] }]);
    expect(network.forward({ stim: randn([2, 1, 9, 15, 15]), datasetIdx: 1 }).shape).toEqual([2, 2, 4]);
    const wrong = { readot: {}, convnet: { deep: 3 } } as unknown as NetworkMakers;
    expect(problemsOf(() => buildModel(config, datasets, { makers: wrong })).slice(0, 2)).toEqual([
      'makers.readot: expected one of adapter, frontend, convnet, modulator, recurrent, readout, got an unknown key; did you mean readout?',
      'makers.convnet.deep: expected a function, got 3',
    ]);
    const unsaid = { convnet: { deep: () => ({ module: new nn.Identity() }) } } as unknown as NetworkMakers;
    expect(problemsOf(() => buildModel(model({ convnet: { type: 'deep' } }), datasets, { makers: unsaid }))).toEqual([
      'convnet: expected a maker that gives { module, outChannels }, got an object',
    ]);
  });

  it('leaves out what VisionCore does not read any more, and says so', async () => {
    const told = new Promise<Error>((resolve) => process.once('warning', resolve));
    const params = { behavior_dim: 6, hidden_dim: 4, use_layer_norm: true, grad_clip_val: 10 };
    buildModel(model({ modulator: { type: 'convgru', params }, recurrent: none }), datasets);
    expect((await told).message).toMatch(/modulator.params.*not read.*use_layer_norm, grad_clip_val/);
  });

  it('says everything that is wrong at once', () => {
    const wrong = {
      ...model({}),
      model_typ: 'v1multi',
      samplingRate: -240,
      baseline: { enabled: 'yes', activation: 'gelu' },
      history_encoder: { type: 'mlp' },
      recurrent: { type: 'gru2' },
    } as unknown as ModelConfig;
    expect(problemsOf(() => buildModel(wrong, [{ session: 'Monday', cids: [] }]))).toEqual([
      'model_typ: expected a known key, got an unknown key; did you mean model_type?',
      'samplingRate: expected a number above 0, got -240',
      'baseline.enabled: expected true or false, got "yes"',
      'baseline.activation: expected one of relu, softplus, got "gelu"',
      'history_encoder: expected nothing with model_type v1multi, got an object; write model_type: v1multi_history',
      'Monday: cids: expected a list of at least one unit, got []',
      'recurrent.type: expected one of none, convgru, convlstm, gru, lstm, got "gru2"',
    ]);
    expect(problemsOf(() => buildModel(model({}), [{ cids: [1] }, undefined as never, 3 as never]))).toEqual([
      'datasets.1: expected an object with cids, got none',
      'datasets.2: expected an object with cids, got 3',
    ]);
    const parts = {
      ...model({}),
      adapter: { type: 'adaptor' },
      frontend: { type: 'learnable_temporal', params: { num_channels: 0 } },
      convnet: { type: 'resnet', params: { channels: [3] } },
      modulator: { type: 'concat', params: { behaviour_dim: 3 } },
      recurrent: { type: 'gru2' },
      readout: { type: 'gaussian', params: { initial_std: -1 } },
      output_activation: 'softpluss',
    };
    const places = problemsOf(() =>
      buildModel(parts, [{ ...datasets[0]!, readout: { type: 'linera' } }, datasets[1]!]),
    );
    expect(places.map((problem) => problem.split(': expected')[0])).toEqual([
      'adapter.type',
      'frontend.params.num_channels',
      'convnet.params.block_configs',
      'modulator.params.behaviour_dim',
      'recurrent.type',
      'Monday: readout.type',
      'readout.params.initial_std',
      'output_activation',
    ]);
  });
});
