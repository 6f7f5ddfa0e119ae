// Random number generators: libtorch's Mersenne Twister on the CPU, with a state that is saved and restored.

import { loadNative } from '../binding/load.ts';
import type { Owner } from '../binding/native.ts';
import type { Device } from './device.ts';
import { refuseLater } from './synchronous.ts';

/** A source of random numbers of its own, so that what it draws depends on its seed alone.
 *  Random operators take it as `{ generator }`. Source: torch.Generator.
 *  @example
 *  const generator = new Generator(0);
 *  const first = rand([3], { generator });
 *  rand([3], { generator: generator.manualSeed(0) }).equal(first); // true */
export class Generator {
  /** Position in the addon's table. @internal */
  readonly index: number;
  /** Its collection frees the generator. */
  readonly #owner: Owner;

  /** @param seed - an integer, or a bigint of 64 bits. Default 67280421310721, as in PyTorch. */
  constructor(seed: number | bigint = 67280421310721n) {
    [this.index, this.#owner] = loadNative().makeGenerator(BigInt.asIntN(64, BigInt(seed)));
  }

  /** A generator for one piece of work: the same for the same numbers, whichever thread asks and whatever was drawn before. Its seed is a hash of the
   *  three, of which libtorch's CPU generator uses 32 bits: of two generators, the chance that they draw the same is 2^-32.
   *  @throws {RangeError} for what are no integers from 0 to 2^53 - 1.
   *  @example
   *  Generator.fork({ seed: 1, epoch: 2 }).initialSeed === Generator.fork({ seed: 1, epoch: 2 }).initialSeed; // true
   *  Generator.fork({ seed: 1, epoch: 2 }).initialSeed === Generator.fork({ seed: 1, epoch: 3 }).initialSeed; // false */
  static fork({ seed, epoch = 0, index = 0 }: { seed: number; epoch?: number; index?: number }): Generator {
    let hash = 0n;
    for (const [name, value] of Object.entries({ seed, epoch, index })) {
      if (!Number.isSafeInteger(value) || value < 0) {
        throw new RangeError(
          `Cannot fork a generator: expected ${name} to be an integer from 0 to 2^53 - 1, got ${String(value)}`,
        );
      }
      hash = mix(hash + BigInt(value));
    }
    return new Generator(hash);
  }

  /** Starts over from a seed. */
  manualSeed(seed: number | bigint): this {
    loadNative().seedGenerator(this.index, BigInt.asIntN(64, BigInt(seed)));
    return this;
  }

  /** Starts over from a seed that nobody can tell before, and returns it. */
  seed(): bigint {
    return loadNative().reseedGenerator(this.index);
  }

  /** Another generator that draws what this one will.
   *  @example
   *  const generator = new Generator(0);
   *  const twin = generator.cloneState();
   *  rand([3], { generator }).equal(rand([3], { generator: twin })); // true */
  cloneState(): Generator {
    return new Generator(0).setState(this.getState());
  }

  /** Where it draws. */
  get device(): Device {
    return 'cpu';
  }

  /** The seed that it was last given.
   *  @example
   *  new Generator(5).initialSeed; // 5n */
  get initialSeed(): bigint {
    return loadNative().initialSeed(this.index);
  }

  /** The bytes of torch.Generator.get_state(): everything that decides what comes next.
   *  @example
   *  const generator = new Generator(0);
   *  const state = generator.getState();
   *  const first = rand([3], { generator });
   *  rand([3], { generator: generator.setState(state) }).equal(first); // true */
  getState(): Uint8Array {
    return new Uint8Array(loadNative().generatorState(this.index));
  }

  /** Goes on from where `getState` was read.
   *  @throws {RangeError} for bytes of another length. */
  setState(state: Uint8Array): this {
    loadNative().setGeneratorState(this.index, state);
    return this;
  }
}

const WORD = 2n ** 64n;

/** splitmix64. The numbers belong to the promise that a seed draws the same for ever: never change one. Source: Steele, Lea and Flood 2014. */
function mix(value: bigint): bigint {
  let mixed = (value + 0x9e3779b97f4a7c15n) % WORD;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) % WORD;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) % WORD;
  return mixed ^ (mixed >> 31n);
}

/** The ones that `withGenerator` gave: referred to here, so that the collector leaves them alone. */
const inUse: Generator[] = [];

/** Runs `body` with draws from `generator` wherever it names none: initial weights of layers, `rand`, `normal_`. What can draw from the default
 *  generator alone (dropout, rrelu) is refused in training. Synchronous. In a worker this is the way to make a model.
 *  @throws {TypeError} if `body` returns a Promise or a generator function's result.
 *  @example
 *  const draw = () => withGenerator(new Generator(0), () => new nn.Linear(4, 3).weight);
 *  draw().equal(draw()); // true */
export function withGenerator<T>(generator: Generator, body: () => T): T {
  const native = loadNative();
  const before = native.useGenerator(generator.index);
  inUse.push(generator);
  try {
    const result = body();
    refuseLater(result, 'leave withGenerator', 'outside of it');
    return result;
  } finally {
    native.useGenerator(before);
    inUse.pop();
  }
}

/** The generator of the innermost `withGenerator`. @internal */
export function currentGenerator(): Generator | undefined {
  return inUse.at(-1);
}

/** Seeds the default generators of every device, as torch.manual_seed.
 *  @throws {NativeError} in a worker: libtorch's default generator belongs to the process.
 *  @example
 *  manualSeed(0);
 *  const x = rand([3]);
 *  manualSeed(0);
 *  rand([3]).equal(x); // true */
export function manualSeed(seed: number | bigint): void {
  loadNative().manualSeed(BigInt.asIntN(64, BigInt(seed)));
}

const DEFAULT = 0;

/** Seeds the default generator from what nobody can tell before, and returns the seed. Source: torch.seed. */
export function seed(): bigint {
  return loadNative().reseedGenerator(DEFAULT);
}

/** The seed that the default generator was last given. Source: torch.initial_seed.
 *  @example
 *  manualSeed(5);
 *  initialSeed(); // 5n */
export function initialSeed(): bigint {
  return loadNative().initialSeed(DEFAULT);
}

/** The state of the CPU's default generator. Source: torch.get_rng_state.
 *  @example
 *  const state = getRngState();
 *  const x = rand([3]);
 *  setRngState(state);
 *  rand([3]).equal(x); // true */
export function getRngState(): Uint8Array {
  return new Uint8Array(loadNative().generatorState(DEFAULT));
}

/** Goes on from where `getRngState` was read. Source: torch.set_rng_state.
 *  @throws {RangeError} for bytes of another length.  @throws {NativeError} in a worker: libtorch's default generator belongs to the process. */
export function setRngState(state: Uint8Array): void {
  loadNative().setGeneratorState(DEFAULT, state);
}
