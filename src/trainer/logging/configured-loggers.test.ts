import { expect, test, vi } from 'vitest';
import { readConfig } from '../config/schema.ts';
import type { LoggingConfig } from '../config/types.generated.ts';
import { configuredLoggers } from './configured-loggers.ts';

const namesOf = (logging: LoggingConfig): string[] =>
  configuredLoggers(readConfig({ logging }).config!).map(({ name }) => name);

test('configuredLoggers() makes the loggers that a configuration names, each once', () => {
  expect(namesOf({})).toEqual([]);
  expect(namesOf({ loggerType: 'console' })).toEqual(['console']);
  expect(namesOf({ loggerType: 'composite' })).toEqual(['console']);
  expect(namesOf({ loggerType: 'composite', csvLogDir: 'tables' })).toEqual(['console', 'csv']);
  expect(namesOf({ loggerType: 'composite', tensorboardDir: 'tb' })).toEqual(['console', 'tensorboard']);
  expect(namesOf({ compositeLoggers: ['tensorboard', 'console'], useCsv: true, useTensorboard: true })).toEqual([
    ...['tensorboard', 'console', 'csv'],
  ]);
  expect(namesOf({ loggerType: 'csv', useCsv: true })).toEqual(['csv']);
  expect(namesOf({ loggerType: 'console', useCsv: true })).toEqual(['console', 'csv']);
  expect(namesOf({ compositeLoggers: ['console', 'console'] })).toEqual(['console']);
});

test('readConfig() refuses fields of loggers that do not go together, and warns of those that nobody reads', () => {
  expect(readConfig({ logging: { loggerType: 'console', compositeLoggers: ['console'] } }).problems).toEqual([
    'logging.compositeLoggers: expected none beside loggerType "console", got ["console"]; write loggerType "composite", or leave it out',
  ]);
  const { problems } = readConfig({ logging: { loggerType: 'tensorbord', consoleLogFormat: '%(massage)s' } as never });
  expect(problems.length).toBe(2);
  expect(problems[0]).toMatch(/^logging\.loggerType: expected one of console, .*got "tensorbord"/);
  expect(problems[1]).toMatch(/^logging\.consoleLogFormat: expected a text with %\(message\)s/);
  expect(readConfig({ logging: { consoleLogLevel: 'DEBUG' } }).warnings).toEqual([
    'logging.consoleLogLevel changes nothing without the logger "console"',
  ]);
});

test('a configuration asks for W&B, and gets the console where no project is named', () => {
  vi.stubEnv('WANDB_PROJECT', undefined);
  vi.stubEnv('WANDB_MODE', undefined);
  const warningsOf = (logging: LoggingConfig): readonly string[] => readConfig({ logging }).warnings;
  expect(namesOf({ loggerType: 'wandb', wandbProject: 'digits' })).toEqual(['wandb']);
  expect(namesOf({ loggerType: 'composite', wandbProject: 'digits' })).toEqual(['console', 'wandb']);
  expect(namesOf({ useWandb: true, wandbMode: 'disabled' })).toEqual(['wandb']);
  expect(namesOf({ loggerType: 'wandb' })).toEqual(['console']);
  expect(namesOf({ compositeLoggers: ['csv', 'wandb'] })).toEqual(['csv', 'console']);
  expect(warningsOf({ loggerType: 'wandb' })).toEqual([
    'logging.wandbProject: expected the name of a project for the logger "wandb", got none (nor WANDB_PROJECT); the console takes its place',
  ]);
  expect(warningsOf({ loggerType: 'wandb', wandbProject: 'digits', wandbTags: ['a'] })).toEqual([]);
  expect(warningsOf({ wandbTags: ['a'] })).toEqual(['logging.wandbTags changes nothing without the logger "wandb"']);
  expect(readConfig({ logging: { loggerType: 'wandb', wandbProject: 'digits', wandbId: 'a/b' } }).problems).toEqual([
    'logging.wandbId: expected at most 128 characters, none of /\\#?%:, got "a/b"',
  ]);
  vi.stubEnv('WANDB_PROJECT', 'digits');
  expect(namesOf({ loggerType: 'wandb' })).toEqual(['wandb']);
  vi.unstubAllEnvs();
});

test('configuredLoggers() makes those of servers and clouds, and the copy in a bucket', () => {
  const mlflowTrackingUri = 'http://localhost:5000';
  expect(namesOf({ loggerType: 'mlflow', mlflowTrackingUri })).toEqual(['mlflow']);
  expect(namesOf({ compositeLoggers: ['cloudwatch', 'google_cloud'], googleLogName: 'x' })).toEqual([
    'cloudwatch',
    'google_cloud',
  ]);
  expect(namesOf({ loggerType: 'composite', mlflowTrackingUri, cloudwatchRegion: 'x', googleProject: 'p' })).toEqual([
    'console',
    'mlflow',
    'cloudwatch',
    'google_cloud',
  ]);
  expect(namesOf({ streamTo: 's3://bucket/runs' })).toEqual(['stream']);
  expect(
    readConfig({ logging: { loggerType: 'mlflow', mlflowExperiment: 'x', streamTo: 'ftp://x', googleProject: 'p' } }),
  ).toMatchObject({
    problems: [expect.stringMatching(/^logging\.streamTo: expected an address as s3:\/\/bucket\/runs/)],
  });
  expect(readConfig({ logging: { loggerType: 'mlflow' } }).problems).toEqual([
    'logging.mlflowTrackingUri: expected the address of the MLflow server, got none here nor in MLFLOW_TRACKING_URI',
  ]);
  expect(readConfig({ logging: { googleProject: 'p', streamEverySeconds: 3 } }).warnings).toEqual([
    'logging.googleProject changes nothing without the logger "google_cloud"',
    'logging.streamEverySeconds changes nothing without logging.streamTo',
  ]);
});
