// The loggers that a configuration asks for.

import type { Logger } from '../../tracking/logger.ts';
import { ConsoleLogger } from '../../tracking/loggers/console/console-logger.ts';
import { CSVLogger } from '../../tracking/loggers/csv/csv-logger.ts';
import type { WandbLoggerOptions } from '../../tracking/loggers/wandb/options.ts';
import { WandbLogger } from '../../tracking/loggers/wandb/wandb-logger.ts';
import type { LoggerType } from '../config/logging-schema.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import { loggerTypesOf } from './logger-types.ts';

const LOGGERS: Readonly<Record<LoggerType, (logging: ResolvedConfig['logging']) => Logger>> = {
  console: ({ consoleLogLevel: level, consoleLogFormat: format }) => new ConsoleLogger({ level, format }),
  wandb: (logging) => new WandbLogger(wandbOptions(logging)),
  csv: ({ csvLogDir: logDir }) => new CSVLogger(logDir === undefined ? {} : { logDir }),
};

/** In the order in which they are told; none of them is open. */
export function configuredLoggers({ logging }: ResolvedConfig): Logger[] {
  return loggerTypesOf(logging).map((type) => LOGGERS[type](logging));
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
