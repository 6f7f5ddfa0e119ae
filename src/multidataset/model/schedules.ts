// Schedules of the learning rate by VisionCore's names.

import {
  type AdamW,
  CosineAnnealingLR,
  LinearWarmupCosineAnnealingLR,
  LinearWarmupCosineAnnealingWarmRestartsLR,
  ReduceLROnPlateau,
  StepLR,
} from '../../optim/index.ts';
import type { SchedulerEntry } from '../../trainer/loop/scheduler-entry.ts';
import type { LrSchedulerName } from './hparams.ts';

export interface ScheduleOptions {
  readonly lrScheduler: LrSchedulerName;
  readonly maxEpochs: number;
  readonly warmupEpochs: number;
  readonly restartPeriod?: number | undefined;
  readonly warmupStartLr?: number | undefined;
}

/** The schedule of a name, which moves at the end of each epoch:
 *  `step` halves the rates every 30 epochs; `plateau` halves them when `val_loss` has not fallen for more than 3; `cosine` takes them down to 0 over `maxEpochs`; `cosine_warmup` and
 *  `cosine_warmup_restart` rise over `warmupEpochs` before.
 *  Without `warmupStartLr` a warm-up begins at 1 / (warmupEpochs + 1) of the smallest rate. VisionCore's begins at 0, so that nothing is learned in its first epoch. */
export function scheduleByName(optimizer: AdamW, options: ScheduleOptions): SchedulerEntry[] {
  const { lrScheduler, maxEpochs, warmupEpochs, restartPeriod } = options;
  const least = Math.min(...optimizer.paramGroups.map(({ lr }) => lr));
  const { warmupStartLr = least / (warmupEpochs + 1) } = options;
  const curve = { warmupEpochs, maxEpochs, warmupStartLr };
  switch (lrScheduler) {
    case 'none':
      return [];
    case 'step':
      return [{ scheduler: new StepLR(optimizer, { stepSize: 30, gamma: 0.5 }), interval: 'epoch' }];
    case 'plateau': {
      const scheduler = new ReduceLROnPlateau(optimizer, { mode: 'min', factor: 0.5, patience: 3 });
      return [{ scheduler, interval: 'metric', monitor: 'val_loss' }];
    }
    case 'cosine':
      return [{ scheduler: new CosineAnnealingLR(optimizer, { tMax: maxEpochs }), interval: 'epoch' }];
    case 'cosine_warmup':
      return [{ scheduler: new LinearWarmupCosineAnnealingLR(optimizer, curve), interval: 'epoch' }];
    case 'cosine_warmup_restart': {
      const period = restartPeriod === undefined ? {} : { restartPeriod };
      const scheduler = new LinearWarmupCosineAnnealingWarmRestartsLR(optimizer, { ...curve, ...period });
      return [{ scheduler, interval: 'epoch' }];
    }
  }
}
