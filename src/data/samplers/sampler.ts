// What every sampler is: the order in which an epoch plays its samples, as a pure function of seed, epoch and position.
import type { PlainData } from '../plain-data.ts';

/** What a dynamic sampler's order depends on beside seed, epoch and position: plain data, which goes into checkpoints. */
export type SamplerInput = PlainData;

/**
 * What a dynamic sampler says when batch p is handed out acts on batch p + INPUT_DELAY, so that no batch depends on how far a loader has fetched ahead. A
 * loader with such a sampler fetches at most INPUT_DELAY - 1 batches ahead. Part of the promise that a seed gives the same order for ever: never change it.
 */
export const INPUT_DELAY = 8;

/** The order of one epoch. `at` may be asked for any position, in any order and any number of times, which is what makes resume free of replaying. */
export interface Order<T> {
  /** How many positions the epoch has; `Infinity` for one that never ends. */
  readonly length: number;
  /** What is played at `position`, an integer in [0, length). Of a dynamic sampler, under `input`, which the sampler gave INPUT_DELAY batches before. */
  at(position: number, input?: SamplerInput): T;
}

/** Gives the order of every epoch. `T` is a sample's index, or the indices of a batch. A sampler has no state: a loader holds epoch and position. */
export interface Sampler<T = number> {
  /** How many positions each epoch has; `Infinity` for epochs that never end. */
  readonly length: number;
  order(epoch: number): Order<T>;
  /** How many processes share an epoch, where this is the part of one of them. Default 1. */
  readonly numReplicas?: number | undefined;
  /**
   * Makes a sampler dynamic: what its order depends on beside seed, epoch and position (a curriculum's step, losses), as it is now. A loader asks when it hands
   * out batch p and gives the answer to `order(epoch).at` for batch p + INPUT_DELAY; the first INPUT_DELAY batches of an epoch have what was said when the epoch
   * began. What was given never changes.
   */
  input?: (() => SamplerInput) | undefined;
  /** `'epoch'`: what a dynamic sampler said when an epoch began holds for all its batches. Default 'batch'. */
  readonly inputEvery?: 'batch' | 'epoch' | undefined;
  /** Puts a dynamic sampler back to where it was when `input` said this: a loader calls it when it takes a state. */
  setInput?: ((input: SamplerInput) => void) | undefined;
}

/** What makes a sampler dynamic, for one that plays another's order: that of the other. */
export function dynamicPart(sampler: Sampler<unknown>): Pick<Sampler, 'input' | 'inputEvery' | 'setInput'> {
  const { inputEvery } = sampler;
  const input = sampler.input && (() => sampler.input!());
  const setInput = sampler.setInput && ((value: SamplerInput) => sampler.setInput!(value));
  return { input, inputEvery, setInput };
}

/** Indices are 32-bit signed, as libtorch's gather takes them. */
export const MAX_SAMPLES = 2 ** 31 - 1;

/** @throws {RangeError} unless `length` counts samples. */
export function checkSampleCount(sampler: string, length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > MAX_SAMPLES) {
    throw new RangeError(
      `Cannot make a ${sampler}: expected a length that is an integer from 0 to ${MAX_SAMPLES}, got ${length}`,
    );
  }
  return length;
}
