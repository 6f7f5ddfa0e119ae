// Moves of a whole module: another dtype, device or order of dimensions in memory, for parameters, gradients and buffers.

import { type MemoryFormat, readOptions } from '../tensor/arguments.ts';
import { noGrad } from '../tensor/autograd.ts';
import { type Device, isDeviceName } from '../tensor/device.ts';
import { type DType, isComplexDType, isFloatingDType } from '../tensor/dtype.ts';
import { emptyLike } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';
import { registry } from './module-registry.ts';
import { namedBuffers, namedParameters, ownProperties } from './module-tree.ts';
import { Parameter } from './parameter.ts';
import { isLazy } from './uninitialized.ts';

/** Where and how `Module.to` moves. */
export interface ModuleMoveOptions {
  /** Of floating and complex tensors; integers and booleans stay as they are. */
  dtype?: DType;
  device?: Device;
  /** Do not wait for a copy between host and GPU. Default false. */
  nonBlocking?: boolean;
  /** Of tensors of four or five dimensions. Default: as they are. */
  memoryFormat?: MemoryFormat;
}

const HOW = ['nonBlocking', 'memoryFormat'];
const RANKS: Readonly<Partial<Record<MemoryFormat, number>>> = { channels_last: 4, channels_last_3d: 5 };

const canConvert = (dtype: DType): boolean => isFloatingDType(dtype) || isComplexDType(dtype);

function readTarget(target: DType | Device | Tensor | ModuleMoveOptions): ModuleMoveOptions {
  if (typeof target === 'string') return isDeviceName(target) ? { device: target } : { dtype: target };
  if (target instanceof Tensor) return { dtype: target.dtype, device: target.device };
  readOptions('to', ['dtype', 'device', ...HOW], target);
  return target;
}

/** Everything that moves, gradients included, with names for messages. */
function* tensorsOf(root: Module): Generator<[name: string, tensor: Tensor]> {
  yield* namedParameters(root, {});
  yield* namedBuffers(root, {});
}

/** Refuses before anything has moved. */
function requireMovable(root: Module, { dtype, device, memoryFormat }: ModuleMoveOptions): void {
  const action = `Cannot move ${root.constructor.name}`;
  if (dtype !== undefined && !canConvert(dtype))
    throw new TypeError(`${action}: expected a floating or complex dtype, got "${String(dtype)}"`);
  const rank = memoryFormat && RANKS[memoryFormat];
  for (const [name, tensor] of tensorsOf(root)) {
    if (dtype !== undefined && isComplexDType(tensor.dtype) && !isComplexDType(dtype))
      throw new TypeError(
        `${action}: expected a complex dtype for "${name}", which is ${tensor.dtype}, got "${dtype}"`,
      );
    if (device !== undefined && device !== 'meta' && tensor.device === 'meta')
      throw new TypeError(`${action}: expected tensors with memory, got "${name}" on device meta; use toEmpty()`);
    if (rank !== undefined && !isLazy(tensor) && tensor.ndim !== rank && (tensor.ndim === 4 || tensor.ndim === 5))
      throw new TypeError(
        `${action}: expected tensors of ${rank} dimensions for "${memoryFormat}", got "${name}" of shape [${tensor.shape.join(', ')}]`,
      );
  }
}

/** Puts another parameter into every property that holds this one. */
function replaceParameter(root: Module, before: Parameter, after: Parameter): void {
  for (const module of root.modules())
    for (const [name, value] of ownProperties(module)) if (value === before) Reflect.set(module, name, after);
}

/** Gives a parameter, and its gradient, what `convert` makes of it. One that goes to or from device meta becomes another, as in PyTorch. */
function convertParameter(root: Module, parameter: Parameter, convert: (tensor: Tensor) => Tensor): void {
  const gradient = parameter.grad;
  const moved = convert(parameter);
  if ((moved.device === 'meta') !== (parameter.device === 'meta')) {
    const replacement = new Parameter(moved, parameter.requiresGrad);
    if (gradient) replacement.grad = convert(gradient);
    replaceParameter(root, parameter, replacement);
    return;
  }
  const movedGradient = gradient && convert(gradient);
  if (gradient && movedGradient && movedGradient !== gradient) gradient.setData(movedGradient);
  if (moved !== parameter) parameter.setData(moved);
}

/** Converts parameters in place, so that optimizers keep working, and puts converted buffers in the place of buffers. What is shared stays shared. */
function convertAll(root: Module, modules: Iterable<Module>, convert: (tensor: Tensor) => Tensor): void {
  const parameters = new Set<Parameter>();
  const buffers = new Map<Tensor, Tensor>();
  for (const module of modules) {
    for (const [, value] of ownProperties(module)) {
      if (!(value instanceof Parameter) || parameters.has(value)) continue;
      parameters.add(value);
      scope(() => noGrad(() => convertParameter(root, value, convert)), 'to()');
    }
    for (const [name, entry] of module[registry].buffers) {
      const before = entry.tensor;
      if (!before) continue;
      const after = buffers.get(before) ?? noGrad(() => convert(before));
      buffers.set(before, after);
      if (after !== before) entry.assign(name, after);
    }
  }
}

/** @internal `Module.to`. */
export function moveModule(
  root: Module,
  target: DType | Device | Tensor | ModuleMoveOptions,
  how: Pick<ModuleMoveOptions, 'nonBlocking' | 'memoryFormat'> = {},
): void {
  readOptions('to', HOW, how);
  const wanted = { ...readTarget(target), ...how };
  requireMovable(root, wanted);
  const { dtype, device, nonBlocking, memoryFormat } = wanted;
  convertAll(root, root.modules(), (tensor) =>
    tensor.to({
      dtype: dtype !== undefined && canConvert(tensor.dtype) ? dtype : tensor.dtype,
      ...(device === undefined ? {} : { device }),
      nonBlocking,
      memoryFormat: !isLazy(tensor) && (tensor.ndim === 4 || tensor.ndim === 5) ? memoryFormat : undefined,
    }),
  );
}

/** @internal `Module.toEmpty`. */
export function emptyModule(root: Module, options: { device: Device; recurse?: boolean }): void {
  readOptions('toEmpty', ['device', 'recurse'], options);
  const { device, recurse = true } = options;
  if (device === undefined)
    throw new TypeError(`Cannot empty ${root.constructor.name}: expected options.device, got undefined`);
  convertAll(root, recurse ? root.modules() : [root], (tensor) => emptyLike(tensor, { device }));
}
