// `runContinualBenchmark`: one task after the other by the one trainer, everything evaluated after each.

import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataLoader } from '../../data/index.ts';
import { CrossEntropyLoss } from '../../nn/index.ts';
import { Trainer } from '../../trainer/trainer.ts';
import type { Pair, PairLoader } from '../data/loaders.ts';
import { type ContinualBenchmarkOptions, checkBenchmark } from './benchmark-options.ts';
import { type ContinualMethod, type ContinualModel, FineTuning } from './method.ts';
import { type BenchmarkFacts, type BenchmarkProgress, readProgress } from './progress.ts';
import { accuracyFigure, type ContinualResult, resultSections } from './result.ts';
import { datasetOf } from './task.ts';
import { TaskLoss, TaskOutputs, taskAccuracy } from './task-outputs.ts';
import { averageAccuracies, transferMeasures } from './transfer.ts';

/** Trains a model on one task after the other, evaluates it on all of them before the first and after each, and says what it kept, forgot and carried over.
 *
 *  One `Trainer` with one optimizer goes through all tasks, `epochsPerTask` epochs each; what a `method` adds acts around and in it. Where tasks have outputs of their own, loss and accuracy decide
 *  between these alone. Accuracy is measured on all samples of a task's tests.
 *
 *  With a `folder`, a benchmark that was killed and is begun again (the same model, optimizer, tasks and method, made anew) goes on behind the last epoch that was completed, and comes to what it
 *  would have come to, to the last bit. One that has ended gives its result again; the model has its weights then.
 *  @throws {ConfigError} that lists everything that does not fit.  @throws {CheckpointError} where the folder has another benchmark.
 *  @throws {InterruptedError} after a stop signal.
 *  Source: the protocol, Lopez-Paz and Ranzato 2017, arXiv:1706.08840; adaptiveneuralnetwork, split_mnist_benchmark and ContinualLearningTrainer.
 *  @example
 *  import { createSyntheticLoaders, runContinualBenchmark, splitClasses } from 'sconce/adaptive';
 *  const tasks = await splitClasses(createSyntheticLoaders({ numSamples: 200, inputDim: 8, numClasses: 4 }), { numTasks: 2 });
 *  const model = new nn.Linear(8, 4);
 *  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
 *  const { accuracies, measures } = await runContinualBenchmark(model, { tasks, optimizer });
 *  accuracies.map((row) => row.length); // [2, 2]
 *  measures.average_accuracy > 0.5; // true */
export async function runContinualBenchmark(
  model: ContinualModel,
  options: ContinualBenchmarkOptions,
): Promise<ContinualResult> {
  checkBenchmark(model, options);
  const benchmark = new Benchmark(model, options);
  return benchmark.run();
}

class Benchmark {
  readonly #model: ContinualModel;
  readonly #options: ContinualBenchmarkOptions;
  readonly #method: ContinualMethod;
  readonly #facts: BenchmarkFacts;
  readonly #trainer: Trainer;
  #baseline: readonly number[] = [];
  #accuracies: (readonly number[])[] = [];

  constructor(model: ContinualModel, options: ContinualBenchmarkOptions) {
    const { tasks, optimizer, criterion = new CrossEntropyLoss(), seed = 42 } = options;
    const method: ContinualMethod = options.method ?? new FineTuning();
    const { device, maxGradNorm, callbacks = [], loggers, run, epochsPerTask = 1, batchSize = 32 } = options;
    this.#model = model;
    this.#options = options;
    this.#method = method;
    this.#facts = {
      method: method.name,
      tasks: tasks.map(({ name }) => name),
      ...{ epochs_per_task: epochsPerTask, batch_size: batchSize, seed },
    };
    const outputs = new TaskOutputs(tasks);
    this.#trainer = new Trainer({
      ...{ model, optimizer, seed },
      criterion: new TaskLoss(criterion, outputs, () => method.penalty?.(model)),
      metrics: { task_accuracy: (output, target) => taskAccuracy(outputs, output, target) },
      callbacks: [...callbacks, { name: 'continual benchmark', after: ['*'], epochEnd: () => this.#save() }],
      ...(device === undefined ? {} : { device }),
      ...(maxGradNorm === undefined ? {} : { maxGradNorm }),
      ...(loggers ? { loggers } : {}),
      ...(run ? { run } : {}),
    });
  }

  async run(): Promise<ContinualResult> {
    const { tasks, folder } = this.#options;
    if (folder !== undefined) await mkdir(folder, { recursive: true });
    let isResumed = await this.#load();
    if (!isResumed) this.#baseline = await this.#evaluate();
    for (let index = this.#accuracies.length; index < tasks.length; index++) {
      await this.#learn(index, isResumed);
      isResumed = false;
      this.#accuracies.push(await this.#evaluate());
      await this.#save();
    }
    const result = this.#result();
    await this.#write(result);
    return result;
  }

  /** Trains on a task until its epochs are completed; a benchmark that goes on may have completed some. */
  async #learn(index: number, isResumed: boolean): Promise<void> {
    const { tasks } = this.#options;
    const { epochs_per_task: epochs, batch_size: batchSize, seed } = this.#facts;
    const task = tasks[index]!;
    const done = this.#trainer.currentEpoch - index * epochs;
    if (done < epochs) {
      const trainLoader = new DataLoader<Pair, Pair, Pair>({
        dataset: this.#method.dataset?.(tasks, index) ?? datasetOf(task.train),
        transform: this.#method.transform?.({ batchSize }),
        ...{ batchSize, seed, shuffle: true },
      });
      // Between two tasks, what the file says of its loaders is said of the task before.
      const resume = isResumed && done === 0 ? { drop: ['loaders'], fresh: ['loaders'] } : undefined;
      await this.#trainer.fit({ trainLoader, numEpochs: (index + 1) * epochs, ...(resume ? { resume } : {}) });
    }
    await this.#method.taskEnd?.({ task, index, model: this.#model, batchSize });
  }

  async #evaluate(): Promise<number[]> {
    const accuracies: number[] = [];
    for (const { test } of this.#options.tasks) {
      const loader: PairLoader = new DataLoader<Pair, Pair, Pair>({ dataset: datasetOf(test), batchSize: 256 });
      const { val_task_accuracy } = await this.#trainer.evaluate(loader);
      accuracies.push(val_task_accuracy!); // a task has tests
    }
    return accuracies;
  }

  get #path(): string | undefined {
    const { folder } = this.#options;
    return folder === undefined ? undefined : join(folder, 'continual.pt');
  }

  async #save(): Promise<void> {
    if (this.#path === undefined) return;
    const continual: BenchmarkProgress = {
      ...{ facts: this.#facts, baseline: this.#baseline, accuracies: this.#accuracies },
      method: this.#method.state?.() ?? {},
    };
    await this.#trainer.saveCheckpoint(this.#path, { continual });
  }

  /** @returns whether there was something to go on from. */
  async #load(): Promise<boolean> {
    const path = this.#path;
    if (path === undefined || !existsSync(path)) return false;
    const { extra } = await this.#trainer.loadCheckpoint(path, {
      check: ({ extra }) => void readProgress(extra, this.#facts, path),
    });
    const { baseline, accuracies, method } = readProgress(extra, this.#facts, path);
    this.#baseline = baseline;
    this.#accuracies = [...accuracies];
    this.#method.loadState?.(method);
    return true;
  }

  #result(): ContinualResult {
    const { method, tasks, epochs_per_task: epochsPerTask, seed } = this.#facts;
    const [baseline, accuracies] = [this.#baseline, this.#accuracies];
    return {
      ...{ method, tasks, epochsPerTask, seed, baseline, accuracies },
      averageAccuracies: averageAccuracies(accuracies),
      measures: transferMeasures(accuracies, baseline),
    };
  }

  async #write(result: ContinualResult): Promise<void> {
    const { folder, run } = this.#options;
    if (run) run.addToReport({ sections: await resultSections(result) });
    if (folder === undefined) return;
    const files = {
      'result.json': `${JSON.stringify(result, null, 2)}\n`,
      'accuracy-matrix.svg': await accuracyFigure(result).toSvg(),
    };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, `${name}.tmp`), text);
      await rename(join(folder, `${name}.tmp`), join(folder, name));
    }
  }
}
