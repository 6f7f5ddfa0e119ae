// Rebuilds tensors out of pickles: PyTorch's functions that do it, each by a function of ours on plain descriptions.
import { type CallContext, DictNode, GlobalNode, makeTensor, StorageNode } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import { type SparseLayout, StoredSparse, StoredTensor, storedDTypes } from './stored-tensor.ts';
import { describe, PyConstant, PyDType, PyObject, PySize, PyTuple } from './values.ts';

type Call = (args: readonly unknown[], context: CallContext) => unknown;

/** By their names in Python. */
export const tensorFunctions: Readonly<Record<string, Call>> = {
  'torch.Tensor': () => {
    throw unreadable('expected tensors as PyTorch 0.4 and later write them, got an object of torch.Tensor');
  },
  'torch.nn.parameter.Parameter': (args) => rebuildParameter([args[0], args[1] ?? true]),
  'torch.nn.parameter.Buffer': ([data]) => requireTensor('Buffer', data),
  'torch._utils._rebuild_tensor': ([storage, offset, shape, stride]) =>
    rebuildTensor([storage, offset, shape, stride, false], '_rebuild_tensor'),
  'torch._utils._rebuild_tensor_v2': (args) => rebuildTensor(args, '_rebuild_tensor_v2'),
  'torch._utils._rebuild_tensor_v3': (args) => rebuildTypedTensor(args),
  'torch._utils._rebuild_parameter': (args) => rebuildParameter(args),
  'torch._utils._rebuild_parameter_with_state': (args) => rebuildParameter(args),
  'torch._utils._rebuild_sparse_tensor': (args) => rebuildSparse(args),
  'torch._tensor._rebuild_from_type_v2': (args, context) => rebuildFromType(args, context),
  ...refusals({
    'torch._utils._rebuild_qtensor': 'a quantised one; dequantize() it in Python',
    'torch._utils._rebuild_nested_tensor': 'a nested one; unbind() it in Python',
    'torch._utils._rebuild_meta_tensor_no_storage': 'one on the device "meta", which has no elements',
    'torch._utils._rebuild_wrapper_subclass': 'one of a subclass',
    'torch._utils._rebuild_device_tensor_from_numpy': 'one of a device without storages; move it to the CPU in Python',
    'torch._utils._rebuild_device_tensor_from_cpu_tensor':
      'one of a device without storages; move it to the CPU in Python',
  }),
};

function refusals(kinds: Readonly<Record<string, string>>): Record<string, Call> {
  const refuse = (kind: string): Call => {
    return () => {
      throw unreadable(`expected dense or sparse tensors, got ${kind}`);
    };
  };
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, refuse(kind)]));
}

/** `(storage, offset, shape, stride, requires_grad, hooks[, metadata])`. Hooks are always empty in files. */
function rebuildTensor(args: readonly unknown[], callee: string): StoredTensor {
  const [storage, offset, shape, stride, requiresGrad, , metadata] = args;
  if (!(storage instanceof StorageNode)) throw wrong(callee, 'a storage', storage);
  if (!isNumbers(shape) || !isNumbers(stride)) throw wrong(callee, 'tuples of sizes and strides', shape);
  if (typeof offset !== 'number' || typeof requiresGrad !== 'boolean') {
    throw wrong(callee, 'an offset and a boolean', offset);
  }
  const storageOffset = storage.offset + offset;
  return makeTensor({ storage: storage.storage, storageOffset, shape, stride, requiresGrad, ...marks(metadata) });
}

/** Whether the elements mean their conjugates or negatives. */
function marks(metadata: unknown): { isConjugated?: boolean; isNegated?: boolean } {
  if (metadata === undefined || metadata === null) return {};
  if (!(metadata instanceof DictNode)) throw wrong('a tensor', 'a dict of marks', metadata);
  const known = ['conj', 'neg'];
  const other = [...metadata.entries.keys()].find((key) => !known.includes(key as string));
  if (other !== undefined)
    throw unreadable(`expected tensors marked with ${known.join(' or ')}, got ${describe(other)}`);
  const [isConjugated, isNegated] = known.map((key) => metadata.entries.get(key) === true);
  return { isConjugated: isConjugated!, isNegated: isNegated! };
}

/** `(storage of bytes, offset, shape, stride, requires_grad, hooks, dtype[, metadata])`. */
function rebuildTypedTensor(args: readonly unknown[]): StoredTensor {
  const [bytes, storageOffset, shape, stride, requiresGrad, hooks, dtype, metadata] = args;
  if (!(bytes instanceof StorageNode)) throw wrong('_rebuild_tensor_v3', 'a storage', bytes);
  if (!(dtype instanceof PyDType)) throw wrong('_rebuild_tensor_v3', 'a dtype', dtype);
  const name = storedDTypes.find((known) => known === dtype.name);
  if (name === undefined) throw unreadable(`expected a dtype that tensors have here, got ${dtype.name}`);
  const rest = [storageOffset, shape, stride, requiresGrad, hooks, metadata];
  return rebuildTensor([bytes.as(name), ...rest], '_rebuild_tensor_v3');
}

/** `(data, requires_grad, hooks[, attributes])`. Attributes that someone gave the parameter are not kept. */
function rebuildParameter(args: readonly unknown[]): StoredTensor {
  const [data, requiresGrad] = args;
  const tensor = requireTensor('_rebuild_parameter', data);
  if (typeof requiresGrad !== 'boolean') throw wrong('_rebuild_parameter', 'a boolean', requiresGrad);
  return makeTensor({ ...tensor, requiresGrad, isParameter: true });
}

/** `(layout, (indices, values, shape[, is_coalesced]))`, or with compressed and plain indices. */
function rebuildSparse([layout, data]: readonly unknown[]): StoredSparse {
  const isSparse = layout instanceof PyConstant && layout.name.startsWith('sparse_');
  if (!isSparse) throw wrong('_rebuild_sparse_tensor', 'a sparse layout', layout);
  if (!(data instanceof PyTuple)) throw wrong('_rebuild_sparse_tensor', 'a tuple of parts', data);
  const name = layout.name as SparseLayout;
  const numIndices = name === 'sparse_coo' ? 1 : 2;
  const tensors = data.slice(0, numIndices + 1).map((part) => requireTensor('_rebuild_sparse_tensor', part));
  const [shape, isCoalesced = null] = data.slice(numIndices + 1);
  const isShape = shape instanceof PySize || isNumbers(shape);
  if (!isShape || tensors.length !== numIndices + 1 || !(isCoalesced === null || typeof isCoalesced === 'boolean')) {
    throw wrong('_rebuild_sparse_tensor', 'indices, values and a shape', shape);
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw wrong('_rebuild_sparse_tensor', 'a shape of sizes >= 0', shape);
  const values = tensors.at(-1)!;
  return new StoredSparse({
    ...{ layout: name, shape, indices: tensors.slice(0, -1), values },
    isCoalesced: isCoalesced ?? undefined,
  });
}

/** `(function, type, arguments, attributes)`: a tensor that someone gave attributes, which are not kept. */
function rebuildFromType([callee, type, args]: readonly unknown[], context: CallContext): unknown {
  const isPlain =
    type instanceof GlobalNode &&
    ['torch.Tensor', 'torch.nn.parameter.Parameter', 'torch.nn.parameter.Buffer'].includes(type.name);
  if (!isPlain) throw unreadable(`expected plain tensors, got one of the subclass ${nameOf(type)}`);
  const isRebuild = callee instanceof GlobalNode && callee.name.startsWith('torch._utils._rebuild_');
  if (!isRebuild || callee.call === undefined || !(args instanceof PyTuple)) {
    throw wrong('_rebuild_from_type_v2', 'a function that rebuilds tensors', callee);
  }
  return callee.call(args, context);
}

function nameOf(type: unknown): string {
  if (type instanceof GlobalNode) return type.name;
  return type instanceof PyObject ? type.className : describe(type);
}

function requireTensor(callee: string, value: unknown): StoredTensor {
  if (value instanceof StoredTensor) return value;
  throw wrong(callee, 'a tensor', value);
}

function isNumbers(value: unknown): value is number[] {
  return value instanceof PyTuple && value.every((size) => typeof size === 'number');
}

function wrong(callee: string, wanted: string, actual: unknown): Error {
  return unreadable(`expected ${callee} in the pickle to be given ${wanted}, got ${describe(actual)}`);
}
