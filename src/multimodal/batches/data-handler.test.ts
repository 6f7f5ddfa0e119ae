// Batches and outputs under all their names, pooling, and what is refused in place of being made up.
import { describe, expect, test } from 'vitest';
import { Linear } from '../../nn/index.ts';
import { arange, full, ones, randn, type Tensor, tensor } from '../../tensor/index.ts';
import { CLIPLoss } from '../losses/clip-loss.ts';
import { CombinedLoss } from '../losses/combined-loss.ts';
import { DecorrelationLoss } from '../losses/decorrelation-loss.ts';
import { takesRawFeatures } from '../losses/multimodal-loss.ts';
import { VICRegLoss } from '../losses/vicreg-loss.ts';
import { DataHandler } from './data-handler.ts';

const handler = (options = {}) => new DataHandler({ model: new Linear(2, 2), ...options });

/** Rows of length 1 as numbers. */
const rows = (features: Tensor | undefined): number[][] => features!.toArray() as number[][];

describe('DataHandler.toDevice()', () => {
  test.each([
    ['image', 'text', 'match_id', 'label'],
    ['images', 'text_data', 'match_ids', 'labels'],
    ['images', 'textData', 'matchId', 'label'],
  ])('gives %s, %s, %s and %s our names, and leaves the rest as it is', (image, text, ids, labels) => {
    const pixels = ones([2, 3]);
    const batch = handler().toDevice({
      [image]: pixels,
      [text]: { input_ids: ones([2, 4]) },
      [ids]: ['a', 'b'],
      idx: [4, 5],
      [labels]: 1,
    });
    expect(Object.keys(batch)).toEqual(['images', 'textData', 'matchIds', 'idx', 'labels']);
    expect(batch.images).toBe(pixels);
    expect(batch.matchIds).toEqual(['a', 'b']);
  });

  test('where a batch has both names, each stays what it is', () => {
    const [image, images] = ['one', 'two'];
    expect(handler().toDevice({ image, images, text: 't' })).toEqual({ image, images, textData: 't' });
  });

  test.each([[[ones([2])]], [ones([2])], [null], ['text']])('refuses a batch without names', (batch) => {
    expect(() => handler().toDevice(batch)).toThrow('Cannot prepare a batch: expected an object as { images, text }');
  });
});

describe('DataHandler.prepareModelInputs()', () => {
  test('takes what the model is given, of one modality too', () => {
    const batch = { images: 1, textData: 2, matchIds: 3 };
    expect(handler().prepareModelInputs(batch)).toEqual({ images: 1, textData: 2 });
    expect(handler().prepareModelInputs({ text: 2 })).toEqual({ textData: 2 });
  });

  test('refuses a batch that has nothing for a model', () => {
    expect(() => handler().prepareModelInputs({ pixels: 1, words: 2 })).toThrow(
      'Cannot prepare model inputs: expected images or textData in the batch, got keys pixels, words',
    );
  });
});

describe('DataHandler.prepareLossInputs()', () => {
  const vision = tensor([[3, 4]]);
  const text = tensor([[0, 2]]);

  test.each([
    ['visionFeaturesEnhanced', 'textFeaturesEnhanced'],
    ['vision_features_enhanced', 'text_features_enhanced'],
    ['vision_features', 'text_features'],
    ['imageFeatures', 'text_features'],
    ['embedded_images', 'embedded_text'],
  ])('finds features under %s and %s, and gives them length 1', (visionName, textName) => {
    const inputs = handler().prepareLossInputs({}, { [visionName]: vision, [textName]: text });
    expect(rows(inputs.visionFeatures)).toEqual([[expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]]);
    expect(rows(inputs.textFeatures)).toEqual([[0, 1]]);
  });

  test('the first whole pair counts', () => {
    const outputs = { visionFeaturesEnhanced: text, visionFeatures: vision, textFeatures: text, embeddedImages: text };
    expect(rows(handler().prepareLossInputs({}, outputs).visionFeatures)[0]![0]).toBeCloseTo(0.6);
  });

  test('pools tokens by their mean before it gives them length 1', () => {
    const tokens = tensor([
      [
        [6, 0],
        [0, 8],
      ],
    ]); // mean [3, 4]
    const inputs = handler().prepareLossInputs({}, { visionFeatures: tokens, textFeatures: text });
    expect(rows(inputs.visionFeatures)[0]![1]).toBeCloseTo(0.8);
  });

  test('passes on match ids, labels, logits, attention, indices, similarities and a penalty', () => {
    const [labels, logits, attention] = [tensor([1n]), ones([1, 2]), ones([1, 1])];
    const batch = { match_id: ['a'], labels };
    const outputs = { vision_features: vision, text_features: text, logits, attention_weights: attention };
    const inputs = handler().prepareLossInputs(batch, outputs);
    const { matchIds, attentionWeights } = inputs;
    expect(matchIds).toEqual(['a']);
    for (const [given, passed] of [
      [labels, inputs.labels],
      [logits, inputs.logits],
      [attention, attentionWeights],
      [batch, inputs.inputs],
    ])
      expect(passed).toBe(given);
    const more = { original_idx: tensor([7n]), similarity_scores: ones([1, 1]) };
    const penalty = ones([]);
    const further = handler().prepareLossInputs({ ...batch, ...more }, { ...outputs, decor_loss: penalty });
    expect(further.indices === more.original_idx).toBe(true);
    expect(further.similarityScores === more.similarity_scores).toBe(true);
    expect(further.decorLoss === penalty).toBe(true);
    const own = { ...outputs, labels: tensor([0n]) };
    expect(handler().prepareLossInputs(batch, own).labels).toBe(own.labels); // those of the model count
  });

  test('leaves the length of features alone where it is told to, and for losses that take them as they are', () => {
    const output = { vision_features: tensor([[3, 4]]), text_features: tensor([[0, 2]]) };
    const raw = handler({ normalizesFeatures: false });
    expect(rows(raw.prepareLossInputs({}, output).visionFeatures)).toEqual([[3, 4]]);
    const losses = [
      new CLIPLoss(),
      new VICRegLoss(),
      new CombinedLoss({ primaryLoss: new CLIPLoss(), secondaryLoss: new DecorrelationLoss() }),
    ];
    expect(losses.map((loss) => takesRawFeatures(loss))).toEqual([false, true, true]);
  });

  test('features that are missing are an error, unless there are logits', () => {
    const alone = { visionFeatures: vision, pooled: text };
    expect(() => handler().prepareLossInputs({}, alone)).toThrow(
      "Cannot prepare loss inputs: expected features of both sides in the model's output, as visionFeatures and textFeatures, got keys visionFeatures, pooled",
    );
    const inputs = handler().prepareLossInputs({}, { logits: ones([1, 2]) });
    expect(inputs.visionFeatures).toBeUndefined();
    expect(() => handler().prepareLossInputs({}, vision)).toThrow(
      /expected an object of features from the model, .* got a tensor of \[/,
    );
  });
});

test('DataHandler.getPooledFeatures() refuses maps', () => {
  expect(() => handler().getPooledFeatures(ones([1, 2, 3, 4]))).toThrow(
    'Cannot pool features: expected shape [B, D] or [B, N, D], got [1, 2, 3, 4]',
  );
});

describe('DataHandler.takeReports()', () => {
  const look = (vision: Tensor, options = {}, text = randn([4, 3])) => {
    const made = handler(options);
    made.prepareLossInputs({}, { visionFeatures: vision, textFeatures: text });
    return made.takeReports();
  };
  const varied = arange(12).to('float32').mul(1.7).sin().reshape([4, 3]);

  test.each([
    ['nothing of features that vary', varied, []],
    [
      'values that are not finite',
      full([4, 3], Number.NaN),
      ["Features of vision are not finite in the epoch's first batch"],
    ],
    [
      'features that are all the same',
      ones([4, 3]),
      ['Features of vision have collapsed: their standard deviation is 0.00e+0'],
    ],
    [
      'dimensions that do not vary',
      tensor([
        [1, 2],
        [1, 3],
        [1, 5],
      ]),
      ["Features of vision do not vary in 1 of 2 dimensions of the epoch's first batch"],
    ],
    [
      'rows of zeros',
      tensor([
        [1, 2],
        [0, 0],
      ]),
      ['Features of vision have rows of zeros: with length 1 each, their mean length is 0.500'],
    ],
    ['nothing of a single row', tensor([[1, 2]]), []],
  ])('tells %s', (_what, vision, expected) => {
    expect(look(vision, {}, randn([vision.size(0), 3]))).toEqual(expected);
  });

  test('looks once an epoch, and not at all where it is told not to', () => {
    const made = handler();
    const same = { visionFeatures: ones([4, 3]), textFeatures: varied };
    made.prepareLossInputs({}, same);
    expect(made.takeReports()).toHaveLength(1);
    made.prepareLossInputs({}, same);
    expect(made.takeReports()).toEqual([]);
    made.setCurrentEpoch(1);
    made.prepareLossInputs({}, same);
    expect(made.takeReports()).toHaveLength(1);
    expect(look(ones([4, 3]), { enableDiagnostics: false })).toEqual([]);
  });
});

test('DataHandler lists every option that is wrong', () => {
  expect(() => new DataHandler({ device: 'gpu', enableDiagnostics: 1, debug: true } as never)).toThrow(
    /device: expected the name of a device.*enableDiagnostics: expected true or false.*debug: .*unknown.*model: expected a Module, got none/s,
  );
  expect(() => handler().setCurrentEpoch(-1)).toThrow('epoch: expected an integer from 0 on, got -1');
});
