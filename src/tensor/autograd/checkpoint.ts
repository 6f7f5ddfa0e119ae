// Checkpoints: activations that are computed again in backward instead of being kept.

import { isMainThread } from 'node:worker_threads';
import { RecomputationStop } from '../../binding/load.ts';
import { getNative, handles, wrap } from '../call.ts';
import { currentGenerator, type Generator, setRngState } from '../generator.ts';
import { refuseLater } from '../synchronous.ts';
import { Tensor } from '../tensor.ts';
import { inCallback } from './callback.ts';

export interface CheckpointOptions {
  /** Draw the same random numbers when the body runs again, as dropout needs. Costs a copy of the generator's state. Default true. */
  readonly preserveRngState?: boolean;
  /** Generators of your own that the body draws from; their states are preserved as well. Default none. */
  readonly generators?: readonly Generator[];
  /** Compare what is saved when the body runs again, by shape and dtype, with the first time. Default true. */
  readonly determinismCheck?: boolean;
}

/** Runs `body` without keeping what its operators save for backward. When backward first needs one of those tensors, `body` runs again, up to the last
 *  that is needed, under the same random state, autocast and inputs. Gradients are the same bits. Checkpoints may lie inside one another.
 *  `body` must do the same each time; what else it changes, as the running statistics of a batch norm, is changed again. It reads parameters and other
 *  tensors from its closure; tensors of a scope that has ended by then have to come by `inputs`, which are saved as an operator saves them.
 *  Without recording (`noGrad`, `inferenceMode`) it just runs. Synchronous. Source: torch.utils.checkpoint (use_reentrant=False).
 *  @throws {NativeError} in backward, where `body` saves other tensors than the first time.
 *  @example const y = checkpoint((x) => block.forward(x), [x]); */
export function checkpoint<const Inputs extends readonly unknown[], Result>(
  body: (...inputs: Inputs) => Result,
  inputs: Inputs,
  options: CheckpointOptions = {},
): Result {
  const native = getNative();
  if (!native.isGradEnabled()) return body(...inputs);
  const tensors = inputs.filter((input) => input instanceof Tensor);
  // The closure keeps no tensor alive: those come from where the graph saved them.
  const rest = inputs.map((input) => (input instanceof Tensor ? undefined : input));
  const isTensor = inputs.map((input) => input instanceof Tensor);
  const restore = randomState(options);
  const again = (given: Float64Array): void =>
    inCallback('checkpoint', () => {
      let position = 0;
      const restored = rest.map((input, i) => (isTensor[i] ? wrap(given[position++]!) : input));
      const goOn = restore();
      try {
        body(...(restored as readonly unknown[] as Inputs));
      } catch (error) {
        if (!(error instanceof RecomputationStop)) throw error;
      } finally {
        goOn();
      }
    });
  const depth = native.beginCheckpoint(handles(tensors), again, options.determinismCheck ?? true);
  try {
    const result = body(...inputs);
    refuseLater(result, 'leave checkpoint', 'outside of it');
    return result;
  } finally {
    native.leave(depth);
  }
}

/** Notes the random state of now. The result goes back to it, and gives a function that goes on from where that was called. */
function randomState({ preserveRngState = true, generators = [] }: CheckpointOptions): () => () => void {
  const native = getNative();
  const current = currentGenerator();
  const own = current === undefined || !preserveRngState ? generators : [...generators, current];
  // In a worker nothing draws from the default generator: it belongs to the process.
  const hasDefault = preserveRngState && isMainThread;
  const stateOf = (generator: number): Uint8Array => new Uint8Array(native.generatorStateForCheckpoint(generator));
  const read = (): { own: Uint8Array[]; main: Uint8Array | undefined } => ({
    own: own.map(({ index }) => stateOf(index)),
    main: hasDefault ? stateOf(0) : undefined,
  });
  const write = (states: ReturnType<typeof read>): void => {
    own.forEach((generator, i) => {
      generator.setState(states.own[i]!);
    });
    if (states.main) setRngState(states.main);
  };
  const first = read();
  return () => {
    const before = read();
    const usedBefore = native.useGenerator(current?.index ?? 0);
    write(first);
    return () => {
      native.useGenerator(usedBefore);
      write(before);
    };
  };
}
