// What a trained model is worth where the truth is known: bits per spike beside the best, and where its fields are.
import { join } from 'node:path';
import { grad, loadSafetensors, noGrad, scope, stack, type Tensor, zeros } from 'sconce';
import type { DynamicGaussianReadout, LaggedDataset, MultiDatasetDM, MultiDatasetModel } from 'sconce/multidataset';
import { bitsPerSpike, sessionBits } from './best.ts';

/** A model of one session, unit by unit. */
export interface SessionResult {
  readonly name: string;
  /** Bits per spike of each unit on held-out time: of the model, and of the rates that the spikes were drawn from. */
  readonly bits: readonly number[];
  readonly bestBits: readonly number[];
  /** The session's `val_bps`: means over units. */
  readonly bps: number;
  readonly bestBps: number;
  /** Middles of fields in pixels of the picture, [y, x]: as the readouts have them, and as they are. */
  readonly found: readonly Place[];
  readonly true: readonly Place[];
  /** Distance of the two, pixels. */
  readonly errors: readonly number[];
}

export type Place = readonly [y: number, x: number];

/** A session's truth, as `generateRecordings` wrote it. */
export async function readTruth(folder: string, session: string): Promise<Readonly<Record<string, Tensor>>> {
  return (await loadSafetensors(join(folder, 'truth', `${session}.safetensors`))) as Readonly<Record<string, Tensor>>;
}

/** Compares a model with the truth, session by session. The module's mode is left as it was. */
export async function evaluate(model: MultiDatasetModel, dm: MultiDatasetDM, folder: string): Promise<SessionResult[]> {
  const predicted = await predict(model, dm);
  return Promise.all(
    dm.names.map(async (name, session) => {
      const truth = await readTruth(folder, name);
      const { tensors, frames } = dm.valDsets[name]!.base as unknown as LaggedDataset; // what a DM serves
      const numUnits = truth.rates!.size(1);
      const spikes = rowsOf(tensors.robs!, frames);
      const bits = bitsPerSpike(spikes, predicted[session]!, numUnits);
      const bestBits = bitsPerSpike(spikes, rowsOf(truth.rates!, frames), numUnits);
      const found = placesOf(model, session, tensors.stim!.shape.slice(-2) as [number, number]);
      const real = truth.position!.toArray() as [number, number][];
      const errors = found.map(([y, x], unit) => Math.hypot(y - real[unit]![0], x - real[unit]![1]));
      return {
        ...{ name, bits, bestBits, bps: sessionBits(bits), bestBps: sessionBits(bestBits) },
        ...{ found, true: real, errors },
      };
    }),
  );
}

/** Rates of all held-out samples, in the order of the data sets: for each session samples x units, row by row. */
async function predict(model: MultiDatasetModel, dm: MultiDatasetDM): Promise<Float64Array[]> {
  const rows = dm.names.map((): number[][] => []);
  const mode = model.evalMode();
  try {
    for await (const batch of dm.valDataloader())
      noGrad(() =>
        scope(() => {
          for (const { datasetIdx, rhat } of model.predictStep(batch))
            rows[datasetIdx]!.push(...(rhat.toArray() as number[][]));
        }),
      );
  } finally {
    mode.restore();
  }
  return rows.map((session) => Float64Array.from(session.flat()));
}

/** Some frames of [frames, units] as one list of numbers. */
function rowsOf(values: Tensor, frames: Int32Array): Float64Array {
  const numUnits = values.size(1);
  const all = scope(() => values.to('float64').toTypedArray() as Float64Array);
  const rows = new Float64Array(frames.length * numUnits);
  for (const [row, frame] of frames.entries())
    rows.set(all.subarray(frame * numUnits, (frame + 1) * numUnits), row * numUnits);
  return rows;
}

/** Where the readouts of a session look, in pixels of the picture. The core's convolutions have no stride and cut as much at either side, so that the middle of
 *  its map is the middle of the picture, and a readout's mean counts pixels from there.
 *  @param size - height and width of the picture. */
export function placesOf(
  model: MultiDatasetModel,
  session: number,
  [height, width]: readonly [number, number],
): Place[] {
  const readout = model.model.readouts.at(session) as unknown as DynamicGaussianReadout; // as model.yaml says
  const means = readout.mean.detach().toArray() as [number, number][];
  return means.map(([y, x]) => [(height - 1) / 2 + y, (width - 1) / 2 + x]);
}

/** What a faint flash at each pixel and frame of a grey picture does to a unit's rate: the gradient of the rate. Shape: [units, frames, height, width], the unit's own
 *  frame last. @param shape - frames, height and width of what the model sees. */
export function fieldsOf(model: MultiDatasetModel, session: number, shape: readonly number[]): Tensor {
  const mode = model.evalMode();
  try {
    return scope(() => {
      const stim = zeros([1, 1, ...shape]).requiresGrad_();
      const rates = model.forward({ stim, dsIdx: session, beh: zeros([1, 2]) }); // [1, units]
      const units = Array.from({ length: rates.size(1) }, (_, unit) => rates.select(1, unit).sum());
      return stack(units.map((rate) => grad([rate], [stim], { retainGraph: true })[0]!.view([...shape])));
    });
  } finally {
    mode.restore();
  }
}
