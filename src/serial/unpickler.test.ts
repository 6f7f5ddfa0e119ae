// Pickles that no honest program wrote: each is an error with a reason, soon, and nothing runs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { StorageNode } from './pickle-nodes.ts';
import { pickle } from './pickler.ts';
import { StoredTensor } from './stored-tensor.ts';
import { unpickle } from './unpickler.ts';
import { PyDict, tuple } from './values.ts';

const storage = { dtype: 'float32', bytes: new Uint8Array(16) } as const;

/** Parts: text stands for its Latin-1 bytes, a number for one byte. */
function program(...parts: (string | number | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(typeof part === 'number' ? [part] : part),
    ),
  );
}

const read = (bytes: Uint8Array): unknown => unpickle(bytes, { persistentLoad: () => new StorageNode(storage) });

const refused = (bytes: Uint8Array, message: string | RegExp): void => {
  expect(() => read(bytes)).toThrow(CheckpointError);
  expect(() => read(bytes)).toThrow(message);
};

const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

describe('unpickle()', () => {
  it('reads the opcodes of protocols 4 and 5', () => {
    const bytes = program(
      0x80,
      4,
      0x95,
      uint32(9),
      uint32(0),
      '(',
      0x8c,
      1,
      'a',
      0x94,
      'C',
      2,
      'xy',
      0x8f,
      '(',
      'K',
      1,
      0x90,
      'h',
      0,
      'l.',
    );
    expect(read(bytes)).toStrictEqual(['a', new Uint8Array([120, 121]), new Set([1]), 'a']);
  });

  it('names every class and function that is not allowed, and runs none', () => {
    refused(
      program(0x80, 2, 'cposix\nsystem\n', 'X', uint32(6), 'exit 1', 0x85, 'R.'),
      'classes or functions posix.system;',
    );
    const nested = program(
      0x80,
      2,
      '(cos\nsystem\n)R',
      'c__main__\nA\n)',
      0x81,
      '}b',
      0x8c,
      1,
      'm',
      0x8c,
      1,
      'B',
      0x93,
      't.',
    );
    refused(nested, 'classes or functions os.system, __main__.A, m.B;');
    refused(program('c__builtin__\neval\n', 'X', uint32(1), '1', 0x85, 'R.'), 'builtins.eval');
  });

  it('gives the forbidden name as the reason even where it made the rest fail', () => {
    refused(program('cos\nsystem\nK', 1, 'R.'), 'os.system');
  });

  it('calls nothing but functions, and makes no objects of classes', () => {
    refused(program('K', 1, ')R.'), 'expected a function to call, got a number');
    refused(program('c__builtin__\nint\n)R.'), 'got builtins.int');
    refused(program('ccollections\nOrderedDict\n)', 0x81, '.'), 'got an object of collections.OrderedDict');
    refused(program('ccollections\nOrderedDict\n.'), 'got the Python object collections.OrderedDict');
    refused(program(']}b.'), 'expected an object that has a state');
  });

  it('refuses counts beyond the end', () => {
    refused(program('X', uint32(0xffff_ffff), 'a.'), 'expected 4294967295 more bytes');
    refused(program(0x8d, uint32(0xffff_ffff), uint32(0xffff_ffff), 'a.'), 'more bytes');
    refused(program(0x8b, uint32(0x7fff_ffff), 'a.'), 'integers of at most');
    refused(program(0x80, 2, ']'), 'expected 1 more bytes');
  });

  it('keeps a memo of any index without memory for the ones below', () => {
    expect(read(program(']r', uint32(0xffff_ffff), '0j', uint32(0xffff_ffff), '.'))).toEqual([]);
    refused(program('h', 0, '.'), "place 0 of the pickle's memo");
  });

  it('refuses a stack that runs empty, or reaches under a mark', () => {
    refused(program('.'), 'expected a value on the stack');
    refused(program('](a.'), 'expected a value on the stack');
    refused(program('K', 1, 't.'), 'expected a mark');
    refused(program('NN.'), 'got several');
    refused(program('N.N'), 'got 1 bytes more');
  });

  it('refuses values inside themselves', () => {
    refused(program(']q', 0, 'h', 0, 'a.'), 'do not hold themselves');
    refused(program('}q', 0, 'K', 1, 'h', 0, 's.'), 'do not hold themselves');
  });

  it('refuses a hundred thousand levels, without recursion', () => {
    const levels = 100_000;
    refused(program(']'.repeat(levels), 'a'.repeat(levels - 1), '.'), 'at most 1000 levels');
    refused(program('N', String.fromCharCode(0x85).repeat(levels), '.'), 'at most 1000 levels');
  });

  it('refuses a few bytes that stand for 2^100 values, as lists, dicts or tuples', () => {
    const doubled = (index: number): Uint8Array => program(0x86, 'q', index, 'h', index);
    const bomb = Array.from({ length: 100 }, (_, index) => doubled(index));
    refused(program('NN', ...bomb, 0x86, '.'), 'values, got more');
  });

  it('refuses to make gigabytes of bytes out of one string', () => {
    const text = 'a'.repeat(1_000_000);
    const again = program('c_codecs\nencode\n', 'h', 0, 'X', uint32(6), 'latin1', 0x86, 'R');
    const bytes = program(
      'X',
      uint32(text.length),
      text,
      'q',
      0,
      '0',
      '(',
      ...Array<Uint8Array>(1000).fill(again),
      'l.',
    );
    refused(bytes, 'makes far more');
  });

  it('refuses keys that Python cannot hash', () => {
    refused(program('}]Ns.'), 'that Python can hash');
    refused(program(0x8f, '(]', 0x90, '.'), 'that Python can hash');
  });

  it('refuses text that is no UTF-8', () => {
    refused(program('X', uint32(1), 0xff, '.'), 'expected UTF-8 text');
  });

  it('refuses tensors that reach outside their storage', () => {
    const tensor = (shape: number, offset: number): Uint8Array =>
      program(
        'ctorch._utils\n_rebuild_tensor_v2\n',
        '()QK',
        offset,
        'K',
        shape,
        0x85,
        'K',
        1,
        0x85,
        0x89,
        'N',
        't',
        'R.',
      );
    expect(read(tensor(4, 0))).toBeInstanceOf(StoredTensor);
    refused(tensor(5, 0), 'expected a storage of at least 5 elements');
    refused(tensor(4, 1), 'expected a storage of at least 5 elements');
  });

  it('gives an error or a value for any change of any byte, and never another exception', () => {
    const tensor = new StoredTensor({ storage, shape: [2, 2], isParameter: true });
    const value = {
      a: [1, 2.5, 'text', tensor],
      b: new Map([[1, tuple(tensor)]]),
      c: new PyDict([['x', new Uint8Array(3)]]),
    };
    const good = pickle(value, { storageKey: () => '0' });
    const change = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const mutants = fc.property(change, (changes) => {
      const bytes = new Uint8Array(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      try {
        read(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError);
      }
    });
    fc.assert(mutants, { numRuns: 5000 });
  });
});
