// The neurons: a linear filter in space and time behind an adapting retina, a gain that follows behaviour, a rate, and counts of spikes.
import type { ExperimentParameters, SessionParameters } from './parameters.ts';
import type { Random } from './random.ts';

/** One unit of a session as it really is. */
export interface Unit {
  /** Middle of the field in pixels of the picture: y and x, where pixel 0 has its middle at 0. */
  readonly position: readonly [y: number, x: number];
  /** Direction in which the grating changes, radians from the x axis towards +y. */
  readonly orientation: number;
  /** Pixels a cycle. */
  readonly wavelength: number;
  /** Radians; 0 is bright in the middle. */
  readonly phase: number;
  /** Deviation of the round Gaussian envelope, pixels. */
  readonly size: number;
  readonly amplitude: number;
  readonly sensitivity: number;
  readonly rateHz: number;
}

/** Draws the units of a session from the one population that all sessions share. */
export function drawUnits(random: Random, session: SessionParameters, experiment: ExperimentParameters): Unit[] {
  const { fields, behavior, amplitude, rateHz, size } = experiment;
  return Array.from({ length: session.numUnits }, () => {
    const radius = fields.scatter * Math.sqrt(random.uniform());
    const angle = 2 * Math.PI * random.uniform();
    const wavelength = random.between(fields.wavelength);
    const middle = (size - 1) / 2;
    return {
      position: [
        middle + session.center[0] + radius * Math.sin(angle),
        middle + session.center[1] + radius * Math.cos(angle),
      ],
      orientation: Math.PI * random.uniform(),
      wavelength,
      phase: 2 * Math.PI * random.uniform(),
      size: wavelength * random.between(fields.size),
      amplitude: random.between(amplitude),
      sensitivity: random.between(behavior.sensitivity),
      rateHz: Math.exp(random.between([Math.log(rateHz[0]), Math.log(rateHz[1])])),
    };
  });
}

/** The field of a unit: a Gabor function of size * size pixels, row by row, of length 1. */
export function gabor(
  { position: [y0, x0], orientation, wavelength, phase, size: deviation }: Unit,
  size: number,
): Float64Array {
  const field = new Float64Array(size * size);
  for (let i = 0; i < field.length; i++) {
    const [y, x] = [Math.floor(i / size) - y0, (i % size) - x0];
    const along = x * Math.cos(orientation) + y * Math.sin(orientation);
    field[i] = Math.exp(-(x * x + y * y) / (2 * deviation ** 2)) * Math.cos((2 * Math.PI * along) / wavelength + phase);
  }
  const length = Math.sqrt(field.reduce((sum, v) => sum + v * v, 0));
  return field.map((v) => v / length);
}

/** t^power * exp(-t / tau) over bins of 1 / samplingRate seconds, of sum 1. */
function gammaFilter(power: number, tauMs: number, numBins: number, samplingRate: number, start = 0): Float64Array {
  const filter = Float64Array.from({ length: numBins }, (_, bin) => {
    const time = ((bin + start) * 1000) / samplingRate / tauMs;
    return time ** power * Math.exp(-time);
  });
  const sum = filter.reduce((total, v) => total + v, 0);
  return filter.map((v) => v / sum);
}

/** The temporal kernel of all units, bin 0 first: up, then down; of length 1. */
export function temporalKernel({ kernel, samplingRate }: ExperimentParameters): Float64Array {
  const rise = gammaFilter(kernel.risePower, kernel.riseMs, kernel.numBins, samplingRate, 0.5);
  const fall = gammaFilter(kernel.fallPower, kernel.fallMs, kernel.numBins, samplingRate, 0.5);
  const difference = rise.map((v, bin) => v - kernel.fallShare * fall[bin]!);
  const length = Math.sqrt(difference.reduce((sum, v) => sum + v * v, 0));
  return difference.map((v) => v / length);
}

/** What the retina hands on of pixels (p - 127) / 255: y / (1 + strength * z), where y is the pixel through a fast filter and z through a mixture of the fast one
 *  and a slow one, so that after bright things the gain is low. Source: Clark et al. 2013, eq. 15 (dynamical adaptation), here for each pixel. */
export function adapt(frames: Uint8Array, { size, samplingRate, adaptation }: ExperimentParameters): Float64Array {
  const { numBins, fastPower, fastMs, slowPower, slowMs, fastShare, strength } = adaptation;
  const fast = gammaFilter(fastPower, fastMs, numBins, samplingRate);
  const slow = gammaFilter(slowPower, slowMs, numBins, samplingRate);
  const divisor = slow.map((v, bin) => fastShare * fast[bin]! + (1 - fastShare) * v);
  const numPixels = size * size;
  const adapted = new Float64Array(frames.length);
  for (let start = 0; start < frames.length; start += numPixels) {
    const reach = Math.min(numBins, start / numPixels + 1);
    for (let pixel = 0; pixel < numPixels; pixel++) {
      let [y, z] = [0, 0];
      for (let bin = 0; bin < reach; bin++) {
        const value = (frames[start + pixel - bin * numPixels]! - 127) / 255;
        y += fast[bin]! * value;
        z += divisor[bin]! * value;
      }
      adapted[start + pixel] = y / (1 + strength * z);
    }
  }
  return adapted;
}

/** What the field and the kernel make of the adapted frames, of mean 0 and deviation 1 over the session. */
export function driveOf(adapted: Float64Array, field: Float64Array, kernel: Float64Array): Float64Array {
  const numFrames = adapted.length / field.length;
  const seen = new Float64Array(numFrames);
  for (let frame = 0; frame < numFrames; frame++) {
    let sum = 0;
    for (let pixel = 0, at = frame * field.length; pixel < field.length; pixel++)
      sum += field[pixel]! * adapted[at + pixel]!;
    seen[frame] = sum;
  }
  const drive = seen.map((_, frame) => {
    let sum = 0;
    for (let bin = 0; bin < kernel.length && bin <= frame; bin++) sum += kernel[bin]! * seen[frame - bin]!;
    return sum;
  });
  const mean = drive.reduce((sum, v) => sum + v, 0) / numFrames;
  const deviation = Math.sqrt(drive.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numFrames);
  return drive.map((v) => (v - mean) / deviation);
}

/** Speed, 0 to about 1, and pupil, about a normal variable, for each frame: [speed, pupil, speed, pupil, …]. */
export function behave(
  random: Random,
  numFrames: number,
  { behavior, samplingRate }: ExperimentParameters,
): Float32Array {
  const signals = new Float32Array(numFrames * 2);
  const [toSpeed, toPupil] = [behavior.speedSeconds, behavior.pupilSeconds].map(
    (seconds) => 1 - Math.exp(-1 / (seconds * samplingRate)),
  );
  let [goal, speed, slow] = [0, 0, random.normal()];
  for (let frame = 0; frame < numFrames; frame++) {
    const change = random.uniform() * samplingRate * (goal > 0 ? behavior.runSeconds : behavior.restSeconds) < 1;
    if (change) goal = goal > 0 ? 0 : random.between([0.4, 1]);
    speed += toSpeed! * (goal - speed);
    slow += -toPupil! * slow + Math.sqrt(toPupil! * (2 - toPupil!)) * random.normal();
    signals.set([speed, Math.min(2.5, Math.max(-2.5, slow + behavior.pupilOfSpeed * speed))], frame * 2);
  }
  return signals;
}

/** Spikes a bin that a unit is to fire on average at each frame: softplus(gain * amplitude * drive + offset), with the offset that gives the unit its mean rate. */
export function ratesOf(
  unit: Unit,
  drive: Float64Array,
  signals: Float32Array,
  { behavior, samplingRate }: ExperimentParameters,
): { rates: Float64Array; offset: number } {
  const inputs = drive.map((value, frame) => {
    const change = behavior.gainOfSpeed * signals[frame * 2]! + behavior.gainOfPupil * signals[frame * 2 + 1]!;
    return Math.max(behavior.leastGain, 1 + unit.sensitivity * change) * unit.amplitude * value;
  });
  const wanted = unit.rateHz / samplingRate;
  let [low, high] = [-30, 30];
  for (let halving = 0; halving < 60; halving++) {
    const offset = (low + high) / 2;
    const mean = inputs.reduce((sum, v) => sum + softplus(v + offset), 0) / inputs.length;
    if (mean < wanted) low = offset;
    else high = offset;
  }
  return { rates: inputs.map((v) => softplus(v + low)), offset: low };
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** What a faint flash on a grey picture does to the drive after 0, 1, 2, … bins: the retina's fast filter, then the kernel; of length 1. */
export function flashResponse(experiment: ExperimentParameters, numBins: number): number[] {
  const { numBins: reach, fastPower, fastMs } = experiment.adaptation;
  const fast = gammaFilter(fastPower, fastMs, reach, experiment.samplingRate);
  const kernel = temporalKernel(experiment);
  const response = Array.from({ length: numBins }, (_, bin) =>
    kernel.reduce((sum, v, i) => sum + v * (fast[bin - i] ?? 0), 0),
  );
  const length = Math.hypot(...response);
  return response.map((v) => v / length);
}
