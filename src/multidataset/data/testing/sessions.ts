// Small sessions on disk for tests: numbers that say where they come from.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveSafetensors } from '../../../serial/safetensors.ts';
import { arange, type Tensor, tensor } from '../../../tensor/index.ts';

export interface SessionShape {
  readonly numTrials?: number;
  readonly trialFrames?: number;
  readonly numUnits?: number;
  /** Side of the picture. */
  readonly size?: number;
}

/** The tensors of a recording: pixel (y, x) of frame t is (t + 3y + 5x) mod 251, unit n of frame t fires t + 1000n times. */
export function makeRecording({
  numTrials = 10,
  trialFrames = 12,
  numUnits = 3,
  size = 4,
}: SessionShape = {}): Record<string, Tensor> {
  const numFrames = numTrials * trialFrames;
  const pixels = new Uint8Array(numFrames * size * size);
  const robs = new Float32Array(numFrames * numUnits);
  const eyepos = new Float32Array(numFrames * 2);
  for (let t = 0; t < numFrames; t++) {
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) pixels[(t * size + y) * size + x] = (t + 3 * y + 5 * x) % 251;
    for (let n = 0; n < numUnits; n++) robs[t * numUnits + n] = t + 1000 * n;
    eyepos[2 * t] = Math.sin(t / 3);
    eyepos[2 * t + 1] = Math.cos(t / 5);
  }
  return {
    stim: tensor(pixels).view([numFrames, size, size]),
    robs: tensor(robs).view([numFrames, numUnits]),
    eyepos: tensor(eyepos).view([numFrames, 2]),
    trial_inds: arange(numFrames).div(trialFrames, { roundingMode: 'floor' }).to('int64'),
  };
}

/** Writes a recording of a session. */
export async function writeRecording(
  folder: string,
  session: string,
  {
    type = 'images',
    rate = 120,
    tensors = makeRecording(),
  }: { type?: string; rate?: number; tensors?: Record<string, Tensor> } = {},
): Promise<void> {
  await mkdir(join(folder, session), { recursive: true });
  await saveSafetensors(tensors, join(folder, session, `${type}.safetensors`), {
    metadata: { sampling_rate: String(rate) },
  });
}

/** Files by name, their folders made. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** What data sets have in common, as VisionCore's parent files. */
export const BASE = `
types: [images]
keys_lags: { robs: 0, stim: [0, 1, 2, 3], behavior: 0, dfs: 0 }
transforms:
  stim:
    source: stim
    ops: [{ pixelnorm: {} }, { unsqueeze: 1 }]
    expose_as: stim
  eye_vel:
    source: eyepos
    ops: [{ diff: { axis: 0 } }, { maxnorm: {} }, symlog, { splitrelu: { split_dim: 1, trainable_gain: false } }]
    expose_as: behavior
    concatenate: true
  eye_pos: { source: eyepos, ops: [], expose_as: behavior, concatenate: true }
datafilters:
  dfs: { ops: [{ valid_nlags: { n_lags: 4 } }], expose_as: dfs }
train_val_split: 0.8
seed: 1002
`;
