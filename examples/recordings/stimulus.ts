// What an animal sees: crops of photographs that move with its gaze, which drifts and jumps.
import type { ExperimentParameters } from './parameters.ts';
import type { Photograph } from './photographs.ts';
import type { Random } from './random.ts';

export interface Stimulus {
  readonly numFrames: number;
  /** Frames of size * size bytes, row by row. */
  readonly frames: Uint8Array;
  /** Middle of the crop on the photograph, y and x of each frame, pixels. */
  readonly gaze: Float32Array;
  /** Number of the trial of each frame. */
  readonly trials: Int32Array;
}

/** Shows photographs for `numFrames` frames, a new one each trial. */
export function showPhotographs(
  random: Random,
  photographs: readonly Photograph[],
  numFrames: number,
  { size, samplingRate, gaze: settings }: ExperimentParameters,
): Stimulus {
  const frames = new Uint8Array(numFrames * size * size);
  const gaze = new Float32Array(numFrames * 2);
  const trials = new Int32Array(numFrames);
  const framesPerTrial = Math.round(settings.trialSeconds * samplingRate);
  let photograph = photographs[0]!;
  let place: Place = [0, 0];
  let untilSaccade = 0;
  const choose = (draw: () => Place): void => {
    place = mostContrast(Array.from({ length: settings.numChoices }, draw), photograph, size);
    untilSaccade = fixation(random, settings, samplingRate);
  };
  for (let frame = 0; frame < numFrames; frame++) {
    trials[frame] = Math.floor(frame / framesPerTrial);
    if (frame % framesPerTrial === 0) {
      photograph = photographs[Math.floor(random.uniform() * photographs.length)]!;
      choose(() => somewhere(random, photograph, size));
    } else if (--untilSaccade <= 0) {
      const from = place;
      choose(() => saccade(random, from, photograph, size, settings.saccadePixels));
    } else {
      const [y, x] = place;
      const { driftPixels } = settings;
      place = inside([y + driftPixels * random.normal(), x + driftPixels * random.normal()], photograph, size);
    }
    gaze.set(place, frame * 2);
    crop(photograph, place, size, frames.subarray(frame * size * size, (frame + 1) * size * size));
  }
  return { numFrames, frames, gaze, trials };
}

/** Middle of a crop on a photograph, pixels. */
type Place = [y: number, x: number];

/** The first of those places where the crop's pixels deviate most from their mean. */
function mostContrast(places: readonly Place[], photograph: Photograph, size: number): Place {
  const pixels = new Uint8Array(size * size);
  const contrasts = places.map((place) => {
    crop(photograph, place, size, pixels);
    const mean = pixels.reduce((sum, v) => sum + v, 0) / pixels.length;
    return pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  });
  return places[contrasts.indexOf(Math.max(...contrasts))]!;
}

/** Frames until the next saccade: the least time, and a random time after it. */
function fixation(random: Random, settings: ExperimentParameters['gaze'], samplingRate: number): number {
  const { fixationSeconds: mean, leastFixationSeconds: least } = settings;
  return Math.round((least + random.exponential(mean - least)) * samplingRate);
}

/** Where the middle of a crop may be, so that all of it is on the photograph: at least and at most. */
const reach = ({ height, width }: Photograph, size: number): [number, number, number] => [
  (size - 1) / 2,
  height - 1 - (size - 1) / 2,
  width - 1 - (size - 1) / 2,
];

function somewhere(random: Random, photograph: Photograph, size: number): Place {
  const [least, bottom, right] = reach(photograph, size);
  return [random.between([least, bottom]), random.between([least, right])];
}

function inside([y, x]: Place, photograph: Photograph, size: number): Place {
  const [least, bottom, right] = reach(photograph, size);
  return [Math.min(bottom, Math.max(least, y)), Math.min(right, Math.max(least, x))];
}

/** A jump of random length and direction that stays on the photograph. */
function saccade(random: Random, [y, x]: Place, photograph: Photograph, size: number, meanPixels: number): Place {
  for (;;) {
    const length = random.exponential(meanPixels);
    const angle = 2 * Math.PI * random.uniform();
    const aim: Place = [y + length * Math.sin(angle), x + length * Math.cos(angle)];
    const [there, across] = inside(aim, photograph, size);
    if (there === aim[0] && across === aim[1]) return aim;
  }
}

/** Copies the square around `place`, between pixels by bilinear interpolation. */
function crop({ pixels, width }: Photograph, place: Readonly<Place>, size: number, out: Uint8Array): void {
  const [top, left] = place.map((v) => v - (size - 1) / 2) as [number, number];
  const [row, column] = [Math.floor(top), Math.floor(left)];
  const [down, across] = [top - row, left - column];
  const at = (y: number, x: number, share: number) => (share > 0 ? share * pixels[y * width + x]! : 0);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [i, j] = [row + y, column + x];
      const value =
        at(i, j, (1 - down) * (1 - across)) +
        at(i, j + 1, (1 - down) * across) +
        at(i + 1, j, down * (1 - across)) +
        at(i + 1, j + 1, down * across);
      out[y * size + x] = Math.round(value);
    }
  }
}
