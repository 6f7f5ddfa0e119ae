// Experiments as jobs of SLURM.
export { type Cluster, type ClusterNode, type Partition, readCluster, resourceProblems } from './cluster.ts';
export { readHistory, type SubmittedJob } from './history.ts';
export { type JobReport, type JobRun, readJobReports } from './job-reports.ts';
export { isFinal, type JobState, readJobStates } from './job-states.ts';
export { type Submission, type SubmitOptions, type SubmittedSweep, submitExperiment, submitSweep } from './submit.ts';
export { cancelJobs, type WaitOptions, waitForJobs } from './wait.ts';
