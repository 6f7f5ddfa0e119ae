import { describe, expect, it } from 'vitest';
import {
  arange,
  collectTensors,
  dtypes,
  empty,
  liveTensors,
  ones,
  rand,
  Tensor,
  tensor,
  zeros,
} from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { isFree, type Packed, type Packing, pack, release, unpack } from './packed.ts';

const packing: Packing = { name: 'batch', refuse: (path, got) => new TypeError(`${path}: ${got}`) };

/** As another thread gets it: `structuredClone` is what a message goes through, and shares memory as a message does. */
const send = (value: unknown): Packed => structuredClone(pack(value, packing));
const sent = (value: unknown): unknown => unpack(send(value));

class Picture {
  readonly width = 1;
}

describe('pack() and unpack()', () => {
  it('carry nests of plain values, with what comes twice as one object, and cycles', () => {
    const shared = { text: 'é\0', none: undefined, nothing: null, big: 2n ** 70n, zero: -0, nan: Number.NaN };
    const value: Record<string, unknown> = {
      list: [shared, shared, [], true],
      map: new Map<unknown, unknown>([[shared, new Set([1, shared])]]),
      date: new Date(5),
      pattern: /a+/gi,
      ['__proto__']: 3,
    };
    value.self = value;
    const got = sent(value) as typeof value;
    expect(got).toEqual(value);
    const [first, second] = got.list as [object, object];
    expect([first === second, got.self === got, (got.map as Map<unknown, unknown>).has(first)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(Object.keys(got)).toEqual(Object.keys(value));
  });

  it('carry tensors in any place, the same tensor as one', () => {
    const x = arange(6).reshape([2, 3]);
    const got = sent({ a: x, b: [x, { c: tensor([1.5]) }], map: new Map([['k', ones([2])]]) }) as {
      a: Tensor;
      b: [Tensor, { c: Tensor }];
      map: Map<string, Tensor>;
    };
    expect(got.a).toBe(got.b[0]);
    expect(collectTensors(got).map((one) => one.toArray())).toEqual(
      collectTensors({ a: x, b: [x, { c: tensor([1.5]) }], map: new Map([['k', ones([2])]]) }).map((one) =>
        one.toArray(),
      ),
    );
    expect(sent(x)).toBeInstanceOf(Tensor);
    expect((sent(x) as Tensor).equal(x)).toBe(true);
  });

  it.each(dtypes.filter((dtype) => !dtype.startsWith('float8') && !/^uint(16|32|64)$/.test(dtype)))(
    'carry every element of %s',
    (dtype) => {
      const x = arange(100).to(dtype);
      const got = sent(x) as Tensor;
      expect([got.dtype, got.shape]).toEqual([dtype, [100]]);
      expect(got.toArray()).toEqual(x.toArray());
    },
  );

  it.each([
    ['a scalar', () => tensor(3)],
    ['an empty one', () => zeros([0, 3])],
    ['a transposed one', () => rand([3, 5]).t()],
    ['channels last', () => rand([2, 3, 4, 5]).permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2])],
    ['a part of another', () => rand([4, 6]).narrow(1, 1, 3)],
    ['an expanded one', () => rand([1, 3]).expand([4, 3])],
    ['one with sizes of 1', () => rand([1, 2, 1, 3]).transpose(0, 3)],
  ])('carry %s', (_, make) => {
    const x = make();
    const got = sent([x, tensor([7])]) as [Tensor, Tensor];
    expect(got[0].shape).toEqual(x.shape);
    expect(got[0].equal(x)).toBe(true);
    expect(got[1].toArray()).toEqual([7]);
  });

  it('keep the order in which elements lie, where there are no gaps', () => {
    const x = rand([2, 3, 4, 5]).permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2]);
    expect((sent(x) as Tensor).stride).toEqual(x.stride);
    expect((sent(rand([4, 6]).narrow(1, 1, 3)) as Tensor).stride).toEqual([3, 1]);
  });

  it('carry a Buffer as one, and of a view its part alone', () => {
    const whole = new Uint8Array(1 << 20).fill(3);
    const got = send({
      bytes: Buffer.from('text'),
      part: whole.subarray(5, 8),
      numbers: new Float64Array([1, 2]).subarray(1),
    });
    const { bytes, part, numbers } = unpack(got) as { bytes: Buffer; part: Uint8Array; numbers: Float64Array };
    expect([Buffer.isBuffer(bytes), bytes.toString()]).toEqual([true, 'text']);
    expect([part, part.buffer.byteLength, numbers]).toEqual([new Uint8Array([3, 3, 3]), 3, new Float64Array([2])]);
  });

  it('leave the tensors that were packed, and share memory with what was unpacked', () => {
    const x = zeros([3]);
    const packed = pack([x], packing);
    const [here] = unpack(structuredClone(packed)) as [Tensor];
    here.fill_(4);
    expect((unpack(packed) as [Tensor])[0].toArray()).toEqual([4, 4, 4]);
    expect(x.toArray()).toEqual([0, 0, 0]);
  });

  it.each([
    ['a function', { image: { decode: () => 1 } }, 'batch.image.decode: a function'],
    ['a symbol', [0, Symbol('s')], 'batch[1]: a symbol'],
    ['an instance of a class', { list: [new Picture()] }, 'batch.list[0]: an instance of Picture'],
    ['a promise', new Map([['k', Promise.resolve()]]), 'batch.get("k"): an instance of Promise'],
    ['an object with a symbol as a key', { a: { [Symbol('s')]: 1 } }, 'batch.a: an object with the key Symbol(s)'],
    ['a tensor in a set', { s: new Set([ones([1])]) }, 'batch.s (an element): a Tensor'],
    ['a tensor for backward', [ones([1], { requiresGrad: true })], 'batch[0]: a Tensor that requires gradients'],
    ['a sparse tensor', { x: tensor([0, 1]).toSparse() }, 'batch.x: a sparse_coo Tensor'],
  ])('refuse %s by its place', (_, value, message) => {
    expect(() => pack(value, packing)).toThrow(new TypeError(message));
  });

  it('refuse a tensor that was disposed of', () => {
    const x = ones([1]);
    x.dispose();
    expect(() => pack({ x }, packing)).toThrow('batch.x: a Tensor that was disposed of');
  });
});

describe('the memory of a packed value', () => {
  it('is free when nothing uses one of its tensors any more, views and permuted ones included', () => {
    const before = settledTensors();
    const packed = pack({ a: ones([2, 3]), b: rand([3, 2]).t(), none: empty([0]) }, packing);
    const memory = packed.memory!;
    expect(isFree(memory)).toBe(false);
    const { a, b, none } = unpack(packed) as Record<string, Tensor>;
    const view = a!.narrow(0, 0, 1);
    for (const one of [a, none]) one!.dispose();
    expect(isFree(memory)).toBe(false);
    b!.dispose();
    expect(isFree(memory)).toBe(false);
    view.dispose();
    expect(isFree(memory)).toBe(true);
    expect(liveTensors()).toBeLessThanOrEqual(before + 4);
  });

  it('is free when the value was not unpacked and will not be', () => {
    const packed = pack([ones([1])], packing);
    release(packed);
    expect(isFree(packed.memory!)).toBe(true);
  });

  it('is what the caller allocates', () => {
    const block = new SharedArrayBuffer(4096);
    expect(pack([ones([5])], packing, () => block).memory).toBe(block);
    expect(pack(['no tensor'], packing, () => block).memory).toBe(undefined);
  });
});
