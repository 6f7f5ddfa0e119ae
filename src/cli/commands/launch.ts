// `sconce launch`: runs a command or a program as several ranks, on this machine or on several.

import { Command, InvalidArgumentError } from 'commander';

interface Flags {
  readonly nproc: number;
  readonly nnodes?: number;
  readonly nodeRank?: number;
  readonly masterAddr?: string;
  readonly masterPort?: number;
  readonly maxRestarts: number;
  readonly timeout: number;
  readonly lostAfter: number;
  readonly grace: number;
  readonly logDir?: string;
  readonly pinCores?: boolean;
  readonly plainPrimary?: boolean;
}

function whole(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number.');
}

/** Seconds, as milliseconds. */
function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return Math.round(value * 1000);
  throw new InvalidArgumentError('Expected a number of seconds.');
}

export function launchCommand(): Command {
  return new Command('launch')
    .description('run a command or a program as several ranks that train together, on this machine or on several')
    .argument('<command...>', 'train, resume, evaluate, multidataset or adaptive with its arguments, or a program file')
    .requiredOption('--nproc <n>', 'ranks on this machine', whole)
    .option('--nnodes <n>', 'machines; the same command runs on each (default: this one)', whole)
    .option('--node-rank <n>', 'this machine, from 0', whole)
    .option('--master-addr <host>', 'the machine of number 0, as all others reach it')
    .option('--master-port <port>', 'where it serves the store (default: 29500; on one machine a free one)', whole)
    .option('--max-restarts <n>', 'how often all ranks are started again after one has failed', whole, 0)
    .option('--timeout <seconds>', 'how long machines wait for one another at the beginning', seconds, 600_000)
    .option('--lost-after <seconds>', 'after how long without a sign a machine is lost', seconds, 30_000)
    .option('--grace <seconds>', 'how long ranks that have to end may take before they are killed', seconds, 10_000)
    .option('--log-dir <folder>', 'a file of what each rank prints')
    .option('--pin-cores', 'give each rank cores of its own (Linux)')
    .option('--plain-primary', 'print the lines of rank 0 without a label')
    .passThroughOptions()
    .action(run)
    .addHelpText(
      'after',
      `
Examples:
  sconce launch --nproc 2 -- train experiment.yaml --set training.max_epochs=20
  sconce launch --nproc 2 --max-restarts 3 --log-dir logs train.ts
  sconce launch --nproc 4 --nnodes 2 --node-rank 0 --master-addr node-a -- train experiment.yaml
  sconce launch --nproc 4 --nnodes 2 --node-rank 1 --master-addr node-a -- train experiment.yaml

A signal (SIGTERM, SIGINT, SIGUSR1, SIGHUP) is passed on to the ranks, which save and stop; a second one kills them.
Exit codes: 0 where all ranks finished, that of the rank that failed first, 128 and the number of the signal that stopped them.`,
    );
}

async function run(words: [string, ...string[]], flags: Flags): Promise<void> {
  const nodes = nodesOf(flags);
  const { launch } = await import('../../distributed/launch/launch.ts');
  const { launchedCommand } = await import('../launch/launched-command.ts');
  const { command, remove } = await launchedCommand(words);
  try {
    const { exitCode } = await launch({
      ...{ command, numRanks: flags.nproc, maxRestarts: flags.maxRestarts, graceMs: flags.grace },
      ...(nodes === undefined ? {} : { nodes }),
      pinCores: flags.pinCores ?? false,
      output: {
        isPrimaryPlain: flags.plainPrimary ?? false,
        ...(flags.logDir === undefined ? {} : { logDir: flags.logDir }),
      },
    });
    process.exitCode = exitCode;
  } finally {
    await remove();
  }
}

/** Undefined for this machine alone. */
function nodesOf({ nnodes = 1, nodeRank, masterAddr, masterPort, timeout, lostAfter }: Flags) {
  const said = { '--node-rank': nodeRank, '--master-addr': masterAddr };
  if (nnodes === 1 && masterAddr === undefined && masterPort === undefined && !nodeRank) return undefined;
  const missing = Object.entries(said).flatMap(([name, value]) => (value === undefined && nnodes > 1 ? [name] : []));
  if (missing.length > 0)
    throw new Error(`Cannot launch on ${nnodes} machines: expected ${missing.join(' and ')}, got none`);
  return {
    ...{ count: nnodes, rank: nodeRank ?? 0, masterAddr: masterAddr ?? '127.0.0.1' },
    ...(masterPort === undefined ? {} : { masterPort }),
    ...{ timeoutMs: timeout, lostAfterMs: lostAfter },
  };
}
