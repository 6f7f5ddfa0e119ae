// Which loggers a configuration names, and what does not go together among its fields for them.

import type { LoggerType } from '../config/logging-schema.ts';
import type { LoggingConfig } from '../config/types.generated.ts';

/** The places that the section names, each once, in the order in which they are told. */
export function loggerTypesOf(logging: LoggingConfig): readonly LoggerType[] {
  const { loggerType, compositeLoggers, useCsv } = logging;
  const isComposite = loggerType === 'composite' && compositeLoggers === undefined;
  const named: readonly LoggerType[] = loggerType === undefined || loggerType === 'composite' ? [] : [loggerType];
  const places: (LoggerType | false | undefined)[] = [
    ...(compositeLoggers ?? named),
    isComposite && 'console',
    (useCsv || (isComposite && logging.csvLogDir !== undefined)) && 'csv',
  ];
  return [...new Set(places.filter((place) => typeof place === 'string'))];
}

/** One line for every field that another one contradicts. */
export function loggerProblems({ loggerType, compositeLoggers }: LoggingConfig): string[] {
  if (compositeLoggers === undefined || loggerType === undefined || loggerType === 'composite') return [];
  return [
    `logging.compositeLoggers: expected none beside loggerType "${loggerType}", got [${compositeLoggers.map((name) => `"${name}"`).join(', ')}]; write loggerType "composite", or leave it out`,
  ];
}

/** By message, whether a field is there that no logger reads. */
export function unusedLoggerFields(logging: LoggingConfig): Readonly<Record<string, boolean>> {
  const types = loggerTypesOf(logging);
  const isUnused = (field: keyof LoggingConfig, type: LoggerType): boolean =>
    logging[field] !== undefined && !types.includes(type);
  return {
    'logging.consoleLogLevel changes nothing without the logger "console"': isUnused('consoleLogLevel', 'console'),
    'logging.consoleLogFormat changes nothing without the logger "console"': isUnused('consoleLogFormat', 'console'),
    'logging.csvLogDir changes nothing without the logger "csv"': isUnused('csvLogDir', 'csv'),
  };
}
