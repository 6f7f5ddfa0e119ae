// Groups by rules: which parameters fit, how rules combine, and what is refused.

import { describe, expect, it } from 'vitest';
import { Embedding, LayerNorm, Linear, LSTM, Module, ModuleList, type Parameter, Sequential } from '../nn/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { AdamW, describeGroups, NO_DECAY, parameterGroups, type Where } from './index.ts';

class MyRMSNorm extends LayerNorm {}

class Tied extends Module {
  readonly table = new Embedding(5, 4);
  readonly norm = new MyRMSNorm(4);
  readonly core = new ModuleList<Module>([new Linear(4, 4), new LSTM(4, 2)]);
  readonly head = new Linear(4, 5);

  constructor() {
    super();
    Object.assign(this.head, { weight: this.table.weight });
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}

const namesOf = (groups: readonly { params: readonly (readonly [string, Parameter])[] }[]): string[][] =>
  groups.map(({ params }) => params.map(([name]) => name));

describe('parameterGroups()', () => {
  it.each<[string, Where, string[]]>([
    ['biases', 'biases', ['norm.bias', 'core.0.bias', 'core.1.bias_ih_l0', 'core.1.bias_hh_l0', 'head.bias']],
    ['norms, also derived ones', 'norms', ['norm.weight', 'norm.bias']],
    ['embeddings, also shared ones', 'embeddings', ['table.weight']],
    ['names', /^core\.1\.weight/g, ['core.1.weight_ih_l0', 'core.1.weight_hh_l0']],
    ['vectors', { maxNdim: 1 }, ['norm.weight', 'norm.bias', 'core.0.bias', 'core.1.bias_ih_l0', 'core.1.bias_hh_l0', 'head.bias']],
    ['what a function says', ({ owners }) => owners.length === 2, ['table.weight']],
    ['any of a list', [/^head/, 'embeddings'], ['table.weight', 'head.bias']],
  ])('finds %s', (_, where, expected) => {
    const groups = parameterGroups(new Tied(), { rules: [{ where, weightDecay: 0 }] });
    const found = groups.find((group) => group.weightDecay === 0)!;
    expect(namesOf([found])).toEqual([expected]);
    expect(namesOf(groups).flat().sort()).toEqual(Array.from(new Tied().namedParameters(), ([name]) => name).sort());
  }); // biome-ignore format: a table

  it('lets later rules take the place of earlier ones, and multiplies scales', () => {
    const groups = parameterGroups<{ weightDecay: number }>(new Sequential(new Linear(2, 2), new Linear(2, 2)), {
      lr: 0.5,
      rules: [
        { where: /weight/, weightDecay: 0.1, lrScale: 0.5 },
        { where: /^1/, weightDecay: 0.3, lrScale: 0.5 },
      ],
    });
    expect(groups.map(({ params: _, ...settings }) => settings)).toEqual([
      { lr: 0.25, weightDecay: 0.1 },
      { lr: 0.5 },
      { lr: 0.125, weightDecay: 0.3 },
      { lr: 0.25, weightDecay: 0.3 },
    ]);
    expect(namesOf(groups)).toEqual([['0.weight'], ['0.bias'], ['1.weight'], ['1.bias']]);
  });

  it('makes groups that optimizers take, names included', () => {
    const model = new Tied();
    const optimizer = new AdamW(parameterGroups(model, { rules: [{ where: NO_DECAY, weightDecay: 0 }] }), {
      weightDecay: 0.1,
    });
    expect(optimizer.paramGroups.map(({ weightDecay, paramNames }) => [weightDecay, paramNames!.length])).toEqual([[0, 7], [0.1, 3]]); // biome-ignore format: pairs
    expect(new Set(optimizer.parameters())).toEqual(new Set(model.parameters()));
    expect(optimizer.stateDict().param_groups[1]!.param_names).toEqual(['core.0.weight', 'core.1.weight_ih_l0', 'core.1.weight_hh_l0']); // biome-ignore format: names
  });

  it.each<[string, object, string]>([
    ['a pattern that fits nothing', { rules: [{ where: ['biases', /wieght/], weightDecay: 0 }] }, 'expected a name that fits /wieght/ of rule 0, got weight, bias'],
    ['a scale of nothing', { rules: [{ where: 'biases', lrScale: 2 }] }, 'expected lr beside the lrScale of rule 0, got undefined'],
    ['a negative scale', { lr: 1, rules: [{ where: 'biases', lrScale: -2 }] }, 'expected lrScale of at least 0 in rule 0, got -2'],
    ['an unknown option', { lrs: 1, rules: [] }, 'expected options of { lr, rules }, got "lrs"'],
    ['another kind', { rules: [{ where: 'bias' }] }, 'expected "biases", "norms", "embeddings", a RegExp, { maxNdim } or a function for where, got "bias"'],
  ])('refuses %s', (_, options, message) => {
    expect(() => parameterGroups(new Linear(1, 1), options as never)).toThrow(`Cannot make parameter groups: ${message}`);
  }); // biome-ignore format: a table

  it('describeGroups() also takes groups without names', () => {
    expect(describeGroups([{ params: new Linear(2, 1).parameters(), lr: 0.1 }])).toBe(
      'group 0: 2 parameters, 3 elements, lr 0.1\n  (no name) [1, 2]\n  (no name) [1]',
    );
  });
});
