// Long short-term memory whose cells are pictures: convolutions in place of matrices.

import { ConfigError } from '../../../errors.ts';
import { count, flag, type Rule } from '../../../metrics/options.ts';
import { Conv2d, Module } from '../../../nn/index.ts';
import { constant_, xavierUniform_ } from '../../../nn/init.ts';
import { cat, conv2d, stack } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { clipShape, toFrames } from '../clips.ts';
import { channelProblems, oddCount } from '../option-rules.ts';

// B batch, C channels of the input, D channels of the state, T frames.

export interface ConvLSTMState {
  /** [B, D, H, W]. */
  readonly hidden: Tensor;
  readonly cell: Tensor;
}

/** One step of a ConvLSTM.
 *  Formula, * for a convolution that keeps the size: i, f, g, o = W * [x, h] + b, c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c').
 *  Starts with Xavier's uniform weights and b = 0. Source: Shi et al. 2015, arXiv:1506.04214, without its peepholes; VisionCore's ConvLSTMCell. */
export class ConvLSTMCell extends Module {
  readonly gates: Conv2d;
  readonly inputSize: number;
  readonly hiddenSize: number;

  constructor(inputSize: number, hiddenSize: number, kernelSize = 3) {
    super();
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const padding = kernelSize >> 1;
    this.gates = new Conv2d(inputSize + hiddenSize, 4 * hiddenSize, kernelSize, { padding });
    this.resetParameters();
  }

  resetParameters(): void {
    xavierUniform_(this.gates.weight);
    constant_(this.gates.bias!, 0);
  }

  /** Shape: input [B, C, H, W]. Without a state it is zeros. */
  forward(input: Tensor, state?: ConvLSTMState): ConvLSTMState {
    return this.run(input, 1, state)[0]!;
  }

  /** The state after each step; inputs as in `ConvGRUCell`. @internal */
  run(inputs: Tensor, steps: number, start?: ConvLSTMState): ConvLSTMState[] {
    const { inputSize, hiddenSize } = this;
    const { weight, bias } = this.gates;
    const padding = this.gates.padding as readonly number[];
    const fromState = weight.narrow(1, inputSize, hiddenSize); // [4 D, D, k, k]
    const fromInputs = conv2d(inputs, weight.narrow(1, 0, inputSize), { bias, padding }); // [steps B, 4 D, H, W]
    let state = start;
    return fromInputs.chunk(steps).map((input) => {
      const gates = state ? input.add(conv2d(state.hidden, fromState, { padding })) : input;
      const [enter, forget, candidate, leave] = gates.chunk(4, { dim: 1 });
      const entered = enter!.sigmoid().mul(candidate!.tanh());
      const cell = state ? forget!.sigmoid().mul(state.cell).add(entered) : entered;
      state = { hidden: leave!.sigmoid().mul(cell.tanh()), cell };
      return state;
    });
  }
}

export interface ConvLSTMOptions {
  /** Channels of the state. Default 64. */
  readonly hiddenDim?: number;
  /** Odd. Default 3. */
  readonly kernelSize?: number;
  /** Whether what comes in is passed on in front of the states, so that what follows sees both. Default false. */
  readonly fastPhase?: boolean;
}

const RULES: Readonly<Record<keyof ConvLSTMOptions, Rule>> = {
  hiddenDim: count(),
  kernelSize: oddCount,
  fastPhase: flag,
};

/** States h of a ConvLSTM over the frames of a clip, from a state of zeros. Each step is `ConvLSTMCell`.
 *  Shape: [B, C, T, H, W] -> [B, D, T, H, W]; with `fastPhase` [B, C + D, T, H, W], the input first.
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for another shape.
 *  Source: Shi et al. 2015, arXiv:1506.04214; VisionCore's ConvLSTM, which gives the last frame alone.
 *  @example
 *  import { randn } from 'sconce';
 *  import { ConvLSTM } from 'sconce/multidataset';
 *  const lstm = new ConvLSTM(3, { hiddenDim: 4 });
 *  lstm.forward(randn([2, 3, 5, 8, 6])).shape; // [2, 4, 5, 8, 6] */
export class ConvLSTM extends Module {
  readonly cell: ConvLSTMCell;
  readonly inputDim: number;
  readonly outChannels: number;
  readonly fastPhase: boolean;

  /** @param inputDim - channels of a clip. */
  constructor(inputDim: number, options: ConvLSTMOptions = {}) {
    super();
    const problems = channelProblems('inputDim', inputDim, options, RULES);
    if (problems.length > 0) throw new ConfigError('make ConvLSTM', problems);
    const { hiddenDim = 64, kernelSize = 3, fastPhase = false } = options;
    this.inputDim = inputDim;
    this.fastPhase = fastPhase;
    this.outChannels = hiddenDim + (fastPhase ? inputDim : 0);
    this.cell = new ConvLSTMCell(inputDim, hiddenDim, kernelSize);
  }

  forward(clip: Tensor): Tensor {
    const [, , frames] = clipShape('ConvLSTM', clip, this.inputDim);
    const states = this.cell.run(toFrames(clip), frames);
    const sequence = stack(
      states.map(({ hidden }) => hidden),
      { dim: 2 },
    ); // [B, D, T, H, W]
    return this.fastPhase ? cat([clip, sequence], { dim: 1 }) : sequence;
  }
}
