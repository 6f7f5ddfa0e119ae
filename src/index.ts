// The public surface of `sconce`: tensors, operators, modules, optimizers and files.

export * from './errors.ts';
export * as nn from './nn/index.ts';
export * as optim from './optim/index.ts';
export { verifyFile } from './serial/file.ts';
export * from './serial/safetensors.ts';
export { load, save } from './serial/tensors.ts';
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
} from './serial/values.ts';
export * as fft from './tensor/fft.generated.ts';
export * from './tensor/index.ts';
export * as linalg from './tensor/linalg.generated.ts';
export * from './tensor/ops.generated.ts';
export * as special from './tensor/special.generated.ts';
