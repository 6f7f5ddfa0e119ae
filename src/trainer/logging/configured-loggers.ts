// The loggers that a configuration asks for.

import type { Logger } from '../../tracking/logger.ts';
import { ConsoleLogger } from '../../tracking/loggers/console/console-logger.ts';
import { CSVLogger } from '../../tracking/loggers/csv/csv-logger.ts';
import type { LoggerType } from '../config/logging-schema.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import { loggerTypesOf } from './logger-types.ts';

const LOGGERS: Readonly<Record<LoggerType, (logging: ResolvedConfig['logging']) => Logger>> = {
  console: ({ consoleLogLevel: level, consoleLogFormat: format }) => new ConsoleLogger({ level, format }),
  csv: ({ csvLogDir: logDir }) => new CSVLogger(logDir === undefined ? {} : { logDir }),
};

/** In the order in which they are told; none of them is open. */
export function configuredLoggers({ logging }: ResolvedConfig): Logger[] {
  return loggerTypesOf(logging).map((type) => LOGGERS[type](logging));
}
