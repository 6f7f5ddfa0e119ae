// The description of multimodal_insight_engine's trainer components: every code example, in its order and under its headings, translated as the design says and run; and what it says beside the code:
// features, the topics of its tests, costs, and what it plans. Translated as in multimodal-migration-guide.test.ts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optim } from 'sconce';
import * as multimodal from 'sconce/multimodal';
import { CheckpointManager, MetricsCollector, MultimodalTrainer } from 'sconce/multimodal';
import * as tracking from 'sconce/tracking';
import { type Logger, plotSchedule } from 'sconce/tracking';
import { GradientMonitor, LearningRateMonitor, ParameterMonitor } from 'sconce/trainer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folder, options, PicturesLater, parts, weightsOf } from './multimodal.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** For what an example writes to `./plots`, `./checkpoints` and so on. */
function inFolder(): string {
  const before = process.cwd();
  const path = mkdtempSync(join(tmpdir(), 'sconce-components-'));
  process.chdir(path);
  onTestFinished(() => {
    process.chdir(before);
    rmSync(path, { recursive: true });
  });
  return path;
}

describe('Architecture Overview', () => {
  test('six modules, all of them there', () => {
    const names = [
      'CheckpointManager',
      'MetricsCollector',
      'TrainingLoop',
      'Evaluator',
      'DataHandler',
      'MultimodalTrainer',
    ];
    expect(names.filter((name) => !(name in multimodal))).toEqual([]);
  });
});

describe('Module Documentation', () => {
  test('CheckpointManager', async () => {
    inFolder();
    const { model, optimizer } = parts();
    const scheduler = new optim.StepLR(optimizer, { stepSize: 1 });
    const printed: string[] = [];
    // Initialize
    const checkpointMgr = new CheckpointManager({
      model,
      optimizer,
      checkpointDir: './checkpoints',
      scheduler,
      device: 'cpu',
    });
    expect(existsSync('./checkpoints')).toBe(true); // automatic directory creation
    // Update training state
    checkpointMgr.updateState({ currentEpoch: 5, globalStep: 1000, bestValMetric: 0.85 });
    // Save checkpoint
    const checkpointPath = checkpointMgr.getCheckpointPath({ epoch: 5, metricValue: 0.85 });
    await checkpointMgr.saveCheckpoint(checkpointPath);
    expect(checkpointPath).toBe('checkpoints/checkpoint_epoch_5_metric_0.8500.pt');
    // Load checkpoint
    const state = await checkpointMgr.loadCheckpoint(checkpointPath);
    printed.push(`Resuming from epoch ${state.currentEpoch}`);
    // Find latest checkpoint
    const latest = await checkpointMgr.getLatestCheckpoint();
    if (latest) await checkpointMgr.loadCheckpoint(latest);
    expect(latest).toBe(checkpointPath);
    expect(printed).toEqual(['Resuming from epoch 6']);
  });

  test('MetricsCollector', async () => {
    inFolder();
    const printed: string[] = [];
    const print = (text: string) => void printed.push(text);
    // Initialize; what it prints goes to a list of the test's
    const metrics = new MetricsCollector({ stream: { write: print } });
    // Update simple metrics
    metrics.update({ loss: 0.5, accuracy: 0.85 }, 'train');
    // Update nested metrics
    metrics.update({ loss: 0.4, recalls: { top1: 0.8, top5: 0.95 } }, 'val');
    // Log metrics to console
    metrics.logMetrics({ loss: 0.3 }, 'test');
    expect(printed).toEqual(['Test: loss=0.3000\n']);
    // Get metric history
    const lossHistory = metrics.getMetric('train_loss');
    const latestLoss = metrics.getLatest('train_loss');
    expect([lossHistory, latestLoss]).toEqual([[0.5], 0.5]);
    // Diagnose training issues
    const diagnosis = metrics.diagnoseTrainingIssues();
    print(diagnosis);
    expect(printed.at(-1)).toBe('No obvious training issues detected from metrics.');
    // Visualize metrics
    await metrics.plotHistory({ saveDir: './plots' });
    expect(existsSync('./plots/recalls.top5.png')).toBe(true);
    // Get summary statistics
    const summary = metrics.getSummary();
    print(`Best train loss: ${summary.train_loss!.best}`);
    expect(printed.at(-1)).toBe('Best train loss: 0.5');
    // Update alignment metrics (for multimodal training)
    metrics.updateAlignmentMetrics({
      step: 1000,
      diagMean: 0.8,
      simMean: 0.5,
      alignmentGap: 0.3,
      alignmentSnr: 2.5,
    });
    await metrics.plotHistory({ saveDir: './plots' });
    expect(existsSync('./plots/alignment_metrics.png')).toBe(true);
    // Save/load metrics
    const historyDict = metrics.toDict();
    metrics.fromDict(historyDict);
    expect(metrics.toDict()).toEqual({
      ...{ train_loss: [0.5], train_accuracy: [0.85], val_loss: [0.4] },
      ...{ 'val_recalls.top1': [0.8], 'val_recalls.top5': [0.95], test_loss: [0.3] },
    });
  });
});

describe('Migration Guide', () => {
  test('Current API, and New Modular API', async () => {
    const place = inFolder();
    const { model, optimizer, trainLoader, valLoader } = parts();
    const { lossFn, stream } = options().given;
    // Same interface, but internally uses modular components
    const trainer = new MultimodalTrainer({
      model,
      trainDataloader: trainLoader,
      valDataloader: valLoader,
      optimizer,
      checkpointDir: './checkpoints',
      ...{ lossFn, stream },
    });
    const metrics = new PicturesLater({ stream }); // of ten epochs they take seconds
    trainer.metrics = metrics;
    await trainer.train({ numEpochs: 10 });
    metrics.isDrawn = true;
    expect(existsSync('./checkpoints/checkpoint_epoch_10.pt')).toBe(true);
    // Access components directly if needed
    const path = join(place, 'mine.pt');
    await trainer.checkpointMgr.saveCheckpoint(path);
    await trainer.metrics.plotHistory({ saveDir: './plots' });
    expect(existsSync(path)).toBe(true);
    expect(existsSync('./plots/loss.png')).toBe(true);
  });

  test('For Developers Extending the Trainer', async () => {
    // Custom checkpoint manager with additional state
    class CustomCheckpointManager extends CheckpointManager {
      customData = { seen: [1, 2] };

      override async saveCheckpoint(path: string, state: Record<string, unknown> = {}): Promise<void> {
        // Add custom state before saving
        await super.saveCheckpoint(path, { ...state, customData: this.customData });
      }
    }
    // Custom metrics collector with additional visualizations
    class CustomMetricsCollector extends MetricsCollector {
      plotCustomMetric({ saveDir }: { saveDir: string }): string {
        return `${saveDir}: ${this.getMetric('train_loss').length}`; // Add custom visualization
      }
    }
    const { model, optimizer } = parts();
    const manager = new CustomCheckpointManager({ model, optimizer, checkpointDir: folder() });
    const path = manager.getCheckpointPath({ epoch: 0 });
    await manager.saveCheckpoint(path);
    expect((await manager.loadCheckpoint(path)).customData).toEqual({ seen: [1, 2] });
    const metrics = new CustomMetricsCollector();
    metrics.update({ loss: 1 }, 'train');
    expect(metrics.plotCustomMetric({ saveDir: 'plots' })).toBe('plots: 1');
  });
});

describe('Design Decisions', () => {
  test('State Management: training state is the CheckpointManager’s, metrics and alignment are the MetricsCollector’s', async () => {
    const { given } = options();
    const trainer = new MultimodalTrainer(given);
    await trainer.train({ numEpochs: 2 });
    const { currentEpoch, globalStep, bestValMetric, patienceCounter, history, checkpointDir, device } =
      trainer.checkpointMgr;
    expect({ currentEpoch, globalStep, checkpointDir, device }).toEqual({
      ...{ currentEpoch: 1, globalStep: 4, checkpointDir: given.checkpointDir, device: 'cpu' },
    });
    expect(bestValMetric).toBe(Math.min(...trainer.history.val_loss!));
    expect(patienceCounter).toBeGreaterThanOrEqual(0);
    expect(history).toEqual(trainer.metrics.toDict());
  });
});

describe('Testing', () => {
  /** The titles of the tests of a file. */
  const titles = (file: string): string[] => {
    const text = readFileSync(`${root}src/multimodal/stores/${file}`, 'utf8');
    return [...text.matchAll(/^\s*(?:test|describe)(?:\.each\([\s\S]*?\]\))?\(\s*(['"])(.+?)\1/gm)].map(
      ([, , title]) => title!,
    );
  };
  const covers = (file: string, topics: Readonly<Record<string, RegExp>>): string[] => {
    const all = titles(file);
    return Object.keys(topics).filter((topic) => !all.some((title) => topics[topic]!.test(title)));
  };

  test('the topics of the 18 tests of CheckpointManager', () => {
    const topics = {
      'Initialization and directory creation': /makes the folder/,
      'Save/load checkpoint operations': /bring back weights, optimizer, counts and history/,
      'State persistence and resumption': /the epoch is the next one/,
      'Scheduler state handling': /have the schedule/,
      'Best model tracking': /writes best_model\.pt/,
      'Latest checkpoint finding': /is the newest/,
      'Model weight preservation': /bring back weights/,
      'Error handling': /of a file that does not fit/,
    };
    expect(covers('checkpoint-manager.test.ts', topics)).toEqual([]);
  });

  test('the topics of the 26 tests of MetricsCollector', () => {
    const topics = {
      'Simple and nested metrics': /names metrics by their prefix, and what is nested/,
      'Metric history tracking': /keeps the order/,
      'Console logging': /writes a line/,
      'Alignment metrics': /adds points/,
      'Training diagnostics': /diagnoseTrainingIssues/,
      Visualization: /draws a picture/,
      'Summary statistics': /has latest, best, mean/,
      'Tensor handling': /reads tensors/,
      'Serialization (to_dict/from_dict)': /toDict\(\) and fromDict\(\)/,
    };
    expect(covers('metrics-collector.test.ts', topics)).toEqual([]);
  });
});

describe('Performance Considerations', () => {
  test('CheckpointManager only stores references, MetricsCollector a number a value', () => {
    const { model, optimizer } = parts();
    const manager = new CheckpointManager({ model, optimizer, checkpointDir: folder() });
    expect(manager.model).toBe(model);
    expect(manager.optimizer).toBe(optimizer);
    const metrics = new MetricsCollector();
    for (let epoch = 0; epoch < 50; epoch++) metrics.update({ loss: epoch, accuracy: 0 }, 'train');
    const count = () => Object.values(metrics.history).reduce((sum, values) => sum + values.length, 0);
    expect(count()).toBe(100);
    metrics.clear();
    expect(count()).toBe(0);
  });
});

describe('Planned Features', () => {
  test('2. Cloud Storage Integration: checkpoints to S3 and GCS, metrics to cloud logging services', () => {
    const { model, optimizer } = parts();
    for (const checkpointDir of ['s3://bucket/run', 'gs://bucket/run'])
      expect(new CheckpointManager({ model, optimizer, checkpointDir }).getCheckpointPath({ epoch: 1 })).toBe(
        `${checkpointDir}/checkpoint_epoch_1.pt`,
      );
    expect(tracking).toHaveProperty('CloudWatchLogger');
    expect(tracking).toHaveProperty('GoogleCloudLogger');
  });

  test('3. and 4. Advanced Diagnostics and Experiment Tracking: gradients, schedule, histograms, hyperparameters', async () => {
    const { given } = options();
    const scheduler = new optim.CosineAnnealingLR(given.optimizer, { tMax: 4 });
    const seen = new Set<string>();
    let config: Readonly<Record<string, unknown>> = {};
    const logger: Logger = {
      name: 'listener',
      open: (run) => {
        config = run.config;
      },
      logMetrics: (values) => Object.keys(values).forEach((name) => void seen.add(name)),
      logHistogram: (key) => void seen.add(`histogram ${key}`),
      close: () => {},
    };
    const trainer = new MultimodalTrainer({
      ...given,
      ...{ scheduler, loggers: [logger], logSteps: 1, args: { experiment: 'exp123', tau: 0.07 } },
      callbacks: [
        new GradientMonitor({ logFrequency: 1 }),
        new ParameterMonitor({ everySteps: 1, histograms: true }),
        new LearningRateMonitor(),
      ],
    });
    await trainer.train({ numEpochs: 2 });
    const names = [...seen].join('\n');
    expect(names).toMatch(/^gradients?\//m);
    expect(names).toMatch(/^histogram .*(?:param|weight)/m);
    expect(names).toMatch(/^lr/m);
    expect(JSON.stringify(config)).toContain('exp123');
    expect(weightsOf(trainer.model).every(Number.isFinite)).toBe(true);
    expect(await plotSchedule(scheduler, { numSteps: 4 })).toBeDefined();
    for (const name of ['MLflowLogger', 'WandbLogger']) expect(tracking).toHaveProperty(name);
  });
});
