// Recurrent layers over whole sequences: plain, LSTM and GRU, in several layers and both directions.

import { ShapeError } from '../../errors.ts';
import { empty, zeros } from '../../tensor/create.ts';
import { gru, lstm, rnnRelu, rnnTanh } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { uniform_ } from '../init.ts';
import { Module } from '../module.ts';
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
  readonly #weightNames: string[] = [];

  /** @param numGates - blocks of a weight's rows.  @throws {RangeError} for sizes and probabilities outside their range. */
  constructor(
    numGates: number,
    inputSize: number,
    hiddenSize: number,
    options: RecurrentOptions & { projSize?: number },
  ) {
    super();
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
    this.#makeWeights(numGates * hiddenSize, options);
    this.resetParameters();
  }

  #makeWeights(numRows: number, options: FactoryOptions): void {
    const make = (name: string, ...shape: number[]): void => {
      Object.assign(this, { [name]: new Parameter(empty(shape, factoryOf(options))) });
      this.#weightNames.push(name);
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
    return this.#weightNames.map((name) => own[name]!);
  }

  /** The input and the states with a batch dimension, and whether it was there.
   *  @param sizes - of each state's elements. */
  protected batched(
    input: Tensor,
    states: readonly (Tensor | undefined)[],
    sizes: readonly number[],
  ): { batch: Tensor; initial: Tensor[]; isBatched: boolean } {
    const layer = this.constructor.name;
    if (input.ndim !== 2 && input.ndim !== 3)
      throw new ShapeError(`Cannot apply ${layer}: expected 2 or 3 dimensions, got [${input.shape.join(', ')}]`);
    if (input.size(-1) !== this.inputSize)
      throw new ShapeError(
        `Cannot apply ${layer}: expected last dimension ${this.inputSize}, got [${input.shape.join(', ')}]`,
      );
    const isBatched = input.ndim === 3;
    const batch = isBatched ? input : input.unsqueeze(this.batchFirst ? 0 : 1);
    const numStates = this.numLayers * (this.bidirectional ? 2 : 1);
    const batchSize = batch.size(this.batchFirst ? 0 : 1);
    const initial = sizes.map((size, i) => {
      const wanted = [numStates, batchSize, size]; // [L D, N, H]
      const given = states[i];
      if (!given) return zeros(wanted, { dtype: input.dtype, device: input.device });
      const state = isBatched ? given : given.unsqueeze(1);
      if (String(state.shape) !== String(wanted)) {
        const shown = isBatched ? wanted : [numStates, size];
        throw new ShapeError(
          `Cannot apply ${layer}: expected a state of shape [${shown.join(', ')}], got [${given.shape.join(', ')}]`,
        );
      }
      return state;
    });
    return { batch, initial, isBatched };
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
  protected run(input: Tensor, hx: Tensor | undefined, kernel: typeof gru): [output: Tensor, hn: Tensor] {
    const { batch, initial, isBatched } = this.batched(input, [hx], [this.hiddenSize]);
    const { hasBias, numLayers, dropout, training, bidirectional, batchFirst } = this;
    const [output, hn] = kernel(
      batch,
      initial[0]!,
      this.weights,
      hasBias,
      numLayers,
      dropout,
      training,
      bidirectional,
      batchFirst,
    );
    if (isBatched) return [output, hn];
    return [output.squeeze({ dim: batchFirst ? 0 : 1 }), hn.squeeze({ dim: 1 })];
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
    super(1, inputSize, hiddenSize, options);
    this.nonlinearity = options.nonlinearity ?? 'tanh';
    if (this.nonlinearity !== 'tanh' && this.nonlinearity !== 'relu')
      throw new RangeError(
        `Cannot make RNN: expected nonlinearity "tanh" or "relu", got "${String(this.nonlinearity)}"`,
      );
  }

  /** @throws {ShapeError} for input or state of another shape. */
  forward(input: Tensor, hx?: Tensor): [output: Tensor, hn: Tensor] {
    return this.run(input, hx, this.nonlinearity === 'tanh' ? rnnTanh : rnnRelu);
  }
}

/** Gated recurrent units, gates in the order reset, update, new.
 *  Rule: r = sigmoid(W_ir x + b_ir + W_hr h + b_hr); z likewise; n = tanh(W_in x + b_in + r * (W_hn h + b_hn)); h <- (1 - z) * n + z * h.
 *  Shape: input [T, N, I] and h0 [L D, N, H] (zeros by default) -> output [T, N, D H] and h_n [L D, N, H]; all with or without N.
 *  Source: Cho et al. 2014, arXiv:1406.1078; torch.nn.GRU. */
export class GRU extends OneStateRecurrent {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(3, inputSize, hiddenSize, options);
  }

  /** @throws {ShapeError} for input or state of another shape. */
  forward(input: Tensor, hx?: Tensor): [output: Tensor, hn: Tensor] {
    return this.run(input, hx, gru);
  }
}

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
    super(4, inputSize, hiddenSize, options);
  }

  /** @throws {ShapeError} for input or states of another shape. */
  forward(input: Tensor, hx?: readonly [h0: Tensor, c0: Tensor]): [output: Tensor, states: [hn: Tensor, cn: Tensor]] {
    const sizes = [this.projSize || this.hiddenSize, this.hiddenSize];
    const { batch, initial, isBatched } = this.batched(input, hx ?? [], sizes);
    const { hasBias, numLayers, dropout, training, bidirectional, batchFirst } = this;
    const [output, hn, cn] = lstm(
      batch,
      initial,
      this.weights,
      hasBias,
      numLayers,
      dropout,
      training,
      bidirectional,
      batchFirst,
    );
    if (isBatched) return [output, [hn, cn]];
    return [output.squeeze({ dim: batchFirst ? 0 : 1 }), [hn.squeeze({ dim: 1 }), cn.squeeze({ dim: 1 })]];
  }
}
