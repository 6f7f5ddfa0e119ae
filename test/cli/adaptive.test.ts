// `sconce adaptive train` as a process: workflows of the three shapes that adaptiveneuralnetwork has examples of, small; their results, flags, and what is refused.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadNative } from '../../src/binding/load.ts';
import { load } from '../../src/index.ts';
import { differences } from '../resume/differences.ts';
import { requireCompiled, sconce } from './sconce.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-adaptive-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string | Buffer): void => writeFileSync(join(folder, name), text);
const only = (path: string): string => join(folder, path, readdirSync(join(folder, path))[0]!);
const resultsOf = (path: string): Record<string, number> =>
  JSON.parse(readFileSync(join(only(path), 'results.json'), 'utf8'));

/** An IDX file of bytes. */
function idx(shape: readonly number[], byteAt: (i: number) => number): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [dim, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * dim);
  return Buffer.concat([
    header,
    Buffer.from(Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => byteAt(i))),
  ]);
}

const QUICK = `
dataset: { name: synthetic, batch_size: 32, num_workers: 0 }
model: { name: mlp, input_dim: 64, hidden_dim: 32, output_dim: 10 }
optimizer: { name: adam, learning_rate: 0.01, weight_decay: 0.0 }
training: { epochs: 1, checkpoint_dir: ckpt/quick, keep_last_n_checkpoints: 1, log_every_n_steps: 5, log_dir: logs/quick, verbose: true, device: cpu }
evaluation: { metrics: [accuracy, loss], batch_size: 64, output_dir: outputs/quick }
`;
const PICTURES = `
dataset: { name: mnist, data_path: mnist, batch_size: 8, num_workers: 0, augmentation: true, augmentation_params: { random_crop: { size: 28, padding: 2 } } }
model: { name: adaptive, input_dim: 784, hidden_dim: 8, output_dim: 10, num_nodes: 8 }
optimizer: { name: adam, scheduler: cosine, scheduler_params: { T_max: 10, eta_min: 1.0e-6 } }
training: { epochs: 2, checkpoint_dir: ckpt/mnist, log_dir: logs/mnist, device: cuda }
evaluation: { metrics: [accuracy, loss, f1], output_dir: outputs/mnist }
`;
const TEXT = `
dataset: { name: annomi, data_path: talk.csv, batch_size: 16, num_workers: 0 }
model: { name: adaptive, input_dim: 64, hidden_dim: 8, output_dim: 2, num_nodes: 8, dropout: 0.2 }
optimizer: { name: adam, learning_rate: 0.01, scheduler: step, scheduler_params: { step_size: 5, gamma: 0.5 } }
training: { epochs: 3, gradient_accumulation_steps: 2, use_amp: true, checkpoint_dir: ckpt/talk, save_every_n_epochs: 2, log_dir: logs/talk, device: cpu, early_stopping: true, early_stopping_metric: val_accuracy }
evaluation: { metrics: [accuracy, loss, precision, recall, f1], batch_size: 64, save_predictions: true, output_dir: outputs/talk }
`;

test('trains synthetic classes, pictures and text by their files; results, checkpoints and predictions lie where the files say', async () => {
  write('quick.yaml', QUICK);
  write('mnist.yaml', PICTURES);
  write('talk.yaml', TEXT);
  mkdirSync(join(folder, 'mnist'));
  for (const [part, count] of [
    ['train', 30],
    ['t10k', 5],
  ] as const) {
    write(
      `mnist/${part}-images-idx3-ubyte`,
      idx([count, 28, 28], (i) => i % 251),
    );
    write(
      `mnist/${part}-labels-idx1-ubyte`,
      idx([count], (i) => i % 10),
    );
  }
  const rows = Array.from({ length: 60 }, (_, i) => (i % 2 ? `you could try ${i},high` : `do as told ${i},low`));
  write('talk.csv', `text,label\n${rows.join('\n')}\n`);
  const [quick, pictures, text] = await Promise.all(
    ['quick', 'mnist', 'talk'].map((name) =>
      sconce(
        ['adaptive', 'train', '-c', `${name}.yaml`, ...(name === 'quick' ? ['--epochs', '4', '--seed', '3'] : [])],
        folder,
      ),
    ),
  );
  for (const { code, stderr } of [quick!, pictures!, text!])
    expect([code, stderr]).toEqual([0, expect.stringContaining('Finished. Report: runs/')]);
  const onCpu = 'training.device: there is no GPU for "cuda": the run is on the CPU';
  expect(pictures!.stderr.includes(onCpu)).toBe(!loadNative().hasCuda());
  expect(quick!.stderr).not.toContain('the run is on the CPU'); // which it asks for
  expect(quick!.stdout).toContain('Epoch 4/4');
  expect(resultsOf('outputs/quick').test_accuracy).toBe(1);
  expect(readdirSync(only('ckpt/quick')).length).toBeGreaterThan(0);
  expect(Object.keys(resultsOf('outputs/mnist'))).toEqual(['run', 'test_accuracy', 'test_loss', 'test_f1']);
  expect(Object.keys(resultsOf('outputs/talk'))).toHaveLength(6);
  const lines = readFileSync(join(only('outputs/talk'), 'predictions.jsonl'), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(6);
  expect(Object.keys(JSON.parse(lines[0]!))).toEqual(['loader', 'sample', 'predicted', 'scores']);
});

test('what does not fit is refused before a run is left, and downloads with the way out', async () => {
  write('narrow.yaml', 'dataset: { name: synthetic }\nmodel: { input_dim: 8, output_dim: 2, hidden_dim: 1 }\n');
  const [narrow, none] = await Promise.all([
    sconce(['adaptive', 'train', '--config', 'narrow.yaml', '--runs', 'refused'], folder),
    sconce(['adaptive', 'train', '--dataset', 'annomi', '--runs', 'refused'], folder),
  ]);
  expect(narrow.code).toBe(1);
  expect(narrow.stderr).toContain(
    'narrow.yaml:2:39: model.hidden_dim: expected an integer above 1 of "adaptive", got 1',
  );
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('Nothing is downloaded')]);
  expect(readdirSync(join(folder, 'refused'))).toEqual([]);
});

const LONG = `
dataset: { name: synthetic, batch_size: 8, num_workers: 0, dataset_params: { num_samples: 40, noise: 1 } }
model: { name: adaptive, input_dim: 12, hidden_dim: 6, output_dim: 3, num_nodes: 5, dropout: 0.3 }
optimizer: { name: adamw, learning_rate: 0.05, scheduler: cosine, scheduler_params: { T_max: 4 } }
training: { epochs: 4, gradient_accumulation_steps: 2, verbose: true, log_every_n_steps: 1, device: cpu }
`;
/** Ends the process that loads it as \`kill\` would, as soon as the third epoch has a line on standard output. */
const STOP = `
const write = process.stdout.write.bind(process.stdout);
let isStopped = false;
process.stdout.write = (text, ...rest) => {
  if (!isStopped && String(text).includes('Epoch 3/4')) process.kill(process.pid, 'SIGTERM', (isStopped = true));
  return write(text, ...rest);
};
`;

test('stopped by a signal and resumed from another folder, it ends with the weights, nodes and optimizer of one that was not', async () => {
  write('long.yaml', LONG);
  write('stop.mjs', STOP);
  mkdirSync(join(folder, 'elsewhere'));
  const args = (name: string): string[] => [
    ...['adaptive', 'train', '-c', 'long.yaml', '--runs', `runs-${name}`],
    ...['--checkpoint-dir', `ckpt/${name}`, '--output-dir', `outputs/${name}`, '--log-dir', `logs/${name}`],
  ];
  const stop = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'stop.mjs'))}` };
  const [whole, cut] = await Promise.all([sconce(args('whole'), folder), sconce(args('cut'), folder, stop)]);
  expect([whole.code, whole.stderr]).toEqual([0, expect.stringContaining('Finished')]);
  expect([cut.code, cut.stderr]).toEqual([143, expect.stringContaining('Go on with: npx sconce resume')]);
  expect(existsSync(join(folder, 'outputs/cut'))).toBe(false);
  const resumed = await sconce(['resume', only('runs-cut')], join(folder, 'elsewhere'));
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining('Finished')]);
  expect(resultsOf('outputs/cut')).toEqual({ ...resultsOf('outputs/whole'), run: only('runs-cut') });
  const lastOf = async (name: string): Promise<Record<string, unknown>> => {
    const { model_state_dict, optimizer_state_dicts, scheduler_state_dicts } = (await load(
      join(only(`ckpt/${name}`), 'epoch_004_step_000008.ckpt'),
    )) as Record<string, unknown>;
    return { model_state_dict, optimizer_state_dicts, scheduler_state_dicts };
  };
  const [ofWhole, ofCut] = await Promise.all([lastOf('whole'), lastOf('cut')]);
  expect(Object.keys(ofWhole.model_state_dict as object).length).toBeGreaterThan(10); // nodes and phases are among them
  expect(differences(ofCut, ofWhole)).toEqual([]);
}, 60_000);
