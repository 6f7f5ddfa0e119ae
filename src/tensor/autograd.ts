// Gradient modes, and gradients as values.

import { getNative, handles, wrap } from './call.ts';
import { refuseLater } from './synchronous.ts';
import type { Tensor } from './tensor.ts';

function withGradMode<T>(isEnabled: boolean, name: string, body: () => T): T {
  const native = getNative();
  const before = native.setGradMode(isEnabled);
  try {
    const result = body();
    refuseLater(result, `leave ${name}`, 'outside of it');
    return result;
  } finally {
    native.setGradMode(before);
  }
}

/** Runs `body` without recording operators for `backward`. Synchronous. Source: torch.no_grad.
 *  @throws {TypeError} if `body` returns a Promise or a generator.
 *  @example
 *  const x = ones([2], { requiresGrad: true });
 *  noGrad(() => x.mul(2)); // tensor([2., 2.]) */
export function noGrad<T>(body: () => T): T {
  return withGradMode(false, 'noGrad', body);
}

/** Runs `body` with recording on, inside `noGrad`. Synchronous. Source: torch.enable_grad.
 *  @throws {TypeError} if `body` returns a Promise or a generator.
 *  @example
 *  const x = ones([2], { requiresGrad: true });
 *  noGrad(() => enableGrad(() => x.mul(2)).requiresGrad); // true */
export function enableGrad<T>(body: () => T): T {
  return withGradMode(true, 'enableGrad', body);
}

/** Whether operators are being recorded.
 *  @example
 *  noGrad(() => isGradEnabled()); // false */
export function isGradEnabled(): boolean {
  return getNative().isGradEnabled();
}

/** Runs `body` without recording, and without what recording would need later: cheaper than `noGrad`. Tensors made inside stay inference tensors, which
 *  backward cannot save and which change in place only inside. Synchronous. Source: torch.inference_mode.
 *  @param options.enabled - false leaves inference mode while `body` runs. Default true. */
export function inferenceMode<T>(body: () => T, options: { enabled?: boolean } = {}): T {
  const native = getNative();
  const depth = native.beginInferenceMode(options.enabled ?? true);
  try {
    const result = body();
    refuseLater(result, 'leave inferenceMode', 'outside of it');
    return result;
  } finally {
    native.endInferenceMode(depth);
  }
}

/** Whether `inferenceMode` is on. */
export function isInferenceMode(): boolean {
  return getNative().isInferenceMode();
}

export interface GradOptions {
  /** One for each output; may be left out for outputs of one element. */
  gradOutputs?: readonly (Tensor | undefined)[];
  /** Keep the graph for another pass. Default: `createGraph`. */
  retainGraph?: boolean;
  /** Record this pass too, for higher orders. Default false. */
  createGraph?: boolean;
  /** Give undefined for an input that the outputs do not depend on, instead of an error. Default false. */
  allowUnused?: boolean;
}

/** The gradients of `outputs` with respect to `inputs`, as values; no tensor's `grad` changes. Source: torch.autograd.grad.
 *  @throws {NativeError} for an input that the outputs do not depend on, unless `allowUnused`.
 *  @example
 *  const x = tensor([2], { requiresGrad: true });
 *  const [slope] = grad([x.pow(3)], [x], { createGraph: true });
 *  grad([slope!], [x]); // [tensor([12.])] */
export function grad(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions & { allowUnused: true },
): (Tensor | undefined)[];
export function grad(outputs: readonly Tensor[], inputs: readonly Tensor[], options?: GradOptions): Tensor[];
export function grad(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions = {},
): (Tensor | undefined)[] {
  const createGraph = options.createGraph ?? false;
  const results = getNative().grad(
    handles(outputs),
    handles(inputs),
    options.gradOutputs && handles(options.gradOutputs),
    options.retainGraph ?? createGraph,
    createGraph,
    options.allowUnused ?? false,
  );
  // The addon leaves holes for unused inputs.
  return Array.from(results, (handle) => (handle === undefined ? undefined : wrap(handle)));
}
