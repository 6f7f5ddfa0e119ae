// Freezing by name, and modes that come back.

import { describe, expect, it } from 'vitest';
import { ones } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as nn from './index.ts';

class Net extends nn.Module {
  readonly encoder = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2), new nn.Dropout());
  readonly encoder2 = new nn.Linear(2, 2);
  readonly head = new nn.Linear(2, 1);
  readonly tied = this.head.weight;
  forward(x: Tensor): Tensor {
    return this.head.forward(this.encoder2.forward(this.encoder.forward(x)));
  }
}

const trained = (net: nn.Module): string[] =>
  Array.from(net.namedParameters(), ([name, { requiresGrad }]) => (requiresGrad ? [name] : [])).flat();

describe('Module.freeze()', () => {
  it.each<[nn.NamePattern, string[]]>([
    ['encoder', ['encoder.0.weight', 'encoder.0.bias', 'encoder.1.weight', 'encoder.1.bias']],
    ['encoder.*', ['encoder.0.weight', 'encoder.0.bias', 'encoder.1.weight', 'encoder.1.bias']],
    ['encoder?', ['encoder2.weight', 'encoder2.bias']],
    ['*.bias', ['encoder.0.bias', 'encoder.1.bias', 'encoder2.bias', 'head.bias']],
    ['encoder.[!0].w*', ['encoder.1.weight']],
    [/\.1\.|^head/g, ['encoder.1.weight', 'encoder.1.bias', 'head.weight', 'head.bias']],
    [
      ['head', /2\.bias$/],
      ['encoder2.bias', 'head.weight', 'head.bias'],
    ],
    ['head.weight', ['head.weight']],
  ])('finds %s', (pattern, names) => {
    const net = new Net();
    const report = net.freeze(pattern);
    expect(report.parameters).toEqual(names);
    expect(names.every((name) => !net.getParameter(name).requiresGrad)).toBe(true);
    expect(report.numElements).toBe(names.reduce((sum, name) => sum + net.getParameter(name).numel, 0));
    expect(net.unfreeze(pattern).parameters).toEqual(names);
    expect(trained(net).length).toBe(8);
  });

  it('counts a shared parameter once and reports it under all its names', () => {
    const net = new Net();
    const report = net.freeze(['tied', 'head']);
    expect([report.parameters, report.numElements]).toEqual([['tied', 'head.weight', 'head.bias'], 3]);
  });

  it('says that nothing matches, and with what names begin', () => {
    expect(() => new Net().freeze('encodr.*')).toThrow(
      new RangeError(
        'Cannot freeze parts of Net: expected names that match "encodr.*", got none among 9 parameters; they begin with "tied", "encoder", "encoder2", "head"',
      ),
    );
    expect(() => new Net().unfreeze([/x/, 'y'])).toThrow('expected names that match /x/, "y", got none');
    expect(() => new Net().freeze(3 as never)).toThrow(
      new TypeError('Cannot freeze parts of Net: expected a string or a regular expression, got number 3'),
    );
    expect(() => new Net().freeze('[a')).toThrow(SyntaxError);
    expect(() => new Net().freeze('head', { evaluate: true } as nn.FreezeOptions)).toThrow('got "evaluate"');
  });

  it('freezes parameters that wait for their shape', () => {
    const net = new nn.Sequential(new nn.LazyLinear(2));
    expect(net.freeze('0.weight')).toEqual({ parameters: ['0.weight'], numElements: 0, updating: [] });
    net.forward(ones([1, 3]));
    expect(trained(net)).toEqual(['0.bias']);
  });

  it('reports running statistics that go on changing, unless it keeps them in evaluation', () => {
    const net = new Net();
    const norm = net.encoder.at(1) as nn.BatchNorm1d;
    expect(net.freeze('*.weight').updating).toEqual(['encoder.1']);
    net.train();
    net.forward(ones([4, 2]));
    expect(norm.num_batches_tracked!.item()).toBe(1);
    expect(net.freeze('encoder', { inEval: true }).updating).toEqual([]);
    net.train();
    expect(Array.from(net.namedModules(), ([name, { training }]) => (training ? [name] : [])).flat()).toEqual([
      '',
      'encoder2',
      'head',
    ]);
    net.forward(ones([4, 2]));
    expect(norm.num_batches_tracked!.item()).toBe(1);
    expect(net.deepCopy().train().encoder.training).toBe(false);
    net.unfreeze('encoder');
    net.train();
    expect([...net.modules()].every(({ training }) => training)).toBe(true);
  });
});

describe('Module.evalMode()', () => {
  const modes = (net: nn.Module): boolean[] => Array.from(net.modules(), ({ training }) => training);

  it('gives every module its own mode again, after an exception too', () => {
    const net = new Net();
    net.encoder.at(1).eval();
    const before = modes(net);
    expect(() => {
      using _ = net.evalMode();
      expect(modes(net)).toEqual(before.map(() => false));
      throw new Error('stop');
    }).toThrow('stop');
    expect(modes(net)).toEqual(before);
    const mode = net.trainMode();
    expect(modes(net)).toEqual(before.map(() => true));
    mode.restore();
    net.eval();
    mode.restore(); // once
    expect(modes(net)).toEqual(before.map(() => false));
  });

  it('nests', () => {
    const net = new Net();
    {
      using _outer = net.evalMode();
      {
        using _inner = net.head.trainMode();
        expect([net.training, net.head.training]).toEqual([false, true]);
      }
      expect(net.head.training).toBe(false);
    }
    expect(net.head.training).toBe(true);
  });

  it('restores where a class refuses the mode', () => {
    class Stubborn extends nn.Sequential {
      override train(): this {
        throw new Error('no');
      }
    }
    const net = new nn.Sequential(new nn.Dropout(), new Stubborn());
    expect(() => net.evalMode()).toThrow('no');
    expect(modes(net)).toEqual([true, true, true]);
    expect(() => net.train('yes' as never)).toThrow(
      new TypeError('Cannot set the mode of Sequential: expected a boolean, got string "yes"'),
    );
  });
});
