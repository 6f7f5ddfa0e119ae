// Starts the ranks of a job on this machine, keeps them together, and starts all again where one fails.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckedLaunch, checkLaunch, type LaunchOptions } from './launch-options.ts';
import { LaunchReport } from './launch-report.ts';
import { type News, NodeMeeting } from './node-meeting.ts';
import { PassedSignals } from './passed-signals.ts';
import type { RankEnd } from './rank-end.ts';
import { RankGuard } from './rank-guard.ts';
import { Round } from './round.ts';
import { exitCodeOfEnd, type Verdict, verdictOn, whyLasting } from './verdict.ts';

/** How a launch ended. */
export interface LaunchResult {
  /** 0 where all ranks finished; that of the rank that failed first; 128 and the number of a signal that ended it, or that stopped all. */
  readonly exitCode: number;
  /** How often all ranks were started again. */
  readonly numRestarts: number;
  /** The rank that failed first at the last start. */
  readonly failure?: RankEnd;
}

/** Runs a program as the ranks of a job, and serves the store where they meet.
 *
 *  Each rank gets torchrun's variables: its place (`RANK`, `WORLD_SIZE`, `LOCAL_RANK`, …), the store's (`MASTER_ADDR`, `MASTER_PORT`, `TORCHELASTIC_USE_AGENT_STORE`), how often all were started again
 *  (`TORCHELASTIC_RESTART_COUNT`), a file for its error, and `OMP_NUM_THREADS` where it is not set: the cores divided by the ranks. Where one fails, all others are ended, and all are started again
 *  up to `maxRestarts` times, but for errors that every start would meet (`ConfigError`, a missing module, a program that cannot be run). Where this process is killed, the ranks are ended for it.
 *  @throws {ConfigError} that lists all that is wrong with the options.
 *  @throws {DistributedError} where machines do not come in time, or one is lost; its ranks are named. */
export async function launch(options: LaunchOptions): Promise<LaunchResult> {
  const asked = checkLaunch(options);
  if (asked.output.logDir !== undefined) await mkdir(asked.output.logDir, { recursive: true });
  const signals = new PassedSignals(asked.signals);
  const scratch = await mkdtemp(join(tmpdir(), 'sconce-launch-'));
  try {
    const meeting = await orSignal(NodeMeeting.join(asked), signals);
    if (meeting === undefined) return { exitCode: 128 + constants.signals[signals.first!], numRestarts: 0 };
    return await new Launch(asked, { meeting, signals, scratch }).run();
  } finally {
    signals.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Machines may be waited for long: a signal ends that at once. */
function orSignal<Value>(joined: Promise<Value>, signals: PassedSignals): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    signals.onFirst = () => resolve(undefined);
    joined.then(resolve, reject);
  });
}

interface LaunchPlace {
  readonly meeting: NodeMeeting;
  readonly signals: PassedSignals;
  readonly scratch: string;
}

/** What a machine says of its ranks when they have ended. */
interface NodeEnd {
  readonly ends: readonly RankEnd[];
  readonly stopSignal?: NodeJS.Signals | undefined;
}

class Launch {
  readonly #asked: CheckedLaunch;
  readonly #place: LaunchPlace;
  readonly #report: LaunchReport;
  #round: Round | undefined;
  #restart = 0;
  /** The last start of which another machine has said that it failed. It may be one that this machine has not come to yet. */
  #failedElsewhere = -1;
  /** What was passed on to the ranks: this machine's signal, or another's. */
  #stopSignal: NodeJS.Signals | undefined;

  constructor(asked: CheckedLaunch, place: LaunchPlace) {
    this.#asked = asked;
    this.#place = place;
    this.#report = new LaunchReport(asked, place.meeting);
    const { meeting, signals } = place;
    meeting.onNews = (news) => this.#hear(news);
    signals.onFirst = (signal) => {
      this.#stop(signal);
      this.#tell({ kind: 'stop', node: asked.nodes.rank, signal });
    };
    signals.onSecond = () => this.#round?.kill();
  }

  async run(): Promise<LaunchResult> {
    const { meeting, signals } = this.#place;
    const guard = new RankGuard(this.#asked.graceMs);
    this.#report.begin();
    // A signal that came while the machines met.
    if (signals.first !== undefined) this.#stopSignal = signals.first;
    try {
      for (;;) {
        const verdict = await this.#play(guard);
        const isAgain =
          verdict.kind === 'failed' &&
          this.#restart < this.#asked.maxRestarts &&
          this.#stopSignal === undefined &&
          whyLasting(verdict.failure) === undefined;
        this.#report.verdict(verdict, { restart: this.#restart, isAgain, stopSignal: this.#stopSignal });
        if (!isAgain) return resultOf(verdict, this.#restart);
        this.#restart += 1;
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'lost', node: this.#asked.nodes.rank, why: `its launcher failed: ${why}` });
      this.#round?.end();
      await this.#round?.ended;
      throw error;
    } finally {
      guard.close();
      await meeting.leave();
    }
  }

  /** Starts all ranks, and says how all machines' ended. */
  async #play(guard: RankGuard): Promise<Verdict> {
    const { meeting, scratch, signals } = this.#place;
    const restart = this.#restart;
    const { rank: node } = this.#asked.nodes;
    const round = new Round(this.#asked, { meeting, guard, scratch, restart }, () => {
      this.#tell({ kind: 'failure', node, restart });
    });
    this.#round = round;
    if (this.#stopSignal !== undefined) round.send(this.#stopSignal);
    if (signals.isKilled) round.kill();
    if (this.#failedElsewhere === restart) round.end();
    const own: NodeEnd = { ends: await round.ended, stopSignal: this.#stopSignal };
    const all = await meeting.exchange(restart, own);
    this.#stopSignal ??= all.find(({ stopSignal }) => stopSignal !== undefined)?.stopSignal;
    return verdictOn(
      all.flatMap(({ ends }) => ends),
      this.#stopSignal,
    );
  }

  #stop(signal: NodeJS.Signals): void {
    if (this.#stopSignal !== undefined) return;
    this.#stopSignal = signal;
    this.#round?.send(signal);
  }

  #hear(news: News): void {
    if (news.kind === 'stop') this.#stop(news.signal);
    else if (news.kind === 'lost') this.#round?.end();
    else {
      this.#failedElsewhere = Math.max(this.#failedElsewhere, news.restart);
      if (news.restart === this.#restart) this.#round?.end();
    }
  }

  #tell(news: News): void {
    // A store out of reach is noticed where it is watched.
    this.#place.meeting.tell(news).catch(() => {});
  }
}

function resultOf(verdict: Verdict, numRestarts: number): LaunchResult {
  if (verdict.kind === 'finished') return { exitCode: 0, numRestarts };
  if (verdict.kind === 'stopped') return { exitCode: verdict.exitCode, numRestarts };
  return { exitCode: exitCodeOfEnd(verdict.failure), numRestarts, failure: verdict.failure };
}
