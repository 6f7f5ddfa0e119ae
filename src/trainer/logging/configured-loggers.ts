// The loggers that a configuration asks for.

import type { Logger } from '../../tracking/logger.ts';
import { CloudWatchLogger } from '../../tracking/loggers/cloud/cloudwatch-logger.ts';
import { GoogleCloudLogger } from '../../tracking/loggers/cloud/google-cloud-logger.ts';
import { ConsoleLogger } from '../../tracking/loggers/console/console-logger.ts';
import { CSVLogger } from '../../tracking/loggers/csv/csv-logger.ts';
import { MLflowLogger } from '../../tracking/loggers/mlflow/mlflow-logger.ts';
import { TensorBoardLogger } from '../../tracking/loggers/tensorboard/tensorboard-logger.ts';
import type { WandbLoggerOptions } from '../../tracking/loggers/wandb/options.ts';
import { WandbLogger } from '../../tracking/loggers/wandb/wandb-logger.ts';
import type { LoggerType } from '../config/logging-schema.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import { loggerTypesOf } from './logger-types.ts';
import { RunFolderStream } from './run-folder-stream.ts';

const LOGGERS: Readonly<Record<LoggerType, (logging: ResolvedConfig['logging']) => Logger>> = {
  console: ({ consoleLogLevel: level, consoleLogFormat: format, consoleShows: shows }) =>
    new ConsoleLogger({ level, format, shows }),
  wandb: (logging) => new WandbLogger(wandbOptions(logging)),
  mlflow: ({ mlflowTrackingUri: trackingUri, mlflowExperiment: experiment }) =>
    new MLflowLogger(given({ trackingUri, experiment })),
  cloudwatch: ({ cloudwatchLogGroup: logGroup, cloudwatchRegion: region }) =>
    new CloudWatchLogger(given({ logGroup, region })),
  google_cloud: ({ googleProject: projectId, googleLogName: logName }) =>
    new GoogleCloudLogger(given({ projectId, logName })),
  csv: ({ csvLogDir: logDir }) => new CSVLogger(logDir === undefined ? {} : { logDir }),
  tensorboard: ({ tensorboardDir: logDir }) => new TensorBoardLogger(logDir === undefined ? {} : { logDir }),
};

/** In the order in which they are told; none of them is open. */
export function configuredLoggers({ logging }: ResolvedConfig): Logger[] {
  const { streamTo: to, streamEverySeconds } = logging;
  return [
    ...loggerTypesOf(logging).map((type) => LOGGERS[type](logging)),
    ...(to === undefined ? [] : [new RunFolderStream({ to, everyMs: streamEverySeconds * 1000 })]),
  ];
}

/** The options that have a value. */
function given<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

function wandbOptions(logging: ResolvedConfig['logging']): WandbLoggerOptions {
  const options = {
    project: logging.wandbProject,
    entity: logging.wandbEntity,
    tags: logging.wandbTags,
    notes: logging.wandbNotes,
    name: logging.wandbName,
    mode: logging.wandbMode,
    id: logging.wandbId,
    resume: logging.wandbResume,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
