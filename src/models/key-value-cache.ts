// `KeyValueCache`: the keys and values of tokens that attention has seen, so that generating a token costs one token's work.

import { ShapeError } from '../errors.ts';
import { isGradEnabled } from '../tensor/autograd.ts';
import { cat } from '../tensor/ops.generated.ts';
import { hold, letGo } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

// B batch, H heads, S tokens seen, E width of a head.

interface Layer {
  /** Room for more tokens than were seen: [B, H, capacity, E]. */
  keys: Tensor;
  values: Tensor;
  length: number;
}

/** Keys and values by layer. It holds its tensors beyond the scopes in which they are made; `dispose()` lets go of them.
 *  Without gradients memory grows by doubling and each token is copied once; with gradients everything is joined anew at each call.
 *  Source: transformers.DynamicCache. */
export class KeyValueCache {
  readonly #layers: Layer[] = [];

  /** Tokens seen. */
  get length(): number {
    return this.#layers[0]?.length ?? 0;
  }

  /** Adds the keys and values of new tokens to a layer and gives those of all tokens. Shape: [B, H, T, E] -> [B, H, S + T, E].
   *  @throws {ShapeError} for another batch or width than those before. @internal */
  update(index: number, keys: Tensor, values: Tensor): readonly [keys: Tensor, values: Tensor] {
    const layer = this.#layers[index];
    if (layer) this.#check(layer, keys);
    if (isGradEnabled()) return this.#join(index, keys, values);
    const length = layer?.length ?? 0;
    const total = length + keys.size(2);
    const next = layer && layer.keys.size(2) >= total ? layer : this.#grow(index, keys, values, total);
    next.keys.narrow(2, length, keys.size(2)).copy_(keys);
    next.values.narrow(2, length, values.size(2)).copy_(values);
    next.length = total;
    return [next.keys.narrow(2, 0, total), next.values.narrow(2, 0, total)];
  }

  /** Frees the tensors, or gives them to the open scope. */
  dispose(): void {
    for (const { keys, values } of this.#layers.splice(0)) {
      letGo(keys);
      letGo(values);
    }
  }

  #check(layer: Layer, keys: Tensor): void {
    const [batch, heads, , width] = layer.keys.shape;
    const [newBatch, newHeads, , newWidth] = keys.shape;
    if (batch === newBatch && heads === newHeads && width === newWidth) return;
    throw new ShapeError(
      `Cannot add to a KeyValueCache: expected keys of shape [${batch}, ${heads}, T, ${width}], got [${keys.shape.join(', ')}]`,
    );
  }

  #replace(index: number, next: Layer): Layer {
    const before = this.#layers[index];
    hold(next.keys);
    hold(next.values);
    this.#layers[index] = next;
    if (before) {
      letGo(before.keys);
      letGo(before.values);
    }
    return next;
  }

  #join(index: number, keys: Tensor, values: Tensor): readonly [Tensor, Tensor] {
    const before = this.#layers[index];
    const joined = (old: Tensor | undefined, more: Tensor): Tensor =>
      before && old ? cat([old.narrow(2, 0, before.length), more], { dim: 2 }) : more.clone();
    const next = { keys: joined(before?.keys, keys), values: joined(before?.values, values), length: 0 };
    next.length = next.keys.size(2);
    const { keys: all, values: allValues } = this.#replace(index, next);
    return [all, allValues];
  }

  #grow(index: number, keys: Tensor, values: Tensor, total: number): Layer {
    const before = this.#layers[index];
    const capacity = Math.max(2 * total, 64);
    const roomFor = (old: Tensor | undefined, like: Tensor): Tensor => {
      const [batch = 0, heads = 0, , width = 0] = like.shape;
      const room = like.newEmpty([batch, heads, capacity, width]);
      if (before && old) room.narrow(2, 0, before.length).copy_(old.narrow(2, 0, before.length));
      return room;
    };
    const next = { keys: roomFor(before?.keys, keys), values: roomFor(before?.values, values) };
    return this.#replace(index, { ...next, length: before?.length ?? 0 });
  }
}
