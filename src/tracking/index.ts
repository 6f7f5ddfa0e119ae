// `sconce/tracking`: what a run writes and shows.

export type {
  FigureRecord,
  Histogram,
  HistogramRecord,
  ImageRecord,
  LoggedImage,
  Matrix,
  MatrixRecord,
  TextRecord,
} from './data-records.ts';
export { COLLECTOR_RULES, diagnoseTrainingIssues } from './diagnosis/collector-rules.ts';
export { DIAGNOSIS_RULES, diagnose, diagnoseRun } from './diagnosis/diagnose.ts';
export { describeFinding, type Finding, type Severity } from './diagnosis/finding.ts';
export { type Rule, RunView } from './diagnosis/run-view.ts';
export {
  collectEnvironment,
  type Environment,
  type EnvironmentOptions,
  type LibtorchFacts,
  readGitCommit,
} from './environment.ts';
export type { HistoryPoints, Moment, SeriesStatistics } from './history/history-series.ts';
export {
  type AlignmentPoint,
  type EpochValues,
  type MetricSummary,
  MetricsHistory,
  type MetricsHistoryOptions,
  type MetricTree,
  type MetricValue,
} from './history/metrics-history.ts';
export { plotHistory } from './history/plot-history.ts';
export { type ImageOfOptions, imageOf } from './images/image-of.ts';
export type { LoggedEnd, Logger, RunInfo } from './logger.ts';
export { CloudWatchLogger, type CloudWatchLoggerOptions } from './loggers/cloud/cloudwatch-logger.ts';
export { GoogleCloudLogger, type GoogleCloudLoggerOptions } from './loggers/cloud/google-cloud-logger.ts';
export { ConsoleLogger, type ConsoleLoggerOptions, type ConsoleStream } from './loggers/console/console-logger.ts';
export type { LogLevel } from './loggers/console/log-format.ts';
export { CSVLogger, type CSVLoggerOptions } from './loggers/csv/csv-logger.ts';
export { type AfterFailure, DeliveryError, refusalOf } from './loggers/delivery-error.ts';
export { JsonlLogger, type JsonlLoggerOptions } from './loggers/jsonl.ts';
export { LoggerList, type LoggerListOptions } from './loggers/logger-list.ts';
export type { MLflowAddress } from './loggers/mlflow/mlflow-client.ts';
export { MLflowLogger, type MLflowLoggerOptions } from './loggers/mlflow/mlflow-logger.ts';
export { Outbox } from './loggers/outbox.ts';
export type { OutboxClock, OutboxOptions, OutboxTimer } from './loggers/outbox-options.ts';
export type { Hyperparameters } from './loggers/tensorboard/hyperparameters.ts';
export { TensorBoardLogger, type TensorBoardLoggerOptions } from './loggers/tensorboard/tensorboard-logger.ts';
export type { WandbArtifact, WandbLoggerOptions, WandbMode, WandbResume } from './loggers/wandb/options.ts';
export { WandbLogger } from './loggers/wandb/wandb-logger.ts';
export { formatBytes, formatDuration, formatFixed, formatNumber, formatPercent } from './number-format.ts';
export { type Figure, type FigureOptions, figure } from './plots/figure.ts';
export type { AlignmentPanel } from './plots/panels/alignment.ts';
export type { Bar, BarsPanel } from './plots/panels/bars.ts';
export type { Bins, HistogramPanel } from './plots/panels/histogram.ts';
export type { HistogramsPanel } from './plots/panels/histograms.ts';
export type { LineSeries, LinesPanel } from './plots/panels/lines.ts';
export type { MapPanel, MapPoint } from './plots/panels/map.ts';
export type { MatrixPanel, NamedTable } from './plots/panels/matrix.ts';
export type { ScatterPanel, ScatterPoint } from './plots/panels/scatter.ts';
export type { SchedulePanel, ScheduleSeries } from './plots/panels/schedule.ts';
export type { ShareSeries, SharesPanel } from './plots/panels/shares.ts';
export type { PartsPanel, Span, TimelinePanel } from './plots/panels/timeline.ts';
export type { Panel } from './plots/panels.ts';
export { plotSchedule, type SchedulePlotOptions } from './plots/plot-schedule.ts';
export { type PngOptions, renderPng } from './plots/png.ts';
export { profileFindings } from './profile/advice.ts';
export { printProfile } from './profile/profile-table.ts';
export type { LoaderProfile, MachineFacts, ProfilePart, RunProfile } from './profile/run-profile.ts';
export { Progress, type ProgressOptions, type ProgressPhase, type ProgressStream } from './progress.ts';
export { type MetricSeries, metricKeys, metricSeries, type Run, readRun } from './read-run.ts';
export type {
  GalleryItem,
  GallerySection,
  MediaSection,
  Picture,
  PlotSection,
  ReportSection,
  TableCell,
  TableSection,
  TextSection,
  TreeSection,
} from './report/section.ts';
export { type ReportOptions, writeReport } from './report.ts';
export {
  type Clocks,
  type EventRecord,
  type HeaderRecord,
  type LogRecord,
  type MetricsRecord,
  type MetricValues,
  RUN_FORMAT_VERSION,
  type RunEvent,
  type RunPaths,
  runPaths,
} from './run-format.ts';
export type { ResumePoint } from './run-log.ts';
export {
  type DrawnRun,
  type RunFigure,
  type RunFigureChapter,
  type RunFigureOptions,
  runFigures,
} from './run-plots.ts';
export {
  type BestMode,
  bestMetrics,
  finalMetrics,
  type MeasuredValue,
  type RunDurations,
  type RunSummary,
  readSummary,
  writeSummary,
} from './summary.ts';
