// Flags of `sconce adaptive train`: those of adaptiveneuralnetwork's train.py, each for the field that it sets there.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WorkflowConfig } from '../../adaptive/index.ts';
import { DATA_ENTRIES } from '../../adaptive/workflow/data-kinds.ts';
import { adaptiveCommand } from '../commands/adaptive.ts';
import { workflowFlags } from './flags.ts';
import { prepareWorkflow } from './program.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-workflow-flags-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the command has every flag of train.py, short ones too', () => {
  const train = adaptiveCommand().commands.find((each) => each.name() === 'train')!;
  const names = train.options.map(({ short, long }) => [short, long].filter((each) => each != null).join(' '));
  expect(names).toEqual([
    ...['-c --config', '-d --dataset', '--list-datasets', '--data-path', '--batch-size', '--num-workers'],
    ...['--model', '--hidden-dim', '--num-nodes', '--epochs', '--learning-rate', '--lr', '--weight-decay', '--device'],
    ...['--seed', '--use-amp', '--checkpoint-dir', '--log-dir', '-v --verbose', '--output-dir', '--save-config'],
    ...['--set', '--runs'],
  ]);
});

test('--list-datasets says which there are, and begins nothing', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await adaptiveCommand().parseAsync(['train', '--list-datasets'], { from: 'user' });
    const names = print.mock.calls.map(([line]) => String(line).split(' ')[0]);
    expect(names).toEqual(Object.keys(DATA_ENTRIES));
  } finally {
    print.mockRestore();
  }
});

test('every flag sets its field, and save-config writes the whole; values of --set come first', async () => {
  const values = {
    ...{ dataset: 'synthetic', 'batch-size': 3, 'num-workers': 0, model: 'adaptive', 'hidden-dim': 4, 'num-nodes': 5 },
    ...{ epochs: 2, 'learning-rate': 0.25, 'weight-decay': 0.5, device: 'cpu', seed: 9, 'use-amp': true },
    ...{ 'checkpoint-dir': 'saved', 'log-dir': 'events', verbose: true, 'output-dir': 'found' },
    'save-config': join(folder, 'new', 'whole.yaml'),
  };
  const run = join(folder, 'run');
  mkdirSync(join(run, 'code'), { recursive: true });
  await prepareWorkflow(values, ['model.input_dim=8', 'training.epochs=6'], run);
  const written = await WorkflowConfig.fromYaml(values['save-config']);
  expect(written).toEqual(
    new WorkflowConfig({
      dataset: { name: 'synthetic', batchSize: 3, numWorkers: 0, seed: 9 },
      model: { inputDim: 8, hiddenDim: 4, numNodes: 5 },
      optimizer: { learningRate: 0.25, weightDecay: 0.5 },
      training: {
        epochs: 6,
        device: 'cpu',
        seed: 9,
        useAmp: true,
        checkpointDir: 'saved',
        logDir: 'events',
        verbose: true,
      },
      evaluation: { outputDir: 'found' },
    }),
  );
  const given = [...Object.keys(values), 'config', 'list-datasets', 'data-path'];
  expect(workflowFlags.map(({ name }) => name).filter((name) => !given.includes(name))).toEqual([]);
});

test('--data-path is looked for, and one of --config and --dataset has to be there', async () => {
  const nowhere = join(folder, 'nowhere.csv');
  await expect(prepareWorkflow({ dataset: 'csv', 'data-path': nowhere, model: 'mlp' }, [], folder)).rejects.toThrow(
    `got none at "${nowhere}"`,
  );
  await expect(prepareWorkflow({}, [], folder)).rejects.toThrow('got neither; --list-datasets says which there are');
  await expect(prepareWorkflow({ dataset: 'csv', config: 'a.yaml' }, [], folder)).rejects.toThrow('got both');
});
