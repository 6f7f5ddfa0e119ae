// Training over iterable datasets: epochs of a length that nobody knows, and a resume inside one, bit for bit.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ShuffleBuffer } from '../data/datasets/shuffle-buffer.ts';
import {
  DataLoader,
  defaultCollate,
  type IterableDataset,
  type SampleStream,
  type StreamState,
} from '../data/index.ts';
import type { GenericTrainerConfig } from './index.ts';
import { type TinyBatch, temporaryFolder, tinyTrainer, weightsOf } from './testing/tiny.ts';

type Row = { readonly x: Float32Array; readonly y: Float32Array; readonly row: bigint };

/** Rows without a known number, read and decoded later; row 5 is broken. The noise is drawn from the sample's own seed. */
class Rows implements IterableDataset<number, Row> {
  readonly name = 'rows';
  readonly #numRows: number;

  constructor(numRows: number) {
    this.#numRows = numRows;
  }

  open(epoch: number, state: StreamState = 0): SampleStream<number> {
    let next = state as number;
    return {
      next: async () => (next < this.#numRows ? 100 * epoch + next++ : undefined),
      state: () => next,
      close() {},
    };
  }

  async decode(at: number, { seed }: { seed: number }): Promise<Row> {
    if (at === 5) throw new Error('row 5 is broken');
    const noise = (seed % 1000) / 1e4;
    return {
      x: Float32Array.from([1, 2, 3], (d) => Math.sin(0.7 * d * at) + noise),
      y: Float32Array.of(Math.cos(0.3 * at)),
      row: BigInt(at),
    };
  }
}

const loaderOf = (numRows: number): DataLoader<Row, TinyBatch> =>
  new DataLoader({
    dataset: new ShuffleBuffer(new Rows(numRows), { size: 6, seed: 2 }),
    batchSize: 2,
    seed: 3,
    onSampleError: 'skip',
    collate: (samples, context): TinyBatch => defaultCollate(samples, context),
  });

const NUM_ROWS = 17;

function begin(rootDir: string, resumeFromCheckpoint?: string) {
  const config: GenericTrainerConfig = {
    // At most so many steps: an epoch ends where its loader does.
    trainLoaderConfig: { epochLengthPolicy: 'fixed_num_steps', stepsPerEpoch: 1000, cycleShortLoaders: false },
    checkpoint: { rootDir, saveEveryNSteps: 4, maxCheckpoints: 100 },
  };
  const { trainer, model } = tinyTrainer({ config });
  const seen: number[] = [];
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
    seen.push(...Array.from(batch.row.toTypedArray(), Number));
    return { loss: model.forward(batch.x).sub(batch.y).square().mean() };
  });
  const loader = loaderOf(NUM_ROWS);
  const options = { trainLoaders: [loader], valLoaders: [loaderOf(7)], maxEpochs: 2 };
  const resume = resumeFromCheckpoint === undefined ? {} : { resumeFromCheckpoint };
  return { done: trainer.fit({ ...options, ...resume }), model, seen, loader };
}

describe('GenericTrainer over an iterable dataset', () => {
  it('plays epochs of unknown length, and goes on inside one as if nothing had stopped', async () => {
    const folder = temporaryFolder();
    const whole = begin(folder);
    const history = await whole.done;
    expect(whole.seen.length).toBe(2 * NUM_ROWS - 1); // row 5 of the first epoch is left out
    expect(new Set(whole.seen).size).toBe(2 * NUM_ROWS - 1);
    expect(whole.loader.numSkipped).toBe(1);
    expect(history.map((epoch) => Number.isFinite(epoch['val/loss']))).toEqual([true, true]);
    const checkpoints = readdirSync(join(folder, 'experiment')).filter((name) => /^epoch.*\.ckpt$/.test(name));
    expect(checkpoints.length).toBeGreaterThan(4);
    for (const name of checkpoints) {
      const resumed = begin(temporaryFolder(), join(folder, 'experiment', name));
      await resumed.done;
      expect(resumed.seen).toEqual(whole.seen.slice(whole.seen.length - resumed.seen.length));
      expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
      expect(resumed.loader.numSkipped).toBe(1);
    }
  });

  it('does not begin a validation that never ends', async () => {
    const { trainer } = tinyTrainer();
    const endless = { length: Number.POSITIVE_INFINITY, open: () => ({ next: () => 1, state: () => 0, close() {} }) };
    const fitting = trainer.fit({
      trainLoaders: [new DataLoader({ dataset: { length: 2, get: (i: number) => i } })],
      valLoaders: [new DataLoader({ dataset: endless })],
    });
    await expect(fitting).rejects.toThrow('valLoaders.0: expected a loader that ends, got one without an end');
  });
});
