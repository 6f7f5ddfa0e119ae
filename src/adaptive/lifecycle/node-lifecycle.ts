// `NodeLifecycle`: pruning and healing in a training, with its numbers in the log and pictures in the run's report.

import { ConfigError } from '../../errors.ts';
import { figure } from '../../tracking/index.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import type { Callback, LoopContext } from '../../trainer/index.ts';
import { findMetric, requireMetric } from '../../trainer/loop/find-metric.ts';
import { HEALTH_NAMES } from './node-health.ts';
import { type LifecycleState, NodeLifecycleManager } from './node-lifecycle-manager.ts';

/** Options of {@link NodeLifecycle}. */
export interface NodeLifecycleOptions {
  /** The value of a validation that says how good the network is. Default 'val/loss'. */
  readonly monitor?: string;
  /** Whether less or more of it is better. Default 'min'. */
  readonly mode?: 'min' | 'max';
}

/** One entry an epoch: numbers of `NodeLifecycleManager.getMetrics`. */
type Entry = Readonly<Record<string, number>>;

/** Runs a `NodeLifecycleManager` in any training of its model: notes nodes after each batch, prunes and heals where cycles are due, logs `lifecycle/…` at the end of each epoch, and draws health and numbers of nodes over the epochs.
 *  Its state is in checkpoints, so that a resumed run prunes what an undisturbed one would have.
 *  @throws {ConfigError} for options that are unknown or do not fit.
 *  @example
 *  import { AdaptiveModel, NodeLifecycle, NodeLifecycleManager } from 'sconce/adaptive';
 *  const manager = new NodeLifecycleManager(new AdaptiveModel({ numNodes: 20 }), { pruningFrequency: 100 });
 *  new NodeLifecycle(manager, { monitor: 'val/accuracy', mode: 'max' }).name; // 'NodeLifecycle' */
export class NodeLifecycle implements Callback {
  readonly name = 'NodeLifecycle';
  readonly manager: NodeLifecycleManager;
  readonly monitor: string;
  readonly mode: 'min' | 'max';
  readonly #entries: Entry[] = [];

  constructor(manager: NodeLifecycleManager, options: NodeLifecycleOptions = {}) {
    if (!(manager instanceof NodeLifecycleManager))
      throw new ConfigError('make NodeLifecycle', ['manager: expected a NodeLifecycleManager, got something else']);
    new OptionChecks(options, ['monitor', 'mode'])
      .text('monitor')
      .oneOf('mode', ['min', 'max'])
      .throwIfAny('NodeLifecycle');
    this.manager = manager;
    this.monitor = options.monitor ?? 'val/loss';
    this.mode = options.mode ?? 'min';
  }

  batchEnd(): void {
    this.manager.step();
  }

  measured(context: LoopContext, values: Readonly<Record<string, number>>): void {
    const value = findMetric(values, this.monitor);
    if (value === undefined) {
      requireMetric(context.metricNames, this.monitor, 'NodeLifecycle.monitor', 'heal nodes');
      return;
    }
    this.manager.reportPerformance(this.mode === 'max' ? value : -value);
  }

  async epochEnd(context: LoopContext): Promise<void> {
    const metrics = this.manager.getMetrics();
    this.#entries.push(metrics);
    if (context.logger.isEmpty) return;
    const named = Object.entries(metrics).map(([name, value]) => [`lifecycle/${name}`, value]);
    context.logger.logMetrics(Object.fromEntries(named), context.clocks);
    context.logger.logFigure('lifecycle/nodes', await this.draw(), context.clocks);
  }

  /** Health and numbers of nodes over the epochs, as SVG. */
  draw(): Promise<string> {
    const x = this.#entries.map((_, epoch) => epoch + 1);
    const of = (name: string): number[] => this.#entries.map((entry) => entry[name]!);
    const line = (name: string, label: string) => ({ label, x, y: of(name) });
    return figure({
      title: 'Nodes',
      panels: [
        {
          kind: 'shares',
          title: 'Health',
          yLabel: 'nodes',
          series: HEALTH_NAMES.map((name) => line(`${name}_nodes`, name)),
        },
        {
          kind: 'lines',
          title: 'Pruned and active',
          yLabel: 'nodes',
          xLabel: 'epoch',
          series: [line('active_nodes', 'active'), line('pruned_nodes', 'pruned')],
        },
      ],
    }).toSvg();
  }

  state(): Record<string, unknown> {
    return { manager: this.manager.state(), entries: this.#entries };
  }

  loadState(state: Record<string, unknown>): void {
    this.manager.loadState(state.manager as LifecycleState);
    this.#entries.splice(0, Number.POSITIVE_INFINITY, ...(state.entries as Entry[]));
  }
}
