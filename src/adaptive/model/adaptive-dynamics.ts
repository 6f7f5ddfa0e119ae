// `AdaptiveDynamics`: how the state of nodes moves on in a step.

import { ShapeError } from '../../errors.ts';
import { mseLoss } from '../../nn/functional/index.ts';
import { checkOptions, type OptionNames } from '../../nn/layer-options.ts';
import { Linear } from '../../nn/layers/linear.ts';
import { Module } from '../../nn/module.ts';
import { Parameter } from '../../nn/parameter.ts';
import { ones } from '../../tensor/create.ts';
import type { Device } from '../../tensor/device.ts';
import { vectorNorm } from '../../tensor/linalg.generated.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { NodeTensors } from './node-state.ts';
import { Phase } from './phase.ts';

// B batch, N nodes, D hidden.

export interface AdaptiveDynamicsOptions {
  /** Factor on the input in the equation of the hidden state. Default 0.1. */
  readonly adaptationRate?: number;
  /** Share of its energy that a node loses at a step. Default 0.01. */
  readonly energyDecay?: number;
  /** Default 'cpu'. */
  readonly device?: Device;
}

/** What moves nodes on, beside their state. */
export interface DynamicsInputs {
  /** The same for all nodes of a sample. Shape: [B, 1, D]. */
  readonly input: Tensor;
  /** See `anxietyOf`. Shape: [B, N, 1]. */
  readonly anxiety: Tensor;
  /** Shape: [B, N] of int64. */
  readonly phases: Tensor;
}

const OPTIONS = {
  adaptationRate: true,
  energyDecay: true,
  device: true,
} satisfies OptionNames<AdaptiveDynamicsOptions>;

/** Moves the state of nodes on by a step. h hidden states, E energies, A activities, u the input, P phases, a anxiety, m = 0 for P = SLEEP and 1 otherwise.
 *  Rule: h <- tanh(h + m * (state_update(h) * (1 + phase_scales[P]) + rate * u));
 *  E <- clamp(E * (1 - decay) + energy_update(h) * (1 - 0.1 * clamp(a / 10, 0, 1)) * m, 0, 50); A <- sigmoid(activity_update([mean(h), mean(u)])).
 *  Shape: state see `NodeTensors`, input [B, 1, D] -> state. Scales begin at 1. Nothing is changed in place.
 *  @throws {TypeError} for an option that is unknown.  Source: adaptiveneuralnetwork, AdaptiveDynamics. */
export class AdaptiveDynamics extends Module {
  readonly hiddenDim: number;
  readonly adaptationRate: number;
  readonly energyDecay: number;
  readonly state_update: Linear;
  readonly energy_update: Linear;
  readonly activity_update: Linear;
  readonly phase_scales: Parameter;

  constructor(hiddenDim: number, options: AdaptiveDynamicsOptions = {}) {
    super();
    checkOptions(this, OPTIONS, options);
    const { adaptationRate = 0.1, energyDecay = 0.01, device = 'cpu' } = options;
    this.hiddenDim = hiddenDim;
    this.adaptationRate = adaptationRate;
    this.energyDecay = energyDecay;
    this.state_update = new Linear(hiddenDim, hiddenDim, { device });
    this.energy_update = new Linear(hiddenDim, 1, { device });
    this.activity_update = new Linear(2, 1, { device });
    this.phase_scales = new Parameter(ones([4], { device }));
  }

  /** Rule: a = max(5 - E, 0) + 2 A + the unbiased variance of h. Shape: [B, N, 1]. */
  anxietyOf({ hiddenState, energy, activity }: NodeTensors): Tensor {
    return energy.neg().add(5).clamp({ min: 0 }).add(activity.mul(2)).add(varianceOf(hiddenState));
  }

  forward(state: NodeTensors, { input, anxiety, phases }: DynamicsInputs): NodeTensors {
    const { hiddenState: before, energy, position } = state;
    const { dtype } = before; // layers may answer in another one, under autocast
    const phaseMask = phases.ne(Phase.SLEEP).unsqueeze(-1); // [B, N, 1]
    const awake = phaseMask.to(dtype);
    const scales = this.phase_scales.indexSelect(0, phases.flatten()).view(awake.shape);
    const delta = this.state_update.forward(before).to(dtype); // [B, N, D]
    // In place where autograd keeps nothing of what is overwritten: less memory to go through.
    const hiddenState = delta
      .mul(scales.add(1).mul(awake))
      .add_(before)
      .baddbmm_(awake, input, { alpha: this.adaptationRate })
      .tanh_();
    const calm = anxiety.div(10).clamp({ min: 0, max: 1 }).mul(-0.1).add(1);
    const gain = this.energy_update.forward(hiddenState).to(dtype).mul(calm).mul(awake); // [B, N, 1]
    const hiddenMean = hiddenState.sum({ dim: -1, keepdim: true }).div(this.hiddenDim); // its gradient is not written out, as that of a mean is
    const inputMean = input.mean({ dim: -1, keepdim: true }).expand(hiddenMean.shape);
    const drive = this.activity_update.forward(cat([hiddenMean, inputMean], { dim: -1 })); // [B, N, 1]
    return {
      hiddenState,
      energy: energy
        .mul(1 - this.energyDecay)
        .add(gain)
        .clamp({ min: 0, max: 50 }),
      activity: drive.to(dtype).sigmoid(),
      position,
      phaseMask,
    };
  }

  /** Rule: mse(mean of A over nodes, target) + 0.01 * mean(max(E - 10, 0)^2) + 0.001 * mean(A^2). Shape: target [B] or [B, 1] -> scalar. */
  computeLoss({ energy, activity }: Pick<NodeTensors, 'energy' | 'activity'>, target: Tensor): Tensor {
    const prediction = activity.mean({ dim: 1 }); // [B, 1]
    const wanted = (target.ndim === 1 ? target.unsqueeze(-1) : target).to(prediction.dtype);
    if (String(wanted.shape) !== String(prediction.shape))
      throw new ShapeError(
        `Cannot compute the loss of an adaptive network: expected targets of shape [${prediction.shape[0]}] or [${prediction.shape.join(', ')}], got [${target.shape.join(', ')}]; take a criterion such as cross entropy for outputs of several numbers`,
      );
    const surplus = energy.sub(10).clamp({ min: 0 }).square().mean();
    return mseLoss(prediction, wanted).add(surplus.mul(0.01)).add(activity.square().mean().mul(0.001));
  }

  override extraRepr(): string {
    return `hidden_dim=${this.hiddenDim}`;
  }
}

/** The unbiased variance over the last dimension, kept: from the sum of squares, which libtorch has in a tenth of the time of `var`. Hidden states lie in [-1, 1],
 *  so that nothing is lost; in half precision, the difference of the two would be. */
function varianceOf(hiddenState: Tensor): Tensor {
  const { dtype, shape } = hiddenState;
  const values = dtype === 'float64' ? hiddenState : hiddenState.to('float32');
  const width = shape.at(-1)!;
  const squares = vectorNorm(values, { dim: -1, keepdim: true }).square();
  const sum = values.sum({ dim: -1, keepdim: true });
  return squares
    .sub(sum.square().div(width))
    .div(width - 1)
    .to(dtype);
}
