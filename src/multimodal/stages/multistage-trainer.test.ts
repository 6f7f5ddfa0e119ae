import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { Dropout, Linear, Sequential, Tanh } from '../../nn/index.ts';
import { load } from '../../serial/tensors.ts';
import { arange, manualSeed, type Tensor } from '../../tensor/index.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import { CrossModalAttention } from '../models/cross-modal.ts';
import { DualEncoder } from '../models/dual-encoder.ts';
import { CrossModalStrategy } from './cross-modal-strategy.ts';
import { MultistageTrainer, type MultistageTrainerOptions } from './multistage-trainer.ts';
import { SingleModalityStrategy } from './single-modality-strategy.ts';
import type { StageConfigInput } from './stage-config.ts';
import { TrainingConfig } from './training-config.ts';

const WIDTH = 5;
const tower = () => new Sequential(new Linear(WIDTH, 6), new Tanh(), new Dropout(0.2), new Linear(6, 6));

function makeModel(): DualEncoder {
  manualSeed(3);
  return new DualEncoder({
    ...{ visionModel: tower(), textModel: tower(), projectionDim: 4 },
    crossAttention: new CrossModalAttention(4, { numHeads: 1 }),
  });
}

function loader(start: number, rows: number, options: { batchSize?: number; shuffle?: boolean; seed?: number } = {}) {
  const row = arange(start, start + rows)
    .to('float32')
    .unsqueeze(1); // [N, 1]
  const columns = arange(1, WIDTH + 1).to('float32');
  const [images, text] = [row.mul(columns).mul(0.7).sin(), row.mul(columns).mul(0.7).add(0.5).cos()];
  return new DataLoader({ dataset: new TensorDataset({ images, text }), batchSize: 4, ...options });
}

/** Three stages, of 3, 2 and 1 epochs of 4 batches. */
const stages: StageConfigInput[] = [
  {
    ...{ name: 'modality_specific_learning', epochs: 3, optimizer: { lr: 0.05 }, batchSize: 4 },
    losses: [{ name: 'contrastive_loss', params: { temperature: 0.2 } }],
    components: [
      { name: 'vision_model', freeze: true },
      { name: 'text_model', freeze: true },
    ],
  },
  {
    ...{ name: 'cross_modal_fusion', epochs: 2, optimizer: { lr: 0.02 }, batchSize: 4, gradientAccumulationSteps: 2 },
    ...{ monitorMetric: 'val_recall_at_5', monitorMode: 'max' },
    evaluationMetrics: ['val_loss', 'val_recall_at_5'],
    losses: [
      { name: 'memory_queue_contrastive_loss', params: { temperature: 0.2, queue_size: 24 } }, // half full for long
      { name: 'decorrelation_loss', weight: 0.25 },
      { name: 'simclr', weight: 0.1, params: { use_projection: true, input_dim: 4, projection_dim: 3 } }, // learns, too
    ],
  },
  {
    ...{ name: 'end_to_end_fine_tuning', epochs: 1, optimizer: { lr: 0.01 }, batchSize: 4 },
    scheduler: { minLrRatio: 0.5 },
    components: [{ name: 'text_projection', lrMultiplier: 0.1 }],
    losses: [
      { name: 'hard_negative_mining_contrastive_loss', params: { temperature: 0.1 } },
      { name: 'feature_consistency_loss', weight: 0.5, params: { distance: 'cosine' } },
    ],
  },
];

function makeTrainer(folder: string, options: Partial<MultistageTrainerOptions> = {}): MultistageTrainer {
  return new MultistageTrainer({
    model: makeModel(),
    trainDataloader: loader(0, 16, { shuffle: true, seed: 5 }),
    valDataloader: loader(40, 8),
    config: new TrainingConfig({ stages }),
    checkpointDir: folder,
    ...options,
  });
}

const stateOf = async (path: string) => {
  const { model_state_dict, optimizer_state_dicts, rng } = (await load(path)) as Record<string, never>;
  return JSON.stringify({ model_state_dict, optimizer_state_dicts, rng }, (_key, value: unknown) => {
    if (typeof (value as Tensor)?.toTypedArray === 'function')
      return Array.from((value as Tensor).toTypedArray(), Number);
    return value instanceof Map ? [...value] : value;
  });
};

/** The weights of every file that stays. */
async function bitsOf(folder: string): Promise<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pt'));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (name) => [name, await stateOf(join(folder, name))])),
  );
}

describe('MultistageTrainer', () => {
  it('trains stage after stage: folders, best weights, results, frozen parts and rates', async () => {
    const folder = temporaryFolder();
    const model = makeModel();
    const before = weightsOf(model.vision_model);
    const epochs: string[] = [];
    let rates: Record<string, number> = {};
    const spy: Callback = {
      name: 'spy',
      epochEnd: () => void epochs.push(`${trainer.currentStage![0]}${trainer.currentEpoch}`),
      optimizerStepStart: () => {
        rates = trainer.currentStrategy!.getLearningRates();
        if (trainer.currentStageIdx < 2) expect(weightsOf(model.vision_model)).toEqual(before);
      },
    };
    const trainer = makeTrainer(folder, { model, testDataloader: loader(60, 8), callbacks: [spy] });
    const result = await trainer.train();
    expect(readdirSync(folder).sort()).toEqual([
      '1_modality_specific_learning',
      '2_cross_modal_fusion',
      '3_end_to_end_fine_tuning',
      'logs',
    ]);
    expect(readdirSync(join(folder, '1_modality_specific_learning')).sort()).toEqual([
      'best_model.pt',
      'epoch_1.pt',
      'epoch_2.pt',
      'epoch_3.pt',
      'modality_specific_learning_complete.pt',
    ]);
    expect(epochs).toEqual(['m1', 'm2', 'm3', 'c1', 'c2', 'e1']);
    expect(weightsOf(model.vision_model)).not.toEqual(before);
    // Each stage's best weights are what it ends with.
    for (const [index, { stageName, bestEpoch }] of Object.entries(result.stages)) {
      const files = join(folder, `${Number(index) + 1}_${stageName}`);
      const [complete, best, chosen] = await Promise.all(
        [`${stageName}_complete.pt`, 'best_model.pt', `epoch_${bestEpoch}.pt`].map(
          async (name) => JSON.parse(await stateOf(join(files, name))).model_state_dict,
        ),
      );
      expect(complete).toEqual(best);
      expect(best).toEqual(chosen);
    }
    expect(result.stages[0]!.bestMetric).toBe(Math.min(...result.stages[0]!.history.map((each) => each['val/loss']!)));
    expect(result.stages[0]!.metrics.val_loss).toBeCloseTo(result.stages[0]!.bestMetric!, 6);
    expect(Object.keys(result.stages[1]!.metrics)).toEqual(['val_loss', 'val_recall_at_5']);
    expect(Object.keys(result.finalMetrics)).toEqual(expect.arrayContaining(['test_loss', 'test_recall@5']));
    expect(trainer.globalStep).toBe(3 * 4 + 2 * 2 + 1 * 4);
    expect(rates.text_projection! / rates.other!).toBeCloseTo(0.1, 10);
    expect(
      JSON.parse(readFileSync(join(folder, 'logs/1_modality_specific_learning/metrics.json'), 'utf8')),
    ).toHaveLength(3);
  });

  it('goes on where it stopped, wherever that was, to the same bits', async () => {
    const whole = temporaryFolder();
    const reference = makeTrainer(whole, { saveEverySteps: 2 });
    await reference.train();
    const expected = await bitsOf(whole);
    const last = weightsOf(reference.model);
    /** In which event of which stage a run ends, at the how-manieth. */
    const moments: [event: keyof Callback, stage: number, count: number][] = [
      ['batchEnd', 0, 6],
      ['close', 0, 1],
      ['batchStart', 1, 1],
      ['batchEnd', 1, 3],
      ['validationEnd', 1, 1],
      ['batchEnd', 2, 3],
      ['close', 2, 1],
    ];
    const folder = temporaryFolder();
    let trained = 0;
    const warning = (): void => {}; // that there is nothing to train
    const countBatch = (): void => {
      trained += 1;
    };
    for (const [event, stage, count] of moments) {
      let heard = 0;
      const callbacks = ({ index }: { index: number }) => {
        const end: Callback = { name: 'end', warning, batchStart: countBatch, [event]: () => { if (index === stage && ++heard === count) throw new Error('killed'); } }; // biome-ignore format: one callback
        return [end];
      };
      const moment = `${event} ${stage} ${count}`;
      // What the last process did counts: a moment that is over by now is not met.
      await makeTrainer(folder, { saveEverySteps: 2, callbacks }).train().catch((error: Error) => expect(error.message, moment).toContain('killed')); // biome-ignore format: one line
    }
    const trainer = makeTrainer(folder, {
      saveEverySteps: 2,
      callbacks: [{ name: 'end', warning, batchStart: countBatch }],
    });
    const result = await trainer.train();
    expect(weightsOf(trainer.model)).toEqual(last);
    expect(await bitsOf(folder)).toEqual(expected);
    expect(result.stages).toEqual(reference.stageResults);
    // 24 batches, and what was done since the last save when a run ended.
    expect(trained).toBeLessThanOrEqual(24 + 3 * moments.length);
    const again = makeTrainer(folder, { callbacks: [{ name: 'end', batchStart: () => expect.unreachable() }] });
    await again.train();
    expect(weightsOf(again.model)).toEqual(last);
  }, 30_000);

  it('goes on from any file of a stage, and sets aside what lay behind it', async () => {
    const folder = temporaryFolder();
    const first = makeTrainer(folder);
    await first.train();
    const last = weightsOf(first.model);
    const second = makeTrainer(folder);
    await second.loadCheckpoint(join(folder, '2_cross_modal_fusion/epoch_1.pt'));
    expect([second.currentStage, Object.keys(second.stageResults)]).toEqual(['cross_modal_fusion', ['0']]);
    await second.train();
    expect(weightsOf(second.model)).toEqual(last);
    expect(existsSync(join(folder, '3_end_to_end_fine_tuning/end_to_end_fine_tuning_complete.pt.abandoned'))).toBe(
      true,
    );
    expect(existsSync(join(folder, '1_modality_specific_learning/modality_specific_learning_complete.pt'))).toBe(true);
    await second.saveModel(join(folder, 'model.pt'));
    const { model_state_dict } = (await load(join(folder, 'model.pt'))) as { model_state_dict: Record<string, Tensor> };
    const other = makeModel();
    other.loadStateDict(model_state_dict);
    expect(weightsOf(other)).toEqual(last);
  });

  it('refuses files of a stage with other settings', async () => {
    const folder = temporaryFolder();
    const config = (epochs: number, lr: number) => new TrainingConfig({ stages: [{ ...stages[0]!, epochs, optimizer: { lr } }] }); // biome-ignore format: one line
    await makeTrainer(folder, { config: config(1, 0.1) }).train();
    await expect(makeTrainer(folder, { config: config(1, 0.2) }).train()).rejects.toThrow(
      /got one with another optimizer, in .*choose another checkpointDir/,
    );
  });

  it('takes strategies in place of a configuration, stops early, and draws what was measured', async () => {
    const folder = temporaryFolder();
    const model = makeModel();
    const trainer = new MultistageTrainer({
      ...{ model, trainDataloader: () => loader(0, 8), valDataloader: loader(40, 8), checkpointDir: folder },
      strategies: {
        first: { strategy: new SingleModalityStrategy({ model, learningRate: 1e-9, warmupSteps: 0 }), epochs: 9 },
        second: { strategy: new CrossModalStrategy({ model }), epochs: 1 },
      },
      ...{ earlyStopping: true, earlyStoppingPatience: 2, monitorMetric: 'val_alignment_score' },
      ...{ monitorMode: 'max', checkpointFrequency: 2, evaluateAfterStage: false },
      callbacks: [{ name: 'quiet', warning: () => {} }],
    });
    const { stages: results } = await trainer.train();
    expect(results[0]!.history.length).toBeLessThan(9);
    expect(results[0]!.metrics).toEqual({});
    const epochs = Math.floor(results[0]!.history.length / 2); // how many depends on the last bits
    expect(readdirSync(join(folder, '1_first')).filter((name) => name.startsWith('epoch'))).toEqual(
      Array.from({ length: epochs }, (_, i) => `epoch_${2 * (i + 1)}.pt`),
    );
    const pictures = await trainer.createVisualizations();
    expect(pictures).toEqual(expect.arrayContaining([join(folder, 'logs/1_first/loss.png')]));
  });

  it('takes the default recipe', () => {
    const config = TrainingConfig.createDefaultMultistageConfig();
    const trainer = makeTrainer(temporaryFolder(), { config, trainDataloader: () => loader(0, 8) });
    expect(trainer.checkpointDir).not.toBe(config.outputDir); // what is said goes before what a file says
  });

  it('lists everything that does not fit before anything is trained', async () => {
    const folder = temporaryFolder();
    expect(() => makeTrainer(folder, { trainDataloader: 3, seed: -1, epochs: 2 } as never)).toThrow(
      /epochs: .*unknown key.*\n.*trainDataloader: expected a loader.*\n.*seed: /,
    );
    const config = new TrainingConfig({
      stages: [
        {
          name: 'a',
          components: [{ name: 'vision_modle' }],
          optimizer: { name: 'adamz' },
          strategyParams: { queueSize: 3 },
          losses: [{ name: 'clop' }, { name: 'clip', params: { warmth: 1 } }],
        },
      ],
    });
    expect(() => makeTrainer(folder, { config, valDataloader: undefined, earlyStopping: true })).toThrow(
      /earlyStopping: expected none beside config.*\n.*stages.0.components.0.name: .*"vision_modle".*\n.*stages.0.losses.0: type: .*clop.*\n.*stages.0.losses.1: warmth: .*\n.*stages.0.optimizer.name: .*adamz.*\n.*stages.0.strategyParams: .*queueSize.*\n.*stages.0.monitorMetric: /,
    );
    expect(() => makeTrainer(folder, { config: undefined })).toThrow(
      'expected one of config and strategies, got neither',
    );
    const wrong = makeTrainer(folder, { trainDataloader: loader(0, 8, { batchSize: 2 }) });
    await expect(wrong.train()).rejects.toThrow(
      'expected batches of 4, as stage "modality_specific_learning" says, got a loader with 2',
    );
    const unknown = new TrainingConfig({ stages: [{ ...stages[0]!, monitorMetric: 'val_nothing' }] });
    await expect(makeTrainer(folder, { config: unknown }).train()).rejects.toThrow(
      /monitorMetric|monitor: expected one of .*val\/loss/,
    );
  });
});
