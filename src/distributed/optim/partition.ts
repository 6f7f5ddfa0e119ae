// Which rank keeps the state of which parameter.
import type { Parameter } from '../../nn/parameter.ts';

/** Gives parameters to ranks so that each has about as many elements: the largest goes first, each to the rank that has the least so far.
 *  Source: torch.distributed.optim.ZeroRedundancyOptimizer, `_partition_parameters`. */
export class Partition {
  readonly #numElements: number[];
  readonly #owners = new Map<Parameter, number>();

  /** @param numRanks - at least 1. */
  constructor(numRanks: number) {
    this.#numElements = new Array<number>(numRanks).fill(0);
  }

  /** Gives away the parameters of one more group. Parameters of one size keep their order. */
  add(params: readonly Parameter[]): void {
    for (const parameter of params.toSorted((a, b) => b.numel - a.numel)) {
      const rank = this.#numElements.indexOf(Math.min(...this.#numElements));
      this.#numElements[rank]! += parameter.numel;
      this.#owners.set(parameter, rank);
    }
  }

  /** The rank of the group that keeps a parameter's state; undefined for one that was not added. */
  ownerOf(parameter: Parameter): number | undefined {
    return this.#owners.get(parameter);
  }

  /** How many elements each rank has. */
  get numElements(): readonly number[] {
    return this.#numElements;
  }
}
