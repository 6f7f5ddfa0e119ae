// `x.to(…)`: another dtype, device or order of dimensions in memory.

import { type MemoryFormat, readOptions } from './arguments.ts';
import * as aten from './aten.generated.ts';
import { getNative, h } from './call.ts';
import { type Device, deviceCode, isDeviceName } from './device.ts';
import { type DType, dtypeCode } from './dtype.ts';
import { Tensor } from './tensor.ts';

/** How `x.to(…)` copies. */
export interface MoveOptions {
  readonly copy?: boolean | undefined;
  readonly nonBlocking?: boolean | undefined;
  readonly memoryFormat?: MemoryFormat | undefined;
}

type Target = MoveOptions & { readonly dtype?: DType | undefined; readonly device?: Device | undefined };

const HOW = ['copy', 'nonBlocking', 'memoryFormat'];
const WHERE_AND_HOW = ['dtype', 'device', ...HOW];

/** See `Tensor.to`. */
export function move(tensor: Tensor, target: DType | Device | Tensor | Target, options?: MoveOptions): Tensor {
  if (options !== undefined) readOptions('to', HOW, options);
  const wanted = { ...readTarget(target), ...options };
  if (isAlready(tensor, wanted)) return tensor;
  const { dtype, device, nonBlocking, copy, memoryFormat } = wanted;
  return aten.to$dtype_layout(tensor, dtype, undefined, device, undefined, nonBlocking, copy, memoryFormat);
}

function readTarget(target: DType | Device | Tensor | Target): Target {
  if (typeof target === 'string') return isDeviceName(target) ? { device: target } : { dtype: target };
  if (target instanceof Tensor) return { dtype: target.dtype, device: target.device };
  readOptions('to', WHERE_AND_HOW, target);
  return target;
}

/** Codes are compared, which costs less than names. */
function isAlready(tensor: Tensor, { dtype, device, copy, memoryFormat }: Target): boolean {
  if (copy) return false;
  const native = getNative();
  const handle = h(tensor);
  if (dtype !== undefined && dtypeCode(dtype) !== native.dtype(handle)) return false;
  if (device !== undefined && deviceCode(device) !== native.device(handle)) return false;
  if (memoryFormat === undefined || memoryFormat === 'preserve_format') return true;
  return isLaidOut(tensor, memoryFormat);
}

/** The dimensions of each order that is no plain row-major one, fastest first. */
const ORDERS = { channels_last: [1, 3, 2, 0], channels_last_3d: [1, 4, 3, 2, 0] } as const;

/** Whether the elements lie in this order without gaps. Before 2.0, libtorch has no operator that says so. */
function isLaidOut(tensor: Tensor, format: 'contiguous_format' | keyof typeof ORDERS): boolean {
  const { shape, stride } = tensor;
  const order = format === 'contiguous_format' ? shape.map((_, i) => shape.length - 1 - i) : ORDERS[format];
  if (order.length !== shape.length) return false;
  let expected = 1;
  return order.every((dim) => {
    const isInPlace = shape[dim] === 1 || stride[dim] === expected;
    expected *= shape[dim]!;
    return isInPlace;
  });
}
