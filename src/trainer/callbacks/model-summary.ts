// `ModelSummary`: the table of a model's modules at the start of a run, and `summarizeModel` for it alone.

import type { Module } from '../../nn/module.ts';
import { type ModuleSummary, summary } from '../../nn/summary.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { OptionChecks } from './option-checks.ts';

export interface ModelSummaryOptions {
  /** What the model's `forward` is called with once, for the shapes: a tensor, or its arguments. Default: no shapes. */
  readonly input?: Tensor | readonly unknown[];
  /** The shape of its floating-point input, or the shapes of several, in place of `input`. */
  readonly inputSize?: readonly number[] | readonly (readonly number[])[];
  /** Levels below the model that are shown. Default: all. */
  readonly depth?: number;
  /** Where the table goes. Default: the process's standard error output. */
  readonly stream?: ProgressStream;
}

const OPTIONS = ['input', 'inputSize', 'depth', 'stream'] as const;

/** What a model is made of: a row for each module with its output's shape, parameters, memory, and whether it is trained. With an input `forward` runs once, without gradients
 *  and in evaluation mode; modes, hooks, buffers and random numbers are as before. `nn.summary` has more options.
 *  @returns data that prints as a table.  @throws {Error} that names the layer, where forward fails.
 *  @example
 *  import { summarizeModel } from 'sconce/trainer';
 *  const { numParameters, rows } = summarizeModel(new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU()), zeros([3, 4]));
 *  [numParameters, rows[1]!.outputShapes]; // [40, [[3, 8]]] */
export function summarizeModel(model: Module, input?: Tensor | readonly unknown[]): ModuleSummary {
  return summary(model, input === undefined ? {} : { inputs: input });
}

/** Prints the table of `summarizeModel` once, when the first `fit` begins, and gives it to the run's loggers as the text `model_summary`. What `Freezing` freezes shows as not
 *  trained.
 *  @throws {ConfigError} that lists every option that is wrong; in a run an Error that names the layer, where forward fails.
 *  Source: Lightning's ModelSummary.
 *  @example
 *  import { ModelSummary } from 'sconce/trainer';
 *  new ModelSummary({ inputSize: [1, 3, 32, 32], depth: 2 }).summary; // undefined */
export class ModelSummary implements Callback {
  readonly name = 'ModelSummary';
  readonly isPrimaryOnly = true;
  readonly after = ['Freezing'];
  readonly #options: ModelSummaryOptions;
  #summary: ModuleSummary | undefined;

  constructor(options: ModelSummaryOptions = {}) {
    const { input, inputSize, depth } = options;
    const isSize = (value: unknown): boolean =>
      Array.isArray(value) && value.every((each) => (Number.isSafeInteger(each) && each >= 0) || isSize(each));
    new OptionChecks(options, OPTIONS)
      .expect('input', input instanceof Tensor || Array.isArray(input), "a tensor, or a list of forward's arguments")
      .expect('inputSize', isSize(inputSize), 'a shape, or a list of shapes')
      .expect('inputSize', input === undefined, 'none beside input')
      .expect('depth', Number.isSafeInteger(depth) && depth! >= 0, 'an integer from 0 on')
      .stream('stream')
      .throwIfAny('ModelSummary');
    this.#options = options;
  }

  /** What was printed; undefined before. */
  get summary(): ModuleSummary | undefined {
    return this.#summary;
  }

  fitStart({ model, logger, clocks }: LoopContext): void {
    if (this.#summary) return;
    const { input, inputSize, depth, stream = process.stderr } = this.#options;
    this.#summary = summary(model, {
      ...(input === undefined ? {} : { inputs: input }),
      ...(inputSize === undefined ? {} : { inputSize }),
      ...(depth === undefined ? {} : { depth }),
    });
    const text = String(this.#summary);
    stream.write(`${text}\n`);
    logger.logText('model_summary', text, clocks);
  }
}
