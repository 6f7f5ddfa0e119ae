// What a launch is asked for, and whether it can be done.
import { hostname } from 'node:os';
import { ConfigError } from '../../errors.ts';
import { DEFAULT_MASTER_PORT } from '../environment/rank-environment.ts';

/** The machines of a launch. The same command runs on each, with another `rank`. */
export interface LaunchNodes {
  /** How many machines there are. */
  readonly count: number;
  /** This machine, 0 to `count` - 1. Number 0 serves the store. */
  readonly rank: number;
  /** The machine of number 0, as all others reach it. */
  readonly masterAddr: string;
  /** Where it serves the store. Default 29500. */
  readonly masterPort?: number;
  /** How long the machines wait for one another at the beginning, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number;
  /** After so long without a sign a machine is taken for lost, in milliseconds. Default 30,000. */
  readonly lostAfterMs?: number;
}

/** What takes text, as a writable stream of Node does. */
export interface OutputStream {
  /** False where it asks to wait until it drains. */
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
  readonly destroyed?: boolean;
  readonly isTTY?: boolean;
}

/** Where goes what the ranks print. */
export interface LaunchOutput {
  /** Default `process.stdout`. */
  readonly stdout?: OutputStream;
  /** Default `process.stderr`. What the launcher says itself goes there too. */
  readonly stderr?: OutputStream;
  /** A folder with a file of each rank, `rank-0.log`, and of each restart, `rank-0.restart-1.log`. Default: none. */
  readonly logDir?: string;
  /** Whether lines of rank 0 go without a label. Default false. */
  readonly isPrimaryPlain?: boolean;
}

/** Signals that a launcher passes on to its ranks. */
export type LaunchSignal = 'SIGTERM' | 'SIGINT' | 'SIGUSR1' | 'SIGHUP';

/** What is started, and how often. */
export interface LaunchOptions {
  /** The program and its arguments. It is started as it is, by no shell. */
  readonly command: readonly string[];
  /** How many ranks run on this machine. */
  readonly numRanks: number;
  /** Default: this machine alone. */
  readonly nodes?: LaunchNodes;
  /** How often all ranks are started again after one has failed, where that may help. Default 0. */
  readonly maxRestarts?: number;
  /** How long ranks that are asked to end have before they are killed, in milliseconds. Default 10,000. */
  readonly graceMs?: number;
  /** Whether each rank runs on cores of its own. Linux. Default false. */
  readonly pinCores?: boolean;
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder in which ranks run. Default: this process's. */
  readonly cwd?: string;
  readonly output?: LaunchOutput;
  /** The first of these that this process gets is passed on to the ranks, a second one kills them. While a launch runs it has their handlers. Default: all four. */
  readonly signals?: readonly LaunchSignal[];
}

/** The options with their defaults. @internal */
export interface CheckedLaunch {
  readonly command: readonly [string, ...string[]];
  readonly numRanks: number;
  readonly nodes: Required<LaunchNodes>;
  readonly maxRestarts: number;
  readonly graceMs: number;
  readonly pinCores: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly output: Required<Pick<LaunchOutput, 'stdout' | 'stderr' | 'isPrimaryPlain'>> & Pick<LaunchOutput, 'logDir'>;
  readonly signals: readonly LaunchSignal[];
}

const SIGNALS: readonly LaunchSignal[] = ['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGHUP'];
const KNOWN = {
  launch: [
    ...['command', 'numRanks', 'nodes', 'maxRestarts', 'graceMs', 'pinCores'],
    ...['environment', 'cwd', 'output', 'signals'],
  ],
  nodes: ['count', 'rank', 'masterAddr', 'masterPort', 'timeoutMs', 'lostAfterMs'],
  output: ['stdout', 'stderr', 'logDir', 'isPrimaryPlain'],
};

/** @throws {ConfigError} that lists all that is wrong. @internal */
export function checkLaunch(options: LaunchOptions): CheckedLaunch {
  const { command, numRanks, nodes, maxRestarts = 0, graceMs = 10_000, signals = SIGNALS, output = {} } = options;
  const problems: string[] = [];
  const known = (given: object, names: readonly string[], prefix = ''): void => {
    for (const name of Object.keys(given).filter((each) => !names.includes(each)))
      problems.push(`${prefix}${name}: expected one of ${names.join(', ')}, got an unknown option`);
  };
  const whole = (name: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void => {
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    problems.push(`${name}: expected a whole number ${range}, got ${JSON.stringify(value)}`);
  };
  known(options, KNOWN.launch);
  known(output, KNOWN.output, 'output.');
  if (!(Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string')))
    problems.push(`command: expected a program and its arguments, got ${JSON.stringify(command)}`);
  whole('numRanks', numRanks, 1);
  whole('maxRestarts', maxRestarts, 0);
  whole('graceMs', graceMs, 0);
  for (const signal of signals.filter((each) => !SIGNALS.includes(each)))
    problems.push(`signals: expected some of ${SIGNALS.join(', ')}, got ${JSON.stringify(signal)}`);
  const { masterPort = DEFAULT_MASTER_PORT, timeoutMs = 600_000, lostAfterMs = 30_000 } = nodes ?? {};
  if (nodes !== undefined) {
    known(nodes, KNOWN.nodes, 'nodes.');
    whole('nodes.count', nodes.count, 1);
    whole('nodes.rank', nodes.rank, 0, Math.max(0, nodes.count - 1));
    whole('nodes.masterPort', masterPort, 1, 65535);
    whole('nodes.timeoutMs', timeoutMs, 1);
    whole('nodes.lostAfterMs', lostAfterMs, 1);
    if (typeof nodes.masterAddr !== 'string' || nodes.masterAddr === '')
      problems.push(`nodes.masterAddr: expected the machine of node 0, got ${JSON.stringify(nodes.masterAddr)}`);
  }
  if (problems.length > 0) throw new ConfigError(`launch ranks on ${hostname()}`, problems);
  return {
    ...{ command: command as [string, ...string[]], numRanks, maxRestarts, graceMs, signals },
    ...{ pinCores: options.pinCores ?? false, environment: options.environment ?? {} },
    cwd: options.cwd ?? process.cwd(),
    // A port of 0 is a free one: nobody else has to find it.
    nodes: nodes
      ? { ...nodes, masterPort, timeoutMs, lostAfterMs }
      : { count: 1, rank: 0, masterAddr: '127.0.0.1', masterPort: 0, timeoutMs, lostAfterMs },
    output: {
      stdout: output.stdout ?? process.stdout,
      stderr: output.stderr ?? process.stderr,
      isPrimaryPlain: output.isPrimaryPlain ?? false,
      ...(output.logDir === undefined ? {} : { logDir: output.logDir }),
    },
  };
}
