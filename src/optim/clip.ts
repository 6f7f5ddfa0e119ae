// Gradient clipping, by norm and by value.

import type { Parameter } from '../nn/parameter.ts';
import { noGrad } from '../tensor/autograd.ts';
import { getNative, handles, wrap } from '../tensor/call.ts';
import { stack } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

function gradientsOf(parameters: Iterable<Parameter>): Tensor[] {
  const found = getNative().gradsOf(handles([...parameters]));
  return Array.from(found)
    .filter((handle) => handle !== 0)
    .map(wrap);
}

/** Scales gradients so that their joint L2 norm is at most `maxNorm`.
 *  Rule: g <- g * min(1, maxNorm / (norm + 1e-6)). Shape: any, unchanged. The device is not waited for.
 *  @param maxNorm - gradient units, > 0.  @returns the norm before scaling, a tensor without dimensions; undefined where there are no gradients.
 *  @throws {RangeError} if maxNorm <= 0.
 *  Source: Pascanu et al. 2013, arXiv:1211.5063; constants as torch.nn.utils.clip_grad_norm_. */
export function clipGradNorm_(parameters: Iterable<Parameter>, maxNorm: number): Tensor | undefined {
  if (!(maxNorm > 0)) throw new RangeError(`Cannot clip gradients: expected maxNorm above 0, got ${maxNorm}`);
  const clip = (): Tensor | undefined => {
    const gradients = gradientsOf(parameters);
    if (gradients.length === 0) return undefined;
    const norm = stack(gradients.map((gradient) => gradient.norm())).norm();
    const factor = norm.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
    for (const gradient of gradients) gradient.mul_(factor);
    return norm;
  };
  return scope(() => noGrad(clip));
}

/** Clamps every element of every gradient to [-clipValue, clipValue].
 *  @throws {RangeError} if clipValue <= 0.  Source: torch.nn.utils.clip_grad_value_. */
export function clipGradValue_(parameters: Iterable<Parameter>, clipValue: number): void {
  if (!(clipValue > 0)) throw new RangeError(`Cannot clip gradients: expected clipValue above 0, got ${clipValue}`);
  scope(() =>
    noGrad(() => {
      for (const gradient of gradientsOf(parameters)) gradient.clamp_({ min: -clipValue, max: clipValue });
    }),
  );
}
