// What a launcher says of itself: a line at the beginning and at the end, and of every failure what ended the first rank.
import type { CheckedLaunch } from './launch-options.ts';
import type { NodeMeeting } from './node-meeting.ts';
import type { RankEnd, SignalName } from './rank-end.ts';
import { exitCodeOfEnd, type Verdict, whyLasting } from './verdict.ts';

/** @internal */
export class LaunchReport {
  readonly #asked: CheckedLaunch;
  readonly #meeting: NodeMeeting;
  readonly #beganAtMs = performance.now();

  constructor(asked: CheckedLaunch, meeting: NodeMeeting) {
    this.#asked = asked;
    this.#meeting = meeting;
  }

  begin(): void {
    const { nodes, numRanks, pinCores, maxRestarts } = this.#asked;
    const { worldSize, port } = this.#meeting;
    const where = nodes.count === 1 ? 'on this machine' : `on ${nodes.count} machines, ${numRanks} on this one`;
    const pinned = pinCores ? ', each on cores of its own' : '';
    const restarts = maxRestarts === 0 ? '' : `; up to ${count(maxRestarts, 'restart')}`;
    this.#say(`${count(worldSize, 'rank')} ${where}${pinned}${restarts}; store at ${nodes.masterAddr}:${port}`);
  }

  verdict(
    verdict: Verdict,
    { restart, isAgain, stopSignal }: { restart: number; isAgain: boolean; stopSignal: NodeJS.Signals | undefined },
  ): void {
    const { maxRestarts } = this.#asked;
    const restarts = restart === 0 ? '' : `, after ${count(restart, 'restart')}`;
    const after = `${((performance.now() - this.#beganAtMs) / 1000).toFixed(1)} s${restarts}`;
    const ranks = this.#meeting.worldSize === 1 ? 'The rank' : `All ${this.#meeting.worldSize} ranks`;
    if (verdict.kind === 'finished') this.#say(`${ranks} finished in ${after}`);
    else if (verdict.kind === 'stopped')
      this.#say(`${ranks} stopped${stopSignal === undefined ? '' : ` by ${stopSignal}`} in ${after}`);
    else {
      this.#failure(verdict.failure);
      if (isAgain) this.#say(`Starting all ranks again, restart ${restart + 1} of ${maxRestarts}`);
      else {
        const why = restart < maxRestarts && stopSignal === undefined ? whyLasting(verdict.failure) : undefined;
        if (why !== undefined) this.#say(`Not starting the ranks again: ${why}`);
        this.#say(`Failed in ${after}, with exit code ${verdict.exitCode}`);
      }
    }
  }

  #failure(failure: RankEnd): void {
    const { rank, node, signal, wasEnded, error, lastLines } = failure;
    const machine = this.#asked.nodes.count === 1 ? '' : ` on machine ${node} ("${this.#meeting.nodes[node]!.host}")`;
    const isBySignal = signal !== undefined && !(wasEnded && error !== undefined);
    const how = isBySignal ? signal : `exit code ${exitCodeOfEnd(failure)}`;
    this.#say(`Rank ${rank}${machine} failed first, with ${how}${error === undefined ? reasonOf(signal) : ':'}`);
    if (error !== undefined) this.#write(error.stack || `${error.name}: ${error.message}`);
    else if (lastLines.trim() !== '') this.#write(`The last that it wrote:\n${lastLines}`);
  }

  #say(text: string): void {
    this.#write(`[launch] ${text}`);
  }

  #write(text: string): void {
    this.#asked.output.stderr.write(`${text}\n`);
  }
}

/** What a rank cannot say itself. */
function reasonOf(signal: SignalName | undefined): string {
  if (signal === 'SIGKILL') return ', which the system sends where memory runs out';
  if (signal === 'SIGSEGV' || signal === 'SIGABRT') return ', a crash in native code';
  return '';
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
