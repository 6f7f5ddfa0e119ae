// A gated recurrent unit whose state is a picture: convolutions in place of matrices.

import { ConfigError } from '../../../errors.ts';
import { count, flag, type Rule } from '../../../metrics/options.ts';
import { Conv2d, Module, ModuleList } from '../../../nn/index.ts';
import { constant_, orthogonal_ } from '../../../nn/init.ts';
import { cat, conv2d, stack } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { clipShape, toFrames } from '../clips.ts';
import { channelProblems, eachLayer, oddCount } from '../option-rules.ts';

// B batch, C channels of the input, D channels of the state, T frames.

/** One step of a ConvGRU.
 *  Formula, * for a convolution that keeps the size: z = sigmoid(W_z * [x, h] + b_z), r = sigmoid(W_r * [x, h] + b_r), n = tanh(W_n * [x, r h] + b_n),
 *  h' = (1 - z) h + z n.
 *  Starts with orthogonal weights and b_r = b_n = 0, b_z = 1. Source: Ballas et al. 2016, arXiv:1511.06432; VisionCore's ConvGRUCell. */
export class ConvGRUCell extends Module {
  readonly update_gate: Conv2d;
  readonly reset_gate: Conv2d;
  readonly out_gate: Conv2d;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly kernelSize: number;

  constructor(inputSize: number, hiddenSize: number, kernelSize = 3) {
    super();
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.kernelSize = kernelSize;
    const gate = (): Conv2d => new Conv2d(inputSize + hiddenSize, hiddenSize, kernelSize, { padding: kernelSize >> 1 });
    this.update_gate = gate();
    this.reset_gate = gate();
    this.out_gate = gate();
    this.resetParameters();
  }

  resetParameters(): void {
    for (const gate of [this.update_gate, this.reset_gate, this.out_gate]) {
      orthogonal_(gate.weight);
      constant_(gate.bias!, gate === this.update_gate ? 1 : 0);
    }
  }

  /** Shape: input [B, C, H, W], hidden [B, D, H, W], zeros without one -> [B, D, H, W]. */
  forward(input: Tensor, hidden?: Tensor): Tensor {
    return this.run(input, 1, hidden)[0]!;
  }

  /** The state after each step. What the inputs add to the gates is one convolution over all of them, since it does not wait for a state.
   *  Shape: inputs [steps B, C, H, W], those of one step behind one another -> as many states [B, D, H, W]. @internal */
  run(inputs: Tensor, steps: number, hidden?: Tensor): Tensor[] {
    const { inputSize, hiddenSize } = this;
    const gates = [this.update_gate, this.reset_gate, this.out_gate];
    const padding = this.kernelSize >> 1;
    const weight = cat(gates.map((gate) => gate.weight)); // [3 D, C + D, k, k]
    const bias = cat(gates.map((gate) => gate.bias!)); // [3 D]
    const fromState = weight.narrow(1, inputSize, hiddenSize); // [3 D, D, k, k]
    const toGates = fromState.narrow(0, 0, 2 * hiddenSize);
    const toCandidate = fromState.narrow(0, 2 * hiddenSize, hiddenSize);
    const fromInputs = conv2d(inputs, weight.narrow(1, 0, inputSize), { bias, padding }); // [steps B, 3 D, H, W]
    let state = hidden;
    return fromInputs.chunk(steps).map((input) => {
      const before = state;
      const [gateInput, candidateInput] = input.split([2 * hiddenSize, hiddenSize], { dim: 1 });
      const fromGates = before ? gateInput!.add(conv2d(before, toGates, { padding })) : gateInput!;
      const [update, reset] = fromGates.sigmoid().chunk(2, { dim: 1 });
      const candidate = before
        ? candidateInput!.add(conv2d(reset!.mul(before), toCandidate, { padding })).tanh()
        : candidateInput!.tanh();
      state = before ? before.lerp(candidate, update!) : update!.mul(candidate);
      return state;
    });
  }
}

export interface ConvGRUOptions {
  /** Channels of the state, one number or one a layer. Default 64. */
  readonly hiddenDim?: number | readonly number[];
  /** Odd. One number or one a layer. Default 3. */
  readonly kernelSize?: number | readonly number[];
  /** Layers, each over the states of the one before. Default 1. */
  readonly nLayers?: number;
  /** Whether what comes in is passed on in front of the states, so that what follows sees both. Default false. */
  readonly fastPhase?: boolean;
}

const RULES: Readonly<Record<keyof ConvGRUOptions, Rule>> = {
  hiddenDim: eachLayer(count()),
  kernelSize: eachLayer(oddCount),
  nLayers: count(),
  fastPhase: flag,
};

/** States of layers of ConvGRU cells over the frames of a clip, from a state of zeros. Each step is `ConvGRUCell`.
 *  Shape: [B, C, T, H, W] -> [B, D, T, H, W] with D the last layer's `hiddenDim`; with `fastPhase` [B, C + D, T, H, W], the input first.
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for another shape.
 *  Source: Ballas et al. 2016, arXiv:1511.06432; VisionCore's ConvGRU.
 *  @example
 *  import { randn } from 'sconce';
 *  import { ConvGRU } from 'sconce/multidataset';
 *  const gru = new ConvGRU(3, { hiddenDim: 4 });
 *  gru.forward(randn([2, 3, 5, 8, 6])).shape; // [2, 4, 5, 8, 6] */
export class ConvGRU extends Module {
  readonly cells: ModuleList<ConvGRUCell>;
  readonly inputDim: number;
  readonly outChannels: number;
  readonly fastPhase: boolean;

  /** @param inputDim - channels of a clip. */
  constructor(inputDim: number, options: ConvGRUOptions = {}) {
    super();
    const problems = channelProblems('inputDim', inputDim, options, RULES);
    const { hiddenDim = 64, kernelSize = 3, nLayers = 1, fastPhase = false } = options ?? {};
    for (const [name, list] of Object.entries({ hiddenDim, kernelSize }))
      if (Array.isArray(list) && list.length !== nLayers)
        problems.push(`${name}: expected ${nLayers} numbers, one a layer, got ${list.length}`);
    if (problems.length > 0) throw new ConfigError('make ConvGRU', problems);
    const widths = typeof hiddenDim === 'number' ? new Array<number>(nLayers).fill(hiddenDim) : hiddenDim;
    const kernels = typeof kernelSize === 'number' ? new Array<number>(nLayers).fill(kernelSize) : kernelSize;
    this.inputDim = inputDim;
    this.fastPhase = fastPhase;
    this.outChannels = widths.at(-1)! + (fastPhase ? inputDim : 0);
    this.cells = new ModuleList(
      widths.map((width, i) => new ConvGRUCell(widths[i - 1] ?? inputDim, width, kernels[i])),
    );
  }

  forward(clip: Tensor): Tensor {
    const [, , frames] = clipShape('ConvGRU', clip, this.inputDim);
    let states: Tensor[] = [];
    for (const cell of this.cells) states = cell.run(states.length > 0 ? cat(states) : toFrames(clip), frames);
    const sequence = stack(states, { dim: 2 }); // [B, D, T, H, W]
    return this.fastPhase ? cat([clip, sequence], { dim: 1 }) : sequence;
  }
}
