// The recordings of examples/recordings: simulated neurons whose truth is known. Here small ones, of a photograph made of noise.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSafetensors } from 'sconce';
import { afterAll, describe, expect, it } from 'vitest';
import { bitsPerSpike, sessionBits } from '../../examples/recordings/best.ts';
import { generateRecordings } from '../../examples/recordings/generate.ts';
import * as neurons from '../../examples/recordings/neurons.ts';
import { EXPERIMENT, SESSIONS } from '../../examples/recordings/parameters.ts';
import { EXAMPLE_FOLDER, type Photograph, readPhotographs } from '../../examples/recordings/photographs.ts';
import { Random } from '../../examples/recordings/random.ts';
import { showPhotographs } from '../../examples/recordings/stimulus.ts';

const folder = mkdtempSync(join(tmpdir(), 'sconce-recordings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const noise = new Random(1);
const photograph: Photograph = {
  name: 'noise',
  pixels: Float64Array.from({ length: 60 * 70 }, () => 255 * noise.uniform()),
  height: 60,
  width: 70,
};
const sessions = [
  { name: 'birch_1', seed: 1, minutes: 0.4, numUnits: 5, center: [1, -1] as const },
  { name: 'birch_2', seed: 2, minutes: 0.2, numUnits: 3, center: [0, 0] as const },
];
const unit: neurons.Unit = {
  ...{ position: [5, 7], orientation: 0, wavelength: 6, phase: 0, size: 2, amplitude: 1, sensitivity: 1, rateHz: 8 },
};

describe('the parameters of the recordings', () => {
  it('are at least 6 sessions of 40 units and 5 to 20 minutes, and two of at most 3', () => {
    const long = SESSIONS.filter(({ minutes }) => minutes > 3);
    expect(long.length).toBeGreaterThanOrEqual(6);
    expect(SESSIONS.length - long.length).toBe(2);
    for (const { minutes } of long) expect(minutes >= 5 && minutes <= 20).toBe(true);
    for (const { numUnits } of SESSIONS) expect(numUnits).toBeGreaterThanOrEqual(40);
    expect(new Set(SESSIONS.map(({ seed }) => seed)).size).toBe(SESSIONS.length);
    expect(EXPERIMENT.rateHz[0] >= 2 && EXPERIMENT.rateHz[1] <= 20).toBe(true);
  });

  it('are those that the README and the log speak of', () => {
    // The truth is fixed before the first training. Who changes it trains anew, and says so.
    const hash = createHash('sha256').update(JSON.stringify({ EXPERIMENT, SESSIONS }));
    expect(hash.digest('hex').slice(0, 16)).toBe('c921da7ba3170bec');
  });
});

describe('Random', () => {
  it('draws the same from the same seeds, and even, normal, exponential and Poisson values', () => {
    const draw = (count: number, of: (random: Random) => number) => {
      const random = new Random(3, 4);
      return Array.from({ length: count }, () => of(random));
    };
    expect(draw(5, (r) => r.uniform())).toEqual(draw(5, (r) => r.uniform()));
    expect(new Random(3, 5).uniform()).not.toBe(new Random(3, 4).uniform());
    const moments = (values: number[]) => {
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      return [mean, values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length];
    };
    const close = (wanted: number) => expect.closeTo(wanted, 1);
    expect(moments(draw(20_000, (r) => r.uniform()))).toEqual([expect.closeTo(0.5, 2), expect.closeTo(1 / 12, 2)]);
    expect(moments(draw(20_000, (r) => r.normal()))).toEqual([close(0), close(1)]);
    expect(moments(draw(20_000, (r) => r.exponential(1)))).toEqual([close(1), close(1)]);
    expect(moments(draw(20_000, (r) => r.poisson(0.7)))).toEqual([close(0.7), close(0.7)]);
    const [mean, variance] = moments(draw(5_000, (r) => r.poisson(40)));
    expect([Math.abs(mean! - 40) < 0.5, Math.abs(variance! / 40 - 1) < 0.1]).toEqual([true, true]);
  });
});

describe('showPhotographs()', () => {
  const numFrames = 400;
  const { frames, gaze, trials } = showPhotographs(new Random(5), [photograph], numFrames, EXPERIMENT);
  const place = (frame: number): [number, number] => [gaze[frame * 2]!, gaze[frame * 2 + 1]!];

  it('cuts the crop around the gaze out of the photograph, between pixels too', () => {
    for (const frame of [0, 57, 399]) {
      const [top, left] = place(frame).map((v) => v - 11.5) as [number, number];
      const [row, column] = [Math.floor(top) + 4, Math.floor(left) + 9];
      const [down, across] = [top - Math.floor(top), left - Math.floor(left)];
      const at = (y: number, x: number) => photograph.pixels[y * photograph.width + x]!;
      const upper = at(row, column) * (1 - across) + at(row, column + 1) * across;
      const lower = at(row + 1, column) * (1 - across) + at(row + 1, column + 1) * across;
      const value = frames[frame * 24 * 24 + 4 * 24 + 9]!;
      expect(Math.abs(value - (upper * (1 - down) + lower * down))).toBeLessThan(0.51);
    }
  });

  it('drifts and jumps without leaving the photograph, and begins anew at every trial', () => {
    const steps = Array.from({ length: numFrames - 1 }, (_, frame) => {
      const [[y, x], [there, across]] = [place(frame), place(frame + 1)];
      return Math.hypot(there - y, across - x);
    });
    const jumps = steps.filter((length) => length > 3).length;
    expect(jumps > 25 && jumps < 90).toBe(true); // a saccade every 350 ms, of 20 s; short ones are not counted
    expect(steps.filter((length) => length < 2).length).toBeGreaterThan(250);
    expect(Math.min(...gaze)).toBeGreaterThanOrEqual(11.5);
    expect(Math.max(...gaze.filter((_, i) => i % 2 === 0))).toBeLessThanOrEqual(60 - 1 - 11.5);
    expect([trials[0], trials[99], trials[100], trials[399]]).toEqual([0, 0, 1, 3]);
  });
});

describe('the neurons', () => {
  it('have Gabor fields of length 1 around their position', () => {
    const field = neurons.gabor(unit, 12);
    expect(field.indexOf(Math.max(...field))).toBe(5 * 12 + 7);
    expect(field.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 12);
    // Half a wavelength along the grating the sign is the other one, across it is not.
    expect(field[5 * 12 + 10]! / field[5 * 12 + 7]!).toBeCloseTo(-Math.exp(-9 / 8), 12);
    expect(field[8 * 12 + 7]! / field[5 * 12 + 7]!).toBeCloseTo(Math.exp(-9 / 8), 12);
  });

  it('lie around the center of their session, with rates and sizes of the one population', () => {
    const units = neurons.drawUnits(new Random(1), { ...SESSIONS[0]!, numUnits: 400 }, EXPERIMENT);
    const distances = units.map(({ position: [y, x] }) => Math.hypot(y - 10.5, x - 12.7));
    expect(Math.max(...distances)).toBeLessThanOrEqual(3.5);
    expect(distances.filter((d) => d < 3.5 / Math.SQRT2).length / 400).toBeCloseTo(0.5, 1);
    expect(units.every(({ size, wavelength }) => size / wavelength > 0.32 && size / wavelength < 0.38)).toBe(true);
    expect(units.filter(({ rateHz }) => rateHz < Math.sqrt(2.5 * 18)).length / 400).toBeCloseTo(0.5, 1);
  });

  it('see less after bright things than after dark ones', () => {
    const steady = (value: number) => neurons.adapt(new Uint8Array(24 * 24 * 40).fill(value), EXPERIMENT).at(-1)!;
    const [bright, dark] = [(255 - 127) / 255, (0 - 127) / 255];
    expect(steady(255)).toBeCloseTo(bright / (1 + 1.5 * bright), 12);
    expect(steady(0)).toBeCloseTo(dark / (1 + 1.5 * dark), 12);
  });

  it('are driven by what field and kernel make of the frames', () => {
    const kernel = neurons.temporalKernel(EXPERIMENT);
    expect(kernel.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 12);
    const blink = new Float64Array(30);
    blink[10] = 1; // a frame of one pixel
    const drive = neurons.driveOf(blink, Float64Array.of(2), kernel);
    const steps = Array.from(drive, (v) => v - drive[0]!);
    for (let bin = 0; bin < 8; bin++) expect(steps[10 + bin]! / steps[10]!).toBeCloseTo(kernel[bin]! / kernel[0]!, 9);
    expect([steps[9], steps[18]]).toEqual([0, 0]);
    expect(drive.reduce((sum, v) => sum + v * v, 0) / 30).toBeCloseTo(1, 12);
  });

  it('fire at their mean rate, and are driven more while the animal runs', () => {
    const drive = Float64Array.from({ length: 4000 }, (_, i) => Math.sin(i));
    const signals = new Float32Array(8000).map((_, i) => (i % 2 === 0 && i >= 4000 ? 1 : 0));
    const { rates, offset } = neurons.ratesOf(unit, drive, signals, EXPERIMENT);
    expect(rates.reduce((sum, v) => sum + v, 0) / 4000).toBeCloseTo(8 / 20, 9);
    const inverse = (rate: number) => Math.log(Math.expm1(rate)) - offset;
    expect(inverse(rates[7]!)).toBeCloseTo(drive[7]!, 9);
    expect(inverse(rates[3007]!)).toBeCloseTo(1.6 * drive[3007]!, 9);
    const behaviour = neurons.behave(new Random(2), 20_000, EXPERIMENT);
    const speed = behaviour.filter((_, i) => i % 2 === 0);
    expect(Math.min(...speed)).toBe(0);
    expect(Math.max(...speed)).toBeLessThanOrEqual(1);
    expect(speed.filter((v) => v > 0.2).length / 20_000).toBeCloseTo(1 / 3, 0);
  });
});

describe('bitsPerSpike()', () => {
  it('is the information of the rates about the spikes, and highest for the true ones', () => {
    // A unit that fires 3 a bin in one half and 1 in the other: sum p/m log2(p/m) over the halves.
    const random = new Random(9);
    const rates = Array.from({ length: 40_000 }, (_, i) => (i % 2 ? 3 : 1));
    const spikes = rates.map((rate) => random.poisson(rate));
    const expected = (1.5 * Math.log2(1.5) + 0.5 * Math.log2(0.5)) / 2;
    expect(bitsPerSpike(spikes, rates, 1)[0]).toBeCloseTo(expected, 2);
    for (const factor of [0.9, 1.1]) {
      const other = rates.map((rate) => 2 * (rate / 2) ** factor);
      expect(bitsPerSpike(spikes, other, 1)[0]).toBeLessThan(bitsPerSpike(spikes, rates, 1)[0]!);
    }
  });

  it('keeps units apart, counts a silent one as of one spike, and takes the mean without losses', () => {
    const bits = bitsPerSpike([2, 0, 0, 0, 0, 0], [2, 1, 1e-9, 1, 1e-9, 1], 2);
    expect(bits[0]).toBeCloseTo((2 * Math.log(2 / (2 / 3)) / 2) / Math.LN2, 6); // biome-ignore format: as a formula
    expect(bits[1]).toBeCloseTo((1 - 3) / Math.LN2, 6);
    expect(sessionBits([0.4, -1])).toBeCloseTo(0.2, 12);
  });
});

describe('generateRecordings()', () => {
  const read = (path: string) => readFileSync(join(folder, path));

  it('writes what was recorded and what is true, the same bytes every time', { timeout: 60_000 }, async () => {
    const made = (name: string) =>
      generateRecordings({ folder: join(folder, name), sessions, photographs: [photograph] });
    await made('one');
    await made('two');
    const files = sessions.flatMap(({ name }) => [`${name}/photographs.safetensors`, `truth/${name}.safetensors`]);
    for (const file of files) expect(read(`one/${file}`).equals(read(`two/${file}`))).toBe(true);
    const recording = await loadSafetensors(join(folder, 'one/birch_1/photographs.safetensors'));
    const shapes = Object.entries(recording).map(([name, { shape, dtype }]) => [name, [...shape], dtype]);
    expect(Object.fromEntries(shapes.map(([name, ...rest]) => [name, rest]))).toEqual({
      ...{ stim: [[480, 24, 24], 'uint8'], robs: [[480, 5], 'uint8'], behavior: [[480, 2], 'float32'] },
      ...{ eyepos: [[480, 2], 'float32'], trial_inds: [[480], 'int32'], t_bins: [[480], 'float64'] },
    });
    const { rates, position } = await loadSafetensors(join(folder, 'one/truth/birch_1.safetensors'));
    const off = rates!.mean({ dim: 0 }).sub(recording.robs!.to('float32').mean({ dim: 0 })).abs().div(rates!.mean({ dim: 0 }).div(480).sqrt()); // biome-ignore format: one formula
    expect(off.max().item()).toBeLessThan(4); // deviations of a Poisson count
    expect(position!.shape).toEqual([5, 2]);
  });

  it('keeps what was made with the same parameters, and records anew with others', { timeout: 60_000 }, async () => {
    const options = { folder: join(folder, 'kept'), sessions: sessions.slice(1), photographs: [photograph] };
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    await generateRecordings({ ...options, log });
    const path = join(options.folder, 'birch_2/photographs.safetensors');
    const { mtimeMs } = statSync(path);
    await generateRecordings({ ...options, log });
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    const louder = { ...EXPERIMENT, rateHz: [17, 18] as const };
    await generateRecordings({ ...options, experiment: louder, log });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^birch_2: 3 units, 0.2 minutes, 240 frames, \d+ spikes$/);
    expect(lines[1]).not.toBe(lines[0]);
  });

  it('says which package the photographs come from', async () => {
    await expect(readPhotographs(EXPERIMENT.photographs, folder)).rejects.toThrow(
      /^Cannot read the photographs: expected the package @stdlib\/datasets in .*, got none; run "npm ci" there$/,
    );
    expect(EXAMPLE_FOLDER).toMatch(/examples\/recordings$/);
  });
});
