// Which loggers a configuration names, and what does not go together among its fields for them.

import type { LoggerType } from '../config/logging-schema.ts';
import type { LoggingConfig } from '../config/types.generated.ts';

/** The places that the section names, each once, in the order in which they are told. */
export function loggerTypesOf(logging: LoggingConfig): readonly LoggerType[] {
  const { loggerType, compositeLoggers, useCsv, useTensorboard } = logging;
  const isComposite = loggerType === 'composite' && compositeLoggers === undefined;
  const named: readonly LoggerType[] = loggerType === undefined || loggerType === 'composite' ? [] : [loggerType];
  const places: (LoggerType | false | undefined)[] = [
    ...(compositeLoggers ?? named),
    isComposite && 'console',
    (logging.useWandb || (isComposite && hasProject(logging))) && 'wandb',
    isComposite && (logging.mlflowTrackingUri ?? logging.mlflowExperiment) !== undefined && 'mlflow',
    isComposite && (logging.cloudwatchLogGroup ?? logging.cloudwatchRegion) !== undefined && 'cloudwatch',
    isComposite && (logging.googleProject ?? logging.googleLogName) !== undefined && 'google_cloud',
    (useCsv || (isComposite && logging.csvLogDir !== undefined)) && 'csv',
    (useTensorboard || (isComposite && logging.tensorboardDir !== undefined)) && 'tensorboard',
  ];
  const known = places.filter((place) => typeof place === 'string');
  return [...new Set(known.map((place) => (place === 'wandb' && lacksProject(logging) ? 'console' : place)))];
}

const hasProject = ({ wandbProject }: LoggingConfig): boolean => Boolean(wandbProject ?? process.env.WANDB_PROJECT);

/** Whether nothing can be sent to W&B, for want of a project: the console takes its place, as in model-training-framework. */
const lacksProject = (logging: LoggingConfig): boolean =>
  !hasProject(logging) && (logging.wandbMode ?? process.env.WANDB_MODE) !== 'disabled';

/** One line for every field that another one contradicts. */
export function loggerProblems(logging: LoggingConfig): string[] {
  const { loggerType, compositeLoggers } = logging;
  const { MLFLOW_TRACKING_URI } = process.env;
  if (loggerTypesOf(logging).includes('mlflow') && (logging.mlflowTrackingUri ?? MLFLOW_TRACKING_URI) === undefined)
    return [
      'logging.mlflowTrackingUri: expected the address of the MLflow server, got none here nor in MLFLOW_TRACKING_URI',
    ];
  if (compositeLoggers === undefined || loggerType === undefined || loggerType === 'composite') return [];
  return [
    `logging.compositeLoggers: expected none beside loggerType "${loggerType}", got [${compositeLoggers.map((name) => `"${name}"`).join(', ')}]; write loggerType "composite", or leave it out`,
  ];
}

/** Fields that only one logger reads. */
const FIELDS_OF = [
  ['mlflow', 'mlflowTrackingUri', 'mlflowExperiment'],
  ['cloudwatch', 'cloudwatchLogGroup', 'cloudwatchRegion'],
  ['google_cloud', 'googleProject', 'googleLogName'],
] as const;

/** By message, whether a field is there that no logger reads. */
export function unusedLoggerFields(logging: LoggingConfig): Readonly<Record<string, boolean>> {
  const types = loggerTypesOf(logging);
  const isWandb = Boolean(logging.useWandb || types.includes('wandb') || namesWandb(logging));
  const isUnused = (field: keyof LoggingConfig, type: LoggerType): boolean =>
    logging[field] !== undefined && !types.includes(type);
  return {
    'logging.wandbProject: expected the name of a project for the logger "wandb", got none (nor WANDB_PROJECT); the console takes its place':
      isWandb && lacksProject(logging),
    ...Object.fromEntries(WANDB_FIELDS.map((field) => [unusedWandb(field), logging[field] !== undefined && !isWandb])),
    'logging.consoleLogLevel changes nothing without the logger "console"': isUnused('consoleLogLevel', 'console'),
    'logging.consoleLogFormat changes nothing without the logger "console"': isUnused('consoleLogFormat', 'console'),
    'logging.consoleShows changes nothing without the logger "console"': isUnused('consoleShows', 'console'),
    ...Object.fromEntries(
      FIELDS_OF.flatMap(([type, ...fields]) =>
        fields.map((field) => [`logging.${field} changes nothing without the logger "${type}"`, isUnused(field, type)]),
      ),
    ),
    'logging.streamEverySeconds changes nothing without logging.streamTo':
      logging.streamEverySeconds !== undefined && logging.streamTo === undefined,
    'logging.csvLogDir changes nothing without the logger "csv"': isUnused('csvLogDir', 'csv'),
    'logging.tensorboardDir changes nothing without the logger "tensorboard"': isUnused(
      'tensorboardDir',
      'tensorboard',
    ),
  };
}

const WANDB_FIELDS = [
  'wandbProject',
  'wandbEntity',
  'wandbTags',
  'wandbNotes',
  'wandbName',
  'wandbMode',
  'wandbId',
  'wandbResume',
] as const satisfies readonly (keyof LoggingConfig)[];

const unusedWandb = (field: string): string => `logging.${field} changes nothing without the logger "wandb"`;

/** Whether W&B is asked for, whatever takes its place. */
const namesWandb = ({ loggerType, compositeLoggers }: LoggingConfig): boolean =>
  loggerType === 'wandb' || compositeLoggers?.includes('wandb') === true;
