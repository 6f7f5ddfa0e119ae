// How names of parameters are shortened in names of experiments. Every short form belongs to one parameter: names would collide else.

/** Long and short, in snake_case; a camelCase spelling is the same parameter. Source: model-training-framework's table, without its pairs that collide, and with the fields of our configuration. */
const PAIRS = `
learning_rate lr; batch_size batch; weight_decay wdecay; gradient_accumulation_steps grad_accum; hidden_size hidden; hidden_dim hdim; hidden_dims hdims; num_layers layers; num_heads nheads; optimizer optim;
scheduler sched; dataset_name dataset; sampling_strategy sampling; num_epochs nep; max_epochs maxep; max_steps maxst; total_steps totst; warmup_steps warmst; warmup_epochs warmep; warmup_ratio warmrat; warmup_start_factor warmfac;
max_grad_norm gradmax; clip_grad_norm clipnorm; clip_grad_value clipval; dropout drop; dropout_rate droprate; attention_dropout attndrop; activation act; activation_function actfn; embedding_dim embdim; embedding_size embsize; vocab_size vsize;
max_length maxlen; sequence_length seqlen; num_classes ncls; num_workers nwork; dataloader_num_workers loadworkers; prefetch_factor pref; persistent_workers persist; pin_memory pin; momentum mom; nesterov nest; betas betas; beta1 b1; beta2 b2;
epsilon epsn; amsgrad ams; gamma gam; step_size stepsize; milestones miles; min_lr minlr; max_lr maxlr; eta_min etamin; factor fac; patience pat; cooldown cool; threshold thresh; label_smoothing smooth; temperature temp; margin marg;
loss_function lossfn; loss_weight lossw; loss_weights_per_loader lossws; per_loader_optimizer_id optids; kernel_size ksize; num_filters nfilt; in_channels inch; out_channels outch; stride str; padding pad; dilation dil; pooling pool;
normalization norm; batch_norm bnorm; layer_norm lnorm; use_bias bias; initializer init; init_std initstd; pretrained pre; freeze frz; freeze_layers frzl; backbone back; architecture arch; model model; model_name mname; model_type mtype; model_size msize;
data data; data_path dpath; train_split trsplit; val_split valsplit; test_split tesplit; augmentation aug; augment augm; shuffle shuf; drop_last dlast; image_size img; patch_size psize; crop_size crop; resize rsz; mixup mix; cutmix cmix; seed seed;
random_seed rseed; deterministic det; precision prec; use_amp amp; mixed_precision mprec; channels_last chlast; compile_model cmodel; early_stopping_patience espat; early_stopping_metric esmet; early_stopping_mode esmode; early_stopping_min_delta esdelta;
validate_every_n_epochs valep; validation val; validation_frequency valfreq; log_frequency logfreq; log_every_n_steps logst; save_frequency savefreq; save_every_n_steps savest; save_every_n_epochs saveep; max_checkpoints maxck; checkpoint ckpt;
performance perf; preemption preempt; logging logs; training train; train_loader_config trload; val_loader_config valload; dataloader_weights dlw; alternating_pattern altpat; epoch_length_policy eplen; steps_per_epoch stepsep; cycle_short_loaders cycle;
burst_size burst; max_batches_per_epoch maxb; loss_mix lmix; weight_schedule wsched; averaging avg; decay dec; ema_decay emadec; start_step startst; every_n_steps everyst; limit_batches limb; overfit_batches overfit; fast_dev_run dev; dry_run dry;
non_finite nonfin; weight_decay_on wdon; lr_scale lrs; num_samples nsamp; latent_dim lat; num_experts experts; top_k topk; alpha alpha; lambda lam; regularization reg; l1_weight l1; l2_weight l2; contrastive_weight contw; kl_weight klw; projection_dim proj
`;

/** Short forms by name. */
export const ABBREVIATIONS: ReadonlyMap<string, string> = new Map(
  PAIRS.split(';').map((pair) => pair.trim().split(' ') as [string, string]),
);

const TAKEN = new Set(ABBREVIATIONS.values());
/** `lr` is what `learning_rate` is called in most configurations, ours too. */
const SAME = new Set(['lr']);

export interface ShortKey {
  readonly text: string;
  /** Whether no other parameter is written so. */
  readonly isExact: boolean;
}

/** A parameter's name as experiments' names have it; one without a short form stays as it is. */
export function shortenKey(key: string): ShortKey {
  const snake = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase();
  const short = ABBREVIATIONS.get(snake);
  if (short !== undefined) return { text: short, isExact: isCanonical(key) };
  const isPlain = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/.test(snake);
  const text = isPlain ? snake : sanitize(snake);
  return { text, isExact: isPlain && isCanonical(key) && (!TAKEN.has(snake) || SAME.has(snake)) };
}

/** Whether a name is snake_case or camelCase, whose other spelling is the same parameter in a configuration. */
function isCanonical(key: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/.test(key) || /^[a-z][a-z0-9]*([A-Z][a-z0-9]*)+$/.test(key);
}

/** What a folder can be called: other characters become `_`. */
export function sanitize(text: string): string {
  return text
    .replace(/[<>:"/\\|?*\s{}[\],]|[^\x21-\uffff]/g, '_')
    .replace(/_+/g, '_')
    .replace(/^[_.]+|_+$/g, '');
}
