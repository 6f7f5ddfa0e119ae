// What it takes to call an operator that has next to nothing to do: measured where and when a run was, so that the machine's speed and load are the same.

import { ones } from '../../tensor/create.ts';
import { linear } from '../../tensor/nn-ops.generated.ts';
import { callCounts, OPERATORS } from '../../tensor/profiler/call-counts.ts';
import { scope } from '../../tensor/scope.ts';

const NUM_ROUNDS = 12;

/** Milliseconds an operator, forward and recorded for the backward, of a small layer on one sample: the quickest of a few rounds, together about a millisecond. */
export function measureOperatorMs(): number {
  return scope(() => {
    const [weight, bias] = [ones([1, 1], { requiresGrad: true }), ones([1], { requiresGrad: true })];
    const counts = callCounts();
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < NUM_ROUNDS; round++) {
      const before = counts[OPERATORS]!;
      const started = performance.now();
      scope(() => {
        let x = ones([1, 1]);
        for (let i = 0; i < 4; i++) x = linear(x, weight, { bias }).tanh().add(1);
      });
      const ms = (performance.now() - started) / (counts[OPERATORS]! - before);
      if (ms < least) least = ms;
    }
    return least;
  });
}
