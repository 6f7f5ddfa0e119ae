// Attention and transformers.
import type { Draw, Drawn, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

/** A mask of places that are left out, as bits or added numbers. A row that hides everything makes nan, on both sides. */
function mask(d: Draw, shape: readonly number[], isBool = d.chance(0.5)): Value {
  return isBool
    ? d.tensor(shape, { fill: 'bits', dtype: 'bool', requiresGrad: false })
    : d.tensor(shape, { requiresGrad: false, memory: 'contiguous' });
}

const sequence = (isBatchFirst: boolean, batch: number, steps: number, width: number): number[] =>
  isBatchFirst ? [batch, steps, width] : [steps, batch, width];

interface LayerOptions {
  readonly width: number;
  readonly heads: number;
  readonly isBatchFirst: boolean;
  readonly options: Drawn;
}

function layerOptions(d: Draw): LayerOptions {
  const heads = d.int(1, 3);
  const isBatchFirst = d.chance(0.5);
  const options: Drawn = {
    dimFeedforward: d.int(1, 8),
    dropout: d.maybeFloat(0, 0.5, 0.6) ?? { float: 0.1 },
    activation: d.maybe<Value>(['relu', 'gelu', { name: 'nn.functional.silu' }], 0.5),
    layerNormEps: d.maybe([1e-3], 0.2),
    batchFirst: isBatchFirst || undefined,
    normFirst: d.flag(0.4),
    bias: d.flag(0.3),
  };
  return { width: heads * d.int(1, 3), heads, isBatchFirst, options };
}

/** Masks of a stack's source or target, each there or not; never all hidden. */
function masks(d: Draw, prefix: string, batch: number, steps: number): Drawn {
  const padding = d.chance(0.3) ? mask(d, [batch, steps], false) : undefined;
  return {
    [`${prefix}Mask`]: d.chance(0.4) ? mask(d, [steps, steps], false) : undefined,
    [`${prefix}KeyPaddingMask`]: padding,
  };
}

export const ATTENTIONS: Specs = {
  'nn.functional.scaledDotProductAttention': {
    refuses: [
      [/as many values as keys/, 'another number of values than of keys, of which libtorch reads past the end'],
    ],
    draw: (d) => {
      const [queries, keys, width, values] = [d.int(1, 5), d.int(1, 5), d.size(), d.size()];
      const lead = [d.int(1, 3), ...(d.chance(0.7) ? [d.int(1, 3)] : [])];
      const isCausal = d.chance(0.3);
      const attnMask =
        !isCausal && d.chance(0.5) ? mask(d, d.chance(0.5) ? [queries, keys] : [...lead, queries, keys]) : undefined;
      d.function(
        [
          d.tensor([...lead, queries, width]),
          d.tensor([...lead, keys, width]),
          d.tensor([...lead, keys, d.chance(0.9) ? width : values]),
        ],
        {
          attnMask,
          dropoutP: d.maybeFloat(0, 0.5, 0.3),
          isCausal: isCausal || undefined,
          scale: d.maybeFloat(0.1, 2, 0.3),
        },
      );
    },
  },
  'nn.MultiheadAttention': (d) => {
    const heads = d.int(1, 3);
    const width = heads * d.int(1, 3) + (d.chance(0.03) ? 1 : 0);
    const isBatchFirst = d.chance(0.4);
    const isBatched = d.chance(0.8);
    const [kdim, vdim] = d.chance(0.4) ? [d.size(), d.size()] : [undefined, undefined];
    const [batch, targets, sources] = [d.int(1, 3), d.int(1, 5), d.int(1, 5)];
    const shape = (steps: number, features: number): number[] =>
      isBatched ? sequence(isBatchFirst, batch, steps, features) : [steps, features];
    const options: Drawn = {
      dropout: d.maybeFloat(0, 0.5, 0.3),
      bias: d.flag(0.3),
      addBiasKv: d.flag(0.2),
      addZeroAttn: d.flag(0.2),
      kdim,
      vdim,
      batchFirst: isBatchFirst || undefined,
    };
    const query = d.tensor(shape(targets, width));
    const isSelf = kdim === undefined && d.chance(0.4);
    const inputs = isSelf
      ? [query, query, query]
      : [query, d.tensor(shape(sources, kdim ?? width)), d.tensor(shape(sources, vdim ?? width))];
    const length = isSelf ? targets : sources;
    const callOptions: Drawn = {
      keyPaddingMask: d.chance(0.3) ? mask(d, isBatched ? [batch, length] : [length]) : undefined,
      needWeights: d.flag(0.4),
      attnMask: d.chance(0.3)
        ? mask(d, d.chance(0.7) ? [targets, length] : [(isBatched ? batch : 1) * heads, targets, length])
        : undefined,
      averageAttnWeights: d.flag(0.3),
    };
    d.layer({ args: [width, heads], options, inputs, callOptions });
  },
  'nn.TransformerEncoderLayer': (d) => {
    const { width, heads, isBatchFirst, options } = layerOptions(d);
    const [batch, steps] = [d.int(1, 3), d.int(1, 5)];
    const x = d.tensor(sequence(isBatchFirst, batch, steps, width));
    const callOptions = d.chance(0.5) ? masks(d, 'src', batch, steps) : {};
    d.layer({ args: [width, heads], options, inputs: [x], callOptions });
  },
  'nn.TransformerDecoderLayer': (d) => {
    const { width, heads, isBatchFirst, options } = layerOptions(d);
    const [batch, steps, sources] = [d.int(1, 3), d.int(1, 4), d.int(1, 4)];
    const inputs = [
      d.tensor(sequence(isBatchFirst, batch, steps, width)),
      d.tensor(sequence(isBatchFirst, batch, sources, width)),
    ];
    d.layer({ args: [width, heads], options, inputs, callOptions: masks(d, 'tgt', batch, steps) });
  },
  'nn.TransformerEncoder': (d) => {
    const { width, heads, isBatchFirst, options } = layerOptions(d);
    const [batch, steps] = [d.int(1, 3), d.int(1, 4)];
    d.seed();
    const block = d.call('nn.TransformerEncoderLayer', [width, heads], options);
    const norm = d.chance(0.4) ? { var: d.call('nn.LayerNorm', [width]) } : undefined;
    const x = d.tensor(sequence(isBatchFirst, batch, steps, width), { dtype: 'float32' });
    d.layer({ args: [{ var: block }, d.int(1, 3)], options: { norm }, inputs: [x], isTyped: false });
  },
  'nn.TransformerDecoder': (d) => {
    const { width, heads, isBatchFirst, options } = layerOptions(d);
    const [batch, steps, sources] = [d.int(1, 3), d.int(1, 4), d.int(1, 4)];
    d.seed();
    const block = d.call('nn.TransformerDecoderLayer', [width, heads], options);
    const norm = d.chance(0.4) ? { var: d.call('nn.LayerNorm', [width]) } : undefined;
    const float = { dtype: 'float32' };
    const inputs = [
      d.tensor(sequence(isBatchFirst, batch, steps, width), float),
      d.tensor(sequence(isBatchFirst, batch, sources, width), float),
    ];
    d.layer({ args: [{ var: block }, d.int(1, 3)], options: { norm }, inputs, isTyped: false });
  },
  'nn.Transformer': (d) => {
    const { width, heads, isBatchFirst, options } = layerOptions(d);
    const [batch, steps, sources] = [d.int(1, 3), d.int(1, 4), d.int(1, 4)];
    const inputs = [
      d.tensor(sequence(isBatchFirst, batch, sources, width)),
      d.tensor(sequence(isBatchFirst, batch, steps, width)),
    ];
    const counts = { numEncoderLayers: d.int(1, 2), numDecoderLayers: d.int(1, 2) };
    d.layer({ options: { dModel: width, nhead: heads, ...counts, ...options }, inputs });
  },
};
