// Every kind of value that Python puts into files, as fixtures that PyTorch and Lightning wrote have them, and written again.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeCheckpoint } from './decode.ts';
import type { DecodeOptions } from './decode-options.ts';
import { type EncodeOptions, encodeCheckpoint } from './pytorch-zip.ts';
import { type StoredSparse, StoredTensor } from './stored-tensor.ts';
import {
  asPythonDict,
  PyArray,
  PyByteArray,
  PyComplex,
  PyConstant,
  PyDict,
  PyDType,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyPath,
  PyScalar,
  PySize,
  pythonDict,
  tuple,
} from './values.ts';

type Values = Record<string, unknown>;

const fixture = (name: string): Buffer => readFileSync(new URL(`../../test/fixtures/serial/${name}`, import.meta.url));
const read = (name: string, options: DecodeOptions = {}): Values => decodeCheckpoint(fixture(name), options) as Values;
const encode = (value: unknown, options: EncodeOptions = {}): Buffer =>
  Buffer.concat([...encodeCheckpoint(value, options)]);
const call = (module: string, name: string, ...args: unknown[]): PyObject =>
  new PyObject(new PyGlobal(module, name), 'call', tuple(...args));

/** An object with its attributes. */
function made(object: PyObject, state: unknown): PyObject {
  object.state = state;
  return object;
}

/** The kinds of all dicts in a value, by their place. */
function dictKinds(value: unknown, place = ''): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  const kind = pythonDict(value);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.assign(
    kind === undefined ? {} : { [place]: kind },
    ...entries.map(([key, item]) => dictKinds(item, `${place}/${String(key)}`)),
  ) as Record<string, unknown>;
}

describe('decodeCheckpoint()', () => {
  it('reads what weights_only allows beyond plain values', () => {
    const value = read('kinds.pt');
    expect(value).toMatchObject({
      complex: [new PyComplex(1, 2), new PyComplex(-0, Number.POSITIVE_INFINITY)],
      bytearrays: [PyByteArray.of(0, 255), new PyByteArray()],
      size: [PySize.of(2, 3), new PySize()],
      ordered: { b: 1, a: 2 },
      counter: { a: 2, b: 1 },
      layouts: [new PyConstant('strided'), new PyConstant('sparse_csr')],
      schemes: [new PyConstant('per_tensor_affine')],
      dtypes: [new PyDType('qint8'), new PyDType('uint3'), new PyDType('float8_e8m0fnu')],
      conjugated: { isConjugated: true, isNegated: false },
      negated: { isConjugated: false, isNegated: true, stride: [2], storageOffset: 1 },
      buffer: { shape: [2], isParameter: false },
      coo: { layout: 'sparse_coo', shape: [2, 2], isCoalesced: true },
      uncoalesced: { layout: 'sparse_coo', shape: [3], isCoalesced: false },
      csr: { layout: 'sparse_csr', isCoalesced: undefined },
      csc: { layout: 'sparse_csc' },
      bsr: { layout: 'sparse_bsr', shape: [4, 4] },
    });
    expect((value.bsr as StoredSparse).values.shape).toEqual([4, 2, 2]);
    expect((value.csr as StoredSparse).indices.map(({ shape }) => shape)).toEqual([[3], [2]]);
    expect(dictKinds(value)).toEqual({
      '/ordered': { kind: 'OrderedDict', attributes: { _metadata: { '': { version: 2 } } } },
      '/counter': { kind: 'Counter' },
    });
    const { attributes } = pythonDict(value.ordered as object)!;
    expect(pythonDict(attributes!._metadata as object)).toEqual({ kind: 'OrderedDict' });
  });

  it.each(['python_kinds.pt', 'python_kinds_protocol4.pt'])('reads what weights_only refuses (%s)', (name) => {
    const value = read(name);
    const utc = call('datetime', 'timezone', call('datetime', 'timedelta', 0, 0, 0));
    const uuid = made(new PyObject(new PyGlobal('uuid', 'UUID'), 'new', tuple()), { int: 7 });
    expect(value).toMatchObject({
      frozenset: new PyFrozenSet([1]),
      default: new PyDict([[1, [2]]]),
      default_none: { a: 1 },
      path: '/a/b.pt',
      scalars: [true, 1, 1, 1, 1, 1, 1, 1, 1],
      floats: [-1.5, -1.5, -1.5, new PyComplex(-1.5, 0), new PyComplex(-1.5, 0)],
      namespaces: [
        made(new PyObject(new PyGlobal('argparse', 'Namespace'), 'new', tuple()), { a: 1, b: [2] }),
        made(call('types', 'SimpleNamespace'), { c: 3 }),
      ],
      times: [
        call('datetime', 'datetime', Uint8Array.of(7, 228, 1, 2, 3, 4, 5, 0, 0, 6), utc),
        call('datetime', 'date', Uint8Array.of(7, 228, 1, 2)),
        call('datetime', 'timedelta', 1, 2, 0),
      ],
      ranges: [call('builtins', 'range', 1, 9, 2), call('builtins', 'slice', null, 3, null)],
      numbers: [call('decimal', 'Decimal', '1.50'), call('fractions', 'Fraction', 1, 3)],
      uuid,
    });
    expect(dictKinds(value)).toEqual({
      '/default': { kind: 'defaultdict', factory: 'builtins.list' },
      '/default_none': { kind: 'defaultdict' },
    });
    const arrays = value.arrays as StoredTensor[];
    expect(arrays.map(({ dtype }) => dtype).join(' ')).toBe(
      'bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64 complex64 complex128 int32 float64 complex64',
    );
    const bytes = (index: number): number[] => [...arrays[index]!.storage.bytes];
    expect(bytes(14)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]); // was big-endian
    expect(bytes(16)).toEqual(bytes(12));
  });

  it('keeps types apart that JavaScript has not, where it is told to', () => {
    const value = read('python_kinds.pt', { keepTypes: true });
    expect(value.path).toEqual(new PyPath('PurePosixPath', ['/', 'a', 'b.pt']));
    expect(String(value.path)).toBe('/a/b.pt');
    const [, , , int16] = value.scalars as PyScalar[];
    expect(int16).toEqual(new PyScalar('int16', Uint8Array.of(1, 0), 1));
    expect((value.arrays as PyArray<StoredTensor>[])[1]!.tensor.dtype).toBe('int8');
  });

  it.each([
    ['kinds.pt', {}],
    ['python_kinds.pt', {}],
    ['values.pt', {}],
    ['lightning.ckpt', {}],
    ['classes.pt', { keepsObjects: true }],
  ])('gives again what is written of %s', (name, options) => {
    const keep = { keepTypes: true, allowsPlaceholders: true };
    const value = read(name, keep);
    const again = decodeCheckpoint(encode(value, options), keep);
    expect(again).toStrictEqual(value);
    expect(dictKinds(again)).toStrictEqual(dictKinds(value));
  });

  it('lists all classes that are not plain data, or gives them by name; writes them only where that is wanted', () => {
    const list = 'torch.optim.adam.Adam, __main__.Color, __main__.Custom; load with allowsPlaceholders';
    expect(() => read('classes.pt')).toThrow(list);
    const value = read('classes.pt', { allowsPlaceholders: true });
    const red = call('__main__', 'Color', 'red');
    expect(value.class).toEqual(new PyGlobal('torch.optim.adam', 'Adam'));
    expect(value.enum).toEqual(red);
    expect([...(value.keys as Map<unknown, unknown>)]).toEqual([[red, 1]]);
    expect((value.keys as Map<unknown, unknown>).get(value.enum)).toBe(1);
    expect(value.object).toMatchObject({ className: '__main__.Custom', by: 'new', state: { value: 1 } });
    expect(value.tensor).toBeInstanceOf(StoredTensor);
    expect(() => encode(value)).toThrow(
      'expected plain values and tensors at "class", got torch.optim.adam.Adam; save',
    );
    expect(() => encode({ list: [value.object] })).toThrow('at "list[0]", got __main__.Custom');
  });

  it('gives what a hostile file would run as names', () => {
    const value = read('hostile.pt', { allowsPlaceholders: true });
    expect(value.evil).toEqual(call('posix', 'system', 'exit 1'));
  });

  it("reads a Lightning checkpoint's weights, optimizers, loops, callbacks and hyper-parameters", () => {
    const value = read('lightning.ckpt');
    expect(value).toMatchObject({
      epoch: 1,
      global_step: 4,
      state_dict: { 'layer.weight': { shape: [1, 3] } },
      optimizer_states: [{ param_groups: [{ initial_lr: 0.1, params: [0, 1] }] }],
      lr_schedulers: [{ last_epoch: 2 }],
      loops: { fit_loop: { 'epoch_loop.batch_progress': { total: { completed: 4 } } } },
      callbacks: { "EarlyStopping{'monitor': 'loss', 'mode': 'min'}": { patience: 5 } },
      hyper_parameters: { width: 3, rate: 0.1 },
    });
    const { options } = value.hyper_parameters as { options: PyObject };
    expect(options).toMatchObject({
      className: 'argparse.Namespace',
      state: { betas: tuple(0.9, 0.99), name: 'a' },
    });
  });

  it('says what it does not read', () => {
    expect(() => read('quantised.pt')).toThrow(
      'expected dense or sparse tensors, got a quantised one; dequantize() it',
    );
    expect(() => read('torchscript.pt')).toThrow('got a TorchScript program, which holds code; save its state_dict()');
  });
});

describe('encodeCheckpoint()', () => {
  it('writes a plain object as the kind of dict that it is marked as', () => {
    const state = asPythonDict({ weight: 1 }, { kind: 'OrderedDict' });
    const again = decodeCheckpoint(encode({ state, plain: { ...state } }));
    expect(dictKinds(again)).toEqual({ '/state': { kind: 'OrderedDict' } });
  });

  it('refuses names that PyTorch does not know', () => {
    expect(() => encode([new PyDType('float7')])).toThrow('expected a dtype of PyTorch\'s at "[0]", got "float7"');
    expect(() => encode([new PyConstant('x')])).toThrow('expected a layout or quantisation scheme');
    expect(() => encode([new PyArray(3)])).toThrow('expected a NumPy array of a dense tensor');
  });

  it('writes arrays of tensors that are views as their elements', () => {
    const storage = { dtype: 'int16', bytes: new Uint8Array(Int16Array.of(0, 1, 2, 3, 4, 5).buffer) } as const;
    const tensors = [
      new StoredTensor({ storage, shape: [2, 2], stride: [3, 1], storageOffset: 1 }),
      new StoredTensor({ storage, shape: [3, 2], stride: [1, 3] }),
      new StoredTensor({ storage, shape: [2, 2], stride: [0, 1] }),
    ];
    const again = decodeCheckpoint(encode(tensors.map((tensor) => new PyArray(tensor)))) as StoredTensor[];
    const elements = again.map((tensor) => [...new Int16Array(tensor.storage.bytes.slice().buffer)]);
    expect(elements).toEqual([
      [1, 2, 4, 5],
      [0, 1, 2, 3, 4, 5],
      [0, 1, 0, 1],
    ]);
    expect(again.map(({ stride }) => stride)).toEqual([
      [2, 1],
      [1, 3],
      [2, 1],
    ]);
  });
});
