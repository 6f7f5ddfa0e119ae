// What the YAML file of a data set says, checked and with its defaults: keys as VisionCore's files spell them.

import type { ComponentConfig } from '../../network/component.ts';

/** Frames back: one number, whose frame stands alone, or several, which get a dimension of their own. Negative ones look ahead. */
export type Lags = number | readonly number[];

/** A transform or a filter with its parameters, as in the file: `{ pixelnorm: {} }`, `{ unsqueeze: 1 }`. */
export type OpConfig = Readonly<Record<string, unknown>>;

/** How one key of a sample comes about. */
export interface TransformConfig {
  /** The tensor of the recording that it begins with. Default: the transform's own name. */
  readonly source: string;
  readonly ops: readonly OpConfig[];
  /** The key that the result has in a sample. Default: the transform's own name. */
  readonly expose_as: string;
  /** Put the result beside what other transforms expose under the same key, along the last dimension, in place of replacing it. Default false. */
  readonly concatenate: boolean;
}

/** Which frames and units count. */
export interface DatafilterConfig {
  readonly ops: readonly OpConfig[];
  readonly expose_as: string;
}

/** Frames per second. */
export interface SamplingConfig {
  readonly source_rate: number;
  /** Divides `source_rate`. */
  readonly target_rate: number;
}

/** One data set, as its YAML file says it. Made by `readDatasetConfigs`, or of plain data by `datasetConfig`. */
export interface DatasetConfig {
  /** The folder of its recordings below `data_dir`. Default: the file's name. */
  readonly session: string;
  /** The recordings that it is made of: `{data_dir}/{session}/{type}.safetensors`, or `.parquet`, or both. */
  readonly types: readonly string[];
  /** The units that are modelled, by their column in `robs`. */
  readonly cids: readonly number[];
  /** The keys of a sample, and which frames each takes. */
  readonly keys_lags: Readonly<Record<string, Lags>>;
  readonly transforms: Readonly<Record<string, TransformConfig>>;
  readonly datafilters: Readonly<Record<string, DatafilterConfig>>;
  readonly sampling?: SamplingConfig;
  /** Share of the trials that is trained on. Default 0.8. */
  readonly train_val_split: number;
  /** Of the split. Default 1002. */
  readonly seed: number;
  /** Frames that have to follow each other where there are no `datafilters`. Default: the largest lag. */
  readonly n_lags?: number;
  /** Folder of the sessions. In a file relative to that file, and there by default its folder. */
  readonly data_dir: string;
  /** Which eye's recordings, where a session has those of both: its subfolder `{eye}_eye`. */
  readonly eye?: string;
  /** A label. */
  readonly lab?: string;
  /** Lists of units that other tools read; nothing here does. */
  readonly visual?: readonly number[];
  readonly qcmissing?: readonly number[];
  readonly qccontam?: readonly number[];
  readonly cidsqc?: readonly number[];
  readonly cids_qc?: readonly number[];
  /** The thresholds by which such lists were made; nothing here reads them. */
  readonly snr?: number;
  readonly missingth?: number;
  readonly contamth?: number;
  /** In place of the model's, for this data set alone; the network checks it. */
  readonly adapter?: ComponentConfig;
  /** In place of the model's, for this data set alone; the network checks it. */
  readonly readout?: ComponentConfig;
}

/** The largest lag and the smallest one of all keys: how far a sample reaches back, and ahead where it is negative. */
export function lagRange({ keys_lags }: Pick<DatasetConfig, 'keys_lags'>): {
  readonly min: number;
  readonly max: number;
} {
  const lags = Object.values(keys_lags).flat();
  return { min: Math.min(...lags), max: Math.max(...lags) };
}
