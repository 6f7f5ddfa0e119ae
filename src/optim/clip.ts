// Gradient clipping, by norm and by value.

import type { Parameter } from '../nn/parameter.ts';
import { noGrad } from '../tensor/autograd.ts';
import { getNative, handles, wrap } from '../tensor/call.ts';
import { refuseCapture } from '../tensor/capture/notes.ts';
import { zeros } from '../tensor/create.ts';
import { vectorNorm } from '../tensor/linalg.generated.ts';
import { stack } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { clampBetween_, mulByTensor_, norms } from './lists.ts';

export interface NormOptions {
  /** Order of the norm: 1, 2, Infinity (the greatest element) or any other. Default 2. */
  readonly normType?: number;
  /** A norm that is inf or nan is an error; the device is waited for then. Default false. */
  readonly errorIfNonfinite?: boolean;
}

type Tensors = Iterable<Tensor> | Tensor;
type Parameters = Iterable<Parameter> | Parameter;

const listOf = <T extends Tensor>(tensors: Iterable<T> | T): T[] =>
  tensors instanceof Tensor ? [tensors as T] : [...tensors];

function gradientsOf(parameters: Parameters): Tensor[] {
  const found = getNative().gradsOf(handles(listOf(parameters)));
  return Array.from(found)
    .filter((handle) => handle !== 0)
    .map(wrap);
}

/** Lists of one device and dtype; sparse tensors are apart. Sums depend on the order: the kind that is met last comes first, as where PyTorch groups two. */
function groupsOf(tensors: readonly Tensor[]): Tensor[][] {
  const groups = new Map<string, Tensor[]>();
  for (const tensor of tensors) {
    const key = `${tensor.device} ${tensor.dtype} ${tensor.layout}`;
    const group = groups.get(key);
    if (group) group.push(tensor);
    else groups.set(key, [tensor]);
  }
  return [...groups.values()].reverse();
}

function readOptions(options: NormOptions): Required<NormOptions> {
  const { normType = 2, errorIfNonfinite = false, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(
      `Cannot clip gradients: expected options of { normType, errorIfNonfinite }, got "${unknown}"${unknown === 'foreach' ? '; the fastest way is chosen by itself' : ''}`,
    );
  if (typeof normType !== 'number' || Number.isNaN(normType))
    throw new RangeError(`Cannot clip gradients: expected normType to be a number, got ${String(normType)}`);
  if (typeof errorIfNonfinite !== 'boolean')
    throw new TypeError(
      `Cannot clip gradients: expected errorIfNonfinite to be a boolean, got ${String(errorIfNonfinite)}`,
    );
  return { normType, errorIfNonfinite };
}

/** The norm of tensors as if they were one vector.
 *  Rule: the norm of their norms. Shape: any, on any devices -> none, on the first one's device; 0 where there are none.
 *  @throws {RangeError} for a norm that is not finite, with `errorIfNonfinite`.  Source: torch.nn.utils.get_total_norm. */
export function getTotalNorm(tensors: Tensors, options: NormOptions = {}): Tensor {
  const wanted = readOptions(options);
  return scope(() => noGrad(() => checkedNormOf(listOf(tensors), wanted)));
}

function checkedNormOf(tensors: readonly Tensor[], { normType, errorIfNonfinite }: Required<NormOptions>): Tensor {
  const total = totalNormOf(tensors, normType);
  if (errorIfNonfinite) refuseCapture('clipping with errorIfNonfinite reads the norm');
  if (errorIfNonfinite && !Number.isFinite(total.item()))
    throw new RangeError(
      `Cannot clip gradients: expected a finite norm of order ${normType}, got ${total.item()}; without errorIfNonfinite they are scaled by it all the same`,
    );
  return total;
}

function totalNormOf(tensors: readonly Tensor[], normType: number): Tensor {
  const [first] = tensors;
  if (first === undefined) return zeros([]);
  const each = groupsOf(tensors).flatMap((group) => norms(group.map(elementsOf), normType));
  return vectorNorm(stack(each.map((norm) => norm.to(first.device))), { ord: normType });
}

/** Where a tensor is sparse, the elements that it has. */
const elementsOf = (tensor: Tensor): Tensor => (tensor.layout === 'sparse_coo' ? tensor.coalesce().values() : tensor);

/** Scales gradients by a norm that is known, so that it becomes `maxNorm` at most.
 *  Rule: g <- g * min(1, maxNorm / (totalNorm + 1e-6)). Shape: any, unchanged. The device is not waited for.
 *  @param totalNorm - of all gradients that count, a tensor without dimensions.
 *  @throws {RangeError} if maxNorm <= 0.  Source: torch.nn.utils.clip_grads_with_norm_. */
export function clipGradsWithNorm_(parameters: Parameters, maxNorm: number, totalNorm: Tensor): void {
  checkBound('maxNorm', maxNorm);
  scope(() => noGrad(() => scaleGradients(gradientsOf(parameters), maxNorm, totalNorm)));
}

function scaleGradients(gradients: readonly Tensor[], maxNorm: number, totalNorm: Tensor): void {
  if (gradients.length === 0) return;
  const factor = totalNorm.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
  for (const group of groupsOf(gradients)) mulByTensor_(group, factor.to(group[0]!.device));
}

/** Scales gradients so that their joint norm is at most `maxNorm`.
 *  Rule: g <- g * min(1, maxNorm / (norm + 1e-6)). Shape: any, unchanged. The device is not waited for, but with `errorIfNonfinite`.
 *  @param maxNorm - gradient units, > 0.  @returns the norm before scaling, a tensor without dimensions; 0 where there are no gradients.
 *  @throws {RangeError} if maxNorm <= 0; for a norm that is not finite, with `errorIfNonfinite`: the gradients are as before then.
 *  Source: Pascanu et al. 2013, arXiv:1211.5063; constants as torch.nn.utils.clip_grad_norm_.
 *  @example
 *  import { optim } from 'sconce';
 *  const weight = new nn.Parameter(zeros([2]));
 *  weight.grad = tensor([3, 4]);
 *  optim.clipGradNorm_([weight], 1); // tensor(5.)
 *  weight.grad; // tensor([0.6000, 0.8000]) */
export function clipGradNorm_(parameters: Parameters, maxNorm: number, options: NormOptions = {}): Tensor {
  checkBound('maxNorm', maxNorm);
  const wanted = readOptions(options);
  const clip = (): Tensor => {
    const gradients = gradientsOf(parameters);
    const total = checkedNormOf(gradients, wanted);
    scaleGradients(gradients, maxNorm, total);
    return total;
  };
  return scope(() => noGrad(clip));
}

/** Clamps every element of every gradient to [-clipValue, clipValue].
 *  @throws {RangeError} if clipValue <= 0.  Source: torch.nn.utils.clip_grad_value_. */
export function clipGradValue_(parameters: Parameters, clipValue: number): void {
  checkBound('clipValue', clipValue);
  scope(() =>
    noGrad(() => {
      for (const group of groupsOf(gradientsOf(parameters))) clampBetween_(group, -clipValue, clipValue);
    }),
  );
}

function checkBound(name: string, bound: number): void {
  if (!(bound > 0)) throw new RangeError(`Cannot clip gradients: expected ${name} above 0, got ${bound}`);
}
