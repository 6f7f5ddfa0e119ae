// Finds samples of a stream again by the places in which they were read.
import { CheckpointError } from '../../errors.ts';
import { datasetName } from './dataset.ts';
import type { IterableDataset, SampleStream, StreamState } from './iterable.ts';

/** A sample that was read from a stream. */
export interface PlacedSample {
  /** Its number among those that were read. */
  readonly number: number;
  /** Where the stream stood before it. */
  readonly place: StreamState;
}

/** Up to so many samples are read over, where that finds the next one without opening another stream. */
const MOST_READ_OVER = 32;

/** Reads samples again, in the order of their numbers, one stream for those that lie near each other. Gives them in the order in which they are asked for. */
export async function reread<R>(
  dataset: IterableDataset<R, unknown>,
  epoch: number,
  wanted: readonly PlacedSample[],
): Promise<R[]> {
  const order = [...wanted.keys()].sort((a, b) => wanted[a]!.number - wanted[b]!.number);
  const raws = new Array<R>(wanted.length);
  let stream: SampleStream<R> | undefined;
  /** The number of the sample that the stream gives next. */
  let next = 0;
  try {
    for (const i of order) {
      const { number, place } = wanted[i]!;
      const near = stream && number - next <= MOST_READ_OVER ? stream : undefined;
      let raw = near && (await readBehind(near, number - next));
      if (raw === undefined) {
        await stream?.close();
        stream = undefined; // it is closed, whatever becomes of the next
        stream = dataset.open(epoch, place);
        raw = await stream.next();
      }
      if (raw === undefined) {
        throw new CheckpointError(
          `Cannot resume ${datasetName(dataset)}: expected sample ${number} of epoch ${epoch} in the place of the saved state, got the end; open what was open when the state was saved, or start afresh`,
        );
      }
      raws[i] = raw;
      next = number + 1;
    }
  } finally {
    await stream?.close();
  }
  return raws;
}

/** The sample behind the next `count` ones. Undefined where one of them cannot be read: it was left out before, and what follows is found by its place. */
async function readBehind<R>(stream: SampleStream<R>, count: number): Promise<R | undefined> {
  try {
    for (let i = 0; i < count; i++) if ((await stream.next()) === undefined) return undefined;
    return await stream.next();
  } catch {
    return undefined;
  }
}
