// Means by loader and over all, by hand; what a log point takes out; and that neither reading nor a resume changes a bit of them.
import { describe, expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { MetricsCollector } from './metrics-collector.ts';
import { weighted } from './weighted-value.ts';

const places: [where: string, isBesideHost: () => boolean][] = [
  ['on the host', () => false],
  ['on the device', () => true],
];

for (const [where, isBesideHost] of places) {
  describe(`MetricsCollector with sums ${where}`, () => {
    const collector = (phase: 'train' | 'val'): MetricsCollector => new MetricsCollector(phase, { isBesideHost });

    test('means() weighs every batch by its samples, by loader and over all loaders', () => {
      const metrics = collector('val');
      metrics.add('a', { loss: tensor(1), accuracy: 0.5 }, 2);
      metrics.add('a', { loss: tensor(4), accuracy: 1 }, 6);
      metrics.add('b', { loss: tensor(10) }, 8);
      expect(metrics.means()).toEqual({
        'val/loss': (1 * 2 + 4 * 6 + 10 * 8) / 16,
        'val/accuracy': (0.5 * 2 + 1 * 6) / 8, // only the loaders that have it
        'val/dl_a/loss': (1 * 2 + 4 * 6) / 8,
        'val/dl_a/accuracy': (0.5 * 2 + 1 * 6) / 8,
        'val/dl_b/loss': 10,
      });
    });

    test('weighted() gives a value a weight of its own, 0 included, that a state keeps', () => {
      const metrics = collector('train');
      metrics.add('a', { loss: 1, 'loss/x': weighted(tensor(1), 3), inner: { y: weighted(2, 1) } }, 8);
      metrics.add('a', { loss: 1, 'loss/x': weighted(tensor(5), tensor(1)), 'loss/z': weighted(7, tensor(0)) }, 8);
      const expected = { 'train/loss': 1, 'train/loss/x': 2, 'train/inner.y': 2 };
      expect(metrics.means()).toMatchObject(expected);
      expect(metrics.means()).not.toHaveProperty('train/loss/z');
      const other = collector('train');
      other.loadState(metrics.state());
      for (const each of [metrics, other]) each.add('a', { 'loss/x': weighted(tensor(8), tensor(2)) }, 8);
      expect(metrics.means()['train/loss/x']).toBeCloseTo((3 + 5 + 16) / 6, 12);
      expect(other.means()).toEqual(metrics.means());
      expect(other.meansSinceLast()).toEqual(metrics.meansSinceLast());
      metrics.reset();
      expect(metrics.means()).toEqual({});
    });

    test('meansSinceLast() covers what came since its last call, and leaves the means as they are', () => {
      const metrics = collector('train');
      metrics.add('a', { loss: tensor(1) }, 2);
      metrics.add('b', { loss: tensor(3) }, 2);
      expect(metrics.meansSinceLast()).toEqual({ 'train/loss': 2, 'train/dl_a/loss': 1, 'train/dl_b/loss': 3 });
      metrics.add('a', { loss: tensor(7) }, 4);
      expect(metrics.meansSinceLast()).toEqual({ 'train/loss': 7, 'train/dl_a/loss': 7 }); // b had no batch
      expect(metrics.meansSinceLast()).toEqual({});
      expect(metrics.means()).toEqual({
        'train/loss': (2 + 6 + 28) / 8,
        'train/dl_a/loss': (2 + 28) / 6,
        'train/dl_b/loss': 3,
      });
    });

    test('takes tensors of one element of any shape and dtype, and numbers; it leaves the rest', () => {
      const metrics = collector('val');
      const values = {
        scalar: tensor(0.5),
        row: tensor([0.25]),
        matrix: tensor([[2]]),
        integer: tensor(3).to('int64'),
        half: tensor(1.5).to('bfloat16'),
        truth: tensor(1).to('bool'),
        number: 4,
        several: tensor([1, 2]),
        text: 'text',
        nothing: undefined,
      };
      metrics.add('a', values, 2);
      metrics.add('a', values, 3);
      const means = Object.entries(metrics.means()).filter(([name]) => name.startsWith('val/dl_a/'));
      expect(Object.fromEntries(means.map(([name, value]) => [name.slice('val/dl_a/'.length), value]))).toEqual({
        scalar: 0.5,
        row: 0.25,
        matrix: 2,
        integer: 3,
        half: 1.5,
        truth: 1,
        number: 4,
      });
    });

    test('takes values in objects by dotted names, any depth, and leaves the rest', () => {
      const metrics = collector('train');
      const values = (top1: number) => ({
        loss: tensor(1),
        recalls: { top1: tensor(top1), text: 'none', deep: { er: 3 }, list: [1], outputs: { logits: tensor([1, 2]) } },
        module: new (class Own {
          value = 1;
        })(),
      });
      metrics.add('a', values(0.5), 1);
      metrics.add('a', values(1), 3);
      expect(metrics.means()).toEqual({
        ...{ 'train/loss': 1, 'train/recalls.top1': 0.875, 'train/recalls.deep.er': 3 },
        ...{ 'train/dl_a/loss': 1, 'train/dl_a/recalls.top1': 0.875, 'train/dl_a/recalls.deep.er': 3 },
      });
      const own: Record<string, unknown> = {};
      own.own = own;
      expect(() => metrics.add('a', own, 1)).toThrow(
        'Cannot collect values: expected objects in objects 16 deep at most, got more under "own.own.own.own"',
      );
    });

    test('sums in double precision', () => {
      const metrics = collector('train');
      for (let i = 0; i < 1000; i++) metrics.add('a', { loss: tensor(16_777_217) }, 1); // rounds to 16777216 in float32
      metrics.add('a', { loss: tensor(1001) }, 1);
      expect(metrics.means()['train/loss']).toBe((1000 * Math.fround(16_777_217) + 1001) / 1001);
    });

    test('gives the same bits whether it was read, saved and restored on the way or not', () => {
      // The sum of such numbers depends on their order.
      const values = Array.from({ length: 40 }, (_, i) => Math.sin(i) * 10 ** ((i % 13) - 9));
      const whole = collector('train');
      for (const value of values) whole.add('a', { loss: tensor(value), other: value }, 3);
      let parts = collector('train');
      values.forEach((value, i) => {
        parts.add('a', { loss: tensor(value), other: value }, 3);
        if (i % 3 === 0) parts.means();
        if (i % 7 !== 0) return;
        const state = JSON.parse(JSON.stringify(parts.state()));
        parts = collector('train');
        parts.loadState(state);
      });
      expect(parts.means()).toEqual(whole.means());
      expect(parts.state()).toEqual(whole.state());
    });

    test('restored goes on with its log points', () => {
      const metrics = collector('train');
      metrics.add('a', { loss: tensor(1) }, 1);
      metrics.meansSinceLast();
      metrics.add('a', { loss: tensor(2) }, 1);
      const restored = collector('train');
      restored.loadState(metrics.state());
      restored.add('a', { loss: tensor(5) }, 1);
      expect(restored.meansSinceLast()['train/loss']).toBe(3.5);
    });

    test('reset() forgets everything', () => {
      const metrics = collector('train');
      metrics.add('a', { loss: tensor(1) }, 1);
      metrics.reset();
      expect(metrics.means()).toEqual({});
      metrics.add('b', { loss: tensor(2) }, 1);
      expect(metrics.meansSinceLast()).toEqual({ 'train/loss': 2, 'train/dl_b/loss': 2 });
    });
  });
}
