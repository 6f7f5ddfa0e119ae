// Normalisation, by layer and by function.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

const CUMULATIVE: Value = { ours: 'cumulative', python: null };

const eps = (d: Draw): Drawn => ({ eps: d.maybe([{ float: 1e-3 }, { float: 0.1 }, 1e-8], 0.3) });

const batchNorm =
  (...dims: number[]): Spec['draw'] =>
  (d) => {
    const features = d.size();
    const options = {
      ...eps(d),
      momentum: d.chance(0.15) ? CUMULATIVE : d.maybeFloat(0, 1, 0.4),
      affine: d.flag(0.3),
      trackRunningStats: d.flag(0.3),
      bias: d.flag(0.2),
    };
    const shape = [d.batch(), features, ...d.space(d.pick(dims), 1, 5)];
    d.layer({ args: [features], options, inputs: [d.tensor(shape, { scale: d.pick([1, 5]), shift: d.pick([0, 3]) })] });
  };

const instanceNorm =
  (dims: number): Spec['draw'] =>
  (d) => {
    const features = d.size();
    const options = {
      ...eps(d),
      momentum: d.maybeFloat(0, 1, 0.4),
      affine: d.flag(0.4),
      trackRunningStats: d.flag(0.4),
      bias: d.flag(0.2),
    };
    d.layer({ args: [features], options, inputs: [d.tensor([...d.channels(features), ...d.space(dims, 1, 5)])] });
  };

/** Leading dimensions, and the last ones that are normalised. */
function trailing(d: Draw): { lead: number[]; last: number[] } {
  return { lead: d.lead(2), last: Array.from({ length: d.int(1, 2) }, () => d.size()) };
}

const shapeOf = (d: Draw, last: number[]): number | number[] => (last.length === 1 && d.chance(0.5) ? last[0]! : last);

const OTHER_CHANNELS = [
  [/InstanceNorm.d: expected \d+ channels/, 'channels of another number, of which PyTorch warns'],
] as const;

const OTHER_GROUPS = [
  [
    /Cannot apply GroupNorm: expected \[N, \d+, ...\]/,
    'channels of another number, which PyTorch takes without a weight',
  ],
] as const;

const LAYERS: Specs = {
  'nn.BatchNorm1d': batchNorm(0, 1),
  'nn.BatchNorm2d': batchNorm(2),
  'nn.BatchNorm3d': batchNorm(3),
  'nn.InstanceNorm1d': { draw: instanceNorm(1), refuses: OTHER_CHANNELS },
  'nn.InstanceNorm2d': { draw: instanceNorm(2), refuses: OTHER_CHANNELS },
  'nn.InstanceNorm3d': { draw: instanceNorm(3), refuses: OTHER_CHANNELS },
  'nn.LayerNorm': (d) => {
    const { lead, last } = trailing(d);
    const options = { ...eps(d), elementwiseAffine: d.flag(0.3), bias: d.flag(0.3) };
    d.layer({ args: [shapeOf(d, last)], options, inputs: [d.tensor([...lead, ...last], { scale: d.pick([1, 8]) })] });
  },
  'nn.RMSNorm': (d) => {
    const { lead, last } = trailing(d);
    const options = { ...eps(d), elementwiseAffine: d.flag(0.3) };
    d.layer({ args: [shapeOf(d, last)], options, inputs: [d.tensor([...lead, ...last])] });
  },
  'nn.GroupNorm': {
    refuses: OTHER_GROUPS,
    draw: (d) => {
      const groups = d.int(1, 3);
      const count = groups * d.size(3) + (d.chance(0.03) ? 1 : 0);
      const options = { ...eps(d), affine: d.flag(0.3), bias: d.flag(0.2) };
      d.layer({
        args: [groups, count],
        options,
        inputs: [d.tensor([d.batch(), count, ...d.space(d.int(0, 3), 1, 4)])],
      });
    },
  },
  'nn.LocalResponseNorm': (d) => {
    const options = { alpha: d.maybeFloat(0, 1), beta: d.maybeFloat(0.1, 1), k: d.maybeFloat(0.5, 2) };
    d.layer({
      args: [d.int(1, 5)],
      options,
      inputs: [d.tensor([d.batch(), d.size(), ...d.space(d.int(1, 3), 1, 4)])],
      isTyped: false,
    });
  },
};

/** Statistics, weight and bias of so many channels, each there or not. */
function channelStates(d: Draw, count: number): (Value | null)[] {
  const optional = (options = {}): Value | null =>
    d.chance(0.7) ? d.tensor([count], { memory: 'contiguous', ...options }) : null;
  // What lies otherwise in memory is copied first, here alone: libtorch's kernels read past it.
  const still = { requiresGrad: false, memory: 'contiguous' } as const;
  const hasStatistics = d.chance(0.7);
  return [
    hasStatistics ? d.tensor([count], { ...still }) : null,
    hasStatistics ? d.tensor([count], { fill: 'positive', shift: 0.1, ...still }) : null,
    optional(),
    optional(),
  ];
}

export const NORMS: Specs = {
  ...LAYERS,
  'nn.CrossMapLRN2d': (d) => {
    const options = { alpha: d.maybeFloat(0, 1), beta: d.maybeFloat(0.1, 1), k: d.maybeFloat(0.5, 2) };
    // PyTorch's is Python from before there were other dtypes and layouts, and fails with fewer channels than neighbours.
    const size = d.int(2, 4);
    const plain = { dtype: d.pick(['float32', 'float64']), memory: 'contiguous' } as const;
    const x = d.tensor([d.batch(), d.int(size, 6), ...d.space(2, 1, 4)], plain);
    d.layer({ args: [size], options, inputs: [x], isTyped: false });
  },
  'nn.SyncBatchNorm': (d) => {
    // PyTorch trains it on GPUs alone: evaluation.
    const features = d.size();
    const module = d.call('nn.SyncBatchNorm', [features], {
      ...eps(d),
      affine: d.flag(0.3),
      trackRunningStats: d.chance(0.2) ? true : undefined,
    });
    d.show(module, 'text');
    d.show(module, 'state');
    d.call('eval', [], {}, { on: module });
    const x = d.tensor([d.int(1, 3), features, ...d.space(d.int(0, 2), 1, 4)]);
    const out = d.call('forward', [x], {}, { on: module });
    d.show(out);
    d.add({ kind: 'backward', of: [out] });
    d.show(module, 'gradients');
    d.showGradients([x]);
  },
  'nn.functional.layerNorm': (d) => {
    const { lead, last } = trailing(d);
    const optional = (): Value | undefined => (d.chance(0.5) ? d.tensor(last) : undefined);
    d.function([d.tensor([...lead, ...last]), last], { weight: optional(), bias: optional(), ...eps(d) });
  },
  'nn.functional.rmsNorm': (d) => {
    const { lead, last } = trailing(d);
    d.function([d.tensor([...lead, ...last]), last], { weight: d.chance(0.5) ? d.tensor(last) : undefined, ...eps(d) });
  },
  'nn.functional.groupNorm': (d) => {
    const groups = d.int(1, 3);
    const count = groups * d.size(3);
    const optional = (): Value | undefined => (d.chance(0.5) ? d.tensor([count]) : undefined);
    const input = d.tensor([d.int(1, 3), count, ...d.space(d.int(0, 3), 2, 4)]);
    d.function([input, groups], { weight: optional(), bias: optional(), ...eps(d) });
  },
  'nn.functional.localResponseNorm': (d) => {
    const options = { alpha: d.maybeFloat(0, 1), beta: d.maybeFloat(0.1, 1), k: d.maybeFloat(0.5, 2) };
    d.function([d.tensor([d.batch(), d.size(), ...d.space(d.int(1, 3), 1, 4)]), d.int(1, 5)], options);
  },
  'nn.functional.normalize': (d) => {
    const input = d.tensor([...d.lead(2), d.size(), d.size()]);
    d.function([input], {
      p: d.maybe([{ float: 1 }, { float: 3 }, { float: 'Infinity' }]),
      dim: d.maybe([0, 1, -1]),
      eps: d.maybeFloat(0.01, 1, 0.2),
    });
  },
  'nn.functional.batchNorm': (d) => {
    const count = d.size();
    const x = d.tensor([d.batch(), count, ...d.space(d.int(0, 2), 1, 4)]);
    const [mean, variance, weight, bias] = channelStates(d, count) as [Value, Value, Value, Value];
    const isTraining = d.chance(0.5);
    const numbers = [{ float: 0.1 }, { float: 1e-5 }];
    d.seed();
    const out = d.call(
      'batchNorm',
      [x, weight, bias, mean, variance, isTraining, ...numbers, true],
      {},
      {
        python: { name: 'batch_norm' },
      },
    );
    d.show(out);
    d.add({ kind: 'backward', of: [out] });
    d.showGradients([x, weight, bias]);
    if (mean !== null) d.show(mean);
    if (variance !== null) d.show(variance);
  },
  'nn.functional.instanceNorm': (d) => {
    const count = d.size();
    const x = d.tensor([d.batch(), count, ...d.space(d.int(1, 3), 2, 4)]);
    const [mean, variance, weight, bias] = channelStates(d, count) as [Value, Value, Value, Value];
    const isOfInput = d.chance(0.7);
    const numbers = [{ float: 0.1 }, { float: 1e-5 }];
    d.seed();
    const out = d.call(
      'instanceNorm',
      [x, weight, bias, mean, variance, isOfInput, ...numbers, true],
      {},
      {
        python: { name: 'instance_norm' },
      },
    );
    d.show(out);
    d.add({ kind: 'backward', of: [out] });
    d.showGradients([x, weight, bias]);
  },
};
