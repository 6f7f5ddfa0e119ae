// `PredictionWriter`: what `predict`, a validation or a test gave for each sample, in a file.

import { noGrad } from '../../tensor/autograd.ts';
import { tensor } from '../../tensor/from-data.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { collectTensors, scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../config/problems.ts';
import type { EvaluationResult } from '../loop/evaluator.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext, Phase } from '../loop/loop-context.ts';
import { OptionChecks } from './option-checks.ts';
import { openPredictionFile, PREDICTION_ENDINGS, type PredictionFile } from './prediction-files.ts';
import type { PredictionColumns } from './prediction-rows.ts';

export interface PredictionWriterOptions {
  /** The file; `.jsonl` and `.csv` have a line for each sample and are written as batches come, `.npy` and `.safetensors` have tensors over all samples and are written at the end.
   *  `{loader}`, `{epoch}` and `{step}`, also with a width as `{epoch:03d}`, stand for what they say; a file that is there is replaced. */
  readonly path: string;
  /** What is written: outputs of `predict` (default), or of the steps of validations inside and outside of a fit, or of `test`. */
  readonly of?: 'predict' | 'validate' | 'test';
  /** From what the step gave to columns: tensors with a row for each sample. Default: a tensor is the column `prediction`; of an object every tensor that has as many rows as
   *  the batch has samples. */
  readonly select?: (output: unknown, context: Readonly<LoopContext>) => Tensor | PredictionColumns;
  /** Its name among the callbacks, where a run has several. Default 'PredictionWriter'. */
  readonly name?: string;
}

const OPTIONS = ['path', 'of', 'select', 'name'] as const;
const PLACEHOLDER = /\{(loader|epoch|step)(?::0?([1-9])d)?\}/g;

/** Writes what a step gave for each sample. In a line `loader` and `sample` say whose it is, `sample` counting from 0 in each loader; numbers that are not finite are the texts
 *  "NaN" and "Infinity" in JSON. Reading the tensors of each batch waits for the device. Outputs that are only written need not be kept: `predict({ loaders, onBatch: () => {} })`.
 *
 *  Memory: that of a batch for lines, that of all predictions for `.npy` and `.safetensors`, of which there is no file where they were stopped or failed.
 *  Several processes: the first writes the rows of all at the end, and its memory is that of all predictions for every format.
 *  @throws {ConfigError} that lists every option that is wrong; in a run a TypeError for outputs without rows, or with other columns than before.
 *  Source: Lightning's BasePredictionWriter, which leaves the writing to its user.
 *  @example
 *  import { PredictionWriter } from 'sconce/trainer';
 *  new PredictionWriter({ path: 'predictions/{loader}.csv' }).files; // [] */
export class PredictionWriter implements Callback {
  readonly name: string;
  readonly #path: string;
  readonly #phase: Phase;
  readonly #select: PredictionWriterOptions['select'];
  readonly #open = new Map<string, PredictionFile>();
  /** What this rank has, until the first gets it: of several processes each has a part of every batch. */
  #held: RankRows[] = [];
  #files: string[] = [];

  constructor(options: PredictionWriterOptions) {
    const { path, of = 'predict', select, name = 'PredictionWriter' } = options ?? {};
    const hasEnding = typeof path === 'string' && PREDICTION_ENDINGS.some((ending) => path.endsWith(ending));
    const isPlain = hasEnding && !/[{}]/.test(path.replaceAll(PLACEHOLDER, ''));
    const checks = new OptionChecks(options, OPTIONS)
      .expect('path', hasEnding, `a file that ends in ${PREDICTION_ENDINGS.join(', ')}`)
      .expect('path', isPlain || !hasEnding, 'no other braces than {loader}, {epoch} and {step}')
      .oneOf('of', ['predict', 'validate', 'test'])
      .expect('select', typeof select === 'function', 'a function')
      .text('name');
    if (path === undefined) checks.problems.push('path: expected a file, got none');
    checks.throwIfAny('PredictionWriter');
    this.name = name;
    this.#path = path;
    this.#phase = of;
    this.#select = select;
  }

  /** The files of the last evaluation, or of the one that is under way. */
  get files(): readonly string[] {
    return this.#files;
  }

  predictionStart(): void {
    if (this.#phase === 'predict') this.#files = [];
  }

  predictionBatchEnd(context: LoopContext): void {
    if (this.#phase === 'predict') this.#write(context);
  }

  async predictionEnd(context: LoopContext, isComplete: boolean): Promise<void> {
    if (this.#phase === 'predict') await this.#end(context, isComplete);
  }

  validationStart({ phase }: LoopContext): void {
    if (this.#phase === phase) this.#files = [];
  }

  validationBatchEnd(context: LoopContext): void {
    if (this.#phase === context.phase) this.#write(context);
  }

  async validationEnd(context: LoopContext, result: EvaluationResult | undefined): Promise<void> {
    if (this.#phase === context.phase) await this.#end(context, result !== undefined);
  }

  #write(context: LoopContext): void {
    const { output, batchSize, batchIndex, loaderIndex, loaderName, ranks } = context;
    const columns = columnsOf(this.#select ? this.#select(output, context) : output, batchSize, !this.#select);
    const path = pathOf(this.#path, context);
    const rows = { path, columns, batchSize, batchIndex, loaderIndex, loaderName };
    if (ranks.isAlone) this.#add(rows);
    else this.#held.push({ ...rows, columns: copyOf(columns) });
  }

  #add({ path, columns, loaderName, batchSize }: RankRows): void {
    let file = this.#open.get(path);
    if (!file) {
      file = openPredictionFile(path);
      this.#open.set(path, file);
      this.#files.push(path);
    }
    file.add(columns, loaderName, batchSize);
  }

  /** The first rank gets the rows of all, in the order in which one process has them. @returns whether all ranks are complete. */
  #addRanks({ ranks, evaluationLoaders }: LoopContext, isComplete: boolean): boolean {
    const held = this.#held;
    this.#held = [];
    const all = ranks.collect({ isComplete, rows: held }) ?? [];
    try {
      for (const parts of byPlace(all.map((each) => each.rows)))
        if (evaluationLoaders[parts[0]!.loaderIndex]?.loader.dealsBatches) for (const rows of parts) this.#add(rows);
        else scope(() => this.#add(dealtTogether(parts)));
    } finally {
      for (const tensor of collectTensors([held, all])) tensor.dispose();
    }
    return all.every((each) => each.isComplete);
  }

  async #end(context: LoopContext, isCompleteHere: boolean): Promise<void> {
    const isComplete = context.ranks.isAlone ? isCompleteHere : this.#addRanks(context, isCompleteHere);
    const files = [...this.#open.values()];
    this.#open.clear();
    const ended = await Promise.allSettled(files.map((file) => file.end(isComplete)));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  }
}

/** The rows of a batch, or of a rank's part of one. */
interface RankRows {
  readonly path: string;
  readonly columns: PredictionColumns;
  readonly batchSize: number;
  readonly batchIndex: number;
  readonly loaderIndex: number;
  readonly loaderName: string;
}

/** What ranks have at one place of a loader, place by place in the order of the evaluation. @param ranks - what each of them has. */
function byPlace(ranks: readonly (readonly RankRows[])[]): RankRows[][] {
  const places = new Map<string, RankRows[]>();
  for (const rows of ranks.flat()) {
    const place = `${rows.loaderIndex} ${rows.batchIndex}`;
    const parts = places.get(place);
    if (parts) parts.push(rows);
    else places.set(place, [rows]);
  }
  const first = (parts: readonly RankRows[]): RankRows => parts[0]!;
  return [...places.values()].sort(
    (a, b) => first(a).loaderIndex - first(b).loaderIndex || first(a).batchIndex - first(b).batchIndex,
  );
}

/** The batch whose samples were dealt to ranks one by one. */
function dealtTogether(parts: readonly RankRows[]): RankRows {
  const [first] = parts as [RankRows, ...RankRows[]];
  if (parts.length === 1) return first;
  const batchSize = parts.reduce((sum, part) => sum + part.batchSize, 0);
  const order: bigint[] = [];
  for (let round = 0; order.length < batchSize; round++) {
    let before = 0;
    for (const part of parts) {
      if (round < part.batchSize) order.push(BigInt(before + round));
      before += part.batchSize;
    }
  }
  const index = tensor(order);
  const names = Object.keys(first.columns);
  for (const { columns } of parts)
    if (Object.keys(columns).join() !== names.join())
      throw new TypeError(
        `Cannot write predictions: expected the same columns of all ranks, got ${names.join(', ')} and ${Object.keys(columns).join(', ')}`,
      );
  const column = (name: string): Tensor => cat(parts.map(({ columns }) => columns[name]!)).indexSelect(0, index);
  return { ...first, batchSize, columns: Object.fromEntries(names.map((name) => [name, column(name)])) };
}

/** On the host, beyond the scope of the step. */
function copyOf(columns: PredictionColumns): PredictionColumns {
  const copied = Object.entries(columns).map(
    ([name, column]) => [name, noGrad(() => column.detach().to({ device: 'cpu' }).clone()).keep()] as const,
  );
  return Object.fromEntries(copied);
}

/** @param isFound - whether what has no rows may be left out. */
function columnsOf(output: unknown, numSamples: number, isFound: boolean): PredictionColumns {
  const hasRows = (value: unknown): value is Tensor =>
    value instanceof Tensor && value.ndim > 0 && value.size(0) === numSamples;
  const given = output instanceof Tensor ? { prediction: output } : output;
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  const columns = entries.filter(([, value]) => hasRows(value));
  if (columns.length > 0 && (isFound || columns.length === entries.length)) return Object.fromEntries(columns);
  const [name, other] = entries.find(([, value]) => !hasRows(value)) ?? [];
  const got =
    other instanceof Tensor ? `"${name}" of shape [${other.shape.join(', ')}]` : describeValue(other ?? given);
  throw new TypeError(
    `Cannot write predictions: expected tensors with ${numSamples} row${numSamples === 1 ? '' : 's'}, one for each sample, got ${got}${isFound ? '; give select' : ''}`,
  );
}

function pathOf(template: string, { loaderName, clocks }: LoopContext): string {
  const values: Readonly<Record<string, string>> = {
    loader: loaderName.replaceAll(/[^\w.-]/g, '_'),
    epoch: String(clocks.epoch),
    step: String(clocks.step),
  };
  return template.replaceAll(PLACEHOLDER, (_, name: string, digits = '0') =>
    values[name]!.padStart(Number(digits), '0'),
  );
}
