// The tensor layer's public names.

export * from './autograd.ts';
export * from './create.ts';
export type { Device } from './device.ts';
export { type DType, dtypeBytes, dtypes, isFloatingDType, type TypedArray } from './dtype.ts';
export { Generator, getRngState, initialSeed, manualSeed, seed, setRngState, withGenerator } from './generator.ts';
export { type HostBuffer, hostBuffer } from './host-buffer.ts';
export {
  hasFastBfloat16,
  libtorchSource,
  libtorchVersion,
  numInteropThreads,
  numThreads,
  setNumInteropThreads,
  setNumThreads,
  showConfig,
} from './process.ts';
export { adopt, collectTensors, keep, liveTensors, scope } from './scope.ts';
export { type NestedArray, Tensor } from './tensor.ts';
