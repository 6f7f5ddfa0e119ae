// What the recordings are made from: every number of the simulated experiment, fixed before the first training. Change one and you record other neurons.

/** One session: one animal on one day, with fields of its own. */
export interface SessionParameters {
  readonly name: string;
  readonly seed: number;
  readonly minutes: number;
  readonly numUnits: number;
  /** Where the middle of the session's fields is, from the middle of the picture. Pixels down and to the right. */
  readonly center: readonly [y: number, x: number];
}

/** A range from which a value is drawn evenly. */
export type Range = readonly [low: number, high: number];

/** What all sessions have in common. */
export interface ExperimentParameters {
  /** Frames and bins a second. */
  readonly samplingRate: number;
  /** Edge of the square picture that is recorded, in pixels. */
  readonly size: number;
  readonly photographs: {
    /** Pixels of a photograph that are averaged to one, along each edge. */
    readonly shrink: number;
    /** Mean and deviation that every photograph is brought to, before it is cut off at 0 and 255. */
    readonly mean: number;
    readonly deviation: number;
  };
  readonly gaze: {
    /** A trial shows one photograph. */
    readonly trialSeconds: number;
    /** Mean and least time between saccades. */
    readonly fixationSeconds: number;
    readonly leastFixationSeconds: number;
    /** Mean length of a saccade, pixels. */
    readonly saccadePixels: number;
    /** Deviation of the drift from frame to frame along each axis, pixels. */
    readonly driftPixels: number;
    /** The gaze goes to the one of so many random places that has most contrast. */
    readonly numChoices: number;
  };
  readonly adaptation: {
    /** Divides by 1 + strength * what was there before. */
    readonly strength: number;
    /** Share of the fast filter in what divides. */
    readonly fastShare: number;
    /** Time constants in ms of t^power * exp(-t / tau). */
    readonly fastMs: number;
    readonly slowMs: number;
    readonly fastPower: number;
    readonly slowPower: number;
    /** Bins that the filters reach back. */
    readonly numBins: number;
  };
  readonly kernel: {
    readonly numBins: number;
    /** Difference of two gamma functions: times in ms and powers of the two, and how much of the second is taken away. */
    readonly riseMs: number;
    readonly risePower: number;
    readonly fallMs: number;
    readonly fallPower: number;
    readonly fallShare: number;
  };
  readonly fields: {
    /** Pixels a cycle. */
    readonly wavelength: Range;
    /** Deviation of the Gaussian envelope, in wavelengths. */
    readonly size: Range;
    /** Fields lie in a disc around the session's center, pixels. */
    readonly scatter: number;
  };
  readonly behavior: {
    /** Mean length of running and of rest, seconds. */
    readonly runSeconds: number;
    readonly restSeconds: number;
    /** How slowly speed follows, seconds. */
    readonly speedSeconds: number;
    /** How slowly the pupil wanders, seconds, and how much it follows the speed. */
    readonly pupilSeconds: number;
    readonly pupilOfSpeed: number;
    /** Gain of the drive: 1 + sensitivity * (speed * gainOfSpeed + pupil * gainOfPupil), at least `leastGain`. */
    readonly gainOfSpeed: number;
    readonly gainOfPupil: number;
    readonly leastGain: number;
    /** Of the units. */
    readonly sensitivity: Range;
  };
  /** Deviation of a unit's drive before the gain. */
  readonly amplitude: Range;
  /** Mean rate of a unit in spikes a second, drawn evenly on a logarithmic scale. */
  readonly rateHz: Range;
}

export const EXPERIMENT: ExperimentParameters = {
  samplingRate: 20,
  size: 24,
  photographs: { shrink: 4, mean: 127, deviation: 60 },
  gaze: {
    trialSeconds: 5,
    fixationSeconds: 0.35,
    leastFixationSeconds: 0.15,
    saccadePixels: 25,
    driftPixels: 0.4,
    numChoices: 3,
  },
  adaptation: { strength: 1.5, fastShare: 0.25, fastMs: 25, slowMs: 100, fastPower: 1, slowPower: 1, numBins: 20 },
  kernel: { numBins: 8, riseMs: 35, risePower: 2, fallMs: 45, fallPower: 3, fallShare: 0.7 },
  fields: { wavelength: [5, 7.5], size: [0.32, 0.38], scatter: 3.5 },
  behavior: {
    ...{ runSeconds: 8, restSeconds: 16, speedSeconds: 0.5, pupilSeconds: 3, pupilOfSpeed: 0.8 },
    ...{ gainOfSpeed: 0.6, gainOfPupil: 0.2, leastGain: 0.2, sensitivity: [0.6, 1.4] },
  },
  amplitude: [0.8, 1.4],
  rateHz: [2.5, 18],
};

/** Two animals with four sessions each, of which the last is short. */
export const SESSIONS: readonly SessionParameters[] = [
  { name: 'birch_1', seed: 101, minutes: 5, numUnits: 48, center: [-1, 1.2] },
  { name: 'birch_2', seed: 102, minutes: 6, numUnits: 44, center: [0.6, -1.3] },
  { name: 'birch_3', seed: 103, minutes: 8, numUnits: 40, center: [1.4, 0.4] },
  { name: 'birch_4', seed: 104, minutes: 3, numUnits: 40, center: [-0.4, -0.9] },
  { name: 'cedar_1', seed: 201, minutes: 5.5, numUnits: 52, center: [0.2, 1.5] },
  { name: 'cedar_2', seed: 202, minutes: 6.5, numUnits: 46, center: [-1.4, -0.3] },
  { name: 'cedar_3', seed: 203, minutes: 7, numUnits: 42, center: [1, -1.1] },
  { name: 'cedar_4', seed: 204, minutes: 2, numUnits: 40, center: [1.1, 0.8] },
];
