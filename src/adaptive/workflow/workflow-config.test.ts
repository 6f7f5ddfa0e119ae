// A workflow's configuration: defaults, files both ways, everything wrong at once with its place, and what it becomes for `sconce train`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { WorkflowConfig } from './workflow-config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-workflow-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const problemsOf = async (make: () => unknown): Promise<readonly string[]> => {
  try {
    await make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('WorkflowConfig', () => {
  test('the defaults are those of adaptiveneuralnetwork', () => {
    expect(new WorkflowConfig().toDict()).toEqual({
      dataset: {
        ...{ name: 'mnist', data_path: null, batch_size: 64, num_workers: 4, shuffle: true, seed: 42 },
        ...{ train_split: 0.8, val_split: 0.1, test_split: 0.1, augmentation: false, augmentation_params: {} },
      },
      model: {
        ...{ name: 'adaptive', input_dim: 784, hidden_dim: 128, output_dim: 10, num_nodes: 64, dropout: 0.1 },
        ...{ activation: 'relu', model_params: {} },
      },
      optimizer: {
        ...{ name: 'adam', learning_rate: 1e-3, weight_decay: 1e-4, momentum: 0.9, betas: [0.9, 0.999], eps: 1e-8 },
        ...{ scheduler: null, scheduler_params: {} },
      },
      training: {
        ...{ epochs: 10, max_steps: null, gradient_accumulation_steps: 1, max_grad_norm: 1, use_amp: false },
        ...{ checkpoint_dir: 'checkpoints', save_every_n_epochs: 1, keep_last_n_checkpoints: 3 },
        ...{ log_every_n_steps: 10, log_dir: 'logs', verbose: false, device: 'cuda', seed: 42 },
        ...{ early_stopping: false, early_stopping_patience: 5, early_stopping_metric: 'val_loss' },
      },
      evaluation: { metrics: ['accuracy', 'loss'], batch_size: 128, save_predictions: false, output_dir: 'outputs' },
    });
  });

  test('goes to files of YAML and JSON and comes back, in either spelling, dollar signs and all', async () => {
    const config = new WorkflowConfig({
      dataset: { name: 'csv', dataPath: ['a/$', '{b}.csv'].join(''), datasetParams: { target: 'kind' } },
      optimizer: { scheduler: 'cosine', schedulerParams: { T_max: 10, eta_min: 1e-6 } },
      training: { maxSteps: 7 },
    });
    for (const name of ['new/workflow.yaml', 'new/workflow.json']) {
      const path = join(folder, name);
      await (name.endsWith('json') ? config.toJson(path) : config.toYaml(path));
      const again = await (name.endsWith('json') ? WorkflowConfig.fromJson(path) : WorkflowConfig.fromYaml(path));
      expect(again).toEqual(config);
    }
    expect(readFileSync(join(folder, 'new/workflow.yaml'), 'utf8')).toContain('dataset_params:');
    expect(WorkflowConfig.fromDict(config.toDict())).toEqual(config);
    expect(config.update({ training: { epochs: 2, max_steps: 3 } as never }).training).toMatchObject({
      epochs: 2,
      maxSteps: 3,
    });
    expect(config.training.epochs).toBe(10);
    expect(await problemsOf(() => config.update({ training: { epochs: 0 }, evaluate: {} } as never))).toHaveLength(2);
  });

  test('everything that is wrong with a file is said at once, with its line, its column and the nearest name', async () => {
    const path = file(
      'wrong.yaml',
      `dataset:
  name: fashion_mnst
  train_split: 0.9
  batchsize: 32
model:
  name: adaptive
  activation: gelu
  model_params: { use_attention: true, num_layers: 3, energy_decai: 0.1 }
optimizer:
  name: adm
  scheduler: step
  scheduler_params: { step_siz: 5, gamma: 0.5 }
training:
  epochs: "3"
  device: gpu
  early_stopping_metric: val_f1
evaluation:
  metrics: [accuracy, f2]
`,
    );
    const problems = (await problemsOf(() => WorkflowConfig.fromYaml(path))).map((line) =>
      line.replace(`${folder}/`, ''),
    );
    expect(problems).toEqual([
      'wrong.yaml:2:3: dataset.name: expected one of mnist, fashion_mnist, digits, synthetic, csv, annomi, mental_health, vr_driving, autvi, digakust, got "fashion_mnst"; did you mean fashion_mnist?',
      'wrong.yaml:3:3: dataset.train_split: expected shares that add up to 1 with val_split and test_split, got 0.9 + 0.1 + 0.1 = 1.1',
      'wrong.yaml:4:3: dataset.batchsize: expected a known key, got an unknown key; did you mean batch_size?',
      'wrong.yaml:7:3: model.activation: expected nothing beside the model "adaptive", which has none, got "gelu"; leave it out',
      'wrong.yaml:8:19: model.model_params.use_attention: expected nothing beside "adaptive", got true; no equation of the network has attention',
      'wrong.yaml:8:40: model.model_params.num_layers: expected nothing beside "adaptive", got 3; the network is one layer of nodes; give it more of them by num_nodes',
      'wrong.yaml:8:55: model.model_params.energy_decai: expected a known key, got an unknown key; did you mean energyDecay?',
      expect.stringMatching(
        /^wrong.yaml:10:3: optimizer.name: expected one of adam, .*, got "adm"; did you mean adam\?$/,
      ),
      expect.stringMatching(
        /^wrong.yaml:12:23: optimizer.scheduler_params.step_siz: expected .*; did you mean stepSize\?$/,
      ),
      'wrong.yaml:14:3: training.epochs: expected an integer above 0, got "3"; write 3, without quotation marks',
      'wrong.yaml:15:3: training.device: expected cpu, cuda or cuda with a number, as cuda:1, got "gpu"',
      'wrong.yaml:16:3: training.early_stopping_metric: expected one of val_loss, val_accuracy, val_f2, got "val_f1"; did you mean val_f2?',
      'wrong.yaml:18:23: evaluation.metrics.1: expected one of loss, accuracy, precision, recall, f1, auroc, average_precision, got "f2"; did you mean f1?',
    ]);
  });

  test('data sets that cannot be read are refused with what to do in their place', async () => {
    for (const [name, way] of [
      ['cifar10', 'write its pictures as files in folders'],
      ['pos_tagging', 'train it by a program'],
    ] as const)
      expect(await problemsOf(() => new WorkflowConfig({ dataset: { name } }))).toEqual([
        expect.stringMatching(new RegExp(`^dataset.name: expected one of mnist, .*, got "${name}"; .*${way}`)),
      ]);
  });
});
