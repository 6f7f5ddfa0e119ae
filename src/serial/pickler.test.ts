// What goes into a pickle comes out of it, for every kind of value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { StorageNode } from './pickle-nodes.ts';
import { pickle } from './pickler.ts';
import { type StoredStorage, StoredTensor } from './stored-tensor.ts';
import { unpickle } from './unpickler.ts';
import { PyDevice, PyDict, PyDType, PyFloat, PyTuple, tuple, tupleOf } from './values.ts';

function roundTrip(value: unknown, options: { keepFloats?: boolean } = {}): unknown {
  const storages: StoredStorage[] = [];
  const storageKey = (storage: StoredStorage): string => {
    if (!storages.includes(storage)) storages.push(storage);
    return String(storages.indexOf(storage));
  };
  const bytes = pickle(value, { storageKey });
  return unpickle(bytes, {
    ...options,
    persistentLoad: (id) => new StorageNode(storages[Number((id as string[])[2])]!),
  });
}

const refused = (value: unknown, message: string | RegExp): void => {
  expect(() => roundTrip(value)).toThrow(CheckpointError);
  expect(() => roundTrip(value)).toThrow(message);
};

describe('pickle()', () => {
  it.each([
    ['None and booleans', [null, true, false]],
    [
      'integers at the edges of their opcodes',
      [0, 255, 256, 65535, 65536, -1, -128, -129, 2 ** 31 - 1, 2 ** 31, -(2 ** 31)],
    ],
    [
      'integers beyond 32 bits',
      [2 ** 53 - 1, -(2 ** 53) + 1, 2n ** 53n, 2n ** 63n, -(2n ** 63n), 2n ** 3000n, -(2n ** 3000n)],
    ],
    ['floats', [0.5, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2 ** 53, 1e300, 5e-324]],
    ['text', ['', 'é', '😀', '\ufeff', '\0', 'a\nb']],
    ['bytes', [new Uint8Array(), new Uint8Array([0, 127, 128, 255])]],
    [
      'lists and tuples',
      [[], [[]], tuple(), tuple(1), tuple<unknown>(1, [2]), tupleOf(new Array<number>(300).fill(7))],
    ],
    ['plain objects', { a: { b: 1 }, '': 2, 'x.y': 3, constructor: 4 }],
    [
      'maps',
      new Map<unknown, unknown>([
        [0, 'a'],
        [null, 1],
        [tuple(1, 2), 2],
        ['s', 3],
      ]),
    ],
    [
      'ordered dicts with keys other than strings',
      new PyDict([
        [2, 'a'],
        [1, 'b'],
      ]),
    ],
    ['sets', [new Set(), new Set([1, 'a', null])]],
    ['dtypes and devices', [new PyDType('bfloat16'), new PyDevice('cpu'), new PyDevice('cuda', 1)]],
  ])('keeps %s', (_kind, value) => {
    expect(roundTrip(value)).toStrictEqual(value);
  });

  it('keeps any nesting of plain values', () => {
    const text = fc.string({ unit: 'binary' });
    const short = { maxLength: 4 };
    const leaf = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double(),
      fc.bigInt().filter((value) => value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER),
      text,
      fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('value'), short),
        fc.array(tie('value'), short).map(tupleOf),
        fc.dictionary(text, tie('value'), { noNullPrototype: true, maxKeys: 4 }),
        fc
          .array(fc.tuple(fc.integer(), tie('value')), { minLength: 1, maxLength: 4 })
          .map((entries) => new Map(entries)),
        fc.array(fc.integer(), short).map((items) => new Set(items)),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        expect(roundTrip(original)).toStrictEqual(original);
      }),
    );
  });

  it('reads a Map with only string keys, and an OrderedDict, as a plain object', () => {
    expect(roundTrip(new Map([['a', 1]]))).toStrictEqual({ a: 1 });
    expect(roundTrip(new PyDict([['a', 1]]))).toStrictEqual({ a: 1 });
    expect(roundTrip(new Map())).toStrictEqual({});
  });

  it('keeps apart 1 and 1.0 where floats are kept', () => {
    expect(roundTrip([new PyFloat(1), 1, 0.5])).toStrictEqual([1, 1, 0.5]);
    expect(roundTrip([new PyFloat(1), 1, 0.5], { keepFloats: true })).toStrictEqual([
      new PyFloat(1),
      1,
      new PyFloat(0.5),
    ]);
  });

  it('keeps a key named __proto__ as a key, and pollutes nothing', () => {
    const value = roundTrip(new Map([['__proto__', { polluted: true }]])) as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
    expect(Object.keys(roundTrip(value) as object)).toEqual(['__proto__']);
  });

  it('keeps one object in two places one object', () => {
    const shared = { a: 1 };
    const pair = tuple(1);
    const [a, b, c, d] = roundTrip([shared, shared, pair, pair]) as unknown[];
    expect(a).toBe(b);
    expect(c).toBe(d);
    expect(c).toBeInstanceOf(PyTuple);
  });

  it('keeps tensors, their layout, and what memory they share', () => {
    const storage: StoredStorage = { dtype: 'int16', bytes: new Uint8Array(12) };
    const tensors = [
      new StoredTensor({ storage, shape: [2, 3] }),
      new StoredTensor({ storage, shape: [3, 2], stride: [1, 3], requiresGrad: true }),
      new StoredTensor({ storage, shape: [2], storageOffset: 4, isParameter: true }),
      new StoredTensor({ storage, shape: [], isParameter: true, requiresGrad: true }),
      new StoredTensor({ storage: { dtype: 'float32', bytes: new Uint8Array() }, shape: [0, 4] }),
    ];
    const read = roundTrip(tensors) as StoredTensor[];
    expect(read).toStrictEqual(tensors);
    expect(new Set(read.slice(0, 4).map((tensor) => tensor.storage)).size).toBe(1);
  });

  it('asks the hook about every object that is no plain data, once', () => {
    class Own {}
    const own = new Own();
    const asked: object[] = [];
    const tensor = new StoredTensor({ storage: { dtype: 'uint8', bytes: new Uint8Array([7]) }, shape: [] });
    const toStored = (value: object): StoredTensor => {
      asked.push(value);
      return tensor;
    };
    const bytes = pickle({ a: [own], b: tuple(own), c: new Map([[1, own]]) }, { storageKey: () => '0', toStored });
    expect(asked).toEqual([own]);
    const fromStored = (stored: StoredTensor): unknown => ({ made: stored.dtype });
    const read = unpickle(bytes, { persistentLoad: () => new StorageNode(tensor.storage), fromStored }) as {
      a: unknown[];
      b: unknown[];
    };
    expect(read.a).toEqual([{ made: 'uint8' }]);
    expect(read.b[0]).toBe(read.a[0]);
  });

  it('names the place of what it cannot write', () => {
    refused({ a: { b: [1, { c: undefined }] } }, 'at "a.b[1].c", got undefined');
    refused([() => 1], 'at "[0]", got a function');
    refused({ when: new Date() }, 'at "when", got an instance of Date');
    refused(new Map([[3, Symbol('x')]]), 'at "[3]", got a symbol');
    refused(Array(1), 'at "[0]", got undefined');
    refused('\ud800', 'half a surrogate pair');
    refused({ [Symbol('x')]: 1 }, 'one with symbols');
  });

  it('refuses keys and members that Python cannot hash', () => {
    refused(new Map([[[1], 1]]), 'that Python can hash, got an instance of Array');
    refused(new Set([{}]), 'that Python can hash, got an instance of Object');
  });

  it('refuses a value inside itself and one nested too deep', () => {
    const cyclic: unknown[] = [];
    cyclic.push({ cyclic });
    refused(cyclic, 'expected values that do not hold themselves at "[0].cyclic"');
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(roundTrip(nested(1000))).toEqual(nested(1000));
    refused(nested(1001), 'at most 1000 levels');
  });
});
