// The section `logging` of a configuration: what a run writes down, and where.

import { z } from 'zod';
import { DEFAULT_LOG_FORMAT, LOG_LEVELS, logFormatProblem } from '../../tracking/loggers/console/log-format.ts';
import { CONSOLE_VALUES } from '../../tracking/loggers/console/metric-lines.ts';
import { WANDB_ID, wandbIdProblem } from '../../tracking/loggers/wandb/options.ts';
import { count, flag, listOf, listOfAtLeastOne, oneOf, positive, section, text } from './fields.ts';
import { wanted } from './problems.ts';

/** Places that a configuration can name; each is made in `logging/configured-loggers.ts`. */
export const LOGGER_TYPES = ['console', 'csv', 'tensorboard', 'wandb', 'mlflow', 'cloudwatch', 'google_cloud'] as const;

export type LoggerType = (typeof LOGGER_TYPES)[number];

/** A form of lines, by `logFormatProblem`. */
const logFormat = z
  .string(wanted(logFormatProblem('')!))
  .refine((format) => logFormatProblem(format) === undefined, wanted(logFormatProblem('')!));

const STREAM_TO = 'an address as s3://bucket/runs or gs://bucket/runs';

export const logging = section({
  loggerType: oneOf(...LOGGER_TYPES, 'composite')
    .optional()
    .describe(
      "Where values go beside the metrics.jsonl of a run's folder: to one place, or to several with 'composite'. Default: nowhere",
    ),
  compositeLoggers: listOfAtLeastOne(oneOf(...LOGGER_TYPES), 'loggers')
    .optional()
    .describe("The places of 'composite'. Default: the console, and each place for which a field here names a folder"),
  useCsv: flag.default(false).describe("The same as 'csv' among the places"),
  csvLogDir: text
    .optional()
    .describe(
      "Folder for the tables of all runs, `{csvLogDir}/{name}/metrics.csv`. Default: the run's folder; without one `csv_logs`",
    ),
  useWandb: flag.default(false).describe("The same as 'wandb' among the places"),
  wandbProject: text
    .optional()
    .describe(
      "The project of Weights & Biases. Default: WANDB_PROJECT; without one 'wandb' is the console, which is said",
    ),
  wandbEntity: text.optional().describe("The project's user or team there. Default: WANDB_ENTITY, else the API key's"),
  wandbTags: listOf(text, 'texts').optional().describe("Default: the run's own"),
  wandbNotes: text.optional().describe('What is written beside the run'),
  wandbName: text.optional().describe("The run's name there. Default: its own"),
  wandbMode: oneOf('online', 'offline', 'disabled')
    .optional()
    .describe("'offline' writes files for `wandb sync`; 'disabled' does nothing. Default: WANDB_MODE, else 'online'"),
  wandbId: text
    .refine((id) => wandbIdProblem(id) === undefined, wanted(WANDB_ID))
    .optional()
    .describe("The run's id there. Default: its own, so that a run that goes on is the same one"),
  wandbResume: oneOf('allow', 'must', 'never')
    .optional()
    .describe('Whether the run may be one that is there already. Default: where it goes on from a checkpoint'),
  mlflowTrackingUri: text
    .optional()
    .describe('Address of the MLflow server, as `http://localhost:5000`. Default: MLFLOW_TRACKING_URI'),
  mlflowExperiment: text
    .optional()
    .describe("The experiment of MLflow that has the run. Default: MLFLOW_EXPERIMENT_NAME, else 'Default'"),
  cloudwatchLogGroup: text
    .optional()
    .describe("The group of CloudWatch Logs that has a stream for the run. Default: '/sconce/runs'"),
  cloudwatchRegion: text.optional().describe('Its region. Default: AWS_REGION, or what the profile says'),
  googleProject: text.optional().describe('The project of Google Cloud Logging. Default: that of the credentials'),
  googleLogName: text.optional().describe("The log that has the run's entries. Default: 'sconce'"),
  streamTo: z
    .string(wanted(STREAM_TO))
    .regex(/^(s3|gs):\/\/[^/]+/, wanted(STREAM_TO))
    .optional()
    .describe(
      "Keeps a copy of the run's folder, without checkpoints, at `{streamTo}/{name}/` while it runs: s3:// or gs://",
    ),
  streamEverySeconds: positive.default(30).describe('How often what has changed there is uploaded'),
  useTensorboard: flag.default(false).describe("The same as 'tensorboard' among the places"),
  tensorboardDir: text
    .optional()
    .describe(
      "Folder for the event files of all runs, `{tensorboardDir}/{name}`. Default: `tensorboard` in the run's folder; without one `tb_logs`",
    ),
  consoleLogLevel: oneOf(...LOG_LEVELS)
    .default('INFO')
    .describe("What the console shows at least; values and checkpoints are 'INFO'"),
  consoleLogFormat: logFormat
    .default(DEFAULT_LOG_FORMAT)
    .describe("Its lines, as Python's logging writes them: `%(asctime)s`, `%(levelname)-8s`, `%(message)s` and others"),
  consoleShows: oneOf(...CONSOLE_VALUES)
    .default('main')
    .describe(
      "Its values: 'all', or 'main' without profile, system, throughput, norms, and repeats for single loaders in an epoch's summary",
    ),
  logScalarsEveryNSteps: count.optional().describe('The same as `logEveryNSteps`'),
  logPerLoaderMetrics: flag
    .default(true)
    .describe("Whether each training loader's own values are logged, as `train/dl_{name}/loss`"),
  logGlobalMetrics: flag.default(true).describe('Whether values over all training loaders are logged, as `train/loss`'),
  logLoaderProportions: flag
    .default(true)
    .describe("Whether an epoch's shares of the loaders are logged under strategy 'weighted'"),
  logGradients: flag
    .default(false)
    .describe('Whether gradients get norms and histograms, `gradients/{name}`, as `GradientMonitor` logs them'),
  logModelParameters: flag
    .default(false)
    .describe('Whether parameters get norms and histograms, `parameters/{name}`, as `ParameterMonitor` logs them'),
  logHistogramsEveryNSteps: count
    .default(100)
    .describe('Optimizer steps between two looks of `logGradients` and `logModelParameters`'),
  logSystemMetrics: flag
    .default(true)
    .describe('Whether memory and processor time are logged, once a second at most, as `DeviceStatsMonitor` does'),
}).describe('What a run writes down, and where');
