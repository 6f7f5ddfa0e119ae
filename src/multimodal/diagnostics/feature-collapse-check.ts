// `FeatureCollapseCheck`: whether the features of two modalities keep apart what is different, looked at every few batches.

import { FEATURES_FOLDER, featureFindings } from '../../tracking/diagnosis/feature-rules.ts';
import { describeFinding, type Finding } from '../../tracking/diagnosis/finding.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { MetricsCollector } from '../../trainer/metrics/metrics-collector.ts';
import { featuresOf } from '../batches/features.ts';
import { featureStatistics } from './feature-statistics.ts';

export interface FeatureCollapseCheckOptions {
  /** Batches between two looks, over all loaders. Default 5. */
  readonly everyBatches?: number;
  /** Features have collapsed where the mean over dimensions of their variance over a batch is below this. Default 1e-4. Features of norm 1 have at most 1 by the number of dimensions. */
  readonly minVariance?: number;
  /** Whether the features are meant to have norm 1: then it is told where they have not. Default true. */
  readonly isNormalized?: boolean;
  /** Whether what is wrong is told as a warning, each kind once. Default true. */
  readonly warn?: boolean;
  /** Its name among the callbacks. Default 'FeatureCollapseCheck'. */
  readonly name?: string;
}

const OPTIONS = ['everyBatches', 'minVariance', 'isNormalized', 'warn', 'name'] as const;

/** Looks at the features that a training step hands over under `FEATURES`, at a run's first batch and every `everyBatches` batches, and logs under `features/` the means of
 *  {@link featureStatistics} over the looks since the last log point, with `collapsed`, the share of looks that found a collapse. A look computes where the features lie and waits for nobody; the
 *  device is read at log points, at the end of an epoch and of the fit. Batches of one sample are passed over.
 *
 *  What it finds is told once a kind: `FEATURE COLLAPSE DETECTED` with variances and similarities, NaN and infinite elements, a standard deviation below 1e-4, dimensions whose variance is
 *  below 1e-6, and a mean norm that is off 1 by more than 0.01. The rules of the diagnosis say the same of a run's log.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: multimodal_insight_engine, TrainingLoop and DataHandler.
 *  @example
 *  import { FeatureCollapseCheck } from 'sconce/multimodal';
 *  new FeatureCollapseCheck({ everyBatches: 10, minVariance: 1e-5 }).findings; // [] */
export class FeatureCollapseCheck implements Callback {
  readonly name: string;
  readonly #everyBatches: number;
  readonly #minVariance: number;
  readonly #isNormalized: boolean;
  readonly #warns: boolean;
  readonly #looks = new MetricsCollector('train');
  readonly #said = new Set<string>();
  #hasSeen = false;
  #latest: Readonly<Record<string, number>> = {};
  #findings: readonly Finding[] = [];

  constructor(options: FeatureCollapseCheckOptions = {}) {
    const { everyBatches = 5, minVariance = 1e-4, isNormalized = true, warn = true } = options;
    new OptionChecks(options, OPTIONS)
      .count('everyBatches')
      .expect('minVariance', typeof minVariance === 'number' && minVariance > 0, 'a number above 0')
      .flag('isNormalized', 'warn')
      .text('name')
      .throwIfAny('FeatureCollapseCheck');
    this.name = options.name ?? 'FeatureCollapseCheck';
    this.#everyBatches = everyBatches;
    this.#minVariance = minVariance;
    this.#isNormalized = isNormalized;
    this.#warns = warn;
  }

  /** What was logged last, by names without `features/`. */
  get latest(): Readonly<Record<string, number>> {
    return this.#latest;
  }

  /** What was wrong at the last log point, notes included. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  fitStart(): void {
    this.#looks.reset();
    this.#said.clear();
    this.#hasSeen = false;
  }

  forwardEnd({ clocks, output }: LoopContext): void {
    if (clocks.microStep % this.#everyBatches !== 0) return;
    const features = featuresOf(output);
    if (!features) return;
    this.#hasSeen = true;
    if (features.vision.size(0) < 2) return;
    const { vision_norm, text_norm, ...values } = featureStatistics(features);
    const norms = this.#isNormalized ? { vision_norm, text_norm } : {};
    const least = values.vision_variance!.minimum(values.text_variance!);
    this.#looks.add('', { ...values, ...norms, collapsed: least.lt(this.#minVariance).to('float32') }, 1);
  }

  logged(context: LoopContext): void {
    this.#read(context);
  }

  /** At the end of an epoch, before its clock goes on. */
  measured(context: LoopContext): void {
    this.#read(context);
  }

  epochEnd({ warn }: LoopContext): void {
    const what = `no features ${this.name}`;
    if (this.#hasSeen || this.#said.has(what)) return;
    this.#said.add(what);
    warn(
      `${this.name} has nothing to look at: expected a training step whose output has { vision, text } under FEATURES, got none in an epoch`,
    );
  }

  fitEnd(context: LoopContext): void {
    this.#read(context);
  }

  /** What led to the error may be seen here. */
  exception(context: LoopContext): void {
    this.#read(context);
  }

  close(): void {
    this.#looks.reset();
  }

  #read({ logger, clocks, warn }: LoopContext): void {
    const means = Object.entries(this.#looks.meansSinceLast()).filter(([key]) => !key.startsWith('train/dl_'));
    if (means.length === 0) return;
    this.#looks.reset();
    this.#latest = Object.fromEntries(means.map(([key, value]) => [key.slice('train/'.length), value]));
    const logged = Object.entries(this.#latest).map(([name, value]) => [FEATURES_FOLDER + name, value]);
    logger.logMetrics(Object.fromEntries(logged), clocks);
    this.#findings = featureFindings(this.#latest);
    if (!this.#warns) return;
    for (const finding of this.#findings) {
      if (finding.severity === 'note' || this.#said.has(finding.rule)) continue;
      this.#said.add(finding.rule);
      warn(`Features: ${describeFinding(finding)}`);
    }
  }
}
