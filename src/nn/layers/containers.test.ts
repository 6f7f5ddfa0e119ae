// Containers of modules and parameters, copies of layers, and tables that are taken over.

import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { ones, randn, tensor } from '../../tensor/create.ts';
import { Generator, manualSeed } from '../../tensor/generator.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import * as nn from '../index.ts';

describe('Sequential', () => {
  it('is extended, read from either end, and named by an object', () => {
    const chain = new nn.Sequential(new nn.Linear(2, 3)).append(new nn.ReLU());
    expect([chain.length, chain.at(-1).constructor.name]).toEqual([2, 'ReLU']);
    expect(chain.forward(ones([4, 2])).shape).toEqual([4, 3]);
    expect(Object.keys(new nn.Sequential({ head: new nn.Linear(1, 1) }).stateDict())).toEqual([
      'head.weight',
      'head.bias',
    ]);
    expect(() => chain.at(2)).toThrow(new RangeError('Cannot read module 2: expected an index of 2 modules'));
  });
});

describe('ModuleDict', () => {
  it('keeps, replaces and forgets modules by name', () => {
    const dict = new nn.ModuleDict({ a: new nn.ReLU(), b: new nn.Tanh() });
    dict.set('a', new nn.Linear(1, 1));
    expect([dict.length, dict.has('b'), dict.parameters().length]).toEqual([2, true, 2]);
    expect(String(dict)).toBe('ModuleDict(\n  (a): Linear(in_features=1, out_features=1, bias=True)\n  (b): Tanh()\n)');
    expect([dict.delete('a'), dict.delete('a'), dict.parameters().length]).toEqual([true, false, 0]);
    expect([...dict.keys()]).toEqual(['b']);
    expect(Array.from(dict.namedModules(), ([name]) => name)).toEqual(['', 'b']);
  });
});

describe('ParameterList and ParameterDict', () => {
  it('train tensors that are put in, and print them', () => {
    const weight = ones([2, 3]);
    const list = new nn.ParameterList([weight, new nn.Parameter(ones([1], { dtype: 'float64' }))]);
    expect([list.length, list.at(-1).shape, list.parameters().length]).toEqual([2, [1], 2]);
    list.at(0).detach().zero_();
    expect(weight.sum().item()).toBe(0);
    expect(String(list)).toBe(
      'ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2x3]\n    (1): Parameter containing: [torch.float64 of size 1]\n)',
    );
    const dict = new nn.ParameterDict({ b: ones([2]), a: ones([2, 3]) });
    expect(String(dict)).toBe(
      'ParameterDict(\n    (a): Parameter containing: [torch.FloatTensor of size 2x3]\n    (b): Parameter containing: [torch.FloatTensor of size 2]\n)',
    );
    expect(Object.keys(new nn.ParameterDict([['b', ones([1])], ['a', ones([1])]]).stateDict())).toEqual(['b', 'a']); // biome-ignore format: pairs
    expect([dict.delete('a'), dict.has('a'), dict.parameters().length]).toEqual([true, false, 1]);
  });
});

describe('TransformerEncoderLayer.deepCopy()', () => {
  it('copies weights and mode into memory of its own, and draws nothing', () => {
    manualSeed(0);
    const layer = new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 3 }).eval();
    layer.norm1.weight!.requiresGrad = false;
    const next = randn([2]).toArray();
    manualSeed(0);
    new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 3 }).deepCopy();
    expect(randn([2]).toArray()).toEqual(next);
    const copy = layer.deepCopy();
    expect([copy.training, copy.norm1.weight!.requiresGrad, copy.norm2.weight!.requiresGrad]).toEqual([
      false,
      false,
      true,
    ]);
    const x = randn([3, 1, 4], { generator: new Generator(1) });
    expect(copy.forward(x).toArray()).toEqual(layer.forward(x).toArray());
    expect(layer.deepCopy().to({ dtype: 'float64' }).deepCopy().norm2.weight!.dtype).toBe('float64');
    copy.linear1.weight.detach().zero_();
    expect(layer.linear1.weight.abs().sum().item()).not.toBe(0);
  });
});

describe('Embedding.fromPretrained()', () => {
  it('takes over the memory of a table, frozen or not', () => {
    const table = tensor([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    const layer = nn.Embedding.fromPretrained(table);
    expect([layer.weight.requiresGrad, layer.forward(tensor([1n])).toArray()]).toEqual([false, [[3, 4]]]);
    table.zero_();
    expect(layer.forward(tensor([1n])).toArray()).toEqual([[0, 0]]);
    const bags = nn.EmbeddingBag.fromPretrained(ones([2, 3]), { freeze: false, mode: 'sum' });
    expect([bags.weight.requiresGrad, bags.forward(tensor([[0n, 1n]])).toArray()]).toEqual([true, [[2, 2, 2]]]);
  });
});

describe('layers whose options decide what they give', () => {
  it('have the type of it', () => {
    const plain = new nn.MaxPool2d(2);
    const both = new nn.MaxPool2d(2, { returnIndices: true });
    expectTypeOf(plain.forward).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(both.forward).returns.toEqualTypeOf<readonly [maxima: Tensor, indices: Tensor]>();
    const [maxima, indices] = both.forward(tensor([[[[1, 5], [2, 3]]]])); // biome-ignore format: a picture
    expect([maxima.item(), indices.item()]).toEqual([5, 1]);
  });
});

describe('a recurrent layer of one', () => {
  it('warns that its dropout has no place', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    new nn.LSTM(2, 3, { dropout: 0.5 });
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('expected numLayers above 1'),
      'SconceWarning',
    );
    warn.mockRestore();
  });
});
