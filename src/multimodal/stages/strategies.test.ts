import { describe, expect, it } from 'vitest';
import { GELU, Linear, Module, Sequential } from '../../nn/index.ts';
import { manualSeed, randn, type Tensor, tensor } from '../../tensor/index.ts';
import { featuresOf } from '../batches/features.ts';
import { CrossModalAttention, FusionModule } from '../models/cross-modal.ts';
import { DualEncoder } from '../models/dual-encoder.ts';
import { CrossModalStrategy } from './cross-modal-strategy.ts';
import { EndToEndStrategy } from './end-to-end-strategy.ts';
import { SingleModalityStrategy } from './single-modality-strategy.ts';
import { alignmentOf } from './strategy-metrics.ts';
import { topLayers } from './training-strategy.ts';

const tower = (): Sequential => new Sequential(new Linear(4, 6), new GELU(), new Linear(6, 6), new Linear(6, 6));

function model(): DualEncoder {
  manualSeed(1);
  return new DualEncoder({
    ...{ visionModel: tower(), textModel: tower(), projectionDim: 8 },
    ...{ crossAttention: new CrossModalAttention(8, { numHeads: 2 }), fusionModule: new FusionModule(8) },
  });
}

const batch = () => ({ image: randn([5, 4]), text: randn([5, 4]), match_id: ['a', 'b', 'c', 'a', 'e'] });

/** The parts of a model that are trained. */
const trained = (of: Module): string[] => [
  ...new Set([...of.namedParameters()].flatMap(([name, each]) => (each.requiresGrad ? [name.split('.')[0]!] : []))),
];

describe('SingleModalityStrategy', () => {
  it('does nothing to the model before it is initialised, and then trains the projections alone', () => {
    const of = model();
    const strategy = new SingleModalityStrategy({ model: of });
    expect(trained(of)).toHaveLength(6);
    strategy.initializeStrategy();
    expect(trained(of)).toEqual(['vision_projection', 'text_projection']);
    expect(strategy.parameterStatus().text_projection).toEqual({ trainable: 56, frozen: 0, total: 56 });
    expect(strategy.parameterStatus().fusion_module!.trainable).toBe(0);
  });

  it('gives each part its rate, and lets every rate end at the same share of its own', () => {
    const strategy = new SingleModalityStrategy({ model: model(), learningRate: 0.1, warmupSteps: 2, totalSteps: 10 });
    strategy.initializeStrategy();
    const first = strategy.getLearningRates();
    for (const [name, factor] of Object.entries({
      vision_model: 0.01,
      text_model: 0.01,
      projection_layers: 1,
      other: 0.1,
    }))
      expect(first[name]).toBeCloseTo(0.1 * factor * (0.1 + 0.9 / 2), 12); // the warm-up's first step
    for (let step = 0; step < 10; step++) strategy.scheduler!.step();
    expect(strategy.getLearningRates().vision_model).toBeCloseTo(1e-5, 12);
    expect(strategy.getLearningRates().projection_layers).toBeCloseTo(1e-3, 12);
  });

  it('trains top layers where asked to, at once or one after the other', () => {
    const of = model();
    new SingleModalityStrategy({ model: of, unfreezeTopLayers: true, unfreezeLayerCount: 1 }).initializeStrategy();
    const isTrained = (name: string) => of.getParameter(name).requiresGrad;
    expect(['vision_model.3.weight', 'vision_model.2.weight', 'text_model.3.bias'].map(isTrained)).toEqual([
      true,
      false,
      true,
    ]);
    const other = model();
    const strategy = new SingleModalityStrategy({ model: other, progressiveUnfreezing: true, unfreezingInterval: 2 });
    strategy.initializeStrategy();
    strategy.onEpochStart(1);
    expect(other.getParameter('vision_model.3.weight').requiresGrad).toBe(false);
    strategy.onEpochStart(4);
    expect(
      ['vision_model.3.weight', 'vision_model.2.weight', 'vision_model.0.weight'].map(
        (name) => other.getParameter(name).requiresGrad,
      ),
    ).toEqual([true, true, false]);
    // What is unfrozen later is in the optimizer from the start.
    expect(strategy.optimizer!.parameters()).toContain(other.getParameter('vision_model.3.weight'));
  });

  it('does not let the modalities see each other', () => {
    const strategy = new SingleModalityStrategy({ model: model() });
    strategy.initializeStrategy();
    const output = strategy.trainingStep(batch());
    output.loss.backward();
    expect(strategy.model.getParameter('vision_projection.weight').grad).toBeDefined();
    expect(strategy.model.getParameter('fusion_module.joint.weight').grad).toBeUndefined();
  });
});

describe('CrossModalStrategy', () => {
  it('trains what joins the modalities and the projections', () => {
    const strategy = new CrossModalStrategy({ model: model() });
    strategy.initializeStrategy();
    expect(trained(strategy.model)).toEqual([
      'vision_projection',
      'text_projection',
      'cross_attention',
      'fusion_module',
    ]);
    const output = strategy.trainingStep(batch());
    output.loss.backward();
    expect(strategy.model.getParameter('fusion_module.joint.weight').grad).toBeDefined();
    expect(strategy.model.getParameter('vision_model.0.weight').grad).toBeUndefined();
    expect(Object.keys(strategy.getLearningRates())).toEqual([
      'vision_model',
      'text_model',
      'cross_modal_components',
      'projection_layers',
      ...(strategy.getLearningRates().loss === undefined ? [] : ['loss']),
    ]);
  });

  it('leaves layers of towers frozen whose names are like those of projections', () => {
    class Tower extends Module {
      readonly projection = new Linear(4, 6);
      readonly outFeatures = 6;
      forward(input: Tensor): Tensor {
        return this.projection.forward(input);
      }
    }
    const of = new DualEncoder({ visionModel: new Tower(), textModel: new Tower(), projectionDim: 8 });
    new CrossModalStrategy({ model: of }).initializeStrategy();
    expect(of.getParameter('vision_model.projection.weight').requiresGrad).toBe(false);
    expect(of.getParameter('vision_projection.weight').requiresGrad).toBe(true);
  });
});

describe('EndToEndStrategy', () => {
  it('trains everything, whatever was frozen before', () => {
    const of = model();
    new SingleModalityStrategy({ model: of }).initializeStrategy();
    const strategy = new EndToEndStrategy({ model: of, learningRate: 1, warmupSteps: 1 });
    strategy.initializeStrategy();
    expect(trained(of)).toHaveLength(6);
    expect(strategy.getLearningRates()).toMatchObject({
      vision_model: expect.closeTo(0.005, 12),
      cross_modal_components: 0.1,
      projection_layers: 0.5,
    });
  });
});

describe('TrainingStrategy', () => {
  it('takes its parts where they are given, and any loss', () => {
    const of = model();
    const given = new EndToEndStrategy({ model: of });
    given.initializeStrategy();
    const strategy = new CrossModalStrategy({ model: of, optimizer: given.optimizer, lossFn: given.lossFn });
    strategy.initializeStrategy();
    expect(strategy.optimizer).toBe(given.optimizer);
    expect(strategy.lossFn).toBe(given.lossFn);
    expect(strategy.scheduler).toBeUndefined(); // that of an optimizer of one's own is one's own
  });

  it('freezes and unfreezes by parts of names', () => {
    const strategy = new EndToEndStrategy({ model: model() });
    expect(strategy.freezeParameters(['projection'])).toBe(4);
    expect(trained(strategy.model)).not.toContain('text_projection');
    expect(strategy.unfreezeParameters(['vision_proj'])).toBe(2);
    expect(trained(strategy.model)).toContain('vision_projection');
    expect(strategy.freezeParameters(['nothing of that name'])).toBe(0);
  });

  it('validates with what a monitor may ask for, and hands the features over', () => {
    const strategy = new EndToEndStrategy({ model: model() });
    strategy.initializeStrategy();
    const output = strategy.validationStep(batch());
    expect(Object.keys(output)).toEqual(
      expect.arrayContaining(['loss', 'alignment_score', 'recall@1', 'recall@5', 'recall@10', 'top1_accuracy']),
    );
    expect(featuresOf(output)!.vision.shape).toEqual([5, 8]);
  });

  it('refuses settings that it does not know, a step without a loss, and numbers that are none', () => {
    const of = model();
    expect(() => new EndToEndStrategy({ model: of, queueSize: 3, warmupSteps: 0.5 } as never)).toThrow(
      /queueSize: .*unknown key.*\n.*warmupSteps: expected an integer from 0 on, got 0.5/,
    );
    expect(() => new EndToEndStrategy({ model: of }).trainingStep(batch())).toThrow('call initializeStrategy() first');
    expect(() => new SingleModalityStrategy({ model: of, lossType: 'triplet' as never })).toThrow(
      'lossType: expected one of contrastive, vicreg',
    );
  });
});

describe('alignmentOf()', () => {
  it('counts an image as found whose text is among the k most similar, by ids', () => {
    const vision: [number, number][] = [[1, 0], [0, 1], [1, 1]]; // biome-ignore format: a matrix
    const text: [number, number][] = [[0.2, 1], [0, 2], [1, 0]]; // biome-ignore format: a matrix
    const [visionFeatures, textFeatures] = [tensor(vision), tensor(text)]; // the first image is most like the third text
    const cosine = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) =>
      (a * c + b * d) / Math.hypot(a, b) / Math.hypot(c, d);
    const all = vision.flatMap((image) => text.map((each) => cosine(image, each)));
    const read = (matchIds?: readonly string[]) =>
      Object.fromEntries(
        Object.entries(alignmentOf({ visionFeatures, textFeatures, matchIds })).map(([name, value]) => [
          name,
          value.item() as number,
        ]),
      );
    const plain = read();
    expect(plain['recall@1']).toBeCloseTo(1 / 3, 6); // the second alone
    expect(plain['recall@5']).toBe(1);
    expect(plain.diag_similarity).toBeCloseTo((all[0]! + all[4]! + all[8]!) / 3, 6);
    expect(plain.mean_similarity).toBeCloseTo(all.reduce((sum, each) => sum + each) / 9, 6);
    expect(plain.alignment_gap).toBeCloseTo(plain.diag_similarity! - plain.mean_similarity!, 6);
    expect(read(['a', 'b', 'a']).top1_accuracy).toBe(1); // the third text is the first image's, too
    expect(alignmentOf({ visionFeatures })).toEqual({});
  });
});

describe('topLayers()', () => {
  it('finds the last modules of the longest list of a tower, whatever its name', () => {
    class Deep extends Module {
      readonly vision_model = new Sequential(
        new Sequential(...Array.from({ length: 11 }, () => new Linear(1, 1))),
        new Linear(1, 1),
      );
      forward(): void {}
    }
    expect(topLayers(new Deep(), ['vision_model', 'text_model'], 2)).toEqual([
      'vision_model.0.9.',
      'vision_model.0.10.',
    ]);
  });
});
