// `NodeState`: what nodes carry from batch to batch.

import type { StateDict } from '../../nn/module-state.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { full, randn, zeros } from '../../tensor/create.ts';
import type { Generator } from '../../tensor/generator.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { NodeConfig } from '../config/adaptive-config.ts';
import { CarriedState, shapeProblem } from './carried-state.ts';
import { LiveTensors } from './live-tensors.ts';

// B batch, N nodes, D hidden, S space.

/** The state of nodes as tensors. A type alias, so that it is a record of tensors. */
export type NodeTensors = {
  /** [B, N, D] */
  readonly hiddenState: Tensor;
  /** [B, N, 1], from 0 to 50. */
  readonly energy: Tensor;
  /** [B, N, 1], from 0 to 1. */
  readonly activity: Tensor;
  /** [B, N, S] */
  readonly position: Tensor;
  /** [B, N, 1] of booleans: whether a node did not sleep in the last step. */
  readonly phaseMask: Tensor;
};

const NAMES = ['hiddenState', 'energy', 'activity', 'position', 'phaseMask'] as const;
const KEYS = {
  hiddenState: 'hidden_state',
  energy: 'energy',
  activity: 'activity',
  position: 'position',
  phaseMask: 'phase_mask',
} as const;

/** What nodes carry from batch to batch; no parameter is among it. At the start one row (B = 1): hidden states and activities of 0, energies of 10, positions
 *  from N(0, 1), no node awake. All of it is in state dicts, at the batch size that it has.
 *  Shape: see `NodeTensors`. Source: adaptiveneuralnetwork, NodeState.
 *  @example
 *  import { AdaptiveConfig, NodeState } from 'sconce/adaptive';
 *  const state = new NodeState(new AdaptiveConfig({ numNodes: 3, hiddenDim: 4 }).toNodeConfig());
 *  state.expandBatch(2).energy.shape; // [2, 3, 1] */
export class NodeState extends CarriedState {
  readonly config: NodeConfig;
  declare energy: Tensor;
  declare activity: Tensor;
  declare position: Tensor;
  declare private hidden_state: Tensor;
  declare private phase_mask: Tensor;
  /** What `take` was given, by what is kept of it. */
  private readonly live = new LiveTensors<Record<string, Tensor>>();

  /** @param options.generator - draws the positions. Default: the process's. */
  constructor(config: NodeConfig, options: { readonly generator?: Generator } = {}) {
    super();
    readOptions('NodeState', ['generator'], options);
    this.config = config;
    for (const [name, tensor] of Object.entries(startOf(config, options.generator)))
      this.registerBuffer(KEYS[name as keyof NodeTensors], tensor, { persistent: false }); // saved as carried state
  }

  get hiddenState(): Tensor {
    return this.hidden_state;
  }

  set hiddenState(value: Tensor) {
    this.hidden_state = value;
  }

  get phaseMask(): Tensor {
    return this.phase_mask;
  }

  set phaseMask(value: Tensor) {
    this.phase_mask = value;
  }

  /** Samples in the state. */
  get batchSize(): number {
    return this.hiddenState.shape[0]!;
  }

  /** The state at this moment, without the graph behind it. */
  tensors(): NodeTensors {
    const { hiddenState, energy, activity, position, phaseMask } = this;
    return { hiddenState, energy, activity, position, phaseMask };
  }

  /** The same with the graph behind it, where `take` kept one. */
  liveTensors(): NodeTensors {
    const live = this.live.tensors ?? {};
    const entries = NAMES.map((name) => [name, live[`${name}.kept`] === this[name] ? live[name]! : this[name]]);
    return Object.fromEntries(entries) as NodeTensors;
  }

  /** Goes on from other tensors.
   *  @param options.keepsGraph - whether `liveTensors` has them with the graph behind them. Default false. */
  take(tensors: NodeTensors, { keepsGraph = false }: { readonly keepsGraph?: boolean } = {}): void {
    const live: Record<string, Tensor> = {};
    for (const name of NAMES) {
      const given = tensors[name];
      const kept = given.requiresGrad ? given.detach() : given;
      if (kept !== given && keepsGraph) Object.assign(live, { [name]: given, [`${name}.kept`]: kept });
      this[name] = kept;
    }
    this.live.set(live);
  }

  /** Makes the state one of so many samples: copies of sample 0 behind those that are there, or the first ones alone.
   *  @throws {RangeError} for a size that is no integer above 0. */
  expandBatch(batchSize: number): this {
    this.take(sizedTo(this.tensors(), batchSize));
    return this;
  }

  /** Nodes with energy above 1 and activity above the threshold of the configuration. Shape: [B, N, 1] of booleans. */
  getActiveNodes(): Tensor {
    return this.energy.gt(1).logicalAnd(this.activity.gt(this.config.activityThreshold));
  }

  /** Begins anew, with one row. */
  reset(options: { readonly generator?: Generator } = {}): void {
    const { dtype, device } = this.hiddenState;
    this.take(startOf({ ...this.config, dtype: dtype as NodeConfig['dtype'], device }, options.generator));
  }

  override carried(): StateDict {
    return Object.fromEntries(NAMES.map((name) => [KEYS[name], this[name]]));
  }

  override problemsOf(state: Readonly<StateDict>): string[] {
    const { numNodes, hiddenDim, spatialDim } = this.config;
    const widths = { hiddenState: hiddenDim, energy: 1, activity: 1, position: spatialDim, phaseMask: 1 };
    const sizes = new Set(Object.values(state).map(({ shape }) => shape[0]));
    return [
      ...NAMES.flatMap((name) => {
        const tensor = state[KEYS[name]];
        return tensor ? shapeProblem(KEYS[name], tensor, [undefined, numNodes, widths[name]]) : [];
      }),
      ...(sizes.size > 1 || sizes.has(0)
        ? [
            `"${KEYS.hiddenState}": expected one number of samples, 1 or more, in all of the node state, got ${[...sizes].join(', ')}`,
          ]
        : []),
    ];
  }

  override carry(state: Readonly<StateDict>): void {
    const tensors = { ...this.tensors() };
    for (const name of NAMES) {
      const given = state[KEYS[name]];
      if (given)
        tensors[name] = noGrad(() => given.to({ dtype: this[name].dtype, device: this[name].device, copy: true }));
    }
    if (Object.keys(state).length > 0) this.take(tensors);
  }

  forward(): never {
    throw new TypeError('Cannot apply a NodeState: expected an AdaptiveDynamics to be called with it');
  }

  override extraRepr(): string {
    const { numNodes, hiddenDim, spatialDim } = this.config;
    return `batch_size=${this.batchSize}, num_nodes=${numNodes}, hidden_dim=${hiddenDim}, spatial_dim=${spatialDim}`;
  }
}

function startOf({ numNodes, hiddenDim, spatialDim, dtype, device }: NodeConfig, generator?: Generator): NodeTensors {
  const like = { dtype, device };
  return {
    hiddenState: zeros([1, numNodes, hiddenDim], like),
    energy: full([1, numNodes, 1], 10, like),
    activity: zeros([1, numNodes, 1], like),
    // Drawn in float32 on the CPU, so that a seed gives the same positions in every dtype and on every device.
    position: randn([1, numNodes, spatialDim], generator && { generator }).to(like),
    phaseMask: zeros([1, numNodes, 1], { dtype: 'bool', device }),
  };
}

/** @internal See `NodeState.expandBatch`. */
export function sizedTo(tensors: NodeTensors, batchSize: number): NodeTensors {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    throw new RangeError(
      `Cannot size the state of nodes: expected a batch of at least one sample, got ${String(batchSize)}`,
    );
  const size = tensors.hiddenState.shape[0]!;
  if (size === batchSize) return tensors;
  const sized = (tensor: Tensor): Tensor => {
    if (batchSize < size) return tensor.narrow(0, 0, batchSize).contiguous();
    const [, nodes = 0, width = 0] = tensor.shape;
    return cat([tensor, tensor.narrow(0, 0, 1).expand([batchSize - size, nodes, width])]);
  };
  return Object.fromEntries(NAMES.map((name) => [name, sized(tensors[name])])) as NodeTensors;
}
