// Features ride beside a step's values without being one of them.
import { expect, test } from 'vitest';
import { ones, tensor, zeros } from '../../tensor/index.ts';
import { MetricsCollector } from '../../trainer/metrics/metrics-collector.ts';
import { FEATURES, featuresOf } from './features.ts';

test('featuresOf() gives what a step put under FEATURES, which is no value of it', () => {
  const features = { vision: ones([2, 3]), text: zeros([2, 3]) };
  const output = { loss: tensor(1), [FEATURES]: features };
  const { vision, text } = featuresOf(output)!;
  expect([vision === features.vision, text === features.text]).toEqual([true, true]);
  const metrics = new MetricsCollector('train', { isBesideHost: () => false });
  metrics.add('a', output, 2);
  expect(Object.keys(metrics.means())).toEqual(['train/loss', 'train/dl_a/loss']);
});

test('featuresOf() gives nothing where there are no two tensors', () => {
  for (const output of [undefined, null, 1, {}, { [FEATURES]: undefined }, { [FEATURES]: { vision: ones([2, 3]) } }])
    expect(featuresOf(output)).toBeUndefined();
});
