// Devices by name, 'cpu' or 'cuda:0', and the number that the addon takes: type * 1000 + index + 1 (native/dtype.h).

import { loadNative } from '../binding/load.ts';

/** A device, as PyTorch names it. Without an index it means the current one of its kind. */
export type Device = 'cpu' | 'cuda' | `cuda:${number}` | 'meta';

/** What is left of a name is checked by `deviceCode`. */
export function isDeviceName(name: string): name is Device {
  return name === 'cpu' || name === 'meta' || name.startsWith('cuda');
}

const TYPES = { cpu: 0, cuda: 1, meta: 14 } as const;
const codes = new Map<string, number>();

/** The addon's number of a device.
 *  @throws {TypeError} for a name that is none.  @throws {RangeError} for a GPU where there is none. */
export function deviceCode(device: Device): number {
  const known = codes.get(device);
  if (known !== undefined) return known;
  const match = /^(?:cpu|meta|cuda(?::(\d{1,2}))?)$/.exec(device);
  if (!match) throw new TypeError(`Cannot use device ${JSON.stringify(device)}: expected "cpu", "cuda" or "cuda:0"`);
  const type = TYPES[device.split(':')[0] as keyof typeof TYPES];
  if (type === TYPES.cuda) requireCuda(device);
  const code = type * 1000 + (match[1] === undefined ? -1 : Number(match[1])) + 1;
  codes.set(device, code);
  return code;
}

function requireCuda(device: string): void {
  const native = loadNative();
  if (native.numCudaDevices() > 0) return;
  const why = native.hasCuda()
    ? 'which finds no GPU here'
    : 'which is built without CUDA; SCONCE_LIBTORCH chooses another';
  throw new RangeError(
    `Cannot use device "${device}": expected a CUDA device, got none: the libtorch in use is ${native.libtorchVersion()}, ${why}`,
  );
}

/** The device of the addon's number. */
export function deviceName(code: number): Device {
  const type = Math.floor(code / 1000);
  const index = (code % 1000) - 1;
  if (type === TYPES.cpu) return 'cpu';
  if (type === TYPES.meta) return 'meta';
  if (type === TYPES.cuda) return index < 0 ? 'cuda' : `cuda:${index}`;
  throw new TypeError(`Cannot name device code ${code}: expected a CPU, CUDA or meta device`);
}
