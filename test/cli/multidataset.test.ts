// `sconce multidataset` as a process: VisionCore's command line, its checkpoints and W&B, a resume, new readouts on the core, and what it says of wrong flags.
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arange, load, manualSeed, poisson, rand, randint } from 'sconce';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BASE, writeFiles, writeRecording } from '../../src/multidataset/data/testing/sessions.ts';
import { requireCompiled, sconce, startSconce } from './sconce.ts';

const MODEL = `
model_type: v1multi
convnet:
  type: vanilla
  params:
    channels: [4]
    block_config: { conv_params: { kernel_size: [4, 3, 3] }, norm_type: grn, act_type: relu }
modulator: { type: film, params: { behavior_dim: 6, encoder_params: { dims: [4] } } }
readout: { type: gaussian, params: { bias: true } }
output_activation: softplus
regularization:
  - { name: sparse, type: l1, lambda: 1.0e-3, apply_to: [readouts/features] }
`;

/** No W&B of the machine's. */
const ALONE = { WANDB_API_KEY: '', WANDB_MODE: 'offline', NETRC: '/dev/null', OMP_NUM_THREADS: '1' };

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-multidataset-')));
  manualSeed(0);
  for (const [session, units] of [['Ann', 3], ['Ben', 5], ['Cho', 2]] as const) // biome-ignore format: a table
    await writeRecording(join(folder, 'data'), session, {
      tensors: {
        stim: randint(0, 255, [200, 6, 6]).to('uint8'),
        robs: poisson(rand([200, units]).mul(2)),
        eyepos: rand([200, 2]),
        trial_inds: arange(200).div(10, { roundingMode: 'floor' }).to('int64'),
      },
    });
  const session = (name: string, cids: string): string => `session: ${name}\ndata_dir: ../data\ncids: [${cids}]\n`;
  await writeFiles(folder, {
    'configs/model.yaml': MODEL,
    'datasets/base.yaml': BASE,
    'datasets/ann.yaml': session('Ann', '0, 1, 2'),
    'datasets/ben.yaml': session('Ben', '0, 2, 3, 4'),
    'new/base.yaml': BASE,
    'new/cho.yaml': session('Cho', '0, 1'),
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Batches of an epoch, as the start of a training says them. */
const batchesIn = (stdout: string): number => Number(/Num training batches: (\d+)/.exec(stdout)![1]);
let batchesAlone: number;

const FLAGS = [
  ...['--model_config', 'configs/model.yaml', '--dataset_configs_path', 'datasets', '--max_datasets', '20'],
  ...[
    '--batch_size',
    '32',
    '--learning_rate',
    '1e-3',
    '--num_workers',
    '0',
    '--enable_curriculum',
    '--precision',
    '32',
  ],
];

test('trains by the command line of the document, with its checkpoints, its name and W&B; then new readouts learn on its core', async () => {
  const { code, stdout, stderr } = await sconce(
    [
      'multidataset',
      'train',
      ...FLAGS,
      '--max_epochs',
      '2',
      '--compile',
      '--enable_logging',
      '--fast_log_interval',
      '1',
    ],
    folder,
    ALONE,
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining('Finished. Report: runs/')]);
  expect(stderr).not.toContain('--num_gpus'); // its default is for GPUs
  expect(stderr).toContain('warning: --compile: nothing is compiled');
  const name = 'model_ddp_bs32_ds20_lr0.001_wd1e-05';
  expect(stdout).toContain(`Starting: ${name}\n`);
  batchesAlone = batchesIn(stdout);
  expect(stdout).toMatch(/epoch 1 — train_loss: \d+\.\d{4}/);
  const files = readdirSync(join(folder, 'checkpoints', name)).sort();
  expect(files.some((file) => /^epoch=01-val_bps_overall=\d\.\d{4}/.test(file))).toBe(true);
  expect(realpathSync(join(folder, 'checkpoints', name, 'last.ckpt'))).toMatch(/epoch=02-/);
  const [run = ''] = readdirSync(join(folder, 'runs'));
  const log = readFileSync(join(folder, 'runs', run, 'metrics.jsonl'), 'utf8');
  for (const key of ['train_loss/ann', 'val_bps/ben', 'val_bps_overall', 'reg_loss/sparse', 'val_loss'])
    expect(log).toContain(`"${key}"`);
  expect(readdirSync(join(folder, 'logs', 'wandb')).filter((file) => file.startsWith('offline-run-'))).toHaveLength(1);

  const best = join('checkpoints', name, files.find((file) => file.startsWith('epoch='))!);
  const frozen = await sconce(
    [
      ...['multidataset', 'frozencore', '--pretrained_checkpoint', best, '--dataset_configs_path', 'new'],
      ...[
        '--max_epochs',
        '1',
        '--batch_size',
        '32',
        '--num_workers',
        '0',
        '--num_gpus',
        '1',
        '--experiment_name',
        'new',
      ],
      ...['--dset_dtype', 'uint8', '--precision', '32', '--lr_scheduler', 'none'],
    ],
    folder,
    ALONE,
  );
  expect([frozen.code, frozen.stderr]).toEqual([0, expect.stringContaining('Finished. Report: runs/new-')]);
  expect(frozen.stderr).not.toContain('warning: --num_gpus');
  const weights = async (path: string): Promise<Record<string, unknown>> =>
    ((await load(join(folder, path))) as { model_state_dict: Record<string, unknown> }).model_state_dict;
  const [file = ''] = readdirSync(join(folder, 'checkpoints', 'new')).filter((each) => each.startsWith('epoch='));
  const [before, after] = [await weights(best), await weights(join('checkpoints', 'new', file))];
  const core = Object.keys(before).filter((key) => key.startsWith('model.convnet.'));
  expect(core.length).toBeGreaterThan(1);
  for (const key of core) expect(String(after[key])).toBe(String(before[key]));
  expect(Object.keys(after).filter((key) => key.startsWith('model.readouts.1.'))).toEqual([]);
}, 120_000);

test('trains as so many ranks as --num_gpus says, each with its own samples', async () => {
  const { code, stdout, stderr } = await sconce(
    ['multidataset', 'train', ...FLAGS, '--max_epochs', '1', '--num_gpus', '2', '--experiment_name', 'ranks'],
    folder,
    ALONE,
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining('[launch] All 2 ranks finished')]);
  expect(stdout.match(/Starting: ranks/g)).toHaveLength(1);
  const files = readdirSync(join(folder, 'checkpoints', 'ranks'));
  expect(files.some((file) => /^epoch=01-val_bps_overall=/.test(file))).toBe(true);
  expect(batchesIn(stdout)).toBe(Math.floor(batchesAlone / 2));
  expect(readdirSync(join(folder, 'runs')).filter((name) => name.startsWith('ranks-'))).toHaveLength(1);
}, 120_000);

test('stopped and resumed from another folder, it ends with the weights of one that was not', async () => {
  const args = (name: string): string[] => [
    ...['multidataset', 'train', ...FLAGS, '--max_epochs', '3', '--experiment_name', name, '--runs', `runs-${name}`],
  ];
  const whole = await sconce(args('whole'), folder, ALONE);
  expect([whole.code, whole.stderr]).toEqual([0, expect.stringContaining('Finished')]);
  const { process: child, ended } = startSconce(args('cut'), folder, ALONE);
  child.stdout!.on('data', (text: string) => {
    if (text.includes('epoch 0')) child.kill('SIGTERM');
  });
  const cut = await ended;
  expect([cut.code, cut.stderr]).toEqual([143, expect.stringContaining('Go on with: npx sconce resume')]);
  const [run = ''] = readdirSync(join(folder, 'runs-cut'));
  const resumed = await sconce(['resume', join('..', 'runs-cut', run)], join(folder, 'data'), ALONE);
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining('Finished')]);
  const last = async (name: string): Promise<string> => {
    const files = readdirSync(join(folder, 'checkpoints', name)).filter((file) => file.startsWith('epoch=03'));
    const { model_state_dict: state } = (await load(join(folder, 'checkpoints', name, files[0]!))) as never;
    return JSON.stringify(
      Object.entries(state).map(([key, value]) => [key, (value as { toArray(): unknown }).toArray()]),
    );
  };
  expect(await last('cut')).toBe(await last('whole'));
}, 120_000);

test('says everything that is wrong before anything is begun', async () => {
  const wrong = await sconce(['multidataset', 'train', '--batch_size', '0', '--precision', 'half'], folder, ALONE);
  expect([wrong.code, wrong.stderr.split('\n')]).toEqual([
    1,
    [
      'Cannot run "sconce multidataset train": 4 problems',
      "  - --model_config: expected a text, got none; the model's YAML file",
      '  - --dataset_configs_path: expected a text, got none; a folder of data set YAML files, or one YAML file with session_dir and sessions',
      '  - --batch_size: expected an integer above 0, got "0"',
      '  - --precision: expected one of 16, bf16, 32, 16-mixed, bf16-mixed, got "half"',
      '',
    ],
  ]);
  const before = readdirSync(folder).sort();
  await writeFiles(folder, { 'wrong/ann.yaml': 'types: 3', 'wrong.yaml': MODEL.replace('vanilla', 'vanila') });
  const flags = ['--lr_scheduler', 'cosine_warmup', '--max_epochs', '3', '--ckpt_path', 'gone.ckpt', '--runs', 'none'];
  const files = (data: string): string[] => ['--model_config', 'wrong.yaml', '--dataset_configs_path', data, ...flags];
  const one = await sconce(['multidataset', 'train', ...files('datasets'), '--experiment_name', 'a/b'], folder, ALONE);
  expect([one.code, one.stderr.split('\n')]).toEqual([
    1,
    [
      'Cannot run "sconce multidataset train": 4 problems',
      '  - --experiment_name: expected a name that a folder can have, got "a/b"',
      '  - --ckpt_path: expected a checkpoint, got none at gone.ckpt',
      '  - --warmup_epochs: expected an integer below --max_epochs, which is 3, got 5',
      expect.stringMatching(/^ {2}- wrong.yaml: convnet.type: expected one of .*, got "vanila"$/),
      '',
    ],
  ]);
  const other = await sconce(['multidataset', 'train', ...files('wrong')], folder, ALONE);
  expect(other.stderr).toContain('  - wrong/ann.yaml:1:1: types: expected a list of names');
  expect(
    readdirSync(folder)
      .filter((name) => !before.includes(name))
      .sort(),
  ).toEqual(['none', 'wrong', 'wrong.yaml']);
  expect(readdirSync(join(folder, 'none'))).toEqual([]);
  const unknown = await sconce(['multidataset', 'train', '--batchsize', '3'], folder, ALONE);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("unknown option '--batchsize'")]);
}, 60_000);
