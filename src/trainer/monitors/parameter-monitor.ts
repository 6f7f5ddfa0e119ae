// `ParameterMonitor`: norms of weights every so many steps, how much a step changes them, and histograms.

import { noGrad } from '../../tensor/autograd.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { OptionChecks } from '../callbacks/option-checks.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { Cadence } from './cadence.ts';
import { isFilter, isGroupBy } from './gradient-monitor.ts';
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

export interface ParameterMonitorOptions extends ParameterChoice {
  /** Optimizer steps between two looks. Default 100. */
  readonly everySteps?: number;
  /** Parts of names: a parameter is looked at where its name has one of them in it. Default: all are. */
  readonly paramFilter?: readonly string[] | undefined;
  /** What has values of its own in the log. Default 'module', the model's own modules. */
  readonly groupBy?: GroupBy | undefined;
  /** Whether it is measured how much the step changes them. It takes a copy of the parameters that are looked at, for the time of that step. Default true. */
  readonly updates?: boolean;
  /** Whether each parameter gets a histogram, `parameters/{name}`. Default false. */
  readonly histograms?: boolean;
  /** Bins of a histogram. Default 64. */
  readonly bins?: number;
  /** Its name among the callbacks, where a run has several. Default 'ParameterMonitor'. */
  readonly name?: string;
}

const OPTIONS = [
  ...(['everySteps', 'paramFilter', 'groupBy', 'updates'] as const),
  ...(['histograms', 'bins', 'name'] as const),
];

/** Looks at the parameters at a run's first update and every `everySteps` updates, and logs `parameters/weight_norm`, their joint norm before the step, and
 *  `parameters/update_ratio`, the norm of what the step adds by the norm before; the same of each group, as `parameters/encoder/weight_norm`. A ratio around 1e-3 is usual; far
 *  below, little is learned, and near 1 the step replaces the weights. A ratio to weights that are all zero is left out.
 *  A look computes on the device and waits for it once, with histograms twice; between looks nothing is done.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  @example
 *  import { ParameterMonitor } from 'sconce/trainer';
 *  new ParameterMonitor({ everySteps: 50, groupBy: 'parameter' }).name; // 'ParameterMonitor' */
export class ParameterMonitor implements Callback {
  readonly name: string;
  readonly #options: ParameterMonitorOptions;
  readonly #groups: ParameterGroups;
  readonly #cadence: Cadence;
  /** Of the step that runs; ends with it. */
  #look:
    | { readonly parameters: readonly NamedParameter[]; readonly norms: Tensor; readonly copies: readonly Tensor[] }
    | undefined;
  #latest: Readonly<Record<string, number>> = {};

  constructor(options: ParameterMonitorOptions = {}) {
    const { everySteps = 100, paramFilter, groupBy, name = 'ParameterMonitor' } = options;
    new OptionChecks(options, OPTIONS)
      .count('everySteps', 'bins')
      .expect('paramFilter', isFilter(paramFilter), 'a list of texts that are not empty')
      .expect('groupBy', isGroupBy(groupBy), "'module', 'parameter' or a function of a name")
      .flag('updates', 'histograms')
      .text('name')
      .throwIfAny('ParameterMonitor');
    this.name = name;
    this.#options = options;
    this.#groups = new ParameterGroups(options);
    this.#cadence = new Cadence('step', everySteps);
  }

  /** What was logged last. */
  get latest(): Readonly<Record<string, number>> {
    return this.#latest;
  }

  fitStart(context: LoopContext): void {
    this.#groups.requireSome(context.model, this.name);
    this.#cadence.begin(context);
    this.#look = undefined;
  }

  optimizerStepStart(context: LoopContext): void {
    if (!this.#cadence.isDue(context)) return;
    const { optimizers, optimizerIndex, model } = context;
    const parameters = this.#groups.of(optimizers[optimizerIndex]!, model);
    if (parameters.length === 0) return;
    const weights = parameters.map(({ parameter }) => parameter.detach());
    this.#look = noGrad(() => ({
      parameters,
      norms: normsOf(weights),
      copies: (this.#options.updates ?? true) ? weights.map((weight) => weight.clone()) : [],
    }));
  }

  optimizerStepEnd(context: LoopContext): void {
    const look = this.#look;
    if (!look) return;
    this.#look = undefined;
    const { parameters, copies } = look;
    const read = noGrad(() => {
      if (copies.length === 0) return look.norms;
      // In place: the copies are nobody's from here on.
      const changes = copies.map((copy, i) => copy.sub_(parameters[i]!.parameter));
      return cat([look.norms, normsOf(changes).to(look.norms.dtype)]);
    }).toArray() as number[];
    const norms = read.slice(0, parameters.length);
    const values = this.#valuesOf(context, parameters, norms, read.slice(parameters.length));
    this.#latest = values;
    context.logger.logMetrics(values, context.clocks);
    this.#logHistograms(context, parameters);
  }

  #valuesOf(
    { optimizers, optimizerIndex }: LoopContext,
    parameters: readonly NamedParameter[],
    norms: readonly number[],
    changes: readonly number[],
  ): Record<string, number> {
    const values: Record<string, number> = {};
    const add = (norm: number, change: number | undefined, key: (name: string) => string): void => {
      values[key('weight_norm')] = norm;
      if (change !== undefined && norm > 0) values[key('update_ratio')] = change / norm;
    };
    const isMeasured = changes.length > 0;
    const changesByGroup = byGroup(parameters, changes);
    add(jointNorm(norms), isMeasured ? jointNorm(changes) : undefined, (name) =>
      keyOf(`parameters/${name}`, optimizerIndex, optimizers.length),
    );
    for (const [group, each] of byGroup(parameters, norms))
      add(
        jointNorm(each),
        isMeasured ? jointNorm(changesByGroup.get(group)!) : undefined,
        (name) => `parameters/${group}/${name}`,
      );
    return values;
  }

  #logHistograms({ logger, clocks }: LoopContext, parameters: readonly NamedParameter[]): void {
    const { histograms = false, bins } = this.#options;
    if (!histograms) return;
    const weights = parameters.map(({ parameter }) => parameter);
    for (const [i, histogram] of histogramsOf(weights, bins === undefined ? {} : { bins }).entries())
      logger.logHistogram(`parameters/${parameters[i]!.name}`, histogram, clocks);
  }

  /** Also where a step failed: what belongs to it is gone. */
  close(): void {
    this.#look = undefined;
  }
}
