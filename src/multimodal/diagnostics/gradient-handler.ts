// `GradientHandler`: clips gradients, watches those of a model's components, and balances them, as a callback or by hand.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import { clipGradNorm_ } from '../../optim/clip.ts';
import { PyFloat } from '../../serial/values.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { formatNumber } from '../../tracking/number-format.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import { record, storedList, storedNumber } from '../../trainer/checkpoint/format.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { type NamedParameter, normsOf } from '../../trainer/monitors/parameter-groups.ts';
import { ComponentBalance } from './component-balance.ts';
import { FigureFolder } from './figure-folder.ts';
import { GradientHistory, PARTS } from './gradient-history.ts';
import { type GradientStatistics, majorOf, statisticsOf } from './gradient-statistics.ts';
import type { HookedOptimizer } from './rate-factors.ts';

export interface GradientHandlerOptions {
  /** The joint norm that gradients are clipped to. Default: they are not. */
  readonly clipValue?: number | undefined;
  /** How large the gradients of components are to be beside each other, as `{ vision: 1, text: 1 }`, for balancing. */
  readonly componentRatios?: Readonly<Record<string, number>>;
  /** Whether learning rates are balanced by `componentRatios`. Default false. */
  readonly balanceModalities?: boolean;
  /** Optimizer steps between two corrections. Each waits for the device once. Default 10. */
  readonly balanceEverySteps?: number;
  /** Looks between two records of the log and two pictures. Default 100. */
  readonly logFrequency?: number;
  /** Where `gradients_step_{n}.png` go. Default: nothing is drawn. */
  readonly visualizationDir?: string | undefined;
  /** Its name among the callbacks. Default 'GradientHandler'. */
  readonly name?: string;
}

const OPTIONS = [
  ...(['clipValue', 'componentRatios', 'balanceModalities', 'balanceEverySteps'] as const),
  ...(['logFrequency', 'visualizationDir', 'name'] as const),
];

/** From here on towers are told to be unbalanced. */
const UNBALANCED = 10;

/** A look whose norms lie on a device that nobody has waited for. */
interface Look {
  readonly step: number;
  readonly parameters: readonly NamedParameter[];
  readonly norms: Tensor;
}

/** Looks at the gradients of a model's parts `vision`, `text`, `fusion` and `other` at every optimizer step, when they are whole and unscaled, then clips them to `clipValue`. Every `logFrequency` looks it
 *  reads what it has seen, once, and logs `gradients/{part}/grad_norm` and `avg_norm`, `gradients/total_norm` and `gradients/vision_text_ratio` of the last look, tells NaN and infinite gradients and a
 *  ratio beyond 10, each once, and draws norms, ratio, joint norm and the spread of recent norms into `visualizationDir`.
 *
 *  With `balanceModalities`, every `balanceEverySteps` steps each component's learning rate gets a factor: with n_c its joint norm times its factor, f the first component of `componentRatios` and r the ratios,
 *  c = clamp((r_c / r_f) / (n_c / n_f), 0.1, 10), and its factor is multiplied by 1 + 0.1 (c - 1), within 0.01 and 100. Factors are in effect while the optimizer steps, and the optimizer needs groups of these
 *  components ({@link componentGroups}). Unlike multimodal_insight_engine's, a correction counts what was corrected before, so that it ends, and ratios are by the first one's.
 *
 *  Its state, history included (the newest 1000 looks), is in checkpoints. By hand: `analyzeGradients()`, `balanceComponentGradients(optimizer)` and `clipGradients()` between backward and the optimizer's step.
 *  @throws {ConfigError} that lists every option that is wrong; at the start of a run, for another model, several optimizers, or groups that cannot be balanced.
 *  Source: multimodal_insight_engine, GradientHandler.
 *  @example
 *  import { DualEncoder, GradientHandler } from 'sconce/multimodal';
 *  const handler = new GradientHandler(new DualEncoder(), { clipValue: 1, logFrequency: 50 });
 *  handler.gradHistory.step; // [] */
export class GradientHandler implements Callback {
  readonly name: string;
  readonly model: Module;
  readonly #options: GradientHandlerOptions;
  readonly #logFrequency: number;
  readonly #history = new GradientHistory();
  readonly #balance: ComponentBalance | undefined;
  readonly #folder: FigureFolder | undefined;
  readonly #said = new Set<string>();
  #pending: Look[] = [];
  #stepCount = 0;
  #balanceCount = 0;

  constructor(model: Module, options: GradientHandlerOptions = {}) {
    const { clipValue, componentRatios, balanceModalities = false, visualizationDir, logFrequency = 100 } = options;
    const isAbove0 = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < Infinity;
    const isRatio = ([part, ratio]: [string, number]): boolean => isAbove0(ratio) && PARTS.includes(part as never);
    const ratios = Object.entries(componentRatios ?? {});
    const checks = new OptionChecks(options, OPTIONS)
      .expect('clipValue', isAbove0(clipValue), 'a number above 0')
      .expect('componentRatios', ratios.every(isRatio), 'numbers above 0 for vision, text and fusion')
      .flag('balanceModalities')
      .count('balanceEverySteps', 'logFrequency')
      .text('visualizationDir', 'name');
    if (balanceModalities && ratios.length < 2)
      checks.problems.push('componentRatios: expected at least two components to balance, as { vision: 1, text: 1 }');
    checks.throwIfAny('GradientHandler');
    this.name = options.name ?? 'GradientHandler';
    this.model = model;
    this.#options = options;
    this.#logFrequency = logFrequency;
    this.#balance = balanceModalities ? new ComponentBalance(componentRatios!) : undefined;
    this.#folder = visualizationDir === undefined ? undefined : new FigureFolder(visualizationDir);
  }

  /** Looks so far. */
  get stepCount(): number {
    return this.#stepCount;
  }

  /** The newest 1000 looks that were read: `step`, `vision_grad_norm`, `text_grad_norm`, `fusion_grad_norm`, `total_grad_norm`, `vision_text_ratio`. */
  get gradHistory(): Readonly<Record<string, readonly number[]>> {
    return this.#history.toDict();
  }

  /** What learning rates are multiplied by, by component. */
  get factors(): Readonly<Record<string, number>> {
    return this.#balance?.factors ?? {};
  }

  fitStart({ model, optimizers }: LoopContext): void {
    this.#said.clear();
    const problems: string[] = [];
    if (model !== this.model) problems.push('model: expected that of the trainer, got another');
    if (optimizers.length !== 1) problems.push(`optimizers: expected one, got ${optimizers.length}`);
    else problems.push(...(this.#balance?.problems(optimizers[0] as HookedOptimizer, model) ?? []));
    if (problems.length > 0)
      throw new ConfigError(
        'fit',
        problems.map((problem) => `callbacks.${this.name}.${problem}`),
      );
    this.#balance?.attach(optimizers[0] as HookedOptimizer, model);
  }

  optimizerStepStart(context: LoopContext): void {
    const { optimizers, clocks, logger } = context;
    const look = this.#look(optimizers[0]!.parameters());
    if (!look) return;
    this.#balanceCount += 1;
    if (this.#balance && this.#balanceCount % (this.#options.balanceEverySteps ?? 10) === 0) {
      this.#balance.correct(this.#statisticsOf(look));
      logger.logMetrics(this.#balance.logged(), clocks);
    }
    this.#pending.push(look);
    if (this.#stepCount % this.#logFrequency === 0) this.#report(context);
    const { clipValue } = this.#options;
    if (clipValue !== undefined) clipGradNorm_(optimizers[0]!.parameters(), clipValue);
  }

  async epochEnd(): Promise<void> {
    await this.#folder?.finish();
  }

  async close(): Promise<void> {
    this.#balance?.detach();
    await this.#folder?.finish();
  }

  /** Clips to `clipValue`. @returns the joint norm before; 0 where nothing is clipped. Waits for the device. */
  clipGradients(): number {
    const { clipValue } = this.#options;
    if (clipValue === undefined) return 0;
    return scope(() => clipGradNorm_(this.model.parameters(), clipValue).item() as number);
  }

  /** Looks at the gradients that the model has, and waits for the device. At each `logFrequency`-th look a picture is drawn; `finishDrawing` waits for it. */
  analyzeGradients(): GradientStatistics {
    const look = this.#look(this.model.parameters());
    if (!look) return statisticsOf([], []);
    this.#pending.push(look);
    const statistics = this.#read()!;
    if (this.#stepCount % this.#logFrequency === 0) this.#draw();
    return statistics;
  }

  /** Corrects the factors of the optimizer's learning rates by the gradients that the model has; nothing without `balanceModalities`. Waits for the device.
   *  @throws {ConfigError} for an optimizer without groups of the components. */
  balanceComponentGradients(optimizer: HookedOptimizer): void {
    if (!this.#balance) return;
    const problems = this.#balance.problems(optimizer, this.model);
    if (problems.length > 0) throw new ConfigError('balance gradients', problems);
    this.#balance.attach(optimizer, this.model);
    this.#balance.correct(this.analyzeGradients());
  }

  /** Waits until every picture is on the disk. @returns their paths. @throws what a drawing failed by. */
  async finishDrawing(): Promise<readonly string[]> {
    return (await this.#folder?.finish()) ?? [];
  }

  #look(parameters: readonly NamedParameter['parameter'][]): Look | undefined {
    const names = new Map(Array.from(this.model.namedParameters(), ([name, parameter]) => [parameter, name]));
    const seen = parameters.flatMap((parameter): NamedParameter[] => {
      const name = names.get(parameter);
      return name === undefined || !parameter.grad ? [] : [{ name, group: majorOf(name), parameter }];
    });
    if (seen.length === 0) return undefined;
    this.#stepCount += 1;
    const norms = scope(() => noGrad(() => normsOf(seen.map(({ parameter }) => parameter.grad!))).keep());
    return { step: this.#stepCount, parameters: seen, norms };
  }

  #statisticsOf({ parameters, norms }: Look): GradientStatistics {
    return statisticsOf(parameters, norms.toArray() as number[]);
  }

  /** Takes what is pending into the history. @returns the last look. */
  #read(): GradientStatistics | undefined {
    let last: GradientStatistics | undefined;
    for (const look of this.#pending.splice(0)) {
      last = this.#statisticsOf(look);
      look.norms.dispose();
      const norm = (part: string): number => last!.componentNorms[part]?.norm ?? 0;
      const parts = { vision: norm('vision'), text: norm('text'), fusion: norm('fusion') };
      this.#history.add({ step: look.step, ...parts, total: last.totalGradNorm, ratio: last.visionTextRatio });
    }
    return last;
  }

  #report({ logger, clocks, warn }: LoopContext): void {
    const last = this.#read();
    if (!last) return;
    const parts = Object.entries(last.componentNorms).flatMap(([part, { norm, avgNorm }]) => [
      [`gradients/${part}/grad_norm`, norm],
      [`gradients/${part}/avg_norm`, avgNorm],
    ]);
    const ratio = last.visionTextRatio;
    const over = {
      'gradients/total_norm': last.totalGradNorm,
      ...(ratio > 0 ? { 'gradients/vision_text_ratio': ratio } : {}),
    };
    logger.logMetrics({ ...over, ...Object.fromEntries(parts) }, clocks);
    const tell = (what: string, isSo: boolean, text: string): void => {
      if (!isSo || this.#said.has(what)) return;
      this.#said.add(what);
      warn(`Gradients: ${text}`);
    };
    tell('nonfinite', last.hasNan || last.hasInf, 'some are NaN or infinite');
    const isFar = ratio > UNBALANCED || (ratio > 0 && ratio < 1 / UNBALANCED);
    tell(
      'ratio',
      isFar,
      `those of vision are ${formatNumber(ratio)} times those of text; balanceModalities evens them out`,
    );
    this.#draw();
  }

  #draw(): void {
    const picture = this.#history.picture();
    if (picture) this.#folder?.add(`gradients_step_${this.#stepCount}.png`, picture);
  }

  state(): Record<string, unknown> {
    this.#read();
    const history = Object.entries(this.#history.toDict());
    return {
      step_count: this.#stepCount,
      balance_count: this.#balanceCount,
      factors: floats(Object.entries(this.factors)),
      history: Object.fromEntries(history.map(([name, values]) => [name, values.map((value) => new PyFloat(value))])),
    };
  }

  loadState(state: Record<string, unknown>): void {
    const key = `callbacks.${this.name}`;
    const count = (name: string): number => storedNumber(state[name], `${key}.${name}`, { isCount: true });
    const numbers = (value: unknown, at: string): number => storedNumber(value, `${key}.${at}`);
    const [stepCount, balanceCount] = [count('step_count'), count('balance_count')];
    const factors = Object.entries(record(state.factors, `${key}.factors`)).map(([name, value]): [string, number] => [
      name,
      numbers(value, `factors.${name}`),
    ]);
    const history = Object.entries(record(state.history, `${key}.history`)).map(
      ([name, values]): [string, number[]] => {
        const at = `history.${name}`;
        return [name, storedList(values, `${key}.${at}`).map((value) => numbers(value, at))];
      },
    );
    for (const { norms } of this.#pending.splice(0)) norms.dispose(); // of what was before
    this.#stepCount = stepCount;
    this.#balanceCount = balanceCount;
    this.#balance?.load(Object.fromEntries(factors));
    this.#history.fromDict(Object.fromEntries(history));
  }
}

const floats = (entries: [string, number][]): Record<string, PyFloat> =>
  Object.fromEntries(entries.map(([name, value]) => [name, new PyFloat(value)]));
