import { expect, test } from 'vitest';
import { Parameter } from '../../nn/parameter.ts';
import { ExponentialLR, ReduceLROnPlateau, SGD, schedules } from '../../optim/index.ts';
import { zeros } from '../../tensor/create.ts';
import { figure } from './figure.ts';
import type { SchedulePanel } from './panels/schedule.ts';
import { plotSchedule } from './plot-schedule.ts';

const drawSchedule = ({ title, ...panel }: Omit<SchedulePanel, 'kind'> & { title: string }): Promise<string> =>
  figure({ title, panels: [{ kind: 'schedule', ...panel }] }).toSvg();

const sgd = (...rates: number[]): SGD => new SGD(rates.map((lr) => ({ params: [new Parameter(zeros([1]))], lr })));

test('plotSchedule() draws pure schedules by name', async () => {
  const line = schedules.piecewiseLinear([[0, 1], [4, 0]]); // biome-ignore format: points
  const [steps, values] = [
    [0, 1, 2, 3, 4],
    [1, 0.75, 0.5, 0.25, 0],
  ];
  expect(await plotSchedule(line, { numSteps: 4, title: 'one', yLabel: 'factor' })).toBe(
    await drawSchedule({ title: 'one', yLabel: 'factor', series: [{ label: 'x', x: steps, y: values }] }),
  );
  expect(await plotSchedule({ a: line, b: () => 1 }, { numSteps: 4 })).toBe(
    await drawSchedule({
      title: 'schedules',
      series: [{ label: 'a', x: steps, y: values }, { label: 'b', x: steps, y: [1, 1, 1, 1, 1] }], // biome-ignore format: pairs
    }),
  );
});

test('plotSchedule() draws the schedule of an optimizer, from where it is, and leaves it there', async () => {
  const optimizer = sgd(1, 1, 8);
  const scheduler = new ExponentialLR(optimizer, { gamma: 0.5 });
  scheduler.step();
  const [steps, values] = [
    [0, 1, 2],
    [0.5, 0.25, 0.125],
  ];
  expect(await plotSchedule(scheduler, { numSteps: 2 })).toBe(
    await drawSchedule({
      title: 'ExponentialLR',
      series: [{ label: 'group 0, 1', x: steps, y: values }, { label: 'group 2', x: steps, y: [4, 2, 1] }], // biome-ignore format: pairs
    }),
  );
  expect(scheduler.getLastLr()).toEqual([0.5, 0.5, 4]);
  const plateau = new ReduceLROnPlateau(sgd(1), { patience: 0 });
  await plotSchedule(plateau, { numSteps: 3, metric: () => 1 });
  expect([plateau.lastEpoch, plateau.getLastLr()]).toEqual([0, [1]]);
});

test.each<[what: string, draw: () => Promise<string>, message: string]>([
  ['no steps', () => plotSchedule(() => 1, { numSteps: 0 }), 'expected numSteps to be an integer above 0, got 0'],
  ['unknown options', () => plotSchedule(() => 1, { numSteps: 2, steps: 3 } as never), 'got "steps"'],
  ['no schedules', () => plotSchedule({}, { numSteps: 2 }), 'expected schedules, got none'],
  ['other values', () => plotSchedule({ a: 0.1 as never }, { numSteps: 2 }), 'expected "a" to be a function of the step, got number'],
  ['a metric', () => plotSchedule(() => 1, { numSteps: 2, metric: () => 1 }), 'expected no metric, got one'],
])('plotSchedule() refuses %s', async (_, draw, message) => {
  await expect(draw()).rejects.toThrow(message);
}); // biome-ignore format: a table
