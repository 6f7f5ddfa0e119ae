// One step of a recurrent layer.

import { ShapeError } from '../../errors.ts';
import { empty, zeros } from '../../tensor/create.ts';
import { gruCell, lstmCell, rnnReluCell, rnnTanhCell } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { uniform_ } from '../init.ts';
import { checkOptions, type KnownOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';

// N batch, I input size, H hidden size.

export interface CellOptions extends FactoryOptions {
  /** Default true. */
  bias?: boolean;
}

const OPTIONS = { bias: true, dtype: true, device: true } satisfies OptionNames<CellOptions>;

/** Every weight starts in U(-1/sqrt(hiddenSize), 1/sqrt(hiddenSize)). */
abstract class Cell extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly weight_ih: Parameter;
  readonly weight_hh: Parameter;
  readonly bias_ih: Parameter | undefined;
  readonly bias_hh: Parameter | undefined;

  constructor(numGates: number, inputSize: number, hiddenSize: number, options: CellOptions, more: KnownOptions = {}) {
    super();
    checkOptions(this, { ...OPTIONS, ...more }, options);
    const factory = factoryOf(options);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.weight_ih = new Parameter(empty([numGates * hiddenSize, inputSize], factory));
    this.weight_hh = new Parameter(empty([numGates * hiddenSize, hiddenSize], factory));
    const makeBias = (): Parameter | undefined =>
      (options.bias ?? true) ? new Parameter(empty([numGates * hiddenSize], factory)) : undefined;
    this.bias_ih = makeBias();
    this.bias_hh = makeBias();
    this.resetParameters();
  }

  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  protected get biases(): { bIh: Tensor | undefined; bHh: Tensor | undefined } {
    return { bIh: this.bias_ih, bHh: this.bias_hh };
  }

  /** Input and state with a batch dimension, the state zeros where it is not given. */
  protected batched(input: Tensor, state: Tensor | undefined): [batch: Tensor, state: Tensor] {
    const refuse = (what: string, size: number, got: Tensor): never => {
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected ${what} of shape [N, ${size}] or [${size}], got [${got.shape.join(', ')}]`,
      );
    };
    if ((input.ndim !== 1 && input.ndim !== 2) || input.size(-1) !== this.inputSize)
      refuse('an input', this.inputSize, input);
    const batch = input.ndim === 2 ? input : input.unsqueeze(0); // [N, I]
    if (!state) return [batch, zeros([batch.size(0), this.hiddenSize], { dtype: input.dtype, device: input.device })];
    if (state.ndim !== input.ndim || state.size(-1) !== this.hiddenSize) refuse('a state', this.hiddenSize, state);
    return [batch, input.ndim === 2 ? state : state.unsqueeze(0)];
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias_ih ? '' : ', bias=False'}`;
  }
}

/** h' = tanh(W_ih x + b_ih + W_hh h + b_hh). Shape: x [N, I], h [N, H] (zeros by default) -> [N, H]; all with or without N.
 *  Source: torch.nn.RNNCell. */
export class RNNCell extends Cell {
  readonly nonlinearity: 'tanh' | 'relu';

  /** @param options.nonlinearity - default 'tanh'. */
  constructor(inputSize: number, hiddenSize: number, options: CellOptions & { nonlinearity?: 'tanh' | 'relu' } = {}) {
    super(1, inputSize, hiddenSize, options, { nonlinearity: true });
    this.nonlinearity = options.nonlinearity ?? 'tanh';
    if (this.nonlinearity !== 'tanh' && this.nonlinearity !== 'relu')
      throw new RangeError(
        `Cannot make RNNCell: expected nonlinearity "tanh" or "relu", got "${String(this.nonlinearity)}"`,
      );
  }

  forward(input: Tensor, hx?: Tensor): Tensor {
    const [batch, state] = this.batched(input, hx);
    const cell = this.nonlinearity === 'tanh' ? rnnTanhCell : rnnReluCell;
    const next = cell(batch, state, this.weight_ih, this.weight_hh, this.biases);
    return input.ndim === 2 ? next : next.squeeze({ dim: 0 });
  }

  override extraRepr(): string {
    return `${super.extraRepr()}${this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`}`;
  }
}

/** One step of `GRU`. Shape: x [N, I], h [N, H] (zeros by default) -> [N, H]; all with or without N. Source: torch.nn.GRUCell. */
export class GRUCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(3, inputSize, hiddenSize, options);
  }

  forward(input: Tensor, hx?: Tensor): Tensor {
    const [batch, state] = this.batched(input, hx);
    const next = gruCell(batch, state, this.weight_ih, this.weight_hh, this.biases);
    return input.ndim === 2 ? next : next.squeeze({ dim: 0 });
  }
}

/** One step of `LSTM`. Shape: x [N, I], h and c [N, H] (zeros by default) -> h and c [N, H]; all with or without N. Source: torch.nn.LSTMCell. */
export class LSTMCell extends Cell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(4, inputSize, hiddenSize, options);
  }

  forward(input: Tensor, hx?: readonly [h: Tensor, c: Tensor]): [h: Tensor, c: Tensor] {
    const [batch, h] = this.batched(input, hx?.[0]);
    const [, c] = this.batched(input, hx?.[1]);
    const next = lstmCell(batch, [h, c], this.weight_ih, this.weight_hh, this.biases);
    return input.ndim === 2 ? [...next] : [next[0].squeeze({ dim: 0 }), next[1].squeeze({ dim: 0 })];
  }
}
