// Elements that are not finite, in every floating dtype, against the engine's own view of them.
import { describe, expect, it } from 'vitest';
import { dtypes, fromBytes, isFloatingDType, libtorchVersion, scope } from '../tensor/index.ts';
import { countNonFinite } from './finite.ts';
import type { StoredDType } from './stored-tensor.ts';

const isCurrent = libtorchVersion().startsWith('2.13');

describe('countNonFinite()', () => {
  for (const dtype of dtypes.filter((name) => isFloatingDType(name) && (isCurrent || !name.startsWith('float8')))) {
    it(`counts what libtorch finds in ${dtype}`, () => {
      const wide = dtype === 'float64' ? 8 : dtype === 'float32' ? 4 : dtype.startsWith('float8') ? 1 : 2;
      // Every byte as the highest, with the ones below at 0, 1 and all bits.
      const bytes = Uint8Array.from({ length: 256 * 256 * wide }, (_, i) => {
        const place = i % wide;
        const number = Math.floor(i / wide);
        if (place === wide - 1) return number % 256;
        return place === wide - 2 ? Math.floor(number / 256) : number % 3 === 0 ? 0 : 1;
      });
      scope(() => {
        const values = fromBytes(bytes, [bytes.length / wide], dtype).to('float64');
        const numNan = values.isnan().sum().item();
        const numInf = values.isinf().sum().item();
        expect(numNan).toBeGreaterThan(0);
        expect(countNonFinite(bytes, dtype as StoredDType)).toEqual({ numNan, numInf });
        const shifted = new Uint8Array(bytes.length + 1);
        shifted.set(bytes, 1);
        expect(countNonFinite(shifted.subarray(1), dtype as StoredDType)).toEqual({ numNan, numInf });
      });
    });
  }

  it('counts parts of complex numbers, and nothing in integers', () => {
    const floats = new Uint8Array(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1, -Infinity).buffer);
    expect(countNonFinite(floats, 'complex64')).toEqual({ numNan: 1, numInf: 2 });
    expect(countNonFinite(floats, 'int32')).toEqual({ numNan: 0, numInf: 0 });
  });
});
