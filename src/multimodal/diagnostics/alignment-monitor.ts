// `AlignmentMonitor`: how far what belongs together is closer than anything else, while a run trains.

import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { featuresOf } from '../batches/features.ts';
import { alignmentMetrics } from '../evaluation/alignment.ts';

export interface AlignmentMonitorOptions {
  /** Batches between two looks, over all loaders. Default 5. */
  readonly everyBatches?: number;
  /** Its name among the callbacks. Default 'AlignmentMonitor'. */
  readonly name?: string;
}

const OPTIONS = ['everyBatches', 'name'] as const;

/** Measures the alignment of the features that a training step hands over under `FEATURES`, at a run's first batch and every `everyBatches` batches: `train/diag_mean`, `train/sim_mean`,
 *  `train/alignment_gap` and `train/alignment_snr` by the rules of {@link alignmentMetrics}, as means since the last log point in the log and over the epoch in its record, like a step's own values.
 *  Nothing waits for the device. A step that has a `diag_mean` of its own, as that of `HybridPretrainVICRegLoss`, is left to itself; so are batches of one sample. The rules
 *  `alignment-gap` and `alignment-noise` of the diagnosis look at these values, and a run's pictures have a chapter of them.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  @example
 *  import { AlignmentMonitor } from 'sconce/multimodal';
 *  new AlignmentMonitor({ everyBatches: 1 }).name; // 'AlignmentMonitor' */
export class AlignmentMonitor implements Callback {
  readonly name: string;
  readonly #everyBatches: number;
  #hasSeen = false;
  #hasSaid = false;

  constructor(options: AlignmentMonitorOptions = {}) {
    new OptionChecks(options, OPTIONS).count('everyBatches').text('name').throwIfAny('AlignmentMonitor');
    this.name = options.name ?? 'AlignmentMonitor';
    this.#everyBatches = options.everyBatches ?? 5;
  }

  fitStart(): void {
    this.#hasSeen = false;
    this.#hasSaid = false;
  }

  forwardEnd({ clocks, output, measure }: LoopContext): void {
    if (clocks.microStep % this.#everyBatches !== 0) return;
    const features = featuresOf(output);
    if (!features) return;
    this.#hasSeen = true;
    if (features.vision.size(0) < 2 || 'diag_mean' in (output as object)) return;
    const { vision, text, matchIds } = features;
    measure({ ...alignmentMetrics(vision.detach(), text.detach(), matchIds === undefined ? {} : { matchIds }) });
  }

  epochEnd({ warn }: LoopContext): void {
    if (this.#hasSeen || this.#hasSaid) return;
    this.#hasSaid = true;
    warn(
      `${this.name} has nothing to look at: expected a training step whose output has { vision, text } under FEATURES, got none in an epoch`,
    );
  }
}
