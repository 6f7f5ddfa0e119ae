// Summaries: counts against closed forms, memory by storage, and nothing left behind.

import { describe, expect, it } from 'vitest';
import { ones, randn, tensor, zeros } from '../tensor/create.ts';
import { manualSeed } from '../tensor/generator.ts';
import { liveTensors } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import * as nn from './index.ts';

class Tied extends nn.Module {
  readonly embed = new nn.Embedding(10, 4);
  readonly body = new nn.Sequential(new nn.Linear(4, 4), new nn.Dropout());
  readonly again = this.body;
  readonly head = Object.assign(new nn.Linear(4, 10), { weight: this.embed.weight });
  readonly unused = new nn.Linear(1, 1, { bias: false });
  forward(x: Tensor): Tensor {
    return this.head.forward(this.body.forward(this.body.forward(this.embed.forward(x))));
  }
}

describe('summary()', () => {
  it('prints a table whose numbers add up', () => {
    const net = new Tied();
    net.freeze('body');
    const text = String(nn.summary(net, { inputs: zeros([2, 3], { dtype: 'int64' }) }));
    expect(text).toBe(
      [
        'Layer                 Output         Parameters  Memory  Trained  Multiply-adds',
        '───────────────────────────────────────────────────────────────────────────────',
        'Tied                  [2, 3, 10]              –       –  in part              –',
        '├─ embed: Embedding   [2, 3, 4]              40   160 B      yes              –',
        '├─ body: Sequential   [2, 3, 4] × 2           –       –       no              –',
        '│  ├─ 0: Linear       [2, 3, 4] × 2          20    80 B       no            192',
        '│  └─ 1: Dropout      [2, 3, 4] × 2           –       –        –              –',
        '├─ again: Sequential  same as body            –       –        –              –',
        '├─ head: Linear       [2, 3, 10]       10 (+40)    40 B      yes            240',
        '└─ unused: Linear     –                       1     4 B      yes              –',
        '───────────────────────────────────────────────────────────────────────────────',
        'Parameters     71, 51 trained',
        'Memory         parameters 284 B, buffers 0 B (0 elements)',
        '               inputs 48 B, outputs of layers 528 B',
        'Multiply-adds  432 in linear, convolution, recurrent and attention layers',
        '( )            parameters that a layer above has too, counted there',
      ].join('\n'),
    );
  });

  it('says what a model has without running it, down to a depth', () => {
    const net = new nn.Sequential(new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3)), new nn.Linear(3, 1));
    const summary = nn.summary(net, { depth: 1 });
    expect(summary.rows.map(({ name, kind, numParameters, isOpen }) => [name, kind, numParameters, isOpen])).toEqual([
      ['', 'Sequential', 19, true],
      ['0', 'Sequential', 15, false],
      ['1', 'Linear', 4, false],
    ]);
    expect([summary.numBufferElements, summary.bufferBytes, summary.multiplyAdds, summary.activationBytes]).toEqual([
      7,
      32,
      undefined,
      undefined,
    ]);
    expect(String(nn.summary(new nn.ReLU(), { depth: 0 }))).toContain('\nReLU            –       –        –\n');
  });

  const shapes: [string, nn.Module, unknown[], number][] = [
    ['Bilinear', new nn.Bilinear(2, 3, 4), [ones([5, 2]), ones([5, 3])], 5 * 4 * 2 * 3],
    ['Conv2d', new nn.Conv2d(4, 6, [3, 2], { groups: 2 }), [ones([1, 4, 5, 5])], 6 * 3 * 4 * 2 * 3 * 2],
    ['ConvTranspose2d', new nn.ConvTranspose2d(4, 6, 3, { groups: 2, stride: 2 }), [ones([1, 4, 5, 5])], 4 * 25 * 3 * 9],
    ['GRU', new nn.GRU(3, 4, { numLayers: 2, bidirectional: true }), [ones([5, 2, 3])], 10 * 2 * (12 * 3 + 12 * 4 + 12 * 8 + 12 * 4)],
    ['LSTMCell', new nn.LSTMCell(3, 4), [ones([2, 3])], 2 * 16 * (3 + 4)],
    ['MultiheadAttention', new nn.MultiheadAttention(4, 2, { kdim: 3, vdim: 5 }), [ones([2, 1, 4]), ones([6, 1, 3]), ones([6, 1, 5])], 2 * 2 * 4 * 4 + 6 * 4 * 8 + 2 * 2 * 6 * 4],
    ['ReLU', new nn.ReLU(), [ones([2])], 0],
  ]; // biome-ignore format: a table
  it.each(shapes)('counts the products of %s', (_, layer, inputs, expected) => {
    expect(nn.summary(layer, { inputs }).multiplyAdds).toBe(expected);
  });

  it('counts memory of outputs once, and none for views and results in place', () => {
    const net = new nn.Sequential(
      new nn.Conv1d(1, 2, 1),
      new nn.ReLU({ inplace: true }),
      new nn.Flatten(),
      new nn.Identity(),
      new nn.Tanh(),
    );
    const { activationBytes, inputBytes } = nn.summary(net, { inputSize: [3, 1, 4] });
    expect([inputBytes, activationBytes]).toEqual([48, 2 * 3 * 2 * 4 * 4]);
  });

  it('leaves modes, hooks, statistics, random numbers and tensors as they were', () => {
    const net = new nn.Sequential(new nn.BatchNorm1d(2), new nn.Dropout(), new nn.Linear(2, 2));
    net.at(1).eval();
    nn.summary(net, { inputSize: [3, 2] });
    const before = settledTensors();
    manualSeed(1);
    const summary = nn.summary(net, { inputSize: [3, 2] });
    const next = randn([1]).item();
    manualSeed(1);
    expect(next).toBe(randn([1]).item());
    expect(liveTensors()).toBeLessThanOrEqual(before + 2);
    expect(summary.rows.length).toBe(4);
    expect(Array.from(net.modules(), ({ training }) => training)).toEqual([true, true, false, true]);
    expect([...net.modules()].some((module) => Object.hasOwn(module, 'forward'))).toBe(false);
    expect(net.getBuffer('0.num_batches_tracked').item()).toBe(0);
  });

  it('puts back what forward writes into buffers', () => {
    class Counting extends nn.Module {
      declare inPlace: Tensor;
      declare replaced: Tensor;
      constructor() {
        super();
        this.registerBuffer('inPlace', zeros([]));
        this.registerBuffer('replaced', zeros([]));
      }
      forward(x: Tensor): Tensor {
        this.inPlace.add_(1);
        this.replaced = this.replaced.add(1);
        return x.add(this.inPlace);
      }
    }
    const net = new Counting();
    const { inPlace, replaced } = net;
    const { rows } = nn.summary(net, { inputSize: [2] });
    expect([net.inPlace === inPlace, net.replaced === replaced]).toEqual([true, true]);
    expect([net.inPlace.item(), net.replaced.item(), rows[0]!.addedBytes]).toEqual([0, 0, 8]);
  });

  it('needs no memory for a model on device meta', () => {
    const net = new nn.Sequential(new nn.Linear(100_000, 100_000, { device: 'meta' }));
    const summary = nn.summary(net, { inputSize: [1, 100_000] });
    expect([summary.numParameters, summary.rows[1]!.outputShapes]).toEqual([10_000_100_000, [[1, 100_000]]]);
    expect(summary.activationBytes).toBe(400_000);
  });

  it('takes several inputs, and shows outputs of any nesting', () => {
    class Two extends nn.Module {
      forward(a: Tensor, b: Tensor): object {
        return { sum: a.add(b), rest: [a, [b]] };
      }
    }
    expect(nn.summary(new Two(), { inputSize: [[2], [1]] }).rows[0]!.outputShapes).toEqual([[2], [2], [1]]);
  });

  it('names the layer in which forward fails, and leaves no hook then', () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Sequential(new nn.Linear(4, 1)));
    expect(() => nn.summary(net, { inputSize: [1, 2] })).toThrow(
      'Cannot summarise Sequential: expected inputs that it takes, got an error in "1.0" (Linear): Cannot run linear',
    );
    expect([...net.modules()].some((module) => Object.hasOwn(module, 'forward'))).toBe(false);
    expect(net.training).toBe(true);
    for (const [options, message] of [
      [{ inputSize: [1], inputs: [] }, 'expected inputs or inputSize, got both'],
      [{ inputs: 3 as never }, 'expected inputs in an array, got number'],
      [{ depth: -1 }, 'expected depth of at least 0, got -1'],
      [{ size: [1] } as never, 'got "size"'],
    ] as const)
      expect(() => nn.summary(net, options)).toThrow(message);
    expect(() => nn.summary(tensor(1) as never)).toThrow('expected a module, got object');
  });
});
