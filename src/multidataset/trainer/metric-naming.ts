// VisionCore's names of what a training measures.

/** From a trainer's name to VisionCore's, for `metricNaming`: `train_loss` (the mean over the data sets of a batch, without penalties; with them `train_total_loss`), `train_loss/{name}`, `train_nan_skip/{name}`,
 *  `aux_loss`, `reg_loss/{regulariser}`, `val_loss`, `val_loss/{name}`, `val_bps/{name}`, `val_bps_overall`. Other names of steps and metrics get `train_` and `val_` in front;
 *  values of single loaders stay inside.
 *  @param hasTerms - whether the loss has more terms than the data sets'.
 *  @example
 *  import { seedNaming } from 'sconce/multidataset';
 *  ['train/base_loss', 'train/loss/Allen', 'val/bps_overall'].map(seedNaming(false)); // ['train_loss', 'train_loss/Allen', 'val_bps_overall'] */
export function seedNaming(hasTerms: boolean): (name: string) => string | undefined {
  return (name) => {
    const [, phase, value] = /^(train|val|test)\/(.+)$/.exec(name) ?? [];
    if (phase === undefined || value === undefined) return name;
    if (value.startsWith('dl_')) return undefined;
    if (value === 'base_loss') return `${phase}_loss`;
    if (value === 'loss' && phase === 'train') return hasTerms ? 'train_total_loss' : undefined;
    if (value === 'aux_loss' || value.startsWith('reg_loss/')) return value;
    return `${phase}_${value}`;
  };
}
