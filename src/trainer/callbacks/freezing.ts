// `Freezing`: parts of a model that are not trained, or not before some epoch or step.

import { ConfigError } from '../../errors.ts';
import type { NamePattern } from '../../nn/freeze.ts';
import type { Module } from '../../nn/module.ts';
import { registry } from '../../nn/module-registry.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import type { Clocks } from '../loop/clocks.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';

/** Parts that are trained from a moment on. */
export interface Unfreezing {
  /** Names of parameters or modules, as `Module.unfreeze` takes them. */
  readonly parameters: NamePattern;
  /** From the beginning of this epoch on, counted from 0. In place of `step`. */
  readonly epoch?: number;
  /** When so many optimizer steps are done. In place of `epoch`. */
  readonly step?: number;
}

export interface FreezingOptions {
  /** What is frozen from the start: names of parameters or modules, as `Module.freeze` takes them. */
  readonly parameters: NamePattern;
  /** What is trained later, and is frozen before. Default: nothing. */
  readonly unfreeze?: readonly Unfreezing[];
  /** Keep frozen modules in evaluation mode: their batch statistics stay, and their dropout is off. Default false. */
  readonly inEval?: boolean;
}

/** Freezes parts of a model when a run starts, and unfreezes them at epochs or steps. The optimizers hold all parameters from the start: what is frozen gets no
 *  gradient, and its weights and their optimizer state stay as they are. What is frozen at a moment is a function of the clocks alone, so that a resumed
 *  run has the same. After the run, what was frozen last stays so.
 *  @throws {ConfigError} that lists every option that is wrong.  @throws {RangeError} at the start of a run for names that the model does not have.
 *  @example
 *  import { Freezing } from 'sconce/trainer';
 *  new Freezing({ parameters: 'encoder', inEval: true, unfreeze: [{ parameters: 'encoder.layers.[8-9]', epoch: 2 }] });
 *  Freezing.gradually({ parts: ['head', 'layers.1', 'layers.0'], everyNEpochs: 2 }).moments; // [2, 4] */
export class Freezing implements Callback {
  readonly name = 'Freezing';
  readonly #parameters: NamePattern;
  readonly #unfreeze: readonly Unfreezing[];
  readonly #inEval: boolean;
  /** The entries of `unfreeze` that are done. */
  #done: ReadonlySet<Unfreezing> = new Set();

  constructor(options: FreezingOptions) {
    const problems = problemsOf(options);
    if (problems.length > 0) throw new ConfigError('make Freezing', problems);
    const { parameters, unfreeze = [], inEval = false } = options;
    this.#parameters = parameters;
    this.#unfreeze = unfreeze;
    this.#inEval = inEval;
  }

  /** Trains the first part from the start, and one more every few epochs. Source: Howard and Ruder 2018, arXiv:1801.06146.
   *  @throws {ConfigError} that lists every option that is wrong. */
  static gradually(options: {
    /** In the order in which they are trained: that of a network, from its head down. */
    readonly parts: readonly NamePattern[];
    /** Default 1. */
    readonly everyNEpochs?: number;
    readonly inEval?: boolean;
  }): Freezing {
    const { parts, everyNEpochs = 1, inEval = false } = options;
    const problems = unknownKeys(options, ['parts', 'everyNEpochs', 'inEval']);
    if (!Array.isArray(parts) || parts.length < 2)
      problems.push(`parts: expected a list of at least two, got ${describeValue(parts)}`);
    if (!isCount(everyNEpochs) || everyNEpochs === 0)
      problems.push(`everyNEpochs: expected an integer above 0, got ${describeValue(everyNEpochs)}`);
    if (problems.length > 0) throw new ConfigError('make Freezing', problems);
    const later = parts.slice(1);
    return new Freezing({
      parameters: later.flat() as readonly (string | RegExp)[],
      unfreeze: later.map((parameters, i) => ({ parameters, epoch: (i + 1) * everyNEpochs })),
      inEval,
    });
  }

  /** The epochs or steps at which something is unfrozen. */
  get moments(): readonly number[] {
    return this.#unfreeze.map(({ epoch, step }) => (epoch ?? step)!);
  }

  fitStart({ model, clocks }: LoopContext): void {
    this.#done = new Set();
    const inEval = this.#inEval ? { inEval: true } : {};
    const gradients = model.parameters().map((parameter) => [parameter, parameter.grad] as const);
    model.freeze(this.#parameters, inEval);
    // All names are looked up now: a run must not end in its tenth epoch by a letter that is wrong.
    for (const { parameters } of this.#unfreeze) model.freeze(parameters, inEval);
    this.#unfreezeDue(model, clocks);
    // A run that is resumed inside an accumulation window has gradients, which freezing takes.
    for (const [parameter, gradient] of gradients) if (parameter.requiresGrad) parameter.grad = gradient;
  }

  optimizerStepEnd({ model, clocks }: LoopContext): void {
    this.#unfreezeDue(model, clocks);
  }

  epochEnd({ model, clocks }: LoopContext): void {
    this.#unfreezeDue(model, clocks);
  }

  #unfreezeDue(model: Module, { epoch, step }: Readonly<Clocks>): void {
    for (const entry of this.#unfreeze) {
      if (this.#done.has(entry)) continue;
      const isDue = entry.epoch === undefined ? step >= entry.step! : epoch >= entry.epoch;
      if (!isDue) continue;
      this.#done = new Set([...this.#done, entry]);
      unfreeze(model, entry.parameters);
    }
  }
}

/** Modules that were kept in evaluation mode go back to training. */
function unfreeze(model: Module, parameters: NamePattern): void {
  const kept = [...model.modules()].filter((module) => module[registry].staysInEval);
  model.unfreeze(parameters);
  for (const module of kept) if (!module[registry].staysInEval) module.training = model.training;
}

function problemsOf(options: FreezingOptions): string[] {
  const problems = unknownKeys(options, ['parameters', 'unfreeze', 'inEval']);
  const { parameters, unfreeze = [], inEval = false } = options;
  if (!isPattern(parameters)) problems.push(`parameters: expected names, got ${describeValue(parameters)}`);
  if (typeof inEval !== 'boolean') problems.push(`inEval: expected true or false, got ${describeValue(inEval)}`);
  if (!Array.isArray(unfreeze)) problems.push(`unfreeze: expected a list, got ${describeValue(unfreeze)}`);
  else problems.push(...unfreeze.flatMap(problemsOfEntry));
  return problems;
}

function problemsOfEntry(entry: Unfreezing, i: number): string[] {
  if (typeof entry !== 'object' || entry === null)
    return [`unfreeze.${i}: expected a { parameters, epoch } or { parameters, step }, got ${describeValue(entry)}`];
  const problems = unknownKeys(entry, ['parameters', 'epoch', 'step']).map((problem) => `unfreeze.${i}.${problem}`);
  if (!isPattern(entry.parameters))
    problems.push(`unfreeze.${i}.parameters: expected names, got ${describeValue(entry.parameters)}`);
  const moments = [entry.epoch, entry.step].filter((moment) => moment !== undefined);
  if (moments.length !== 1)
    problems.push(`unfreeze.${i}: expected one of epoch and step, got ${moments.length === 0 ? 'none' : 'both'}`);
  for (const moment of moments)
    if (!isCount(moment)) problems.push(`unfreeze.${i}: expected an integer from 0 on, got ${describeValue(moment)}`);
  return problems;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isPattern = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0 && value.every((each) => typeof each === 'string' || each instanceof RegExp)
    : typeof value === 'string' || value instanceof RegExp;
