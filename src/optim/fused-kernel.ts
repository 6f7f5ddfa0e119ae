// Whether libtorch's fused kernel of an optimizer can do an update.

import { getNative, handles } from '../tensor/call.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A kernel that walks through the memory of all its lists at once. */
export class FusedKernel {
  readonly #operator: string;
  readonly #wrongOnCpu: readonly DType[];
  /** Whether this libtorch has it, for CPUs too: libtorch 1.13 has Adam's for CUDA alone. All have run on both since Adagrad's came. */
  #isThere: boolean | undefined;

  /** @param operator - its name in libtorch.  @param options.wrongOnCpu - dtypes of which it makes other numbers than the rule, on the CPU. */
  constructor(operator: string, options: { wrongOnCpu?: readonly DType[] } = {}) {
    this.#operator = operator;
    this.#wrongOnCpu = options.wrongOnCpu ?? [];
  }

  /** It does not look at strides: on lists of other layouts than the parameters' it would update the wrong elements. */
  fits(params: readonly Tensor[], ...others: readonly (readonly Tensor[])[]): boolean {
    this.#isThere ??= getNative().hasOperator(this.#operator) && getNative().hasOperator('_fused_adagrad_');
    const first = params[0];
    if (first && this.#wrongOnCpu.includes(first.dtype) && first.device === 'cpu') return false;
    return this.#isThere && getNative().haveOneLayout(handles(params), ...others.map(handles));
  }
}
