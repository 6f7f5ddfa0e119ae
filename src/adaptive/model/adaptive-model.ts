// `AdaptiveModel`: a network of nodes with energy, activity and phases.

import { DTypeError, ShapeError } from '../../errors.ts';
import { Linear } from '../../nn/layers/linear.ts';
import { Module } from '../../nn/module.ts';
import type { LoadReport } from '../../nn/module-state.ts';
import { describeValue } from '../../tensor/autograd/callback.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { isFloatingDType } from '../../tensor/dtype.ts';
import { Generator, withGenerator } from '../../tensor/generator.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { AdaptiveConfig } from '../config/adaptive-config.ts';
import type { AdaptiveConfigOptions } from '../config/fields.ts';
import { AdaptiveDynamics } from './adaptive-dynamics.ts';
import { fullState, unfoldState } from './full-state.ts';
import { LiveTensors } from './live-tensors.ts';
import { NodeState, sizedTo } from './node-state.ts';
import { moodShares, phaseShares, readNumbers, sparsityShares } from './phase-metrics.ts';
import { PhaseScheduler } from './phase-scheduler.ts';

// B batch, N nodes, D hidden.

/** A network of nodes that carry a hidden state, energy and activity from batch to batch, and are in one of four phases each.
 *
 *  A step: the state gets the batch's size (see `NodeState.expandBatch`); u = input_projection(x), the same for every node; the scheduler chooses phases from
 *  energies, activities and anxieties; `AdaptiveDynamics` moves the nodes on; logits = output_projection(A). In training, no gradient goes back
 *  through the state of earlier steps. Outputs depend on what the network saw before.
 *
 *  Evaluation leaves the state as training left it, and begins there for every batch: outputs do not depend on the order of batches, and training goes on
 *  as if there had been none. With `evaluationMovesState` evaluation is a step like any other, as in adaptiveneuralnetwork, and keeps the graph from one to the
 *  next where gradients are recorded.
 *
 *  The initial weights are those that PyTorch draws in float32 from the configuration's seed, whatever the dtype. `stateDict()` holds the state of nodes
 *  and scheduler, and loads it at whatever batch size it has; without it, weights load alone.
 *  Shape: [B, inputDim] -> [B, outputDim]; a floating input is converted to the model's dtype. Nothing waits for the device.
 *  @throws {ConfigError} for a configuration that does not fit.  Source: adaptiveneuralnetwork, AdaptiveModel.
 *  @example
 *  import { ones } from 'sconce';
 *  import { AdaptiveModel } from 'sconce/adaptive';
 *  const model = new AdaptiveModel({ numNodes: 8, hiddenDim: 4, inputDim: 3, outputDim: 2 });
 *  model.forward(ones([5, 3])).shape; // [5, 2]
 *  model.nodeState.energy.shape; // [5, 8, 1]
 *  model.getMetrics().mean_energy! > 9; // true */
export class AdaptiveModel extends Module {
  readonly config: AdaptiveConfig;
  readonly dynamics: AdaptiveDynamics;
  readonly input_projection: Linear;
  readonly output_projection: Linear;
  readonly node_state: NodeState;
  readonly phase_scheduler: PhaseScheduler;
  private readonly last = new LiveTensors<{ energy: Tensor; activity: Tensor }>();

  constructor(config: AdaptiveConfig | AdaptiveConfigOptions = {}) {
    super();
    this.config = config instanceof AdaptiveConfig ? config : new AdaptiveConfig(config);
    const { numNodes, hiddenDim, inputDim, outputDim, device, dtype, seed } = this.config;
    const { adaptationRate, energyDecay, circadianPeriod, phaseWeights, stochasticPolicy, aliasedPhases } = this.config;
    // In the order in which PyTorch draws them in the original.
    const generator = new Generator(seed);
    const nodes = { ...this.config.toNodeConfig(), device: 'cpu', dtype: 'float32' } as const;
    const nodeState = new NodeState(nodes, { generator });
    const layers = withGenerator(generator, () => ({
      dynamics: new AdaptiveDynamics(hiddenDim, { adaptationRate, energyDecay }),
      input: new Linear(inputDim, hiddenDim),
      output: new Linear(numNodes, outputDim),
    }));
    this.dynamics = layers.dynamics;
    this.input_projection = layers.input;
    this.output_projection = layers.output;
    this.node_state = nodeState;
    const policy = { circadianPeriod, phaseWeights, stochasticPolicy, aliasedPhases, seed };
    this.phase_scheduler = new PhaseScheduler({ numNodes, ...policy });
    for (const part of [this.dynamics, this.input_projection, this.output_projection, nodeState]) part.to(dtype);
    if (dtype === 'float64') this.phase_scheduler.to(dtype); // in half precision, moods would stand still
    this.to(device);
    this.registerLoadStateDictPreHook(unfoldState);
  }

  /** What the nodes carry from batch to batch. */
  get nodeState(): NodeState {
    return this.node_state;
  }

  get phaseScheduler(): PhaseScheduler {
    return this.phase_scheduler;
  }

  forward(x: Tensor): Tensor {
    const { training, node_state: nodes, phase_scheduler: scheduler } = this;
    const moves = training || this.config.evaluationMovesState;
    const input = this.input_projection.forward(this.readInput(x)).to(nodes.hiddenState.dtype).unsqueeze(1); // [B, 1, D]
    const before = sizedTo(training || !moves ? nodes.tensors() : nodes.liveTensors(), x.shape[0]!);
    const anxiety = this.dynamics.anxietyOf(before);
    const step = scheduler.decide(before.energy, before.activity, anxiety);
    const after = this.dynamics.forward(before, { input, anxiety, phases: step.phases });
    const output = this.output_projection.forward(after.activity.squeeze({ dim: -1 })); // [B, O]
    this.last.set({ energy: after.energy, activity: after.activity });
    if (moves) {
      scheduler.commit(step);
      nodes.take(after, { keepsGraph: !training });
    }
    return output;
  }

  /** Numbers for logs. Sync: waits for the device once. */
  getMetrics(): Record<string, number> {
    const { node_state: nodes, phase_scheduler: scheduler } = this;
    return noGrad(() => {
      const { mean_energy, mean_activity, ...sparsity } = sparsityShares(
        nodes.energy,
        nodes.activity,
        scheduler.nodePhases,
      );
      return readNumbers({
        active_node_ratio: nodes.getActiveNodes().to('float64').mean(),
        mean_energy,
        mean_activity,
        ...phaseShares(scheduler.nodePhases),
        ...moodShares(scheduler),
        ...sparsity,
      });
    });
  }

  /** A loss on the nodes themselves, for the last call of `forward`: see `AdaptiveDynamics.computeLoss`. Shape: targets [B] or [B, 1].
   *  @param predictions - what that call returned.  @throws {ShapeError} for predictions and targets of another batch.  @throws {TypeError} before the first call. */
  computeLoss(predictions: Tensor, targets: Tensor): Tensor {
    const last = this.last.tensors;
    if (!last)
      throw new TypeError('Cannot compute the loss of an AdaptiveModel: expected a call of forward before, got none');
    if (predictions.shape[0] !== last.activity.shape[0])
      throw new ShapeError(
        `Cannot compute the loss of an AdaptiveModel: expected predictions of the last call of forward, of ${last.activity.shape[0]} samples, got ${predictions.shape[0]}`,
      );
    return this.dynamics.computeLoss(last, targets);
  }

  /** Begins anew with the nodes and phases of a new model; weights stay. */
  resetState(): void {
    this.node_state.reset({ generator: new Generator(this.config.seed) });
    this.phase_scheduler.reset();
    this.last.set(undefined);
  }

  /** The state dict with the state of nodes and scheduler in two objects, `node_state` and `scheduler_state`, as adaptiveneuralnetwork's checkpoints have it. */
  getStateDictFull(): Record<string, unknown> {
    return fullState(this);
  }

  /** Loads what `getStateDictFull` or `stateDict` gave, or adaptiveneuralnetwork: what a state has not stays as it is.
   *  @returns names that did not match.  @throws {CheckpointError} for tensors that do not fit; nothing is loaded then. */
  loadStateDictFull(state: Readonly<Record<string, unknown>>): LoadReport {
    return this.loadStateDict(state as Record<string, Tensor>, { strict: false });
  }

  /** Sets training or evaluation mode, as `train`. */
  setTrainingMode(training = true): this {
    return this.train(training);
  }

  private readInput(x: Tensor): Tensor {
    const { inputDim } = this.config;
    if (!(x instanceof Tensor))
      throw new TypeError(`Cannot apply an AdaptiveModel: expected a tensor, got ${describeValue(x)}`);
    if (x.ndim !== 2 || x.shape[1] !== inputDim)
      throw new ShapeError(
        `Cannot apply an AdaptiveModel: expected an input of shape [batch, ${inputDim}], got [${x.shape.join(', ')}]${x.ndim > 2 ? '; flatten(1) it' : ''}`,
      );
    if (!isFloatingDType(x.dtype))
      throw new DTypeError(
        `Cannot apply an AdaptiveModel: expected an input of floating-point numbers, got ${x.dtype}`,
      );
    return x.to(this.input_projection.weight.dtype);
  }
}
