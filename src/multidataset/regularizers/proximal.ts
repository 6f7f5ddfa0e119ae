// Proximal operators and projections: what is done to weights behind a step of their optimizer.

import { softshrink } from '../../nn/functional/index.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** Changes a parameter in place. @param strength - lambda of the epoch.  @param stepSize - the effective step size; asked for by soft thresholds alone. */
export type ProximalStep = (parameter: Tensor, strength: number, stepSize: () => Tensor | number) => void;

/** p <- sign(p) max(|p| - lambda * stepSize, 0): the proximal operator of lambda |p|, so that weights become zero and stay there. */
function softThreshold(parameter: Tensor, strength: number, stepSize: () => Tensor | number): void {
  const size = stepSize();
  if (size instanceof Tensor)
    parameter.copy_(parameter.sign().mul(parameter.abs().sub(size.mul(strength)).clampMin(0)));
  else parameter.copy_(softshrink(parameter, { lambd: strength * size }));
}

/** Source: VisionCore; Parikh and Boyd 2014, sections 6.5.2 and 6.2.4. */
export const PROXIMAL_STEPS = {
  proximal_l1: softThreshold,
  proximal_clamp: (parameter, bound) => void parameter.clamp_({ min: -bound, max: bound }),
  proximal_clamp_positive: (parameter, bound) => void parameter.clamp_({ min: 0, max: bound }),
  proximal_clamp_min: (parameter, bound) => void parameter.clamp_({ min: bound }),
} as const satisfies Readonly<Record<string, ProximalStep>>;
