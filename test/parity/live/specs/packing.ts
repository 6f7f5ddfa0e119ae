// Packed sequences: packing, padding, and recurrent layers over them.
import type { Draw, Drawn, Spec, Specs, TensorOptions } from '../draw.ts';
import type { Value } from '../program.ts';

interface Batch {
  readonly lengths: number[];
  readonly isBatchFirst: boolean;
  readonly padded: Value;
  readonly width: number;
}

function batch(d: Draw, options: TensorOptions = {}): Batch {
  const lengths = Array.from({ length: d.int(1, 4) }, () => d.int(1, 5));
  if (d.chance(0.5)) lengths.sort((one, other) => other - one);
  const isBatchFirst = d.chance(0.5);
  const [steps, width] = [Math.max(...lengths) + (d.chance(0.2) ? 1 : 0), d.size(4)];
  const shape = isBatchFirst ? [lengths.length, steps, width] : [steps, lengths.length, width];
  return { lengths, isBatchFirst, padded: d.tensor(shape, { isFit: true, ...options }), width };
}

function pack(d: Draw, { padded, lengths, isBatchFirst }: Batch): string {
  const isSorted = lengths.every((length, i) => i === 0 || lengths[i - 1]! >= length);
  const given: Value = d.chance(0.5) ? lengths : d.literal(lengths);
  return d.call('nn.utils.rnn.packPaddedSequence', [padded, given], {
    batchFirst: isBatchFirst || undefined,
    enforceSorted: isSorted && d.chance(0.7) ? undefined : d.chance(0.95) ? false : undefined,
  });
}

/** Sequences of any lengths. */
function sequences(d: Draw): Value[] {
  const width = d.lead(1);
  return Array.from({ length: d.int(1, 4) }, () => d.tensor([d.int(1, 5), ...width]));
}

function finish(d: Draw, out: string, inputs: readonly Value[]): void {
  d.show(out);
  d.add({ kind: 'backward', of: [out] });
  d.showGradients(inputs);
}

const recurrent =
  (kind: string): Spec['draw'] =>
  (d) => {
    const made = batch(d);
    const packed = pack(d, made);
    const options: Drawn = {
      numLayers: d.maybe([1, 2]),
      bidirectional: d.flag(0.4),
      bias: d.flag(0.3),
      batchFirst: d.flag(0.3),
      projSize: kind === 'LSTM' ? d.maybe([1], 0.2) : undefined,
    };
    d.layer({ name: `nn.${kind}`, args: [made.width, d.int(2, 4)], options, inputs: [{ var: packed }] });
  };

export const PACKING: Specs = {
  'nn.RNN, packed': recurrent('RNN'),
  'nn.LSTM, packed': recurrent('LSTM'),
  'nn.GRU, packed': recurrent('GRU'),
  'nn.utils.rnn.packPaddedSequence': (d) => {
    const made = batch(d);
    finish(d, pack(d, made), [made.padded]);
  },
  'nn.utils.rnn.padPackedSequence': (d) => {
    const made = batch(d);
    const packed = pack(d, made);
    const options = {
      batchFirst: d.flag(0.5),
      paddingValue: d.maybeFloat(-1, 1, 0.3),
      totalLength: d.maybe([6, 7], 0.3),
    };
    finish(d, d.call('nn.utils.rnn.padPackedSequence', [{ var: packed }], options), [made.padded]);
  },
  'nn.utils.rnn.packSequence': (d) => {
    const given = sequences(d);
    finish(
      d,
      d.call('nn.utils.rnn.packSequence', [given], { enforceSorted: d.chance(0.7) ? false : undefined }),
      given,
    );
  },
  'nn.utils.rnn.unpackSequence': (d) => {
    const given = sequences(d);
    const packed = d.call('nn.utils.rnn.packSequence', [given], { enforceSorted: false });
    finish(d, d.call('nn.utils.rnn.unpackSequence', [{ var: packed }]), given);
  },
  'nn.utils.rnn.padSequence': (d) => {
    const given = sequences(d);
    const options = {
      batchFirst: d.flag(0.5),
      paddingValue: d.maybeFloat(-1, 1, 0.3),
      paddingSide: d.maybe(['left', 'right'], 0.4),
    };
    finish(d, d.call('nn.utils.rnn.padSequence', [given], options), given);
  },
  'nn.utils.rnn.unpadSequence': (d) => {
    // PyTorch transposes what it is given, in place.
    const made = batch(d, { memory: 'contiguous', requiresGrad: false });
    const out = d.call('nn.utils.rnn.unpadSequence', [made.padded, d.literal(made.lengths)], {
      batchFirst: made.isBatchFirst || undefined,
    });
    finish(d, out, [made.padded]);
  },
  'nn.utils.rnn.invertPermutation': (d) => {
    const order = Array.from({ length: d.int(0, 6) }, (_, i) => i).reverse();
    d.show(d.call('nn.utils.rnn.invertPermutation', [d.literal(order)]));
  },
};
