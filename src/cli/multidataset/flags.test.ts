import { expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { automaticFrozenName, automaticName, pythonFloat } from './experiment-name.ts';
import { frozenCoreFlags, trainFlags } from './flags.ts';
import { type FlagValues, idleFlags, readFlags } from './read-flags.ts';

const read = (typed: Readonly<Record<string, string | true>> = {}): FlagValues =>
  readFlags('multidataset train', trainFlags, { model_config: 'm.yaml', dataset_configs_path: 'd', ...typed });

test("the defaults are those of VisionCore's scripts", () => {
  expect(read()).toMatchObject({
    ...{ max_datasets: 30, batch_size: 64, learning_rate: 1e-4, core_lr_scale: 1, weight_decay: 1e-5, max_epochs: 100 },
    ...{ gradient_clip_val: 1, accumulate_grad_batches: 1, lr_scheduler: 'none', warmup_epochs: 5 },
    ...{ enable_curriculum: false, freeze_vision: false, compile: false, precision: 'bf16', num_gpus: 2 },
    ...{ num_workers: 16, steps_per_epoch: 1000, project_name: 'multidataset', checkpoint_dir: './checkpoints' },
    ...{ early_stopping_patience: 10, early_stopping_min_delta: 0, dset_dtype: 'uint8', limit_val_batches: 1 },
    ...{ enable_logging: false, fast_log_interval: 5, slow_log_interval: 10, log_dataset_idx: 7 },
    ...{ homogeneous_batches: false },
  });
  const absent = ['experiment_name', 'pretrained_checkpoint', 'restart_period', 'ckpt_path', 'gpu_ids', 'gpu'];
  expect(Object.keys(read()).filter((name) => [...absent, 'time_budget_minutes'].includes(name))).toEqual([]);
  const frozen = readFlags('multidataset frozencore', frozenCoreFlags, {
    ...{ pretrained_checkpoint: 'c.ckpt', dataset_configs_path: 'd' },
  });
  expect(frozen).toMatchObject({
    ...{ learning_rate: 1e-3, lr_scheduler: 'cosine_warmup', precision: 'bf16-mixed', dset_dtype: 'bfloat16' },
    ...{ project_name: 'frozencore_readouts', early_stopping_patience: 20, log_dataset_idx: 0 },
  });
  expect(['model_type', 'model_index', 'core_lr_scale', 'compile'].filter((name) => name in frozen)).toEqual([]);
});

test('numbers come as Python reads them, and everything that is wrong is said at once', () => {
  expect(read({ learning_rate: '1e-3', batch_size: '256', enable_curriculum: true })).toMatchObject({
    ...{ learning_rate: 1e-3, batch_size: 256, enable_curriculum: true },
  });
  const problems = (() => {
    try {
      return readFlags('multidataset train', trainFlags, {
        ...{ model_config: 'm.yaml', batch_size: '0', learning_rate: 'fast', lr_scheduler: 'cosin' },
        ...{ limit_val_batches: '2', max_epochs: '1.5', warmup_epochs: '' },
      });
    } catch (error) {
      return (error as ConfigError).problems;
    }
  })();
  expect(problems).toEqual([
    '--dataset_configs_path: expected a text, got none; a folder of data set YAML files, or one YAML file with session_dir and sessions',
    '--batch_size: expected an integer above 0, got "0"',
    '--learning_rate: expected a number above 0, got "fast"',
    '--max_epochs: expected an integer above 0, got "1.5"',
    '--lr_scheduler: expected one of none, step, plateau, cosine, cosine_warmup, cosine_warmup_restart, got "cosin"',
    '--warmup_epochs: expected an integer from 0 on, got ""',
    '--limit_val_batches: expected a number above 0, and up to 1, got "2"',
  ]);
  for (const name of ['learning_rate', 'limit_val_batches', 'time_budget_minutes'])
    expect(() => read({ [name]: '0' })).toThrow(`--${name}: expected a number above 0`);
  expect(read({ gradient_clip_val: '0' }).gradient_clip_val).toBe(0);
  expect(() => readFlags('x', trainFlags, {})).toThrow(ConfigError);
});

test('what does nothing beside the other flags is said, by the name of what it needs', () => {
  const idle = (typed: Readonly<Record<string, string | true>>): string[] => idleFlags(trainFlags, read(typed));
  const flags = { restart_period: '3', warmup_epochs: '1', curriculum_warmup_steps: '10', fast_log_interval: '2' };
  expect(idle(flags)).toEqual([
    '--warmup_epochs 1: does nothing without --lr_scheduler cosine_warmup or cosine_warmup_restart',
    '--restart_period 3: does nothing without --lr_scheduler cosine_warmup_restart',
    '--curriculum_warmup_steps 10: does nothing without --enable_curriculum',
    '--fast_log_interval 2: does nothing without --enable_logging',
  ]);
  const needed = { lr_scheduler: 'cosine_warmup_restart', enable_curriculum: true, enable_logging: true } as const;
  expect(idle({ ...flags, ...needed })).toEqual([]);
  expect(idle({ ...flags, ...needed, lr_scheduler: 'cosine_warmup' })).toHaveLength(1);
  expect(idle({ warmup_epochs: '5', slow_log_interval: '10' })).toEqual([]); // the defaults
});

test('the automatic name is that of VisionCore, numbers written as Python does', () => {
  expect(automaticName(read({ model_config: 'configs/learned_res.yaml' }))).toBe(
    'learned_res_ddp_bs64_ds30_lr0.0001_wd1e-05',
  );
  expect(automaticName(read({ learning_rate: '1', weight_decay: '2.5e-7' }))).toBe('m_ddp_bs64_ds30_lr1.0_wd2.5e-07');
  expect(
    automaticFrozenName({
      pretrained_checkpoint: 'a/last.ckpt',
      batch_size: 8,
      max_datasets: 2,
      learning_rate: 1e-3,
      weight_decay: 0,
    }),
  ).toBe('frozencore_last_bs8_ds2_lr0.001_wd0.0');
  expect([1e16, 123456, 0.0001, 1.5e-10].map(pythonFloat)).toEqual(['1e+16', '123456.0', '0.0001', '1.5e-10']);
});
