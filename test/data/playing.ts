// Plays loaders, and keeps what they gave as plain values.
import { collectTensors, type Tensor } from '../../src/index.ts';

/** Everything in a batch as plain values; its tensors are freed. */
export function plain(batch: unknown): unknown {
  const text = JSON.stringify(batch, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('dtype' in value)) return value;
    const one = value as Tensor;
    return [one.dtype, one.shape, one.toArray()];
  });
  for (const one of collectTensors(batch)) one.dispose();
  return JSON.parse(text);
}

/** The next batches, at most so many, as plain values. */
export async function play(loader: AsyncIterable<unknown>, numBatches = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const batches: unknown[] = [];
  for await (const batch of loader) {
    batches.push(plain(batch));
    if (batches.length >= numBatches) break;
  }
  return batches;
}

/** What ends the iteration, and how many batches came before. @throws {Error} where nothing does. */
export async function failing(loader: AsyncIterable<unknown>): Promise<{ error: unknown; numBatches: number }> {
  let numBatches = 0;
  try {
    for await (const batch of loader) {
      plain(batch);
      numBatches++;
    }
  } catch (error) {
    return { error, numBatches };
  }
  throw new Error(`Cannot fail: expected an error, got ${numBatches} batches`);
}
