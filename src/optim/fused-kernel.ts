// Whether libtorch's fused kernel of an optimizer can do an update.

import { getNative, handles } from '../tensor/call.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A kernel that walks through the memory of all its lists at once. */
export class FusedKernel {
  readonly #operator: string;
  /** Whether this libtorch has it. */
  #isThere: boolean | undefined;

  /** @param operator - its name in libtorch. */
  constructor(operator: string) {
    this.#operator = operator;
  }

  /** It does not look at strides: on lists of other layouts than the parameters' it would update the wrong elements. */
  fits(params: readonly Tensor[], ...others: readonly (readonly Tensor[])[]): boolean {
    this.#isThere ??= getNative().hasOperator(this.#operator);
    return this.#isThere && getNative().haveOneLayout(handles(params), ...others.map(handles));
  }
}
