import { expect, test } from 'vitest';
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
