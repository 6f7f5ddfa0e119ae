// `GradientMonitor`: norms of gradients every so many steps, what is wrong with them, and histograms.

import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Histogram } from '../../tracking/data-records.ts';
import { type ComponentFinding, gradientFindings } from '../../tracking/diagnosis/component-rules.ts';
import { describeFinding } from '../../tracking/diagnosis/finding.ts';
import { OptionChecks } from '../callbacks/option-checks.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { Cadence } from './cadence.ts';
import { histogramsOf } from './histogram.ts';
import {
  byGroup,
  type GroupBy,
  jointNorm,
  keyOf,
  type NamedParameter,
  normsOf,
  type ParameterChoice,
  ParameterGroups,
} from './parameter-groups.ts';

export interface GradientMonitorOptions extends ParameterChoice {
  /** Backward passes between two looks. Default 100. */
  readonly logFrequency?: number;
  /** Optimizer steps between two looks, in place of `logFrequency`. */
  readonly everySteps?: number;
  /** Parts of names: a parameter is looked at where its name has one of them in it. Default: all are. */
  readonly paramFilter?: readonly string[] | undefined;
  /** What has a norm of its own in the log, and is compared with each other. Default 'module', the model's own modules. */
  readonly groupBy?: GroupBy | undefined;
  /** Whether each parameter's gradient gets a histogram, `gradients/{name}`. Default false. */
  readonly histograms?: boolean;
  /** Bins of a histogram. Default 64. */
  readonly bins?: number;
  /** Whether what is wrong is told as a warning, each finding once. Default true. */
  readonly warn?: boolean;
  /** Its name among the callbacks, where a run has several. Default 'GradientMonitor'. */
  readonly name?: string;
}

const OPTIONS = [
  ...(['logFrequency', 'everySteps', 'paramFilter', 'groupBy'] as const),
  ...(['histograms', 'bins', 'warn', 'name'] as const),
];

/** Looks at the gradients of a whole window, unscaled and not yet clipped, at a run's first update and every `logFrequency` backward passes, and logs
 *  - `gradients/grad_norm`, the joint norm, and `gradients/{group}/grad_norm` of each group; of a group of several parameters also the mean of their norms, `gradients/{group}/avg_norm`,
 *  - `gradients/max_norm`, `min_norm` and `avg_norm` over parameters,
 *  - `gradients/imbalance`, the greatest mean norm of a group by the least that is not zero,
 *  - `gradients/num_zero` and `gradients/num_nonfinite`: parameters whose gradient is zero all over, or whose norm is NaN or infinite.
 *  With several optimizers each has its own values over all, as `gradients/grad_norm/optimizer_0`. A look computes on the device and waits for it once, with
 *  histograms twice; between looks nothing is done. Groups are judged as multimodal_insight_engine judges components: NaN, ZeroGrad, VerySmall (< 1e-5), VeryLarge (> 5), and imbalance (> 100 times).
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: model-training-framework, GradientMonitorHook.
 *  @example
 *  import { GradientMonitor } from 'sconce/trainer';
 *  new GradientMonitor({ logFrequency: 50, paramFilter: ['encoder'] }).name; // 'GradientMonitor' */
export class GradientMonitor implements Callback {
  readonly name: string;
  readonly #options: GradientMonitorOptions;
  readonly #groups: ParameterGroups;
  readonly #cadence: Cadence;
  readonly #said = new Set<string>();
  /** Of the step that runs; ends with it. */
  #look: { readonly norms: Tensor; readonly parameters: readonly NamedParameter[] } | undefined;
  #histograms: readonly Histogram[] = [];
  #latest: Readonly<Record<string, number>> = {};
  #findings: readonly ComponentFinding[] = [];

  constructor(options: GradientMonitorOptions = {}) {
    const { logFrequency, everySteps, paramFilter, groupBy, name = 'GradientMonitor' } = options;
    new OptionChecks(options, OPTIONS)
      .count('logFrequency', 'everySteps', 'bins')
      .expect('everySteps', logFrequency === undefined, 'it without logFrequency')
      .expect('paramFilter', isFilter(paramFilter), 'a list of texts that are not empty')
      .expect('groupBy', isGroupBy(groupBy), "'module', 'parameter' or a function of a name")
      .flag('histograms', 'warn')
      .text('name')
      .throwIfAny('GradientMonitor');
    this.name = name;
    this.#options = options;
    this.#groups = new ParameterGroups(options);
    this.#cadence =
      everySteps === undefined ? new Cadence('microStep', logFrequency ?? 100) : new Cadence('step', everySteps);
  }

  /** What was logged last. */
  get latest(): Readonly<Record<string, number>> {
    return this.#latest;
  }

  /** What was wrong at the last look, notes included. */
  get findings(): readonly ComponentFinding[] {
    return this.#findings;
  }

  fitStart(context: LoopContext): void {
    this.#groups.requireSome(context.model, this.name);
    this.#cadence.begin(context);
    this.#said.clear();
    this.#look = undefined;
  }

  optimizerStepStart(context: LoopContext): void {
    if (!this.#cadence.isDue(context)) return;
    const { optimizers, optimizerIndex, model } = context;
    const parameters = this.#groups.of(optimizers[optimizerIndex]!, model).filter(({ parameter }) => parameter.grad);
    if (parameters.length === 0) return;
    const gradients = parameters.map(({ parameter }) => parameter.grad!);
    this.#look = { parameters, norms: noGrad(() => normsOf(gradients)) };
    const { histograms, bins } = this.#options;
    // Before they are clipped, which happens in place.
    if (histograms) this.#histograms = histogramsOf(gradients, bins === undefined ? {} : { bins });
  }

  optimizerStepEnd(context: LoopContext): void {
    const look = this.#look;
    if (!look) return;
    this.#look = undefined;
    const norms = look.norms.toArray() as number[];
    const values = this.#valuesOf(context, look.parameters, norms);
    this.#latest = values;
    context.logger.logMetrics(values, context.clocks);
    for (const [i, histogram] of this.#histograms.entries())
      context.logger.logHistogram(`gradients/${look.parameters[i]!.name}`, histogram, context.clocks);
    this.#histograms = [];
    this.#judge(context, look.parameters, norms);
  }

  #valuesOf(
    { optimizers, optimizerIndex }: LoopContext,
    parameters: readonly NamedParameter[],
    norms: readonly number[],
  ): Record<string, number> {
    const groups = byGroup(parameters, norms);
    const means = Array.from(groups.values(), mean).filter((norm) => norm > 0);
    const over = {
      grad_norm: jointNorm(norms),
      max_norm: Math.max(...norms),
      min_norm: Math.min(...norms),
      avg_norm: mean(norms),
      ...(means.length > 1 ? { imbalance: Math.max(...means) / Math.min(...means) } : {}),
      num_zero: norms.filter((norm) => norm === 0).length,
      num_nonfinite: norms.filter((norm) => !Number.isFinite(norm)).length,
    };
    return {
      ...Object.fromEntries(
        Object.entries(over).map(([name, value]) => [
          keyOf(`gradients/${name}`, optimizerIndex, optimizers.length),
          value,
        ]),
      ),
      ...Object.fromEntries(
        [...groups].flatMap(([group, each]) => [
          [`gradients/${group}/grad_norm`, jointNorm(each)],
          ...(each.length > 1 ? [[`gradients/${group}/avg_norm`, mean(each)]] : []),
        ]),
      ),
    };
  }

  #judge(context: LoopContext, parameters: readonly NamedParameter[], norms: readonly number[]): void {
    const byName = new Map(parameters.map(({ name }, i) => [name, norms[i]!]));
    this.#findings = gradientFindings(byGroup(parameters, norms), byName);
    if (this.#options.warn === false) return;
    for (const finding of this.#findings) {
      // The numbers in a message change, what it is about does not.
      const what = `${finding.rule} ${finding.subject}`;
      if (finding.severity === 'note' || this.#said.has(what)) continue;
      this.#said.add(what);
      context.warn(`Gradients: ${describeFinding(finding)}`);
    }
  }

  /** Also where a step failed: what belongs to it is gone. */
  close(): void {
    this.#look = undefined;
    this.#histograms = [];
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Whether it is a filter of parameters, or none. */
export const isFilter = (given: unknown): boolean =>
  given === undefined || (Array.isArray(given) && given.every((part) => typeof part === 'string' && part !== ''));

/** Whether it says how parameters are grouped, or nothing. */
export const isGroupBy = (given: unknown): boolean =>
  given === undefined || typeof given === 'function' || given === 'module' || given === 'parameter';
