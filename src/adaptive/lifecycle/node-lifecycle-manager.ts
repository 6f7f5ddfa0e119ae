// `NodeLifecycleManager`: nodes of an adaptive network that are pruned and healed.

import { ConfigError } from '../../errors.ts';
import type { RemovableHandle } from '../../nn/module-hooks.ts';
import { describeValue } from '../../tensor/autograd/callback.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { rand, zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { Generator } from '../../tensor/generator.ts';
import { stack } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { AdaptiveModel } from '../model/adaptive-model.ts';
import { HEALTH_NAMES, healthOf, NodeHealth, type NodeMeans } from './node-health.ts';
import { type PruningConfig, type PruningOptions, pruningConfig } from './pruning-config.ts';

/** What a cycle did: nodes by their number. */
export interface LifecycleAction {
  readonly kind: 'prune' | 'heal';
  /** Counted from the first. */
  readonly step: number;
  readonly nodes: readonly number[];
}

/** What a manager keeps, as plain data. */
export interface LifecycleState {
  readonly step: number;
  /** Activity, energy and contribution: [3][N][window], the oldest entry at `step` modulo the window. */
  readonly history: readonly (readonly (readonly number[])[])[];
  /** The step at which each node was pruned, -1 for one that is active. */
  readonly prunedAt: readonly number[];
  readonly performances: readonly number[];
  readonly actions: readonly LifecycleAction[];
}

/** The last performances that are kept, and of how many the baseline is the mean. */
const MAX_PERFORMANCES = 50;
const BASELINE = 10;
const QUANTITIES = ['activity', 'energy', 'contribution'] as const;

/** Prunes nodes that do next to nothing and heals pruned ones when the network got worse.
 *
 *  A pruned node has no part in the outputs: its activity is 0 where the output layer reads it, so that its column of that layer gets no gradient, and its energy and activity are held at 0. It costs as much time as before. Which nodes are pruned is the
 *  manager's state, and no part of the model's: `NodeLifecycle` keeps it in checkpoints.
 *
 *  Call `step` after each training step. Nothing waits for the device but the cycles, every `pruningFrequency` and `healingFrequency` steps.
 *  @throws {ConfigError} that lists every option that is unknown or does not fit.  Source: adaptiveneuralnetwork, NodeLifecycleManager.
 *  @example
 *  import { rand } from 'sconce';
 *  import { AdaptiveModel, NodeLifecycleManager } from 'sconce/adaptive';
 *  const model = new AdaptiveModel({ numNodes: 20, hiddenDim: 4, inputDim: 3, outputDim: 2 });
 *  const manager = new NodeLifecycleManager(model);
 *  model.forward(rand([5, 3])).shape; // [5, 2]
 *  manager.step();
 *  manager.pruneNodes([3, 4]).nodes; // [3, 4]
 *  manager.getMetrics().active_nodes; // 18 */
export class NodeLifecycleManager {
  readonly config: PruningConfig;
  readonly model: AdaptiveModel;
  /** What cycles did, and calls of `pruneNodes` and `healNodes`. */
  readonly actions: LifecycleAction[] = [];
  readonly #numNodes: number;
  readonly #hook: RemovableHandle;
  #step = 0;
  /** [3, N, window] */
  #history: Tensor;
  /** [N] of the model's dtype: 1 for an active node, 0 for a pruned one. */
  #mask: Tensor;
  #prunedAt: number[];
  #performances: number[] = [];

  constructor(model: AdaptiveModel, options: PruningOptions = {}) {
    if (!(model instanceof AdaptiveModel)) {
      throw new ConfigError('manage nodes', [`model: expected an AdaptiveModel, got ${describeValue(model)}`]);
    }
    this.config = pruningConfig(options);
    this.model = model;
    this.#numNodes = model.config.numNodes;
    this.#prunedAt = new Array<number>(this.#numNodes).fill(-1);
    const { device } = model.nodeState.energy;
    this.#history = zeros([3, this.#numNodes, this.config.evaluationWindow], { device }).keep();
    this.#mask = this.#makeMask();
    this.#hook = model.output_projection.registerForwardPreHook((_, [activity]) => [activity.mul(this.#mask)] as const);
  }

  /** Steps done. */
  get stepCount(): number {
    return this.#step;
  }

  /** Numbers of the active nodes. */
  get activeNodes(): number[] {
    return this.#prunedAt.flatMap((at, node) => (at < 0 ? [node] : []));
  }

  /** Numbers of the pruned nodes. */
  get prunedNodes(): number[] {
    return this.#prunedAt.flatMap((at, node) => (at < 0 ? [] : [node]));
  }

  /** The mean of the last ten performances; the last one where there are fewer. Undefined before the first. */
  get performanceBaseline(): number | undefined {
    const last = this.#performances.slice(-BASELINE);
    if (last.length < BASELINE) return last.at(-1);
    return last.reduce((sum, value) => sum + value, 0) / BASELINE;
  }

  /** Notes what the nodes did in a step, and prunes where a cycle is due.
   *  @param options.contributionScores - how much each node contributed. Shape: [N]. Default: energy * activity.
   *  @returns what was done. */
  step(options: { readonly contributionScores?: Tensor } = {}): LifecycleAction[] {
    this.updateNodeMetrics(options.contributionScores);
    if (!this.shouldRunPruning()) return [];
    const candidates = this.identifyPruningCandidates();
    return candidates.length > 0 ? [this.pruneNodes(candidates)] : [];
  }

  /** Tells how good the network is now, the larger the better, and heals where it got worse. The baseline counts this performance from the next call on.
   *  @returns what was done. */
  reportPerformance(performance: number): LifecycleAction[] {
    const candidates = this.identifyHealingCandidates(performance);
    this.updatePerformanceBaseline(performance);
    return candidates.length > 0 ? [this.healNodes(candidates)] : [];
  }

  /** Notes activity, energy and contribution of the nodes, as means over the samples, and holds pruned nodes at 0. */
  updateNodeMetrics(contributionScores?: Tensor): void {
    noGrad(() =>
      scope(() => {
        const { nodeState } = this.model;
        const mask = this.#mask.view([1, -1, 1]);
        nodeState.energy = nodeState.energy.mul(mask.to(nodeState.energy.dtype)).keep();
        nodeState.activity = nodeState.activity.mul(mask.to(nodeState.activity.dtype)).keep();
        const activity = nodeState.activity.mean({ dim: 0 }).flatten(); // [N]
        const energy = nodeState.energy.mean({ dim: 0 }).flatten();
        const now = stack(
          [activity, energy, contributionScores ?? energy.mul(activity)].map((each) => each.to('float32')),
        );
        this.#history.select(2, this.#step % this.config.evaluationWindow).copy_(now);
      }),
    );
    this.#step += 1;
  }

  /** Whether this step ends a cycle of pruning. */
  shouldRunPruning(): boolean {
    const { evaluationWindow, pruningFrequency } = this.config;
    return this.#step > evaluationWindow && this.#step % pruningFrequency === 0;
  }

  /** Whether enough steps were done to look whether nodes have to be healed. */
  shouldRunHealing(): boolean {
    const { evaluationWindow, healingFrequency, healingEnabled } = this.config;
    const last = this.actions.findLast(({ kind }) => kind === 'heal')?.step ?? 0;
    return healingEnabled && this.#step > evaluationWindow && this.#step - last >= healingFrequency;
  }

  /** The health of every node. Shape: [N] of int64, values of `NodeHealth`. */
  assessNodeHealth(): Tensor {
    return noGrad(() => scope(() => healthOf(this.#means(), this.config)));
  }

  /** Active nodes that are dead or failing, the worst first: as many as a cycle may prune. Sync: waits for the device. */
  identifyPruningCandidates(): number[] {
    const { maxPruneRate, minNodes } = this.config;
    const active = this.activeNodes;
    const most = Math.max(0, Math.min(Math.trunc(active.length * maxPruneRate), active.length - minNodes));
    const health = this.#read(this.assessNodeHealth());
    const means = this.#means();
    const scores = this.#read(means.activity.add(means.energy).add(means.contribution));
    return active
      .filter((node) => health[node]! >= NodeHealth.FAILING)
      .sort((a, b) => scores[a]! - scores[b]!)
      .slice(0, most)
      .sort((a, b) => a - b);
  }

  /** Pruned nodes that would be healed at this performance, the last pruned first: none where it is not enough below the baseline, or no look is due. */
  identifyHealingCandidates(performance: number): number[] {
    const baseline = this.performanceBaseline;
    const isWorse = baseline !== undefined && baseline - performance > this.config.healingThreshold;
    if (!isWorse || !this.shouldRunHealing()) return [];
    const most = Math.trunc(this.#numNodes * this.config.maxHealRate);
    return this.prunedNodes.sort((a, b) => this.#prunedAt[b]! - this.#prunedAt[a]! || a - b).slice(0, most);
  }

  /** Takes nodes out. @throws {RangeError} for a number that is no active node's. */
  pruneNodes(nodes: readonly number[]): LifecycleAction {
    this.#requireAll('prune', nodes, this.activeNodes);
    for (const node of nodes) this.#prunedAt[node] = this.#step;
    this.#mask = this.#makeMask();
    return this.#note('prune', nodes);
  }

  /** Brings pruned nodes back, with an energy from 0.25 to 0.75 and an activity from 0.1 to 0.4, drawn from the seed and the step.
   *  @throws {RangeError} for a number that is no pruned node's. */
  healNodes(nodes: readonly number[]): LifecycleAction {
    this.#requireAll('heal', nodes, this.prunedNodes);
    for (const node of nodes) this.#prunedAt[node] = -1;
    this.#mask = this.#makeMask();
    noGrad(() =>
      scope(() => {
        const { nodeState } = this.model;
        const generator = Generator.fork({ seed: this.config.seed, epoch: this.#step });
        const places = tensor(nodes.map(BigInt), { dtype: 'int64', device: nodeState.energy.device });
        const fresh = (low: number, width: number, like: Tensor): Tensor =>
          rand([1, nodes.length, 1], { generator })
            .mul(width)
            .add(low)
            .to({ dtype: like.dtype, device: like.device })
            .expand([like.shape[0]!, nodes.length, 1]);
        const { energy, activity } = nodeState;
        nodeState.energy = energy.indexCopy(1, places, fresh(0.25, 0.5, energy)).keep();
        nodeState.activity = activity.indexCopy(1, places, fresh(0.1, 0.3, activity)).keep();
      }),
    );
    return this.#note('heal', nodes);
  }

  /** Notes a performance, the larger the better. */
  updatePerformanceBaseline(performance: number): void {
    this.#performances = [...this.#performances, performance].slice(-MAX_PERFORMANCES);
  }

  /** Numbers for logs: `active_nodes`, `pruned_nodes`, `mean_activity` and `mean_energy` of the active ones over the window, `performance_baseline`, and of each state of health how many nodes have it, as `healthy_nodes`.
   *  Sync: waits for the device. */
  getMetrics(): Record<string, number> {
    const health = this.#read(this.assessNodeHealth());
    const active = this.activeNodes;
    const means = this.#means();
    const meanOf = (values: readonly number[]): number =>
      active.length === 0 ? 0 : active.reduce((sum, node) => sum + values[node]!, 0) / active.length;
    const counts = HEALTH_NAMES.map((name, state) => [
      `${name}_nodes`,
      health.filter((value) => value === state).length,
    ]);
    return {
      active_nodes: active.length,
      pruned_nodes: this.#numNodes - active.length,
      mean_activity: meanOf(this.#read(means.activity)),
      mean_energy: meanOf(this.#read(means.energy)),
      ...(this.performanceBaseline !== undefined && { performance_baseline: this.performanceBaseline }),
      ...(Object.fromEntries(counts) as Record<string, number>),
    };
  }

  /** What was done so far. */
  getLifecycleStats(): Record<'total_pruned' | 'total_healed' | 'pruning_cycles' | 'healing_cycles', number> {
    const of = (kind: LifecycleAction['kind']): LifecycleAction[] =>
      this.actions.filter((action) => action.kind === kind);
    const total = (actions: readonly LifecycleAction[]): number =>
      actions.reduce((sum, { nodes }) => sum + nodes.length, 0);
    const [pruned, healed] = [of('prune'), of('heal')];
    return {
      total_pruned: total(pruned),
      total_healed: total(healed),
      pruning_cycles: pruned.length,
      healing_cycles: healed.length,
    };
  }

  /** What has to be kept to go on exactly. Sync: waits for the device. */
  state(): LifecycleState {
    return {
      step: this.#step,
      history: this.#history.toArray() as unknown as number[][][],
      prunedAt: [...this.#prunedAt],
      performances: [...this.#performances],
      actions: structuredClone(this.actions),
    };
  }

  /** Goes on from what `state` gave. @throws {RangeError} for a state of another number of nodes, or of another window. */
  loadState(state: LifecycleState): void {
    const window = state.history[0]?.[0]?.length;
    if (state.prunedAt.length !== this.#numNodes || window !== this.config.evaluationWindow) {
      throw new RangeError(
        `Cannot go on pruning: expected a state of ${this.#numNodes} nodes and a window of ${this.config.evaluationWindow} steps, got one of ${state.prunedAt.length} and ${window}`,
      );
    }
    const { device } = this.#history;
    this.#step = state.step;
    this.#prunedAt = [...state.prunedAt];
    this.#performances = [...state.performances];
    this.actions.splice(0, Number.POSITIVE_INFINITY, ...structuredClone(state.actions));
    this.#history = tensor(state.history as number[][][], { dtype: 'float32', device }).keep();
    this.#mask = this.#makeMask();
  }

  /** Leaves the model alone: pruned nodes have a part in its outputs again. */
  detach(): void {
    this.#hook.remove();
  }

  #means(): NodeMeans {
    const means = this.#history.mean({ dim: 2 }); // [3, N]
    return Object.fromEntries(QUANTITIES.map((name, i) => [name, means.select(0, i)])) as unknown as NodeMeans;
  }

  #makeMask(): Tensor {
    const { dtype, device } = this.model.output_projection.weight;
    return tensor(
      this.#prunedAt.map((at) => (at < 0 ? 1 : 0)),
      { dtype, device },
    ).keep();
  }

  #read(values: Tensor): number[] {
    return Array.from(values.toArray() as (number | bigint)[], Number);
  }

  #requireAll(action: string, nodes: readonly number[], among: readonly number[]): void {
    const wrong = nodes.filter((node, i) => !among.includes(node) || nodes.indexOf(node) !== i);
    if (wrong.length === 0) return;
    const kind = action === 'prune' ? 'active' : 'pruned';
    throw new RangeError(
      `Cannot ${action} nodes: expected numbers of ${kind} nodes, each once, got ${wrong.join(', ')}`,
    );
  }

  #note(kind: LifecycleAction['kind'], nodes: readonly number[]): LifecycleAction {
    const action = { kind, step: this.#step, nodes: [...nodes] };
    this.actions.push(action);
    return action;
  }
}
