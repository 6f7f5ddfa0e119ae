// Losses, by layer and by function: one description makes both.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

interface LossCall {
  readonly inputs: readonly Value[];
  /** Of the constructor and of the function alike. */
  readonly options: Drawn;
}

const reduction = (d: Draw): Drawn => ({ reduction: d.maybe(['none', 'mean', 'sum'], 0.6) });
const margin = (d: Draw): Drawn => ({ margin: d.maybeFloat(-1, 2), ...reduction(d) });

/** A prediction and its target, of one shape. */
function pair(d: Draw, target = {}): Value[] {
  const shape = [...d.lead(2), d.size()];
  const other = d.chance(0.08) ? [d.size()] : shape;
  return [d.tensor(shape), d.tensor(other, target)];
}

const regression =
  (options: (d: Draw) => Drawn): ((d: Draw) => LossCall) =>
  (d) => ({ inputs: pair(d), options: { ...options(d), ...reduction(d) } });

function classes(d: Draw, canBeChances: boolean): LossCall {
  const count = d.int(1, 5);
  const isUnbatched = d.chance(0.1);
  const batch = d.batch();
  const space = isUnbatched ? [] : d.space(d.pick([0, 0, 0, 1, 2]), 1, 3);
  const logits = isUnbatched ? [count] : [batch, count, ...space];
  const isChances = canBeChances && d.chance(0.25);
  const target = isChances
    ? d.tensor(logits, { fill: 'uniform' })
    : d.integers(count, isUnbatched ? [] : [batch, ...space], d.chance(0.02) ? { low: -1 } : {});
  return {
    inputs: [d.tensor(logits), target],
    options: {
      weight: d.chance(0.35) ? d.tensor([count], { fill: 'positive', requiresGrad: false }) : undefined,
      ignoreIndex: isChances ? undefined : d.maybe([d.int(0, count), -100], 0.3),
      labelSmoothing: canBeChances ? d.maybeFloat(0, 0.9, 0.3) : undefined,
      ...reduction(d),
    },
  };
}

function binary(d: Draw, isOfLogits: boolean): LossCall {
  const shape = [...d.lead(2), d.size()];
  const input = d.tensor(shape, isOfLogits ? {} : { fill: 'uniform' });
  const target = d.tensor(shape, { fill: d.pick(['uniform', 'bits']), dtype: d.dtype, requiresGrad: false });
  const weight = (): Value =>
    d.tensor(d.chance(0.5) ? shape : [shape.at(-1)!], { fill: 'positive', requiresGrad: false });
  const options = {
    weight: d.chance(0.3) ? weight() : undefined,
    posWeight: isOfLogits && d.chance(0.3) ? weight() : undefined,
    ...reduction(d),
  };
  return { inputs: [input, target], options };
}

function ctc(d: Draw): LossCall {
  const [steps, batch, count, most] = [d.int(3, 8), d.int(1, 3), d.int(2, 5), d.int(1, 4)];
  const isUnbatched = d.chance(0.15);
  const lengths = (high: number, low: number): number[] =>
    Array.from({ length: isUnbatched ? 1 : batch }, () => d.int(low, high));
  const inputLengths = lengths(steps, Math.min(steps, 2));
  const targetLengths = lengths(most, d.chance(0.1) ? 0 : 1);
  const isJoined = !isUnbatched && d.chance(0.3);
  const total = targetLengths.reduce((sum, each) => sum + each, 0);
  const blank = d.chance(0.3) ? d.int(0, count - 1) : 0;
  const raw = d.tensor(isUnbatched ? [steps, count] : [steps, batch, count]) as { var: string };
  const logProbs = { var: d.call('logSoftmax', [-1], {}, { on: raw.var }) };
  const shape = isUnbatched ? [targetLengths[0]!] : isJoined ? [total] : [batch, most];
  const given = (values: number[]): Value => (d.chance(0.5) ? values : d.literal(values));
  return {
    inputs: [logProbs, d.integers(count, shape, { low: 1 }), given(inputLengths), given(targetLengths)],
    options: { blank: blank === 0 ? undefined : blank, zeroInfinity: d.flag(0.4), ...reduction(d) },
  };
}

/** Without any sample, PyTorch's kernel leaves its result as it lay in memory. */
const filled = (d: Draw): number => Math.max(1, d.batch());

/** Two or three batches of vectors, and signs. */
function vectors(d: Draw, count: number, withSigns: boolean): Value[] {
  const shape = d.chance(0.15) ? [d.size()] : [d.batch(), d.size()];
  const made: Value[] = Array.from({ length: count }, () => d.tensor(shape));
  if (withSigns)
    made.push(d.tensor(shape.slice(0, -1), { fill: 'signs', dtype: d.pick([d.dtype, 'int64']), requiresGrad: false }));
  return made;
}

/** Everything that is a class and a function: their names, and what they are given. */
const LOSSES_OF_BOTH: readonly (readonly [layer: string, call: string, make: (d: Draw) => LossCall])[] = [
  ['MSELoss', 'mseLoss', regression(() => ({}))],
  ['L1Loss', 'l1Loss', regression(() => ({}))],
  ['SmoothL1Loss', 'smoothL1Loss', regression((d) => ({ beta: d.maybeFloat(0, 2) }))],
  ['HuberLoss', 'huberLoss', regression((d) => ({ delta: d.maybeFloat(0.1, 2) }))],
  [
    'PoissonNLLLoss',
    'poissonNllLoss',
    (d) => ({
      inputs: pair(d, { fill: 'positive' }),
      options: { logInput: d.flag(0.4), full: d.flag(0.4), eps: d.maybe([1e-4], 0.2), ...reduction(d) },
    }),
  ],
  [
    'GaussianNLLLoss',
    'gaussianNllLoss',
    (d) => {
      const shape = [...d.lead(2), d.size()];
      const spread = d.chance(0.6)
        ? d.tensor(d.pick([shape, shape.slice(0, -1), [...shape.slice(0, -1), 1]]), { fill: 'positive' })
        : d.float(0.1, 2);
      return {
        inputs: [d.tensor(shape), d.tensor(shape), spread],
        options: { full: d.flag(0.4), eps: d.maybe([1e-3], 0.3), ...reduction(d) },
      };
    },
  ],
  ['CrossEntropyLoss', 'crossEntropy', (d) => classes(d, true)],
  ['NLLLoss', 'nllLoss', (d) => classes(d, false)],
  ['BCELoss', 'binaryCrossEntropy', (d) => binary(d, false)],
  ['BCEWithLogitsLoss', 'binaryCrossEntropyWithLogits', (d) => binary(d, true)],
  [
    'KLDivLoss',
    'klDiv',
    (d) => ({
      inputs: pair(d, { fill: 'uniform' }),
      options: { logTarget: d.flag(0.4), reduction: d.maybe(['none', 'mean', 'sum', 'batchmean'], 0.7) },
    }),
  ],
  ['CTCLoss', 'ctcLoss', ctc],
  [
    'HingeEmbeddingLoss',
    'hingeEmbeddingLoss',
    (d) => {
      const shape = [...d.lead(2), d.size()];
      return { inputs: [d.tensor(shape), d.tensor(shape, { fill: 'signs', requiresGrad: false })], options: margin(d) };
    },
  ],
  ['CosineEmbeddingLoss', 'cosineEmbeddingLoss', (d) => ({ inputs: vectors(d, 2, true), options: margin(d) })],
  [
    'MarginRankingLoss',
    'marginRankingLoss',
    (d) => {
      const shape = d.lead(2);
      return {
        inputs: [d.tensor(shape), d.tensor(shape), d.tensor(shape, { fill: 'signs', requiresGrad: false })],
        options: margin(d),
      };
    },
  ],
  [
    'SoftMarginLoss',
    'softMarginLoss',
    (d) => ({ inputs: pair(d, { fill: 'signs', requiresGrad: false }), options: reduction(d) }),
  ],
  [
    'MultiMarginLoss',
    'multiMarginLoss',
    (d) => {
      const count = d.int(1, 5);
      const lead = d.chance(0.15) ? [] : [filled(d)];
      return {
        inputs: [d.tensor([...lead, count]), d.integers(count, lead)],
        options: {
          p: d.maybe([1, 2], 0.5),
          weight: d.chance(0.3) ? d.tensor([count], { fill: 'positive', requiresGrad: false }) : undefined,
          ...margin(d),
        },
      };
    },
  ],
  [
    'MultiLabelMarginLoss',
    'multilabelMarginLoss',
    (d) => {
      const shape = [...(d.chance(0.15) ? [] : [filled(d)]), d.int(1, 5)];
      return { inputs: [d.tensor(shape), d.integers(shape.at(-1)!, shape, { low: -1 })], options: reduction(d) };
    },
  ],
  [
    'MultiLabelSoftMarginLoss',
    'multilabelSoftMarginLoss',
    (d) => {
      const shape = [d.batch(), d.size()];
      const weight = d.chance(0.3) ? d.tensor([shape[1]!], { fill: 'positive', requiresGrad: false }) : undefined;
      return {
        inputs: [d.tensor(shape), d.tensor(shape, { fill: 'bits', dtype: d.dtype, requiresGrad: false })],
        options: { weight, ...reduction(d) },
      };
    },
  ],
  [
    'TripletMarginLoss',
    'tripletMarginLoss',
    (d) => ({
      inputs: vectors(d, 3, false),
      options: {
        p: d.maybe([{ float: 1 }, { float: 3 }] as Value[], 0.4),
        eps: d.maybe([1e-3], 0.2),
        swap: d.flag(0.4),
        ...margin(d),
      },
    }),
  ],
];

const layer =
  (make: (d: Draw) => LossCall): Spec['draw'] =>
  (d) =>
    d.layer({ ...make(d), isTyped: false });

const call =
  (make: (d: Draw) => LossCall): Spec['draw'] =>
  (d) => {
    const { inputs, options } = make(d);
    const isWeighted = /(mse|l1|huber)Loss$/.test(d.target) && d.chance(0.3);
    const weight = isWeighted ? d.tensor(d.shapeOf(inputs[0]!), { fill: 'positive' }) : undefined;
    d.function(inputs, weight ? { ...options, weight } : options);
  };

/** A weight of so many classes and features. */
function linearClasses(d: Draw): { features: number; count: number; input: Value; target: Value; options: Drawn } {
  const [features, count, batch] = [d.size(), d.int(1, 5), d.batch()];
  const weight = d.chance(0.3) ? d.tensor([count], { fill: 'positive', requiresGrad: false }) : undefined;
  const options = {
    weight,
    ignoreIndex: d.maybe([d.int(0, count)], 0.3),
    labelSmoothing: d.maybeFloat(0, 0.9, 0.3),
    ...reduction(d),
  };
  return { features, count, input: d.tensor([batch, features]), target: d.integers(count, [batch]), options };
}

const DISTANCES: readonly Value[] = [
  { source: '(x, y) => x.sub(y).abs().sum({ dim: [-1] })', python: 'lambda x, y: (x - y).abs().sum(-1)' },
  { source: '(x, y) => x.sub(y).pow(2).sum({ dim: [-1] })', python: 'lambda x, y: (x - y).pow(2).sum(-1)' },
];
const byDistance = (d: Draw): LossCall => ({
  inputs: vectors(d, 3, false),
  options: {
    distanceFunction: d.maybe(DISTANCES, 0.6),
    swap: d.flag(0.4),
    margin: d.maybeFloat(0.1, 2),
    ...reduction(d),
  },
});

const NO_CLASS: NonNullable<Spec['refuses']> = [
  [
    /ctc_loss.*: expected elements of "targets"/,
    'targets of CTC that are no class, for which libtorch reads past the row',
  ],
];

const refusalsOf = (name: string): Pick<Spec, 'refuses'> => (/ctc/i.test(name) ? { refuses: NO_CLASS } : {});

export const LOSSES: Specs = {
  'nn.TripletMarginWithDistanceLoss': layer(byDistance),
  'nn.functional.tripletMarginWithDistanceLoss': call(byDistance),
  'nn.LinearCrossEntropyLoss': (d) => {
    const { features, count, input, target, options } = linearClasses(d);
    d.layer({ args: [features, count], options: { ...options, bias: d.flag(0.4) }, inputs: [input, target] });
  },
  'nn.functional.linearCrossEntropy': (d) => {
    const { features, count, input, target, options } = linearClasses(d);
    const linearBias = d.chance(0.5) ? d.tensor([count]) : undefined;
    d.function([input, d.tensor([count, features]), target], { ...options, linearBias });
  },
  'nn.AdaptiveLogSoftmaxWithLoss': (d) => {
    const [features, count] = [d.int(4, 9), d.int(6, 12)];
    const cutoffs = d.pick([[2], [2, 4], [1, 3, 5]]);
    const batch = d.int(1, 5);
    const options = { divValue: d.maybeFloat(1, 3), headBias: d.flag(0.4) };
    d.layer({
      args: [features, count, cutoffs],
      options,
      inputs: [d.tensor([batch, features]), d.integers(count, [batch])],
    });
  },
  ...Object.fromEntries(
    LOSSES_OF_BOTH.map(([name, , make]) => [`nn.${name}`, { draw: layer(make), ...refusalsOf(name) }]),
  ),
  ...Object.fromEntries(
    LOSSES_OF_BOTH.map(([, name, make]) => [`nn.functional.${name}`, { draw: call(make), ...refusalsOf(name) }]),
  ),
};
