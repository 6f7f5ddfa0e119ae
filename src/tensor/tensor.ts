// `Tensor`: a plain class around a handle. Operators are inherited from what is generated; here is the rest.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Handle, Owner } from '../binding/native.ts';
import { DTypeError } from '../errors.ts';
import { type Layout, layoutName } from './arguments.ts';
import * as aten from './aten.generated.ts';
import { getNative, h, handles, registerTensorClass, wrap } from './call.ts';
import { type Device, deviceCode, deviceName } from './device.ts';
import { type DType, dtypeCode, dtypeName, type TypedArray, typedArray } from './dtype.ts';
import { TensorOperators } from './methods.generated.ts';
import { formatTensor } from './print.ts';
import type { Scope } from './scope.ts';

/** By this name `console.log` and `util.inspect` ask an object how it looks. Not imported: the declarations would need Node's (docs/decisions/0006). */
const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Tensors that registered state (a buffer, an optimizer's entry) took out of a scope, and in how many places it holds each. @internal */
export const heldByState = new WeakMap<Tensor, number>();

/** Nested arrays of what a tensor holds; a tensor without dimensions gives the value itself. */
export type NestedArray = number | boolean | bigint | NestedArray[];

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
    if (scope === undefined) this.owner = getNative().own(handle);
  }

  /** Says who frees this tensor from now on; the addon was told already. @internal */
  moveTo(scope: Scope | undefined): void {
    this.scope = scope;
    if (scope === undefined) this.owner ??= getNative().own(this.handle);
  }

  /** Takes this tensor out of its scope, and of what is freed when registered state is assigned anew. Returns itself. */
  keep(): this {
    heldByState.delete(this);
    if (this.scope === undefined) return this;
    getNative().keep(h(this));
    this.moveTo(undefined);
    return this;
  }

  /** Frees the memory now. Using the tensor afterwards is an error; disposing of it again does nothing. */
  dispose(): void {
    getNative().free(this.handle);
  }

  /** `using x = …` frees at the end of the block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** True after `dispose()` or the end of the scope. */
  get isDisposed(): boolean {
    return !getNative().isLive(this.handle);
  }

  /** The size of each dimension. */
  get shape(): readonly number[] {
    return getNative().shape(h(this));
  }

  /** Elements from one index to the next in each dimension. */
  get stride(): readonly number[] {
    return getNative().stride(h(this));
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  get dtype(): DType {
    return dtypeName(getNative().dtype(h(this)));
  }

  /** How the elements lie in memory: 'strided' for all but sparse tensors. */
  get layout(): Layout {
    return layoutName(getNative().layout(h(this)));
  }

  get device(): Device {
    return deviceName(getNative().device(h(this)));
  }

  /** The size of one dimension; negative ones count from the end.
   *  @throws {RangeError} for a dimension that is not there. */
  size(dim: number): number {
    const shape = this.shape;
    const size = shape[dim < 0 ? dim + shape.length : dim];
    if (size === undefined)
      throw new RangeError(`Cannot read size(${dim}): expected a dimension of [${shape.join(', ')}]`);
    return size;
  }

  /** Whether operators on this tensor are recorded for `backward`. Only leaves may be set. */
  get requiresGrad(): boolean {
    return getNative().requiresGrad(h(this));
  }
  set requiresGrad(value: boolean) {
    getNative().setRequiresGrad(h(this), value);
  }

  /** Sets `requiresGrad` and returns the tensor. */
  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /** True for tensors that the user made, and for all that need no gradient. */
  get isLeaf(): boolean {
    return getNative().isLeaf(h(this));
  }

  /** The name of the function that `backward` would run here, as in "AddBackward0". */
  get gradFn(): string | undefined {
    return getNative().gradFnName(h(this));
  }

  /** What `backward` added up for this leaf. */
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
   *  @param options.createGraph - record the backward itself, for higher orders. Default false. */
  backward(
    gradient?: Tensor,
    options: { inputs?: readonly Tensor[]; retainGraph?: boolean; createGraph?: boolean } = {},
  ): void {
    const createGraph = options.createGraph ?? false;
    getNative().backward(
      handles([this]),
      gradient && handles([gradient]),
      options.retainGraph ?? createGraph,
      createGraph,
      options.inputs && handles(options.inputs),
    );
  }

  /** Takes the other tensor's memory, shape and dtype, and keeps its identity for autograd and optimizers. Source: Tensor.data = … */
  setData(data: Tensor): void {
    getNative().setData(h(this), h(data));
  }

  /** The only element, as a number; 1 or 0 for a bool.
   *  @param options.bigint - read an integer as a bigint.
   *  @throws {ShapeError} for more than one element.  @throws {RangeError} for an int64 beyond 2^53 without `bigint`.
   *  @throws {DTypeError} for a complex tensor, and with `bigint` for one that holds no integers. */
  item(options: { bigint: true }): bigint;
  item(): number;
  item(options?: { bigint: true }): number | bigint {
    const value = getNative().item(h(this), options?.bigint ?? false);
    return typeof value === 'boolean' ? Number(value) : value;
  }

  /** The elements in row-major order, copied. The half precisions come as float32, bool as 0 and 1, int64 as bigints. */
  toTypedArray(): TypedArray {
    const dtype = this.dtype;
    if (dtype === 'float16' || dtype === 'bfloat16') {
      const wide = aten.to$dtype_layout(this, 'float32');
      const elements = wide.toTypedArray();
      wide.dispose();
      return elements;
    }
    return typedArray(dtype, getNative().readBytes(h(this)));
  }

  /** The bytes of the elements in row-major order, copied. */
  toBytes(): Uint8Array {
    return new Uint8Array(getNative().readBytes(h(this)));
  }

  /** The elements as nested arrays; numbers, or booleans for a bool tensor.
   *  @throws {RangeError} for an int64 beyond 2^53: read it with `toTypedArray()`. */
  toArray(): NestedArray {
    const dtype = this.dtype;
    if (dtype === 'complex64' || dtype === 'complex128') {
      throw new DTypeError(`Cannot read ${dtype} as numbers: take its real or imag first`);
    }
    const flat = this.toTypedArray();
    const shape = this.shape;
    let position = 0;
    const read = (): number | boolean => {
      const value = flat[position++]!;
      if (dtype === 'bool') return value !== 0;
      if (typeof value !== 'bigint') return value;
      if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
        throw new RangeError(
          `Cannot read ${value} as a number: expected an integer within 2^53; use toTypedArray(), which gives bigints`,
        );
      }
      return Number(value);
    };
    const nest = (dim: number): NestedArray =>
      dim === shape.length ? read() : Array.from({ length: shape[dim]! }, () => nest(dim + 1));
    return nest(0);
  }

  /** A copy with another dtype or on another device; the tensor itself where nothing changes. Source: torch.Tensor.to. */
  to(target: DType | Device | { dtype?: DType; device?: Device; nonBlocking?: boolean; copy?: boolean }): Tensor {
    const options = typeof target === 'object' ? target : isDevice(target) ? { device: target } : { dtype: target };
    const dtype = options.dtype === undefined ? undefined : dtypeCode(options.dtype);
    const device = options.device === undefined ? undefined : deviceCode(options.device);
    const native = getNative();
    const isSame =
      !options.copy &&
      (dtype === undefined || dtype === native.dtype(h(this))) &&
      (device === undefined || device === native.device(this.handle));
    if (isSame) return this;
    return aten.to$dtype_layout(
      this,
      options.dtype,
      undefined,
      options.device,
      undefined,
      options.nonBlocking,
      options.copy,
    );
  }

  /** As PyTorch prints it. */
  override toString(): string {
    return this.isDisposed ? 'Tensor(freed)' : formatTensor(this);
  }

  [inspectCustom](): string {
    return this.toString();
  }
}

function isDevice(target: DType | Device): target is Device {
  return target === 'cpu' || target === 'meta' || target.startsWith('cuda');
}

registerTensorClass(Tensor);
