// Autocast: operators that gain from it run in half precision, on weights that stay as they are.

import { DTypeError } from '../errors.ts';
import { readOptions } from './arguments.ts';
import { getNative } from './call.ts';
import { type Device, deviceCode } from './device.ts';
import { type DType, dtypeCode, dtypeName } from './dtype.ts';
import { libtorchVersion } from './process.ts';
import { refuseLater } from './synchronous.ts';

export interface AutocastOptions {
  /** 'bfloat16' or 'float16'. Default as in PyTorch: 'bfloat16' on the CPU, 'float16' on a GPU. */
  readonly dtype?: DType;
  /** False runs `body` without autocast inside one that is on. Default true. */
  readonly enabled?: boolean;
  /** Whether a weight that is used twice inside is cast once; the casts are forgotten at the end of the outermost. Default true. */
  readonly cacheEnabled?: boolean;
}

const OPTIONS: readonly string[] = ['dtype', 'enabled', 'cacheEnabled'];

/** Runs `body` with the operators that gain from it in half precision, on weights that stay float32. What comes out of such an operator is half too;
 *  losses and norms run in float32. Backward does not need it. Synchronous. Source: torch.autocast.
 *  @param device - 'cpu' or 'cuda'.
 *  @throws {DTypeError} for a dtype that is no half precision, and for float16 on the CPU under libtorch 1.
 *  @throws {TypeError} if `body` returns a Promise or a generator, and for another device or option.
 *  @example
 *  autocast('cpu', () => ones([2, 2]).mm(ones([2, 2])).dtype); // 'bfloat16' */
export function autocast<T>(device: Device, body: () => T, options: AutocastOptions = {}): T {
  const native = getNative();
  const code = deviceCode(device);
  readOptions('autocast', OPTIONS, options);
  const half = options.dtype ?? (device.startsWith('cuda') ? 'float16' : 'bfloat16');
  if (half !== 'bfloat16' && half !== 'float16')
    throw new DTypeError(`Cannot enter autocast: expected dtype "bfloat16" or "float16", got "${String(half)}"`);
  if (half === 'float16' && device === 'cpu' && libtorchVersion().startsWith('1.'))
    throw new DTypeError(
      `Cannot enter autocast: expected dtype "bfloat16" on the CPU, got "float16", which takes libtorch 2, not ${libtorchVersion()}`,
    );
  const before = native.enterAutocast(code, dtypeCode(half), options.enabled ?? true, options.cacheEnabled ?? true);
  try {
    const result = body();
    refuseLater(result, 'leave autocast', 'outside of it');
    return result;
  } finally {
    const [dtype, enabled, cacheEnabled] = before;
    native.leaveAutocast(code, dtype, enabled !== 0, cacheEnabled !== 0);
  }
}

/** Whether autocast is on for a kind of device. Source: torch.is_autocast_enabled.
 *  @example
 *  autocast('cpu', () => isAutocastEnabled('cpu')); // true */
export function isAutocastEnabled(device: Device): boolean {
  return getNative().autocastState(deviceCode(device))[1] !== 0;
}

/** The dtype that autocast uses, or would use, on a kind of device. Source: torch.get_autocast_dtype.
 *  @example
 *  autocast('cpu', () => getAutocastDtype('cpu'), { dtype: 'bfloat16' }); // 'bfloat16' */
export function getAutocastDtype(device: Device): DType {
  return dtypeName(getNative().autocastState(deviceCode(device))[0]);
}

/** Whether autocast keeps weights that it cast until the outermost ends. Source: torch.is_autocast_cache_enabled. */
export function isAutocastCacheEnabled(): boolean {
  return getNative().autocastState(deviceCode('cpu'))[2] !== 0;
}
