// The public names of `sconce/config`.

export { ConfigDocument, type DocumentOptions, parseDocument, readDocument } from './document.ts';
export { editorSchema } from './editor-schema.ts';
export type { Environment } from './environment.ts';
export type { ExperimentConfig, SlurmConfig, TrainingConfig } from './experiment-types.generated.ts';
export { type FoundConfig, findConfig, type SearchFolders } from './find-config.ts';
export type { WrittenPath } from './node.ts';
export type { DataConfig, LoaderConfig, PartConfig } from './part-config.ts';
export { type PrintOptions, printConfig } from './print-config.ts';
export {
  type DocumentProblem,
  type ExperimentOptions,
  type ExperimentReading,
  experimentOf,
  type ReadExperiment,
  readExperiment,
} from './read-experiment.ts';
export { type SlurmSettings, slurmDefaults } from './slurm-settings.ts';
