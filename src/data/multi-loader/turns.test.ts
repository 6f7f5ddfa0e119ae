// Turns by shares that change: near what the shares sum to at every turn, in bursts, and found again from a state.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedTurns } from './turns.ts';

const everyone = (): boolean => true;

describe('SharedTurns', () => {
  const setup = fc
    .record({ numLoaders: fc.integer({ min: 1, max: 6 }), burstSize: fc.integer({ min: 1, max: 4 }) })
    .chain(({ numLoaders, burstSize }) =>
      fc.record({
        numLoaders: fc.constant(numLoaders),
        burstSize: fc.constant(burstSize),
        // Shares that hold for some turns each.
        stretches: fc.array(
          fc.record({
            turns: fc.integer({ min: 1, max: 30 }),
            weights: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1, noNaN: true })), {
              minLength: numLoaders,
              maxLength: numLoaders,
            }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        stop: fc.nat(),
      }),
    );

  it('plays what shares sum to, whole bursts, and goes on from every state', () => {
    fc.assert(
      fc.property(setup, ({ numLoaders, burstSize, stretches, stop }) => {
        const shares = stretches.flatMap(({ turns, weights }) => {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          const one = weights.map((weight) => (sum === 0 ? 1 / numLoaders : weight / sum));
          return new Array<number[]>(turns).fill(one);
        });
        const options = { numTurns: shares.length, numLoaders, burstSize, sharesAt: (turn: number) => shares[turn]! };
        const turns = new SharedTurns(options);
        const sums = new Float64Array(numLoaders);
        const played = new Array<number>(numLoaders).fill(0);
        const order: number[] = [];
        let resumed: SharedTurns | undefined;
        let farthest = 0;
        while (order.length < shares.length) {
          if (order.length === stop % shares.length) resumed = new SharedTurns(options, structuredClone(turns.state()));
          const ahead = turns.ahead(3, everyone);
          if (order.length % 5 === 0) expect(resumed?.ahead(3, everyone) ?? ahead).toEqual(ahead);
          turns.addShares(sums);
          turns.take(everyone);
          resumed?.take(everyone);
          const [loader] = ahead;
          if (order.length % burstSize === 0) expect(shares[order.length]![loader!]).toBeGreaterThan(0);
          else expect(loader).toBe(order.at(-1)); // only whole bursts
          order.push(loader!);
          played[loader!]!++;
          for (let i = 0; i < numLoaders; i++) farthest = Math.max(farthest, Math.abs(played[i]! - sums[i]!));
        }
        expect(farthest).toBeLessThan(2 * burstSize);
        expect(turns.ahead(3, everyone)).toEqual([]);
        expect(resumed?.state()).toEqual(turns.state());
      }),
      { numRuns: 40 },
    );
  });

  it('gives the turns of loaders that are not left to the others by their shares', () => {
    const shares = [0.5, 0.3, 0.2];
    const turns = new SharedTurns({ numTurns: 50, numLoaders: 3, burstSize: 1, sharesAt: () => shares });
    const isLeft = (loader: number): boolean => loader > 0;
    const counts = [0, 0, 0];
    for (let turn = 0; turn < 50; turn++) {
      counts[turns.ahead(1, isLeft)[0]!]!++;
      turns.take(isLeft);
    }
    expect(counts).toEqual([0, 30, 20]);
    expect(turns.ahead(1, () => false)).toEqual([]);
  });

  it('shares turns equally where nobody who is left has a share', () => {
    const turns = new SharedTurns({ numTurns: 4, numLoaders: 3, burstSize: 1, sharesAt: () => [1, 0, 0] });
    const isLeft = (loader: number): boolean => loader > 0;
    expect(turns.ahead(4, isLeft)).toEqual([1, 2, 1, 2]);
  });
});
