// Which rank this process is, as launchers say it: torchrun's variables, SLURM's, and those of Open MPI and MPICH.
import { ConfigError } from '../../errors.ts';

/** Where this process stands among the processes of a job. */
export interface RankEnvironment {
  /** This process, 0 to `worldSize` - 1. */
  readonly rank: number;
  /** How many processes the job has. */
  readonly worldSize: number;
  /** This process on its machine, from 0. */
  readonly localRank: number;
  /** How many processes of the job are on this machine, where that is said. */
  readonly localWorldSize: number | undefined;
  /** The machine of rank 0. */
  readonly masterAddr: string;
  /** The port of rank 0's store. */
  readonly masterPort: number;
  /** Whose variables said it. */
  readonly launcher: 'torchrun' | 'slurm' | 'openmpi' | 'mpich';
}

/** What stands in the environment: `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

interface Dialect {
  readonly launcher: RankEnvironment['launcher'];
  readonly rank: string;
  readonly worldSize: string;
  readonly localRank: string;
  readonly localWorldSize: string;
}

/** In the order in which they are asked: who sets RANK knows best. */
const dialects: readonly Dialect[] = [
  {
    launcher: 'torchrun',
    rank: 'RANK',
    worldSize: 'WORLD_SIZE',
    localRank: 'LOCAL_RANK',
    localWorldSize: 'LOCAL_WORLD_SIZE',
  },
  {
    launcher: 'openmpi',
    rank: 'OMPI_COMM_WORLD_RANK',
    worldSize: 'OMPI_COMM_WORLD_SIZE',
    localRank: 'OMPI_COMM_WORLD_LOCAL_RANK',
    localWorldSize: 'OMPI_COMM_WORLD_LOCAL_SIZE',
  },
  {
    launcher: 'mpich',
    rank: 'PMI_RANK',
    worldSize: 'PMI_SIZE',
    localRank: 'MPI_LOCALRANKID',
    localWorldSize: 'MPI_LOCALNRANKS',
  },
  {
    launcher: 'slurm',
    rank: 'SLURM_PROCID',
    worldSize: 'SLURM_STEP_NUM_TASKS',
    localRank: 'SLURM_LOCALID',
    localWorldSize: 'SLURM_STEP_TASKS_PER_NODE',
  },
];

/** The port where none is said, as PyTorch's. */
export const DEFAULT_MASTER_PORT = 29500;

/** Reads where this process stands; undefined where no launcher says it, or says that the process is alone in a batch step.
 *  `RANK`, `WORLD_SIZE`, `LOCAL_RANK`, `MASTER_ADDR` and `MASTER_PORT` go before those of the launchers.
 *  @param variables - default `process.env`.
 *  @throws {ConfigError} where variables are there in part, are no numbers, or contradict one another. */
export function readRankEnvironment(variables: Variables = process.env): RankEnvironment | undefined {
  const dialect = dialects.find(({ launcher, rank, worldSize }) => {
    // SLURM gives a rank to the script of a job too, which no srun started: that one is alone.
    if (launcher === 'slurm' && variables[worldSize] === undefined) return false;
    return variables[rank] !== undefined || (rank === 'RANK' && variables[worldSize] !== undefined);
  });
  if (dialect === undefined) return undefined;
  const problems: string[] = [];
  const whole = (name: string, least: number): number => {
    const text = variables[name];
    const value = Number(text);
    if (text !== undefined && /^\d+$/.test(text) && value >= least) return value;
    problems.push(
      `${name}: expected a whole number of at least ${least}, got ${text === undefined ? 'none' : JSON.stringify(text)}`,
    );
    return least;
  };
  const rank = whole(dialect.rank, 0);
  const worldSize = whole(dialect.worldSize, 1);
  if (problems.length === 0 && rank >= worldSize)
    problems.push(`${dialect.rank}: expected a rank below ${dialect.worldSize}, which is ${worldSize}, got ${rank}`);
  // Without the word of a launcher all ranks are on this machine.
  const localRank = variables[dialect.localRank] === undefined ? rank : whole(dialect.localRank, 0);
  const counted = variables[dialect.localWorldSize];
  const localWorldSize = counted !== undefined && /^\d+$/.test(counted) ? Number(counted) : undefined;
  const masterPort = variables.MASTER_PORT === undefined ? portOfJob(variables) : whole('MASTER_PORT', 1);
  if (masterPort > 65535) problems.push(`MASTER_PORT: expected a port up to 65535, got ${masterPort}`);
  const masterAddr =
    variables.MASTER_ADDR ?? firstNode(variables) ?? (worldSize === localWorldSize ? '127.0.0.1' : undefined);
  if (masterAddr === undefined) {
    problems.push(
      `MASTER_ADDR: expected the machine of rank 0, got none; set it, or start the processes with srun, torchrun or sconce launch`,
    );
  }
  if (problems.length > 0) throw new ConfigError('tell which rank this process is', problems);
  return {
    rank,
    worldSize,
    localRank,
    localWorldSize,
    masterAddr: masterAddr!,
    masterPort,
    launcher: dialect.launcher,
  };
}

/** Jobs that share a machine should not share a port: SLURM's jobs are told apart by their number. */
function portOfJob(variables: Variables): number {
  const job = Number(variables.SLURM_JOB_ID);
  return Number.isSafeInteger(job) && job > 0 ? 20000 + (job % 10000) : DEFAULT_MASTER_PORT;
}

/** The first node of SLURM's list: `node[03-05,9],other` begins with `node03`. */
function firstNode(variables: Variables): string | undefined {
  const list = variables.SLURM_STEP_NODELIST ?? variables.SLURM_JOB_NODELIST ?? variables.SLURM_NODELIST;
  if (list === undefined || list === '') return undefined;
  const [, prefix, number, suffix] = /^([^,[\]]*)(?:\[(\d+)[^\]]*\]([^,[]*))?/.exec(list) ?? [];
  return `${prefix ?? ''}${number ?? ''}${suffix ?? ''}`;
}
