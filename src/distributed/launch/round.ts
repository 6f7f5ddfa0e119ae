// One start of all ranks of this machine, until the last of them has ended.
import { join } from 'node:path';
import { coresInOrder, shareCores, threadsPerRank } from './core-shares.ts';
import type { CheckedLaunch } from './launch-options.ts';
import type { NodeMeeting } from './node-meeting.ts';
import type { RankEnd } from './rank-end.ts';
import type { RankGuard } from './rank-guard.ts';
import { RankOutput } from './rank-output.ts';
import { RankProcess } from './rank-process.ts';
import { hasFailed, hasStopped, isConsequence } from './verdict.ts';

/** Where ranks stop, those that have ended leave the others so much time to save. */
const STOP_MS = 300_000;

/** Where a rank says that it has lost another, that one has so much time to write why. */
const REASON_MS = 2500;

/** @internal */
export interface RoundPlace {
  readonly meeting: NodeMeeting;
  readonly guard: RankGuard;
  /** A folder for the error files. */
  readonly scratch: string;
  readonly restart: number;
}

/** @internal */
export class Round {
  /** The ends of this machine's ranks, once all have ended. */
  readonly ended: Promise<RankEnd[]>;
  readonly #ranks: readonly RankProcess[];
  readonly #graceMs: number;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #onFailure: () => void;
  #isFailing = false;
  #isEnding = false;
  #isStopping = false;

  /** Starts the ranks.  @param onFailure - called once, when one of them fails. */
  constructor(asked: CheckedLaunch, place: RoundPlace, onFailure: () => void) {
    this.#graceMs = asked.graceMs;
    this.#onFailure = onFailure;
    const shares = asked.pinCores ? shareCores(coresInOrder(), asked.numRanks) : undefined;
    this.#ranks = Array.from({ length: asked.numRanks }, (_, localRank) =>
      startRank(asked, place, { localRank, cores: shares?.[localRank], onExit: (end) => this.#hear(end) }),
    );
    this.ended = Promise.all(this.#ranks.map(({ ended }) => ended)).finally(() => {
      if (this.#isFailing) this.#fail(); // all are gone before the time that they were given
      for (const timer of this.#timers) clearTimeout(timer);
    });
  }

  /** Passes a signal on. */
  send(signal: NodeJS.Signals): void {
    this.#isStopping = true;
    for (const rank of this.#ranks) rank.send(signal);
  }

  /** Asks what still runs to end, and kills it where it does not in time. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    for (const rank of this.#ranks) rank.end();
    this.#timers.push(setTimeout(() => this.kill(), this.#graceMs));
  }

  kill(): void {
    for (const rank of this.#ranks) rank.kill();
  }

  #hear(end: RankEnd): void {
    if (hasStopped(end) || (this.#isStopping && hasFailed(end)))
      this.#timers.push(setTimeout(() => this.end(), STOP_MS)); // another signal would cut off what is being saved
    if (!hasFailed(end) || this.#isEnding || this.#isStopping) return;
    // At the earliest in the next turn: all ranks have been started then.
    this.#timers.push(setTimeout(() => this.#fail(), isConsequence(end) ? REASON_MS : 0));
    this.#isFailing = true;
  }

  #fail(): void {
    if (this.#isEnding) return;
    this.end();
    this.#onFailure();
  }
}

interface OwnRank {
  readonly localRank: number;
  readonly cores: readonly number[] | undefined;
  readonly onExit: (end: RankEnd) => void;
}

function startRank(asked: CheckedLaunch, place: RoundPlace, { localRank, cores, onExit }: OwnRank): RankProcess {
  const { meeting, guard, scratch, restart } = place;
  const { nodes, numRanks, output } = asked;
  const rank = meeting.firstRankOf(nodes.rank) + localRank;
  const { worldSize } = meeting;
  const errorFile = join(scratch, `error-${restart}-${rank}.json`);
  const threads = { OMP_NUM_THREADS: `${cores?.length ?? threadsPerRank(numRanks)}` };
  const environment = {
    ...threads,
    ...process.env,
    ...asked.environment,
    RANK: `${rank}`,
    WORLD_SIZE: `${worldSize}`,
    LOCAL_RANK: `${localRank}`,
    LOCAL_WORLD_SIZE: `${numRanks}`,
    GROUP_RANK: `${nodes.rank}`,
    GROUP_WORLD_SIZE: `${nodes.count}`,
    MASTER_ADDR: nodes.masterAddr,
    MASTER_PORT: `${meeting.port}`,
    TORCHELASTIC_RUN_ID: meeting.runId,
    TORCHELASTIC_RESTART_COUNT: `${restart}`,
    TORCHELASTIC_MAX_RESTARTS: `${asked.maxRestarts}`,
    TORCHELASTIC_USE_AGENT_STORE: 'True',
    TORCHELASTIC_ERROR_FILE: errorFile,
  };
  return new RankProcess(
    {
      ...{ command: asked.command, cwd: asked.cwd, environment, rank, node: nodes.rank, cores, errorFile, guard },
      output: new RankOutput(output, { rank, worldSize, restart }),
    },
    onExit,
  );
}
