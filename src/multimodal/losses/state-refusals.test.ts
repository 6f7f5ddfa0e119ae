// What losses of batch statistics, queues and curricula refuse, warn of, forward and leave alone.

import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ConfigError, ShapeError } from '../../errors.ts';
import { Dropout, Linear, Sequential } from '../../nn/index.ts';
import { SGD } from '../../optim/index.ts';
import {
  arange,
  eye,
  liveTensors,
  manualSeed,
  noGrad,
  ones,
  randn,
  scope,
  type Tensor,
  tensor,
} from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { BarlowTwinsLoss } from './barlow-twins-loss.ts';
import { CombinedLoss } from './combined-loss.ts';
import { CrossEntropyLoss } from './cross-entropy-loss.ts';
import { DecorrelationLoss } from './decorrelation-loss.ts';
import { EMAMoCoLoss } from './ema-moco-loss.ts';
import { FeatureConsistencyLoss } from './feature-consistency-loss.ts';
import { HybridPretrainVICRegLoss } from './hybrid-pretrain-vicreg-loss.ts';
import { MeanSquaredError } from './mean-squared-error.ts';
import { MoCoLoss } from './moco-loss.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { MultitaskLoss } from './multitask-loss.ts';
import { VICRegLoss } from './vicreg-loss.ts';

const features = (rows: number, size = 4): { visionFeatures: Tensor; textFeatures: Tensor } => ({
  visionFeatures: randn([rows, size]),
  textFeatures: randn([rows, size]),
});

/** A loss that says what it was told. */
class Told extends MultimodalLoss {
  readonly heard: unknown[] = [];
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }

  override updateEpoch(epoch: number): void {
    this.heard.push(`epoch ${epoch}`);
  }

  override updateStep(step: number, totalSteps?: number): void {
    this.heard.push(`step ${step} of ${totalSteps}`);
  }

  override forward(_inputs: LossInputs): LossOutput {
    return { loss: tensor(this.value), accuracy: 0.5, current_phase: `phase ${this.value}` };
  }
}

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

// First, while nothing of other tests is left to be collected.
describe('memory', () => {
  it('no step leaves a tensor behind', () => {
    manualSeed(3);
    const towers = { visionEncoder: new Linear(4, 4), textEncoder: new Linear(4, 4) };
    const losses = [
      new EMAMoCoLoss({ ...towers, dim: 4, K: 8 }),
      new CombinedLoss({
        primaryLoss: new MoCoLoss({ dim: 4, queueSize: 8 }),
        secondaryLoss: new HybridPretrainVICRegLoss(),
      }),
      new MultitaskLoss({ lossFunctions: { a: new VICRegLoss(), b: new DecorrelationLoss() }, dynamicWeighting: true }),
    ];
    const play = (step: number): void =>
      scope(() => {
        for (const loss of losses) {
          loss.updateStep(step);
          const inputs = { images: randn([3, 4]), textData: randn([3, 4]) };
          noGrad(() => loss.forward({ ...features(3), inputs }));
        }
      });
    play(0);
    const before = settledTensors();
    for (let step = 1; step < 12; step++) play(step);
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});

describe('a batch of one row', () => {
  it.each([
    ['VICRegLoss', new VICRegLoss()],
    ['BarlowTwinsLoss', new BarlowTwinsLoss({ useProjection: true, inputDim: 4, projectionDim: 4 })],
    ['DecorrelationLoss', new DecorrelationLoss()],
  ])('is refused by %s, which has no variance over it', (name, loss) => {
    expect(() => loss.forward(features(1))).toThrow(
      `Cannot compute ${name}: expected at least 2 rows to take the variance over, got [1, 4]; make the loader with dropLast: true`,
    );
    expect(() => loss.forward(features(1))).toThrow(ShapeError);
  });
});

describe('options', () => {
  it.each([
    [
      () => new VICRegLoss({ epsilon: 0, warmupEpochs: 0 }),
      ['epsilon: expected a number above 0, got 0', 'warmupEpochs: expected an integer of at least 1, got 0'],
    ],
    [
      () => new BarlowTwinsLoss({ projectionDim: 8 }),
      ['projectionDim: expected useProjection: true beside it, got 8 alone'],
    ],
    [
      () => new BarlowTwinsLoss({ useProjection: true }),
      ['inputDim: expected the size of the features with useProjection, got none'],
    ],
    [
      () => new DecorrelationLoss({ reduction: 'none' as never }),
      ['reduction: expected one of "mean", "sum", got "none"'],
    ],
    [
      () => new FeatureConsistencyLoss({ textWeight: 2 }),
      ['referenceModel: expected one of referenceModel, referenceVisionModel, referenceTextModel, got none'],
    ],
    [
      () => new FeatureConsistencyLoss({ referenceVisionModel: new Linear(2, 2), textWeight: 2 }),
      ['textWeight: expected referenceTextModel beside it, got none'],
    ],
    [
      () => new MoCoLoss({ queueSize: 0, maxTemperatureFactor: 0.5 }),
      [
        'queueSize: expected an integer of at least 1, got 0',
        'maxTemperatureFactor: expected a number of at least 1, got 0.5',
      ],
    ],
    [
      () => new EMAMoCoLoss({ m: 2 } as never),
      [
        'm: expected a number from 0 to 1, got 2',
        "visionEncoder: expected the model's tower, or model, got neither",
        "textEncoder: expected the model's tower, or model, got neither",
      ],
    ],
    [
      () => new EMAMoCoLoss({ model: new Linear(2, 2), textEncoder: new Linear(2, 2) }),
      ['textEncoder: expected no model beside it, got one'],
    ],
    [
      () => new FeatureConsistencyLoss({ referenceModel: new Linear(2, 2), visionInput: () => 1 }),
      ['visionInput: expected referenceVisionModel beside it, got none'],
    ],
    [
      () =>
        new HybridPretrainVICRegLoss({
          adaptiveTransition: false,
          checkEverySteps: 5,
          temperature: 1,
          contrastiveLoss: new Told(1),
        }),
      [
        'temperature: expected no contrastiveLoss beside it, got 1; give it to that loss',
        'checkEverySteps: expected an adaptive transition beside it, got 5',
      ],
    ],
    [
      () => new CombinedLoss({ tertiaryLossWeight: 1 } as never),
      [
        'primaryLoss: expected a MultimodalLoss, got none',
        'tertiaryLossWeight: expected tertiaryLoss beside it, got 1 alone',
      ],
    ],
    [
      () => new MultitaskLoss({ lossFunctions: { a: new Told(1) }, lossWeights: { b: 1 }, momentum: 0.5 }),
      ['lossWeights: expected a, got b', 'momentum: expected dynamicWeighting: true beside it, got 0.5 alone'],
    ],
    [
      () => new CrossEntropyLoss({ smoothing: 1, weight: [1] as never }),
      ['smoothing: expected a number from 0 to below 1, got 1', 'weight: expected a tensor, got [1]'],
    ],
    [
      () => new MeanSquaredError({ clipGrad: 0, clip: 1 } as never),
      [
        'clipGrad: expected a number above 0, got 0',
        'clip: expected one of reduction, clipGrad, got an unknown option',
      ],
    ],
  ])('are refused all at once: %s', (make, problems) => {
    expect(problemsOf(make)).toEqual(problems);
  });
});

describe('VICRegLoss', () => {
  it('warms up to 1, by steps where they are known and by epochs else', () => {
    const loss = new VICRegLoss({ warmupEpochs: 4, numEpochs: 10 });
    const at = (epoch: number, step: number, total?: number): number => {
      loss.updateEpoch(epoch);
      loss.updateStep(step, total);
      return Number(loss.getWarmupFactor().toFixed(4));
    };
    expect([at(0, 0), at(1, 10), at(2, 20), at(3, 30), at(4, 40), at(9, 90)]).toEqual([
      0.01, 0.3, 0.7955, 0.9094, 1, 1,
    ]);
    expect(at(2, 25, 100)).toBe(Number(((2.5 / 4) ** 0.33).toFixed(4)));
    expect(at(2, 30, undefined)).toBe(Number(((3 / 4) ** 0.33).toFixed(4))); // the number of steps is kept
    expect(new VICRegLoss({ curriculum: false }).getWarmupFactor()).toBe(1);
    expect(() => loss.updateEpoch(-1)).toThrow(
      'Cannot tell VICRegLoss where the run is: expected an epoch, 0 or above, got -1',
    );
  });
});

describe('DecorrelationLoss', () => {
  it('warns at the end of an epoch of features that collapsed', async () => {
    const loss = new DecorrelationLoss({ normalizeEmbeddings: false });
    loss.forward({ visionFeatures: ones([4, 3]), textFeatures: randn([4, 3]) });
    loss.eval().forward({ textFeatures: ones([4, 3]) }); // no batch of training
    expect(loss.low_variance.toArray()).toEqual([1, 0]);
    const warning = once(process, 'warning') as Promise<[Error]>;
    loss.updateEpoch(1);
    expect((await warning)[0].message).toBe(
      'The vision features collapse: 100 % of them varied by less than 0.0001 over the last batch before epoch 1',
    );
    expect(() => loss.forward({})).toThrow('expected visionFeatures, textFeatures or both, got neither');
  });
});

describe('FeatureConsistencyLoss', () => {
  it('keeps a copy in evaluation that no optimizer moves', () => {
    const tower = new Sequential(new Linear(4, 4), new Dropout(0.5));
    const loss = new FeatureConsistencyLoss({ referenceVisionModel: tower });
    loss.train();
    expect([...loss.reference_vision_model!.modules()].some((each) => each.training)).toBe(false);
    expect([tower.training, tower.parameters()[0]!.requiresGrad]).toEqual([true, true]);
    const own = loss.parameters();
    expect(own.some((each) => each.requiresGrad || tower.parameters().includes(each))).toBe(false);
    const images = randn([3, 4]);
    const before = own.map((each) => each.clone());
    loss.forward({ visionFeatures: tower.forward(images), inputs: { images } }).loss.backward();
    new SGD([...tower.parameters(), ...own], { lr: 1, weightDecay: 0.1 }).step();
    expect(own.map((each, i) => each.equal(before[i]!))).toEqual([true, true]);
    expect(Object.keys(loss.stateDict())).toEqual(['reference_vision_model.0.weight', 'reference_vision_model.0.bias']);
  });

  it('names the side and the argument that are not there', () => {
    const loss = new FeatureConsistencyLoss({ referenceTextModel: new Linear(4, 4) });
    const { visionFeatures, textFeatures } = features(2);
    expect(() => loss.forward({ visionFeatures, inputs: {} })).toThrow(
      'expected textFeatures beside its reference, got none',
    );
    expect(() => loss.forward({ textFeatures, inputs: { images: textFeatures } })).toThrow(
      "Cannot compute FeatureConsistencyLoss: expected the text tower's argument among inputs, got images; say where it is with textInput",
    );
  });
});

describe('MoCoLoss', () => {
  it('keeps the newest rows, and no negative that belongs to a row', () => {
    const loss = new MoCoLoss({ dim: 4, queueSize: 3, adaptiveTemperature: false, temperature: 1 });
    const rows = eye(4);
    loss.initializeQueue({ visionFeatures: rows, textFeatures: rows, matchIds: ['a', 'b', 'c', 'd'] });
    loss.initializeQueue({ visionFeatures: rows.narrow(0, 0, 1), textFeatures: rows.narrow(0, 0, 1), matchIds: ['e'] });
    expect(loss.queue.text!.t().argmax({ dim: 1 }).toArray()).toEqual([0, 2, 3]);
    expect([loss.queue.pointer.item(), loss.queue.fill.item()]).toEqual([1, 3]);
    loss.eval();
    const one = { visionFeatures: rows.narrow(0, 2, 1), textFeatures: rows.narrow(0, 2, 1) };
    // Against e and d alone, at cosines of 0; without ids its own earlier row is one more, at a cosine of 1.
    expect(loss.forward({ ...one, matchIds: ['c'] }).loss.item()).toBeCloseTo(Math.log(1 + 2 / Math.E), 5);
    expect(loss.forward(one).loss.item()).toBeCloseTo(Math.log(2 + 2 / Math.E), 5);
  });

  it('has a loss of 0 for a row without negatives, and gradients that are numbers', () => {
    const visionFeatures = randn([1, 4]).requiresGrad_();
    const { loss } = new MoCoLoss({ dim: 4, queueSize: 4 }).forward({ visionFeatures, textFeatures: randn([1, 4]) });
    loss.backward();
    expect([loss.item(), visionFeatures.grad!.abs().sum().item()]).toEqual([0, 0]);
  });

  it('names the size that its queue has', () => {
    expect(() => new MoCoLoss({ dim: 8, queueSize: 4 }).forward(features(2))).toThrow(
      'Cannot compute MoCoLoss: expected features of 8 for its queue, got [2, 4]; make it with dim: 4',
    );
  });
});

describe('HybridPretrainVICRegLoss', () => {
  it('begins its transition at the next look after the gap was wide', () => {
    const loss = new HybridPretrainVICRegLoss({ checkEverySteps: 4, gradualTransitionSteps: 2 });
    const apart = { visionFeatures: eye(4), textFeatures: eye(4) };
    const alike = { visionFeatures: ones([4, 4]), textFeatures: ones([4, 4]) };
    const phases = Array.from({ length: 12 }, (_, step) => {
      loss.updateStep(step);
      loss.train(step !== 2); // a batch of an evaluation is none of the training
      return loss.forward(step === 2 || step === 5 ? apart : alike).current_phase;
    });
    expect(phases.indexOf('transition')).toBe(8);
    expect(phases.indexOf('vicreg')).toBe(10);
    expect(phases.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 'contrastive_pretrain'));
  });
});

describe('CombinedLoss', () => {
  it('gives all values under prefixes, and tells its parts of epochs and steps', () => {
    const [first, second, third] = [new Told(1), new Told(2), new Told(4)];
    const loss = new CombinedLoss({
      primaryLoss: first,
      secondaryLoss: second,
      tertiaryLoss: third,
      tertiaryLossWeight: 0.25,
    });
    loss.updateEpoch(3);
    loss.updateStep(7, 20);
    for (const part of [first, second, third]) expect(part.heard).toEqual(['epoch 3', 'step 7 of 20']);
    const output = loss.forward({});
    expect(Object.fromEntries(Object.entries(output).map(([name, value]) => [name, numberOf(value)]))).toEqual({
      ...{ loss: 3, primary_loss: 1, accuracy: 0.5, current_phase: 'phase 1' },
      ...{ secondary_loss: 2, secondary_weight: 0.5, secondary_accuracy: 0.5, secondary_current_phase: 'phase 2' },
      ...{ tertiary_loss: 4, tertiary_weight: 0.25, tertiary_accuracy: 0.5, tertiary_current_phase: 'phase 4' },
    });
  });
});

const numberOf = (value: unknown): unknown => (typeof value === 'object' ? (value as Tensor).item() : value);

describe('MultitaskLoss', () => {
  it('weighs by shares, and by the inverse of running losses where that is asked for', () => {
    const told = { near: new Told(1), far: new Told(4) };
    const fixed = new MultitaskLoss({ lossFunctions: told, lossWeights: { near: 1, far: 3 } });
    expect(fixed.forward({}).loss.item()).toBeCloseTo(0.25 + 3);
    const dynamic = new MultitaskLoss({
      lossFunctions: told,
      lossWeights: { near: 1, far: 3 },
      dynamicWeighting: true,
    });
    const running = { near: 1, far: 1 };
    for (let step = 0; step < 3; step++) {
      const output = dynamic.forward({});
      running.far = 0.9 * running.far + 0.1 * 4;
      const sum = 0.25 / running.near + 0.75 / running.far;
      expect((output.far_weight as Tensor).item()).toBeCloseTo(0.75 / running.far / sum, 5);
      expect(output.loss.item()).toBeCloseTo((0.25 / running.near + (0.75 * 4) / running.far) / sum, 5);
      expect(output.near_current_phase).toBe('phase 1');
    }
    dynamic.updateEpoch(2);
    expect(told.far.heard).toEqual(['epoch 2']);
  });

  it('takes inputs and targets by task, and tells half a task from none', () => {
    const mse = new MeanSquaredError();
    const loss = new MultitaskLoss({ lossFunctions: { depth: mse, edges: mse, classes: new CrossEntropyLoss() } });
    const [two, zero] = [tensor([[2]]), tensor([[0]])];
    const output = loss.forward({ depth: two, edges: two }, { depth: zero, edges: zero });
    expect(output.loss.item()).toBeCloseTo(8 / 3, 5);
    expect(Object.keys(output)).toEqual([
      'depth_loss',
      'edges_loss',
      'depth_weight',
      'edges_weight',
      'classes_weight',
      'loss',
    ]);
    expect(() => loss.forward({ depth: two }, { edges: zero })).toThrow(
      'expected inputs and targets of "depth", got inputs alone',
    );
    expect(() => loss.forward({}, {})).toThrow('expected inputs and targets of at least one task, got none');
  });
});

describe('CrossEntropyLoss and MeanSquaredError', () => {
  it('take logits and labels, as a trainer gives them', () => {
    const logits = tensor([
      [2, 0],
      [0, 1],
    ]);
    const output = new CrossEntropyLoss({ smoothing: 0 }).forward({
      logits,
      labels: tensor([0, 0], { dtype: 'int64' }),
    });
    const expected = (Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.E)) / 2;
    expect([output.loss.item(), (output.accuracy as Tensor).item()]).toEqual([expect.closeTo(expected, 5), 0.5]);
    expect(new MeanSquaredError().forward({ logits, labels: logits.add(2) }).loss.item()).toBe(4);
    expect(() => new CrossEntropyLoss().forward({ logits })).toThrow('expected tensors logits and labels, got logits');
    expect(() => new MeanSquaredError({ reduction: 'none' }).forward({ logits, labels: logits })).toThrow(
      'Cannot compute MeanSquaredError: expected reduction "mean" or "sum" to train with, got "none"',
    );
    expect(() => new CrossEntropyLoss().forward(logits, arange(3, { dtype: 'int64' }))).toThrow(
      'Cannot compute CrossEntropyLoss: expected input [N, C] and target [N], got [2, 2] and [3]',
    );
    expect(() => new MeanSquaredError().forward(logits, logits, { sampleWeight: ones([3]) })).toThrow(
      'Cannot compute MeanSquaredError: expected sampleWeight [2], got [3]',
    );
  });
});
