// `sconce train` with configuration files, `resume`, `evaluate`, `runs` and `init` as processes: an experiment in YAML alone that uses parts of the user's own.
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, requireCompiled, sconce } from './sconce.ts';

const PARTS = `
import { Generator, nn, randn, type Tensor } from 'sconce';
import { TensorDataset } from 'sconce/data';
import { defineParts, ProgressCallback, part } from 'sconce/trainer';

class Net extends nn.Module {
  readonly body: nn.Sequential;
  constructor(hidden: number) {
    super();
    this.body = new nn.Sequential(new nn.Linear(2, hidden), new nn.Dropout(0.2), new nn.Linear(hidden, 2));
  }
  override forward(x: Tensor): Tensor {
    return this.body.forward(x);
  }
}

export default defineParts({
  models: { 'my-net': part({ options: { hidden: 8 }, build: ({ hidden }) => new Net(hidden) }) },
  datasets: {
    blobs: part({
      options: { points: 20 },
      build: ({ points }, { seed }) => {
        const generator = new Generator();
        generator.manualSeed(seed);
        const x = randn([points, 2], { generator });
        return new TensorDataset([x, x.select(1, 0).gt(0).to('int64')]);
      },
    }),
  },
  losses: {
    'my-loss': part({
      options: { scale: 1 },
      build: ({ scale }) => (output, target) =>
        nn.functional.crossEntropy(output as Tensor, target as Tensor).mul(scale),
    }),
  },
  callbacks: {
    shown: part({ options: {}, build: () => new ProgressCallback() }),
    failing: part({
      options: {},
      build: () => ({
        name: 'mine',
        epochEnd: () => {
          throw new Error('boom');
        },
      }),
    }),
    counter: part({
      options: { stopAt: 0 },
      build: ({ stopAt }) => {
        let count = 0;
        return {
          name: 'counter',
          batchEnd() {
            count += 1;
            if (count === stopAt && process.env.STOPS === 'yes') process.kill(process.pid, 'SIGTERM');
          },
          fitEnd: () => console.log('batches ' + count),
          state: () => ({ count }),
          loadState: (state) => void (count = state.count as number),
        };
      },
    }),
  },
});
`;

const YAML = `
experiment_name: blobs
tags: [small]
seed: 3
modules: [./parts.ts]
model: { type: my-net, hidden: 4 }
loss: { type: my-loss, scale: 0.5 }
optimizer: { type: adamw, lr: 0.05 }
scheduler: { type: cosine, warmup_steps: 2 }
callbacks: [{ type: counter, stop_at: 9 }]
train_metrics: [{ type: f1-score, task: multiclass, num_classes: 2 }]
metrics: [{ type: f1-score, task: multiclass, num_classes: 2 }]
data:
  train:
    - { name: a, dataset: blobs, batch_size: 5, shuffle: true }
    - { name: b, dataset: { type: blobs, points: 10 }, batch_size: 5 }
  val: { name: held-out, dataset: { type: blobs, points: 10 }, batch_size: 5 }
  test: { name: last, dataset: { type: blobs, points: 5 }, batch_size: 5 }
loss_weights_per_loader: [1, 0.5]
training: { max_epochs: 3 }
`;

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-configured-')));
  writeFileSync(join(folder, 'parts.ts'), PARTS);
  writeFileSync(join(folder, 'blobs.yaml'), YAML);
  delete process.env.STOPS;
});
afterAll(() => rmSync(folder, { recursive: true }));

const runNamed = (name: string, runs = 'runs'): string =>
  join(runs, readdirSync(join(folder, runs)).find((run) => run.startsWith(name))!);
const values = async (run: string, ...flags: string[]): Promise<Record<string, number>> => {
  const { stdout, stderr } = await sconce(['evaluate', run, '--json', ...flags], folder);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { values: Record<string, number> }).values;
};

describe('an experiment in YAML with parts of the user’s own', () => {
  test('says each warning of its configuration once, as the file spells it, and which callback ended the run', async () => {
    const failing = YAML.replace('{ type: counter, stop_at: 9 }', 'shown, failing').replace(
      'experiment_name: blobs',
      'experiment_name: boom\nlogging: { logger_type: wandb, csv_log_dir: tables }\ncheckpoint: { root_dir: mine }',
    );
    writeFileSync(join(folder, 'boom.yaml'), failing);
    const ended = await sconce(['train', 'boom.yaml'], folder, { WANDB_PROJECT: '' });
    expect(ended.code).toBe(1);
    const warnings = [
      expect.stringMatching(/^logging\.wandb_project: expected the name of a project .*; the console takes its place$/),
      'logging.csv_log_dir changes nothing without the logger "csv"',
      expect.stringMatching(/^checkpoint\.root_dir changes nothing: the run keeps its checkpoints in /),
    ];
    const lines = ended.stderr.split('\n');
    const said = lines.flatMap((line) => (line.startsWith('warning: ') ? [line.slice('warning: '.length)] : []));
    expect(said).toEqual(warnings);
    expect(ended.stdout).not.toContain('csv');
    expect(lines).toContain('Callback "mine" failed in epochEnd: boom');
    const run = join(folder, runNamed('boom'));
    const log = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    const records = log.map((line) => JSON.parse(line) as { event?: string; message?: string });
    expect(records.flatMap(({ event, message }) => (event === 'warning' ? [message] : []))).toEqual(warnings);
    expect(records.at(-1)).toMatchObject({ event: 'failed', message: 'Callback "mine" failed in epochEnd: boom' });
  });

  test('is refused with every problem and its place, and leaves nothing behind', async () => {
    const wrong = YAML.replace('my-net', 'my-nett')
      .replace('scale:', 'scael:')
      .replace('lr: 0.05', 'lr: -1')
      .replace('points: 5', 'points: many')
      .replace('max_epochs: 3', 'max_epochs: 0');
    writeFileSync(join(folder, 'wrong.yaml'), wrong);
    const { code, stdout, stderr } = await sconce(['train', 'wrong.yaml', '--runs', 'none'], folder);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')).toEqual([
      'Cannot read "wrong.yaml": 5 problems',
      expect.stringMatching(/^ {2}- wrong\.yaml:6:10: model\.type: expected one of my-net, .*; did you mean my-net\?$/),
      expect.stringMatching(/^ {2}- wrong\.yaml:7:24: loss\.scael: .*; did you mean scale\?$/),
      expect.stringMatching(/^ {2}- wrong\.yaml:8:27: optimizer\.lr: expected .* got -1$/),
      '  - wrong.yaml:18:47: data.test.dataset.points: expected a number, got "many"',
      '  - wrong.yaml:20:13: training.max_epochs: expected an integer above 0, got 0',
      '',
    ]);
    expect(readdirSync(join(folder, 'none'))).toEqual([]);
  });

  test('trains, is stopped by a signal and goes on without a flag as if it had not been', async () => {
    const inWorkers = ['--set', 'performance.dataloader_num_workers=1'];
    const stopped = async (): Promise<Outcome> => {
      process.env.STOPS = 'yes';
      try {
        return await sconce(['train', 'blobs.yaml', '--runs', 'stopped'], folder);
      } finally {
        delete process.env.STOPS;
      }
    };
    const first = await stopped();
    expect(first.code, first.stderr).toBe(143);
    expect(first.stderr).toMatch(/Go on with: npx sconce resume stopped\/blobs-/);
    writeFileSync(join(folder, 'blobs.yaml'), YAML.replace('lr: 0.05', 'lr: 0.5').replace('tags: [small]', 'tags: []'));
    const list = await sconce(['runs', 'stopped', '--json'], folder);
    const report = await sconce(['report', '--runs', 'stopped'], folder);
    expect([report.code, report.stdout], report.stderr).toEqual([0, `${runNamed('blobs', 'stopped')}/report.html\n`]);
    expect(readFileSync(join(folder, report.stdout.trim()), 'utf8')).toContain('interrupted: SIGTERM');
    const [whole, resumed] = await Promise.all([
      // The changed file with what it was before; and its data made in a worker thread, which changes nothing.
      sconce(['train', 'blobs.yaml', ...['--set', 'optimizer.lr=0.05'], ...inWorkers], folder),
      sconce(['resume', '--runs', 'stopped'], folder),
    ]);
    expect(JSON.parse(list.stdout)).toMatchObject([{ status: 'interrupted', epoch: 1, step: 9, tags: ['small'] }]);
    expect([whole.code, whole.stdout], whole.stderr).toEqual([0, 'batches 18\n']);
    expect([resumed.code, resumed.stdout], resumed.stderr).toEqual([0, 'batches 18\n']);
    expect(resumed.stderr.split('\n').slice(0, 4)).toEqual([
      expect.stringMatching(/^Going on with stopped\/blobs-.*, the newest run that has not finished \(interrupted\)$/),
      'blobs.yaml has changed since the run began, which goes on as it was:',
      '  tags: ["small"], now []',
      '  optimizer.lr: 0.05, now 0.5',
    ]);
    const [ofResumed, ofWhole] = await Promise.all([
      values(runNamed('blobs', 'stopped'), '--checkpoint', 'latest'),
      values(runNamed('blobs'), '--checkpoint', 'latest'),
    ]);
    expect(Object.keys(ofWhole).sort()).toEqual([
      'test/accuracy',
      'test/dl_last/accuracy',
      'test/dl_last/f1',
      'test/dl_last/loss',
      'test/f1',
      'test/loss',
      'val/accuracy',
      'val/dl_held-out/accuracy',
      'val/dl_held-out/f1',
      'val/dl_held-out/loss',
      'val/f1',
      'val/loss',
    ]);
    expect(ofResumed).toEqual(ofWhole);
    const finalOf = (run: string): Record<string, { value: number }> =>
      JSON.parse(readFileSync(join(folder, run, 'summary.json'), 'utf8')).final;
    const final = finalOf(runNamed('blobs'));
    expect(ofWhole['val/loss']).toBe(final['val/loss']!.value);
    expect(final['train/f1']!.value).toBeGreaterThan(0.5);
    expect(finalOf(runNamed('blobs', 'stopped'))['train/f1']).toEqual(final['train/f1']); // the same epoch, in two processes
    const again = await sconce(['resume', runNamed('blobs')], folder);
    expect(again.stderr).toMatch(/^Finished already: runs\/blobs-/);
  });
});

test('sconce init writes a project that trains at once, and overwrites nothing', async () => {
  const made = await sconce(['init', 'project'], folder);
  expect([made.code, made.stderr]).toEqual([0, '']);
  const project = join(folder, 'project');
  const [train, program, again] = await Promise.all([
    sconce(['train', 'experiment.yaml', '--set', 'training.max_epochs=4'], project),
    sconce(['train', 'experiment.ts', '--set', 'epochs=4'], project),
    sconce(['init', 'project'], folder),
  ]);
  expect([train.code, program.code], train.stderr + program.stderr).toEqual([0, 0]);
  const [{ stdout }, below] = await Promise.all([
    sconce(['runs', '--sort', 'name', '--json'], project),
    sconce(['runs', '.', '--sort', 'name', '--json'], project),
  ]);
  const runs = JSON.parse(stdout) as { name: string; status: string; metrics: Record<string, number> }[];
  expect(runs.map(({ name, status }) => [name.replace(/-\d+-\d+$/, ''), status])).toEqual([
    ['spirals', 'finished'],
    ['spirals-program', 'finished'],
  ]);
  expect(below.stdout, 'runs of a folder below').toBe(stdout);
  expect(await sconce(['runs', 'none'], project)).toMatchObject({
    code: 1,
    stderr: 'Cannot list the runs of "none": expected a folder, got none there\n',
  });
  for (const { metrics } of runs) expect(metrics['val/accuracy']).toBeGreaterThan(0.7);
  expect([again.code, again.stdout]).toEqual([1, '']);
  expect(again.stderr).toMatch(
    /^Cannot make a project in "project": expected none of its files there, got package\.json, /,
  );
  const schema = JSON.parse(readFileSync(join(project, 'experiment.schema.json'), 'utf8'));
  const [training] = schema.properties.training.anyOf; // or a variable, or nothing
  expect(training.properties.max_epochs).toMatchObject({ default: 100 });
  expect(training.properties.max_epochs.anyOf[0]).toMatchObject({ type: 'integer' });
  expect(existsSync(join(project, '.gitignore'))).toBe(true);
});
