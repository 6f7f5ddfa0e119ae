// The curriculum of `MultiDatasetDM`: scores that belong to their samples, draws in proportion to the formula at every step, effect inside the epoch, resume.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INPUT_DELAY, type Order } from '../../data/index.ts';
import { chiSquare, chiSquareLimit, countEach } from '../../data/samplers/statistics.fixture.ts';
import { arange, type Tensor, tensor } from '../../tensor/index.ts';
import type { MultiDatasetDMOptions } from './dm-options.ts';
import type { MultiDatasetDM } from './multi-dataset-dm.ts';
import { Folders, play, samplesOf, setUp } from './testing/play.ts';
import { writeFiles, writeRecording } from './testing/sessions.ts';

const folders = new Folders();
let folder: string;

/** Contrast of frame t: pixels 127 ± its amplitude, half of them each. */
const amplitude = (t: number): number => (t * 7) % 40;
const contrast = (t: number): number => amplitude(t) * Math.sqrt(16 / 15);

/** Frames are valid from 2 on in each trial of 8; unit 0 fires t times. */
function recording(numTrials: number): Record<string, Tensor> {
  const numFrames = numTrials * 8;
  const pixels = Uint8Array.from({ length: numFrames * 16 }, (_, at) => {
    const t = Math.floor(at / 16);
    return at % 2 === 0 ? 127 + amplitude(t) : 127 - amplitude(t);
  });
  return {
    stim: tensor(pixels).view([numFrames, 4, 4]),
    robs: arange(numFrames).to('float32').unsqueeze(1),
    trial_inds: arange(numFrames).div(8, { roundingMode: 'floor' }),
  };
}

beforeAll(async () => {
  folder = await folders.make();
  await writeFiles(folder, {
    'base.yaml':
      'types: [images]\ncids: [0]\nkeys_lags: { robs: 0, stim: [0, 1] }\ndatafilters: { dfs: { ops: [{ valid_nlags: 2 }] } }\n',
    'a.yaml': '',
    'b.yaml': 'seed: 3',
  });
  await writeRecording(folder, 'a', { tensors: recording(10) });
  await writeRecording(folder, 'b', { tensors: recording(5) });
});
afterAll(() => folders.remove());

const make = (options: Partial<MultiDatasetDMOptions> = {}): Promise<MultiDatasetDM> =>
  setUp({ cfgDir: folder, batch: 6, enableCurriculum: true, warmupSteps: 100, ...options });

/** The frame of every training sample, data set after data set. */
async function framesOf(dm: MultiDatasetDM): Promise<number[]> {
  const frames: number[] = [];
  for (const name of dm.names) {
    const view = dm.trainDsets[name]!;
    const context = {
      seed: 0,
      epoch: 0,
      position: 0,
      indices: Int32Array.from({ length: view.length }, (_, at) => at),
    };
    const { robs } = (await view.getBatch!(context.indices, context)) as { robs: Tensor };
    frames.push(...(robs.toTypedArray() as Float32Array));
  }
  return frames;
}
const medianOf = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!;
const play1 = <T>(order: Order<T>): T[] => Array.from({ length: order.length }, (_, at) => order.at(at));

describe('contrast scores', () => {
  it('are those of the samples that there are, over the median of all', async () => {
    const dm = await make();
    const frames = await framesOf(dm);
    const median = medianOf(frames.map(contrast));
    const scores = dm.names.flatMap((name) => [...dm.contrastScores![name]!]);
    expect(scores.length).toBe(frames.length);
    for (const [at, t] of frames.entries()) expect(scores[at]).toBeCloseTo(contrast(t) / median, 5);
    expect(medianOf(scores)).toBeCloseTo(1, 5);
    expect(new Set(scores.map((score) => score.toFixed(4))).size).toBeGreaterThan(20);
  });

  it('are the same, however the stimulus is kept', async () => {
    const bytes = await make();
    const float = await make({ dsetDtype: 'float32' });
    expect(float.contrastScores).toEqual(bytes.contrastScores);
  });
});

describe('curriculum', () => {
  it.each(['clamp', 'blend'] as const)('draws samples in proportion to the formula: %s', async (transition) => {
    const dm = await make({ transition });
    const scores = dm.names.flatMap((name) => [...dm.contrastScores![name]!]);
    const { sampler } = dm.trainDataloader() as unknown as {
      sampler: { setStep(step: number): void; order(epoch: number): Order<number> };
    };
    for (const step of [0, 30, 75, 99]) {
      sampler.setStep(step);
      const played = Array.from({ length: 250 }, (_, epoch) => play1(sampler.order(epoch))).flat();
      const share = step / 100;
      const clamped = (alpha: number): number[] => scores.map((c) => Math.min(alpha * c, 1));
      const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
      const first = clamped(0.5);
      const shares =
        transition === 'clamp'
          ? clamped(0.5 + 0.5 * share)
          : first.map((w) => ((1 - share) * w) / sum(first) + share / first.length);
      expect(chiSquare(countEach(played, scores.length), shares)).toBeLessThan(chiSquareLimit(scores.length - 1));
      // The test can tell: shares of another step do not fit.
      if (step === 0) expect(chiSquare(countEach(played, scores.length), scores.map(() => 1))).toBeGreaterThan(chiSquareLimit(scores.length - 1)); // biome-ignore format: one thought
    }
    sampler.setStep(100);
    const played = play1(sampler.order(0));
    expect(new Set(played).size).toBe(played.length);
  });

  it('draws data sets by size and samples by the formula in homogeneous batches, also behind the warm-up', async () => {
    const dm = await make({ homogeneousBatches: true, batch: 1 });
    const { batchSampler } = dm.trainDataloader() as unknown as {
      batchSampler: { setStep(step: number): void; order(epoch: number): Order<Int32Array> };
    };
    const sizes = dm.names.map((name) => dm.trainDsets[name]!.length);
    const total = sizes.reduce((a, b) => a + b);
    for (const [step, alpha] of [[0, 0.5], [60, 0.8], [100, 1], [9000, 1]] as const) {
      batchSampler.setStep(step);
      const played = Array.from({ length: 250 }, (_, epoch) => play1(batchSampler.order(epoch)).map((batch) => batch[0]!)).flat();
      const shares = dm.names.flatMap((name, at) => {
        const weights = [...dm.contrastScores![name]!].map((c) => Math.min(alpha * c, 1));
        const sum = weights.reduce((a, b) => a + b);
        return weights.map((weight) => ((sizes[at]! / total) * weight) / sum);
      });
      expect(chiSquare(countEach(played, total), shares)).toBeLessThan(chiSquareLimit(total - 1));
    } // biome-ignore format: a table
  });

  it('takes effect inside the epoch, a fixed number of batches behind, or with the next epoch where asked', async () => {
    const dm = async (stepAt: 'batch' | 'epoch'): Promise<string[]> => {
      const loader = (await make({ batch: 2, stepAt })).trainDataloader();
      const { sampler } = loader as unknown as { sampler: { setStep(step: number): void } };
      const samples: string[] = [];
      let count = 0;
      for await (const batch of loader) {
        samples.push((batch as Parameters<typeof samplesOf>[0][]).flatMap((group) => samplesOf(group)).join());
        count += 1;
        if (count === 3) sampler.setStep(100);
      }
      return samples;
    };
    const never = async (): Promise<string[]> =>
      (await play((await make({ batch: 2 })).trainDataloader())).map((groups) =>
        groups.flatMap((group) => samplesOf(group)).join(),
      );
    const [moved, late, still] = [await dm('batch'), await dm('epoch'), await never()];
    expect(late).toEqual(still);
    expect(moved.length).toBeGreaterThan(20);
    const first = moved.findIndex((batch, at) => batch !== still[at]);
    // Batch 3 is the next to be handed out when the step is told.
    expect(first).toBe(3 + INPUT_DELAY);
    const behind = moved.slice(first).flatMap((batch) => batch.split(','));
    expect(new Set(behind).size).toBe(behind.length); // every sample at most once: the order without weights
  });

  it('goes on bit by bit from a state in the middle of the warm-up', async () => {
    for (const homogeneousBatches of [false, true]) {
      const run = async (from?: {
        state: never;
        step: number;
      }): Promise<{ rest: string[]; saved: { state: never; step: number } }> => {
        const loader = (await make({ batch: 3, homogeneousBatches })).trainDataloader();
        const own = loader as unknown as {
          sampler?: { setStep(step: number): void };
          batchSampler: { setStep(step: number): void };
        };
        const follower = own.sampler ?? own.batchSampler;
        if (from) loader.loadState(from.state);
        const rest: string[] = [];
        let saved = from;
        let step = from?.step ?? 40;
        for await (const batch of loader) {
          const groups = Array.isArray(batch) ? batch : [batch];
          if (saved) rest.push(groups.flatMap((group) => samplesOf(group)).join());
          step += 4;
          follower.setStep(step);
          if (!saved && step === 60) saved = { state: JSON.parse(JSON.stringify(loader.state())) as never, step };
        }
        return { rest, saved: saved! };
      };
      const whole = await run();
      const resumed = await run(whole.saved);
      expect(whole.rest.length).toBeGreaterThan(12);
      expect(resumed.rest).toEqual(whole.rest);
    }
  });

  it('shares out the draws among ranks', async () => {
    const played = async (rank: number, world: number): Promise<number[]> => {
      const { sampler } = (await make({ rank, world })).trainDataloader();
      return play1(sampler!.order(2));
    };
    const whole = await played(0, 1);
    const parts = [await played(0, 3), await played(1, 3), await played(2, 3)];
    const each = Math.floor(whole.length / 3);
    expect(parts.map((part) => part.length)).toEqual([each, each, each]);
    expect(Array.from({ length: 3 * each }, (_, at) => parts[at % 3]![Math.floor(at / 3)])).toEqual(
      whole.slice(0, 3 * each),
    );
  });

  it('refuses pictures without contrast', async () => {
    const place = await folders.make();
    await writeFiles(place, { 'a.yaml': 'types: [images]\ncids: [0]\nkeys_lags: { robs: 0, stim: 0 }' });
    const grey = recording(10);
    await writeRecording(place, 'a', { tensors: { ...grey, stim: grey.stim!.mul(0) } });
    await expect(make({ cfgDir: place })).rejects.toThrow(
      'Cannot compute contrast scores: expected pictures with contrast in more than half of the samples, got a median of 0; train without a curriculum',
    );
    await writeFiles(place, { 'a.yaml': 'types: [images]\ncids: [0]\nkeys_lags: { robs: 0 }' });
    await expect(make({ cfgDir: join(place) })).rejects.toThrow('keys_lags: expected stim in a, got none');
  });
});
