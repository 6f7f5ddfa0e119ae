// Linear layers, tables and distances, by layer and by function.
import type { Draw, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

const lookups = (d: Draw, rows: number) => ({
  paddingIdx: d.maybe([d.int(-rows, rows - 1)], 0.3),
  maxNorm: d.maybeFloat(0.5, 2, 0.3),
  normType: d.maybe([{ float: 1 }, { float: 3 }] as Value[], 0.3),
  scaleGradByFreq: d.flag(0.2),
});

interface Bags {
  readonly inputs: Value[];
  readonly includeLastOffset: boolean | undefined;
  readonly perSampleWeights: Value | undefined;
}

/** Rows of bags, or a list of indices with the places where bags begin. */
function bagsOf(d: Draw, rows: number, mode: string | undefined): Bags {
  const isWeighted = mode === 'sum' && d.chance(0.4);
  if (d.chance(0.4)) {
    const shape = [d.batch(), d.int(0, 4)];
    return {
      inputs: [d.integers(rows, shape), null],
      includeLastOffset: undefined,
      perSampleWeights: isWeighted ? d.tensor(shape) : undefined,
    };
  }
  const count = d.int(1, 9);
  const starts = [0, ...Array.from({ length: d.int(0, 4) }, () => d.int(0, count))].sort((one, other) => one - other);
  const includeLastOffset = d.chance(0.2) ? true : undefined;
  if (includeLastOffset) starts.push(count);
  const inputs = [d.integers(rows, [count]), d.literal(starts)];
  return { inputs, includeLastOffset, perSampleWeights: isWeighted ? d.tensor([count]) : undefined };
}

const OTHER_END = [
  [/a last element of "offsets"/, 'bags that do not end with the indices, of which backward reads past the end'],
] as const;

export const LINEARS: Specs = {
  'nn.Linear': (d) => {
    const [i, o] = [d.size(), d.size()];
    d.layer({ args: [i, o], options: { bias: d.flag(0.4) }, inputs: [d.tensor([...d.lead(), i])] });
  },
  'nn.functional.linear': (d) => {
    const [i, o] = [d.size(20), d.size(20)];
    d.function([d.tensor([...d.lead(), i]), d.tensor([o, i])], { bias: d.chance(0.5) ? d.tensor([o]) : undefined });
  },
  'nn.Bilinear': (d) => {
    const [a, b, o] = [d.size(4), d.size(4), d.size(4)];
    const lead = d.lead(2);
    d.layer({
      args: [a, b, o],
      options: { bias: d.flag(0.4) },
      inputs: [d.tensor([...lead, a]), d.tensor([...lead, b])],
    });
  },
  'nn.functional.bilinear': (d) => {
    const [a, b, o] = [d.size(4), d.size(4), d.size(4)];
    const lead = d.lead(2);
    d.function(
      [d.tensor([...lead, a]), d.tensor([...lead, b]), d.tensor([o, a, b])],
      { bias: d.chance(0.5) ? d.tensor([o]) : undefined },
      { name: 'bilinear' },
    );
  },
  'nn.Embedding': (d) => {
    const [rows, width] = [d.int(1, 8), d.size()];
    d.layer({
      args: [rows, width],
      options: lookups(d, rows),
      inputs: [d.integers(rows + (d.chance(0.03) ? 2 : 0), d.lead(3))],
    });
  },
  'nn.functional.embedding': (d) => {
    const [rows, width] = [d.int(1, 8), d.size()];
    const options = lookups(d, rows);
    const weight = d.tensor([rows, width], { memory: 'contiguous', requiresGrad: options.maxNorm === undefined });
    d.function([d.integers(rows, d.lead(3)), weight], options);
    d.show(weight);
  },
  'nn.EmbeddingBag': {
    refuses: OTHER_END,
    draw: (d) => {
      const [rows, width] = [d.int(1, 8), d.size()];
      const mode = d.maybe(['sum', 'mean', 'max'], 0.7);
      const { inputs, includeLastOffset, perSampleWeights } = bagsOf(d, rows, mode);
      d.layer({
        args: [rows, width],
        options: { ...lookups(d, rows), mode, includeLastOffset },
        inputs,
        callOptions: { perSampleWeights },
      });
    },
  },
  'nn.functional.embeddingBag': {
    refuses: OTHER_END,
    draw: (d) => {
      const [rows, width] = [d.int(1, 8), d.size()];
      const mode = d.maybe(['sum', 'mean', 'max'], 0.7);
      const { inputs, includeLastOffset, perSampleWeights } = bagsOf(d, rows, mode);
      const options = lookups(d, rows);
      const weight = d.tensor([rows, width], { memory: 'contiguous', requiresGrad: options.maxNorm === undefined });
      const [indices, ...offsets] = inputs as [Value, ...Value[]];
      d.function([indices, weight, ...offsets], { ...options, mode, includeLastOffset, perSampleWeights });
    },
  },
  'nn.CosineSimilarity': (d) => {
    const shape = [...d.lead(2), d.size(), d.size()];
    d.layer({
      options: { dim: d.maybe([0, -1]), eps: d.maybe([1e-4], 0.3) },
      inputs: [d.tensor(shape), d.tensor(shape)],
      isTyped: false,
    });
  },
  'nn.PairwiseDistance': (d) => {
    const shape = [...d.lead(2), d.size()];
    const options = {
      p: d.maybe([{ float: 1 }, { float: 3 }, { float: 'Infinity' }] as Value[]),
      eps: d.maybe([1e-4], 0.3),
      keepdim: d.flag(0.3),
    };
    d.layer({ options, inputs: [d.tensor(shape), d.tensor(shape)], isTyped: false });
  },
  'nn.functional.cosineSimilarity': (d) => {
    const shape = [...d.lead(2), d.size(), d.size()];
    d.function(
      [d.tensor(shape), d.tensor(shape)],
      { dim: d.maybe([0, -1]), eps: d.maybe([1e-4], 0.3) },
      { name: 'cosineSimilarity' },
    );
  },
  'nn.functional.pairwiseDistance': (d) => {
    const shape = [...d.lead(2), d.size()];
    const options = { p: d.maybe([{ float: 1 }, { float: 3 }] as Value[]), keepdim: d.flag(0.3) };
    d.function([d.tensor(shape), d.tensor(shape)], options, {
      name: 'pairwiseDistance',
      extra: { python: { name: 'nn.functional.pairwise_distance' } },
    });
  },
  'nn.functional.pdist': (d) =>
    d.function(
      [d.tensor([d.int(1, 5), d.size()], { isFit: true })],
      { p: d.maybe([{ float: 1 }, { float: 3 }, { float: 'Infinity' }] as Value[]) },
      { name: 'pdist' },
    ),
};
