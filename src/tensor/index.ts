// The tensor layer's public names.

export type { Layout, MemoryFormat, Scalar } from './arguments.ts';
export {
  type AutocastOptions,
  autocast,
  getAutocastDtype,
  isAutocastCacheEnabled,
  isAutocastEnabled,
} from './autocast.ts';
export * from './autograd/anomaly.ts';
export * from './autograd/checkpoint.ts';
export * from './autograd/function.ts';
export * from './autograd/functional.ts';
export * from './autograd/gradcheck.ts';
export { HookHandle, type TensorHook } from './autograd/hook.ts';
export * from './autograd/saved-tensors.ts';
export {
  enableGrad,
  type GradOptions,
  grad,
  inferenceMode,
  isGradEnabled,
  isInferenceMode,
  noGrad,
} from './autograd.ts';
export {
  CAPTURE_PASSES,
  type CapturedStep,
  type CaptureOptions,
  type CapturePass,
  type CaptureStatus,
  ChangedStepError,
  capture,
} from './capture/captured-step.ts';
export type { CaptureExplanation, ExplainedOperator, ExplainedTensor } from './capture/explanation.ts';
export { atEachStep, holdsWhile, pauseStep, readAnew, refuseCapture } from './capture/notes.ts';
export {
  broadcastShapes,
  type LowRankOptions,
  pcaLowrank,
  svdLowrank,
  tensordot,
  unique,
  unravelIndex,
} from './composed.ts';
export * from './create.ts';
export type { Device } from './device.ts';
export {
  type DType,
  dtypeBytes,
  dtypes,
  isComplexDType,
  isFloatingDType,
  isIntegerDType,
  type TypedArray,
} from './dtype.ts';
export {
  type FloatInfo,
  finfo,
  type IntegerInfo,
  iinfo,
  promoteTypes,
  resultType,
} from './dtype-info.ts';
export { fromShared } from './from-shared.ts';
export { Generator, getRngState, initialSeed, manualSeed, seed, setRngState, withGenerator } from './generator.ts';
export { type HostBuffer, hostBuffer } from './host-buffer.ts';
export { type Index, type IndexArray, Slice, slice } from './indexing.ts';
export {
  type GpuMemoryStats,
  gpuMemoryStats,
  type MemoryShare,
  type MemoryStats,
  memoryStats,
  memorySummary,
  releaseMemory,
  resetPeakMemoryStats,
} from './memory.ts';
export { listTensors, type TensorInfo, trackTensors } from './memory-tracking.ts';
export type { MoveOptions } from './move.ts';
export { type NormOptions, norm } from './norm.ts';
export { getPrintOptions, type PrintOptions, setPrintOptions } from './print-options.ts';
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
export { type OperatorEvent, OperatorProfile, type OperatorRow } from './profiler/operator-profile.ts';
export { countFlops, OperatorRecorder, type RecordOptions, recordOperators } from './profiler/operator-recorder.ts';
export type { Complex, NestedArray } from './read.ts';
export { adopt, collectTensors, keep, liveTensors, scope } from './scope.ts';
export { Tensor } from './tensor.ts';
