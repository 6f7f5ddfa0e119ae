// The file layer: PyTorch's zip format, from and to plain values and tensors that no engine has to know.
export { type FileSummary, loadValue, saveValue, verifyFile, writeFileDurably } from './file.ts';
export type { ToStored } from './pickler.ts';
export { type DecodeOptions, decodeCheckpoint, type EncodeOptions, encodeCheckpoint } from './pytorch-zip.ts';
export {
  contiguousStride,
  itemBytes,
  type StoredDType,
  type StoredStorage,
  StoredTensor,
  type StoredTensorInit,
  storedDTypes,
} from './stored-tensor.ts';
export type { FromStored } from './unpickler.ts';
export { PyDevice, PyDType, PyFloat, PyOrderedDict, PyTuple, tuple, tupleOf } from './values.ts';
