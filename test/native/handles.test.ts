// The addon called as TypeScript never would: whatever comes in, an error goes out and the process lives.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeError } from '../../src/errors.ts';
import { cat, liveTensors, ones, Tensor, tensor } from '../../src/index.ts';
import { getNative, handles } from '../../src/tensor/call.ts';
import { OPERATORS } from '../../src/tensor/operators.generated.ts';

type Untyped = (...args: unknown[]) => unknown;
const native = getNative() as unknown as Readonly<Record<string, Untyped>>;

const x = ones([2]);
const freed = ((): number => {
  const y = ones([2]);
  y.dispose();
  return y.handle;
})();

/** Numbers that are no handle, by what they look like. */
const FORGED: readonly [string, number][] = [
  ['zero', 0],
  ['NaN', Number.NaN],
  ['a negative number', -x.handle],
  ['a fraction', x.handle + 0.5],
  ['infinity', Number.POSITIVE_INFINITY],
  ['2^53', 2 ** 53],
  ['a number of the table that was never used', x.handle + 2 ** 21 * 100_000],
  ['a small number', 1],
  ['the generation after', x.handle + 1],
  ['a freed handle', freed],
  ['a handle of another environment', x.handle + 2 ** 43 * 3],
];

const folder = mkdtempSync(join(tmpdir(), 'sconce-handles-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What may stand in the place of any argument. */
const STRANGE: readonly unknown[] = [
  undefined,
  null,
  join(folder, 'text'), // a store of c10d makes a file of it
  true,
  10n ** 30n,
  Symbol('s'),
  () => 1,
  {},
  { handle: x.handle },
  [],
  [[x.handle]],
  new Float64Array([x.handle, freed]),
  new Float64Array([Number.NaN]),
  new Float32Array([1]),
  new Uint8Array(3),
  new Date(0),
  Number.NaN,
  -1,
  1e300,
  freed,
  x.handle,
];

/** These would change what the other tests run on, or belong to the whole process. */
const NOT_CALLED = new Set([
  ...[
    'defineOperators',
    'setErrorFactory',
    'markWorker',
    'watchSignals',
    'unwatchSignals',
    'setNumThreads',
    'setNumInteropThreads',
    'useGenerator',
  ],
  ...['setGradMode', 'enterAutocast', 'leaveAutocast', 'autocastState', 'beginScope', 'endScope', 'free', 'manualSeed'],
  ...['beginInferenceMode', 'endInferenceMode', 'beginAnomalyDetection', 'beginSavedHooks', 'beginCheckpoint', 'leave'],
  'runEngineAside',
]);
const functions = Object.keys(native).filter((name) => !NOT_CALLED.has(name));

/** Calls and gives the error; undefined where there is none. */
function refusalOf(run: () => unknown): Error | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return error as Error;
  }
}

describe('a forged handle', () => {
  it.each(FORGED)('is an error in every function that takes one: %s', (_, handle) => {
    const takers = [
      'own',
      'alias',
      'keep',
      'adopt',
      'shape',
      'stride',
      'dtype',
      'layout',
      'device',
      'storageOffset',
      'storage',
    ];
    const readers = ['readBytes', 'readStorage', 'gradOf', 'requiresGrad', 'isLeaf', 'gradFnName'];
    for (const name of [...takers, ...readers]) {
      const error = refusalOf(() => native[name]!(handle));
      expect([name, error?.message]).toEqual([
        name,
        expect.stringMatching(/^Cannot run .*: expected a live tensor, got /),
      ]);
    }
    expect(native.isLive!(handle)).toBe(false);
    expect(native.free!(handle)).toBe(false);
    expect(refusalOf(() => native.gradsOf!(new Float64Array([x.handle, handle])))).toBeDefined();
    expect(refusalOf(() => native.item!(handle, false))).toBeDefined();
  });

  it('is told apart: freed, foreign, no handle', () => {
    const message = (handle: number): string => refusalOf(() => native.shape!(handle))!.message;
    expect(message(freed)).toBe('Cannot run shape: expected a live tensor, got one that was freed');
    expect(message(x.handle + 2 ** 43 * 3)).toBe(
      'Cannot run shape: expected a live tensor, got one of another thread; send its bytes instead',
    );
    expect(message(12.5)).toBe('Cannot run shape: expected a live tensor, got something that is no tensor');
  });

  it('stays dead when its place in the table is taken again', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      const y = ones([1]);
      expect(seen.has(y.handle)).toBe(false);
      seen.add(y.handle);
      y.dispose();
    }
    for (const handle of seen) expect(native.isLive!(handle)).toBe(false);
  });
});

describe('strange arguments', () => {
  it.each(functions)('leave %s() with an error or a value', (name) => {
    for (const first of STRANGE) {
      refusalOf(() => native[name]!(first));
      for (const second of STRANGE) refusalOf(() => native[name]!(first, second));
      refusalOf(() => native[name]!(x.handle, first, true, false, first, first));
      refusalOf(() => native[name]!(new Float64Array([x.handle]), first, true, false, first, first));
    }
    refusalOf(() => native[name]!());
    expect(x.toArray()).toEqual([1, 1]);
  });

  it('leave every operator with an error or a value', () => {
    const before = liveTensors();
    const depth = native.beginScope!();
    // Not those that make tensors from nothing or block: their arguments are sizes, and any size that fits is fine.
    const isSkipped = (operator: string): boolean =>
      /^(_cudnn|from_file|miopen|mkldnn|_mkldnn|quantized_)/.test(operator);
    OPERATORS.forEach((operator, index) => {
      if (isSkipped(operator)) return;
      refusalOf(() => native.call!(index));
      for (const value of STRANGE.slice(0, 13)) refusalOf(() => native.call!(index, value, value, value));
      for (const [, handle] of FORGED)
        expect([operator, refusalOf(() => native.call!(index, handle, handle))]).toBeDefined();
    });
    native.endScope!(depth, undefined);
    expect(x.toArray()).toEqual([1, 1]);
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });

  it('of operators: indices and argument counts', () => {
    const message = 'Cannot run an operator: expected an index of the operator table';
    for (const index of [-1, OPERATORS.length, Number.NaN, 2 ** 40, 'add', undefined, null, {}])
      expect(refusalOf(() => native.call!(index, x.handle))?.message).toBe(message);
    const mm = OPERATORS.indexOf('mm(self,mat2)');
    const square = ones([2, 2]);
    const product = native.call!(
      mm,
      square.handle,
      square.handle,
      ...new Array(100).fill('more than any operator has'),
    );
    expect(native.shape!(product)).toEqual([2, 2]);
  });

  it('of operators: codes that are none', () => {
    const zeros = OPERATORS.findIndex((operator) => operator.startsWith('zeros('));
    expect(OPERATORS[zeros]).toBe('zeros(size,dtype,layout,device,pin_memory)');
    for (const dtype of [-1, 12, 16, 22, 45, 127, 1e6]) {
      expect(refusalOf(() => native.call!(zeros, [2], dtype))?.message).toBe(
        `Cannot run zeros: expected a dtype code for "dtype", got ${dtype}`,
      );
    }
    for (const layout of [-1, 100, 2 ** 40]) {
      expect(refusalOf(() => native.call!(zeros, [2], 6, layout))?.message).toMatch(
        /^Cannot run zeros: expected a code below \d for "layout", got /,
      );
    }
    for (const device of [-1, 0.5, 2, 99_999, 1e9])
      expect(refusalOf(() => native.call!(zeros, [2], 6, undefined, device))?.message).toMatch(/for "device"/);
    expect(refusalOf(() => native.call!(zeros, [2], 6, undefined, 1000))).toBeInstanceOf(NativeError);
  });

  it('of operators: generators that are none', () => {
    const randperm = OPERATORS.findIndex((operator) => operator.startsWith('randperm.generator('));
    for (const generator of [-1, 1_000_000, 2 ** 40])
      expect(refusalOf(() => native.call!(randperm, 3, generator))?.message).toContain(
        'expected a generator of this thread',
      );
  });

  it('of operators: code that runs while they are read', () => {
    const view = OPERATORS.findIndex((operator) => operator.startsWith('view(self,size)'));
    const y = ones([2]);
    const size = [2];
    Object.defineProperty(size, 0, {
      get: () => {
        y.dispose();
        tensor([1]).add(1);
        native.defineOperators!(OPERATORS);
        return 2;
      },
    });
    const result = native.call!(view, y.handle, size) as number;
    expect(new Uint8Array(native.readBytes!(result) as ArrayBuffer)).toHaveLength(8);
    Object.defineProperty(size, 0, {
      get: () => {
        throw new RangeError('from the getter');
      },
    });
    expect(refusalOf(() => native.call!(view, x.handle, size))).toEqual(new RangeError('from the getter'));
  });

  it('of operators: arrays that are longer than memory', () => {
    expect(() => x.reshape(new Array(2 ** 32 - 1) as number[])).toThrow(
      'Cannot run reshape: expected an integer for "shape", got undefined',
    );
  });
});

describe('wrong receivers', () => {
  const untyped = Tensor.prototype as unknown as Readonly<Record<string, Untyped>>;

  it.each([
    ['a plain object', {}],
    ['an object with a handle', { handle: x.handle }],
    ['an object with the prototype of a tensor', Object.create(Tensor.prototype)],
    ['a number', 5],
    ['null', null],
    ['undefined', undefined],
  ])('are errors: %s', (_, receiver) => {
    for (const method of ['add', 'matmul', 'sum', 'backward', 'item', 'toArray', 'to'])
      expect([method, refusalOf(() => untyped[method]!.call(receiver, x))]).toEqual([method, expect.any(Error)]);
    for (const property of ['shape', 'T', 'grad', 'dtype'])
      expect([property, refusalOf(() => Reflect.get(Tensor.prototype, property, Object(receiver)))]).toEqual([
        property,
        expect.any(Error),
      ]);
  });
});

describe('a scope of the addon', () => {
  it('that is not open cannot be ended', () => {
    expect(refusalOf(() => native.endScope!(0, undefined))?.message).toBe('internal: no scope is open');
    expect(refusalOf(() => native.endScope!(-1, undefined))?.message).toContain(
      'expected a depth of at least 0, got -1',
    );
  });

  it('takes any list of survivors', () => {
    const depth = native.beginScope!();
    const y = native.alias!(x.handle) as number;
    native.endScope!(depth, new Float64Array([freed, Number.NaN, 0, y, y, x.handle]));
    expect(native.isLive!(y)).toBe(true);
    expect(native.free!(y)).toBe(true);
    expect(x.toArray()).toEqual([1, 1]);
  });
});

describe('handles()', () => {
  it('leaves what is no array to the addon, which names operator and argument', () => {
    expect(() => cat(ones([2]) as unknown as Tensor[])).toThrow(
      'Cannot run cat: expected an array of tensors for "tensors", got an object',
    );
    expect(() => ones([2]).add(null as unknown as Tensor)).toThrow(
      'Cannot run add.Tensor: expected a tensor for "other", got null',
    );
  });

  it('gives 0 for none, and for what is no tensor a value that is refused', () => {
    expect([...handles([x, undefined, {} as Tensor])]).toEqual([x.handle, 0, Number.NaN]);
  });
});

// What the calls above drew from or left in the default generator is nobody's business after them.
let state: unknown;
beforeAll(() => {
  state = native.generatorState!(0);
});
afterAll(() => void native.setGeneratorState!(0, new Uint8Array(state as ArrayBuffer)));
