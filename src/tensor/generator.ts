// Random number generators: libtorch's Mersenne Twister on the CPU, with a state that is saved and restored.

import { loadNative } from '../binding/load.ts';

const collected = new FinalizationRegistry<number>((index) => loadNative().freeGenerator(index));

/** A source of random numbers of its own, so that what it draws depends on its seed alone.
 *  Random operators take it as `{ generator }`. Source: torch.Generator. */
export class Generator {
  /** Position in the addon's table. @internal */
  readonly index: number;

  /** @param seed - an integer, or a bigint of 64 bits. Default 67280421310721, as in PyTorch. */
  constructor(seed: number | bigint = 67280421310721n) {
    this.index = loadNative().makeGenerator(BigInt.asIntN(64, BigInt(seed)));
    collected.register(this, this.index);
  }

  /** Starts over from a seed. */
  manualSeed(seed: number | bigint): this {
    loadNative().seedGenerator(this.index, BigInt.asIntN(64, BigInt(seed)));
    return this;
  }

  /** The seed that it was last given. */
  get initialSeed(): bigint {
    return loadNative().initialSeed(this.index);
  }

  /** The bytes of torch.Generator.get_state(): everything that decides what comes next. */
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

/** Seeds the default generators of every device, as torch.manual_seed.
 *  @throws {NativeError} in a worker: libtorch's default generator belongs to the process. */
export function manualSeed(seed: number | bigint): void {
  loadNative().manualSeed(BigInt.asIntN(64, BigInt(seed)));
}

const DEFAULT = 0;

/** The state of the CPU's default generator. Source: torch.get_rng_state. */
export function getRngState(): Uint8Array {
  return new Uint8Array(loadNative().generatorState(DEFAULT));
}

/** Source: torch.set_rng_state. */
export function setRngState(state: Uint8Array): void {
  loadNative().setGeneratorState(DEFAULT, state);
}
