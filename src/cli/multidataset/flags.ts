// The flags of `sconce multidataset`, spelled as VisionCore's scripts spell theirs, with their defaults.

/** What a flag takes. */
export interface Flag {
  readonly name: string;
  readonly kind: 'count' | 'index' | 'number' | 'text' | 'switch';
  /** Absent: the flag may be left out, and then nothing is set. */
  readonly default?: number | string | boolean;
  readonly isRequired?: true;
  readonly choices?: readonly string[];
  /** Of a number: what it has to be above, or the least that it may be. */
  readonly above?: number;
  readonly least?: number;
  readonly most?: number;
  /** What another flag has to be for this one to do anything. */
  readonly needs?: { readonly flag: string; readonly values: readonly (string | boolean)[] };
  readonly help: string;
}

const WARMED = { flag: 'lr_scheduler', values: ['cosine_warmup', 'cosine_warmup_restart'] } as const;
const RESTARTING = { flag: 'lr_scheduler', values: ['cosine_warmup_restart'] } as const;
const CURRICULUM = { flag: 'enable_curriculum', values: [true] } as const;
const LOGGING = { flag: 'enable_logging', values: [true] } as const;

const PRECISIONS = ['16', 'bf16', '32', '16-mixed', 'bf16-mixed'];
const DSET_DTYPES = ['uint8', 'bfloat16', 'float32'];

const data: readonly Flag[] = [
  {
    name: 'dataset_configs_path',
    kind: 'text',
    isRequired: true,
    help: 'a folder of data set YAML files, or one YAML file with session_dir and sessions',
  },
  { name: 'max_datasets', kind: 'count', default: 30, help: 'most data sets to load' },
];

/** Of both commands; `standard` are the defaults that differ between them. */
const shared = (standard: {
  readonly learningRate: number;
  readonly scheduler: string;
  readonly precision: string;
  readonly dsetDtype: string;
  readonly project: string;
  readonly patience: number;
  readonly logDatasetIdx: number;
}): readonly Flag[] => [
  { name: 'batch_size', kind: 'count', default: 64, help: 'samples of a batch, in each rank' },
  {
    name: 'learning_rate',
    kind: 'number',
    default: standard.learningRate,
    above: 0,
    help: 'learning rate of adapters and readouts',
  },
  { name: 'weight_decay', kind: 'number', default: 1e-5, least: 0, help: 'weight decay of AdamW' },
  { name: 'max_epochs', kind: 'count', default: 100, help: 'epochs' },
  {
    name: 'gradient_clip_val',
    kind: 'number',
    default: 1,
    least: 0,
    help: 'greatest norm of the gradients; 0 clips none',
  },
  { name: 'accumulate_grad_batches', kind: 'count', default: 1, help: 'batches of one optimizer step' },
  {
    name: 'lr_scheduler',
    kind: 'text',
    default: standard.scheduler,
    choices: ['none', 'step', 'plateau', 'cosine', 'cosine_warmup', 'cosine_warmup_restart'],
    help: 'learning rate schedule',
  },
  {
    name: 'warmup_epochs',
    kind: 'index',
    default: 5,
    needs: WARMED,
    help: 'epochs of warm-up of the cosine_warmup schedules',
  },
  {
    name: 'restart_period',
    kind: 'count',
    needs: RESTARTING,
    help: 'epochs of a cycle of cosine_warmup_restart (default: half of those behind the warm-up)',
  },
  { name: 'enable_curriculum', kind: 'switch', help: 'samples of high contrast come more often at first' },
  {
    name: 'curriculum_warmup_steps',
    kind: 'count',
    default: 8000,
    needs: CURRICULUM,
    help: 'steps until all samples are alike; not in VisionCore, whose number it is',
  },
  {
    name: 'curriculum_transition',
    kind: 'text',
    default: 'clamp',
    needs: CURRICULUM,
    choices: ['clamp', 'blend'],
    help: 'clamp: weights min(alpha c, 1) that jump to equal ones at the end; blend: they pass over gradually',
  },
  {
    name: 'curriculum_step_at',
    kind: 'text',
    default: 'epoch',
    needs: CURRICULUM,
    choices: ['epoch', 'batch'],
    help: 'when the curriculum follows the step: at the next epoch, or during the epoch',
  },
  {
    name: 'precision',
    kind: 'text',
    default: standard.precision,
    choices: PRECISIONS,
    help: '16 is 16-mixed and bf16 is bf16-mixed, as in Lightning',
  },
  {
    name: 'dset_dtype',
    kind: 'text',
    default: standard.dsetDtype,
    choices: DSET_DTYPES,
    help: 'how stimuli lie in memory',
  },
  { name: 'num_gpus', kind: 'count', default: 2, help: 'ranks' },
  { name: 'num_workers', kind: 'index', default: 16, help: 'worker threads that make batches; never more than cores' },
  { name: 'steps_per_epoch', kind: 'count', default: 1000, help: 'most training batches of an epoch' },
  { name: 'project_name', kind: 'text', default: standard.project, help: 'project of W&B' },
  { name: 'experiment_name', kind: 'text', help: 'name of the run (default: made of the settings)' },
  {
    name: 'checkpoint_dir',
    kind: 'text',
    default: './checkpoints',
    help: 'checkpoints lie in a folder of it that is called by the experiment',
  },
  { name: 'ckpt_path', kind: 'text', help: 'checkpoint to go on from' },
  {
    name: 'early_stopping_patience',
    kind: 'count',
    default: standard.patience,
    help: 'validations without a better val_bps_overall until training ends',
  },
  {
    name: 'early_stopping_min_delta',
    kind: 'number',
    default: 0,
    least: 0,
    help: 'how much better counts as better',
  },
  {
    name: 'limit_val_batches',
    kind: 'number',
    default: 1,
    above: 0,
    most: 1,
    help: 'share of the validation batches that are played, the same each time',
  },
  {
    name: 'time_budget_minutes',
    kind: 'number',
    above: 0,
    help: 'the number of epochs is changed so that the training takes so long',
  },
  { name: 'enable_logging', kind: 'switch', help: 'pictures of kernels, and an evaluation, every few epochs' },
  { name: 'fast_log_interval', kind: 'count', default: 5, needs: LOGGING, help: 'epochs between pictures of kernels' },
  { name: 'slow_log_interval', kind: 'count', default: 10, needs: LOGGING, help: 'epochs between evaluations' },
  {
    name: 'log_dataset_idx',
    kind: 'index',
    default: standard.logDatasetIdx,
    needs: LOGGING,
    help: 'number of the data set that is evaluated',
  },
  { name: 'seed', kind: 'index', default: 42, help: 'what all that is random follows from; not in VisionCore' },
];

/** Of VisionCore's train_ddp_multidataset.py, with what later versions and train_multidataset.py added. */
export const trainFlags: readonly Flag[] = [
  { name: 'model_config', kind: 'text', isRequired: true, help: "the model's YAML file" },
  ...data,
  ...shared({
    ...{ learningRate: 1e-4, scheduler: 'none', precision: 'bf16', dsetDtype: 'uint8' },
    ...{ project: 'multidataset', patience: 10, logDatasetIdx: 7 },
  }),
  {
    name: 'core_lr_scale',
    kind: 'number',
    default: 1,
    least: 0,
    help: 'learning rate of frontend, convnet and modulator, as a factor',
  },
  { name: 'pretrained_checkpoint', kind: 'text', help: 'checkpoint whose adapters, frontend and convnet are taken' },
  { name: 'freeze_vision', kind: 'switch', help: 'adapters, frontend and convnet are not trained' },
  { name: 'compile', kind: 'switch', help: 'said, and run uncompiled' },
  { name: 'homogeneous_batches', kind: 'switch', help: 'each batch from one data set' },
  { name: 'gpu', kind: 'index', help: 'number of the one GPU to use' },
  { name: 'gpu_ids', kind: 'text', help: 'numbers of GPUs, as in 0,1' },
];

/** Of VisionCore's train_frozencore_newreadouts.py. */
export const frozenCoreFlags: readonly Flag[] = [
  {
    name: 'pretrained_checkpoint',
    kind: 'text',
    isRequired: true,
    help: 'checkpoint whose core is kept, or a folder of checkpoints',
  },
  { name: 'model_type', kind: 'text', help: 'in a folder: the checkpoints with this in their name' },
  { name: 'model_index', kind: 'index', help: 'in a folder: which, best first (default: the best)' },
  ...data,
  ...shared({
    ...{ learningRate: 1e-3, scheduler: 'cosine_warmup', precision: 'bf16-mixed', dsetDtype: 'bfloat16' },
    ...{ project: 'frozencore_readouts', patience: 20, logDatasetIdx: 0 },
  }),
];
