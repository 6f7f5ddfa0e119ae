// Classification by prompts: embeddings of classes, scores, and the metric of a validation.
import { describe, expect, it } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { Linear } from '../../nn/index.ts';
import { AdamW } from '../../optim/index.ts';
import { arange, eye, manualSeed, ones, randn, scope, type Tensor, tensor } from '../../tensor/index.ts';
import { liveTensors } from '../../tensor/scope.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { GenericTrainer } from '../../trainer/index.ts';
import { classEmbeddings, classPrompts, zeroShotClassify } from './zero-shot.ts';
import { ZeroShotClassifier } from './zero-shot-classifier.ts';

const numbers = (value: Tensor) => value.toArray() as number[][];

describe('classPrompts()', () => {
  it('puts names into templates, class by class, and refuses those without a place', () => {
    expect(classPrompts(['a', 'b'], ['{}', '{} and {}'])).toEqual(['a', 'a and a', 'b', 'b and b']);
    expect(() => classPrompts([], ['none'])).toThrow(
      /classNames: expected a list.*templates: expected a list of texts with "\{\}"/s,
    );
  });
});

describe('classEmbeddings()', () => {
  it('is the mean of the prompts of length 1, of length 1 again, whatever their order', () => {
    const prompts = tensor([
      [3, 4],
      [10, 0],
      [0, 2],
      [1, 1],
    ]);
    const root = Math.SQRT1_2;
    const byHand = [
      [0.6 + 1, 0.8],
      [root, 1 + root],
    ].map((row) => row.map((value) => value / Math.hypot(...row)));
    for (const embeddings of [
      classEmbeddings(prompts, { numClasses: 2 }),
      classEmbeddings(prompts.indexSelect(0, tensor([3n, 1n, 2n, 0n])), { numClasses: 2, classes: [1, 0, 1, 0] }),
    ])
      for (const [i, row] of numbers(embeddings).entries())
        for (const [d, value] of row.entries()) expect(value).toBeCloseTo(byHand[i]![d]!, 6);
  });

  it('refuses prompts that cannot be shared out', () => {
    const prompts = ones([4, 2]);
    expect(() => classEmbeddings(prompts, { numClasses: 3 })).toThrow(
      'expected as many prompts for each of 3 classes, got 4 prompts',
    );
    expect(() => classEmbeddings(prompts, { numClasses: 3, classes: [0, 1, 1, 0] })).toThrow('got none for class 2');
    expect(() => classEmbeddings(prompts, { numClasses: 2, classes: [0, 1, 2, 0] })).toThrow(
      'expected classes from 0 to 1, got 2',
    );
    expect(() => classEmbeddings(prompts, { numClasses: 2, classes: [0] })).toThrow('got 4 prompts and 1 classes');
  });
});

describe('zeroShotClassify()', () => {
  it('gives cosines, their softmax, and the nearest class', () => {
    const output = zeroShotClassify({
      imageEmbeddings: tensor([[3, 4]]),
      classEmbeddings: tensor([
        [2, 0],
        [0, 5],
      ]),
      temperature: 0.5,
    });
    expect(numbers(output.scores)[0]![0]).toBeCloseTo(0.6, 6);
    expect(numbers(output.probabilities)[0]![0]).toBeCloseTo(1 / (1 + Math.exp(0.4)), 6);
    expect(output.classes.toArray()).toEqual([1]);
    expect(() => zeroShotClassify({ imageEmbeddings: ones([1, 2]), classEmbeddings: ones([2, 3]) })).toThrow(
      'got [1, 2] and [2, 3]',
    );
    expect(() =>
      zeroShotClassify({ imageEmbeddings: ones([1, 2]), classEmbeddings: 3 as never, temperature: 0 }),
    ).toThrow(/classEmbeddings: expected a tensor.*temperature: expected a number above 0/s);
  });
});

describe('ZeroShotClassifier', () => {
  const classNames = ['zero', 'one', 'two', 'three', 'four', 'five', 'six'];
  /** The prompt of a class points along its own axis; picture i along axis i and a little less along the next. */
  const embedTexts = (prompts: string[]) =>
    eye(7).indexSelect(0, tensor(prompts.map((prompt) => BigInt(classNames.indexOf(prompt)))));
  const pictures = () =>
    eye(7).add(
      eye(7)
        .roll([1], { dims: [1] })
        .mul(0.5),
    );

  it('counts the nearest and the k nearest, and has a table of what was taken for what', () => {
    const before = settledTensors();
    const classifier = new ZeroShotClassifier({ classNames, embedTexts, topK: [1, 2], name: 'group' });
    scope(() => classifier.update(pictures(), tensor([0n, 1n, 2n, 4n, 5n, 0n, 0n])));
    // Right: 0, 1, 2. Second: 3 taken for 4, 4 for 5, 6 for 0. Not among two: 5.
    expect(classifier.compute()).toEqual({ group_accuracy: 3 / 7, group_accuracy_top2: 6 / 7 });
    const { values, rows } = classifier.matrices().group_confusion_matrix!;
    expect(rows).toEqual(classNames);
    expect(values[0]).toEqual([1, 0, 0, 0, 0, 1, 1]);
    classifier.reset();
    expect([classifier.compute(), classifier.matrices()]).toEqual([{}, {}]);
    expect(liveTensors()).toBeLessThanOrEqual(before); // what others left may be collected meanwhile
  });

  it('has the prompts of each evaluation embedded by the weights of then', async () => {
    manualSeed(1);
    const model = new Linear(7, 7, { bias: false });
    let numCalls = 0;
    const classifier = new ZeroShotClassifier({
      classNames,
      embedTexts: (prompts) => {
        numCalls += 1;
        expect(model.training).toBe(false);
        return model.forward(embedTexts(prompts));
      },
    });
    const trainer = new GenericTrainer({
      model,
      optimizers: [new AdamW(model.parameters(), { lr: 0.1 })],
      valMetrics: [classifier],
    });
    trainer.setTrainingStep((_trainer, { x }: { x: Tensor }) => ({ loss: model.forward(x).sub(x).square().mean() }));
    trainer.setValidationStep((_trainer, { x, y }: { x: Tensor; y: Tensor }) => {
      classifier.update(model.forward(x), y);
      return {};
    });
    const loader = () =>
      new DataLoader({ dataset: new TensorDataset({ x: pictures(), y: arange(7, { dtype: 'int64' }) }), batchSize: 3 });
    const history = await trainer.fit({ trainLoaders: [loader()], valLoaders: [loader()], maxEpochs: 8 });
    expect(numCalls).toBe(8);
    expect(history.at(-1)).toMatchObject({ 'val/zero_shot_accuracy': 1, 'val/zero_shot_accuracy_top5': 1 });
  });

  it('goes on from its state, adds what another process has seen, and refuses what is no state of it', () => {
    const embedTexts = () => eye(3);
    const make = (topK: number[]) => new ZeroShotClassifier({ classNames: ['a', 'b', 'c'], embedTexts, topK });
    const [whole, first, second, resumed] = Array.from({ length: 4 }, () => make([1, 2]));
    const near = tensor([
      [3, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
    ]);
    const classes = [tensor([0n, 2n, 2n]), tensor([1n, 0n, 1n])];
    for (const target of classes) whole!.update(near, target);
    first!.update(near, classes[0]!);
    second!.update(near, classes[1]!);
    resumed!.update(near, classes[1]!); // forgotten by what is loaded
    resumed!.loadState(first!.state());
    expect(resumed!.compute()).toEqual(first!.compute());
    resumed!.merge(second!.state());
    expect(resumed!.compute()).toEqual(whole!.compute());
    expect(resumed!.matrices()).toEqual(whole!.matrices());
    expect(() => resumed!.loadState(make([1]).state())).toThrow(
      'Cannot load the state of ZeroShotClassifier: expected entries of accuracy_top1, accuracy_top2, confusion, got accuracy_top1, confusion',
    );
    expect(resumed!.compute()).toEqual(whole!.compute());
  });

  it('lists every option that is wrong', () => {
    expect(() => new ZeroShotClassifier({ classNames: ['a', 'a'], topK: [0] } as never)).toThrow(
      /classNames: .*topK: .*embedTexts: expected a function, got none/s,
    );
    expect(() => new ZeroShotClassifier({ classNames: ['a'], embedTexts: () => randn([1, 2]) })).toThrow(
      'expected at least two names, got 1',
    );
    const classifier = new ZeroShotClassifier({ classNames: ['a', 'b'], embedTexts: (() => 3) as never });
    expect(() => classifier.update(ones([1, 2]), tensor([0n]))).toThrow('expected a tensor from embedTexts, got 3');
  });
});
