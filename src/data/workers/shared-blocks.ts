// Shared memory that a worker fills with batch after batch: what the other thread has let go of is filled again.
import { isFree } from './packed.ts';

/** Sizes are rounded up to this part of a power of two, so that batches of nearly one size share blocks. */
const STEPS = 8;

/**
 * The blocks of one worker. New shared memory costs more than the copy into it (zeroed pages, and two collectors that have to see that it is garbage), so a
 * block stays until it proves too small: there are as many as batches were in use at a time, each as large as the largest batch lately.
 */
export class SharedBlocks {
  #blocks: SharedArrayBuffer[] = [];

  /** A block of at least so many bytes that nobody uses. */
  take(bytes: number): SharedArrayBuffer {
    const fits = this.#blocks.find((block) => block.byteLength >= bytes && isFree(block));
    if (fits) return fits;
    const step = 2 ** Math.max(0, Math.floor(Math.log2(bytes))) / STEPS;
    const block = new SharedArrayBuffer(Math.ceil(Math.ceil(bytes / step) * step));
    this.#blocks = this.#blocks.filter((one) => one.byteLength >= bytes || !isFree(one));
    this.#blocks.push(block);
    return block;
  }
}
