// The public names of `sconce/experiments`.

export type { Distribution } from './distributions.ts';
export type { Parameters } from './dot-paths.ts';
export {
  createExperiment,
  createParameterGrid,
  listConfigurations,
  loadExperimentConfig,
  quickExperiment,
  quickGridSearch,
  type RunSingleOptions,
  runSingleExperiment,
  validateExperimentConfig,
} from './framework.ts';
export type { GridDescription } from './grid-description.ts';
export {
  type GeneratedExperiment,
  type GridSearchDescription,
  type GridSearchOptions,
  ParameterGridSearch,
} from './grid-search.ts';
export { GridSearchResult, type SearchedRun } from './grid-search-result.ts';
export {
  experimentName,
  experimentNames,
  MAX_NAME_LENGTH,
  type NamingStrategy,
  sanitizeName,
  suggestExperimentName,
} from './naming.ts';
export { MAX_COMBINATIONS, ParameterGrid, type When } from './parameter-grid.ts';
export { type RunGridSearchOptions, runGridSearch } from './run-grid-search.ts';
export {
  type Cluster,
  type ClusterNode,
  cancelJobs,
  isFinal,
  type JobReport,
  type JobRun,
  type JobState,
  type Partition,
  readCluster,
  readHistory,
  readJobReports,
  readJobStates,
  resourceProblems,
  type Submission,
  type SubmitOptions,
  type SubmittedJob,
  type SubmittedSweep,
  submitExperiment,
  submitSweep,
  type WaitOptions,
  waitForJobs,
} from './slurm/index.ts';
export { readSweep, type Sweep, type SweepDescription } from './sweep-file.ts';
export type { SweepRun, SweepStatus } from './sweep-runs.ts';
