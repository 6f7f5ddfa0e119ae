// `Tensor`: a plain class around a handle. Operators are inherited from what is generated; here is the rest.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Handle, Owner } from '../binding/native.ts';
import { ShapeError } from '../errors.ts';
import { type Layout, layoutName, readOptions, type Scalar } from './arguments.ts';
import { inBackward } from './autograd/backward-errors.ts';
import { type HookHandle, registerHook, registerPostAccumulateGradHook, type TensorHook } from './autograd/hook.ts';
import { guardBrackets } from './bracket-guard.ts';
import { getNative, h, handles, onTensorMade, open, registerTensorClass, wrap } from './call.ts';
import { isRecording, noteChange } from './capture/notes.ts';
import { unique } from './composed.ts';
import { type Device, deviceName } from './device.ts';
import { type DType, dtypeName, type TypedArray } from './dtype.ts';
import { explainSelect, getIndexed, type Index, setIndexed } from './indexing.ts';
import { inspectCustom, inspected } from './inspect.ts';
import { TensorOperators } from './methods.generated.ts';
import { type MoveOptions, move } from './move.ts';
import { type NormOptions, norm } from './norm.ts';
import { formatTensor } from './print.ts';
import { type Complex, type NestedArray, readArray, readComplex, readTypedArray } from './read.ts';
import type { Scope } from './scope.ts';

/** Tensors that registered state (a buffer, an optimizer's entry) took out of a scope, and in how many places it holds each. @internal */
export const heldByState = new WeakMap<Tensor, number>();

const INDEX_PUT_OPTIONS: readonly string[] = ['accumulate'];

/** An array of numbers on a device that knows how it was computed. Source: torch.Tensor.
 *
 *  Tensors made inside `scope` are freed at its end; others when nothing refers to them, or at once by `dispose()` or `using`. */
export class Tensor extends TensorOperators {
  /** Slot and generation in the addon's table. @internal */
  readonly handle: Handle;
  /** The scope that frees this tensor at its end, or undefined. @internal */
  scope: Scope | undefined;
  /** The object whose collection frees this tensor where no scope does. A tensor that has been outside scopes keeps it: were a second one made
   *  later, the first one's collection would free the tensor while it is in use. No private field: a Proxy around a tensor works. @internal */
  owner: Owner | undefined;

  /** Tensors come from operators and creation functions. @internal */
  constructor(handle: Handle, scope: Scope | undefined) {
    super();
    this.handle = handle;
    this.scope = scope;
    if (scope === undefined) seekOwner(this);
    if (onTensorMade.call !== undefined) onTensorMade.call(handle, this);
  }

  /** Says who frees this tensor from now on; the addon was told already. @internal */
  moveTo(scope: Scope | undefined): void {
    this.scope = scope;
    if (scope === undefined && this.owner === undefined) seekOwner(this);
  }

  /** Has the collection of this object free the tensor from now on. @internal */
  makeOwner(): void {
    this.owner ??= getNative().own(this.handle);
  }

  /** Takes this tensor out of its scope, and of what is freed when registered state is assigned anew. Returns itself.
   *  @example
   *  let total = tensor(0);
   *  scope(() => void (total = total.add(1).keep()));
   *  total; // tensor(1.) */
  keep(): this {
    heldByState.delete(this);
    if (this.scope === undefined) return this;
    getNative().keep(h(this));
    this.moveTo(undefined);
    return this;
  }

  /** Frees the memory now. Using the tensor afterwards is an error; disposing of it again does nothing.
   *  @example
   *  const x = ones([2]);
   *  x.dispose();
   *  x.isDisposed; // true */
  dispose(): void {
    getNative().free(this.handle);
  }

  /** `using x = …` frees at the end of the block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** True after `dispose()` or the end of the scope.
   *  @example
   *  let inner = ones([1]);
   *  scope(() => void (inner = ones([2])));
   *  inner.isDisposed; // true */
  get isDisposed(): boolean {
    return !getNative().isLive(this.handle);
  }

  /** The size of each dimension.
   *  @example
   *  tensor([[1, 2, 3]]).shape; // [1, 3] */
  get shape(): readonly number[] {
    return getNative().shape(h(this));
  }

  /** Elements from one index to the next in each dimension.
   *  @example
   *  zeros([2, 3]).stride; // [3, 1]
   *  zeros([2, 3]).t().stride; // [1, 3] */
  get stride(): readonly number[] {
    return getNative().stride(h(this));
  }

  /** Number of dimensions.
   *  @example
   *  zeros([2, 3]).ndim; // 2 */
  get ndim(): number {
    return getNative().ndim(h(this));
  }

  /** Number of elements.
   *  @example
   *  zeros([2, 3]).numel; // 6 */
  get numel(): number {
    return getNative().numel(h(this));
  }

  /** The type of the elements, all alike.
   *  @example
   *  tensor([1n]).dtype; // 'int64' */
  get dtype(): DType {
    return dtypeName(getNative().dtype(h(this)));
  }

  /** How the elements lie in memory: 'strided' for all but sparse tensors.
   *  @example
   *  tensor([0, 1]).toSparse().layout; // 'sparse_coo' */
  get layout(): Layout {
    return layoutName(getNative().layout(h(this)));
  }

  /** Where the elements are.
   *  @example
   *  tensor([1]).device; // 'cpu' */
  get device(): Device {
    return deviceName(getNative().device(h(this)));
  }

  /** The size of one dimension; negative ones count from the end.
   *  @throws {RangeError} for a dimension that is not there.
   *  @example
   *  zeros([2, 3]).size(-1); // 3 */
  size(dim: number): number {
    const size = getNative().size(h(this), dim);
    if (size === undefined)
      throw new RangeError(`Cannot read size(${dim}): expected a dimension of [${this.shape.join(', ')}]`);
    return size;
  }

  /** Whether operators on this tensor are recorded for `backward`. Only leaves may be set.
   *  @throws {NativeError} when set on integers or bool.  @throws {TypeError} when set to false on the result of an operator: `detach()` it.
   *  @example
   *  const x = tensor([2]);
   *  x.requiresGrad = true;
   *  x.mul(3).requiresGrad; // true */
  get requiresGrad(): boolean {
    return getNative().requiresGrad(h(this));
  }
  set requiresGrad(value: boolean) {
    // What a step makes for itself is no change under it.
    if (this.scope === undefined || !isRecording()) noteChange();
    getNative().setRequiresGrad(h(this), value);
  }

  /** Sets `requiresGrad` and returns the tensor.
   *  @throws as setting `requiresGrad`.
   *  @example
   *  tensor([1, 2]).requiresGrad_(); // tensor([1., 2.], requires_grad=True) */
  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /** True for tensors that the user made, and for all that need no gradient.
   *  @example
   *  const x = ones([2], { requiresGrad: true });
   *  [x.isLeaf, x.mul(2).isLeaf]; // [true, false] */
  get isLeaf(): boolean {
    return getNative().isLeaf(h(this));
  }

  /** Whether `retainGrad` made a result of operators keep its gradient in `grad`; false for a leaf, which keeps it anyway.
   *  @example
   *  const y = ones([2], { requiresGrad: true }).mul(2);
   *  y.retainGrad();
   *  y.retainsGrad; // true */
  get retainsGrad(): boolean {
    return getNative().retainsGrad(h(this));
  }

  /** The name of the function that `backward` would run here, as in "AddBackward0"; undefined for a leaf.
   *  @example
   *  ones([2], { requiresGrad: true }).exp().gradFn; // 'ExpBackward0' */
  get gradFn(): string | undefined {
    return getNative().gradFnName(h(this));
  }

  /** What `backward` added up for this leaf; undefined before. Set it to undefined to start over.
   *  @throws {ShapeError} when set to a tensor of another shape.
   *  @example
   *  const x = tensor([2, 3], { requiresGrad: true });
   *  x.square().sum().backward();
   *  x.grad; // tensor([4., 6.]) */
  get grad(): Tensor | undefined {
    const handle = getNative().gradOf(h(this));
    return handle === undefined ? undefined : wrap(handle);
  }
  set grad(gradient: Tensor | undefined) {
    getNative().setGrad(h(this), gradient === undefined ? undefined : h(gradient));
  }

  /** Adds the gradient of this tensor to the `grad` of every leaf that it came from.
   *  @param gradient - same shape; default 1 for a tensor of one element.
   *  @param options.inputs - leaves to reach; no others get a gradient. Default all.
   *  @param options.retainGraph - keep what another backward needs. Default: `createGraph`.
   *  @param options.createGraph - record the backward itself, for higher orders. Default false.
   *  @throws {NativeError} where nothing needs a gradient, for more than one element without `gradient`, and for a graph that was used up.
   *  @example
   *  const x = tensor([2], { requiresGrad: true });
   *  x.pow(3).backward();
   *  x.grad; // tensor([12.]) */
  backward(
    gradient?: Tensor,
    options: { inputs?: readonly Tensor[]; retainGraph?: boolean; createGraph?: boolean } = {},
  ): void {
    const createGraph = options.createGraph ?? false;
    inBackward(() =>
      getNative().backward(
        handles([this]),
        gradient && handles([gradient]),
        options.retainGraph ?? createGraph,
        createGraph,
        options.inputs && handles(options.inputs),
      ),
    );
  }

  /** Calls `hook` with the gradient of this tensor, each time that backward has computed it; a tensor that it returns takes the gradient's place. Hooks run in
   *  the order in which they were registered, each in a scope of its own: `keep` what is to outlive it. Source: torch.Tensor.register_hook.
   *  @throws {TypeError} for a tensor that requires no gradient. */
  registerHook(hook: TensorHook): HookHandle {
    return registerHook(this, hook);
  }

  /** Calls `hook` with this leaf, each time that backward has added to its `grad`. Source: torch.Tensor.register_post_accumulate_grad_hook.
   *  @throws {TypeError} for a tensor that is no leaf.  @throws {NativeError} on libtorch before 2.1. */
  registerPostAccumulateGradHook(hook: (tensor: Tensor) => void): HookHandle {
    return registerPostAccumulateGradHook(this, hook);
  }

  /** Takes the other tensor's memory, shape and dtype, and keeps its identity for autograd and optimizers. Source: Tensor.data = …
   *  @throws {TypeError} for what is no tensor.
   *  @example
   *  const x = zeros([2], { requiresGrad: true });
   *  x.setData(tensor([5, 6, 7]));
   *  x; // tensor([5., 6., 7.], requires_grad=True) */
  setData(data: Tensor): void {
    noteChange();
    getNative().setData(h(this), h(data));
  }

  /** The only element, as a number; 1 or 0 for a bool.
   *  @param options.bigint - read an integer as a bigint.
   *  @param options.complex - read a complex number as `{ re, im }`.
   *  @throws {ShapeError} for more than one element.  @throws {RangeError} for an integer beyond 2^53 without `bigint`.
   *  @throws {DTypeError} for a complex tensor without `complex`, with it for any other, and with `bigint` for one that holds no integers.
   *  @example
   *  tensor([[2.5]]).item(); // 2.5
   *  tensor(9007199254740993n).item({ bigint: true }); // 9007199254740993n */
  item(options: { bigint: true }): bigint;
  item(options: { complex: true }): Complex;
  item(): number;
  item(options?: { bigint?: true; complex?: true }): number | bigint | Complex {
    if (options?.complex) return readComplex(this);
    const value = getNative().item(h(this), options?.bigint ?? false);
    return typeof value === 'boolean' ? Number(value) : value;
  }

  /** The elements in row-major order, copied. Floats of less than 32 bits come as float32, bool as 0 and 1, 64-bit integers as bigints, complex
   *  numbers as pairs.
   *  @example
   *  tensor([[1, 2], [3, 4]]).toTypedArray(); // Float32Array [1, 2, 3, 4] */
  toTypedArray(): TypedArray {
    return readTypedArray(this);
  }

  /** The bytes of the elements in row-major order, copied.
   *  @example
   *  tensor([1n]).toBytes(); // Uint8Array [1, 0, 0, 0, 0, 0, 0, 0] */
  toBytes(): Uint8Array {
    return new Uint8Array(getNative().readBytes(h(this)));
  }

  /** The elements as nested arrays: numbers, booleans for a bool tensor, `{ re, im }` for a complex one. Source: torch.Tensor.tolist.
   *  @param options.bigint - give integers as bigints.
   *  @throws {RangeError} for an integer beyond 2^53 without `bigint`.  @throws {DTypeError} with `bigint` for a tensor that holds no integers.
   *  @example
   *  tensor([[1, 2], [3, 4]]).toArray(); // [[1, 2], [3, 4]]
   *  tensor([true, false]).toArray(); // [true, false] */
  toArray(options: { bigint?: boolean } = {}): NestedArray {
    return readArray(this, options.bigint ?? false);
  }

  /** What Python's brackets give: `x.index(0)` is `x[0]`, `x.index(slice(1, -1), null)` is `x[1:-1, None]`, `x.index('...', [0, 2])` is
   *  `x[..., [0, 2]]`. Integers, slices, `null` and `'...'` give a view of the same memory; with booleans, arrays or tensors among them it is a copy.
   *  Source: torch.Tensor.__getitem__, at::Tensor::index.
   *  @throws {RangeError} for an index that is out of range, or too many of them.  @throws {TypeError} for what is no index.
   *  @example
   *  const x = arange(12).view([3, 4]);
   *  x.index(-1); // tensor([ 8,  9, 10, 11])
   *  x.index(slice(1), 0); // tensor([4, 8])
   *  x.index('...', [0, 2]); // tensor([[ 0,  2], [ 4,  6], [ 8, 10]])
   *  x.index(x.gt(9)); // tensor([10, 11]) */
  index(...indices: readonly Index[]): Tensor {
    const first = indices[0];
    if (typeof first !== 'number' || indices.length !== 1) return getIndexed(this, indices);
    try {
      return this.select(0, first);
    } catch (error) {
      throw explainSelect(this, first, error);
    }
  }

  /** Python's `x[indices] = value`, in place; the value is broadcast, a number fills. Source: torch.Tensor.__setitem__, at::Tensor::index_put_.
   *  @param indices - as `index` takes them.
   *  @param options.accumulate - add the value instead, once for each time that an element is named. Default false.
   *  @throws {RangeError} for an index that is out of range, or too many of them.  @throws {TypeError} for what is no index.
   *  @example
   *  zeros([2, 3]).indexPut_([slice(), 1], 5); // tensor([[0., 5., 0.], [0., 5., 0.]])
   *  zeros([3]).indexPut_([[0, 0]], 1, { accumulate: true }); // tensor([2., 0., 0.]) */
  indexPut_(
    indices: readonly Index[],
    value: Tensor | Scalar,
    options: { readonly accumulate?: boolean | undefined } = {},
  ): this {
    readOptions('indexPut_', INDEX_PUT_OPTIONS, options);
    setIndexed(this, indices, value, options.accumulate ?? false);
    return this;
  }

  /** A copy with `indexPut_` done to it. Source: torch.Tensor.index_put.
   *  @throws as `indexPut_`.
   *  @example
   *  tensor([1, -2]).indexPut([tensor([false, true])], 0); // tensor([1., 0.]) */
  indexPut(
    indices: readonly Index[],
    value: Tensor | Scalar,
    options: { readonly accumulate?: boolean | undefined } = {},
  ): Tensor {
    return this.clone().indexPut_(indices, value, options);
  }

  /** The different elements, or with `dim` the different slices: see the function `unique`. Source: torch.Tensor.unique. */
  unique(options?: Parameters<typeof unique>[1]): ReturnType<typeof unique> {
    return unique(this, options);
  }

  /** The p-norm of all elements, or of those along `dim`: see the function `norm`. Source: torch.Tensor.norm.
   *  @example
   *  tensor([3, -4]).norm(); // tensor(5.)
   *  tensor([3, -4]).norm({ p: 1 }); // tensor(7.) */
  norm(options?: NormOptions): Tensor {
    return norm(this, options);
  }

  /** The parts along the first dimension, as views: `for (const row of x)`.
   *  @throws {ShapeError} for a tensor without dimensions.
   *  @example
   *  const [first, second] = tensor([[1, 2], [3, 4]]);
   *  [first, second]; // [tensor([1., 2.]), tensor([3., 4.])] */
  [Symbol.iterator](): IterableIterator<Tensor> {
    if (this.ndim === 0) throw new ShapeError('Cannot iterate over a tensor: expected a dimension, got shape []');
    return this.unbind().values();
  }

  /** A copy with another dtype or on another device; the tensor itself where nothing changes. Source: torch.Tensor.to.
   *  @param target - a dtype, a device, a tensor whose dtype and device are meant, or options alone.
   *  @param options.copy - copy even where nothing changes. Default false.
   *  @param options.nonBlocking - do not wait for a copy between host and GPU. Default false.
   *  @param options.memoryFormat - the order of dimensions in memory. Default 'preserve_format'.
   *  @throws {RangeError} for a GPU that is not there.
   *  @example
   *  tensor([1.7, -1.7]).to('int64'); // tensor([ 1, -1])
   *  const x = ones([2]);
   *  x.to('float32') === x; // true */
  to(
    target: DType | Device | Tensor | (MoveOptions & { dtype?: DType; device?: Device }),
    options?: MoveOptions,
  ): Tensor {
    return move(this, target, options);
  }

  /** The element as a number where JavaScript wants one (`Number(loss)`, `loss < best`); text everywhere else.
   *  @throws as `item`, where a number is wanted.
   *  @example
   *  Number(tensor([0.5])) + 1; // 1.5
   *  `loss ${tensor(0.5)}`; // 'loss tensor(0.5000)' */
  [Symbol.toPrimitive](hint: string): number | string {
    return hint === 'number' ? this.item() : this.toString();
  }

  /** As PyTorch prints it.
   *  @example
   *  tensor([[1, 2.5]]).toString(); // 'tensor([[1.0000, 2.5000]])' */
  override toString(): string {
    return this.isDisposed ? 'Tensor(freed)' : formatTensor(this);
  }

  [inspectCustom](depth: number, options: { depth?: number | null | undefined }): string | object {
    return inspected(this.toString(), depth, options);
  }
}

/** So many wait at most: who waits is not collected. */
const MOST_UNOWNED = 256;

/** Has the collection of a tensor free it, as no scope does; where `withoutOwners` looks on, that is decided later. */
function seekOwner(tensor: Tensor): void {
  const { unowned } = open;
  if (unowned !== undefined && unowned.length < MOST_UNOWNED) unowned.push(tensor);
  else tensor.makeOwner();
}

guardBrackets(Tensor.prototype);
registerTensorClass(Tensor);
