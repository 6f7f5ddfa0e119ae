// The configuration of an adaptive network: defaults, both spellings, files, and everything that is refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { tensor, zeros } from '../../tensor/index.ts';
import { AdaptiveModel } from '../model/adaptive-model.ts';
import { PhaseScheduler } from '../model/phase-scheduler.ts';
import { AdaptiveConfig } from './adaptive-config.ts';

function inFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-adaptive-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** The fields of adaptiveneuralnetwork's configuration with their defaults. */
const UPSTREAM = {
  num_nodes: 100,
  hidden_dim: 64,
  input_dim: 784,
  output_dim: 10,
  spatial_dim: 2,
  energy_decay: 0.01,
  activity_threshold: 0.5,
  connection_radius: 1,
  learning_rate: 0.001,
  batch_size: 64,
  num_epochs: 10,
  adaptation_rate: 0.1,
  circadian_period: 100,
  phase_weights: { active: 0.6, interactive: 0.25, sleep: 0.1, inspired: 0.05 },
  backend: 'pytorch',
  device: 'cpu',
  dtype: 'float32',
  seed: 42,
  log_interval: 100,
  save_checkpoint: true,
  checkpoint_dir: 'checkpoints',
  metrics_file: 'metrics.json',
  enable_continual_learning: false,
  enable_ablation_study: false,
};

describe('AdaptiveConfig', () => {
  test('has the fields and defaults of adaptiveneuralnetwork, and reads either spelling', () => {
    expect(new AdaptiveConfig().toDict()).toEqual(UPSTREAM);
    expect(AdaptiveConfig.fromDict({ num_nodes: 3, hiddenDim: 5 })).toMatchObject({ numNodes: 3, hiddenDim: 5 });
    expect(new AdaptiveConfig({ numNodes: 3 }).toNodeConfig()).toEqual({
      ...{ numNodes: 3, hiddenDim: 64, energyDim: 1, activityDim: 1, spatialDim: 2, device: 'cpu', dtype: 'float32' },
      ...{ energyDecay: 0.01, activityThreshold: 0.5, connectionRadius: 1, learningRate: 0.001, adaptationRate: 0.1 },
    });
  });

  test('goes through a file and back, with fields of ours and null where there is nothing', async () => {
    const path = inFolder('config.yaml');
    const phaseWeights = { active: 1, interactive: 0, sleep: 0.5, inspired: 0 };
    const config = new AdaptiveConfig({ numNodes: 7, metricsFile: null, aliasedPhases: true, phaseWeights, seed: 3 });
    await config.toYaml(path);
    expect(readFileSync(path, 'utf8')).toMatch(/^num_nodes: 7\n[\s\S]*aliased_phases: true\n$/);
    expect(await AdaptiveConfig.fromYaml(path)).toEqual(config);
    expect((await AdaptiveConfig.fromYaml(path)).toDict()).toEqual({
      ...UPSTREAM,
      ...{ num_nodes: 7, metrics_file: null, phase_weights: phaseWeights, seed: 3, aliased_phases: true },
    });
  });

  test('update() is another one with changes, which are checked', () => {
    const config = new AdaptiveConfig({ numNodes: 7, seed: 3 });
    expect(config.update({ numNodes: 9 })).toMatchObject({ numNodes: 9, seed: 3 });
    expect(config.update({ num_nodes: 9 } as object).numNodes).toBe(9);
    expect(config.numNodes).toBe(7);
    expect(() => config.update({ batchSize: 0 })).toThrow(
      'Cannot update an AdaptiveConfig: batchSize: expected an integer above 0, got 0',
    );
  });

  test('refuses what a file or a program cannot mean, all at once', async () => {
    const wrong = { num_nodes: 0, hidden_dim: 1, learning_rate: 1, batch_size: 1.5, energy_decay: -1, num_node: 3 };
    expect(() => AdaptiveConfig.fromDict(wrong)).toThrow(
      [
        'Cannot make an AdaptiveConfig: 6 problems',
        '  - num_nodes: expected an integer above 0, got 0',
        '  - hidden_dim: expected an integer above 1, got 1; the variance of one number is not defined',
        '  - learning_rate: expected a number above 0 and below 1, got 1; give the loop an optimizer of yours for another one',
        '  - batch_size: expected an integer above 0, got 1.5',
        '  - energy_decay: expected a number from 0 to 1, got -1',
        '  - num_node: expected a known key, got an unknown key; did you mean num_nodes?',
      ].join('\n'),
    );
    const path = inFolder('config.yaml');
    await expect(AdaptiveConfig.fromYaml(path)).rejects.toThrow(`"${path}": expected a file, got none there`);
    writeFileSync(path, 'num_nodes: [1\n');
    await expect(AdaptiveConfig.fromYaml(path)).rejects.toThrow(ConfigError);
    writeFileSync(path, 'num_nodes: many\nbatch_size: 3\n');
    await expect(AdaptiveConfig.fromYaml(path)).rejects.toThrow('num_nodes: expected an integer above 0, got "many"');
    expect(() => AdaptiveConfig.fromDict({ numNodes: 3, num_nodes: 3 })).toThrow('num_nodes: expected one spelling');
    expect(() => new AdaptiveConfig(3 as never)).toThrow('config: expected an object, got 3');
  });

  test.each([
    [{ backend: 'jax' }, 'backend: expected "pytorch", got "jax"; everything runs on libtorch'],
    [{ dtype: 'float8' }, 'dtype: expected one of float32, float64, float16, bfloat16, got "float8"'],
    [{ connectionRadius: 2 }, 'no equation of the network connects nodes by their distance'],
    [{ enableContinualLearning: true }, 'enableContinualLearning: expected false, got true; nothing hangs on it'],
    [{ enableAblationStudy: true }, 'enableAblationStudy: expected false, got true; nothing hangs on it'],
    [{ device: 'tpu' }, 'device: expected a device, such as "cpu" or "cuda", got "tpu"'],
    [{ seed: -1 }, 'seed: expected an integer from 0 to 2^53 - 1, got -1'],
    [{ phaseWeights: { active: 1 } }, 'an object of active, interactive, sleep, inspired, each a number of at least 0'],
    [{ phaseWeights: { active: 1, interactive: 1, sleep: 1, inspired: 1, awake: 1 } }, 'phaseWeights: expected'],
  ])('refuses %j with a reason', (options, message) => {
    expect(() => new AdaptiveModel(options as object)).toThrow(message);
  });
});

describe('PhaseScheduler', () => {
  test('refuses options that do not fit, all at once', () => {
    const wrong = { numNodes: 3, policyTemperature: 0, explorationRate: 2, circadianPeriod: 0 };
    expect(() => new PhaseScheduler(wrong)).toThrow(
      /3 problems[\s\S]*circadianPeriod[\s\S]*policyTemperature[\s\S]*explorationRate/,
    );
    expect(() => new PhaseScheduler({} as never)).toThrow('numNodes: expected an integer above 0, got none');
    expect(() => new PhaseScheduler({ numNodes: 3, temperature: 1 } as never)).toThrow('temperature: expected');
  });

  test('adjusts how much it explores within bounds, and tells how evenly phases are spread', () => {
    const scheduler = new PhaseScheduler({ numNodes: 2 });
    for (let i = 0; i < 100; i++) scheduler.adjustPolicyParameters(0.9);
    expect([scheduler.policyTemperature, scheduler.explorationRate]).toEqual([0.1, expect.closeTo(0.1 * 0.98 ** 100)]);
    for (let i = 0; i < 200; i++) scheduler.adjustPolicyParameters(0.2);
    expect([scheduler.policyTemperature, scheduler.explorationRate]).toEqual([2, 0.3]);
    scheduler.adjustPolicyParameters(0.6);
    expect([scheduler.policyTemperature, scheduler.explorationRate]).toEqual([2, 0.3]);
    const even = tensor([0n, 1n, 2n, 3n]);
    scheduler.getStochasticPolicyMetrics(even);
    expect(scheduler.getStochasticPolicyMetrics(tensor([0n, 0n]))).toMatchObject({
      phase_diversity_score: expect.closeTo(0),
      entropy_variance: expect.closeTo((Math.log(4) / 2) ** 2, 5),
      entropy_history_length: 2,
    });
    for (let i = 0; i < 110; i++) scheduler.getStochasticPolicyMetrics(even);
    expect(scheduler.policyEntropyHistory).toHaveLength(100);
    const decided = new PhaseScheduler({ numNodes: 2, stochasticPolicy: false });
    decided.adjustPolicyParameters(0.2);
    expect(decided.policyTemperature).toBe(1);
    expect(decided.getStochasticPolicyMetrics(even)).toEqual({ stochastic_policy_enabled: false });
  });

  test('draws by another table at another temperature', () => {
    const sleepers = (policyTemperature: number): number => {
      const scheduler = new PhaseScheduler({ numNodes: 400, explorationRate: 0, policyTemperature });
      return scheduler.getPhaseStats(scheduler.step(zeros([1, 400, 1]), zeros([1, 400, 1]))).sleep_ratio;
    };
    expect(sleepers(0.05)).toBeGreaterThan(0.99); // softmax([0, 0.7, 0.3, 0] / 0.05)
    expect(sleepers(100)).toBeLessThan(0.35);
  });
});
