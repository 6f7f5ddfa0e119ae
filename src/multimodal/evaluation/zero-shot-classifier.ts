// `ZeroShotClassifier`: how many pictures the prompts of their classes find, as a metric of a validation.

import { CheckpointError, ConfigError } from '../../errors.ts';
import { Accuracy } from '../../metrics/classification/accuracy.ts';
import { ConfusionMatrix } from '../../metrics/classification/confusion-matrix.ts';
import type { MergeableMetric, MetricState } from '../../metrics/metric.ts';
import { checkOptions, type Rule, show, text, texts } from '../../metrics/options.ts';
import { K } from '../../metrics/retrieval/pairs.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Matrix } from '../../tracking/data-records.ts';
import { classEmbeddings, classPrompts, zeroShotClassify } from './zero-shot.ts';

export interface ZeroShotClassifierOptions {
  /** At least two, all different. */
  readonly classNames: readonly string[];
  /** `{}` stands for the class's name. Default ['{}']. */
  readonly templates?: readonly string[];
  /** Embeds prompts by the model as it is, [P, D]. Called by the first update after `reset`, so that every evaluation has the prompts of its own weights. */
  readonly embedTexts: (prompts: string[]) => Tensor;
  /** Shares of pictures whose class is among the k nearest. Default [1, 5], as far as there are more classes than that. */
  readonly topK?: readonly number[];
  /** Before the names of the values. Default 'zero_shot'. */
  readonly name?: string;
}

const RULES: Readonly<Record<string, Rule>> = {
  classNames: texts,
  templates: texts,
  embedTexts: ['a function', (value) => typeof value === 'function'],
  topK: K,
  name: text,
};

/** Classifies pictures by the nearest of the classes' prompts, and measures how often that is right: `zero_shot_accuracy`, `zero_shot_accuracy_top5`, and the table `zero_shot_confusion_matrix`.
 *  Rule: see `classEmbeddings` and `zeroShotClassify`. A metric: give it to `valMetrics` and update it in the validation step. State: counts. Sync: `update` never waits but for what `embedTexts` does.
 *  Shape: update takes embeddings of pictures [N, D] and their classes [N] of an integer dtype.
 *  Source: Radford et al. 2021, arXiv:2103.00020, section 3.1.
 *  @example
 *  import { ZeroShotClassifier } from 'sconce/multimodal';
 *  const words = new Map([['a cat', [1, 0]], ['a dog', [0, 1]]]);
 *  const classifier = new ZeroShotClassifier({
 *    classNames: ['cat', 'dog'],
 *    templates: ['a {}'],
 *    embedTexts: (prompts) => tensor(prompts.map((prompt) => words.get(prompt)!)),
 *  });
 *  classifier.update(tensor([[3, 1], [2, 1]]), tensor([0n, 1n]));
 *  classifier.compute(); // { zero_shot_accuracy: 0.5 } */
export class ZeroShotClassifier implements MergeableMetric {
  readonly classNames: readonly string[];
  readonly #prompts: readonly string[];
  readonly #embedTexts: ZeroShotClassifierOptions['embedTexts'];
  readonly #parts: Readonly<Record<string, Accuracy | ConfusionMatrix>>;
  #classes: Tensor | undefined;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: ZeroShotClassifierOptions) {
    checkOptions('make a ZeroShotClassifier', options, RULES, ['classNames', 'embedTexts']);
    const { classNames, templates, embedTexts, name = 'zero_shot' } = options;
    const numClasses = classNames.length;
    const topK = options.topK ?? [1, 5].filter((k) => k === 1 || k < numClasses);
    if (numClasses < 2)
      throw new ConfigError('make a ZeroShotClassifier', [
        `classNames: expected at least two names, got ${numClasses}`,
      ]);
    const task = { task: 'multiclass', numClasses, classNames } as const;
    const accuracies = topK.map((k) => {
      const value = `${name}_accuracy${k > 1 ? `_top${k}` : ''}`;
      return [`accuracy_top${k}`, new Accuracy({ ...task, topK: k, name: value })] as const;
    });
    this.classNames = classNames;
    this.#prompts = classPrompts(classNames, templates);
    this.#embedTexts = embedTexts;
    this.#parts = {
      ...Object.fromEntries(accuracies),
      confusion: new ConfusionMatrix({ ...task, name: `${name}_confusion_matrix` }),
    };
  }

  /** The embeddings of the classes, [C, D]; made by the first call after `reset`. They are the classifier's. */
  classEmbeddings(): Tensor {
    this.#classes ??= noGrad(() =>
      scope(() => {
        const prompts = this.#embedTexts([...this.#prompts]);
        if (!(prompts instanceof Tensor))
          throw new TypeError(`Cannot classify: expected a tensor from embedTexts, got ${show(prompts)}`);
        return classEmbeddings(prompts, { numClasses: this.classNames.length }).keep();
      }, 'zero-shot'),
    );
    return this.#classes;
  }

  /** Takes a batch. @throws {ShapeError} @throws {DTypeError} */
  update(imageEmbeddings: Tensor, target: Tensor): void {
    scope(() => {
      const { scores } = zeroShotClassify({ imageEmbeddings, classEmbeddings: this.classEmbeddings() });
      for (const part of Object.values(this.#parts)) part.update(scores, target);
    }, 'zero-shot');
  }

  compute(): Record<string, number> {
    return Object.assign({}, ...Object.values(this.#parts).map((part) => part.compute()));
  }

  matrices(): Record<string, Matrix> {
    return this.#parts.confusion instanceof ConfusionMatrix ? this.#parts.confusion.matrices() : {};
  }

  state(): MetricState {
    return Object.fromEntries(Object.entries(this.#parts).map(([name, part]) => [name, part.state()]));
  }

  loadState(state: MetricState): void {
    const states = this.#statesOf(state);
    this.reset();
    for (const [name, part] of Object.entries(this.#parts)) part.loadState(states[name]!);
  }

  merge(state: MetricState): void {
    const states = this.#statesOf(state);
    for (const [name, part] of Object.entries(this.#parts)) part.merge(states[name]!);
  }

  /** @throws {CheckpointError} for what is no state of a classifier with these options. */
  #statesOf(state: MetricState): Readonly<Record<string, MetricState>> {
    const names = Object.keys(this.#parts);
    const isFit = names.every((name) => typeof state?.[name] === 'object' && state[name] !== null);
    if (!isFit || Object.keys(state).length > names.length)
      throw new CheckpointError(
        `Cannot load the state of ZeroShotClassifier: expected entries of ${names.join(', ')}, got ${Object.keys(state ?? {}).join(', ') || 'none'}`,
      );
    return state as Readonly<Record<string, MetricState>>; // what is inside, each part checks
  }

  reset(): void {
    for (const part of Object.values(this.#parts)) part.reset();
    this.#classes?.dispose();
    this.#classes = undefined;
  }
}
