import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../trainer/testing/tiny.ts';
import { TrainingConfig } from './training-config.ts';

const recipe = new URL('../../../docs/multimodal-stages.yaml', import.meta.url).pathname;

describe('TrainingConfig', () => {
  it("has multimodal_insight_engine's defaults", () => {
    expect(new TrainingConfig({ stages: [{ name: 'a' }] }).toDict()).toEqual({
      project_name: 'MultiModal_Insight_Engine',
      output_dir: 'outputs',
      seed: 42,
      stages: [
        {
          name: 'a',
          strategy_params: {},
          losses: [],
          epochs: 10,
          batch_size: 32,
          optimizer: { name: 'adamw', lr: 1e-4, weight_decay: 0.01, betas: [0.9, 0.999], eps: 1e-8 },
          scheduler: { name: 'warmup_cosine', warmup_steps: 500, warmup_ratio: 0.1, min_lr_ratio: 0 },
          components: [],
          early_stopping: true,
          patience: 5,
          evaluation_metrics: ['val_loss'],
          monitor_metric: 'val_loss',
          monitor_mode: 'min',
          clip_grad_norm: 1,
          mixed_precision: true,
          gradient_accumulation_steps: 1,
        },
      ],
      data_config: {},
      model_config: {},
    });
  });

  it('reads the recipe of the guide, which is the default one', async () => {
    const config = await TrainingConfig.load(recipe);
    expect(config).toEqual(TrainingConfig.createDefaultMultistageConfig());
    expect(config.stages.map(({ name, epochs, batchSize, optimizer }) => [name, epochs, batchSize, optimizer.lr])).toEqual([['modality_specific_learning', 5, 64, 5e-5], ['cross_modal_fusion', 8, 64, 1e-4], ['end_to_end_fine_tuning', 10, 32, 5e-6]]); // biome-ignore format: a table
  });

  it.each(['yaml', 'yml', 'json'])('comes back from a .%s file as it was', async (ending) => {
    const config = new TrainingConfig({
      projectName: 'costs $5, $' + '{HOME}', // no variable
      stages: [
        {
          name: 'one',
          strategy: 'cross_modal',
          clipGradNorm: null,
          losses: [{ name: 'infonce', params: { queue_size: 8, labelSmoothing: 0.1 } }],
          components: [{ name: 'text_model', freeze: true }],
        },
        { name: 'two', epochs: 3 },
      ],
      modelConfig: { visionModel: 'vit', text_model: 'bert' },
    });
    const path = join(temporaryFolder(), 'deep', `training.${ending}`);
    await config.save(path);
    expect(await TrainingConfig.load(path)).toEqual(config);
    expect(TrainingConfig.fromDict(config.toDict())).toEqual(config);
    if (ending === 'json') expect(JSON.parse(readFileSync(path, 'utf8')).stages[0].clip_grad_norm).toBeNull();
  });

  it('takes both spellings in one file, and null for no clipping alone', async () => {
    const path = join(temporaryFolder(), 'training.yaml');
    writeFileSync(path, 'stages:\n  - { name: a, batchSize: 8, clip_grad_norm: null, patience: null }\n');
    const { stages } = await TrainingConfig.load(path);
    expect(stages[0]).toMatchObject({ batchSize: 8, clipGradNorm: null, patience: 5 });
  });

  it('lists every problem with its place in the file', async () => {
    const path = join(temporaryFolder(), 'training.yaml');
    writeFileSync(
      path,
      [
        'seed: many',
        'stages:',
        '  - name: a',
        '    epoch: 3',
        '    losses: [{ name: clip, weight: -1 }]',
        '    optimizer: { lr: 0, betas: [0.9, 1] }',
        '  - name: b/c',
        '    monitor_mode: least',
        '    components: [{ freeze: true }]',
      ].join('\n'),
    );
    const error: Error = await TrainingConfig.load(path).catch((thrown) => thrown);
    const lines = error.message.replaceAll(path, 'training.yaml').split('\n');
    expect(lines.slice(1).map((line) => line.replace(/^ +- /, ''))).toEqual([
      'training.yaml:1:1: seed: expected an integer from 0 on, got "many"',
      'training.yaml:4:5: stages.0.epoch: expected a known key, got an unknown key; did you mean epochs?',
      'training.yaml:5:28: stages.0.losses.0.weight: expected a number from 0 on, got -1',
      'training.yaml:6:18: stages.0.optimizer.lr: expected a number above 0, got 0',
      'training.yaml:6:38: stages.0.optimizer.betas.1: expected two numbers from 0 on and below 1, got 1',
      'training.yaml:7:5: stages.1.name: expected a text of at most 200 letters without \'/\', which names a folder, got "b/c"',
      'training.yaml:8:5: stages.1.monitor_mode: expected one of min, max, got "least"',
      'training.yaml:9:18: stages.1.components.0.name: expected a text that is not empty, got none',
    ]);
  });

  it('refuses names that come twice, and files of another kind', async () => {
    const stages = [{ name: 'a', losses: [{ name: 'x' }, { name: 'x' }] }, { name: 'a' }, { name: 'b.pt' }];
    expect(() => new TrainingConfig({ stages })).toThrow(
      /stages.1.name: .*"a" for the second time\n.*stages.0.losses.1.name: .* got "x" for the second time\n.*stages.2.name/,
    );
    expect(() => new TrainingConfig(3 as never)).toThrow('expected an object, got 3');
    await expect(TrainingConfig.load('training.toml')).rejects.toThrow('.yaml, .yml or .json, got "training.toml"');
    await expect(TrainingConfig.load('nowhere.yaml')).rejects.toThrow('expected a configuration file, got none');
    await expect(new TrainingConfig().save('training.ini')).rejects.toThrow('got "training.ini"');
  });
});
