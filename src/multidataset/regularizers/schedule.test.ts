// Schedules of regularisers at every epoch, the edges of each kind included.

import { expect, it } from 'vitest';
import { type RegularizerSchedule, strengthAt } from './schedule.ts';

const OFF = undefined;

it.each<[string, RegularizerSchedule, (number | undefined)[]]>([
  ['constant', { kind: 'constant' }, [8, 8, 8, 8, 8, 8, 8]],
  ['warmup from the start', { kind: 'warmup' }, [8, 8, 8, 8, 8, 8, 8]],
  ['warmup with an open end', { kind: 'warmup', start_epoch: 2 }, [OFF, OFF, 8, 8, 8, 8, 8]],
  [
    'warmup to an epoch, this included',
    { kind: 'warmup', start_epoch: 2, end_epoch: 4 },
    [OFF, OFF, 8, 8, 8, OFF, OFF],
  ],
  ['warmup of one epoch', { kind: 'warmup', start_epoch: 2, end_epoch: 2 }, [OFF, OFF, 8, OFF, OFF, OFF, OFF]],
  ['linear_ramp, which stays on', { kind: 'linear_ramp', start_epoch: 1, end_epoch: 5 }, [OFF, OFF, 2, 4, 6, 8, 8]],
  ['linear_ramp without a length', { kind: 'linear_ramp', start_epoch: 3 }, [OFF, OFF, OFF, 8, 8, 8, 8]],
  ['linear_ramp from epoch 0', { kind: 'linear_ramp', end_epoch: 2 }, [OFF, 4, 8, 8, 8, 8, 8]],
  [
    'linear_decay',
    { kind: 'linear_decay', start_epoch: 1, end_epoch: 5, start_lambda: 16 },
    [OFF, 16, 14, 12, 10, 8, 8],
  ],
  ['linear_decay upwards', { kind: 'linear_decay', end_epoch: 4, start_lambda: 0 }, [0, 2, 4, 6, 8, 8, 8]],
  [
    'linear_decay without a length',
    { kind: 'linear_decay', start_epoch: 2, start_lambda: 16 },
    [OFF, OFF, 8, 8, 8, 8, 8],
  ],
  ['linear_decay without its begin', { kind: 'linear_decay', start_epoch: 1, end_epoch: 5 }, [OFF, 8, 8, 8, 8, 8, 8]],
])('strengthAt() of %s', (_, schedule, strengths) => {
  expect(strengths.map((__, epoch) => strengthAt(schedule, 8, epoch))).toEqual(strengths);
});

it.each([-1, 0.5, Number.NaN])('strengthAt() refuses epoch %d', (epoch) => {
  expect(() => strengthAt({ kind: 'constant' }, 1, epoch)).toThrow(`expected an epoch from 0 on, got ${epoch}`);
});
