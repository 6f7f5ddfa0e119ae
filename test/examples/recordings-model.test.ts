// The model of examples/recordings: what is found out about it where the truth is known. Trained for a moment on small recordings of a photograph made of noise.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualSeed, noGrad, tensor, zeros } from 'sconce';
import {
  type DynamicGaussianReadout,
  type LaggedDataset,
  type ModelConfig,
  MultiDatasetModel,
  poissonBitsPerSpike,
} from 'sconce/multidataset';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bitsPerSpike } from '../../examples/recordings/best.ts';
import { evaluate, fieldsOf, placesOf, readTruth } from '../../examples/recordings/evaluate.ts';
import { generateRecordings, shortSessions } from '../../examples/recordings/generate.ts';
import { flashResponse } from '../../examples/recordings/neurons.ts';
import { EXPERIMENT, SESSIONS } from '../../examples/recordings/parameters.ts';
import { EXAMPLE_FOLDER, type Photograph } from '../../examples/recordings/photographs.ts';
import { Random } from '../../examples/recordings/random.ts';
import { sectionsOf, separate, totals } from '../../examples/recordings/report.ts';
import { train } from '../../examples/recordings/train.ts';

const folder = mkdtempSync(join(tmpdir(), 'sconce-recordings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const config = parse(readFileSync(join(EXAMPLE_FOLDER, 'model.yaml'), 'utf8')) as ModelConfig;
const sessions = [
  { name: 'birch_1', seed: 1, minutes: 0.3, numUnits: 5, center: [1, -1] as const },
  { name: 'birch_2', seed: 2, minutes: 0.2, numUnits: 3, center: [0, 0] as const },
];
const noise = new Random(1);
const photograph: Photograph = {
  ...{ name: 'noise', height: 60, width: 70 },
  pixels: Float64Array.from({ length: 60 * 70 }, () => 255 * noise.uniform()),
};
beforeAll(() => generateRecordings({ folder, sessions, photographs: [photograph] }));

describe('the model of the recordings', () => {
  it('has its places where a flash changes the rate most', () => {
    manualSeed(0);
    const model = new MultiDatasetModel({ modelConfig: config, datasetConfigs: [{ session: 'one', cids: [0, 1] }] });
    const readout = model.model.readouts.at(0) as unknown as DynamicGaussianReadout;
    const filters = [...model.namedParameters()].find(([name]) => /layers\.0.*(weight|original)$/.test(name))![1];
    noGrad(() => {
      filters.zero_();
      filters.select(-1, 5).select(-1, 5).fill_(1); // the middle of 11 x 11 pixels
      readout.mean.copy_(tensor([[-1.5, 2.5], [4.5, -0.5]])); // biome-ignore format: a table
      readout.std.fill_(0.2);
    });
    expect(placesOf(model, 0, [24, 24])).toEqual([[10, 14], [16, 11]]); // biome-ignore format: a table
    const fields = fieldsOf(model, 0, [14, 24, 24]);
    expect(fields.shape).toEqual([2, 14, 24, 24]);
    const strengths = fields.square().sum({ dim: 1 }).flatten({ startDim: 1 });
    expect(strengths.argmax({ dim: 1 }).toArray()).toEqual([10 * 24 + 14, 16 * 24 + 11]);
  });

  it('is compared with the truth of the very bins that were held out', { timeout: 60_000 }, async () => {
    const options = { epochs: 1, batchSize: 128, lr: 0.04, coreLrScale: 0.1, weightDecay: 0, seed: 0, folder };
    const { model, dm, bps } = await train('all.yaml', config, options);
    expect(dm.names).toEqual(['birch_1', 'birch_2']);
    const results = await evaluate(model, dm, folder);
    for (const { name, bits, bestBits, errors, found, true: real } of results) {
      const held = dm.valDsets[name]!.base as unknown as LaggedDataset;
      const { rates, position } = await readTruth(folder, name);
      const rows = (all: number[][]) => Array.from(held.frames, (frame) => all[frame]!).flat();
      const spikes = rows(held.tensors.robs!.toArray() as number[][]);
      const best = bitsPerSpike(spikes, rows(rates!.toArray() as number[][]), real.length);
      expect(bestBits).toEqual(best);
      // All samples of the session at once, by the library's own count.
      const all = Int32Array.from({ length: held.length }, (_, i) => i);
      const batch = await dm.valDsets[name]!.getBatch!(all, { seed: 0, epoch: 0, position: 0, indices: all });
      const group = { ...batch, datasetIdx: dm.name2idx[name]! };
      const { rhat } = model.predictStep([group])[0]!;
      const counted = poissonBitsPerSpike({ robs: batch.robs!, rhat }).toArray() as number[];
      expect(bits).toEqual(counted.map((value) => expect.closeTo(value, 4)));
      expect(real).toEqual(position!.toArray());
      const [[y, x], [y0, x0]] = [found[1]!, real[1]!];
      expect(errors[1]).toBeCloseTo(Math.hypot(y - y0, x - x0), 12);
    }
    // As the trainer has it, which computes it in another place.
    expect(bps).toEqual([expect.closeTo(totals(results).bps, 5)]);

    const alone = { birch_2: 0.1 };
    const findings = { ...{ model, folder, experiment: EXPERIMENT, sessions, alone }, shared: results, numFrames: 14 };
    const sections = await sectionsOf(findings);
    expect(sections.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
      'table: Bits per spike on held-out time',
      'plot: Units',
      'table: How far places are from the true ones, in pixels',
      'plot: Places',
      'plot: Kernel in time',
      'media: Fields',
      'text: How it is counted',
      'text: Whose photographs',
    ]);
    const [{ rows }] = sections as unknown as [{ rows: unknown[][] }];
    const [first, second] = results;
    expect(rows[0]).toEqual(['birch_1', 0.3, 5, first!.bestBps.toFixed(3), first!.bps.toFixed(3), { share: first!.bps / first!.bestBps }, '', '']); // biome-ignore format: a row
    expect(rows[1]!.slice(-2)).toEqual(['0.100', { share: 0.1 / second!.bestBps }]);
    expect(rows).toHaveLength(3);
    await dm.close();
  });

  it('is taken apart into space and time', () => {
    const field = zeros([3, 2, 2]);
    field.select(0, 2).copy_(tensor([[0, 3], [4, 0]])); // biome-ignore format: a table
    field.select(0, 0).copy_(tensor([[0, -1.5], [-2, 0]])); // biome-ignore format: a table
    const { space, time } = separate(field);
    const close = (value: number) => expect.closeTo(value, 6);
    expect(space).toEqual([[close(0), close(0.6)], [close(0.8), close(0)]]); // biome-ignore format: a table
    expect(time).toEqual([close(1 / Math.hypot(1, 0.5)), close(0), close(-0.5 / Math.hypot(1, 0.5))]);
  });

  it('has a kernel to be held against, and short sessions to be trained alone', () => {
    const response = flashResponse(EXPERIMENT, 14);
    expect(Math.hypot(...response)).toBeCloseTo(1, 12);
    expect(response[0]).toBe(0); // the retina takes a bin
    expect(response.indexOf(Math.max(...response))).toBe(2);
    expect(shortSessions(SESSIONS).map(({ name }) => name)).toEqual(['birch_4', 'cedar_4']);
  });
});
