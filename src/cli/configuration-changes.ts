// What a configuration file says otherwise than when a run began.

import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readDocument } from '../config/index.ts';

/** One line for each value that differs: `optimizer.lr: 0.001, now 0.01`. Empty for an experiment in TypeScript, and where the file is not there any more.
 *  @param asked - what the run was asked to do. */
export async function changesOf(asked: Readonly<Record<string, unknown>>): Promise<string[]> {
  const { entry, settings, configuration } = asked;
  if (configuration === undefined || typeof entry !== 'string' || !existsSync(entry)) return [];
  try {
    const { value } = await readDocument(entry, { overrides: settings as readonly string[] });
    return [...differences(configuration, value, '')];
  } catch (error) {
    return [`it cannot be read any more: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function* differences(before: unknown, now: unknown, path: string): Generator<string> {
  if (isDeepStrictEqual(before, now)) return;
  if (isPlain(before) && isPlain(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)]))
      yield* differences(before[key], now[key], path === '' ? key : `${path}.${key}`);
  } else yield `${path}: ${shown(before)}, now ${shown(now)}`;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
