// What every callback of this folder has to do, whatever else it does.
import { describe, expect, test } from 'vitest';
import type { Callback } from '../../trainer/loop/events.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import { weightsOf } from '../../trainer/testing/tiny.ts';
import { AlignmentMonitor } from './alignment-monitor.ts';
import { ComponentGradients } from './component-gradients.ts';
import { FeatureCollapseCheck } from './feature-collapse-check.ts';
import { GradientHandler } from './gradient-handler.ts';
import { LossAnomalies } from './loss-anomalies.ts';
import { ModalityBalancingScheduler } from './modality-balancing-scheduler.ts';
import { pairsLoader, pairTrainer } from './testing/two-towers.ts';

type Made = Parameters<NonNullable<Parameters<typeof pairTrainer>[1]>>;

const CASES: Readonly<Record<string, (...made: Made) => Callback>> = {
  AlignmentMonitor: () => new AlignmentMonitor(),
  ComponentGradients: () => new ComponentGradients({ everySteps: 2 }),
  FeatureCollapseCheck: () => new FeatureCollapseCheck(),
  LossAnomalies: () => new LossAnomalies(),
  'LossAnomalies beside a device': () => new LossAnomalies({}, () => true),
  GradientHandler: (_, model) => new GradientHandler(model, { logFrequency: 3 }),
  'ModalityBalancingScheduler without room': (optimizer) =>
    new ModalityBalancingScheduler(optimizer, { checkInterval: 4, maxFactor: 1 }),
};

const config = { logEveryNSteps: 3, hooks: { enableDiagnosis: false } };

async function trained(make?: (...made: Made) => Callback) {
  const log = new KeptLog();
  const made = pairTrainer({ config, loggers: [log] }, (...parts) => (make ? [make(...parts)] : []));
  for (const maxEpochs of [1, 2]) await made.trainer.fit({ trainLoaders: [pairsLoader(16)], maxEpochs });
  return { ...made, log };
}

describe.each(Object.entries(CASES))('%s', (_, make) => {
  test('leaves the weights alone, in two fits of one trainer', async () => {
    expect(weightsOf((await trained(make)).model)).toEqual(weightsOf((await trained()).model));
  });

  test('has a state and takes it, or has none', async () => {
    const [callback] = (await trained(make)).callbacks;
    expect(typeof callback!.state).toBe(typeof callback!.loadState);
    if (!callback!.state) return;
    const state = callback!.state();
    const [other] = (await trained(make)).callbacks;
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, entry) => entry?.value ?? entry);
    other!.loadState!(plain(state) as never);
    expect(other!.state!()).toEqual(state);
  });
});

test('all of them together say nothing of a training that goes well', async () => {
  const log = new KeptLog();
  const { trainer } = pairTrainer({ config, loggers: [log] }, (optimizer, model) => [
    ...[new AlignmentMonitor(), new ComponentGradients(), new FeatureCollapseCheck(), new LossAnomalies()],
    ...[new GradientHandler(model), new ModalityBalancingScheduler(optimizer)],
  ]);
  await trainer.fit({ trainLoaders: [pairsLoader(16)], maxEpochs: 2 });
  expect(log.warnings).toEqual([]);
});
