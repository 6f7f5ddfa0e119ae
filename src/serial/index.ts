// The file layer: PyTorch's zip format, from and to plain values and tensors that no engine has to know.
export { decodeCheckpoint } from './decode.ts';
export type { DecodeOptions } from './decode-options.ts';
export { type FileSummary, loadValue, saveValue, verifyFile, writeFileDurably } from './file.ts';
export type { ToStored } from './pickler.ts';
export { type EncodeOptions, encodeCheckpoint } from './pytorch-zip.ts';
export {
  contiguousStride,
  itemBytes,
  type SparseLayout,
  type StoredDType,
  StoredSparse,
  type StoredSparseInit,
  type StoredStorage,
  StoredTensor,
  type StoredTensorInit,
  storedDTypes,
} from './stored-tensor.ts';
export type { FromSparse, FromStored } from './unpickler.ts';
export {
  asPythonDict,
  PyArray,
  PyByteArray,
  PyComplex,
  PyConstant,
  PyDevice,
  PyDict,
  PyDType,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyPath,
  PyScalar,
  PySize,
  PyTuple,
  type PythonDict,
  pythonDict,
  tuple,
  tupleOf,
} from './values.ts';
