// Stores: small values that all ranks of a job see.
import type { HeldStore } from '../../binding/native.ts';
import { ConfigError } from '../../errors.ts';
import { getNative } from '../../tensor/call.ts';
import { A_COUNT, A_FLAG, A_PORT, A_TEXT, A_TIME, optionProblems } from '../option-problems.ts';
import { requireC10d, told } from './told.ts';

/** Texts are stored as UTF-8. */
export type StoreValue = string | Uint8Array;

const bytesOf = (value: StoreValue): Uint8Array =>
  typeof value === 'string' ? new TextEncoder().encode(value) : value;

/** Keys with small values that every rank of a job reads and writes. All methods wait beside the JavaScript thread. A connection does one thing at a time:
 *  while `get` or `wait` waits for a key, the other calls of the same store wait with it, and one that would write that key never comes to it. Source: torch.distributed.Store. */
export class Store {
  /** @internal */
  readonly held: HeldStore;

  /** @internal */
  constructor(held: HeldStore) {
    this.held = held;
  }

  async set(key: string, value: StoreValue): Promise<void> {
    await told('write to a store', getNative().storeSet(this.held, key, bytesOf(value)));
  }

  /** The value, once it is there.
   *  @throws {DistributedError} where it is not within the store's time. */
  async get(key: string): Promise<Uint8Array> {
    return new Uint8Array(await told(`read "${key}" from a store`, getNative().storeGet(this.held, key)));
  }

  /** As `get`, as text. */
  async getText(key: string): Promise<string> {
    return new TextDecoder().decode(await this.get(key));
  }

  /** Adds to a counter, which begins at 0, and gives the sum: each rank that adds sees another one. */
  async add(key: string, amount: number): Promise<number> {
    return told('count in a store', getNative().storeAdd(this.held, key, amount));
  }

  /** Writes where `expected` stands (an empty value: where nothing does), and gives what stands there afterwards. */
  async compareSet(
    key: string,
    { expected, desired }: { expected: StoreValue; desired: StoreValue },
  ): Promise<Uint8Array> {
    const found = getNative().storeCompareSet(this.held, key, bytesOf(expected), bytesOf(desired));
    return new Uint8Array(await told('write to a store', found));
  }

  /** Whether all keys are there now. */
  async check(keys: readonly string[]): Promise<boolean> {
    return told('look into a store', getNative().storeCheck(this.held, keys));
  }

  /** Waits until all keys are there. @param options.timeoutMs - default: the store's.
   *  @throws {DistributedError} where they are not in time. */
  async wait(keys: readonly string[], { timeoutMs = -1 }: { timeoutMs?: number } = {}): Promise<void> {
    await told(
      `wait for ${keys.map((key) => `"${key}"`).join(', ')}`,
      getNative().storeWait(this.held, keys, timeoutMs),
    );
  }

  /** Removes a key; gives whether it was there. */
  async deleteKey(key: string): Promise<boolean> {
    return told('delete from a store', getNative().storeDelete(this.held, key));
  }

  async numKeys(): Promise<number> {
    return told('count keys of a store', getNative().storeNumKeys(this.held));
  }

  /** How long calls wait that are not told otherwise, in milliseconds. */
  setTimeout(timeoutMs: number): void {
    getNative().storeSetTimeout(this.held, timeoutMs);
  }

  /** Closes this connection. The store ends with the connection of the rank that serves it. */
  close(): void {
    getNative().letGoOfStore(this.held);
  }
}

/** A store whose keys stand apart in another. Source: torch.distributed.PrefixStore. */
export class PrefixStore extends Store {
  constructor(prefix: string, store: Store) {
    if (typeof prefix !== 'string' || !(store instanceof Store))
      throw new TypeError(
        `Cannot make a PrefixStore: expected a text and a Store, got ${typeof prefix} and ${typeof store}`,
      );
    super(getNative().prefixStore(store.held, prefix));
  }
}

/** A store in a file that all ranks reach. The last rank that goes removes it. Source: torch.distributed.FileStore. */
export class FileStore extends Store {
  /** @param options.worldSize - how many ranks there are.
   *  @throws {ConfigError} for a path or options that are none. */
  constructor(path: string, options: { worldSize: number }) {
    const problems = optionProblems({ path, ...options }, { path: A_TEXT, worldSize: A_COUNT });
    if (path === undefined || options?.worldSize === undefined)
      problems.push('path, worldSize: expected both, got one or none');
    if (problems.length > 0) throw new ConfigError('make a FileStore', problems);
    requireC10d(getNative(), `open the store "${path}"`);
    super(getNative().fileStore(path, options.worldSize));
  }
}

/** How a `TCPStore` is reached. */
export interface TCPStoreOptions {
  /** The machine of the rank that serves. */
  readonly host: string;
  /** 0: a free one, which `port` of the store says. */
  readonly port: number;
  /** One rank serves. Default false. */
  readonly isMaster?: boolean;
  /** How many ranks come; the server waits for them. Default: as many as do, for which it does not wait. */
  readonly worldSize?: number;
  /** Whether the server waits for the others before it goes on. Default true. */
  readonly waitForWorkers?: boolean;
  /** How long connecting and calls wait, in milliseconds. Default 300,000. */
  readonly timeoutMs?: number;
}

const TCP_OPTIONS = {
  host: A_TEXT,
  port: A_PORT,
  isMaster: A_FLAG,
  worldSize: A_COUNT,
  waitForWorkers: A_FLAG,
  timeoutMs: A_TIME,
};

/** A store that one rank serves over TCP. Source: torch.distributed.TCPStore. */
export class TCPStore extends Store {
  readonly host: string;
  readonly port: number;

  private constructor(held: HeldStore, host: string, port: number) {
    super(held);
    this.host = host;
    this.port = port;
  }

  /** Serves, or connects; kept once the connection stands.
   *  @throws {ConfigError} that lists all options that are wrong.
   *  @throws {DistributedError} where the server is not there in time, or its port is taken. */
  static async connect(options: TCPStoreOptions): Promise<TCPStore> {
    const problems = optionProblems(options, TCP_OPTIONS);
    for (const name of ['host', 'port'] as const)
      if (options?.[name] === undefined) problems.push(`${name}: expected one, got none`);
    if (options?.port === 0 && options.isMaster !== true)
      problems.push('port: expected that of the rank that serves, got 0; only isMaster: true chooses a free one');
    if (problems.length > 0) throw new ConfigError('reach a TCPStore', problems);
    const { host, port, isMaster = false, worldSize = 0, waitForWorkers = true, timeoutMs = 300_000 } = options;
    const action = `${isMaster ? 'serve' : 'reach'} the store at ${host}:${port}`;
    requireC10d(getNative(), action);
    const made = getNative().tcpStore(host, port, isMaster, worldSize, waitForWorkers, timeoutMs);
    const [held, bound] = await told(action, made);
    return new TCPStore(held, host, bound);
  }
}
