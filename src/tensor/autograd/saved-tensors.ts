// What the graph keeps of the tensors that backward will need: hooks that pack and unpack them.

import { getNative, h, wrap } from '../call.ts';
import { collectTensors } from '../scope.ts';
import { refuseLater } from '../synchronous.ts';
import { Tensor } from '../tensor.ts';
import { describeValue, inCallback } from './callback.ts';

export interface SavedTensorsHooks<Packed> {
  /** Gives what is kept in place of a tensor that is saved for backward. A tensor is freed with the graph; tensors inside other values when nothing
   *  refers to them any more. */
  readonly pack: (tensor: Tensor) => Packed;
  /** Gives the tensor back when backward asks for it, as often as it asks. */
  readonly unpack: (packed: Packed) => Tensor;
}

/** Runs `body`; what its operators save for backward goes through `pack` now and through `unpack` in backward. Innermost hooks alone apply. Synchronous.
 *  Source: torch.autograd.graph.saved_tensors_hooks.
 *  @throws {TypeError} in the operator or in backward, if a hook returns a Promise or `unpack` no tensor.
 *  @example
 *  const x = tensor([2], { requiresGrad: true });
 *  savedTensorsHooks({ pack: (saved) => saved.to('bfloat16'), unpack: (packed) => packed.to('float32') }, () => x.mul(x)).backward();
 *  x.grad; // tensor([4.]) */
export function savedTensorsHooks<Packed, Result>(hooks: SavedTensorsHooks<Packed>, body: () => Result): Result {
  const native = getNative();
  const depth = native.beginSavedHooks(packer(hooks), unpacker(hooks));
  try {
    const result = body();
    refuseLater(result, 'leave savedTensorsHooks', 'outside of it');
    return result;
  } finally {
    native.leave(depth);
  }
}

/** What is kept is a tensor, by its handle, or something else, in a list of one. */
type Kept<Packed> = number | readonly [Packed];

function packer<Packed>({ pack }: SavedTensorsHooks<Packed>): (handle: number) => Kept<Packed> {
  return (handle) =>
    inCallback('a pack hook', (scope) => {
      const packed = pack(wrap(handle));
      refuseLater(packed, 'run a pack hook', 'outside of it');
      if (packed instanceof Tensor) return h(packed);
      for (const tensor of collectTensors(packed)) if (tensor.scope === scope) tensor.keep();
      return [packed];
    });
}

function unpacker<Packed>({ unpack }: SavedTensorsHooks<Packed>): (kept: Kept<Packed>) => number {
  return (kept) =>
    inCallback('an unpack hook', () => {
      const tensor = unpack(typeof kept === 'number' ? (wrap(kept) as Packed) : kept[0]); // a handle stands for a Packed that is a tensor
      refuseLater(tensor, 'run an unpack hook', 'outside of it');
      if (tensor instanceof Tensor) return h(tensor);
      throw new TypeError(`Cannot run an unpack hook: expected a tensor, got ${describeValue(tensor)}`);
    });
}
