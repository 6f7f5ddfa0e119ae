// What the nodes of an adaptive network do while it trains, noted at every epoch: shares of phases, energy, activity.
import type { AdaptiveModel } from 'sconce/adaptive';
import type { Callback, LoopContext } from 'sconce/trainer';

/** Logs what `AdaptiveModel.getMetrics` says, and keeps it for pictures. */
export class NodeMetrics implements Callback {
  readonly name = 'NodeMetrics';
  /** One entry an epoch. */
  readonly history: Readonly<Record<string, number>>[] = [];
  readonly #model: AdaptiveModel;

  constructor(model: AdaptiveModel) {
    this.#model = model;
  }

  epochEnd(context: LoopContext): void {
    const metrics = this.#model.getMetrics();
    this.history.push(metrics);
    const named = Object.entries(metrics).map(([name, value]) => [`nodes/${name}`, value]);
    context.logger.logMetrics(Object.fromEntries(named), context.clocks);
  }

  state(): Record<string, unknown> {
    return { history: this.history };
  }

  loadState(state: Record<string, unknown>): void {
    this.history.splice(0, Infinity, ...(state.history as Record<string, number>[]));
  }
}
