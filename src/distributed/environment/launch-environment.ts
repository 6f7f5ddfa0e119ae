// What a launcher says to the ranks that it starts, in the variables of torchrun.
import { ConfigError } from '../../errors.ts';
import type { Variables } from './rank-environment.ts';

/** How a launcher runs this process. */
export interface LaunchEnvironment {
  /** The launch: the same for all ranks and all restarts. */
  readonly runId: string;
  /** How often all ranks have been started again, 0 at first. */
  readonly restartCount: number;
  /** How often they are at most. */
  readonly maxRestarts: number;
  /** Whether the launcher serves the store, and every rank is a client of it. */
  readonly hasAgentStore: boolean;
  /** Where a rank writes the error that ends it, where the launcher reads one. */
  readonly errorFile: string | undefined;
}

/** Reads what a launcher (`sconce launch`, torchrun) says of the launch; undefined where none started this process.
 *  @param variables - default `process.env`.
 *  @throws {ConfigError} where a count is no whole number. */
export function readLaunchEnvironment(variables: Variables = process.env): LaunchEnvironment | undefined {
  const runId = variables.TORCHELASTIC_RUN_ID;
  if (runId === undefined) return undefined;
  const problems: string[] = [];
  const count = (name: string): number => {
    const text = variables[name] ?? '0';
    if (!/^\d+$/.test(text))
      problems.push(`${name}: expected a whole number of at least 0, got ${JSON.stringify(text)}`);
    return Number(text);
  };
  const restartCount = count('TORCHELASTIC_RESTART_COUNT');
  const maxRestarts = count('TORCHELASTIC_MAX_RESTARTS');
  if (problems.length > 0) throw new ConfigError('tell how this process was launched', problems);
  return {
    runId,
    restartCount,
    maxRestarts,
    hasAgentStore: variables.TORCHELASTIC_USE_AGENT_STORE === 'True',
    errorFile: variables.TORCHELASTIC_ERROR_FILE || undefined,
  };
}
