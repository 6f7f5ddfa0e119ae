// Types of what an experiment names. Which names and options there are is known to the registry that makes the parts.

/** A part by name, with its options. */
export interface PartConfig {
  /** The name under which it is registered. */
  readonly type: string;
  readonly [option: string]: unknown;
}

/** One loader: a data set by name, and options of `DataLoader`. */
export interface LoaderConfig {
  readonly dataset: PartConfig | string;
  readonly [option: string]: unknown;
}

/** The loaders of an experiment. */
export interface DataConfig {
  readonly train?: LoaderConfig | readonly LoaderConfig[] | undefined;
  readonly val?: LoaderConfig | readonly LoaderConfig[] | undefined;
  readonly test?: LoaderConfig | readonly LoaderConfig[] | undefined;
  readonly [option: string]: unknown;
}
