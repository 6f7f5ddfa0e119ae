// Spike-triggered averages: the mean of what was seen before spikes, and the same weighted by predicted rates.

import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';

// B samples, N units, C channels, L lags, H rows, W columns.

/** Averages of one kind of response. */
export interface SpikeTriggered {
  /** Less the mean stimulus. Shape: [N, L, H, W], the channels being averaged. */
  readonly average: Tensor;
  /** Of each unit the lag, as a place in L, at which its average varies most over space. */
  readonly peakLag: number[];
}

/** Sums of stimuli weighted by responses, a batch at a time:
 *  average = sum dfs r s / sum dfs r - sum dfs s / sum dfs, for each unit.
 *  Source: Chichilnisky 2001 (Network 12:199). */
export class SpikeTriggeredAverage {
  #sums:
    | { readonly weighted: Tensor; readonly responses: Tensor; readonly seen: Tensor; readonly samples: Tensor }
    | undefined;
  #shape: readonly number[] = [];

  /** @param stim - [B, C, L, H, W]. @param responses - [B, N]. @param mask - [B, N]. */
  add(stim: Tensor, responses: Tensor, mask: Tensor): void {
    const next = noGrad(() =>
      scope(() => {
        const seen = stim.to('float32').mean({ dim: 1 }); // [B, L, H, W]
        this.#shape = seen.shape.slice(1);
        const flat = seen.flatten({ startDim: 1 }); // [B, L H W]
        const weights = mask.to('float32');
        const weighted = responses.to('float32').mul(weights); // [B, N]
        const fresh = {
          weighted: weighted.t().mm(flat), // [N, L H W]
          responses: weighted.sum({ dim: 0 }),
          seen: weights.t().mm(flat),
          samples: weights.sum({ dim: 0 }),
        };
        const before = this.#sums;
        if (!before) return fresh;
        return {
          weighted: before.weighted.add(fresh.weighted),
          responses: before.responses.add(fresh.responses),
          seen: before.seen.add(fresh.seen),
          samples: before.samples.add(fresh.samples),
        };
      }),
    );
    const before = this.#sums;
    this.#sums = next;
    for (const tensor of Object.values(next)) tensor.keep();
    for (const tensor of Object.values(before ?? {})) tensor.dispose();
  }

  /** @returns undefined where nothing was added. Sync: waits for the device. */
  compute(): SpikeTriggered | undefined {
    const sums = this.#sums;
    if (!sums) return undefined;
    return noGrad(() =>
      scope(() => {
        const share = (total: Tensor, count: Tensor): Tensor => total.div(count.clamp({ min: 1e-12 }).unsqueeze(1));
        const flat = share(sums.weighted, sums.responses).sub(share(sums.seen, sums.samples));
        const average = flat.view([-1, ...this.#shape]).to('cpu'); // [N, L, H, W]
        const spread = average
          .flatten({ startDim: 2 })
          .sub(average.flatten({ startDim: 2 }).mean({ dim: 2, keepdim: true }));
        const power = spread.square().mean({ dim: 2 }); // [N, L]
        return { average, peakLag: (power.argmax({ dim: 1 }).toArray() as (number | bigint)[]).map(Number) };
      }),
    );
  }

  dispose(): void {
    for (const tensor of Object.values(this.#sums ?? {})) tensor.dispose();
    this.#sums = undefined;
  }
}
