import { describe, expect, it } from 'vitest';
import { BertModel, bertConfig } from '../../models/index.ts';
import { Linear, Module, ReLU, Sequential } from '../../nn/index.ts';
import { manualSeed, rand, randn, type Tensor, tensor } from '../../tensor/index.ts';
import { CrossModalAttention, FusionModule } from './cross-modal.ts';
import { DualEncoder } from './dual-encoder.ts';
import { SmallTextModel, SmallVisionModel } from './small-towers.ts';

const words = tensor([
  [4n, 7n, 0n],
  [5n, 0n, 0n],
  [0n, 0n, 0n],
]);

const small = () => ({
  visionModel: new SmallVisionModel({ dim: 8 }),
  textModel: new SmallTextModel({ vocabularySize: 10, dim: 8 }),
  projectionDim: 8,
});

const largestGap = (one: Tensor, other: Tensor): number => one.sub(other).abs().max().item() as number;

describe('DualEncoder', () => {
  it('names its parts as the state keys of the documents', () => {
    const model = new DualEncoder({
      ...small(),
      crossAttention: new CrossModalAttention(8),
      fusionModule: new FusionModule(8),
    });
    expect([...new Set(Object.keys(model.stateDict()).map((key) => key.split('.')[0]))]).toEqual([
      'vision_model',
      'text_model',
      'vision_projection',
      'text_projection',
      'cross_attention',
      'fusion_module',
    ]);
  });

  it('pools tokens to their mean, without the places where there is no word', () => {
    const model = new DualEncoder(small());
    const { textFeatures } = model.forward({ textData: words });
    const { lastHiddenState } = (model.text_model as SmallTextModel).forward(words);
    const projection = model.text_projection as Linear;
    const byHand = projection.forward(
      lastHiddenState
        .select(0, 0)
        .narrow(0, 0, 2)
        .mean({ dim: [0] }),
    );
    expect(largestGap(textFeatures!.select(0, 0), byHand)).toBeLessThan(1e-6);
    // No word at all: the projection of nothing.
    expect(largestGap(textFeatures!.select(0, 2), projection.bias!)).toBeLessThan(1e-6);
  });

  it('takes the first token instead where asked to', () => {
    const model = new DualEncoder({ ...small(), pooling: 'first' });
    const images = rand([2, 3, 8, 8]);
    const tokens = (model.vision_model as SmallVisionModel).forward(images);
    const byHand = (model.vision_projection as Linear).forward(tokens.select(1, 0));
    expect(model.encodeImages(images).equal(byHand)).toBe(true);
  });

  it('takes any modules, with vectors or maps', () => {
    class Maps extends Module {
      forward(images: Tensor): Tensor {
        return images;
      }
    }
    const model = new DualEncoder({
      visionModel: new Maps(),
      visionDim: 3,
      textModel: new Sequential(new Linear(5, 6), new ReLU()),
    });
    const images = rand([2, 3, 4, 4]);
    const byHand = (model.vision_projection as Linear).forward(images.mean({ dim: [2, 3] }));
    expect(largestGap(model.encodeImages(images), byHand)).toBeLessThan(1e-6);
    expect(model.encodeText(randn([2, 5])).shape).toEqual([2, 64]);
  });

  it('gives a model of sconce/models its ids and its mask', () => {
    manualSeed(3);
    const sizes = {
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 8,
      vocab_size: 10,
    };
    const model = new DualEncoder({ textModel: new BertModel(bertConfig(sizes)) }).eval() as DualEncoder;
    const inputIds = tensor([[1n, 2n, 3n, 0n]]);
    const masked = model.encodeText({ input_ids: inputIds, attention_mask: tensor([[1n, 1n, 1n, 0n]]) });
    const shorter = model.encodeText({ inputIds: tensor([[1n, 2n, 3n]]) });
    expect(largestGap(masked, shorter)).toBeLessThan(1e-5);
  });

  it('enhances features of both modalities with parts for it, unless told not to', () => {
    manualSeed(1);
    const model = new DualEncoder({
      ...small(),
      crossAttention: new CrossModalAttention(8, { numHeads: 2 }),
      fusionModule: new FusionModule(8),
    });
    const images = rand([3, 3, 8, 8]);
    const output = model.forward({ images, textData: words });
    expect(output.visionFeaturesEnhanced!.shape).toEqual([3, 8]);
    expect(output.textFeaturesEnhanced!.isfinite().all().item()).toBeTruthy();
    const plain = model.forward({ images, textData: words, enableCrossAttention: false });
    expect(Object.keys(plain)).toEqual(['visionFeatures', 'textFeatures']);
    expect(plain.visionFeatures!.equal(output.visionFeatures!)).toBe(true);
    expect(Object.keys(model.forward({ images }))).toEqual(['visionFeatures']);
    // Enhanced features are of the pair: another text, other features of the picture.
    const other = model.forward({ images, textData: words.flip([0]) });
    expect(other.visionFeatures!.equal(output.visionFeatures!)).toBe(true);
    expect(largestGap(other.visionFeaturesEnhanced!, output.visionFeaturesEnhanced!)).toBeGreaterThan(1e-4);
  });

  it('can be copied', () => {
    const model = new DualEncoder({ ...small(), fusionModule: new FusionModule(8) });
    const inputs = { images: rand([3, 3, 8, 8]), textData: words };
    const copy = model.deepCopy();
    expect(copy.forward(inputs).textFeaturesEnhanced!.equal(model.forward(inputs).textFeaturesEnhanced!)).toBe(true);
  });

  it('lists every option that does not fit', () => {
    const wrong = { visionModel: 3, projectionDim: 0, pooling: 'last', crossAttention: 'yes' };
    expect(() => new DualEncoder(wrong as never)).toThrow(/visionModel.*crossAttention.*projectionDim.*pooling/s);
    class Unknown extends Module {
      forward(input: Tensor): Tensor {
        return input;
      }
    }
    expect(() => new DualEncoder({ textModel: new Unknown() })).toThrow(/textDim: expected the width of its features/);
    expect(() => new DualEncoder({ dim: 8 } as never)).toThrow(/dim/);
    expect(() => new DualEncoder().forward({})).toThrow('expected images, textData or both, got neither');
    const scalar = new DualEncoder({ textModel: new Unknown(), textDim: 4 });
    expect(() => scalar.encodeText(tensor(1))).toThrow(/Cannot run text_model: expected features \[B, D\]/);
  });
});

describe('CrossModalAttention', () => {
  it('does not look at tokens that the mask leaves out, and keeps a row whose other side is empty', () => {
    manualSeed(2);
    const attention = new CrossModalAttention(8, { numHeads: 2 });
    const [vision, text] = [randn([2, 3, 8]), randn([2, 4, 8])];
    const textMask = tensor([
      [true, true, false, false],
      [false, false, false, false],
    ]);
    const [masked] = attention.forward(vision, text, { textMask });
    const [cut] = attention.forward(vision, text.narrow(1, 0, 2));
    expect(largestGap(masked.select(0, 0), cut.select(0, 0))).toBeLessThan(1e-5);
    expect(largestGap(masked.select(0, 1), attention.vision_norm.forward(vision.select(0, 1)))).toBeLessThan(1e-6);
  });
});
