// Losses by name, and the ones that a training's arguments ask for.
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { Linear, ModuleDict } from '../../nn/index.ts';
import { randn } from '../../tensor/index.ts';
import type { CombinedLoss } from './combined-loss.ts';
import { createLossFunction } from './create-loss-function.ts';
import { type LossSpec, lossAliases, lossClasses, makeLoss, nameOfLoss } from './make-loss.ts';
import type { MoCoLoss } from './moco-loss.ts';

const fields = (loss: object, ...names: string[]): unknown[] => names.map((name) => Reflect.get(loss, name));

describe('makeLoss()', () => {
  test('takes every class with and without Loss, in other spellings, and the names of multimodal_insight_engine', () => {
    for (const name of Object.keys(lossClasses)) {
      expect(nameOfLoss(name)).toBe(name);
      expect(nameOfLoss(name.replace(/Loss$/, '').toLowerCase())).toBe(name);
    }
    for (const [alias, name] of Object.entries(lossAliases)) expect(nameOfLoss(alias)).toBe(name);
    expect(nameOfLoss('nt-xent')).toBe('NTXentLoss');
    expect(makeLoss('memory_queue').constructor.name).toBe('MoCoLoss');
  });

  test('gives options in either spelling to the class, which checks them', () => {
    const loss = makeLoss({ type: 'clip', label_smoothing: 0.1, learnableTemperature: true });
    expect(fields(loss, 'labelSmoothing')).toEqual([0.1]);
    expect([...loss.namedParameters()].map(([name]) => name)).toEqual(['logit_scale']);
    const mixed = makeLoss({ type: 'mixed', loss_weights: { infonce: 1, nt_xent: 0.25 } });
    expect(fields(mixed, 'lossWeights')).toEqual([expect.objectContaining({ infonce: 1, ntXent: 0.25 })]);
    expect(() => makeLoss({ type: 'clip', smoothing: 1 })).toThrow(ConfigError);
    expect(() => makeLoss('clop')).toThrow(
      /^Cannot make a loss: type: expected one of InfoNCE, .*, got "clop"; did you mean CLIP\?$/,
    );
    expect(() => makeLoss({ type: 3 } as never as LossSpec)).toThrow('expected the name of a loss, got 3');
  });

  test('makes losses inside of losses, and finds modules of the model', () => {
    const combined = makeLoss({
      type: 'combined',
      primary_loss: { type: 'siglip', temperature: 0.5 },
      secondary_loss: 'vicreg',
    }) as CombinedLoss;
    expect([combined.primary_loss, combined.secondary_loss].map((each) => each!.constructor.name)).toEqual([
      'SigLIPLoss',
      'VICRegLoss',
    ]);
    const tasks = makeLoss({
      type: 'multitask',
      loss_functions: { match: 'clip', class: { type: 'cross_entropy', smoothing: 0 } },
    });
    expect(fields(Reflect.get(tasks, 'loss_functions').get('class'), 'smoothing')).toEqual([0]);
    const model = new ModuleDict({ vision: new Linear(4, 8), text: new Linear(3, 8) });
    const moco = makeLoss({ type: 'ema_moco', dim: 8, K: 16, vision_encoder: 'vision', text_encoder: 'text' }, model);
    expect(Object.keys(moco.stateDict())).toContain('vision_key_encoder.weight');
    const whole = makeLoss({ type: 'ema_moco', dim: 8, K: 16 }, model);
    expect(Object.keys(whole.stateDict())).toContain('key_model.vision.weight');
    expect(
      Object.keys(makeLoss('feature_consistency', model).stateDict()).some((key) => key.endsWith('vision.weight')),
    ).toBe(true);
    expect(() => makeLoss({ type: 'ema_moco', visionEncoder: 'image', textEncoder: 'text' }, model)).toThrow(
      'visionEncoder: expected a module of the model, as vision, text, got "image"',
    );
    expect(() => makeLoss({ type: 'ema_moco', visionEncoder: 'vision', textEncoder: 'text' })).toThrow(
      'expected a model',
    );
  });
});

describe('createLossFunction()', () => {
  const queueOf = (datasetSize?: number): number =>
    (createLossFunction({ lossType: 'memory_queue', fusionDim: 4 }, { datasetSize }) as MoCoLoss).queue.size;

  test('has a queue that follows the size of the data', () => {
    expect([undefined, 1000, 1001, 5000, 5001, 10_000, 10_001].map(queueOf)).toEqual([
      8192, 2048, 4096, 4096, 8192, 8192, 16_384,
    ]);
    const own = createLossFunction({ loss_type: 'memory_queue', fusion_dim: 4, queue_size: 32, temperature: 0.1 });
    expect(fields(own, 'temperature')[0]).toBeCloseTo(0.11, 12);
  });

  test('samples negatives and scales the temperature by the sizes of data and batch', () => {
    const contrastive = (batchSize: number, datasetSize?: number) =>
      fields(
        createLossFunction({ batchSize, temperature: 1, fusionDim: 4 }, { datasetSize }),
        'samplingStrategy',
        'temperature',
      );
    expect(contrastive(32)).toEqual(['memory-bank', 1]);
    expect(contrastive(32, 999)).toEqual(['global', 1.05]);
    expect(contrastive(32, 9999)).toEqual(['memory-bank', 1]);
    expect([32, 64, 128].map((batchSize) => contrastive(batchSize, 10_000))).toEqual([
      ['in-batch', 0.85],
      ['in-batch', 0.9],
      ['in-batch', 0.95],
    ]);
  });

  test('mines as the size of the batch asks for', () => {
    const mined = (args: object) =>
      fields(createLossFunction({ lossType: 'hard_negative', ...args }), 'miningStrategy', 'hardNegativeFactor');
    expect(mined({ batchSize: 16 })).toEqual(['semi-hard', 3]);
    expect(mined({ batchSize: 32 })).toEqual(['hard', 2]);
    expect(mined({ batchSize: 16, miningStrategy: 'hard', hardNegativeFactor: 5 })).toEqual(['hard', 5]);
  });

  test('makes every type, which gives a loss', () => {
    const types = [
      'contrastive',
      'simple',
      'mixed',
      'barlow_twins',
      'vicreg',
      'memory_queue',
      'dynamic_temp',
      'hard_negative',
      'decoupled',
      'combined',
    ];
    const names = types.map((lossType) => {
      const loss = createLossFunction({ lossType, fusionDim: 6, queueSize: 8, memoryBankSize: 8 });
      const inputs = { visionFeatures: randn([4, 6]), textFeatures: randn([4, 6]) };
      expect(Number.isFinite(loss.forward(inputs).loss.item())).toBe(true);
      return loss.constructor.name.replace(/Loss$/, '');
    });
    expect(names).toEqual([
      'SimCLR',
      'SimpleContrastive',
      'MixedMultimodal',
      'BarlowTwins',
      'VICReg',
      'MoCo',
      'DynamicTemperature',
      'HardNegative',
      'Decoupled',
      'Combined',
    ]);
    expect(createLossFunction({ useSimpleModel: true }).constructor.name).toBe('SimpleContrastiveLoss');
    const fixed = {
      lossType: 'vicreg',
      useContrastivePretrain: true,
      adaptiveTransition: false,
      minAlignmentThreshold: 0.3,
    };
    expect(createLossFunction(fixed).constructor.name).toBe('HybridPretrainVICRegLoss');
    expect(createLossFunction({ lossType: 'vicreg', useContrastivePretrain: true }).constructor.name).toBe(
      'HybridPretrainVICRegLoss',
    );
  });

  test('refuses what it does not know, all at once', () => {
    expect(() => createLossFunction({ lossType: 'clip', temperature: 0, weight: 1 })).toThrow(
      /lossType: expected one of "contrastive"[\s\S]*temperature: expected a number above 0, got 0[\s\S]*weight: expected one of/,
    );
  });
});
