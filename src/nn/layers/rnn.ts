// Recurrent layers over whole sequences: plain, LSTM and GRU, in several layers and both directions.

import { ShapeError } from '../../errors.ts';
import { empty, zeros } from '../../tensor/create.ts';
import { gru, lstm, rnnRelu, rnnTanh } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { uniform_ } from '../init.ts';
import { checkOptions, type KnownOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { PackedSequence } from '../packed-sequence.ts';
import { Parameter } from '../parameter.ts';
import { pythonFloat } from '../python-repr.ts';

// T time, N batch, I input size, H hidden size, L layers, D directions.

export interface RecurrentOptions extends FactoryOptions {
  /** Layers on top of each other. Default 1. */
  numLayers?: number;
  /** Default true. */
  bias?: boolean;
  /** Input and output are [N, T, ...] instead of [T, N, ...]; states are not. Default false. */
  batchFirst?: boolean;
  /** Probability of a zero in the output of every layer but the last, in training. Default 0. */
  dropout?: number;
  /** A second set of weights that reads backwards; its output is put after the first's. Default false. */
  bidirectional?: boolean;
}

const OPTIONS = {
  numLayers: true,
  bias: true,
  batchFirst: true,
  dropout: true,
  bidirectional: true,
  dtype: true,
  device: true,
} satisfies OptionNames<RecurrentOptions>;

/** What a kernel is told of the sequences, and how its results are given. */
interface Sequences {
  /** A batch, or packed data. */
  readonly data: Tensor;
  /** Only of packed data. */
  readonly batchSizes: Tensor | undefined;
  readonly initial: Tensor[];
  output(data: Tensor): Tensor | PackedSequence;
  state(state: Tensor): Tensor;
}

/** Every weight starts in U(-1/sqrt(hiddenSize), 1/sqrt(hiddenSize)). */
abstract class Recurrent extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly hasBias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly projSize: number;
  private readonly weightNames: string[] = [];

  /** @param numGates - blocks of a weight's rows.  @param known - the layer's options.  @throws {RangeError} for sizes and probabilities outside their range. */
  constructor(
    numGates: number,
    inputSize: number,
    hiddenSize: number,
    options: RecurrentOptions & { projSize?: number },
    known: KnownOptions,
  ) {
    super();
    checkOptions(this, known, options);
    const {
      numLayers = 1,
      bias = true,
      batchFirst = false,
      dropout = 0,
      bidirectional = false,
      projSize = 0,
    } = options;
    const check = (isFine: boolean, name: string, wanted: string, got: number): void => {
      if (!isFine) throw new RangeError(`Cannot make ${this.constructor.name}: expected ${name} ${wanted}, got ${got}`);
    };
    const isCount = (value: number): boolean => Number.isInteger(value) && value > 0;
    check(isCount(inputSize), 'inputSize', 'of at least 1', inputSize);
    check(isCount(hiddenSize), 'hiddenSize', 'of at least 1', hiddenSize);
    check(isCount(numLayers), 'numLayers', 'of at least 1', numLayers);
    check(dropout >= 0 && dropout <= 1, 'dropout', 'from 0 to 1', dropout);
    check(projSize >= 0 && projSize < hiddenSize, 'projSize', `from 0 to below ${hiddenSize}`, projSize);
    if (dropout > 0 && numLayers === 1)
      process.emitWarning(
        `${this.constructor.name}: dropout comes after every layer but the last, and one layer has none; expected numLayers above 1`,
        'SconceWarning',
      );
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.hasBias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.projSize = projSize;
    this.makeWeights(numGates * hiddenSize, options);
    this.resetParameters();
  }

  private makeWeights(numRows: number, options: FactoryOptions): void {
    const make = (name: string, ...shape: number[]): void => {
      Object.assign(this, { [name]: new Parameter(empty(shape, factoryOf(options))) });
      this.weightNames.push(name);
    };
    const stateSize = this.projSize || this.hiddenSize;
    const suffixes = this.bidirectional ? ['', '_reverse'] : [''];
    for (let layer = 0; layer < this.numLayers; layer++) {
      for (const suffix of suffixes) {
        make(`weight_ih_l${layer}${suffix}`, numRows, layer === 0 ? this.inputSize : stateSize * suffixes.length);
        make(`weight_hh_l${layer}${suffix}`, numRows, stateSize);
        if (this.hasBias) for (const bias of ['bias_ih', 'bias_hh']) make(`${bias}_l${layer}${suffix}`, numRows);
        if (this.projSize > 0) make(`weight_hr_l${layer}${suffix}`, this.projSize, this.hiddenSize);
      }
    }
  }

  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const weight of this.weights) uniform_(weight, -bound, bound);
  }

  /** In the order that the kernels take them. */
  protected get weights(): Parameter[] {
    const own = this as unknown as Record<string, Parameter>; // made by name in the constructor
    return this.weightNames.map((name) => own[name]!);
  }

  /** The input and the states as the kernels take them.
   *  @param sizes - of each state's elements. */
  protected sequences(
    input: Tensor | PackedSequence,
    states: readonly (Tensor | undefined)[],
    sizes: readonly number[],
  ): Sequences {
    if (input instanceof PackedSequence) return this.packed(input, states, sizes);
    const layer = this.constructor.name;
    if (input.ndim !== 2 && input.ndim !== 3)
      throw new ShapeError(`Cannot apply ${layer}: expected 2 or 3 dimensions, got [${input.shape.join(', ')}]`);
    this.checkWidth(input);
    if (input.ndim === 3) {
      const initial = this.initial(input, states, sizes, input.size(this.batchFirst ? 0 : 1));
      return { data: input, batchSizes: undefined, initial, output: (x) => x, state: (x) => x };
    }
    const dim = this.batchFirst ? 0 : 1;
    return {
      data: input.unsqueeze(dim),
      batchSizes: undefined,
      initial: this.initial(input, states, sizes, undefined),
      output: (x) => x.squeeze({ dim }),
      state: (x) => x.squeeze({ dim: 1 }),
    };
  }

  private packed(input: PackedSequence, states: readonly (Tensor | undefined)[], sizes: readonly number[]): Sequences {
    const { data, batchSizes, sortedIndices, unsortedIndices } = input;
    if (data.ndim !== 2)
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected packed data of 2 dimensions, got [${data.shape.join(', ')}]`,
      );
    this.checkWidth(data);
    const order = (state: Tensor, indices: Tensor | undefined): Tensor =>
      indices ? state.indexSelect(1, indices) : state;
    const initial = this.initial(data, states, sizes, input.batchSize);
    return {
      data,
      batchSizes,
      initial: initial.map((state, i) => (states[i] ? order(state, sortedIndices) : state)),
      output: (x) => new PackedSequence(x, batchSizes, sortedIndices, unsortedIndices),
      state: (x) => order(x, unsortedIndices),
    };
  }

  private checkWidth(input: Tensor): void {
    if (input.size(-1) === this.inputSize) return;
    throw new ShapeError(
      `Cannot apply ${this.constructor.name}: expected last dimension ${this.inputSize}, got [${input.shape.join(', ')}]`,
    );
  }

  /** The states that were given, zeros for others, with a batch dimension.
   *  @param batchSize - undefined without a batch. */
  private initial(
    input: Tensor,
    states: readonly (Tensor | undefined)[],
    sizes: readonly number[],
    batchSize: number | undefined,
  ): Tensor[] {
    const numStates = this.numLayers * (this.bidirectional ? 2 : 1);
    return sizes.map((size, i) => {
      const given = states[i];
      if (!given) return zeros([numStates, batchSize ?? 1, size], { dtype: input.dtype, device: input.device }); // [L D, N, H]
      const wanted = batchSize === undefined ? [numStates, size] : [numStates, batchSize, size];
      if (String(given.shape) !== String(wanted))
        throw new ShapeError(
          `Cannot apply ${this.constructor.name}: expected a state of shape [${wanted.join(', ')}], got [${given.shape.join(', ')}]`,
        );
      return batchSize === undefined ? given.unsqueeze(1) : given;
    });
  }

  override extraRepr(): string {
    const parts = [`${this.inputSize}, ${this.hiddenSize}`];
    if (this.projSize !== 0) parts.push(`proj_size=${this.projSize}`);
    if (this.numLayers !== 1) parts.push(`num_layers=${this.numLayers}`);
    if (!this.hasBias) parts.push('bias=False');
    if (this.batchFirst) parts.push('batch_first=True');
    if (this.dropout !== 0) parts.push(`dropout=${pythonFloat(this.dropout)}`);
    if (this.bidirectional) parts.push('bidirectional=True');
    return parts.join(', ');
  }
}

/** What RNN and GRU do with their one state. */
abstract class OneStateRecurrent extends Recurrent {
  protected run(
    input: Tensor | PackedSequence,
    hx: Tensor | undefined,
    kernel: typeof gru,
  ): [output: Tensor | PackedSequence, hn: Tensor] {
    const { data, batchSizes, initial, output, state } = this.sequences(input, [hx], [this.hiddenSize]);
    const { weights, hasBias, numLayers, dropout, training, bidirectional, batchFirst } = this;
    const h0 = initial[0]!;
    const [x, hn] = batchSizes
      ? kernel(data, batchSizes, h0, weights, hasBias, numLayers, dropout, training, bidirectional)
      : kernel(data, h0, weights, hasBias, numLayers, dropout, training, bidirectional, batchFirst);
    return [output(x), state(hn)];
  }
}

export interface RNNOptions extends RecurrentOptions {
  /** Default 'tanh'. */
  nonlinearity?: 'tanh' | 'relu';
}

/** h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh).
 *  Shape: input [T, N, I] and h0 [L D, N, H] (zeros by default) -> output [T, N, D H] and h_n [L D, N, H]; all with or without N.
 *  Source: Elman 1990; torch.nn.RNN. */
export class RNN extends OneStateRecurrent {
  readonly nonlinearity: 'tanh' | 'relu';

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    super(1, inputSize, hiddenSize, options, { ...OPTIONS, nonlinearity: true } satisfies OptionNames<RNNOptions>);
    this.nonlinearity = options.nonlinearity ?? 'tanh';
    if (this.nonlinearity !== 'tanh' && this.nonlinearity !== 'relu')
      throw new RangeError(
        `Cannot make RNN: expected nonlinearity "tanh" or "relu", got "${String(this.nonlinearity)}"`,
      );
  }

  forward(input: Tensor, hx?: Tensor): [output: Tensor, hn: Tensor];
  forward(input: PackedSequence, hx?: Tensor): [output: PackedSequence, hn: Tensor];
  /** @throws {ShapeError} for input or state of another shape. */
  forward(input: Tensor | PackedSequence, hx?: Tensor): [output: Tensor | PackedSequence, hn: Tensor] {
    return this.run(input, hx, this.nonlinearity === 'tanh' ? rnnTanh : rnnRelu);
  }
}

/** Gated recurrent units, gates in the order reset, update, new.
 *  Rule: r = sigmoid(W_ir x + b_ir + W_hr h + b_hr); z likewise; n = tanh(W_in x + b_in + r * (W_hn h + b_hn)); h <- (1 - z) * n + z * h.
 *  Shape: input [T, N, I] and h0 [L D, N, H] (zeros by default) -> output [T, N, D H] and h_n [L D, N, H]; all with or without N.
 *  Source: Cho et al. 2014, arXiv:1406.1078; torch.nn.GRU. */
export class GRU extends OneStateRecurrent {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(3, inputSize, hiddenSize, options, OPTIONS);
  }

  forward(input: Tensor, hx?: Tensor): [output: Tensor, hn: Tensor];
  forward(input: PackedSequence, hx?: Tensor): [output: PackedSequence, hn: Tensor];
  /** @throws {ShapeError} for input or state of another shape. */
  forward(input: Tensor | PackedSequence, hx?: Tensor): [output: Tensor | PackedSequence, hn: Tensor] {
    return this.run(input, hx, gru);
  }
}

/** What an LSTM carries from step to step. */
export type LSTMStates = readonly [h0: Tensor, c0: Tensor];

export interface LSTMOptions extends RecurrentOptions {
  /** Size that the hidden state is projected to; 0 for none. Default 0. */
  projSize?: number;
}

/** Long short-term memory, gates in the order input, forget, cell, output.
 *  Rule: c <- f * c + i * g; h <- o * tanh(c), projected by W_hr where `projSize` is given.
 *  Shape: input [T, N, I], h0 [L D, N, H or projSize] and c0 [L D, N, H] (zeros by default) -> output [T, N, D H] and [h_n, c_n]; all with or without N.
 *  Source: Hochreiter and Schmidhuber 1997; torch.nn.LSTM. */
export class LSTM extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    super(4, inputSize, hiddenSize, options, { ...OPTIONS, projSize: true } satisfies OptionNames<LSTMOptions>);
  }

  forward(input: Tensor, hx?: LSTMStates): [output: Tensor, states: [hn: Tensor, cn: Tensor]];
  forward(input: PackedSequence, hx?: LSTMStates): [output: PackedSequence, states: [hn: Tensor, cn: Tensor]];
  /** @throws {ShapeError} for input or states of another shape. */
  forward(
    input: Tensor | PackedSequence,
    hx?: LSTMStates,
  ): [output: Tensor | PackedSequence, states: [hn: Tensor, cn: Tensor]] {
    const sizes = [this.projSize || this.hiddenSize, this.hiddenSize];
    const { data, batchSizes, initial, output, state } = this.sequences(input, hx ?? [], sizes);
    const { weights, hasBias, numLayers, dropout, training, bidirectional, batchFirst } = this;
    const [x, hn, cn] = batchSizes
      ? lstm(data, batchSizes, initial, weights, hasBias, numLayers, dropout, training, bidirectional)
      : lstm(data, initial, weights, hasBias, numLayers, dropout, training, bidirectional, batchFirst);
    return [output(x), [state(hn), state(cn)]];
  }
}
