// Our update of Adam and AdamW beside libtorch's. What it does to weights over many steps, test/parity/optimizers.test.ts holds against PyTorch.
import { expect, test } from 'vitest';
import { loadNative } from '../../src/binding/load.ts';
import { numThreads, setNumThreads } from '../../src/tensor/index.ts';

const FORMS = [false, true].flatMap((isDecoupled) =>
  [false, true].flatMap((amsgrad) =>
    [false, true].flatMap((maximize) => [0, 0.01].map((decay) => [isDecoupled, amsgrad, maximize, decay] as const)),
  ),
);

// Debian's libtorch has no such operator for the CPU, and the wheel's kernels are the same on all processors with AVX-512.
test.runIf(loadNative().tryAdam(true, false, false, 0.01) !== undefined)("has libtorch's bits in every form", () => {
  const before = numThreads();
  try {
    for (const count of [1, 2, 3]) {
      setNumThreads(count);
      for (const form of FORMS) expect(loadNative().tryAdam(...form), JSON.stringify({ count, form })).toBe(true);
    }
  } finally {
    setNumThreads(before);
  }
});
