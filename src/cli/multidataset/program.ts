// A training of `sconce multidataset` as a program of a run: the flags, and what the YAML files said when it began.

import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { loadNative } from '../../binding/load.ts';
import { readRankEnvironment } from '../../distributed/index.ts';
import {
  FrozenCoreModel,
  ModelLoggingCallback,
  MultiDatasetDM,
  MultiDatasetModel,
  multiDatasetTrainer,
  TimeBudgetCallback,
} from '../../multidataset/index.ts';
import { manualSeed } from '../../tensor/index.ts';
import { type Logger, WandbLogger } from '../../tracking/index.ts';
import { findApiKey } from '../../tracking/loggers/wandb/options.ts';
import { EpochHeartbeat } from '../../trainer/callbacks/heartbeat.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { TrainingRun } from '../../trainer/run/run.ts';
import type { RunProgram } from '../program-of-run.ts';
import { isPrimaryRank } from '../ranks/from-primary.ts';
import { placeCheckpoints } from './checkpoint-place.ts';
import { automaticFrozenName, automaticName } from './experiment-name.ts';
import { frozenCoreFlags, trainFlags } from './flags.ts';
import { type FilesOfFlags, readFiles } from './read-files.ts';
import { type FlagValues, idleFlags } from './read-flags.ts';

const PROGRAMS = {
  train: { automaticName, known: trainFlags },
  frozencore: { automaticName: automaticFrozenName, known: frozenCoreFlags },
} as const;

/** What a run's `config.json` keeps. */
interface Asked extends FilesOfFlags {
  readonly command: keyof typeof PROGRAMS;
  readonly flags: FlagValues;
}

/** Reads and checks the files that flags name.
 *  @throws {ConfigError} that lists everything that is wrong with them. */
export async function prepareMultidataset(command: keyof typeof PROGRAMS, flags: FlagValues): Promise<RunProgram> {
  const name = String(flags.experiment_name ?? PROGRAMS[command].automaticName(flags));
  const asked: Asked = {
    command,
    flags: withAbsolutePaths(flags),
    ...(await readFiles(command, name, flags)),
  };
  return programOf(name, asked);
}

/** The same from what a run's folder keeps. */
export function reopenMultidataset(asked: Readonly<Record<string, unknown>>): RunProgram {
  return programOf(String(asked.experiment), asked.multidataset as Asked); // `prepareMultidataset` made it
}

function programOf(name: string, asked: Asked): RunProgram {
  return {
    name,
    asked: { experiment: name, multidataset: asked },
    warnings: warningsOf(asked),
    run: async (run) => {
      await train(name, asked, run);
      return {};
    },
  };
}

/** A run may be resumed from another folder. */
function withAbsolutePaths(flags: FlagValues): FlagValues {
  const paths = ['model_config', 'dataset_configs_path', 'pretrained_checkpoint', 'ckpt_path', 'checkpoint_dir'];
  const entries = Object.entries(flags).map(([key, value]) => [
    key,
    paths.includes(key) ? resolve(String(value)) : value,
  ]);
  return Object.fromEntries(entries) as FlagValues;
}

/** What is honoured in another way than VisionCore's scripts do. */
function warningsOf({ command, flags }: Asked): string[] {
  const workers = workersOf(flags);
  return [
    ...(loadNative().hasCuda() && askedRanks(flags) > 1
      ? [`--num_gpus ${askedRanks(flags)}: one process trains, on one GPU; ranks meet on the CPU alone so far`]
      : []),
    ...(workers < Number(flags.num_workers)
      ? [`--num_workers ${flags.num_workers}: ${workers} threads make batches, as many as the machine has cores`]
      : []),
    ...(flags.compile ? ['--compile: nothing is compiled, the model runs as it is'] : []),
    ...idleFlags(PROGRAMS[command].known, flags),
  ];
}

/** How many ranks the flags ask for. */
function askedRanks(flags: FlagValues): number {
  if (flags.gpu !== undefined) return 1;
  return typeof flags.gpu_ids === 'string' ? flags.gpu_ids.split(',').length : Number(flags.num_gpus);
}

/** How many ranks a training by the flags has: one on GPUs, and on the CPU as many as the user asks for.
 *  @param isSaid - whether the user wrote `--num_gpus`, whose default is for GPUs. */
export function ranksOf(flags: FlagValues, isSaid: boolean): number {
  if (loadNative().hasCuda()) return 1;
  return isSaid ? askedRanks(flags) : 1;
}

const workersOf = (flags: FlagValues): number => Math.min(Number(flags.num_workers), availableParallelism());

async function train(name: string, { command, flags, modelConfig, data }: Asked, run: TrainingRun): Promise<void> {
  const number = (flag: string): number => Number(flags[flag]);
  const text = <T extends string>(flag: string): T => String(flags[flag]) as T; // `readFlags` checked it
  const given = <T>(option: string, flag: string, value = flags[flag]): Record<string, T> =>
    flags[flag] === undefined ? {} : { [option]: value as T };
  const ranks = readRankEnvironment();
  const isPrimary = isPrimaryRank();
  const dm = new MultiDatasetDM({
    configs: data,
    batch: number('batch_size'),
    workers: workersOf(flags),
    stepsPerEpoch: number('steps_per_epoch'),
    dsetDtype: text('dset_dtype'),
    homogeneousBatches: flags.homogeneous_batches === true,
    seed: number('seed'),
    ...(ranks === undefined ? {} : { rank: ranks.rank, world: ranks.worldSize }),
    ...(flags.enable_curriculum
      ? {
          enableCurriculum: true,
          warmupSteps: number('curriculum_warmup_steps'),
          transition: text('curriculum_transition'),
          stepAt: text('curriculum_step_at'),
        }
      : {}),
  });
  await dm.setup();
  manualSeed(number('seed'));
  const rates = {
    lr: number('learning_rate'),
    wd: number('weight_decay'),
    lrScheduler: text('lr_scheduler') as never,
    warmupEpochs: number('warmup_epochs'),
    ...given('restartPeriod', 'restart_period'),
  };
  const of = { datasetConfigs: data.configs, names: data.names, ...rates };
  const model =
    command === 'frozencore'
      ? await FrozenCoreModel.create({
          ...of,
          pretrainedCheckpoint: text('pretrained_checkpoint'),
          ...given('modelType', 'model_type'),
          ...given('modelIndex', 'model_index'),
        })
      : await MultiDatasetModel.create({
          ...of,
          modelConfig: modelConfig ?? {},
          coreLrScale: number('core_lr_scale'),
          freezeVision: flags.freeze_vision === true,
          ...given('pretrainedCheckpoint', 'pretrained_checkpoint'),
        });
  if (loadNative().hasCuda()) model.to(deviceOf(flags));
  const trainer = multiDatasetTrainer({
    ...{ model, dm, run, experimentName: name },
    maxEpochs: number('max_epochs'),
    gradientClipVal: number('gradient_clip_val'),
    accumulateGradBatches: number('accumulate_grad_batches'),
    precision: text('precision'),
    limitValBatches: number('limit_val_batches'),
    earlyStoppingPatience: number('early_stopping_patience'),
    earlyStoppingMinDelta: number('early_stopping_min_delta'),
    seed: number('seed'),
    callbacks: callbacksOf(flags, dm),
    loggers: isPrimary ? [wandbOf(name, flags)] : [],
  });
  if (isPrimary) console.log(startOf(name, flags, model, dm));
  if (isPrimary && !run.isResumed)
    console.log(`Checkpoints: ${shown(await placeCheckpoints(run, text('checkpoint_dir'), name))}`);
  await trainer.train(given('resumeFromCheckpoint', 'ckpt_path'));
  await dm.close();
}

/** A path as the user would write it. */
const shown = (path: string): string => relative(process.cwd(), path) || '.';

function deviceOf(flags: FlagValues): `cuda:${number}` {
  const first = typeof flags.gpu_ids === 'string' ? flags.gpu_ids.split(',')[0] : (flags.gpu ?? 0);
  return `cuda:${Number(first)}`;
}

function callbacksOf(flags: FlagValues, dm: MultiDatasetDM): Callback[] {
  const number = (flag: string): number => Number(flags[flag]);
  return [
    new EpochHeartbeat({ metricKey: 'train_loss' }),
    ...(flags.time_budget_minutes === undefined
      ? []
      : [new TimeBudgetCallback({ timeBudgetMinutes: number('time_budget_minutes') })]),
    ...(flags.enable_logging
      ? [
          new ModelLoggingCallback({
            data: dm,
            fastInterval: number('fast_log_interval'),
            slowInterval: number('slow_log_interval'),
            evalDatasetIdx: number('log_dataset_idx'),
          }),
        ]
      : []),
  ];
}

/** Without a key, and where WANDB_MODE says nothing, the run is written for `wandb sync`. */
function wandbOf(name: string, flags: FlagValues): Logger {
  const { WANDB_MODE, WANDB_BASE_URL = 'https://api.wandb.ai' } = process.env;
  const isOffline = WANDB_MODE === undefined && findApiKey(WANDB_BASE_URL) === undefined;
  if (isOffline)
    console.error('W&B: no API key (WANDB_API_KEY, or wandb login): the run is written to ./logs for "wandb sync"');
  return new WandbLogger({
    ...{ project: String(flags.project_name), name, folder: join('logs', 'wandb') },
    ...(isOffline ? { mode: 'offline' } : {}),
    best: { val_bps_overall: 'max' },
  });
}

/** What VisionCore's scripts print before they train. */
function startOf(name: string, flags: FlagValues, model: MultiDatasetModel, dm: MultiDatasetDM): string {
  const line = '='.repeat(60);
  const trained = [...model.parameters()].filter((parameter) => parameter.requiresGrad);
  const count = (of: readonly { readonly numel: number }[]): string =>
    of.reduce((sum, each) => sum + each.numel, 0).toLocaleString('en-US');
  return [
    line,
    `Starting: ${name}`,
    line,
    `Data sets: ${dm.names.length} (${dm.names.join(', ')})`,
    `Parameters: ${count([...model.parameters()])}, of which ${count(trained)} are trained`,
    `Accumulate grad batches: ${flags.accumulate_grad_batches}`,
    `Num training batches: ${Math.min(Number(flags.steps_per_epoch), dm.trainDataloader().length)}`,
    `Curriculum learning: ${flags.enable_curriculum}`,
    `Pretrained checkpoint: ${flags.pretrained_checkpoint ?? 'None'}`,
    ...('freeze_vision' in flags ? [`Freeze vision: ${flags.freeze_vision}`] : []),
    line,
  ].join('\n');
}
