// The machines of a launch: they meet in the store, tell one another what happens, and notice one that is gone.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError, DistributedError } from '../../errors.ts';
import { PrefixStore, type Store, TCPStore } from '../store/store.ts';
import type { CheckedLaunch } from './launch-options.ts';

/** A machine. @internal */
export interface NodeFacts {
  readonly host: string;
  readonly numRanks: number;
  readonly maxRestarts: number;
  readonly numNodes: number;
  /** Another one for each launcher. */
  readonly id: string;
}

/** What a machine tells the others at once. @internal */
export type News =
  | { readonly kind: 'failure'; readonly node: number; readonly restart: number }
  | { readonly kind: 'stop'; readonly node: number; readonly signal: NodeJS.Signals }
  | { readonly kind: 'lost'; readonly node: number; readonly why: string };

const POLL_MS = 200;
const GOODBYE_MS = 5000;
const ACTION = 'launch over several machines';

/** @internal */
export class NodeMeeting {
  readonly runId: string;
  readonly nodes: readonly NodeFacts[];
  readonly port: number;
  /** Called for what other machines tell. */
  onNews: (news: News) => void = () => {};
  readonly #asked: CheckedLaunch['nodes'];
  readonly #server: TCPStore;
  readonly #store: Store;
  /** How much of each machine's news this one has heard. */
  readonly #numHeard: number[];
  #numTold = 0;
  #numRings = 0;
  #telling: Promise<void> = Promise.resolve();
  #lost: DistributedError | undefined;
  #isOver = false;
  #watching: Promise<void> = Promise.resolve();

  private constructor(
    asked: CheckedLaunch['nodes'],
    { server, store, nodes, runId }: { server: TCPStore; store: Store; nodes: readonly NodeFacts[]; runId: string },
  ) {
    this.#asked = asked;
    this.#server = server;
    this.#store = store;
    this.nodes = nodes;
    this.runId = runId;
    this.port = server.port;
    this.#numHeard = nodes.map(() => 0);
  }

  /** Waits until all machines are there. Number 0 serves the store.
   *  @throws {DistributedError} that names those that are not in time.  @throws {ConfigError} where they were not started alike. */
  static async join({ nodes: asked, numRanks, maxRestarts }: CheckedLaunch): Promise<NodeMeeting> {
    const server = await TCPStore.connect({
      ...{ host: asked.masterAddr, port: asked.masterPort, isMaster: asked.rank === 0 },
      ...{ waitForWorkers: false, timeoutMs: asked.timeoutMs },
    });
    try {
      const store = new PrefixStore('launch', server);
      const own = {
        ...{ host: hostname(), numRanks, maxRestarts, numNodes: asked.count },
        id: randomBytes(6).toString('hex'),
      };
      const nodes = await meet(store, asked, own);
      const meeting = new NodeMeeting(asked, { server, store, nodes, runId: nodes[0]!.id });
      if (asked.count > 1) meeting.#watching = meeting.#watch();
      return meeting;
    } catch (error) {
      server.close();
      throw error;
    }
  }

  get worldSize(): number {
    return this.nodes.reduce((sum, { numRanks }) => sum + numRanks, 0);
  }

  /** The first rank of a machine. */
  firstRankOf(node: number): number {
    return this.nodes.slice(0, node).reduce((sum, { numRanks }) => sum + numRanks, 0);
  }

  /** Tells the other machines, and this one. */
  async tell(news: News): Promise<void> {
    if (this.#asked.count === 1 || this.#lost !== undefined) return;
    const key = newsKey(this.#asked.rank, this.#numTold++);
    const said = this.#telling.then(async () => {
      await this.#store.set(key, JSON.stringify(news));
      // Afterwards: who hears the bell finds what it rings for. A `get` that waits for a key holds the connection, and with it the `set` of that key.
      await this.#store.add('bell', 1);
    });
    this.#telling = said.catch(() => {});
    await said;
  }

  /** Gives what each machine has written of a start of all ranks, once all have.
   *  @throws {DistributedError} where a machine is lost before. */
  async exchange<Value>(restart: number, own: Value): Promise<Value[]> {
    if (this.#asked.count === 1) return [own];
    const keys = this.nodes.map((_, node) => `ended/${restart}/${node}`);
    await this.#orLost(this.#store.set(keys[this.#asked.rank]!, JSON.stringify(own)));
    while (!(await this.#orLost(this.#store.check(keys)))) await wait(POLL_MS / 2);
    const texts = await this.#orLost(Promise.all(keys.map((key) => this.#store.getText(key))));
    if (this.#lost !== undefined) throw this.#lost; // told to ranks that had ended: the next ones would run without it
    return texts.map((text) => JSON.parse(text) as Value);
  }

  /** Leaves; number 0 serves until the others have left. */
  async leave(): Promise<void> {
    this.#isOver = true;
    const { count, rank } = this.#asked;
    if (count > 1 && this.#lost === undefined) {
      await this.#watching;
      await this.#inTime(this.#telling).catch(() => {}); // whom it does not reach, it is lost to
      const others = this.nodes.map((_, node) => `left/${node}`).filter((_, node) => node !== 0);
      const until = performance.now() + GOODBYE_MS;
      if (rank > 0)
        await this.#store.set(`left/${rank}`, '').catch(() => {}); // number 0 is gone already
      else while (performance.now() < until && !(await this.#store.check(others))) await wait(POLL_MS / 2);
    }
    this.#server.close();
  }

  /** Gives signs of life, hears news, and on number 0 looks for signs of the others. */
  async #watch(): Promise<void> {
    const signs = new Map<number, { count: number; atMs: number }>();
    while (!this.#isOver && this.#lost === undefined) {
      try {
        await this.#inTime(this.#hear());
        if (this.#asked.rank === 0) await this.#lookForSigns(signs);
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        this.#noteLost({ kind: 'lost', node: 0, why: `its store is out of reach: ${cause}` });
      }
      if (!this.#isOver) await wait(POLL_MS);
    }
  }

  async #hear(): Promise<void> {
    await this.#store.add(`sign/${this.#asked.rank}`, 1);
    const numRings = await this.#store.add('bell', 0);
    if (numRings === this.#numRings) return;
    this.#numRings = numRings;
    for (const node of this.nodes.keys()) await this.#hearOf(node);
  }

  async #hearOf(node: number): Promise<void> {
    for (;;) {
      const key = newsKey(node, this.#numHeard[node]!);
      if (!(await this.#store.check([key]))) return;
      this.#numHeard[node]! += 1;
      const news = JSON.parse(await this.#store.getText(key)) as News;
      if (news.kind === 'lost') this.#noteLost(news);
      else if (node !== this.#asked.rank) this.onNews(news);
    }
  }

  async #lookForSigns(signs: Map<number, { count: number; atMs: number }>): Promise<void> {
    for (const node of this.nodes.keys()) {
      const count = await this.#store.add(`sign/${node}`, 0);
      const last = signs.get(node);
      if (last?.count !== count) signs.set(node, { count, atMs: performance.now() });
      else if (performance.now() - last.atMs > this.#asked.lostAfterMs && !(await this.#store.check([`left/${node}`])))
        await this.tell({ kind: 'lost', node, why: `no sign of it for ${this.#asked.lostAfterMs} ms` });
    }
  }

  #noteLost(news: News & { readonly kind: 'lost' }): void {
    if (this.#lost !== undefined) return;
    const { host, numRanks } = this.nodes[news.node]!;
    const first = this.firstRankOf(news.node);
    const ranks = numRanks === 1 ? `rank ${first}` : `ranks ${first} to ${first + numRanks - 1}`;
    this.#lost = new DistributedError(
      `Cannot go on with the launch: expected all ${this.nodes.length} machines to be there, got none of machine ${news.node} ("${host}", ${ranks}): ${news.why}`,
    );
    this.onNews(news);
  }

  /** The store may be on a machine that is gone without a word. */
  async #inTime<Value>(asked: Promise<Value>): Promise<Value> {
    const late = new AbortController();
    asked.catch(() => {}); // where it fails after its time
    const timer = wait(this.#asked.lostAfterMs, undefined, { signal: late.signal }).then(() => {
      throw new Error(`no answer for ${this.#asked.lostAfterMs} ms`);
    });
    timer.catch(() => {}); // aborted below
    try {
      return await Promise.race([asked, timer]);
    } finally {
      late.abort();
    }
  }

  /** @throws {DistributedError} as soon as a machine is lost, whatever the store does. */
  async #orLost<Value>(asked: Promise<Value>): Promise<Value> {
    asked.catch(() => {});
    for (;;) {
      if (this.#lost !== undefined) throw this.#lost;
      const pending = Symbol('pending');
      const failed = (error: unknown): unknown => error;
      const found = await Promise.race([asked.catch(failed), wait(POLL_MS, pending)]);
      if (found === pending) continue;
      if (!(found instanceof Error)) return found as Value;
      await this.#watching; // it finds that number 0 is gone, and says so
      throw this.#lost ?? found;
    }
  }
}

const newsKey = (node: number, number: number): string => `news/${node}/${number}`;

async function meet(store: Store, asked: CheckedLaunch['nodes'], own: NodeFacts): Promise<NodeFacts[]> {
  const text = JSON.stringify(own);
  const keys = Array.from({ length: asked.count }, (_, node) => `node/${node}`);
  const there = await store.compareSet(keys[asked.rank]!, { expected: '', desired: text });
  const found = new TextDecoder().decode(there);
  if (found !== text) {
    const { host } = JSON.parse(found) as NodeFacts;
    throw new ConfigError(ACTION, [
      `nodes.rank: expected another one on each machine, got ${asked.rank} on "${own.host}", which "${host}" has already`,
    ]);
  }
  await waitForAll(store, keys, asked);
  const nodes = await Promise.all(keys.map(async (key) => JSON.parse(await store.getText(key)) as NodeFacts));
  const problems = (['numNodes', 'maxRestarts'] as const).flatMap((name) =>
    nodes
      .filter((node) => node[name] !== nodes[0]![name])
      .map(
        (node) =>
          `${name}: expected the same on all machines, got ${nodes[0]![name]} and on "${node.host}" ${node[name]}`,
      ),
  );
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
  return nodes;
}

async function waitForAll(store: Store, keys: readonly string[], { timeoutMs }: CheckedLaunch['nodes']): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!(await store.check(keys))) {
    if (performance.now() > until) {
      const areThere = await Promise.all(keys.map((key) => store.check([key])));
      const missing = keys.flatMap((_, node) => (areThere[node] ? [] : [node]));
      throw new DistributedError(
        `Cannot ${ACTION}: expected ${keys.length} machines within ${timeoutMs} ms, got none of machine ${missing.join(', ')}; run the same command there with its own --node-rank`,
      );
    }
    await wait(POLL_MS / 2);
  }
}
