// What a state that does not fit is told, and how its names are made to fit.

import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { ones, tensor, zeros } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import * as nn from './index.ts';

const blocks = (count: number): nn.Sequential =>
  new nn.Sequential({
    layers: new nn.Sequential(
      ...Array.from({ length: count }, () => new nn.Sequential({ fc: new nn.Linear(1, 1), norm: new nn.LayerNorm(1) })),
    ),
    head: new nn.Linear(1, 1),
  });

function messageOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    return (error as CheckpointError).message;
  }
  throw new Error('expected an error');
}

describe('Module.loadStateDict()', () => {
  it('groups hundreds of names by blocks', () => {
    const model = blocks(100);
    const { 'head.weight': _, ...state } = blocks(3).stateDict();
    const message = messageOf(() => model.loadStateDict({ ...state, 'layers.0.extra': ones([1]) }));
    expect(message).toBe(
      [
        "Cannot load a state into Sequential: expected the module's own names and shapes, got",
        '  missing, 389 names:',
        '    layers.{3-99}.fc.{weight, bias} (194)',
        '    layers.{3-99}.norm.{weight, bias} (194)',
        '    head.weight',
        '  unexpected: layers.0.extra',
      ].join('\n'),
    );
  });

  it('counts what is beyond twenty lines', () => {
    const names = Array.from({ length: 30 }, (_, i) => [`a${i}`, new nn.Linear(2, 1, { bias: false })] as const);
    const model = new nn.ModuleDict(names);
    const wrong = Object.fromEntries(names.map(([name]) => [`${name}.weight`, ones([2, 1])]));
    const lines = messageOf(() => model.loadStateDict(wrong)).split('\n');
    expect([lines.length, lines[1], lines.at(-1)]).toEqual([
      22,
      '  "a0.weight": expected shape [1, 2], got [2, 1]',
      '  … and 10 more that do not fit',
    ]);
    expect(messageOf(() => model.loadStateDict({}))).toContain('missing: all 30 names; the state is empty');
  });

  it.each(['module.', 'model.', '_orig_mod.', '_orig_mod.module.', 'net.encoder.'])(
    'names the way out of the prefix "%s"',
    (prefix) => {
      const model = blocks(2);
      const wrapped = nn.addPrefix(model.stateDict(), prefix);
      const message = messageOf(() => model.loadStateDict({ ...wrapped, epoch: tensor(1) }));
      expect(message).toContain(
        `\n  the state's names begin with "${prefix}": load nn.stripPrefix(state, '${prefix}')`,
      );
      const outer = prefix.split('.').slice(0, -1).reverse().reduce<nn.Module>((inner, name) => new nn.ModuleDict<nn.Module>({ [name]: inner }), model); // biome-ignore format: one line
      expect(messageOf(() => outer.loadStateDict(model.stateDict()))).toContain(
        `\n  the state's names lack "${prefix}": load nn.addPrefix(state, '${prefix}')`,
      );
      expect(model.loadStateDict(nn.stripPrefix(wrapped, prefix))).toEqual({ missing: [], unexpected: [] });
    },
  );

  it('suggests no prefix where it would not help', () => {
    const model = new nn.Linear(1, 1);
    expect(messageOf(() => model.loadStateDict({ 'a.b': ones([1]) }))).not.toContain('prefix');
  });

  it.each([
    ['float32', 'int64', 'expected integers (int64), got float32'],
    ['complex64', 'float32', 'expected floating-point numbers (float32), got complex64'],
    ['int64', 'bool', 'expected booleans (bool), got int64'],
  ] as const)('refuses %s values for a buffer of %s, which would lose some', (from, to, problem) => {
    const model = new nn.Identity();
    model.registerBuffer('x', zeros([1], { dtype: to }));
    const state = { x: ones([1], { dtype: from }) };
    expect(messageOf(() => model.loadStateDict(state))).toContain(
      `\n  "x": ${problem}; convert it with to() if that loses nothing`,
    );
    const back = new nn.Identity();
    back.registerBuffer('x', zeros([1], { dtype: from }));
    back.loadStateDict({ x: ones([1], { dtype: to }) });
    expect(back.getBuffer('x').equal(ones([1], { dtype: from }))).toBe(true);
  });

  it('takes one element of old files for a tensor without dimensions', () => {
    const model = new nn.Identity();
    model.registerBuffer('x', tensor(0));
    model.loadStateDict({ x: tensor([4]) });
    expect(model.getBuffer('x').item()).toBe(4);
  });

  it('refuses what is no state, unknown options, and memory that is not there', () => {
    const model = new nn.Linear(1, 1, { device: 'meta' });
    const state = new nn.Linear(1, 1).stateDict();
    for (const wrong of [null, undefined, 3, [ones([1])], new Map(Object.entries(state))])
      expect(() => model.loadStateDict(wrong as never)).toThrow('expected an object of tensors by name, got ');
    expect(() => model.loadStateDict(state, { mode: 1 } as nn.LoadStateDictOptions)).toThrow(
      'expected options of { strict, assign }, got "mode"',
    );
    expect(messageOf(() => model.loadStateDict(state))).toContain(
      'load with { assign: true }, or call toEmpty() before',
    );
  });

  it('assigns tensors with their dtype and memory where told so, and keeps whether they are trained', () => {
    const model = new nn.BatchNorm1d(1);
    model.weight!.requiresGrad = false;
    const state = new nn.BatchNorm1d(1).to('float64').stateDict();
    model.loadStateDict(state, { assign: true });
    expect([
      model.weight!.dtype,
      model.running_var!.dtype,
      model.weight!.requiresGrad,
      model.bias!.requiresGrad,
    ]).toEqual(['float64', 'float64', false, true]);
    state.weight!.fill_(5);
    expect(model.weight!.item()).toBe(5);
    expect(model.weight).toBeInstanceOf(nn.Parameter);
    const meta = new nn.Linear(1, 1, { device: 'meta' });
    meta.loadStateDict(new nn.Linear(1, 1).stateDict(), { assign: true });
    expect(meta.forward(ones([1])).device).toBe('cpu');
  });

  it('keeps shared parameters shared where it assigns', () => {
    const make = (): nn.Module & { a: nn.Linear; b: nn.Linear } => {
      class Tied extends nn.Module {
        readonly a = new nn.Linear(1, 1, { bias: false });
        readonly b = Object.assign(new nn.Linear(1, 1, { bias: false }), { weight: this.a.weight });
        forward(): void {}
      }
      return new Tied();
    };
    const model = make();
    model.loadStateDict(make().stateDict(), { assign: true });
    expect(model.a.weight === model.b.weight).toBe(true);
    const before = model.a.weight;
    expect(() => model.loadStateDict({ 'a.weight': ones([1, 1]), 'b.weight': ones([1, 1]) }, { assign: true })).toThrow(
      'expected one memory for "a.weight" and "b.weight", which are one tensor in the module, got two',
    );
    expect(model.a.weight === before).toBe(true);
  });

  it('leaves nothing behind, and takes buffers out of the scope that it is called in', () => {
    const model = new nn.BatchNorm1d(2);
    const state = new nn.BatchNorm1d(2).stateDict();
    const before = settledTensors();
    scope(() => void model.loadStateDict(state));
    expect(liveTensors()).toBe(before);
    scope(() => model.loadStateDict(Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value.clone()])), { assign: true })); // biome-ignore format: one line
    expect(model.running_mean!.toArray()).toEqual([0, 0]);
  });

  it('refuses hooks that return something, as PyTorch does', () => {
    const model = new nn.Linear(1, 1);
    model.registerStateDictPostHook(((_: unknown, state: object) => state) as never);
    expect(() => model.stateDict()).toThrow(
      'Cannot run a state dict hook of Linear: expected it to change its arguments',
    );
  });

  it('lets a hook before loading say what does not fit', () => {
    const model = new nn.Linear(1, 1);
    model.registerLoadStateDictPreHook((_m, _s, { problems }) => void problems.push('"version": expected 2, got 1'));
    expect(messageOf(() => model.loadStateDict(model.stateDict()))).toContain('\n  "version": expected 2, got 1');
  });
});

describe('Module.stateDict()', () => {
  it('puts its entries where it is told, and refuses a module below itself', () => {
    const destination = { epoch: tensor(3) };
    const model = new nn.Linear(1, 1);
    expect(model.stateDict({ destination, prefix: 'head.' })).toBe(destination);
    expect(Object.keys(destination)).toEqual(['epoch', 'head.weight', 'head.bias']);
    const loop = new nn.ModuleDict<nn.Module>();
    loop.set('a', new nn.ModuleDict<nn.Module>({ loop }));
    expect(() => loop.stateDict()).toThrow(
      'Cannot collect the state of ModuleDict: expected a tree of modules, got one that lies below itself at "a.loop"',
    );
  });
});

describe('stripPrefix() and addPrefix()', () => {
  it('leave other names, and refuse what would go wrong', () => {
    expect(nn.stripPrefix({ 'a.x': 1, b: 2 }, 'a.')).toEqual({ x: 1, b: 2 });
    expect(() => nn.stripPrefix({ 'a.x': 1, x: 2 }, 'a.')).toThrow(
      new RangeError('Cannot strip "a." from the names of a state: expected different names afterwards, got "x" twice'),
    );
    expect(() => nn.stripPrefix({ x: 1, y: 1, z: 1, w: 1 }, 'a.')).toThrow(
      'expected names that begin with it, got x, y, z, …',
    );
    expect(() => nn.stripPrefix({}, 'a.')).toThrow('got none');
    expect(nn.addPrefix({ x: 1 }, 'a.')).toEqual({ 'a.x': 1 });
  });
});
