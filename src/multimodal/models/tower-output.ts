// What a tower gives, whichever module it is, as tokens and as one feature vector a row; and how wide it is.

import { ShapeError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import { describeValue } from '../../tensor/autograd/callback.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** How one vector is made of a row's tokens: their mean, or the first. */
export type Pooling = 'mean' | 'first';

/** What a tower made of a batch. */
export interface TowerOutput {
  /** Shape: [B, N, D]; undefined where the tower gives one vector a row. */
  readonly tokens: Tensor | undefined;
  /** Where there is a token. Shape: [B, N]; undefined for everywhere. */
  readonly mask: Tensor | undefined;
  /** Shape: [B, D]. */
  readonly features: Tensor;
}

/** Runs a tower. An input of `{ inputIds, attentionMask }` (or in snake_case) reaches it as `forward(inputIds, { attentionMask })`, as the models of sconce/models have it; any other as it is.
 *  @throws {ShapeError} for an output that is neither features nor tokens. */
export function runTower(name: string, tower: Module, input: unknown, pooling: Pooling): TowerOutput {
  const forward = tower.forward.bind(tower) as (...inputs: unknown[]) => unknown;
  const [ids, given] = idsOf(input);
  const output = ids ? forward(ids, ...(given ? [{ attentionMask: given }] : [])) : forward(input);
  const own = output instanceof Tensor ? {} : (output as Record<string, unknown>);
  const state = output instanceof Tensor ? output : pick(own, 'lastHiddenState', 'last_hidden_state');
  const mask = pick(own, 'attentionMask', 'attention_mask') ?? given;
  if (!state || state.ndim < 2 || state.ndim > 4)
    throw new ShapeError(
      `Cannot run ${name}: expected features [B, D], tokens [B, N, D] or maps [B, D, H, W], or an object with them as lastHiddenState, got ${state ? `[${state.shape.join(', ')}]` : describeValue(output)}`,
    );
  if (state.ndim === 2) return { tokens: undefined, mask: undefined, features: state };
  if (state.ndim === 4) return pooled(state.flatten({ startDim: 2 }).transpose(1, 2), undefined, pooling);
  return pooled(state, mask, pooling);
}

function pooled(tokens: Tensor, mask: Tensor | undefined, pooling: Pooling): TowerOutput {
  return { tokens, mask, features: poolTokens(tokens, mask, pooling) };
}

/** Shape: [B, N, D] -> [B, D]. A row without any token is zero. */
export function poolTokens(tokens: Tensor, mask: Tensor | undefined, pooling: Pooling): Tensor {
  if (pooling === 'first') return tokens.select(1, 0);
  if (!mask) return tokens.mean({ dim: [1] });
  const weights = mask.ne(0).to(tokens.dtype).unsqueeze(2); // [B, N, 1]
  return tokens
    .mul(weights)
    .sum({ dim: [1] })
    .div(weights.sum({ dim: [1] }).clampMin(1));
}

function idsOf(input: unknown): [ids: Tensor | undefined, mask: Tensor | undefined] {
  if (typeof input !== 'object' || input === null || input instanceof Tensor) return [undefined, undefined];
  const fields = input as Record<string, unknown>;
  return [pick(fields, 'inputIds', 'input_ids'), pick(fields, 'attentionMask', 'attention_mask')];
}

function pick(fields: Readonly<Record<string, unknown>>, ...names: readonly string[]): Tensor | undefined {
  return names.map((name) => fields?.[name]).find((value) => value instanceof Tensor) as Tensor | undefined;
}

/** How wide a tower's features are, as far as the module says so; undefined where it does not. */
export function widthOf(tower: Module): number | undefined {
  const { outFeatures, embedDim, config } = tower as { outFeatures?: unknown; embedDim?: unknown; config?: unknown };
  const hidden = (config as { hidden_size?: unknown } | undefined)?.hidden_size;
  const own = [outFeatures, embedDim, hidden].find((value) => typeof value === 'number');
  if (own !== undefined) return own as number;
  const children = [...tower.children()].reverse();
  const isSequence = Symbol.iterator in tower; // a Sequential is as wide as its last layer that has a width
  return isSequence ? children.map(widthOf).find((width) => width !== undefined) : undefined;
}
