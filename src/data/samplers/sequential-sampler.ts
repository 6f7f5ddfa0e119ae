// `SequentialSampler`: samples as they lie.
import { checkSampleCount, type Order, type Sampler } from './sampler.ts';

/** Plays samples 0, 1, 2, … in every epoch. Memory: constant. Source: torch.utils.data.SequentialSampler. */
export class SequentialSampler implements Sampler {
  readonly length: number;

  /** @throws {RangeError} for a length that is no count of samples. */
  constructor(length: number) {
    this.length = checkSampleCount('SequentialSampler', length);
  }

  order(): Order<number> {
    return { length: this.length, at: (position) => position };
  }
}
